/* Private to the policy: the table of keys and what its functions share. */
#ifndef DECIDE_POLICY_PARSE_H
#define DECIDE_POLICY_PARSE_H

#include "decide/policy.h"
#include "syntax/value.h"

enum key_type {
	KEY_TEXT,     /* struct str */
	KEY_PURL,     /* struct str, checked */
	KEY_DAY,      /* struct str and, right behind it in the struct, the int64_t at which it is over */
	KEY_WORD,     /* struct setting: the place in `words` */
	KEY_BOOL,     /* struct setting */
	KEY_DURATION, /* struct setting: seconds */
	KEY_POINT,    /* struct setting: index of the value of the point `words` */
	KEY_OUTCOME,  /* struct setting: level of the policy's table */
	KEY_OUTCOMES, /* outcome to duration: struct setting[] by level */
	KEY_GLOBS,    /* struct str_list */
	KEY_TEXTS,    /* struct str_list */
	KEY_SECTION,  /* the section `words`, into the same struct */
	KEY_SECTIONS, /* a list of them, each into a new element */
	KEY_NAMED,    /* a mapping from names to them */
};

enum key_flags { KEY_REQUIRED = 1, KEY_LOOSE_UP = 2 /* a higher value is looser */, KEY_LOOSE_DOWN = 4 };

struct key {
	const char *section, *name;
	enum key_type type;
	const char *words;
	const char *target; /* name of the struct that the field is in */
	size_t field;	    /* offset in it */
	unsigned flags;
	const char *help;
};
extern const struct key policy_keys[];
extern const size_t policy_keys_n;

struct policy_parse {
	struct arena *arena;
	struct diags *diags;
	struct str file, text;
	struct policy *policy;
	const struct policy_io *io;
	const struct policy *organisation; /* the policy that this one extends; NULL */
	struct str repository;		   /* OWNER/REPO and SHA of the file itself where it is an organisation's; else absent */
	struct str revision;
	bool may;			   /* inside something marked `repository: may` */
	bool failed;
	size_t line_at;			   /* cache of policy_line */
	unsigned line;
	const struct ssvc_point *points[16]; /* cache of KEY_POINT */
	unsigned npoints;
};

/* An error "usage.config" at an offset; the parse fails. Always false, for `return policy_wrong(…)`. */
bool policy_wrong(struct policy_parse *p, size_t offset, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
unsigned policy_line(struct policy_parse *p, size_t offset);
/* A day or time with its end: a day is over when it ends in UTC. False where it is none. */
bool policy_until(struct str text, int64_t *over);
/* The words of "a|b|c" for people: "a, b or c". */
struct str policy_words_text(struct arena *a, const char *words);
/* Levenshtein distance, at most `most` + 1. */
unsigned policy_distance(struct str a, struct str b, unsigned most);
/* Takes the members of a table into the struct. */
bool policy_take_section(struct policy_parse *p, const char *section, const struct value *v, void *target);

/* ---- policy_sections.c */
/* A new element for a section of a list or mapping (`parent` is the policy); NULL with an error. */
void *policy_open(struct policy_parse *p, const char *section, struct str name, size_t offset);
/* The checks that need the whole element or section. */
bool policy_close(struct policy_parse *p, const char *section, void *target, size_t offset);
/* Notes that a list or name was said, after its key was taken. */
void policy_mark(struct policy_parse *p, const struct key *k, const struct value *v);
/* Tables by name or file, once the section ssvc is read. */
bool policy_tables(struct policy_parse *p, size_t offset);

/* ---- policy.c */
/* A diagnostic "usage.config" at a line of a file. */
void policy_diag(struct diags *d, enum severity severity, struct str file, unsigned line, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void policy_add_file(struct arena *a, struct policy *p, struct str what, struct str text);

/* ---- policy_merge.c */
/* Puts the organisation's policy under the repository's: floors, lists, services. Errors where the repository loosens. */
bool policy_merge(struct policy_parse *p);

#endif
