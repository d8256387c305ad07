/* Growable arrays on an arena. A vector is any struct { T *items; size_t n, cap; }:
 *     VEC(struct hash) hashes = { 0 };
 *     *VEC_ADD(arena, &hashes) = (struct hash){ … };
 * VEC_ADD returns a pointer to a new zeroed element, valid until the next VEC_ADD on that vector. */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#define VEC(type)                                                                                                        \
	struct {                                                                                                         \
		type *items;                                                                                             \
		size_t n, cap;                                                                                           \
	}

/* The same in two thirds of the room, for lists of which there are very many and each is short. */
#define VEC32(type)                                                                                                      \
	struct {                                                                                                         \
		type *items;                                                                                             \
		uint32_t n, cap;                                                                                         \
	}

/* How many elements the first allocation holds, and the next: most of a component's vectors hold one, so larger elements begin with one. */
#define VEC_MORE(vec) ((vec)->cap ? (vec)->cap * 2 : sizeof *(vec)->items >= 16 ? 1 : 4)

#define VEC_ADD(arena, vec)                                                                                              \
	((vec)->n == (vec)->cap ? (void)((vec)->items = arena_grow((arena), (vec)->items, (vec)->cap, VEC_MORE(vec),     \
								  sizeof *(vec)->items),                                 \
					 (vec)->cap = VEC_MORE(vec)) :                                                   \
				  (void)0,                                                                               \
	 &(vec)->items[(vec)->n++])

/* Appends `copy` of each element of `from` to which none of `to` is `equal`: expressions of *x, the element, and of *y, that of `to`. */
#define VEC_UNITE(arena, to, from, type, equal, copy)                                                                    \
	for (VEC_EACH(const type, x, from)) {                                                                            \
		bool there = false;                                                                                      \
		for (size_t k = 0; k < (to)->n && !there; k++) {                                                         \
			const type *y = &(to)->items[k];                                                                 \
			there = (equal);                                                                                 \
		}                                                                                                        \
		if (!there)                                                                                              \
			*VEC_ADD((arena), (to)) = (copy);                                                                \
	}

/* for (VEC_EACH(struct hash, h, &hashes)) … */
#define VEC_EACH(type, it, vec) type *it = (vec)->items, *it##_end = (vec)->items ? (vec)->items + (vec)->n : NULL; it < it##_end; it++

#endif
