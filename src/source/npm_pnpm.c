/* pnpm-lock.yaml 5.x, 6.x and 9.x (pnpm's spec repository, lockfile/5.md, 6.0.md, 9.0.md). Importers are the project's parts;
 * `packages` holds what was resolved, by a key that carries the peers (5, 6), or not (9, where `snapshots` has the edges).
 * Newer pnpm writes a first document about its own tools; both count. */
#include "source/npm.h"
#include "source/reading_yaml.h"

struct pnpm {
	struct reading *r;
	struct arena *arena;
	struct npm_lock *lock;
	unsigned major;
	bool flags; /* the packages say themselves what is for development only */
	struct map keys;     /* plain key of packages and snapshots to component index */
	struct map packages; /* name@version@place to component index: variants by peers are one package */
	struct map parts;    /* folder from the repository's root to component index */
	const struct value *patched;
};

/* From 6 on without the slash in front of packages of the registry, which early files of version 9 still have and later ones have not. */
static struct str plain_key(const struct pnpm *p, struct str key)
{
	return str_from(key, p->major >= 6 && str_starts(key, STR("/")) ? 1 : 0);
}

/* The key without its peers: "(…)" from 6 on, "_…" before. */
static struct str without_peers(const struct pnpm *p, struct str key)
{
	if (p->major >= 6)
		return plain_key(p, str_sub(key, 0, str_chr(key, '(')));
	size_t slash = str_rchr(key, '/');
	size_t under = str_chr(str_from(key, slash + 1), '_');
	return under == STR_NOT_FOUND ? key : str_sub(key, 0, slash + 1 + under);
}

/* Name and version that a registry key names; false where the entry itself has to tell. */
static bool cut_key(const struct pnpm *p, struct str key, struct str *name, struct str *version)
{
	struct str bare = without_peers(p, key);

	if (p->major >= 6)
		return npm_cut_at(bare, name, version) && npm_is_exact(*version);
	size_t slash = str_rchr(bare, '/');
	if (slash == STR_NOT_FOUND || slash == 0)
		return false;
	*version = str_from(bare, slash + 1);
	*name = str_sub(bare, 0, slash);
	if (str_starts(*name, STR("/")))
		*name = str_from(*name, 1);
	else if (str_chr(*name, '/') != STR_NOT_FOUND) /* a registry's host stands before */
		*name = str_from(*name, str_chr(*name, '/') + 1);
	return npm_is_exact(*version);
}

static void set_patched(struct pnpm *p, uint32_t c, struct str name, struct str version)
{
	if (!p->patched)
		return;
	struct str key = arena_concat(p->arena, name, STR("@"), version);
	const struct value *patch = value_get_str(p->patched, key);
	if (!patch)
		patch = value_get_str(p->patched, name);
	if (patch) {
		struct str path = value_get_text(patch, "path");
		bom_property(p->r->bom, c, "bomgate:patched", path.s ? path : STR("true"));
	}
}

static void set_origin(struct pnpm *p, uint32_t c, const struct value *resolution, struct str key)
{
	struct reading *r = p->r;
	struct str tarball = value_get_text(resolution, "tarball"), repo = value_get_text(resolution, "repo");
	const struct value *integrity = value_get(resolution, "integrity");
	struct str name, ref;

	if (integrity)
		npm_set_integrity(r, c, value_text(integrity), integrity->offset);
	if (repo.s)
		reading_vcs(r, c, repo, value_get_text(resolution, "commit"));
	else if (tarball.s)
		npm_set_place(r, c, tarball);
	else if (p->major >= 9 && npm_cut_at(key, &name, &ref) && npm_place_of(ref) != NPM_REGISTRY)
		npm_set_place(r, c, ref);
	if (value_get_text(resolution, "path").s && r->bom->components[c].vcs.s) /* a folder of the repository */
		component_add_more(r->arena, &r->bom->components[c])->subpath = value_get_text(resolution, "path");
}

/* Before version 9 each package says it itself: `dev` true (only), false (never) or absent (both). */
static void add_flags(struct pnpm *p, uint32_t c, const struct value *e)
{
	const struct value *dev = value_get(e, "dev");
	unsigned needed = value_is_true(value_get(e, "optional")) ? SCOPE_OPTIONAL : SCOPE_RUNTIME;

	if (p->major >= 9)
		return;
	p->flags = p->flags || dev;
	p->r->bom->components[c].scope |= !dev ? needed | SCOPE_DEV : value_is_true(dev) ? SCOPE_DEV : needed;
}

/* A part that is installed as a copy. Its importer tells no name and was called after its folder; the key tells it. */
static uint32_t add_folder(struct pnpm *p, struct str directory, struct str name, struct str version, size_t offset)
{
	uint32_t index = npm_add_part(p->r, p->lock, directory, name, version, offset);
	struct component *c = &p->r->bom->components[index];

	if (name.len && c->first_party && !c->group.len && str_eq(c->name, str_from(directory, str_rchr(directory, '/') + 1)))
		npm_set_name(c, name);
	return index;
}

