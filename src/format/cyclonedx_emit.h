/* CycloneDX elements given as JSON in their fullest form, brought into one version and encoding by the rule table: what that
 * version lacks is left out and noted, what it spells otherwise is respelled. */
#ifndef FORMAT_CYCLONEDX_EMIT_H
#define FORMAT_CYCLONEDX_EMIT_H

#include "format/cyclonedx_rules.h"
#include "format/format.h"
#include "syntax/json_writer.h"

struct cdx_emit {
	struct arena *arena; /* scratch of its own: marks are popped; free it with cdx_emit_end */
	struct losses *losses; /* may be NULL */
	struct buf *out;
	unsigned version;
	bool xml;
	bool dry;	 /* write nothing, only count what would be lost */
	size_t lost;	 /* so far */
	struct json_writer j;
	unsigned depth;	 /* XML: open elements */
	bool tag_open;	 /* XML: attributes may still come */
	bool has_text;	 /* XML: no line break before the end tag */
	struct map refs; /* XML: bom-refs that were written */
	struct map items; /* of the document's list that is being written: what stood in it */
};

/* `a` holds what lasts for the document. */
void cdx_emit_init(struct cdx_emit *e, struct arena *a, unsigned version, bool xml, struct losses *losses, struct buf *out);
void cdx_emit_end(struct cdx_emit *e);
/* A field of a record with its JSON value. */
void cdx_emit_field(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw);
/* A list that comes item by item. */
void cdx_emit_list_begin(struct cdx_emit *e, const struct cdx_field *f);
void cdx_emit_list_item(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw);
/* The same for a list of the document itself, where a second equal item is left out. */
void cdx_emit_document_item(struct cdx_emit *e, const struct cdx_field *f, struct str raw);
void cdx_emit_list_end(struct cdx_emit *e, const struct cdx_field *f);

/* ---- shared by the files of the emitter */
void cdx_emit_record(struct cdx_emit *e, const struct cdx_record *r, struct str raw, struct str xml_name);
void cdx_emit_scalar(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw, struct str xml_name);
bool cdx_emit_acceptable(struct cdx_emit *e, const struct cdx_record *r, struct str raw);
void cdx_emit_loss(struct cdx_emit *e, const struct cdx_record *r, struct str field, bool kept);
/* Forms with a handler of their own; false where f is none of them. */
bool cdx_emit_special(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw);
/* The decoded string of a raw JSON string, else absent. */
struct str cdx_emit_string(struct cdx_emit *e, struct str raw);
/* The raw value of a member of a raw object, or absent. */
struct str cdx_emit_member(struct cdx_emit *e, struct str raw, const char *key);
/* for each raw item of a raw list: open, then next until false */
bool cdx_emit_items(struct cdx_emit *e, struct str raw, struct json_cursor *c);
bool cdx_emit_next(struct json_cursor *c, struct str *item);

/* Output in both encodings; nothing happens in a dry run. */
void cdx_out_key(struct cdx_emit *e, struct str key);
void cdx_xml_open(struct cdx_emit *e, struct str name);
void cdx_xml_attribute(struct cdx_emit *e, struct str name, struct str value);
void cdx_xml_text(struct cdx_emit *e, struct str text);
void cdx_xml_close(struct cdx_emit *e, struct str name);
/* An element that has only text. */
void cdx_xml_leaf(struct cdx_emit *e, struct str name, struct str text);

#endif
