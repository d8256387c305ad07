/* Text by lines: LF or CRLF, a byte order mark skipped. */
#ifndef SYNTAX_LINES_H
#define SYNTAX_LINES_H

#include "base/str.h"

struct lines {
	struct str text;
	size_t at;	/* where the next line begins */
	size_t offset;	/* of the current line */
	unsigned number; /* of the current line, from 1 */
	struct str line; /* the current line without its end */
};

void lines_open(struct lines *l, struct str text);
/* Moves to the next line; false at the end. */
bool lines_next(struct lines *l);
/* Offset of a merge-conflict marker ("<<<<<<< ", "=======", ">>>>>>> " at a line's start, the first and last both there), or
 * STR_NOT_FOUND. */
size_t lines_conflict(struct str text);

#endif
