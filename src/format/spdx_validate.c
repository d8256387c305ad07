/* Holding SPDX 2 documents, in either syntax, against the rule table. */
#include "base/diag.h"
#include "base/map.h"
#include "base/timestamp.h"
#include "format/spdx_tag.h"
#include "format/spdx_writing.h"
#include "format/validate.h"
#include "identity/licence.h"

struct reference {
	struct str id, pointer;
	size_t offset;
};

struct checking {
	struct violations *v;
	struct arena *scratch; /* of one element */
	int version;
	bool tags;	       /* tag-value: places are tags */
	struct map ids;	       /* every SPDXID */
	struct map externals, licences;
	VEC(struct reference) references; /* to elements */
	VEC(struct reference) licence_refs;
	size_t packages, elements;
	bool describes;
};

/* "/packages/3" and a key to "/packages/3/name", with ~ and / escaped; in tag-value the field's tag. */
static struct str below(struct checking *k, struct str pointer, const struct spdx_field *f, struct str key)
{
	struct str text = f ? str_of(f->json) : key;
	struct buf out;

	if (k->tags)
		return f && *f->tag ? str_of(f->tag) : pointer;
	buf_init(&out, 0);
	buf_add(&out, pointer);
	buf_addc(&out, '/');
	for (size_t i = 0; i < text.len; i++)
		if (text.s[i] == '~' || text.s[i] == '/')
			buf_adds(&out, text.s[i] == '~' ? "~0" : "~1");
		else
			buf_addc(&out, text.s[i]);
	struct str s = arena_str(k->v->arena, buf_str(&out));
	buf_free(&out);
	return s;
}

static const char *type_text(const struct spdx_field *f)
{
	return f->type == T_OBJECT ? "an object" : f->type == T_BOOL ? "true or false" : f->type == T_INT ? "a number" : "a string";
}

static void refer(struct checking *k, struct str id, struct str pointer, size_t offset)
{
	*VEC_ADD(k->v->arena, &k->references) = (struct reference){ arena_str(k->v->arena, id), pointer, offset };
}

static void check_licence(struct checking *k, struct str text, struct str pointer, size_t offset)
{
	struct str unknown, rest = text;
	struct licence_token t;
	bool with = false;

	if (str_is(text, "NOASSERTION") || str_is(text, "NONE"))
		return;
	if (!licence_expression_valid(text, &unknown)) {
		violation_add(k->v, pointer, offset, "\"%.*s\" is no licence expression", STR_ARG(str_sub(text, 0, 200)));
		return;
	}
	if (unknown.s)
		violation_add(k->v, pointer, offset, "\"%.*s\" is not in the SPDX licence list", STR_ARG(str_sub(unknown, 0, 200)));
	while (licence_next_token(&rest, &with, &t))
		if (t.kind == LICENCE_TOKEN_REF)
			*VEC_ADD(k->v->arena, &k->licence_refs) = (struct reference){ arena_str(k->v->arena, t.text), pointer, offset };
}

/* Date and time to the second, in UTC: the form alone would take the 40th of a month. */
static bool date_legal(struct arena *a, struct str text)
{
	int64_t t;

	return text.len == 20 && timestamp_parse(text, &t) && str_eq(timestamp_text(a, t), text);
}

static bool list_version_legal(struct str s)
{
	uint64_t n;
	size_t dot = str_chr(s, '.');

	return dot != STR_NOT_FOUND && str_to_u64(str_sub(s, 0, dot), &n) && str_to_u64(str_from(s, dot + 1), &n);
}

static bool no_blank(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.s[i] <= ' ')
			return false;
	return s.len > 0;
}

static bool is_party(struct str s, bool tool)
{
	return (str_starts(s, STR("Person:")) && s.len > 8) || (str_starts(s, STR("Organization:")) && s.len > 14) ||
	       (tool && str_starts(s, STR("Tool:")) && s.len > 6) || (!tool && str_is(s, "NOASSERTION"));
}

static bool word_legal(struct str s, const char *prefix)
{
	size_t n = strlen(prefix);

	for (size_t i = n; i < s.len; i++)
		if (!ascii_alpha(s.s[i]) && !ascii_digit(s.s[i]) && !strchr(".-+", s.s[i]))
			return false;
	return str_starts(s, str_of(prefix)) && s.len > n;
}

