/* Manifests and lockfiles of one tree: which manifest a lockfile covers, and, for lockfiles that do not say it, what the project
 * asks for and what of it is for development only. */
#include "source/npm.h"

static bool is_lock(const struct part *p)
{
	return !p->failed && p->data &&
	       (part_is(p, "npm-package-lock") || part_is(p, "npm-yarn") || part_is(p, "npm-pnpm") || part_is(p, "npm-bun"));
}

static bool is_manifest(const struct part *p)
{
	return !p->failed && p->data && part_is(p, NPM_MANIFEST);
}

/* The folder below (or at) `above`, relative to it. */
static struct str relative_to(struct str dir, struct str above)
{
	if (above.len == 0)
		return dir;
	return dir.len == above.len ? STR("") : str_from(dir, above.len + 1);
}

static bool is_workspace(const struct part *root, struct str folder)
{
	const struct npm_manifest *m = root->data;
	bool in = false;

	for (VEC_EACH(const struct str, glob, &m->workspaces)) {
		bool not = glob->len && glob->s[0] == '!';
		struct str pattern = not ? str_from(*glob, 1) : *glob;
		/* path_glob holds a pattern without '/' against the last part only. */
		if (str_eq(pattern, folder) || ((str_has(pattern, STR("/")) || !str_has(folder, STR("/"))) && path_glob(pattern, folder)))
			in = !not;
	}
	return in;
}

static struct reading as_reading(struct part *p)
{
	return (struct reading){ .bom = p->bom, .arena = p->bom->arena, .path = p->path, .text = p->text };
}

/* The component in the lockfile's bom that stands for a folder of the project. */
static uint32_t part_of(struct part *lock, const struct part *manifest, struct str folder)
{
	struct npm_lock *l = lock->data;
	const struct npm_manifest *m = manifest->data;
	struct reading r = as_reading(lock);
	uint32_t c = npm_add_part(&r, l, folder, m->name, m->version, 0);
	struct component *own = &lock->bom->components[c];

	if (!own->name.len || (!own->group.len && folder.len == 0)) { /* yarn does not write the root's name */
		const struct component *named = &manifest->bom->components[m->component];
		own->group = named->group;
		own->name = named->name;
	}
	if (!own->version.len)
		own->version = m->version;
	own->direct_known = l->roots_known;
	if (own->evidence.n && !own->evidence.items[0].line)
		own->evidence.items[0].line = 1;
	return c;
}

/* What the join looks up in one lockfile, made when it is first needed. */
struct lookup {
	struct map targets; /* part and package (8 bytes) to index of the edge + 1 */
	struct map names;   /* part (4 bytes) and name, or alias, of a package to component index + 1 */
	struct map parts;   /* a part's name to component index + 1 */
};

static struct str edge_key(struct arena *a, uint32_t from, const void *rest, size_t n)
{
	char *key = arena_alloc(a, sizeof from + n + 1);

	memcpy(key, &from, sizeof from);
	memcpy(key + sizeof from, rest, n);
	return str_make(key, sizeof from + n);
}

static struct lookup *lookup_of(struct part *lock)
{
	struct npm_lock *l = lock->data;
	struct bom *b = lock->bom;

	if (l->join)
		return l->join;
	struct lookup *x = l->join = ARENA_NEW(b->arena, struct lookup);
	map_init(&x->targets, b->arena);
	map_init(&x->names, b->arena);
	map_init(&x->parts, b->arena);
	for (size_t i = 0; i < l->folders.n; i++) {
		uint32_t c = (uint32_t)(l->folders.entries[i].value.num - 1);
		map_put(&x->parts, npm_full_name(b->arena, &b->components[c]), NULL)->value.num = c + 1;
	}
	for (size_t i = 0; i < b->dependencies.n && l->roots_known; i++) {
		const struct dependency *d = &b->dependencies.items[i];
		if (d->kind != DEPENDS_ON || !b->components[d->from].first_party)
			continue;
		struct str name = npm_full_name(b->arena, &b->components[d->to]), alias = b->components[d->to].alias;
		map_put(&x->targets, edge_key(b->arena, d->from, &d->to, sizeof d->to), NULL)->value.num = i + 1;
		map_put(&x->names, edge_key(b->arena, d->from, name.s, name.len), NULL)->value.num = d->to + 1;
		if (alias.len)
			map_put(&x->names, edge_key(b->arena, d->from, alias.s, alias.len), NULL)->value.num = d->to + 1;
	}
	return x;
}

static struct dependency *edge_to(struct part *lock, uint32_t from, uint32_t to)
{
	struct map_entry *e = map_get(&lookup_of(lock)->targets, edge_key(lock->bom->arena, from, &to, sizeof to));

	return e ? &lock->bom->dependencies.items[e->value.num - 1] : NULL;
}

/* Where a lockfile's edge was locked to another range than the manifest's (resolutions): by the name. */
static uint32_t target_by_name(struct part *lock, uint32_t from, struct str name)
{
	struct map_entry *e = map_get(&lookup_of(lock)->names, edge_key(lock->bom->arena, from, name.s, name.len));

	return e ? (uint32_t)(e->value.num - 1) : NO_COMPONENT;
}

/* A workspace of the project by its package's name. */
static uint32_t own_part(struct part *lock, struct str name)
{
	struct map_entry *e = map_get(&lookup_of(lock)->parts, name);

	return e ? (uint32_t)(e->value.num - 1) : NO_COMPONENT;
}

