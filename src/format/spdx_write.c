/* A bom as an SPDX 2 document, in whichever syntax: the document's own fields, ids, relationships. */
#include "base/diag.h"
#include "base/sha256.h"
#include "format/spdx_writing.h"

/* ---- ids */

static struct str made_id(struct spdx_writing *s, const struct component *c, bool file)
{
	struct str purl_type = c->purl.len ? str_sub(c->purl, 4, str_chr(c->purl, '/') - 4) : STR("");
	struct str id = arena_printf(s->w->arena, "SPDXRef-%s-%.*s%s%.*s%s%.*s", file ? "File" : "Package", STR_ARG(str_sub(purl_type, 0, 20)),
				     purl_type.len ? "-" : "", STR_ARG(str_sub(spdx_package_name(s->w->arena, c), 0, 120)),
				     c->version.len ? "-" : "", STR_ARG(str_sub(c->version, 0, 60)));
	char *p = (char *)(uintptr_t)id.s;

	for (size_t i = 8; i < id.len; i++)
		if (!ascii_alpha(p[i]) && !ascii_digit(p[i]) && p[i] != '.')
			p[i] = '-';
	return id;
}

void spdx_assign_ids(struct spdx_writing *s)
{
	const struct bom *b = s->w->bom;
	struct map taken;
	bool fresh;

	map_init(&taken, s->w->arena);
	map_put(&taken, STR(SPDX_DOCUMENT_ID), NULL);
	s->ids = arena_array(s->w->arena, b->ncomponents + 1, sizeof *s->ids);
	for (size_t i = 0; i < b->ncomponents; i++) { /* those that can stay as they are, first */
		struct str ref = b->components[i].ref;
		if (!spdx_id_legal(ref))
			continue;
		map_put(&taken, ref, &fresh);
		if (fresh)
			s->ids[i] = ref;
	}
	for (size_t i = 0; i < b->ncomponents; i++) { /* SPDX 3: "https://…#SPDXRef-x" */
		struct str ref = b->components[i].ref;
		size_t hash = str_chr(ref, '#');
		if (s->ids[i].s || hash == STR_NOT_FOUND || !spdx_id_legal(str_from(ref, hash + 1)))
			continue;
		map_put(&taken, str_from(ref, hash + 1), &fresh);
		if (fresh)
			s->ids[i] = str_from(ref, hash + 1);
	}
	for (size_t i = 0; i < b->ncomponents; i++) {
		if (s->ids[i].s)
			continue;
		struct str base = made_id(s, &b->components[i], s->as_file[i]), id = base;
		for (unsigned n = 2; map_has(&taken, id); n++)
			id = arena_printf(s->w->arena, "%.*s-%u", STR_ARG(base), n);
		map_put(&taken, id, NULL);
		s->ids[i] = id;
	}
	for (size_t i = 0; i < b->ncomponents; i++)
		if (b->components[i].ref.len) {
			struct map_entry *e = map_put(&s->refs, b->components[i].ref, &fresh);
			if (fresh)
				e->value.num = i + 1;
		}
}

struct str spdx_ref_text(struct spdx_writing *s, struct str ref)
{
	const struct map_entry *e = map_get(&s->refs, ref);
	size_t colon = str_chr(ref, ':');

	if (e && e->value.num)
		return s->ids[e->value.num - 1];
	if (str_is(ref, SPDX_DOCUMENT_ID) || str_is(ref, "NONE") || str_is(ref, "NOASSERTION") || e)
		return ref;
	if (colon != STR_NOT_FOUND && map_has(&s->externals, str_sub(ref, 0, colon)) && spdx_id_legal(str_from(ref, colon + 1)))
		return ref;
	return STR_NONE;
}

/* ---- relationships */

static struct str from_id(struct spdx_writing *s, const struct dependency *d)
{
	return d->from != NO_COMPONENT ? s->ids[d->from] : spdx_ref_text(s, dependency_more(d)->from_ref);
}

static struct str to_id(struct spdx_writing *s, const struct dependency *d)
{
	return d->to != NO_COMPONENT ? s->ids[d->to] : spdx_ref_text(s, dependency_more(d)->to_ref);
}

