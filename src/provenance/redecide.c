#include "provenance/redecide.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/timestamp.h"

#define UNTIL_SLACK 86400 /* a day holds to its end */

struct again {
	struct arena *arena;
	const struct json *result, *statement;
	int64_t judged_at;
	struct redecided *out;
	struct policy policy;
	struct effective effective;
	struct bom bom;
	struct diags diags;
	struct findings findings;
	bool change;
};

static void differs(struct again *g, struct str text)
{
	*VEC_ADD(g->arena, &g->out->differences) = text;
}

static bool too_little(struct again *g, const char *what)
{
	g->out->failed = str_of(what);
	return false;
}

/* ---- the table */

static const struct ssvc_point *point_of(struct arena *a, struct str id, struct str name, const struct json *words)
{
	struct ssvc_point *p = ARENA_NEW(a, struct ssvc_point);
	struct str text = STR("");
	const char *why;

	for (JSON_EACH(w, words))
		text = arena_printf(a, "%.*s%s%.*s=%.*s", STR_ARG(text), text.len ? "|" : "", STR_ARG(json_string(w)), STR_ARG(json_string(w)));
	return ssvc_point_make(a, id, name, text, p, &why) ? p : NULL;
}

/* A table that bomgate does not carry: as the record spells it out. */
static const struct ssvc_table *table_of_record(struct arena *a, const struct json *j)
{
	struct ssvc_table *t = ARENA_NEW(a, struct ssvc_table);
	struct str cells = json_get_string(j, "cells");
	size_t rows = 1, n = 0;

	t->id = json_get_string(j, "id");
	t->name = json_get_string(j, "name");
	for (JSON_EACH(p, json_get(j, "points"))) {
		if (t->npoints == SSVC_MAX_POINTS)
			return NULL;
		const struct ssvc_point *point = point_of(a, json_get_string(p, "id"), json_get_string(p, "name"), json_get(p, "values"));
		if (!point)
			return NULL;
		t->points[t->npoints++] = point;
		rows *= point->nvalues;
	}
	t->outcome = point_of(a, STR("outcome:1.0.0"), STR("outcome"), json_get(j, "outcomeWords"));
	if (!t->npoints || !t->outcome || rows > SSVC_MAX_ROWS || !cells.len)
		return NULL;
	t->nrows = rows;
	t->cells = arena_array(a, rows, 1);
	t->rows = arena_array(a, rows, sizeof *t->rows);
	while (cells.s) {
		uint64_t v;
		if (n == rows || !str_to_u64(str_cut(&cells, ' '), &v) || v >= t->outcome->nvalues)
			return NULL;
		t->rows[n] = (uint32_t)n;
		t->cells[n++] = (uint8_t)v;
	}
	return n == rows ? t : NULL;
}

static bool same_cells(struct arena *a, const struct ssvc_table *t, struct str cells)
{
	struct buf b;

	buf_init(&b, 0);
	for (size_t i = 0; i < t->nrows; i++)
		buf_printf(&b, "%s%u", i ? " " : "", t->cells[i]);
	bool same = str_eq(buf_str(&b), cells);
	buf_free(&b);
	return same;
}

static bool take_table(struct again *g)
{
	const struct json *j = json_get(g->result, "table");
	struct str id = json_get_string(j, "id");

	if (!id.len || !json_get(j, "cells"))
		return too_little(g, "the record does not spell out its decision table (made by an older bomgate)");
	const struct ssvc_table *published = ssvc_table_published(g->arena, id);
	if (published && !same_cells(g->arena, published, json_get_string(j, "cells")))
		differs(g, arena_printf(g->arena, "the recorded table is not %.*s as it was published", STR_ARG(id)));
	g->policy.table = published ? published : table_of_record(g->arena, j);
	if (!g->policy.table)
		return too_little(g, "the record's decision table is not complete");
	if (!published)
		*VEC_ADD(g->arena, &g->out->notes) =
			arena_printf(g->arena, "the table %.*s is none that bomgate carries: taken as the record spells it", STR_ARG(id));
	return true;
}

/* ---- what the gate went by */

