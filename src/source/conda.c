/* conda-lock.yml version 1 (conda-lock's lockfile model) and environment.yml (conda's user guide). */
#include "source/conda.h"

#include "base/map.h"

bool conda_cut_url(struct str url, struct conda_url *out)
{
	static const char *const types[] = { ".tar.bz2", ".conda" };
	size_t slash = str_rchr(url, '/');
	struct str file = str_from(url, slash + 1), rest = slash == STR_NOT_FOUND ? STR("") : str_sub(url, 0, slash);

	*out = (struct conda_url){ 0 };
	file = str_sub(file, 0, str_chr(file, '#'));
	for (size_t i = 0; i < 2; i++)
		if (str_ends(file, str_of(types[i]))) {
			out->type = str_of(types[i] + 1);
			file.len -= strlen(types[i]);
		}
	if (!out->type.s)
		return false;
	size_t build = str_rchr(file, '-'), version = build == STR_NOT_FOUND ? build : str_rchr(str_sub(file, 0, build), '-');
	if (version == STR_NOT_FOUND || version == 0)
		return false;
	out->name = str_sub(file, 0, version);
	out->version = str_sub(file, version + 1, build - version - 1);
	out->build = str_from(file, build + 1);
	slash = str_rchr(rest, '/');
	out->subdir = str_from(rest, slash + 1);
	rest = slash == STR_NOT_FOUND ? STR("") : str_sub(rest, 0, slash);
	out->channel = str_from(rest, str_rchr(rest, '/') + 1);
	return true;
}

static void qualifier(struct reading *r, uint32_t c, const char *name, struct str value)
{
	if (value.len)
		*VEC_ADD(r->arena, &r->bom->components[c].qualifiers) = (struct property){ str_of(name), value };
}

uint32_t conda_add(struct reading *r, struct str url, struct str name, struct str version, size_t offset)
{
	struct conda_url u;
	bool known = conda_cut_url(url, &u);

	if (!known && (!name.s || !version.s)) {
		reading_problem(r, offset, "a package of conda without name and version: write the lockfile again");
		return NO_COMPONENT;
	}
	uint32_t c = reading_add(r, STR_NONE, name.s ? name : u.name, version.s ? version : u.version, offset);
	r->bom->components[c].ecosystem = STR_NONE;
	r->bom->components[c].purl_type = STR("conda");
	qualifier(r, c, "build", u.build);
	qualifier(r, c, "channel", u.channel);
	qualifier(r, c, "subdir", u.subdir);
	qualifier(r, c, "type", u.type);
	return c;
}

uint32_t conda_add_pypi(struct reading *r, struct str url, struct str name, struct str version, size_t offset)
{
	if (!name.s) {
		reading_problem(r, offset, "a package of PyPI without its name: write the lockfile again");
		return NO_COMPONENT;
	}
	uint32_t c = reading_add(r, STR_NONE, name, version, offset);
	r->bom->components[c].ecosystem = STR("PyPI");
	if (str_starts(url, STR("git+")))
		reading_vcs(r, c, url, STR_NONE);
	else if (url.len && !str_has(url, STR("://")))
		reading_local(r, c, reading_dir(r), url);
	else
		reading_registry(r, c, url);
	return c;
}

void conda_add_hashes(struct reading *r, uint32_t c, const struct value *entry)
{
	struct str sha256 = value_get_text(entry, "sha256"), md5 = value_get_text(entry, "md5");

	if (sha256.len == 64)
		bom_hash(r->bom, c, STR("SHA-256"), arena_lower(r->arena, sha256));
	if (md5.len == 32)
		bom_hash(r->bom, c, STR("MD5"), arena_lower(r->arena, md5));
}

/* ---- conda-lock */

static unsigned scope_of(const struct value *e)
{
	struct str category = value_get_text(e, "category");
	unsigned scope = str_is(category, "main") || !category.s ? SCOPE_RUNTIME : str_is(category, "dev") ? SCOPE_DEV :
			 str_is(category, "test")		 ? SCOPE_TEST :
								   SCOPE_OPTIONAL;

	return scope;
}

struct conda_lock {
	struct map by_url;  /* one component for an address that several platforms share */
	struct map by_name; /* "platform\nname" to component index */
};

struct conda_sources { /* the files that were locked */
	VEC(struct str) paths;
};

