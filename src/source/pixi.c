/* pixi.lock, versions 4 to 7 (prefix.dev, "Lock file"): packages once, and for each environment and platform which of them. Until
 * version 5 an entry carries its name, later conda packages are named by their address only. */
#include "source/conda.h"

#include "base/map.h"

struct pixi {
	struct reading *r;
	struct map by_url;  /* to component index */
	struct map by_name; /* "subdir\nname" to component index, NO_COMPONENT where several have it */
};

/* The address of an entry, in one walk: a file has tens of thousands of them. */
static struct str address(const struct value *e, bool *pypi)
{
	struct str python = STR_NONE, conda = STR_NONE, built = STR_NONE, url = STR_NONE, path = STR_NONE;

	*pypi = false;
	for (VALUE_EACH(m, e))
		if (str_is(m->key, "conda"))
			conda = value_text(m);
		else if (str_is(m->key, "conda_source"))
			built = value_text(m);
		else if (str_is(m->key, "url"))
			url = value_text(m);
		else if (str_is(m->key, "path"))
			path = value_text(m);
		else if (str_is(m->key, "kind"))
			*pypi = *pypi || str_is(value_text(m), "pypi");
		else if (str_is(m->key, "pypi")) {
			*pypi = true;
			python = value_text(m);
		}
	return python.s ? python : conda.s ? conda : built.s ? built : url.s ? url : path;
}

/* "name[variant] @ place" of version 7: a package that is built from a folder or a repository. */
static bool cut_source(struct str text, struct str *name, struct str *place)
{
	size_t at = str_find(text, STR(" @ "), 0), bracket = str_chr(text, '[');

	if (at == STR_NOT_FOUND)
		return false;
	*name = str_sub(text, 0, bracket < at ? bracket : at);
	*place = str_from(text, at + 3);
	return name->len && place->len;
}

static struct str name_key(struct arena *a, struct str subdir, struct str name)
{
	return arena_concat(a, subdir, STR("\n"), name);
}

static void remember(struct pixi *p, uint32_t c, struct str subdir)
{
	bool fresh;
	struct map_entry *e = map_put(&p->by_name, name_key(p->r->scratch, subdir, p->r->bom->components[c].name), &fresh);

	e->value.num = fresh || e->value.num == c ? c : NO_COMPONENT;
}

static void add_package(struct pixi *p, const struct value *e)
{
	struct reading *r = p->r;
	bool pypi, fresh;
	struct str url = address(e, &pypi), name = value_get_text(e, "name"), version = value_get_text(e, "version");
	struct conda_url u;

	if (!url.s) {
		reading_problem(r, e->offset, "a package without its address: run pixi lock again");
		return;
	}
	struct map_entry *known = map_put(&p->by_url, url, &fresh);
	if (!fresh)
		return;
	struct str place = url;
	bool source = !pypi && (cut_source(url, &name, &place) || !conda_cut_url(url, &u));
	uint32_t c;
	if (source && name.s) { /* built from a folder or a repository */
		c = reading_add(r, STR_NONE, name, version, e->offset);
		r->bom->components[c].ecosystem = STR_NONE;
		r->bom->components[c].purl_type = STR("conda");
		if (str_has(place, STR("://")))
			reading_vcs(r, c, place, STR_NONE);
		else
			reading_local(r, c, reading_dir(r), place);
	} else
		c = pypi ? conda_add_pypi(r, url, name, version, e->offset) : conda_add(r, url, name, version, e->offset);
	known->value.num = c;
	if (c == NO_COMPONENT)
		return;
	conda_add_hashes(r, c, e);
	reading_licence(r, c, value_get_text(e, "license"));
	if (!pypi && !source)
		remember(p, c, u.subdir);
}

/* A package of a platform is built on those of its platform and on those of all. */
static void connect(struct pixi *p, const struct value *e)
{
	static const struct str all = { "noarch", 6 };
	struct reading *r = p->r;
	struct conda_url u;
	bool pypi;
	struct str url = address(e, &pypi);
	struct map_entry *from = url.s ? map_get(&p->by_url, url) : NULL;

	if (!from || pypi || from->value.num == NO_COMPONENT || !conda_cut_url(url, &u))
		return;
	for (VALUE_EACH(d, value_get(e, "depends"))) {
		struct str spec = value_text(d), name = str_sub(spec, 0, str_chr(spec, ' '));
		struct arena_mark mark = arena_mark(r->scratch);
		struct map_entry *to = map_get(&p->by_name, name_key(r->scratch, u.subdir, name));
		if (!to)
			to = map_get(&p->by_name, name_key(r->scratch, all, name));
		arena_pop(r->scratch, mark);
		if (to && to->value.num != NO_COMPONENT && to->value.num != from->value.num)
			bom_depend(r->bom, (uint32_t)from->value.num, (uint32_t)to->value.num, DEPENDS_ON, 0);
	}
}

/* The names of the environments that hold a package; where "default" does, it is needed at run time. */
static void mark_environments(struct pixi *p, const struct value *environments)
{
	for (VALUE_EACH(environment, environments))
		for (VALUE_EACH(platform, value_get(environment, "packages")))
			for (VALUE_EACH(e, platform)) {
				bool pypi;
				struct str url = address(e, &pypi);
				struct map_entry *m = url.s ? map_get(&p->by_url, url) : NULL;
				if (!m) {
					reading_problem(p->r, e->offset, "an environment names a package that the file does not hold");
					continue;
				}
				if (m->value.num != NO_COMPONENT && str_is(environment->key, "default"))
					p->r->bom->components[m->value.num].scope |= SCOPE_RUNTIME;
			}
}

enum result source_pixi(struct reading *r)
{
	const struct value *root = reading_yaml(r, false);
	struct pixi p = { .r = r };

	if (!root)
		return FAILED;
	const struct value *version = value_get(root, "version"), *packages = value_get(root, "packages");
	struct str number = value_text(version);
	if (!version)
		return reading_error(r, 0, "no version: this is no whole lockfile; run pixi lock again");
	if (number.len != 1 || number.s[0] < '4' || number.s[0] > '7')
		return reading_unknown_version(r, version->offset, number);
	if (!packages || (packages->type != VALUE_LIST && packages->type != VALUE_NULL))
		return reading_error(r, packages ? packages->offset : 0, "no list of packages: run pixi lock again");
	map_init(&p.by_url, r->scratch);
	map_init(&p.by_name, r->scratch);
	bom_reserve(r->bom, packages->n);
	for (VALUE_EACH(e, packages))
		add_package(&p, e);
	for (VALUE_EACH(e, packages))
		connect(&p, e);
	mark_environments(&p, value_get(root, "environments"));
	return reading_done(r);
}
