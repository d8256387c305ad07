/* bomgate's own result: components, findings, decisions; docs/result.schema.json describes it. */
#include "report/result_json.h"

#include <stdio.h>

#include "report/changes.h"
#include "report/ended.h"
#include "syntax/json_writer.h"

#define RESULT_FORMAT 1

static void places(const struct report *r, struct json_writer *w, const struct component *c)
{
	json_put_key(w, "evidence");
	json_begin_array(w);
	for (size_t i = 0; i < c->evidence.n; i++) {
		const struct evidence *e = &c->evidence.items[i];
		if (e->input >= r->bom->inputs.n)
			continue;
		json_begin_object(w);
		json_member(w, "file", r->bom->inputs.items[e->input].path);
		if (e->line)
			json_member_int(w, "line", e->line);
		json_end_object(w);
	}
	json_end_array(w);
}

static void write_components(const struct report *r, struct json_writer *w)
{
	json_put_key(w, "components");
	json_begin_array(w);
	for (size_t i = 0; i < r->bom->ncomponents; i++) {
		const struct component *c = &r->bom->components[i];
		struct ended end;
		if (c->type == COMPONENT_FILE)
			continue;
		json_begin_object(w);
		json_member_int(w, "index", (long long)i);
		json_member_opt(w, "purl", c->purl);
		json_member_opt(w, "ecosystem", c->ecosystem);
		json_member_opt(w, "group", c->group);
		json_member(w, "name", c->name);
		json_member_opt(w, "version", c->version);
		json_member_opt(w, "declared", c->declared);
		json_member_opt(w, "scope", scope_text(r->arena, c->scope));
		json_member_opt(w, "licence", licences_of(r->arena, c));
		if (ended_component(c, &end)) {
			json_member(w, "ended", str_of(end.word));
			json_member_opt(w, "endedBecause", end.says);
		}
		if (c->direct_known)
			json_member_bool(w, "direct", c->direct);
		if (c->first_party)
			json_member_bool(w, "firstParty", true);
		if (c->weak)
			json_member_bool(w, "weak", true);
		places(r, w, c);
		json_end_object(w);
	}
	json_end_array(w);
}

static const char *origin_word(enum value_origin o)
{
	static const char *const words[] = {
		[ORIGIN_NONE] = "none",	       [ORIGIN_KEV] = "kev",	   [ORIGIN_CISA_SSVC] = "cisa-ssvc", [ORIGIN_REFERENCE] = "reference",
		[ORIGIN_CONFIG] = "configuration", [ORIGIN_ASSUMED] = "assumed", [ORIGIN_RULE] = "rule",
	};
	return words[o];
}

/* "none, public-poc": the values of a point of the run's table that are still possible. */
static struct str possible_words(const struct report *r, const struct ssvc_point *p, unsigned possible)
{
	struct str text = STR("");

	for (unsigned v = 0; v < p->nvalues; v++)
		if (possible >> v & 1)
			text = arena_concat(r->arena, text, text.len ? STR(", ") : STR(""), p->values[v].word);
	return text;
}

static void write_points(const struct report *r, struct json_writer *w, const struct decision *d)
{
	json_put_key(w, "points");
	json_begin_object(w);
	for (unsigned p = 0; p < NPOINTS; p++) {
		const struct point_value *v = &d->points[p];
		if (v->origin == ORIGIN_NONE)
			continue;
		json_put_key(w, point_id(p));
		json_begin_object(w);
		json_member(w, "name", str_of(point_name(p)));
		json_member(w, "value", str_of(point_word(p, v->value)));
		json_member(w, "possible", point_words(r->arena, p, v->possible));
		json_member(w, "origin", str_of(origin_word(v->origin)));
		json_member_opt(w, "source", v->source);
		json_member_opt(w, "date", v->date);
		json_member_opt(w, "url", v->url);
		json_end_object(w);
	}
	json_end_object(w);
	if (!d->ninputs)
		return;
	json_put_key(w, "inputs");
	json_begin_array(w);
	for (size_t i = 0; i < d->ninputs; i++) {
		json_begin_object(w);
		json_member(w, "id", d->inputs[i].id);
		json_member(w, "name", d->inputs[i].name);
		json_member(w, "value", d->inputs[i].word);
		json_member(w, "origin", str_of(origin_word(d->inputs[i].value.origin)));
		json_member_opt(w, "source", d->inputs[i].value.source);
		json_member_opt(w, "date", d->inputs[i].value.date);
		json_member(w, "possible", possible_words(r, r->policy->table->points[i], d->inputs[i].value.possible));
		json_end_object(w);
	}
	json_end_array(w);
}