static struct str key_of(struct arena *a, const struct value *e, struct str name)
{
	return arena_concat(a, value_get_text(e, "platform"), STR("\n"), name);
}

static void add_package(struct reading *r, struct conda_lock *l, const struct value *e)
{
	struct str url = value_get_text(e, "url"), name = value_get_text(e, "name"), version = value_get_text(e, "version");
	struct str manager = value_get_text(e, "manager");
	bool fresh = true;

	if (!name.s || !version.s || !url.s || (!str_is(manager, "conda") && !str_is(manager, "pip"))) {
		reading_problem(r, e->offset, "a package without name, version, url or a known manager: write the lockfile again");
		return;
	}
	struct map_entry *known = map_put(&l->by_url, url, &fresh);
	uint32_t c = (uint32_t)known->value.num;
	if (fresh) {
		c = str_is(manager, "pip") ? conda_add_pypi(r, url, name, version, e->offset) : conda_add(r, url, name, version, e->offset);
		known->value.num = c;
		conda_add_hashes(r, c, value_get(e, "hash"));
	}
	r->bom->components[c].scope |= scope_of(e);
	map_put(&l->by_name, key_of(r->scratch, e, name), NULL)->value.num = c;
}

enum result source_conda_lock(struct reading *r)
{
	const struct value *root = reading_yaml(r, false);
	struct conda_lock l;

	if (!root)
		return FAILED;
	const struct value *version = value_get(root, "version"), *packages = value_get(root, "package");
	if (!packages && !value_get(root, "metadata"))
		return OK; /* another tool's file of this name */
	if (version && !str_is(value_text(version), "1"))
		return reading_unknown_version(r, version->offset, value_text(version));
	if (!packages || (packages->type != VALUE_LIST && packages->type != VALUE_NULL))
		return reading_error(r, packages ? packages->offset : 0, "no list of packages: write the lockfile again with conda-lock");
	map_init(&l.by_url, r->scratch);
	map_init(&l.by_name, r->scratch);
	for (VALUE_EACH(e, packages))
		add_package(r, &l, e);
	for (VALUE_EACH(e, packages)) {
		struct map_entry *from = map_get(&l.by_url, value_get_text(e, "url").s ? value_get_text(e, "url") : STR(""));
		for (VALUE_EACH(d, from ? value_get(e, "dependencies") : NULL)) {
			struct arena_mark mark = arena_mark(r->scratch);
			struct map_entry *to = map_get(&l.by_name, key_of(r->scratch, e, d->key));
			arena_pop(r->scratch, mark);
			if (to && to->value.num != from->value.num)
				bom_depend(r->bom, (uint32_t)from->value.num, (uint32_t)to->value.num, DEPENDS_ON, 0);
		}
	}
	struct conda_sources *sources = r->data = ARENA_NEW(r->arena, struct conda_sources);
	for (VALUE_EACH(s, value_path(root, "metadata.sources")))
		*VEC_ADD(r->arena, &sources->paths) = value_text(s).s ? value_text(s) : STR("");
	return reading_done(r);
}

/* ---- environment.yml */

static bool exact_text(struct str version)
{
	for (size_t i = 0; i < version.len; i++)
		if (str_chr(STR("*,|<>=!~ "), version.s[i]) != STR_NOT_FOUND)
			return false;
	return version.len > 0;
}

/* "channel::name=1.2=build", "name==1.2", "name >=1,<2", "name[version='…']". One '=' alone is a prefix, not a version. */
static void add_match_spec(struct reading *r, struct str text, size_t offset)
{
	struct str spec = str_trim(text), channel = STR_NONE, version = STR_NONE, build = STR_NONE;
	size_t colons = str_find(spec, STR("::"), 0), end = 0;

	if (colons != STR_NOT_FOUND) {
		channel = str_sub(spec, 0, colons);
		spec = str_from(spec, colons + 2);
	}
	while (end < spec.len && str_chr(STR("=<>!~ [;"), spec.s[end]) == STR_NOT_FOUND)
		end++;
	struct str name = str_sub(spec, 0, end), range = str_trim(str_from(spec, end));
	if (str_starts(range, STR("==")) && exact_text(str_from(range, 2)))
		version = str_from(range, 2);
	else if (str_starts(range, STR("="))) {
		struct str rest = str_from(range, 1), number = str_cut(&rest, '=');
		if (rest.s && exact_text(number) && exact_text(rest)) {
			version = number;
			build = rest;
		}
	}
	uint32_t c = reading_add(r, STR_NONE, name, version, offset);
	struct component *it = &r->bom->components[c];
	it->ecosystem = STR_NONE;
	it->purl_type = STR("conda");
	it->direct = it->direct_known = true;
	if (!version.s)
		it->declared = range.len ? range : STR("*");
	qualifier(r, c, "build", build);
	qualifier(r, c, "channel", channel);
}

