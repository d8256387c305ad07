/* Our own properties ("bomgate:…") carry what CycloneDX has no field for. cyclonedx_write_component.c and
 * cyclonedx_write_metadata.c write them. */
#include "format/cyclonedx.h"
#include "identity/licence.h"

static unsigned scope_of(struct str words)
{
	static const struct {
		unsigned bit;
		const char *word;
	} table[] = {
		{ SCOPE_RUNTIME, "runtime" }, { SCOPE_DEV, "dev" },	  { SCOPE_TEST, "test" },	  { SCOPE_BUILD, "build" },
		{ SCOPE_OPTIONAL, "optional" }, { SCOPE_PEER, "peer" }, { SCOPE_PROVIDED, "provided" }, { SCOPE_EXCLUDED, "excluded" },
	};
	unsigned scope = 0;

	while (words.s) {
		struct str word = str_trim(str_cut(&words, ','));
		for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
			if (str_is(word, table[i].word))
				scope |= table[i].bit;
	}
	return scope;
}

/* "extra:<standard>:<field>" */
static bool restore_extra(struct arena *a, struct str name, struct str value, struct extra *out)
{
	struct str prefix = STR(CDX_OWN_EXTRA), rest = str_from(name, prefix.len);
	const char *error;

	if (!str_starts(name, prefix))
		return false;
	struct str standard = str_cut(&rest, ':');
	if (!rest.len || !standard.len || !json_parse(a, value, &error, NULL))
		return false;
	*out = (struct extra){ standard, rest, value };
	return true;
}

static bool restore_licence(struct cdx_reader *r, struct component *c, struct str role, struct str value)
{
	struct licence l = { .value = value };

	if (str_is(role, "is:concluded")) {
		for (VEC_EACH(struct licence, have, &c->licences))
			if (str_eq(have->value, value))
				have->role = LICENCE_CONCLUDED;
		return true;
	}
	l.role = str_is(role, "concluded") ? LICENCE_CONCLUDED : str_is(role, "declared") ? LICENCE_DECLARED : LICENCE_UNSAID;
	l.kind = str_is(value, "NOASSERTION") || str_is(value, "NONE") || !licence_expression_valid(value, NULL) ? LICENCE_NAME :
		 str_chr(value, ' ') != STR_NOT_FOUND							    ? LICENCE_EXPRESSION :
													      LICENCE_ID;
	*VEC_ADD(r->b->arena, &c->licences) = l;
	return true;
}

static bool restore_relationship(struct cdx_reader *r, uint32_t from, struct str value)
{
	static const struct {
		const char *word;
		enum dependency_kind kind;
	} kinds[] = { { "DEPENDS_ON", DEPENDS_ON }, { "CONTAINS", CONTAINS }, { "DESCRIBES", DESCRIBES }, { "PROVIDES", PROVIDES },
		      { "RELATED", RELATED } };
	const struct json *j = json_parse(r->b->arena, value, NULL, NULL);
	struct dependency d = { .from = from, .to = NO_COMPONENT };
	struct str type = json_get_string(j, "type");

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (!str_is(type, kinds[i].word))
			continue;
		d.kind = kinds[i].kind;
		*dependency_add_more(r->b->arena, &d) =
			(struct dependency_more){ .word = json_get_string(j, "word"), .comment = json_get_string(j, "comment"),
						  .from_ref = json_get_string(j, "from"), .to_ref = json_get_string(j, "to") };
		d.scope = scope_of(json_get_string(j, "scope"));
		*VEC_ADD(r->b->arena, &r->amendments) = d;
		return true;
	}
	return false;
}

/* "url {…}" */
static bool restore_reference_extra(struct arena *a, struct component *c, struct str value)
{
	struct str raw = value, url = str_cut(&raw, ' ');

	if (!raw.s || json_type(json_parse(a, raw, NULL, NULL)) != JSON_OBJECT)
		return false;
	for (VEC_EACH(struct external_reference, e, &component_more(c)->references)) {
		if (str_eq(e->url, url) && !e->extra.len) {
			e->extra = raw;
			return true;
		}
	}
	return false;
}

/* "Organization: name (mail)"; what `author` or `authors` repeat of it goes. */
static bool restore_originator(struct arena *a, struct component *c, struct str value)
{
	static const struct {
		const char *word;
		enum party_kind kind;
	} kinds[] = { { "Person: ", PARTY_PERSON }, { "Organization: ", PARTY_ORGANIZATION }, { "Tool: ", PARTY_TOOL } };
	size_t kept = 0;

	for (size_t i = 0; i < 3; i++) {
		struct str word = str_of(kinds[i].word);
		if (!str_starts(value, word))
			continue;
		struct str name = str_from(value, word.len);
		size_t open = str_rchr(name, '(');
		struct party p = { .kind = kinds[i].kind, .name = name };
		if (str_ends(name, STR(")")) && open != STR_NOT_FOUND && open > 1) {
			p.email = str_sub(name, open + 1, name.len - open - 2);
			p.name = str_sub(name, 0, open - 1);
		}
		party_set(a, &component_add_more(a, c)->originator, p);
		for (size_t k = 0; k < c->extra.n; k++)
			if (!str_is(c->extra.items[k].field, "author") && !str_is(c->extra.items[k].field, "authors"))
				c->extra.items[kept++] = c->extra.items[k];
		c->extra.n = kept;
		return true;
	}
	return false;
}

