/* Minimum-element profiles (profiles.def) held against a bom, whatever format it came in. */
#ifndef FORMAT_PROFILE_H
#define FORMAT_PROFILE_H

#include "format/validate.h"
#include "model/bom.h"

struct profile {
	const char *word, *title;
	size_t first, n; /* of its ASKS rows */
};

extern const size_t profiles_n;
/* By place; NULL past the last. */
const struct profile *profile_at(size_t i);
const struct profile *profile_find(struct str word);
/* Every element that is missing: into `required` or `recommended`, with the component's name, and its offset where the bom knows
 * it. The pointer of a violation is the element's name. */
void profile_check(const struct profile *p, const struct bom *b, struct violations *required, struct violations *recommended);

#endif