static void emit_relation(struct spdx_writing *s, struct str from, struct str type, struct str to, struct str comment)
{
	struct arena_mark mark = arena_mark(s->scratch);
	struct spdx_node *n = spdx_node_object(s->scratch, O_RELATION);

	spdx_node_add(s->scratch, n, F_RELATION_FROM, from);
	spdx_node_add(s->scratch, n, F_RELATION_TYPE, type);
	spdx_node_add(s->scratch, n, F_RELATION_TO, to);
	if (comment.len)
		spdx_node_add(s->scratch, n, F_RELATION_COMMENT, comment);
	s->emit->element(s->emit->to, &spdx_fields[F_DOCUMENT_RELATIONSHIPS], n);
	arena_pop(s->scratch, mark);
}

/* The type that says the edge, and the comment that goes with it. */
static const struct spdx_relation *relation_of(struct spdx_writing *s, const struct dependency *d, struct str *comment)
{
	struct arena *a = s->scratch;
	struct str word = d->kind == PROVIDES ? STR("PROVIDES") : dependency_more(d)->word;
	unsigned scope = d->scope;

	*comment = dependency_more(d)->comment;
	if (d->kind == DESCRIBES || d->kind == CONTAINS)
		return spdx_relation_for(d->kind, 0);
	if (d->kind == DEPENDS_ON) {
		if (scope == SCOPE_RUNTIME && !s->w->bom->document.standard.len) /* our own: the plain word is what all tools know */
			scope = 0;
		const struct spdx_relation *one = spdx_relation_for(DEPENDS_ON, scope);
		if (one)
			return one;
		*comment = arena_concat(a, STR(SPDX_SCOPE_COMMENT), scope_text(a, scope), STR(""));
		if (dependency_more(d)->comment.len)
			loss_note(s->w->losses, "comments of relationships with several scopes", false);
		return spdx_relation_for(DEPENDS_ON, 0);
	}
	const struct spdx_relation *r = d->kind == PROVIDES ? NULL : spdx_relation_by_type(word);
	if (r && r->kind == RELATED && r->since <= s->version)
		return r;
	if (word.len)
		*comment = dependency_more(d)->comment.len ? arena_printf(a, "%.*s: %.*s", STR_ARG(word), STR_ARG(dependency_more(d)->comment)) :
					    arena_concat(a, word, STR(":"), STR(""));
	return spdx_relation_by_type(STR("OTHER"));
}

static void write_edge(struct spdx_writing *s, const struct dependency *d)
{
	struct str from = from_id(s, d), to = to_id(s, d), comment;
	struct arena_mark mark = arena_mark(s->scratch);
	const struct spdx_relation *r = relation_of(s, d, &comment);

	/* NONE and NOASSERTION stand on the right only. */
	bool turned = r->turned && !str_is(to, "NONE") && !str_is(to, "NOASSERTION");
	if (r->turned && !turned)
		r = spdx_relation_for(d->kind, 0);
	if (from.s && to.s && !str_is(from, "NONE") && !str_is(from, "NOASSERTION"))
		emit_relation(s, turned ? to : from, str_of(r->type), turned ? from : to, comment);
	arena_pop(s->scratch, mark);
}

static bool is_dangling(struct spdx_writing *s, const struct dependency *d)
{
	struct str from = from_id(s, d);

	return !from.s || !to_id(s, d).s || str_is(from, "NONE") || str_is(from, "NOASSERTION");
}

void spdx_find_roots(struct spdx_writing *s, bool *roots)
{
	const struct bom *b = s->w->bom;
	bool *below = arena_array(s->w->arena, b->ncomponents + 1, sizeof *below), any = false;

	for (VEC_EACH(const struct dependency, d, &b->dependencies))
		if ((d->kind == CONTAINS || d->kind == DEPENDS_ON) && d->to != NO_COMPONENT && d->from != NO_COMPONENT && d->from != d->to)
			below[d->to] = true;
	for (size_t i = 0; i < b->ncomponents; i++)
		below[i] = below[i] || b->components[i].parent != NO_COMPONENT;
	for (int all = 0; all < 3 && !any; all++) /* packages on top, else anything on top, else everything */
		for (size_t i = 0; i < b->ncomponents; i++)
			if (all == 2 || (!below[i] && (all == 1 || !s->as_file[i])))
				roots[i] = any = true;
}

