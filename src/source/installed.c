/* What package managers of languages left on a disk: Python's metadata (PEP 376, PEP 566), package.json below node_modules. */
#include "source/common.h"
#include "source/python.h"
#include "syntax/json.h"
#include "syntax/lines.h"

enum result source_python_installed(struct reading *r)
{
	struct str name = STR_NONE, version = STR_NONE, expression = STR_NONE, licence = STR_NONE, summary = STR_NONE;
	size_t offset = 0;
	struct lines l;

	lines_open(&l, r->text);
	while (lines_next(&l) && str_trim(l.line).len) { /* headers; the description is behind the first empty line */
		size_t colon = str_chr(l.line, ':');
		if (colon == STR_NOT_FOUND || l.line.s[0] == ' ' || l.line.s[0] == '\t')
			continue;
		struct str field = str_sub(l.line, 0, colon), value = str_trim(str_from(l.line, colon + 1));
		if (str_eq_nocase(field, STR("Name")) && !name.s) {
			name = value;
			offset = l.offset;
		} else if (str_eq_nocase(field, STR("Version")) && !version.s) {
			version = value;
		} else if (str_eq_nocase(field, STR("License-Expression"))) {
			expression = value;
		} else if (str_eq_nocase(field, STR("License"))) {
			licence = value;
		} else if (str_eq_nocase(field, STR("Summary"))) {
			summary = value;
		}
	}
	if (!name.len || !version.len)
		return reading_problem(r, 0, "the metadata of an installed package names no %s", name.len ? "version" : "name");
	uint32_t i = reading_add(r, STR_NONE, python_name(r->arena, name), version, offset);
	r->bom->components[i].description = summary;
	if (expression.len || (licence.len && licence.len < 100 && !str_is(licence, "UNKNOWN")))
		reading_licence(r, i, expression.len ? expression : licence);
	return reading_done(r);
}

enum result source_npm_installed(struct reading *r)
{
	const char *error = NULL;
	size_t offset = 0;
	const struct json *tree = json_parse(r->arena, r->text, &error, &offset);
	struct str name = json_get_string(tree, "name"), version = json_get_string(tree, "version"), group = STR_NONE;

	if (!tree)
		return reading_error(r, offset, "%s", error ? error : "this is no JSON");
	if (!name.len || !version.len)
		return OK; /* a folder of a package that marks its module system ({"type": "module"}), no package */
	if (name.s[0] == '@' && str_chr(name, '/') != STR_NOT_FOUND) {
		group = str_sub(name, 0, str_chr(name, '/'));
		name = str_from(name, group.len + 1);
	}
	uint32_t i = reading_add(r, group, name, version, 0);
	r->bom->components[i].description = json_get_string(tree, "description");
	if (json_get_string(tree, "license").len)
		reading_licence(r, i, json_get_string(tree, "license"));
	reading_ended(r, i, "bomgate:deprecated", json_get_string(tree, "deprecated"));
	return reading_done(r);
}
