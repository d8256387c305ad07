#include "test.h"

#include "identity/merge.h"

struct fixture {
	struct arena *arena;
	struct diags diags;
};

static struct bom *document(struct fixture *f, const char *tool, const char *version, const char *subject)
{
	struct bom *b = bom_new(f->arena, &f->diags);

	*VEC_ADD(f->arena, &b->document.tools) = (struct tool){ .name = str_of(tool), .version = str_of(version) };
	b->document.generator = 0;
	*VEC_ADD(f->arena, &b->inputs) = (struct input){ .path = str_of(tool), .sha256 = STR("00ff") };
	if (subject) {
		struct component *c = bom_add(b);
		c->name = str_of(subject);
		c->ref = STR("root");
		b->subject = 0;
	}
	return b;
}

static uint32_t add(struct bom *b, const char *purl, const char *ref)
{
	struct component *c = bom_add(b);

	c->purl = str_of(purl);
	c->ref = str_of(ref);
	purl_complete(b, c);
	return bom_index(b, c);
}

static struct bom *merge(struct fixture *f, struct bom **parts, size_t n, struct merge_options o, struct merge_report *r)
{
	static const struct str labels[] = { { "a.json", 6 }, { "b.json", 6 }, { "c.json", 6 } };
	struct bom *out = bom_new(f->arena, &f->diags);

	merge_boms(out, (const struct bom *const *)parts, labels, n, &o, r);
	return out;
}

static struct component *find(struct bom *b, const char *name)
{
	for (size_t i = 0; i < b->ncomponents; i++)
		if (str_is(b->components[i].name, name))
			return &b->components[i];
	return NULL;
}

static struct str property(const struct component *c, const char *name)
{
	for (size_t i = 0; i < c->properties.n; i++)
		if (str_is(c->properties.items[i].name, name))
			return c->properties.items[i].value;
	return STR_NONE;
}

static struct fixture begin(void)
{
	struct fixture f = { .arena = arena_new(0) };

	diag_init(&f.diags, f.arena);
	return f;
}

static void two_tools(void)
{
	struct fixture f = begin();
	struct merge_report r;
	struct bom *x = document(&f, "one", "1.0", "app"), *y = document(&f, "two", NULL, "app");
	uint32_t a1 = add(x, "pkg:golang/example.org/Mod@v1.2.0#v2", "m"), b1 = add(x, "pkg:npm/left@1.0.0", "l");
	uint32_t b2 = add(y, "pkg:npm/left@1.0.0", "l"), a2 = add(y, "pkg:golang/example.org/mod/v2@1.2.0", "m2"), c2 = add(y, "pkg:npm/Left@1.0.0", "L");

	bom_licence(x, b1, LICENCE_ID, LICENCE_DECLARED, STR("MIT"));
	bom_licence(y, b2, LICENCE_ID, LICENCE_DECLARED, STR("ISC"));
	bom_hash(y, b2, STR("SHA-256"), STR("aa"));
	x->components[b1].scope = SCOPE_DEV;
	bom_depend(x, 0, a1, DEPENDS_ON, 0);
	bom_depend(x, a1, b1, DEPENDS_ON, 0);
	bom_depend(y, a2, b2, DEPENDS_ON, 0);
	bom_depend(y, b2, c2, DEPENDS_ON, 0);
	struct bom *both[] = { x, y };
	struct bom *out = merge(&f, both, 2, (struct merge_options){ 0 }, &r);
	CHECK_INT(out->ncomponents, 4); /* app, mod, left, Left */
	CHECK_INT(r.merged, 3);
	CHECK_STR(out->components[out->subject].name, STR("app"));
	struct component *left = find(out, "left"), *mod = find(out, "v2");
	if (!CHECK(left && mod))
		return;
	CHECK_INT(component_more(left)->reporters.n, 2);
	CHECK_STR(component_more(left)->reporters.items[0], STR("a.json (one 1.0)"));
	CHECK_STR(component_more(left)->reporters.items[1], STR("b.json (two)"));
	CHECK_INT(left->licences.n, 2);
	CHECK_INT(left->hashes.n, 1);
	CHECK_INT(left->scope, 0); /* one of them does not tell: judged as run time */
	CHECK_STR(property(left, "bomgate:disagreement:licences"), STR("MIT [a.json (one 1.0)] | ISC [b.json (two)]"));
	CHECK_STR(property(left, "bomgate:disagreement:scope"), STR("dev [a.json (one 1.0)] | not told [b.json (two)]"));
	CHECK_STR(property(left, "bomgate:disagreement:version"), STR_NONE);
	CHECK_STR(mod->purl, STR("pkg:golang/example.org/mod/v2@1.2.0") ); /* the one that names the module */
	struct advisory_identity id;
	purl_advisory_identity(f.arena, mod, &id);
	CHECK_STR(id.name, STR("example.org/mod/v2"));
	CHECK_INT(component_more(mod)->more_purls.n, 1);
	CHECK_INT(out->dependencies.n, 3);
	CHECK_INT(component_more(find(out, "Left"))->reporters.n, 1);
	arena_free(f.arena);
}

