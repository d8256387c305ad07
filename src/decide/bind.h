/* What bomgate knows of a flaw and a service as inputs of any table: which of them a table's points ask for, and how their
 * values map to the table's. */
#ifndef DECIDE_BIND_H
#define DECIDE_BIND_H

#include "decide/table.h"

/* The first four are the deployer's points (POINT_EXPLOITATION …). */
enum known_input {
	KNOWN_EXPLOITATION = POINT_EXPLOITATION,
	KNOWN_EXPOSURE = POINT_EXPOSURE,
	KNOWN_AUTOMATABLE = POINT_AUTOMATABLE,
	KNOWN_HUMAN_IMPACT = POINT_HUMAN_IMPACT,
	KNOWN_TECHNICAL_IMPACT,
	KNOWN_SAFETY,
	KNOWN_MISSION,
	KNOWN_KEV,
	KNOWN_PUBLICLY_EXPOSED,
	KNOWN_VALUE_DENSITY,
	KNOWN_UTILITY,
	KNOWN_PUBLIC_SAFETY,
	KNOWN_MISSION_WELL_BEING,
	NKNOWN_INPUTS,
};

struct binding {
	const struct ssvc_table *table;
	enum known_input input[SSVC_MAX_POINTS];
	uint8_t value[SSVC_MAX_POINTS][SSVC_MAX_VALUES]; /* ours to the table's */
	bool deployer; /* the deployer's four points in their order */
};

/* False with *why where a point is none that bomgate can fill, or has values that ours cannot become. */
bool bind_table(struct arena *a, const struct ssvc_table *t, struct binding *out, struct str *why);
/* Bits of our values as bits of the table's. */
unsigned bind_bits(const struct binding *b, unsigned point, unsigned ours);

#endif
