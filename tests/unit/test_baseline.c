/* What is new, old and fixed in a change; lockfiles that went; licences. */
#include "test.h"

#include "decide/baseline.h"
#include "decide/decide.h"
#include "decide/licences.h"

static struct arena *a;
static struct diags d;
static struct effective e;

struct side {
	struct bom *b;
	struct findings f;
};

static struct side side(void)
{
	struct side s = { .b = bom_new(a, &d) };

	return s;
}

static uint32_t component(struct side *s, const char *name, const char *version)
{
	struct component *c = bom_add(s->b);

	c->name = str_of(name);
	c->version = str_of(version);
	c->ecosystem = STR("npm");
	c->purl = arena_printf(a, "pkg:npm/%s@%s", name, version);
	return bom_index(s->b, c);
}

static struct finding *add(struct side *s, const char *name, const char *version, const char *id, unsigned level)
{
	struct finding *f = VEC_ADD(a, &s->f.list);

	f->component = component(s, name, version);
	*VEC_ADD(a, &f->ids) = f->id = str_of(id);
	f->decision.level = f->decision.highest_level = level;
	f->decision.outcome = (enum outcome)level;
	f->decision.services = 1;
	f->decision.service = STR("web");
	return f;
}

static struct baseline compare(struct side *head, struct side *base)
{
	struct baseline out;

	baseline_apply(a, &head->f, head->b, &base->f, base->b, &e, &out);
	return out;
}

static void set_up(void)
{
	a = arena_new(0);
	diag_init(&d, a);
	e = (struct effective){ .fail_on = OUTCOME_OUT_OF_CYCLE };
}

static void tear_down(void)
{
	arena_free(a);
}

static void old_new_fixed(void)
{
	struct side base = side(), head = side();

	add(&base, "lodash", "1.0.0", "CVE-1", 2);
	add(&base, "lodash", "1.0.0", "CVE-2", 2);
	add(&base, "worse", "1.0.0", "CVE-3", 1);
	add(&base, "better", "1.0.0", "CVE-4", 3);
	add(&base, "lifted", "1.0.0", "CVE-5", 3)->silenced = true;
	add(&head, "lodash", "1.0.1", "CVE-1", 2); /* another version of the same */
	add(&head, "worse", "1.0.0", "CVE-3", 2);  /* a higher outcome */
	add(&head, "better", "1.0.0", "CVE-4", 2); /* a lower one */
	add(&head, "lifted", "1.0.0", "CVE-5", 3); /* the exception went */
	add(&head, "other", "1.0.0", "CVE-1", 2);  /* the same flaw elsewhere */
	add(&head, "lodash", "1.0.1", "CVE-1", 2)->decision.service = STR("api"); /* another service */
	struct baseline r = compare(&head, &base);
	static const enum finding_state want[] = { FINDING_OLD, FINDING_NEW, FINDING_OLD, FINDING_NEW, FINDING_NEW, FINDING_NEW };
	for (size_t i = 0; i < 6; i++)
		CHECK_INT(head.f.list.items[i].state, want[i]);
	CHECK_INT(r.old, 2);
	CHECK_INT(r.new_ones, 4);
	CHECK_INT(r.fixed.n, 1);
	CHECK_STR(r.fixed.items[0]->id, STR("CVE-2"));
}

static void aliases_and_production(void)
{
	struct side base = side(), head = side();
	struct finding *f = add(&base, "a", "1.0.0", "GHSA-1", 2);

	*VEC_ADD(a, &f->cves) = STR("CVE-1");
	add(&head, "a", "1.0.0", "CVE-1", 2);
	add(&base, "dev", "1.0.0", "CVE-2", 2)->decision.development = true;
	add(&head, "dev", "1.0.0", "CVE-2", 2); /* now it ships */
	add(&base, "prod", "1.0.0", "CVE-3", 2);
	add(&head, "prod", "1.0.0", "CVE-3", 2)->decision.development = true;
	compare(&head, &base);
	CHECK_INT(head.f.list.items[0].state, FINDING_OLD);
	CHECK_INT(head.f.list.items[1].state, FINDING_NEW);
	CHECK_INT(head.f.list.items[2].state, FINDING_OLD);
}

