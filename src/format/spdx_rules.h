/* The rule table of SPDX 2 (spdx_rules.def) and look-ups in it. */
#ifndef FORMAT_SPDX_RULES_H
#define FORMAT_SPDX_RULES_H

#include "model/bom.h"

enum spdx_object {
#define OBJECT(id, name, tag) O_##id,
#define FIELD(...)
#define FORM(...)
#define VALUES(...)
#include "format/spdx_rules.def"
#undef OBJECT
#undef FIELD
#undef FORM
#undef VALUES
	O_COUNT,
};

enum spdx_values {
#define OBJECT(...)
#define FIELD(...)
#define FORM(...)
#define VALUES(id, words) V_##id,
#include "format/spdx_rules.def"
#undef OBJECT
#undef FIELD
#undef FORM
#undef VALUES
	V_COUNT,
};

enum spdx_type {
	T_LINE,	       /* a string without a line break */
	T_TEXT,	       /* a string that may have line breaks */
	T_DATE,	       /* YYYY-MM-DDThh:mm:ssZ */
	T_URI,	       /* absolute, without a fragment */
	T_ID,	       /* SPDXRef-… of the element itself */
	T_DOCUMENT_ID, /* DocumentRef-… */
	T_LICENCE_ID,  /* LicenseRef-… */
	T_ELEMENT,     /* a reference to an element, here or (DocumentRef-…:) elsewhere; NONE, NOASSERTION */
	T_LICENCE,     /* a licence expression; NONE, NOASSERTION */
	T_PARTY,       /* Person: …, Organization: …, NOASSERTION */
	T_CREATOR,     /* Person: …, Organization: …, Tool: … */
	T_DOWNLOAD,    /* a URL or version control location; NONE, NOASSERTION */
	T_HOMEPAGE,    /* a URL; NONE, NOASSERTION */
	T_LOCATOR,     /* the locator of an external reference: no blank */
	T_LIST_VERSION, /* 3.17 */
	T_HEX,
	T_BOOL,
	T_INT,
	T_ENUM,
	T_OBJECT,
};

enum spdx_flags {
	REQ = 1,
	REQ22 = 2, /* required up to 2.2 */
	MANY = 4,
};

/* One id a field: F_<object>_<field>, in the order of the table. */
enum spdx_field_id {
#define OBJECT(...)
#define FIELD(object, id, json, tag, type, of, flags, since, until) F_##object##_##id,
#define FORM(...)
#define VALUES(...)
#include "format/spdx_rules.def"
#undef OBJECT
#undef FIELD
#undef FORM
#undef VALUES
	F_COUNT,
};

struct spdx_field {
	enum spdx_object object;
	enum spdx_field_id id;
	const char *json, *tag; /* "" where the syntax has none */
	enum spdx_type type;
	int of;		/* enum spdx_object or spdx_values */
	unsigned flags;
	int since, until; /* 22, 23, or 0 */
};

extern const struct spdx_field spdx_fields[F_COUNT];

const char *spdx_object_name(enum spdx_object o);
const char *spdx_object_tag(enum spdx_object o);
const char *spdx_object_form(enum spdx_object o); /* NULL: none */
/* The field of an object by its JSON key; NULL where it has none. */
const struct spdx_field *spdx_field_by_json(enum spdx_object o, struct str key);
/* The fields of an object: spdx_fields[*first] up to before [*end]. */
void spdx_object_fields(enum spdx_object o, size_t *first, size_t *end);
/* Does the field exist in that version (22, 23)? */
bool spdx_field_in(const struct spdx_field *f, int version);
/* "2.2", "SPDX-2.2", … to 22; 0 where unknown. */
int spdx_version_of(struct str version);
/* The enumeration's own spelling of a word: any case, '-' and '_' alike; absent where it is none, or younger than `version`
 * (0: any). */
struct str spdx_value_of(enum spdx_values v, struct str word, int version);

/* ---- relationship types and hash algorithms */
struct spdx_relation {
	const char *type;
	enum dependency_kind kind;
	unsigned scope;
	bool turned;
	int since;
	const char *spdx3;
	bool spdx3_turned;
};
extern const struct spdx_relation spdx_relations[];
extern const size_t spdx_relations_n;
/* By its name as spdx_value_of reads it (DESCRIBE is read as DESCRIBES); NULL where unknown. */
const struct spdx_relation *spdx_relation_by_type(struct str type);
/* The type that an edge of the model is written as where the scope is exactly this; NULL where there is none. */
const struct spdx_relation *spdx_relation_for(enum dependency_kind kind, unsigned scope);

struct spdx_algorithm {
	const char *spdx2, *model, *spdx3;
	unsigned digits;
	int since;
};
extern const struct spdx_algorithm spdx_algorithms[];
extern const size_t spdx_algorithms_n;
/* By any of the three spellings, without regard to case; NULL where unknown. */
const struct spdx_algorithm *spdx_algorithm_of(struct str name);

#endif
