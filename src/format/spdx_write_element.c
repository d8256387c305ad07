/* Components as SPDX 2 packages and files. */
#include <stdlib.h>

#include "base/diag.h"
#include "base/sha256.h"
#include "format/spdx_writing.h"
#include "identity/licence.h"

static const struct extra *spdx_extra(const struct component *c, const char *field)
{
	for (VEC_EACH(const struct extra, e, &c->extra))
		if (str_is(e->standard, "spdx") && str_is(e->field, field))
			return e;
	return NULL;
}

/* A file element needs a SHA-1, and has no place for what only packages have. */
bool spdx_is_file(const struct component *c)
{
	bool sha1 = false;

	if (c->type != COMPONENT_FILE || c->version.len || c->purl.len || component_more(c)->cpe.len || c->description.len || c->download.len ||
	    party_said(component_more(c)->supplier)->name.len || party_said(component_more(c)->originator)->name.len ||
	    component_more(c)->references.n || !c->name.len || spdx_extra(c, "primaryPackagePurpose"))
		return false;
	for (VEC_EACH(const struct hash, h, &c->hashes))
		sha1 = sha1 || (str_is(h->algorithm, "SHA-1") && h->value.len == 40);
	return sha1;
}

static void add(struct spdx_writing *s, struct spdx_node *n, enum spdx_field_id id, struct str text)
{
	if (text.len)
		spdx_node_add(s->scratch, n, id, text);
}

static void add_hashes(struct spdx_writing *s, struct spdx_node *n, enum spdx_field_id id, const struct component *c, struct spdx_keep *k)
{
	for (VEC_EACH(const struct hash, h, &c->hashes)) {
		const struct spdx_algorithm *a = spdx_algorithm_of(h->algorithm);
		bool hex = h->value.len > 0;
		for (size_t i = 0; i < h->value.len; i++)
			hex = hex && ascii_hex(h->value.s[i]) >= 0;
		if (!a || a->since > s->version || !hex || (a->digits && a->digits != h->value.len)) {
			k->hashes = true;
			continue;
		}
		struct spdx_node *checksum = spdx_node_add(s->scratch, n, id, STR_NONE);
		spdx_node_add(s->scratch, checksum, F_CHECKSUM_ALGORITHM, str_of(a->spdx2));
		spdx_node_add(s->scratch, checksum, F_CHECKSUM_VALUE, h->value);
	}
}

static void add_ref(struct spdx_writing *s, struct spdx_node *n, const char *category, struct str type, struct str locator, struct str comment)
{
	struct spdx_node *ref = spdx_node_add(s->scratch, n, F_PACKAGE_REFS, STR_NONE);

	spdx_node_add(s->scratch, ref, F_REF_CATEGORY, str_of(category));
	spdx_node_add(s->scratch, ref, F_REF_TYPE, type);
	spdx_node_add(s->scratch, ref, F_REF_LOCATOR, locator);
	if (comment.len)
		spdx_node_add(s->scratch, ref, F_REF_COMMENT, comment);
}

static void add_purl(struct spdx_writing *s, struct spdx_node *n, struct str purl, struct spdx_keep *k)
{
	if (spdx_purl_legal(purl))
		add_ref(s, n, "PACKAGE-MANAGER", STR("purl"), purl, STR_NONE);
	else
		*VEC_ADD(s->scratch, &k->purls) = purl;
}

static void add_cpe(struct spdx_writing *s, struct spdx_node *n, struct str cpe, struct spdx_keep *k)
{
	if (spdx_cpe_legal(cpe))
		add_ref(s, n, "SECURITY", str_starts_nocase(cpe, STR("cpe:/")) ? STR("cpe22Type") : STR("cpe23Type"), cpe, STR_NONE);
	else
		*VEC_ADD(s->scratch, &k->cpes) = cpe;
}

