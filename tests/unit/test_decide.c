/* Deciding: inputs with their precedence, assumptions, services, development, rules, the gate. */
#include "test.h"

#include "decide/gate.h"
#include "decide/decide.h"

static struct arena *a;
static struct diags d;
static struct bom *b;
static struct findings f;
static struct policy p;
static struct effective e;
static struct decide_context ctx;
static struct map facts;

static const struct cve_facts *lookup(void *data, struct str cve)
{
	struct map_entry *m = map_get(data, cve);

	return m ? m->value.ptr : NULL;
}

static struct cve_facts *fact(const char *cve)
{
	struct cve_facts *x = ARENA_NEW(a, struct cve_facts);

	x->id = str_of(cve);
	x->epss = x->epss_percentile = -1;
	map_put(&facts, x->id, NULL)->value.ptr = x;
	return x;
}

static struct cve_facts *ssvc(const char *cve, unsigned exploitation, unsigned automatable, unsigned impact)
{
	struct cve_facts *x = fact(cve);

	x->ssvc = true;
	x->exploitation = exploitation;
	x->automatable = automatable;
	x->technical_impact = impact;
	x->ssvc_date = STR("2026-11-20T10:00:00Z");
	return x;
}

/* A world with one configuration, KEV and SSVC loaded, and no component yet. */
static void begin(const char *config)
{
	diag_init(&d, a);
	CHECK_INT(policy_parse(a, &d, STR("bomgate.yml"), str_of(config), NULL, &p), OK);
	CHECK_INT(policy_effective(&p, &(struct policy_run){ .event = STR("push"), .ref = STR("refs/heads/main") }, &d, &e), OK);
	b = bom_new(a, &d);
	f = (struct findings){ 0 };
	map_init(&facts, a);
	ctx = (struct decide_context){ .arena = a, .policy = &p, .effective = &e, .facts = lookup, .data = &facts, .kev_loaded = true,
				       .ssvc_loaded = true, .kev_date = STR("2026-11-26"), .ssvc_date = STR("2026-11-26") };
}

static uint32_t component(const char *name, const char *path, unsigned scope)
{
	struct component *c = bom_add(b);
	uint32_t i = bom_index(b, c), input = NO_INPUT;

	c->ecosystem = STR("npm");
	c->name = str_of(name);
	c->version = STR("1.0.0");
	c->purl = arena_printf(a, "pkg:npm/%s@1.0.0", name);
	c->scope = scope;
	for (uint32_t k = 0; k < b->inputs.n; k++)
		if (str_is(b->inputs.items[k].path, path))
			input = k;
	if (input == NO_INPUT) {
		input = (uint32_t)b->inputs.n;
		VEC_ADD(a, &b->inputs)->path = str_of(path);
	}
	bom_evidence(b, i, input, 0);
	return i;
}

static struct finding *finding(uint32_t c, const char *cve)
{
	struct finding *x = VEC_ADD(a, &f.list);

	x->component = c;
	x->id = str_of(cve ? cve : "GHSA-xxxx");
	*VEC_ADD(a, &x->ids) = x->id;
	if (cve)
		*VEC_ADD(a, &x->cves) = x->id;
	return x;
}

static struct decision *decide(const char *cve)
{
	finding(component("left-pad", "package-lock.json", SCOPE_RUNTIME), cve);
	decide_run(&f, b, &ctx);
	return &f.list.items[f.list.n - 1].decision;
}

static void set_up(void)
{
	a = arena_new(0);
}

static void tear_down(void)
{
	arena_free(a);
}