static void write_roots(struct spdx_writing *s)
{
	size_t n = s->w->bom->ncomponents;
	bool *roots = arena_array(s->w->arena, n + 1, sizeof *roots);

	spdx_find_roots(s, roots);
	for (size_t i = 0; i < n; i++)
		if (roots[i])
			emit_relation(s, STR(SPDX_DOCUMENT_ID), STR("DESCRIBES"), s->ids[i], STR_NONE);
	if (!n)
		emit_relation(s, STR(SPDX_DOCUMENT_ID), STR("DESCRIBES"), STR("NONE"), STR_NONE);
}

void spdx_write_relationships(struct spdx_writing *s)
{
	const struct bom *b = s->w->bom;
	bool described = b->subject != NO_COMPONENT;

	for (VEC_EACH(const struct dependency, d, &b->dependencies)) {
		const struct dependency_more *more = dependency_more(d);
		described = described || (d->kind == DESCRIBES && d->from == NO_COMPONENT && str_is(more->from_ref, SPDX_DOCUMENT_ID) && to_id(s, d).s &&
					  !str_is(more->to_ref, SPDX_DOCUMENT_ID)); /* itself (old Syft): nothing said */
	}
	if (b->subject != NO_COMPONENT) {
		bool said = false;
		for (VEC_EACH(const struct dependency, d, &b->dependencies))
			said = said || (d->kind == DESCRIBES && d->to == b->subject && str_is(dependency_more(d)->from_ref, SPDX_DOCUMENT_ID));
		if (!said)
			emit_relation(s, STR(SPDX_DOCUMENT_ID), STR("DESCRIBES"), s->ids[b->subject], STR_NONE);
	}
	if (!described)
		write_roots(s);
	for (uint32_t i = 0; i < b->ncomponents; i++)
		if (b->components[i].parent != NO_COMPONENT && b->components[i].parent < b->ncomponents)
			emit_relation(s, s->ids[b->components[i].parent], STR("CONTAINS"), s->ids[i], STR_NONE);
	for (VEC_EACH(const struct dependency, d, &b->dependencies)) {
		bool nested = d->kind == CONTAINS && d->to != NO_COMPONENT && d->from != NO_COMPONENT && b->components[d->to].parent == d->from;
		if (!nested)
			write_edge(s, d);
	}
}

/* ---- the document's own fields */

struct str spdx_document_name(struct spdx_writing *s)
{
	const struct bom *b = s->w->bom;

	if (b->document.name.len)
		return b->document.name;
	return b->subject != NO_COMPONENT && b->components[b->subject].name.len ? spdx_package_name(s->w->arena, &b->components[b->subject]) :
										  STR("unnamed");
}

static const struct extra *document_extra(const struct bom *b, const char *standard, const char *field)
{
	for (VEC_EACH(const struct extra, e, &b->document.extra))
		if (str_is(e->standard, standard) && str_is(e->field, field))
			return e;
	return NULL;
}

/* The document's own where it has one; else made from its UUID, else from its name and time, so that it stays the same. */
struct str spdx_namespace(struct spdx_writing *s, struct str name)
{
	const struct bom *b = s->w->bom;
	struct arena *a = s->w->arena;
	struct str serial = b->document.serial;
	const struct extra *own = document_extra(b, "spdx", "documentNamespace");

	if (own && json_string(json_parse(a, own->json, NULL, NULL)).len)
		serial = json_string(json_parse(a, own->json, NULL, NULL));
	serial = str_cut(&serial, '#'); /* SPDX 3: "<namespace>#SPDXRef-DOCUMENT" */
	bool uuid = str_starts_nocase(serial, STR("urn:uuid:")) && serial.len == 45, legal = serial.len > 0 && str_has(serial, STR("://"));
	for (size_t i = 0; i < serial.len; i++)
		legal = legal && (unsigned char)serial.s[i] > ' ' && (unsigned char)serial.s[i] < 0x7f && !strchr("#<>\"{}|\\^`", serial.s[i]);
	if (legal)
		return serial;
	struct str hex = sha256_hex(a, arena_printf(a, "%.*s\n%.*s\n%.*s", STR_ARG(serial), STR_ARG(name), STR_ARG(b->document.timestamp)));
	char *slug = arena_cstr(a, str_sub(name, 0, 80));
	for (char *p = slug; *p; p++)
		if (!ascii_alpha(*p) && !ascii_digit(*p) && *p != '.')
			*p = '-';
	return uuid ? arena_printf(a, "https://spdx.org/spdxdocs/%s-%.*s", slug, STR_ARG(str_from(serial, 9))) :
		      arena_printf(a, "https://spdx.org/spdxdocs/%s-%.8s-%.4s-%.4s-%.4s-%.12s", slug, hex.s, hex.s + 8, hex.s + 12, hex.s + 16,
				   hex.s + 20);
}

