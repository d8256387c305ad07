/* deno.lock, versions 2 to 5 (denoland/deno_lockfile): npm packages by "name@version_peers", packages of the JSR registry, and
 * files that were imported by their address, which are no packages. */
#include "source/common.h"
#include "source/npm.h"

struct deno {
	struct reading *r;
	struct arena *arena;
	struct map npm, jsr;   /* key ("name@1.2.3_peer@1") to component index; names alone too where they are unique */
	struct map specifiers; /* "npm:name@range" to what it is locked to, as struct json * */
};

/* "name@1.2.3_peer@2" without its peers. */
static bool cut_key(struct str key, struct str *name, struct str *version)
{
	if (!npm_cut_at(key, name, version))
		return false;
	*version = str_sub(*version, 0, str_chr(*version, '_'));
	return version->len > 0;
}

static void add_hex(struct reading *r, uint32_t c, struct str hex)
{
	if (hex.len == 64)
		bom_hash(r->bom, c, STR("SHA-256"), hex);
}

static void remember(struct map *map, struct str key, struct str name, uint32_t c)
{
	bool fresh;
	struct map_entry *e;

	map_put(map, key, NULL)->value.num = c;
	e = map_put(map, name, &fresh); /* a name that is there once is written without its version */
	e->value.num = fresh ? c : NO_COMPONENT;
}

static void add_packages(struct deno *d, struct json_cursor *c, struct map *map, bool jsr)
{
	struct str key, field, name, version;
	struct reading *r = d->r;

	json_enter_object(c);
	while (json_next_key(c, &key)) {
		size_t offset = json_offset(c), integrity_offset = offset;
		struct str integrity = STR_NONE;
		bool deprecated = false;
		json_enter_object(c);
		while (json_next_key(c, &field))
			if (str_is(field, "integrity")) {
				integrity_offset = json_offset(c);
				integrity = npm_json_text(c);
			} else if (str_is(field, "deprecated") && json_peek(c) == JSON_TRUE) {
				deprecated = json_read_bool(c);
			} else
				json_skip(c);
		if (json_failed(c))
			return;
		if (!cut_key(key, &name, &version)) {
			reading_problem(r, offset, "a package that is no name@version: write the lockfile again with deno install");
			continue;
		}
		uint32_t index = npm_add(r, name, version, offset);
		if (jsr) { /* a registry of its own, without a type of package URL in the list */
			r->bom->components[index].purl_type = STR("jsr");
			r->bom->components[index].ecosystem = STR_NONE;
			add_hex(r, index, integrity);
		} else
			npm_set_integrity(r, index, integrity, integrity_offset);
		if (deprecated)
			reading_ended(r, index, "bomgate:deprecated", STR("true"));
		remember(map, key, name, index);
	}
}

static uint32_t look_up(struct deno *d, struct str ref, bool jsr)
{
	struct map_entry *e;

	if (str_starts(ref, STR("npm:")) || str_starts(ref, STR("jsr:"))) {
		jsr = ref.s[0] == 'j';
		struct str name, range, bare = str_from(ref, 4), exact = STR_NONE;
		if ((e = map_get(&d->specifiers, ref)))
			exact = json_string(e->value.ptr);
		if (str_starts(exact, STR("npm:")) || str_starts(exact, STR("jsr:")))
			exact = str_from(exact, 4); /* version 3 writes the whole */
		if (!npm_cut_at(bare, &name, &range))
			name = bare;
		struct str key = str_has(exact, STR("@")) && str_starts(exact, name) ? exact :
				 exact.s ? arena_concat(d->arena, name, STR("@"), exact) : bare;
		e = map_get(jsr ? &d->jsr : &d->npm, key);
		if (!e)
			e = map_get(jsr ? &d->jsr : &d->npm, name);
	} else
		e = map_get(jsr ? &d->jsr : &d->npm, ref);
	return e ? (uint32_t)e->value.num : NO_COMPONENT;
}

static void depend(struct deno *d, uint32_t from, struct str ref, bool jsr, unsigned scope)
{
	uint32_t to = ref.len ? look_up(d, ref, jsr) : NO_COMPONENT;

	if (to != NO_COMPONENT && to != from)
		bom_depend(d->r->bom, from, to, DEPENDS_ON, scope);
}

static void connect(struct deno *d, const struct json *packages, const struct map *map, bool jsr)
{
	static const char *const lists[] = { "dependencies", "optionalDependencies" };

	for (JSON_EACH(p, packages)) {
		struct map_entry *e = map_get(map, json_key(p));
		for (int i = 0; e && e->value.num != NO_COMPONENT && i < 2; i++)
			for (JSON_EACH(need, json_get(p, lists[i])))
				depend(d, (uint32_t)e->value.num, json_string(need), jsr, i ? SCOPE_OPTIONAL : SCOPE_RUNTIME);
	}
}

