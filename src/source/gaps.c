#include "source/gaps.h"

#include "base/map.h"

#define GAPS_SHOWN 20

void gaps_add(struct gaps *g, struct arena *a, struct gap gap)
{
	*VEC_ADD(a, g) = gap;
}

void gaps_tell(struct tree *t, struct part *p, const struct gaps *g, const char *command)
{
	struct reading r = part_reading(p);
	size_t before = t->diags->n, shown = 0;
	struct map told;

	map_init(&told, t->arena);
	for (VEC_EACH(const struct gap, gap, g)) {
		bool fresh;
		map_put(&told, gap->name, &fresh);
		if (!fresh || shown++ >= GAPS_SHOWN)
			continue;
		reading_problem(&r, gap->offset, "%.*s needs \"%.*s\", which the file does not hold: the lockfile is incomplete; run `%s`",
				STR_ARG(gap->from.len ? str_sub(gap->from, 0, 100) : STR("the project")), STR_ARG(str_sub(gap->name, 0, 100)), command);
	}
	if (!shown)
		return;
	if (shown > GAPS_SHOWN)
		reading_problem(&r, 0, "%zu packages more are needed that the file does not hold", shown - GAPS_SHOWN);
	p->bom->inputs.items[0].state = INPUT_PARTIAL;
	diag_locate(t->diags, before, p->path, p->text);
}
