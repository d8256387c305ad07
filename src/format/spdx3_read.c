/* SPDX 3 elements into the model. */
#include "base/diag.h"
#include "format/spdx3.h"
#include "identity/purl.h"

static struct str copy(struct spdx3_reading *s, struct str x)
{
	return arena_str(s->r.bom->arena, x);
}

/* A string member, copied to stay. */
static struct str text_of(struct spdx3_reading *s, const struct json *e, const char *key)
{
	const struct json *v = spdx3_first(e, key);
	struct str t = json_string(v);

	return t.len ? copy(s, t) : STR_NONE;
}

const struct json *spdx3_first(const struct json *e, const char *key)
{
	const struct json *v = json_get(e, key);

	return json_type(v) == JSON_ARRAY ? json_child(v) : v;
}

/* The next value of an array; of a single value none: its siblings are members, and have keys. */
const struct json *spdx3_next(const struct json *v)
{
	return v && !json_key(v).s ? json_sibling(v) : NULL;
}

#define EACH(v, e, key) const struct json *v = spdx3_first((e), (key)); v; v = spdx3_next(v)

static struct str id_of(struct spdx3_reading *s, const struct json *e)
{
	struct str id = json_get_string(e, "spdxId");

	if (!id.len)
		id = json_get_string(e, "@id");
	return id.len ? copy(s, id) : arena_printf(s->r.bom->arena, "_:inline-%u", ++s->made);
}

struct str spdx3_ref(struct spdx3_reading *s, const struct json *v)
{
	if (json_type(v) == JSON_STRING)
		return copy(s, json_string(v));
	return json_type(v) == JSON_OBJECT ? spdx3_read_element(s, v) : STR_NONE;
}

static struct spdx3_element *element_at(struct spdx3_reading *s, struct str id)
{
	bool fresh;
	struct map_entry *e = map_put(&s->elements, id, &fresh);

	if (fresh)
		e->value.ptr = ARENA_NEW(s->r.scratch, struct spdx3_element);
	return e->value.ptr;
}

/* ---- artifacts */

static void add_identifier(struct spdx3_reading *s, struct component *c, struct str kind, struct str value)
{
	struct arena *a = s->r.bom->arena;

	if (str_is(kind, "packageUrl") || str_is(kind, "purl")) {
		if (!c->purl.len)
			c->purl = value;
		else if (!str_eq(c->purl, value))
			*VEC_ADD(a, &component_add_more(a, c)->more_purls) = value;
	} else if (str_is(kind, "cpe23") || str_is(kind, "cpe22")) {
		if (!component_more(c)->cpe.len)
			component_add_more(a, c)->cpe = value;
		else if (!str_eq(component_more(c)->cpe, value))
			*VEC_ADD(a, &component_add_more(a, c)->more_cpes) = value;
	} else {
		struct external_reference *e = VEC_ADD(a, &component_add_more(a, c)->references);
		*e = (struct external_reference){ .type = STR("other"), .url = value };
		e->extra = arena_printf(a, "{\"spdx\":{\"referenceCategory\":\"%s\",\"referenceType\":\"%.*s\"}}",
					str_is(kind, "swhid") || str_is(kind, "gitoid") ? "PERSISTENT-ID" : "OTHER",
					STR_ARG(str_is(kind, "swhid") ? STR("swh") : kind));
	}
}

static void add_link(struct spdx3_reading *s, uint32_t component, struct str from, enum spdx3_link_kind kind, struct str to)
{
	if (to.len)
		*VEC_ADD(s->r.scratch, &s->links) = (struct spdx3_link){ component, from, to, kind };
}

static void add_hash(struct spdx3_reading *s, struct component *c, const struct json *v)
{
	struct str name = json_get_string(v, "algorithm"), value = json_get_string(v, "hashValue");
	const struct spdx_algorithm *known = spdx_algorithm_of(name);

	if (!name.len || !value.len)
		return;
	*VEC_ADD(s->r.bom->arena, &c->hashes) =
		(struct hash){ known ? str_of(known->model) : copy(s, name), known ? arena_lower(s->r.bom->arena, value) : copy(s, value) };
}

/* The fields that SPDX 2 has too: kept under its names, so that both write them. */
static const struct {
	const char *spdx3, *spdx2;
	bool list;
} shared[] = { { "summary", "summary", false },
	       { "comment", "comment", false },
	       { "builtTime", "builtDate", false },
	       { "releaseTime", "releaseDate", false },
	       { "validUntilTime", "validUntilDate", false },
	       { "software_sourceInfo", "sourceInfo", false },
	       { "software_attributionText", "attributionTexts", true } };

