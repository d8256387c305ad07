/* Exceptions: ignore entries, VEX in three forms, ignore files of other tools; ends, conflicts, products. */
#include "test.h"

#include "base/timestamp.h"
#include "decide/exceptions.h"

static struct arena *a;
static struct diags d;
static struct bom *b;
static struct findings f;
static struct policy p;
static struct exceptions x;
static struct scanned scanned;
static int64_t now;

static bool fetch_from(void *data, struct str what, struct str *text, struct str *why)
{
	for (const char **file = data; file && *file; file += 2) {
		if (str_is(what, file[0])) {
			*text = str_of(file[1]);
			return true;
		}
	}
	*why = STR("not there");
	return false;
}

static void list_from(void *data, struct str glob, struct arena *arena, struct str_list *out)
{
	bool path_glob(struct str g, struct str path);

	for (const char **file = data; file && *file; file += 2)
		if (path_glob(glob, str_of(file[0])))
			*VEC_ADD(arena, out) = str_of(file[0]);
}

static uint32_t component(const char *purl, const char *path)
{
	struct component *c = bom_add(b);
	uint32_t i = bom_index(b, c), input = (uint32_t)b->inputs.n;

	c->purl = str_of(purl);
	c->version = str_from(c->purl, str_rchr(c->purl, '@') + 1);
	VEC_ADD(a, &b->inputs)->path = str_of(path);
	bom_evidence(b, i, input, 0);
	return i;
}

static struct finding *finding(uint32_t c, const char *id, const char *alias)
{
	struct finding *one = VEC_ADD(a, &f.list);

	one->component = c;
	one->id = str_of(id);
	one->decision.services = 1;
	one->decision.service = STR("web");
	*VEC_ADD(a, &one->ids) = str_of(id);
	if (alias)
		*VEC_ADD(a, &one->ids) = str_of(alias);
	return one;
}

static const char left_pad[] = "pkg:npm/left-pad@1.0.0";

/* One component (left-pad 1.0.0) with one finding CVE-2024-1 = GHSA-AAAA, and another of another CVE. */
static enum result load(const char *config, const char **files)
{
	struct policy_io pio = { (void *)files, fetch_from };
	struct exceptions_io io = { (void *)files, fetch_from, list_from };

	diag_init(&d, a);
	b = bom_new(a, &d);
	f = (struct findings){ 0 };
	scanned = (struct scanned){ 0 };
	scanned_add(a, &scanned, STR("pkg:github/acme/shop@abc"));
	scanned_add(a, &scanned, STR("acme/shop"));
	uint32_t c = component(left_pad, "web/package-lock.json");
	finding(c, "CVE-2024-1", "GHSA-AAAA");
	finding(c, "CVE-2024-2", NULL);
	if (policy_parse(a, &d, STR("bomgate.yml"), str_of(config), &pio, &p) != OK)
		return FAILED;
	return exceptions_load(&x, a, &d, &p, &io);
}

static bool lifted(const char *config, const char **files)
{
	if (!CHECK_INT(load(config, files), OK)) {
		printf("# %.*s\n", STR_ARG(d.n ? d.items[0].text : STR("")));
		return false;
	}
	CHECK_INT(exceptions_apply(&x, &f, b, &scanned, now, 0, SEV_ERROR), OK);
	CHECK(!f.list.items[1].silenced);
	return f.list.items[0].silenced;
}

static void set_up(void)
{
	a = arena_new(0);
	timestamp_parse(STR("2026-11-27T12:00:00Z"), &now);
}

static void tear_down(void)
{
	arena_free(a);
}

#define IGNORE(rest) "ignore:\n  - {id: CVE-2024-1, until: 2027-01-31, reason: build only" rest "}\n"

