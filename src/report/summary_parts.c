#include "report/summary.h"

#include "match/diff.h"
#include "report/escape.h"

static const char *sign(const struct change_item *c)
{
	static const char *const signs[] = { "⚪", "🟡", "🟠", "🔴" };

	return signs[c->outcome];
}

void summary_place(const struct report *r, struct buf *out, struct str file, uint32_t line)
{
	if (!file.len) {
		buf_adds(out, "–");
		return;
	}
	struct str text = line ? arena_printf(r->arena, "%.*s:%u", STR_ARG(file), line) : file;
	if (!r->server_url.len || !r->repository.len || !r->commit.len || !report_in_commit(file)) {
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
void summary_id(struct buf *out, struct str id)
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

/* Names may be kilobytes long. */
static void code(struct buf *out, struct str s)
{
	escape_shortened(out, escape_code, s, 120);
}

/* The four points in one short cell: where the exploitation is known from, and a star at what nobody stated. Whatever else there is
 * to say stands in the page and in `explain`. */
static void why_cell(const struct report *r, const struct decision *d, struct buf *out)
{
	static const char *const names[NPOINTS] = { "exploitation", "exposure", "automatable", "human impact" };

	if (d->rule.len || d->ninputs) {
		escape_shortened(out, escape_markdown, d->rule.len ? d->rule : decide_why(r->arena, d), 300);
		return;
	}
	for (unsigned p = 0; p < NPOINTS; p++) {
		const struct point_value *v = &d->points[p];
		buf_printf(out, "%s%s %s%s", p ? ", " : "", names[p], point_word(p, v->value), v->origin == ORIGIN_ASSUMED ? "\\*" : "");
		if (p == POINT_EXPLOITATION && v->origin != ORIGIN_ASSUMED && v->source.len) {
			buf_adds(out, " (");
			escape_shortened(out, escape_markdown, v->source, 60);
			if (v->date.len) {
				buf_addc(out, ' ');
				escape_markdown(out, str_sub(v->date, 0, 10));
			}
			buf_addc(out, ')');
		}
	}
}

/* SBOMs made elsewhere that name the component too, beside the place that is shown. */
static void also_in(const struct report *r, const struct component *c, struct str shown, struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < c->evidence.n; i++) {
		const struct input *in = c->evidence.items[i].input < r->bom->inputs.n ? &r->bom->inputs.items[c->evidence.items[i].input] : NULL;
		if (!in || !in->document || str_eq(in->path, shown))
			continue;
		if (n++ == 2) {
			buf_adds(out, ", …");
			return;
		}
		buf_adds(out, n == 1 ? ", also " : ", ");
		summary_place(r, out, in->path, 0);
	}
}

void summary_change_row(const struct report *r, const struct change_item *c, struct buf *out)
{
	const struct component *component = &r->bom->components[c->component];
	const struct finding *f = c->findings.items[0];

	buf_printf(out, "| %s ", sign(c));
	escape_markdown(out, report_level(r, c->level));
	if (r->pull_request && c->closes)
		buf_adds(out, c->is_new ? " (new)" : " (was there before)");
	struct str due = STR_NONE; /* the earliest of the row's findings */
	for (size_t i = 0; i < c->findings.n; i++) {
		struct str one = report_due(r, c->findings.items[i]);
		if (one.len && (!due.len || str_cmp(one, due) < 0))
			due = one;
	}
	if (due.len)
		buf_printf(out, ", by %.*s", STR_ARG(str_sub(due, 0, 10)));
	buf_adds(out, " | ");
	code(out, component_title(r->arena, component));
	buf_addc(out, ' ');
	code(out, component->version);
	buf_adds(out, " → ");
	if (c->to.len)
		code(out, c->to);
	else
		buf_adds(out, "no fix yet");
	buf_adds(out, c->major ? " (major) | " : " | ");
	summary_id(out, f->id);
	escape_markdown(out, change_more(r, c));
	if (f->summary.len) {
		buf_adds(out, ": ");
		escape_shortened(out, escape_markdown, f->summary, 80);
	}
	buf_adds(out, "<br>");
	if (c->closes || f->decision.rule.len)
		why_cell(r, &f->decision, out);
	else
		escape_shortened(out, escape_markdown, decide_why_not(r->arena, &f->decision), 300);
	buf_adds(out, " | ");
	summary_place(r, out, c->file, c->line);
	also_in(r, component, c->file, out);
	if (str_is(c->via, "direct")) {
		buf_adds(out, "<br>direct");
	} else if (c->via.len) {
		buf_adds(out, "<br>via ");
		code(out, c->via);
	}
	if (c->service.len || c->owner.len)
		buf_adds(out, "<br>");
	if (c->service.len)
		escape_shortened(out, escape_markdown, c->service, 60);
	if (c->owner.len) {
		buf_adds(out, c->service.len ? " " : "");
		code(out, c->owner);
	}
	buf_adds(out, " |\n");
}

/* Four columns: a telephone shows two and a half of them, so what to change comes first, and then why. */
void summary_table_head(struct buf *out)
{
	buf_adds(out, "| Outcome | Change | Finding, and why | Where |\n|---|---|---|---|\n");
}

bool summary_is_assumed(const struct change_item *c)
{
	const struct decision *d = &c->findings.items[0]->decision;

	return c->closes && d->assumed && !d->rule.len && !d->ninputs;
}

void summary_star(struct buf *out)
{
	buf_adds(out, "\n\\* assumed: nobody stated it. State exposure and human impact in `.github/bomgate.yml`.\n");
}

void summary_fold(struct buf *out, struct str title, size_t n)
{
	buf_adds(out, "<details><summary>");
	escape_html(out, title);
	buf_adds(out, " (");
	report_number(out, n);
	buf_adds(out, ")</summary>\n\n");
}

void summary_fold_end(struct buf *out)
{
	buf_adds(out, "\n</details>\n\n");
}

void summary_verdict(const struct report *r, struct buf *out)
{
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
}

size_t report_fixed_count(const struct report *r)
{
	size_t n = 0;

	for (size_t i = 0; r->base && r->base_bom && i < r->base->list.n; i++)
		n += r->base->list.items[i].state == FINDING_FIXED;
	return n;
}

void summary_fixed(const struct report *r, size_t most, struct buf *out)
{
	size_t n = report_fixed_count(r), shown = 0;

	if (!n)
		return;
	buf_adds(out, "### Fixed by this change (");
	report_number(out, n);
	buf_adds(out, ")\n\n");
	for (size_t i = 0; i < r->base->list.n && shown < most; i++) {
		const struct finding *f = &r->base->list.items[i];
		const struct component *c = &r->base_bom->components[f->component];
		if (f->state != FINDING_FIXED)
			continue;
		shown++;
		buf_adds(out, "- ");
		summary_id(out, f->id);
		buf_adds(out, " in ");
		escape_code(out, component_title(r->arena, c));
		buf_addc(out, ' ');
		escape_code(out, c->version);
		buf_adds(out, " (was ");
		escape_markdown(out, report_level(r, f->decision.level));
		buf_adds(out, ")");
		if (f->summary.len) {
			buf_adds(out, ": ");
			escape_shortened(out, escape_markdown, f->summary, 80);
		}
		buf_addc(out, '\n');
	}
	if (n > most)
		buf_printf(out, "- … and %zu more\n", n - most);
	buf_addc(out, '\n');
}

/* ---- changes of components */

void summary_components(const struct report *r, size_t budget, struct buf *out)
{
	static const struct {
		enum change change;
		const char *title;
	} kinds[] = { { CHANGE_ADDED, "added" },	  { CHANGE_REMOVED, "removed" },	    { CHANGE_UPGRADED, "upgraded" },
		      { CHANGE_DOWNGRADED, "downgraded" }, { CHANGE_VERSION, "another version" }, { CHANGE_LICENCE, "licence changed" } };
	struct diff diff;
	struct buf title;
	size_t total = 0, rows = 0;

	if (!r->base_bom)
		return;
	diff_boms(r->arena, r->base_bom, r->bom, &diff);
	buf_init(&title, 0);
	buf_adds(&title, "Changes of components");
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		size_t n = diff.count[kinds[k].change];
		if (n)
			buf_printf(&title, "%s %zu %s", total ? "," : ":", n, kinds[k].title);
		total += n;
	}
	if (total) {
		summary_fold(out, buf_str(&title), total);
		buf_adds(out, "| Change | Component | Detail |\n|---|---|---|\n");
	}
	for (size_t i = 0; i < diff.list.n && total; i++) {
		const struct difference *d = &diff.list.items[i];
		const char *word = NULL;
		for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
			if (kinds[k].change == d->change)
				word = kinds[k].title;
		if (!word)
			continue;
		if (rows == 1000 || out->len > budget) {
			buf_printf(out, "\n… and %zu more; `bomgate diff` lists them all.\n", total - rows);
			break;
		}
		buf_printf(out, "| %s | ", word);
		escape_code(out, d->package);
		buf_adds(out, " | ");
		escape_markdown(out, d->detail);
		buf_adds(out, " |\n");
		rows++;
	}
	if (total)
		summary_fold_end(out);
	buf_free(&title);
}