static void write_decision(const struct report *r, struct json_writer *w, const struct decision *d)
{
	json_put_key(w, "decision");
	json_begin_object(w);
	json_member(w, "outcome", d->outcome_name.len ? d->outcome_name : str_of(outcome_title(d->outcome)));
	json_member_int(w, "level", d->level);
	json_member(w, "highestPossible", d->highest_name.len ? d->highest_name : str_of(outcome_title(d->highest)));
	json_member_opt(w, "table", d->table);
	json_member_opt(w, "humanImpactTable", d->human_impact_table);
	json_member_int(w, "row", d->row);
	json_member_opt(w, "service", d->service);
	json_member_opt(w, "owner", d->owner);
	json_member_bool(w, "assumed", d->assumed);
	json_member_bool(w, "undecided", d->undecided);
	json_member_opt(w, "rule", d->rule);
	json_member_opt(w, "cve", d->cve);
	json_member_opt(w, "vector", decide_vector(r->arena, d, r->timestamp));
	json_member(w, "why", d->rule.len ? d->rule : decide_why(r->arena, d));
	if (!d->rule.len && !d->ninputs)
		json_member(w, "whyNot", decide_why_not(r->arena, d));
	write_points(r, w, d);
	json_end_object(w);
}

static void number_member(struct json_writer *w, const char *key, double v)
{
	char text[32];

	if (v < 0)
		return;
	int n = snprintf(text, sizeof text, "%.5g", v);
	json_put_key(w, key);
	json_put_raw(w, str_make(text, (size_t)n));
}

static void write_matches(struct json_writer *w, const struct finding *f)
{
	json_put_key(w, "matches");
	json_begin_array(w);
	for (size_t i = 0; i < f->matches.n; i++) {
		const struct match *m = &f->matches.items[i];
		json_begin_object(w);
		json_member(w, "id", m->id);
		json_member_opt(w, "ecosystem", m->ecosystem);
		json_member_opt(w, "package", m->package);
		json_member_opt(w, "range", m->range);
		json_member_opt(w, "fixed", m->fixed);
		json_member_opt(w, "informational", m->informational);
		json_member_opt(w, "modified", m->modified);
		json_end_object(w);
	}
	json_end_array(w);
}

static void write_finding(const struct report *r, struct json_writer *w, const struct finding *f, const uint32_t *ways)
{
	static const char *const states[] = { [FINDING_NEW] = "new", [FINDING_OLD] = "old", [FINDING_FIXED] = "fixed" };
	const struct component *c = &r->bom->components[f->component];

	json_begin_object(w);
	json_member(w, "id", f->id);
	json_member_strings(w, "ids", f->ids.items, f->ids.n);
	json_member_strings(w, "cves", f->cves.items, f->cves.n);
	json_member_int(w, "component", f->component);
	json_member(w, "name", component_title(r->arena, c));
	json_member_opt(w, "version", c->version);
	json_member_opt(w, "purl", c->purl);
	json_member_opt(w, "fixed", f->fixed);
	json_member_opt(w, "summary", f->summary);
	places(r, w, c);
	uint32_t *path;
	size_t n = dependency_path(r->bom, ways, r->arena, f->component, &path);
	json_put_key(w, "path");
	json_begin_array(w);
	for (size_t i = 0; i < n; i++)
		json_put_string(w, component_title(r->arena, &r->bom->components[path[i]]));
	json_end_array(w);
	json_member_opt(w, "cvss", f->cvss);
	number_member(w, "cvssScore", f->cvss_score);
	number_member(w, "epss", f->epss);
	json_member_bool(w, "kev", f->kev);
	json_member_opt(w, "kevAdded", f->kev_added);
	json_member_opt(w, "kevDue", f->kev_due);
	if (f->malicious)
		json_member_bool(w, "malicious", true);
	json_member_opt(w, "firstSeen", f->first_seen);
	json_member_opt(w, "respondBy", report_due(r, f));
	json_member(w, "state", str_of(states[f->state]));
	json_member_bool(w, "closesGate", gate_closes(f, r->effective, r->pull_request));
	if (f->silenced)
		json_member(w, "liftedBy", f->silenced_by);
	if (f->silenced && f->lifted) {
		json_put_key(w, "lifted");
		json_begin_object(w);
		json_member(w, "kind", str_of(f->lifted->kind));
		json_member_opt(w, "id", f->lifted->id);
		json_member_opt(w, "until", f->lifted->until);
		json_member_opt(w, "file", f->lifted->file);
		if (f->lifted->line)
			json_member_int(w, "line", f->lifted->line);
		json_end_object(w);
	}
	json_member_opt(w, "claim", f->claim);
	if (f->reporters.n)
		json_member_strings(w, "reporters", f->reporters.items, f->reporters.n);
	write_decision(r, w, &f->decision);
	write_matches(w, f);
	json_end_object(w);
}

