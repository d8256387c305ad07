/* CVSS vectors of the versions 2.0, 3.0, 3.1 and 4.0: parsed, checked and scored as FIRST specifies (CVSS 2 guide section 3.2,
 * CVSS 3.0 and 3.1 specifications section 7, CVSS 4.0 specification section 8). Shown beside the outcome; never a decision point. */
#ifndef MODEL_CVSS_H
#define MODEL_CVSS_H

#include "base/str.h"

struct cvss {
	const char *version; /* "2.0", "3.0", "3.1", "4.0" */
	/* Base alone; with the threat ("temporal") metrics; with the environment's too. -1 where the vector has none of them.
	 * Version 4.0 has one score over all metrics that are there: it stands in all three. */
	double base, temporal, environmental;
};

/* False where it is no whole vector: an unknown metric or value, one that stands twice, one of the base missing. Version 2 vectors
 * have no prefix and may stand in parentheses; the order of the metrics does not matter. */
bool cvss_parse(struct str vector, struct cvss *out);
/* The score that is shown: the base score, for 4.0 the one score that it has. *version (may be NULL) is static. */
bool cvss_score(struct str vector, double *score, struct str *version);
/* "none", "low", "medium", "high", "critical" by the qualitative scale of 3.0 and later. */
const char *cvss_severity(double score);

#endif
