/* package-lock.json and npm-shrinkwrap.json, versions 1 to 3 (docs of npm, "package-lock.json"). Versions 2 and 3 are a map from
 * install paths; version 1 is a tree, which is turned into the same paths, so that one rule finds the package that a
 * dependency is resolved to: the nearest node_modules folder upwards. */
#include "source/common.h"
#include "source/npm.h"

struct entry {
	struct str path;
	struct str target; /* of a link: the folder it points to */
	uint32_t component;
	uint32_t first_need, needs;
	bool link, unnamed;
	bool bundles; /* it brings what it needs itself, or is no longer used */
};

struct lockfile {
	struct reading *r;
	struct npm_lock *lock;
	struct arena *arena;
	VEC(struct entry) entries;
	struct npm_needs needs;
	struct map by_path; /* to index in entries */
	char *scratch;
	size_t scratch_size;
	struct str name, version; /* of the project, from the top of the file */
};

/* What stands in one entry of either form. */
struct fields {
	struct str name, version, resolved, integrity, licence, deprecated;
	size_t offset, integrity_offset;
	bool dev, optional, dev_optional, peer, bundled, bundles, extraneous, link;
};

#define MODULES STR("node_modules/")

static struct str name_in_path(struct str path)
{
	size_t at = 0, found = STR_NOT_FOUND;

	for (; (at = str_find(path, MODULES, at)) != STR_NOT_FOUND; at += MODULES.len)
		found = at + MODULES.len;
	return found == STR_NOT_FOUND ? STR_NONE : str_from(path, found);
}

static unsigned scope_of(const struct fields *f)
{
	unsigned scope = 0;

	if (f->dev || f->dev_optional)
		scope |= SCOPE_DEV;
	if (f->optional || f->dev_optional)
		scope |= SCOPE_OPTIONAL;
	if (f->peer)
		scope |= SCOPE_PEER;
	return scope ? scope : SCOPE_RUNTIME;
}

static void describe(struct lockfile *l, uint32_t c, const struct fields *f)
{
	struct bom *b = l->r->bom;

	b->components[c].scope = scope_of(f);
	if (f->licence.len)
		npm_set_licence(b, c, f->licence);
	if (f->integrity.len)
		npm_set_integrity(l->r, c, f->integrity, f->integrity_offset);
	if (f->bundled)
		bom_property(b, c, "cdx:npm:package:bundled", STR("true"));
	if (f->deprecated.len)
		reading_ended(l->r, c, "bomgate:deprecated", f->deprecated);
	if (f->extraneous)
		bom_property(b, c, "cdx:npm:package:extraneous", STR("true"));
}

/* The component of one entry of versions 2 and 3. */
static uint32_t add_entry(struct lockfile *l, struct str path, const struct fields *f)
{
	struct str tail = name_in_path(path);
	struct bom *b = l->r->bom;

	if (path.len == 0)
		return npm_add_part(l->r, l->lock, path, f->name.len ? f->name : l->name, f->version.len ? f->version : l->version, f->offset);
	if (!tail.s)
		return npm_add_part(l->r, l->lock, path, f->name, f->version, f->offset);
	struct str name = f->name.len ? f->name : tail;
	uint32_t c = npm_add(l->r, name, f->version, f->offset);
	if (!str_eq(name, tail))
		b->components[c].alias = tail;
	if (f->resolved.len)
		npm_set_place(l->r, c, f->resolved);
	describe(l, c, f);
	return c;
}

/* The version of version 1 may be a place or an alias. */
static uint32_t add_old_entry(struct lockfile *l, struct str name, struct fields *f)
{
	struct bom *b = l->r->bom;
	struct str real = name, range, version = f->version;
	bool alias = npm_alias(version, &real, &range);
	enum npm_place place = alias || npm_is_exact(version) ? NPM_REGISTRY : npm_place_of(version);

	if (alias)
		version = range;
	uint32_t c = npm_add(l->r, real, place == NPM_REGISTRY ? version : STR_NONE, f->offset);
	if (alias)
		b->components[c].alias = name;
	if (place != NPM_REGISTRY)
		npm_set_place(l->r, c, version);
	else if (f->resolved.len)
		npm_set_place(l->r, c, f->resolved);
	describe(l, c, f);
	return c;
}

static struct entry *remember(struct lockfile *l, struct json_cursor *c, struct str path, size_t offset)
{
	struct map_entry *m;
	bool fresh;

