/* The step summary: GitHub-flavoured Markdown in the order verdict, what to do, why, where, how it got in, the rest folded; cut at
 * a row below 900 kB, because GitHub shows nothing at all of a summary over 1 MiB. */
#include <stdlib.h>

#include "base/map.h"
#include "report/ended.h"
#include "report/escape.h"
#include "report/summary.h"

#define SUMMARY_MAX 900000
#define TAIL_ROOM 120000 /* kept for what stands behind the tables: components, what was not decided, provenance */
#define OPEN_ROWS 30	 /* of what to do now; the rest is folded, so that the page stays readable */
#define FOLDED_ROWS 2000

/* Rows of one table: from the `skip`-th of those that close the gate or have the level. Those past `most` or the budget are counted. */
struct picked {
	bool closes, any_level;
	unsigned level;
	size_t skip, most;
	bool goes_on; /* what is left out stands in another table */
};

static void change_table(const struct report *r, const struct changes *list, struct picked p, struct buf *out)
{
	size_t rows = 0, seen = 0, left_out = 0;
	bool star = false;

	summary_table_head(out);
	for (size_t i = 0; i < list->n; i++) {
		const struct change_item *c = &list->items[i];
		if (c->closes != p.closes || (!p.any_level && c->level != p.level) || seen++ < p.skip)
			continue;
		if (rows == p.most || out->len > SUMMARY_MAX - TAIL_ROOM) {
			left_out++;
			continue;
		}
		summary_change_row(r, c, out);
		star = star || summary_is_assumed(c);
		rows++;
	}
	if (star)
		summary_star(out);
	if (left_out && !p.goes_on) {
		buf_adds(out, "\n… and ");
		report_number(out, left_out);
		buf_adds(out, " more in the artifact (`report.html`, `result.json`).\n");
	}
	buf_addc(out, '\n');
}

static size_t count_changes(const struct changes *list, bool closes, unsigned level, bool any_level)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += list->items[i].closes == closes && (any_level || list->items[i].level == level);
	return n;
}

struct file_count {
	struct str file;
	size_t n;
};

static int compare_files(const void *x, const void *y)
{
	const struct file_count *a = x, *b = y;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return str_cmp(a->file, b->file);
}

/* Where most of it is: the first thing to know of a long list. */
static void by_file(const struct report *r, const struct changes *list, struct buf *out)
{
	struct map files;

	map_init(&files, r->arena);
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].closes)
			map_put(&files, list->items[i].file.len ? list->items[i].file : STR(""), NULL)->value.num++;
	if (files.n < 2)
		return;
	struct file_count *counts = arena_array(r->arena, files.n + 1, sizeof *counts);
	for (size_t i = 0; i < files.n; i++)
		counts[i] = (struct file_count){ files.entries[i].key, (size_t)files.entries[i].value.num };
	qsort(counts, files.n, sizeof *counts, compare_files);
	buf_adds(out, "| Where | Changes to make |\n|---|---|\n");
	for (size_t i = 0; i < files.n && i < 10; i++) {
		buf_adds(out, "| ");
		summary_place(r, out, counts[i].file, 0);
		buf_adds(out, " | ");
		report_number(out, counts[i].n);
		buf_adds(out, " |\n");
	}
	if (files.n > 10)
		buf_printf(out, "\n… and %zu more files.\n", files.n - 10);
	buf_addc(out, '\n');
}

static void to_do(const struct report *r, const struct changes *list, struct buf *out)
{
	size_t n = count_changes(list, true, 0, true);

	if (!n)
		return;
	buf_adds(out, "### To do now");
	if (n > OPEN_ROWS) {
		buf_adds(out, ": ");
		report_number(out, n);
		buf_adds(out, " changes");
	}
	buf_adds(out, "\n\n");
	if (n > OPEN_ROWS)
		by_file(r, list, out);
	change_table(r, list, (struct picked){ .closes = true, .any_level = true, .most = OPEN_ROWS, .goes_on = n > OPEN_ROWS }, out);
	if (n <= OPEN_ROWS)
		return;
	summary_fold(out, STR("The other changes to make now"), n - OPEN_ROWS);
	change_table(r, list, (struct picked){ .closes = true, .any_level = true, .skip = OPEN_ROWS, .most = FOLDED_ROWS }, out);
	summary_fold_end(out);
}

static void diagnostics(const struct report *r, bool notices, size_t most, struct buf *out)
{
	size_t shown = 0;

	for (size_t i = 0; i < r->diags->n; i++) {
		const struct diag *d = &r->diags->items[i];
		if ((d->severity == SEV_NOTICE) != notices)
			continue;
		if (shown++ == most) {
			buf_adds(out, "- … and more; `result.json` has them all\n");
			return;
		}
		buf_adds(out, notices ? "- ℹ️ " : d->severity == SEV_ERROR ? "- ❌ " : "- ⚠️ ");
		if (d->input.len) {
			summary_place(r, out, d->input, d->line);
			buf_adds(out, ": ");
		}
		escape_markdown(out, d->text);
		buf_addc(out, '\n');
	}
}

