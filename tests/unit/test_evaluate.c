/* OSV's evaluation of a version (docs/schema.md, "Evaluation"), case after case. */
#include "test.h"

#include "vuln/evaluate.h"

static struct arena *arena;

/* "SEMVER i=1.0.0 f=1.2.0 l=1.5 m=2 versions=1.0,1.1": ranges begin with their type. */
static struct vuln_affected parse(const char *text)
{
	struct vuln_affected x = { 0 };
	struct str rest = str_of(text);

	x.ranges = arena_array(arena, 8, sizeof *x.ranges);
	x.versions = arena_array(arena, 8, sizeof *x.versions);
	while (rest.s) {
		struct str word = str_cut(&rest, ' ');
		bool semver = str_is(word, "SEMVER"), git = str_is(word, "GIT");
		if (semver || git || str_is(word, "ECOSYSTEM")) {
			struct vuln_range *r = &x.ranges[x.nranges++];
			r->type = semver ? RANGE_SEMVER : git ? RANGE_GIT : RANGE_ECOSYSTEM;
			r->events = arena_array(arena, 8, sizeof *r->events);
			continue;
		}
		struct str value = word, key = str_cut(&value, '=');
		if (str_is(key, "versions")) {
			while (value.s)
				x.versions[x.nversions++] = str_cut(&value, ',');
		} else if (str_is(key, "malformed")) {
			x.malformed = true;
		} else {
			struct vuln_range *r = &x.ranges[x.nranges - 1];
			enum event_kind kind = str_is(key, "i") ? EVENT_INTRODUCED : str_is(key, "f") ? EVENT_FIXED :
					       str_is(key, "l") ? EVENT_LAST_AFFECTED : EVENT_LIMIT;
			r->events[r->nevents++] = (struct vuln_event){ kind, value };
		}
	}
	return x;
}

static char verdict(const char *ecosystem, const char *block, const char *version)
{
	const struct ordering *o = version_ordering(str_of(ecosystem));
	struct vuln_affected x = parse(block);

	for (size_t i = 0; i < x.nranges; i++)
		vuln_range_sort(&x.ranges[i], o);
	return "-+?"[vuln_affects(&x, o, str_of(version), NULL)];
}

/* Each: versions with the expected verdict: "1.0.0+ 1.2.0- bad?" */
static void expect(const char *ecosystem, const char *block, const char *versions)
{
	struct str rest = str_of(versions);

	while (rest.s) {
		struct str word = str_cut(&rest, ' ');
		char want = word.s[word.len - 1];
		char got = verdict(ecosystem, block, arena_cstr(arena, str_sub(word, 0, word.len - 1)));
		if (got != want) {
			printf("not ok %s, %s, %.*s: got %c\n", ecosystem, block, STR_ARG(word), got);
			test_failed_here++;
		}
	}
}

static void ranges(void)
{
	arena = arena_new(0);
	expect("npm", "SEMVER i=0 f=1.2.0", "0.0.0+ 1.1.9+ 1.2.0-rc.1+ 1.2.0- 2.0.0-");
	expect("npm", "SEMVER i=1.0.0 f=1.2.0", "0.9.9- 1.0.0-rc.1- 1.0.0+ 1.1.9+ 1.2.0-");
	expect("npm", "SEMVER i=1.0.0 l=1.2.0", "1.0.0+ 1.2.0+ 1.2.1- 1.2.0+build+");
	expect("npm", "SEMVER i=1.0.0", "0.9.0- 1.0.0+ 99.0.0+");
	expect("npm", "SEMVER i=0 f=1.0.0 i=2.0.0 f=2.1.0 i=3.0.0", "0.5.0+ 1.0.0- 1.9.0- 2.0.0+ 2.1.0- 3.0.0+ 4.0.0+");
	arena_free(arena);
}

