/* packages.lock.json 1 and 2 (learn.microsoft.com/nuget), *.deps.json of a published application and obj/project.assets.json. */
#include "source/nuget.h"
#include "syntax/json.h"

struct edge {
	uint32_t from;
	struct str framework, name; /* lower case */
};

struct nuget {
	struct reading *r;
	struct nuget_lock *lock;
	VEC(struct edge) edges;
	struct map resolved; /* "framework\nname" to the component's index + 1 */
};

static struct str framework_key(struct nuget *n, struct str framework, struct str name)
{
	return arena_concat(n->r->arena, framework, STR("\n"), name);
}

/* The component of name and version, made where there is none yet: frameworks are merged. */
static uint32_t component_of(struct nuget *n, struct str name, struct str version, size_t offset)
{
	struct reading *r = n->r;
	struct str key = arena_lower(r->arena, name);

	for (const struct name_entry *e = name_index_get(&n->lock->by_name, key); e; e = e->next)
		if (str_eq(r->bom->components[e->component].version, version))
			return e->component;
	uint32_t c = reading_add(r, STR_NONE, name, version, offset);
	name_index_add(&n->lock->by_name, key, c, NULL);
	r->bom->components[c].direct_known = true;
	return c;
}

static void add_needs(struct nuget *n, uint32_t c, struct str framework, const struct json *needs)
{
	for (JSON_EACH(d, needs))
		*VEC_ADD(n->r->arena, &n->edges) = (struct edge){ c, framework, arena_lower(n->r->arena, json_key(d)) };
}

static void resolve(struct nuget *n)
{
	for (VEC_EACH(const struct edge, e, &n->edges)) {
		struct map_entry *to = map_get(&n->resolved, framework_key(n, e->framework, e->name));
		if (!to && str_chr(e->framework, '/') != STR_NOT_FOUND) /* "net8.0/linux-x64" adds to "net8.0" */
			to = map_get(&n->resolved, framework_key(n, str_sub(e->framework, 0, str_chr(e->framework, '/')), e->name));
		if (to && to->value.num - 1 != e->from)
			bom_depend(n->r->bom, e->from, (uint32_t)to->value.num - 1, DEPENDS_ON, 0);
	}
}

static void add_locked(struct nuget *n, struct str framework, struct str name, const struct json *e, size_t offset)
{
	struct reading *r = n->r;
	struct str type = json_get_string(e, "type"), version = json_get_string(e, "resolved"), hash = json_get_string(e, "contentHash");
	bool project = str_eq_nocase(type, STR("Project"));

	if (json_type(e) != JSON_OBJECT || !type.len || (!project && !version.len)) {
		reading_problem(r, offset, "the entry of \"%.*s\" has no type and resolved version: run `dotnet restore --force-evaluate`",
				STR_ARG(str_sub(name, 0, 100)));
		return;
	}
	uint32_t c = component_of(n, name, project ? STR_NONE : version, offset);
	bool fresh = !r->bom->components[c].hashes.n;
	map_put(&n->resolved, framework_key(n, framework, arena_lower(r->arena, name)), NULL)->value.num = c + 1;
	if (project)
		r->bom->components[c].first_party = true;
	if (str_eq_nocase(type, STR("Direct")))
		r->bom->components[c].direct = true;
	if (hash.len && fresh && !bom_integrity(r->bom, c, arena_concat(r->arena, STR("sha512-"), hash, STR(""))))
		reading_problem(r, offset, "the contentHash of \"%.*s\" is no SHA-512", STR_ARG(str_sub(name, 0, 100)));
	add_needs(n, c, framework, json_get(e, "dependencies"));
}

static void init(struct nuget *n, struct reading *r)
{
	*n = (struct nuget){ .r = r };
	n->lock = r->data = ARENA_NEW(r->arena, struct nuget_lock);
	name_index_init(&n->lock->by_name, r->arena);
	map_init(&n->resolved, r->arena);
}

static void read_frameworks(struct nuget *n, struct json_cursor *c)
{
	struct str framework, name;

	json_enter_object(c);
	while (json_next_key(c, &framework)) {
		struct map seen;
		map_init(&seen, n->r->arena);
		json_enter_object(c);
		while (json_next_key(c, &name)) {
			size_t at = json_offset(c);
			bool fresh;
			map_put(&seen, name, &fresh);
			if (!fresh) {
				json_fail(c, at, "a package stands twice");
				return;
			}
			const struct json *e = json_read_tree(c);
			if (json_failed(c))
				return;
			add_locked(n, framework, name, e, at);
		}
	}
}

enum result source_nuget_lock(struct reading *r)
{
	struct nuget n;
	struct json_cursor c;
	struct str key;
	unsigned seen = 0;

	init(&n, r);
	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		size_t at = json_offset(&c);
		if (str_is(key, "version")) {
			struct str version;
			json_once(&c, &seen, 1);
			version = json_peek(&c) == JSON_NUMBER ? json_read_number(&c) : STR("?");
			if (!str_is(version, "1") && !str_is(version, "2"))
				return reading_unknown_version(r, at, version);
		} else if (str_is(key, "dependencies")) {
			json_once(&c, &seen, 2);
			read_frameworks(&n, &c);
		} else {
			json_skip(&c);
		}
	}
	if (!json_close(&c))
		return reading_error(r, c.error_offset, "not a valid packages.lock.json: %s; run `dotnet restore --force-evaluate`", c.error);
	if (!(seen & 1))
		return reading_error(r, 0, "there is no \"version\": is this a lockfile of NuGet?");
	resolve(&n);
	return reading_done(r);
}

