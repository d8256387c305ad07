#include "syntax/value.h"

#include "base/map.h"

#define INDEX_FROM 16 /* members: below, a walk is as fast as a hash */

struct value *value_add(struct arena *a, struct value *parent, enum value_type type, struct str key, size_t offset)
{
	struct value *v = ARENA_NEW(a, struct value);

	v->type = type;
	v->key = key;
	v->offset = offset;
	if (!parent)
		return v;
	if (parent->last)
		parent->last->next = v;
	else
		parent->child = v;
	parent->last = v;
	parent->n++;
	if (parent->type != VALUE_TABLE || parent->n < INDEX_FROM)
		return v;
	if (!parent->index) {
		parent->index = ARENA_NEW(a, struct map);
		map_init(parent->index, a);
		for (struct value *m = parent->child; m; m = m->next) {
			bool fresh;
			struct map_entry *e = map_put(parent->index, m->key, &fresh);
			if (fresh)
				e->value.ptr = m;
		}
	} else {
		bool fresh;
		struct map_entry *e = map_put(parent->index, key, &fresh);
		if (fresh)
			e->value.ptr = v;
	}
	return v;
}

bool value_indexed(const struct value *table, bool *unique)
{
	*unique = !table->index || table->index->n == table->n;
	return table->index != NULL;
}

const struct value *value_first(const struct value *v)
{
	return v ? v->child : NULL;
}

const struct value *value_get_str(const struct value *v, struct str key)
{
	if (!v || v->type != VALUE_TABLE)
		return NULL;
	if (v->index) {
		struct map_entry *e = map_get(v->index, key);
		return e ? e->value.ptr : NULL;
	}
	for (VALUE_EACH(m, v))
		if (str_eq(m->key, key))
			return m;
	return NULL;
}

const struct value *value_get(const struct value *v, const char *key)
{
	return value_get_str(v, str_of(key));
}

const struct value *value_path(const struct value *v, const char *path)
{
	struct str rest = str_of(path);

	while (v && rest.s)
		v = value_get_str(v, str_cut(&rest, '.'));
	return v;
}

struct str value_text(const struct value *v)
{
	bool scalar = v && (v->type == VALUE_BOOL || v->type == VALUE_NUMBER || v->type == VALUE_STRING || v->type == VALUE_DATE);

	return scalar ? v->text : STR_NONE;
}

struct str value_get_text(const struct value *v, const char *key)
{
	return value_text(value_get(v, key));
}

bool value_is_true(const struct value *v)
{
	return v && v->type == VALUE_BOOL && str_is(v->text, "true");
}
