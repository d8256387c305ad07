/* YAML 1.1/1.2 by libyaml's event interface, into value trees. Refused (with a reason and an offset): anchors and aliases
 * unless `allow_aliases` (then bounded), duplicate keys, nesting past LIMIT_YAML_DEPTH. Plain scalars become null, bool,
 * number or string by the YAML 1.2 core schema; their text is kept as it stands. Keys are texts (no mapping or list as a key).
 * An alias becomes a copy of the node that shares its children. Strings point into the text where they stand there unchanged. */
#ifndef SYNTAX_YAML_H
#define SYNTAX_YAML_H

#include "syntax/value.h"

struct yaml_documents {
	struct value **items;
	size_t n, cap;
};

/* All documents of the text. False with *error (on the arena) and *offset where it is no such YAML; documents before the
 * fault are still there. */
bool yaml_parse(struct arena *a, struct str text, bool allow_aliases, struct yaml_documents *out, struct str *error, size_t *offset);

/* The same with the nodes and lists on one arena and the texts that had to be copied on another, which outlives it. */
bool yaml_parse_onto(struct arena *nodes, struct arena *texts, struct str text, bool allow_aliases, struct yaml_documents *out, struct str *error,
		     size_t *offset);

/* The library behind it, for `version`. */
struct str yaml_library_version(struct arena *a);

#endif