static void kev_is_active_whatever_the_record_says(void)
{
	begin("");
	struct cve_facts *x = ssvc("CVE-1", SSVC_EXPLOITATION_NONE, SSVC_AUTOMATABLE_NO, 1);
	x->kev = x->kev_catalogue = true;
	x->kev_added = STR("2026-01-02");
	struct decision *r = decide("CVE-1");
	CHECK_INT(r->points[POINT_EXPLOITATION].value, 2);
	CHECK_INT(r->points[POINT_EXPLOITATION].possible, 4);
	CHECK_INT(r->points[POINT_EXPLOITATION].origin, ORIGIN_KEV);
	CHECK_STR(r->points[POINT_EXPLOITATION].date, STR("2026-01-02"));
	CHECK_INT(r->points[POINT_AUTOMATABLE].value, 0);
	CHECK_INT(r->points[POINT_EXPOSURE].origin, ORIGIN_ASSUMED);
	CHECK_INT(r->points[POINT_HUMAN_IMPACT].value, 1);
	CHECK_INT(r->outcome, OUTCOME_OUT_OF_CYCLE);
	CHECK_INT(r->highest, OUTCOME_IMMEDIATE);
	CHECK_INT(r->row, 65);
	CHECK_STR(r->table, STR("ssvc:DT_DP:1.0.0"));
	CHECK_STR(r->outcome_name, STR("Out-of-cycle"));
	CHECK(!r->human_impact_table.s);
	CHECK(r->assumed && !r->undecided);
	CHECK(f.list.items[0].kev);
	CHECK_STR(decide_why(a, r), STR("exploitation active (CISA KEV 2026-01-02), exposure open (assumed: the configuration does not say), automatable no "
					"(CISA Vulnrichment 2026-11-20), human impact medium (assumed: the configuration does not say)"));
}

static void missing_data_is_not_none(void)
{
	begin("services: [{name: s, exposure: open, human_impact: medium}]\n");
	struct decision *r = decide("CVE-1"); /* loaded, but none for this CVE */
	CHECK_INT(r->points[POINT_EXPLOITATION].value, 0);
	CHECK_INT(r->points[POINT_EXPLOITATION].possible, 3);
	CHECK_INT(r->points[POINT_EXPLOITATION].origin, ORIGIN_ASSUMED);
	CHECK_STR(r->points[POINT_EXPLOITATION].source, STR("assumed: no data"));
	CHECK_INT(r->points[POINT_AUTOMATABLE].value, 1);
	CHECK_INT(r->points[POINT_AUTOMATABLE].possible, 3);
	CHECK_INT(r->outcome, OUTCOME_SCHEDULED);
	CHECK_INT(r->highest, OUTCOME_SCHEDULED);
	CHECK(!r->undecided);

	ctx.ssvc_loaded = false; /* not loaded: may be active */
	decide_run(&f, b, &ctx);
	CHECK(r->undecided);
	CHECK_INT(r->points[POINT_EXPLOITATION].possible, 7);
	CHECK_INT(r->highest, OUTCOME_OUT_OF_CYCLE);
	CHECK_STR(r->points[POINT_EXPLOITATION].source, STR("assumed: SSVC data not loaded"));

	ctx.ssvc_loaded = true;
	ctx.kev_loaded = false;
	decide_run(&f, b, &ctx);
	CHECK(r->undecided);
	CHECK_STR(r->points[POINT_EXPLOITATION].source, STR("assumed: KEV not loaded"));
	ctx.kev_loaded = true;

	r = decide(NULL); /* no CVE id */
	CHECK(r->undecided);
	CHECK_STR(r->points[POINT_EXPLOITATION].source, STR("assumed: no CVE id"));
	CHECK(!r->cve.s);

	ssvc("CVE-2", 0, SSVC_AUTOMATABLE_NO, 1)->ssvc_unreadable = true; /* an unknown word */
	r = decide("CVE-2");
	CHECK(r->undecided);
	CHECK_INT(r->points[POINT_EXPLOITATION].possible, 7);
	CHECK_INT(r->points[POINT_AUTOMATABLE].value, 0);
	CHECK_INT(r->points[POINT_AUTOMATABLE].origin, ORIGIN_CISA_SSVC);

	/* a record that says none is not an assumption */
	ssvc("CVE-3", SSVC_EXPLOITATION_NONE, SSVC_AUTOMATABLE_NO, 1);
	r = decide("CVE-3");
	CHECK_INT(r->points[POINT_EXPLOITATION].possible, 1);
	CHECK_INT(r->points[POINT_EXPLOITATION].origin, ORIGIN_CISA_SSVC);
	CHECK(!r->assumed && !r->undecided);
	CHECK_STR(decide_why_not(a, r), STR("no known exploitation (CISA Vulnrichment 2026-11-20)"));

	/* several values: decided on the highest */
	ssvc("CVE-4", SSVC_EXPLOITATION_NONE | SSVC_EXPLOITATION_POC, 3, 1);
	r = decide("CVE-4");
	CHECK_INT(r->points[POINT_EXPLOITATION].value, 1);
	CHECK_INT(r->points[POINT_EXPLOITATION].possible, 3);
	CHECK_INT(r->points[POINT_AUTOMATABLE].value, 1);
}

