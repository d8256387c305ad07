/* What of a text from outside must not reach a person as it is: controls, and marks that turn or hide what stands beside them. */
#ifndef BASE_SHOWN_H
#define BASE_SHOWN_H

#include "base/arena.h"
#include "base/str.h"

/* The code point at the start of s and its length; length 0 where the bytes are no UTF-8. */
uint32_t shown_code_point(struct str s, size_t *len);
/* Controls (C0, DEL, C1), line separators, marks that change the direction of text, invisible characters, tags. */
bool shown_hides(uint32_t u);
/* The text with each of these, and each byte that is no UTF-8, spelt out as \xNN or \u{N}: one line stays one line. On the arena, or s
 * itself where there is nothing to spell out. */
struct str shown_text(struct arena *a, struct str s);

#endif