static bool restore_reference_type(struct component *c, struct str value)
{
	struct str url = value, type = str_cut(&url, ' ');

	for (VEC_EACH(struct external_reference, e, &component_more(c)->references)) {
		if (url.s && str_eq(e->url, url) && str_is(e->type, "other")) {
			e->type = type;
			return true;
		}
	}
	return false;
}

static bool restore_one(struct cdx_reader *r, struct component *c, uint32_t index, struct str name, struct str value)
{
	struct extra extra;
	static const struct {
		const char *name;
		size_t offset;
	} texts[] = {
		{ "declared", offsetof(struct component, declared) },
		{ "ecosystem", offsetof(struct component, ecosystem) },
		{ "alias", offsetof(struct component, alias) },
		{ "download", offsetof(struct component, download) },
		{ "vcs", offsetof(struct component, vcs) },
		{ "commit", offsetof(struct component, commit) },
	};

	if (!str_starts(name, STR(CDX_OWN)))
		return false;
	if (restore_extra(r->b->arena, name, value, &extra)) {
		for (VEC_EACH(struct extra, e, &c->extra)) {
			if (str_eq(e->field, extra.field) && str_eq(e->standard, extra.standard)) {
				e->json = extra.json; /* what stands in the document is the part that its version could say */
				return true;
			}
		}
		*VEC_ADD(r->b->arena, &c->extra) = extra;
		return true;
	}
	struct str own = str_from(name, sizeof CDX_OWN - 1);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		if (str_is(own, texts[i].name)) {
			*(struct str *)(void *)((char *)c + texts[i].offset) = value;
			return true;
		}
	}
	if (str_is(own, "source:name"))
		component_add_more(r->b->arena, c)->source_name = value;
	else if (str_is(own, "source:version"))
		component_add_more(r->b->arena, c)->source_version = value;
	else if (str_is(own, "scope"))
		c->scope = scope_of(value);
	else if (str_is(own, "type"))
		return component_type_of(value, &c->type);
	else if (str_is(own, "first-party"))
		c->first_party = true;
	else if (str_is(own, "weak"))
		c->weak = true;
	else if (str_is(own, "cpe") && !component_more(c)->cpe.len)
		component_add_more(r->b->arena, c)->cpe = value;
	else if (str_is(own, "cpe"))
		*VEC_ADD(r->b->arena, &component_add_more(r->b->arena, c)->more_cpes) = value;
	else if (str_is(own, "purl"))
		*VEC_ADD(r->b->arena, &component_add_more(r->b->arena, c)->more_purls) = value;
	else if (str_is(own, "reporter"))
		*VEC_ADD(r->b->arena, &component_add_more(r->b->arena, c)->reporters) = value;
	else if (str_is(own, "relationship"))
		return restore_relationship(r, index, value);
	else if (str_starts(own, STR("hash:")))
		*VEC_ADD(r->b->arena, &c->hashes) = (struct hash){ str_from(own, 5), value };
	else if (str_starts(own, STR("license:")))
		return restore_licence(r, c, str_from(own, 8), value);
	else if (str_is(own, "originator"))
		return restore_originator(r->b->arena, c, value);
	else if (str_is(own, "reference-extra"))
		return restore_reference_extra(r->b->arena, c, value);
	else if (str_is(own, "reference-type"))
		return restore_reference_type(c, value);
	else if (str_is(own, "license-is:concluded"))
		return restore_licence(r, c, STR("is:concluded"), value);
	else if (str_starts(own, STR("supplier:")) && !party_said(component_more(c)->supplier)->name.len)
		party_set(r->b->arena, &component_add_more(r->b->arena, c)->supplier, (struct party){ .kind = PARTY_UNSAID, .name = value });
	else
		return false;
	return true;
}

/* download and vcs were written as references too: those that say nothing more are not kept twice. */
static void drop_doubled_references(struct component *c)
{
	size_t kept = 0;

	for (size_t i = 0; c->more && i < c->more->references.n; i++) {
		struct external_reference *e = &c->more->references.items[i];
		bool plain = !e->comment.s && !e->hashes.n && !e->extra.s;
		bool doubled = (c->download.len && str_is(e->type, "distribution") && str_eq(e->url, c->download)) ||
			       (c->vcs.len && str_is(e->type, "vcs") && str_eq(e->url, c->vcs));
		if (!plain || !doubled)
			c->more->references.items[kept++] = *e;
	}
	if (c->more)
		c->more->references.n = kept;
}

