/* Elements of SPDX 2 into the model. Whatever has no place there is kept as raw JSON in `extra`. */
#include "format/spdx.h"

#include "base/diag.h"
#include "identity/licence.h"
#include "identity/purl.h"

#define STANDARD STR("spdx")

#define RESERVE(a, vec, want)                                                                                            \
	((vec)->cap < (want) ? (void)((vec)->items = arena_grow((a), (vec)->items, (vec)->cap, (want), sizeof *(vec)->items), \
				      (vec)->cap = (want)) :                                                             \
			       (void)0)

void spdx_notice(struct spdx_reading *r, enum spdx_notice n, size_t offset, struct str what)
{
	if (r->notices[n].count++ == 0) {
		r->notices[n].offset = offset;
		r->notices[n].what = arena_str(r->scratch, what);
	}
}

static bool is_unsaid(struct str s)
{
	return str_is(s, "NOASSERTION") || str_is(s, "NONE");
}

static struct extra extra_of(struct spdx_reading *r, const struct spdx_node *n)
{
	struct str field = n->field && n->field->json[0] ? str_of(n->field->json) : n->key;

	return (struct extra){ STANDARD, field, spdx_node_json(r->bom->arena, n) };
}

static void keep_extra(struct spdx_reading *r, struct component *c, const struct spdx_node *n)
{
	if (n->wrong && n->type == JSON_NULL)
		return;
	if (n->wrong && n->field)
		spdx_notice(r, SPDX_NOTICE_VALUE, n->offset, str_of(n->field->json));
	*VEC_ADD(r->bom->arena, &c->extra) = extra_of(r, n);
}

/* ---- small parts */

struct party spdx_party_parse(struct arena *a, struct str text)
{
	static const struct {
		const char *prefix;
		enum party_kind kind;
	} kinds[] = { { "Person:", PARTY_PERSON }, { "Organization:", PARTY_ORGANIZATION }, { "Organisation:", PARTY_ORGANIZATION },
		      { "Tool:", PARTY_TOOL } };
	struct party p = { .kind = PARTY_UNSAID };
	struct str rest = str_trim(text);

	if (is_unsaid(rest) || !rest.len)
		return p;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (!str_starts_nocase(rest, str_of(kinds[i].prefix)))
			continue;
		p.kind = kinds[i].kind;
		rest = str_trim(str_from(rest, strlen(kinds[i].prefix)));
		break;
	}
	size_t open = str_rchr(rest, '(');
	if (p.kind != PARTY_TOOL && open != STR_NOT_FOUND && open > 0 && rest.s[rest.len - 1] == ')') {
		struct str mail = str_trim(str_sub(rest, open + 1, rest.len - open - 2));
		if (!mail.len || str_chr(mail, '@') != STR_NOT_FOUND) {
			p.email = mail.len ? mail : STR_NONE;
			rest = str_trim(str_sub(rest, 0, open));
		}
	}
	p.name = rest;
	(void)a;
	return p;
}

struct str spdx_party_text(struct arena *a, const struct party *p)
{
	const char *kind = p->kind == PARTY_PERSON ? "Person" : p->kind == PARTY_TOOL ? "Tool" : "Organization";

	return p->email.len && p->kind != PARTY_TOOL ?
		       arena_printf(a, "%s: %.*s (%.*s)", kind, STR_ARG(p->name), STR_ARG(p->email)) :
		       arena_printf(a, "%s: %.*s", kind, STR_ARG(p->name));
}

/* "1.2", "v0.0.0-x", "12": at least a number; with `dotted` one with a dot in its first part. */
static bool version_like(struct str s, bool dotted)
{
	size_t i = s.len && (s.s[0] == 'v' || s.s[0] == 'V') ? 1 : 0, start = i;

	while (i < s.len && ascii_digit(s.s[i]))
		i++;
	return i > start && (dotted ? i + 1 < s.len && s.s[i] == '.' : i == s.len || strchr(".-+", s.s[i]));
}

