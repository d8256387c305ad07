/* A look at a JSON document's top-level keys, without reading it whole. */
#ifndef FORMAT_SNIFF_H
#define FORMAT_SNIFF_H

#include "syntax/json.h"

#define SNIFF_KEYS 48

struct sniff_key {
	struct str key;
	enum json_type type;
	struct str text; /* of a string: decoded; else absent */
	size_t offset;	 /* of the value */
};

struct sniff {
	struct sniff_key keys[SNIFF_KEYS];
	size_t n;
	size_t end;	   /* offset behind the document, where it was read to its end; else 0 */
	const char *error; /* what stopped it */
	size_t error_offset;
};

/* Collects keys up to the first of `until` (NULL-terminated; NULL: to the end). Keys decoded on the arena. False where the text
 * does not begin with an object. */
bool sniff_json(struct arena *a, struct str text, const char *const *until, struct sniff *out);
const struct sniff_key *sniff_get(const struct sniff *s, const char *key);
/* The same key with a string value; absent where it has none. */
struct str sniff_string(const struct sniff *s, const char *key);

#endif