static bool add_shared(struct spdx3_reading *s, struct component *c, const struct json *m)
{
	for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) {
		if (!str_is(json_key(m), shared[i].spdx3))
			continue;
		struct str raw = spdx3_raw(s->r.bom->arena, m);
		if (shared[i].list && json_type(m) != JSON_ARRAY)
			raw = arena_concat(s->r.bom->arena, STR("["), raw, STR("]"));
		*VEC_ADD(s->r.bom->arena, &c->extra) = (struct extra){ STR("spdx"), str_of(shared[i].spdx2), raw };
		return true;
	}
	return false;
}

static void add_external_ref(struct spdx3_reading *s, struct component *c, const struct json *v)
{
	struct arena *a = s->r.bom->arena;
	struct str type = json_get_string(v, "externalRefType"), word = spdx3_reference_word(type);

	for (EACH(l, v, "locator")) {
		struct external_reference *e = VEC_ADD(a, &component_add_more(a, c)->references);
		*e = (struct external_reference){ .type = word.len ? word : STR("other"),
						  .url = copy(s, json_string(l)),
						  .comment = text_of(s, v, "comment") };
		if (!word.len && type.len)
			e->extra = arena_printf(a, "{\"spdx\":{\"referenceCategory\":\"OTHER\",\"referenceType\":\"%.*s\"}}", STR_ARG(type));
	}
}

static void read_artifact_field(struct spdx3_reading *s, uint32_t index, const struct json *e, const struct json *m)
{
	struct bom *b = s->r.bom;
	struct component *c = &b->components[index];
	struct str key = json_key(m);
	const char *k = arena_cstr(s->r.scratch, key);
	struct str text = json_string(m);

	if (str_is(key, "name"))
		c->name = copy(s, text);
	else if (str_is(key, "description"))
		c->description = copy(s, text);
	else if (str_is(key, "software_packageVersion"))
		c->version = copy(s, text);
	else if (str_is(key, "software_packageUrl"))
		add_identifier(s, c, STR("packageUrl"), copy(s, text));
	else if (str_is(key, "software_downloadLocation"))
		c->download = str_is(text, "NOASSERTION") || str_is(text, "NONE") ? STR_NONE : copy(s, text);
	else if (str_is(key, "software_homePage") && text.len)
		*VEC_ADD(b->arena, &component_add_more(b->arena, c)->references) =
			(struct external_reference){ .type = STR("website"), .url = copy(s, text) };
	else if (str_is(key, "software_copyrightText")) {
		if (str_is(text, "NOASSERTION") || str_is(text, "NONE") || !text.len)
			*VEC_ADD(b->arena, &c->extra) = (struct extra){ STR("spdx"), STR("copyrightText"), spdx3_raw(b->arena, m) };
		else
			component_add_more(b->arena, c)->copyright = copy(s, text);
	} else if (str_is(key, "software_primaryPurpose")) {
		if (!spdx3_purpose_of(text, &c->type))
			*VEC_ADD(b->arena, &c->extra) = (struct extra){ STR("spdx3"), copy(s, key), spdx3_raw(b->arena, m) };
	} else if (str_is(key, "suppliedBy"))
		add_link(s, index, STR_NONE, LINK_SUPPLIER, spdx3_ref(s, spdx3_first(e, k)));
	else if (str_is(key, "originatedBy"))
		for (EACH(v, e, "originatedBy"))
			add_link(s, index, STR_NONE, LINK_ORIGINATOR, spdx3_ref(s, v));
	else if (str_is(key, "externalIdentifier")) {
		for (EACH(v, e, "externalIdentifier")) {
			if (json_type(v) == JSON_STRING)
				add_link(s, index, STR_NONE, LINK_IDENTIFIER, copy(s, json_string(v)));
			else if (json_get_string(v, "identifier").len)
				add_identifier(s, &b->components[index], copy(s, json_get_string(v, "externalIdentifierType")),
					       copy(s, json_get_string(v, "identifier")));
		}
	} else if (str_is(key, "verifiedUsing")) {
		for (EACH(v, e, "verifiedUsing"))
			add_hash(s, &b->components[index], v);
	} else if (str_is(key, "externalRef")) {
		for (EACH(v, e, "externalRef"))
			add_external_ref(s, &b->components[index], v);
	} else if (!add_shared(s, c, m)) {
		*VEC_ADD(b->arena, &b->components[index].extra) = (struct extra){ STR("spdx3"), copy(s, key), spdx3_raw(b->arena, m) };
	}
}

