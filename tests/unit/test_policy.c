/* The configuration: parsing, errors with lines, extends, environments, minimum. */
#include "test.h"

#include "decide/policy.h"

static struct arena *a;
static struct diags d;

static bool fetch_nothing(void *data, struct str what, struct str *text, struct str *why)
{
	*why = STR("not there");
	return false;
}

/* data: pairs of name and text, ends with NULL. */
static bool fetch_from(void *data, struct str what, struct str *text, struct str *why)
{
	for (const char **p = data; *p; p += 2) {
		if (str_is(what, p[0])) {
			*text = str_of(p[1]);
			return true;
		}
	}
	return fetch_nothing(data, what, text, why);
}

static enum result parse_with(const char *text, const char **files, struct policy *p)
{
	struct policy_io io = { files, files ? fetch_from : fetch_nothing };

	diag_init(&d, a);
	return policy_parse(a, &d, STR("bomgate.yml"), str_of(text), &io, p);
}

static enum result parse(const char *text, struct policy *p)
{
	return parse_with(text, NULL, p);
}

static void set_up(void)
{
	a = arena_new(0);
}

static void tear_down(void)
{
	arena_free(a);
}

static const char whole[] = "services:\n"
			    "  - name: storefront\n"
			    "    paths: [\"web/**\", \"libs/shared/\"]\n"
			    "    owner: \"@acme/web\"\n"
			    "    exposure: open              # SSVC System Exposure\n"
			    "    human_impact: high\n"
			    "    development: as-service\n"
			    "  - name: rest\n"
			    "    safety_impact: marginal\n"
			    "    mission_impact: MEF failure\n"
			    "    development: small\n"
			    "environments:\n"
			    "  release: {on: [\"tag\", \"refs/heads/release/*\"], fail_on: scheduled}\n"
			    "ssvc:\n"
			    "  human_impact_table: 1.0.0\n"
			    "  assume: {automatable: yes}\n"
			    "  strict: false\n"
			    "gate:\n"
			    "  fail_on: out-of-cycle\n"
			    "  minimum: {fail_on: immediate, allow_incomplete: false}\n"
			    "  pull_request: new\n"
			    "  undecided: warn\n"
			    "  max_age: {kev: 48h, ssvc: 72h, osv: 7d}\n"
			    "licences:\n"
			    "  deny: [\"AGPL-3.0-only\"]\n"
			    "ignore:\n"
			    "  - id: CVE-2024-0001\n"
			    "    component: \"pkg:npm/left-pad\"\n"
			    "    until: 2027-01-31\n"
			    "    reason: \"not reachable: build-time only\"\n"
			    "vex:\n"
			    "  - {file: \"security/*.openvex.json\", author: \"security@acme.example\", until: 2027-06-30}\n"
			    "exclude: [\"**/testdata/**\"]\n"
			    "respond_within: {immediate: 2d, out-of-cycle: 14d, scheduled: 90d}\n";

static void the_whole_file(void)
{
	struct policy p;

	CHECK_INT(parse(whole, &p), OK);
	CHECK_INT(d.n, 0);
	CHECK_INT(p.services.n, 2);
	struct service *s = p.services.items;
	CHECK_STR(s[0].name, STR("storefront"));
	CHECK_INT(s[0].paths.n, 2);
	CHECK_STR(s[0].paths.items[1], STR("libs/shared/**"));
	CHECK_INT(s[0].points[SERVICE_EXPOSURE].value, 2);
	CHECK_INT(s[0].points[SERVICE_HUMAN_IMPACT].value, 2);
	CHECK_INT(s[0].points[SERVICE_HUMAN_IMPACT].line, 6);
	CHECK(s[0].development.set && !s[0].development.value);
	CHECK_INT(s[1].points[SERVICE_MISSION].value, 2);
	CHECK_INT(s[1].development.value, 1);
	CHECK_INT(p.environments.n, 1);
	CHECK_INT(p.environments.items[0].fail_on.value, OUTCOME_SCHEDULED);
	CHECK_INT(p.fail_on.value, OUTCOME_OUT_OF_CYCLE);
	CHECK_INT(p.minimum_fail_on.value, OUTCOME_IMMEDIATE);
	CHECK_INT(p.max_age[DATA_KEV].value, 48 * 3600);
	CHECK_INT(p.ignore.n, 1);
	CHECK_INT(p.ignore.items[0].line, 27);
	CHECK_INT(p.ignore.items[0].until_time, 1801440000); /* 2027-02-01T00:00:00Z */
	CHECK_INT(p.vex.n, 1);
	CHECK_INT(p.respond_within[3].value, 2 * 86400);
	CHECK_STR(p.licences_deny.items[0], STR("AGPL-3.0-only"));
	CHECK_INT(p.files.n, 1);
}