static void add_requirement(struct reading *r, struct str text, size_t offset)
{
	struct str spec = str_trim(str_sub(text, 0, str_chr(text, ';'))), version = STR_NONE;
	size_t end = 0;

	if (!spec.len || spec.s[0] == '-' || spec.s[0] == '.') {
		reading_notice(r, offset, "\"%.*s\" names no package: what it stands for is read where it is a file of its own",
			       STR_ARG(str_sub(spec, 0, 200)));
		return;
	}
	while (end < spec.len && str_chr(STR("=<>!~ [@"), spec.s[end]) == STR_NOT_FOUND)
		end++;
	struct str name = str_sub(spec, 0, end), range = str_trim(str_from(spec, end));
	if (range.len && range.s[0] == '[')
		range = str_trim(str_from(range, str_chr(range, ']') + 1));
	if (str_starts(range, STR("==")) && exact_text(str_trim(str_from(range, 2))))
		version = str_trim(str_from(range, 2));
	uint32_t c = reading_add(r, STR_NONE, name, version, offset);
	struct component *it = &r->bom->components[c];
	it->ecosystem = STR("PyPI");
	it->direct = it->direct_known = true;
	if (version.s)
		return;
	it->declared = range.len ? range : STR("*");
	if (range.len && range.s[0] == '@' && str_has(range, STR("git+"))) {
		struct str url = str_trim(str_from(range, 1));
		size_t at = str_rchr(url, '@'), slash = str_rchr(url, '/');
		bool pinned = at != STR_NOT_FOUND && slash != STR_NOT_FOUND && at > slash; /* …/repository@ref */
		reading_vcs(r, c, str_sub(url, 0, pinned ? at : SIZE_MAX), pinned ? str_from(url, at + 1) : STR_NONE);
	}
}

static bool any_has_dependencies(const struct yaml_documents *docs)
{
	for (size_t i = 0; i < docs->n; i++)
		if (value_get(docs->items[i], "dependencies"))
			return true;
	return docs->n == 0;
}

enum result source_conda_environment(struct reading *r)
{
	struct yaml_documents docs;

	if (!reading_yaml_all(r, r->scratch, true, &docs))
		return FAILED;
	if (!any_has_dependencies(&docs))
		return OK; /* another tool's file of this name: a list of Ansible's tasks, resources of Kubernetes */
	if (docs.n != 1)
		return reading_error(r, docs.n ? docs.items[1]->offset : 0, "%s: write the file again with its tool",
				     docs.n ? "more than one document" : "the file is empty");
	const struct value *list = value_get(docs.items[0], "dependencies");
	if (!list || list->type != VALUE_LIST)
		return OK; /* another tool's file of this name */
	for (VALUE_EACH(d, list)) {
		const struct value *pip = value_get(d, "pip");
		if (d->type == VALUE_STRING)
			add_match_spec(r, d->text, d->offset);
		else if (!pip)
			reading_problem(r, d->offset, "a dependency is a text or a list for pip here");
		for (VALUE_EACH(p, pip))
			if (value_text(p).s)
				add_requirement(r, value_text(p), p->offset);
	}
	return reading_done(r);
}

void join_conda(struct tree *t)
{
	for (VEC_EACH(struct part, p, &t->parts)) {
		if (!part_is(p, "conda-lock") || p->failed)
			continue;
		const struct conda_sources *sources = p->data;
		if (!sources)
			continue;
		for (VEC_EACH(const struct str, s, &sources->paths)) {
			struct str path = tree_resolve(t->arena, p->dir, *s);
			struct part *source = path.s ? tree_find_path(t, path) : NULL;
			if (part_is(source, "conda-environment"))
				source->covered = true;
		}
	}
}