static void several_services(void)
{
	struct side base = side(), head = side();
	struct service_outcome both[] = { { STR("web"), 3, 3 }, { STR("api"), 2, 2 } }, low[] = { { STR("web"), 3, 3 }, { STR("job"), 1, 1 } };
	struct finding *f;

	add(&base, "a", "1.0.0", "CVE-1", 3);
	f = add(&head, "a", "1.0.0", "CVE-1", 3);
	f->decision.services = 2;
	f->decision.by_service = both; /* api is new and past the gate */
	compare(&head, &base);
	CHECK_INT(f->state, FINDING_NEW);
	f->decision.by_service = low; /* job is new, but below the gate */
	compare(&head, &base);
	CHECK_INT(f->state, FINDING_OLD);
}

static void strict_compares_what_is_possible(void)
{
	struct side base = side(), head = side();

	add(&base, "a", "1.0.0", "CVE-1", 1);
	add(&head, "a", "1.0.0", "CVE-1", 1)->decision.highest_level = 3;
	compare(&head, &base);
	CHECK_INT(head.f.list.items[0].state, FINDING_OLD);
	e.strict = true;
	compare(&head, &base);
	CHECK_INT(head.f.list.items[0].state, FINDING_NEW);
	e.strict = false;
}

static void undecided_ones(void)
{
	struct side base = side(), head = side();

	*VEC_ADD(a, &base.f.undecided) = (struct undecided){ .component = component(&base, "a", "1"), .why = STR("no lockfile") };
	*VEC_ADD(a, &head.f.undecided) = (struct undecided){ .component = component(&head, "a", "1"), .why = STR("no lockfile") };
	*VEC_ADD(a, &head.f.undecided) = (struct undecided){ .component = component(&head, "b", "1"), .why = STR("no lockfile") };
	compare(&head, &base);
	CHECK(head.f.undecided.items[0].old);
	CHECK(!head.f.undecided.items[1].old);
}

static void input(struct side *s, const char *path, bool manifest, const char *ecosystem)
{
	*VEC_ADD(a, &s->b->inputs) = (struct input){ .path = str_of(path), .manifest = manifest, .ecosystem = str_of(ecosystem), .components = 3 };
}

static int removed(struct side *head, struct side *base, struct str *paths, size_t n)
{
	struct str_list head_paths = { paths, n, n }, base_paths = { 0 };

	diag_init(&d, a);
	return baseline_removed(&d, head->b, base->b, &head_paths, &base_paths) == FAILED ? diag_exit_code(&d) : 0;
}

static void lockfiles_that_went(void)
{
	struct side base = side(), head = side();
	struct str excluded[] = { STR("web/package-lock.json") };

	input(&base, "web/package-lock.json", false, "npm");
	input(&base, "web/package.json", true, "npm");
	CHECK_INT(removed(&head, &base, NULL, 0), 0); /* both went: a notice */
	CHECK_INT(d.n, 1);
	struct str moved[] = { STR("testdata/web/package-lock.json") };
	CHECK_INT(removed(&head, &base, moved, 1), 3); /* moved where nothing is read */
	CHECK_INT(removed(&head, &base, excluded, 1), 3); /* it is there, and is not read any more */
	input(&head, "web/package.json", true, "npm");
	CHECK_INT(removed(&head, &base, NULL, 0), 3);
	CHECK(str_has(d.items[0].text, STR("web/package.json still stands")));
	input(&head, "web/pnpm-lock.yaml", false, "npm"); /* another lockfile in its place */
	CHECK_INT(removed(&head, &base, NULL, 0), 0);
	CHECK_INT(d.n, 0);
}

static struct licence_report licences(const char *config, const char *expression, struct bom **b)
{
	struct policy p;
	struct licence_report r;
	struct side s = side();

