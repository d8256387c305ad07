/* CycloneDX 1.2 to 1.7 (cyclonedx.org, ECMA-424): what the files format/cyclonedx_*.c share. The rules of the standard stand in
 * cyclonedx_rules.def. JSON is the form that is read into and written from a bom; XML is turned into it and made from it by
 * the rules (cyclonedx_xml_read.c, cyclonedx_emit.c). */
#ifndef FORMAT_CYCLONEDX_H
#define FORMAT_CYCLONEDX_H

#include <stdio.h>

#include "base/map.h"
#include "format/format.h"
#include "syntax/json.h"
#include "syntax/json_writer.h"

/* Properties of our own carry what the standard has no field for; they are read back. */
#define CDX_OWN "bomgate:"
#define CDX_OWN_EXTRA CDX_OWN "extra:" /* + standard + ":" + field, the value is raw JSON */

/* Where an offset in the JSON text that XML was turned into comes from in the XML. */
struct cdx_place {
	size_t json, xml;
};
struct cdx_places {
	struct cdx_place *items; /* ascending */
	size_t n, cap;
};

struct cdx_reader {
	struct bom *b;
	struct str path;
	struct json_cursor c;
	struct map refs; /* bom-ref to component index */
	struct arena *scratch;
	const struct cdx_places *places; /* NULL: the text is the document */
	enum result result;
	VEC(struct str) other_refs; /* of services and others that a dependency may name */
	VEC(struct dependency) amendments; /* what our own properties say of edges */
};

/* Reads a CycloneDX JSON text into b. */
enum result cdx_read_text(struct bom *b, struct str path, struct str text, const struct cdx_places *places);
/* The offset in the document itself. */
size_t cdx_offset(const struct cdx_reader *r, size_t at);
void cdx_warn(struct cdx_reader *r, size_t at, const char *code, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* ---- elements under the cursor (cyclonedx_read_parts.c) */

/* Enters a list; a value of another type is reported and skipped (null silently): false. Then json_next() until it is false. */
bool cdx_enter_list(struct cdx_reader *r, const char *what);
bool cdx_enter_object(struct cdx_reader *r, const char *what);
/* A string; a number is taken as its digits, null as absent, anything else is reported and skipped. */
struct str cdx_string(struct cdx_reader *r, const char *what);
struct hash cdx_read_hash(struct cdx_reader *r);
struct licence cdx_read_licence(struct cdx_reader *r);
struct property cdx_read_property(struct cdx_reader *r);
struct external_reference cdx_read_reference(struct cdx_reader *r);
struct party cdx_read_entity(struct cdx_reader *r);
struct party cdx_read_contact(struct cdx_reader *r);
/* The component under the cursor with all that is nested in it; returns its index. */
uint32_t cdx_read_component(struct cdx_reader *r, uint32_t parent);
void cdx_read_metadata(struct cdx_reader *r);
void cdx_read_annotation(struct cdx_reader *r);
void cdx_read_lifecycle(struct cdx_reader *r);
/* A value that the model has no place for, as raw JSON. */
struct extra cdx_read_extra(struct cdx_reader *r, struct str field);
/* The place of key in the NULL-terminated list, refusing one that stood before; -1 where it is not in the list. */
int cdx_key(struct json_cursor *c, const char *const *keys, struct str key, uint64_t *seen);
/* Takes what our own properties carry back into the component or document; the rest stays. */
void cdx_restore_component(struct cdx_reader *r, struct component *c, uint32_t index);
void cdx_restore_document(struct cdx_reader *r, struct document *d);

/* ---- writing */
struct cdx_emit;
struct cdx_writer {
	struct format_writing *w;
	const struct bom *b;
	struct json_writer j; /* into `piece`: one element in its fullest form, which the emitter then brings into the version */
	struct buf piece;
	struct cdx_emit *emit;
	unsigned version; /* 6 for 1.6 */
	bool own;	  /* a JSON document of 1.6 or later made from sources: nothing in it has to be fitted to the version */
	bool as_it_is;	  /* the piece that is written now */
	struct str *refs; /* of each component: unique */
	uint32_t *first_child, *next_sibling;
	uint32_t *relation_of, *next_relation; /* edges that become properties, by their source: index + 1 */
};
/* Edges that `dependencies` cannot say become properties of their source (or of the document). */
void cdx_index_relationships(struct cdx_writer *w);
void cdx_write_relationships(struct cdx_writer *w, uint32_t component, bool *open);
void cdx_write_outer_relationships(struct cdx_writer *w, bool *open);
/* `dependencies`, one element after another. */
void cdx_write_dependencies(struct cdx_writer *w);
/* Hands the piece just written to the emitter as an item of a list of the document, and begins the next. */
void cdx_flush_item(struct cdx_writer *w, const char *list);
/* Is "services" or "metadata.manufacture" a field of that version (6 for 1.6)? */
bool cdx_document_has(struct str field, unsigned version);
/* RFC 3339 date and time, as the schemas ask for. */
bool cdx_is_datetime(struct str s);
bool cdx_is_date(struct str s);
/* The identifier as CycloneDX spells it, found without regard to case; absent where it does not know it. */
struct str cdx_licence_id(struct str id);
enum result cdx_write(struct format_writing *fw, bool xml);
void cdx_write_component(struct cdx_writer *w, uint32_t index);
void cdx_write_metadata(struct cdx_writer *w);
/* All annotations, of the document and of components; after each, `flush` with the name of the list (NULL: nothing). */
void cdx_write_annotations(struct cdx_writer *w, void (*flush)(struct cdx_writer *w, const char *list));
size_t cdx_count_annotations(const struct bom *b);
void cdx_write_hashes(struct cdx_writer *w, const struct hash *items, size_t n);
void cdx_write_licences(struct cdx_writer *w, const struct licence *items, size_t n);
void cdx_write_references(struct cdx_writer *w, const struct external_reference *items, size_t n);
void cdx_write_entity(struct cdx_writer *w, const char *key, const struct party *p);
void cdx_write_contact(struct cdx_writer *w, const struct party *p);
void cdx_write_property(struct cdx_writer *w, const char *name, struct str value);
bool cdx_hash_fits(const struct cdx_writer *w, const struct hash *h);
bool cdx_reference_fits(const struct cdx_writer *w, const struct external_reference *e);
bool cdx_licence_is_unsaid(const struct licence *l);
size_t cdx_write_licence_properties(struct cdx_writer *w, const struct licence *items, size_t n, bool count_only);
void cdx_put_members(struct cdx_writer *w, struct str raw, const char *const *but);
/* Is everything of the component sure to be valid as the writer writes it? Then it need not go through the rules. */
bool cdx_is_plain(const struct cdx_writer *w, const struct component *c);
/* Unique refs for all components. */
void cdx_assign_refs(struct cdx_writer *w);
const struct extra *cdx_extra(const struct extra *items, size_t n, const char *field);

static inline struct str cdx_arena_raw(struct arena *a, struct str raw)
{
	return raw.s ? arena_str(a, raw) : raw;
}

#endif
