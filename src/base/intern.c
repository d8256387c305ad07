#include "base/intern.h"

void intern_init(struct intern *t, struct arena *a)
{
	map_init(&t->map, a);
}

struct str intern_str(struct intern *t, struct str s)
{
	bool fresh;

	if (!s.s)
		return s;
	struct map_entry *e = map_put(&t->map, s, &fresh);
	if (fresh)
		e->key = arena_str(t->map.arena, s);
	return e->key;
}