static void exploit_references_are_public_poc(void)
{
	begin("");
	struct cve_facts *x = fact("CVE-1");
	*VEC_ADD(a, &x->exploits) = (struct exploit_reference){ STR("https://exploit.example/1"), STR("mitre") };
	struct decision *r = decide("CVE-1");
	CHECK_INT(r->points[POINT_EXPLOITATION].value, 1);
	CHECK_INT(r->points[POINT_EXPLOITATION].origin, ORIGIN_REFERENCE);
	CHECK_INT(r->points[POINT_EXPLOITATION].possible, 2);
	CHECK_STR(r->points[POINT_EXPLOITATION].source, STR("public exploit, tagged by mitre"));
	CHECK_STR(r->points[POINT_EXPLOITATION].url, STR("https://exploit.example/1"));
	x->ssvc = true;
	x->exploitation = SSVC_EXPLOITATION_ACTIVE;
	decide_run(&f, b, &ctx);
	CHECK_INT(r->points[POINT_EXPLOITATION].value, 2);
	CHECK_INT(r->points[POINT_EXPLOITATION].origin, ORIGIN_CISA_SSVC);
}

static void the_worst_cve_decides(void)
{
	begin("");
	ssvc("CVE-1", SSVC_EXPLOITATION_NONE, SSVC_AUTOMATABLE_NO, 1);
	ssvc("CVE-2", SSVC_EXPLOITATION_ACTIVE, SSVC_AUTOMATABLE_YES, 2)->epss = 0.5;
	struct finding *x = finding(component("left-pad", "a", 0), "CVE-1");
	*VEC_ADD(a, &x->cves) = STR("CVE-2");
	*VEC_ADD(a, &x->cves) = STR("CVE-3");
	decide_run(&f, b, &ctx);
	CHECK_STR(x->cve, STR("CVE-2"));
	CHECK_INT(x->decision.outcome, OUTCOME_OUT_OF_CYCLE);
	CHECK(x->epss == 0.5);
	/* CVEs that a distribution's record only names count too */
	struct match *m = VEC_ADD(a, &x->matches);
	fact("CVE-9")->kev = true;
	*VEC_ADD(a, &m->names_cves) = STR("CVE-9");
	x->cves.n = 1;
	decide_run(&f, b, &ctx);
	CHECK_STR(x->cve, STR("CVE-9"));
	CHECK(x->kev);
}

static void services_by_path_the_strictest_counts(void)
{
	begin("services:\n"
	      "  - {name: web, paths: ['web/**', 'shared/**'], exposure: open, human_impact: very high, owner: '@acme/web'}\n"
	      "  - {name: job, paths: ['job/**', 'shared/**'], exposure: small, human_impact: low}\n"
	      "  - {name: rest, exposure: controlled, human_impact: medium}\n");
	ssvc("CVE-1", SSVC_EXPLOITATION_ACTIVE, SSVC_AUTOMATABLE_YES, 1);
	static const struct {
		const char *path, *service;
		enum outcome outcome;
	} cases[] = { { "web/package-lock.json", "web", OUTCOME_IMMEDIATE },
		      { "job/package-lock.json", "job", OUTCOME_SCHEDULED },
		      { "shared/package-lock.json", "web", OUTCOME_IMMEDIATE },
		      { "other/package-lock.json", "rest", OUTCOME_OUT_OF_CYCLE } };
	for (size_t i = 0; i < 4; i++) {
		struct finding *x = finding(component("left-pad", cases[i].path, 0), "CVE-1");
		decide_run(&f, b, &ctx);
		CHECK_STR(x->decision.service, str_of(cases[i].service));
		CHECK_INT(x->decision.outcome, cases[i].outcome);
	}
	CHECK_STR(f.list.items[0].decision.owner, STR("@acme/web"));
	/* one component in two files */
	uint32_t c = component("both", "job/package-lock.json", 0);
	bom_evidence(b, c, 0, 0);
	struct finding *x = finding(c, "CVE-1");
	decide_run(&f, b, &ctx);
	CHECK_STR(x->decision.service, STR("web"));
	/* a service without paths takes the rest only where one exists */
	begin("services: [{name: web, paths: ['web/**'], exposure: small, human_impact: low}]\n");
	ssvc("CVE-1", SSVC_EXPLOITATION_ACTIVE, SSVC_AUTOMATABLE_YES, 1);
	x = finding(component("left-pad", "elsewhere/package-lock.json", 0), "CVE-1");
	decide_run(&f, b, &ctx);
	CHECK(!x->decision.service.s);
	CHECK_INT(x->decision.outcome, OUTCOME_OUT_OF_CYCLE);
	CHECK(x->decision.assumed);
}

