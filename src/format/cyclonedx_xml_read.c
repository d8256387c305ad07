/* CycloneDX XML into the JSON of the same version, by the rule table, element by element; then as JSON into a bom. */
#include "format/cyclonedx.h"
#include "format/cyclonedx_rules.h"
#include "format/cyclonedx_xml.h"

struct turning {
	struct bom *b;
	struct str path;
	struct json_writer j;
	struct cdx_places places;
	struct str space;
	unsigned version;
	bool known;
	const char *refused;
	size_t foreign; /* elements and attributes of other namespaces */
	uint64_t seen;	/* fields of the root */
	bool list_open;
};

unsigned cdx_xml_version(const struct xml_node *root)
{
	struct str prefix = STR(CDX_XML_SPACE), v = str_from(root->space, prefix.len);

	if (!str_is(root->name, "bom") || !str_starts(root->space, prefix) || v.len != 3 || !str_starts(v, STR("1.")) || v.s[2] < '0' ||
	    v.s[2] > '7')
		return CDX_NO_VERSION;
	return (unsigned)(v.s[2] - '0');
}

static bool is_ours(const struct turning *t, const struct xml_node *n)
{
	return str_eq(n->space, t->space);
}

static void place(struct turning *t, const struct xml_node *n)
{
	*VEC_ADD(t->b->arena, &t->places) = (struct cdx_place){ t->j.out->len, n->offset };
}

static void left_out(struct turning *t, const struct xml_node *n)
{
	if (is_ours(t, n))
		diag_add(t->b->diags, SEV_WARNING, "input.entry", t->path, n->offset, "`%.*s` in `%.*s` is no element of CycloneDX, left out",
			 STR_ARG(n->name), n->parent ? (int)n->parent->name.len : 0, n->parent ? n->parent->name.s : "");
	else
		t->foreign++;
}

static void put_record(struct turning *t, const struct xml_node *n, const struct cdx_record *r);

/* Blanks around a text count, unless it was only laid out on lines of its own; around a name they never do. */
static bool keeps_blanks(const struct cdx_field *f, struct str text)
{
	return text.len && text.s[0] != '\n' && text.s[0] != '\r' && text.s[text.len - 1] != '\n' && !str_is(f->json, "name") &&
	       !str_is(f->json, "group") && !str_is(f->json, "purl") && !str_is(f->json, "id");
}

static void put_scalar(struct turning *t, const struct cdx_field *f, struct str text)
{
	struct str trimmed = str_trim(text);

	if (f->kind == CDX_BOOL && (str_is(trimmed, "1") || str_is(trimmed, "0")))
		json_put_bool(&t->j, str_is(trimmed, "1"));
	else if (f->kind == CDX_BOOL && !cdx_scalar_fault(f, trimmed, 7, true))
		json_put_bool(&t->j, str_is(trimmed, "true"));
	else if (f->kind >= CDX_INT && f->kind <= CDX_PERCENT && !cdx_scalar_fault(f, trimmed, 4, true) && trimmed.len < 18) {
		while (trimmed.len > 1 && (trimmed.s[0] == '+' || (trimmed.s[0] == '0' && ascii_digit(trimmed.s[1]))))
			trimmed = str_from(trimmed, 1);
		if (trimmed.s[0] == '.')
			trimmed = arena_concat(t->b->arena, STR("0"), trimmed, STR_NONE);
		if (trimmed.s[trimmed.len - 1] == '.')
			trimmed.len--;
		json_put_raw(&t->j, trimmed);
	} else if (f->kind == CDX_TEXT && (f->form == CDX_BODY || keeps_blanks(f, text)))
		json_put_string(&t->j, text.s ? text : STR(""));
	else
		json_put_string(&t->j, trimmed.s ? trimmed : STR(""));
}

static void put_attribute(struct turning *t, const struct xml_node *n, const char *name, const char *key)
{
	const struct xml_node_attribute *a = xml_node_attribute(n, name);

	if (a)
		json_member(&t->j, key, a->value);
}

static void put_one(struct turning *t, const struct xml_node *n, const struct cdx_field *f)
{
	const struct xml_node_attribute *ref = xml_node_attribute(n, "ref");

	if (f->form == CDX_REFLIST || f->form == CDX_FLATREF)
		json_put_string(&t->j, ref ? ref->value : STR(""));
	else if (f->kind == CDX_OF && f->of >= CDX_R_ike_encryption && f->of <= CDX_R_ike_authentication && !n->child)
		json_put_string(&t->j, str_trim(n->text));
	else if (f->kind == CDX_OF)
		put_record(t, n, cdx_record(f->of));
	else
		put_scalar(t, f, n->text);
}

