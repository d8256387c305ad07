#include "decide/decide.h"

#include "decide/judge.h"
#include "identity/fold.h"

#define OPEN 2u

struct str decide_component_key(struct arena *a, const struct component *c)
{
	struct purl p;
	struct str why, key = STR_NONE;

	if (c->purl.s && purl_parse(a, c->purl, &p, &why))
		key = fold_package(a, &p);
	if (key.s)
		return key;
	return c->name.s ? arena_printf(a, "%.*s:%.*s/%.*s", STR_ARG(c->ecosystem), STR_ARG(c->group), STR_ARG(c->name)) : STR_NONE;
}

/* Points that follow from others: Utility, and what the exposure says. */
static void derive(const struct judge *j, struct point_value *in)
{
	unsigned pair[2] = { in[KNOWN_AUTOMATABLE].value, in[KNOWN_VALUE_DENSITY].value };
	unsigned possible[2] = { in[KNOWN_AUTOMATABLE].possible, in[KNOWN_VALUE_DENSITY].possible };

	in[KNOWN_UTILITY] = in[KNOWN_AUTOMATABLE];
	in[KNOWN_UTILITY].value = ssvc_table_outcome(j->utility, pair, NULL);
	in[KNOWN_UTILITY].possible = ssvc_table_possible(j->utility, possible);
	if (in[KNOWN_VALUE_DENSITY].origin == ORIGIN_ASSUMED) {
		in[KNOWN_UTILITY].origin = ORIGIN_ASSUMED;
		in[KNOWN_UTILITY].source = in[KNOWN_VALUE_DENSITY].source;
	}
	in[KNOWN_PUBLICLY_EXPOSED] = in[KNOWN_EXPOSURE];
	in[KNOWN_PUBLICLY_EXPOSED].value = in[KNOWN_EXPOSURE].value == OPEN;
	in[KNOWN_PUBLICLY_EXPOSED].possible = (in[KNOWN_EXPOSURE].possible & 3u ? 1u : 0u) | (in[KNOWN_EXPOSURE].possible & 4u ? 2u : 0u);
}

/* The nearest of the four outcomes for tables with others: for order and colour. */
static enum outcome nearest(const struct judge *j, unsigned level)
{
	unsigned n = j->binding.table->outcome->nvalues, gate = j->ctx->effective->fail_on;

	if (gate == FAIL_ON_NEVER)
		gate = (n + 1) / 2;
	if (level >= gate)
		return level + 1 == n ? OUTCOME_IMMEDIATE : OUTCOME_OUT_OF_CYCLE;
	return level == 0 ? OUTCOME_DEFER : OUTCOME_SCHEDULED;
}

/* The row of the table for one value an input, and the highest outcome still possible. */
static void look_up(const struct judge *j, const struct point_value *in, struct decision *d)
{
	const struct binding *b = &j->binding;
	unsigned values[SSVC_MAX_POINTS], possible[SSVC_MAX_POINTS];
	bool dsoi = ssvc_table_is_dsoi(b->table);

	d->assumed = false;
	for (unsigned i = 0; i < b->table->npoints; i++) {
		const struct point_value *v = &in[b->input[i]];
		values[i] = b->value[i][v->value];
		possible[i] = bind_bits(b, i, v->possible | 1u << v->value);
		d->assumed = d->assumed || v->origin == ORIGIN_ASSUMED;
	}
	d->level = ssvc_table_outcome(b->table, values, &d->row);
	d->highest_level = ssvc_table_highest(b->table, possible);
	d->outcome = dsoi ? (enum outcome)d->level : nearest(j, d->level);
	d->highest = dsoi ? (enum outcome)d->highest_level : nearest(j, d->highest_level);
}

/* A malicious package is Immediate (the highest outcome of another table) whatever the row says: code of an attacker runs where it is
 * installed. */
