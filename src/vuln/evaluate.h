/* Does an `affected` block hold a version? As OSV specifies it (ossf/osv-schema docs/schema.md, "Evaluation"): the version stands
 * literally in `versions`, or one of the ranges holds it: it is below a limit, where there are limits, and the walk over
 * the events in version order ends with the flag set. Every range counts; GIT ranges say nothing about a package version. */
#ifndef VULN_EVALUATE_H
#define VULN_EVALUATE_H

#include "version/version.h"
#include "vuln/vuln.h"

enum verdict { NOT_AFFECTED, AFFECTED, NOT_KNOWN };

/* The ordering of a range: SemVer for SEMVER (Go's for Go), else the ecosystem's; NULL where there is none. */
const struct ordering *vuln_range_ordering(const struct vuln_range *r, const struct ordering *ecosystem);
/* Puts the events in order, once, before the calls below: "0" first; at equal versions introduced, fixed, last_affected, limit.
 * Events that are no versions of the ordering stay where they were, and the range is not known. */
void vuln_range_sort(struct vuln_range *r, const struct ordering *ecosystem);
/* `ecosystem`: its ordering, or NULL. A range that is only `introduced: "0"` holds every version, also one that cannot be read or
 * is not known (""). */
enum verdict vuln_range_holds(const struct vuln_range *r, const struct ordering *ecosystem, struct str version);
/* The whole block; *range (may be NULL) is the one that held it, or NULL. A malformed block is NOT_KNOWN. */
enum verdict vuln_affects(const struct vuln_affected *x, const struct ordering *ecosystem, struct str version,
			  const struct vuln_range **range);

#endif
