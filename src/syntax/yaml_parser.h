/* Shared by the YAML parser's files: the core schema, the fast path and its scalars. Private to them and to their tests. */
#ifndef SYNTAX_YAML_PARSER_H
#define SYNTAX_YAML_PARSER_H

#include "syntax/yaml.h"

/* What a plain scalar is by the core schema of YAML 1.2.2, section 10.3.2. */
enum value_type yaml_resolve(struct str s);

/* The whole of yaml_parse_onto by libyaml's events; `text` is valid UTF-8. */
bool yaml_parse_events(struct arena *nodes, struct arena *texts, struct str text, bool allow_aliases, struct yaml_documents *out, struct str *error,
		       size_t *offset);

/* The fast path: the YAML that tools write into lockfiles. It takes block mappings and sequences, scalars on one line, `|` and `>` texts,
 * flow collections on one line, comments and `---`. True: *out is to the byte what yaml_parse_events gives. False: something else stands
 * there, good or bad; *out is empty again, nothing is said about the text. `text` is valid UTF-8. */
bool yaml_parse_subset(struct arena *nodes, struct arena *texts, struct str text, struct yaml_documents *out);

/* Where the fast path is. A function of it that returns false has met what it does not take. */
struct yaml_cursor {
	struct arena *nodes, *texts;
	const char *start, *end, *line, *p; /* of the text, of the current line, and the next byte */
	ptrdiff_t column;		     /* of p where p is the first content of a line; -1: the document ends here */
	struct value *root;		     /* of the current document */
	unsigned depth;
};

struct yaml_scalar {
	struct str text;
	bool quoted;
	const char *start; /* with its quote */
};

static inline bool yaml_break_at(const struct yaml_cursor *c, const char *p)
{
	return p == c->end || *p == '\n' || *p == '\r';
}

static inline bool yaml_blank_at(const struct yaml_cursor *c, const char *p)
{
	return p == c->end || *p == ' ' || *p == '\n' || *p == '\r';
}

static inline void yaml_skip_spaces(struct yaml_cursor *c)
{
	while (c->p < c->end && *c->p == ' ')
		c->p++;
}

/* Does the text hold only characters that need no second thought: no tab, no control, no other line break than LF and CRLF? */
bool yaml_is_simple(struct str text);
/* A plain or quoted scalar on one line at p; p then stands behind it. */
bool yaml_take_scalar(struct yaml_cursor *c, bool flow, struct yaml_scalar *out);
/* A `|` or `>` text at p in a collection of column `indent` (-1: none); p then stands at the start of the line behind it. */
bool yaml_take_block_text(struct yaml_cursor *c, ptrdiff_t indent, struct str *out);

#endif