static void malicious_floor(const struct judge *j, struct decision *d)
{
	unsigned floor = ssvc_table_is_dsoi(j->binding.table) ? OUTCOME_IMMEDIATE : j->binding.table->outcome->nvalues - 1;

	d->rule = STR("malicious package");
	if (d->level >= floor)
		return;
	d->level = floor;
	d->highest_level = d->highest_level > floor ? d->highest_level : floor;
	d->outcome = ssvc_table_is_dsoi(j->binding.table) ? (enum outcome)floor : nearest(j, floor);
	d->highest = d->highest > d->outcome ? d->highest : d->outcome;
}

static bool is_action(const struct component *c)
{
	return str_is(c->ecosystem, "GitHub Actions") || str_is(c->purl_type, "githubactions");
}

/* in[] already holds what hangs on the flaw: adds what hangs on the service and decides. */
static void decide_one(const struct judge *j, const struct finding *f, uint32_t service, bool development, struct point_value *in,
		       struct decision *d)
{
	const struct judged_service *s = &j->services[service];
	static const enum known_input of_service[] = { KNOWN_EXPOSURE, KNOWN_HUMAN_IMPACT,  KNOWN_SAFETY, KNOWN_MISSION,
						       KNOWN_VALUE_DENSITY, KNOWN_PUBLIC_SAFETY, KNOWN_MISSION_WELL_BEING };

	for (size_t i = 0; i < sizeof of_service / sizeof of_service[0]; i++)
		in[of_service[i]] = s->in[of_service[i]];
	if (is_action(&j->bom->components[f->component]))
		in[KNOWN_EXPOSURE] = (struct point_value){ .value = OPEN, .possible = 1u << OPEN, .origin = ORIGIN_RULE,
							   .source = STR("actions run with the repository's token") };
	else if (s->small_development && development && !f->malicious)
		in[KNOWN_EXPOSURE] = s->small;
	derive(j, in);
	look_up(j, in, d);
	d->service = s->name;
	d->owner = s->owner;
	d->human_impact_table = s->human_impact_table;
	if (f->malicious)
		malicious_floor(j, d);
}

static bool stricter(const struct decision *a, const struct decision *b)
{
	if (a->level != b->level)
		return a->level > b->level;
	if (a->highest_level != b->highest_level)
		return a->highest_level > b->highest_level;
	return !a->undecided && b->undecided;
}

static void name_inputs(const struct judge *j, const struct point_value *in, struct decision *d)
{
	const struct ssvc_table *t = j->binding.table;

	memcpy(d->points, in, sizeof d->points);
	d->table = t->id;
	d->outcome_name = ssvc_table_title(t, d->level);
	d->highest_name = ssvc_table_title(t, d->highest_level);
	if (j->binding.deployer)
		return;
	d->human_impact_table = ssvc_table_point(t, "ssvc:HI") >= 0 ? d->human_impact_table : STR_NONE;
	d->ninputs = t->npoints;
	d->inputs = arena_array(j->arena, t->npoints, sizeof *d->inputs);
	for (unsigned i = 0; i < t->npoints; i++) {
		const struct point_value *v = &in[j->binding.input[i]];
		const struct ssvc_value *value = &t->points[i]->values[j->binding.value[i][v->value]];
		d->inputs[i] = (struct other_point){ t->points[i]->id, t->points[i]->name, value->key, value->word, *v };
		d->inputs[i].value.value = j->binding.value[i][v->value];
		d->inputs[i].value.possible = bind_bits(&j->binding, i, v->possible);
	}
}

struct best {
	bool any;
	struct service_outcome *by_service; /* NULL where there is one service */
	struct decision decision;
	struct point_value in[NKNOWN_INPUTS];
};

static void note_service(struct service_outcome *o, const struct decision *d)
{
	o->service = d->service;
	o->level = d->level > o->level ? d->level : o->level;
	o->highest_level = d->highest_level > o->highest_level ? d->highest_level : o->highest_level;
}

