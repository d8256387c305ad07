#include "test.h"

#include "cmd/api_private.h"
#include "cmd/unite.h"
#include "decide/licences.h"
#include "identity/purl.h"

struct fixture {
	struct arena *arena;
	struct diags diags;
	struct bom *bom;
};

static void begin(struct fixture *f)
{
	f->arena = arena_new(0);
	f->bom = bom_new(f->arena, &f->diags);
}

static uint32_t add(struct fixture *f, const char *purl)
{
	struct component *c = bom_add(f->bom);

	c->purl = str_of(purl);
	purl_complete(f->bom, c);
	return bom_index(f->bom, c);
}

/* Of two sources, the second one begins at `at`. */
static size_t unite(struct fixture *f, size_t at)
{
	size_t starts[2] = { 0, at };

	return unite_sources(f->bom, starts, 2);
}

static void scopes(void)
{
	static const struct {
		unsigned one, other;
		bool runtime;
	} cases[] = { { SCOPE_DEV, 0, true }, { 0, SCOPE_DEV, true }, { SCOPE_DEV, SCOPE_RUNTIME, true }, { SCOPE_DEV, SCOPE_TEST, false } };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct fixture f = { 0 };
		begin(&f);
		uint32_t x = add(&f, "pkg:npm/left@1.0.0"), y = add(&f, "pkg:npm/left@1.0.0");
		f.bom->components[x].scope = cases[i].one;
		f.bom->components[y].scope = cases[i].other;
		CHECK_INT(unite(&f, 1), 1);
		CHECK_INT(f.bom->ncomponents, 1);
		CHECK(!!(f.bom->components[0].scope & SCOPE_RUNTIME) == cases[i].runtime);
		arena_free(f.arena);
	}
}

/* What decides which advisories fit must be the same. */
static void apart(void)
{
	static const char *const pairs[][2] = {
		{ "pkg:npm/left@1.0.0", "pkg:npm/left@1.0.1" },
		{ "pkg:npm/left@1.0.0", "pkg:npm/Left@1.0.0" },
		{ "pkg:npm/left@1.0.0", "pkg:npm/left@1.0.0?repository_url=registry.example" },
		{ "pkg:deb/debian/tar@1.0?distro=debian-12", "pkg:deb/debian/tar@1.0?distro=debian-11" },
		{ "pkg:deb/debian/tar@1.0?distro=debian-12", "pkg:deb/debian/tar@1.0?distro=debian-12&upstream=gtar%402.0" },
		{ "pkg:deb/debian/tar@1.0?arch=amd64&distro=debian-12", "pkg:deb/debian/tar@1.0?arch=arm64&distro=debian-12" },
		{ "pkg:npm/left", "pkg:npm/left" },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct fixture f = { 0 };
		begin(&f);
		add(&f, pairs[i][0]);
		add(&f, pairs[i][1]);
		CHECK_INT(unite(&f, 1), 0);
		CHECK_INT(f.bom->ncomponents, 2);
		arena_free(f.arena);
	}
}

static void kinds_apart(void)
{
	for (int i = 0; i < 4; i++) {
		struct fixture f = { 0 };
		begin(&f);
		uint32_t x = add(&f, "pkg:npm/left@1.0.0"), y = add(&f, "pkg:npm/left@1.0.0");
		f.bom->components[x].first_party = i == 0;
		f.bom->components[y].first_party = i == 1;
		f.bom->components[y].weak = i == 2;
		CHECK_INT(unite(&f, i == 3 ? 2 : 1), 0); /* the last: one source */
		arena_free(f.arena);
	}
}

/* What one source says of another registry keeps the name back, whatever the other says. */
static void origin(void)
{
	for (int i = 0; i < 4; i++) {
		struct fixture f = { 0 };
		begin(&f);
		uint32_t x = add(&f, "pkg:npm/left@1.0.0"), y = add(&f, "pkg:npm/left@1.0.0");
		if (i & 1)
			component_add_more(f.arena, &f.bom->components[x])->registry = STR("registry.example");
		if (i & 2)
			f.bom->components[y].download = STR("https://registry.example/left.tgz");
		CHECK_INT(unite(&f, 1), 1);
		struct kept_names kept;
		const struct policy none = { 0 };
		kept_names(f.arena, f.bom, NULL, &none, STR_NONE, &kept);
		CHECK((kept_of(f.arena, &kept, STR("npm"), STR("left")) != NULL) == (i > 0));
		if (i & 1)
			CHECK_STR(component_more(&f.bom->components[0])->registry, STR("registry.example"));
		arena_free(f.arena);
	}
}

static void licence(struct fixture *f, uint32_t c, const char *value, enum licence_role role)
{
	bom_licence(f->bom, c, LICENCE_ID, role, str_of(value));
}

