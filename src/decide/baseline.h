/* What a change brings in: its findings held against those of the base, both matched with the same data and judged by the base's
 * policy. */
#ifndef DECIDE_BASELINE_H
#define DECIDE_BASELINE_H

#include "decide/policy.h"
#include "model/finding.h"

struct baseline {
	size_t new_ones, old;
	VEC(const struct finding *) fixed; /* of the base, gone in the head */
};

/* Sets findings[].state and undecided[].old of the head; what is gone gets FINDING_FIXED in the base. A finding is old where the base has one of the same component (without
 * its version), flaw (any of its ids) and service, not lifted, with an outcome at least as high, and where it is not newly
 * needed in production. Of several services those that close the gate decide. What the base's tree lacked is new. */
void baseline_apply(struct arena *a, struct findings *head, const struct bom *head_bom, struct findings *base,
		    const struct bom *base_bom, const struct effective *e, struct baseline *out);

/* Lockfiles that the base had and the head has not: errors "input.removed" (exit 3) where a manifest of the same ecosystem still
 * stands beside, where the file is still there and not read any more (excluded, a link), or where one of its name is new in a
 * place that is not read (moved under an excluded path or node_modules). Those whose manifest went too are notices. The paths
 * are all files of the two trees. FAILED where there is an error. */
enum result baseline_removed(struct diags *d, const struct bom *head, const struct bom *base, const struct str_list *head_paths,
			     const struct str_list *base_paths);

#endif
