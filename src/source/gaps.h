/* Gaps: what a package of a lockfile needs and the file does not hold. The file was cut or edited, so the list is not whole: exit 3.
 * Readers note them, joins leave out those that the manifests explain (source/npm_join.c, python_join.c, composer.c). */
#ifndef SOURCE_GAPS_H
#define SOURCE_GAPS_H

#include "source/common.h"

struct gap {
	struct str from, name; /* who needs what */
	size_t offset;
	bool other; /* the file holds the name, but no version that was asked for so */
};
struct gaps {
	struct gap *items;
	size_t n, cap;
};

void gaps_add(struct gaps *g, struct arena *a, struct gap gap);
/* One error ("input.entry") for each name that is missing, up to 20 and how many there are more; the input becomes partial.
 * `command` writes the file anew. Nothing where there is no gap. */
void gaps_tell(struct tree *t, struct part *p, const struct gaps *g, const char *command);

#endif
