/* The tree that the TOML and YAML parsers build: tables keep the order of the file and every node its byte offset. */
#ifndef SYNTAX_VALUE_H
#define SYNTAX_VALUE_H

#include "base/arena.h"

enum __attribute__((packed)) value_type { VALUE_NONE, VALUE_NULL, VALUE_BOOL, VALUE_NUMBER, VALUE_STRING, VALUE_DATE, VALUE_LIST, VALUE_TABLE };

struct value {
	enum value_type type;
	bool quoted;	   /* a YAML scalar that stood in quotes: always a string */
	bool inline_form;  /* a TOML inline table or array, a YAML flow collection */
	unsigned char state; /* private to toml.c: how a table came about */
	uint32_t n;	   /* children */
	size_t offset;	   /* of the value (for a member: of its key) */
	struct str key;	   /* of a member of a table, else absent */
	struct str text;   /* of a scalar: decoded string, or the characters as they stand */
	struct value *child, *last, *next;
	struct map *index; /* of a large table; private to value.c */
};

/* A new node appended to parent (NULL: a root). */
struct value *value_add(struct arena *a, struct value *parent, enum value_type type, struct str key, size_t offset);
/* For parsers that refuse duplicate keys: is the table so large that it is indexed, and (only then told) are all keys different? */
bool value_indexed(const struct value *table, bool *unique);
/* Member by key, or NULL; v may be NULL. */
const struct value *value_get(const struct value *v, const char *key);
const struct value *value_get_str(const struct value *v, struct str key);
/* The same along "a.b.c" (no key with a dot in it). */
const struct value *value_path(const struct value *v, const char *path);
/* The text of any scalar but null; absent for the rest. */
struct str value_text(const struct value *v);
/* The text of a member. */
struct str value_get_text(const struct value *v, const char *key);
bool value_is_true(const struct value *v);

/* for (VALUE_EACH(e, list)) … ; NULL lists are empty */
#define VALUE_EACH(e, parent) const struct value *e = value_first(parent); e; e = e->next
const struct value *value_first(const struct value *v);

#endif