static struct decision one(const char *config)
{
	begin(config);
	ssvc("CVE-1", SSVC_EXPLOITATION_ACTIVE, SSVC_AUTOMATABLE_NO, 1);
	return *decide("CVE-1");
}

static void human_impact_given_or_derived(void)
{
	struct decision r = one("services: [{name: s, exposure: open, safety_impact: marginal, mission_impact: degraded}]\n");
	CHECK_INT(r.points[POINT_HUMAN_IMPACT].value, 0);
	CHECK_STR(r.human_impact_table, STR("ssvc:DT_HI:1.0.0"));
	CHECK_INT(r.outcome, OUTCOME_SCHEDULED);
	r = one("services: [{name: s, exposure: open, safety_impact: marginal, mission_impact: degraded}]\nssvc: {human_impact_table: 2024.3.8}\n");
	CHECK_INT(r.points[POINT_HUMAN_IMPACT].value, 1);
	CHECK_INT(r.outcome, OUTCOME_OUT_OF_CYCLE);
	CHECK_STR(r.human_impact_table, STR("ssvc:human-impact:v2024.3.8"));
	/* only one of the two: SSVC's default for the other, and not below medium */
	r = one("services: [{name: s, exposure: open, safety_impact: negligible}]\n");
	CHECK_INT(r.points[POINT_HUMAN_IMPACT].value, 1);
	CHECK_INT(r.points[POINT_HUMAN_IMPACT].origin, ORIGIN_ASSUMED);
	CHECK_INT(r.outcome, OUTCOME_OUT_OF_CYCLE);
	CHECK_INT(r.highest, OUTCOME_IMMEDIATE);
	r = one("services: [{name: s, exposure: open, mission_impact: mission failure}]\n");
	CHECK_INT(r.points[POINT_HUMAN_IMPACT].value, 3);
	CHECK_INT(r.points[POINT_HUMAN_IMPACT].possible, 8);
	r = one("services: [{name: s, human_impact: low}]\nssvc: {assume: {exposure: controlled, automatable: no}}\n");
	CHECK_INT(r.points[POINT_EXPOSURE].value, 1);
	CHECK_INT(r.points[POINT_EXPOSURE].possible, 7);
	r = one("environments: {e: {on: [push], exposure: small, human_impact: low}}\nservices: [{name: s, exposure: open, safety_impact: catastrophic}]\n");
	CHECK_INT(r.points[POINT_EXPOSURE].value, 0);
	CHECK_INT(r.points[POINT_HUMAN_IMPACT].value, 0);
	CHECK_STR(r.points[POINT_EXPOSURE].source, STR("environment e"));
}

