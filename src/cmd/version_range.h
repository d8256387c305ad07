/* Ranges of versions as people write them, whatever their ecosystem: "1.2.3", ">=1.0,<2", ">= 1.0 < 2", "<1.2 || >=2 <2.3", "^1.2", "~1.2",
 * "~> 1.2", "~=1.4.2", "1.2.x", "!=1.5", "1.0 - 2.0", Debian's "<<" and ">>", Maven's "[1.0,2.0)" and "(,1.0],[1.2,)". Exact versions one
 * after the other are alternatives. A number that stands alone is that version and no other ("1.2" is not "1.2.x"). */
#ifndef CMD_VERSION_RANGE_H
#define CMD_VERSION_RANGE_H

#include "version/version.h"

#define VERSION_RANGE_MOST 32

struct version_range {
	struct version_bound {
		const char *op; /* ">=", "<=", ">", "<", "=", "!=" */
		struct str version;
		int numbers;	  /* > 0: only so many numbers of the version are compared, as in "1.2.x" */
		bool alternative; /* here another alternative begins */
	} bounds[VERSION_RANGE_MOST];
	size_t n;
	bool all; /* an alternative holds everything: "*" */
};

enum range_answer { RANGE_OUT, RANGE_IN, RANGE_UNKNOWN };

/* Appends the bounds; false where the text is none, or has too many. The text has to live as long. */
bool version_range_parse(struct str text, struct version_range *out);
bool version_range_add(struct version_range *r, const char *op, struct str version);
/* RANGE_UNKNOWN: cannot be compared, which is no "not". A range without bounds holds everything. */
enum range_answer version_range_has(const struct version_range *r, const struct ordering *o, struct str version);

#endif
