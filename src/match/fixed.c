/* What ends a finding: the smallest version past the one in use that no block of its advisories holds. */
#include "match/lookup.h"

static bool is_safe(const struct hit *const *hits, size_t n, struct str version)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < hits[i]->blocks.n; k++)
			if (vuln_affects(hits[i]->blocks.items[k], hits[i]->order, version, NULL) != NOT_AFFECTED)
				return false;
	return true;
}

struct str lookup_fixed(struct arena *a, struct lookup *l, const struct hit *const *hits, size_t n)
{
	struct str best = STR_NONE;

	for (size_t i = 0; i < n; i++) {
		const struct ordering *o = hits[i]->order;
		for (size_t k = 0; o && k < hits[i]->blocks.n; k++) {
			const struct vuln_affected *x = hits[i]->blocks.items[k];
			for (size_t r = 0; r < x->nranges; r++)
				for (size_t e = 0; e < x->ranges[r].nevents; e++) {
					struct str v = x->ranges[r].events[e].version;
					if (x->ranges[r].type == RANGE_GIT || x->ranges[r].events[e].kind != EVENT_FIXED ||
					    o->compare(v, l->version) != ORDER_GREATER || (best.s && o->compare(v, best) != ORDER_LESS))
						continue;
					if (is_safe(hits, n, v))
						best = v;
				}
		}
	}
	return arena_str(a, best);
}

struct str lookup_range_text(struct arena *a, const struct hit *h, struct str version)
{
	const struct vuln_range *r = h->range;
	const struct vuln_event *from = NULL, *to = NULL;

	if (!r)
		return arena_concat(a, STR("="), version, STR(""));
	const struct ordering *o = vuln_range_ordering(r, h->order);
	for (size_t i = 0; o && i < r->nevents; i++) {
		const struct vuln_event *e = &r->events[i];
		bool zero = e->kind == EVENT_INTRODUCED && str_is(e->version, "0");
		enum order c = zero ? ORDER_GREATER : o->compare(version, e->version);
		if (e->kind == EVENT_INTRODUCED && c != ORDER_LESS) {
			from = e;
			to = NULL;
		} else if (!to && (e->kind == EVENT_FIXED ? c == ORDER_LESS : e->kind == EVENT_LAST_AFFECTED && c != ORDER_GREATER)) {
			to = e;
		}
	}
	bool any = !from || str_is(from->version, "0");
	if (!to)
		return any ? STR("every version") : arena_concat(a, STR(">="), from->version, STR(""));
	const char *below = to->kind == EVENT_FIXED ? "<" : "<=";
	return any ? arena_concat(a, str_of(below), to->version, STR("")) :
		     arena_printf(a, ">=%.*s, %s%.*s", STR_ARG(from->version), below, STR_ARG(to->version));
}