static void read_artifact(struct spdx3_reading *s, const struct json *e, struct str id, struct str type)
{
	static const char *const known[] = { "type", "@type", "spdxId", "@id", "creationInfo", NULL };
	struct bom *b = s->r.bom;
	struct component *c = bom_add(b);
	uint32_t index = bom_index(b, c);
	bool fresh, file = str_is(type, "software_File");

	c->ref = id;
	c->type = file				       ? COMPONENT_FILE :
		  str_is(type, "ai_AIPackage")	       ? COMPONENT_MACHINE_LEARNING_MODEL :
		  str_is(type, "dataset_DatasetPackage") ? COMPONENT_DATA :
							 COMPONENT_LIBRARY;
	if (!file && !str_is(type, "software_Package"))
		*VEC_ADD(b->arena, &c->extra) = (struct extra){ STR("spdx3"), STR("type"), spdx3_raw(b->arena, json_get(e, "type")) };
	struct map_entry *entry = map_put(&s->r.ids, id, &fresh);
	if (fresh)
		entry->value.num = (uint64_t)index + 1;
	else
		spdx_notice(&s->r, SPDX_NOTICE_DUPLICATE, s->offset, id);
	bom_evidence(b, index, 0, s->offset);
	for (JSON_EACH(m, e)) {
		bool skip = false;
		for (size_t i = 0; known[i]; i++)
			skip = skip || str_is(json_key(m), known[i]);
		if (!skip)
			read_artifact_field(s, index, e, m);
	}
	if (file) /* a purpose says what kind of file it is */
		b->components[index].type = COMPONENT_FILE;
	enum component_type purpose;
	struct str said = json_get_string(e, "software_primaryPurpose");
	bool known_purpose = said.len && spdx3_purpose_of(said, &purpose);
	if (!file && known_purpose && (purpose == COMPONENT_LIBRARY || purpose == COMPONENT_FILE)) /* as in SPDX 2: it was said */
		*VEC_ADD(b->arena, &b->components[index].extra) =
			(struct extra){ STR("spdx"), STR("primaryPackagePurpose"), purpose == COMPONENT_FILE ? STR("\"FILE\"") : STR("\"LIBRARY\"") };
	if (file && known_purpose)
		*VEC_ADD(b->arena, &b->components[index].extra) =
			(struct extra){ STR("spdx3"), STR("software_primaryPurpose"), spdx3_raw(b->arena, json_get(e, "software_primaryPurpose")) };
	if (!b->components[index].name.len)
		spdx_notice(&s->r, SPDX_NOTICE_NAME, s->offset, id);
}

/* ---- relationships */

static struct str relation_key(struct arena *a, struct str type)
{
	/* "HAS_CONCLUDED_LICENSE" (Microsoft's 3.0 documents) to "hasConcludedLicense" */
	bool upper = false, turn = false;
	char *p = arena_alloc(a, type.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < type.len; i++)
		upper = upper || type.s[i] == '_' || (i == 0 && type.s[i] >= 'A' && type.s[i] <= 'Z');
	if (!upper)
		return type;
	for (size_t i = 0; i < type.len; i++) {
		if (type.s[i] == '_') {
			turn = true;
			continue;
		}
		p[n++] = turn ? type.s[i] : ascii_lower(type.s[i]);
		turn = false;
	}
	return str_make(p, n);
}

static unsigned scope_of(struct str scope)
{
	return str_is(scope, "development") ? SCOPE_DEV :
	       str_is(scope, "test")	    ? SCOPE_TEST :
	       str_is(scope, "build")	    ? SCOPE_BUILD :
	       str_is(scope, "runtime")	    ? SCOPE_RUNTIME :
					      0;
}

