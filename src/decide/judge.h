/* Private to deciding: what one run works out before it looks at findings. */
#ifndef DECIDE_JUDGE_H
#define DECIDE_JUDGE_H

#include "decide/bind.h"
#include "decide/decide.h"

/* A service with the values that hang on it and not on the flaw. */
struct judged_service {
	struct str name, owner; /* absent for what no service of the configuration takes */
	bool small_development;
	struct point_value in[NKNOWN_INPUTS];
	struct point_value small; /* exposure of what never ships */
	struct str human_impact_table; /* absent where Human Impact was given directly */
};

struct service_ids {
	uint32_t *items;
	size_t n, cap;
};

struct judge {
	const struct decide_context *ctx;
	const struct bom *bom;
	struct arena *arena;
	struct binding binding;
	const struct ssvc_table *utility, *public_safety;
	struct judged_service *services; /* the policy's, and behind them the defaults */
	size_t nservices;
	struct service_ids *of_input; /* by index of bom->inputs */
	struct service_ids nowhere;   /* of a component without evidence */
	bool *production;	      /* by component: something outside development needs it */
};

/* Values that hang on one CVE (facts NULL: nothing is known of it; has_cve false: there is no CVE). Fills exploitation,
 * automatable, technical impact and KEV of in[]; returns whether the finding is undecided on exploitation. */
bool judge_facts(const struct judge *j, const struct cve_facts *facts, bool has_cve, struct point_value *in);
/* Values that a malicious package gets by bomgate's own rule. */
void judge_malicious(struct point_value *in);

void judge_services(struct judge *j);
/* The services that a component belongs to (indexes into j->services, none twice), on the arena's scratch. */
void judge_services_of(const struct judge *j, const struct component *c, struct service_ids *out);
/* Is the component for development alone, so that it may be judged at exposure small … */
bool judge_is_development(const struct judge *j, uint32_t component);
/* … unless the base shipped one of that name? */
bool judge_shipped_before(const struct judge *j, uint32_t component);

#endif