void spdx_tool_split(struct str text, struct str *name, struct str *version)
{
	*name = text;
	*version = STR_NONE;
	for (int dotted = 1; dotted >= 0; dotted--) {
		for (size_t i = 1; i + 1 < text.len; i++) {
			if (text.s[i] != '-' || !version_like(str_from(text, i + 1), dotted))
				continue;
			*name = str_sub(text, 0, i);
			*version = str_from(text, i + 1);
			return;
		}
	}
}

struct licence spdx_licence_of(struct str text, enum licence_role role)
{
	struct licence l = { .role = role, .value = str_trim(text), .kind = LICENCE_NAME };
	struct str unknown;

	if (is_unsaid(l.value) || !licence_expression_valid(l.value, &unknown))
		return l;
	if (licence_known_id(l.value, NULL).s)
		l.kind = LICENCE_ID;
	else if (!unknown.s || !str_eq(unknown, l.value))
		l.kind = LICENCE_EXPRESSION;
	return l;
}

bool spdx_id_legal(struct str id)
{
	if (!str_starts(id, STR("SPDXRef-")) || id.len < 9)
		return false;
	for (size_t i = 8; i < id.len; i++)
		if (!ascii_alpha(id.s[i]) && !ascii_digit(id.s[i]) && id.s[i] != '.' && id.s[i] != '-')
			return false;
	return true;
}

static void add_licence(struct spdx_reading *r, struct component *c, const struct spdx_node *n, enum licence_role role)
{
	struct licence l = spdx_licence_of(n->text, role);

	if (!l.value.len)
		return;
	if (l.kind == LICENCE_NAME && !is_unsaid(l.value))
		spdx_notice(r, SPDX_NOTICE_LICENCE, n->offset, l.value);
	RESERVE(r->bom->arena, &c->licences, c->licences.n + 1);
	*VEC_ADD(r->bom->arena, &c->licences) = l;
}

static size_t count_children(const struct spdx_node *list)
{
	size_t n = 0;

	for (SPDX_EACH(e, list))
		n++;
	return n;
}

static void add_hashes(struct spdx_reading *r, struct component *c, const struct spdx_node *list)
{
	RESERVE(r->bom->arena, &c->hashes, count_children(list));
	for (SPDX_EACH(e, list)) {
		struct str name = spdx_node_text(e, F_CHECKSUM_ALGORITHM), value = spdx_node_text(e, F_CHECKSUM_VALUE);
		const struct spdx_algorithm *known = spdx_algorithm_of(name);
		if (!name.len || !value.len) {
			spdx_notice(r, SPDX_NOTICE_VALUE, e->offset, STR("checksums"));
			continue;
		}
		if (!known)
			spdx_notice(r, SPDX_NOTICE_ALGORITHM, e->offset, name);
		bool upper = false;
		for (size_t i = 0; i < value.len && known; i++)
			upper |= value.s[i] >= 'A' && value.s[i] <= 'F';
		*VEC_ADD(r->bom->arena, &c->hashes) =
			(struct hash){ known ? str_of(known->model) : name, upper ? arena_lower(r->bom->arena, value) : value };
	}
}

static void add_purl(struct spdx_reading *r, struct component *c, struct str locator)
{
	if (!c->purl.s) {
		c->purl = locator; /* made canonical by purl_complete, once the rest is known */
	} else if (!str_eq(c->purl, locator)) {
		struct str why, canonical = purl_canonical(r->bom->arena, locator, &why);
		*VEC_ADD(r->bom->arena, &component_add_more(r->bom->arena, c)->more_purls) = canonical.s ? canonical : locator;
	}
}