static void ignore_entries(void)
{
	CHECK(lifted(IGNORE(""), NULL));
	CHECK_STR(f.list.items[0].silenced_by, STR("ignore CVE-2024-1: build only (bomgate.yml, until 2027-01-31)"));
	CHECK_INT(f.list.items[0].lifted->line, 2);
	CHECK_INT(x.list.items[0].used, 1);
	CHECK(lifted("ignore:\n  - {id: ghsa-aaaa, until: 2027-01-31, reason: alias}\n", NULL));
	CHECK(lifted(IGNORE(", component: 'pkg:npm/left-pad'"), NULL));
	CHECK(lifted(IGNORE(", component: 'pkg:npm/left-pad@1.0.0'"), NULL));
	CHECK(!lifted(IGNORE(", component: 'pkg:npm/left-pad@1.0.1'"), NULL));
	CHECK(!lifted(IGNORE(", component: 'pkg:npm/right-pad'"), NULL));
	CHECK(!lifted(IGNORE(", component: 'pkg:pypi/left-pad'"), NULL));
	CHECK(!lifted(IGNORE(", component: 'pkg:npm/left-pad?vcs_url=x'"), NULL));
	CHECK(lifted(IGNORE(", paths: ['web/**']"), NULL));
	CHECK(!lifted(IGNORE(", paths: ['tests/**']"), NULL));
	CHECK(lifted("services: [{name: web}]\n" IGNORE(", service: web"), NULL));
	CHECK(!lifted("services: [{name: api}]\n" IGNORE(", service: api"), NULL));
	/* a component that two places name is lifted only where both fit */
	load(IGNORE(", paths: ['web/**']"), NULL);
	VEC_ADD(a, &b->inputs)->path = STR("api/package-lock.json");
	bom_evidence(b, 0, 1, 0);
	exceptions_apply(&x, &f, b, &scanned, now, 0, SEV_ERROR);
	CHECK(!f.list.items[0].silenced);
	/* and one that belongs to two services is not lifted by an entry for one of them */
	load("services: [{name: web}]\n" IGNORE(", service: web"), NULL);
	f.list.items[0].decision.services = 2;
	exceptions_apply(&x, &f, b, &scanned, now, 0, SEV_ERROR);
	CHECK(!f.list.items[0].silenced);
}

/* A day ends when it ends in UTC, whatever TZ says; a time ends at its own moment. */
static void ends_across_time_zones(void)
{
	static const struct {
		const char *until, *now;
		bool holds;
	} cases[] = {
		{ "2026-11-27", "2026-11-27T23:59:59Z", true },
		{ "2026-11-27", "2026-11-28T00:00:00Z", false },
		{ "2026-11-27", "2026-11-28T08:59:59+09:00", true },
		{ "2026-11-27", "2026-11-28T09:00:00+09:00", false },
		{ "2026-11-27", "2026-11-27T16:00:00-08:00", false },
		{ "2026-11-27T12:00:00+02:00", "2026-11-27T09:59:59Z", true },
		{ "2026-11-27T12:00:00+02:00", "2026-11-27T10:00:00Z", false },
		{ "2026-11-27T12:00:00-05:00", "2026-11-27T16:59:59Z", true },
	};
	static const char *const zones[] = { "UTC", "Pacific/Kiritimati", "America/Los_Angeles", "UTC+14" };
	int64_t keep = now;

	for (size_t z = 0; z < 4; z++) {
		setenv("TZ", zones[z], 1);
		for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
			struct str config = arena_printf(a, "ignore: [{id: CVE-2024-1, until: \"%s\", reason: x}]\n", cases[i].until);
			timestamp_parse(str_of(cases[i].now), &now);
			CHECK_INT(lifted(config.s, NULL), cases[i].holds);
		}
	}
	unsetenv("TZ");
	now = keep;
	/* a clock set back revives nothing: the data is newer */
	load("ignore: [{id: CVE-2024-1, until: 2026-11-01, reason: x}]\n", NULL);
	exceptions_apply(&x, &f, b, &scanned, 0, now, SEV_ERROR);
	CHECK(!f.list.items[0].silenced);
}

static bool noted(const char *what)
{
	struct str_list notes = { 0 };
	bool found = false;

	exceptions_notes(a, &x, &notes);
	for (size_t i = 0; i < notes.n; i++)
		found = found || str_has(notes.items[i], str_of(what));
	return found;
}

static void notes(void)
{
	lifted("ignore: [{id: CVE-2024-1, until: 2026-12-10, reason: x}]\n", NULL);
	CHECK(noted("ignore CVE-2024-1 (bomgate.yml:1) ends on 2026-12-10 and lifts 1 finding"));
	lifted("ignore: [{id: CVE-2024-1, until: 2026-12-12, reason: x}]\n", NULL);
	CHECK(!noted("ends on"));
	lifted("ignore: [{id: CVE-2024-1, until: 2026-11-01, reason: x}]\n", NULL);
	CHECK(noted("ended on 2026-11-01; what it lifted counts again"));
	lifted("ignore: [{id: CVE-2024-9, until: 2027-11-01, reason: x}]\n", NULL);
	CHECK(noted("ignore CVE-2024-9 (bomgate.yml:1) is unused"));
}

