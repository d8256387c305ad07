/* Reading an SPDX 3 document: the graph, then what refers across it. */
#include "base/diag.h"
#include "format/generator.h"
#include "format/spdx3.h"
#include "identity/licence.h"
#include "identity/purl.h"

static const struct spdx3_element *element_of(const struct spdx3_reading *s, struct str id)
{
	const struct map_entry *e = map_get(&s->elements, id);

	return e ? e->value.ptr : NULL;
}

/* What stands behind the last '/' or '#'. */
static struct str tail(struct str iri)
{
	size_t slash = str_rchr(iri, '/'), hash = str_rchr(iri, '#');
	size_t at = hash != STR_NOT_FOUND && (slash == STR_NOT_FOUND || hash > slash) ? hash : slash;

	return at == STR_NOT_FOUND ? iri : str_from(iri, at + 1);
}

static struct party party_of(const struct spdx3_reading *s, struct str id)
{
	const struct spdx3_element *e = element_of(s, id);
	struct party p = { .kind = PARTY_UNSAID };

	if (!e) {
		p.name = str_is(tail(id), "SpdxOrganization") ? STR("SPDX") : id;
		p.kind = PARTY_ORGANIZATION;
		return p;
	}
	if (str_is(e->name, "NOASSERTION") || !e->name.len)
		return p;
	p = spdx_party_parse(s->r.bom->arena, e->name); /* "Organization: Microsoft" */
	if (p.kind == PARTY_UNSAID)
		p.kind = str_is(e->type, "Person")			      ? PARTY_PERSON :
			 str_is(e->type, "Tool") || str_is(e->type, "SoftwareAgent") ? PARTY_TOOL :
										PARTY_ORGANIZATION;
	if (e->email.len)
		p.email = e->email;
	return p;
}

/* "…/Licensing/NoAssertion", "expandedlicensing_NoAssertionLicense": the individuals of the standard. */
static bool is_no(struct str id, const char *what)
{
	struct str t = tail(id);

	if (str_starts(t, STR("expandedlicensing_")))
		t = str_from(t, 18);
	if (str_is(t, what))
		return true;
	return str_starts(t, str_of(what)) && str_is(str_from(t, strlen(what)), "License");
}

/* The expression that a licence element says; members of a set are joined. Depth guards against sets that hold each other. */
static struct str expression_of(struct spdx3_reading *s, struct str id, unsigned depth, struct licence *out)
{
	const struct spdx3_element *e = element_of(s, id);
	struct str all = STR_NONE;

	if (!e)
		return is_no(id, "NoAssertion") ? STR("NOASSERTION") :
		       is_no(id, "None")	? STR("NONE") :
		       licence_known_id(tail(id), NULL).s ? tail(id) :
							    id;
	if (str_is(e->type, "simplelicensing_LicenseExpression"))
		return e->text;
	if (str_is(e->type, "Element") || str_is(e->type, "AnyLicenseInfo"))
		return e->name;
	if (e->members.n && depth < 16) {
		const char *word = str_ends(e->type, STR("DisjunctiveLicenseSet")) ? " OR " : " AND ";
		for (VEC_EACH(struct str, m, &e->members)) {
			struct str one = expression_of(s, *m, depth + 1, NULL);
			bool inner = str_has(one, STR(" OR ")) || str_has(one, STR(" AND "));
			all = arena_printf(s->r.bom->arena, "%.*s%s%s%.*s%s", STR_ARG(all), all.len ? word : "", inner ? "(" : "", STR_ARG(one),
					   inner ? ")" : "");
		}
		return all;
	}
	struct str name = e->name.len ? e->name : tail(id);
	if (licence_known_id(name, NULL).s)
		return name;
	if (out) {
		out->kind = LICENCE_NAME;
		out->text = e->text;
	}
	return name;
}

static void add_licence(struct spdx3_reading *s, uint32_t index, enum licence_role role, struct str id)
{
	struct component *c = &s->r.bom->components[index];
	struct licence named = { 0 };
	struct str text = expression_of(s, id, 0, &named);
	struct licence l = spdx_licence_of(text, role);

	if (!l.value.len)
		return;
	if (named.kind == LICENCE_NAME) {
		l.kind = LICENCE_NAME;
		l.text = named.text;
	}
	*VEC_ADD(s->r.bom->arena, &c->licences) = l;
}

