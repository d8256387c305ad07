#include "test.h"

#include "identity/cpe.h"
#include "identity/fold.h"
#include "syntax/lines.h"

/* A side of a pair: a purl, a CPE, or name:CLASS:NAME@VERSION. */
static struct component side(struct arena *a, struct str text)
{
	struct component c = { .parent = NO_COMPONENT };

	if (str_starts_nocase(text, STR("pkg:"))) {
		c.purl = text;
	} else if (str_starts(text, STR("cpe:"))) {
		component_add_more(a, &c)->cpe = text;
	} else {
		struct str rest = text;
		str_cut(&rest, ':');
		c.type = str_is(str_cut(&rest, ':'), "file") ? COMPONENT_FILE : COMPONENT_LIBRARY;
		c.name = str_cut(&rest, '@');
		c.version = rest;
	}
	return c;
}

static void pairs(void)
{
	struct str text = test_file("tests/golden/identity/pairs.tsv");
	struct lines l;
	size_t n = 0;

	CHECK(text.len > 0);
	for (lines_open(&l, text); lines_next(&l);) {
		struct str rest = l.line, why, back;
		if (!rest.len || rest.s[0] == '#')
			continue;
		struct arena *a = arena_new(0);
		struct str verdict = str_cut(&rest, '\t'), left = str_cut(&rest, '\t'), right = str_cut(&rest, '\t');
		struct component x = side(a, left), y = side(a, right);
		enum confidence got = identity_same(a, &x, &y, &why), reverse = identity_same(a, &y, &x, &back);
		bool good = str_is(verdict, "one")	? got >= CONFIDENCE_PURL :
			    str_is(verdict, "differ") ? got == CONFIDENCE_NONE :
							str_is(verdict, confidence_word(got));
		if (!good || got != reverse || !why.len) {
			printf("# line %u: %.*s: got %s (%.*s)\n", l.number, STR_ARG(l.line), confidence_word(got), STR_ARG(why));
			CHECK(!"a pair");
		}
		n++;
		arena_free(a);
	}
	CHECK(n >= 200);
	free((void *)text.s);
}

static void reasons(void)
{
	struct arena *a = arena_new(0);
	struct str why;
	struct component x = side(a, STR("pkg:golang/github.com/Masterminds/semver@v3.2.1#v3")),
			 y = side(a, STR("pkg:golang/github.com/masterminds/semver/v3@3.2.1"));

	CHECK_INT(identity_same(a, &x, &y, &why), CONFIDENCE_PURL);
	CHECK_STR(why, STR("both are pkg:golang/github.com/masterminds/semver/v3@3.2.1; their purls differ only in "
			   "the spelling of module path or version, upper and lower case"));
	x = side(a, STR("pkg:npm/debug@4.3.4"));
	y = side(a, STR("pkg:deb/debian/debug@4.3.4"));
	CHECK_INT(identity_same(a, &x, &y, &why), CONFIDENCE_NONE);
	CHECK_STR(why, STR("the types differ: \"npm\" and \"deb\""));
	arena_free(a);
}

static void cpes(void)
{
	static const struct {
		const char *text, *format, *key;
	} cases[] = {
		{ "cpe:/a:Apache:HTTP_Server:2.4.1", "cpe:2.3:a:apache:http_server:2.4.1:*:*:*:*:*:*:*", "cpe:a:apache:http_server:2.4.1:*:*:*:*:*:*:*" },
		{ "cpe:2.3:a:a\\:b:c\\\\d:1.0\\+x:*:*:*:*:*:*:*", "cpe:2.3:a:a\\:b:c\\\\d:1.0\\+x:*:*:*:*:*:*:*",
		  "cpe:a:a\\:b:c\\\\d:1.0\\+x:*:*:*:*:*:*:*" },
		{ "cpe:/a:hp:insight:7.4.0.1570:-:~~online~win2003~x64~", "cpe:2.3:a:hp:insight:7.4.0.1570:-:*:*:online:win2003:x64:*",
		  "cpe:a:hp:insight:7.4.0.1570:*:*:*:*:*:*:*" },
		{ "cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*", "cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*", NULL },
		{ "cpe:2.3:a:a:b:\\-:*:*:*:*:*:*:*", "cpe:2.3:a:a:b:\\-:*:*:*:*:*:*:*", "cpe:a:a:b:\\-:*:*:*:*:*:*:*" },
		{ "cpe:/a:a:b", "cpe:2.3:a:a:b:*:*:*:*:*:*:*:*", NULL },
	};
	static const char *const bad[] = { "", "cpe:", "cpe:/", "cpe:/a", "cpe:/a:b", "cpe:2.3:a:b:c:1", "cpe:2.3:x:b:c:1:*:*:*:*:*:*:*", "cpe:2.3:a:b:c:1:*:*:*:*:*:*:*:*",
					   "cpe:/a:b:c%zz", "cpe:2.3:a:b:c:1:*:*:*:*:*:*:\\", "pkg:npm/a@1", "cpe:/a:b:c:1:2:3:4:5" };
	struct arena *a = arena_new(0);
	struct cpe c;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		CHECK(cpe_parse(a, str_of(cases[i].text), &c));
		CHECK_STR(cpe_format(a, &c), str_of(cases[i].format));
		CHECK_STR(cpe_key(a, &c), str_of(cases[i].key));
		CHECK(cpe_parse(a, cpe_format(a, &c), &c)); /* and again the same */
		CHECK_STR(cpe_format(a, &c), str_of(cases[i].format));
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK(!cpe_parse(a, str_of(bad[i]), &c));
	arena_free(a);
}

static void contradictions(void)
{
	struct arena *a = arena_new(0);
	struct diags d;
	struct bom b;

	diag_init(&d, a);
	bom_init(&b, a, &d);
	struct component *c = bom_add(&b);
	c->name = STR("x");
	c->version = STR("v1.0");
	c->purl = STR("pkg:golang/example.org/x@1.0");
	*VEC_ADD(a, &component_add_more(a, c)->more_purls) = STR("pkg:golang/example.org/X@v1.0?type=module");
	identity_check(&b);
	CHECK_INT(d.n, 0);
	*VEC_ADD(a, &component_add_more(a, c)->more_purls) = STR("pkg:npm/x@1.0");
	c->version = STR("2.0");
	identity_check(&b);
	CHECK_INT(d.n, 2);
	CHECK_INT(diag_exit_code(&d), 0);
	arena_free(a);
}

TEST_MAIN(TEST_CASE(pairs), TEST_CASE(reasons), TEST_CASE(cpes), TEST_CASE(contradictions))
