/* vcpkg.json (learn.microsoft.com, "vcpkg.json reference"): a manifest. Versions are those of a commit of vcpkg's registry
 * (`builtin-baseline`), so only what `overrides` pins is known here. */
#include "base/map.h"
#include "source/common.h"
#include "syntax/json.h"

struct vcpkg {
	struct reading *r;
	struct map exact; /* name to struct json *, of overrides */
	struct str baseline;
};

static struct str version_of(const struct json *j)
{
	static const char *const keys[] = { "version", "version-semver", "version-date", "version-string" };

	for (int i = 0; i < 4; i++)
		if (json_get_string(j, keys[i]).s)
			return json_get_string(j, keys[i]);
	return STR_NONE;
}

static void add_dependency(struct vcpkg *v, const struct json *d, size_t offset, unsigned scope)
{
	struct reading *r = v->r;
	struct str name = json_type(d) == JSON_STRING ? json_string(d) : json_get_string(d, "name");
	struct str least = json_get_string(d, "version>=");

	if (!name.len) {
		reading_problem(r, offset, "a dependency is a name, or an object with a name");
		return;
	}
	const struct map_entry *e = map_get(&v->exact, name);
	const struct json *override = e ? e->value.ptr : NULL;
	uint32_t c = reading_add(r, STR_NONE, name, version_of(override), offset);
	struct component *it = &r->bom->components[c];
	uint64_t port;
	it->ecosystem = STR_NONE;
	it->purl_type = STR("vcpkg");
	it->scope = json_get_bool(d, "host") ? SCOPE_BUILD : scope;
	it->direct = it->direct_known = true;
	if (!it->version.s)
		it->declared = least.len ? arena_concat(r->arena, STR(">="), least, STR("")) : STR("*");
	if (override && json_to_u64(json_get(override, "port-version"), &port) && port)
		*VEC_ADD(r->arena, &it->qualifiers) = (struct property){ STR("port_version"), arena_printf(r->arena, "%llu", (unsigned long long)port) };
	if (v->baseline.len)
		bom_property(r->bom, c, "bomgate:vcpkg-baseline", v->baseline);
}

static void read_list(struct vcpkg *v, struct json_cursor *c, unsigned scope)
{
	json_enter_array(c);
	while (json_next(c)) {
		size_t offset = json_offset(c);
		const struct json *d = json_read_tree(c);
		if (d)
			add_dependency(v, d, offset, scope);
	}
}

static void read_features(struct vcpkg *v, struct json_cursor *c)
{
	struct str key;
	bool old = json_peek(c) == JSON_ARRAY;

	if (!(old ? json_enter_array(c) : json_enter_object(c)))
		return;
	while (old ? json_next(c) : json_next_key(c, &key)) {
		json_enter_object(c);
		while (json_next_key(c, &key))
			if (str_is(key, "dependencies"))
				read_list(v, c, SCOPE_OPTIONAL);
			else
				json_skip(c);
	}
}

enum result source_vcpkg(struct reading *r)
{
	struct vcpkg v = { .r = r };
	struct json_cursor c;
	const char *why = NULL;
	size_t offset = 0;
	struct str key;
	unsigned seen = 0;
	const struct json *root = json_parse(r->arena, r->text, &why, &offset);

	if (!root)
		return reading_error(r, offset, "%s: mend this line", why);
	map_init(&v.exact, r->arena);
	v.baseline = json_get_string(root, "builtin-baseline");
	for (JSON_EACH(o, json_get(root, "overrides")))
		if (json_get_string(o, "name").s)
			map_put(&v.exact, json_get_string(o, "name"), NULL)->value.ptr = (void *)(uintptr_t)o;
	if (json_get_string(root, "name").len)
		reading_subject(r, json_get_string(root, "name"), version_of(root));
	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	while (json_next_key(&c, &key))
		if (str_is(key, "dependencies") && json_once(&c, &seen, 1))
			read_list(&v, &c, SCOPE_RUNTIME);
		else if (str_is(key, "features") && json_once(&c, &seen, 2))
			read_features(&v, &c);
		else
			json_skip(&c);
	if (!json_close(&c))
		return reading_error(r, c.error_offset, "%s: mend this line", c.error);
	for (uint32_t i = 0; r->bom->subject != NO_COMPONENT && i < r->bom->ncomponents; i++)
		if (i != r->bom->subject)
			bom_depend(r->bom, r->bom->subject, i, DEPENDS_ON, r->bom->components[i].scope);
	return reading_done(r);
}
