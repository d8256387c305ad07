/* Ranges of versions as people write them: "1.2.3", ">=1.0,<2". */
#ifndef CMD_VERSION_RANGE_H
#define CMD_VERSION_RANGE_H

#include "version/version.h"

#define VERSION_RANGE_MOST 8

struct version_range {
	struct {
		const char *op; /* ">=", "<=", ">", "<", "=" */
		struct str version;
	} bounds[VERSION_RANGE_MOST];
	size_t n;
};

enum range_answer { RANGE_OUT, RANGE_IN, RANGE_UNKNOWN };

/* Appends the bounds; false where the text is none, or has too many. */
bool version_range_parse(struct str text, struct version_range *out);
bool version_range_add(struct version_range *r, const char *op, struct str version);
/* RANGE_UNKNOWN: cannot be compared, which is no "not". A range without bounds holds everything. */
enum range_answer version_range_has(const struct version_range *r, const struct ordering *o, struct str version);

#endif