/* The types of CycloneDX 1.7: external references of category OTHER carry them to and fro. */
static bool reference_word_known(struct str word)
{
	static const char words[] =
		"vcs issue-tracker website advisories bom mailing-list social chat documentation support source-distribution distribution "
		"distribution-intake license build-meta build-system release-notes security-contact model-card log configuration evidence "
		"formulation attestation threat-model adversary-model risk-assessment vulnerability-assertion exploitability-statement "
		"pentest-report static-analysis-report dynamic-analysis-report runtime-analysis-report component-analysis-report "
		"maturity-report certification-report codified-infrastructure quality-metrics poam electronic-signature "
		"digital-signature rfc-9116 patent patent-family patent-assertion citation other";

	for (struct str rest = STR(words); rest.s;)
		if (str_eq(str_cut(&rest, ' '), word))
			return true;
	return false;
}

/* SPDX's own types and the words of CycloneDX that they mean. */
static const struct {
	const char *category, *type, *word;
} reference_words[] = {
	{ "SECURITY", "advisory", "advisories" },
};

static void add_reference(struct spdx_reading *r, struct component *c, const struct spdx_node *e)
{
	struct str category = spdx_value_of(V_CATEGORY, spdx_node_text(e, F_REF_CATEGORY), 0), type = spdx_node_text(e, F_REF_TYPE);
	struct str locator = str_trim(spdx_node_text(e, F_REF_LOCATOR)), comment = spdx_node_text(e, F_REF_COMMENT);
	struct str last = str_from(type, str_rchr(type, '/') == STR_NOT_FOUND ? 0 : str_rchr(type, '/') + 1);

	if (!locator.len) {
		spdx_notice(r, SPDX_NOTICE_VALUE, e->offset, STR("externalRefs"));
		return;
	}
	if (!comment.len && str_is(last, "purl")) {
		add_purl(r, c, locator);
		return;
	}
	if (!comment.len && (str_is(last, "cpe23Type") || str_is(last, "cpe22Type"))) {
		if (!component_more(c)->cpe.s)
			component_add_more(r->bom->arena, c)->cpe = locator;
		else
			*VEC_ADD(r->bom->arena, &component_add_more(r->bom->arena, c)->more_cpes) = locator;
		return;
	}
	if (str_is(last, "purl") && !c->purl.s)
		add_purl(r, c, locator);
	struct external_reference *ref = VEC_ADD(r->bom->arena, &component_add_more(r->bom->arena, c)->references);
	*ref = (struct external_reference){ .type = STR("other"), .url = locator, .comment = comment };
	if (str_is(category, "OTHER") && reference_word_known(type)) {
		ref->type = type;
		return;
	}
	for (size_t i = 0; i < sizeof reference_words / sizeof reference_words[0]; i++)
		if (str_is(category, reference_words[i].category) && str_is(type, reference_words[i].type)) {
			ref->type = str_of(reference_words[i].word);
			return;
		}
	struct json_writer w;
	struct buf out;
	buf_init(&out, 0);
	json_writer_init(&w, &out, true);
	json_begin_object(&w);
	json_put_key(&w, "spdx");
	json_begin_object(&w);
	json_member(&w, "referenceCategory", category.s ? category : STR("OTHER"));
	json_member(&w, "referenceType", type);
	json_end_object(&w);
	json_end_object(&w);
	ref->extra = arena_str(r->bom->arena, buf_str(&out));
	buf_free(&out);
}

static void register_id(struct spdx_reading *r, struct str id, uint64_t value, size_t offset)
{
	bool fresh;

	if (!id.len)
		return;
	struct map_entry *e = map_put(&r->ids, id, &fresh);
	if (fresh)
		e->value.num = value;
	else
		spdx_notice(r, SPDX_NOTICE_DUPLICATE, offset, id);
}

static void set_party(struct spdx_reading *r, struct component *c, struct party **to, const struct spdx_node *n)
{
	struct party p = spdx_party_parse(r->bom->arena, n->text);

	if (p.name.len)
		party_set(r->bom->arena, to, p);
	else /* NOASSERTION, NONE, "": said, and nothing in it */
		*VEC_ADD(r->bom->arena, &c->extra) = extra_of(r, n);
}

