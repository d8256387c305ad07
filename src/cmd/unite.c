#include "cmd/unite.h"

#include "base/map.h"
#include "decide/licences.h"
#include "identity/purl.h"

struct uniting {
	struct bom *bom;
	struct arena *scratch;
	struct map keys;     /* identity to component index */
	struct map referred; /* references that claims and compositions use */
	uint32_t *now;	     /* where each component went */
};

static void refer(struct uniting *u, const struct str *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		map_put(&u->referred, items[i], NULL);
}

static void find_references(struct uniting *u)
{
	for (VEC_EACH(const struct claim, c, &u->bom->claims))
		refer(u, c->affects.items, c->affects.n);
	for (VEC_EACH(const struct composition, c, &u->bom->compositions)) {
		refer(u, c->assemblies.items, c->assemblies.n);
		refer(u, c->dependencies.items, c->dependencies.n);
	}
}

/* All that decides which advisories fit; absent: never united. */
static struct str key_of(struct uniting *u, const struct component *c)
{
	const struct component_more *more = component_more(c);
	struct arena *a = u->scratch;
	struct str folded = c->first_party || c->weak || c->declared.len || c->type == COMPONENT_FILE ? STR_NONE : purl_folded_key(a, c);
	struct advisory_identity id;

	if (!folded.len)
		return STR_NONE;
	purl_advisory_identity(a, c, &id);
	return arena_printf(a, "%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(folded), STR_ARG(c->ecosystem), STR_ARG(c->vcs),
			    STR_ARG(c->commit), STR_ARG(more->source_name), STR_ARG(more->source_version), STR_ARG(id.ecosystem),
			    STR_ARG(id.name), STR_ARG(id.other_name), STR_ARG(id.version));
}

static struct str arch_of(const struct component *c)
{
	for (VEC_EACH(const struct property, q, &c->qualifiers))
		if (str_is(q->name, "arch"))
			return q->value;
	return STR_NONE;
}

/* A concluded licence takes the place of declared ones: in one component it would hide what the other source declares. */
static bool hides_licence(struct uniting *u, const struct component *x, const struct component *y)
{
	struct str one = licences_of(u->scratch, x), other = licences_of(u->scratch, y);

	return one.len && other.len && licences_concluded(x) != licences_concluded(y) && !str_eq(one, other);
}

static void keep(struct str *to, struct str from)
{
	if (!to->len)
		*to = from;
}

static void unite_lists(struct arena *a, struct component *to, const struct component *from)
{
	for (VEC_EACH(const struct evidence, e, &from->evidence))
		*VEC_ADD(a, &to->evidence) = *e;
	VEC_UNITE(a, &to->hashes, &from->hashes, struct hash, str_eq(x->algorithm, y->algorithm) && str_eq(x->value, y->value), *x)
	VEC_UNITE(a, &to->licences, &from->licences, struct licence, x->role == y->role && str_eq(x->value, y->value), *x)
	VEC_UNITE(a, &to->properties, &from->properties, struct property, str_eq(x->name, y->name) && str_eq(x->value, y->value), *x)
	/* A field stands once in what is written: the first one's. */
	VEC_UNITE(a, &to->extra, &from->extra, struct extra, str_eq(x->standard, y->standard) && str_eq(x->field, y->field), *x)
}

static void add_cpe(struct arena *a, struct component_more *to, struct str cpe)
{
	bool there = !cpe.len || str_eq(to->cpe, cpe);

	for (size_t i = 0; i < to->more_cpes.n; i++)
		there = there || str_eq(to->more_cpes.items[i], cpe);
	if (!there && !to->cpe.len)
		to->cpe = cpe;
	else if (!there)
		*VEC_ADD(a, &to->more_cpes) = cpe;
}

static void unite_more(struct arena *a, struct component_more *to, const struct component_more *from)
{
	keep(&to->registry, from->registry);
	keep(&to->copyright, from->copyright);
	add_cpe(a, to, from->cpe);
	for (VEC_EACH(const struct str, x, &from->more_cpes))
		add_cpe(a, to, *x);
	VEC_UNITE(a, &to->more_purls, &from->more_purls, struct str, str_eq(*x, *y), *x)
	VEC_UNITE(a, &to->references, &from->references, struct external_reference, str_eq(x->type, y->type) && str_eq(x->url, y->url), *x)
	VEC_UNITE(a, &to->reporters, &from->reporters, struct str, str_eq(*x, *y), *x)
	for (VEC_EACH(const struct annotation, n, &from->annotations))
		*VEC_ADD(a, &to->annotations) = *n;
	if (!to->supplier)
		to->supplier = from->supplier;
	if (!to->originator)
		to->originator = from->originator;
	if (!to->manufacturer)
		to->manufacturer = from->manufacturer;
}

