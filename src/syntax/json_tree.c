/* The one file that includes cJSON.h. cJSON alone is lenient (it cuts strings at NUL, takes bad UTF-8, duplicate keys, `01`),
 * so it only ever sees text that the strict cursor has passed over just before. */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/map.h"
#include "syntax/json.h"

/* cJSON's allocation hooks take no context: the arena of the tree being built stands here for the length of that call. */
static _Thread_local struct arena *building_on;

static void *on_arena(size_t n)
{
	return arena_alloc(building_on, n);
}

static void kept(void *p)
{
	(void)p; /* freed with the arena */
}

static const cJSON *node(const struct json *j)
{
	return (const cJSON *)(const void *)j;
}

static const struct json *value(const cJSON *n)
{
	return (const struct json *)(const void *)n;
}

/* Few keys are compared pair by pair, many through a map. */
static bool has_duplicate_keys(const cJSON *object)
{
	size_t n = 0;

	for (const cJSON *m = object->child; m; m = m->next) {
		n++;
		if (n > 24)
			break;
		for (const cJSON *k = object->child; k != m; k = k->next)
			if (strcmp(k->string, m->string) == 0)
				return true;
	}
	if (n <= 24)
		return false;
	struct arena_mark mark = arena_mark(building_on);
	struct map seen;
	bool fresh = true;
	map_init(&seen, building_on);
	for (const cJSON *m = object->child; m && fresh; m = m->next)
		map_put(&seen, str_of(m->string), &fresh);
	arena_pop(building_on, mark);
	return !fresh;
}

static bool any_duplicate_keys(const cJSON *n)
{
	if (cJSON_IsObject(n) && has_duplicate_keys(n))
		return true;
	for (const cJSON *m = n->child; m; m = m->next)
		if (m->child && any_duplicate_keys(m))
			return true;
	return false;
}

struct json *json_read_tree(struct json_cursor *c)
{
	size_t start = c->at;
	struct str raw = json_read_raw(c);
	cJSON_Hooks hooks = { on_arena, kept };

	if (!raw.s)
		return NULL;
	if (raw.len > LIMIT_JSON_ELEMENT) {
		json_fail(c, start, "one element of the document is larger than 64 MB");
		return NULL;
	}
	building_on = c->arena;
	cJSON_InitHooks(&hooks);
	cJSON *tree = cJSON_ParseWithLengthOpts(raw.s, raw.len, NULL, 0);
	if (!tree)
		json_fail(c, start, "nested too deeply");
	else if (any_duplicate_keys(tree)) {
		json_fail(c, start, "a key stands twice in one object");
		tree = NULL;
	}
	cJSON_InitHooks(NULL);
	building_on = NULL;
	return (struct json *)(void *)tree;
}

struct json *json_parse(struct arena *a, struct str text, const char **error, size_t *offset)
{
	struct json_cursor c;

	json_open(&c, a, text);
	struct json *tree = json_failed(&c) ? NULL : json_read_tree(&c);
	if (json_close(&c))
		return tree;
	if (error)
		*error = c.error;
	if (offset)
		*offset = c.error_offset;
	return NULL;
}

enum json_type json_type(const struct json *j)
{
	const cJSON *n = node(j);

	if (!n)
		return JSON_NONE;
	switch (n->type & 0xff) {
	case cJSON_NULL:
		return JSON_NULL;
	case cJSON_False:
		return JSON_FALSE;
	case cJSON_True:
		return JSON_TRUE;
	case cJSON_Number:
		return JSON_NUMBER;
	case cJSON_String:
		return JSON_STRING;
	case cJSON_Array:
		return JSON_ARRAY;
	case cJSON_Object:
		return JSON_OBJECT;
	default:
		return JSON_NONE;
	}
}

const struct json *json_get(const struct json *j, const char *key)
{
	return json_type(j) == JSON_OBJECT ? value(cJSON_GetObjectItemCaseSensitive(node(j), key)) : NULL;
}

const struct json *json_path(const struct json *j, const char *path)
{
	char key[64];

	while (j && path) {
		const char *dot = strchr(path, '.');
		size_t n = dot ? (size_t)(dot - path) : strlen(path);
		if (n >= sizeof key)
			return NULL;
		memcpy(key, path, n);
		key[n] = 0;
		j = json_get(j, key);
		path = dot ? dot + 1 : NULL;
	}
	return j;
}

const struct json *json_child(const struct json *j)
{
	return j ? value(node(j)->child) : NULL;
}

const struct json *json_sibling(const struct json *j)
{
	return j ? value(node(j)->next) : NULL;
}

size_t json_count(const struct json *j)
{
	size_t n = 0;

	for (JSON_EACH(e, j))
		n++;
	return n;
}

struct str json_key(const struct json *j)
{
	return j ? str_of(node(j)->string) : STR_NONE;
}

struct str json_string(const struct json *j)
{
	return json_type(j) == JSON_STRING ? str_of(node(j)->valuestring) : STR_NONE;
}

const struct json *json_get_set(const struct json *j, const char *key)
{
	const struct json *member = json_get(j, key);

	return json_type(member) == JSON_NULL ? NULL : member;
}

struct str json_get_string(const struct json *j, const char *key)
{
	return json_string(json_get(j, key));
}

struct str json_bytes(struct arena *a, const struct json *j)
{
	struct str text = json_string(j);

	return text.s ? base64_decode(a, text, true) : STR_NONE;
}

struct str json_get_bytes(struct arena *a, const struct json *j, const char *key)
{
	return json_bytes(a, json_get(j, key));
}

bool json_get_bool(const struct json *j, const char *key)
{
	return json_type(json_get(j, key)) == JSON_TRUE;
}

bool json_to_u64(const struct json *j, uint64_t *out)
{
	double d = json_to_double(j, -1);

	if (d < 0 || d > 9007199254740992.0 || d != (double)(uint64_t)d)
		return false;
	*out = (uint64_t)d;
	return true;
}

double json_to_double(const struct json *j, double otherwise)
{
	return json_type(j) == JSON_NUMBER ? node(j)->valuedouble : otherwise;
}

struct str json_library_version(struct arena *a)
{
	return arena_printf(a, "cJSON %s", cJSON_Version());
}

#define MOST_REORDERED 4096 /* members are looked up one by one where their order differs */

static bool equal_objects(const struct json *x, const struct json *y)
{
	const struct json *b = json_child(y);
	size_t n = json_count(x);

	if (n != json_count(y)) /* no key stands twice in a tree */
		return false;
	for (JSON_EACH(a, x)) {
		bool here = strcmp(node(a)->string, node(b)->string) == 0;
		if (!here && n > MOST_REORDERED)
			return false;
		if (!json_equal(a, here ? b : json_get(y, node(a)->string)))
			return false;
		b = json_sibling(b);
	}
	return true;
}

bool json_equal(const struct json *x, const struct json *y)
{
	if (!x || !y || json_type(x) != json_type(y))
		return false;
	if (json_type(x) == JSON_STRING)
		return str_eq(json_string(x), json_string(y));
	if (json_type(x) == JSON_NUMBER)
		return json_to_double(x, 0) == json_to_double(y, 0);
	if (json_type(x) == JSON_OBJECT)
		return equal_objects(x, y);
	if (json_type(x) != JSON_ARRAY)
		return true;
	const struct json *a = json_child(x), *b = json_child(y);
	while (a && b && json_equal(a, b))
		a = json_sibling(a), b = json_sibling(b);
	return !a && !b;
}