static void follow_links(struct spdx3_reading *s)
{
	struct bom *b = s->r.bom;

	for (VEC_EACH(struct spdx3_link, l, &s->links)) {
		uint32_t index = l->component;
		if (index == NO_COMPONENT) {
			const struct map_entry *e = map_get(&s->r.ids, l->from);
			if (!e || !e->value.num) {
				spdx_notice(&s->r, SPDX_NOTICE_DANGLING, DIAG_NO_OFFSET, l->from);
				continue;
			}
			index = (uint32_t)(e->value.num - 1);
		}
		struct component *c = &b->components[index];
		const struct spdx3_element *x = element_of(s, l->to);
		switch (l->kind) {
		case LINK_SUPPLIER:
			party_set(b->arena, &component_add_more(b->arena, c)->supplier, party_of(s, l->to));
			break;
		case LINK_ORIGINATOR:
			if (!party_said(component_more(c)->originator)->name.len)
				party_set(b->arena, &component_add_more(b->arena, c)->originator, party_of(s, l->to));
			else
				*VEC_ADD(b->arena, &c->properties) = (struct property){ STR("spdx3:originatedBy"), party_of(s, l->to).name };
			break;
		case LINK_IDENTIFIER:
			if (x && (str_is(x->kind, "purl") || str_is(x->kind, "packageUrl"))) {
				if (!c->purl.len)
					c->purl = x->text;
				else
					*VEC_ADD(b->arena, &component_add_more(b->arena, c)->more_purls) = x->text;
			} else if (x && (str_is(x->kind, "cpe23") || str_is(x->kind, "cpe22"))) {
				if (!component_more(c)->cpe.len)
					component_add_more(b->arena, c)->cpe = x->text;
				else
					*VEC_ADD(b->arena, &component_add_more(b->arena, c)->more_cpes) = x->text;
			} else if (x && x->text.len) {
				*VEC_ADD(b->arena, &component_add_more(b->arena, c)->references) =
					(struct external_reference){ .type = STR("other"), .url = x->text };
			}
			break;
		default:
			add_licence(s, index, l->kind == LINK_DECLARED ? LICENCE_DECLARED : LICENCE_CONCLUDED, l->to);
			break;
		}
	}
}

/* Licence texts of the document: by the LicenseRef in their id, or that an expression gives them. */
static void add_licence_texts(struct spdx3_reading *s)
{
	struct bom *b = s->r.bom;

	for (size_t i = 0; i < s->elements.n; i++) {
		const struct spdx3_element *x = s->elements.entries[i].value.ptr;
		struct str id = s->elements.entries[i].key, ref = tail(id);
		if (!str_is(x->type, "simplelicensing_SimpleLicensingText") && !str_is(x->type, "expandedlicensing_CustomLicense"))
			continue;
		for (VEC_EACH(const struct spdx3_custom, k, &s->customs))
			if (str_eq(k->to, id))
				ref = k->key;
		if (!str_starts(ref, STR("LicenseRef-")))
			continue;
		struct extracted_licence *e = VEC_ADD(b->arena, &b->extracted_licences);
		*e = (struct extracted_licence){ .id = ref, .text = x->text, .comment = x->comment };
		e->name = str_eq(x->name, ref) ? STR_NONE : x->name;
		for (VEC_EACH(const struct str, u, &x->urls))
			*VEC_ADD(b->arena, &e->urls) = *u;
	}
}

/* ---- VEX to claims, in CycloneDX's words */

static struct str justification_of(struct str j)
{
	static const struct {
		const char *spdx3, *cyclonedx;
	} words[] = { { "componentNotPresent", "code_not_present" },
		      { "vulnerableCodeNotPresent", "code_not_present" },
		      { "vulnerableCodeNotInExecutePath", "code_not_reachable" },
		      { "vulnerableCodeCannotBeControlledByAdversary", "requires_environment" },
		      { "inlineMitigationsAlreadyExist", "protected_by_mitigating_control" } };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_is(j, words[i].spdx3))
			return str_of(words[i].cyclonedx);
	return STR_NONE;
}