static bool uri_legal(struct str s)
{
	size_t colon = str_chr(s, ':');

	return colon != STR_NOT_FOUND && colon > 0 && colon + 1 < s.len && ascii_alpha(s.s[0]) && no_blank(s) && str_chr(s, '#') == STR_NOT_FOUND;
}

/* What is wrong with a text of this type; NULL: nothing. */
static const char *fault_of(struct checking *k, const struct spdx_field *f, struct str text, struct str pointer, size_t offset)
{
	bool unsaid = str_is(text, "NOASSERTION") || str_is(text, "NONE");

	switch (f->type) {
	case T_LINE:
		return str_chr(text, '\n') == STR_NOT_FOUND ? NULL : "is more than one line";
	case T_DATE:
		return date_legal(k->scratch, text) ? NULL : "is no date of the form YYYY-MM-DDThh:mm:ssZ";
	case T_URI:
		return uri_legal(text) ? NULL : "is no absolute URI without a fragment";
	case T_ID:
		return spdx_id_legal(text) ? NULL : "is no SPDXID: SPDXRef- and letters, digits, '.' and '-'";
	case T_DOCUMENT_ID:
		return word_legal(text, "DocumentRef-") ? NULL : "is no DocumentRef-…";
	case T_LICENCE_ID:
		return spdx_licence_ref_legal(text) ? NULL : "is no LicenseRef-… of letters, digits, '.' and '-'";
	case T_ELEMENT:
		if (!unsaid)
			refer(k, text, pointer, offset);
		return NULL;
	case T_LICENCE:
		check_licence(k, text, pointer, offset);
		return NULL;
	case T_PARTY:
		return is_party(text, false) ? NULL : "is none of \"Person: …\", \"Organization: …\" and NOASSERTION";
	case T_CREATOR:
		return is_party(text, true) ? NULL : "is none of \"Person: …\", \"Organization: …\" and \"Tool: …\"";
	case T_DOWNLOAD:
	case T_HOMEPAGE:
		return unsaid || no_blank(text) ? NULL : "is no URL, NOASSERTION or NONE";
	case T_LOCATOR:
		return no_blank(text) ? NULL : "is no locator: it may not be empty or hold blanks";
	case T_LIST_VERSION:
		return list_version_legal(text) ? NULL : "is no version of the licence list such as 3.17";
	case T_HEX:
		for (size_t i = 0; i < text.len; i++)
			if (ascii_hex(text.s[i]) < 0)
				return "is not hexadecimal";
		return text.len ? NULL : "is empty";
	case T_ENUM:
		/* The underscore in PACKAGE_MANAGER is the form of JSON in 2.2; both are taken, as tools do. */
		return str_eq(spdx_value_of((enum spdx_values)f->of, text, k->version), text) ||
				       (f->of == V_CATEGORY && spdx_value_of(V_CATEGORY, text, 0).s && text.s[0] >= 'A' && text.s[0] <= 'Z') ?
			       NULL :
			       "is not one of the values of this field";
	default:
		return NULL;
	}
}

static void check_object(struct checking *k, const struct spdx_node *o, struct str pointer);

static void check_value(struct checking *k, const struct spdx_node *n, struct str pointer)
{
	const struct spdx_field *f = n->field;

	if (n->wrong) {
		violation_add(k->v, pointer, n->offset, "%s is due here", type_text(f));
	} else if (n->type == JSON_OBJECT) {
		check_object(k, n, pointer);
	} else if (n->type == JSON_STRING) {
		const char *fault = fault_of(k, f, n->text, pointer, n->offset);
		if (fault)
			violation_add(k->v, pointer, n->offset, "\"%.*s\" %s", STR_ARG(str_sub(n->text, 0, 200)), fault);
	}
}

/* ---- rules that tie fields together */

static void check_package(struct checking *k, const struct spdx_node *o, struct str pointer)
{
	const struct spdx_node *said = spdx_node_get(o, F_PACKAGE_ANALYZED), *code = spdx_node_get(o, F_PACKAGE_CODE);
	bool analyzed = !said || said->type != JSON_FALSE;

	if (code && !analyzed)
		violation_add(k->v, below(k, pointer, code->field, STR("")), code->offset, "no verification code where filesAnalyzed is false");
	const struct spdx_node *from = spdx_node_get(o, F_PACKAGE_FROM_FILES);
	if (from && !analyzed && from->child)
		violation_add(k->v, below(k, pointer, from->field, STR("")), from->offset, "no licenseInfoFromFiles where filesAnalyzed is false");
	if (analyzed && !code && k->version <= 22)
		violation_add(k->v, pointer, o->offset, "packageVerificationCode is missing, and filesAnalyzed is not false");
}