/* Category and type where SPDX's own were kept: {"spdx":{"referenceCategory":…,"referenceType":…}}. */
static bool own_reference(struct spdx_writing *s, struct spdx_node *n, const struct external_reference *e)
{
	const struct json *tree = e->extra.len ? json_parse(s->scratch, e->extra, NULL, NULL) : NULL;
	struct str category = json_string(json_path(tree, "spdx.referenceCategory")), type = json_string(json_path(tree, "spdx.referenceType"));
	struct str word = spdx_value_of(V_CATEGORY, category, 0);

	if (!word.s || !type.len)
		return false;
	bool young = s->version == 22 && (str_is(type, "advisory") || str_is(type, "fix") || str_is(type, "url") || str_is(type, "swid"));
	add_ref(s, n, young ? "OTHER" : arena_cstr(s->scratch, word), type, e->url, e->comment);
	return true;
}

static void add_references(struct spdx_writing *s, struct spdx_node *n, const struct component *c)
{
	bool homepage = spdx_node_get(n, F_PACKAGE_HOMEPAGE) != NULL;

	for (VEC_EACH(const struct external_reference, e, &component_more(c)->references)) {
		if (!spdx_reference_fits(e)) {
			loss_note(s->w->losses, "components[].externalReferences", true);
			continue;
		}
		if (str_is(e->type, "website") && !homepage && !e->comment.len && !e->extra.len &&
		    (str_starts(e->url, STR("http")) && str_chr(e->url, '.') != STR_NOT_FOUND)) {
			spdx_node_add(s->scratch, n, F_PACKAGE_HOMEPAGE, e->url);
			homepage = true;
		} else if (!own_reference(s, n, e)) {
			bool advisory = str_is(e->type, "advisories") && s->version > 22 && str_starts(e->url, STR("http"));
			add_ref(s, n, advisory ? "SECURITY" : "OTHER", advisory ? STR("advisory") : e->type, e->url, e->comment);
		}
	}
}

/* What SPDX itself had and the model has no place for; what fits nowhere goes into `dropped`. */
static void add_extras(struct spdx_writing *s, struct spdx_node *n, const struct component *c, struct spdx_dropped *dropped)
{
	for (VEC_EACH(const struct extra, e, &c->extra)) {
		if (!str_is(e->standard, "spdx") || (str_is(e->field, "name") && c->type != COMPONENT_FILE))
			continue;
		const struct spdx_field *f = spdx_field_by_json(n->object, e->field);
		if (!f || f->id == F_PACKAGE_NAME || !spdx_node_add_raw(s->scratch, n, f, e->json))
			*VEC_ADD(s->scratch, &dropped->fields) = *e;
	}
}

void spdx_add_annotation(struct spdx_writing *s, struct spdx_node *to, enum spdx_field_id list, struct str annotator, struct str date,
			 struct str type, struct str comment)
{
	struct spdx_node *a = spdx_node_add(s->scratch, to, list, STR_NONE);

	spdx_node_add(s->scratch, a, F_ANNOTATION_ANNOTATOR, annotator);
	spdx_node_add(s->scratch, a, F_ANNOTATION_DATE, spdx_time(s->scratch, date).s ? date : s->created);
	spdx_node_add(s->scratch, a, F_ANNOTATION_TYPE, spdx_value_of(V_ANNOTATION, type, 0).s ? type : STR("OTHER"));
	spdx_node_add(s->scratch, a, F_ANNOTATION_COMMENT, comment.s ? comment : STR(""));
}

static void add_annotations(struct spdx_writing *s, struct spdx_node *n, enum spdx_field_id list, const struct component *c,
			    struct spdx_keep *k)
{
	for (VEC_EACH(const struct annotation, a, &component_more(c)->annotations))
		if (spdx_annotation_fits(a))
			spdx_add_annotation(s, n, list, a->annotator, a->date, a->type, a->comment);
	struct str kept = spdx_keep_component(k, c);
	if (kept.s)
		spdx_add_annotation(s, n, list, STR("Tool: " SPDX_TOOL), s->created, STR("OTHER"), kept);
}