static void add_claim(struct spdx3_reading *s, const struct spdx3_vex *x)
{
	struct bom *b = s->r.bom;
	const struct spdx3_element *v = element_of(s, x->vulnerability);
	struct claim *k = VEC_ADD(b->arena, &b->claims);
	struct json_writer w;
	struct buf out;
	bool first;

	map_put(&s->claimed, x->vulnerability, &first);
	*k = (struct claim){ .state = x->state, .justification = justification_of(x->justification), .detail = x->detail };
	k->id = v && v->name.len ? v->name : tail(x->vulnerability);
	for (size_t i = 0; v && i < v->aliases.n; i++) {
		if (str_starts(v->aliases.items[i], STR("CVE-")) && !str_starts(k->id, STR("CVE-")))
			k->id = v->aliases.items[i];
		if (!str_eq(v->aliases.items[i], k->id))
			*VEC_ADD(b->arena, &k->aliases) = v->aliases.items[i];
	}
	buf_init(&out, 0);
	json_writer_init(&w, &out, true);
	json_begin_object(&w);
	if (first) /* what else refers to the vulnerability does so by this id */
		json_member(&w, "bom-ref", x->vulnerability);
	json_member(&w, "id", k->id);
	if (x->state.len) {
		json_put_key(&w, "analysis");
		json_begin_object(&w);
		json_member(&w, "state", x->state);
		json_member_opt(&w, "justification", k->justification);
		json_member_opt(&w, "detail", x->detail);
		json_end_object(&w);
	}
	json_put_key(&w, "affects");
	json_begin_array(&w);
	for (size_t i = 0; i < x->products.n; i++) {
		*VEC_ADD(b->arena, &k->affects) = x->products.items[i];
		json_begin_object(&w);
		json_member(&w, "ref", x->products.items[i]);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_end_object(&w);
	k->raw = arena_str(b->arena, buf_str(&out));
	buf_free(&out);
}

/* ---- the document */

static const struct spdx3_creation *creation_of(const struct spdx3_reading *s, struct str id)
{
	for (VEC_EACH(struct spdx3_creation, k, &s->creations))
		if (str_eq(k->id, id))
			return k;
	return s->creations.n ? &s->creations.items[0] : NULL;
}

static void add_tool(struct spdx3_reading *s, struct str name)
{
	struct tool *t = VEC_ADD(s->r.bom->arena, &s->r.bom->document.tools);

	spdx_tool_split(name, &t->name, &t->version);
}

static void read_creators(struct spdx3_reading *s)
{
	const struct spdx3_creation *k = creation_of(s, s->document_creation);
	struct document *d = &s->r.bom->document;

	if (!k)
		return;
	d->timestamp = k->created;
	d->version = k->version;
	if (k->comment.len) {
		struct buf out;
		buf_init(&out, 0);
		json_quote(&out, k->comment);
		*VEC_ADD(s->r.bom->arena, &d->extra) =
			(struct extra){ STR("spdx"), STR("creationInfo.comment"), arena_str(s->r.bom->arena, buf_str(&out)) };
		buf_free(&out);
	}
	for (VEC_EACH(const struct str, id, &k->using)) {
		struct party p = party_of(s, *id);
		if (p.name.len)
			add_tool(s, element_of(s, *id) ? p.name : tail(*id));
	}
	for (VEC_EACH(const struct str, id, &k->by)) {
		struct party p = party_of(s, *id);
		if (!p.name.len)
			continue;
		/* A program that made it, or (cdxgen) nothing but the address of one. */
		if (p.kind == PARTY_TOOL || (!element_of(s, *id) && !k->using.n && str_has(*id, STR("github.com/"))))
			add_tool(s, element_of(s, *id) ? p.name : tail(*id));
		else
			*VEC_ADD(s->r.bom->arena, &d->authors) = p;
	}
}

/* The roots, through collections, as DESCRIBES edges of the document. */
static void add_roots(struct spdx3_reading *s)
{
	for (VEC_EACH(const struct str, root, &s->roots)) {
		const struct spdx3_element *x = element_of(s, *root);
		if (is_no(*root, "NoneElement") || (x && x->members.n == 1 && is_no(x->members.items[0], "NoneElement")))
			continue; /* an SBOM of nothing */
		for (size_t i = 0; i < (x && x->members.n ? x->members.n : 1); i++) {
			struct dependency *d = bom_depend(s->r.bom, NO_COMPONENT, NO_COMPONENT, DESCRIBES, 0);
			*dependency_add_more(s->r.bom->arena, d) =
				(struct dependency_more){ .from_ref = STR(SPDX_DOCUMENT_ID), .to_ref = x && x->members.n ? x->members.items[i] : *root };
		}
	}
	for (VEC_EACH(struct dependency, d, &s->r.bom->dependencies)) { /* a collection that describes is the document's */
		struct dependency_more *more = dependency_add_more(s->r.bom->arena, d);
		const struct spdx3_element *x = d->kind == DESCRIBES ? element_of(s, more->from_ref) : NULL;
		if (x || str_eq(more->from_ref, s->document))
			more->from_ref = STR(SPDX_DOCUMENT_ID);
		if (is_no(more->to_ref, "NoneElement"))
			more->to_ref = STR("NONE");
		else if (is_no(more->to_ref, "NoAssertionElement"))
			more->to_ref = STR("NOASSERTION");
	}
}

static void date_annotations(struct spdx3_reading *s)
{
	for (VEC_EACH(struct spdx_pending, p, &s->r.pending)) {
		const struct spdx3_creation *k = creation_of(s, p->annotation.extra);
		p->annotation.extra = STR_NONE;
		p->annotation.date = k ? k->created : STR_NONE;
		if (!p->annotation.annotator.len && k && k->by.n) {
			struct party who = party_of(s, k->by.items[0]);
			if (who.name.len)
				p->annotation.annotator = spdx_party_text(s->r.bom->arena, &who);
		}
	}
}

void spdx3_link_all(struct spdx3_reading *s)
{
	struct bom *b = s->r.bom;

	follow_links(s);
	add_licence_texts(s);
	read_creators(s);
	add_roots(s);
	date_annotations(s);
	if (s->data_licence.len)
		b->document.data_licence = expression_of(s, s->data_licence, 0, NULL);
	for (VEC_EACH(const struct spdx3_vex, x, &s->vex))
		add_claim(s, x);
	for (size_t i = 0; i < s->elements.n; i++) { /* vulnerabilities of which nothing but a score may be said */
		const struct map_entry *e = &s->elements.entries[i];
		if (str_is(((const struct spdx3_element *)e->value.ptr)->type, "security_Vulnerability") && !map_has(&s->claimed, e->key))
			add_claim(s, &(struct spdx3_vex){ .vulnerability = e->key });
	}
	for (size_t i = 0; i < b->ncomponents; i++) {
		struct component *c = &b->components[i];
		struct str whole = c->name;
		if (c->type != COMPONENT_FILE)
			spdx_split_name(c);
		purl_complete(b, c);
		spdx_keep_name(&s->r, c, whole);
		c->weak = !c->purl.len;
	}
}

bool spdx3_json_detect(struct str text)
{
	text = str_trim(text);
	return text.len && (text.s[0] == '{' || text.s[0] == '\xef') && str_has(text, STR("\"@graph\"")) && str_has(text, STR("spdx.org/rdf/3"));
}

enum result spdx3_json_read(struct bom *b, struct str path, struct str text)
{
	struct spdx3_reading s = { 0 };
	struct json_cursor c;
	struct str key;
	bool graph = false;

	spdx_reading_open(&s.r, b, path);
	b->document.standard = STR("spdx3");
	b->document.syntax = STR("json");
	map_init(&s.elements, s.r.scratch);
	map_init(&s.claimed, s.r.scratch);
	struct arena *trees = arena_new(0);
	json_open(&c, trees, text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (!str_is(key, "@graph") || graph || json_peek(&c) != JSON_ARRAY) {
			json_skip(&c);
			continue;
		}
		graph = true;
		struct arena_mark start = arena_mark(trees);
		json_enter_array(&c);
		while (json_next(&c)) {
			arena_pop(trees, start);
			s.offset = json_offset(&c);
			const struct json *e = json_read_tree(&c);
			if (json_type(e) == JSON_OBJECT)
				spdx3_read_element(&s, e);
		}
	}
	enum result result = OK;
	if (json_failed(&c)) {
		b->incomplete = true;
		diag_add(b->diags, SEV_ERROR, "input.syntax", path, c.error_offset, "%s; make the SBOM again, or mend it here", c.error);
		result = b->ncomponents ? PARTIAL : FAILED;
	} else if (!json_close(&c)) {
		b->incomplete = true;
		diag_add(b->diags, SEV_ERROR, "input.trailing", path, c.error_offset, "there is text behind the end of the document; it was not read");
		result = PARTIAL;
	}
	arena_free(trees);
	spdx3_link_all(&s);
	if (result != FAILED && b->document.version.len && !str_starts(b->document.version, STR("3."))) {
		diag_add(b->diags, SEV_ERROR, "input.version", path, DIAG_NO_OFFSET, "SPDX version \"%.*s\" is not one that is read here (2.2, 2.3, 3.0)",
			 STR_ARG(str_sub(b->document.version, 0, 40)));
		result = FAILED;
	}
	return result_worse(result, spdx_reading_close(&s.r));
}
