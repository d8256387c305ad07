#include "base/map.h"
#include "match/match.h"

/* Read from a list made by hand, now or before it was written as an SBOM. */
static bool is_stated(const struct bom *b, const struct component *c)
{
	if (!c->weak)
		return false;
	for (VEC_EACH(const struct property, p, &c->properties))
		if (str_is(p->name, "bomgate:stated-by"))
			return true;
	for (VEC_EACH(const struct evidence, e, &c->evidence))
		if (e->input < b->inputs.n && str_is(b->inputs.items[e->input].reader, "list"))
			return true;
	return false;
}

size_t match_stated(const struct bom *b, struct arena *a, struct findings *f)
{
	bool *found = arena_array(a, b->ncomponents + 1, sizeof *found), *undecided = arena_array(a, b->ncomponents + 1, sizeof *undecided);
	size_t stated = 0, without = 0, others = 0;

	for (VEC_EACH(const struct finding, x, &f->list))
		found[x->component] = true;
	for (VEC_EACH(const struct undecided, u, &f->undecided))
		undecided[u->component] = true;
	for (uint32_t i = 0; i < b->ncomponents; i++) {
		const struct component *c = &b->components[i];
		if (c->first_party || c->type == COMPONENT_FILE)
			continue;
		if (!is_stated(b, c)) {
			others++;
			continue;
		}
		stated++;
		without += !found[i];
		if (!found[i] && !undecided[i])
			*VEC_ADD(a, &f->undecided) = (struct undecided){ .component = i, .why = STR("no data: stated by hand, and no advisory names it; that is not clean") };
	}
	return !others && without == stated ? stated : 0;
}