	if (path.len > LIMIT_NAME) { /* each is searched for folder by folder: long ones would take for ever */
		json_fail(c, offset, "an install path of more than 4096 bytes");
		path = str_sub(path, 0, LIMIT_NAME);
	}
	m = map_put(&l->by_path, path, &fresh);

	if (!fresh)
		json_fail(c, offset, "this package stands twice");
	m->value.num = l->entries.n;
	struct entry *e = VEC_ADD(l->arena, &l->entries);
	*e = (struct entry){ .path = path, .component = NO_COMPONENT, .first_need = (uint32_t)l->needs.n };
	return e;
}

enum { K_NAME = 1, K_VERSION = 2, K_RESOLVED = 4, K_INTEGRITY = 8, K_LICENCE = 16, K_NEEDS = 32, K_NESTED = 64 };

/* A key that both forms have; false where it is none of them. */
static bool read_field(struct json_cursor *c, struct str key, struct fields *f, unsigned *seen)
{
	switch (key.len) {
	case 3:
		if (str_is(key, "dev"))
			return f->dev = json_read_bool(c), true;
		return false;
	case 4:
		if (str_is(key, "peer"))
			return f->peer = json_read_bool(c), true;
		if (str_is(key, "link"))
			return f->link = json_read_bool(c), true;
		if (str_is(key, "name") && json_once(c, seen, K_NAME))
			return f->name = npm_json_text(c), true;
		return false;
	case 7:
		if (str_is(key, "version") && json_once(c, seen, K_VERSION))
			return f->version = npm_json_text(c), true;
		if (str_is(key, "license") && json_once(c, seen, K_LICENCE))
			return f->licence = npm_json_licence(c), true;
		if (str_is(key, "bundled"))
			return f->bundled = json_read_bool(c), true;
		return false;
	case 8:
		if (str_is(key, "resolved") && json_once(c, seen, K_RESOLVED))
			return f->resolved = json_read_string_or_skip(c), true; /* `false` in files without registry addresses */
		if (str_is(key, "optional"))
			return f->optional = json_read_bool(c), true;
		if (str_is(key, "inBundle"))
			return f->bundled = json_read_bool(c), true;
		if (str_is(key, "licenses") && !f->licence.len)
			return f->licence = npm_json_licence(c), true;
		return false;
	case 9:
		if (!str_is(key, "integrity") || !json_once(c, seen, K_INTEGRITY))
			return false;
		f->integrity_offset = json_offset(c);
		return f->integrity = npm_json_text(c), true;
	case 10:
		if (str_is(key, "extraneous"))
			return f->extraneous = json_read_bool(c), true;
		if (str_is(key, "deprecated"))
			return f->deprecated = json_read_string_or_skip(c), true; /* `false` in old files */
		return false;
	case 18:
		if (!str_is(key, "bundleDependencies"))
			return false;
		f->bundles = json_peek(c) != JSON_FALSE;
		return json_skip(c), true;
	case 11:
		if (str_is(key, "devOptional"))
			return f->dev_optional = json_read_bool(c), true;
		return false;
	default:
		return false;
	}
}

static bool read_needs(struct lockfile *l, struct json_cursor *c, struct str key, bool part)
{
	if (str_is(key, "dependencies"))
		npm_json_needs(c, l->arena, NPM_RUNTIME, &l->needs);
	else if (str_is(key, "optionalDependencies"))
		npm_json_needs(c, l->arena, NPM_OPTIONAL, &l->needs);
	else if (str_is(key, "peerDependencies"))
		npm_json_needs(c, l->arena, NPM_PEER, &l->needs);
	else if (part && str_is(key, "devDependencies"))
		npm_json_needs(c, l->arena, NPM_DEV, &l->needs);
	else
		return false;
	return true;
}

/* The place to show is the end of the key right before the value: its line is what people look for. */
static size_t key_offset(const struct json_cursor *c)
{
	size_t at = c->at;

	while (at > 0 && c->text.s[at - 1] != '"')
		at--;
	return at ? at - 1 : 0;
}

static void read_packages(struct lockfile *l, struct json_cursor *c)
{
	struct str path, key;

	json_enter_object(c);
	while (json_next_key(c, &path)) {
		struct fields f = { .offset = c->at };
		unsigned seen = 0;
		f.offset = key_offset(c);
		struct entry *e = remember(l, c, path, f.offset);
		bool part = path.len == 0 || !str_has(path, MODULES);
		json_enter_object(c);
		while (json_next_key(c, &key))
			if (!read_field(c, key, &f, &seen) && !read_needs(l, c, key, part))
				json_skip(c);
		if (json_failed(c))
			return;
		e->needs = (uint32_t)l->needs.n - e->first_need;
		e->link = f.link;
		e->bundles = f.bundled || f.bundles || f.extraneous;
		e->unnamed = !f.name.len;
		e->target = f.resolved;
		if (!f.link)
			e->component = add_entry(l, path, &f);
	}
}

