/* Shared by the orderings: numbers of any length as digit strings, and small steps over text. */
#ifndef VERSION_NUMBER_H
#define VERSION_NUMBER_H

#include "version/version.h"

/* Digit strings by value, whatever their length and leading zeros; the empty one counts as 0: <0, 0, >0. */
int number_cmp(struct str a, struct str b);
/* Any digits, and nothing else? */
bool number_is(struct str a);
/* Is its value 0 (also where it is empty)? */
bool number_is_zero(struct str a);
/* The run of digits (of ASCII letters) at the start of *rest, cut off it; empty where there is none. */
struct str number_cut(struct str *rest);
struct str letters_cut(struct str *rest);
/* Dotted numbers one by one, what is missing counts as 0: "1.2" = "1.2.0". */
int numbers_cmp(struct str a, struct str b);

static inline enum order order_of(int c)
{
	return c < 0 ? ORDER_LESS : c > 0 ? ORDER_GREATER : ORDER_EQUAL;
}

#endif