static void check_file(struct checking *k, const struct spdx_node *o, struct str pointer)
{
	struct str name = spdx_node_text(o, F_FILE_NAME);

	if (name.len && name.s[0] == '/')
		violation_add(k->v, pointer, o->offset, "\"%.*s\": a fileName is relative, it begins with ./ and not with /", STR_ARG(str_sub(name, 0, 200)));
	for (SPDX_EACH(c, spdx_node_get(o, F_FILE_CHECKSUMS)))
		if (str_is(spdx_node_text(c, F_CHECKSUM_ALGORITHM), "SHA1"))
			return;
	violation_add(k->v, pointer, o->offset, "a file needs a SHA1 checksum");
}

static void check_checksum(struct checking *k, const struct spdx_node *o, struct str pointer)
{
	struct str name = spdx_node_text(o, F_CHECKSUM_ALGORITHM);
	const struct spdx_algorithm *a = spdx_algorithm_of(name);
	struct str value = spdx_node_text(o, F_CHECKSUM_VALUE);

	if (a && a->digits && value.s && value.len != a->digits)
		violation_add(k->v, pointer, o->offset, "%s has %u hexadecimal digits, here are %zu", a->spdx2, a->digits, value.len);
}

static void check_ref(struct checking *k, const struct spdx_node *o, struct str pointer)
{
	struct str type = spdx_node_text(o, F_REF_TYPE), locator = spdx_node_text(o, F_REF_LOCATOR);

	if (str_is(type, "purl") && !spdx_purl_legal(locator))
		violation_add(k->v, pointer, o->offset, "\"%.*s\" is no package URL", STR_ARG(str_sub(locator, 0, 200)));
	if ((str_is(type, "cpe23Type") || str_is(type, "cpe22Type")) && !spdx_cpe_legal(locator))
		violation_add(k->v, pointer, o->offset, "\"%.*s\" is no CPE", STR_ARG(str_sub(locator, 0, 200)));
}

static void remember(struct checking *k, const struct spdx_node *o, struct str pointer)
{
	static const struct {
		enum spdx_object object;
		enum spdx_field_id id;
	} ids[] = { { O_DOCUMENT, F_DOCUMENT_ID }, { O_PACKAGE, F_PACKAGE_ID }, { O_FILE, F_FILE_ID }, { O_SNIPPET, F_SNIPPET_ID } };
	struct arena *a = k->v->arena;
	bool fresh;

	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		struct str id = o->object == ids[i].object ? spdx_node_text(o, ids[i].id) : STR_NONE;
		if (!id.len)
			continue;
		map_put(&k->ids, arena_str(a, id), &fresh);
		if (!fresh)
			violation_add(k->v, pointer, o->offset, "the SPDXID %.*s stands twice", STR_ARG(str_sub(id, 0, 200)));
	}
	if (o->object == O_EXTRACTED)
		map_put(&k->licences, arena_str(a, spdx_node_text(o, F_EXTRACTED_ID)), NULL);
	if (o->object == O_EXTERNAL_DOCUMENT)
		map_put(&k->externals, arena_str(a, spdx_node_text(o, F_EXTERNAL_DOCUMENT_ID)), NULL);
	if (o->object == O_RELATION) {
		struct str type = spdx_node_text(o, F_RELATION_TYPE);
		k->describes = k->describes || str_is(type, "DESCRIBES") || str_is(type, "DESCRIBED_BY");
	}
	k->packages += o->object == O_PACKAGE;
	k->elements += o->object == O_PACKAGE || o->object == O_FILE || o->object == O_SNIPPET;
}

