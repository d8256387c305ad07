#include "report/explain.h"

#include "report/changes.h"
#include "report/escape.h"

static void text(struct buf *out, struct str s)
{
	escape_log(out, s);
}

static void line(struct buf *out, const char *name, struct str value)
{
	if (!value.len)
		return;
	buf_printf(out, "  %-12s ", name);
	text(out, value);
	buf_addc(out, '\n');
}

static void sentence(const struct report *r, const struct finding *f, struct buf *out)
{
	const struct decision *d = &f->decision;
	bool closes = gate_closes(f, r->effective, r->pull_request);

	text(out, f->id);
	buf_adds(out, " in ");
	text(out, component_title(r->arena, &r->bom->components[f->component]));
	buf_adds(out, ": ");
	text(out, d->outcome_name);
	buf_adds(out, ", because ");
	text(out, d->rule.len ? d->rule : decide_why(r->arena, d));
	buf_adds(out, ".\n");
	if (f->silenced) {
		buf_adds(out, "It is lifted by ");
		text(out, f->silenced_by);
		buf_adds(out, ".\n");
	} else if (closes) {
		buf_adds(out, "It closes the gate.\n");
	} else {
		buf_adds(out, "It does not close the gate: ");
		text(out, r->pull_request && f->state == FINDING_OLD ? STR("it was there before this change") : decide_why_not(r->arena, d));
		buf_adds(out, ".\n");
	}
	if (f->claim.len) {
		buf_adds(out, "A statement that lifts nothing: ");
		text(out, f->claim);
		buf_adds(out, ".\n");
	}
}

static void identity(const struct report *r, const struct finding *f, struct buf *out)
{
	const struct component *c = &r->bom->components[f->component];
	struct str names = STR("");

	for (size_t i = 0; i < f->ids.n; i++)
		names = arena_concat(r->arena, names, names.len ? STR(", ") : STR(""), f->ids.items[i]);
	buf_adds(out, "\nidentity\n");
	line(out, "ids", names);
	line(out, "component", c->purl.len ? c->purl : component_title(r->arena, c));
	line(out, "scope", scope_text(r->arena, c->scope));
	for (size_t i = 0; i < c->evidence.n; i++) {
		const struct evidence *e = &c->evidence.items[i];
		if (e->input >= r->bom->inputs.n)
			continue;
		const struct input *in = &r->bom->inputs.items[e->input];
		line(out, i ? "" : "named by",
		     e->line ? arena_printf(r->arena, "%.*s:%u (%.*s)", STR_ARG(in->path), e->line, STR_ARG(in->reader)) :
			       arena_printf(r->arena, "%.*s (%.*s)", STR_ARG(in->path), STR_ARG(in->reader)));
	}
	for (size_t i = 0; i < f->reporters.n; i++)
		line(out, i ? "" : "reported by", f->reporters.items[i]);
}

static void matches(const struct report *r, const struct finding *f, struct buf *out)
{
	buf_adds(out, "\nmatched\n");
	for (size_t i = 0; i < f->matches.n; i++) {
		const struct match *m = &f->matches.items[i];
		buf_adds(out, "  ");
		text(out, arena_printf(r->arena, "%.*s: %.*s %.*s is affected in %.*s", STR_ARG(m->id), STR_ARG(m->ecosystem), STR_ARG(m->package),
				       STR_ARG(m->range.len ? m->range : STR("the listed versions"))));
		if (m->modified.len) {
			buf_adds(out, " (record of ");
			text(out, m->modified);
			buf_addc(out, ')');
		}
		buf_addc(out, '\n');
	}
	line(out, "summary", f->summary);
	if (f->kev)
		line(out, "KEV", arena_printf(r->arena, "listed %.*s%s%.*s%s", STR_ARG(f->kev_added), f->kev_due.len ? ", due " : "", STR_ARG(f->kev_due),
					      f->kev_ransomware ? ", used by ransomware" : ""));
	if (f->epss >= 0)
		line(out, "EPSS", arena_printf(r->arena, "%.4f (percentile %.4f); shown, never a decision point", f->epss, f->epss_percentile));
	if (f->cvss.len)
		line(out, "CVSS", f->cvss_score >= 0 ? arena_printf(r->arena, "%.1f %.*s; shown, never a decision point", f->cvss_score, STR_ARG(f->cvss)) :
						       f->cvss);
}