static void add_creators(struct spdx_writing *s, struct spdx_node *creation)
{
	const struct document *d = &s->w->bom->document;
	struct arena *a = s->w->arena;
	bool any = false;

	for (VEC_EACH(const struct party, p, &d->authors)) {
		if (!p->name.len)
			continue;
		spdx_node_add(a, creation, F_CREATION_CREATORS, spdx_party_text(a, p));
		any = true;
	}
	for (VEC_EACH(const struct tool, t, &d->tools)) {
		if (!t->name.len)
			continue;
		spdx_node_add(a, creation, F_CREATION_CREATORS,
			      arena_printf(a, "Tool: %.*s%s%.*s", STR_ARG(t->name), t->version.len ? "-" : "", STR_ARG(t->version)));
		any = true;
	}
	if (!any)
		spdx_node_add(a, creation, F_CREATION_CREATORS, STR("Tool: " SPDX_TOOL));
}

static void read_externals(struct spdx_writing *s, const struct spdx_node *document)
{
	for (SPDX_EACH(e, spdx_node_get(document, F_DOCUMENT_EXTERNALS)))
		if (spdx_node_text(e, F_EXTERNAL_DOCUMENT_ID).len)
			map_put(&s->externals, spdx_node_text(e, F_EXTERNAL_DOCUMENT_ID), NULL);
}

static struct spdx_node *make_head(struct spdx_writing *s)
{
	const struct bom *b = s->w->bom;
	const struct document *d = &b->document;
	struct arena *a = s->w->arena;
	struct spdx_node *n = spdx_node_object(a, O_DOCUMENT), *creation;
	struct spdx_dropped dropped = { 0 };
	struct str name = spdx_document_name(s);

	spdx_node_add(a, n, F_DOCUMENT_VERSION, s->version == 22 ? STR("SPDX-2.2") : STR("SPDX-2.3"));
	spdx_node_add(a, n, F_DOCUMENT_DATA_LICENCE, STR("CC0-1.0"));
	spdx_node_add(a, n, F_DOCUMENT_ID, STR(SPDX_DOCUMENT_ID));
	spdx_node_add(a, n, F_DOCUMENT_NAME, name);
	spdx_node_add(a, n, F_DOCUMENT_NAMESPACE, spdx_namespace(s, name));
	if (d->comment.len)
		spdx_node_add(a, n, F_DOCUMENT_COMMENT, d->comment);
	creation = spdx_node_add(a, n, F_DOCUMENT_CREATION, STR_NONE);
	s->created = spdx_time(a, d->timestamp);
	if (!s->created.s) {
		s->created = STR("1970-01-01T00:00:00Z");
		loss_note(s->w->losses, "the document has no time; 1970-01-01T00:00:00Z stands for it", d->timestamp.len > 0);
	}
	spdx_node_add(a, creation, F_CREATION_CREATED, s->created);
	add_creators(s, creation);
	for (VEC_EACH(const struct extra, e, &d->extra)) {
		if (!str_is(e->standard, "spdx") || str_is(e->field, "snippet") || str_is(e->field, "documentNamespace"))
			continue;
		bool inner = str_starts(e->field, STR("creationInfo."));
		const struct spdx_field *f = inner ? spdx_field_by_json(O_CREATION, str_from(e->field, 13)) : spdx_field_by_json(O_DOCUMENT, e->field);
		if (!f || !spdx_node_add_raw(a, inner ? creation : n, f, e->json))
			*VEC_ADD(s->scratch, &dropped.fields) = *e;
	}
	read_externals(s, n);
	struct spdx_dropped of_creation = { 0 };
	spdx_conform(s, creation, &of_creation);
	for (VEC_EACH(const struct extra, e, &of_creation.fields))
		*VEC_ADD(s->scratch, &dropped.fields) = (struct extra){
			e->standard, arena_concat(s->scratch, STR("creationInfo."), e->field, STR("")), e->json };
	spdx_conform(s, n, &dropped);
	map_init(&s->externals, a); /* only those that are legal */
	read_externals(s, n);
	for (VEC_EACH(const struct annotation, x, &d->annotations))
		if (spdx_annotation_fits(x))
			spdx_add_annotation(s, n, F_DOCUMENT_ANNOTATIONS, x->annotator, x->date, x->type, x->comment);
	VEC(struct spdx_edge_text) lost = { 0 };
	for (VEC_EACH(const struct dependency, e, &b->dependencies)) {
		struct str comment;
		if (!is_dangling(s, e))
			continue;
		const struct spdx_relation *r = relation_of(s, e, &comment);
		struct str from = from_id(s, e).s ? from_id(s, e) : dependency_more(e)->from_ref;
		struct str to = to_id(s, e).s ? to_id(s, e) : dependency_more(e)->to_ref;
		bool cyclonedx = (str_is(d->standard, "cyclonedx") || dependency_more(e)->word.len) &&
				 (e->kind == DEPENDS_ON || e->kind == PROVIDES) && !e->scope;
		if (cyclonedx)
			*VEC_ADD(a, &lost) = (struct spdx_edge_text){ from, e->kind == DEPENDS_ON ? STR("dependsOn") : STR("provides"), to,
								      STR_NONE };
		else
			*VEC_ADD(a, &lost) =
				(struct spdx_edge_text){ r->turned ? to : from, str_of(r->type), r->turned ? from : to, arena_str(a, comment) };
	}
	struct str kept = spdx_keep_document(s->w, false, lost.items, lost.n, dropped.fields.items, dropped.fields.n);
	if (kept.s)
		spdx_add_annotation(s, n, F_DOCUMENT_ANNOTATIONS, STR("Tool: " SPDX_TOOL), s->created, STR("OTHER"), kept);
	spdx_conform(s, n, NULL);
	return n;
}

