/* SPDX 2.2 and 2.3 (ISO/IEC 5962:2021 and its successor): what the files format/spdx_*.c share. A syntax is read into the tree
 * of spdx_node.h, element by element, and the tree into a bom; the writers go the other way. */
#ifndef FORMAT_SPDX_H
#define FORMAT_SPDX_H

#include "base/map.h"
#include "format/format.h"
#include "format/spdx_node.h"

#define SPDX_DOCUMENT_ID "SPDXRef-DOCUMENT"
#define SPDX_SCOPE_COMMENT "bomgate scope: " /* comment of a DEPENDS_ON whose scope has no type of its own */
#define SPDX_TOOL "bomgate" /* annotator of what we keep for other formats */

/* What real documents do against the rules and is read all the same: told once a document, with the first place and the count. */
enum spdx_notice {
	SPDX_NOTICE_VALUE,	/* a value of the wrong type */
	SPDX_NOTICE_RELATION,	/* an unknown relationship type */
	SPDX_NOTICE_DANGLING,	/* a relationship to what is not there */
	SPDX_NOTICE_DUPLICATE,	/* an id that stands twice */
	SPDX_NOTICE_NAME,	/* a package without a name */
	SPDX_NOTICE_ALGORITHM,	/* an unknown hash algorithm */
	SPDX_NOTICE_PURPOSE,	/* an unknown purpose */
	SPDX_NOTICE_LICENCE,	/* not a licence expression */
	SPDX_NOTICE_ANNOTATION, /* an annotation of an element that is not there */
	SPDX_NOTICE_LINE,	/* tag-value: a line that is none */
	SPDX_NOTICE_COUNT,
};

struct spdx_kept {
	uint32_t component; /* or NO_COMPONENT: the document */
	struct str json;
};

struct spdx_pending {
	struct str element;
	struct annotation annotation;
	size_t offset;
};

struct spdx_reading {
	struct bom *bom;
	struct arena *scratch; /* gone when the document is read */
	struct str path;
	struct map ids;	 /* SPDXID to component index + 1; 0: an element that is no component (snippet) */
	struct str document_id;
	VEC(struct spdx_kept) kept;
	VEC(struct spdx_pending) pending;
	struct {
		size_t count, offset;
		struct str what;
	} notices[SPDX_NOTICE_COUNT];
};

void spdx_reading_open(struct spdx_reading *r, struct bom *b, struct str path);
/* Room for the elements and relationships of a text, by how often these words stand in it. */
void spdx_make_room(struct bom *b, struct str text, struct str id, struct str relation);
void spdx_notice(struct spdx_reading *r, enum spdx_notice n, size_t offset, struct str what);
/* A field of the document (or its creationInfo) but for the lists of elements. */
void spdx_read_document_field(struct spdx_reading *r, const struct spdx_node *field);
/* An element of packages, files, snippets, hasExtractedLicensingInfos, relationships. */
uint32_t spdx_read_package(struct spdx_reading *r, const struct spdx_node *node);
uint32_t spdx_read_file(struct spdx_reading *r, const struct spdx_node *node);
void spdx_read_snippet(struct spdx_reading *r, const struct spdx_node *node);
void spdx_read_extracted(struct spdx_reading *r, const struct spdx_node *node);
void spdx_read_relation(struct spdx_reading *r, const struct spdx_node *node);
/* component: whose it is, or NO_COMPONENT: the document's. */
void spdx_read_annotation(struct spdx_reading *r, uint32_t component, const struct spdx_node *node);
/* The same where only the element's id is known yet. */
void spdx_read_annotation_of(struct spdx_reading *r, struct str element, const struct spdx_node *node);
void spdx_edge(struct spdx_reading *r, struct str from, struct str type, struct str to, struct str comment, size_t offset);
/* OK with a warning for 2.x and a document that does not say; FAILED with a diagnostic for another. */
enum result spdx_check_version(struct spdx_reading *r);
void spdx_restore_edge(struct dependency *d);
/* Is it a relationshipType of SPDX 3.0.1 that SPDX 2 has none for? */
bool spdx3_has_relation(struct str type);
/* Resolves references, restores what was kept, finds the subject and the generator, tells the notices; frees the scratch. */
enum result spdx_reading_close(struct spdx_reading *r);

/* "Organization: Name (mail)" to a party and back; name absent for NOASSERTION. */
struct party spdx_party_parse(struct arena *a, struct str text);
struct str spdx_party_text(struct arena *a, const struct party *p);
/* "name-version" by the rule that the version begins behind the first '-' that a dotted number (or v and one) follows. */
void spdx_tool_split(struct str text, struct str *name, struct str *version);
/* The name of a package in SPDX: with the namespace where the ecosystem's own names have it. */
struct str spdx_package_name(struct arena *a, const struct component *c);
/* Splits c->name into group and name where spdx_package_name() would put them together again. */
void spdx_split_name(struct component *c);
/* Keeps the name as it was written where spdx_package_name() would not give it. */
void spdx_keep_name(struct spdx_reading *r, struct component *c, struct str whole);
/* The licence that an SPDX field says. */
struct licence spdx_licence_of(struct str text, enum licence_role role);
bool spdx_id_legal(struct str id);
/* The JSON string of a text, on the arena. */
struct str spdx_quoted(struct arena *a, struct str text);
/* scope_text() back to bits. */
unsigned spdx_scope_of(struct str words);

/* ---- what SPDX has no place for (spdx_keep.c, spdx_restore.c): an annotation by "Tool: bomgate", its comment the JSON object
 * {"bomgate": …}. */

/* The comment for component c (absent where there is nothing to keep). `fields` are SPDX fields that this version lacks. */
struct spdx_keep {
	struct format_writing *w;
	struct arena *arena;	     /* for the comment */
	struct str name;	     /* as it was written into the package, to see if the model's come back from it */
	bool licences;		     /* the licences cannot be read back from the SPDX fields */
	bool type;		     /* the purpose does not say it */
	bool hashes;		     /* some algorithm has no place */
	struct str parent;	     /* SPDXID of the component that this is nested in */
	VEC(struct extra) fields;
	VEC(struct str) purls, cpes; /* no legal locators */
	bool spdx3;		     /* the target is SPDX 3 */
};
/* Can SPDX 2 say this reference (annotation) whole? */
bool spdx_reference_fits(const struct external_reference *e);
bool spdx3_reference_fits(const struct external_reference *e);
bool spdx_annotation_fits(const struct annotation *a);
struct str spdx_keep_component(const struct spdx_keep *k, const struct component *c);
struct spdx_edge_text {
	struct str from, type, to, comment;
};
struct str spdx_keep_document(struct format_writing *w, bool spdx3, const struct spdx_edge_text *edges, size_t nedges, const struct extra *fields,
			      size_t nfields);
/* Is the annotation ours? Then *json is the value of "bomgate". */
bool spdx_kept_annotation(struct arena *a, struct str annotator, struct str comment, struct str *json);
void spdx_restore_component(struct spdx_reading *r, uint32_t component, struct str json);
void spdx_restore_document(struct spdx_reading *r, struct str json);

#endif
