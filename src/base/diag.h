/* The diagnostics of a run: what went wrong, where, and what to do about it. Collected here, shown by report/ and cmd/ only.
 * The code's first word says which exit code an error leads to: "usage." 2, "input." 3, "data." 4, "bug." 70. Warnings and
 * notices never change the exit code. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/vec.h"

enum severity { SEV_NOTICE, SEV_WARNING, SEV_ERROR };

#define DIAG_NO_OFFSET SIZE_MAX

struct diag {
	enum severity severity;
	const char *code;     /* static, such as "input.syntax" */
	struct str input;     /* path as shown to people; may be absent */
	size_t offset;	      /* byte in the input, or DIAG_NO_OFFSET */
	unsigned line, column; /* from 1; 0 where unknown; worked out by diag_locate */
	struct str text;      /* one sentence: what is wrong, and what to do */
};

struct diags {
	struct arena *arena;
	struct diag *items;
	size_t n, cap;
};

void diag_init(struct diags *d, struct arena *a);
/* Adds one; input and text are copied. Past 1,000 of one severity only a count goes on (the last says how many more). */
void diag_add(struct diags *d, enum severity severity, const char *code, struct str input, size_t offset, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
/* Works out line and column of those from index `from` on that name `input` and have an offset into `text`. */
void diag_locate(struct diags *d, size_t from, struct str input, struct str text);
/* Sorts by input, line, column, code, text, and drops exact repeats. */
void diag_sort(struct diags *d);
/* The exit code that the errors among them ask for: 0 where there is none. Order where several apply: 2, 70, 4, 3. */
int diag_exit_code(const struct diags *d);
/* The exit code of one diagnostic (0 for a warning or notice). */
int diag_class(const struct diag *d);

#endif
