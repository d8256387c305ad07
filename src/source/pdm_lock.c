/* pdm.lock 2 to 4.5 (pdm-project.org) and pylock.toml 1.0 (PEP 751). */
#include "source/python.h"

/* ---- pdm.lock */

/* Until 4.0 the hashes stand in [metadata.files] under "name version". */
static void old_files(struct reading *r, uint32_t c, const struct value *root, struct str name, struct str version)
{
	const struct value *files = value_path(root, "metadata.files");

	python_files(r, c, value_get_str(files, arena_concat(r->arena, name, STR(" "), version)));
}

static unsigned groups_scope(struct reading *r, const struct value *groups)
{
	unsigned scope = 0;

	for (VALUE_EACH(g, groups))
		if (value_is_string(r, g, "a group"))
			scope |= python_group_scope(g->text);
	return scope;
}

/* One entry for each set of extras: the same name and version again is the same package. */
static uint32_t known(struct reading *r, const struct python_lock *l, struct str key, struct str version)
{
	for (const struct name_entry *e = name_index_get(&l->by_name, key); e; e = e->next)
		if (str_eq(r->bom->components[e->component].version, version))
			return e->component;
	return NO_COMPONENT;
}

static uint32_t add_pdm_package(struct reading *r, struct python_lock *l, const struct value *root, const struct value *p)
{
	struct str name = p->type == VALUE_TABLE ? member_string(r, p, "name") : STR_NONE, version;

	if (!name.len) {
		reading_problem(r, p->offset, "a package without a name: run `pdm lock`");
		return NO_COMPONENT;
	}
	version = member_string(r, p, "version");
	struct str key = python_name(r->arena, name);
	uint32_t c = known(r, l, key, version);
	unsigned scope = groups_scope(r, member_list(r, p, "groups"));
	if (c == NO_COMPONENT) {
		c = reading_add(r, STR_NONE, name, version, value_get(p, "name")->offset);
		name_index_add(&l->by_name, key, c, NULL);
		r->bom->components[c].description = member_string(r, p, "summary");
		struct str path = member_string(r, p, "path"), url = member_string(r, p, "url"), git = member_string(r, p, "git");
		if (git.len)
			reading_vcs(r, c, git, member_string(r, p, "revision"));
		else if (url.len)
			python_url(r, c, url);
		else if (path.len)
			reading_local(r, c, reading_dir(r), path);
		if (value_get(p, "files"))
			python_files(r, c, member_list(r, p, "files"));
		else
			old_files(r, c, root, name, version);
		for (VALUE_EACH(f, value_get(p, "files"))) /* with static_urls */
			if (value_get_text(f, "url").len)
				reading_registry(r, c, value_get_text(f, "url"));
		if (value_get_text(p, "marker").len)
			bom_property(r->bom, c, "bomgate:marker", value_get_text(p, "marker"));
	}
	r->bom->components[c].scope |= scope;
	l->scoped = l->scoped || scope;
	return c;
}

enum result source_pdm_lock(struct reading *r)
{
	struct python_lock *l = r->data = ARENA_NEW(r->arena, struct python_lock);
	const struct value *root = reading_toml(r), *list, *version;
	size_t i = 0;

	if (!root)
		return FAILED;
	python_lock_init(r, l);
	version = value_path(root, "metadata.lock_version");
	if (!version && !value_get(root, "package"))
		return reading_error(r, 0, "neither packages nor a lock_version: is this a lockfile of PDM? Run `pdm lock`");
	if (version && (version->type != VALUE_STRING || !version->text.len || version->text.s[0] < '2' || version->text.s[0] > '4' ||
			(version->text.len > 1 && version->text.s[1] != '.')))
		return reading_unknown_version(r, version->offset, value_text(version));
	if (value_get(root, "package") && !member_list(r, root, "package"))
		return FAILED;
	list = value_get(root, "package");
	uint32_t *components = arena_array(r->arena, (list ? list->n : 0) + 1, sizeof *components);
	for (VALUE_EACH(p, list))
		components[i++] = add_pdm_package(r, l, root, p);
	i = 0;
	for (VALUE_EACH(p, list)) {
		uint32_t c = components[i++];
		struct python_requirement q;
		if (c == NO_COMPONENT)
			continue;
		for (VALUE_EACH(d, member_list(r, p, "dependencies")))
			if (value_is_string(r, d, "a dependency") && python_requirement(d->text, &q))
				python_edge(r, l, c, q.name, 0);
	}
	return reading_done(r);
}

/* ---- pylock.toml */

