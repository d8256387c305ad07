/* What the matcher asks about RPM versions. */
#ifndef VERSION_RPM_H
#define VERSION_RPM_H

#include "version/version.h"

/* Is one of them without a release ("1.0" against "1.0-3.el9") while epoch and version are equal? Then which is older cannot be
 * said: rpm_compare sorts the one without a release below, as osv-scanner does, but a match has to stay undecided. */
bool rpm_release_decides(struct str a, struct str b);

#endif
