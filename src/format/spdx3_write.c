/* A bom as SPDX 3.0.1 JSON-LD: the document, its elements and what stands between them. */
#include "base/diag.h"
#include "format/spdx3_writing.h"
#include "identity/licence.h"

void spdx3_begin(struct spdx3_writing *x, const char *type, struct str id)
{
	json_begin_object(&x->j);
	json_member(&x->j, "type", str_of(type));
	json_member(&x->j, "spdxId", id);
	json_member(&x->j, "creationInfo", STR("_:creationinfo"));
}

struct str spdx3_id(struct spdx3_writing *x, const char *kind)
{
	return arena_printf(x->s.w->arena, "%.*s#SPDXRef-%s-%zu", STR_ARG(x->base), kind, ++x->made);
}

/* The element of a person, an organisation or a program, written at its first use. */
struct str spdx3_agent(struct spdx3_writing *x, const struct party *p, bool tool)
{
	struct arena *a = x->s.w->arena;
	const char *type = tool ? "Tool" : p->kind == PARTY_PERSON ? "Person" : p->kind == PARTY_TOOL ? "SoftwareAgent" : "Organization";
	bool fresh;
	struct map_entry *e =
		map_put(&x->agents, arena_printf(a, "%s\n%.*s\n%.*s", type, STR_ARG(p->name), STR_ARG(p->email)), &fresh);

	if (!fresh)
		return *(struct str *)e->value.ptr;
	struct str *id = ARENA_NEW(a, struct str);
	*id = spdx3_id(x, tool ? "Tool" : "Agent");
	e->value.ptr = id;
	spdx3_begin(x, type, *id);
	json_member(&x->j, "name", p->name);
	if (p->email.len) {
		json_put_key(&x->j, "externalIdentifier");
		json_begin_array(&x->j);
		json_begin_object(&x->j);
		json_member(&x->j, "type", STR("ExternalIdentifier"));
		json_member(&x->j, "externalIdentifierType", STR("email"));
		json_member(&x->j, "identifier", p->email);
		json_end_object(&x->j);
		json_end_array(&x->j);
	}
	json_end_object(&x->j);
	return *id;
}

/* ---- licences */

/* The licence texts that an expression names. */
static void put_custom_ids(struct spdx3_writing *x, struct str expression)
{
	struct licence_token t;
	bool with = false, open = false;

	while (licence_next_token(&expression, &with, &t)) {
		if (t.kind != LICENCE_TOKEN_REF || !map_has(&x->s.licence_refs, t.text))
			continue;
		if (!open) {
			json_put_key(&x->j, "simplelicensing_customIdToUri");
			json_begin_array(&x->j);
		}
		open = true;
		json_begin_object(&x->j);
		json_member(&x->j, "type", STR("DictionaryEntry"));
		json_member(&x->j, "key", t.text);
		json_member(&x->j, "value", arena_printf(x->s.w->arena, "%.*s#%.*s", STR_ARG(x->base), STR_ARG(t.text)));
		json_end_object(&x->j);
	}
	if (open)
		json_end_array(&x->j);
}

static struct str licence_id(struct spdx3_writing *x, struct str expression)
{
	bool fresh;

	if (str_is(expression, "NOASSERTION"))
		return STR("https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense");
	if (str_is(expression, "NONE"))
		return STR("https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoneLicense");
	struct map_entry *e = map_put(&x->expressions, arena_str(x->s.w->arena, expression), &fresh);
	if (!fresh)
		return *(struct str *)e->value.ptr;
	struct str *id = ARENA_NEW(x->s.w->arena, struct str);
	*id = spdx3_id(x, "License");
	e->value.ptr = id;
	spdx3_begin(x, "simplelicensing_LicenseExpression", *id);
	json_member(&x->j, "simplelicensing_licenseExpression", expression);
	put_custom_ids(x, expression);
	json_end_object(&x->j);
	return *id;
}

void spdx3_put_licence(struct spdx3_writing *x, struct str element, const char *type, struct str expression)
{
	if (!expression.len)
		return;
	struct str to = licence_id(x, expression);
	spdx3_begin(x, "Relationship", spdx3_id(x, "Relationship"));
	json_member(&x->j, "relationshipType", str_of(type));
	json_member(&x->j, "from", element);
	json_put_key(&x->j, "to");
	json_begin_array(&x->j);
	json_put_string(&x->j, to);
	json_end_array(&x->j);
	json_end_object(&x->j);
}

