/* A hash map from strings to one pointer or number each, on an arena; insertion order is kept in `entries`, so that a walk
 * over it gives the same order on every run. Keys are not copied: they must live as long as the map. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"

struct map_entry {
	struct str key;
	union {
		void *ptr;
		uint64_t num;
	} value;
};

struct map {
	struct arena *arena;
	struct map_entry *entries;
	size_t n, cap;
	uint64_t *slots; /* entry index + 1 in the lower half, the key's hash above; 0 is empty */
	size_t nslots;	 /* power of two */
};

void map_init(struct map *m, struct arena *a);
/* The entry of key, or NULL. */
struct map_entry *map_get(const struct map *m, struct str key);
/* The entry of key, made with value 0 where there was none; *fresh (may be NULL) says which. Valid until the next put. */
struct map_entry *map_put(struct map *m, struct str key, bool *fresh);
static inline bool map_has(const struct map *m, struct str key)
{
	return map_get(m, key) != NULL;
}

#endif
