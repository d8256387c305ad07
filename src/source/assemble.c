/* From the parsed files of a tree to one bom: joins, then one component for each identity with every file and line that names
 * it, and each file's own project below the subject. */
#include "base/map.h"
#include "base/sort.h"
#include "identity/purl.h"
#include "source/common.h"
#include "source/registry.h"

/* The folder of a part of the product: a path dependency says where it lies ("bomgate:path", from the root), else it lies where
 * the file does that names it. */
static struct str own_dir(const struct part *p, const struct component *c)
{
	for (size_t i = 0; i < c->properties.n; i++)
		if (str_is(c->properties.items[i].name, "bomgate:path"))
			return str_is(c->properties.items[i].value, ".") ? STR("") : c->properties.items[i].value;
	return p->dir;
}

/* What makes two components of one tree the same: the canonical purl where there is one, else all that names it. The product's
 * own parts are told apart by their folder: two workspaces may carry one name; whether the file tells a version does not matter. */
static struct str same_key(struct arena *a, const struct part *p, const struct component *c)
{
	if (c->first_party) {
		struct str purl = str_sub(c->purl, 0, str_chr(c->purl, '@')), dir = own_dir(p, c);
		purl = str_sub(purl, 0, str_chr(purl, '?'));
		if (purl.len)
			return arena_printf(a, "own\n%.*s\n%.*s", STR_ARG(dir), STR_ARG(purl));
		return arena_printf(a, "own\n%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(dir), STR_ARG(c->group), STR_ARG(c->name),
				    STR_ARG(c->purl_type));
	}
	if (c->purl.len && !c->declared.len)
		return c->type == COMPONENT_LIBRARY && str_chr(c->purl, '\n') == STR_NOT_FOUND ?
			       c->purl : /* every other key holds a line's end */
			       arena_concat(a, c->purl, STR("\n"), c->type == COMPONENT_LIBRARY ? STR("") : STR("t"));
	return arena_printf(a, "%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(c->ecosystem), STR_ARG(c->group), STR_ARG(c->name),
			    STR_ARG(c->version), STR_ARG(c->declared), STR_ARG(c->download));
}

static bool has_hash(const struct component *c, const struct hash *h)
{
	for (size_t i = 0; i < c->hashes.n; i++)
		if (str_eq(c->hashes.items[i].algorithm, h->algorithm) && str_eq(c->hashes.items[i].value, h->value))
			return true;
	return false;
}

static bool has_licence(const struct component *c, const struct licence *l)
{
	for (size_t i = 0; i < c->licences.n; i++)
		if (c->licences.items[i].role == l->role && str_eq(c->licences.items[i].value, l->value))
			return true;
	return false;
}

static bool has_property(const struct component *c, const struct property *p)
{
	for (size_t i = 0; i < c->properties.n; i++)
		if (str_eq(c->properties.items[i].name, p->name) && str_eq(c->properties.items[i].value, p->value))
			return true;
	return false;
}

static void keep(struct str *to, struct str from)
{
	if (!to->len)
		*to = from;
}

static struct property *certainty(const struct component *c)
{
	for (size_t i = 0; i < c->properties.n; i++)
		if (str_is(c->properties.items[i].name, "bomgate:certainty"))
			return &c->properties.items[i];
	return NULL;
}

/* One file that is certain is enough. */
static void join_certainty(struct component *to, const struct component *from)
{
	struct property *doubt = certainty(to);

	if (doubt && !certainty(from))
		*doubt = to->properties.items[--to->properties.n];
}