static void architectures(void)
{
	struct fixture f = begin();
	struct merge_report r;
	struct bom *x = document(&f, "one", "1", "image"), *y = document(&f, "two", "1", "image");

	add(x, "pkg:deb/debian/libc6@2.36-9?arch=amd64", "1");
	add(x, "pkg:deb/debian/libc6@2.36-9?arch=i386", "2");
	add(y, "pkg:deb/debian/libc6@2.36-9?arch=i386", "1");
	add(y, "pkg:deb/debian/libc6@2.36-9?arch=amd64", "2");
	struct bom *both[] = { x, y };
	struct bom *out = merge(&f, both, 2, (struct merge_options){ 0 }, &r);
	CHECK_INT(out->ncomponents, 3);
	CHECK_STR(out->components[1].purl, STR("pkg:deb/debian/libc6@2.36-9?arch=amd64"));
	CHECK_INT(component_more(&out->components[1])->reporters.n, 2);
	CHECK_INT(component_more(&out->components[2])->reporters.n, 2);
	CHECK_STR(out->components[1].ref, STR("1"));
	CHECK_STR(out->components[2].ref, STR("2"));

	struct bom *p = document(&f, "one", "1", "image"), *q = document(&f, "two", "1", "image");
	add(p, "pkg:deb/debian/libc6@2.36-9?arch=amd64", "1");
	add(q, "pkg:deb/debian/libc6@2.36-9?arch=arm64", "1");
	struct bom *others[] = { p, q };
	out = merge(&f, others, 2, (struct merge_options){ 0 }, &r);
	CHECK_INT(out->ncomponents, 2); /* one package, and what they disagree on */
	CHECK(property(&out->components[1], "bomgate:disagreement:purl").len > 0);
	arena_free(f.arena);
}

static void services(void)
{
	struct fixture f = begin();
	struct merge_report r;
	struct bom *x = document(&f, "one", "1", "front"), *y = document(&f, "one", "1", "back");

	uint32_t a1 = add(x, "pkg:npm/a@1", "c"), b1 = add(y, "pkg:npm/b@1", "c"), a2 = add(y, "pkg:npm/a@1", "d");
	bom_depend(x, 0, a1, DEPENDS_ON, 0);
	bom_depend(y, 0, b1, DEPENDS_ON, 0);
	bom_depend(y, b1, a2, DEPENDS_ON, 0);
	struct claim *k = VEC_ADD(f.arena, &y->claims);
	k->id = STR("CVE-2030-1");
	k->raw = STR("{\"bom-ref\": \"c\", \"detail\": \"ref\", \"affects\": [{\"ref\": \"c\"}, {\"ref\": \"d\"}]}");
	*VEC_ADD(f.arena, &k->affects) = STR("c");
	*VEC_ADD(f.arena, &k->affects) = STR("d");
	*VEC_ADD(f.arena, &k->affects) = STR("elsewhere");
	*VEC_ADD(f.arena, &x->extracted_licences) = (struct extracted_licence){ .id = STR("LicenseRef-1"), .text = STR("one text") };
	*VEC_ADD(f.arena, &y->extracted_licences) = (struct extracted_licence){ .id = STR("LicenseRef-1"), .text = STR("another") };
	bom_licence(x, a1, LICENCE_EXPRESSION, LICENCE_DECLARED, STR("LicenseRef-1"));
	bom_licence(y, b1, LICENCE_EXPRESSION, LICENCE_DECLARED, STR("MIT OR LicenseRef-1"));
	struct bom *both[] = { x, y };
	struct bom *out = merge(&f, both, 2, (struct merge_options){ .name = STR("product"), .version = STR("7") }, &r);
	CHECK_STR(out->components[out->subject].name, STR("product"));
	CHECK_STR(out->components[out->subject].version, STR("7"));
	CHECK_INT(out->ncomponents, 5);
	CHECK_INT(out->dependencies.n, 5); /* three of theirs, two from the product */
	struct component *b = find(out, "b");
	CHECK_STR(b->ref, STR("c-2")); /* "c" was taken */
	CHECK_STR(b->licences.items[0].value, STR("MIT OR LicenseRef-1-2"));
	CHECK_INT(out->extracted_licences.n, 2);
	CHECK_STR(out->extracted_licences.items[1].id, STR("LicenseRef-1-2"));
	CHECK_STR(out->claims.items[0].affects.items[0], STR("c-2"));
	CHECK_STR(out->claims.items[0].affects.items[1], STR("c"));
	CHECK_STR(out->claims.items[0].affects.items[2], STR("elsewhere"));
	CHECK_STR(out->claims.items[0].raw, STR("{\"bom-ref\": \"c-3\", \"detail\": \"ref\", \"affects\": [{\"ref\": \"c-2\"}, {\"ref\": \"c\"}]}"));
	CHECK_STR(find(out, "back")->ref, STR("root-2"));
	arena_free(f.arena);
}