static void read_tree(struct lockfile *l, struct json_cursor *c, struct str above)
{
	struct str name, key;

	json_enter_object(c);
	while (json_next_key(c, &name)) {
		struct fields f = { .offset = c->at };
		unsigned seen = 0;
		f.offset = key_offset(c);
		struct str path = arena_concat(l->arena, above, above.len ? STR("/node_modules/") : MODULES, name);
		size_t index = l->entries.n;
		uint32_t first = 0, needs = 0;
		remember(l, c, path, f.offset);
		json_enter_object(c);
		while (json_next_key(c, &key)) {
			if (str_is(key, "requires") && json_once(c, &seen, K_NEEDS)) {
				first = (uint32_t)l->needs.n;
				npm_json_needs(c, l->arena, NPM_RUNTIME, &l->needs);
				needs = (uint32_t)l->needs.n - first;
			} else if (str_is(key, "dependencies") && json_once(c, &seen, K_NESTED))
				read_tree(l, c, path);
			else if (!read_field(c, key, &f, &seen))
				json_skip(c);
		}
		if (json_failed(c))
			return;
		struct entry *e = &l->entries.items[index];
		e->first_need = first;
		e->bundles = f.bundled;
		e->needs = needs;
		e->component = add_old_entry(l, name, &f);
	}
}

/* ---- edges */

static struct entry *at_path(struct lockfile *l, struct str path)
{
	struct map_entry *m = map_get(&l->by_path, path);

	return m ? &l->entries.items[m->value.num] : NULL;
}

static struct str joined(struct lockfile *l, struct str path, struct str name)
{
	size_t need = path.len + MODULES.len + name.len + 1, n = 0;

	if (need > l->scratch_size) {
		l->scratch_size = need * 2;
		l->scratch = arena_alloc(l->arena, l->scratch_size);
	}
	if (path.len) {
		memcpy(l->scratch, path.s, path.len);
		l->scratch[path.len] = '/';
		n = path.len + 1;
	}
	memcpy(l->scratch + n, MODULES.s, MODULES.len);
	n += MODULES.len;
	memcpy(l->scratch + n, name.s, name.len);
	return str_make(l->scratch, n + name.len);
}

/* One folder up: out of the last node_modules, or out of a plain folder. */
static struct str upwards(struct str path)
{
	struct str tail = name_in_path(path);
	size_t at = tail.s ? (size_t)(tail.s - path.s) - MODULES.len : str_rchr(path, '/');

	if (at == STR_NOT_FOUND || at == 0)
		return STR("");
	return str_sub(path, 0, tail.s ? at - 1 : at);
}

static uint32_t target_of(struct lockfile *l, const struct entry *e)
{
	for (int hops = 0; e && e->link && hops < 4; hops++)
		e = at_path(l, e->target);
	return e && !e->link ? e->component : NO_COMPONENT;
}

/* The entry that a package at `path` finds under a name, or NULL. */
static const struct entry *resolve(struct lockfile *l, struct str path, struct str name)
{
	for (;; path = upwards(path)) {
		const struct entry *e = at_path(l, joined(l, path, name));
		if (e || !path.len)
			return e;
	}
}

/* Optional and peer packages may be left out, and what a folder needs for its own development is not installed for others. */
static bool must_be_there(const struct entry *e, const struct npm_need *need)
{
	return !e->bundles && !str_starts(e->path, STR("../")) && (need->kind == NPM_RUNTIME || (need->kind == NPM_DEV && !e->path.len));
}

static void connect(struct lockfile *l)
{
	struct bom *b = l->r->bom;

	for (VEC_EACH(struct entry, e, &l->entries)) {
		if (e->component == NO_COMPONENT)
			continue;
		bool part = b->components[e->component].first_party;
		for (uint32_t i = 0; i < e->needs; i++) {
			const struct npm_need *need = &l->needs.items[e->first_need + i];
			const struct entry *found = resolve(l, e->path, need->name);
			uint32_t to = target_of(l, found);
			if (!found && must_be_there(e, need))
				npm_gap(l->r, l->lock, e->component, need->name, need->offset, false);
			if (to == NO_COMPONENT)
				continue;
			bom_depend(b, e->component, to, DEPENDS_ON, npm_scope(need->kind));
			if (part)
				b->components[to].direct = true;
		}
	}
}

