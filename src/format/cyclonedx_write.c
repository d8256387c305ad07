/* A bom as a CycloneDX document. */
#include "base/sha256.h"
#include "format/cyclonedx.h"
#include "format/cyclonedx_emit.h"

static struct str path_of(const struct bom *b, const struct component *c)
{
	for (VEC_EACH(const struct evidence, e, &c->evidence))
		if (e->input < b->inputs.n && b->inputs.items[e->input].path.len && !format_by_name(b->inputs.items[e->input].reader))
			return b->inputs.items[e->input].path;
	return STR_NONE;
}

/* The ref it came with, else its purl, else type and name and version; told apart by the file it was found in, then by number. */
static struct str ref_of(struct cdx_writer *w, struct map *taken, const struct component *c)
{
	struct arena *a = w->w->arena;
	bool fresh;
	struct str first = c->ref.len  ? c->ref :
			   c->purl.len ? c->purl :
					 arena_printf(a, "%.*s%s%.*s%s%.*s", STR_ARG(c->group), c->group.len ? "/" : "", STR_ARG(c->name),
						      c->version.len ? "@" : "", STR_ARG(c->version));
	if (first.len && !str_starts(first, STR("urn:cdx:"))) {
		map_put(taken, first, &fresh);
		if (fresh)
			return first;
	}
	struct str path = path_of(w->b, c);
	struct str base = path.len ? arena_printf(a, "%.*s|%.*s", STR_ARG(first), STR_ARG(path)) : first;
	for (unsigned n = path.len ? 1 : 2;; n++) {
		struct str ref = n == 1 ? base : arena_printf(a, "%.*s|%u", STR_ARG(base), n);
		map_put(taken, ref, &fresh);
		if (fresh)
			return ref;
	}
}

void cdx_assign_refs(struct cdx_writer *w)
{
	size_t n = w->b->ncomponents;
	struct map taken;

	map_init(&taken, w->w->arena);
	w->refs = arena_array(w->w->arena, n + 1, sizeof *w->refs);
	for (size_t i = 0; i < n; i++)
		w->refs[i] = ref_of(w, &taken, &w->b->components[i]);
}

static void index_children(struct cdx_writer *w)
{
	size_t n = w->b->ncomponents;

	w->first_child = arena_array(w->w->arena, n + 1, sizeof *w->first_child);
	w->next_sibling = arena_array(w->w->arena, n + 1, sizeof *w->next_sibling);
	for (size_t i = 0; i <= n; i++)
		w->first_child[i] = w->next_sibling[i] = NO_COMPONENT;
	for (size_t i = n; i > 0; i--) {
		uint32_t parent = w->b->components[i - 1].parent;
		if (parent == NO_COMPONENT || parent >= n || i - 1 == w->b->subject)
			continue;
		w->next_sibling[i - 1] = w->first_child[parent];
		w->first_child[parent] = (uint32_t)(i - 1);
	}
}

/* Version 5 of RFC 9562 in the namespace of URLs: the same document, the same UUID. */
static struct str uuid_of(struct arena *a, struct str name)
{
	static const uint8_t space[16] = { 0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8 };
	uint8_t d[20];

	sha1_of(arena_concat(a, str_make((const char *)space, 16), name, STR("")), d);
	d[6] = (uint8_t)((d[6] & 0x0f) | 0x50);
	d[8] = (uint8_t)((d[8] & 0x3f) | 0x80);
	struct str h = hex_of(a, d, 16);
	return arena_printf(a, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", h.s, h.s + 8, h.s + 12, h.s + 16, h.s + 20);
}

static bool is_uuid(struct str s)
{
	if (s.len != 36)
		return false;
	for (size_t i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? s.s[i] != '-' : ascii_hex(s.s[i]) < 0 || (s.s[i] >= 'A' && s.s[i] <= 'F'))
			return false;
	}
	return true;
}

static struct str serial_of(struct cdx_writer *w)
{
	struct str s = w->b->document.serial;

	if (!s.len)
		return STR_NONE;
	if (s.len >= 36) {
		struct str tail = arena_lower(w->w->arena, str_from(s, s.len - 36));
		if (is_uuid(tail))
			return arena_concat(w->w->arena, STR("urn:uuid:"), tail, STR(""));
	}
	return uuid_of(w->w->arena, s);
}

static struct str take_piece(struct cdx_writer *w)
{
	return buf_str(&w->piece);
}

static void next_piece(struct cdx_writer *w)
{
	buf_reset(&w->piece);
	json_writer_init(&w->j, &w->piece, true);
}

static const struct cdx_field *document_field(const char *name)
{
	return cdx_field_json(cdx_record(CDX_R_bom), str_of(name));
}

void cdx_flush_item(struct cdx_writer *w, const char *list)
{
	if (w->as_it_is)
		json_put_raw(&w->emit->j, take_piece(w));
	else
		cdx_emit_document_item(w->emit, document_field(list), take_piece(w));
	buf_checkpoint(w->w->out);
	next_piece(w);
}

