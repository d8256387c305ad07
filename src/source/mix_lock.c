/* mix.lock of Elixir's Mix (hexdocs.pm/mix) and rebar.lock of rebar3. */
#include "base/map.h"
#include "source/common.h"
#include "source/terms.h"

/* The text of a string or binary; absent for atoms and all else. */
static struct str string_at(const struct value *list, size_t i)
{
	const struct value *v = term_at(list, i);

	return v && v->type == VALUE_STRING && v->quoted ? v->text : STR_NONE;
}

static bool atom_is(const struct value *v, const char *word)
{
	return v && v->type == VALUE_STRING && !v->quoted && str_is(v->text, word);
}

static void add_sha256(struct reading *r, uint32_t c, struct str hex)
{
	if (hex.len)
		reading_digest(r, c, arena_concat(r->arena, STR("sha256:"), hex, STR("")));
}

/* {:hex, :package, "version", "inner", [managers], [deps], "repo", "outer"} */
static void add_hex(struct reading *r, struct name_index *apps, struct str app, const struct value *v)
{
	struct str version = string_at(v, 2), repo = string_at(v, 6), outer = string_at(v, 7);
	const struct value *package = term_at(v, 1);

	if (!package || package->type != VALUE_STRING || !version.len) {
		reading_problem(r, v->offset, "the entry of \"%.*s\" has no package and version: run `mix deps.get`", STR_ARG(str_sub(app, 0, 100)));
		return;
	}
	/* "hexpm:org" is an organisation of the registry; another word is another registry */
	struct str group = str_starts(repo, STR("hexpm:")) ? str_from(repo, 6) : STR_NONE;
	uint32_t c = reading_add(r, group, package->text, version, v->offset);
	if (group.len)
		reading_no_registry(r, c, "an organisation's own part of the registry");
	if (repo.len && !str_is(repo, "hexpm") && !group.len)
		bom_property(r->bom, c, "bomgate:registry", repo);
	if (!str_eq(app, package->text))
		r->bom->components[c].alias = app;
	add_sha256(r, c, outer.len ? outer : string_at(v, 3));
	name_index_add(apps, app, c, v);
}

static void add_mix_entry(struct reading *r, struct name_index *apps, const struct value *v)
{
	const struct value *kind = term_at(v, 0);
	struct str app = v->key;

	if (v->type != VALUE_LIST || !kind) {
		reading_problem(r, v->offset, "the entry of \"%.*s\" is no tuple: run `mix deps.get`", STR_ARG(str_sub(app, 0, 100)));
	} else if (atom_is(kind, "hex")) {
		add_hex(r, apps, app, v);
	} else if (atom_is(kind, "git")) {
		uint32_t c = reading_add(r, STR_NONE, app, STR_NONE, v->offset);
		reading_vcs(r, c, string_at(v, 1), string_at(v, 2));
		struct str ref = value_get_text(term_at(v, 3), "tag");
		if (!ref.len)
			ref = value_get_text(term_at(v, 3), "branch");
		if (ref.len)
			bom_property(r->bom, c, "bomgate:ref", ref);
		name_index_add(apps, app, c, NULL);
	} else if (atom_is(kind, "path")) {
		uint32_t c = reading_add(r, STR_NONE, app, STR_NONE, v->offset);
		reading_local(r, c, reading_dir(r), string_at(v, 1));
	} else {
		reading_problem(r, v->offset, "the entry of \"%.*s\" is of no known kind", STR_ARG(str_sub(app, 0, 100)));
	}
}

/* {:app, "~> 1.0", [hex: :package, repo: …, optional: true]} */
static void add_mix_edges(struct reading *r, const struct name_index *apps, const struct name_entry *from)
{
	for (VALUE_EACH(d, term_at(from->data, 5))) {
		const struct value *app = term_at(d, 0), *options = term_at(d, 2);
		unsigned scope = atom_is(value_get(options, "optional"), "true") ? SCOPE_OPTIONAL : 0;
		const struct name_entry *to = app ? name_index_get(apps, value_text(app)) : NULL;
		reading_edges(r, from->component, to, scope);
	}
}

enum result source_mix_lock(struct reading *r)
{
	const char *why = NULL;
	size_t offset = 0;
	const struct value *root = terms_parse(r->arena, r->text, false, &why, &offset), *map = value_first(root);
	struct name_index apps;

