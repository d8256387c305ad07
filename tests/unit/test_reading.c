#include "test.h"

#include "source/source.h"

static struct reading start(struct arena *a, struct diags *d, struct str text)
{
	struct bom *b = bom_new(a, d);

	*VEC_ADD(a, &b->inputs) = (struct input){ .path = STR("x/y.lock"), .ecosystem = STR("npm") };
	return (struct reading){ .bom = b, .arena = a, .path = STR("x/y.lock"), .text = text };
}

static void components(void)
{
	struct arena *a = arena_new(0);
	struct diags d;
	diag_init(&d, a);
	struct reading r = start(a, &d, STR(""));

	uint32_t s = reading_subject(&r, STR_NONE, STR_NONE);
	uint32_t c = reading_add(&r, STR("@s"), STR("n"), STR("1"), 7);
	CHECK_INT(r.bom->subject, s);
	CHECK(r.bom->components[s].first_party && !r.bom->components[c].first_party);
	CHECK_STR(r.bom->components[c].ecosystem, STR("npm"));
	CHECK_INT(r.bom->components[c].evidence.items[0].offset, 7);
	CHECK_INT(d.n, 0);
	reading_add(&r, STR_NONE, STR("evil\n::error::x"), STR("1"), 9);
	CHECK_INT(d.n, 1);
	CHECK_INT(d.items[0].offset, 9);
	CHECK(r.bom->incomplete);
	reading_add(&r, STR_NONE, STR(""), STR("1"), 9);
	CHECK_INT(d.n, 2);
	CHECK_INT(reading_unknown_version(&r, 3, STR("99")), FAILED);
	CHECK(strcmp(d.items[2].code, "input.version") == 0);
	arena_free(a);
}

static void version_control(void)
{
	static const struct {
		const char *url, *commit, *vcs, *want;
	} cases[] = {
		{ "git+https://git.example/o/r.git#0123456789abcdef", NULL, "https://git.example/o/r.git", "0123456789abcdef" },
		{ "git+ssh://git@git.example/o/r.git#main", NULL, "ssh://git@git.example/o/r.git", NULL },
		{ "https://u:secret@git.example/o/r", "abc1234", "https://git.example/o/r", "abc1234" },
		{ "ssh://u:secret@git.example/o/r", NULL, "ssh://u@git.example/o/r", NULL },
		{ "git@git.example:o/r.git#commit=0123456789", NULL, "ssh://git@git.example/o/r.git", "0123456789" },
	};
	struct arena *a = arena_new(0);
	struct diags d;
	diag_init(&d, a);
	struct reading r = start(a, &d, STR(""));

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint32_t c = reading_add(&r, STR_NONE, STR("n"), STR_NONE, 0);
		reading_vcs(&r, c, str_of(cases[i].url), str_of(cases[i].commit));
		CHECK_STR(r.bom->components[c].vcs, str_of(cases[i].vcs));
		CHECK_STR(r.bom->components[c].commit, str_of(cases[i].want));
	}
	arena_free(a);
}

static void paths(void)
{
	static const char *const names[] = { "a-b/x", "a/b", "a/b/x", "a/x", "x" };
	struct arena *a = arena_new(0);
	struct tree t = { .arena = a };

	for (size_t i = 0; i < 5; i++)
		VEC_ADD(a, &t.parts)->path = str_of(names[i]);
	CHECK(tree_find(&t, STR(""), "x") == &t.parts.items[4]);
	CHECK(tree_find(&t, STR("a"), "x") == &t.parts.items[3]);
	CHECK(tree_find(&t, STR("a/b"), "x") == &t.parts.items[2]);
	CHECK(tree_find(&t, STR("a-b"), "x") == &t.parts.items[0]);
	CHECK(tree_find(&t, STR("a"), "y") == NULL);
	CHECK(tree_find_path(&t, STR("a/c/.././x")) == &t.parts.items[3]);
	CHECK(tree_find_path(&t, STR("a/../../x")) == NULL);
	CHECK_STR(tree_resolve(a, STR("a/b"), STR("../c")), STR("a/c"));
	CHECK_STR(tree_resolve(a, STR("a"), STR("..")), STR(""));
	CHECK(tree_resolve(a, STR("a"), STR("../..")).s == NULL);
	CHECK(tree_resolve(a, STR("a"), STR("/etc/passwd")).s == NULL);
	CHECK(tree_below(STR("a/b"), STR("a")) && tree_below(STR("a"), STR("a")) && !tree_below(STR("ab"), STR("a")));
	arena_free(a);
}

TEST_MAIN(TEST_CASE(components), TEST_CASE(version_control), TEST_CASE(paths))