static void development_small_only_where_it_is_separate(void)
{
	begin("services: [{name: s, exposure: open, human_impact: medium, development: small}]\n");
	ssvc("CVE-1", SSVC_EXPLOITATION_ACTIVE, SSVC_AUTOMATABLE_NO, 1);
	uint32_t dev = component("dev", "l", SCOPE_DEV), both = component("both", "l", SCOPE_DEV | SCOPE_RUNTIME), unsaid = component("unsaid", "l", 0);
	uint32_t reached = component("reached", "l", SCOPE_DEV), prod = component("prod", "l", SCOPE_RUNTIME), doc = component("doc", "l", SCOPE_DEV);
	uint32_t below_dev = component("below-dev", "l", SCOPE_TEST);
	b->components[doc].ref = STR("pkg-1");
	bom_depend(b, prod, reached, DEPENDS_ON, 0);
	bom_depend(b, dev, below_dev, DEPENDS_ON, 0);
	bom_depend(b, prod, dev, DEPENDS_ON, SCOPE_DEV);
	for (uint32_t c = 0; c < b->ncomponents; c++)
		finding(c, "CVE-1");
	decide_run(&f, b, &ctx);
	CHECK_INT(f.list.items[dev].decision.outcome, OUTCOME_SCHEDULED);
	CHECK_INT(f.list.items[dev].decision.points[POINT_EXPOSURE].value, 0);
	CHECK_STR(f.list.items[dev].decision.points[POINT_EXPOSURE].source, STR("development only, service s"));
	CHECK_INT(f.list.items[below_dev].decision.outcome, OUTCOME_SCHEDULED);
	CHECK_INT(f.list.items[both].decision.outcome, OUTCOME_OUT_OF_CYCLE);
	CHECK_INT(f.list.items[unsaid].decision.outcome, OUTCOME_OUT_OF_CYCLE);
	CHECK_INT(f.list.items[reached].decision.outcome, OUTCOME_OUT_OF_CYCLE);
	CHECK_INT(f.list.items[prod].decision.outcome, OUTCOME_OUT_OF_CYCLE);
	CHECK_INT(f.list.items[doc].decision.outcome, OUTCOME_OUT_OF_CYCLE); /* a document's claim */

	/* moved to development by this change: judged as before it */
	struct map before;
	map_init(&before, a);
	struct bom *base = bom_new(a, &d);
	struct component *c = bom_add(base);
	c->name = STR("dev");
	c->version = STR("0.9.0");
	c->purl = STR("pkg:npm/dev@0.9.0");
	c->scope = SCOPE_RUNTIME;
	decide_production_keys(a, base, &before);
	ctx.base_production = &before;
	decide_run(&f, b, &ctx);
	CHECK_INT(f.list.items[dev].decision.outcome, OUTCOME_OUT_OF_CYCLE);
	CHECK_INT(f.list.items[below_dev].decision.outcome, OUTCOME_SCHEDULED);
}

static void malicious_packages_and_actions(void)
{
	begin("services: [{name: s, exposure: small, human_impact: low, development: small}]\ngate: {fail_on: immediate}\n");
	struct finding *x = finding(component("evil", "l", SCOPE_DEV), NULL);
	x->malicious = true;
	decide_run(&f, b, &ctx);
	CHECK_INT(x->decision.points[POINT_EXPLOITATION].value, 2);
	CHECK_INT(x->decision.points[POINT_EXPLOITATION].origin, ORIGIN_RULE);
	CHECK_INT(x->decision.outcome, OUTCOME_IMMEDIATE);
	CHECK_STR(x->decision.rule, STR("malicious package"));
	CHECK(!x->decision.undecided);
	CHECK(gate_closes(x, &e, false));
	ssvc("CVE-1", SSVC_EXPLOITATION_ACTIVE, SSVC_AUTOMATABLE_YES, 1);
	uint32_t action = component("checkout", ".github/workflows/ci.yml", 0);
	b->components[action].ecosystem = STR("GitHub Actions");
	x = finding(action, "CVE-1");
	decide_run(&f, b, &ctx);
	CHECK_INT(x->decision.points[POINT_EXPOSURE].value, 2);
	CHECK_INT(x->decision.points[POINT_EXPOSURE].origin, ORIGIN_RULE);
}