static void nothing_is_the_default(void)
{
	struct policy p;

	CHECK_INT(parse("", &p), OK);
	CHECK_INT(p.fail_on.value, OUTCOME_OUT_OF_CYCLE);
	CHECK_INT(parse("# only a comment\n", &p), OK);
	CHECK_INT(p.assume[ASSUME_EXPOSURE].value, 2);
	CHECK_INT(p.assume[ASSUME_HUMAN_IMPACT].value, 1);
}

static void errors_have_line_and_advice(void)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *says;
	} bad[] = {
		{ "gate:\n  fail-on: immediate\n", 2, "did you mean `fail_on`" },
		{ "gate:\n  failon: immediate\n", 2, "did you mean `fail_on`" },
		{ "ignor: []\n", 1, "did you mean `ignore`" },
		{ "fail_on: any\n", 1, "belongs to" },
		{ "zzzzzzzz: 1\n", 1, "here stand extends, ssvc, services" },
		{ "gate: {fail_on: high}\n", 1, "defer, scheduled, out-of-cycle or immediate, any or never" },
		{ "gate: {undecided: maybe}\n", 1, "warn or fail" },
		{ "gate: {max_age: {kev: soon}}\n", 1, "72h or 7d" },
		{ "gate: {max_age: {nvd: 1d}}\n", 1, "no known key" },
		{ "gate: closed\n", 1, "is a mapping" },
		{ "ssvc:\n  strict: perhaps\n", 2, "neither true nor false" },
		{ "ssvc: {assume: {automatable: often}}\n", 1, "no or yes" },
		{ "services: storefront\n", 1, "is a list" },
		{ "services:\n  - storefront\n", 2, "is a mapping" },
		{ "services:\n  - paths: [a]\n", 2, "`name` is missing" },
		{ "services:\n  - name: a\n    exposure: wide\n", 3, "small, controlled or open" },
		{ "services:\n  - name: a\n    human_impact: low\n    safety_impact: critical\n", 2, "not both" },
		{ "services:\n  - {name: a, paths: [x]}\n  - {name: a, paths: [y]}\n", 3, "stands twice (line 2)" },
		{ "services:\n  - name: a\n  - name: b\n", 3, "never counts" },
		{ "services:\n  - {name: a, paths: [[x]]}\n", 2, "list of globs" },
		{ "ignore:\n  - id: CVE-2024-1\n    reason: x\n", 2, "`until` is missing" },
		{ "ignore:\n  - id: CVE-2024-1\n    until: 2027-01-31\n", 2, "`reason` is missing" },
		{ "ignore:\n  - id: CVE-2024-1\n    until: 2027-01-31\n    reason: ''\n", 4, "is empty" },
		{ "ignore:\n  - {component: 'pkg:npm/a', until: 2027-01-31, reason: x}\n", 2, "`id` is missing" },
		{ "ignore:\n  - {id: A, until: 2027-02-30, reason: x}\n", 2, "no day" },
		{ "ignore:\n  - {id: A, until: 31.1.2027, reason: x}\n", 2, "no day" },
		{ "ignore:\n  - {id: A, until: 1801440000, reason: x}\n", 2, "no day" },
		{ "ignore:\n  - {id: A, until: never, reason: x}\n", 2, "no day" },
		{ "ignore:\n  - {id: A, component: left-pad, until: 2027-01-31, reason: x}\n", 2, "no purl" },
		{ "ignore:\n  - {id: A, service: nowhere, until: 2027-01-31, reason: x}\n", 2, "there is no service" },
		{ "vex:\n  - {file: a.json, until: 2027-01-31}\n", 2, "`author` is missing" },
		{ "vex:\n  - {file: a.json, author: x}\n", 2, "`until` is missing" },
		{ "environments:\n  x: {fail_on: any}\n", 2, "`on` is missing" },
		{ "environments:\n  x: {on: [main]}\n", 2, "full ref" },
		{ "environments:\n  x: {on: []}\n", 2, "never hold" },
		{ "respond_within: {soon: 2d}\n", 1, "no outcome" },
		{ "ssvc: {table: mine}\n", 1, "no published table" },
		{ "ssvc: {table: mine.json}\n", 1, "could not be read: not there" },
		{ "ssvc: {table: mine.json}\ngate: {fail_on: panic}\n", 2, "no outcome of ssvc:DT_DP:1.0.0" },
		{ "ssvc: {table: utility}\n", 1, "no outcome" },
		{ "ssvc: {table: bod-26-04}\n", 0, "gate.fail_on" },
		{ "ssvc: {human_impact_table: deployer}\n", 1, "does not go from Safety" },
		{ "extends: acme/security//bomgate.yml@main\n", 1, "40-digit SHA" },
		{ "extends: acme//bomgate.yml@0123456789abcdef0123456789abcdef01234567\n", 1, "40-digit SHA" },
		{ "gate:\n  fail_on: {value: any, repository: may}\n", 2, "only in a file that others extend" },
		{ "gate: {fail_on: any}\ngate: {fail_on: never}\n", 2, "YAML" },
		{ "gate: [\n", 2, "YAML" },
		{ "a\n", 1, "mapping" },
		{ "gate: {}\n---\ngate: {}\n", 3, "second YAML document" },
		{ "gate: {fail_on: }\n", 1, "no value" },
		{ "gate: {fail_on: [any]}\n", 1, "one value" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct policy p;
		bool found = false;
		CHECK_INT(parse(bad[i].text, &p), FAILED);
		CHECK_INT(diag_exit_code(&d), 2);
		for (size_t k = 0; k < d.n; k++)
			found = found || (str_has(d.items[k].text, str_of(bad[i].says)) && d.items[k].line == bad[i].line);
		if (!CHECK(found))
			printf("# %zu: %s# line %u: %.*s\n", i, bad[i].text, d.n ? d.items[0].line : 0, STR_ARG(d.n ? d.items[0].text : STR("")));
	}
}

