/* pnpm-workspace.yaml (pnpm.io, "pnpm-workspace.yaml"): catalogs give ranges to manifests that say "catalog:". It names no
 * package of its own; with a lockfile there is nothing to add, as its importers are the workspaces. */
#include "source/npm.h"
#include "source/reading_yaml.h"

enum result source_npm_workspace(struct reading *r)
{
	struct yaml_documents docs;

	if (!reading_yaml_all(r, r->arena, true, &docs))
		return FAILED;
	const struct value *root = docs.n ? docs.items[0] : NULL; /* an empty file is allowed */
	if (root && root->type != VALUE_TABLE && root->type != VALUE_NULL)
		return reading_error(r, root->offset, "a mapping was expected here");
	r->data = (void *)(uintptr_t)root;
	return reading_done(r);
}

/* "catalog:" is the default one, "catalog:name" one of `catalogs`; absent where there is no such range. */
static struct str range_of(const struct value *root, struct str specification, struct str name)
{
	struct str catalog = str_from(specification, 8);
	const struct value *list;

	if (!catalog.len || str_is(catalog, "default")) {
		list = value_get(root, "catalog");
		if (!list)
			list = value_path(root, "catalogs.default");
	} else
		list = value_get_str(value_get(root, "catalogs"), catalog);
	return value_text(value_get_str(list, name));
}

static const struct part *workspace_above(const struct tree *t, struct str dir)
{
	for (;; dir = str_folder(dir)) {
		const struct part *p = tree_find(t, dir, "pnpm-workspace.yaml");
		if (p || !dir.len)
			return p;
	}
}

void join_npm_catalogs(struct tree *t)
{
	for (VEC_EACH(struct part, p, &t->parts)) {
		if (!part_is(p, NPM_MANIFEST) || p->failed || p->covered)
			continue;
		const struct part *workspace = workspace_above(t, p->dir);
		for (size_t i = 0; workspace && workspace->data && i < p->bom->ncomponents; i++) {
			struct component *c = &p->bom->components[i];
			if (!str_starts(c->declared, STR("catalog:")))
				continue;
			struct str name = c->alias.len ? c->alias : npm_full_name(p->bom->arena, c);
			struct str range = range_of(workspace->data, c->declared, name);
			if (!range.len)
				continue;
			c->declared = npm_is_exact(range) ? STR_NONE : range;
			if (npm_is_exact(range))
				c->version = range;
		}
	}
}