/* ---- the other lists */

static void write_extracted(struct spdx_writing *s, const struct extracted_licence *e)
{
	struct arena_mark mark = arena_mark(s->scratch);
	struct spdx_node *n = spdx_node_object(s->scratch, O_EXTRACTED);

	spdx_node_add(s->scratch, n, F_EXTRACTED_ID, e->id);
	spdx_node_add(s->scratch, n, F_EXTRACTED_TEXT,
		      e->text.len ? e->text :
		      e->name.len ? e->name :
				    STR("NOASSERTION"));
	if (e->name.len)
		spdx_node_add(s->scratch, n, F_EXTRACTED_NAME, e->name);
	for (VEC_EACH(const struct str, u, &e->urls))
		if (str_has(*u, STR("://")) && str_chr(*u, '.') != STR_NOT_FOUND && str_chr(*u, ' ') == STR_NOT_FOUND)
			spdx_node_add(s->scratch, n, F_EXTRACTED_ALSO, *u);
	if (e->comment.len)
		spdx_node_add(s->scratch, n, F_EXTRACTED_COMMENT, e->comment);
	if (e->extra.len)
		spdx_node_add_raw(s->scratch, n, &spdx_fields[F_EXTRACTED_CROSS], e->extra);
	spdx_conform(s, n, NULL);
	s->emit->element(s->emit->to, &spdx_fields[F_DOCUMENT_EXTRACTED], n);
	arena_pop(s->scratch, mark);
}

static void write_list(struct spdx_writing *s, enum spdx_field_id list, void (*write)(struct spdx_writing *, enum spdx_field_id))
{
	s->emit->begin(s->emit->to, &spdx_fields[list]);
	write(s, list);
	s->emit->end(s->emit->to, &spdx_fields[list]);
}

static void write_components(struct spdx_writing *s, enum spdx_field_id list)
{
	for (uint32_t i = 0; i < s->w->bom->ncomponents; i++) {
		if (s->as_file[i] != (list == F_DOCUMENT_FILES))
			continue;
		if (s->as_file[i])
			spdx_write_file(s, i);
		else
			spdx_write_package(s, i);
	}
}