static void not_decided_section(const struct report *r, struct buf *out)
{
	size_t unread = 0, problems = 0, notices = 0;

	for (size_t i = 0; i < r->bom->inputs.n; i++)
		unread += r->bom->inputs.items[i].state == INPUT_FAILED;
	for (size_t i = 0; i < r->diags->n; i++)
		*(r->diags->items[i].severity == SEV_NOTICE ? &notices : &problems) += 1;
	size_t n = r->findings->undecided.n + unread + problems + notices + r->excluded.n;
	if (!n)
		return;
	summary_fold(out, STR("Not decided, not read, excluded"), n);
	diagnostics(r, false, 100, out);
	diagnostics(r, true, 20, out);
	for (size_t i = 0; i < r->findings->undecided.n && i < 500; i++) {
		const struct undecided *u = &r->findings->undecided.items[i];
		const struct component *c = &r->bom->components[u->component];
		struct str file;
		uint32_t line;
		component_place(r->bom, c, &file, &line);
		buf_adds(out, "- ");
		escape_code(out, component_title(r->arena, c));
		if (c->version.len || c->declared.len) {
			buf_addc(out, ' ');
			escape_code(out, c->version.len ? c->version : c->declared);
		}
		buf_adds(out, ": ");
		escape_markdown(out, u->why);
		if (u->closes_gate) {
			buf_adds(out, " **closes the gate**: ");
			summary_id(out, u->advisory);
		}
		buf_adds(out, " ");
		summary_place(r, out, file, line);
		buf_addc(out, '\n');
	}
	if (r->findings->undecided.n > 500)
		buf_printf(out, "- … and %zu more\n", r->findings->undecided.n - 500);
	for (size_t i = 0; i < r->excluded.n && i < 100; i++) {
		buf_adds(out, "- excluded: ");
		escape_code(out, r->excluded.items[i]);
		buf_addc(out, '\n');
	}
	summary_fold_end(out);
}

static void lifted_section(const struct report *r, struct buf *out)
{
	if (!r->gate->lifted)
		return;
	summary_fold(out, STR("Lifted by exceptions"), r->gate->lifted);
	for (size_t i = 0, shown = 0; i < r->findings->list.n && shown < 500; i++) {
		const struct finding *f = &r->findings->list.items[i];
		if (!f->silenced)
			continue;
		buf_adds(out, "- ");
		summary_id(out, f->id);
		buf_addc(out, ' ');
		escape_code(out, component_title(r->arena, &r->bom->components[f->component]));
		buf_adds(out, ": ");
		escape_markdown(out, f->silenced_by);
		buf_addc(out, '\n');
		shown++;
	}
	summary_fold_end(out);
}

static void fact(struct buf *out, const char *name, struct str value)
{
	if (!value.len)
		return;
	buf_printf(out, "| %s | ", name);
	escape_code(out, value);
	buf_adds(out, " |\n");
}

static void provenance_section(const struct report *r, struct buf *out)
{
	buf_adds(out, "<details><summary>Provenance</summary>\n\n| | |\n|---|---|\n");
	fact(out, "commit", r->commit);
	fact(out, "bomgate", str_of(r->version));
	fact(out, "binary (SHA-256)", r->binary_sha256);
	fact(out, "run", r->timestamp);
	fact(out, "vulnerability data", r->database_digest);
	fact(out, "data confirmed current", r->data_date);
	fact(out, "SBOM (SHA-256)", r->sbom_sha256);
	fact(out, "artifact", r->artifact);
	if (r->artifact.len)
		fact(out, "artifact kept until", r->artifact_until);
	fact(out, "configuration", r->policy->present ? r->policy->file : STR("none: exposure open, human impact medium (assumed)"));
	fact(out, "again", r->command);
	summary_fold_end(out);
}