static void write_inputs(const struct report *r, struct json_writer *w)
{
	static const char *const states[] = { [INPUT_OK] = "ok", [INPUT_PARTIAL] = "partial", [INPUT_FAILED] = "failed", [INPUT_SKIPPED] = "skipped" };

	json_put_key(w, "inputs");
	json_begin_array(w);
	for (size_t i = 0; i < r->bom->inputs.n; i++) {
		const struct input *in = &r->bom->inputs.items[i];
		json_begin_object(w);
		json_member(w, "file", in->path);
		json_member_opt(w, "reader", in->reader);
		json_member_opt(w, "sha256", in->sha256);
		json_member_opt(w, "blob", in->blob);
		json_member(w, "state", str_of(states[in->state]));
		json_member_int(w, "components", in->components);
		if (in->manifest)
			json_member_bool(w, "manifest", true);
		json_end_object(w);
	}
	json_end_array(w);
}

static void write_diagnostics(const struct report *r, struct json_writer *w)
{
	static const char *const words[] = { "notice", "warning", "error" };

	json_put_key(w, "diagnostics");
	json_begin_array(w);
	for (size_t i = 0; i < r->diags->n; i++) {
		const struct diag *d = &r->diags->items[i];
		json_begin_object(w);
		json_member(w, "severity", str_of(words[d->severity]));
		json_member(w, "code", str_of(d->code));
		json_member_opt(w, "file", d->input);
		if (d->line) {
			json_member_int(w, "line", d->line);
			json_member_int(w, "column", d->column);
		}
		json_member(w, "text", d->text);
		json_end_object(w);
	}
	json_end_array(w);
}

static void write_undecided(const struct report *r, struct json_writer *w)
{
	json_put_key(w, "undecided");
	json_begin_array(w);
	for (size_t i = 0; i < r->findings->undecided.n; i++) {
		const struct undecided *u = &r->findings->undecided.items[i];
		const struct component *c = &r->bom->components[u->component];
		json_begin_object(w);
		json_member_int(w, "component", u->component);
		json_member(w, "name", component_title(r->arena, c));
		json_member_opt(w, "version", c->version);
		json_member_opt(w, "declared", c->declared);
		json_member(w, "why", u->why);
		json_member_bool(w, "closesGate", u->closes_gate);
		if (u->old)
			json_member_bool(w, "old", true);
		json_member_opt(w, "advisory", u->advisory);
		json_end_object(w);
	}
	json_end_array(w);
}

static void write_gate(const struct report *r, struct json_writer *w)
{
	json_put_key(w, "gate");
	json_begin_object(w);
	json_member(w, "state", str_of(gate_word(r->gate->state)));
	json_member_int(w, "exitCode", r->gate->exit_code);
	json_member(w, "failOn", policy_level_word(r->policy->table, r->effective->fail_on));
	json_put_key(w, "counts");
	json_begin_object(w);
	for (unsigned i = r->policy->table->outcome->nvalues; i > 0; i--) {
		json_put_key_str(w, policy_level_word(r->policy->table, i - 1));
		json_put_int(w, (long long)r->gate->counts[i - 1]);
	}
	json_end_object(w);
	json_member_int(w, "closing", (long long)r->gate->closing);
	json_member_int(w, "closingNew", (long long)r->gate->closing_new);
	json_member_int(w, "lifted", (long long)r->gate->lifted);
	json_member_int(w, "notDecided", (long long)r->gate->not_decided);
	json_member_strings(w, "reasons", r->gate->reasons.items, r->gate->reasons.n);
	json_member_strings(w, "warnings", r->gate->warnings.items, r->gate->warnings.n);
	json_end_object(w);
}

/* What the gate went by: with the findings enough to decide once more (`bomgate audit --redecide`). Ages are left out, so that the
 * same run gives the same bytes: they follow from `checked` and the record's start. */
