/* What the writers of SPDX 3 share (spdx3_write*.c). */
#ifndef FORMAT_SPDX3_WRITING_H
#define FORMAT_SPDX3_WRITING_H

#include "format/spdx3.h"
#include "format/spdx_writing.h"

struct spdx3_writing {
	struct spdx_writing s; /* licences, ids of SPDX 2 form */
	struct json_writer j;
	struct str base, document; /* ids begin with base#; the document's own */
	struct str *ids;	   /* IRI of each component */
	struct map agents, expressions; /* to the ids of their elements */
	struct map kept_ids;	   /* elements that keep the id they came with */
	size_t made;
};

/* Begins an element object (type, spdxId, creationInfo); a new id "<base>#SPDXRef-<kind>-<n>". */
void spdx3_begin(struct spdx3_writing *x, const char *type, struct str id);
struct str spdx3_id(struct spdx3_writing *x, const char *kind);
struct str spdx3_agent(struct spdx3_writing *x, const struct party *p, bool tool);
void spdx3_put_licence(struct spdx3_writing *x, struct str element, const char *type, struct str expression);
/* annotator absent: by the document's own creation. */
void spdx3_put_annotation(struct spdx3_writing *x, struct str subject, const struct annotation *a);
/* The id of an end of an edge; absent where it is nothing that the document may name. */
struct str spdx3_end(struct spdx3_writing *x, uint32_t component, struct str ref);
void spdx3_write_relationships(struct spdx3_writing *x);
bool spdx3_is_file(const struct component *c);
void spdx3_write_component(struct spdx3_writing *x, uint32_t index);
void spdx3_write_claims(struct spdx3_writing *x);

#endif
