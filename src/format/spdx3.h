/* SPDX 3.0 (3.0.1 and what says 3.0) as JSON-LD: a graph of elements, each inline where it is used or by its id. What the files
 * format/spdx3_*.c share. */
#ifndef FORMAT_SPDX3_H
#define FORMAT_SPDX3_H

#include "format/spdx.h"

/* An element that is no component of the model: agents, tools, licences, identifiers, vulnerabilities, collections. */
struct spdx3_element {
	struct str type, name, email, text, url, comment; /* text: expression, licence text, identifier */
	struct str kind;			     /* of an identifier: "packageUrl" */
	VEC(struct str) members;		     /* of a collection: rootElement; of a licence set: its licences */
	VEC(struct str) aliases;		     /* identifiers of a vulnerability */
	VEC(struct str) urls;			     /* where a licence text is to be found */
};

enum spdx3_link_kind { LINK_SUPPLIER, LINK_ORIGINATOR, LINK_IDENTIFIER, LINK_DECLARED, LINK_CONCLUDED };
struct spdx3_link {
	uint32_t component; /* NO_COMPONENT: by `from` */
	struct str from, to;
	enum spdx3_link_kind kind;
};

struct spdx3_creation {
	struct str id, created, version, comment;
	VEC(struct str) by, using;
};

/* A LicenseRef of an expression and the element that it names. */
struct spdx3_custom {
	struct str key, to;
};

struct spdx3_vex {
	struct str vulnerability, state, justification, detail;
	VEC(struct str) products;
};

struct spdx3_reading {
	struct spdx_reading r;	/* its ids, edges, notices */
	struct map elements;	/* id to struct spdx3_element */
	struct map claimed;	/* ids of vulnerabilities that a claim speaks of */
	VEC(struct spdx3_link) links;
	VEC(struct spdx3_creation) creations;
	VEC(struct spdx3_vex) vex;
	VEC(struct spdx3_custom) customs;
	VEC(struct str) roots;
	struct str document, document_creation, data_licence;
	unsigned made; /* ids made for inline elements without one */
	size_t offset; /* of the element that is being read */
};

/* An element of the graph (or inline); returns its id. */
struct str spdx3_read_element(struct spdx3_reading *s, const struct json *e);
/* A value that may be an id or an inline element: its id; absent for neither. */
struct str spdx3_ref(struct spdx3_reading *s, const struct json *v);
/* The values of a member that may be one value or an array: for (v = first; v; v = spdx3_next(v)). */
const struct json *spdx3_first(const struct json *e, const char *key);
const struct json *spdx3_next(const struct json *v);
/* Everything that had to wait until all elements were there. */
void spdx3_link_all(struct spdx3_reading *s);
/* The JSON of a tree again, compact, on the arena. */
struct str spdx3_raw(struct arena *a, const struct json *j);

/* CycloneDX's words for externalRefType; NULL: none that comes back. */
const char *spdx3_reference_type(struct str word);
struct str spdx3_reference_word(struct str type);
struct str spdx3_purpose(enum component_type t); /* absent: none */
bool spdx3_purpose_of(struct str word, enum component_type *out);

#endif
