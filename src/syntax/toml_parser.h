/* Private to toml.c (keys, tables, headers) and toml_value.c (strings, numbers, dates, arrays, inline tables). */
#ifndef SYNTAX_TOML_PARSER_H
#define SYNTAX_TOML_PARSER_H

#include "syntax/value.h"

struct toml {
	struct arena *arena;
	const char *s, *at, *end;
	unsigned depth;	  /* tables and arrays around the place where we are */
	unsigned section; /* of the header, or inline table, that we are in: dotted keys may only add to tables of their own */
	const char *why;  /* NULL, or what is wrong */
	const char *wrong_at;
};

/* How a table came about decides what may still be added to it. */
enum toml_state {
	TOML_HEADER = 1, /* [a.b]: only by headers below it */
	TOML_IMPLICIT,	 /* the `a` of [a.b]: may get its own header once */
	TOML_DOTTED,	 /* the `a` of a.b = 1: by dotted keys of the same section (its number is in text.len) */
	TOML_CLOSED,	 /* an inline table or array: nothing */
	TOML_TABLES,	 /* [[a]]: a list that grows by headers */
};

bool toml_fail(struct toml *p, const char *at, const char *why);
void toml_blanks(struct toml *p); /* spaces and tabs */
/* Blanks, newlines and comments. */
void toml_space(struct toml *p);
bool toml_newline(const struct toml *p, const char *at);
/* One simple key: bare or quoted. */
bool toml_simple_key(struct toml *p, struct str *key);
/* `key = value` (dotted keys too) into table. */
bool toml_member(struct toml *p, struct value *table);
/* The value at the cursor, as a member (key) or element of parent. */
bool toml_value(struct toml *p, struct value *parent, struct str key, size_t offset);
/* A string that begins at the cursor; multi-line ones only where `multi`. */
bool toml_string(struct toml *p, bool multi, struct str *out);
/* Is the token a number (integer or float), a date or time by the grammar? NULL, or what is wrong. */
const char *toml_scalar(struct str token, enum value_type *type);

#endif
