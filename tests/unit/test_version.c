#include "test.h"
#include "order_whole.h"
#include "version/rpm.h"

static void check_line(const struct ordering *o, struct str line, const char *where)
{
	struct str rest = line;
	struct str a = str_cut(&rest, ' '), op = str_cut(&rest, ' '), b = rest;
	static const char signs[] = "<=>?";
	enum order got = o->compare(a, b), back = o->compare(b, a);
	if (op.len == 1 && op.s[0] == '?')
		got = back = version_compare(o, a, b);
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

/* All of OSV's names have a row, and the rows name orderings that exist. */
static void every_ecosystem(void)
{
	static const char *const without[] = { "Android", "FreeBSD", "Linux", "OSS-Fuzz", "Root", "TuxCare" };
	static const char *const all[] = {
#define ECOSYSTEM(name, ordering) name,
#include "version/ecosystems.def"
#undef ECOSYSTEM
	};
	size_t n = sizeof all / sizeof all[0], found = 0;

	CHECK_INT(n, 48);
	for (size_t i = 0; i < n; i++) {
		bool expected = true;
		for (size_t k = 0; k < sizeof without / sizeof without[0]; k++)
			expected &= strcmp(all[i], without[k]) != 0;
		found += version_ordering(str_of(all[i])) != NULL;
		if (!CHECK((version_ordering(str_of(all[i])) != NULL) == expected))
			printf("not ok %s\n", all[i]);
	}
	CHECK_INT(found, n - 6);
	static const struct { const char *ecosystem, *ordering; } suffixed[] = {
		{ "Debian:12", "dpkg" }, { "Alpine:v3.19", "apk" }, { "Ubuntu:22.04:LTS", "dpkg" }, { "Ubuntu:Pro:18.04:LTS", "dpkg" },
		{ "Red Hat:rhel_aus:8.4::appstream", "rpm" }, { "openSUSE:Leap 15.6", "rpm" }, { "Rocky Linux:9", "rpm" },
		{ "Packagist:https://packages.drupal.org/8", "packagist" }, { "Maven:https://repo.example/maven2", "maven" },
		{ "Root:Debian:12", "dpkg" }, { "Root:PyPI", "pep440" }, { "Root:Alpine:3.18", "apk" }, { "TuxCare:AlmaLinux:9", "rpm" },
		{ "Docker Hardened Images:Debian:12", "dpkg" }, { "Docker Hardened Images", "semver" }, { "Wolfi", "apk" },
		{ "Photon OS:3.0", "rpm" }, { "openEuler:24.03-LTS-SP1", "rpm" },
	};
	for (size_t i = 0; i < sizeof suffixed / sizeof suffixed[0]; i++) {
		const struct ordering *o = version_ordering(str_of(suffixed[i].ecosystem));
		if (!CHECK(o && strcmp(o->name, suffixed[i].ordering) == 0))
			printf("not ok %s: %s\n", suffixed[i].ecosystem, o ? o->name : "none");
	}
}

/* Every string of the corpus' files, by ordering. */
static const struct { const char *file, *ecosystem; } corpus_files[] = {
	{ "semver-versions", "npm" }, { "node-semver", "npm" }, { "pypi-versions", "PyPI" }, { "pypi-versions-generated", "PyPI" },
	{ "maven-versions", "Maven" }, { "maven-versions-generated", "Maven" }, { "vers-spec-maven", "Maven" },
	{ "nuget-versions", "NuGet" }, { "packagist-versions-generated", "Packagist" }, { "pub-versions", "Pub" },
	{ "cran-versions", "CRAN" }, { "cran-versions-generated", "CRAN" }, { "hackage-versions", "Hackage" },
	{ "rubygems-versions", "RubyGems" }, { "rubygems-versions-generated", "RubyGems" },
	{ "debian-versions-generated", "Debian:12" }, { "redhat-versions", "Red Hat" }, { "rpm-rpmvercmp", "AlmaLinux:9" },
	{ "alpine-versions-generated", "Alpine:v3.19" }, { "apk-tools-version.data", "Wolfi" }, { "vers-spec-alpm", "alpm" },
	{ "vers-spec-conan", "ConanCenter" },
};

static uint64_t random_state;
static size_t random_below(size_t n)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(random_state >> 33) % n;
}