static void licences_section(const struct report *r, struct buf *out)
{
	static const char *const words[] = { "allowed", "unknown", "not on the allow list", "denied" };
	size_t n = 0;

	for (size_t i = 0; r->licences && i < r->licences->list.n; i++)
		n += r->licences->list.items[i].verdict != LICENCE_UNKNOWN || r->licences->list.items[i].closes;
	if (!n)
		return;
	summary_fold(out, STR("Licences against the policy"), n);
	for (size_t i = 0, shown = 0; i < r->licences->list.n && shown < 500; i++) {
		const struct licence_finding *l = &r->licences->list.items[i];
		const struct component *c = &r->bom->components[l->component];
		struct str file;
		uint32_t line;
		if (l->verdict == LICENCE_UNKNOWN && !l->closes)
			continue;
		component_place(r->bom, c, &file, &line);
		buf_adds(out, "- ");
		escape_code(out, component_title(r->arena, c));
		buf_addc(out, ' ');
		escape_code(out, c->version);
		buf_printf(out, ": %s ", words[l->verdict]);
		escape_code(out, l->culprit.len ? l->culprit : l->expression);
		buf_adds(out, l->closes ? " **closes the gate** " : l->lifted ? " (lifted) " : " ");
		summary_place(r, out, file, line);
		buf_addc(out, '\n');
		shown++;
	}
	if (r->licences->unknown)
		buf_printf(out, "- %zu components name no licence that could be judged\n", r->licences->unknown);
	summary_fold_end(out);
}

static void ended_section(const struct report *r, struct buf *out)
{
	struct ended_list list;

	ended_list(r, &list);
	if (!list.n)
		return;
	summary_fold(out, STR("Deprecated, abandoned, unmaintained"), list.n);
	for (size_t i = 0; i < list.n && i < 500; i++) {
		const struct component *c = &r->bom->components[list.items[i].component];
		struct str file;
		uint32_t line;
		component_place(r->bom, c, &file, &line);
		buf_adds(out, "- ");
		escape_code(out, component_title(r->arena, c));
		buf_addc(out, ' ');
		escape_code(out, c->version);
		buf_printf(out, "%s %s%s", c->direct_known && c->direct ? " (direct)" : "", list.items[i].word, ended_joint(&list.items[i]));
		escape_markdown(out, list.items[i].says);
		buf_addc(out, ' ');
		summary_place(r, out, file, line);
		buf_addc(out, '\n');
	}
	if (list.n > 500)
		buf_printf(out, "- … and %zu more\n", list.n - 500);
	summary_fold_end(out);
}

void report_notes(const struct report *r, struct buf *out)
{
	for (size_t i = 0; i < r->notes.n; i++) {
		buf_adds(out, i ? "- " : "### What was not possible\n\n- ");
		escape_markdown(out, r->notes.items[i].text);
		if (r->notes.items[i].yaml.len) {
			buf_adds(out, ": add ");
			escape_code(out, r->notes.items[i].yaml);
		}
		buf_adds(out, i + 1 == r->notes.n ? "\n\n" : "\n");
	}
}

static void components_section(const struct report *r, struct buf *out)
{
	summary_components(r, SUMMARY_MAX, out);
}

static void fixed_section(const struct report *r, struct buf *out)
{
	summary_fixed(r, 50, out);
}

/* A section within `limit` bytes of the whole: cut at a line, and the fold closed. */
static void section(const struct report *r, void (*write)(const struct report *r, struct buf *out), size_t limit, struct buf *out)
{
	struct buf part;

	buf_init(&part, 0);
	write(r, &part);
	size_t room = limit > out->len + 200 ? limit - out->len - 200 : 0, end = part.len;
	if (part.len > room) {
		end = room;
		while (end && part.s[end - 1] != '\n')
			end--;
	}
	buf_add(out, str_make(part.s ? part.s : "", end));
	if (end < part.len) {
		bool folded = str_has(str_make(part.s, end), STR("<details>"));
		buf_adds(out, "\n… cut here; the artifact has the rest (`report.html`, `result.json`).\n\n");
		buf_adds(out, folded ? "</details>\n\n" : "");
	}
	buf_free(&part);
}

static void head_section(const struct report *r, struct buf *out)
{
	summary_verdict(r, out);
}

void report_markdown(const struct report *r, struct buf *out)
{
	static void (*const tail[])(const struct report *, struct buf *) = { components_section, licences_section, ended_section, lifted_section, summary_assumed, not_decided_section, report_notes };
	const size_t for_provenance = 30000, ntail = sizeof tail / sizeof tail[0];
	struct changes list;

	changes_of(r, &list);
	section(r, head_section, 100000, out);
	to_do(r, &list, out);
	section(r, fixed_section, SUMMARY_MAX - TAIL_ROOM, out);
	for (unsigned level = r->policy->table->outcome->nvalues; level > 0; level--) {
		size_t n = count_changes(&list, false, level - 1, false);
		if (!n)
			continue;
		summary_fold(out, report_level(r, level - 1), n);
		change_table(r, &list, (struct picked){ .level = level - 1, .most = FOLDED_ROWS }, out);
		summary_fold_end(out);
	}
	/* Each of them leaves room for those behind it. */
	for (size_t i = 0; i < ntail; i++)
		section(r, tail[i], SUMMARY_MAX - for_provenance - (ntail - 1 - i) * 10000, out);
	section(r, provenance_section, SUMMARY_MAX, out);
}
