/* gradle/libs.versions.toml (docs.gradle.org, "Version catalogs"). */
#include "base/map.h"
#include "source/common.h"

/* The version of an entry: a string, { ref = "x" }, or a rich version; *exact says whether it is one version. */
static struct str version_of(struct reading *r, const struct value *versions, const struct value *v, bool *exact)
{
	static const char *const rich[] = { "strictly", "require", "prefer" };
	struct str text = STR_NONE;

	*exact = false;
	if (!v)
		return STR_NONE;
	if (v->type == VALUE_TABLE && value_get(v, "ref")) {
		const struct value *to = value_get_str(versions, value_get_text(v, "ref"));
		if (!to) {
			reading_problem(r, v->offset, "[versions] has no \"%.*s\"", STR_ARG(str_sub(value_get_text(v, "ref"), 0, 100)));
			return STR_NONE;
		}
		v = to;
	}
	for (size_t i = 0; i < sizeof rich / sizeof rich[0] && v->type == VALUE_TABLE && !text.len; i++)
		text = value_get_text(v, rich[i]);
	if (v->type == VALUE_STRING)
		text = v->text;
	*exact = text.len && str_chr(text, ',') == STR_NOT_FOUND && str_chr(text, '[') == STR_NOT_FOUND && str_chr(text, '+') == STR_NOT_FOUND &&
		 !str_starts(text, STR("latest."));
	return text;
}

static void add(struct reading *r, struct str group, struct str name, struct str version, bool exact, unsigned scope, const struct value *at)
{
	if (!group.len || !name.len) {
		reading_problem(r, at->offset, "\"%.*s\" names no group and module", STR_ARG(str_sub(at->key, 0, 100)));
		return;
	}
	uint32_t c = reading_add(r, group, name, exact ? version : STR_NONE, at->offset);
	struct component *k = &r->bom->components[c];
	if (exact)
		bom_property(r->bom, c, "bomgate:certainty", STR("declared minimum"));
	else
		k->declared = version.len ? version : STR("*"); /* a platform or another rule gives the version */
	k->scope = scope;
	k->direct = k->direct_known = true;
}

static void add_library(struct reading *r, const struct value *versions, const struct value *e)
{
	struct str group = STR_NONE, name = STR_NONE, version = STR_NONE, rest;
	bool exact = false;

	if (e->type == VALUE_STRING) { /* "group:name:version" */
		rest = e->text;
		group = str_cut(&rest, ':');
		name = rest.s ? str_cut(&rest, ':') : STR_NONE;
		version = rest;
		exact = version.len && str_chr(version, '+') == STR_NOT_FOUND && str_chr(version, '[') == STR_NOT_FOUND;
	} else if (e->type == VALUE_TABLE) {
		rest = member_string(r, e, "module");
		if (rest.len) {
			group = str_cut(&rest, ':');
			name = rest;
		} else {
			group = member_string(r, e, "group");
			name = member_string(r, e, "name");
		}
		version = version_of(r, versions, value_get(e, "version"), &exact);
	}
	add(r, group, name, version, exact, SCOPE_RUNTIME, e);
}

/* A plugin's artifact is <id>:<id>.gradle.plugin. */
static void add_plugin(struct reading *r, const struct value *versions, const struct value *e)
{
	struct str id = STR_NONE, version = STR_NONE;
	bool exact = false;

	if (e->type == VALUE_STRING) {
		struct str rest = e->text;
		id = str_cut(&rest, ':');
		version = rest;
		exact = version.len > 0;
	} else if (e->type == VALUE_TABLE) {
		id = member_string(r, e, "id");
		version = version_of(r, versions, value_get(e, "version"), &exact);
	}
	add(r, id, id.len ? arena_concat(r->arena, id, STR(".gradle.plugin"), STR("")) : STR_NONE, version, exact, SCOPE_BUILD, e);
}

enum result source_gradle_catalog(struct reading *r)
{
	const struct value *root = reading_toml(r), *versions;

	if (!root)
		return FAILED;
	versions = member_table(r, root, "versions");
	for (VALUE_EACH(e, member_table(r, root, "libraries")))
		add_library(r, versions, e);
	for (VALUE_EACH(e, member_table(r, root, "plugins")))
		add_plugin(r, versions, e);
	return reading_done(r);
}

/* A gradle.lockfile in the build that the catalog belongs to (the folder above gradle/, and below) locks what is used. */
void join_gradle(struct tree *t)
{
	struct map locked; /* every folder at or above a lockfile */

	map_init(&locked, t->arena);
	for (VEC_EACH(const struct part, q, &t->parts)) {
		struct str dir = q->dir;
		while (part_is(q, "gradle-lock") && str_is(q->base, "gradle.lockfile")) {
			map_put(&locked, dir, NULL);
			if (!dir.len)
				break;
			dir = str_folder(dir);
		}
	}
	for (VEC_EACH(struct part, p, &t->parts)) {
		struct str root = part_is(p, "gradle-catalog") ? tree_resolve(t->arena, p->dir, STR("..")) : STR_NONE;
		if (root.s && map_has(&locked, root))
			p->covered = true;
		if (part_is(p, "gradle-build") && tree_find(t, p->dir, "gradle.lockfile"))
			p->covered = true;
	}
}