/* What the project's own files ask for. */
static bool add_roots(struct deno *d, const struct json *workspace)
{
	struct bom *b = d->r->bom;
	const struct json *lists[] = { json_get(workspace, "dependencies"), json_path(workspace, "packageJson.dependencies") };
	size_t before = b->dependencies.n;

	for (int i = 0; i < 2; i++)
		for (JSON_EACH(need, lists[i]))
			depend(d, b->subject, json_string(need), false, SCOPE_RUNTIME);
	for (JSON_EACH(m, json_get(workspace, "members")))
		add_roots(d, m);
	for (size_t i = before; i < b->dependencies.n; i++)
		b->components[b->dependencies.items[i].to].direct = true;
	return b->dependencies.n > before;
}

/* Where the packages stand: at the top (2, 4, 5) or below "packages" (3). */
static void read_sections(struct deno *d, struct json_cursor *c, struct json_cursor *npm, struct json_cursor *jsr)
{
	struct str key;

	json_enter_object(c);
	while (json_next_key(c, &key)) {
		if (str_is(key, "npm") && !npm->text.s)
			*npm = *c;
		else if (str_is(key, "jsr") && !jsr->text.s)
			*jsr = *c;
		else if (str_is(key, "packages") && json_peek(c) == JSON_OBJECT) {
			read_sections(d, c, npm, jsr);
			continue;
		}
		json_skip(c);
	}
}

enum result source_deno(struct reading *r)
{
	struct deno d = { .r = r, .arena = r->arena };
	struct json_cursor c, npm = { 0 }, jsr = { 0 };
	const char *why = NULL;
	size_t offset = 0;
	const struct json *root = json_parse(r->arena, r->text, &why, &offset);

	if (!root)
		return reading_error(r, offset, "%s: the file is damaged; write it again with deno install", why);
	struct str version = json_get_string(root, "version");
	if (!version.s)
		return reading_error(r, 0, "no version: this is no whole lockfile of deno (2 or later); write it again with deno install");
	if (version.len != 1 || version.s[0] < '2' || version.s[0] > '5')
		return reading_unknown_version(r, 0, version);
	map_init(&d.npm, r->arena);
	map_init(&d.jsr, r->arena);
	reading_subject(r, STR_NONE, STR_NONE);
	json_open(&c, r->arena, r->text);
	read_sections(&d, &c, &npm, &jsr);
	if (npm.text.s && version.s[0] == '2') { /* {specifiers, packages} */
		struct json_cursor inner = { 0 };
		struct str key;
		json_enter_object(&npm);
		while (json_next_key(&npm, &key)) {
			if (str_is(key, "packages"))
				inner = npm;
			json_skip(&npm);
		}
		npm = inner;
	}
	if (npm.text.s)
		add_packages(&d, &npm, &d.npm, false);
	if (jsr.text.s)
		add_packages(&d, &jsr, &d.jsr, true);
	if (json_failed(&npm) || json_failed(&jsr))
		return reading_error(r, json_failed(&npm) ? npm.error_offset : jsr.error_offset,
				     "%s: the file is damaged; write it again with deno install", json_failed(&npm) ? npm.error : jsr.error);
	const struct json *packages = json_get(root, "packages");
	const struct json *npm_list = version.s[0] == '2' ? json_path(root, "npm.packages") :
				      packages		    ? json_get(packages, "npm") : json_get(root, "npm");
	map_init(&d.specifiers, r->arena);
	for (JSON_EACH(s, json_get(version.s[0] == '2' ? json_get(root, "npm") : packages ? packages : root, "specifiers")))
		map_put(&d.specifiers, json_key(s), NULL)->value.ptr = (void *)(uintptr_t)s;
	connect(&d, npm_list, &d.npm, false);
	connect(&d, packages ? json_get(packages, "jsr") : json_get(root, "jsr"), &d.jsr, true);
	if (add_roots(&d, json_get(root, "workspace"))) {
		for (size_t i = 0; i < r->bom->ncomponents; i++)
			r->bom->components[i].direct_known = true;
		source_spread_scopes(r->bom);
	}
	if (json_count(json_get(root, "remote")))
		reading_notice(r, 0, "%zu files that deno imports by their address are no packages and are not listed",
			       json_count(json_get(root, "remote")));
	return reading_done(r);
}