static void write_licence_text(struct spdx3_writing *x, const struct extracted_licence *e)
{
	spdx3_begin(x, "simplelicensing_SimpleLicensingText",
		    arena_printf(x->s.w->arena, "%.*s#%.*s", STR_ARG(x->base), STR_ARG(e->id)));
	json_member_opt(&x->j, "name", e->name.len ? e->name : e->id);
	json_member_opt(&x->j, "comment", e->comment);
	json_member(&x->j, "simplelicensing_licenseText", e->text.len ? e->text : e->name.len ? e->name : STR("NOASSERTION"));
	if (e->urls.n) {
		json_put_key(&x->j, "externalRef");
		json_begin_array(&x->j);
		json_begin_object(&x->j);
		json_member(&x->j, "type", STR("ExternalRef"));
		json_member(&x->j, "externalRefType", STR("license"));
		json_put_key(&x->j, "locator");
		json_begin_array(&x->j);
		for (VEC_EACH(const struct str, u, &e->urls))
			json_put_string(&x->j, *u);
		json_end_array(&x->j);
		json_end_object(&x->j);
		json_end_array(&x->j);
	}
	json_end_object(&x->j);
}

/* ---- annotations */

void spdx3_put_annotation(struct spdx3_writing *x, struct str subject, const struct annotation *a)
{
	struct str creation = STR("_:creationinfo"), date = spdx_time(x->s.w->arena, a->date);

	if (a->annotator.len) {
		struct party who = spdx_party_parse(x->s.w->arena, a->annotator);
		struct str by = spdx3_agent(x, &who, false);
		creation = arena_printf(x->s.w->arena, "_:creationinfo-%zu", ++x->made);
		json_begin_object(&x->j);
		json_member(&x->j, "type", STR("CreationInfo"));
		json_member(&x->j, "@id", creation);
		json_member(&x->j, "specVersion", STR("3.0.1"));
		json_member(&x->j, "created", date.s ? date : x->s.created);
		json_put_key(&x->j, "createdBy");
		json_begin_array(&x->j);
		json_put_string(&x->j, by);
		json_end_array(&x->j);
		json_end_object(&x->j);
	}
	json_begin_object(&x->j);
	json_member(&x->j, "type", STR("Annotation"));
	json_member(&x->j, "spdxId", spdx3_id(x, "Annotation"));
	json_member(&x->j, "creationInfo", creation);
	json_member(&x->j, "annotationType", str_eq_nocase(a->type, STR("REVIEW")) ? STR("review") : STR("other"));
	json_member(&x->j, "subject", subject);
	json_member(&x->j, "statement", a->comment);
	json_end_object(&x->j);
}

/* ---- the document */

static void write_creation(struct spdx3_writing *x)
{
	const struct bom *b = x->s.w->bom;
	const struct document *d = &b->document;
	VEC(struct str) by = { 0 }, using = { 0 };
	struct arena *a = x->s.w->arena;

	for (VEC_EACH(const struct party, p, &d->authors))
		if (p->name.len)
			*VEC_ADD(a, &by) = spdx3_agent(x, p, false);
	for (VEC_EACH(const struct tool, t, &d->tools)) {
		struct party p = { .name = t->version.len ? arena_printf(a, "%.*s-%.*s", STR_ARG(t->name), STR_ARG(t->version)) : t->name };
		if (t->name.len)
			*VEC_ADD(a, &using) = spdx3_agent(x, &p, true);
	}
	if (!by.n) /* required, and not known */
		*VEC_ADD(a, &by) = spdx3_agent(x, &(struct party){ .kind = PARTY_TOOL, .name = STR("NOASSERTION") }, false);
	json_begin_object(&x->j);
	json_member(&x->j, "type", STR("CreationInfo"));
	json_member(&x->j, "@id", STR("_:creationinfo"));
	json_member(&x->j, "specVersion", STR("3.0.1"));
	json_member(&x->j, "created", x->s.created);
	for (int using_ = 0; using_ < 2; using_++) {
		const struct str *items = using_ ? using.items : by.items;
		size_t n = using_ ? using.n : by.n;
		if (!n)
			continue;
		json_put_key(&x->j, using_ ? "createdUsing" : "createdBy");
		json_begin_array(&x->j);
		for (size_t i = 0; i < n; i++)
			json_put_string(&x->j, items[i]);
		json_end_array(&x->j);
	}
	for (VEC_EACH(const struct extra, e, &d->extra))
		if (str_is(e->standard, "spdx") && str_is(e->field, "creationInfo.comment")) {
			json_put_key(&x->j, "comment");
			json_put_raw(&x->j, e->json);
		}
	json_end_object(&x->j);
}

