/* Several boms into one: one component where they mean one, with who reported it (component.reporters) and what they disagreed on
 * (properties "bomgate:disagreement:<field>" with each value and who says it). Edges are united, references of documents made
 * unique. Linear in the sum of the components.
 *
 * By equal folded purls (identity/fold.h) components are merged. Of one document, components that differ by architecture stay
 * apart. Where neither side has anything but a CPE, or a name, these are merged and the component is marked weak, with a property
 * "bomgate:matched-by". All other weak matches (a Maven group left out; a name against a purl) are not merged unless asked for:
 * both get a property "bomgate:possibly-same". What has no version is never merged. */
#ifndef IDENTITY_MERGE_H
#define IDENTITY_MERGE_H

#include "identity/fold.h"

struct merge_options {
	bool weak;	  /* merge weak matches too, marked */
	struct str name;  /* of the whole; absent: the subjects' name where they have one, else "merged" */
	struct str version;
};

struct merge_report {
	size_t documents, components; /* read */
	size_t kept;		      /* components of the result */
	size_t merged;		      /* components that went into another */
	size_t weak;		      /* of them by a weak match */
	size_t possible;	      /* weak matches that were not merged */
	size_t unversioned;	      /* packages without version: never matched */
	size_t disagreements;	      /* fields of components with more than one value */
	size_t dropped_fields;	      /* fields of documents that the result could hold only once */
};

struct merge;
/* Begins a merge into `out`, which is initialised and empty and stays where it is until merge_end. Everything lives on its arena. */
struct merge *merge_begin(struct bom *out, const struct merge_options *o);
/* Adds one bom; it may be freed afterwards. `label` names it for people: the file. */
void merge_add(struct merge *m, const struct bom *part, struct str label);
void merge_end(struct merge *m, struct merge_report *report);
/* All at once; labels has n entries. */
void merge_boms(struct bom *out, const struct bom *const *in, const struct str *labels, size_t n, const struct merge_options *o,
		struct merge_report *report);

#endif
