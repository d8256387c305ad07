/* A streaming JSON writer: fixed order, two-space indentation, and the same bytes for the same calls. Text that is no UTF-8
 * becomes U+FFFD. Nesting is checked: an unbalanced call is a bug and asserts. */
#ifndef SYNTAX_JSON_WRITER_H
#define SYNTAX_JSON_WRITER_H

#include "base/buf.h"
#include "syntax/json.h"

#define JSON_WRITER_DEPTH 1024 /* twice LIMIT_JSON_DEPTH: what was read can be written */

struct json_writer {
	struct buf *out;
	bool compact; /* no indentation, no newlines */
	unsigned depth;
	bool has_items[JSON_WRITER_DEPTH];
	bool after_key;
};

void json_writer_init(struct json_writer *w, struct buf *out, bool compact);
void json_begin_object(struct json_writer *w);
void json_end_object(struct json_writer *w);
void json_begin_array(struct json_writer *w);
void json_end_array(struct json_writer *w);
void json_put_key(struct json_writer *w, const char *key);
void json_put_key_str(struct json_writer *w, struct str key);
void json_put_string(struct json_writer *w, struct str s);
void json_put_bool(struct json_writer *w, bool b);
void json_put_null(struct json_writer *w);
void json_put_int(struct json_writer *w, long long n);
/* Raw JSON text as it stands (the caller vouches for it), such as a number or an element kept from an input; it is laid out
 * anew in this writer's indentation. */
void json_put_raw(struct json_writer *w, struct str raw);

/* key and value in one; the _opt forms write nothing where the string is absent or empty. */
void json_member(struct json_writer *w, const char *key, struct str value);
void json_member_opt(struct json_writer *w, const char *key, struct str value);
void json_member_int(struct json_writer *w, const char *key, long long n);
void json_member_bool(struct json_writer *w, const char *key, bool b);
/* A list of strings under a key, [] where there is none. */
void json_member_strings(struct json_writer *w, const char *key, const struct str *items, size_t n);
/* Just the quoted, escaped string; a NUL and what is no UTF-8 become U+FFFD. */
void json_quote(struct buf *out, struct str s);

#endif
