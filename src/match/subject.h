/* What of a component decides which advisories fit it. Whoever keeps components for matching later keeps this, and all of it: an index
 * or a timeline that left a part out would name other flaws than the run found. */
#ifndef MATCH_SUBJECT_H
#define MATCH_SUBJECT_H

#include "model/bom.h"

/* A copy with these fields alone; texts are those of c. Its `more` lives on the arena. */
struct component match_subject(struct arena *a, const struct component *c);
/* Is it of the kinds that ecosystems have? Not files, the operating system itself, containers and the like. */
bool match_is_package(const struct component *c);
/* What purl and ecosystem do not tell of it, as JSON on the arena; "" where they tell all. */
struct str match_subject_text(struct arena *a, const struct component *c);
/* Sets it in a component that has purl and ecosystem. False where the text is none of match_subject_text. */
bool match_subject_read(struct arena *a, struct str text, struct component *c);

#endif
