#include "test.h"
#include "identity/licence_tree.h"

static void canonical_form(void)
{
	static const struct { const char *text, *want; } cases[] = {
		{ "mit", "MIT" }, { "(MIT)", "MIT" }, { " mit  or\tapache-2.0 ", "MIT OR Apache-2.0" },
		{ "MIT OR (Apache-2.0 AND ISC)", "MIT OR Apache-2.0 AND ISC" }, { "(MIT OR ISC) AND 0bsd", "(MIT OR ISC) AND 0BSD" },
		{ "(MIT AND ISC) AND (0BSD AND Zlib)", "MIT AND ISC AND 0BSD AND Zlib" },
		{ "gpl-2.0-only with classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0" },
		{ "GPL-2.0+", "GPL-2.0+" }, { "apache-2.0+", "Apache-2.0+" }, { "LicenseRef-Foo", "LicenseRef-Foo" },
		{ "DocumentRef-a:LicenseRef-b AND mit", "DocumentRef-a:LicenseRef-b AND MIT" },
		{ "((((MIT))))", "MIT" }, { "Unheard-of-1.0", "Unheard-of-1.0" },
	};
	static const char *const bad[] = { "", "MIT OR", "OR MIT", "MIT ISC", "(MIT", "MIT)", "MIT WITH", "MIT AND OR ISC", "()",
					   "(MIT OR ISC) WITH Classpath-exception-2.0", "a/b", "MIT WITH (ISC)", "WITH" };
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct str got = licence_normal(a, str_of(cases[i].text), NULL);
		CHECK_STR(got, str_of(cases[i].want));
		CHECK_STR(licence_normal(a, got, NULL), got);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct str why = STR_NONE;
		CHECK(!licence_parse(a, str_of(bad[i]), &why));
		CHECK(why.len > 0);
	}
	arena_free(a);
}

/* Whatever the tree accepts the grammar's check accepts too. */
static void agrees_with_the_grammar(void)
{
	static const char *const words[] = { "MIT", "ISC", "AND", "OR", "WITH", "(", ")", "Classpath-exception-2.0", "GPL-2.0+", "x_y" };
	uint64_t state = 7;
	struct arena *a = arena_new(0);

	for (int i = 0; i < 30000; i++) {
		char text[256] = "";
		for (int n = 1 + (int)(state >> 60) % 8; n; n--) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			strcat(strcat(text, words[(state >> 33) % 10]), " ");
		}
		struct arena_mark m = arena_mark(a);
		if (!CHECK((licence_parse(a, str_of(text), NULL) != NULL) == licence_expression_valid(str_of(text), NULL)))
			printf("not ok `%s`\n", text);
		arena_pop(a, m);
	}
	arena_free(a);
}

static void hostile_sizes(void)
{
	enum { SIZE = 60000 };
	char *text = malloc(SIZE + 1);
	struct arena *a = arena_new(0);
	struct licence_lists lists = { 0 };

	memset(text, '(', SIZE);
	CHECK(!licence_parse(a, str_make(text, SIZE), NULL));
	for (size_t i = 0; i < SIZE; i++)
		text[i] = "MIT OR "[i % 7];
	memcpy(text + SIZE - 4, " MIT", 4);
	struct str long_chain = str_make(text, SIZE - SIZE % 7 + 3);
	memcpy(text + SIZE - SIZE % 7, "MIT", 3);
	CHECK(licence_normal(a, long_chain, NULL).len == long_chain.len);
	CHECK_INT(licence_judge(a, &lists, long_chain, NULL), LICENCE_ALLOWED);
	free(text);
	arena_free(a);
}

#define LIST(...) (const struct str[]){ __VA_ARGS__ }, sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str)

static void judged(const struct licence_lists *lists, const char *expression, enum licence_verdict want, const char *want_culprit)
{
	struct arena *a = arena_new(0);
	struct str culprit;
	enum licence_verdict got = licence_judge(a, lists, str_of(expression), &culprit);

	if (!CHECK(got == want))
		printf("not ok %s: got %d, want %d\n", expression, got, want);
	CHECK_STR(culprit, str_of(want_culprit));
	arena_free(a);
}

