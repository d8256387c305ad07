/* The table of orderings. */
#include "version/version.h"

const struct ordering orderings[] = {
#define ORDERING(fn, name) { name, fn##_valid, fn##_compare },
#include "version/orderings.def"
#undef ORDERING
	{ 0 },
};
const size_t orderings_n = sizeof orderings / sizeof orderings[0] - 1;