/* The row that means an SPDX 3 type: the plainest of those that share it, or the one of the scope. */
static const struct spdx_relation *relation_of(struct str type, unsigned scope)
{
	const struct spdx_relation *found = NULL;

	for (size_t i = 0; i < spdx_relations_n; i++) {
		const struct spdx_relation *r = &spdx_relations[i];
		if (!str_is(type, r->spdx3))
			continue;
		if (str_is(type, "usesTool") && scope) {
			const char *word = scope == SCOPE_DEV ? "DEV_TOOL_OF" : scope == SCOPE_TEST ? "TEST_TOOL_OF" : "BUILD_TOOL_OF";
			if (strcmp(r->type, word) != 0)
				continue;
		}
		if (!found || (found->spdx3_turned && !r->spdx3_turned))
			found = r;
	}
	return found;
}

static void add_edge(struct spdx3_reading *s, struct str type, unsigned scope, struct str from, struct str to, struct str comment)
{
	const struct spdx_relation *r = relation_of(type, scope);
	bool turned = r && r->kind == RELATED && r->spdx3_turned;
	struct dependency *d = bom_depend(s->r.bom, NO_COMPONENT, NO_COMPONENT, r ? r->kind : RELATED, scope | (r ? r->scope : 0));

	struct dependency_more *more = dependency_add_more(s->r.bom->arena, d);
	more->from_ref = turned ? to : from;
	more->to_ref = turned ? from : to;
	more->comment = comment;
	if (d->kind == RELATED)
		more->word = r ? str_of(r->type) : copy(s, type);
	spdx_restore_edge(d);
}

static void note_completeness(struct spdx3_reading *s, struct str type, struct str from, struct str completeness)
{
	struct bom *b = s->r.bom;
	struct composition *found = NULL;
	bool depends = str_is(type, "dependsOn");

	if ((!depends && !str_is(type, "contains")) || (!str_is(completeness, "complete") && !str_is(completeness, "incomplete")))
		return;
	for (VEC_EACH(struct composition, k, &b->compositions))
		if (str_eq(k->aggregate, completeness))
			found = k;
	if (!found) {
		found = VEC_ADD(b->arena, &b->compositions);
		found->aggregate = copy(s, completeness);
	}
	/* One element says so in each of its relationships, which stand together. */
	if (depends && !(found->dependencies.n && str_eq(found->dependencies.items[found->dependencies.n - 1], from)))
		*VEC_ADD(b->arena, &found->dependencies) = from;
	else if (!depends && !(found->assemblies.n && str_eq(found->assemblies.items[found->assemblies.n - 1], from)))
		*VEC_ADD(b->arena, &found->assemblies) = from;
}

static void read_relationship(struct spdx3_reading *s, const struct json *e)
{
	struct str type = copy(s, relation_key(s->r.scratch, json_get_string(e, "relationshipType")));
	struct str from = spdx3_ref(s, spdx3_first(e, "from")), comment = text_of(s, e, "comment");
	unsigned scope = scope_of(json_get_string(e, "scope"));

	if (!from.len || !type.len) {
		spdx_notice(&s->r, SPDX_NOTICE_VALUE, s->offset, STR("Relationship"));
		return;
	}
	if (!comment.len)
		comment = text_of(s, e, "description");
	note_completeness(s, type, from, json_get_string(e, "completeness"));
	for (EACH(v, e, "to")) {
		struct str to = spdx3_ref(s, v);
		if (!to.len)
			continue;
		if (str_is(type, "hasDeclaredLicense") || str_is(type, "hasConcludedLicense"))
			add_link(s, NO_COMPONENT, from, str_is(type, "hasDeclaredLicense") ? LINK_DECLARED : LINK_CONCLUDED, to);
		else if (str_is(type, "hasAssociatedVulnerability")) {
			struct spdx3_vex *x = VEC_ADD(s->r.scratch, &s->vex);
			x->vulnerability = to;
			*VEC_ADD(s->r.scratch, &x->products) = from;
		} else
			add_edge(s, type, scope, from, to, comment);
	}
}

/* ---- security: VEX statements become claims (spdx3_link.c) */