/* ---- packages */

/* Types whose own names carry the namespace, and what stands between. */
static char joint_of(struct str purl)
{
	static const struct {
		const char *prefix;
		char joint;
	} joints[] = { { "pkg:npm/", '/' }, { "pkg:golang/", '/' }, { "pkg:composer/", '/' }, { "pkg:github/", '/' },
		       { "pkg:githubactions/", '/' }, { "pkg:swift/", '/' }, { "pkg:maven/", ':' }, { "pkg:bitbucket/", '/' },
		       { "pkg:huggingface/", '/' }, { "pkg:clojars/", '/' } };

	for (size_t i = 0; i < sizeof joints / sizeof joints[0]; i++)
		if (str_starts_nocase(purl, str_of(joints[i].prefix)))
			return joints[i].joint;
	return 0;
}

struct str spdx_package_name(struct arena *a, const struct component *c)
{
	struct str probe = c->purl.len ? c->purl : arena_printf(a, "pkg:%.*s/", STR_ARG(c->purl_type));
	char joint = c->group.len ? joint_of(probe) : 0;

	return joint ? arena_printf(a, "%.*s%c%.*s", STR_ARG(c->group), joint, STR_ARG(c->name)) : c->name;
}

/* "@babel/core" to group and name, where the purl has a namespace too. */
void spdx_split_name(struct component *c)
{
	char joint = joint_of(c->purl);
	size_t start = str_chr(c->purl, '/'), end = str_chr(c->purl, '@');
	struct str path = start == STR_NOT_FOUND ? STR("") : str_sub(c->purl, start + 1, (end < start ? c->purl.len : end) - start - 1);

	if (!joint || str_chr(path, '/') == STR_NOT_FOUND)
		return;
	size_t at = str_rchr(c->name, joint);
	if (at == STR_NOT_FOUND || at == 0 || at + 1 == c->name.len)
		return;
	c->group = str_sub(c->name, 0, at);
	c->name = str_from(c->name, at + 1);
}

struct str spdx_quoted(struct arena *a, struct str text)
{
	struct buf out;

	buf_init(&out, 0);
	json_quote(&out, text);
	struct str s = arena_str(a, buf_str(&out));
	buf_free(&out);
	return s;
}

void spdx_keep_name(struct spdx_reading *r, struct component *c, struct str whole)
{
	if (c->type != COMPONENT_FILE && !str_eq(spdx_package_name(r->scratch, c), whole))
		*VEC_ADD(r->bom->arena, &c->extra) = (struct extra){ STANDARD, STR("name"), spdx_quoted(r->bom->arena, whole) };
}

