/* A bom as a CycloneDX document. */
#include "base/sha256.h"
#include "format/cyclonedx.h"

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

static void pass(struct cdx_writer *w)
{
	(void)w;
}

static void write_compositions(struct cdx_writer *w)
{
	bool says_so = false;

	if (!w->b->compositions.n && !w->b->incomplete)
		return;
	json_put_key(&w->j, "compositions");
	json_begin_array(&w->j);
	for (VEC_EACH(const struct composition, c, &w->b->compositions)) {
		says_so |= str_is(c->aggregate, "incomplete");
		if (c->extra.len) {
			json_put_raw(&w->j, c->extra);
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
	}
	json_end_array(&w->j);
}

static void write_claims(struct cdx_writer *w)
{
	if (!w->b->claims.n)
		return;
	json_put_key(&w->j, "vulnerabilities");
	json_begin_array(&w->j);
	for (VEC_EACH(const struct claim, c, &w->b->claims))
		if (str_starts(c->raw, STR("{")))
			json_put_raw(&w->j, c->raw);
	json_end_array(&w->j);
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

static void write_annotations(struct cdx_writer *w)
{
	const struct document *d = &w->b->document;
	size_t n = d->annotations.n;

	for (size_t i = 0; i < w->b->ncomponents; i++)
		n += w->b->components[i].annotations.n;
	if (!n)
		return;
	json_put_key(&w->j, "annotations");
	json_begin_array(&w->j);
	for (VEC_EACH(const struct annotation, a, &d->annotations))
		write_annotation(w, a, w->b->subject != NO_COMPONENT ? w->refs[w->b->subject] : STR_NONE);
	for (size_t i = 0; i < w->b->ncomponents; i++)
		for (VEC_EACH(const struct annotation, a, &w->b->components[i].annotations))
			write_annotation(w, a, w->refs[i]);
	json_end_array(&w->j);
}

static void write_components(struct cdx_writer *w)
{
	bool open = false;

	for (size_t i = 0; i < w->b->ncomponents; i++) {
		uint32_t parent = w->b->components[i].parent;
		if (i == w->b->subject || (parent != NO_COMPONENT && parent < w->b->ncomponents))
			continue;
		if (!open) {
			json_put_key(&w->j, "components");
			json_begin_array(&w->j);
		}
		open = true;
		cdx_write_component(w, (uint32_t)i);
	}
	if (open)
		json_end_array(&w->j);
}

enum result cyclonedx_json_write(struct format_writing *fw)
{
	struct cdx_writer w = { .w = fw, .b = fw->bom, .version = (unsigned)(fw->version.s[2] - '0') };
	const struct document *d = &fw->bom->document;
	uint64_t revision;

	json_writer_init(&w.j, fw->out, false);
	cdx_assign_refs(&w);
	index_children(&w);
	cdx_index_relationships(&w);
	json_begin_object(&w.j);
	if (w.version >= 4)
		json_member(&w.j, "$schema", arena_concat(fw->arena, STR("http://cyclonedx.org/schema/bom-"), fw->version,
							  STR(".schema.json")));
	json_member(&w.j, "bomFormat", STR("CycloneDX"));
	json_member(&w.j, "specVersion", fw->version);
	json_member_opt(&w.j, "serialNumber", serial_of(&w));
	json_member_int(&w.j, "version", str_to_u64(d->revision, &revision) && revision && revision < 1u << 31 ? (long long)revision : 1);
	json_put_key(&w.j, "metadata");
	cdx_write_metadata(&w);
	write_components(&w);
	if (d->references.n) {
		json_put_key(&w.j, "externalReferences");
		json_begin_array(&w.j);
		cdx_write_references(&w, d->references.items, d->references.n);
		json_end_array(&w.j);
	}
	if (fw->bom->dependencies.n) {
		json_put_key(&w.j, "dependencies");
		json_begin_array(&w.j);
		cdx_write_dependencies(&w, pass);
		json_end_array(&w.j);
	}
	write_compositions(&w);
	write_claims(&w);
	write_annotations(&w);
	for (VEC_EACH(const struct extra, e, &d->extra)) {
		if (!str_is(e->standard, "cyclonedx") || str_starts(e->field, STR("metadata.")) || !cdx_document_has(e->field, w.version))
			continue;
		json_put_key_str(&w.j, e->field);
		json_put_raw(&w.j, e->json);
	}
	json_end_object(&w.j);
	buf_addc(fw->out, '\n');
	return OK;
}
