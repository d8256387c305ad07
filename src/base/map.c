#include "base/map.h"

#include <sys/auxv.h>

/* Keys come from outside: with a hash that is the same on every run, a file could be made whose keys all meet in one place. The
 * order of a map is that of its entries, so no output depends on this. */
static uint64_t seed(void)
{
	static uint64_t value;

	if (!value) {
		const void *random = (const void *)(uintptr_t)getauxval(AT_RANDOM); /* 16 bytes of the kernel's */
		if (random)
			memcpy(&value, random, sizeof value);
		value |= 1;
	}
	return value;
}

static uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Eight bytes at a time, multiplied and folded (the scheme of wyhash). */
static uint32_t hash(struct str key)
{
	uint64_t h = seed() ^ key.len, w = 0;
	size_t i = 0;

	for (; key.len - i >= 8; i += 8) {
		memcpy(&w, key.s + i, 8);
		h = fold(h ^ w, 0x9e3779b97f4a7c15ull);
	}
	if (i < key.len) {
		w = 0;
		memcpy(&w, key.s + i, key.len - i);
		h = fold(h ^ w, 0xd6e8feb86659fd93ull);
	}
	h = fold(h, 0xa0761d6478bd642full);
	return (uint32_t)(h >> 32);
}

void map_init(struct map *m, struct arena *a)
{
	*m = (struct map){ .arena = a };
}

static size_t find_slot(const struct map *m, struct str key, uint32_t h)
{
	size_t at = h & (m->nslots - 1);

	while (m->slots[at] && ((uint32_t)(m->slots[at] >> 32) != h || !str_eq(m->entries[(uint32_t)m->slots[at] - 1].key, key)))
		at = (at + 1) & (m->nslots - 1);
	return at;
}

struct map_entry *map_get(const struct map *m, struct str key)
{
	if (!m->nslots)
		return NULL;
	uint64_t slot = m->slots[find_slot(m, key, hash(key))];
	return slot ? &m->entries[(uint32_t)slot - 1] : NULL;
}

static void rehash(struct map *m)
{
	uint64_t *old = m->slots;
	size_t n = m->nslots;

	m->nslots = n ? n * 2 : 16;
	m->slots = arena_array(m->arena, m->nslots, sizeof *m->slots);
	for (size_t i = 0; i < n; i++) {
		if (!old[i])
			continue;
		size_t at = (size_t)(old[i] >> 32) & (m->nslots - 1);
		while (m->slots[at])
			at = (at + 1) & (m->nslots - 1);
		m->slots[at] = old[i];
	}
}

struct map_entry *map_put(struct map *m, struct str key, bool *fresh)
{
	if ((m->n + 1) * 4 > m->nslots * 3)
		rehash(m);
	uint32_t h = hash(key);
	size_t at = find_slot(m, key, h);
	if (fresh)
		*fresh = !m->slots[at];
	if (m->slots[at])
		return &m->entries[(uint32_t)m->slots[at] - 1];
	if (m->n == m->cap) {
		size_t cap = m->cap ? m->cap * 2 : 8;
		m->entries = arena_grow(m->arena, m->entries, m->cap, cap, sizeof *m->entries);
		m->cap = cap;
	}
	m->slots[at] = (uint64_t)h << 32 | (uint32_t)(m->n + 1);
	m->entries[m->n] = (struct map_entry){ .key = key };
	return &m->entries[m->n++];
}