static void read_package_field(struct spdx_reading *r, struct component *c, const struct spdx_node *n)
{
	if (!n->field || n->wrong) {
		keep_extra(r, c, n);
		return;
	}
	switch (n->field->id) {
	case F_PACKAGE_NAME:
		c->name = n->text;
		break;
	case F_PACKAGE_ID:
		c->ref = n->text;
		break;
	case F_PACKAGE_VERSION:
		c->version = n->text;
		break;
	case F_PACKAGE_SUPPLIER:
		set_party(r, c, &component_add_more(r->bom->arena, c)->supplier, n);
		break;
	case F_PACKAGE_ORIGINATOR:
		set_party(r, c, &component_add_more(r->bom->arena, c)->originator, n);
		break;
	case F_PACKAGE_DOWNLOAD:
		if (str_is(n->text, "NONE"))
			keep_extra(r, c, n);
		else if (!is_unsaid(n->text) && n->text.len)
			c->download = n->text;
		break;
	case F_PACKAGE_CHECKSUMS:
		add_hashes(r, c, n);
		break;
	case F_PACKAGE_HOMEPAGE:
		if (is_unsaid(n->text) || !n->text.len)
			keep_extra(r, c, n);
		else
			*VEC_ADD(r->bom->arena, &component_add_more(r->bom->arena, c)->references) =
				(struct external_reference){ .type = STR("website"), .url = n->text };
		break;
	case F_PACKAGE_CONCLUDED:
		add_licence(r, c, n, LICENCE_CONCLUDED);
		break;
	case F_PACKAGE_DECLARED:
		add_licence(r, c, n, LICENCE_DECLARED);
		break;
	case F_PACKAGE_COPYRIGHT:
		if (is_unsaid(n->text) || !n->text.len)
			keep_extra(r, c, n);
		else
			component_add_more(r->bom->arena, c)->copyright = n->text;
		break;
	case F_PACKAGE_DESCRIPTION:
		c->description = n->text;
		break;
	case F_PACKAGE_REFS:
		for (SPDX_EACH(e, n))
			if (!e->wrong)
				add_reference(r, c, e);
		break;
	case F_PACKAGE_PURPOSE:
		if (!component_type_of(n->text, &c->type))
			spdx_notice(r, SPDX_NOTICE_PURPOSE, n->offset, n->text);
		if (c->type == COMPONENT_LIBRARY || c->type == COMPONENT_FILE) /* said, where nothing said would give the same */
			keep_extra(r, c, n);
		break;
	case F_PACKAGE_ANALYZED: /* false is what is written where no files are */
		if (n->type == JSON_TRUE)
			keep_extra(r, c, n);
		break;
	case F_PACKAGE_HAS_FILES:
		for (SPDX_EACH(e, n))
			spdx_edge(r, c->ref, STR("CONTAINS"), e->text, STR_NONE, e->offset);
		break;
	case F_PACKAGE_ANNOTATIONS:
		break; /* below: they need the index */
	default:
		keep_extra(r, c, n);
		break;
	}
}

uint32_t spdx_read_package(struct spdx_reading *r, const struct spdx_node *node)
{
	struct component *c = bom_add(r->bom);
	uint32_t index = bom_index(r->bom, c);

	c->ref = spdx_node_text(node, F_PACKAGE_ID);
	for (SPDX_EACH(n, node))
		read_package_field(r, c, n);
	if (!c->name.len)
		spdx_notice(r, SPDX_NOTICE_NAME, node->offset, c->ref);
	if (!c->version.len)
		c->version = STR_NONE;
	struct str whole = c->name;
	spdx_split_name(c);
	purl_complete(r->bom, c);
	spdx_keep_name(r, c, whole);
	c->weak = !c->purl.len;
	register_id(r, c->ref, (uint64_t)index + 1, node->offset);
	RESERVE(r->bom->arena, &c->evidence, 1);
	bom_evidence(r->bom, index, 0, node->offset == DIAG_NO_OFFSET ? 0 : node->offset);
	for (SPDX_EACH(e, spdx_node_get(node, F_PACKAGE_ANNOTATIONS)))
		spdx_read_annotation(r, index, e);
	return index;
}

/* ---- files and snippets */

static void read_file_field(struct spdx_reading *r, struct component *c, const struct spdx_node *n)
{
	if (!n->field || n->wrong) {
		keep_extra(r, c, n);
		return;
	}
	switch (n->field->id) {
	case F_FILE_NAME:
		c->name = n->text;
		break;
	case F_FILE_ID:
		c->ref = n->text;
		break;
	case F_FILE_CHECKSUMS:
		add_hashes(r, c, n);
		break;
	case F_FILE_CONCLUDED:
		add_licence(r, c, n, LICENCE_CONCLUDED);
		break;
	case F_FILE_COPYRIGHT:
		if (is_unsaid(n->text) || !n->text.len)
			keep_extra(r, c, n);
		else
			component_add_more(r->bom->arena, c)->copyright = n->text;
		break;
	case F_FILE_ANNOTATIONS:
		break;
	default:
		keep_extra(r, c, n);
		break;
	}
}