/* What another file says of a component that is there already. */
static void join_component(struct bom *b, struct component *to, const struct component *from)
{
	/* A file that does not tell the scope counts as runtime: needed there for all we know. */
	to->scope = (to->scope ? to->scope : SCOPE_RUNTIME) | (from->scope ? from->scope : SCOPE_RUNTIME);
	to->direct = to->direct || from->direct;
	to->direct_known = to->direct_known || from->direct_known;
	if (to->first_party && !to->version.len && from->version.len) {
		to->version = from->version;
		to->purl = from->purl;
	}
	if (from->type == COMPONENT_APPLICATION)
		to->type = from->type;
	bool sure = !certainty(to);
	join_certainty(to, from);
	keep(&to->alias, from->alias);
	keep(&to->download, from->download);
	keep(&to->vcs, from->vcs);
	keep(&to->commit, from->commit);
	keep(&to->description, from->description);
	if (component_more(from)->registry.len && !component_more(to)->registry.len) /* one file that names another registry is enough */
		component_add_more(b->arena, to)->registry = component_more(from)->registry;
	for (size_t i = 0; i < from->evidence.n; i++)
		*VEC_ADD(b->arena, &to->evidence) = from->evidence.items[i];
	for (size_t i = 0; i < from->hashes.n; i++)
		if (!has_hash(to, &from->hashes.items[i]))
			*VEC_ADD(b->arena, &to->hashes) = from->hashes.items[i];
	for (size_t i = 0; i < from->licences.n; i++)
		if (!has_licence(to, &from->licences.items[i]))
			*VEC_ADD(b->arena, &to->licences) = from->licences.items[i];
	for (size_t i = 0; i < from->properties.n; i++)
		if (!has_property(to, &from->properties.items[i]) &&
		    !(sure && str_is(from->properties.items[i].name, "bomgate:certainty")))
			*VEC_ADD(b->arena, &to->properties) = from->properties.items[i];
}

/* The file's own project below the subject. Without one: its first-party components, and what it asks for directly that none of
 * them needs. */
static void hang_part(struct tree *t, struct bom *out, const struct part *p, const uint32_t *index)
{
	uint32_t own = p->bom->subject == NO_COMPONENT ? NO_COMPONENT : index[p->bom->subject];
	size_t n = p->bom->ncomponents;

	if (out->subject == NO_COMPONENT)
		return;
	if (own != NO_COMPONENT) {
		if (own != out->subject)
			bom_depend(out, out->subject, own, DEPENDS_ON, 0);
		return;
	}
	bool *needed = arena_array(t->arena, n + 1, sizeof *needed);
	for (VEC_EACH(const struct dependency, d, &p->bom->dependencies))
		if (d->from != NO_COMPONENT && d->to != NO_COMPONENT && p->bom->components[d->from].first_party)
			needed[d->to] = true;
	for (size_t i = 0; i < n; i++) {
		const struct component *c = &p->bom->components[i];
		if (index[i] != NO_COMPONENT && index[i] != out->subject && (c->first_party || ((c->direct || !c->direct_known) && !needed[i])))
			bom_depend(out, out->subject, index[i], DEPENDS_ON, c->scope);
	}
}

/* What the tree's files name, by ecosystem and name; manifests that a lockfile covers aside. */
static void collect_names(struct tree *t, struct map *names)
{
	map_init(names, t->arena);
	for (size_t i = 0; i < t->parts.n; i++) {
		const struct part *p = &t->parts.items[i];
		for (size_t k = 0; k < p->bom->ncomponents; k++) {
			const struct component *c = &p->bom->components[k];
			if (p->covered && !c->first_party)
				continue;
			map_put(names, component_name_key(t->arena, c, c->ecosystem), NULL);
			if (c->alias.len)
				map_put(names, arena_concat(t->arena, c->ecosystem, STR("\n"), c->alias), NULL);
		}
	}
}

/* Does the manifest ask for it in a way that a lockfile must answer? */
static bool must_be_locked(const struct component *c)
{
	const unsigned may_miss = SCOPE_PEER | SCOPE_OPTIONAL | SCOPE_PROVIDED | SCOPE_EXCLUDED | SCOPE_BUILD;

	return c->declared.len && !c->first_party && !(c->scope & may_miss);
}

/* A manifest's own component counts beside its lockfile only where no lockfile holds the name: the lockfile is older than the
 * manifest, or was emptied so that nothing is judged. */
static bool is_missing(struct tree *t, const struct component *c, const struct map *names)
{
	return !map_has(names, component_name_key(t->arena, c, c->ecosystem)) &&
	       !(c->alias.len && map_has(names, arena_concat(t->arena, c->ecosystem, STR("\n"), c->alias)));
}

