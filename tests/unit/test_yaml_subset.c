#include "test.h"

#include <ftw.h>

#include "base/limits.h"
#include "base/vec.h"
#include "yaml_same.h"

static enum yaml_taken outcome(struct str text)
{
	struct arena *a = arena_new(0);
	/* behind the last byte stands what a sanitiser watches */
	char *copy = malloc(text.len ? text.len : 1);
	if (text.len)
		memcpy(copy, text.s, text.len);
	bool valid = str_utf8_valid(text) == text.len;
	enum yaml_taken it = valid ? yaml_both_ways(a, str_make(copy, text.len)) : YAML_LEFT;
	arena_free(a);
	free(copy);
	return it;
}

/* What the tools write: each is taken, and read as libyaml reads it. */
static const char *const taken[] = {
	"lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n"
	"        version: 1.2.3\n\npackages:\n\n  '@x/a@1.2.3':\n    resolution: {integrity: sha512-AA==, tarball: https://git.example/a.tgz}\n"
	"    engines: {node: '>=4'}\n    cpu: [x64, arm64]\n    deprecated: |-\n      Two\n\n      lines: # no comment\n    hasBin: true\n",
	"---\na: 1\n---\nb: 2\n",
	"# yarn\n\n__metadata:\n  version: 8\n  cacheKey: 10c0\n\n\"@a/b@npm:^1, @a/b@npm:^1.2\":\n  version: 1.2.0\n  dependencies:\n    \"@c/d\": \"npm:^1\"\n  bin:\n"
	"    b: ./b.js\n  checksum: 10c0/ab\n  languageName: node\n  linkType: hard\n",
	"? \"a, b\"\n:\n  version: 1\n? c\n:\n- x\n",
	"PODS:\n  - A (1.0):\n    - B (= 2.0)\n    - C/D (~> 1.1)\n  - B (2.0)\n\nEXTERNAL SOURCES:\n  A:\n    :path: \"../a\"\n\nCOCOAPODS: 1.11.0\n",
	"package:\n- name: a\n  dependencies:\n    b: '>=1,<2'\n  hash:\n    md5: 0\n  optional: false\n- name: b\n  url: https://git.example/b#c\n  empty: {}\n  none: []\n  last:\n",
	"version: 6\npackages:\n- conda: https://git.example/a.conda\n  depends:\n  - b >=1\n  -\n  - ''\n  size: 1\n  constrains: []\n-\n  a: b\n- - x\n  - - y\n    - z\n- [a, {b: c, d: [e]}, ]\n",
	"on: [push]\njobs:\n  a:\n    steps:\n      - uses: a/b@v1 # v1\n        with: {x: \"y\"} # c\n      # comment\n    # comment\n# comment\n      - run: |\n          a: b\n            c\n\n          d\n"
	"      - run: >-\n          folded\n          text\n\n          and\n            more\n      - run: >+\n          kept\n\n      - uses: c/d@v2\n",
	"a: b\r\nc:\r\n  - d\r\n  - 'e'\r\nf: |\r\n  g\r\n\r\n  h\r\ni: j",
	"\xef\xbb\xbf" "a: \xc3\xa4\n\xe2\x80\x94: \xf0\x9f\x98\x80 x\n",
	"a: \"q\\\"\\\\\\/\\n\\t\\r\"\nb: 'it''s'\nc: a#b\nd: a:b\ne: -x\nf: ?x\ng: :x\nh: \"#\"\n\"i\" : j\nk : l\n",
	"null: ~\ntrue: 0x1f\n1: .inf\n",
	"  a: 1\n  b: 2\n",
	"- a",
	"text",
	"a:\n- b\n- c:\n  - d\ne: f\n",
	"a:\n  |\n    x\nb:\n  'c'\n",
};