static bool take_basis(struct again *g)
{
	const struct json *b = json_get(g->result, "basis");
	struct effective *e = &g->effective;

	if (!b)
		return too_little(g, "the record does not say what the gate went by (`basis`: made by an older bomgate)");
	if (!policy_level(g->policy.table, json_get_string(b, "failOn"), &e->fail_on))
		return too_little(g, "the record's fail-on is no outcome of its table");
	e->strict = json_get_bool(b, "strict");
	e->undecided_fail = str_is(json_get_string(b, "undecided"), "fail");
	e->pull_request_all = str_is(json_get_string(b, "pullRequest"), "all");
	e->allow_incomplete = json_get_bool(b, "allowIncomplete");
	g->change = json_get_bool(b, "change");
	g->bom.incomplete = json_get_bool(b, "incomplete");
	return true;
}

static void take_data(struct again *g, struct gate_input *in)
{
	const struct json *sources = json_path(g->result, "basis.data");

	for (unsigned i = 0; i < NDATA; i++) {
		const struct json *s = json_get(sources, data_source_names[i]);
		uint64_t most;
		int64_t checked;
		in->data[i] = (struct data_state){ .loaded = json_get_bool(s, "loaded"), .required = json_get_bool(s, "required"), .age = -1, .checked = json_get_string(s, "checked") };
		g->effective.max_age[i] = json_to_u64(json_get(s, "maxAgeSeconds"), &most) ? (int64_t)most : INT64_MAX;
		if (!json_get_bool(s, "ageUnknown") && timestamp_parse(in->data[i].checked, &checked))
			in->data[i].age = g->judged_at > checked ? g->judged_at - checked : 0;
	}
}

static bool take_diagnostics(struct again *g)
{
	for (JSON_EACH(d, json_get(g->result, "diagnostics"))) {
		struct str word = json_get_string(d, "severity");
		enum severity severity = str_is(word, "error") ? SEV_ERROR : str_is(word, "warning") ? SEV_WARNING : SEV_NOTICE;
		diag_add(&g->diags, severity, arena_cstr(g->arena, json_get_string(d, "code")), json_get_string(d, "file"), DIAG_NO_OFFSET, "%.*s",
			 STR_ARG(json_get_string(d, "text")));
	}
	return true;
}

/* ---- findings */

static bool value_in(const struct ssvc_point *p, struct str word, unsigned *out)
{
	return word.len && ssvc_value_of(p, word, out);
}

/* The recorded value of one of the table's points and the set of those still possible. */
static bool take_point(const struct again *g, const struct json *decision, unsigned i, unsigned *value, unsigned *possible)
{
	const struct ssvc_point *p = g->policy.table->points[i];
	const struct json *v = NULL, *inputs = json_get(decision, "inputs");
	unsigned one;

	for (JSON_EACH(in, inputs))
		if (str_eq(json_get_string(in, "id"), p->id))
			v = in;
	for (JSON_EACH(in, json_get(decision, "points")))
		if (!inputs && str_eq(json_key(in), p->id))
			v = in;
	if (!value_in(p, json_get_string(v, "value"), value))
		return false;
	*possible = 1u << *value;
	for (struct str rest = json_get_string(v, "possible"); rest.s;) {
		struct str word = str_trim(str_cut(&rest, ','));
		if (!word.len)
			continue;
		if (!value_in(p, word, &one))
			return false;
		*possible |= 1u << one;
	}
	return true;
}

static struct str title_of(const struct json *f, struct arena *a)
{
	return arena_printf(a, "%.*s in %.*s %.*s", STR_ARG(json_get_string(f, "id")), STR_ARG(json_get_string(f, "name")),
			    STR_ARG(json_get_string(f, "version")));
}

/* A malicious package closes the gate whatever the row says (decide/decide.c). */
static void floor_of_rule(const struct again *g, struct decision *d)
{
	const struct ssvc_table *t = g->policy.table;
	unsigned floor = t->outcome->nvalues - 1; /* Immediate, or another table's last */

	d->level = d->level > floor ? d->level : floor;
	d->highest_level = d->highest_level > floor ? d->highest_level : floor;
}