static void other_tables(void)
{
	begin("ssvc: {table: cisa-coordinator}\ngate: {fail_on: attend}\nservices: [{name: s, mission_and_well_being: medium}]\n");
	ssvc("CVE-1", SSVC_EXPLOITATION_ACTIVE, SSVC_AUTOMATABLE_YES, SSVC_IMPACT_TOTAL);
	struct decision *r = decide("CVE-1");
	CHECK_STR(r->outcome_name, STR("Act"));
	CHECK_INT(r->level, 3);
	CHECK_INT(r->outcome, OUTCOME_IMMEDIATE);
	CHECK_INT(r->ninputs, 4);
	CHECK_STR(r->inputs[2].name, STR("Technical Impact"));
	CHECK_STR(r->inputs[2].word, STR("total"));
	CHECK(gate_closes(&f.list.items[0], &e, false));
	begin("ssvc: {table: bod-26-04}\ngate: {fail_on: 14 days}\nservices: [{name: s, exposure: open}]\n");
	ssvc("CVE-1", SSVC_EXPLOITATION_NONE, SSVC_AUTOMATABLE_NO, SSVC_IMPACT_PARTIAL);
	r = decide("CVE-1");
	CHECK_STR(r->outcome_name, STR("60 days"));
	CHECK(!gate_closes(&f.list.items[0], &e, false));
	fact("CVE-1")->kev = true;
	decide_run(&f, b, &ctx);
	CHECK_STR(r->outcome_name, STR("3 days & forensic investigation")); /* automatable and technical impact assumed yes and total */
	begin("ssvc: {table: supplier}\ngate: {fail_on: immediate}\nservices: [{name: s, value_density: diffuse, safety_impact: negligible}]\n");
	ssvc("CVE-1", SSVC_EXPLOITATION_ACTIVE, SSVC_AUTOMATABLE_YES, SSVC_IMPACT_PARTIAL);
	r = decide("CVE-1");
	CHECK_STR(r->outcome_name, STR("Out-of-cycle")); /* efficient, minimal */
	CHECK(!r->assumed);
	CHECK(!decide_vector(a, r, STR("t")).s);
}

static void flips_and_vector(void)
{
	begin("services: [{name: s, exposure: open, human_impact: medium}]\n");
	ssvc("CVE-1", SSVC_EXPLOITATION_ACTIVE, SSVC_AUTOMATABLE_NO, 1);
	struct decision *r = decide("CVE-1");
	struct flips flips = { 0 };
	decide_flips(a, &p, r, &flips);
	bool found = false;
	for (size_t i = 0; i < flips.n; i++)
		found = found || (str_is(flips.items[i].word, "controlled") && str_is(flips.items[i].outcome, "Scheduled"));
	CHECK(found);
	CHECK_STR(decide_vector(a, r, STR("2026-11-27T00:00:00Z")), STR("SSVCv2/E:A/X:O/A:N/H:M/P:O/2026-11-27T00:00:00Z/"));
}

static struct str kev_note(const char *config)
{
	struct str_list notes = { 0 };

	begin(config);
	decide_kev_notes(a, &p, &e, &notes);
	return notes.n == 0 ? STR("") : notes.n == 1 ? notes.items[0] : STR("several");
}

static void a_configuration_that_lets_kev_pass_is_named(void)
{
	CHECK_STR(kev_note(""), STR(""));
	CHECK_STR(kev_note("services: [{name: s, exposure: controlled, human_impact: medium}]\n"),
		  STR("service s: a known exploited flaw (KEV) may be only Scheduled and pass the gate, because of exposure controlled (service s)"));
	CHECK(str_has(kev_note("services: [{name: s, human_impact: low}]\n"), STR("because of human impact low (service s)")));
	CHECK(str_has(kev_note("services: [{name: s, exposure: small, human_impact: low}]\n"),
		      STR("because of exposure small (service s) and human impact low (service s)")));
	CHECK(str_has(kev_note("services: [{name: s, safety_impact: marginal, mission_impact: degraded}]\n"),
		      STR("because of human impact low (service s: safety impact marginal, mission impact degraded)")));
	CHECK(str_has(kev_note("services: [{name: s, development: small}]\n"), STR("because of development: small")));
	CHECK(str_has(kev_note("gate: {fail_on: immediate}\n"), STR("because of fail_on immediate")));
	CHECK(str_has(kev_note("gate: {fail_on: never}\n"), STR("because of fail_on never")));
	CHECK_STR(kev_note("gate: {fail_on: scheduled}\nservices: [{name: s, exposure: small, human_impact: low}]\n"), STR(""));
	CHECK_STR(kev_note("services: [{name: s, exposure: small, human_impact: high}]\n"), STR(""));
}

/* ---- the gate */

static struct gate gate_with(struct gate_input in)
{
	struct gate g;