static void cut_anywhere(void)
{
	for (size_t n = 0; n < sizeof whole; n++) {
		struct arena_mark m = arena_mark(a);
		struct policy p;
		struct policy_io io = { NULL, fetch_nothing };
		diag_init(&d, a);
		enum result r = policy_parse(a, &d, STR("bomgate.yml"), str_make(whole, n), &io, &p);
		CHECK(r == OK || d.n > 0);
		arena_pop(a, m);
	}
}

/* Every byte replaced: a configuration or a reason, never a crash. */
static void flipped_anywhere(void)
{
	static const char with[] = { 0, '"', ':', '-', '[', '}', '\n', '&', '\xff', 'x' };
	char *text = arena_cstr(a, STR(whole));
	size_t n = sizeof whole - 1;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < sizeof with; k++) {
			struct arena_mark m = arena_mark(a);
			struct policy p;
			struct policy_io io = { NULL, fetch_nothing };
			char keep = text[i];
			text[i] = with[k];
			diag_init(&d, a);
			enum result r = policy_parse(a, &d, STR("bomgate.yml"), str_make(text, n), &io, &p);
			CHECK(r == OK || d.n > 0);
			text[i] = keep;
			arena_pop(a, m);
		}
	}
}

#define SHA "0123456789abcdef0123456789abcdef01234567"
#define EXTENDS "extends: acme/security//bomgate.yml@" SHA "\n"

static enum result extend(const char *theirs, const char *mine, struct policy *p)
{
	const char *files[] = { "acme/security//bomgate.yml@" SHA, theirs, "acme/security//t.csv@" SHA, "Automatable,Priority\nno,defer\nyes,immediate\n",
				NULL };
	struct str text = arena_concat(a, STR(EXTENDS), str_of(mine), STR(""));

	return parse_with(text.s, files, p);
}

