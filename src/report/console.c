/* The last block of the log: verdict, what to do, then files, components and the age of the data, also when green. */
#include "report/changes.h"
#include "report/ended.h"
#include "report/escape.h"

#define MOST_ROWS 25 /* of what to do; the summary has them all */
#define MOST_NOTICES 5
#define MOST_DIAGS 40

static void column(struct buf *out, struct str s, size_t width)
{
	size_t before = out->len;

	escape_log(out, s);
	for (size_t n = out->len - before; n < width; n++)
		buf_addc(out, ' ');
}

static void colour(const struct report *r, struct buf *out, const char *code)
{
	if (r->color)
		buf_printf(out, "\033[%sm", code);
}

static void change_row(const struct report *r, const struct change_item *c, struct buf *out)
{
	const struct component *component = &r->bom->components[c->component];
	struct str outcome = report_level(r, c->level);
	struct str what = arena_printf(r->arena, "%.*s %.*s -> %.*s%s", STR_ARG(component_title(r->arena, component)), STR_ARG(component->version),
				       STR_ARG(c->to.len ? c->to : STR("no fix yet")), c->major ? " (major)" : "");
	struct str where = !c->file.len ? STR("") :
			   c->line	? arena_printf(r->arena, "%.*s:%u", STR_ARG(c->file), c->line) :
					  c->file;

	buf_adds(out, "  ");
	colour(r, out, c->closes ? "1;31" : "33");
	column(out, outcome, 13);
	colour(r, out, "0");
	buf_addc(out, ' ');
	if (r->policy->services.n) {
		column(out, c->service, 10);
		buf_addc(out, ' ');
	}
	column(out, what, 40);
	buf_adds(out, "  ");
	column(out, where, 30);
	if (str_is(c->via, "direct")) {
		buf_adds(out, "  direct");
	} else if (c->via.len) {
		buf_adds(out, "  via ");
		escape_log(out, c->via);
	}
	if (r->pull_request && c->closes && !c->is_new)
		buf_adds(out, "  (was there before)");
	buf_addc(out, '\n');
	buf_adds(out, "                ");
	const struct finding *f = c->findings.items[0];
	escape_log(out, f->id);
	escape_log(out, change_more(r, c));
	if (f->summary.len) {
		buf_adds(out, ": ");
		escape_shortened(out, escape_log, f->summary, 80);
	}
	buf_adds(out, "\n                why: ");
	escape_log(out, f->decision.rule.len ? f->decision.rule : decide_why(r->arena, &f->decision));
	buf_addc(out, '\n');
}

static void diagnostics(const struct report *r, bool notices, size_t most, struct buf *out)
{
	size_t shown = 0;

	for (size_t i = 0; i < r->diags->n; i++) {
		const struct diag *d = &r->diags->items[i];
		if ((d->severity == SEV_NOTICE) != notices)
			continue;
		if (shown++ == most) {
			buf_printf(out, "  … and more%s; result.json has them all\n", notices ? " notices" : "");
			return;
		}
		buf_printf(out, "  %s: ", notices ? "notice" : d->severity == SEV_ERROR ? "error" : "warning");
		if (d->input.len) {
			escape_log(out, d->input);
			if (d->line)
				buf_printf(out, ":%u:%u", d->line, d->column);
			buf_adds(out, ": ");
		}
		escape_log(out, d->text);
		buf_addc(out, '\n');
	}
}

#define MOST_ENDED 3

static void ended_line(const struct report *r, struct buf *out)
{
	struct ended_list list;

	ended_list(r, &list);
	if (!list.n)
		return;
	buf_printf(out, "  note: %zu component%s deprecated, abandoned or unmaintained:", list.n, list.n == 1 ? " is" : "s are");
	for (size_t i = 0; i < list.n && i < MOST_ENDED; i++) {
		const struct component *c = &r->bom->components[list.items[i].component];
		buf_adds(out, i ? "; " : " ");
		escape_log(out, component_title(r->arena, c));
		buf_addc(out, ' ');
		escape_log(out, c->version);
		buf_printf(out, " (%s%s", list.items[i].word, ended_joint(&list.items[i]));
		escape_shortened(out, escape_log, list.items[i].says, 60);
		buf_addc(out, ')');
	}
	if (list.n > MOST_ENDED)
		buf_printf(out, "; … and %zu more: see the summary", list.n - MOST_ENDED);
	buf_addc(out, '\n');
}

void report_console(const struct report *r, struct buf *out)
{
	struct changes list;
	size_t shown = 0, closing = 0;

	changes_of(r, &list);
	for (size_t i = 0; i < list.n; i++)
		closing += list.items[i].closes;
	diagnostics(r, true, MOST_NOTICES, out);
	diagnostics(r, false, MOST_DIAGS, out);
	for (size_t i = 0; r->first && i < r->first->n; i++) {
		buf_adds(out, "bomgate: ");
		escape_log(out, r->first->items[i]);
		buf_addc(out, '\n');
	}
	buf_adds(out, "bomgate: ");
	colour(r, out, r->gate->state == GATE_OPEN ? "1;32" : "1;31");
	report_verdict(r, out);
	colour(r, out, "0");
	buf_addc(out, '\n');
	for (size_t i = 0; i < r->gate->reasons.n; i++) {
		buf_adds(out, "  ");
		escape_log(out, r->gate->reasons.items[i]);
		buf_addc(out, '\n');
	}
	for (size_t i = 0; i < list.n && shown < MOST_ROWS; i++) {
		if (!list.items[i].closes && (closing || list.items[i].outcome < OUTCOME_SCHEDULED || shown >= 5))
			continue;
		change_row(r, &list.items[i], out);
		shown++;
	}
	if (closing > shown)
		buf_printf(out, "  … and %zu more: see the summary\n", closing - shown);
	ended_line(r, out);
	for (size_t i = 0; i < r->gate->warnings.n; i++) {
		buf_adds(out, "  note: ");
		escape_log(out, r->gate->warnings.items[i]);
		buf_addc(out, '\n');
	}
	for (size_t i = 0; i < r->notes.n; i++) {
		buf_adds(out, "  note: ");
		escape_log(out, r->notes.items[i].text);
		if (r->notes.items[i].yaml.len) {
			buf_adds(out, "; add to the workflow: ");
			escape_log(out, r->notes.items[i].yaml);
		}
		buf_addc(out, '\n');
	}
	buf_adds(out, "  scanned ");
	report_scanned(r, out);
	buf_addc(out, '\n');
	if (r->node_modules)
		buf_printf(out, "  %zu node_modules %s passed over\n", r->node_modules, r->node_modules == 1 ? "folder was" : "folders were");
	if (r->excluded.n) {
		buf_printf(out, "  %zu %s excluded by the configuration:", r->excluded.n, r->excluded.n == 1 ? "file" : "files");
		for (size_t i = 0; i < r->excluded.n && i < 5; i++) {
			buf_addc(out, ' ');
			escape_log(out, r->excluded.items[i]);
		}
		buf_adds(out, r->excluded.n > 5 ? " …\n" : "\n");
	}
	if (r->run_url.len) {
		buf_adds(out, "  summary and artifact: ");
		escape_log(out, r->run_url);
		buf_addc(out, '\n');
	}
}
