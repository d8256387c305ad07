/* The step summary: GitHub-flavoured Markdown in the order verdict, what to do, why, where, how it got in, the rest folded; cut at
 * a row below 900 kB, because GitHub shows nothing at all of a summary over 1 MiB. */
#include "report/changes.h"
#include "report/escape.h"

#define SUMMARY_MAX 900000
#define FOLDED_ROWS 2000

static const char *sign(const struct change *c)
{
	static const char *const signs[] = { "⚪", "🟡", "🟠", "🔴" };

	return signs[c->outcome];
}

static void place_link(const struct report *r, struct buf *out, struct str file, uint32_t line)
{
	if (!file.len) {
		buf_adds(out, "–");
		return;
	}
	struct str text = line ? arena_printf(r->arena, "%.*s:%u", STR_ARG(file), line) : file;
	if (!r->server_url.len || !r->repository.len || !r->commit.len) {
		escape_code(out, text);
		return;
	}
	buf_addc(out, '[');
	escape_code(out, text);
	buf_adds(out, "](");
	escape_url(out, r->server_url);
	buf_addc(out, '/');
	escape_url_path(out, r->repository);
	buf_adds(out, "/blob/");
	escape_url_path(out, r->commit);
	buf_addc(out, '/');
	escape_url_path(out, file);
	if (line)
		buf_printf(out, "#L%u", line);
	buf_addc(out, ')');
}

/* Links only where the id has the form of one: what an advisory calls itself may be anything. */
static void id_link(struct buf *out, struct str id)
{
	bool plain = id.len > 4 && id.len < 64;

	for (size_t i = 0; i < id.len && plain; i++)
		plain = ascii_alpha(id.s[i]) || ascii_digit(id.s[i]) || id.s[i] == '-' || id.s[i] == ':';
	if (!plain) {
		escape_code(out, id);
		return;
	}
	buf_printf(out, "[%.*s](https://osv.dev/vulnerability/%.*s)", STR_ARG(id), STR_ARG(id));
}

static void change_cells(const struct report *r, const struct change *c, struct buf *out, bool with_why)
{
	const struct component *component = &r->bom->components[c->component];
	const struct finding *f = c->findings.items[0];

	buf_printf(out, "| %s ", sign(c));
	escape_markdown(out, report_level(r, c->level));
	if (r->pull_request && c->closes)
		buf_adds(out, c->is_new ? " (new)" : " (was there before)");
	buf_adds(out, " | ");
	escape_code(out, component_title(r->arena, component));
	buf_addc(out, ' ');
	escape_code(out, component->version);
	buf_adds(out, " → ");
	if (c->to.len)
		escape_code(out, c->to);
	else
		buf_adds(out, "no fix yet");
	buf_adds(out, c->major ? " (major) | " : " | ");
	id_link(out, f->id);
	if (c->findings.n > 1)
		buf_printf(out, " and %zu more", c->findings.n - 1);
	if (f->summary.len) {
		buf_adds(out, ": ");
		escape_shortened(out, escape_markdown, f->summary, 80);
	}
	buf_adds(out, " | ");
	escape_markdown(out, f->decision.rule.len ? f->decision.rule :
			     with_why		  ? decide_why(r->arena, &f->decision) :
						    decide_why_not(r->arena, &f->decision));
	buf_adds(out, " | ");
	place_link(r, out, c->file, c->line);
	buf_adds(out, " | ");
	if (str_is(c->via, "direct"))
		buf_adds(out, "direct");
	else if (c->via.len)
		escape_code(out, c->via);
	else
		buf_adds(out, "–");
	buf_adds(out, " | ");
	if (c->service.len)
		escape_markdown(out, c->service);
	if (c->owner.len) {
		buf_addc(out, ' ');
		escape_code(out, c->owner);
	}
	buf_adds(out, " |\n");
}

static void table_head(struct buf *out)
{
	buf_adds(out, "| Outcome | Change | Finding | Why | Where | Comes in | Service |\n|---|---|---|---|---|---|---|\n");
}

/* One table of those changes that `want` picks; rows past the budget are counted. */
static void change_table(const struct report *r, const struct changes *list, struct buf *out, bool closes, unsigned level, bool any_level,
			 size_t most)
{
	size_t rows = 0, left_out = 0;

	table_head(out);
	for (size_t i = 0; i < list->n; i++) {
		const struct change *c = &list->items[i];
		if (c->closes != closes || (!any_level && c->level != level))
			continue;
		if (rows == most || out->len > SUMMARY_MAX - 20000) {
			left_out++;
			continue;
		}
		change_cells(r, c, out, closes);
		rows++;
	}
	if (left_out)
		buf_printf(out, "\n… and %zu more in the artifact (`result.json`).\n", left_out);
	buf_addc(out, '\n');
}

static size_t count_changes(const struct changes *list, bool closes, unsigned level, bool any_level)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += list->items[i].closes == closes && (any_level || list->items[i].level == level);
	return n;
}

static void folded(struct buf *out, const char *title, size_t n)
{
	buf_printf(out, "<details><summary>%s (%zu)</summary>\n\n", title, n);
}

static void end_folded(struct buf *out)
{
	buf_adds(out, "\n</details>\n\n");
}