static void unite(struct arena *a, struct component *to, const struct component *from)
{
	/* A source that does not tell the scope counts as runtime: needed there for all we know. */
	to->scope = (to->scope ? to->scope : SCOPE_RUNTIME) | (from->scope ? from->scope : SCOPE_RUNTIME);
	to->direct = to->direct || from->direct;
	to->direct_known = to->direct_known || from->direct_known;
	keep(&to->ref, from->ref);
	keep(&to->download, from->download);
	keep(&to->description, from->description);
	unite_lists(a, to, from);
	if (from->more)
		unite_more(a, component_add_more(a, to), from->more);
}

/* The component of an earlier source that this one is, or NO_COMPONENT. */
static uint32_t same(struct uniting *u, struct str key, const struct component *c, uint32_t before)
{
	const struct map_entry *e = key.len ? map_get(&u->keys, key) : NULL;
	uint32_t i = e ? (uint32_t)e->value.num : NO_COMPONENT;

	if (i == NO_COMPONENT || i >= before)
		return NO_COMPONENT;
	const struct component *to = &u->bom->components[i];
	struct str x = arch_of(to), y = arch_of(c);
	if ((x.len && y.len && !str_eq(x, y)) || (to->ref.len && c->ref.len && map_has(&u->referred, c->ref)) || hides_licence(u, to, c))
		return NO_COMPONENT;
	return i;
}

/* Indexes of all that stays, closed up, and everything that names one. */
static void close_up(struct uniting *u)
{
	struct bom *b = u->bom;
	uint32_t *at = arena_array(u->scratch, b->ncomponents + 1, sizeof *at), n = 0;
	size_t edges = 0;

	for (uint32_t i = 0; i < b->ncomponents; i++)
		if (u->now[i] == i) {
			at[i] = n;
			b->components[n++] = b->components[i];
		}
	for (uint32_t i = 0; i < b->ncomponents; i++)
		if (u->now[i] != i)
			at[i] = at[u->now[i]]; /* earlier, and stays */
	for (uint32_t i = 0; i < n; i++)
		if (b->components[i].parent != NO_COMPONENT)
			b->components[i].parent = at[b->components[i].parent];
	for (size_t i = 0; i < b->dependencies.n; i++) {
		struct dependency d = b->dependencies.items[i];
		d.from = d.from == NO_COMPONENT ? NO_COMPONENT : at[d.from];
		d.to = d.to == NO_COMPONENT ? NO_COMPONENT : at[d.to];
		if (d.from != NO_COMPONENT && d.from == d.to)
			continue;
		b->dependencies.items[edges++] = d;
	}
	b->dependencies.n = edges;
	b->subject = b->subject == NO_COMPONENT ? NO_COMPONENT : at[b->subject];
	b->ncomponents = n;
}

size_t unite_sources(struct bom *b, const size_t *starts, size_t n)
{
	struct uniting u = { .bom = b, .scratch = arena_new(0) };
	size_t united = 0, source = 0;

	map_init(&u.keys, u.scratch);
	map_init(&u.referred, u.scratch);
	find_references(&u);
	u.now = arena_array(u.scratch, b->ncomponents + 1, sizeof *u.now);
	for (uint32_t i = 0; i < b->ncomponents; i++) {
		bool fresh;
		while (source + 1 < n && i >= starts[source + 1])
			source++;
		struct component *c = &b->components[i];
		struct str key = key_of(&u, c);
		uint32_t to = same(&u, key, c, (uint32_t)starts[source]);
		u.now[i] = to == NO_COMPONENT ? i : to;
		if (to != NO_COMPONENT) {
			unite(b->arena, &b->components[to], c);
			united++;
		} else if (key.len) {
			struct map_entry *e = map_put(&u.keys, key, &fresh);
			if (fresh)
				e->value.num = i;
		}
	}
	if (united)
		close_up(&u);
	arena_free(u.scratch);
	return united;
}
