#include "test.h"
#include "cmd/version_range.h"

/* 'y': in the range, 'n': not, '?': cannot be told. */
static char told(const char *ordering, const char *range, const char *version)
{
	struct version_range r = { 0 };

	if (!version_range_parse(str_of(range), &r))
		return '!';
	return "ny?"[version_range_has(&r, version_ordering(str_of(ordering)), str_of(version))];
}

static void same(const char *ordering, const char *range, const char *const *versions, const char *want)
{
	for (size_t i = 0; want[i]; i++) {
		char got = told(ordering, range, versions[i]);
		if (got != want[i]) {
			printf("not ok %s %s %s: got %c\n", ordering, range, versions[i], got);
			test_failed_here++;
		}
	}
}

static const char *const semver[] = { "0.0.3", "0.2.3", "0.3.0", "1.0.0", "1.2.0", "1.2.9", "1.3.0", "2.0.0-rc.1", "2.0.0", "10.0.0" };

static void npm_and_cargo(void)
{
	same("semver", "^1.2.0", semver, "nnnnyyynnn");
	same("semver", "^0.2.3", semver, "nynnnnnnnn");
	same("semver", "^0.0.3", semver, "ynnnnnnnnn");
	same("semver", "^0", semver, "yyynnnnnnn");
	same("semver", "^1.x", semver, "nnnyyyynnn");
	same("semver", "~1.2.0", semver, "nnnnyynnnn");
	same("semver", "~1.2", semver, "nnnnyynnnn");
	same("semver", "~1", semver, "nnnyyyynnn");
	same("semver", "1.2.x", semver, "nnnnyynnnn");
	same("semver", "1.X", semver, "nnnyyyynnn");
	same("semver", "1.*", semver, "nnnyyyynnn");
	same("semver", "*", semver, "yyyyyyyyyy");
	same("semver", ">=1.0.0 <1.3.0", semver, "nnnyyynnnn");
	same("semver", ">= 1.0.0, < 1.3.0", semver, "nnnyyynnnn");
	same("semver", ">=1.0.0<1.3.0", semver, "nnnyyynnnn");
	same("semver", "<0.3.0 || >=2", semver, "yynnnnnnyy");
	same("semver", "1.0.0 - 1.2.9", semver, "nnnyyynnnn");
	same("semver", "=1.2.0", semver, "nnnnynnnnn");
	same("semver", "v1.2.0", semver, "nnnnynnnnn");
	same("semver", "1.0.0, 1.2.0", semver, "nnnyynnnnn");
	same("semver", ">1.x", semver, "nnnnnnnyyy");
	same("semver", "<=1.2.x", semver, "yyyyyynnnn");
	same("semver", "<2.0.0", semver, "yyyyyyyynn");
}

static void others(void)
{
	static const char *const pep[] = { "1.4", "1.4.5", "1.4.9.post1", "1.5", "1!1.4.6", "2.0rc1", "2.0" }, *const maven[] = { "1.0", "1.5", "2.0-beta", "2.0", "2.14.1", "2.17.0" },
				 *const deb[] = { "1.1.1n-0+deb11u5", "1:1.2.3-1", "3.0.11-1~deb12u2", "3.0.14-1", "not a version" };

	same("pep440", "~=1.4.5", pep, "nyyn?nn");
	same("pep440", "~=1.4", pep, "yyyy?nn");
	same("pep440", "==1.4.*", pep, "yyyn");
	same("pep440", "!=1.4.*", pep, "nnny");
	same("pep440", ">=1.4,!=1.4.5,<2", pep, "ynyyn");
	same("pep440", "===1.5", pep, "nnnynnn");
	same("maven", "[1.0,2.0)", maven, "yyynnn");
	same("maven", "(1.0,2.0]", maven, "nyyynn");
	same("maven", "(,1.5],[2.14.1,)", maven, "yynnyy");
	same("maven", "[1.5]", maven, "nynnnn");
	same("maven", "(,)", maven, "yyyyyy");
	same("dpkg", "<< 3.0.14-1", deb, "ynyn?");
	same("dpkg", ">>3.0.11-1~deb12u2", deb, "nyny?");
	same("dpkg", "3.0.11-1~deb12u2", deb, "nnyn");
	same("rubygems", "~> 1.2", (const char *const[]){ "1.1", "1.2", "1.9.1", "2.0" }, "nyyn");
	same("rubygems", "~> 1.2.3", (const char *const[]){ "1.2.2", "1.2.10", "1.3.0" }, "nyn");
	same("go", ">=1.2.0", (const char *const[]){ "v1.1.0", "v1.2.0" }, "ny");
}

static void none(void)
{
	static const char *const bad[] = { "", " ", ">=", "<", "1.0,", ",1.0", "||", "1.0 ||", "|| 1.0", "[1.0", "[1.0,2.0", "(1.0)", "[]", "[,1,2]", "^latest", "~=1", "<*", ">=1,<", "1.0 - ", "[1,2),", "[1,2)x", "^", "!=" };
	char many[400] = "";

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (told("semver", bad[i], "1.0.0") != '!') {
			printf("not ok \"%s\" is taken for a range\n", bad[i]);
			test_failed_here++;
		}
	for (int i = 0; i < 100; i++)
		strcat(many, "1,");
	strcat(many, "1");
	CHECK_INT(told("semver", many, "1.0.0"), '!');
	CHECK_INT(told("semver", "^1", "latest"), '?');
	CHECK_INT(told("semver", "^99999999999999999999999999", "99999999999999999999999999.1.0"), 'y');
}

TEST_MAIN(TEST_CASE(npm_and_cargo), TEST_CASE(others), TEST_CASE(none))