static size_t strings_of(struct str text, const struct ordering *o, struct str *out, size_t cap)
{
	size_t n = 0;

	while (text.s && n + 2 <= cap) {
		struct str line = str_cut(&text, '\n');
		if (!line.len || line.s[0] == '#' || line.s[0] == '/')
			continue;
		struct str a = str_cut(&line, ' '), b;
		str_cut(&line, ' ');
		b = str_cut(&line, ' ');
		b = str_sub(b, 0, str_chr(b, '\t'));
		if (o->valid(a) && is_ordered_wholly(o, a))
			out[n++] = a;
		if (o->valid(b) && is_ordered_wholly(o, b))
			out[n++] = b;
	}
	return n;
}

/* x < y and y <= z give x < z; both ways round give the same answer; equal to itself. */
static void check_order(const struct ordering *o, const struct str *v, size_t n, size_t rounds)
{
	for (size_t i = 0; i < rounds; i++) {
		size_t at = random_below(n);
		struct str x = v[at], y = v[(at + random_below(i % 2 ? n : 8)) % n], z = v[(at + random_below(i % 2 ? n : 8)) % n];
		enum order xy = o->compare(x, y), yx = o->compare(y, x), yz = o->compare(y, z), xz = o->compare(x, z);
		bool good = (int)xy == -(int)yx && o->compare(x, x) == ORDER_EQUAL;
		if (xy == yz || yz == ORDER_EQUAL)
			good = good && xz == xy;
		if (xy == ORDER_EQUAL)
			good = good && xz == yz;
		if (!CHECK(good)) {
			printf("not ok %s: %.*s, %.*s, %.*s\n", o->name, STR_ARG(x), STR_ARG(y), STR_ARG(z));
			return;
		}
	}
}

static void total_order_over_the_corpus(void)
{
	enum { CAP = 40000 };
	struct str *v = malloc(CAP * sizeof *v);

	if (!test_corpus()) {
		TEST_SKIP("BOMGATE_CORPUS is not set");
		free(v);
		return;
	}
	for (size_t i = 0; i < sizeof corpus_files / sizeof corpus_files[0]; i++) {
		char path[512];
		snprintf(path, sizeof path, "%s/versions/%s.txt", test_corpus(), corpus_files[i].file);
		struct str text = test_file(path);
		const struct ordering *o = version_ordering(str_of(corpus_files[i].ecosystem));
		size_t n = CHECK(o != NULL) ? strings_of(text, o, v, CAP) : 0;
		if (!CHECK(n > 10))
			printf("not ok %s: no strings\n", path);
		else
			check_order(o, v, n, 60000);
		free((char *)text.s);
	}
	free(v);
}

/* No string may make any of them fail, loop or disagree with itself. */
static void hostile_strings(void)
{
	static const char *const pieces[] = {
		"0", "00", "1", "9", "10", "18446744073709551616", ".", "-", "+", "~", "^", "_", ":", "!", "a", "rc", "alpha", "dev",
		"post", "final", "pre", "r", "-r", "v", "=", "#", "*", " ", "x", "SNAPSHOT", "\xc3\xa4", "\xff",
	};
	static const int n_pieces = sizeof pieces / sizeof pieces[0];
	char a[128], b[128];

	for (int i = 0; i < 40000; i++) {
		a[0] = b[0] = 0;
		for (size_t k = random_below(7); k; k--)
			strcat(a, pieces[random_below((size_t)n_pieces)]);
		for (size_t k = random_below(7); k; k--)
			strcat(b, pieces[random_below((size_t)n_pieces)]);
		struct str x = str_of(a), y = str_of(b);
		for (size_t o = 0; o < orderings_n; o++) {
			enum order xy = orderings[o].compare(x, y), yx = orderings[o].compare(y, x);
			bool good = xy == ORDER_UNKNOWN ? yx == ORDER_UNKNOWN : (int)xy == -(int)yx;
			good &= xy != ORDER_UNKNOWN || !orderings[o].valid(x) || !orderings[o].valid(y);
			if (!CHECK(good)) {
				printf("not ok %s: '%s' and '%s': %d and %d\n", orderings[o].name, a, b, xy, yx);
				return;
			}
		}
	}
}

