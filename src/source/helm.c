/* Chart.lock and requirements.lock of Helm (helm.sh, "Chart dependencies"). */
#include "source/reading_yaml.h"

/* Rye (Python) writes requirements in pip's form into a file of the same name as Helm 2. */
static bool is_pip(const struct reading *r)
{
	size_t at = str_find(r->text, STR("dependencies:"), 0);
	bool helm = at != STR_NOT_FOUND && (at == 0 || r->text.s[at - 1] == '\n' || (unsigned char)r->text.s[at - 1] == 0xbf);

	return str_ends(r->path, STR("requirements.lock")) && !helm && str_has(r->text, STR("=="));
}

enum result source_helm(struct reading *r)
{
	if (is_pip(r)) {
		r->bom->inputs.items[0].ecosystem = STR("PyPI");
		return source_pip_requirements(r);
	}
	const struct value *root = reading_yaml(r, false);
	if (!root)
		return FAILED;
	const struct value *list = value_get(root, "dependencies");
	if (!list || (list->type != VALUE_LIST && list->type != VALUE_NULL))
		return reading_error(r, list ? list->offset : 0, "no list of dependencies: run helm dependency update again");
	for (VALUE_EACH(d, list)) {
		struct str name = value_get_text(d, "name"), version = value_get_text(d, "version"), repository = value_get_text(d, "repository");
		if (!name.s || !version.s) {
			reading_problem(r, d->offset, "a chart without its name or version: run helm dependency update again");
			continue;
		}
		const struct value *at = value_get(d, "name");
		uint32_t c = reading_add(r, STR_NONE, name, version, at->offset);
		struct component *it = &r->bom->components[c];
		it->purl_type = STR("helm");
		it->direct = it->direct_known = true;
		if (str_starts(repository, STR("file://")))
			reading_local(r, c, reading_dir(r), str_from(repository, 7));
		else if (str_has(repository, STR("://")))
			*VEC_ADD(r->arena, &it->qualifiers) = (struct property){ STR("repository_url"), repository };
	}
	return reading_done(r);
}
