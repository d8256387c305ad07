/* Which packages are for development only, where the lockfile has the graph but not the answer: a walk from what the project's
 * own parts ask for. */
#include "source/npm.h"

struct graph {
	uint32_t *start; /* of a component's edges in `edges` */
	const struct dependency **edges;
};

static struct graph build(struct bom *b)
{
	struct graph g = { arena_array(b->arena, b->ncomponents + 2, sizeof *g.start), NULL };
	size_t n = 0;

	for (VEC_EACH(struct dependency, d, &b->dependencies))
		if (d->kind == DEPENDS_ON && d->to != NO_COMPONENT) {
			g.start[d->from + 2]++;
			n++;
		}
	for (size_t i = 2; i < b->ncomponents + 2; i++)
		g.start[i] += g.start[i - 1];
	g.edges = arena_array(b->arena, n, sizeof *g.edges);
	for (VEC_EACH(struct dependency, d, &b->dependencies))
		if (d->kind == DEPENDS_ON && d->to != NO_COMPONENT)
			g.edges[g.start[d->from + 1]++] = d;
	return g;
}

/* What of `bits` an edge hands on. */
static unsigned through(unsigned bits, unsigned edge)
{
	if ((edge & SCOPE_OPTIONAL) && (bits & SCOPE_RUNTIME))
		bits = (bits & ~(unsigned)SCOPE_RUNTIME) | SCOPE_OPTIONAL;
	return bits;
}

void source_spread_scopes(struct bom *b)
{
	struct graph g = build(b);
	uint32_t *stack = arena_array(b->arena, b->ncomponents + 1, sizeof *stack);
	bool *waits = arena_array(b->arena, b->ncomponents + 1, sizeof *waits);
	size_t depth = 0;

	for (uint32_t c = 0; c < b->ncomponents; c++)
		if (b->components[c].first_party) {
			stack[depth++] = c;
			waits[c] = true;
		}
	while (depth) {
		uint32_t c = stack[--depth];
		waits[c] = false;
		for (uint32_t i = g.start[c]; i < g.start[c + 1]; i++) {
			const struct dependency *d = g.edges[i];
			struct component *to = &b->components[d->to], *from = &b->components[c];
			if (to->first_party)
				continue;
			unsigned bits = from->first_party ? (d->scope ? d->scope : SCOPE_RUNTIME) : through(from->scope, d->scope);
			if ((to->scope | bits) == to->scope)
				continue;
			to->scope |= bits;
			if (!waits[d->to])
				stack[depth++] = d->to;
			waits[d->to] = true;
		}
	}
}