	in.findings = &f;
	in.bom = b;
	in.diags = &d;
	in.policy = &p;
	in.effective = &e;
	gate_decide(a, &in, &g);
	return g;
}

static const struct gate_input fresh = { .data = { [DATA_KEV] = { true, 0 }, [DATA_SSVC] = { true, 0 }, [DATA_OSV] = { true, 0 } }, .matched = true };

static void the_gate(void)
{
	begin("");
	CHECK_INT(gate_with(fresh).exit_code, 0);
	CHECK_INT(gate_with(fresh).state, GATE_OPEN);
	decide("CVE-1");
	CHECK_INT(gate_with(fresh).exit_code, 0);
	CHECK_INT(gate_with(fresh).outcomes[OUTCOME_SCHEDULED], 1);
	fact("CVE-2")->kev = true;
	decide("CVE-2");
	struct gate g = gate_with(fresh);
	CHECK_INT(g.exit_code, 1);
	CHECK_INT(g.closing, 1);
	CHECK_STR(g.reasons.items[0], STR("1 finding is out-of-cycle or worse"));
	f.list.items[1].silenced = true;
	g = gate_with(fresh);
	CHECK_INT(g.exit_code, 0);
	CHECK_INT(g.lifted, 1);
	f.list.items[1].silenced = false;
	/* only what is new closes a pull request */
	struct gate_input pr = fresh;
	pr.pull_request = true;
	f.list.items[1].state = FINDING_OLD;
	g = gate_with(pr);
	CHECK_INT(g.exit_code, 0);
	CHECK_INT(g.old, 1);
	CHECK_INT(gate_with(fresh).exit_code, 1);
	e.pull_request_all = true;
	CHECK_INT(gate_with(pr).exit_code, 1);
	e.fail_on = FAIL_ON_NEVER;
	CHECK_INT(gate_with(fresh).exit_code, 0);
	struct gate_input licence = fresh;
	licence.licence_violations = 1;
	CHECK_INT(gate_with(licence).exit_code, 1);
}

static void exit_codes_have_an_order(void)
{
	begin("");
	struct gate_input in = fresh;
	diag_add(&d, SEV_ERROR, "input.syntax", STR("l"), DIAG_NO_OFFSET, "broken");
	CHECK_INT(gate_with(in).exit_code, 3);
	CHECK_INT(gate_with(in).state, GATE_INCOMPLETE);
	/* as unreadable in the base, with the same blob: a pull request is not held for it */
	struct bom *base = bom_new(a, &d);
	*VEC_ADD(a, &b->inputs) = *VEC_ADD(a, &base->inputs) = (struct input){ .path = STR("l"), .blob = STR("b1"), .state = INPUT_FAILED };
	in.base = base;
	CHECK_INT(gate_with(in).exit_code, 3);
	in.pull_request = true;
	CHECK_INT(gate_with(in).exit_code, 0);
	base->inputs.items[0].blob = STR("b2");
	CHECK_INT(gate_with(in).exit_code, 3);
	base->inputs.items[0] = (struct input){ .path = STR("l"), .blob = STR("b1"), .state = INPUT_OK };
	CHECK_INT(gate_with(in).exit_code, 3);
	e.allow_incomplete = true;
	CHECK_INT(gate_with(in).exit_code, 0);
	CHECK(gate_with(in).warnings.n > 0);
	e.allow_incomplete = false;
	in.data[DATA_KEV].loaded = false;
	CHECK_INT(gate_with(in).exit_code, 4);
	CHECK_INT(gate_with(in).state, GATE_STALE);
	diag_add(&d, SEV_ERROR, "bug.write", STR_NONE, DIAG_NO_OFFSET, "full");
	CHECK_INT(gate_with(in).exit_code, 70);
	fact("CVE-2")->kev = true;
	decide("CVE-2");
	in.pull_request = false;
	CHECK_INT(gate_with(in).exit_code, 1);
	CHECK_INT(gate_with(in).reasons.n, 4); /* all of them are told */
	diag_add(&d, SEV_ERROR, "usage.config", STR_NONE, DIAG_NO_OFFSET, "wrong");
	CHECK_INT(gate_with(in).exit_code, 2);
	CHECK_INT(gate_with(in).state, GATE_ERROR);
}