static void write_basis(const struct report *r, struct json_writer *w)
{
	const struct effective *e = r->effective;
	const struct gate *g = r->gate;

	json_put_key(w, "basis");
	json_begin_object(w);
	json_member(w, "failOn", policy_level_word(r->policy->table, e->fail_on));
	json_member_bool(w, "strict", e->strict);
	json_member(w, "undecided", e->undecided_fail ? STR("fail") : STR("warn"));
	json_member(w, "pullRequest", e->pull_request_all ? STR("all") : STR("new"));
	json_member_bool(w, "allowIncomplete", e->allow_incomplete);
	json_member_bool(w, "change", g->change);
	json_member_bool(w, "matched", g->matched);
	json_member_bool(w, "incomplete", r->bom->incomplete);
	json_member_int(w, "licenceViolations", (long long)g->licence_violations);
	json_member_int(w, "faultsBefore", (long long)g->faults_before);
	json_put_key(w, "services");
	json_begin_array(w);
	for (VEC_EACH(const struct service, s, &r->policy->services)) {
		json_begin_object(w);
		json_member(w, "name", s->name);
		json_member_strings(w, "paths", s->paths.items, s->paths.n);
		json_end_object(w);
	}
	json_end_array(w);
	json_put_key(w, "data");
	json_begin_object(w);
	for (unsigned i = 0; i < NDATA; i++) {
		json_put_key(w, data_source_names[i]);
		json_begin_object(w);
		json_member_bool(w, "loaded", g->data[i].loaded);
		json_member_opt(w, "checked", g->data[i].checked);
		if (g->data[i].loaded && g->data[i].age < 0) /* no date, or one of the future: too old, whatever `checked` says */
			json_member_bool(w, "ageUnknown", true);
		if (g->data[i].required)
			json_member_bool(w, "required", true);
		if (e->max_age[i] != INT64_MAX)
			json_member_int(w, "maxAgeSeconds", e->max_age[i]);
		json_end_object(w);
	}
	json_end_object(w);
	json_end_object(w);
}

/* What to do: one element a change to make, the worst first, as the summary lists them. */
static void write_changes(const struct report *r, struct json_writer *w)
{
	struct changes list;

	changes_of(r, &list);
	json_put_key(w, "changes");
	json_begin_array(w);
	for (size_t i = 0; i < list.n; i++) {
		const struct change_item *c = &list.items[i];
		const struct finding *f = c->findings.items[0];
		json_begin_object(w);
		json_member(w, "outcome", report_level(r, c->level));
		json_member_int(w, "component", c->component);
		json_member(w, "name", component_title(r->arena, &r->bom->components[c->component]));
		json_member_opt(w, "from", r->bom->components[c->component].version);
		json_member_opt(w, "to", c->to);
		json_member_bool(w, "major", c->major);
		json_member_bool(w, "closesGate", c->closes);
		json_member_bool(w, "new", c->is_new);
		json_put_key(w, "findings");
		json_begin_array(w);
		for (size_t k = 0; k < c->findings.n; k++)
			json_put_string(w, c->findings.items[k]->id);
		json_end_array(w);
		json_member_opt(w, "summary", f->summary);
		json_member(w, "why", f->decision.rule.len ? f->decision.rule : decide_why(r->arena, &f->decision));
		json_member_opt(w, "file", c->file);
		if (c->line)
			json_member_int(w, "line", c->line);
		json_member_opt(w, "via", c->via);
		json_member_opt(w, "service", c->service);
		json_member_opt(w, "owner", c->owner);
		json_end_object(w);
	}
	json_end_array(w);
}

/* What the change ended: findings of the base. */
static void write_fixed(const struct report *r, struct json_writer *w)
{
	if (!r->base || !r->base_bom)
		return;
	json_put_key(w, "fixed");
	json_begin_array(w);
	for (size_t i = 0; i < r->base->list.n; i++) {
		const struct finding *f = &r->base->list.items[i];
		const struct component *c = &r->base_bom->components[f->component];
		if (f->state != FINDING_FIXED)
			continue;
		json_begin_object(w);
		json_member(w, "id", f->id);
		json_member(w, "name", component_title(r->arena, c));
		json_member_opt(w, "version", c->version);
		json_member(w, "outcome", report_level(r, f->decision.level));
		json_member_opt(w, "summary", f->summary);
		json_end_object(w);
	}
	json_end_array(w);
}