static void an_organisation_sets_floors(void)
{
	struct policy p;

	CHECK_INT(extend("gate: {fail_on: scheduled}\n", "", &p), OK);
	CHECK_INT(p.fail_on.value, OUTCOME_SCHEDULED);
	CHECK_INT(p.files.n, 2);
	CHECK_INT(extend("gate: {fail_on: scheduled}\n", "gate: {fail_on: any}\n", &p), OK);
	CHECK_INT(p.fail_on.value, 0);
	CHECK_INT(extend("gate: {fail_on: scheduled}\n", "gate: {fail_on: immediate}\n", &p), FAILED);
	CHECK(str_has(d.items[0].text, STR("looser than acme/security")));
	CHECK_INT(d.items[0].line, 2);
	CHECK_INT(extend("gate: {fail_on: {value: scheduled, repository: may}}\n", "gate: {fail_on: immediate}\n", &p), OK);
	CHECK_INT(p.fail_on.value, OUTCOME_IMMEDIATE);
	CHECK_INT(extend("gate: {fail_on: scheduled, repository: may}\n", "gate: {fail_on: never}\n", &p), OK);
	CHECK_INT(p.fail_on.value, FAIL_ON_NEVER);
	/* every kind of loosening */
	static const char *const loose[][2] = {
		{ "gate: {undecided: fail}\n", "gate: {undecided: warn}\n" },
		{ "gate: {pull_request: all}\n", "gate: {pull_request: new}\n" },
		{ "gate: {allow_incomplete: false}\n", "gate: {allow_incomplete: true}\n" },
		{ "gate: {max_age: {kev: 24h}}\n", "gate: {max_age: {kev: 25h}}\n" },
		{ "gate: {minimum: {fail_on: scheduled}}\n", "gate: {minimum: {fail_on: never}}\n" },
		{ "gate: {minimum: {max_age: {osv: 1d}}}\n", "gate: {minimum: {max_age: {osv: 2d}}}\n" },
		{ "ssvc: {strict: true}\n", "ssvc: {strict: false}\n" },
		{ "ssvc: {assume: {automatable: yes}}\n", "ssvc: {assume: {automatable: no}}\n" },
		{ "ssvc: {table: deployer}\n", "ssvc: {table: supplier}\ngate: {fail_on: immediate}\n" },
		{ "ssvc: {human_impact_table: 2024.3.8}\n", "ssvc: {human_impact_table: 1.0.0}\n" },
		{ "ignore: []\n", "ignore: [{id: A, until: 2027-01-31, reason: x}]\n" },
		{ "exclude: []\n", "exclude: ['**']\n" },
		{ "vex: []\n", "vex: [{file: a, author: b, until: 2027-01-31}]\n" },
		{ "ignore_files: []\n", "ignore_files: [.trivyignore]\n" },
		{ "licences: {allow: [MIT]}\n", "licences: {allow: [MIT, GPL-3.0-only]}\n" },
		{ "services: [{name: floor, exposure: open}]\n", "services: [{name: x, exposure: small}]\n" },
		{ "services: [{name: floor, human_impact: high}]\n", "services: [{name: x, human_impact: low}]\n" },
		{ "services: [{name: floor, development: as-service}]\n", "services: [{name: x, development: small}]\n" },
		{ "gate: {fail_on: scheduled}\n", "environments: {e: {on: [push], fail_on: never}}\n" },
		{ "services: [{name: floor, exposure: open}]\n", "environments: {e: {on: [push], exposure: small}}\n" },
		{ "respond_within: {immediate: 1d}\n", "respond_within: {immediate: 2d}\n" },
	};
	for (size_t i = 0; i < sizeof loose / sizeof loose[0]; i++) {
		if (!CHECK_INT(extend(loose[i][0], loose[i][1], &p), FAILED) || !CHECK(d.n && str_has(d.items[0].text, STR("looser"))))
			printf("# %zu: %s # %s", i, loose[i][0], loose[i][1]);
		/* what the organisation does not say is the repository's own */
		if (!CHECK_INT(extend("gate: {}\n", loose[i][1], &p), OK))
			printf("# %zu: %.*s\n", i, STR_ARG(d.items[0].text));
	}
	CHECK_INT(extend("licences: {deny: [MIT], allow: [ISC]}\n", "licences: {deny: [X11], allow: [ISC]}\n", &p), OK);
	CHECK_INT(p.licences_deny.n, 2);
	CHECK_INT(extend("services: [{name: floor, exposure: controlled}]\n", "services: [{name: x, paths: [a]}]\n", &p), OK);
	CHECK_INT(p.services.items[0].points[SERVICE_EXPOSURE].value, 1);
	CHECK_INT(extend("ssvc: {table: t.csv}\ngate: {fail_on: immediate}\n", "", &p), OK);
	CHECK_STR(p.table->id, STR("t.csv"));
	CHECK_INT(p.files.n, 3);
}

static void an_organisation_that_cannot_be_read(void)
{
	struct policy p;

	CHECK_INT(parse(EXTENDS, &p), FAILED);
	CHECK_INT(diag_exit_code(&d), 4);
	CHECK_INT(extend("extends: a/b//c@" SHA "\n", "", &p), FAILED);
	CHECK(str_has(d.items[0].text, STR("a third")));
	CHECK_INT(extend("gate: {fail_in: x}\n", "", &p), FAILED);
	CHECK_STR(d.items[0].input, STR("acme/security//bomgate.yml@" SHA));
	CHECK_INT(d.items[0].line, 1);
}

static struct effective run_with(const struct policy *p, struct policy_run run, enum result want)
{
	struct effective e;

