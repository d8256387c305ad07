/* Secrets that stand in addresses ("https://user:password@host/") do not go into messages, records and reports. */
#ifndef BASE_REDACT_H
#define BASE_REDACT_H

#include "base/arena.h"

/* The text without what stands between "://" and '@' in its addresses ("ssh://git@host" keeps its account, where no password
 * stands behind it): itself where there is none, else a copy. */
struct str redact(struct arena *a, struct str text);

#endif
