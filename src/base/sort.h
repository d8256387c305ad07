/* Sorting that keeps the order of what compares alike, so that no output depends on the C library. Lists of lockfiles are mostly in order
 * already: that costs one pass. */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include "base/arena.h"

/* Sorts n elements of `size` bytes by compare, as qsort calls it. The room it needs (n elements and a pointer for each, at most) is taken from
 * the arena and given back. */
void sort_items(struct arena *a, void *items, size_t n, size_t size, int (*compare)(const void *, const void *));

#endif
