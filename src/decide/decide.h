/* Deciding: each finding gets the values of its decision points with their sources, the row, the outcome and the highest
 * outcome still possible, for the strictest of the services that its component belongs to. Facts come through a callback, so
 * that nothing here knows a database. */
#ifndef DECIDE_DECIDE_H
#define DECIDE_DECIDE_H

#include "base/map.h"
#include "decide/policy.h"
#include "model/cve_facts.h"

struct decide_context {
	struct arena *arena;
	const struct policy *policy;
	const struct effective *effective;
	/* Facts about one CVE, or NULL where there are none. */
	const struct cve_facts *(*facts)(void *data, struct str cve);
	void *data;
	/* What was loaded and is fresh enough. Without KEV nothing is decided on exploitation (and the gate ends with 4). */
	bool kev_loaded, ssvc_loaded;
	struct str kev_date, ssvc_date; /* shown with values that rest on a source having no entry */
	/* Folded names (decide_component_key) of components that the base had outside development: judged as before the change.
	 * NULL where there is no base. */
	const struct map *base_production;
	struct str image; /* the image that is judged, for services with `images`; absent otherwise */
};

/* Fills f->list[].decision, cve, kev, epss; and nothing else. */
void decide_run(struct findings *f, const struct bom *b, const struct decide_context *ctx);

/* The identity of a component without its version, on the arena: what baseline and scope changes are compared by. */
struct str decide_component_key(struct arena *a, const struct component *c);
/* Adds the keys of all components that something outside development and tests reaches. */
void decide_production_keys(struct arena *a, const struct bom *b, struct map *out);

/* "SSVCv2/E:A/X:O/A:Y/H:H/P:I/2026-08-21T12:00:00Z/": the calculator's vector for display (deployer table only; else absent). */
struct str decide_vector(struct arena *a, const struct decision *d, struct str time);
/* One line: "exploitation active (CISA KEV 2021-12-10), exposure open (service api), automatable yes, human impact high". */
struct str decide_why(struct arena *a, const struct decision *d);
/* Why a Scheduled or Defer does not close the gate: "no known exploitation (CISA Vulnrichment 2026-11-20)". */
struct str decide_why_not(struct arena *a, const struct decision *d);

/* One line for each way in which the configuration lets a flaw pass that is known to be exploited (KEV) and not automatable, naming
 * the value responsible: "service job: a known exploited flaw is only Scheduled, because of exposure small (line 4)". */
void decide_kev_notes(struct arena *a, const struct policy *p, const struct effective *e, struct str_list *out);

struct flip {
	struct str point, word; /* "System Exposure", "controlled" */
	unsigned level;
	struct str outcome;
};
struct flips {
	struct flip *items;
	size_t n, cap;
};
/* The single changes that give another outcome, in the order of the table. */
void decide_flips(struct arena *a, const struct policy *p, const struct decision *d, struct flips *out);

#endif