void cdx_restore_component(struct cdx_reader *r, struct component *c, uint32_t index)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->properties.n; i++) {
		struct property p = c->properties.items[i];
		if (str_is(p.name, "cdx:npm:package:development") && str_is(p.value, "true"))
			c->scope |= SCOPE_DEV;
		if (!restore_one(r, c, index, p.name, p.value))
			c->properties.items[kept++] = p;
	}
	c->properties.n = kept;
	if (c->download.len || c->vcs.len)
		drop_doubled_references(c);
}

/* A licence text that an SPDX document brought for its own LicenseRef: its fields as there. */
static void restore_extracted(struct bom *b, struct str value)
{
	const struct json *tree = json_parse(b->arena, value, NULL, NULL);
	struct extracted_licence e = { .id = json_get_string(tree, "licenseId"), .name = json_get_string(tree, "name"),
				       .text = json_get_string(tree, "extractedText"), .comment = json_get_string(tree, "comment"),
				       .extra = json_get_string(tree, "extra") };

	for (JSON_EACH(u, json_get(tree, "seeAlsos")))
		*VEC_ADD(b->arena, &e.urls) = json_string(u);
	if (e.id.len)
		*VEC_ADD(b->arena, &b->extracted_licences) = e;
}

static void restore_organization(struct document *d, struct str name)
{
	for (VEC_EACH(struct party, p, &d->authors))
		if (str_eq(p->name, name))
			p->kind = PARTY_ORGANIZATION;
}

/* The SPDX writer goes by the namespace, which is no serial number. */
static struct extra namespace_extra(struct arena *a, struct str namespace)
{
	struct buf out;

	buf_init(&out, 0);
	json_quote(&out, namespace);
	struct extra e = { STR("spdx"), STR("documentNamespace"), arena_str(a, buf_str(&out)) };
	buf_free(&out);
	return e;
}

/* {"lifecycles": […]}, {"manufacturer": {…}}, {"annotations": […]}: members that the document's version has no place for. */
static void restore_members(struct cdx_reader *r, struct str json)
{
	struct json_cursor before = r->c;
	struct str key;

	r->c = (struct json_cursor){ .arena = r->b->arena, .text = json };
	if (json_peek(&r->c) == JSON_OBJECT && json_enter_object(&r->c)) {
		while (json_next_key(&r->c, &key)) {
			bool lifecycles = str_is(key, "lifecycles");
			if (str_is(key, "manufacturer"))
				r->b->document.manufacturer = cdx_read_entity(r);
			else if ((lifecycles || str_is(key, "annotations")) && cdx_enter_list(r, "a kept list"))
				while (json_next(&r->c)) {
					if (lifecycles)
						cdx_read_lifecycle(r);
					else
						cdx_read_annotation(r);
				}
			else if (!lifecycles && !str_is(key, "annotations"))
				json_skip(&r->c);
		}
	}
	r->c = before;
}

/* "metadata.tool.2": the third tool as a component; "metadata.service.2": it is a service. */
static bool restore_tool(struct document *d, const struct extra *e)
{
	static const char *const starts[] = { "metadata.tool.", "metadata.service." };
	uint64_t n;

	for (int i = 0; i < 2; i++) {
		if (!str_starts(e->field, str_of(starts[i])) || !str_to_u64(str_from(e->field, strlen(starts[i])), &n) || n >= d->tools.n)
			continue;
		if (i)
			d->tools.items[n].is_service = true;
		else
			d->tools.items[n].extra = e->json;
		return true;
	}
	return false;
}

void cdx_restore_document(struct cdx_reader *r, struct document *d)
{
	size_t kept = 0;
	struct extra extra;

	for (size_t i = 0; i < d->properties.n; i++) {
		struct property p = d->properties.items[i];
		if (restore_extra(r->b->arena, p.name, p.value, &extra)) {
			if (str_is(extra.field, "metadata") || str_is(extra.field, "bom"))
				restore_members(r, extra.json);
			else if (!restore_tool(d, &extra))
				*VEC_ADD(r->b->arena, &d->extra) = extra;
		}
		else if (str_is(p.name, CDX_OWN "document:name"))
			d->name = p.value;
		else if (str_is(p.name, CDX_OWN "document:data-license"))
			d->data_licence = p.value;
		else if (str_is(p.name, CDX_OWN "document:comment"))
			d->comment = p.value;
		else if (str_is(p.name, CDX_OWN "document:namespace"))
			*VEC_ADD(r->b->arena, &d->extra) = namespace_extra(r->b->arena, p.value);
		else if (str_is(p.name, CDX_OWN "document:timestamp") && !d->timestamp.len)
			d->timestamp = p.value;
		else if (str_is(p.name, CDX_OWN "document:organization"))
			restore_organization(d, p.value);
		else if (str_is(p.name, CDX_OWN "document:license-text"))
			restore_extracted(r->b, p.value);
		else if (str_is(p.name, CDX_OWN "relationship") && restore_relationship(r, NO_COMPONENT, p.value))
			continue;
		else if (str_is(p.name, CDX_OWN "incomplete"))
			r->b->incomplete = true;
		else
			d->properties.items[kept++] = p;
	}
	d->properties.n = kept;
}
