#include "test.h"

#include "match/diff.h"

static struct arena *a;
static struct diags diags;

static struct bom *document(const char *tool)
{
	struct bom *b = bom_new(a, &diags);

	*VEC_ADD(a, &b->document.tools) = (struct tool){ .name = str_of(tool), .version = STR("1") };
	b->document.generator = 0;
	return b;
}

static uint32_t add(struct bom *b, const char *purl, const char *licence)
{
	struct component *c = bom_add(b);
	uint32_t i = bom_index(b, c);

	c->purl = str_of(purl);
	purl_complete(b, c);
	if (licence)
		bom_licence(b, i, LICENCE_ID, LICENCE_DECLARED, str_of(licence));
	return i;
}

/* "change package detail" of each difference, in order. */
static struct str text_of(const struct diff *d)
{
	struct str out = STR("");

	for (size_t i = 0; i < d->list.n; i++)
		out = arena_printf(a, "%.*s%s %.*s %.*s\n", STR_ARG(out), change_word(d->list.items[i].change),
				   STR_ARG(d->list.items[i].package), STR_ARG(d->list.items[i].detail));
	return out;
}

static struct str compare(struct bom *x, struct bom *y, struct diff *d)
{
	diff_boms(a, x, y, d);
	return text_of(d);
}

static void changes(void)
{
	struct bom *x = document("one"), *y = document("one");
	struct diff d;

	add(x, "pkg:npm/same@1.0.0", "MIT");
	add(y, "pkg:npm/same@1.0.0", "MIT");
	add(x, "pkg:npm/up@1.9.0", NULL);
	add(y, "pkg:npm/up@1.10.0", NULL);
	add(x, "pkg:pypi/Down_Graded@2.0", NULL);
	add(y, "pkg:pypi/down-graded@2.0rc1", NULL);
	add(x, "pkg:npm/gone@1.0.0", NULL);
	add(y, "pkg:npm/Gone@1.0.0", NULL);
	add(x, "pkg:npm/licence@1.0.0", "MIT");
	add(y, "pkg:npm/licence@1.0.0", "BUSL-1.1");
	add(x, "pkg:generic/thing@a1", NULL);
	add(y, "pkg:generic/thing@b2", NULL);
	add(x, "pkg:npm/many@1.0.0", NULL);
	add(x, "pkg:npm/many@2.0.0", NULL);
	add(y, "pkg:npm/many@3.0.0", NULL);
	add(y, "pkg:npm/many@2.0.0", NULL);
	add(x, "pkg:npm/fork?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Ffork%40aaa", NULL);
	add(y, "pkg:npm/fork?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Ffork%40bbb", NULL);
	CHECK_STR(compare(x, y, &d), STR("added pkg:npm/Gone 1.0.0\n"
					 "removed pkg:npm/gone 1.0.0\n"
					 "upgraded pkg:npm/many 1.0.0 -> 3.0.0\n"
					 "upgraded pkg:npm/up 1.9.0 -> 1.10.0\n"
					 "downgraded pkg:pypi/down-graded 2.0 -> 2.0rc1\n"
					 "version-changed pkg:generic/thing a1 -> b2\n"
					 "version-changed pkg:npm/fork pkg:npm/fork?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Ffork%40aaa -> "
					 "pkg:npm/fork?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Ffork%40bbb\n"
					 "licence-changed pkg:npm/licence MIT -> BUSL-1.1\n"));
	CHECK_INT(d.same, 3);
	CHECK(!d.two_tools);
}

/* What another tool cannot see is no change; what it writes differently neither. */
static void two_tools(void)
{
	struct bom *x = document("one"), *y = document("two");
	struct diff d;

	add(x, "pkg:golang/example.org/Mod@v1.2.0#v2", "GPL-2.0");
	add(y, "pkg:golang/example.org/mod/v2@1.2.0", "GPL-2.0-only");
	add(y, "pkg:github/actions/checkout@v4", NULL);
	uint32_t dev = add(y, "pkg:golang/example.org/lint@1.0.0", NULL);
	y->components[dev].scope = SCOPE_DEV;
	add(y, "pkg:golang/example.org/new@1.0.0", NULL);
	struct component *f = bom_add(y);
	f->type = COMPONENT_FILE;
	f->name = STR("LICENSE");
	CHECK_STR(compare(x, y, &d), STR("added pkg:golang/example.org/new 1.0.0\n"
					 "only-new license the other lists no files\n"
					 "only-new pkg:github/actions/checkout the other lists nothing of kind github\n"
					 "only-new pkg:golang/example.org/lint the other lists no development dependencies\n"));
	CHECK_INT(d.same, 1);
	CHECK_INT(d.respelled, 1);
	CHECK(d.two_tools);
	y->document.tools.items[0].name = STR("one"); /* the same tool could have seen them before */
	compare(x, y, &d);
	CHECK_INT(d.count[CHANGE_ONLY_NEW], 0);
	CHECK_INT(d.count[CHANGE_ADDED], 3);
}

static void repeats_and_weak(void)
{
	struct bom *x = document("one"), *y = document("one");
	struct diff d;

	add(x, "pkg:npm/a@1.0.0", NULL);
	add(x, "pkg:npm/a@1.0.0", NULL); /* in two places */
	add(y, "pkg:npm/a@1.0.0", NULL);
	add(x, "pkg:deb/debian/libc6@2.36-9?arch=amd64", NULL);
	add(x, "pkg:deb/debian/libc6@2.36-9?arch=i386", NULL);
	add(y, "pkg:deb/debian/libc6@2.36-9?arch=amd64", NULL);
	add(x, "pkg:maven/org.example.xml/beans@5.1", NULL);
	add(y, "pkg:maven/The%20Example/beans@5.1", NULL);
	struct component *c = bom_add(x);
	c->name = STR("no-version");
	c = bom_add(y);
	c->name = STR("another");
	compare(x, y, &d);
	CHECK_INT(d.same, 2);
	CHECK_INT(d.count[CHANGE_REMOVED], 1); /* the i386 one */
	CHECK_INT(d.count[CHANGE_POSSIBLY_SAME], 1);
	CHECK_INT(d.count[CHANGE_UNVERSIONED_OLD] + d.count[CHANGE_UNVERSIONED_NEW], 2);
	CHECK_INT(d.count[CHANGE_ADDED], 0);
	compare(x, x, &d);
	CHECK_INT(d.count[CHANGE_UNVERSIONED_OLD] + d.count[CHANGE_ADDED] + d.count[CHANGE_REMOVED], 0);
}

static void begin(void)
{
	a = arena_new(0);
	diag_init(&diags, a);
}

static void end(void)
{
	CHECK_INT(diags.n, 0);
	arena_free(a);
}

TEST_MAIN(TEST_CASE(begin), TEST_CASE(changes), TEST_CASE(two_tools), TEST_CASE(repeats_and_weak), TEST_CASE(end))
