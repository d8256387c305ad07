#include "base/map.h"

void map_init(struct map *m, struct arena *a)
{
	*m = (struct map){ .arena = a };
}

static size_t find_slot(const struct map *m, struct str key)
{
	size_t at = str_hash(key) & (m->nslots - 1);

	while (m->slots[at] && !str_eq(m->entries[m->slots[at] - 1].key, key))
		at = (at + 1) & (m->nslots - 1);
	return at;
}

struct map_entry *map_get(const struct map *m, struct str key)
{
	if (!m->nslots)
		return NULL;
	size_t at = find_slot(m, key);
	return m->slots[at] ? &m->entries[m->slots[at] - 1] : NULL;
}

static void rehash(struct map *m)
{
	m->nslots = m->nslots ? m->nslots * 2 : 16;
	m->slots = arena_array(m->arena, m->nslots, sizeof *m->slots);
	for (size_t i = 0; i < m->n; i++)
		m->slots[find_slot(m, m->entries[i].key)] = (uint32_t)(i + 1);
}

struct map_entry *map_put(struct map *m, struct str key, bool *fresh)
{
	if ((m->n + 1) * 4 > m->nslots * 3)
		rehash(m);
	size_t at = find_slot(m, key);
	if (fresh)
		*fresh = !m->slots[at];
	if (m->slots[at])
		return &m->entries[m->slots[at] - 1];
	if (m->n == m->cap) {
		size_t cap = m->cap ? m->cap * 2 : 8;
		m->entries = arena_grow(m->arena, m->entries, m->cap, cap, sizeof *m->entries);
		m->cap = cap;
	}
	m->slots[at] = (uint32_t)(m->n + 1);
	m->entries[m->n] = (struct map_entry){ .key = key };
	return &m->entries[m->n++];
}