/* <license>, <expression>, <expression-detailed> */
static void put_licence(struct turning *t, const struct xml_node *n)
{
	const struct cdx_record *choice = cdx_record(CDX_R_license_choice);

	json_begin_object(&t->j);
	if (str_is(n->name, "license")) {
		json_put_key(&t->j, "license");
		put_record(t, n, cdx_record(CDX_R_license));
	} else if (str_is(n->name, "expression")) {
		json_member(&t->j, "expression", str_trim(n->text).s ? str_trim(n->text) : STR(""));
		put_attribute(t, n, "acknowledgement", "acknowledgement");
		put_attribute(t, n, "bom-ref", "bom-ref");
	} else {
		put_attribute(t, n, "expression", "expression");
		put_attribute(t, n, "acknowledgement", "acknowledgement");
		put_attribute(t, n, "bom-ref", "bom-ref");
		bool open = false;
		for (const struct xml_node *c = n->child; c; c = c->next) {
			if (!str_is(c->name, "details"))
				continue;
			if (!open) {
				json_put_key(&t->j, "expressionDetails");
				json_begin_array(&t->j);
			}
			open = true;
			put_record(t, c, cdx_record(CDX_R_expression_detail));
		}
		if (open)
			json_end_array(&t->j);
		for (const struct xml_node *c = n->child; c; c = c->next) {
			const struct cdx_field *f = cdx_field_json(choice, c->name);
			if (!f || !str_is(c->name, "licensing"))
				continue;
			json_put_key(&t->j, "licensing");
			put_record(t, c, cdx_record(CDX_R_licensing));
		}
	}
	json_end_object(&t->j);
}

static void put_tools(struct turning *t, const struct xml_node *n)
{
	const struct cdx_record *tools = cdx_record(CDX_R_tools);
	bool object = xml_node_child(n, "components") || xml_node_child(n, "services");

	if (object) {
		put_record(t, n, tools);
		return;
	}
	json_begin_array(&t->j);
	for (const struct xml_node *c = n->child; c; c = c->next) {
		if (is_ours(t, c) && str_is(c->name, "tool"))
			put_record(t, c, cdx_record(CDX_R_tool));
		else
			left_out(t, c);
	}
	json_end_array(&t->j);
}

static void put_classification(struct turning *t, const struct xml_node *n)
{
	put_attribute(t, n, "flow", "flow");
	json_member(&t->j, "classification", str_trim(n->text).s ? str_trim(n->text) : STR(""));
}

static void put_data(struct turning *t, const struct xml_node *n)
{
	json_begin_array(&t->j);
	for (const struct xml_node *c = n->child; c; c = c->next) {
		if (is_ours(t, c) && str_is(c->name, "classification")) {
			json_begin_object(&t->j);
			put_classification(t, c);
			json_end_object(&t->j);
		} else if (is_ours(t, c) && str_is(c->name, "dataflow")) {
			put_record(t, c, cdx_record(CDX_R_service_data));
		} else {
			left_out(t, c);
		}
	}
	json_end_array(&t->j);
}

/* The first of organization, contact and ref as the value itself. */
static void put_asserter(struct turning *t, const struct xml_node *n)
{
	const struct xml_node *c = n->child;

	if (c && str_is(c->name, "organization") && !xml_node_child(c, "url") && !xml_node_child(c, "contact") && !xml_node_child(c, "address")) {
		/* A name alone would fit a person too: JSON tells them apart by what they have. */
		json_begin_object(&t->j);
		json_member_opt(&t->j, "name", xml_node_child(c, "name") ? str_trim(xml_node_child(c, "name")->text) : STR_NONE);
		json_put_key(&t->j, "url");
		json_begin_array(&t->j);
		json_end_array(&t->j);
		json_end_object(&t->j);
	} else if (c && str_is(c->name, "organization"))
		put_record(t, c, cdx_record(CDX_R_entity));
	else if (c && (str_is(c->name, "contact") || str_is(c->name, "individual")))
		put_record(t, c, cdx_record(CDX_R_contact));
	else
		json_put_string(&t->j, c ? str_trim(c->text) : STR(""));
}

