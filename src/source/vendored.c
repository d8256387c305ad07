/* Somebody else's code that lies in the repository (vendor/, third_party/): its packages are components, no parts of the product. What
 * their manifests ask for counts where no other file tells more, without what only their makers need. */
#include "base/map.h"
#include "source/common.h"

struct sole {
	struct component known; /* the package with its version, as another file names it */
	bool several;		/* versions: which one it is cannot be told */
};

static struct str where_it_lies(const struct part *p, const struct component *c)
{
	for (size_t i = 0; i < c->properties.n; i++)
		if (str_is(c->properties.items[i].name, "bomgate:path"))
			return c->properties.items[i].value;
	return p->dir;
}

/* "assets/deps/phoenix" where mix.lock lies in assets/: Mix unpacks the packages of Hex there. */
static bool is_of_mix(const struct tree *t, struct str path)
{
	for (size_t at = 0; (at = str_find(path, STR("deps/"), at)) != STR_NOT_FOUND; at++)
		if ((at == 0 || path.s[at - 1] == '/') && tree_find(t, str_sub(path, 0, at ? at - 1 : 0), "mix.lock"))
			return true;
	return false;
}

static bool is_vendored(const struct tree *t, const struct part *p, const struct component *c)
{
	if (!c->first_party || !c->name.len)
		return false;
	struct str path = where_it_lies(p, c);
	return reading_brought_along(path) || is_of_mix(t, path);
}

/* Does the part say what a vendored package asks for, in ranges and for its makers? */
static bool is_vendored_manifest(const struct part *p)
{
	return (p->reader->flags & READER_DECLARED) && reading_brought_along(p->dir);
}

/* The packages that the tree names with their version: in lockfiles, in the product's manifests, and as what is vendored. */
static void collect_exact(struct tree *t, struct map *exact)
{
	map_init(exact, t->arena);
	for (VEC_EACH(const struct part, p, &t->parts))
		for (size_t i = 0; i < p->bom->ncomponents; i++) {
			const struct component *c = &p->bom->components[i];
			if (!c->version.len || (!c->first_party && (p->covered || is_vendored_manifest(p))))
				continue;
			struct map_entry *e = map_put(exact, component_name_key(t->arena, c, c->ecosystem), NULL);
			struct sole *s = e->value.ptr;
			if (!s) {
				s = e->value.ptr = ARENA_NEW(t->arena, struct sole);
				s->known = *c;
			}
			s->several = s->several || !str_eq(s->known.version, c->version);
		}
}

static const struct sole *exact_of(struct tree *t, const struct map *exact, const struct component *c)
{
	const struct map_entry *e = map_get(exact, component_name_key(t->arena, c, c->ecosystem));

	return e ? e->value.ptr : NULL;
}

/* From part of the product to component; one whose version the manifest leaves out is the one that another file names. */
static void disown(struct tree *t, const struct map *exact, struct component *c)
{
	const struct sole *s = c->version.len ? NULL : exact_of(t, exact, c);

	c->first_party = false;
	c->type = COMPONENT_LIBRARY;
	c->direct = c->direct_known = true;
	if (s && !s->several) {
		c->version = s->known.version;
		c->vcs = s->known.vcs;
		c->commit = s->known.commit;
		c->download = s->known.download;
	}
}

/* Direct is what the product itself asks for; what holds a vendored package asks for it. */
static void mend_edges(struct tree *t, struct bom *b, const bool *vendored)
{
	uint8_t *asked = arena_array(t->arena, b->ncomponents + 1, sizeof *asked);
	enum { BY_OWN = 1, BY_VENDORED = 2 };

	for (VEC_EACH(const struct dependency, d, &b->dependencies))
		if (d->kind == DEPENDS_ON && d->from != NO_COMPONENT && d->to != NO_COMPONENT)
			asked[d->to] |= vendored[d->from] ? BY_VENDORED : b->components[d->from].first_party ? BY_OWN : 0;
	for (VEC_EACH(struct dependency, d, &b->dependencies)) {
		if (d->kind != CONTAINS || d->to == NO_COMPONENT || !vendored[d->to])
			continue;
		if (asked[d->to] & BY_OWN)
			d->to = NO_COMPONENT;
		else
			d->kind = DEPENDS_ON;
	}
	for (size_t i = 0; i < b->ncomponents; i++)
		if (!vendored[i] && asked[i] == BY_VENDORED)
			b->components[i].direct = false;
}

/* What a vendored manifest asks for and needs no line of its own. */
static bool is_idle(struct tree *t, const struct map *exact, const struct component *c)
{
	return (c->scope && !(c->scope & ~(unsigned)(SCOPE_DEV | SCOPE_TEST))) || (!c->version.len && exact_of(t, exact, c));
}

static void join_part(struct tree *t, struct part *p, const struct map *exact)
{
	struct bom *b = p->bom;
	bool *marked = arena_array(t->arena, b->ncomponents + 1, sizeof *marked), any = false;

	for (size_t i = 0; i < b->ncomponents; i++)
		if (is_vendored(t, p, &b->components[i])) {
			any = marked[i] = true;
			disown(t, exact, &b->components[i]);
		}
	if (!any)
		return;
	mend_edges(t, b, marked);
	if (p->covered || !is_vendored_manifest(p))
		return;
	for (size_t i = 0; i < b->ncomponents; i++)
		marked[i] = !marked[i] && !b->components[i].first_party && is_idle(t, exact, &b->components[i]);
	part_take_out(p, marked);
}

void join_vendored(struct tree *t)
{
	struct map exact;
	bool any = false;

	for (VEC_EACH(const struct part, p, &t->parts))
		for (size_t i = 0; i < p->bom->ncomponents && !any; i++)
			any = is_vendored(t, p, &p->bom->components[i]);
	if (!any)
		return;
	collect_exact(t, &exact);
	for (VEC_EACH(struct part, p, &t->parts))
		join_part(t, p, &exact);
}