static bool read_vex(struct spdx3_reading *s, const struct json *e, struct str type)
{
	static const struct {
		const char *type, *state;
	} states[] = { { "security_VexAffectedVulnAssessmentRelationship", "exploitable" },
		       { "security_VexNotAffectedVulnAssessmentRelationship", "not_affected" },
		       { "security_VexFixedVulnAssessmentRelationship", "resolved" },
		       { "security_VexUnderInvestigationVulnAssessmentRelationship", "in_triage" } };
	static const char *const details[] = { "security_impactStatement", "security_actionStatement", "security_statusNotes" };

	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		if (!str_is(type, states[i].type))
			continue;
		struct spdx3_vex x = { .state = str_of(states[i].state), .justification = text_of(s, e, "security_justificationType") };
		for (size_t d = 0; d < 3 && !x.detail.len; d++)
			x.detail = text_of(s, e, details[d]);
		x.vulnerability = spdx3_ref(s, spdx3_first(e, "from"));
		for (EACH(v, e, "to"))
			*VEC_ADD(s->r.scratch, &x.products) = spdx3_ref(s, v);
		*VEC_ADD(s->r.scratch, &s->vex) = x;
		return true;
	}
	return false;
}

/* ---- everything else */

static void read_creation(struct spdx3_reading *s, const struct json *e, struct str id)
{
	struct spdx3_creation k = { .id = id, .created = text_of(s, e, "created"), .version = text_of(s, e, "specVersion"),
				    .comment = text_of(s, e, "comment") };

	for (EACH(v, e, "createdBy"))
		*VEC_ADD(s->r.scratch, &k.by) = spdx3_ref(s, v);
	for (EACH(v, e, "createdUsing"))
		*VEC_ADD(s->r.scratch, &k.using) = spdx3_ref(s, v);
	*VEC_ADD(s->r.scratch, &s->creations) = k;
}

static void keep_member(struct spdx3_reading *s, const struct json *e, const char *key)
{
	if (json_get(e, key))
		*VEC_ADD(s->r.bom->arena, &s->r.bom->document.extra) =
			(struct extra){ STR("spdx3"), str_of(key), spdx3_raw(s->r.bom->arena, json_get(e, key)) };
}

static void read_document(struct spdx3_reading *s, const struct json *e, struct str id)
{
	struct document *d = &s->r.bom->document;

	d->name = text_of(s, e, "name");
	d->serial = id;
	d->comment = text_of(s, e, "comment");
	s->document = s->r.document_id = id;
	s->document_creation = spdx3_ref(s, spdx3_first(e, "creationInfo"));
	s->data_licence = spdx3_ref(s, spdx3_first(e, "dataLicense"));
	for (EACH(v, e, "rootElement"))
		*VEC_ADD(s->r.scratch, &s->roots) = spdx3_ref(s, v);
	for (EACH(v, e, "import")) {
		bool fresh;
		if (json_get_string(v, "externalSpdxId").len)
			map_put(&s->r.ids, copy(s, json_get_string(v, "externalSpdxId")), &fresh);
	}
	keep_member(s, e, "import");
	keep_member(s, e, "namespaceMap");
	for (EACH(v, e, "element"))
		if (json_type(v) == JSON_OBJECT)
			spdx3_read_element(s, v);
}

static void read_collection(struct spdx3_reading *s, const struct json *e, struct str id, struct spdx3_element *x)
{
	static const struct {
		const char *type, *phase;
	} phases[] = { { "design", "design" }, { "source", "pre-build" }, { "build", "build" }, { "analyzed", "post-build" },
		       { "deployed", "operations" }, { "runtime", "operations" } };
	struct bom *b = s->r.bom;

	for (EACH(v, e, "rootElement")) {
		struct str root = spdx3_ref(s, v);
		*VEC_ADD(s->r.scratch, &x->members) = root;
	}
	for (EACH(v, e, "software_sbomType"))
		for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++)
			if (str_is(json_string(v), phases[i].type))
				*VEC_ADD(b->arena, &b->document.lifecycles) = str_of(phases[i].phase);
	keep_member(s, e, "software_sbomType");
	for (EACH(v, e, "element"))
		if (json_type(v) == JSON_OBJECT)
			spdx3_read_element(s, v);
	bool fresh;
	map_put(&s->r.ids, id, &fresh);
}

