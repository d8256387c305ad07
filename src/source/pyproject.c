/* pyproject.toml (PEP 621, PEP 735, and the tables of Poetry, uv and PDM) and setup.cfg: what people ask for. */
#include "source/python.h"
#include "syntax/lines.h"

static void needs_of_list(struct reading *r, struct python_manifest *m, const struct value *list, unsigned scope)
{
	for (VALUE_EACH(d, list))
		if (d->type == VALUE_STRING)
			python_need(r, m, d->text, scope, d->offset);
		else if (d->type != VALUE_TABLE) /* {include-group = …} names another group of the same table */
			reading_problem(r, d->offset, "a requirement that is no string");
}

static void needs_of_table(struct reading *r, struct python_manifest *m, const struct value *table, unsigned scope, bool by_name)
{
	for (VALUE_EACH(g, table))
		if (g->type == VALUE_LIST)
			needs_of_list(r, m, g, by_name && python_group_scope(g->key) == SCOPE_TEST ? SCOPE_TEST : scope);
}

/* Poetry: `name = "^1"`, `name = {version = …, git = …, path = …, optional = …}`, or a list of such tables. */
static void poetry_need(struct reading *r, struct python_manifest *m, const struct value *v, unsigned scope)
{
	const struct value *one = v->type == VALUE_LIST ? value_first(v) : v;
	struct str spec = STR_NONE;

	if (str_is(v->key, "python") || !one)
		return;
	if (one->type == VALUE_TABLE) {
		spec = member_string(r, one, "version");
		if (value_is_true(value_get(one, "optional")))
			scope = SCOPE_OPTIONAL;
	} else if (value_is_string(r, one, "a requirement")) {
		spec = one->text;
	}
	uint32_t c = reading_add(r, STR_NONE, v->key, STR_NONE, v->offset);
	struct component *k = &r->bom->components[c];
	k->scope = scope;
	k->direct = k->direct_known = true;
	k->declared = spec.len ? spec : STR("*");
	if (one->type == VALUE_TABLE) {
		struct str git = member_string(r, one, "git"), path = member_string(r, one, "path"), url = member_string(r, one, "url");
		if (git.len)
			reading_vcs(r, c, git, member_string(r, one, "rev"));
		if (url.len)
			python_url(r, c, url);
		if (path.len) {
			reading_local(r, c, reading_dir(r), path);
			r->bom->components[c].declared = STR_NONE;
		}
	}
	*VEC_ADD(r->arena, &m->needs) = (struct python_need){ python_name(r->arena, v->key), scope, c };
}

static void read_poetry(struct reading *r, struct python_manifest *m, const struct value *poetry)
{
	for (VALUE_EACH(d, member_table(r, poetry, "dependencies")))
		poetry_need(r, m, d, SCOPE_RUNTIME);
	for (VALUE_EACH(d, member_table(r, poetry, "dev-dependencies")))
		poetry_need(r, m, d, SCOPE_DEV);
	for (VALUE_EACH(g, member_table(r, poetry, "group")))
		if (g->type == VALUE_TABLE)
			for (VALUE_EACH(d, member_table(r, g, "dependencies")))
				poetry_need(r, m, d, python_group_scope(g->key));
}

static void read_licence(struct reading *r, uint32_t subject, const struct value *project)
{
	const struct value *licence = value_get(project, "license");

	if (licence && licence->type == VALUE_STRING)
		reading_licence(r, subject, licence->text);
	else if (licence && value_get_text(licence, "text").len && str_chr(value_get_text(licence, "text"), '\n') == STR_NOT_FOUND)
		reading_licence(r, subject, value_get_text(licence, "text"));
}

static void hang_on_subject(struct reading *r, const struct python_manifest *m, uint32_t subject)
{
	for (VEC_EACH(const struct python_need, n, &m->needs))
		bom_depend(r->bom, subject, n->component, DEPENDS_ON, n->scope);
}

enum result source_pyproject(struct reading *r)
{
	struct python_manifest *m = r->data = ARENA_NEW(r->arena, struct python_manifest);
	const struct value *root = reading_toml(r), *project, *poetry, *named;
	uint32_t subject = NO_COMPONENT;

