/* os-release(5): which distribution, in which release, the packages of a root file system belong to. Its join writes that into every
 * package that a database of the same root names; purl namespace and `distro` as Syft writes them, the ecosystem as OSV does. */
#include "source/common.h"
#include "syntax/lines.h"

struct os_release {
	struct str id, version, like, pretty;
};

/* NAME=value, NAME="value", NAME='value' as a shell reads them, without expansion. */
static struct str value_of(struct arena *a, struct str v)
{
	char *out, quote;
	size_t n = 0;

	v = str_trim(v);
	if (v.len < 2 || (v.s[0] != '"' && v.s[0] != '\'') || v.s[v.len - 1] != v.s[0])
		return v;
	quote = v.s[0];
	out = arena_alloc(a, v.len);
	for (size_t i = 1; i + 1 < v.len; i++) {
		if (v.s[i] == '\\' && quote == '"' && i + 2 < v.len)
			i++;
		out[n++] = v.s[i];
	}
	return str_make(out, n);
}

enum result source_os_release(struct reading *r)
{
	struct os_release *o = r->data = ARENA_NEW(r->arena, struct os_release);
	struct lines l;

	lines_open(&l, r->text);
	while (lines_next(&l)) {
		struct str line = str_trim(l.line);
		size_t equals = str_chr(line, '=');
		if (!line.len || line.s[0] == '#' || equals == STR_NOT_FOUND)
			continue;
		struct str name = str_sub(line, 0, equals), value = value_of(r->arena, str_from(line, equals + 1));
		if (str_is(name, "ID"))
			o->id = arena_lower(r->arena, value);
		else if (str_is(name, "VERSION_ID"))
			o->version = value;
		else if (str_is(name, "ID_LIKE"))
			o->like = value;
		else if (str_is(name, "PRETTY_NAME"))
			o->pretty = value;
	}
	return reading_done(r);
}

static bool is_database(const struct part *p)
{
	return part_is(p, "dpkg") || part_is(p, "apk-installed") || part_is(p, "rpm-sqlite") || part_is(p, "rpm-ndb");
}

/* The root that a database lies in: its path without what the row's name tells. */
static struct str root_of(struct str path)
{
	static const char *const below[] = { "var/lib/", "usr/lib/", "usr/share/", "lib/apk/", "etc/" };

	for (size_t i = 0; i < sizeof below / sizeof below[0]; i++) {
		size_t at = str_find(path, str_of(below[i]), 0);
		if (at != STR_NOT_FOUND && (!at || path.s[at - 1] == '/'))
			return str_sub(path, 0, at);
	}
	return STR("");
}

static const struct os_release *release_for(const struct tree *t, const struct part *database)
{
	static const char *const files[] = { "etc/os-release", "usr/lib/os-release" };

	for (size_t i = 0; i < 2; i++) {
		struct part *p = tree_find_path(t, arena_concat(t->arena, root_of(database->path), str_of(files[i]), STR_NONE));
		if (p && part_is(p, "os-release") && p->data && ((struct os_release *)p->data)->id.len)
			return p->data;
	}
	return NULL;
}

static void place(struct tree *t, struct part *p, const struct os_release *o)
{
	struct str distro = o && o->version.len ? arena_printf(t->arena, "%.*s-%.*s", STR_ARG(o->id), STR_ARG(o->version)) : o ? o->id : STR_NONE;

	for (size_t i = 0; i < p->bom->ncomponents; i++) {
		struct component *c = &p->bom->components[i];
		c->group = o && str_is(o->id, "rhel") ? STR("redhat") : o ? o->id : str_is(c->purl_type, "deb") ? STR("debian") : str_is(c->purl_type, "apk") ? STR("alpine") : STR("redhat");
		if (distro.len)
			*VEC_ADD(t->arena, &c->qualifiers) = (struct property){ STR("distro"), distro };
	}
}

void join_os_release(struct tree *t)
{
	for (VEC_EACH(struct part, p, &t->parts)) {
		if (!is_database(p) || p->failed)
			continue;
		const struct os_release *o = release_for(t, p);
		if (!o && p->bom->ncomponents)
			diag_add(t->diags, SEV_WARNING, "input.release", p->path, DIAG_NO_OFFSET,
				 "there is no etc/os-release beside it, so the distribution's release is not known and its advisories cannot be matched");
		place(t, p, o);
	}
}