static void fixed_section(const struct report *r, struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; r->base && i < r->base->list.n; i++)
		n += r->base->list.items[i].state == FINDING_FIXED;
	if (!n)
		return;
	buf_printf(out, "### Fixed by this change (%zu)\n\n", n);
	for (size_t i = 0, shown = 0; i < r->base->list.n && shown < 50; i++) {
		const struct finding *f = &r->base->list.items[i];
		if (f->state != FINDING_FIXED)
			continue;
		buf_adds(out, "- ");
		id_link(out, f->id);
		buf_adds(out, " ");
		escape_shortened(out, escape_markdown, f->summary, 80);
		buf_addc(out, '\n');
		shown++;
	}
	buf_addc(out, '\n');
}

static void not_decided_section(const struct report *r, struct buf *out)
{
	size_t unread = 0, problems = 0;

	for (size_t i = 0; i < r->bom->inputs.n; i++)
		unread += r->bom->inputs.items[i].state == INPUT_FAILED;
	for (size_t i = 0; i < r->diags->n; i++)
		problems += r->diags->items[i].severity != SEV_NOTICE;
	size_t n = r->findings->undecided.n + unread + problems + r->excluded.n;
	if (!n)
		return;
	folded(out, "Not decided, not read, excluded", n);
	for (size_t i = 0, shown = 0; i < r->diags->n && shown < 100; i++) {
		const struct diag *d = &r->diags->items[i];
		if (d->severity == SEV_NOTICE)
			continue;
		buf_adds(out, d->severity == SEV_ERROR ? "- ❌ " : "- ⚠️ ");
		if (d->input.len) {
			place_link(r, out, d->input, d->line);
			buf_adds(out, ": ");
		}
		escape_markdown(out, d->text);
		buf_addc(out, '\n');
		shown++;
	}
	for (size_t i = 0; i < r->findings->undecided.n && i < 500 && out->len < SUMMARY_MAX - 10000; i++) {
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
			id_link(out, u->advisory);
		}
		buf_adds(out, " ");
		place_link(r, out, file, line);
		buf_addc(out, '\n');
	}
	if (r->findings->undecided.n > 500)
		buf_printf(out, "- … and %zu more\n", r->findings->undecided.n - 500);
	for (size_t i = 0; i < r->excluded.n && i < 100; i++) {
		buf_adds(out, "- excluded: ");
		escape_code(out, r->excluded.items[i]);
		buf_addc(out, '\n');
	}
	end_folded(out);
}

static void lifted_section(const struct report *r, struct buf *out)
{
	if (!r->gate->lifted)
		return;
	folded(out, "Lifted by exceptions", r->gate->lifted);
	for (size_t i = 0, shown = 0; i < r->findings->list.n && shown < 500; i++) {
		const struct finding *f = &r->findings->list.items[i];
		if (!f->silenced)
			continue;
		buf_adds(out, "- ");
		id_link(out, f->id);
		buf_addc(out, ' ');
		escape_code(out, component_title(r->arena, &r->bom->components[f->component]));
		buf_adds(out, ": ");
		escape_markdown(out, f->silenced_by);
		buf_addc(out, '\n');
		shown++;
	}
	end_folded(out);
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
	fact(out, "configuration", r->policy->present ? r->policy->file : STR("none: exposure open, human impact medium (assumed)"));
	fact(out, "again", r->command);
	end_folded(out);
}

void report_markdown(const struct report *r, struct buf *out)
{
	struct changes list;

	changes_of(r, &list);
	for (size_t i = 0; r->first && i < r->first->n; i++) {
		buf_adds(out, "> ⚠️ ");
		escape_markdown(out, r->first->items[i]);
		buf_adds(out, i + 1 == r->first->n ? "\n\n" : "\n>\n");
	}
	buf_printf(out, "## %s bomgate: ", r->gate->state == GATE_OPEN ? "✅" : "⛔");
	report_verdict(r, out);
	buf_adds(out, "\n\n");
	report_scanned(r, out);
	buf_adds(out, "\n\n");
	for (size_t i = 0; i < r->gate->reasons.n; i++) {
		buf_adds(out, "- ");
		escape_markdown(out, r->gate->reasons.items[i]);
		buf_addc(out, '\n');
	}
	for (size_t i = 0; i < r->gate->warnings.n; i++) {
		buf_adds(out, "- ⚠️ ");
		escape_markdown(out, r->gate->warnings.items[i]);
		buf_addc(out, '\n');
	}
	if (r->gate->reasons.n || r->gate->warnings.n)
		buf_addc(out, '\n');
	if (count_changes(&list, true, 0, true)) {
		buf_adds(out, "### To do now\n\n");
		change_table(r, &list, out, true, 0, true, 1000);
	}
	fixed_section(r, out);
	for (unsigned level = r->policy->table->outcome->nvalues; level > 0; level--) {
		size_t n = count_changes(&list, false, level - 1, false);
		if (!n)
			continue;
		folded(out, report_level(r, level - 1).s, n);
		change_table(r, &list, out, false, level - 1, false, FOLDED_ROWS);
		end_folded(out);
	}
	lifted_section(r, out);
	not_decided_section(r, out);
	for (size_t i = 0; i < r->notes.n; i++) {
		buf_adds(out, i ? "- " : "### What was not possible\n\n- ");
		escape_markdown(out, r->notes.items[i].text);
		if (r->notes.items[i].yaml.len) {
			buf_adds(out, ": add ");
			escape_code(out, r->notes.items[i].yaml);
		}
		buf_adds(out, i + 1 == r->notes.n ? "\n\n" : "\n");
	}
	provenance_section(r, out);
}
