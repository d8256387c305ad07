/* Holding a document against the rules of its standard: a row of validators.def for each format that has a rule table. */
#ifndef FORMAT_VALIDATE_H
#define FORMAT_VALIDATE_H

#include "base/vec.h"

/* One place where the document breaks a rule. */
struct violation {
	struct str pointer; /* JSON pointer (RFC 6901), XPath, or the tag of tag-value */
	size_t offset;	    /* byte in the text, or DIAG_NO_OFFSET */
	unsigned line;	    /* from 1; 0 where unknown. Set by violations_locate */
	struct str text;    /* one sentence */
};

#define VIOLATIONS_MAX 10000 /* more are counted, not listed */

struct violations {
	struct arena *arena;
	VEC(struct violation) list;
	size_t count; /* all, listed or not */
};

struct validator {
	const char *format; /* the row of formats.def */
	/* Appends every violation in text (UTF-8, unwrapped). A document that cannot be parsed at all is one violation. */
	void (*validate)(struct str text, struct violations *out);
};
extern const struct validator validators[]; /* ends with format NULL */

const struct validator *validator_by_format(const char *format);
/* Adds one; the text is copied onto the arena, the pointer is not. */
void violation_add(struct violations *v, struct str pointer, size_t offset, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Sorts by offset, then pointer and text, and works out the lines. */
void violations_locate(struct violations *v, struct str text);

#define VALIDATOR(fn, format) void fn##_validate(struct str text, struct violations *out);
#include "format/validators.def"
#undef VALIDATOR

#endif