/* "found in web/package-lock.json, line 12": for components that were found in sources. */
static struct str source_info(struct spdx_writing *s, const struct component *c)
{
	struct str text = STR_NONE;

	for (VEC_EACH(const struct evidence, e, &c->evidence)) {
		const struct bom *b = s->w->bom;
		if (e->input >= b->inputs.n || !b->inputs.items[e->input].path.len || format_by_name(b->inputs.items[e->input].reader))
			continue;
		struct str path = b->inputs.items[e->input].path;
		text = e->line ? arena_printf(s->scratch, "%.*s%s%.*s, line %u", STR_ARG(text), text.len ? "; " : "found in ", STR_ARG(path), e->line) :
				 arena_printf(s->scratch, "%.*s%s%.*s", STR_ARG(text), text.len ? "; " : "found in ", STR_ARG(path));
	}
	return text;
}

static struct str written_name(struct spdx_writing *s, const struct component *c)
{
	const struct extra *own = c->type == COMPONENT_FILE ? NULL : spdx_extra(c, "name"); /* of a file it is a stray key */
	const struct json *tree = own ? json_parse(s->scratch, own->json, NULL, NULL) : NULL;
	struct str name = json_string(tree).len ? json_string(tree) : spdx_package_name(s->scratch, c);

	return name.len ? name : STR("unnamed"); /* required; the annotation tells that there was none */
}

/* Package verification code (clause 7.9): SHA-1 over the sorted SHA-1s of the files. */
static int compare_hex(const void *x, const void *y)
{
	const struct str *a = x, *b = y;

	return str_cmp(*a, *b);
}

static struct str verification_code(struct spdx_writing *s, uint32_t index)
{
	VEC(struct str) sums = { 0 };
	uint8_t digest[20];

	for (uint32_t f = s->first_file[index]; f; f = s->next_file[f - 1])
		for (VEC_EACH(const struct hash, h, &s->w->bom->components[f - 1].hashes))
			if (str_is(h->algorithm, "SHA-1")) {
				*VEC_ADD(s->scratch, &sums) = h->value;
				break;
			}
	qsort(sums.items, sums.n, sizeof *sums.items, compare_hex);
	char *all = arena_alloc(s->scratch, sums.n * 40 + 1);
	for (size_t i = 0; i < sums.n; i++)
		memcpy(all + i * 40, sums.items[i].s, 40);
	sha1_of(str_make(all, sums.n * 40), digest);
	return hex_of(s->scratch, digest, 20);
}

/* filesAnalyzed, and what hangs on it: false wherever no file is part of the package. */
static void settle_analysis(struct spdx_writing *s, struct spdx_node *n, uint32_t index, struct spdx_dropped *dropped)
{
	struct spdx_node *code = spdx_node_get(n, F_PACKAGE_CODE), *said = spdx_node_get(n, F_PACKAGE_ANALYZED);
	bool has_files = s->first_file[index] != 0;
	bool good = code && spdx_node_text(code, F_CODE_VALUE).len == 40;
	bool analyzed = has_files || (good && !(said && said->type == JSON_FALSE));

	if (!said)
		said = spdx_node_add(s->scratch, n, F_PACKAGE_ANALYZED, STR("false"));
	said->type = analyzed ? JSON_TRUE : JSON_FALSE;
	said->text = analyzed ? STR("true") : STR("false");
	for (struct spdx_node **link = &n->child; *link;) {
		enum spdx_field_id id = (*link)->field->id;
		if ((id == F_PACKAGE_CODE && (!analyzed || !good)) || (id == F_PACKAGE_FROM_FILES && !analyzed)) {
			*VEC_ADD(s->scratch, &dropped->fields) = (struct extra){ STR("spdx"), str_of((*link)->field->json),
										 spdx_node_json(s->scratch, *link) };
			*link = (*link)->next;
		} else {
			n->last = *link;
			link = &(*link)->next;
		}
	}
	if (has_files && s->version == 22 && !good) {
		code = spdx_node_add(s->scratch, n, F_PACKAGE_CODE, STR_NONE);
		spdx_node_add(s->scratch, code, F_CODE_VALUE, verification_code(s, index));
	}
}