	if (!root)
		return FAILED;
	project = member_table(r, root, "project");
	poetry = member_table(r, member_table(r, root, "tool"), "poetry");
	named = value_get(project, "name") ? project : poetry;
	m->name = member_string(r, named, "name");
	m->version = member_string(r, named, "version");
	if (m->name.len) {
		subject = reading_subject(r, m->name, m->version);
		r->bom->components[subject].evidence.items[0].offset = named->offset;
		read_licence(r, subject, named);
	}
	needs_of_list(r, m, member_list(r, project, "dependencies"), SCOPE_RUNTIME);
	needs_of_table(r, m, member_table(r, project, "optional-dependencies"), SCOPE_OPTIONAL, false);
	needs_of_table(r, m, member_table(r, root, "dependency-groups"), SCOPE_DEV, true);
	read_poetry(r, m, poetry);
	needs_of_list(r, m, value_path(root, "tool.uv.dev-dependencies"), SCOPE_DEV);
	needs_of_table(r, m, value_path(root, "tool.pdm.dev-dependencies"), SCOPE_DEV, true);
	needs_of_list(r, m, member_list(r, member_table(r, root, "build-system"), "requires"), SCOPE_BUILD);
	if (subject != NO_COMPONENT)
		hang_on_subject(r, m, subject);
	return reading_done(r);
}

/* ---- setup.cfg: an INI file; values go on over indented lines */

struct cfg {
	struct str section, key;
};

/* One line of a list of requirements. */
static void cfg_value(struct reading *r, struct python_manifest *m, const struct cfg *at, struct str value, size_t offset)
{
	unsigned scope;

	if (str_is(at->section, "options") && str_is(at->key, "install_requires"))
		scope = SCOPE_RUNTIME;
	else if (str_is(at->section, "options") && str_is(at->key, "tests_require"))
		scope = SCOPE_TEST;
	else if (str_is(at->section, "options") && str_is(at->key, "setup_requires"))
		scope = SCOPE_BUILD;
	else if (str_is(at->section, "options.extras_require"))
		scope = SCOPE_OPTIONAL;
	else
		return;
	for (struct str rest = value; rest.s;) { /* ';' parts old lists, but also begins a marker: only new lines part here */
		struct str one = str_trim(rest);
		rest = STR_NONE;
		if (one.len && one.s[0] != '#' && !str_starts(one, STR("file:")))
			python_need(r, m, one, scope, offset);
	}
}

enum result source_setup_cfg(struct reading *r)
{
	struct python_manifest *m = r->data = ARENA_NEW(r->arena, struct python_manifest);
	struct cfg at = { 0 };
	struct lines l;

	lines_open(&l, r->text);
	while (lines_next(&l)) {
		struct str line = str_trim(l.line);
		if (!line.len || line.s[0] == '#' || line.s[0] == ';')
			continue;
		if (ascii_blank(l.line.s[0])) {
			cfg_value(r, m, &at, line, l.offset);
			continue;
		}
		if (line.s[0] == '[') {
			size_t end = str_chr(line, ']');
			at.section = end == STR_NOT_FOUND ? STR("") : str_trim(str_sub(line, 1, end - 1));
			at.key = STR("");
			continue;
		}
		size_t equals = str_chr(line, '='), colon = str_chr(line, ':'), cut = equals < colon ? equals : colon;
		if (cut == STR_NOT_FOUND)
			continue;
		at.key = str_trim(str_sub(line, 0, cut));
		struct str value = str_trim(str_from(line, cut + 1));
		if (str_is(at.section, "metadata") && str_is(at.key, "name"))
			m->name = value;
		else if (str_is(at.section, "metadata") && str_is(at.key, "version") && !str_starts(value, STR("attr:")) &&
			 !str_starts(value, STR("file:")))
			m->version = value;
		else
			cfg_value(r, m, &at, value, l.offset);
	}
	if (m->name.len) {
		uint32_t subject = reading_subject(r, m->name, m->version);
		hang_on_subject(r, m, subject);
	}
	return reading_done(r);
}
