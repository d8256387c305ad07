/* Identifiers once: equal strings get the same address, so that equality is a pointer comparison. For names, versions and
 * references; texts, hashes and paths are not worth it. */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include "base/map.h"

struct intern {
	struct map map;
};

void intern_init(struct intern *t, struct arena *a);
/* The one copy of s, NUL-terminated, on the arena of the table. The absent string stays absent. */
struct str intern_str(struct intern *t, struct str s);

#endif
