/* What the matcher asks about RPM versions. */
#ifndef VERSION_RPM_H
#define VERSION_RPM_H

#include "version/number.h"

/* Does it name a release ("1.0-3.el9")? A component without one against a bound that has one is undecided where epoch and
 * version are equal. */
bool rpm_has_release(struct str v);

#endif