static void write_snippets(struct spdx_writing *s, enum spdx_field_id list)
{
	for (VEC_EACH(const struct extra, e, &s->w->bom->document.extra)) {
		struct json_cursor c;
		if (!str_is(e->standard, "spdx") || !str_is(e->field, "snippet"))
			continue;
		struct arena_mark mark = arena_mark(s->scratch);
		json_open(&c, s->scratch, e->json);
		struct spdx_node *n = spdx_node_read(&c, s->scratch, O_SNIPPET);
		spdx_conform(s, n, NULL);
		s->emit->element(s->emit->to, &spdx_fields[list], n);
		arena_pop(s->scratch, mark);
	}
}

static void write_licences(struct spdx_writing *s, enum spdx_field_id list)
{
	for (VEC_EACH(const struct extracted_licence, e, &s->w->bom->extracted_licences))
		if (spdx_licence_ref_legal(e->id))
			write_extracted(s, e);
	for (VEC_EACH(const struct extracted_licence, e, &s->made))
		write_extracted(s, e);
}

static void write_relations(struct spdx_writing *s, enum spdx_field_id list)
{
	spdx_write_relationships(s);
}

/* ---- */

static void index_files(struct spdx_writing *s)
{
	const struct bom *b = s->w->bom;
	struct arena *a = s->w->arena;

	s->as_file = arena_array(a, b->ncomponents + 1, sizeof *s->as_file);
	s->first_file = arena_array(a, b->ncomponents + 1, sizeof *s->first_file);
	s->next_file = arena_array(a, b->ncomponents + 1, sizeof *s->next_file);
	for (size_t i = 0; i < b->ncomponents; i++)
		s->as_file[i] = spdx_is_file(&b->components[i]);
	for (size_t i = 0; i < b->dependencies.n + b->ncomponents; i++) {
		const struct dependency *d = i < b->dependencies.n ? &b->dependencies.items[i] : NULL;
		uint32_t from = d ? d->from : b->components[i - b->dependencies.n].parent, to = d ? d->to : (uint32_t)(i - b->dependencies.n);
		if ((d && d->kind != CONTAINS) || from >= b->ncomponents || to >= b->ncomponents || !s->as_file[to] || s->as_file[from])
			continue;
		if (s->next_file[to] || s->first_file[from] == to + 1) { /* part of several: the chain has one place for it */
			if (!s->first_file[from])
				s->first_file[from] = to + 1;
			continue;
		}
		s->next_file[to] = s->first_file[from];
		s->first_file[from] = to + 1;
	}
}

enum result spdx_write(struct format_writing *w, const struct spdx_emitter *emit)
{
	struct spdx_writing s = { .w = w, .emit = emit, .version = spdx_version_of(w->version), .scratch = arena_new(0) };
	const struct bom *b = w->bom;

	map_init(&s.refs, w->arena);
	map_init(&s.externals, w->arena);
	map_init(&s.licence_refs, w->arena);
	map_init(&s.made_licences, w->arena);
	index_files(&s);
	spdx_assign_ids(&s);
	for (VEC_EACH(const struct extracted_licence, e, &b->extracted_licences))
		if (spdx_licence_ref_legal(e->id))
			map_put(&s.licence_refs, e->id, NULL)->value.num = 1;
	for (VEC_EACH(const struct extracted_licence, e, &b->extracted_licences))
		if (e->id.len && !spdx_licence_ref_legal(e->id))
			spdx_adopt_licence(&s, e);
	for (VEC_EACH(const struct extra, e, &b->document.extra))
		if (str_is(e->standard, "spdx") && str_is(e->field, "snippet")) {
			struct str id = json_get_string(json_parse(w->arena, e->json, NULL, NULL), "SPDXID");
			if (spdx_id_legal(id))
				map_put(&s.refs, id, NULL);
		}
	emit->head(emit->to, make_head(&s));
	if (!emit->files_first)
		write_list(&s, F_DOCUMENT_PACKAGES, write_components);
	write_list(&s, F_DOCUMENT_FILES, write_components);
	write_list(&s, F_DOCUMENT_SNIPPETS, write_snippets);
	if (emit->files_first)
		write_list(&s, F_DOCUMENT_PACKAGES, write_components);
	write_list(&s, F_DOCUMENT_EXTRACTED, write_licences);
	write_list(&s, F_DOCUMENT_RELATIONSHIPS, write_relations);
	arena_free(s.scratch);
	if (!w->out->full)
		return OK;
	diag_add(b->diags, SEV_ERROR, "bug.output", STR_NONE, DIAG_NO_OFFSET, "the SPDX document would be larger than 4 GB");
	return FAILED;
}
