/* What the files of the merge share. */
#ifndef IDENTITY_MERGE_INTERNAL_H
#define IDENTITY_MERGE_INTERNAL_H

#include "base/map.h"
#include "identity/merge.h"

/* A value of a field, and who says so. */
struct said {
	const char *field;
	struct str value, who;
};

/* Beside each component of the result. */
struct merged {
	struct str arch;
	uint32_t next_same; /* another component of the same key (other architecture), or NO_COMPONENT */
	uint32_t last_document;
	bool open_artifact, open_cpe, open_name, more_than_one;
	bool held; /* another one needs or contains it */
	VEC(struct said) said;
};

/* A weak key: the first component that has it. */
struct weak_key {
	uint32_t component;
	uint32_t components; /* how many different ones have it */
};

struct merge {
	struct bom *out;
	struct arena *arena; /* the result's */
	struct arena *scratch;
	struct merge_options options;
	struct merge_report report;
	struct map keys;  /* folded key to component index */
	struct map weak;  /* weak key to struct weak_key */
	struct map refs;  /* references taken in the result */
	struct map edges; /* edges of the result */
	struct map claims; /* claims and annotations of documents that are there, by their text */
	struct map seen;  /* properties of merged components, by hash */
	struct map licences; /* ids of extracted licences to their index */
	VEC(struct merged) beside;
	VEC(uint32_t) subjects;
	VEC(uint32_t) described, roots;
	/* Of the document being added: */
	const struct bom *part;
	struct str who;
	uint32_t document, input_shift;
	uint32_t *now; /* index in part to index in the result */
	struct map renamed_refs, renamed_licences;
	struct map renamed_others; /* references of what is no component: services, vulnerabilities, … */
};

/* merge_fields.c: folds a component of the document into component `to` of the result. */
void merge_component(struct merge *m, uint32_t to, const struct component *from);
void merge_reporters(struct merge *m, struct component *to, const struct component *from);
void merge_write_disagreements(struct merge *m);

/* merge_raw.c: raw JSON of the document with its references as they are in the result: values of "ref" and "subjects" are
 * followed, a "bom-ref" that is taken gets another name. */
struct str merge_raw(struct merge *m, struct str json);
/* The reference that the document's own now has. */
struct str merge_new_ref(struct merge *m, struct str ref);
struct annotation merge_annotation(struct merge *m, const struct annotation *x);

/* merge_parts.c */
void merge_prepare_licences(struct merge *m);
struct str merge_licence_value(struct merge *m, struct str value); /* with the document's own ids renamed */
void merge_rename_licences(struct merge *m, struct component *c);
void merge_unique_ref(struct merge *m, struct component *c);
void merge_edges(struct merge *m);
void merge_statements(struct merge *m);
void merge_document(struct merge *m, struct str label);
struct dependency *merge_edge(struct merge *m, struct dependency d);

#endif
