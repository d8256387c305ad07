#include "test.h"
#include "version/version.h"

static void check_line(const struct ordering *o, struct str line, const char *where)
{
	struct str rest = line;
	struct str a = str_cut(&rest, ' '), op = str_cut(&rest, ' '), b = rest;
	static const char signs[] = "<=>?";
	enum order got = version_compare(o, a, b), back = version_compare(o, b, a);
	char sign = got == ORDER_UNKNOWN ? '?' : signs[got + 1], back_sign = back == ORDER_UNKNOWN ? '?' : signs[1 - back];

	if (op.len != 1 || sign != op.s[0] || back_sign != op.s[0]) {
		printf("not ok %s: %.*s: got %c, and %c from the other side\n", where, STR_ARG(line), sign, back_sign);
		test_failed_here++;
	}
}

/* Every ordering has a file of lines "a < b"; '#' begins a comment. */
static void goldens(void)
{
	for (size_t i = 0; i < orderings_n; i++) {
		char path[128];
		size_t lines = 0;
		snprintf(path, sizeof path, "tests/golden/version/%s.txt", orderings[i].name);
		struct str text = test_file(path), rest = text;
		while (rest.s) {
			struct str line = str_cut(&rest, '\n');
			if (!line.len || line.s[0] == '#')
				continue;
			check_line(&orderings[i], line, path);
			lines++;
		}
		free((char *)text.s);
		if (!CHECK(lines >= 10))
			printf("not ok %s: too few lines\n", path);
	}
}

static void ecosystems(void)
{
	CHECK(version_ordering(STR("npm")) == version_ordering(STR("semver")));
	CHECK(version_ordering(STR("npm")) != NULL);
	CHECK(version_ordering(STR("OSS-Fuzz")) == NULL);
	CHECK(version_ordering(STR("kubernetes")) == NULL);
	CHECK(version_ordering(STR("")) == NULL);
	CHECK(version_ordering(STR_NONE) == NULL);
	CHECK(version_ordering(STR("Root:Root:npm")) == NULL);
	CHECK(version_ordering(STR("Root:PyPI")) == version_ordering(STR("PyPI")));
	CHECK(version_ordering(STR("Root")) == NULL);
	CHECK(version_ordering(STR("semver:1")) == NULL);
	CHECK(version_ecosystem_known(STR("OSS-Fuzz")));
	CHECK(!version_ecosystem_known(STR("semver")));
}

TEST_MAIN(TEST_CASE(goldens), TEST_CASE(ecosystems))