static const struct extra *own_extra(const struct bom *b, const char *field)
{
	for (VEC_EACH(const struct extra, e, &b->document.extra))
		if (str_is(e->standard, "spdx3") && str_is(e->field, field))
			return e;
	return NULL;
}

static void put_lifecycles(struct spdx3_writing *x)
{
	static const struct {
		const char *phase, *type;
	} types[] = { { "design", "design" }, { "pre-build", "source" }, { "build", "build" }, { "post-build", "analyzed" }, { "operations", "deployed" } };
	const struct bom *b = x->s.w->bom;
	const struct extra *own = own_extra(b, "software_sbomType");
	bool open = false;

	if (own) {
		bool list = str_starts(str_trim(own->json), STR("["));
		json_put_key(&x->j, "software_sbomType");
		if (!list)
			json_begin_array(&x->j);
		json_put_raw(&x->j, own->json);
		if (!list)
			json_end_array(&x->j);
		return;
	}
	for (VEC_EACH(const struct str, l, &b->document.lifecycles))
		for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
			if (!str_is(*l, types[i].phase))
				continue;
			if (!open) {
				json_put_key(&x->j, "software_sbomType");
				json_begin_array(&x->j);
			}
			open = true;
			json_put_string(&x->j, str_of(types[i].type));
		}
	if (open)
		json_end_array(&x->j);
}

static void put_roots(struct spdx3_writing *x)
{
	const struct bom *b = x->s.w->bom;
	bool *roots = arena_array(x->s.w->arena, b->ncomponents + 1, sizeof *roots), any = false;

	if (b->subject != NO_COMPONENT)
		roots[b->subject] = any = true;
	for (VEC_EACH(const struct dependency, d, &b->dependencies))
		if (d->kind == DESCRIBES && d->from == NO_COMPONENT && d->to != NO_COMPONENT &&
		    str_is(dependency_more(d)->from_ref, SPDX_DOCUMENT_ID))
			roots[d->to] = any = true;
	if (!any)
		spdx_find_roots(&x->s, roots);
	json_put_key(&x->j, "rootElement");
	json_begin_array(&x->j);
	for (size_t i = 0; i < b->ncomponents; i++)
		if (roots[i])
			json_put_string(&x->j, x->ids[i]);
	if (!b->ncomponents)
		json_put_string(&x->j, STR("https://spdx.org/rdf/3.0.1/terms/Core/NoneElement"));
	json_end_array(&x->j);
}

static void write_document(struct spdx3_writing *x)
{
	static const char *const raw[] = { "import", "namespaceMap" };
	const struct bom *b = x->s.w->bom;
	struct str licence = licence_id(x, b->document.data_licence.len && licence_known_id(b->document.data_licence, NULL).s ?
						   licence_known_id(b->document.data_licence, NULL) :
						   STR("CC0-1.0"));
	struct str sbom = arena_printf(x->s.w->arena, "%.*s#SPDXRef-Sbom", STR_ARG(x->base));

	spdx3_begin(x, "SpdxDocument", x->document);
	json_member(&x->j, "name", spdx_document_name(&x->s));
	json_member_opt(&x->j, "comment", b->document.comment);
	json_put_key(&x->j, "profileConformance");
	json_begin_array(&x->j);
	json_put_string(&x->j, STR("core"));
	json_put_string(&x->j, STR("software"));
	json_put_string(&x->j, STR("simpleLicensing"));
	if (b->claims.n)
		json_put_string(&x->j, STR("security"));
	json_end_array(&x->j);
	json_member(&x->j, "dataLicense", licence);
	json_put_key(&x->j, "rootElement");
	json_begin_array(&x->j);
	json_put_string(&x->j, sbom);
	json_end_array(&x->j);
	for (size_t i = 0; i < 2; i++)
		if (own_extra(b, raw[i]) && str_has(own_extra(b, raw[i])->json, STR("\"type\""))) {
			bool list = str_starts(str_trim(own_extra(b, raw[i])->json), STR("["));
			json_put_key(&x->j, raw[i]);
			if (!list)
				json_begin_array(&x->j);
			json_put_raw(&x->j, own_extra(b, raw[i])->json);
			if (!list)
				json_end_array(&x->j);
		}
	json_end_object(&x->j);

	spdx3_begin(x, "software_Sbom", sbom);
	put_roots(x);
	if (b->ncomponents) {
		json_put_key(&x->j, "element");
		json_begin_array(&x->j);
		for (size_t i = 0; i < b->ncomponents; i++)
			json_put_string(&x->j, x->ids[i]);
		json_end_array(&x->j);
	}
	put_lifecycles(x);
	json_end_object(&x->j);
}