/* ---- *.deps.json and project.assets.json: the same two tables */

static bool split_library(struct str key, struct str *name, struct str *version)
{
	size_t slash = str_chr(key, '/');

	*name = slash == STR_NOT_FOUND ? key : str_sub(key, 0, slash);
	*version = slash == STR_NOT_FOUND ? STR_NONE : str_from(key, slash + 1);
	return name->len && version->len;
}

static void add_library(struct nuget *n, struct map *by_key, struct str key, const struct json *e, size_t offset)
{
	struct reading *r = n->r;
	struct str type = json_get_string(e, "type"), hash = json_get_string(e, "sha512"), name, version;
	uint32_t c;

	if (json_type(e) != JSON_OBJECT || !split_library(key, &name, &version)) {
		reading_problem(r, offset, "a library has the form \"name/version\" and is an object: build the project again");
		return;
	}
	if (str_eq_nocase(type, STR("runtimepack")) && str_starts(name, STR("runtimepack.")))
		name = str_from(name, 12);
	c = component_of(n, name, version, offset);
	map_put(by_key, key, NULL)->value.num = c + 1;
	r->bom->components[c].direct_known = false;
	if (str_eq_nocase(type, STR("project"))) {
		r->bom->components[c].first_party = true;
		if (r->bom->subject == NO_COMPONENT)
			r->bom->subject = c; /* the application stands first */
	} else if (!str_eq_nocase(type, STR("package")) && !str_eq_nocase(type, STR("runtimepack"))) {
		r->bom->components[c].weak = true; /* an assembly that lay on a disk: no package */
		r->bom->components[c].ecosystem = STR_NONE;
	}
	if (hash.len) {
		if (!str_starts(hash, STR("sha512-")))
			hash = arena_concat(r->arena, STR("sha512-"), hash, STR(""));
		if (!bom_integrity(r->bom, c, hash))
			reading_problem(r, offset, "the sha512 of \"%.*s\" is none", STR_ARG(str_sub(key, 0, 100)));
	}
}

/* "targets": {framework: {"name/version": {"dependencies": {name: version}}}} */
static void add_targets(struct nuget *n, struct map *by_key, const struct json *targets)
{
	for (JSON_EACH(framework, targets))
		for (JSON_EACH(library, framework)) {
			struct map_entry *c = map_get(by_key, json_key(library));
			struct str name, version;
			if (!c || !split_library(json_key(library), &name, &version))
				continue;
			map_put(&n->resolved, framework_key(n, json_key(framework), arena_lower(n->r->arena, name)), NULL)->value.num = c->value.num;
			add_needs(n, (uint32_t)c->value.num - 1, json_key(framework), json_get(library, "dependencies"));
		}
}

/* "projectFileDependencyGroups": {framework: ["Name >= 1.0"]} */
static void add_direct(struct nuget *n, const struct json *groups)
{
	for (JSON_EACH(framework, groups))
		for (JSON_EACH(need, framework)) {
			struct str rest = json_string(need), name = str_cut(&rest, ' ');
			const struct name_entry *e = name_index_get(&n->lock->by_name, arena_lower(n->r->arena, name));
			for (; e; e = e->next)
				n->r->bom->components[e->component].direct = true;
		}
	if (json_count(groups))
		for (size_t i = 0; i < n->r->bom->ncomponents; i++)
			n->r->bom->components[i].direct_known = true;
}

static enum result read_libraries(struct reading *r)
{
	const struct json *targets = NULL, *groups = NULL;
	struct nuget n;
	struct map by_key;
	struct json_cursor c;
	struct str key, name;
	unsigned seen = 0;

	init(&n, r);
	map_init(&by_key, r->arena);
	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_is(key, "targets")) {
			json_once(&c, &seen, 1);
			targets = json_read_tree(&c);
		} else if (str_is(key, "projectFileDependencyGroups")) {
			json_once(&c, &seen, 2);
			groups = json_read_tree(&c);
		} else if (str_is(key, "libraries")) {
			json_once(&c, &seen, 4);
			json_enter_object(&c);
			while (json_next_key(&c, &name)) {
				size_t at = json_offset(&c);
				const struct json *e = json_read_tree(&c);
				if (json_failed(&c))
					break;
				add_library(&n, &by_key, name, e, at);
			}
		} else {
			json_skip(&c);
		}
	}
	if (!json_close(&c))
		return reading_error(r, c.error_offset, "not valid: %s; build the project again", c.error);
	if (!(seen & 4))
		return reading_error(r, 0, "there are no \"libraries\": is this a dependency file of .NET?");
	add_targets(&n, &by_key, targets);
	add_direct(&n, groups);
	resolve(&n);
	return reading_done(r);
}

enum result source_nuget_deps(struct reading *r)
{
	return read_libraries(r);
}

enum result source_nuget_assets(struct reading *r)
{
	return read_libraries(r);
}