/* What it leaves to libyaml, good or bad: one difference to what is taken each. */
static const char *const left[] = {
	"", "# nothing\n", "---\n", "a: &x 1\nb: *x\n", "a: !!str 1\n", "a: 1\na: 2\n", "a: b\n  c\n", "a: 'b\n  c'\n", "a: [b,\n  c]\n", "a: b: c\n", "a: - b\n",
	"a:\tb\n", "%YAML 1.2\n---\na: b\n", "a: b\n...\n", "a:\n    b: c\n  d: e\n", "- a\nb: c\n", "a: b\n- c\n", "{a: b}: c\n", "[a: b]\n", "{a}\n", "{a: , b: c}\n",
	"{a: 1, a: 2}\n", "a: \"\\x41\"\n", "a: \"\\0\"\n", "a: |2\n   b\n", "a: | # c\n  b\n", "a: |\n\n    \n  b\n", "a: |\nb: c\n", "--- a\n", "a: @b\n", "a: `b\n", "a: 'b' c\n", "? a\n: b: 1\n",
	"a: b\rc: d\n", "a: b\xc2\x85" "c: d\n", "a: b\xe2\x80\xa8" "c: d\n", "a: \x01\n", "a: b\n\xef\xbb\xbf" "c: d\n", "? a\n", "? - a\n: b\n", "? a: b\n: c\n", "a: [b #c\n", "a: [b,, c]\n",
	"a: [:b]\n", "a: {b: c", "a: \"b", "a: 'b", "a: [x:,]\n", "a: b\n c: d\n", ": a\n", "- - a\n - b\n",
};

static void listed(void)
{
	for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
		if (!CHECK_INT(outcome(str_of(taken[i])), YAML_SAME))
			printf("# %zu: %s\n", i, taken[i]);
	for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
		if (!CHECK_INT(outcome(str_of(left[i])), YAML_LEFT))
			printf("# %zu: %s\n", i, left[i]);
}

/* Limits stand where libyaml and yaml.c have them. */
static void limits(void)
{
	static char text[400000];

	for (int depth = LIMIT_YAML_DEPTH - 2; depth < LIMIT_YAML_DEPTH + 2; depth++) {
		size_t n = 0;
		for (int i = 0; i < depth; i++)
			n += (size_t)snprintf(text + n, sizeof text - n, "%*sa:\n", i, "");
		CHECK_INT(outcome(str_make(text, n)), depth <= LIMIT_YAML_DEPTH ? YAML_SAME : YAML_LEFT);
		memset(text, '[', (size_t)depth);
		memset(text + depth, ']', (size_t)depth);
		CHECK_INT(outcome(str_make(text, (size_t)depth * 2)), depth <= LIMIT_YAML_DEPTH ? YAML_SAME : YAML_LEFT);
	}
	for (size_t key = 900; key < 1100; key++)
		for (size_t blanks = 0; blanks < 60; blanks += 29) {
			memset(text, 'k', key);
			memset(text + key, ' ', blanks);
			memcpy(text + key + blanks, ": v\n", 4);
			CHECK(outcome(str_make(text, key + blanks + 4)) == (key + blanks > 1000 ? YAML_LEFT : YAML_SAME));
		}
	memset(text, 'x', sizeof text);
	memcpy(text, "a: ", 3);
	CHECK_INT(outcome(str_make(text, sizeof text)), YAML_SAME);
	size_t n = 0;
	for (int i = 0; i < 40; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "k%d: v\n", i);
	CHECK_INT(outcome(str_make(text, n)), YAML_SAME);
	n += (size_t)snprintf(text + n, sizeof text - n, "k3: v\n");
	CHECK_INT(outcome(str_make(text, n)), YAML_LEFT);
}

static void cut(void)
{
	bool same = true;

	for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
		for (size_t n = 0; n < strlen(taken[i]); n++)
			same = same && outcome(str_make(taken[i], n)) != YAML_DIFFERENT;
	CHECK(same);
}

/* ---- changed texts: the same ones on every run */

static uint64_t state = 88172645463325252ull;

static size_t below(size_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (size_t)(state % n);
}

