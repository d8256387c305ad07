/* What the writers of SPDX 2 share (spdx_write*.c, spdx_conform.c). */
#ifndef FORMAT_SPDX_WRITING_H
#define FORMAT_SPDX_WRITING_H

#include "format/spdx.h"

/* A syntax: takes the document piece by piece. List is one of the document's MANY fields, or NULL for the head: the fields of the
 * document itself (creationInfo, annotations and all), which come first. */
struct spdx_emitter {
	void *to;
	bool files_first; /* files and snippets before packages */
	bool underscores; /* enumerations of JSON in 2.2: PACKAGE_MANAGER */
	void (*head)(void *to, const struct spdx_node *document);
	void (*begin)(void *to, const struct spdx_field *list);
	void (*element)(void *to, const struct spdx_field *list, const struct spdx_node *element);
	void (*end)(void *to, const struct spdx_field *list);
};

struct spdx_writing {
	struct format_writing *w;
	const struct spdx_emitter *emit;
	int version;	       /* 22, 23 */
	struct arena *scratch; /* of one element */
	struct str created;    /* the document's time, as written */
	struct str *ids;       /* SPDXID of each component */
	bool *as_file;	       /* written as a file, not as a package */
	uint32_t *first_file, *next_file; /* files that a package contains: index + 1 */
	struct map refs;       /* id in the source to component index + 1, or 0: an element that is no component */
	struct map externals;  /* DocumentRef-… that the document declares */
	struct map licence_refs; /* LicenseRef-… that were used: 1 declared by the document, 2 made by us, 3 not declared */
	struct map made_licences; /* name to LicenseRef-… (value: entry of licence_refs) */
	VEC(struct extracted_licence) made;
};

/* Puts every value of the element into legal form, by the rule table; what has none is taken out and appended to `dropped`
 * (may be NULL) as an SPDX field. Fills required fields that may be NOASSERTION. */
struct spdx_dropped {
	VEC(struct extra) fields;
};
void spdx_conform(struct spdx_writing *s, struct spdx_node *element, struct spdx_dropped *dropped);
/* The licence expression of all licences of the roles in `roles` (bits 1 << role), joined by AND; absent where there are none.
 * *lossy is set where they cannot be read back from it. */
struct str spdx_licence_text(struct spdx_writing *s, const struct licence *items, size_t n, unsigned roles, bool *lossy);
/* One expression with unknown identifiers turned into LicenseRef-…, which are remembered; absent where it is none at all. */
bool spdx_url_legal(struct str url);
struct str spdx_licence_legal(struct spdx_writing *s, struct str expression, bool *changed);
bool spdx_licence_ref_legal(struct str id);
/* A licence of the document whose id is not legal: it gets one, under which references to it are written. */
void spdx_adopt_licence(struct spdx_writing *s, const struct extracted_licence *e);
struct str spdx_time(struct arena *a, struct str text); /* YYYY-MM-DDThh:mm:ssZ, or absent */
bool spdx_cpe_legal(struct str cpe);
bool spdx_purl_legal(struct str purl);

struct str spdx_document_name(struct spdx_writing *s);
/* The document's namespace where it has one that is legal, else made from its UUID, else from its name and time. */
struct str spdx_namespace(struct spdx_writing *s, struct str name);
/* s->ids (and s->refs); s->as_file is set. */
void spdx_assign_ids(struct spdx_writing *s);
/* Where nothing says what the document is about: whatever nothing else contains or depends on, else all. */
void spdx_find_roots(struct spdx_writing *s, bool *roots);
void spdx_write_package(struct spdx_writing *s, uint32_t index);
void spdx_write_file(struct spdx_writing *s, uint32_t index);
void spdx_write_relationships(struct spdx_writing *s);
bool spdx_is_file(const struct component *c);
void spdx_add_annotation(struct spdx_writing *s, struct spdx_node *to, enum spdx_field_id list, struct str annotator, struct str date,
			 struct str type, struct str comment);
/* The whole document through an emitter. */
enum result spdx_write(struct format_writing *w, const struct spdx_emitter *emit);
/* The id that a reference of the source is written as; absent where it is dangling. */
struct str spdx_ref_text(struct spdx_writing *s, struct str ref);

#endif