	if (!root)
		return reading_error(r, offset, "not a valid mix.lock: %s; run `mix deps.get`", why);
	if (!map || map->next || (map->type != VALUE_TABLE && map->n))
		return reading_error(r, map ? map->offset : 0, "the file is no map of dependencies: run `mix deps.get`");
	name_index_init(&apps, r->arena);
	for (VALUE_EACH(v, map))
		add_mix_entry(r, &apps, v);
	for (size_t i = 0; i < apps.map.n; i++)
		for (const struct name_entry *e = apps.map.entries[i].value.ptr; e; e = e->next)
			if (e->data)
				add_mix_edges(r, &apps, e);
	return reading_done(r);
}

/* ---- rebar.lock: {"1.2.0", [{<<"app">>, {pkg, <<"name">>, <<"version">>}, Level}]}. [{pkg_hash, […]}, {pkg_hash_ext, […]}]. */

static const struct value *hash_table(const struct value *root, const char *name)
{
	for (VALUE_EACH(pair, term_at(root, 1)))
		if (atom_is(term_at(pair, 0), name))
			return term_at(pair, 1);
	return NULL;
}

/* app to its hash as struct str *; the outer hash (of the archive) before the inner one */
static void index_hashes(struct map *m, const struct value *table)
{
	for (VALUE_EACH(pair, table)) {
		struct str *hash = ARENA_NEW(m->arena, struct str);
		bool fresh;
		struct map_entry *e = map_put(m, string_at(pair, 0), &fresh);
		*hash = string_at(pair, 1);
		if (fresh)
			e->value.ptr = hash;
	}
}

static void add_rebar_entry(struct reading *r, const struct map *hashes, const struct value *v)
{
	struct str app = string_at(v, 0);
	const struct value *source = term_at(v, 1), *level = term_at(v, 2), *kind = term_at(source, 0);
	uint32_t c;

	if (!app.len || !source || source->type != VALUE_LIST || !kind) {
		reading_problem(r, v->offset, "an entry has the form {Name, Source, Level}: run `rebar3 lock`");
		return;
	}
	if (atom_is(kind, "pkg")) {
		struct str name = string_at(source, 1);
		c = reading_add(r, STR_NONE, name.len ? name : app, string_at(source, 2), v->offset);
		if (name.len && !str_eq(name, app))
			r->bom->components[c].alias = app;
		struct map_entry *hash = map_get(hashes, app);
		add_sha256(r, c, hash ? *(struct str *)hash->value.ptr : STR_NONE);
	} else if (atom_is(kind, "git") || atom_is(kind, "git_subdir")) {
		const struct value *ref = term_at(source, 2);
		c = reading_add(r, STR_NONE, app, STR_NONE, v->offset);
		reading_vcs(r, c, string_at(source, 1), atom_is(term_at(ref, 0), "ref") ? string_at(ref, 1) : STR_NONE);
		if (atom_is(kind, "git_subdir"))
			component_add_more(r->arena, &r->bom->components[c])->subpath = string_at(source, 3);
	} else {
		reading_problem(r, v->offset, "the entry of \"%.*s\" is of no known kind", STR_ARG(str_sub(app, 0, 100)));
		return;
	}
	if (level && level->type == VALUE_NUMBER) {
		r->bom->components[c].direct_known = true;
		r->bom->components[c].direct = str_is(level->text, "0");
	}
}

enum result source_rebar_lock(struct reading *r)
{
	const char *why = NULL;
	size_t offset = 0;
	const struct value *root = terms_parse(r->arena, r->text, true, &why, &offset), *first = value_first(root), *list = first;

	if (!root || !first)
		return reading_error(r, offset, "not a valid rebar.lock: %s; run `rebar3 lock`", why ? why : "it is empty");
	if (first->inline_form) {
		struct str version = string_at(first, 0);
		if (!str_starts(version, STR("1.")))
			return reading_unknown_version(r, first->offset, version);
		list = term_at(first, 1);
	}
	if (!list || list->type != VALUE_LIST)
		return reading_error(r, first->offset, "the list of dependencies is missing: run `rebar3 lock`");
	struct map hashes;
	map_init(&hashes, r->arena);
	index_hashes(&hashes, hash_table(root, "pkg_hash_ext"));
	index_hashes(&hashes, hash_table(root, "pkg_hash"));
	for (VALUE_EACH(v, list))
		add_rebar_entry(r, &hashes, v);
	return reading_done(r);
}