static void put_union_item(struct turning *t, const struct xml_node *c, const struct cdx_field *f)
{
	if (f->of == CDX_R_data && str_is(c->name, "ref")) {
		json_begin_object(&t->j);
		json_member(&t->j, "ref", str_trim(c->text));
		json_end_object(&t->j);
	} else if (f->of == CDX_R_patent && str_is(c->name, "patentFamily")) {
		put_record(t, c, cdx_record(CDX_R_patent_family));
	} else if (f->of == CDX_R_property && str_is(c->name, "value")) {
		json_put_string(&t->j, c->text.s ? c->text : STR(""));
	} else if (str_eq(c->name, f->item)) {
		put_record(t, c, cdx_record(f->of));
	} else {
		left_out(t, c);
	}
}

static void put_wrapper(struct turning *t, const struct xml_node *n, const struct cdx_field *f)
{
	json_begin_array(&t->j);
	for (const struct xml_node *c = n->child; c; c = c->next) {
		if (!is_ours(t, c))
			left_out(t, c);
		else if (f->form == CDX_LICENCES)
			put_licence(t, c);
		else if (f->form == CDX_UNION)
			put_union_item(t, c, f);
		else if (str_eq(c->name, f->item))
			put_one(t, c, f);
		else
			left_out(t, c);
	}
	json_end_array(&t->j);
}

static void put_field(struct turning *t, const struct xml_node *n, const struct cdx_field *f)
{
	switch (f->form) {
	case CDX_TOOLS:
		put_tools(t, n);
		break;
	case CDX_DATA:
		put_data(t, n);
		break;
	case CDX_ASSERTER:
		put_asserter(t, n);
		break;
	case CDX_LICENCES:
	case CDX_UNION:
	case CDX_LIST:
	case CDX_REFLIST:
		put_wrapper(t, n, f);
		break;
	default:
		put_one(t, n, f);
	}
}

static bool repeats(const struct cdx_field *f)
{
	return f->form == CDX_FLAT || f->form == CDX_FLATREF || f->form == CDX_ASSIGNEE || f->form == CDX_MANY;
}

/* All children of one field that may repeat, as one list. */
static void put_repeated(struct turning *t, const struct xml_node *first, const struct cdx_field *f)
{
	/* 1.5 knew one identity; a list of one is what 1.6 calls the same. */
	bool single = f->form == CDX_MANY && t->version < 6;

	json_put_key_str(&t->j, f->json);
	if (!single)
		json_begin_array(&t->j);
	for (const struct xml_node *c = first; c; c = c->next) {
		if (!is_ours(t, c) || !str_eq(c->name, first->name))
			continue;
		if (f->form == CDX_ASSIGNEE)
			put_asserter(t, c);
		else
			put_one(t, c, f);
		if (single)
			break;
	}
	if (!single)
		json_end_array(&t->j);
}

static void put_record(struct turning *t, const struct xml_node *n, const struct cdx_record *r)
{
	uint64_t seen = 0;

	if (n->depth <= 2 || cdx_record_id(r) == CDX_R_component)
		place(t, n);
	json_begin_object(&t->j);
	for (const struct xml_node_attribute *a = n->attributes; a; a = a->next) {
		const struct cdx_field *f = a->space.s ? NULL : cdx_field_xml(r, a->name, true);
		if (!f) {
			t->foreign++;
			continue;
		}
		json_put_key_str(&t->j, f->json);
		put_scalar(t, f, a->value);
	}
	for (size_t i = 0; i < r->n; i++) {
		if (r->fields[i].form != CDX_BODY)
			continue;
		json_put_key_str(&t->j, r->fields[i].json);
		put_scalar(t, &r->fields[i], n->text);
	}
	for (const struct xml_node *c = n->child; c; c = c->next) {
		const struct cdx_field *f = is_ours(t, c) ? cdx_field_xml(r, c->name, false) : NULL;
		uint64_t bit = f ? (uint64_t)1 << (f - r->fields) : 0;
		if (!f) {
			left_out(t, c);
		} else if (cdx_record_id(r) == CDX_R_service_data && str_is(c->name, "classification")) {
			put_classification(t, c);
		} else if (!(seen & bit)) {
			seen |= bit;
			if (repeats(f)) {
				put_repeated(t, c, f);
			} else {
				json_put_key_str(&t->j, f->json);
				put_field(t, c, f);
			}
		} else if (!repeats(f)) {
			diag_add(t->b->diags, SEV_WARNING, "input.entry", t->path, c->offset, "`%.*s` stands twice: the first counts",
				 STR_ARG(c->name));
		}
	}
	json_end_object(&t->j);
}

/* ---- the document, piece by piece */