static void write_document_annotations(struct spdx3_writing *x)
{
	const struct bom *b = x->s.w->bom;
	struct arena *a = x->s.w->arena;
	VEC(struct spdx_edge_text) lost = { 0 };
	VEC(struct extra) fields = { 0 };

	for (VEC_EACH(const struct annotation, n, &b->document.annotations))
		if (spdx_annotation_fits(n))
			spdx3_put_annotation(x, x->document, n);
	for (VEC_EACH(const struct dependency, d, &b->dependencies)) {
		if (spdx3_end(x, d->from, dependency_more(d)->from_ref).s && spdx3_end(x, d->to, dependency_more(d)->to_ref).s)
			continue;
		struct str from = d->from != NO_COMPONENT ? x->ids[d->from] : dependency_more(d)->from_ref;
		struct str to = d->to != NO_COMPONENT ? x->ids[d->to] : dependency_more(d)->to_ref;
		const struct spdx_relation *r = d->kind == RELATED ? NULL : spdx_relation_for(d->kind, 0);
		bool outside = (str_is(b->document.standard, "cyclonedx") || dependency_more(d)->word.len) && !d->scope;
		struct str type = outside && d->kind == DEPENDS_ON ? STR("dependsOn") :
				  outside && d->kind == PROVIDES   ? STR("provides") :
				  r				   ? str_of(r->type) :
								     dependency_more(d)->word;
		*VEC_ADD(a, &lost) = (struct spdx_edge_text){ from, type, to, dependency_more(d)->comment };
	}
	for (VEC_EACH(const struct extra, e, &b->document.extra))
		if (str_is(e->standard, "spdx") && !str_is(e->field, "creationInfo.comment") && !str_is(e->field, "documentNamespace"))
			*VEC_ADD(a, &fields) = *e;
	struct str kept = spdx_keep_document(x->s.w, true, lost.items, lost.n, fields.items, fields.n);
	if (kept.s)
		spdx3_put_annotation(x, x->document, &(struct annotation){ .type = STR("OTHER"), .comment = kept });
}

/* ---- */

static void assign_ids(struct spdx3_writing *x)
{
	const struct bom *b = x->s.w->bom;
	struct arena *a = x->s.w->arena;
	struct str serial = b->document.serial, ns = spdx_namespace(&x->s, spdx_document_name(&x->s));
	bool own = str_is(b->document.standard, "spdx3") && (str_has(serial, STR("://")) || str_starts(serial, STR("urn:"))), fresh;
	size_t hash = str_chr(own ? serial : ns, '#');

	x->base = str_sub(own ? serial : ns, 0, hash == STR_NOT_FOUND ? SIZE_MAX : hash);
	x->document = own ? serial : arena_concat(a, x->base, STR("#" SPDX_DOCUMENT_ID), STR(""));
	x->ids = arena_array(a, b->ncomponents + 1, sizeof *x->ids);
	for (size_t i = 0; i < b->ncomponents; i++) {
		struct str ref = b->components[i].ref;
		if (str_has(ref, STR("://")) || (own && str_starts(ref, STR("urn:")))) {
			bool clean = true;
			for (size_t k = 0; k < ref.len; k++)
				clean = clean && (unsigned char)ref.s[k] > ' ' && !strchr("<>\"{}|\\^`", ref.s[k]);
			map_put(&x->kept_ids, ref, &fresh);
			if (fresh && clean) {
				x->ids[i] = ref;
				continue;
			}
		}
		x->ids[i] = arena_printf(a, "%.*s#%.*s", STR_ARG(x->base), STR_ARG(x->s.ids[i]));
	}
	for (VEC_EACH(const struct extra, e, &b->document.extra)) { /* elements that are written as they came */
		const struct json *tree = str_is(e->standard, "spdx3") && str_is(e->field, "element") ? json_parse(a, e->json, NULL, NULL) : NULL;
		struct str id = json_get_string(tree, "spdxId");
		if (id.len)
			map_put(&x->kept_ids, id, NULL);
	}
}

