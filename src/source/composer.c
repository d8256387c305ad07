/* composer.lock and composer.json (getcomposer.org/doc/04-schema.md). */
#include "base/map.h"
#include "source/common.h"
#include "syntax/json.h"

struct composer_need {
	struct str name; /* lower case */
	unsigned scope;
};
struct composer {
	struct str name, version;
	VEC(struct composer_need) needs; /* of composer.json */
	struct name_index by_name; /* of composer.lock, lower case */
};

/* Names of the platform are no packages: "php", "ext-json", "lib-curl", "composer-runtime-api", "hhvm". */
static bool platform(struct str name)
{
	return str_chr(name, '/') == STR_NOT_FOUND;
}

static void split_name(struct str whole, struct str *group, struct str *name)
{
	size_t slash = str_chr(whole, '/');

	*group = slash == STR_NOT_FOUND ? STR_NONE : str_sub(whole, 0, slash);
	*name = slash == STR_NOT_FOUND ? whole : str_from(whole, slash + 1);
}

/* Several licences are a choice. */
static void add_licences(struct reading *r, uint32_t c, const struct json *list)
{
	struct str text = STR("");

	if (json_type(list) == JSON_STRING) {
		reading_licence(r, c, json_string(list));
		return;
	}
	for (JSON_EACH(l, list)) {
		struct str one = json_string(l);
		if (!one.len)
			continue;
		bool brackets = json_count(list) > 1 && str_has(one, STR(" ")) && one.s[0] != '(';
		if (brackets)
			one = arena_concat(r->arena, STR("("), one, STR(")"));
		text = arena_concat(r->arena, text, text.len ? STR(" OR ") : STR(""), one);
	}
	reading_licence(r, c, text);
}

static void add_source(struct reading *r, uint32_t c, const struct json *p, size_t offset)
{
	const struct json *dist = json_get(p, "dist"), *source = json_get(p, "source");
	struct str sum = json_get_string(dist, "shasum"), commit = json_get_string(source, "reference");

	if (str_is(json_get_string(dist, "type"), "path")) {
		reading_local(r, c, reading_dir(r), json_get_string(dist, "url"));
		return;
	}
	if (sum.len && !reading_digest(r, c, arena_concat(r->arena, STR("sha1:"), sum, STR(""))))
		reading_problem(r, offset, "the checksum of the archive is no SHA-1: run `composer update --lock`");
	/* Packages of a registry carry its notification URL; others come from a repository that the project names. The archive lies with
	 * the forge of the package, or with the registry that serves a copy. */
	struct str path, from = registry_host(json_get_string(dist, "url"), &path);
	if (!json_get_string(p, "notification-url").len)
		reading_no_registry(r, c, "a repository of the project");
	else if (from.len && !registry_is_forge(str_starts(from, STR("api.")) ? str_from(from, 4) : from) && !str_is(from, "codeload.github.com") &&
		 !registry_is_public(STR("Packagist"), from))
		reading_registry(r, c, json_get_string(dist, "url"));
	reading_registry(r, c, json_get_string(p, "notification-url"));
	if (!json_get(p, "notification-url") && str_is(json_get_string(source, "type"), "git"))
		reading_vcs(r, c, json_get_string(source, "url"), commit);
	else if (commit.len && (str_starts(json_get_string(p, "version"), STR("dev-")) || str_ends(json_get_string(p, "version"), STR("-dev"))))
		bom_property(r->bom, c, "bomgate:commit", commit);
}

struct entry {
	uint32_t component;
	const struct json *json;
	size_t offset;
};

static void add_package(struct reading *r, struct composer *k, struct entry *e, unsigned scope)
{
	struct str whole = json_get_string(e->json, "name"), version = json_get_string(e->json, "version"), group, name;

	e->component = NO_COMPONENT;
	if (json_type(e->json) != JSON_OBJECT || !whole.len || !version.len) {
		reading_problem(r, e->offset, "a package without a name and version: run `composer update --lock`");
		return;
	}
	split_name(whole, &group, &name);
	uint32_t c = e->component = reading_add(r, group, name, version, e->offset);
	r->bom->components[c].scope = scope;
	r->bom->components[c].description = json_get_string(e->json, "description");
	add_licences(r, c, json_get(e->json, "license"));
	add_source(r, c, e->json, e->offset);
	const struct json *abandoned = json_get(e->json, "abandoned"); /* true, or what its makers name instead */
	reading_ended(r, c, "bomgate:abandoned", json_get_bool(e->json, "abandoned") ? STR("true") : json_string(abandoned));
	name_index_add(&k->by_name, arena_lower(r->arena, whole), c, NULL);
	const struct json *replace = json_get(e->json, "replace");
	for (JSON_EACH(other, replace)) /* it stands in for these */
		if (!platform(json_key(other)))
			name_index_add(&k->by_name, arena_lower(r->arena, json_key(other)), c, NULL);
}