	diag_init(&d, a);
	CHECK_INT(policy_effective(p, &run, &d, &e), want);
	return e;
}

static void environments_and_minimum(void)
{
	struct policy p;
	struct effective e;

	parse("environments:\n"
	      "  release: {on: [tag, 'refs/heads/release/*'], fail_on: scheduled, strict: true}\n"
	      "  nightly: {on: [schedule], fail_on: any, exposure: controlled}\n"
	      "gate: {minimum: {fail_on: out-of-cycle, allow_incomplete: false, undecided: fail, strict: true, max_age: {kev: 24h}}}\n",
	      &p);
	e = run_with(&p, (struct policy_run){ .event = STR("push"), .ref = STR("refs/heads/main") }, OK);
	CHECK_INT(e.fail_on, OUTCOME_OUT_OF_CYCLE);
	CHECK(!e.environment.s);
	CHECK(e.undecided_fail && e.strict);
	CHECK_INT(e.max_age[DATA_KEV], 86400);
	e = run_with(&p, (struct policy_run){ .event = STR("push"), .ref = STR("refs/tags/v1") }, OK);
	CHECK_INT(e.fail_on, OUTCOME_SCHEDULED);
	CHECK_STR(e.environment, STR("release"));
	e = run_with(&p, (struct policy_run){ .event = STR("schedule"), .ref = STR("refs/heads/release/1.2") }, OK);
	CHECK_INT(e.fail_on, 0);
	CHECK_STR(e.environment, STR("release, nightly"));
	CHECK_INT(e.points[SERVICE_EXPOSURE].value, 1);
	/* inputs tighten, never loosen */
	e = run_with(&p, (struct policy_run){ .fail_on = STR("never"), .allow_incomplete = STR("true"), .max_age = STR("9d"), .strict = STR("false") }, OK);
	CHECK_INT(e.fail_on, OUTCOME_OUT_OF_CYCLE);
	CHECK(!e.allow_incomplete);
	CHECK_INT(e.max_age[DATA_KEV], 86400);
	CHECK_INT(e.max_age[DATA_OSV], 9 * 86400);
	CHECK(e.notes.n >= 3);
	e = run_with(&p, (struct policy_run){ .fail_on = STR("any"), .max_age = STR("kev=1h") }, OK);
	CHECK_INT(e.fail_on, 0);
	CHECK_INT(e.max_age[DATA_KEV], 3600);
	run_with(&p, (struct policy_run){ .fail_on = STR("high") }, FAILED);
	run_with(&p, (struct policy_run){ .strict = STR("1") }, FAILED);
	run_with(&p, (struct policy_run){ .max_age = STR("nvd=1d") }, FAILED);
	CHECK_INT(diag_exit_code(&d), 2);
	policy_default(a, &p);
	e = run_with(&p, (struct policy_run){ .fail_on = STR("never"), .allow_incomplete = STR("true") }, OK);
	CHECK_INT(e.fail_on, FAIL_ON_NEVER);
	CHECK(e.allow_incomplete);
}

static void globs_that_fit_nothing(void)
{
	struct str paths[] = { STR("web/package-lock.json"), STR("go.mod") };
	struct policy p;

	parse("services:\n  - name: a\n    paths: ['web/**']\nexclude: [go.mod]\n", &p);
	diag_init(&d, a);
	CHECK_INT(policy_check_paths(&p, &d, SEV_ERROR, paths, 2), OK);
	parse("services:\n  - name: a\n    paths: ['wbe/**']\nexclude: ['*.lock']\n", &p);
	diag_init(&d, a);
	CHECK_INT(policy_check_paths(&p, &d, SEV_ERROR, paths, 2), FAILED);
	CHECK_INT(d.n, 2);
	CHECK_INT(d.items[0].line, 4);
	CHECK_INT(d.items[1].line, 2);
	CHECK_INT(diag_exit_code(&d), 2);
	CHECK_INT(policy_check_paths(&p, &d, SEV_WARNING, paths, 2), PARTIAL);
}

TEST_MAIN(TEST_CASE(set_up), TEST_CASE(the_whole_file), TEST_CASE(nothing_is_the_default), TEST_CASE(errors_have_line_and_advice),
	  TEST_CASE(cut_anywhere), TEST_CASE(flipped_anywhere), TEST_CASE(an_organisation_sets_floors), TEST_CASE(an_organisation_that_cannot_be_read),
	  TEST_CASE(environments_and_minimum), TEST_CASE(globs_that_fit_nothing), TEST_CASE(tear_down))