static void apply(struct part *lock, const struct part *manifest, struct str folder)
{
	struct npm_lock *l = lock->data;
	const struct npm_manifest *m = manifest->data;
	struct bom *b = lock->bom;
	uint32_t own = part_of(lock, manifest, folder);

	if ((l->roots_known && l->scopes_known) || !l->find)
		return;
	for (VEC_EACH(const struct npm_need, need, &m->needs)) {
		uint32_t to = l->find(l, need->name, need->range.s ? need->range : STR(""));
		if (to == NO_COMPONENT)
			to = target_by_name(lock, own, need->name);
		if (to == NO_COMPONENT)
			to = own_part(lock, need->name);
		if (to == NO_COMPONENT || to == own)
			continue;
		struct dependency *d = l->roots_known ? edge_to(lock, own, to) : NULL;
		if (!d && l->roots_known && need->kind == NPM_PEER)
			continue;
		if (!d)
			d = bom_depend(b, own, to, DEPENDS_ON, 0);
		d->scope |= npm_scope(need->kind);
		b->components[to].direct = true;
	}
}

struct elsewhere {
	struct part *lock;
	struct str folder; /* as the lockfile writes it */
};

/* Every lockfile that covers the manifest, in its folder or above it: the first call (`asks` false) makes the parts known, the
 * second adds what they ask for, so that a part finds another whatever their order. */
static bool cover(struct tree *t, struct part *manifest, const struct map *elsewhere, bool asks)
{
	static const char *const names[] = { "npm-shrinkwrap.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock" };
	bool found = false;

	for (struct str dir = manifest->dir;; dir = str_folder(dir)) {
		struct str folder = relative_to(manifest->dir, dir);
		const struct part *root = tree_find(t, dir, "package.json");
		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
			struct part *lock = tree_find(t, dir, names[i]);
			if (!lock || !is_lock(lock))
				continue;
			struct npm_lock *l = lock->data;
			bool mine = folder.len == 0 || map_has(&l->folders, folder) ||
				    (!l->roots_known && root && is_manifest(root) && is_workspace(root, folder));
			if (mine && asks)
				apply(lock, manifest, folder);
			else if (mine)
				part_of(lock, manifest, folder);
			found = found || mine;
		}
		if (found || !dir.len)
			break;
	}
	const struct map_entry *e = found ? NULL : map_get(elsewhere, manifest->dir);
	if (!e)
		return found;
	const struct elsewhere *there = e->value.ptr;
	part_of(there->lock, manifest, there->folder);
	return true;
}

/* The folders that a lockfile beside the project's tree locks ("../../apps/web": Rush keeps them so). */
static void find_elsewhere(struct tree *t, struct map *elsewhere)
{
	map_init(elsewhere, t->arena);
	for (VEC_EACH(struct part, p, &t->parts)) {
		const struct npm_lock *l = p->data;
		for (size_t i = 0; is_lock(p) && i < l->folders.n; i++) {
			struct str folder = l->folders.entries[i].key, whole = tree_resolve(t->arena, npm_base(t->arena, p->path), folder);
			if (!str_starts(folder, STR("..")) || !whole.s)
				continue;
			struct elsewhere *there = ARENA_NEW(t->arena, struct elsewhere);
			*there = (struct elsewhere){ p, folder };
			map_put(elsewhere, whole, NULL)->value.ptr = there;
		}
	}
}

static void spread(struct tree *t, struct part *lock)
{
	const struct npm_lock *l = lock->data;
	const struct part *root = tree_find(t, lock->dir, "package.json");

	if ((l->roots_known && l->scopes_known) || !root || !root->covered)
		return;
	if (!l->scopes_known)
		source_spread_scopes(lock->bom);
	for (size_t i = 0; i < lock->bom->ncomponents; i++)
		lock->bom->components[i].direct_known = true;
}

/* What packages need and the file does not hold, but for workspaces and what the manifest replaces. */
static void tell_gaps(struct tree *t, struct part *lock)
{
	const struct npm_lock *l = lock->data;
	const struct part *root = tree_find(t, lock->dir, "package.json");
	bool overrides = !root || !is_manifest(root) || ((const struct npm_manifest *)root->data)->overrides;
	struct gaps left = { 0 };

	for (VEC_EACH(const struct gap, g, &l->gaps))
		if (!(g->other && overrides) && own_part(lock, g->name) == NO_COMPONENT)
			gaps_add(&left, t->arena, *g);
	gaps_tell(t, lock, &left, l->command);
}

/* The join adds parts to a lockfile's bom and remembers them in its data, which other trees may share: work on a copy. */
static void own_data(struct part *lock)
{
	const struct npm_lock *shared = lock->data;
	struct npm_lock *l;

	if (!shared)
		return;
	l = ARENA_NEW(lock->bom->arena, struct npm_lock);
	*l = *shared;
	l->join = NULL;
	map_init(&l->folders, lock->bom->arena);
	for (size_t i = 0; i < shared->folders.n; i++)
		map_put(&l->folders, shared->folders.entries[i].key, NULL)->value = shared->folders.entries[i].value;
	lock->data = l;
}

void join_npm(struct tree *t)
{
	struct map elsewhere;

	for (VEC_EACH(struct part, p, &t->parts))
		if (is_lock(p) && !p->failed)
			own_data(p);
	find_elsewhere(t, &elsewhere);
	for (VEC_EACH(struct part, p, &t->parts))
		if (is_manifest(p))
			p->covered = cover(t, p, &elsewhere, false);
	for (VEC_EACH(struct part, p, &t->parts))
		if (is_manifest(p) && p->covered)
			cover(t, p, &elsewhere, true);
	for (VEC_EACH(struct part, p, &t->parts))
		if (is_lock(p)) {
			spread(t, p);
			tell_gaps(t, p);
		}
}