static void deny_list(void)
{
	const struct licence_lists lists = { NULL, 0, LIST(STR("AGPL-3.0-only"), STR("gpl-2.0-only"), STR("LicenseRef-Secret")) };

	judged(&lists, "MIT", LICENCE_ALLOWED, NULL);
	judged(&lists, "agpl-3.0-only", LICENCE_DENIED, "AGPL-3.0-only");
	judged(&lists, "MIT OR AGPL-3.0-only", LICENCE_ALLOWED, NULL);
	judged(&lists, "MIT AND AGPL-3.0-only", LICENCE_DENIED, "AGPL-3.0-only");
	judged(&lists, "MIT AND (ISC OR AGPL-3.0-only)", LICENCE_ALLOWED, NULL);
	judged(&lists, "MIT OR ISC AND AGPL-3.0-only", LICENCE_ALLOWED, NULL);
	judged(&lists, "(MIT OR ISC) AND AGPL-3.0-only", LICENCE_DENIED, "AGPL-3.0-only");
	judged(&lists, "AGPL-3.0-only OR GPL-2.0-only", LICENCE_DENIED, "AGPL-3.0-only");
	judged(&lists, "GPL-2.0", LICENCE_DENIED, "GPL-2.0");
	judged(&lists, "GPL-2.0+", LICENCE_ALLOWED, NULL);
	judged(&lists, "GPL-2.0-or-later", LICENCE_ALLOWED, NULL);
	judged(&lists, "GPL-2.0-only WITH Classpath-exception-2.0", LICENCE_DENIED, "GPL-2.0-only WITH Classpath-exception-2.0");
	judged(&lists, "LicenseRef-Secret", LICENCE_DENIED, "LicenseRef-Secret");
	judged(&lists, "LicenseRef-Other", LICENCE_UNKNOWN, "LicenseRef-Other");
	judged(&lists, "MIT OR LicenseRef-Other", LICENCE_ALLOWED, NULL);
	judged(&lists, "MIT AND LicenseRef-Other", LICENCE_UNKNOWN, "LicenseRef-Other");
	judged(&lists, "see the LICENSE file", LICENCE_UNKNOWN, "see the LICENSE file");
	judged(&lists, "", LICENCE_UNKNOWN, "");
}

static void allow_list(void)
{
	const struct licence_lists lists = {
		LIST(STR("MIT"), STR("Apache-2.0"), STR("GPL-2.0-only WITH Classpath-exception-2.0"), STR("LGPL-2.1-or-later")),
		LIST(STR("GPL-2.0-only"), STR("Apache-2.0 WITH LLVM-exception")),
	};

	judged(&lists, "MIT", LICENCE_ALLOWED, NULL);
	judged(&lists, "ISC", LICENCE_UNLISTED, "ISC");
	judged(&lists, "MIT OR ISC", LICENCE_ALLOWED, NULL);
	judged(&lists, "MIT AND ISC", LICENCE_UNLISTED, "ISC");
	judged(&lists, "ISC AND GPL-2.0-only", LICENCE_DENIED, "GPL-2.0-only");
	judged(&lists, "GPL-2.0-only WITH Classpath-exception-2.0", LICENCE_ALLOWED, NULL);
	judged(&lists, "GPL-2.0 WITH Classpath-exception-2.0", LICENCE_ALLOWED, NULL);
	judged(&lists, "GPL-2.0-only WITH GCC-exception-2.0", LICENCE_DENIED, "GPL-2.0-only WITH GCC-exception-2.0");
	judged(&lists, "Apache-2.0 WITH LLVM-exception", LICENCE_DENIED, "Apache-2.0 WITH LLVM-exception");
	judged(&lists, "Apache-2.0 WITH Swift-exception", LICENCE_ALLOWED, NULL);
	judged(&lists, "Apache-2.0+", LICENCE_ALLOWED, NULL);
	judged(&lists, "LGPL-2.1+", LICENCE_ALLOWED, NULL);
	judged(&lists, "LGPL-2.1-only", LICENCE_UNLISTED, "LGPL-2.1-only");
}

static void entries(void)
{
	struct arena *a = arena_new(0);
	struct str why = STR_NONE;

	CHECK(licence_entry_valid(a, STR("mit"), &why));
	CHECK(licence_entry_valid(a, STR("LicenseRef-x"), &why));
	CHECK(licence_entry_valid(a, STR("GPL-2.0-only WITH Classpath-exception-2.0"), &why));
	CHECK(!licence_entry_valid(a, STR("MIT OR ISC"), &why));
	CHECK(!licence_entry_valid(a, STR("MITT"), &why));
	CHECK_STR(why, STR("SPDX lists no `MITT`"));
	CHECK(!licence_entry_valid(a, STR(""), &why));
	arena_free(a);
}

TEST_MAIN(TEST_CASE(canonical_form), TEST_CASE(agrees_with_the_grammar), TEST_CASE(hostile_sizes), TEST_CASE(deny_list),
	  TEST_CASE(allow_list), TEST_CASE(entries))