/* The parts' bom laid behind what `out` holds; text stays on the tree's arena, which must be (or outlive) out's. */
static void take_part(struct tree *t, struct bom *out, struct part *p, struct map *seen, const struct map *names)
{
	uint32_t input = (uint32_t)out->inputs.n, *index = arena_array(t->arena, p->bom->ncomponents + 1, sizeof *index);

	struct input *file = VEC_ADD(out->arena, &out->inputs);
	size_t asked = 0, missing = 0;
	*file = p->bom->inputs.items[0];
	file->components = p->covered ? 0 : file->components;
	out->incomplete = out->incomplete || p->bom->incomplete;
	for (size_t i = 0; i < p->bom->ncomponents; i++) {
		struct component *from = &p->bom->components[i];
		bool fresh;
		bool asked_here = p->covered && must_be_locked(from), is_gone = asked_here && is_missing(t, from, names);
		asked += asked_here;
		missing += is_gone;
		if (p->covered && !from->first_party && i != p->bom->subject && !is_gone) {
			index[i] = NO_COMPONENT;
			continue;
		}
		source_redact(p->bom->arena, from);
		purl_complete(p->bom, from);
		for (size_t k = 0; k < from->evidence.n; k++)
			from->evidence.items[k].input = input;
		struct map_entry *e = map_put(seen, same_key(t->arena, p, from), &fresh);
		if (!fresh) {
			index[i] = (uint32_t)e->value.num;
			join_component(out, &out->components[index[i]], from);
			continue;
		}
		struct component *to = bom_add(out);
		*to = *from;
		to->parent = NO_COMPONENT;
		e->value.num = index[i] = bom_index(out, to);
	}
	for (size_t i = 0; i < p->bom->dependencies.n; i++) {
		struct dependency d = p->bom->dependencies.items[i];
		if (d.from != NO_COMPONENT)
			d.from = index[d.from];
		if (d.to != NO_COMPONENT)
			d.to = index[d.to];
		if (d.from != NO_COMPONENT && d.to != NO_COMPONENT && d.from != d.to)
			*VEC_ADD(out->arena, &out->dependencies) = d;
	}
	hang_part(t, out, p, index);
	out->inputs.items[input].components += (uint32_t)missing;
	if (missing)
		diag_add(t->diags, missing == asked ? SEV_ERROR : SEV_WARNING, "input.lockfile", p->path, DIAG_NO_OFFSET,
			 "the lockfile holds %zu of the %zu packages that this file asks for: %s; update the lockfile", asked - missing, asked,
			 missing == asked ? "it is not the lockfile of this file" : "the others are not decided");
}

static int compare_edges(const void *x, const void *y)
{
	const struct dependency *a = x, *b = y;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return (int)a->kind - (int)b->kind;
}

/* Sorts the edges and makes one of those that say the same; scopes are joined, "not told" counts as runtime. */
static void tidy_edges(struct bom *b)
{
	size_t kept = 0;

	if (b->dependencies.n < 2)
		return;
	sort_items(b->arena, b->dependencies.items, b->dependencies.n, sizeof *b->dependencies.items, compare_edges);
	for (size_t i = 0; i < b->dependencies.n; i++) {
		struct dependency *d = &b->dependencies.items[i];
		if (kept && compare_edges(&b->dependencies.items[kept - 1], d) == 0) {
			struct dependency *before = &b->dependencies.items[kept - 1];
			before->scope = before->scope && d->scope ? before->scope | d->scope : 0;
			continue;
		}
		b->dependencies.items[kept++] = *d;
	}
	b->dependencies.n = kept;
}

static int compare_parts(const void *x, const void *y)
{
	const struct part *a = x, *b = y;

	return str_cmp(a->path, b->path);
}

/* Room for all edges at once: growing step by step touches twice the memory. */
static void reserve_edges(struct bom *b, size_t n)
{
	size_t cap = b->dependencies.n + n;

	if (cap <= b->dependencies.cap)
		return;
	b->dependencies.items = arena_grow(b->arena, b->dependencies.items, b->dependencies.cap, cap, sizeof *b->dependencies.items);
	b->dependencies.cap = cap;
}

void source_assemble(struct tree *t, struct bom *out)
{
	struct map seen, names = { 0 };
	size_t components = 0, edges = 0, covered = 0;

	sort_items(t->arena, t->parts.items, t->parts.n, sizeof *t->parts.items, compare_parts);
	for (size_t i = 0; i < joins_n; i++)
		joins[i].run(t);
	if (t->registries)
		registry_read_tree(t, out);
	map_init(&seen, t->arena);
	for (size_t i = 0; i < t->parts.n; i++) {
		components += t->parts.items[i].bom->ncomponents;
		edges += t->parts.items[i].bom->dependencies.n;
		covered += t->parts.items[i].covered;
	}
	if (covered) /* before anything is completed; only what a covered manifest asks for is looked up */
		collect_names(t, &names);
	bom_reserve(out, components);
	reserve_edges(out, edges + components);
	for (size_t i = 0; i < t->parts.n; i++)
		take_part(t, out, &t->parts.items[i], &seen, &names);
	tidy_edges(out);
}