static bool decide_again(struct again *g, const struct json *f, struct decision *d)
{
	const struct ssvc_table *t = g->policy.table;
	const struct json *decision = json_get(f, "decision");
	unsigned values[SSVC_MAX_POINTS], possible[SSVC_MAX_POINTS];
	uint64_t level, row;

	for (unsigned i = 0; i < t->npoints; i++)
		if (!take_point(g, decision, i, &values[i], &possible[i])) {
			differs(g, arena_printf(g->arena, "%.*s: the record holds no value of %.*s", STR_ARG(title_of(f, g->arena)), STR_ARG(t->points[i]->name)));
			return false;
		}
	d->level = ssvc_table_outcome(t, values, &d->row);
	d->highest_level = ssvc_table_highest(t, possible);
	struct str rule = json_get_string(decision, "rule");
	if (rule.len) {
		d->rule = rule;
		floor_of_rule(g, d);
	}
	d->outcome = d->level < 4 ? (enum outcome)d->level : OUTCOME_IMMEDIATE;
	d->undecided = json_get_bool(decision, "undecided");
	struct str word = ssvc_table_title(t, d->level), said = json_get_string(decision, "outcome");
	if (!json_to_u64(json_get(decision, "level"), &level) || level != d->level || (ssvc_table_published(g->arena, t->id) && !str_eq(word, said)))
		differs(g, arena_printf(g->arena, "%.*s: the recorded values give %.*s, the record says %.*s", STR_ARG(title_of(f, g->arena)), STR_ARG(word),
					STR_ARG(said)));
	if (ssvc_table_published(g->arena, t->id) && (!json_to_u64(json_get(decision, "row"), &row) || row != d->row))
		differs(g, arena_printf(g->arena, "%.*s: the values stand in row %u, the record says another", STR_ARG(title_of(f, g->arena)), d->row));
	struct str highest = ssvc_table_title(t, d->highest_level);
	if (ssvc_table_published(g->arena, t->id) && !str_eq(highest, json_get_string(decision, "highestPossible")))
		differs(g, arena_printf(g->arena, "%.*s: the highest still possible is %.*s, the record says %.*s", STR_ARG(title_of(f, g->arena)),
					STR_ARG(highest), STR_ARG(json_get_string(decision, "highestPossible"))));
	return true;
}

/* Does the record of the run name this exception? */
static bool is_named(const struct again *g, const struct json *lifted)
{
	const struct json *list = json_path(g->statement, "predicate.buildDefinition.internalParameters.exceptions");

	for (JSON_EACH(e, list))
		if (str_eq(json_get_string(e, "kind"), json_get_string(lifted, "kind")) && str_eq(json_get_string(e, "id"), json_get_string(lifted, "id")) &&
		    str_eq(json_get_string(e, "file"), json_get_string(lifted, "file")))
			return true;
	return false;
}

static void check_lifted(struct again *g, const struct json *f)
{
	const struct json *l = json_get(f, "lifted");
	int64_t until;

	g->out->lifted++;
	if (!l)
		differs(g, arena_printf(g->arena, "%.*s is lifted, but the record does not say by what", STR_ARG(title_of(f, g->arena))));
	else if (g->statement && !is_named(g, l))
		differs(g, arena_printf(g->arena, "%.*s is lifted by %.*s %.*s, which the record of the run does not name", STR_ARG(title_of(f, g->arena)),
					STR_ARG(json_get_string(l, "kind")), STR_ARG(json_get_string(l, "id"))));
	else if (timestamp_parse(json_get_string(l, "until"), &until) && g->judged_at >= until + 2 * UNTIL_SLACK)
		differs(g, arena_printf(g->arena, "%.*s is lifted by an exception that ended on %.*s, before the run", STR_ARG(title_of(f, g->arena)),
					STR_ARG(json_get_string(l, "until"))));
}