/* ---- what was assumed */

struct assumption {
	struct str name, value, source;
	size_t findings;
};

static void assume(const struct report *r, struct assumption *list, size_t *n, size_t most, struct assumption one)
{
	for (size_t i = 0; i < *n; i++) {
		if (str_eq(list[i].name, one.name) && str_eq(list[i].value, one.value) && str_eq(list[i].source, one.source)) {
			list[i].findings++;
			return;
		}
	}
	one.findings = 1;
	if (*n < most)
		list[(*n)++] = one;
}

void summary_assumed(const struct report *r, struct buf *out)
{
	struct assumption list[64];
	size_t n = 0, findings = 0;

	for (size_t i = 0; i < r->findings->list.n; i++) {
		const struct decision *d = &r->findings->list.items[i].decision;
		if (!d->assumed || d->rule.len)
			continue;
		findings++;
		for (size_t k = 0; k < d->ninputs; k++)
			if (d->inputs[k].value.origin == ORIGIN_ASSUMED)
				assume(r, list, &n, 64, (struct assumption){ d->inputs[k].name, d->inputs[k].word, d->inputs[k].value.source, 0 });
		for (unsigned p = 0; p < NPOINTS && !d->ninputs; p++)
			if (d->points[p].origin == ORIGIN_ASSUMED)
				assume(r, list, &n, 64,
				       (struct assumption){ str_of(point_name(p)), str_of(point_word(p, d->points[p].value)), d->points[p].source, 0 });
	}
	if (!findings)
		return;
	summary_fold(out, STR("Assumed: findings that rest on a value which nobody stated"), findings);
	buf_adds(out, "| Decision point | Assumed | Findings | Why |\n|---|---|---|---|\n");
	for (size_t i = 0; i < n; i++) {
		buf_adds(out, "| ");
		escape_markdown(out, list[i].name);
		buf_adds(out, " | ");
		escape_markdown(out, list[i].value);
		buf_adds(out, " | ");
		report_number(out, list[i].findings);
		buf_adds(out, " | ");
		escape_markdown(out, list[i].source);
		buf_adds(out, " |\n");
	}
	summary_fold_end(out);
}