/* A part without `name` is called as node_modules links to it: its folder's last name alone would be another package's. With a name of
 * its own the link is an alias. */
static void name_by_link(struct lockfile *l, const struct entry *link)
{
	const struct entry *part = at_path(l, link->target);
	struct component *c = part && !part->link ? &l->r->bom->components[part->component] : NULL;

	if (!c || !c->first_party || link->path.len != MODULES.len + name_in_path(link->path).len)
		return;
	if (part->unnamed)
		npm_set_name(c, name_in_path(link->path));
	else if (!str_eq(npm_full_name(l->arena, c), name_in_path(link->path)))
		c->alias = name_in_path(link->path);
}

/* A link to a folder that has no entry of its own (outside of the lockfile's folder, or version 2 written by hand). */
static void add_missing_targets(struct lockfile *l)
{
	for (size_t i = 0; i < l->entries.n; i++) {
		struct entry *e = &l->entries.items[i];
		if (!e->link)
			continue;
		if (at_path(l, e->target)) {
			name_by_link(l, e);
			continue;
		}
		struct str inside = tree_resolve(l->arena, str_folder(l->r->path), e->target);
		struct str name = name_in_path(e->path);
		e->link = false;
		if (inside.s)
			e->component = npm_add_part(l->r, l->lock, e->target, name, STR_NONE, 0);
		else
			e->component = npm_add(l->r, name, STR_NONE, 0);
	}
}

static uint32_t find_for_part(struct npm_lock *lock, struct str name, struct str range)
{
	struct lockfile *l = lock->own;
	const struct entry *e = at_path(l, joined(l, STR(""), name));

	return e ? target_of(l, e) : NO_COMPONENT;
}

static enum result finish(struct lockfile *l, bool old)
{
	struct bom *b = l->r->bom;

	if (b->subject == NO_COMPONENT)
		npm_add_part(l->r, l->lock, STR(""), l->name, l->version, 0);
	if (!b->components[b->subject].name.len)
		b->components[b->subject].name = l->name;
	add_missing_targets(l);
	connect(l);
	l->lock->roots_known = !old;
	l->lock->scopes_known = true;
	l->lock->find = find_for_part;
	l->lock->command = "npm install";
	for (size_t i = 0; i < b->ncomponents && !old; i++)
		b->components[i].direct_known = true;
	return reading_done(l->r);
}

enum result source_npm_package_lock(struct reading *r)
{
	struct lockfile *l = ARENA_NEW(r->arena, struct lockfile);
	struct json_cursor c, old = { 0 };
	struct str key, version = STR_NONE;
	unsigned seen = 0;
	size_t version_offset = 0;
	bool packages = false;

	*l = (struct lockfile){ .r = r, .arena = r->arena, .lock = ARENA_NEW(r->arena, struct npm_lock) };
	map_init(&l->by_path, r->arena);
	map_init(&l->lock->folders, r->arena);
	l->lock->own = l;
	bom_reserve(r->bom, r->text.len / 250 + 8); /* an entry with its integrity is longer */
	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_is(key, "name") && json_once(&c, &seen, 1))
			l->name = npm_json_text(&c);
		else if (str_is(key, "version") && json_once(&c, &seen, 2))
			l->version = npm_json_text(&c);
		else if (str_is(key, "lockfileVersion") && json_once(&c, &seen, 4)) {
			version_offset = json_offset(&c);
			version = json_read_number(&c);
			if (version.s && !str_is(version, "1") && !str_is(version, "2") && !str_is(version, "3"))
				return reading_unknown_version(r, version_offset, version);
		} else if (str_is(key, "packages") && json_once(&c, &seen, 8)) {
			packages = true;
			read_packages(l, &c);
		} else if (str_is(key, "dependencies") && json_once(&c, &seen, 16)) {
			old = c;
			json_skip(&c);
		} else
			json_skip(&c);
	}
	if (npm_json_end(r, &c) != OK)
		return FAILED;
	if (!packages && (str_is(version, "3") || (!version.s && !old.text.s)))
		return reading_error(r, version_offset, "no \"packages\": this is no whole lockfile; write it again with npm install");
	if (!packages && old.text.s) {
		read_tree(l, &old, STR(""));
		if (json_failed(&old))
			return reading_error(r, old.error_offset, "%s: the file is damaged; write it again with npm install", old.error);
	}
	r->data = l->lock;
	return finish(l, !packages);
}
