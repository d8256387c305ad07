/* The rule table of CycloneDX (cyclonedx_rules.def) as data. */
#ifndef FORMAT_CYCLONEDX_RULES_H
#define FORMAT_CYCLONEDX_RULES_H

#include "base/str.h"

enum cdx_form {
	CDX_ATTR, CDX_ELEM, CDX_BODY, CDX_NONE, CDX_NONE_LIST, CDX_LIST, CDX_FLAT, CDX_REFLIST, CDX_FLATREF,
	CDX_LICENCES, CDX_UNION, CDX_ASSIGNEE, CDX_ASSERTER, CDX_DATA, CDX_MANY, CDX_TOOLS,
};

enum cdx_kind {
	CDX_TEXT, CDX_BOOL, CDX_INT, CDX_COUNT, CDX_POSITIVE, CDX_QUANTUM_LEVEL, CDX_NUMBER, CDX_PERCENT, CDX_DATETIME, CDX_DATE,
	CDX_URI, CDX_EMAIL, CDX_SERIAL, CDX_HASH, CDX_MIME, CDX_LOCALE, CDX_CRE, CDX_PATENT_NUMBER, CDX_COUNTRY, CDX_VERSION,
	CDX_RANGE, CDX_REF, CDX_LINK, CDX_CPE, CDX_LICENCE_ID, CDX_ANY, CDX_ONE_OF, CDX_OF,
};

enum { CDX_UNIQUE = 1, CDX_NOT_EMPTY = 2, CDX_ONCE_IN_1_5 = 4, CDX_OPEN = 1 };

struct cdx_field {
	struct str json;
	struct str xml, item; /* item: of LIST and REFLIST */
	enum cdx_form form;
	enum cdx_kind kind;
	unsigned of; /* record or value list */
	unsigned flags;
	unsigned char since[2], until[2];   /* [0] JSON, [1] XML; since 9: never */
	unsigned char needed_since[2], needed_until[2];
};

struct cdx_record {
	const char *name;
	bool open;
	const struct cdx_field *fields;
	size_t n;
};

enum cdx_choice_kind { CDX_EXACTLY_ONE, CDX_AT_MOST_ONE, CDX_AT_LEAST_ONE };
struct cdx_choice {
	unsigned record;
	const char *members;
	enum cdx_choice_kind kind;
	unsigned since;
};

enum cdx_record_id {
#define RECORD(name, flags) CDX_R_##name,
#define FIELD(form, json, xml, type, versions, needed, flags)
#define CHOICE(record, members, kind, since)
#define LIST_OF(name)
#define VALUES(since, until, words)
#include "format/cyclonedx_rules.def"
#undef RECORD
#undef FIELD
#undef CHOICE
#undef LIST_OF
#undef VALUES
	CDX_RECORDS
};

const struct cdx_record *cdx_record(unsigned id);
unsigned cdx_record_id(const struct cdx_record *r);
/* NULL where the record has no such field in any version. */
const struct cdx_field *cdx_field_json(const struct cdx_record *r, struct str key);
const struct cdx_field *cdx_field_xml(const struct cdx_record *r, struct str name, bool attribute);
bool cdx_field_in(const struct cdx_field *f, unsigned version, bool xml);
bool cdx_field_needed(const struct cdx_field *f, unsigned version, bool xml);
bool cdx_field_is_list(const struct cdx_field *f);
bool cdx_value_in(unsigned list, struct str word, unsigned version);
/* The n-th choice rule of a record that holds in the version, or NULL past the last. */
const struct cdx_choice *cdx_choice(unsigned record, unsigned version, size_t n);
/* What is wrong with a scalar of the field as text (already unquoted), static, or NULL. `xml`: by the lexical rules of XML. */
const char *cdx_scalar_fault(const struct cdx_field *f, struct str text, unsigned version, bool xml);

#endif