static void write_compositions(struct cdx_writer *w)
{
	bool says_so = false;

	for (VEC_EACH(const struct composition, c, &w->b->compositions)) {
		says_so |= str_is(c->aggregate, "incomplete");
		if (c->extra.len) {
			json_put_raw(&w->j, c->extra);
			cdx_flush_item(w, "compositions");
			continue;
		}
		json_begin_object(&w->j);
		json_member(&w->j, "aggregate", c->aggregate.len ? c->aggregate : STR("not_specified"));
		const struct {
			const char *key;
			const struct str *items;
			size_t n;
		} lists[] = { { "assemblies", c->assemblies.items, c->assemblies.n },
			      { "dependencies", c->dependencies.items, c->dependencies.n },
			      { "vulnerabilities", c->vulnerabilities.items, c->vulnerabilities.n } };
		for (size_t i = 0; i < 3; i++) {
			if (!lists[i].n)
				continue;
			json_put_key(&w->j, lists[i].key);
			json_begin_array(&w->j);
			for (size_t k = 0; k < lists[i].n; k++)
				json_put_string(&w->j, lists[i].items[k]);
			json_end_array(&w->j);
		}
		json_end_object(&w->j);
		cdx_flush_item(w, "compositions");
	}
	if (w->b->incomplete && !says_so) {
		json_begin_object(&w->j);
		json_member(&w->j, "aggregate", STR("incomplete"));
		if (w->b->subject != NO_COMPONENT) {
			json_put_key(&w->j, "assemblies");
			json_begin_array(&w->j);
			json_put_string(&w->j, w->refs[w->b->subject]);
			json_end_array(&w->j);
		}
		json_end_object(&w->j);
		cdx_flush_item(w, "compositions");
	}
}

static void write_claims(struct cdx_writer *w)
{
	for (VEC_EACH(const struct claim, c, &w->b->claims)) {
		if (!str_starts(c->raw, STR("{")))
			continue;
		cdx_emit_document_item(w->emit, document_field("vulnerabilities"), c->raw);
	}
}

static void write_annotation(struct cdx_writer *w, const struct annotation *a, struct str subject)
{
	if (str_starts(a->extra, STR("{")) && str_has(a->extra, STR("\"subjects\""))) {
		json_put_raw(&w->j, a->extra);
		return;
	}
	bool organization = str_starts(a->annotator, STR("Organization:"));
	json_begin_object(&w->j);
	json_put_key(&w->j, "subjects");
	json_begin_array(&w->j);
	if (subject.len)
		json_put_string(&w->j, subject);
	json_end_array(&w->j);
	json_put_key(&w->j, "annotator");
	json_begin_object(&w->j);
	json_put_key(&w->j, organization ? "organization" : "individual");
	json_begin_object(&w->j);
	json_member_opt(&w->j, "name", a->annotator);
	json_end_object(&w->j);
	json_end_object(&w->j);
	json_member(&w->j, "timestamp", cdx_is_datetime(a->date) ? a->date : STR("1970-01-01T00:00:00Z"));
	json_member(&w->j, "text", a->comment.s ? a->comment : STR(""));
	json_end_object(&w->j);
}

void cdx_write_annotations(struct cdx_writer *w, void (*flush)(struct cdx_writer *w, const char *list))
{
	for (VEC_EACH(const struct annotation, a, &w->b->document.annotations)) {
		write_annotation(w, a, w->b->subject != NO_COMPONENT ? w->refs[w->b->subject] : STR_NONE);
		if (flush)
			flush(w, "annotations");
	}
	for (size_t i = 0; i < w->b->ncomponents; i++)
		for (VEC_EACH(const struct annotation, a, &component_more(&w->b->components[i])->annotations)) {
			write_annotation(w, a, w->refs[i]);
			if (flush)
				flush(w, "annotations");
		}
}

static void write_annotations(struct cdx_writer *w)
{
	cdx_write_annotations(w, cdx_flush_item);
}

static void write_components(struct cdx_writer *w)
{
	for (size_t i = 0; i < w->b->ncomponents; i++) {
		uint32_t parent = w->b->components[i].parent;
		if (i == w->b->subject || (parent != NO_COMPONENT && parent < w->b->ncomponents))
			continue;
		w->as_it_is = w->own && cdx_is_plain(w, &w->b->components[i]);
		cdx_write_component(w, (uint32_t)i);
		cdx_flush_item(w, "components");
	}
	w->as_it_is = false;
}

static void write_references(struct cdx_writer *w)
{
	for (VEC_EACH(const struct external_reference, e, &w->b->document.references)) {
		cdx_write_references(w, e, 1);
		cdx_flush_item(w, "externalReferences");
	}
}

size_t cdx_count_annotations(const struct bom *b)
{
	size_t n = b->document.annotations.n;

	for (size_t i = 0; i < b->ncomponents; i++)
		n += component_more(&b->components[i])->annotations.n;
	return n;
}