static void check_object(struct checking *k, const struct spdx_node *o, struct str pointer)
{
	size_t i, end;

	remember(k, o, pointer);
	for (SPDX_EACH(n, o)) {
		struct str at = below(k, pointer, n->field, n->key);
		if (!n->field) {
			violation_add(k->v, at, n->offset, "\"%.*s\" is no field of %s in SPDX 2", STR_ARG(str_sub(n->key, 0, 100)),
				      spdx_object_name(o->object));
			continue;
		}
		if (k->version && !spdx_field_in(n->field, k->version))
			violation_add(k->v, at, n->offset, "%s came with SPDX 2.%d", n->field->json, n->field->since - 20);
		if (n->field->flags & MANY && !(n->type == JSON_ARRAY && !n->wrong && (k->tags || str_starts(n->raw, STR("["))))) {
			violation_add(k->v, at, n->offset, "an array is due here");
		} else if (n->type == JSON_ARRAY) {
			size_t index = 0;
			for (SPDX_EACH(v, n)) {
				check_value(k, v, k->tags ? at : arena_printf(k->v->arena, "%.*s/%zu", STR_ARG(at), index));
				index++;
			}
		} else {
			check_value(k, n, at);
		}
	}
	spdx_object_fields(o->object, &i, &end);
	for (; i < end; i++) {
		const struct spdx_field *f = &spdx_fields[i];
		bool due = f->flags & REQ || (f->flags & REQ22 && k->version <= 22);
		const struct spdx_node *n = spdx_node_get(o, f->id);
		if (f->object != o->object || !due || !*(k->tags && *f->tag ? f->tag : f->json))
			continue;
		if (!n || (n->type == JSON_ARRAY && !n->child && f->id != F_DOCUMENT_PACKAGES))
			violation_add(k->v, pointer, o->offset, "%s of %s is missing", k->tags && *f->tag ? f->tag : f->json, spdx_object_name(o->object));
	}
	if (o->object == O_PACKAGE)
		check_package(k, o, pointer);
	else if (o->object == O_FILE)
		check_file(k, o, pointer);
	else if (o->object == O_CHECKSUM)
		check_checksum(k, o, pointer);
	else if (o->object == O_REF)
		check_ref(k, o, pointer);
}

/* ---- what needs the whole document */

static void check_document_fields(struct checking *k, const struct spdx_node *document)
{
	struct str version = spdx_node_text(document, F_DOCUMENT_VERSION), licence = spdx_node_text(document, F_DOCUMENT_DATA_LICENCE),
		   id = spdx_node_text(document, F_DOCUMENT_ID);

	if (version.s && !str_is(version, "SPDX-2.2") && !str_is(version, "SPDX-2.3"))
		violation_add(k->v, k->tags ? STR("SPDXVersion") : STR("/spdxVersion"), spdx_node_get(document, F_DOCUMENT_VERSION)->offset,
			      "\"%.*s\" is neither SPDX-2.2 nor SPDX-2.3", STR_ARG(str_sub(version, 0, 40)));
	if (licence.s && !str_is(licence, "CC0-1.0"))
		violation_add(k->v, k->tags ? STR("DataLicense") : STR("/dataLicense"), spdx_node_get(document, F_DOCUMENT_DATA_LICENCE)->offset,
			      "the dataLicense of SPDX 2 is CC0-1.0");
	if (id.s && !str_is(id, SPDX_DOCUMENT_ID))
		violation_add(k->v, k->tags ? STR("SPDXID") : STR("/SPDXID"), spdx_node_get(document, F_DOCUMENT_ID)->offset,
			      "the SPDXID of the document is " SPDX_DOCUMENT_ID);
}

static void check_references(struct checking *k)
{
	for (VEC_EACH(const struct reference, r, &k->references)) {
		size_t colon = str_chr(r->id, ':');
		bool outer = colon != STR_NOT_FOUND && str_starts(r->id, STR("DocumentRef-"));
		if (outer ? !map_has(&k->externals, str_sub(r->id, 0, colon)) : !map_has(&k->ids, r->id))
			violation_add(k->v, r->pointer, r->offset, "%.*s is not in the document", STR_ARG(str_sub(r->id, 0, 200)));
	}
	for (VEC_EACH(const struct reference, r, &k->licence_refs)) {
		size_t colon = str_chr(r->id, ':');
		if (colon == STR_NOT_FOUND ? !map_has(&k->licences, r->id) : !map_has(&k->externals, str_sub(r->id, 0, colon)))
			violation_add(k->v, r->pointer, r->offset, "%.*s has no text in the document", STR_ARG(str_sub(r->id, 0, 200)));
	}
	if (!k->describes && !(k->packages == 1 && k->elements == 1))
		violation_add(k->v, k->tags ? STR("Relationship") : STR(""), DIAG_NO_OFFSET, "nothing says what the document describes");
}