static void weak_matches(void)
{
	struct fixture f = begin();
	struct merge_report r;
	struct bom *x = document(&f, "one", "1", "jar"), *y = document(&f, "two", "1", "jar");

	add(x, "pkg:maven/org.example.xml/beans@5.1", "1");
	add(y, "pkg:maven/The%20Example%20Foundation/beans@5.1?type=jar", "1");
	struct component *c = bom_add(x);
	c->name = STR("zlib");
	c->version = STR("1.2.11");
	c = bom_add(y);
	c->name = STR("Zlib");
	c->version = STR("1.2.11");
	c = bom_add(x);
	c->name = STR("no-version");
	c = bom_add(y);
	c->name = STR("no-version");
	struct bom *both[] = { x, y };
	struct bom *out = merge(&f, both, 2, (struct merge_options){ 0 }, &r);
	CHECK_INT(out->ncomponents, 6);
	CHECK_INT(r.weak, 1);
	CHECK_INT(r.possible, 1);
	CHECK_INT(r.unversioned, 2);
	struct component *zlib = find(out, "zlib");
	CHECK(zlib->weak);
	CHECK_STR(property(zlib, "bomgate:matched-by"), STR("name"));
	CHECK_STR(property(&out->components[1], "bomgate:possibly-same"), STR("pkg:maven/The%20Example%20Foundation/beans@5.1?type=jar (artifact)"));
	out = merge(&f, both, 2, (struct merge_options){ .weak = true }, &r);
	CHECK_INT(out->ncomponents, 5);
	CHECK_STR(out->components[1].purl, STR("pkg:maven/org.example.xml/beans@5.1"));
	CHECK(out->components[1].weak);
	arena_free(f.arena);
}

/* Nested components whose parts become one must not make a circle. */
static void nesting(void)
{
	struct fixture f = begin();
	struct merge_report r;
	struct bom *x = document(&f, "one", "1", NULL);

	uint32_t p = add(x, "pkg:npm/p@1", "p"), q = add(x, "pkg:npm/q@1", "q"), again = add(x, "pkg:npm/p@1", "p2");
	x->components[p].parent = q;
	x->components[q].parent = again;
	bom_depend(x, p, again, DEPENDS_ON, 0); /* both ends become one */
	struct bom *one[] = { x };
	struct bom *out = merge(&f, one, 1, (struct merge_options){ 0 }, &r);
	CHECK_INT(out->ncomponents, 3);
	CHECK(out->components[0].parent == 1 && out->components[1].parent == NO_COMPONENT);
	CHECK_INT(out->dependencies.n, 1); /* the document has no subject: its root hangs below the whole */
	CHECK(out->dependencies.items[0].from == out->subject && out->dependencies.items[0].to == 1);
	arena_free(f.arena);
}

/* The same components in many documents: all lists grow by what is new only. */
static void many(void)
{
	struct fixture f = begin();
	struct merge_report r;
	struct bom *out = bom_new(f.arena, &f.diags);
	struct merge *m = merge_begin(out, NULL);

	for (int d = 0; d < 200; d++) {
		struct fixture g = begin();
		struct bom *x = document(&g, "one", "1", "service");
		for (int i = 0; i < 50; i++) {
			uint32_t c = add(x, arena_printf(g.arena, "pkg:npm/p%d@1", i).s, arena_printf(g.arena, "r%d", i).s);
			bom_property(x, c, "place", arena_printf(g.arena, "%d", d));
			bom_property(x, c, "same", STR("value"));
			bom_depend(x, 0, c, DEPENDS_ON, 0);
		}
		merge_add(m, x, arena_printf(g.arena, "%d.json", d));
		arena_free(g.arena); /* nothing of it may be needed afterwards */
	}
	merge_end(m, &r);
	CHECK_INT(out->ncomponents, 51);
	CHECK_INT(out->dependencies.n, 50);
	CHECK_INT(component_more(&out->components[1])->reporters.n, 200);
	CHECK_INT(out->components[1].properties.n, 201);
	CHECK_INT(r.disagreements, 0);
	arena_free(f.arena);
}

TEST_MAIN(TEST_CASE(two_tools), TEST_CASE(architectures), TEST_CASE(services), TEST_CASE(weak_matches), TEST_CASE(nesting), TEST_CASE(many))