static uint32_t add_package(struct pnpm *p, const struct value *e)
{
	struct reading *r = p->r;
	const struct value *resolution = value_get(e, "resolution");
	struct str key = without_peers(p, e->key), name = STR_NONE, version = STR_NONE, directory = value_get_text(resolution, "directory");
	bool registry = cut_key(p, e->key, &name, &version);
	bool fresh;

	if (value_get_text(e, "name").s)
		name = value_get_text(e, "name");
	else if (!registry && !npm_cut_at(key, &name, &version))
		name = key;
	if (!registry || value_get_text(e, "version").s)
		version = value_get_text(e, "version");
	if (directory.s)
		return add_folder(p, directory, name, version, e->offset);
	if (!resolution && p->major >= 9)
		reading_problem(r, e->offset, "a package without its resolution: write the lockfile again with pnpm install");
	struct map_entry *m = map_put(&p->packages, registry ? arena_concat(r->scratch, name, STR("@"), version) : key, &fresh);
	if (!fresh) {
		add_flags(p, (uint32_t)m->value.num, e);
		return (uint32_t)m->value.num;
	}
	uint32_t c = npm_add(r, name, version, e->offset);
	m->value.num = c;
	add_flags(p, c, e);
	set_origin(p, c, resolution, key);
	if (p->major < 6 && registry && !str_starts(key, STR("/"))) /* "npm.acme.example/name/1.0.0" */
		reading_registry(r, c, arena_concat(r->arena, STR("https://"), key, STR_NONE));
	set_patched(p, c, name, version);
	reading_ended(r, c, "bomgate:deprecated", value_get_text(e, "deprecated"));
	return c;
}

static const struct map_entry *find_key(struct pnpm *p, struct str name, struct str ref)
{
	const char *before = p->major >= 6 ? "" : "/", *between = p->major >= 6 ? "@" : "/";
	struct arena *a = p->r->scratch;
	struct arena_mark mark = arena_mark(a);
	struct str key = arena_concat(a, str_of(before), name, arena_concat(a, str_of(between), ref, STR("")));
	const struct map_entry *m = map_get(&p->keys, key);

	arena_pop(a, mark);
	return m ? m : map_get(&p->keys, plain_key(p, ref));
}

/* What a reference of `from` in the folder stands for; a link leads to a part of the project. */
static uint32_t target(struct pnpm *p, struct str folder, struct str name, struct str ref)
{
	if (!str_starts(ref, STR("link:"))) {
		const struct map_entry *m = find_key(p, name, ref);
		return m ? (uint32_t)m->value.num : NO_COMPONENT;
	}
	struct str base = npm_base(p->arena, p->r->path), own = tree_resolve(p->arena, base, folder);
	struct str whole = own.s ? tree_resolve(p->arena, own, str_from(ref, 5)) : STR_NONE;
	if (!whole.s)
		return NO_COMPONENT;
	struct map_entry *known = map_get(&p->parts, whole);
	if (known)
		return (uint32_t)known->value.num;
	bool below = tree_below(whole, base) && whole.len > base.len;
	struct str relative = below ? str_from(whole, base.len ? base.len + 1 : 0) :
				      arena_concat(p->arena, folder, STR("/"), str_from(ref, 5));
	uint32_t c = npm_add_part(p->r, p->lock, relative, name, STR_NONE, 0);
	map_put(&p->parts, whole, NULL)->value.num = c;
	return c;
}

/* A part of the project, in a folder relative to the lockfile's. */
static void add_importer(struct pnpm *p, struct str folder, size_t offset)
{
	struct str whole = tree_resolve(p->arena, npm_base(p->arena, p->r->path), folder);
	uint32_t c = npm_add_part(p->r, p->lock, folder, STR_NONE, STR_NONE, offset);

	if (whole.s)
		map_put(&p->parts, whole, NULL)->value.num = c;
}

static void connect(struct pnpm *p, uint32_t from, struct str folder, const struct value *list, enum npm_kind kind)
{
	struct bom *b = p->r->bom;
	bool part = b->components[from].first_party;

	for (VALUE_EACH(d, list)) {
		struct str ref = d->type == VALUE_TABLE ? value_get_text(d, "version") : d->text;
		uint32_t to = ref.s ? target(p, folder, d->key, ref) : NO_COMPONENT;
		if (to == NO_COMPONENT && ref.s && kind != NPM_OPTIONAL && !str_starts(ref, STR("link:")))
			npm_gap(p->r, p->lock, from, d->key, d->offset, false);
		if (to == NO_COMPONENT || to == from)
			continue;
		bom_depend(b, from, to, DEPENDS_ON, npm_scope(kind));
		if (part && !str_is(folder, "?"))
			b->components[to].direct = true;
		struct component *c = &b->components[to];
		if (!c->alias.s && !c->first_party && !(str_ends(d->key, c->name) && str_eq(npm_full_name(p->arena, c), d->key)))
			c->alias = d->key;
	}
}