#define VEX_CONFIG "vex:\n  - {file: 'v/*.json', author: acme, until: 2027-06-30}\n"

/* One OpenVEX document with one statement. */
static const char *openvex(const char *author, const char *statement)
{
	return arena_printf(a,
			    "{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"@id\":\"x\",\"author\":\"%s\",\"timestamp\":\"2026-01-01T00:00:00Z\","
			    "\"version\":1,\"statements\":[%s]}",
			    author, statement)
		.s;
}

static const char *statement_of(const char *status, const char *product, const char *more)
{
	return arena_printf(a, "{\"vulnerability\":{\"name\":\"CVE-2024-1\"},\"products\":[%s],\"status\":\"%s\"%s}", product, status, more).s;
}

#define JUSTIFIED ",\"justification\":\"vulnerable_code_not_present\""

static bool lifted_by(const char *document)
{
	const char *files[] = { "v/a.json", document, NULL };

	return lifted(VEX_CONFIG, files);
}

static enum result load_vex(const char *document)
{
	const char *files[] = { "v/a.json", document, NULL };

	return load(VEX_CONFIG, files);
}

static void openvex_statements(void)
{
	const char *own = "{\"@id\":\"pkg:npm/left-pad\"}", *exact = "{\"@id\":\"pkg:npm/left-pad@1.0.0\"}";

	CHECK(lifted_by(openvex("acme", statement_of("not_affected", own, JUSTIFIED))));
	CHECK_STR(f.list.items[0].lifted->who, STR("acme"));
	CHECK_STR(f.list.items[0].lifted->why, STR("not affected: vulnerable_code_not_present"));
	CHECK_STR(f.list.items[0].lifted->until, STR("2027-06-30"));
	CHECK(lifted_by(openvex("acme", statement_of("not_affected", own, ",\"impact_statement\":\"never called\""))));
	CHECK(!lifted_by(openvex("acme", statement_of("under_investigation", own, ""))));
	CHECK_STR(f.list.items[0].claim, STR("under investigation, says acme (v/a.json)"));
	CHECK(!lifted_by(openvex("acme", statement_of("affected", own, ",\"action_statement\":\"update\""))));
	/* fixed only for exactly that version */
	CHECK(!lifted_by(openvex("acme", statement_of("fixed", own, ""))));
	CHECK(lifted_by(openvex("acme", statement_of("fixed", exact, ""))));
	CHECK(!lifted_by(openvex("acme", statement_of("fixed", "{\"@id\":\"pkg:npm/left-pad@1.0.1\"}", ""))));
	/* the scanned product */
	CHECK(lifted_by(openvex("acme", statement_of("not_affected", "{\"@id\":\"pkg:github/acme/shop\"}", JUSTIFIED))));
	CHECK(lifted_by(openvex("acme", statement_of("not_affected", "{\"@id\":\"acme/shop\"}", JUSTIFIED))));
	CHECK(lifted_by(openvex("acme", statement_of("not_affected", "{\"@id\":\"acme/shop\",\"subcomponents\":[{\"@id\":\"pkg:npm/left-pad\"}]}", JUSTIFIED))));
	CHECK(lifted_by(openvex("acme", statement_of("fixed", "{\"@id\":\"pkg:github/acme/shop@abc\"}", ""))));
	CHECK(!lifted_by(openvex("acme", statement_of("fixed", "{\"@id\":\"pkg:github/acme/shop\"}", ""))));
	CHECK(lifted_by(openvex("acme", statement_of("not_affected", "{\"@id\":\"x\",\"identifiers\":{\"purl\":\"pkg:npm/left-pad@1.0.0\"}}", JUSTIFIED))));
	/* aliases */
	CHECK(lifted_by(openvex("acme", "{\"vulnerability\":{\"name\":\"X-1\",\"aliases\":[\"GHSA-AAAA\"]},\"products\":[{\"@id\":\"pkg:npm/left-pad\"}],"
					"\"status\":\"not_affected\",\"impact_statement\":\"no\"}")));
}

