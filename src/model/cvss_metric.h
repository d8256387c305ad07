/* Between cvss.c and cvss4.c: vectors as values of a table of metrics. */
#ifndef MODEL_CVSS_METRIC_H
#define MODEL_CVSS_METRIC_H

#include "model/cvss.h"

#define CVSS_METRICS_MAX 32

struct cvss_metric {
	const char *name;
	const char *values; /* words with a blank between */
	bool mandatory;
	double weights[6]; /* of the values, versions 2 and 3 */
};

/* "AV:N/AC:L/…" into the index of each metric's value; 0, which is "not defined", for an optional one that is missing. */
bool cvss_read(struct str metrics, const struct cvss_metric *table, size_t n, unsigned char *values);
bool cvss4_score(struct str metrics, double *out);

#endif
