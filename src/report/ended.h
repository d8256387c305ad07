/* Versions that their makers gave up: what lockfiles say of them (properties "bomgate:deprecated", "bomgate:abandoned"), and what
 * advisories say that are no vulnerabilities (RustSec's "unmaintained"; such a one is a finding too). They are shown, and by themselves never gate. */
#ifndef REPORT_ENDED_H
#define REPORT_ENDED_H

#include "report/report.h"

struct ended {
	uint32_t component;
	const char *word; /* "deprecated", "abandoned", "unmaintained" */
	struct str says;  /* its makers' words, a replacement, or the advisory's id; absent where there is nothing but the word */
};
struct ended_list {
	struct ended *items;
	size_t n, cap;
};

/* What the component's own properties say; false where they say nothing. */
bool ended_component(const struct component *c, struct ended *out);
/* What stands between word and words: "deprecated: …", "abandoned for …". */
const char *ended_joint(const struct ended *e);
/* All of them: what the project itself asks for first, then in the order of the components. */
void ended_list(const struct report *r, struct ended_list *out);

#endif