static void a_product_that_is_not_here(void)
{
	static const char *const products[] = {
		"{\"@id\":\"pkg:npm/elsewhere\"}",
		"{\"@id\":\"pkg:github/acme/other\"}",
		"{\"@id\":\"acme/other\"}",
		"{\"@id\":\"acme/other\",\"subcomponents\":[{\"@id\":\"pkg:npm/left-pad\"}]}",
		"{\"@id\":\"acme/shop\",\"subcomponents\":[{\"@id\":\"pkg:npm/elsewhere\"}]}",
	};

	for (size_t i = 0; i < 5; i++) {
		CHECK_INT(load_vex(openvex("acme", statement_of("not_affected", products[i], JUSTIFIED))), OK);
		CHECK_INT(exceptions_apply(&x, &f, b, &scanned, now, 0, SEV_ERROR), FAILED);
		CHECK(!f.list.items[0].silenced);
		CHECK_INT(diag_exit_code(&d), 2);
		CHECK_INT(d.items[0].line, 1);
		CHECK_INT(exceptions_apply(&x, &f, b, &scanned, now, 0, SEV_WARNING), PARTIAL);
	}
	/* another version of a package that is here exists */
	CHECK_INT(load_vex(openvex("acme", statement_of("not_affected", "{\"@id\":\"pkg:npm/left-pad@0.9\"}", JUSTIFIED))), OK);
	CHECK_INT(exceptions_apply(&x, &f, b, &scanned, now, 0, SEV_ERROR), OK);
	CHECK(!f.list.items[0].silenced);
}