static void old_data_keeps_the_gate_shut(void)
{
	begin("gate: {max_age: {kev: 72h, osv: 7d}}\n");
	struct gate_input in = fresh;
	in.data[DATA_KEV].age = 73 * 3600;
	CHECK_INT(gate_with(in).exit_code, 4);
	in.data[DATA_KEV].age = 25 * 3600;
	CHECK_INT(gate_with(in).exit_code, 0);
	CHECK_INT(gate_with(in).warnings.n, 1);
	in.data[DATA_KEV].age = -1;
	CHECK_INT(gate_with(in).exit_code, 4);
	in = fresh;
	in.data[DATA_OSV].loaded = false;
	CHECK_INT(gate_with(in).exit_code, 4);
	in = fresh;
	in.matched = false;
	CHECK_INT(gate_with(in).exit_code, 4);
	in = fresh;
	in.data[DATA_SSVC].loaded = false;
	CHECK_INT(gate_with(in).exit_code, 0);
	in.data[DATA_SSVC] = (struct data_state){ .loaded = true, .age = 100 * 86400 };
	CHECK_INT(gate_with(in).exit_code, 4);
	in = fresh;
	in.data[DATA_SSVC] = (struct data_state){ .required = true };
	CHECK_INT(gate_with(in).exit_code, 4);
	in = fresh;
	in.data[DATA_OSV] = (struct data_state){ .loaded = true, .future = true, .age = -1, .checked = STR("2099-01-01T00:00:00Z"), .part = STR("npm") };
	CHECK_INT(gate_with(in).exit_code, 4);
	CHECK_STR(gate_with(in).reasons.items[0],
		  STR("the osv data (npm) says that it was confirmed in the future (2099-01-01T00:00:00Z): a clock is wrong, or it is forged"));
	in = fresh;
	in.data[DATA_KEV].age = 72 * 3600;
	CHECK_INT(gate_with(in).exit_code, 0);
	CHECK_STR(gate_with(in).warnings.items[0], STR("the kev data is 72 h old"));
	in.data[DATA_KEV].age++;
	CHECK_STR(gate_with(in).reasons.items[0], STR("the kev data is 259201 s old; at most 259200 s is allowed (max_age)"));
	in = fresh;
	b->incomplete = true;
	CHECK_INT(gate_with(in).exit_code, 3);
}

static void undecided_and_strict(void)
{
	begin("services: [{name: s, exposure: open, human_impact: medium}]\ngate: {undecided: fail}\n");
	decide(NULL);
	struct gate g = gate_with(fresh);
	CHECK_INT(g.exit_code, 1);
	CHECK_INT(g.not_decided, 1);
	e.undecided_fail = false;
	CHECK_INT(gate_with(fresh).exit_code, 0);
	e.strict = true; /* possible: active, so Out-of-cycle */
	CHECK_INT(gate_with(fresh).exit_code, 1);
	e.strict = false;
	struct undecided *u = VEC_ADD(a, &f.undecided);
	u->why = STR("no lockfile");
	CHECK_INT(gate_with(fresh).exit_code, 0);
	u->closes_gate = true;
	CHECK_INT(gate_with(fresh).exit_code, 1);
	struct gate_input pr = fresh;
	pr.pull_request = true;
	u->old = true;
	CHECK_INT(gate_with(pr).exit_code, 0);
}

TEST_MAIN(TEST_CASE(set_up), TEST_CASE(kev_is_active_whatever_the_record_says), TEST_CASE(missing_data_is_not_none),
	  TEST_CASE(exploit_references_are_public_poc), TEST_CASE(the_worst_cve_decides), TEST_CASE(services_by_path_the_strictest_counts),
	  TEST_CASE(human_impact_given_or_derived), TEST_CASE(development_small_only_where_it_is_separate),
	  TEST_CASE(malicious_packages_and_actions), TEST_CASE(other_tables), TEST_CASE(flips_and_vector), TEST_CASE(a_configuration_that_lets_kev_pass_is_named), TEST_CASE(the_gate),
	  TEST_CASE(exit_codes_have_an_order), TEST_CASE(old_data_keeps_the_gate_shut), TEST_CASE(undecided_and_strict), TEST_CASE(tear_down))
