#include "source/cargo.h"

void cargo_source(struct reading *r, uint32_t c, struct str source)
{
	if (str_starts(source, STR("git+"))) {
		size_t hash = str_rchr(source, '#'), query;
		struct str url = hash == STR_NOT_FOUND ? source : str_sub(source, 0, hash);
		struct str commit = hash == STR_NOT_FOUND ? STR_NONE : str_from(source, hash + 1);
		query = str_chr(url, '?');
		reading_vcs(r, c, query == STR_NOT_FOUND ? url : str_sub(url, 0, query), commit);
		return;
	}
	if (!str_starts(source, STR("registry+")) && !str_starts(source, STR("sparse+")))
		return;
	struct str url = str_from(source, str_chr(source, '+') + 1);
	if (!registry_url_is_public(STR("crates.io"), url))
		*VEC_ADD(r->arena, &r->bom->components[c].qualifiers) = (struct property){ STR("repository_url"), url };
}

/* A source in a dependency text leaves out the commit of a git source. */
static bool same_source(struct str whole, struct str given)
{
	size_t hash = str_chr(whole, '#');

	return str_eq(whole, given) ||
	       (hash != STR_NOT_FOUND && str_starts(whole, STR("git+")) && str_eq(str_sub(whole, 0, hash), given));
}

/* The package that a dependency text "name", "name version" or "name version (source)" means; NULL where there is none. */
static struct cargo_package *resolve(struct cargo_lock *lock, struct str text, unsigned depth)
{
	struct str rest = text, name = str_cut(&rest, ' '), version = rest.s ? str_cut(&rest, ' ') : STR_NONE;
	struct str source = rest.s && rest.len > 2 ? str_sub(rest, 1, rest.len - 2) : STR_NONE;
	struct map_entry *e = map_get(&lock->by_name, name);

	unsigned n = 0;
	for (uint32_t i = e ? (uint32_t)e->value.num : 0; i && n < NAME_CHAIN; i = lock->next[i - 1], n++) {
		struct cargo_package *p = &lock->packages.items[i - 1];
		if ((version.s && !str_eq(p->version, version)) || (source.s && !same_source(p->source, source)))
			continue;
		if (p->component == NO_COMPONENT) {
			if (depth < 8)
				return resolve(lock, p->replacement, depth + 1);
			return NULL;
		}
		return p;
	}
	return NULL;
}

/* `name` is what the package is called in messages. */
static void add_edges(struct reading *r, struct cargo_lock *lock, const struct cargo_package *p)
{
	const struct value *list = member_list(r, p->table, "dependencies");

	for (VALUE_EACH(d, list)) {
		if (!value_is_string(r, d, "a dependency"))
			continue;
		struct cargo_package *to = resolve(lock, d->text, 0);
		if (to)
			bom_depend(r->bom, p->component, to->component, DEPENDS_ON, 0);
		else
			reading_problem(r, d->offset, "%.*s needs \"%.*s\", which the file does not hold: run `cargo generate-lockfile`",
					STR_ARG(str_sub(p->name, 0, 100)), STR_ARG(str_sub(d->text, 0, 100)));
	}
}

static void add_package(struct reading *r, struct cargo_lock *lock, const struct value *table)
{
	struct str name, version;

	if (table->type != VALUE_TABLE) {
		reading_problem(r, table->offset, "a package that is no table");
		return;
	}
	name = member_string(r, table, "name");
	version = member_string(r, table, "version");
	const struct value *at = value_get(table, "name");
	if (!name.len || !version.len) {
		reading_problem(r, table->offset, "a package without a name and version: run `cargo generate-lockfile`");
		return;
	}
	struct cargo_package *p = VEC_ADD(r->arena, &lock->packages);
	*p = (struct cargo_package){ .name = name, .version = version, .table = table, .component = NO_COMPONENT };
	p->source = member_string(r, table, "source");
	p->replacement = member_string(r, table, "replace");
	if (p->replacement.len)
		return;
	p->component = reading_add(r, STR_NONE, name, version, at->offset);
	if (p->source.len)
		cargo_source(r, p->component, p->source);
	else
		r->bom->components[p->component].first_party = true;
	struct str checksum = member_string(r, table, "checksum");
	if (checksum.len && !reading_digest(r, p->component, arena_concat(r->arena, STR("sha256:"), checksum, STR(""))))
		reading_problem(r, value_get(table, "checksum")->offset, "the checksum of %.*s is no SHA-256",
				STR_ARG(str_sub(name, 0, 100)));
}

/* Version 1: checksums stand in [metadata] under "checksum name version (source)". */
static void old_checksums(struct reading *r, struct cargo_lock *lock, const struct value *root)
{
	for (VALUE_EACH(m, member_table(r, root, "metadata"))) {
		struct cargo_package *p;
		if (!str_starts(m->key, STR("checksum ")) || m->type != VALUE_STRING || str_is(m->text, "<none>"))
			continue;
		p = resolve(lock, str_from(m->key, 9), 0);
		if (p && !reading_digest(r, p->component, arena_concat(r->arena, STR("sha256:"), m->text, STR(""))))
			reading_problem(r, m->offset, "the checksum of %.*s is no SHA-256", STR_ARG(str_sub(p->name, 0, 100)));
	}
}

enum result source_cargo_lock(struct reading *r)
{
	struct cargo_lock *lock = r->data = ARENA_NEW(r->arena, struct cargo_lock);
	const struct value *root = reading_toml(r), *version, *list;

	if (!root)
		return FAILED;
	version = value_get(root, "version");
	if (version && (version->type != VALUE_NUMBER || version->text.len != 1 || version->text.s[0] < '1' || version->text.s[0] > '4'))
		return reading_unknown_version(r, version->offset, value_text(version));
	if (value_get(root, "package") && !member_list(r, root, "package"))
		return FAILED;
	list = value_get(root, "package");
	if (value_get(root, "root")) /* until 2017: the project itself */
		add_package(r, lock, value_get(root, "root"));
	for (VALUE_EACH(p, list))
		add_package(r, lock, p);
	map_init(&lock->by_name, r->arena);
	lock->next = arena_array(r->arena, lock->packages.n + 1, sizeof *lock->next);
	for (size_t i = lock->packages.n; i-- > 0;) {
		struct map_entry *e = map_put(&lock->by_name, lock->packages.items[i].name, NULL);
		lock->next[i] = (uint32_t)e->value.num;
		e->value.num = i + 1;
	}
	size_t own = 0;
	for (VEC_EACH(const struct cargo_package, p, &lock->packages)) {
		if (p->component == NO_COMPONENT)
			continue;
		add_edges(r, lock, p);
		own += !p->source.len;
		if (!p->source.len)
			r->bom->subject = own == 1 ? p->component : NO_COMPONENT;
	}
	old_checksums(r, lock, root);
	direct_from_own(r->bom);
	return reading_done(r);
}