/* The table that decided: its points and their values, lowest first. */
static void write_table(const struct report *r, struct json_writer *w)
{
	const struct ssvc_table *t = r->policy->table;

	json_put_key(w, "table");
	json_begin_object(w);
	json_member(w, "id", t->id);
	json_member(w, "name", t->name);
	json_put_key(w, "points");
	json_begin_array(w);
	for (unsigned i = 0; i < t->npoints; i++) {
		json_begin_object(w);
		json_member(w, "id", t->points[i]->id);
		json_member(w, "name", t->points[i]->name);
		json_put_key(w, "values");
		json_begin_array(w);
		for (unsigned v = 0; v < t->points[i]->nvalues; v++)
			json_put_string(w, t->points[i]->values[v].word);
		json_end_array(w);
		json_end_object(w);
	}
	json_end_array(w);
	json_put_key(w, "outcomes");
	json_begin_array(w);
	for (unsigned v = 0; v < t->outcome->nvalues; v++)
		json_put_string(w, report_level(r, v));
	json_end_array(w);
	json_put_key(w, "outcomeWords");
	json_begin_array(w);
	for (unsigned v = 0; v < t->outcome->nvalues; v++)
		json_put_string(w, policy_level_word(t, v));
	json_end_array(w);
	json_put_key(w, "cells"); /* the outcome of each combination, the first point most significant */
	struct buf cells;
	buf_init(&cells, 0);
	for (size_t i = 0; i < t->nrows; i++)
		buf_printf(&cells, "%s%u", i ? " " : "", t->cells[i]);
	json_put_string(w, buf_str(&cells));
	buf_free(&cells);
	json_end_object(w);
}

static void write_licences(const struct report *r, struct json_writer *w)
{
	static const char *const words[] = { "allowed", "unknown", "unlisted", "denied" };

	json_put_key(w, "licences");
	json_begin_array(w);
	for (size_t i = 0; r->licences && i < r->licences->list.n; i++) {
		const struct licence_finding *l = &r->licences->list.items[i];
		json_begin_object(w);
		json_member_int(w, "component", l->component);
		json_member(w, "name", component_title(r->arena, &r->bom->components[l->component]));
		json_member_opt(w, "version", r->bom->components[l->component].version);
		json_member(w, "verdict", str_of(words[l->verdict]));
		json_member_opt(w, "expression", l->expression);
		json_member_opt(w, "culprit", l->culprit);
		json_member_bool(w, "closesGate", l->closes);
		json_end_object(w);
	}
	json_end_array(w);
}

void result_json_write(const struct report *r, bool compact, struct buf *out)
{
	struct json_writer w;

	json_writer_init(&w, out, compact);
	json_begin_object(&w);
	json_member_int(&w, "format", RESULT_FORMAT);
	json_put_key(&w, "tool");
	json_begin_object(&w);
	json_member(&w, "name", STR("bomgate"));
	json_member(&w, "version", str_of(r->version));
	json_end_object(&w);
	json_member_opt(&w, "timestamp", r->timestamp);
	json_member_opt(&w, "repository", r->repository);
	json_member_opt(&w, "commit", r->commit);
	json_member_opt(&w, "ref", r->ref);
	json_member_opt(&w, "event", r->event);
	json_member_opt(&w, "baseCommit", r->base_commit);
	json_member_opt(&w, "dataCheckedAt", r->data_date);
	json_member_opt(&w, "database", r->database_digest);
	json_member_int(&w, "advisoriesChecked", (long long)r->findings->advisories_checked);
	write_gate(r, &w);
	write_basis(r, &w);
	if (r->first && r->first->n)
		json_member_strings(&w, "altersGate", r->first->items, r->first->n);
	write_table(r, &w);
	write_changes(r, &w);
	write_fixed(r, &w);
	result_component_changes(r, &w);
	const uint32_t *ways = r->findings->list.n ? dependency_ways(r->bom, r->arena) : NULL;
	json_put_key(&w, "findings");
	json_begin_array(&w);
	for (size_t i = 0; i < r->findings->list.n; i++)
		write_finding(r, &w, &r->findings->list.items[i], ways);
	json_end_array(&w);
	write_undecided(r, &w);
	write_licences(r, &w);
	write_inputs(r, &w);
	json_member_strings(&w, "excluded", r->excluded.items, r->excluded.n);
	write_components(r, &w);
	write_diagnostics(r, &w);
	json_end_object(&w);
	buf_addc(out, '\n');
}

void report_json(const struct report *r, struct buf *out)
{
	result_json_write(r, false, out);
}
