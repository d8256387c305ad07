/* Indexes of Python projects: Poetry, PDM, uv, Pipenv. */
#include "source/registry.h"
#include "syntax/json.h"
#include "syntax/toml.h"

/* Lists of tables with an `url`; one without names a public index by its name. */
static void take_sources(struct registry_reading *r, const struct value *list)
{
	for (VALUE_EACH(source, list)) {
		const struct value *url = value_get(source, "url");
		if (url)
			registry_says(r, STR_NONE, STR_NONE, value_text(url), 0);
		else if (source->type != VALUE_TABLE || !str_eq_nocase(value_get_text(source, "name"), STR("pypi")))
			registry_unclear(r, STR_NONE, STR_NONE, 0);
	}
}

void registry_python(struct registry_reading *r)
{
	static const char *const lists[] = { "tool.poetry.source", "tool.uv.index", "tool.pdm.source", "source", "index" };
	struct str why;
	size_t offset;
	const struct value *root = toml_parse(r->arena, r->text, &why, &offset);

	if (!root)
		registry_unclear(r, STR_NONE, STR_NONE, 0);
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		take_sources(r, value_path(root, lists[i]));
	registry_words(r); /* index-url, extra-index-url, find-links of uv and pixi */
}

void registry_pipfile_lock(struct registry_reading *r)
{
	const struct json *root = json_parse(r->arena, r->text, NULL, NULL), *sources = json_path(root, "_meta.sources");

	if (!root)
		registry_unclear(r, STR_NONE, STR_NONE, 0);
	for (JSON_EACH(s, sources))
		registry_says(r, STR_NONE, STR_NONE, json_get_string(s, "url"), 0);
}