static void events_in_any_order(void)
{
	arena = arena_new(0);
	expect("npm", "SEMVER f=1.2.0 i=0", "1.1.0+ 1.2.0-");
	expect("npm", "SEMVER f=2.1.0 i=2.0.0 f=1.0.0 i=0", "0.5.0+ 1.0.0- 2.0.0+ 2.0.5+ 2.1.0-");
	expect("npm", "SEMVER l=2.1.0 i=2.0.0 l=1.0.0 i=0", "0.5.0+ 1.0.0+ 1.0.1- 2.1.0+ 2.1.1-");
	/* introduced and fixed at one version: empty */
	expect("npm", "SEMVER i=1.0.0 f=1.0.0", "0.9.0- 1.0.0- 1.1.0-");
	expect("npm", "SEMVER f=1.0.0 i=1.0.0", "0.9.0- 1.0.0- 1.1.0-");
	expect("npm", "SEMVER i=1.0.0 l=1.0.0", "0.9.0- 1.0.0+ 1.0.1-");
	/* … but where a stretch is open, the fix ends that one, and the next begins there: BIT-varnish-2022-38150, PYSEC-2022-236, PYSEC-2022-42972 */
	expect("Bitnami", "SEMVER i=7.0.0 f=7.0.1 i=7.0.1 f=7.0.2 i=7.1.0 f=7.1.1", "6.9.0- 7.0.0+ 7.0.1+ 7.0.2- 7.1.0+ 7.1.1-");
	expect("PyPI", "ECOSYSTEM i=0 f=3.1.1 i=3.2.0 f=3.2.2 i=3.1.1 f=3.1.3", "3.1.0+ 3.1.1+ 3.1.2+ 3.1.3- 3.2.1+ 3.2.2-");
	expect("PyPI", "ECOSYSTEM i=0.13.0 f=0.14.0rc1 i=0.12.2 f=0.13.0", "0.12.1- 0.12.2+ 0.13.0+ 0.13.1+ 0.14.0rc1-");
	expect("npm", "SEMVER i=1.0.0 l=2.0.0 i=2.0.0 l=3.0.0", "1.0.0+ 2.0.0+ 2.0.1+ 3.0.0+ 3.0.1-");
	expect("npm", "SEMVER i=0 f=1.0.0 i=2.0.0 f=2.0.0 i=2.0.0 f=2.0.0", "0.9.0+ 1.0.0- 2.0.0- 2.1.0-");
	expect("Julia", "ECOSYSTEM i=0 f=4.3.1+0 i=4.3.1+2 f=4.4.0+0", "4.3.0+ 4.3.1+ 4.4.0-");
	arena_free(arena);
}

static void limits(void)
{
	arena = arena_new(0);
	expect("npm", "SEMVER i=0 m=1.5.0", "1.4.9+ 1.5.0- 1.6.0-");
	expect("npm", "SEMVER i=0 m=*", "1.4.9+ 99.0.0+");
	expect("npm", "SEMVER m=3.0.0 i=1.0.0 f=2.0.0 m=1.5.0", "1.4.0+ 1.6.0+ 2.0.0- 2.5.0-");
	expect("npm", "SEMVER i=0 m=1.0.0 m=*", "5.0.0+");
	arena_free(arena);
}

static void unions(void)
{
	arena = arena_new(0);
	/* A GIT range that stands first does not end it. */
	expect("PyPI", "GIT i=0 f=abc ECOSYSTEM i=0 f=1.5", "1.4+ 1.5-");
	expect("PyPI", "ECOSYSTEM i=0 f=1.0 ECOSYSTEM i=2.0 f=2.1", "0.9+ 1.0- 2.0+ 2.1-");
	/* A listed version outside of every range counts; other spellings do not where there are ranges. */
	expect("PyPI", "ECOSYSTEM i=2.0 f=2.1 versions=1.0", "1.0+ 1.0.0- 2.0+");
	/* The list alone: other spellings are the same version. */
	expect("PyPI", "versions=1.0,2.0", "1.0+ 1.0.0+ 1.1- 2.0.0.0+");
	expect("npm", "versions=1.0.0", "1.0.0+ 1.0.1- what?");
	arena_free(arena);
}

static void what_cannot_be_known(void)
{
	arena = arena_new(0);
	expect("npm", "SEMVER i=0 f=1.0.0", "latest? *? ?");
	expect("npm", "SEMVER i=1.0.0 f=what", "1.0.0? 0.1.0?");
	/* an rpm without its release against a bound of the same version */
	expect("AlmaLinux:9", "ECOSYSTEM i=0 f=1.0-3.el9", "1.0? 0:1.0? 0.9+ 1.1- 1:1.0- 1.0-2.el9+ 1.0-3.el9-");
	/* The other range settles it. */
	expect("npm", "SEMVER i=1.0.0 f=what SEMVER i=0 f=2.0.0", "1.0.0+ 3.0.0?");
	expect("npm", "SEMVER i=0 f=2.0.0 malformed=1", "1.0.0+ 3.0.0?");
	/* Every version: also one that cannot be read, or is not known. */
	expect("npm", "SEMVER i=0", "1.0.0+ latest+ +");
	expect("Android", "ECOSYSTEM i=0", "12L+");
	expect("Android", "ECOSYSTEM i=1 f=2", "12L?");
	expect("Android", "versions=12L", "12L+ 13-");
	expect("Android", "GIT i=0", "12L-");
	arena_free(arena);
}

static void other_orderings(void)
{
	arena = arena_new(0);
	expect("PyPI", "ECOSYSTEM i=1.0 f=1.5", "1.0.dev1- 1.0+ 1.5rc1+ 1.5- 1.5.post1- 1.5+local-");
	expect("PyPI", "ECOSYSTEM i=0 l=1.5", "1.5.0+ 1.5+local- 1.5.post1-");
	expect("Go", "SEMVER i=0 f=0.17.0", "0.7.0+ 0.0.0-20210101000000-abcdef123456+ 0.17.0- v0.7.0+");
	expect("crates.io", "SEMVER i=0.0.0-0 f=0.2.23", "0.1.0+ 0.2.23-");
	arena_free(arena);
}

TEST_MAIN(TEST_CASE(ranges), TEST_CASE(events_in_any_order), TEST_CASE(limits), TEST_CASE(unions), TEST_CASE(what_cannot_be_known),
	  TEST_CASE(other_orderings))