static bool enter(void *context, const struct xml_node *n)
{
	struct turning *t = context;
	const struct cdx_record *bom = cdx_record(CDX_R_bom);

	if (n->depth == 0) {
		t->version = cdx_xml_version(n);
		t->known = t->version != CDX_NO_VERSION;
		if (!t->known)
			return true;
		t->space = arena_str(t->b->arena, n->space);
		json_begin_object(&t->j);
		json_member(&t->j, "bomFormat", STR("CycloneDX"));
		json_member(&t->j, "specVersion", str_from(t->space, sizeof CDX_XML_SPACE - 1));
		for (const struct xml_node_attribute *a = n->attributes; a; a = a->next) {
			const struct cdx_field *f = a->space.s ? NULL : cdx_field_xml(bom, a->name, true);
			if (f) {
				json_put_key_str(&t->j, f->json);
				put_scalar(t, f, a->value);
			}
		}
		return true;
	}
	const struct cdx_field *f = t->known && is_ours(t, n) ? cdx_field_xml(bom, n->name, false) : NULL;
	if (n->depth != 1 || !f || f->form != CDX_LIST)
		return false;
	if (t->seen & (uint64_t)1 << (f - bom->fields)) {
		t->refused = "an element of the document stands twice";
		return true;
	}
	t->seen |= (uint64_t)1 << (f - bom->fields);
	json_put_key_str(&t->j, f->json);
	json_begin_array(&t->j);
	t->list_open = true;
	return true;
}

static void done(void *context, const struct xml_node *n)
{
	struct turning *t = context;
	const struct cdx_record *bom = cdx_record(CDX_R_bom);

	if (!t->known || t->refused)
		return;
	const struct cdx_field *f = is_ours(t, n) ? cdx_field_xml(bom, n->depth == 1 ? n->name : n->parent->name, false) : NULL;
	uint64_t bit = f ? (uint64_t)1 << (f - bom->fields) : 0;
	if (!f || (n->depth == 2 && !str_eq(f->item, n->name))) {
		left_out(t, n);
	} else if (n->depth == 2) {
		put_one(t, n, f);
	} else if (t->seen & bit) {
		t->refused = "an element of the document stands twice";
	} else {
		t->seen |= bit;
		json_put_key_str(&t->j, f->json);
		put_field(t, n, f);
	}
}

static void leave(void *context, const struct xml_node *n)
{
	struct turning *t = context;

	if (!t->known || t->refused)
		return;
	if (n->depth == 0)
		json_end_object(&t->j);
	else
		json_end_array(&t->j);
}

static enum result refuse(struct bom *b, struct str path, const char *code, size_t at, const char *why)
{
	diag_add(b->diags, SEV_ERROR, code, path, at, "%s", why);
	return FAILED;
}

enum result cyclonedx_xml_read(struct bom *b, struct str path, struct str text)
{
	struct turning t = { .b = b, .path = path };
	const struct xml_handler h = { &t, enter, done, leave };
	struct arena *trees = arena_new(0);
	enum result result;
	const char *error;
	struct buf json;
	size_t offset;

	buf_init(&json, 0);
	json_writer_init(&t.j, &json, true);
	bool parsed = xml_stream_parse(trees, text, &h, &error, &offset);
	arena_free(trees);
	if (!parsed)
		result = refuse(b, path, "input.syntax", offset, error);
	else if (!t.known)
		result = refuse(b, path, "input.version", 0, "the namespace of the root is none of CycloneDX 1.0 to 1.7; ask the tool that made the SBOM for 1.6");
	else if (t.refused)
		result = refuse(b, path, "input.syntax", 0, t.refused);
	else {
		struct str kept = buf_str(&json);
		arena_adopt(b->arena, json.s);
		if (t.foreign)
			diag_add(b->diags, SEV_NOTICE, "input.entry", path, DIAG_NO_OFFSET,
				 "%zu elements or attributes of other namespaces are not read", t.foreign);
		return cdx_read_text(b, path, kept, &t.places);
	}
	buf_free(&json);
	return result;
}

/* The root's start tag is enough, whatever its prefix. */
bool cyclonedx_xml_detect(struct str text)
{
	struct str start = str_sub(text, 0, 64 << 10);

	if (str_starts(start, STR("\xef\xbb\xbf")))
		start = str_from(start, 3);
	return str_starts(str_trim(start), STR("<")) &&
	       (str_has(start, STR("cyclonedx.org/schema/bom")) || str_has(start, STR("<!DOCTYPE")));
}
