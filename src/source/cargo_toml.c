#include "source/cargo.h"

/* One entry of a dependency table: `name = "1.2"` or `name = { version = …, package = …, … }`. */
static void add_need(struct reading *r, struct cargo_manifest *m, const struct value *v, unsigned scope, uint32_t subject)
{
	const struct value *table = v->type == VALUE_TABLE ? v : NULL;
	struct str package = member_string(r, table, "package"), range;
	bool optional = value_is_true(value_get(table, "optional"));

	if (!table && !value_is_string(r, v, "a dependency"))
		return;
	if (optional)
		scope = (scope & ~(unsigned)SCOPE_RUNTIME) | SCOPE_OPTIONAL;
	struct cargo_need *n = VEC_ADD(r->arena, &m->needs);
	*n = (struct cargo_need){ .package = package.len ? package : v->key, .alias = package.len ? v->key : STR_NONE, .scope = scope,
				  .workspace = value_is_true(value_get(table, "workspace")) };
	n->component = reading_add(r, STR_NONE, n->package, STR_NONE, v->offset);
	range = table ? member_string(r, table, "version") : v->text;
	struct component *c = &r->bom->components[n->component];
	c->scope = scope;
	c->direct = c->direct_known = true;
	c->alias = n->alias;
	c->declared = range.len ? range : STR("*");
	struct str git = member_string(r, table, "git"), path = member_string(r, table, "path");
	if (git.len)
		reading_vcs(r, n->component, git, member_string(r, table, "rev"));
	if (path.len) {
		reading_local(r, n->component, reading_dir(r), path);
		r->bom->components[n->component].declared = STR_NONE;
	}
	bom_depend(r->bom, subject, n->component, DEPENDS_ON, scope);
}

static void add_needs(struct reading *r, struct cargo_manifest *m, const struct value *table, uint32_t subject)
{
	static const struct {
		const char *key;
		unsigned scope;
	} kinds[] = { { "dependencies", SCOPE_RUNTIME },     { "dev-dependencies", SCOPE_DEV }, { "dev_dependencies", SCOPE_DEV },
		      { "build-dependencies", SCOPE_BUILD }, { "build_dependencies", SCOPE_BUILD } };

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		for (VALUE_EACH(d, member_table(r, table, kinds[i].key)))
			add_need(r, m, d, kinds[i].scope, subject);
}

enum result source_cargo_toml(struct reading *r)
{
	struct cargo_manifest *m = r->data = ARENA_NEW(r->arena, struct cargo_manifest);
	const struct value *root = reading_toml(r), *package;
	uint32_t subject;

	if (!root)
		return FAILED;
	package = member_table(r, root, "package");
	if (!package)
		package = member_table(r, root, "project"); /* until 2015 */
	const struct value *workspace = member_table(r, root, "workspace");
	m->workspace = workspace != NULL;
	m->workspace_needs = member_table(r, workspace, "dependencies");
	if (!package) {
		if (!workspace)
			return reading_error(r, 0, "neither [package] nor [workspace]: is this a manifest of Cargo?");
		return reading_done(r);
	}
	m->name = member_string(r, package, "name");
	const struct value *version = value_get(package, "version");
	subject = reading_subject(r, m->name, version && version->type == VALUE_STRING ? version->text : STR_NONE);
	r->bom->components[subject].evidence.items[0].offset = package->offset;
	if (value_get(package, "license") && value_get(package, "license")->type == VALUE_STRING)
		reading_licence(r, subject, value_get_text(package, "license"));
	add_needs(r, m, root, subject);
	for (VALUE_EACH(t, member_table(r, root, "target")))
		if (t->type == VALUE_TABLE)
			add_needs(r, m, t, subject);
	return reading_done(r);
}
