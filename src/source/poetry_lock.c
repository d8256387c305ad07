/* poetry.lock without a version (before 1.0), 1.0, 1.1, 2.0, 2.1 (python-poetry.org). */
#include "source/python.h"

static unsigned scope_of(struct reading *r, const struct value *package, bool *told)
{
	struct str category = member_string(r, package, "category");
	const struct value *groups = member_list(r, package, "groups");
	unsigned scope = 0;

	if (category.len)
		scope = python_group_scope(category);
	for (VALUE_EACH(g, groups))
		if (value_is_string(r, g, "a group"))
			scope |= python_group_scope(g->text);
	*told = *told || scope;
	if (value_is_true(value_get(package, "optional")))
		scope = (scope & ~(unsigned)SCOPE_RUNTIME) | SCOPE_OPTIONAL;
	return scope;
}

static void add_source(struct reading *r, uint32_t c, const struct value *source)
{
	struct str type = member_string(r, source, "type"), url = member_string(r, source, "url");

	if (str_is(type, "git")) {
		struct str commit = member_string(r, source, "resolved_reference");
		reading_vcs(r, c, url, commit.len ? commit : member_string(r, source, "reference"));
		if (member_string(r, source, "subdirectory").len)
			component_add_more(r->arena, &r->bom->components[c])->subpath = member_string(r, source, "subdirectory");
	} else if (str_is(type, "url")) {
		r->bom->components[c].download = url;
	} else if (str_is(type, "directory")) {
		reading_local(r, c, reading_dir(r), url);
	} else if (str_is(type, "file")) {
		bom_property(r->bom, c, "bomgate:path", url);
	} else if (str_is(type, "legacy") && url.len) {
		bom_property(r->bom, c, "bomgate:registry", url);
	}
}

static void add_package(struct reading *r, struct python_lock *l, const struct value *root, const struct value *p)
{
	struct str name, version;

	if (p->type != VALUE_TABLE) {
		reading_problem(r, p->offset, "a package that is no table");
		return;
	}
	name = member_string(r, p, "name");
	version = member_string(r, p, "version");
	if (!name.len || !version.len) {
		reading_problem(r, p->offset, "a package without a name and version: run `poetry lock`");
		return;
	}
	uint32_t c = reading_add(r, STR_NONE, name, version, value_get(p, "name")->offset);
	r->bom->components[c].scope = scope_of(r, p, &l->scoped);
	r->bom->components[c].description = member_string(r, p, "description");
	add_source(r, c, member_table(r, p, "source"));
	if (value_get_text(p, "markers").len)
		bom_property(r->bom, c, "bomgate:marker", value_get_text(p, "markers"));
	const struct value *metadata = value_get(root, "metadata");
	if (value_get(p, "files"))
		python_files(r, c, member_list(r, p, "files"));
	else if (value_get_str(value_get(metadata, "files"), name))
		python_files(r, c, value_get_str(value_get(metadata, "files"), name));
	else /* before 1.0: bare SHA-256 */
		for (VALUE_EACH(h, value_get_str(value_get(metadata, "hashes"), name)))
			if (value_is_string(r, h, "a hash"))
				reading_digest(r, c, arena_concat(r->arena, STR("sha256:"), h->text, STR("")));
	name_index_add(&l->by_name, python_name(r->arena, name), c, p);
}

/* A dependency may be optional in every form that is listed: then only an extra asks for it. */
static bool optional(const struct value *d)
{
	if (d->type == VALUE_TABLE)
		return value_is_true(value_get(d, "optional"));
	if (d->type != VALUE_LIST || !d->n)
		return false;
	for (VALUE_EACH(e, d))
		if (!value_is_true(value_get(e, "optional")))
			return false;
	return true;
}

/* Always needed: in one form at least without a marker, which may leave it out. */
static bool needed(const struct value *d)
{
	if (d->type == VALUE_LIST) {
		for (VALUE_EACH(e, d))
			if (needed(e))
				return true;
		return false;
	}
	return d->type == VALUE_STRING || (d->type == VALUE_TABLE && !value_get(d, "markers") && !value_is_true(value_get(d, "optional")));
}

/* Until 1.3 Poetry left these out of its lockfiles. */
static bool left_out(struct str name)
{
	return str_is(name, "setuptools") || str_is(name, "pip") || str_is(name, "wheel") || str_is(name, "distribute");
}

enum result source_poetry_lock(struct reading *r)
{
	struct python_lock *l = r->data = ARENA_NEW(r->arena, struct python_lock);
	const struct value *root = reading_toml(r), *metadata, *version;

	if (!root)
		return FAILED;
	python_lock_init(r, l);
	metadata = member_table(r, root, "metadata");
	version = value_get(metadata, "lock-version");
	if (!metadata && !value_get(root, "package"))
		return reading_error(r, 0, "neither packages nor [metadata]: is this a lockfile of Poetry? Run `poetry lock`");
	if (version && !(version->type == VALUE_STRING && (str_starts(version->text, STR("1.")) || str_starts(version->text, STR("2.")))))
		return reading_unknown_version(r, version->offset, value_text(version));
	if (value_get(root, "package") && !member_list(r, root, "package"))
		return FAILED;
	for (VALUE_EACH(p, value_get(root, "package")))
		add_package(r, l, root, p);
	for (size_t i = 0; i < l->by_name.map.n; i++)
		for (const struct name_entry *e = l->by_name.map.entries[i].value.ptr; e; e = e->next)
			for (VALUE_EACH(d, member_table(r, e->data, "dependencies"))) {
				struct str name = python_name(r->arena, d->key);
				if (!python_edge(r, l, e->component, name, optional(d) ? SCOPE_OPTIONAL : 0) && needed(d) && !left_out(name))
					gaps_add(&l->gaps, r->arena,
						 (struct gap){ r->bom->components[e->component].name, name, d->offset, false });
			}
	return reading_done(r);
}