static void add_purpose(struct spdx_writing *s, struct spdx_node *n, const struct component *c, struct spdx_keep *k)
{
	const char *word = component_type_spdx(c->type);
	bool said = spdx_extra(c, "primaryPackagePurpose") != NULL;

	if (c->type == COMPONENT_LIBRARY && (said || str_starts(s->w->bom->document.standard, STR("spdx"))))
		return; /* as it was said, or not */
	k->type = !word || (s->version < 23 && c->type != COMPONENT_LIBRARY);
	if (s->version >= 23 && !said)
		spdx_node_add(s->scratch, n, F_PACKAGE_PURPOSE, word ? str_of(word) : STR("OTHER"));
}

void spdx_write_package(struct spdx_writing *s, uint32_t index)
{
	const struct component *c = &s->w->bom->components[index];
	struct arena_mark mark = arena_mark(s->scratch);
	struct spdx_node *n = spdx_node_object(s->scratch, O_PACKAGE);
	struct spdx_keep k = { .w = s->w, .arena = s->scratch, .name = written_name(s, c) };
	struct spdx_dropped dropped = { 0 };

	spdx_node_add(s->scratch, n, F_PACKAGE_NAME, k.name);
	spdx_node_add(s->scratch, n, F_PACKAGE_ID, s->ids[index]);
	add(s, n, F_PACKAGE_VERSION, c->version);
	if (party_said(component_more(c)->supplier)->name.len)
		spdx_node_add(s->scratch, n, F_PACKAGE_SUPPLIER, spdx_party_text(s->scratch, component_more(c)->supplier));
	if (party_said(component_more(c)->originator)->name.len)
		spdx_node_add(s->scratch, n, F_PACKAGE_ORIGINATOR, spdx_party_text(s->scratch, component_more(c)->originator));
	if (c->download.len)
		spdx_node_add(s->scratch, n, F_PACKAGE_DOWNLOAD, c->download);
	else if (c->vcs.len)
		spdx_node_add(s->scratch, n, F_PACKAGE_DOWNLOAD,
			      arena_printf(s->scratch, "%s%.*s%s%.*s", str_starts(c->vcs, STR("git+")) ? "" : "git+", STR_ARG(c->vcs),
					   c->commit.len ? "@" : "", STR_ARG(c->commit)));
	add_hashes(s, n, F_PACKAGE_CHECKSUMS, c, &k);
	add(s, n, F_PACKAGE_CONCLUDED, spdx_licence_text(s, c->licences.items, c->licences.n, 1u << LICENCE_CONCLUDED, &k.licences));
	add(s, n, F_PACKAGE_DECLARED,
	    spdx_licence_text(s, c->licences.items, c->licences.n, 1u << LICENCE_DECLARED | 1u << LICENCE_UNSAID, &k.licences));
	add(s, n, F_PACKAGE_COPYRIGHT, component_more(c)->copyright);
	add(s, n, F_PACKAGE_DESCRIPTION, c->description);
	if (!s->w->bom->document.standard.len)
		add(s, n, F_PACKAGE_SOURCE_INFO, source_info(s, c));
	if (c->purl.len)
		add_purl(s, n, c->purl, &k);
	for (VEC_EACH(const struct str, p, &component_more(c)->more_purls))
		add_purl(s, n, *p, &k);
	if (component_more(c)->cpe.len)
		add_cpe(s, n, component_more(c)->cpe, &k);
	for (VEC_EACH(const struct str, p, &component_more(c)->more_cpes))
		add_cpe(s, n, *p, &k);
	add_extras(s, n, c, &dropped);
	add_references(s, n, c);
	add_purpose(s, n, c, &k);
	settle_analysis(s, n, index, &dropped);
	spdx_conform(s, n, &dropped);
	for (VEC_EACH(const struct extra, e, &dropped.fields)) {
		*VEC_ADD(s->scratch, &k.fields) = *e;
		loss_note(s->w->losses, arena_cstr(s->scratch, arena_concat(s->scratch, STR("packages[]."), e->field, STR(""))), true);
	}
	if (c->parent != NO_COMPONENT && c->parent < s->w->bom->ncomponents)
		k.parent = s->ids[c->parent];
	struct spdx_node *holder = spdx_node_object(s->scratch, O_PACKAGE);
	add_annotations(s, holder, F_PACKAGE_ANNOTATIONS, c, &k);
	spdx_conform(s, holder, NULL);
	if (spdx_node_get(holder, F_PACKAGE_ANNOTATIONS)) {
		struct spdx_node *list = spdx_node_get(holder, F_PACKAGE_ANNOTATIONS);
		list->next = NULL;
		if (n->last)
			n->last->next = list;
		else
			n->child = list;
		n->last = list;
	}
	s->emit->element(s->emit->to, &spdx_fields[F_DOCUMENT_PACKAGES], n);
	arena_pop(s->scratch, mark);
}

