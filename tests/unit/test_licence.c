#include "test.h"

#include "identity/licence.h"

static void identifiers(void)
{
	unsigned flags;

	CHECK_STR(licence_known_id(STR("apache-2.0"), &flags), STR("Apache-2.0"));
	CHECK_INT(flags, LICENCE_IN_CYCLONEDX);
	CHECK_STR(licence_known_id(STR("GPL-2.0"), &flags), STR("GPL-2.0"));
	CHECK(flags & LICENCE_DEPRECATED);
	CHECK_STR(licence_known_id(STR("Classpath-exception-2.0"), &flags), STR("Classpath-exception-2.0"));
	CHECK(flags & LICENCE_EXCEPTION);
	CHECK(!licence_known_id(STR("BSD-variant"), &flags).s);
	CHECK(!licence_known_id(STR(""), NULL).s);
	CHECK_STR(licence_known_id(STR("0BSD"), NULL), STR("0BSD"));
	CHECK_STR(licence_known_id(STR("ZPL-2.1"), NULL), STR("ZPL-2.1"));
}

static void expressions(void)
{
	static const char *const good[] = { "MIT", "GPL-2.0+", "(MIT OR Apache-2.0) AND LicenseRef-x", "mit and 0bsd",
					    "GPL-2.0-only WITH Classpath-exception-2.0", "DocumentRef-a:LicenseRef-b",
					    "((MIT))", "LicenseRef-a.b-c OR (BSD-3-Clause AND ISC)" };
	static const char *const bad[] = { "", "MIT OR", "OR MIT", "MIT Apache-2.0", "(MIT", "MIT)", "MIT WITH", "MIT AND AND ISC",
					   "(MIT) WITH Classpath-exception-2.0", "a_b", "http://x.example/licence", "GPL-2.0 WITH (MIT)", "()" };
	struct str unknown;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		CHECK(licence_expression_valid(str_of(good[i]), &unknown));
		CHECK(!unknown.s);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK(!licence_expression_valid(str_of(bad[i]), NULL));
	CHECK(licence_expression_valid(STR("MIT OR BSD-variant"), &unknown));
	CHECK_STR(unknown, STR("BSD-variant"));
	CHECK(licence_expression_valid(STR("MIT WITH MIT"), &unknown));
	CHECK_STR(unknown, STR("MIT"));
}

TEST_MAIN(TEST_CASE(identifiers), TEST_CASE(expressions))