/* One CVE (absent: none) of a finding, for each of its services. */
static void decide_cve(const struct judge *j, const struct finding *f, struct str cve, const struct cve_facts *facts,
		       const struct service_ids *services, bool development, struct best *best)
{
	struct point_value in[NKNOWN_INPUTS] = { 0 };
	bool undecided = judge_facts(j, facts, cve.s != NULL, in);

	if (f->malicious) {
		judge_malicious(in);
		undecided = false;
	}
	for (size_t s = 0; s < services->n; s++) {
		struct decision d = { .cve = cve, .undecided = undecided, .services = (unsigned)services->n };
		decide_one(j, f, services->items[s], development, in, &d);
		if (best->by_service)
			note_service(&best->by_service[s], &d);
		if (best->any && !stricter(&d, &best->decision))
			continue;
		best->any = true;
		best->decision = d;
		memcpy(best->in, in, sizeof in);
	}
}

/* What is shown of a flaw beside the decision, from any of its CVEs. */
static void show_facts(struct finding *f, const struct cve_facts *facts)
{
	if (facts->kev && (!f->kev || (facts->kev_added.s && (!f->kev_added.s || str_cmp(facts->kev_added, f->kev_added) < 0)))) {
		f->kev_added = facts->kev_added;
		f->kev_due = facts->kev_due;
	}
	f->kev = f->kev || facts->kev;
	f->kev_ransomware = f->kev_ransomware || facts->kev_ransomware;
	if (facts->epss > f->epss) {
		f->epss = facts->epss;
		f->epss_percentile = facts->epss_percentile;
	}
	if (!f->cvss.s && facts->cvss.s)
		f->cvss = facts->cvss;
}

static void decide_finding(const struct judge *j, struct finding *f)
{
	struct best best = { 0 };
	struct service_ids services = { 0 };
	bool only_development = judge_is_development(j, f->component), development = only_development && !judge_shipped_before(j, f->component);
	size_t cves = 0;

	judge_services_of(j, &j->bom->components[f->component], &services);
	if (services.n > 1)
		best.by_service = arena_array(j->arena, services.n, sizeof *best.by_service);
	f->kev = f->kev_ransomware = false;
	f->kev_added = f->kev_due = STR_NONE;
	f->epss = f->epss_percentile = -1;
	for (size_t i = 0; i < f->cves.n; i++) {
		const struct cve_facts *facts = j->ctx->facts ? j->ctx->facts(j->ctx->data, f->cves.items[i]) : NULL;
		if (facts)
			show_facts(f, facts);
		decide_cve(j, f, f->cves.items[i], facts, &services, development, &best);
		cves++;
	}
	/* Distribution records name the CVEs that they contain one way. */
	for (size_t m = 0; m < f->matches.n; m++) {
		for (size_t i = 0; i < f->matches.items[m].names_cves.n; i++) {
			struct str cve = f->matches.items[m].names_cves.items[i];
			const struct cve_facts *facts = j->ctx->facts ? j->ctx->facts(j->ctx->data, cve) : NULL;
			if (facts)
				show_facts(f, facts);
			decide_cve(j, f, cve, facts, &services, development, &best);
			cves++;
		}
	}
	if (!cves)
		decide_cve(j, f, STR_NONE, NULL, &services, development, &best);
	name_inputs(j, best.in, &best.decision);
	best.decision.by_service = best.by_service;
	best.decision.development = only_development;
	f->decision = best.decision;
	f->cve = best.decision.cve;
}

void decide_run(struct findings *f, const struct bom *b, const struct decide_context *ctx)
{
	struct judge j = { .ctx = ctx, .bom = b, .arena = ctx->arena };
	struct str why;

	/* The policy refused every table that cannot be bound. */
	(void)bind_table(j.arena, ctx->policy->table, &j.binding, &why);
	j.utility = ssvc_table_published(j.arena, STR("utility"));
	j.public_safety = ssvc_table_published(j.arena, STR("public-safety-impact"));
	judge_services(&j);
	for (VEC_EACH(struct finding, one, &f->list))
		decide_finding(&j, one);
}