static void write_kept_elements(struct spdx3_writing *x)
{
	for (VEC_EACH(const struct extra, e, &x->s.w->bom->document.extra)) {
		struct arena_mark mark = arena_mark(x->s.scratch);
		bool element = str_is(e->standard, "spdx3") && str_is(e->field, "element");
		const struct json *tree = element ? json_parse(x->s.scratch, e->json, NULL, NULL) : NULL;
		if (tree)
			json_begin_object(&x->j);
		for (JSON_EACH(m, tree)) {
			bool creation = str_is(json_key(m), "creationInfo");
			json_put_key_str(&x->j, json_key(m));
			json_put_raw(&x->j, creation ? STR("\"_:creationinfo\"") : spdx3_raw(x->s.scratch, m));
		}
		if (tree)
			json_end_object(&x->j);
		arena_pop(x->s.scratch, mark);
	}
}

enum result spdx3_json_write(struct format_writing *w)
{
	static const struct spdx_emitter none = { 0 };
	struct spdx3_writing x = { .s = { .w = w, .emit = &none, .version = 23, .scratch = arena_new(0) } };
	const struct bom *b = w->bom;
	struct map *maps[] = { &x.s.refs, &x.s.externals, &x.s.licence_refs, &x.s.made_licences, &x.agents, &x.expressions, &x.kept_ids };

	for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
		map_init(maps[i], w->arena);
	x.s.as_file = arena_array(w->arena, b->ncomponents + 1, sizeof *x.s.as_file);
	for (size_t i = 0; i < b->ncomponents; i++)
		x.s.as_file[i] = spdx3_is_file(&b->components[i]);
	spdx_assign_ids(&x.s);
	assign_ids(&x);
	for (VEC_EACH(const struct extracted_licence, e, &b->extracted_licences))
		if (spdx_licence_ref_legal(e->id))
			map_put(&x.s.licence_refs, e->id, NULL)->value.num = 1;
		else if (e->id.len)
			spdx_adopt_licence(&x.s, e);
	x.s.created = spdx_time(w->arena, b->document.timestamp);
	if (!x.s.created.s) {
		x.s.created = STR("1970-01-01T00:00:00Z");
		loss_note(w->losses, "the document has no time; 1970-01-01T00:00:00Z stands for it", b->document.timestamp.len > 0);
	}
	json_writer_init(&x.j, w->out, false);
	json_begin_object(&x.j);
	json_member(&x.j, "@context", STR("https://spdx.org/rdf/3.0.1/spdx-context.jsonld"));
	json_put_key(&x.j, "@graph");
	json_begin_array(&x.j);
	write_creation(&x);
	write_document(&x);
	for (uint32_t i = 0; i < b->ncomponents; i++) {
		spdx3_write_component(&x, i);
		buf_checkpoint(w->out);
	}
	write_kept_elements(&x);
	for (VEC_EACH(const struct extracted_licence, e, &b->extracted_licences))
		if (spdx_licence_ref_legal(e->id))
			write_licence_text(&x, e);
	for (VEC_EACH(const struct extracted_licence, e, &x.s.made))
		write_licence_text(&x, e);
	spdx3_write_relationships(&x);
	spdx3_write_claims(&x);
	write_document_annotations(&x);
	json_end_array(&x.j);
	json_end_object(&x.j);
	buf_addc(w->out, '\n');
	arena_free(x.s.scratch);
	if (!w->out->full)
		return OK;
	diag_add(b->diags, SEV_ERROR, "bug.output", STR_NONE, DIAG_NO_OFFSET, "the SPDX document would be larger than 4 GB");
	return FAILED;
}