/* "'dev' in dependency_groups or 'x' in extras": which groups need it; 0 where the marker does not say. */
static unsigned marker_scope(struct str marker)
{
	unsigned scope = 0;

	for (size_t at = 0; (at = str_find(marker, STR(" in "), at)) != STR_NOT_FOUND; at += 4) {
		struct str behind = str_trim(str_from(marker, at + 4)), before = str_trim(str_sub(marker, 0, at));
		bool group = str_starts(behind, STR("dependency_groups")), extra = str_starts(behind, STR("extras"));
		if ((!group && !extra) || before.len < 2)
			continue;
		char quote = before.s[before.len - 1];
		struct str inside = str_sub(before, 0, before.len - 1);
		size_t open = str_rchr(inside, quote);
		if (open == STR_NOT_FOUND)
			continue;
		scope |= extra ? SCOPE_OPTIONAL : python_group_scope(str_from(inside, open + 1));
	}
	return scope;
}

static void table_hashes(struct reading *r, uint32_t c, const struct value *of)
{
	for (VALUE_EACH(h, member_table(r, of, "hashes")))
		if (value_is_string(r, h, "a hash") && !reading_digest(r, c, arena_concat(r->arena, h->key, STR(":"), h->text)))
			bom_hash(r->bom, c, h->key, h->text);
}

static void add_pylock_source(struct reading *r, uint32_t c, const struct value *p)
{
	const struct value *vcs = member_table(r, p, "vcs"), *directory = member_table(r, p, "directory"), *archive = member_table(r, p, "archive");

	if (vcs) {
		struct str url = member_string(r, vcs, "url");
		reading_vcs(r, c, url.len ? url : member_string(r, vcs, "path"), member_string(r, vcs, "commit-id"));
		if (value_get_text(vcs, "subdirectory").len)
			component_add_more(r->arena, &r->bom->components[c])->subpath = value_get_text(vcs, "subdirectory");
	} else if (directory) {
		reading_local(r, c, reading_dir(r), member_string(r, directory, "path"));
	} else if (archive) {
		if (value_get_text(archive, "url").len)
			r->bom->components[c].download = value_get_text(archive, "url");
		else if (value_get_text(archive, "path").len)
			bom_property(r->bom, c, "bomgate:path", value_get_text(archive, "path"));
		table_hashes(r, c, archive);
	}
	reading_registry(r, c, value_get_text(p, "index"));
	reading_registry(r, c, value_get_text(value_get(p, "sdist"), "url"));
	table_hashes(r, c, member_table(r, p, "sdist"));
	for (VALUE_EACH(w, member_list(r, p, "wheels")))
		if (w->type == VALUE_TABLE) {
			reading_registry(r, c, value_get_text(w, "url"));
			table_hashes(r, c, w);
		}
}

enum result source_pylock(struct reading *r)
{
	struct python_lock *l = r->data = ARENA_NEW(r->arena, struct python_lock);
	const struct value *root = reading_toml(r), *list, *version;
	size_t i = 0;

	if (!root)
		return FAILED;
	python_lock_init(r, l);
	version = value_get(root, "lock-version");
	if (!version)
		return reading_error(r, 0, "there is no \"lock-version\": is this a lockfile by PEP 751?");
	if (version->type != VALUE_STRING || !(str_is(version->text, "1") || str_starts(version->text, STR("1."))))
		return reading_unknown_version(r, version->offset, value_text(version));
	list = member_list(r, root, "packages");
	uint32_t *components = arena_array(r->arena, (list ? list->n : 0) + 1, sizeof *components);
	for (VALUE_EACH(p, list)) {
		struct str name = p->type == VALUE_TABLE ? member_string(r, p, "name") : STR_NONE;
		uint32_t c = components[i++] = NO_COMPONENT;
		if (!name.len) {
			reading_problem(r, p->offset, "a package without a name: write the file again with its tool");
			continue;
		}
		components[i - 1] = c = reading_add(r, STR_NONE, name, member_string(r, p, "version"), value_get(p, "name")->offset);
		add_pylock_source(r, c, p);
		struct str marker = member_string(r, p, "marker");
		unsigned scope = marker_scope(marker);
		r->bom->components[c].scope = scope;
		l->scoped = l->scoped || scope;
		if (marker.len)
			bom_property(r->bom, c, "bomgate:marker", marker);
		name_index_add(&l->by_name, python_name(r->arena, name), c, NULL);
	}
	i = 0;
	for (VALUE_EACH(p, list)) {
		uint32_t c = components[i++];
		if (c != NO_COMPONENT)
			for (VALUE_EACH(d, member_list(r, p, "dependencies")))
				if (d->type == VALUE_TABLE)
					python_edge(r, l, c, value_get_text(d, "name"), 0);
	}
	return reading_done(r);
}