void spdx_write_file(struct spdx_writing *s, uint32_t index)
{
	const struct component *c = &s->w->bom->components[index];
	struct arena_mark mark = arena_mark(s->scratch);
	struct spdx_node *n = spdx_node_object(s->scratch, O_FILE);
	struct spdx_keep k = { .w = s->w, .arena = s->scratch };
	struct spdx_dropped dropped = { 0 };
	bool lossy = false;

	k.name = c->name;
	while (k.name.len && k.name.s[0] == '/')
		k.name = str_from(k.name, 1);
	k.name = k.name.len == c->name.len ? c->name : arena_concat(s->scratch, STR("./"), k.name, STR(""));
	spdx_node_add(s->scratch, n, F_FILE_NAME, k.name);
	spdx_node_add(s->scratch, n, F_FILE_ID, s->ids[index]);
	add_hashes(s, n, F_FILE_CHECKSUMS, c, &k);
	add(s, n, F_FILE_CONCLUDED, spdx_licence_text(s, c->licences.items, c->licences.n, 1u << LICENCE_CONCLUDED, &k.licences));
	struct str said = spdx_licence_text(s, c->licences.items, c->licences.n, 1u << LICENCE_DECLARED | 1u << LICENCE_UNSAID, &lossy);
	if (said.len) {
		spdx_node_add(s->scratch, n, F_FILE_IN_FILES, said);
		k.licences = true;
	}
	add(s, n, F_FILE_COPYRIGHT, component_more(c)->copyright);
	add_extras(s, n, c, &dropped);
	spdx_conform(s, n, &dropped);
	for (VEC_EACH(const struct extra, e, &dropped.fields)) {
		*VEC_ADD(s->scratch, &k.fields) = *e;
		loss_note(s->w->losses, arena_cstr(s->scratch, arena_concat(s->scratch, STR("files[]."), e->field, STR(""))), true);
	}
	if (c->parent != NO_COMPONENT && c->parent < s->w->bom->ncomponents)
		k.parent = s->ids[c->parent];
	struct spdx_node *holder = spdx_node_object(s->scratch, O_FILE);
	add_annotations(s, holder, F_FILE_ANNOTATIONS, c, &k);
	spdx_conform(s, holder, NULL);
	if (spdx_node_get(holder, F_FILE_ANNOTATIONS)) {
		n->last->next = spdx_node_get(holder, F_FILE_ANNOTATIONS);
		n->last = n->last->next;
		n->last->next = NULL;
	}
	s->emit->element(s->emit->to, &spdx_fields[F_DOCUMENT_FILES], n);
	arena_pop(s->scratch, mark);
}
