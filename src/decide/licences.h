/* The licence policy: allow and deny lists over the components' licence expressions. */
#ifndef DECIDE_LICENCES_H
#define DECIDE_LICENCES_H

#include "decide/policy.h"
#include "identity/licence_tree.h"

struct licence_finding {
	uint32_t component;
	enum licence_verdict verdict; /* LICENCE_UNKNOWN, LICENCE_UNLISTED or LICENCE_DENIED */
	struct str expression;	      /* as judged; absent where the component names none */
	struct str culprit;	      /* the licence that decided */
	bool closes;		      /* it closes the gate: denied, unlisted, or unknown with `unknown: fail`; not lifted */
	const struct licence_exception *lifted; /* by this exception; NULL */
};

struct licence_report {
	VEC(struct licence_finding) list; /* in the order of the components; only what is not simply allowed */
	size_t violations;		  /* that close the gate */
	size_t unknown;
	struct str_list notes; /* expired, soon over and unused exceptions, one sentence each */
};

/* Judges every component that is not the product's own. Empty where the policy has no licence lists. `now` as for exceptions. */
void licences_check(struct arena *a, const struct bom *b, const struct policy *p, int64_t now, struct licence_report *out);
/* The one expression of a component: its concluded licences, else the declared ones, joined by AND; absent where none. */
struct str licences_of(struct arena *a, const struct component *c);
/* Are they concluded ones? */
bool licences_concluded(const struct component *c);

#endif