static void start(struct checking *k, struct violations *out)
{
	*k = (struct checking){ .v = out, .scratch = arena_new(0), .version = 23 };
	map_init(&k->ids, out->arena);
	map_init(&k->externals, out->arena);
	map_init(&k->licences, out->arena);
}

/* ---- JSON */

/* The version decides which rules hold, wherever it stands. */
static int version_in(struct str text, struct arena *scratch)
{
	struct json_cursor c;
	struct str key;
	int version = 0;

	json_open(&c, scratch, text);
	if (json_enter_object(&c))
		while (!version && json_next_key(&c, &key)) {
			if (str_is(key, "spdxVersion") && json_peek(&c) == JSON_STRING)
				version = spdx_version_of(json_read_string(&c));
			else
				json_skip(&c);
		}
	return version ? version : 23;
}

/* The elements of a list, one after another; the document itself sees an empty array. */
static void check_list(struct checking *k, struct json_cursor *c, const struct spdx_field *f)
{
	struct arena_mark mark = arena_mark(k->scratch);
	size_t index = 0;

	json_enter_array(c);
	while (json_next(c)) {
		arena_pop(k->scratch, mark);
		struct str pointer = arena_printf(k->v->arena, "/%s/%zu", f->json, index++);
		if (json_peek(c) != JSON_OBJECT) {
			violation_add(k->v, pointer, json_offset(c), "an object is due here");
			json_skip(c);
			continue;
		}
		const struct spdx_node *n = spdx_node_read(c, k->scratch, (enum spdx_object)f->of);
		if (!json_failed(c))
			check_object(k, n, pointer);
	}
	arena_pop(k->scratch, mark);
}

void spdx_json_validate(struct str text, struct violations *out)
{
	struct checking k;
	struct json_cursor c;
	struct str key;
	bool seen[F_COUNT] = { false };

	start(&k, out);
	k.version = version_in(text, k.scratch);
	json_open(&c, out->arena, text);
	struct spdx_node *document = spdx_node_object(out->arena, O_DOCUMENT);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		const struct spdx_field *f = spdx_field_by_json(O_DOCUMENT, key);
		if (f && seen[f->id])
			json_fail(&c, json_offset(&c), "this key stands twice in the document");
		if (f)
			seen[f->id] = true;
		if (f && f->id == F_DOCUMENT_DESCRIBES)
			k.describes = true;
		bool elements = f && f->type == T_OBJECT && f->flags & MANY && f->id != F_DOCUMENT_EXTERNALS;
		if (elements && json_peek(&c) == JSON_ARRAY)
			check_list(&k, &c, f);
		else
			spdx_node_take(document, f, key, &c, out->arena);
	}
	if (!json_close(&c))
		violation_add(out, STR(""), c.error_offset, "%s", c.error);
	document->offset = 0;
	check_object(&k, document, STR(""));
	check_document_fields(&k, document);
	check_references(&k);
	arena_free(k.scratch);
}

/* ---- tag-value */

static void tag_element(void *to, const struct spdx_node *node)
{
	struct checking *k = to;

	if (node->object == O_DOCUMENT)
		check_document_fields(k, node);
	check_object(k, node, str_of(spdx_object_tag(node->object)));
}

static void tag_fault(void *to, enum spdx_notice notice, size_t offset, struct str what)
{
	struct checking *k = to;
	const char *text = notice == SPDX_NOTICE_LINE	   ? "is no tag that may stand here" :
			   notice == SPDX_NOTICE_DUPLICATE ? "stands twice" :
							     "has a value that is not of its form";

	violation_add(k->v, STR(""), offset, "\"%.*s\" %s", STR_ARG(str_sub(what, 0, 100)), text);
}

static void tag_broken(void *to, size_t offset, const char *why)
{
	violation_add(((struct checking *)to)->v, STR(""), offset, "%s", why);
}

void spdx_tag_validate(struct str text, struct violations *out)
{
	struct checking k;
	struct spdx_tag_sink sink = { &k, tag_element, tag_fault, tag_broken };
	size_t at = str_find(text, STR("SPDXVersion:"), 0);

	start(&k, out);
	k.tags = true;
	if (at != STR_NOT_FOUND) {
		struct str rest = str_from(text, at + 12);
		int version = spdx_version_of(str_trim(str_cut(&rest, '\n')));
		k.version = version ? version : 23;
	}
	spdx_tag_parse(text, out->arena, &sink);
	check_references(&k);
	arena_free(k.scratch);
}