static void vex_that_is_refused(void)
{
	const struct {
		const char *document, *why;
	} bad[] = {
		{ openvex("mallory", statement_of("not_affected", "{\"@id\":\"acme/shop\"}", JUSTIFIED)), "its author is \"mallory\"" },
		{ openvex("acme", statement_of("not_affected", "{\"@id\":\"acme/shop\"}", "")), "needs a justification" },
		{ openvex("acme", statement_of("harmless", "{\"@id\":\"acme/shop\"}", "")), "\"harmless\" is not known" },
		{ openvex("acme", statement_of("fixed", "", "")), "no products" },
		{ openvex("acme", statement_of("fixed", "{}", "")), "neither @id nor identifiers" },
		{ openvex("acme", statement_of("not_affected", "{\"@id\":\"acme/shop\",\"subcomponents\":[{}]}", JUSTIFIED)), "a subcomponent" },
		{ openvex("acme", "{\"products\":[{\"@id\":\"acme/shop\"}],\"status\":\"fixed\"}"), "no vulnerability" },
		{ openvex("", statement_of("fixed", "{\"@id\":\"acme/shop\"}", "")), "no author" },
		{ openvex("acme", statement_of("fixed", "{\"@id\":\"acme/shop\"}", ",\"timestamp\":\"yesterday\"")), "no valid timestamp" },
		{ "{}", "neither OpenVEX" },
		{ "[", "no valid JSON" },
		{ "{\"a\":1,\"a\":2}", "no valid JSON" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		CHECK_INT(load_vex(bad[i].document), FAILED);
		CHECK_INT(diag_exit_code(&d), 2);
		if (!CHECK(d.n && str_has(d.items[0].text, str_of(bad[i].why))))
			printf("# %zu: %.*s\n", i, STR_ARG(d.n ? d.items[0].text : STR("")));
		CHECK_INT(x.list.n, 0);
	}
	CHECK_INT(load(VEX_CONFIG, NULL), FAILED);
	CHECK(str_has(d.items[0].text, STR("fits no file")));
	CHECK_INT(load("vex: [{file: v/a.json, author: acme, until: 2027-01-01}]\n", NULL), FAILED);
	CHECK(str_has(d.items[0].text, STR("could not be read")));
}

static void later_wins_and_ties_are_strict(void)
{
	const char *both = arena_printf(a, "%s,%s",
					statement_of("not_affected", "{\"@id\":\"pkg:npm/left-pad\"}", JUSTIFIED ",\"timestamp\":\"2026-02-01T00:00:00Z\""),
					statement_of("affected", "{\"@id\":\"pkg:npm/left-pad\"}", ",\"timestamp\":\"2026-03-01T00:00:00Z\"")).s;
	CHECK(!lifted_by(openvex("acme", both)));
	both = arena_printf(a, "%s,%s", statement_of("not_affected", "{\"@id\":\"pkg:npm/left-pad\"}", JUSTIFIED ",\"timestamp\":\"2026-03-02T00:00:00+09:00\""),
			    statement_of("under_investigation", "{\"@id\":\"pkg:npm/left-pad\"}", ",\"timestamp\":\"2026-03-01T00:00:00Z\"")).s;
	CHECK(lifted_by(openvex("acme", both)));
	both = arena_printf(a, "%s,%s", statement_of("under_investigation", "{\"@id\":\"pkg:npm/left-pad\"}", ""),
			    statement_of("not_affected", "{\"@id\":\"pkg:npm/left-pad\"}", JUSTIFIED)).s;
	CHECK(!lifted_by(openvex("acme", both)));
	/* the end of the policy's entry */
	const char *files[] = { "v/a.json", openvex("acme", statement_of("not_affected", "{\"@id\":\"pkg:npm/left-pad\"}", JUSTIFIED)), NULL };
	CHECK(!lifted("vex:\n  - {file: v/a.json, author: acme, until: 2026-11-01}\n", files));
	CHECK(noted("ended on 2026-11-01"));
	/* two authors of one glob, each with its own entry */
	const char *two[] = { "v/a.json", openvex("acme", statement_of("affected", "{\"@id\":\"pkg:npm/left-pad\"}", "")), "v/b.json",
			      openvex("vendor", statement_of("affected", "{\"@id\":\"pkg:npm/left-pad\"}", "")), NULL };
	CHECK_INT(load(VEX_CONFIG "  - {file: 'v/*.json', author: vendor, until: 2027-06-30}\n", two), OK);
	CHECK_INT(x.list.n, 2);
	CHECK_INT(load(VEX_CONFIG, two), FAILED);
}

static const char *cdx(const char *ref, const char *state, const char *more)
{
	return arena_printf(a,
			    "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"metadata\":{\"timestamp\":\"2026-01-01T00:00:00Z\","
			    "\"authors\":[{\"name\":\"acme\"}],\"component\":{\"bom-ref\":\"me\",\"name\":\"shop\",\"purl\":\"pkg:github/acme/shop\"}},"
			    "\"components\":[{\"bom-ref\":\"c1\",\"name\":\"left-pad\",\"purl\":\"pkg:npm/left-pad@1.0.0\"}],"
			    "\"vulnerabilities\":[{\"id\":\"CVE-2024-1\",\"analysis\":{\"state\":\"%s\"%s},\"affects\":[{\"ref\":\"%s\"}]}]}",
			    state, more, ref)
		.s;
}

static void cyclonedx_statements(void)
{
	const char *why = ",\"justification\":\"code_not_reachable\"";

	CHECK(lifted_by(cdx("c1", "not_affected", why)));
	CHECK_STR(str_of(f.list.items[0].lifted->kind), STR("cyclonedx-vex"));
	CHECK(lifted_by(cdx("c1", "false_positive", ",\"detail\":\"wrong package\"")));
	CHECK(lifted_by(cdx("me", "not_affected", why)));
	CHECK(lifted_by(cdx("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg:npm/left-pad@1.0.0", "not_affected", why)));
	CHECK(lifted_by(cdx("c1", "resolved", "")));
	CHECK(!lifted_by(cdx("me", "resolved", "")));
	CHECK(!lifted_by(cdx("c1", "exploitable", "")));
	CHECK(!lifted_by(cdx("c1", "in_triage", "")));
	CHECK_INT(load_vex(cdx("c1", "not_affected", "")), FAILED);
	CHECK_INT(load_vex(cdx("c1", "fine", "")), FAILED);
	CHECK_INT(load_vex(cdx("", "exploitable", "")), FAILED);
}

static const char *csaf(const char *list, const char *id, const char *more, const char *status)
{
	return arena_printf(a,
			    "{\"document\":{\"category\":\"csaf_vex\",\"csaf_version\":\"2.0\",\"publisher\":{\"name\":\"acme\"},"
			    "\"tracking\":{\"current_release_date\":\"2026-01-01T00:00:00Z\",\"status\":\"%s\"}},"
			    "\"product_tree\":{\"branches\":[{\"category\":\"vendor\",\"branches\":["
			    "{\"category\":\"product_version\",\"product\":{\"product_id\":\"P1\",\"product_identification_helper\":{\"purl\":\"pkg:npm/left-pad@1.0.0\"}}},"
			    "{\"category\":\"product_version_range\",\"product\":{\"product_id\":\"P2\",\"product_identification_helper\":{\"purl\":\"pkg:npm/left-pad\"}}}]}],"
			    "\"full_product_names\":[{\"product_id\":\"SHOP\",\"product_identification_helper\":{\"purl\":\"pkg:github/acme/shop\"}}],"
			    "\"relationships\":[{\"category\":\"default_component_of\",\"product_reference\":\"P1\",\"relates_to_product_reference\":\"SHOP\","
			    "\"full_product_name\":{\"product_id\":\"SHOP:P1\"}}]},"
			    "\"vulnerabilities\":[{\"cve\":\"CVE-2024-1\",\"product_status\":{\"%s\":[\"%s\"]}%s}]}",
			    status, list, id, more)
		.s;
}

static void csaf_statements(void)
{
	const char *flag = ",\"flags\":[{\"label\":\"vulnerable_code_not_present\",\"product_ids\":[\"P1\",\"SHOP\",\"SHOP:P1\"]}]";

	CHECK(lifted_by(csaf("known_not_affected", "P1", flag, "final")));
	CHECK_STR(f.list.items[0].lifted->why, STR("not affected: vulnerable_code_not_present"));
	CHECK(lifted_by(csaf("known_not_affected", "SHOP:P1", flag, "final")));
	CHECK(lifted_by(csaf("known_not_affected", "SHOP", flag, "final")));
	CHECK(lifted_by(csaf("known_not_affected", "P1", ",\"threats\":[{\"category\":\"impact\",\"details\":\"not built\"}]", "final")));
	CHECK(lifted_by(csaf("fixed", "P1", "", "final")));
	CHECK(!lifted_by(csaf("fixed", "SHOP", "", "final")));
	CHECK(!lifted_by(csaf("known_affected", "P1", "", "final")));
	CHECK(!lifted_by(csaf("under_investigation", "P1", "", "final")));
	CHECK(!lifted_by(csaf("known_not_affected", "P1", flag, "draft")));
	CHECK_INT(load_vex(csaf("known_not_affected", "P1", "", "final")), FAILED);
	CHECK_INT(load_vex(csaf("known_not_affected", "P9", flag, "final")), FAILED);
	CHECK_INT(load_vex(csaf("fixed", "P2", "", "final")), FAILED);
}

static bool lifted_by_file(const char *name, const char *text)
{
	const char *files[] = { name, text, NULL };
	struct str config = arena_printf(a, "ignore_files: [%s]\n", name);

	return lifted(config.s, files);
}

static enum result load_file(const char *name, const char *text)
{
	const char *files[] = { name, text, NULL };
	struct str config = arena_printf(a, "ignore_files: [%s]\n", name);

	return load(config.s, files);
}

static void ignore_files_of_others(void)
{
	CHECK(lifted_by_file(".trivyignore", "# why\nCVE-2024-1\n"));
	CHECK(noted("trivyignore CVE-2024-1 (.trivyignore:2) has no end"));
	CHECK(lifted_by_file(".trivyignore", "CVE-2024-1 exp:2026-12-31 # later\r\n"));
	CHECK(!noted("no end"));
	CHECK(!lifted_by_file(".trivyignore", "CVE-2024-1 exp:2026-11-26\n"));
	CHECK_INT(load_file(".trivyignore", "CVE-2024-1 exp:soon\n"), FAILED);
	CHECK_INT(load_file(".trivyignore", "CVE-2024-1 CVE-2024-2\n"), FAILED);
	CHECK(lifted_by_file(".trivyignore.yaml", "vulnerabilities:\n  - id: CVE-2024-1\n    paths: ['web/**']\n    purls: ['pkg:npm/left-pad']\n"
						  "    expired_at: 2026-12-31\n    statement: s\n"));
	CHECK(!lifted_by_file(".trivyignore.yaml", "vulnerabilities:\n  - id: CVE-2024-1\n    paths: ['api/**']\n"));
	CHECK(!lifted_by_file(".trivyignore.yaml", "vulnerabilities:\n  - id: CVE-2024-1\n    purls: ['pkg:npm/left-pad@2']\n"));
	CHECK_INT(load_file(".trivyignore.yaml", "vulnerabilities:\n  - paths: [a]\n"), FAILED);
	CHECK(lifted_by_file("web/osv-scanner.toml", "[[IgnoredVulns]]\nid = \"GHSA-AAAA\"\nignoreUntil = 2026-12-31\nreason = \"r\"\n"));
	CHECK(!lifted_by_file("osv-scanner.toml", "[[IgnoredVulns]]\nid = \"CVE-2024-1\"\n")); /* another folder */
	CHECK(!lifted_by_file("web/osv-scanner.toml", "[[IgnoredVulns]]\nid = \"CVE-2024-1\"\nignoreUntil = 2026-11-01\n"));
	CHECK_INT(load_file("web/osv-scanner.toml", "[[IgnoredVulns]]\nreason = \"r\"\n"), FAILED);
	CHECK_INT(load_file("web/osv-scanner.toml", "[[PackageOverrides]]\nname = \"l.*\"\nnameIsRegex = true\necosystem = \"npm\"\nignore = true\n"), FAILED);
	CHECK(lifted_by_file(".grype.yaml", "ignore:\n  - vulnerability: CVE-2024-1\n    reason: r\n    package: {name: left-pad, version: 1.0.0, type: npm}\n"));
	CHECK(!lifted_by_file(".grype.yaml", "ignore:\n  - vulnerability: CVE-2024-1\n    package: {name: left-pad, version: 2.0.0, type: npm}\n"));
	CHECK(lifted_by_file(".grype.yaml", "ignore:\n  - vulnerability: CVE-2024-1\n    package: {location: '/web/**'}\n"));
	CHECK(!lifted_by_file(".grype.yaml", "ignore:\n  - vulnerability: CVE-2024-1\n    package: {location: '/api/**'}\n"));
	CHECK_INT(load_file(".grype.yaml", "ignore:\n  - vulnerability: CVE-2024-1\n    fix-state: unknown\n"), FAILED);
	CHECK_INT(load_file(".grype.yaml", "ignore:\n  - reason: everything\n"), FAILED);
	CHECK_INT(load_file(".grype.yaml", "ignore:\n  - package: {name: left-pad}\n"), FAILED);
	CHECK_INT(load_file("other.ignore", "x\n"), FAILED);
	/* rules without an id lift everything of the package */
	const char *files[] = { "web/osv-scanner.toml", "[[PackageOverrides]]\nname = \"left-pad\"\necosystem = \"npm\"\nignore = true\n", NULL };
	CHECK_INT(load("ignore_files: [web/osv-scanner.toml]\n", files), OK);
	exceptions_apply(&x, &f, b, &scanned, now, 0, SEV_ERROR);
	CHECK(f.list.items[0].silenced && f.list.items[1].silenced);
	CHECK_INT(x.list.items[0].used, 2);
}

static void cut_anywhere(void)
{
	const char *documents[] = { csaf("fixed", "P1", "", "final"), cdx("c1", "resolved", ""),
				    openvex("acme", statement_of("fixed", "{\"@id\":\"acme/shop\"}", "")) };

	for (size_t k = 0; k < 3; k++) {
		for (size_t n = 0; n < strlen(documents[k]); n++) {
			struct arena_mark m = arena_mark(a);
			CHECK_INT(load_vex(arena_cstr(a, str_make(documents[k], n))), FAILED);
			CHECK(d.n > 0);
			arena_pop(a, m);
		}
	}
}

static void flipped_anywhere(void)
{
	static const char with[] = { '"', ':', '[', '}', ',', '0', '\xff' };
	const char *documents[] = { csaf("fixed", "P1", "", "final"), cdx("c1", "resolved", ""),
				    openvex("acme", statement_of("fixed", "{\"@id\":\"acme/shop\"}", "")) };

	for (size_t k = 0; k < 3; k++) {
		char *text = arena_cstr(a, str_of(documents[k]));
		for (size_t i = 0; text[i]; i++) {
			for (size_t x1 = 0; x1 < sizeof with; x1++) {
				struct arena_mark m = arena_mark(a);
				char keep = text[i];
				text[i] = with[x1];
				if (load_vex(text) == OK)
					exceptions_apply(&x, &f, b, &scanned, now, 0, SEV_WARNING);
				else
					CHECK(d.n > 0);
				text[i] = keep;
				arena_pop(a, m);
			}
		}
	}
}

TEST_MAIN(TEST_CASE(set_up), TEST_CASE(ignore_entries), TEST_CASE(ends_across_time_zones), TEST_CASE(notes), TEST_CASE(openvex_statements),
	  TEST_CASE(a_product_that_is_not_here), TEST_CASE(vex_that_is_refused), TEST_CASE(later_wins_and_ties_are_strict),
	  TEST_CASE(cyclonedx_statements), TEST_CASE(csaf_statements), TEST_CASE(ignore_files_of_others), TEST_CASE(cut_anywhere), TEST_CASE(flipped_anywhere), TEST_CASE(tear_down))