static size_t change(char *t, size_t n)
{
	static const char *const bits[] = { "- ", ": ", "? ", "\n", "\n  ", "\n    ", " ", "#", " #", "\"", "'", "[", "]", "{", "}", ",", "|", ">", "|-\n", ">\n", "---\n",
					    "\n---\n", "...\n", ":", "-", "\\", "''", "\r\n", "\xc3\xa4", "&a ", "*a", "!t ", "\n\n", ">+\n", "|+\n    x\n   \n", "\n- ",
					    "- - ", "- a: ", "? a\n: b\n", ": \n", "[a, b]", "{a: b}", "'y'", "\n \n", "\n   # c\n", "k:\n" };
	const char *bit = bits[below(sizeof bits / sizeof bits[0])];
	size_t at = below(n + 1), len = strlen(bit);

	if (below(3)) {
		memmove(t + at + len, t + at, n - at);
		memcpy(t + at, bit, len);
		return n + len;
	}
	len = below(4) < n - at ? below(4) % (n - at + 1) : 0;
	memmove(t + at, t + at + len, n - at - len);
	return n - len;
}

static void changed(void)
{
	size_t counts[3] = { 0 };

	for (int i = 0; i < 40000; i++) {
		char text[4096];
		const char *seed = taken[below(sizeof taken / sizeof taken[0])];
		size_t n = strlen(seed);
		memcpy(text, seed, n);
		for (size_t k = 1 + below(3); k; k--)
			n = change(text, n);
		enum yaml_taken it = outcome(str_make(text, n));
		counts[it]++;
		if (it == YAML_DIFFERENT)
			printf("# differs: %.*s\n", (int)n, text);
	}
	printf("# changed texts: %zu the same, %zu left to libyaml\n", counts[YAML_SAME], counts[YAML_LEFT]);
	CHECK_INT(counts[YAML_DIFFERENT], 0);
	CHECK(counts[YAML_SAME] > 5000 && counts[YAML_LEFT] > 5000);
}

/* ---- the corpus */

static size_t found[3];
static bool lockfiles;

static bool is_yaml(struct str path, struct str text)
{
	static const char *const ends[] = { ".yml", ".yaml", "/pubspec.lock", "/Podfile.lock", "/pixi.lock", "/Chart.lock" };

	if (str_ends(path, STR("/yarn.lock")) || str_ends(path, STR(".yaml.lock")))
		return str_has(str_sub(text, 0, 3000), STR("__metadata")) || str_ends(path, STR(".yaml.lock"));
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (str_ends(path, str_of(ends[i])))
			return true;
	return false;
}

static int visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct str text = type == FTW_F ? test_file(path) : STR_NONE;

	if (text.s && is_yaml(str_of(path), text)) {
		enum yaml_taken it = outcome(text);
		found[it]++;
		if (it == YAML_DIFFERENT || (it == YAML_LEFT && lockfiles))
			printf("# %s: %s\n", it == YAML_LEFT ? "left" : "differs", path);
	}
	free((void *)text.s);
	return 0;
}

static void corpus(void)
{
	static const struct {
		const char *folder;
		size_t least;
	} parts[] = { { "lockfiles", 50 }, { "yaml-suite", 100 } };

	if (!test_corpus()) {
		TEST_SKIP("BOMGATE_CORPUS is not set");
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		char path[512];
		memset(found, 0, sizeof found);
		lockfiles = i == 0;
		snprintf(path, sizeof path, "%s/%s", test_corpus(), parts[i].folder);
		nftw(path, visit, 20, FTW_PHYS);
		printf("# %s: %zu the same, %zu left to libyaml\n", parts[i].folder, found[YAML_SAME], found[YAML_LEFT]);
		CHECK_INT(found[YAML_DIFFERENT], 0);
		CHECK(found[YAML_SAME] >= parts[i].least);
		CHECK(i || found[YAML_LEFT] == 0);
	}
}

TEST_MAIN(TEST_CASE(listed), TEST_CASE(limits), TEST_CASE(cut), TEST_CASE(changed), TEST_CASE(corpus))