static void read_other(struct spdx3_reading *s, const struct json *e, struct str id, struct str type)
{
	static const char *const texts[] = { "simplelicensing_licenseExpression", "simplelicensing_licenseText", "identifier" };
	struct spdx3_element *x = element_at(s, id);

	x->type = copy(s, type);
	x->name = text_of(s, e, "name");
	x->comment = text_of(s, e, "comment");
	x->kind = text_of(s, e, "externalIdentifierType");
	for (size_t i = 0; i < 3 && !x->text.len; i++)
		x->text = text_of(s, e, texts[i]);
	for (EACH(v, e, "externalIdentifier")) {
		struct str kind = json_get_string(v, "externalIdentifierType"), value = text_of(s, v, "identifier");
		if (str_is(kind, "email") && !x->email.len)
			x->email = value;
		else if (value.len)
			*VEC_ADD(s->r.scratch, &x->aliases) = value;
	}
	for (EACH(v, e, "externalRef"))
		for (EACH(l, v, "locator"))
			*VEC_ADD(s->r.bom->arena, &x->urls) = copy(s, json_string(l));
	for (EACH(v, e, "expandedlicensing_seeAlso"))
		*VEC_ADD(s->r.bom->arena, &x->urls) = copy(s, json_string(v));
	for (EACH(v, e, "simplelicensing_customIdToUri")) {
		struct spdx3_custom k = { text_of(s, v, "key"), text_of(s, v, "value") };
		*VEC_ADD(s->r.scratch, &s->customs) = k;
	}
	for (EACH(v, e, "expandedlicensing_member")) {
		struct str member = spdx3_ref(s, v);
		*VEC_ADD(s->r.scratch, &x->members) = member;
	}
	if (str_is(type, "software_Sbom") || str_is(type, "Bom") || str_is(type, "Bundle"))
		read_collection(s, e, id, x);
}

/* Elements that nothing above understands stay whole. */
static void keep_element(struct spdx3_reading *s, const struct json *e, struct str id)
{
	bool fresh;

	map_put(&s->r.ids, id, &fresh);
	*VEC_ADD(s->r.bom->arena, &s->r.bom->document.extra) =
		(struct extra){ STR("spdx3"), STR("element"), spdx3_raw(s->r.bom->arena, e) };
}

static void read_annotation(struct spdx3_reading *s, const struct json *e)
{
	struct str subject = spdx3_ref(s, spdx3_first(e, "subject")), statement = text_of(s, e, "statement"), json;
	struct spdx_pending p = { .element = subject, .offset = s->offset };

	p.annotation.comment = statement;
	p.annotation.type = str_is(json_get_string(e, "annotationType"), "review") ? STR("REVIEW") : STR("OTHER");
	/* Who and when stand in its creationInfo, which may come later: spdx3_link_all() looks it up by this. */
	p.annotation.extra = spdx3_ref(s, spdx3_first(e, "creationInfo"));
	if (spdx_kept_annotation(s->r.bom->arena, STR("Tool: " SPDX_TOOL), statement, &json))
		p.annotation.annotator = STR("Tool: " SPDX_TOOL);
	*VEC_ADD(s->r.scratch, &s->r.pending) = p;
}

struct str spdx3_read_element(struct spdx3_reading *s, const struct json *e)
{
	static const char *const understood[] = { "Person",	 "Organization",  "SoftwareAgent", "Agent",   "Tool",	   "ExternalIdentifier",
						  "Element",	 "AnyLicenseInfo", "software_Sbom", "Bom",     "Bundle",	   "Hash",
						  "simplelicensing_LicenseExpression",
						  "simplelicensing_SimpleLicensingText",
						  "expandedlicensing_CustomLicense",
						  "expandedlicensing_ListedLicense",
						  "expandedlicensing_ConjunctiveLicenseSet",
						  "expandedlicensing_DisjunctiveLicenseSet",
						  "security_Vulnerability" };
	struct str type = json_string(spdx3_first(e, "type")), id = id_of(s, e);

	if (!type.len)
		type = json_string(spdx3_first(e, "@type"));
	if (str_is(type, "software_Package") || str_is(type, "software_File") || str_is(type, "ai_AIPackage") ||
	    str_is(type, "dataset_DatasetPackage") || str_is(type, "software_SoftwareArtifact"))
		read_artifact(s, e, id, type);
	else if (str_is(type, "Relationship") || str_is(type, "LifecycleScopedRelationship"))
		read_relationship(s, e);
	else if (str_is(type, "CreationInfo"))
		read_creation(s, e, id);
	else if (str_is(type, "SpdxDocument"))
		read_document(s, e, id);
	else if (str_is(type, "Annotation"))
		read_annotation(s, e);
	else if (!read_vex(s, e, type)) {
		for (size_t i = 0; i < sizeof understood / sizeof understood[0]; i++)
			if (str_is(type, understood[i])) {
				read_other(s, e, id, type);
				return id;
			}
		keep_element(s, e, id);
	}
	return id;
}