static void add_edges(struct reading *r, struct composer *k, const struct entry *e)
{
	if (e->component == NO_COMPONENT)
		return;
	for (JSON_EACH(d, json_get(e->json, "require"))) {
		const struct name_entry *to = name_index_get(&k->by_name, arena_lower(r->arena, json_key(d)));
		if (!platform(json_key(d)))
			reading_edges(r, e->component, to, 0);
	}
}

enum result source_composer_lock(struct reading *r)
{
	struct composer *k = r->data = ARENA_NEW(r->arena, struct composer);
	VEC(struct entry) entries = { 0 };
	struct json_cursor c;
	struct str key;
	unsigned seen = 0;

	name_index_init(&k->by_name, r->arena);
	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		bool dev = str_is(key, "packages-dev");
		if (!dev && !str_is(key, "packages")) {
			json_skip(&c);
			continue;
		}
		if (!json_once(&c, &seen, dev ? 2 : 1) || json_peek(&c) == JSON_NULL) {
			json_skip(&c);
			continue;
		}
		json_enter_array(&c);
		while (json_next(&c)) {
			struct entry *e = VEC_ADD(r->arena, &entries);
			e->offset = json_offset(&c);
			e->json = json_read_tree(&c);
			if (json_failed(&c))
				break;
			add_package(r, k, e, dev ? SCOPE_DEV : SCOPE_RUNTIME);
		}
	}
	if (!json_close(&c))
		return reading_error(r, c.error_offset, "not a valid composer.lock: %s; run `composer update --lock`", c.error);
	if (!(seen & 1))
		return reading_error(r, 0, "there are no \"packages\": is this a lockfile of Composer?");
	for (VEC_EACH(const struct entry, e, &entries))
		add_edges(r, k, e);
	return reading_done(r);
}

static void add_needs(struct reading *r, struct composer *k, const struct json *map, unsigned scope, uint32_t subject, size_t offset)
{
	for (JSON_EACH(d, map)) {
		struct str group, name;
		if (platform(json_key(d)))
			continue;
		split_name(json_key(d), &group, &name);
		uint32_t c = reading_add(r, group, name, STR_NONE, offset);
		r->bom->components[c].declared = json_string(d).len ? json_string(d) : STR("*");
		r->bom->components[c].direct = r->bom->components[c].direct_known = true;
		r->bom->components[c].scope = scope;
		*VEC_ADD(r->arena, &k->needs) = (struct composer_need){ arena_lower(r->arena, json_key(d)), scope };
		if (subject != NO_COMPONENT)
			bom_depend(r->bom, subject, c, DEPENDS_ON, scope);
	}
}

enum result source_composer_json(struct reading *r)
{
	struct composer *k = r->data = ARENA_NEW(r->arena, struct composer);
	const char *why = NULL;
	size_t offset = 0;
	const struct json *root = json_parse(r->arena, r->text, &why, &offset);
	struct str group, name;
	uint32_t subject = NO_COMPONENT;

	if (!root || json_type(root) != JSON_OBJECT)
		return reading_error(r, offset, "not a valid composer.json: %s", root ? "it is no object" : why);
	k->name = json_get_string(root, "name");
	k->version = json_get_string(root, "version");
	if (k->name.len) {
		split_name(k->name, &group, &name);
		subject = reading_subject(r, name, k->version);
		r->bom->components[subject].group = group;
		add_licences(r, subject, json_get(root, "license"));
	}
	size_t at = str_find(r->text, STR("\"require\""), 0), dev = str_find(r->text, STR("\"require-dev\""), 0);
	add_needs(r, k, json_get(root, "require"), SCOPE_RUNTIME, subject, at == STR_NOT_FOUND ? 0 : at);
	add_needs(r, k, json_get(root, "require-dev"), SCOPE_DEV, subject, dev == STR_NOT_FOUND ? 0 : dev);
	return reading_done(r);
}

void join_composer(struct tree *t)
{
	for (VEC_EACH(struct part, lock, &t->parts)) {
		struct part *p = part_is(lock, "composer-lock") ? tree_find(t, lock->dir, "composer.json") : NULL;
		if (!p || !part_is(p, "composer-json") || p->failed)
			continue;
		p->covered = true;
		if (lock->failed)
			continue;
		struct composer *asked = p->data, *k = lock->data;
		struct reading r = part_reading(lock);
		struct bom *b = lock->bom;
		if (asked->name.len) {
			struct str group, name;
			split_name(asked->name, &group, &name);
			uint32_t own = reading_subject(&r, name, asked->version);
			b->components[own].group = group;
			b->components[own].evidence.n = 0;
		}
		for (size_t i = 0; i < b->ncomponents; i++)
			b->components[i].direct_known = true;
		for (VEC_EACH(const struct composer_need, n, &asked->needs))
			for (const struct name_entry *e = name_index_get(&k->by_name, n->name); e; e = e->next) {
				b->components[e->component].direct = true;
				if (b->subject != NO_COMPONENT)
					bom_depend(b, b->subject, e->component, DEPENDS_ON, n->scope);
			}
	}
}
