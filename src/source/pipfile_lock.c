/* Pipfile.lock (pipfile-spec 6; github.com/pypa/pipfile) and Pipfile. */
#include "source/python.h"
#include "syntax/json.h"

static void add_hashes(struct reading *r, uint32_t c, const struct json *hashes, size_t offset)
{
	for (JSON_EACH(h, hashes))
		if (!reading_digest(r, c, json_string(h)))
			reading_problem(r, offset, "one of the hashes is none: run `pipenv lock`");
}

static void add_entry(struct reading *r, struct python_lock *l, struct str name, const struct json *e, unsigned scope, size_t offset)
{
	struct str version = json_get_string(e, "version"), pin, git, path, file;
	struct str key = python_name(r->arena, name);
	uint32_t c = NO_COMPONENT;

	if (json_type(e) != JSON_OBJECT) {
		reading_problem(r, offset, "the entry of \"%.*s\" is no object: run `pipenv lock`", STR_ARG(str_sub(name, 0, 100)));
		return;
	}
	pin = python_pin(version);
	for (const struct name_entry *k = name_index_get(&l->by_name, key); k && pin.len; k = k->next)
		if (str_eq(r->bom->components[k->component].version, pin))
			c = k->component; /* in default and develop: once, with both scopes */
	if (c != NO_COMPONENT) {
		r->bom->components[c].scope |= scope;
		return;
	}
	c = reading_add(r, STR_NONE, name, pin, offset);
	name_index_add(&l->by_name, key, c, NULL);
	struct component *m = &r->bom->components[c];
	m->scope = scope;
	if (!pin.len && version.len)
		m->declared = version;
	git = json_get_string(e, "git");
	path = json_get_string(e, "path");
	file = json_get_string(e, "file");
	if (git.len)
		reading_vcs(r, c, git, json_get_string(e, "ref"));
	else if (path.len)
		reading_local(r, c, reading_dir(r), path);
	else if (file.len)
		python_url(r, c, file);
	else if (!version.len)
		reading_problem(r, offset, "the entry of \"%.*s\" has no version and no source: run `pipenv lock`",
				STR_ARG(str_sub(name, 0, 100)));
	add_hashes(r, c, json_get(e, "hashes"), offset);
	if (json_get_string(e, "markers").len)
		bom_property(r->bom, c, "bomgate:marker", json_get_string(e, "markers"));
}

enum result source_pipfile_lock(struct reading *r)
{
	struct python_lock *l = r->data = ARENA_NEW(r->arena, struct python_lock);
	struct json_cursor c;
	struct str category, name;
	bool meta = false;
	struct map categories, names;

	python_lock_init(r, l);
	l->scoped = true;
	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	map_init(&categories, r->arena);
	while (json_next_key(&c, &category)) {
		bool fresh;
		map_put(&categories, category, &fresh);
		if (!fresh) {
			json_fail(&c, json_offset(&c), "a category stands twice");
			break;
		}
		if (str_is(category, "_meta")) {
			size_t at = json_offset(&c);
			const struct json *m = json_read_tree(&c), *spec = json_get(m, "pipfile-spec");
			uint64_t n;
			meta = true;
			if (spec && (!json_to_u64(spec, &n) || n > 6))
				return reading_unknown_version(r, at, json_to_u64(spec, &n) ? arena_printf(r->arena, "%llu", (unsigned long long)n) : STR("?"));
			continue;
		}
		unsigned scope = str_is(category, "develop") ? SCOPE_DEV : python_group_scope(category);
		map_init(&names, r->arena);
		json_enter_object(&c);
		while (json_next_key(&c, &name)) {
			size_t at = json_offset(&c);
			map_put(&names, name, &fresh);
			if (!fresh) {
				json_fail(&c, at, "a package stands twice");
				break;
			}
			const struct json *e = json_read_tree(&c);
			if (!json_failed(&c))
				add_entry(r, l, name, e, scope, at);
		}
	}
	if (!json_close(&c))
		return reading_error(r, c.error_offset, "not a valid Pipfile.lock: %s; run `pipenv lock`", c.error);
	if (!meta && !l->by_name.map.n)
		return reading_error(r, 0, "there is no \"_meta\": is this a lockfile of Pipenv? Run `pipenv lock`");
	return reading_done(r);
}

static void add_pipfile_need(struct reading *r, struct python_manifest *m, const struct value *v, unsigned scope)
{
	struct str spec = v->type == VALUE_TABLE ? member_string(r, v, "version") : v->text, git = STR_NONE, path = STR_NONE;
	struct python_requirement q = { .name = v->key, .spec = str_is(spec, "*") ? STR("") : spec };

	if (v->type != VALUE_TABLE && v->type != VALUE_STRING) {
		reading_problem(r, v->offset, "a requirement is a string or a table");
		return;
	}
	uint32_t c = reading_add(r, STR_NONE, v->key, STR_NONE, v->offset);
	python_describe(r, c, &q);
	if (v->type == VALUE_TABLE) {
		git = member_string(r, v, "git");
		path = member_string(r, v, "path");
		if (git.len)
			reading_vcs(r, c, git, STR_NONE);
		if (path.len)
			reading_local(r, c, reading_dir(r), path);
		if (path.len)
			r->bom->components[c].declared = STR_NONE;
	}
	r->bom->components[c].scope = scope;
	r->bom->components[c].direct = r->bom->components[c].direct_known = true;
	*VEC_ADD(r->arena, &m->needs) = (struct python_need){ python_name(r->arena, v->key), scope, c };
}

enum result source_pipfile(struct reading *r)
{
	static const char *const other[] = { "source", "requires", "scripts", "pipenv", "pipfile" };
	struct python_manifest *m = r->data = ARENA_NEW(r->arena, struct python_manifest);
	const struct value *root = reading_toml(r);

	if (!root)
		return FAILED;
	for (VALUE_EACH(table, root)) {
		bool skip = table->type != VALUE_TABLE;
		for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
			skip = skip || str_is(table->key, other[i]);
		if (skip)
			continue;
		unsigned scope = str_is(table->key, "packages") ? SCOPE_RUNTIME :
				 str_is(table->key, "dev-packages") ? SCOPE_DEV : python_group_scope(table->key);
		for (VALUE_EACH(v, table))
			add_pipfile_need(r, m, v, scope);
	}
	return reading_done(r);
}
