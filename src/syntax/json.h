/* JSON (RFC 8259), strictly: UTF-8, no raw control characters, no \u0000, no lone surrogates, no text behind the document, a
 * depth limit. Two ways to read, which mix freely:
 *
 *  - a cursor over the text, without building anything. Errors stick: after the first one every call answers "nothing left",
 *    so that a reader checks json_failed() once at the end. Every value has a byte offset.
 *        struct json_cursor c; struct str key;
 *        json_open(&c, arena, text);
 *        json_enter_object(&c);
 *        while (json_next_key(&c, &key))
 *                if (str_is(key, "name")) name = json_read_string(&c); else json_skip(&c);
 *        json_close(&c);
 *
 *  - json_read_tree(): the value under the cursor as a tree (cJSON behind it) with the json_get… accessors below; for elements
 *    and small documents.
 *
 * A reader that looks at a key's value must refuse the same key twice (two tools would read two documents): json_once(). */
#ifndef SYNTAX_JSON_H
#define SYNTAX_JSON_H

#include "base/arena.h"

enum json_type { JSON_NONE, JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_cursor {
	struct arena *arena; /* decoded strings and trees live here */
	struct str text;
	size_t at;
	unsigned depth;
	bool first;	     /* just entered a container: no comma before the next element */
	const char *error;   /* NULL, or what is wrong */
	size_t error_offset;
};

/* Starts at the document's first value; a UTF-8 byte order mark is skipped. The whole text is checked for UTF-8 here. */
void json_open(struct json_cursor *c, struct arena *a, struct str text);
/* Ends: anything but blanks left is an error. True when the whole document was well-formed and read. */
bool json_close(struct json_cursor *c);
static inline bool json_failed(const struct json_cursor *c)
{
	return c->error != NULL;
}
/* Makes the cursor fail with a reason of the reader's own (static text) at an offset. */
void json_fail(struct json_cursor *c, size_t offset, const char *why);

/* The type of the value under the cursor (JSON_NONE after an error or at the end) and its byte offset. */
enum json_type json_peek(struct json_cursor *c);
size_t json_offset(struct json_cursor *c);

/* Enters the object (array) under the cursor. Where the value is of another type: an error. */
bool json_enter_object(struct json_cursor *c);
bool json_enter_array(struct json_cursor *c);
/* Moves to the next member: *key is decoded; the cursor stands on its value, which must be read, entered or skipped before
 * the next call. False at the end of the object (which is then left) or after an error. */
bool json_next_key(struct json_cursor *c, struct str *key);
/* Moves to the next element of the array; false at its end (which is then left). */
bool json_next(struct json_cursor *c);

/* Reads the value under the cursor: decoded string; error on another type. */
struct str json_read_string(struct json_cursor *c);
/* Like json_read_string, but another type is skipped and gives the absent string. */
struct str json_read_string_or_skip(struct json_cursor *c);
/* The digits as they stand. */
struct str json_read_number(struct json_cursor *c);
/* true or false; any other type is skipped and counts as false. */
bool json_read_bool(struct json_cursor *c);
/* Skips one value, checking it as strictly as if it were read. */
void json_skip(struct json_cursor *c);
/* Skips one value and returns its text as it stands. */
struct str json_read_raw(struct json_cursor *c);

/* ---- trees */
struct json; /* one value of a tree; lives on the cursor's arena */

/* The value under the cursor as a tree; NULL after an error. Duplicate keys in any of its objects are an error. */
struct json *json_read_tree(struct json_cursor *c);
/* A whole document as a tree; NULL with *error and *offset set where it is not well-formed. error, offset may be NULL. */
struct json *json_parse(struct arena *a, struct str text, const char **error, size_t *offset);

enum json_type json_type(const struct json *j); /* JSON_NONE for NULL */
/* Member by its exact key, or NULL (also where j is NULL or no object): calls may be nested without checks. */
const struct json *json_get(const struct json *j, const char *key);
/* The same, and NULL where it is null: protobuf's JSON takes that for absent. */
const struct json *json_get_set(const struct json *j, const char *key);
/* The same as json_get along a path "a.b.c". */
const struct json *json_path(const struct json *j, const char *path);
/* First child of an object or array, and the next sibling; NULL at the end. */
const struct json *json_child(const struct json *j);
const struct json *json_sibling(const struct json *j);
size_t json_count(const struct json *j);
struct str json_key(const struct json *j);    /* of a member of an object */
struct str json_string(const struct json *j); /* absent where it is no string */
struct str json_get_string(const struct json *j, const char *key);
/* Bytes as protobuf's JSON writes them (protobuf.dev, "ProtoJSON Format"): base64 of the standard or the URL-safe alphabet, padded or not; blanks and
 * line breaks are passed over, as Sigstore's clients in Go, JavaScript, Python and Rust do. On the arena; absent where it is none. */
struct str json_bytes(struct arena *a, const struct json *j);
struct str json_get_bytes(struct arena *a, const struct json *j, const char *key);
bool json_get_bool(const struct json *j, const char *key);
/* A whole number from 0 to 2^53; false where it is none. */
bool json_to_u64(const struct json *j, uint64_t *out);
/* The same values, whatever the spelling of the numbers and the order of the members (of up to 4096); false where one is NULL. */
bool json_equal(const struct json *x, const struct json *y);
double json_to_double(const struct json *j, double otherwise);

/* for (JSON_EACH(e, list)) … */
#define JSON_EACH(e, parent) const struct json *e = json_child(parent); e; e = json_sibling(e)

/* ---- keys that must not stand twice: one bit a key in *seen; makes the cursor fail where it was set already. */
bool json_once(struct json_cursor *c, unsigned *seen, unsigned bit);

/* The library behind the trees, for `version`. */
struct str json_library_version(struct arena *a);

#endif
