/* Julia's Manifest.toml 1.0 and 2.x, and Project.toml (as Pkg documents them). */
#include "base/map.h"
#include "source/common.h"

struct julia {
	struct name_index by_name; /* of a manifest */
	VEC(struct str) needs;	   /* of a project */
	VEC(struct str) extras;	   /* of a project: test and other targets */
	struct str name, version, uuid;
};

static void add_uuid(struct reading *r, uint32_t c, struct str uuid)
{
	if (uuid.len)
		*VEC_ADD(r->arena, &r->bom->components[c].qualifiers) = (struct property){ STR("uuid"), uuid };
}

static void add_entry(struct reading *r, struct julia *j, struct str name, const struct value *e)
{
	struct str tree = member_string(r, e, "git-tree-sha1"), path = member_string(r, e, "path"), url = member_string(r, e, "repo-url");
	const struct value *uuid = value_get(e, "uuid");

	if (e->type != VALUE_TABLE || !uuid || uuid->type != VALUE_STRING) {
		reading_problem(r, e->offset, "the entry of \"%.*s\" has no uuid: run `Pkg.resolve()`", STR_ARG(str_sub(name, 0, 100)));
		return;
	}
	uint32_t c = reading_add(r, STR_NONE, name, member_string(r, e, "version"), e->offset);
	add_uuid(r, c, uuid->text);
	name_index_add(&j->by_name, name, c, e);
	if (tree.len)
		bom_hash(r->bom, c, STR("git-tree-sha1"), tree);
	if (path.len) {
		reading_local(r, c, reading_dir(r), path);
	} else if (url.len) {
		reading_vcs(r, c, url, STR_NONE);
		if (value_get_text(e, "repo-rev").len)
			bom_property(r->bom, c, "bomgate:ref", value_get_text(e, "repo-rev"));
	} else if (!tree.len) { /* comes with Julia itself */
		r->bom->components[c].scope = SCOPE_PROVIDED;
	}
}

/* deps = ["A", …], or a table of name and uuid where a name alone would not do. */
static void add_edges(struct reading *r, struct julia *j, uint32_t from, const struct value *deps)
{
	for (VALUE_EACH(d, deps)) {
		struct str name = deps->type == VALUE_TABLE ? d->key : value_text(d), uuid = deps->type == VALUE_TABLE ? value_text(d) : STR_NONE;
		for (const struct name_entry *e = name_index_get(&j->by_name, name); e; e = e->next)
			if ((!uuid.len || str_eq(uuid, value_get_text(e->data, "uuid"))) && reading_may_depend(r))
				bom_depend(r->bom, from, e->component, DEPENDS_ON, 0);
	}
}

enum result source_julia_manifest(struct reading *r)
{
	struct julia *j = r->data = ARENA_NEW(r->arena, struct julia);
	const struct value *root = reading_toml(r), *format, *list;

	if (!root)
		return FAILED;
	name_index_init(&j->by_name, r->arena);
	format = value_get(root, "manifest_format");
	if (format && (format->type != VALUE_STRING || !(str_starts(format->text, STR("1.")) || str_starts(format->text, STR("2.")))))
		return reading_unknown_version(r, format->offset, value_text(format));
	if (!format && !value_get(root, "deps") && root->n && value_first(root)->type != VALUE_LIST)
		return reading_error(r, 0, "no entry of a Julia manifest is there: is this one?");
	list = format && format->text.s[0] == '2' ? member_table(r, root, "deps") : root;
	for (VALUE_EACH(name, list)) {
		if (name->type != VALUE_LIST) {
			if (list != root)
				reading_problem(r, name->offset, "the entry of \"%.*s\" is no list", STR_ARG(str_sub(name->key, 0, 100)));
			continue;
		}
		for (VALUE_EACH(e, name))
			add_entry(r, j, name->key, e);
	}
	for (size_t i = 0; i < j->by_name.map.n; i++)
		for (const struct name_entry *e = j->by_name.map.entries[i].value.ptr; e; e = e->next)
			add_edges(r, j, e->component, value_get(e->data, "deps"));
	return reading_done(r);
}

static void add_needs(struct reading *r, struct julia *j, const struct value *table, const struct value *compat, unsigned scope)
{
	for (VALUE_EACH(d, table)) {
		struct str range = value_text(value_get_str(compat, d->key));
		if (!value_is_string(r, d, "a uuid"))
			continue;
		uint32_t c = reading_add(r, STR_NONE, d->key, STR_NONE, d->offset);
		struct component *k = &r->bom->components[c];
		k->declared = range.len ? range : STR("*");
		k->scope = scope;
		k->direct = k->direct_known = true;
		add_uuid(r, c, d->text);
		if (r->bom->subject != NO_COMPONENT)
			bom_depend(r->bom, r->bom->subject, c, DEPENDS_ON, scope);
		if (scope == SCOPE_RUNTIME)
			*VEC_ADD(r->arena, &j->needs) = d->text;
		else
			*VEC_ADD(r->arena, &j->extras) = d->text;
	}
}

enum result source_julia_project(struct reading *r)
{
	struct julia *j = r->data = ARENA_NEW(r->arena, struct julia);
	const struct value *root = reading_toml(r), *compat;

	if (!root)
		return FAILED;
	compat = member_table(r, root, "compat");
	j->name = member_string(r, root, "name");
	j->version = member_string(r, root, "version");
	j->uuid = member_string(r, root, "uuid");
	if (j->name.len)
		add_uuid(r, reading_subject(r, j->name, j->version), j->uuid);
	add_needs(r, j, member_table(r, root, "deps"), compat, SCOPE_RUNTIME);
	add_needs(r, j, member_table(r, root, "weakdeps"), compat, SCOPE_OPTIONAL);
	add_needs(r, j, member_table(r, root, "extras"), compat, SCOPE_TEST);
	return reading_done(r);
}

void join_julia(struct tree *t)
{
	for (VEC_EACH(struct part, m, &t->parts)) {
		struct part *p = part_is(m, "julia-manifest") ? tree_find(t, m->dir, "Project.toml") : NULL;
		if (part_is(m, "julia-manifest") && !p)
			p = tree_find(t, m->dir, "JuliaProject.toml");
		if (!p || !part_is(p, "julia-project") || p->failed)
			continue;
		p->covered = true;
		if (m->failed)
			continue;
		struct julia *j = p->data;
		struct bom *b = m->bom;
		size_t n = b->ncomponents;
		struct map asked;
		map_init(&asked, t->arena);
		for (VEC_EACH(const struct str, uuid, &j->needs))
			map_put(&asked, *uuid, NULL);
		if (j->name.len) {
			struct reading r = part_reading(m);
			uint32_t own = reading_subject(&r, j->name, j->version);
			add_uuid(&r, own, j->uuid);
			b->components[own].evidence.n = 0;
		}
		for (size_t i = 0; i < n; i++) {
			struct component *c = &b->components[i];
			c->direct_known = true;
			c->direct = c->direct || (c->qualifiers.n && map_has(&asked, c->qualifiers.items[0].value));
			if (c->direct && b->subject != NO_COMPONENT)
				bom_depend(b, b->subject, (uint32_t)i, DEPENDS_ON, 0);
		}
	}
}