static void licences(void)
{
	static const struct {
		const char *one, *other;
		enum licence_role role, other_role;
		size_t united;
		const char *whole;
	} cases[] = {
		{ "GPL-3.0-only", "MIT", LICENCE_DECLARED, LICENCE_CONCLUDED, 0, "GPL-3.0-only" },
		{ "MIT", "GPL-3.0-only", LICENCE_CONCLUDED, LICENCE_DECLARED, 0, "MIT" },
		{ "MIT", "MIT", LICENCE_UNSAID, LICENCE_CONCLUDED, 1, "MIT" },
		{ "GPL-3.0-only", "MIT", LICENCE_DECLARED, LICENCE_UNSAID, 1, "GPL-3.0-only AND MIT" },
		{ "GPL-3.0-only", "NOASSERTION", LICENCE_UNSAID, LICENCE_CONCLUDED, 1, "GPL-3.0-only" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct fixture f = { 0 };
		begin(&f);
		uint32_t x = add(&f, "pkg:npm/left@1.0.0"), y = add(&f, "pkg:npm/left@1.0.0");
		licence(&f, x, cases[i].one, cases[i].role);
		licence(&f, y, cases[i].other, cases[i].other_role);
		CHECK_INT(unite(&f, 1), cases[i].united);
		CHECK_STR(licences_of(f.arena, &f.bom->components[0]), str_of(cases[i].whole));
		arena_free(f.arena);
	}
}

/* Edges, parents, places and CPEs follow; what nobody refers to any more is gone. */
static void follow(void)
{
	struct fixture f = { 0 };

	begin(&f);
	uint32_t root = add(&f, "pkg:generic/app@1"), x = add(&f, "pkg:npm/left@1.0.0");
	uint32_t whole = add(&f, "pkg:npm/right@2.0.0"), y = add(&f, "pkg:npm/left@1.0.0"), part = add(&f, "pkg:npm/part@3.0.0");
	f.bom->components[root].first_party = true;
	f.bom->subject = root;
	bom_evidence(f.bom, x, 0, 5);
	bom_evidence(f.bom, y, 1, 7);
	component_add_more(f.arena, &f.bom->components[y])->cpe = STR("cpe:2.3:a:left:left:1.0.0:*:*:*:*:*:*:*");
	f.bom->components[y].ref = STR("left");
	f.bom->components[part].parent = y;
	bom_depend(f.bom, root, x, DEPENDS_ON, SCOPE_DEV);
	bom_depend(f.bom, whole, y, DEPENDS_ON, 0);
	bom_depend(f.bom, y, part, DEPENDS_ON, 0);
	CHECK_INT(unite(&f, 2), 1);
	CHECK_INT(f.bom->ncomponents, 4);
	CHECK_STR(f.bom->components[2].name, STR("right"));
	CHECK_STR(f.bom->components[3].name, STR("part"));
	CHECK_INT(f.bom->components[3].parent, x);
	CHECK_INT(f.bom->components[x].evidence.n, 2);
	CHECK_INT(f.bom->components[x].evidence.items[1].offset, 7);
	CHECK_STR(f.bom->components[x].ref, STR("left"));
	CHECK_STR(component_more(&f.bom->components[x])->cpe, STR("cpe:2.3:a:left:left:1.0.0:*:*:*:*:*:*:*"));
	CHECK_INT(f.bom->dependencies.n, 3);
	CHECK_INT(f.bom->dependencies.items[1].from, 2);
	CHECK_INT(f.bom->dependencies.items[1].to, x);
	CHECK_INT(f.bom->dependencies.items[2].from, x);
	CHECK_INT(f.bom->dependencies.items[2].to, 3);
	arena_free(f.arena);
}

/* What statements of documents name by two references stays two. */
static void references(void)
{
	for (int i = 0; i < 2; i++) {
		struct fixture f = { 0 };
		begin(&f);
		uint32_t x = add(&f, "pkg:npm/left@1.0.0"), y = add(&f, "pkg:npm/left@1.0.0");
		f.bom->components[x].ref = STR("one");
		f.bom->components[y].ref = STR("other");
		struct claim *c = VEC_ADD(f.arena, &f.bom->claims);
		*VEC_ADD(f.arena, &c->affects) = i ? STR("other") : STR("else");
		CHECK_INT(unite(&f, 1), i ? 0 : 1);
		arena_free(f.arena);
	}
}

TEST_MAIN(TEST_CASE(scopes), TEST_CASE(apart), TEST_CASE(kinds_apart), TEST_CASE(origin), TEST_CASE(licences), TEST_CASE(follow), TEST_CASE(references))