static void rpm_without_release(void)
{
	CHECK(rpm_release_decides(STR("1.0"), STR("1.0-3.el9")));
	CHECK(rpm_release_decides(STR("0:1.0-3.el9"), STR("1.0")));
	CHECK(!rpm_release_decides(STR("1.0-1"), STR("1.0-3.el9")));
	CHECK(!rpm_release_decides(STR("1.0"), STR("1.0")));
	CHECK(!rpm_release_decides(STR("1.1"), STR("1.0-3.el9")));
	CHECK(!rpm_release_decides(STR("1:1.0"), STR("1.0-3.el9")));
}

/* Long strings take time in proportion to their length. */
static void long_strings(void)
{
	static const char *const repeated[] = { "0", "0.", "1.", "-", ".0-", "a", "a0", "~", "9", "-0.", "0-", "final-" };
	enum { SIZE = 200000 };
	char *text = malloc(SIZE + 2);

	for (size_t i = 0; i < sizeof repeated / sizeof repeated[0]; i++) {
		size_t n = strlen(repeated[i]);
		text[0] = '1';
		for (size_t k = 0; k < SIZE; k++)
			text[k + 1] = repeated[i][k % n];
		text[SIZE + 1] = '7';
		struct str x = str_make(text, SIZE + 2), y = str_make(text, SIZE);
		for (size_t o = 0; o < orderings_n; o++) {
			enum order xy = orderings[o].compare(x, y), yx = orderings[o].compare(y, x);
			CHECK(xy == ORDER_UNKNOWN ? yx == ORDER_UNKNOWN : (int)xy == -(int)yx);
			CHECK(orderings[o].compare(x, x) == ORDER_EQUAL || !orderings[o].valid(x));
		}
	}
	free(text);
}

static void what_is_no_version(void)
{
	static const struct { const char *ordering, *text; bool valid; } cases[] = {
		{ "semver", "1.2.3", true }, { "semver", "garbage", false }, { "semver", "latest", false }, { "semver", "", false },
		{ "semver", ">=1.2.3", false }, { "semver", "1.2.*", false }, { "semver", "1.0.0 - 2.0.0", false },
		{ "pep440", "latest", false }, { "pep440", "2004d", true }, { "pep440", "", false },
		{ "maven", "LATEST", false }, { "maven", "[1.0,2.0)", false }, { "maven", "1.0.Final", true }, { "maven", "r09", true },
		{ "maven", "${project.version}", false },
		{ "nuget", "[1.0.0]", false }, { "nuget", "1.*", false }, { "nuget", "1.0.0.0", true },
		{ "packagist", "dev-main", false }, { "packagist", "1.x-dev", false }, { "packagist", "v1.2", true },
		{ "rubygems", "1.15.0-x86_64-linux", true }, { "rubygems", "main", false },
		{ "dpkg", "1:2.0-3+deb12u1", true }, { "dpkg", "", false }, { "dpkg", "1.0 2", false },
		{ "rpm", "1:2.0-3.el9", true }, { "rpm", "", false },
		{ "apk", "1.2.3-r0", true }, { "apk", "1.2.3-r", false }, { "apk", "1.2_foo", false }, { "apk", "latest", false },
		{ "github-actions", "v4", true }, { "github-actions", "main", false },
		{ "github-actions", "0123456789012345678901234567890123456789", false },
		{ "cran", "1.0-2", true }, { "cran", "1.0a", false }, { "hackage", "1.0-tag", true }, { "conan", "cci.20210101", true },
		{ "conan", "[>=1.0]", false }, { "go", "go1.22.3", true }, { "go", "(devel)", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct ordering *o = version_ordering(str_of(cases[i].ordering));
		if (!o || !CHECK(o->valid(str_of(cases[i].text)) == cases[i].valid))
			printf("not ok %s: valid(%s)\n", cases[i].ordering, cases[i].text);
	}
}

TEST_MAIN(TEST_CASE(goldens), TEST_CASE(ecosystems), TEST_CASE(every_ecosystem), TEST_CASE(what_is_no_version),
	  TEST_CASE(total_order_over_the_corpus), TEST_CASE(hostile_strings), TEST_CASE(rpm_without_release), TEST_CASE(long_strings))