static void point(const struct report *r, struct buf *out, const char *name, struct str word, const struct point_value *v, struct str possible)
{
	struct str value = arena_printf(r->arena, "%.*s: %.*s%s%.*s", STR_ARG(word), STR_ARG(v->source.len ? v->source : STR("not said")),
					v->date.len ? ", " : "", STR_ARG(v->date));

	if (v->url.len)
		value = arena_concat(r->arena, value, STR(", "), v->url);
	if (possible.len)
		value = arena_printf(r->arena, "%.*s; possible: %.*s", STR_ARG(value), STR_ARG(possible));
	buf_printf(out, "  %-16s ", name);
	text(out, value);
	buf_addc(out, '\n');
}

static bool several(unsigned bits)
{
	return bits & (bits - 1);
}

static void decision(const struct report *r, const struct finding *f, struct buf *out)
{
	const struct decision *d = &f->decision;

	buf_adds(out, "\ndecision\n");
	for (size_t i = 0; i < d->ninputs; i++)
		point(r, out, arena_cstr(r->arena, d->inputs[i].name), d->inputs[i].word, &d->inputs[i].value, STR_NONE);
	for (unsigned p = 0; p < NPOINTS && !d->ninputs; p++)
		point(r, out, point_name(p), str_of(point_word(p, d->points[p].value)), &d->points[p],
		      several(d->points[p].possible) ? point_words(r->arena, p, d->points[p].possible) : STR_NONE);
	line(out, "service", d->owner.len ? arena_printf(r->arena, "%.*s, %.*s", STR_ARG(d->service), STR_ARG(d->owner)) : d->service);
	line(out, "CVE", d->cve);
	line(out, "row", arena_printf(r->arena, "%u of %.*s%s%.*s: %.*s; at most %.*s", d->row, STR_ARG(d->table), d->human_impact_table.len ? " with " : "",
				      STR_ARG(d->human_impact_table), STR_ARG(d->outcome_name), STR_ARG(d->highest_name)));
	line(out, "vector", decide_vector(r->arena, d, r->timestamp));
}

static void flips(const struct report *r, const struct finding *f, struct buf *out)
{
	struct flips list = { 0 };

	decide_flips(r->arena, r->policy, &f->decision, &list);
	buf_adds(out, "\nwhat would change it\n");
	if (!list.n)
		buf_adds(out, "  no single value\n");
	for (size_t i = 0; i < list.n; i++) {
		buf_adds(out, "  ");
		text(out, list.items[i].point);
		buf_addc(out, ' ');
		text(out, list.items[i].word);
		buf_adds(out, ": ");
		text(out, list.items[i].outcome);
		buf_addc(out, '\n');
	}
}

static void to_do(const struct report *r, const struct finding *f, struct buf *out)
{
	const struct component *c = &r->bom->components[f->component];
	const uint32_t *ways = dependency_ways(r->bom, r->arena);
	uint32_t *path;
	size_t n = dependency_path(r->bom, ways, r->arena, f->component, &path), users = 0;
	struct str way = STR("");

	buf_adds(out, "\nwhat to do\n");
	line(out, "upgrade", f->fixed.len ? arena_printf(r->arena, "%.*s -> %.*s is the smallest version that ends it", STR_ARG(c->version), STR_ARG(f->fixed)) :
					    STR("no fix is known yet"));
	for (size_t i = 0; i < n; i++)
		way = arena_concat(r->arena, way, way.len ? STR(" > ") : STR(""), component_title(r->arena, &r->bom->components[path[i]]));
	line(out, "comes in by", way);
	for (size_t i = 0; i < r->bom->dependencies.n; i++) {
		const struct dependency *e = &r->bom->dependencies.items[i];
		if (e->kind != DEPENDS_ON || e->to != f->component || e->from >= r->bom->ncomponents || users++ >= 20)
			continue;
		line(out, users == 1 ? "needed by" : "", component_title(r->arena, &r->bom->components[e->from]));
	}
	if (users > 20)
		line(out, "", arena_printf(r->arena, "and %zu more", users - 20));
}

void report_explain(const struct report *r, const struct finding *f, struct buf *out)
{
	sentence(r, f, out);
	identity(r, f, out);
	matches(r, f, out);
	decision(r, f, out);
	flips(r, f, out);
	to_do(r, f, out);
}