/* The lists of the document that come from the model; the rest of its fields is what was kept. */
static bool write_list(struct cdx_writer *w, const struct cdx_field *f)
{
	const struct bom *b = w->b;
	const struct {
		const char *name;
		size_t n;
		void (*write)(struct cdx_writer *w);
	} lists[] = {
		{ "components", b->ncomponents - (b->subject != NO_COMPONENT), write_components },
		{ "externalReferences", b->document.references.n, write_references },
		{ "dependencies", b->dependencies.n, cdx_write_dependencies },
		{ "compositions", b->compositions.n + b->incomplete, write_compositions },
		{ "vulnerabilities", b->claims.n, write_claims },
		{ "annotations", cdx_count_annotations(b), write_annotations },
	};

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		if (!str_is(f->json, lists[i].name))
			continue;
		if (!lists[i].n)
			return true;
		if (!cdx_field_in(f, w->version, w->emit->xml)) {
			bool kept = lists[i].write == write_annotations && w->version >= 3;
			for (size_t k = 0; k < lists[i].n; k++)
				cdx_emit_loss(w->emit, cdx_record(CDX_R_bom), f->json, kept);
			return true;
		}
		cdx_emit_list_begin(w->emit, f);
		w->as_it_is = w->own && lists[i].write == cdx_write_dependencies;
		lists[i].write(w);
		w->as_it_is = false;
		cdx_emit_list_end(w->emit, f);
		return true;
	}
	return false;
}

static void write_fields(struct cdx_writer *w)
{
	const struct cdx_record *bom = cdx_record(CDX_R_bom);
	const struct document *d = &w->b->document;

	for (size_t i = 0; i < bom->n; i++) {
		const struct cdx_field *f = &bom->fields[i];
		if (f->form == CDX_ATTR || f->form == CDX_NONE || write_list(w, f))
			continue;
		if (str_is(f->json, "metadata")) {
			cdx_write_metadata(w);
			cdx_emit_field(w->emit, bom, f, take_piece(w));
			next_piece(w);
			continue;
		}
		char name[40];
		snprintf(name, sizeof name, "%.*s", STR_ARG(f->json));
		const struct extra *e = cdx_extra(d->extra.items, d->extra.n, name);
		if (e && cdx_field_in(f, w->version, w->emit->xml))
			cdx_emit_field(w->emit, bom, f, e->json);
	}
	for (VEC_EACH(const struct extra, e, &d->extra))
		if (str_is(e->standard, "cyclonedx") && str_is(e->field, "signature"))
			cdx_emit_loss(w->emit, bom, STR("signature, which does not hold for the new bytes"), false);
}

static long long revision_of(const struct document *d)
{
	uint64_t n;

	return str_to_u64(d->revision, &n) && n && n < 1u << 31 ? (long long)n : 1;
}

static void begin_json(struct cdx_writer *w)
{
	struct json_writer *j = &w->emit->j;

	json_begin_object(j);
	if (w->version >= 4)
		json_member(j, "$schema", arena_concat(w->w->arena, STR("http://cyclonedx.org/schema/bom-"), w->w->version, STR(".schema.json")));
	json_member(j, "bomFormat", STR("CycloneDX"));
	json_member(j, "specVersion", w->w->version);
	json_member_opt(j, "serialNumber", serial_of(w));
	json_member_int(j, "version", revision_of(&w->b->document));
}

static void begin_xml(struct cdx_writer *w)
{
	struct arena *a = w->w->arena;

	buf_adds(w->w->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
	cdx_xml_open(w->emit, STR("bom"));
	cdx_xml_attribute(w->emit, STR("xmlns"), arena_concat(a, STR("http://cyclonedx.org/schema/bom/"), w->w->version, STR_NONE));
	if (w->b->document.serial.len)
		cdx_xml_attribute(w->emit, STR("serialNumber"), serial_of(w));
	cdx_xml_attribute(w->emit, STR("version"), arena_printf(a, "%lld", revision_of(&w->b->document)));
}

enum result cdx_write(struct format_writing *fw, bool xml)
{
	struct cdx_writer w = { .w = fw, .b = fw->bom, .version = (unsigned)(fw->version.s[2] - '0') };
	struct cdx_emit emit;

	cdx_emit_init(&emit, fw->arena, w.version, xml, fw->losses, fw->out);
	w.emit = &emit;
	buf_init(&w.piece, 0);
	next_piece(&w);
	w.own = !xml && w.version >= 6 && !fw->bom->document.standard.s;
	for (size_t i = 0; i < fw->bom->ncomponents && w.own; i++)
		w.own = !fw->bom->components[i].ref.s && fw->bom->components[i].parent == NO_COMPONENT;
	cdx_assign_refs(&w);
	index_children(&w);
	cdx_index_relationships(&w);
	if (xml)
		begin_xml(&w);
	else
		begin_json(&w);
	write_fields(&w);
	if (xml)
		cdx_xml_close(&emit, STR("bom"));
	else
		json_end_object(&emit.j);
	buf_addc(fw->out, '\n');
	buf_free(&w.piece);
	cdx_emit_end(&emit);
	return fw->out->full ? FAILED : OK;
}

enum result cyclonedx_json_write(struct format_writing *fw)
{
	return cdx_write(fw, false);
}

enum result cyclonedx_xml_write(struct format_writing *fw)
{
	return cdx_write(fw, true);
}