static void connect_lists(struct pnpm *p, uint32_t from, struct str folder, const struct value *v)
{
	static const struct {
		const char *key;
		enum npm_kind kind;
	} lists[] = { { "dependencies", NPM_RUNTIME },
		      { "devDependencies", NPM_DEV },
		      { "optionalDependencies", NPM_OPTIONAL },
		      { "configDependencies", NPM_DEV },
		      { "packageManagerDependencies", NPM_DEV } };

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		connect(p, from, folder, value_get(v, lists[i].key), lists[i].kind);
}

static bool check_table(struct pnpm *p, const struct value *v, const char *what)
{
	if (v && v->type != VALUE_TABLE && v->type != VALUE_NULL) {
		reading_problem(p->r, v->offset, "%s is no mapping here: write the lockfile again with pnpm install", what);
		return false;
	}
	return v != NULL;
}

static void read_document(struct pnpm *p, const struct value *root)
{
	const struct value *importers = value_get(root, "importers"), *packages = value_get(root, "packages"),
			   *snapshots = value_get(root, "snapshots");

	map_init(&p->keys, p->r->scratch);
	bom_reserve(p->r->bom, (packages ? packages->n : 0) + (importers ? importers->n * 2 : 0) + 1);
	p->patched = value_get(root, "patchedDependencies");
	add_importer(p, STR(""), 0);
	if (check_table(p, importers, "importers"))
		for (VALUE_EACH(i, importers))
			add_importer(p, str_is(i->key, ".") ? STR("") : i->key, i->offset);
	if (check_table(p, packages, "packages"))
		for (VALUE_EACH(e, packages))
			if (check_table(p, e, "a package")) {
				uint32_t c = add_package(p, e);
				map_put(&p->keys, plain_key(p, e->key), NULL)->value.num = c;
			}
	if (check_table(p, snapshots, "snapshots"))
		for (VALUE_EACH(e, snapshots)) {
			struct map_entry *m = map_get(&p->keys, without_peers(p, e->key));
			if (!m) {
				reading_problem(p->r, e->offset, "a snapshot of a package that \"packages\" does not have");
				continue;
			}
			uint32_t c = (uint32_t)m->value.num;
			map_put(&p->keys, plain_key(p, e->key), NULL)->value.num = c;
		}
	for (VALUE_EACH(e, p->major >= 9 ? snapshots : packages)) {
		struct map_entry *m = map_get(&p->keys, plain_key(p, e->key));
		if (m)
			connect_lists(p, (uint32_t)m->value.num, STR("?"), e);
	}
	for (VALUE_EACH(i, importers)) {
		struct str folder = str_is(i->key, ".") ? STR("") : i->key;
		const struct map_entry *part = map_get(&p->lock->folders, folder);
		if (part) /* not one that is too long */
			connect_lists(p, (uint32_t)(part->value.num - 1), folder, i);
	}
	if (!importers)
		connect_lists(p, p->r->bom->subject, STR(""), root);
}

enum result source_npm_pnpm(struct reading *r)
{
	struct yaml_documents docs;
	struct pnpm *p = ARENA_NEW(r->arena, struct pnpm);

	if (!reading_yaml_all(r, r->scratch, false, &docs))
		return FAILED;
	if (docs.n == 0)
		return reading_error(r, 0, "the file is empty: write the lockfile again with pnpm install");
	*p = (struct pnpm){ .r = r, .arena = r->arena, .lock = ARENA_NEW(r->arena, struct npm_lock) };
	map_init(&p->packages, r->scratch);
	map_init(&p->parts, r->arena);
	map_init(&p->lock->folders, r->arena);
	for (size_t i = 0; i < docs.n; i++) {
		const struct value *number = value_get(docs.items[i], "lockfileVersion");
		struct str version = value_text(number);
		if (!number)
			return reading_error(r, docs.items[i]->offset, "no lockfileVersion: this is no whole lockfile of pnpm");
		if (!str_is(version, "5") && !str_starts(version, STR("5.")) && !str_starts(version, STR("6.")) && !str_starts(version, STR("9.")))
			return reading_unknown_version(r, number->offset, version);
		p->major = (unsigned)(version.s[0] - '0');
		read_document(p, docs.items[i]);
	}
	for (size_t i = 0; i < r->bom->ncomponents && !p->flags && p->major < 9; i++)
		r->bom->components[i].scope = 0;
	if (!p->flags)
		source_spread_scopes(r->bom);
	for (size_t i = 0; i < r->bom->ncomponents; i++)
		r->bom->components[i].direct_known = true;
	p->lock->roots_known = p->lock->scopes_known = true;
	p->lock->command = "pnpm install";
	r->data = p->lock;
	return reading_done(r);
}