uint32_t spdx_read_file(struct spdx_reading *r, const struct spdx_node *node)
{
	struct component *c = bom_add(r->bom);
	uint32_t index = bom_index(r->bom, c);

	c->type = COMPONENT_FILE;
	RESERVE(r->bom->arena, &c->extra, 3);
	for (SPDX_EACH(n, node))
		read_file_field(r, c, n);
	if (!c->name.len)
		spdx_notice(r, SPDX_NOTICE_NAME, node->offset, c->ref);
	c->weak = true;
	register_id(r, c->ref, (uint64_t)index + 1, node->offset);
	RESERVE(r->bom->arena, &c->evidence, 1);
	bom_evidence(r->bom, index, 0, node->offset == DIAG_NO_OFFSET ? 0 : node->offset);
	for (SPDX_EACH(e, spdx_node_get(node, F_FILE_ANNOTATIONS)))
		spdx_read_annotation(r, index, e);
	return index;
}

void spdx_read_snippet(struct spdx_reading *r, const struct spdx_node *node)
{
	register_id(r, spdx_node_text(node, F_SNIPPET_ID), 0, node->offset);
	*VEC_ADD(r->bom->arena, &r->bom->document.extra) =
		(struct extra){ STANDARD, STR("snippet"), spdx_node_json(r->bom->arena, node) };
}

void spdx_read_extracted(struct spdx_reading *r, const struct spdx_node *node)
{
	struct extracted_licence *e = VEC_ADD(r->bom->arena, &r->bom->extracted_licences);
	const struct spdx_node *cross = spdx_node_get(node, F_EXTRACTED_CROSS);

	e->id = spdx_node_text(node, F_EXTRACTED_ID);
	e->name = spdx_node_text(node, F_EXTRACTED_NAME);
	e->text = spdx_node_text(node, F_EXTRACTED_TEXT);
	e->comment = spdx_node_text(node, F_EXTRACTED_COMMENT);
	for (SPDX_EACH(u, spdx_node_get(node, F_EXTRACTED_ALSO)))
		if (!u->wrong)
			*VEC_ADD(r->bom->arena, &e->urls) = u->text;
	if (cross)
		e->extra = spdx_node_json(r->bom->arena, cross);
}

void spdx_read_annotation(struct spdx_reading *r, uint32_t component, const struct spdx_node *node)
{
	struct annotation a = { .annotator = spdx_node_text(node, F_ANNOTATION_ANNOTATOR),
				.date = spdx_node_text(node, F_ANNOTATION_DATE),
				.type = spdx_node_text(node, F_ANNOTATION_TYPE),
				.comment = spdx_node_text(node, F_ANNOTATION_COMMENT) };
	struct str json;

	if (node->wrong) {
		spdx_notice(r, SPDX_NOTICE_VALUE, node->offset, STR("annotations"));
		return;
	}
	if (spdx_kept_annotation(r->bom->arena, a.annotator, a.comment, &json)) {
		*VEC_ADD(r->scratch, &r->kept) = (struct spdx_kept){ component, json };
		return;
	}
	if (component == NO_COMPONENT)
		*VEC_ADD(r->bom->arena, &r->bom->document.annotations) = a;
	else
		*VEC_ADD(r->bom->arena, &component_add_more(r->bom->arena, &r->bom->components[component])->annotations) = a;
}

void spdx_read_annotation_of(struct spdx_reading *r, struct str element, const struct spdx_node *node)
{
	struct spdx_pending *p = VEC_ADD(r->scratch, &r->pending);

	p->element = element;
	p->offset = node->offset;
	p->annotation = (struct annotation){ .annotator = spdx_node_text(node, F_ANNOTATION_ANNOTATOR),
					     .date = spdx_node_text(node, F_ANNOTATION_DATE),
					     .type = spdx_node_text(node, F_ANNOTATION_TYPE),
					     .comment = spdx_node_text(node, F_ANNOTATION_COMMENT) };
}
