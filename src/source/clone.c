/* Parts that are used in more than one tree (many commits that hold the same file). */
#include "source/source.h"

#define COPY(a, vec)                                                                                                     \
	do {                                                                                                             \
		void *copy_ = arena_array((a), (vec)->n + 1, sizeof *(vec)->items);                                      \
		if ((vec)->n)                                                                                            \
			memcpy(copy_, (vec)->items, (vec)->n * sizeof *(vec)->items);                                    \
		(vec)->items = (vec)->n ? copy_ : NULL;                                                                  \
		(vec)->cap = (vec)->n;                                                                                   \
	} while (0)

static void clone_component(struct arena *a, struct component *c)
{
	COPY(a, &c->qualifiers);
	COPY(a, &c->hashes);
	COPY(a, &c->licences);
	COPY(a, &c->evidence);
	COPY(a, &c->properties);
	COPY(a, &c->references);
	COPY(a, &c->extra);
	COPY(a, &c->more_purls);
	COPY(a, &c->more_cpes);
}

struct part part_clone(struct arena *a, const struct part *p)
{
	struct part q = *p;
	struct bom *b = bom_new(a, p->bom->diags);

	*b = *p->bom;
	b->arena = a;
	intern_init(&b->names, a);
	b->components = arena_array(a, b->ncomponents + 1, sizeof *b->components);
	b->components_cap = b->ncomponents + 1;
	if (b->ncomponents)
		memcpy(b->components, p->bom->components, b->ncomponents * sizeof *b->components);
	for (size_t i = 0; i < b->ncomponents; i++)
		clone_component(a, &b->components[i]);
	COPY(a, &b->dependencies);
	COPY(a, &b->inputs);
	q.bom = b;
	return q;
}
