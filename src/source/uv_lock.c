/* uv.lock version 1, revisions 0 to 3, and the locks of single scripts (docs.astral.sh/uv). */
#include "source/python.h"

struct uv_package {
	struct str name, version;
	const struct value *table, *source;
	uint32_t component;
};

struct uv {
	struct reading *r;
	struct python_lock *lock;
	VEC(struct uv_package) packages;
};

/* The one member of a source table: its kind and what it names. */
static struct str source_kind(const struct value *source, struct str *where)
{
	static const char *const kinds[] = { "registry", "git", "url", "path", "directory", "editable", "virtual" };

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if ((*where = value_get_text(source, kinds[i])).s)
			return str_of(kinds[i]);
	*where = STR_NONE;
	return STR_NONE;
}

static void add_source(struct reading *r, uint32_t c, const struct value *package, const struct value *source)
{
	struct str where, kind = source_kind(source, &where), name, version;

	if (str_is(kind, "git")) {
		size_t query = str_chr(where, '?'), hash = str_rchr(where, '#');
		struct str commit = hash == STR_NOT_FOUND ? STR_NONE : str_from(where, hash + 1);
		size_t end = query < hash ? query : hash;
		reading_vcs(r, c, end == STR_NOT_FOUND ? where : str_sub(where, 0, end), commit);
	} else if (str_is(kind, "url")) {
		r->bom->components[c].download = where;
	} else if (str_is(kind, "path") && python_archive_name(where, &name, &version)) {
		bom_property(r->bom, c, "bomgate:path", where);
	} else if (str_is(kind, "registry")) {
		if (!str_has(where, STR("://"))) { /* a flat index in a folder */
			bom_property(r->bom, c, "bomgate:path", where);
			reading_no_registry(r, c, "a folder");
		}
		reading_registry(r, c, where);
	} else if (kind.len) {
		reading_local(r, c, reading_dir(r), where);
		if ((str_is(kind, "editable") || str_is(kind, "virtual")) && str_is(where, "."))
			r->bom->subject = c;
	} else {
		reading_problem(r, package->offset, "the package's source is of no known kind: run `uv lock` or update bomgate");
	}
}

static void add_package(struct uv *u, const struct value *p)
{
	struct reading *r = u->r;
	struct str name;

	if (p->type != VALUE_TABLE || !(name = member_string(r, p, "name")).len) {
		reading_problem(r, p->offset, "a package without a name: run `uv lock`");
		return;
	}
	struct uv_package *k = VEC_ADD(r->arena, &u->packages);
	*k = (struct uv_package){ .name = name, .version = member_string(r, p, "version"), .table = p, .source = member_table(r, p, "source") };
	k->component = reading_add(r, STR_NONE, name, k->version, value_get(p, "name")->offset);
	add_source(r, k->component, p, k->source);
	const struct value *sdist = member_table(r, p, "sdist");
	if (member_string(r, sdist, "hash").len && !reading_digest(r, k->component, value_get_text(sdist, "hash")))
		reading_problem(r, sdist->offset, "the hash of the source archive is none");
	python_files(r, k->component, member_list(r, p, "wheels"));
	name_index_add(&u->lock->by_name, name, k->component, NULL);
}

static bool same_source(const struct value *a, const struct value *b)
{
	struct str x, y, kind = source_kind(a, &x);

	return str_eq(kind, source_kind(b, &y)) && str_eq(x, y);
}

static struct uv_package *package_of(struct uv *u, uint32_t component)
{
	size_t low = 0, high = u->packages.n;

	while (low < high) { /* components stand in the order of the packages */
		size_t mid = (low + high) / 2;
		if (u->packages.items[mid].component < component)
			low = mid + 1;
		else
			high = mid;
	}
	return low < u->packages.n && u->packages.items[low].component == component ? &u->packages.items[low] : NULL;
}

/* version and source are given where the name alone does not tell the package. */
static void add_edges(struct uv *u, const struct uv_package *from, const struct value *list, unsigned scope)
{
	struct reading *r = u->r;

	if (list && list->type != VALUE_LIST) {
		reading_problem(r, list->offset, "a list of dependencies was expected here: run `uv lock`");
		return;
	}
	for (VALUE_EACH(d, list)) {
		struct str name = d->type == VALUE_TABLE ? member_string(r, d, "name") : STR_NONE;
		struct str version = d->type == VALUE_TABLE ? value_get_text(d, "version") : STR_NONE;
		const struct value *source = value_get(d, "source");
		bool found = false;
		if (!name.len) {
			reading_problem(r, d->offset, "a dependency without a name: run `uv lock`");
			continue;
		}
		for (const struct name_entry *e = name_index_get(&u->lock->by_name, name); e; e = e->next) {
			const struct uv_package *to = package_of(u, e->component);
			if (!to || (version.len && !str_eq(version, to->version)) || (source && !same_source(source, to->source)))
				continue;
			found = true;
			if (reading_may_depend(r))
				bom_depend(r->bom, from->component, e->component, DEPENDS_ON, scope);
		}
		if (!found)
			reading_problem(r, d->offset, "%.*s needs \"%.*s\", which the file does not hold: run `uv lock`",
					STR_ARG(str_sub(from->name, 0, 100)), STR_ARG(str_sub(name, 0, 100)));
	}
}

enum result source_uv_lock(struct reading *r)
{
	struct python_lock *l = r->data = ARENA_NEW(r->arena, struct python_lock);
	const struct value *root = reading_toml(r), *version;
	struct uv u = { .r = r, .lock = l };

	if (!root)
		return FAILED;
	python_lock_init(r, l);
	l->scoped = true;
	version = value_get(root, "version");
	if (!version || version->type != VALUE_NUMBER || !str_is(version->text, "1"))
		return version ? reading_unknown_version(r, version->offset, value_text(version)) :
				 reading_error(r, 0, "there is no \"version\": is this a lockfile of uv? Run `uv lock`");
	if (value_get(root, "package") && !member_list(r, root, "package"))
		return FAILED;
	for (VALUE_EACH(p, value_get(root, "package")))
		add_package(&u, p);
	for (VEC_EACH(const struct uv_package, k, &u.packages)) {
		bool own = r->bom->components[k->component].first_party;
		add_edges(&u, k, value_get(k->table, "dependencies"), own ? SCOPE_RUNTIME : 0);
		/* Extras of other packages stand here only where something asks for them. */
		for (VALUE_EACH(x, member_table(r, k->table, "optional-dependencies")))
			add_edges(&u, k, x, own ? SCOPE_OPTIONAL : 0);
		for (VALUE_EACH(g, member_table(r, k->table, "dev-dependencies")))
			add_edges(&u, k, g, python_group_scope(g->key) == SCOPE_TEST ? SCOPE_TEST : SCOPE_DEV);
	}
	const struct value *manifest = member_table(r, root, "manifest"); /* a script's lock, or groups of a workspace without a project */
	for (VALUE_EACH(q, member_list(r, manifest, "requirements")))
		for (const struct name_entry *e = name_index_get(&l->by_name, value_get_text(q, "name")); e; e = e->next)
			r->bom->components[e->component].direct = true;
	direct_from_own(r->bom);
	reach_from_own(r->arena, r->bom);
	if (r->bom->subject != NO_COMPONENT)
		for (VEC_EACH(const struct uv_package, k, &u.packages))
			if (r->bom->components[k->component].first_party && k->component != r->bom->subject)
				bom_depend(r->bom, r->bom->subject, k->component, CONTAINS, 0);
	return reading_done(r);
}