static void take_findings(struct again *g)
{
	for (JSON_EACH(f, json_get(g->result, "findings"))) {
		struct finding *x = VEC_ADD(g->arena, &g->findings.list);
		struct str state = json_get_string(f, "state");
		x->id = json_get_string(f, "id");
		x->state = str_is(state, "old") ? FINDING_OLD : str_is(state, "fixed") ? FINDING_FIXED : FINDING_NEW;
		x->silenced = json_get(f, "liftedBy") != NULL;
		if (!decide_again(g, f, &x->decision)) { /* unknown: the worst */
			x->decision.level = x->decision.highest_level = g->policy.table->outcome->nvalues - 1;
			x->decision.outcome = OUTCOME_IMMEDIATE;
		}
		if (x->silenced)
			check_lifted(g, f);
		bool closes = gate_closes(x, &g->effective, g->change);
		if (closes != json_get_bool(f, "closesGate"))
			differs(g, arena_printf(g->arena, "%.*s: by the recorded policy it %s the gate, the record says otherwise",
						STR_ARG(title_of(f, g->arena)), closes ? "closes" : "does not close"));
	}
	for (JSON_EACH(u, json_get(g->result, "undecided")))
		*VEC_ADD(g->arena, &g->findings.undecided) =
			(struct undecided){ .why = json_get_string(u, "why"), .closes_gate = json_get_bool(u, "closesGate"),
					    .advisory = json_get_string(u, "advisory"), .old = json_get_bool(u, "old") };
}

/* ---- the gate */

static size_t number(const struct json *j, const char *key)
{
	uint64_t n;

	return json_to_u64(json_get(j, key), &n) ? (size_t)n : SIZE_MAX;
}

static void compare_number(struct again *g, const char *what, size_t now, size_t said)
{
	if (now != said)
		differs(g, arena_printf(g->arena, "gate: %zu %s by the record's own findings, it says %zd", now, what, (ssize_t)said));
}

static void compare_gate(struct again *g)
{
	const struct json *said = json_get(g->result, "gate");
	const struct ssvc_table *t = g->policy.table;
	const struct gate *now = &g->out->gate;

	g->out->state = str_of(gate_word(now->state));
	if (!str_eq(g->out->state, json_get_string(said, "state")))
		differs(g, arena_printf(g->arena, "the gate is %.*s by the record, which says %.*s", STR_ARG(g->out->state),
					STR_ARG(json_get_string(said, "state"))));
	compare_number(g, "as exit code", (size_t)now->exit_code, number(said, "exitCode"));
	compare_number(g, "closing", now->closing, number(said, "closing"));
	compare_number(g, "lifted", now->lifted, number(said, "lifted"));
	compare_number(g, "not decided", now->not_decided, number(said, "notDecided"));
	for (unsigned i = 0; i < t->outcome->nvalues; i++) {
		struct str word = policy_level_word(t, i);
		compare_number(g, arena_cstr(g->arena, word), now->counts[i], number(json_get(said, "counts"), arena_cstr(g->arena, word)));
	}
}

static size_t licence_violations(const struct json *result)
{
	size_t n = 0;

	for (JSON_EACH(l, json_get(result, "licences")))
		n += json_get_bool(l, "closesGate");
	return n;
}

enum result redecide(struct arena *a, const struct json *result, const struct json *statement, int64_t judged_at, struct redecided *out)
{
	struct again g = { .arena = a, .result = result, .statement = statement, .judged_at = judged_at, .out = out };

	*out = (struct redecided){ 0 };
	diag_init(&g.diags, a);
	bom_init(&g.bom, a, &g.diags);
	if (!take_table(&g) || !take_basis(&g))
		return FAILED;
	struct gate_input in = { .findings = &g.findings, .bom = &g.bom, .diags = &g.diags, .policy = &g.policy, .effective = &g.effective,
				 .pull_request = g.change, .matched = json_get_bool(json_get(result, "basis"), "matched") };
	take_data(&g, &in);
	take_diagnostics(&g);
	take_findings(&g);
	in.licence_violations = licence_violations(result);
	compare_number(&g, "against the licence policy", in.licence_violations, number(json_get(result, "basis"), "licenceViolations"));
	size_t before = number(json_get(result, "basis"), "faultsBefore");
	in.faults_before = before == SIZE_MAX ? 0 : before;
	gate_decide(a, &in, &out->gate);
	out->findings = g.findings.list.n;
	compare_gate(&g);
	return out->differences.n ? PARTIAL : OK;
}