	diag_init(&d, a);
	CHECK_INT(policy_parse(a, &d, STR("bomgate.yml"), str_of(config), NULL, &p), OK);
	uint32_t c = component(&s, "x", "1.0.0");
	if (expression)
		bom_licence(s.b, c, LICENCE_EXPRESSION, LICENCE_DECLARED, str_of(expression));
	licences_check(a, s.b, &p, 1795000000 /* 2026-11-18 */, &r);
	*b = s.b;
	return r;
}

static void licence_lists(void)
{
	struct bom *b;
	struct licence_report r = licences("licences: {deny: [AGPL-3.0-only]}\n", "MIT", &b);

	CHECK_INT(r.list.n, 0);
	r = licences("licences: {deny: [AGPL-3.0-only]}\n", "AGPL-3.0-only AND MIT", &b);
	CHECK_INT(r.violations, 1);
	CHECK_STR(r.list.items[0].culprit, STR("AGPL-3.0-only"));
	CHECK_INT(licences("licences: {deny: [AGPL-3.0-only]}\n", "AGPL-3.0-only OR MIT", &b).violations, 0);
	CHECK_INT(licences("licences: {allow: [MIT]}\n", "ISC", &b).violations, 1);
	CHECK_INT(licences("licences: {allow: [MIT]}\n", "ISC OR MIT", &b).violations, 0);
	CHECK_INT(licences("licences: {allow: []}\n", "MIT", &b).list.n, 0);
	r = licences("licences: {deny: [AGPL-3.0-only]}\n", NULL, &b);
	CHECK_INT(r.unknown, 1);
	CHECK_INT(r.violations, 0);
	CHECK_INT(licences("licences: {deny: [AGPL-3.0-only], unknown: fail}\n", NULL, &b).violations, 1);
	/* a name that is no expression hides nothing */
	struct policy both;
	struct side s = side();
	CHECK_INT(policy_parse(a, &d, STR("c"), STR("licences: {deny: [AGPL-3.0-only]}\n"), NULL, &both), OK);
	uint32_t c = component(&s, "x", "1.0.0");
	bom_licence(s.b, c, LICENCE_NAME, LICENCE_DECLARED, STR("Our own terms"));
	bom_licence(s.b, c, LICENCE_ID, LICENCE_DECLARED, STR("AGPL-3.0-only"));
	licences_check(a, s.b, &both, 1795000000, &r);
	CHECK_INT(r.violations, 1);
	CHECK_STR(r.list.items[0].expression, STR("(Our own terms) AND AGPL-3.0-only"));
	CHECK_INT(licences("exclude: []\n", NULL, &b).list.n, 0);
	r = licences("licences: {deny: [AGPL-3.0-only], ignore: [{component: 'pkg:npm/x', until: 2026-12-31, reason: r}]}\n", "AGPL-3.0-only", &b);
	CHECK_INT(r.violations, 0);
	CHECK(r.list.items[0].lifted != NULL);
	r = licences("licences: {deny: [AGPL-3.0-only], ignore: [{component: 'pkg:npm/x', until: 2026-11-01, reason: r}]}\n", "AGPL-3.0-only", &b);
	CHECK_INT(r.violations, 1);
	CHECK(str_has(r.notes.items[0], STR("ended on 2026-11-01; what it lifted counts again")));
	r = licences("licences: {deny: [AGPL-3.0-only], ignore: [{component: 'pkg:npm/x', licence: GPL-2.0-only, until: 2026-12-31, reason: r}]}\n",
		     "AGPL-3.0-only", &b);
	CHECK_INT(r.violations, 1);
	CHECK(str_has(r.notes.items[0], STR("unused")));
	struct policy p;
	CHECK_INT(policy_parse(a, &d, STR("c"), STR("licences: {deny: [Foo Bar]}\n"), NULL, &p), FAILED);
}

TEST_MAIN(TEST_CASE(set_up), TEST_CASE(old_new_fixed), TEST_CASE(aliases_and_production), TEST_CASE(several_services),
	  TEST_CASE(strict_compares_what_is_possible), TEST_CASE(undecided_ones), TEST_CASE(lockfiles_that_went), TEST_CASE(licence_lists),
	  TEST_CASE(tear_down))
