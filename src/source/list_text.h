/* The text of a list: its encoding, and rows of CSV. */
#ifndef SOURCE_LIST_TEXT_H
#define SOURCE_LIST_TEXT_H

#include "base/arena.h"

struct list_row {
	size_t offset; /* of its first byte */
	struct str *fields;
	size_t n;
};

struct list_reader {
	struct arena *arena;
	struct str text;
	size_t at;
	char separator; /* 0 until the first row */
};

/* Into UTF-8 without byte order mark. NULL, or what it is instead and how to save it so that it can be read. *guessed: no known encoding. */
const char *list_decode(struct arena *a, struct str bytes, struct str *text, bool *guessed);
/* Like str_trim, and without the no-break and ideographic spaces that spreadsheets leave. */
struct str list_trim(struct str s);
void list_open(struct list_reader *r, struct arena *a, struct str text);
/* The line that begins here, trimmed; false at the end. */
bool list_peek(struct list_reader *r, struct str *line);
void list_skip_line(struct list_reader *r);
/* The row that begins here, which may hold line ends in quoted fields. False where a quotation mark is not closed: the reader then
 * stands at the end. */
bool list_next_row(struct list_reader *r, struct list_row *out);

#endif
