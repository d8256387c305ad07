/* Memory in arenas: everything of one run, one input or one scratch step is freed at once. Allocation never returns NULL:
 * past the ceiling, or when the system has no more, the process ends with a message (exit code 70), because every limit on
 * input sizes stands well below. Memory is zeroed. Under AddressSanitizer what is popped is poisoned. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/str.h"

struct arena;
struct arena_mark {
	void *block;
	size_t used;
};

/* A new arena that may hold at most `ceiling` bytes (0: ARENA_CEILING). Free it with arena_free. */
struct arena *arena_new(size_t ceiling);
void arena_free(struct arena *a); /* NULL is fine */
/* Says that megabytes are to come: the blocks are of the largest size from the first on, where an arena that is gone left some. */
void arena_expect_much(struct arena *a);

/* n zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n);
/* count * size zeroed bytes, checked for overflow. */
void *arena_array(struct arena *a, size_t count, size_t size);
/* Grows an array from old_n to new_n elements: in place where it was the last allocation, else copied. */
void *arena_grow(struct arena *a, void *old, size_t old_n, size_t new_n, size_t size);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))

/* Takes over bytes that malloc gave: they are freed with the arena (not by a pop). */
void arena_adopt(struct arena *a, void *malloced);

/* Copies, with a NUL behind the last byte for the borders to C libraries. */
struct str arena_str(struct arena *a, struct str s);
char *arena_cstr(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* a with ASCII letters in lower case. */
struct str arena_lower(struct arena *a, struct str s);
/* The parts one after another. */
struct str arena_concat(struct arena *a, struct str x, struct str y, struct str z);

/* Scratch: take a mark, allocate, pop back to it. */
struct arena_mark arena_mark(struct arena *a);
void arena_pop(struct arena *a, struct arena_mark m);
size_t arena_used(const struct arena *a);

/* A copy of all that the arena holds, to bring it back to this moment: what was changed since is undone, what was allocated since is
 * gone, every pointer from before is good again. For using one parsed file many times. */
struct arena_snapshot;
struct arena_snapshot *arena_snapshot(struct arena *a);
void arena_restore(struct arena *a, const struct arena_snapshot *s);
void arena_snapshot_free(struct arena_snapshot *s); /* NULL is fine */

#endif
