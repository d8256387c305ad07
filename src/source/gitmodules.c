/* .gitmodules (git-scm.com/docs/gitmodules). The commit of a submodule stands in the git tree, not here: the component has the
 * property "bomgate:path", by which whoever reads a git tree finds the link entry and sets version and commit. */
#include "base/map.h"
#include "source/common.h"
#include "syntax/lines.h"

struct module {
	struct str name, path, url, branch;
	size_t offset;
};

static struct str unquoted(struct str s)
{
	s = str_trim(s);
	return s.len > 1 && s.s[0] == '"' && s.s[s.len - 1] == '"' ? str_sub(s, 1, s.len - 2) : s;
}

static void add_module(struct reading *r, const struct module *m)
{
	struct str host, path;
	uint32_t c;

	if (!m->name.s)
		return;
	if (!m->path.len || !m->url.len) {
		reading_problem(r, m->offset, "a submodule needs a path and a url");
		return;
	}
	if (repository_place(m->url, &host, &path)) {
		c = reading_add(r, arena_lower(r->arena, host), path, STR_NONE, m->offset);
		r->bom->components[c].purl_type = STR("git");
	} else { /* "../other.git": relative to where this repository lies */
		size_t slash;
		path = m->url;
		if (str_ends(path, STR(".git")))
			path = str_sub(path, 0, path.len - 4);
		slash = str_rchr(path, '/');
		c = reading_add(r, STR_NONE, slash == STR_NOT_FOUND ? path : str_from(path, slash + 1), STR_NONE, m->offset);
		r->bom->components[c].weak = true;
	}
	r->bom->components[c].ecosystem = STR_NONE;
	reading_vcs(r, c, m->url, STR_NONE);
	r->bom->components[c].direct = r->bom->components[c].direct_known = true;
	bom_property(r->bom, c, "bomgate:path", tree_resolve(r->arena, reading_dir(r), m->path).s ?
		     tree_resolve(r->arena, reading_dir(r), m->path) : m->path);
	if (m->branch.len)
		bom_property(r->bom, c, "bomgate:ref", m->branch);
}

enum result source_gitmodules(struct reading *r)
{
	struct module m = { 0 };
	struct lines l;

	lines_open(&l, r->text);
	while (lines_next(&l)) {
		struct str line = str_trim(l.line);
		if (!line.len || line.s[0] == '#' || line.s[0] == ';')
			continue;
		if (line.s[0] == '[') {
			size_t open = str_chr(line, '"'), close = str_rchr(line, '"');
			add_module(r, &m);
			m = (struct module){ .offset = l.offset };
			if (str_starts(line, STR("[submodule")) && close > open && open != STR_NOT_FOUND)
				m.name = str_sub(line, open + 1, close - open - 1);
			else if (str_starts(line, STR("[submodule")))
				reading_problem(r, l.offset, "a submodule section has the form [submodule \"name\"]");
			continue;
		}
		struct str value = line, key = str_trim(str_cut(&value, '='));
		if (!value.s)
			continue;
		value = unquoted(value);
		if (str_eq_nocase(key, STR("path")))
			m.path = value;
		else if (str_eq_nocase(key, STR("url")))
			m.url = value;
		else if (str_eq_nocase(key, STR("branch")))
			m.branch = value;
	}
	add_module(r, &m);
	return reading_done(r);
}

/* The commits of the tree's links. */
void join_gitmodules(struct tree *t)
{
	struct map links;

	map_init(&links, t->arena);
	for (VEC_EACH(const struct submodule, s, &t->submodules))
		map_put(&links, s->path, NULL)->value.ptr = (void *)s;
	for (VEC_EACH(struct part, p, &t->parts))
		for (size_t i = 0; part_is(p, "gitmodules") && i < p->bom->ncomponents; i++) {
			struct component *c = &p->bom->components[i];
			for (size_t k = 0; k < c->properties.n; k++) {
				struct map_entry *e = str_is(c->properties.items[k].name, "bomgate:path") ?
					map_get(&links, c->properties.items[k].value) : NULL;
				if (e)
					c->version = c->commit = ((const struct submodule *)e->value.ptr)->commit;
			}
		}
}
