/* A component of the model as a CycloneDX component, in the fullest form. */
#include "format/cyclonedx.h"
#include "format/cyclonedx_emit.h"

static bool open_list(struct cdx_writer *w, const char *key, bool *open)
{
	if (!*open) {
		json_put_key(&w->j, key);
		json_begin_array(&w->j);
	}
	*open = true;
	return true;
}

static void own(struct cdx_writer *w, bool *open, const char *name, struct str value)
{
	if (!value.len)
		return;
	open_list(w, "properties", open);
	cdx_write_property(w, name, value);
}

/* "runtime", "optional" and "excluded" alone have CycloneDX's own word. */
static const char *scope_word(unsigned scope)
{
	if (!scope)
		return "";
	if (scope & SCOPE_RUNTIME)
		return "required";
	if (scope & (SCOPE_OPTIONAL | SCOPE_PEER | SCOPE_PROVIDED))
		return "optional";
	return "excluded"; /* "to document component usage for test and other non-runtime purposes" */
}

static struct str extra_name(struct cdx_writer *w, const struct extra *e)
{
	return arena_printf(w->w->arena, "%s%.*s:%.*s", CDX_OWN_EXTRA, STR_ARG(e->standard), STR_ARG(e->field));
}

/* Does purl or a property of another tool tell the source package already? purl_complete reads it from there. */
static bool says_source(const struct component *c)
{
	if (str_has(c->purl, STR("upstream=")))
		return true;
	for (VEC_EACH(const struct property, p, &c->properties))
		if (str_starts(p->name, STR("aquasecurity:trivy:Src")) || str_is(p->name, "syft:metadata:source") ||
		    str_is(p->name, "syft:metadata:sourceRpm") || str_is(p->name, "syft:metadata:originPackage"))
			return true;
	return false;
}

static bool type_fits(const struct cdx_writer *w, enum component_type t)
{
	const char *word = component_type_cyclonedx(t);

	return word && !cdx_scalar_fault(cdx_field_json(cdx_record(CDX_R_component), STR("type")), str_of(word), w->version, false);
}

static bool cpe_fits(const struct cdx_writer *w, struct str cpe)
{
	return !cdx_scalar_fault(cdx_field_json(cdx_record(CDX_R_component), STR("cpe")), cpe, w->version, w->emit->xml);
}

/* "Organization: name (mail)", where `author` and `authors` cannot say which, and the type of a reference that this version lacks. */
static void write_nuances(struct cdx_writer *w, const struct component *c, bool *open)
{
	static const char *const kinds[] = { "", "Person: ", "Organization: ", "Tool: " };
	const struct cdx_field *type = cdx_field_json(cdx_record(CDX_R_reference), STR("type"));
	const struct party *p = party_said(component_more(c)->originator);
	bool plain = p->kind == PARTY_UNSAID || (p->kind == PARTY_PERSON && w->version >= 6);

	if (p->name.len && !plain && !cdx_extra(c->extra.items, c->extra.n, "author") && !cdx_extra(c->extra.items, c->extra.n, "authors"))
		own(w, open, CDX_OWN "originator",
		    arena_printf(w->w->arena, "%s%.*s%s%.*s%s", kinds[p->kind], STR_ARG(p->name), p->email.len ? " (" : "",
				 STR_ARG(p->email), p->email.len ? ")" : ""));
	for (VEC_EACH(const struct external_reference, e, &component_more(c)->references))
		if (!cdx_reference_fits(w, e)) {
			own(w, open, CDX_OWN "reference-extra", arena_printf(w->w->arena, "%.*s %.*s", STR_ARG(e->url), STR_ARG(e->extra)));
			loss_note(w->w->losses, "component.externalReferences: what else was said of them", true);
		}
	for (VEC_EACH(const struct external_reference, e, &component_more(c)->references))
		if (e->type.len && cdx_scalar_fault(type, e->type, w->version, false))
			own(w, open, CDX_OWN "reference-type", arena_printf(w->w->arena, "%.*s %.*s", STR_ARG(e->type), STR_ARG(e->url)));
}

static void write_own(struct cdx_writer *w, const struct component *c, bool *open)
{
	struct arena *a = w->w->arena;

	if (c->scope && c->scope != SCOPE_RUNTIME && c->scope != SCOPE_OPTIONAL && c->scope != SCOPE_EXCLUDED)
		own(w, open, CDX_OWN "scope", scope_text(a, c->scope));
	if (!type_fits(w, c->type))
		own(w, open, CDX_OWN "type",
		    str_of(component_type_cyclonedx(c->type) ? component_type_cyclonedx(c->type) : component_type_spdx(c->type)));
	own(w, open, CDX_OWN "declared", c->declared);
	if (!c->purl.len)
		own(w, open, CDX_OWN "ecosystem", c->ecosystem);
	own(w, open, CDX_OWN "alias", c->alias);
	if (!says_source(c)) {
		own(w, open, CDX_OWN "source:name", component_more(c)->source_name);
		own(w, open, CDX_OWN "source:version", component_more(c)->source_version);
	}
	own(w, open, CDX_OWN "download", c->download);
	own(w, open, CDX_OWN "vcs", c->vcs);
	own(w, open, CDX_OWN "commit", c->commit);
	if (c->first_party && bom_index(w->b, c) != w->b->subject)
		own(w, open, CDX_OWN "first-party", STR("true"));
	if (c->weak && c->purl.len)
		own(w, open, CDX_OWN "weak", STR("true"));
	if (component_more(c)->cpe.len && !cpe_fits(w, component_more(c)->cpe))
		own(w, open, CDX_OWN "cpe", component_more(c)->cpe);
	for (VEC_EACH(const struct str, s, &component_more(c)->more_cpes))
		own(w, open, CDX_OWN "cpe", *s);
	for (VEC_EACH(const struct str, s, &component_more(c)->more_purls))
		own(w, open, CDX_OWN "purl", *s);
	for (VEC_EACH(const struct str, s, &component_more(c)->reporters))
		own(w, open, CDX_OWN "reporter", *s);
	for (VEC_EACH(const struct hash, h, &c->hashes))
		if (!cdx_hash_fits(w, h))
			own(w, open, arena_concat(a, STR(CDX_OWN "hash:"), h->algorithm, STR("")).s, h->value);
	if (cdx_write_licence_properties(w, c->licences.items, c->licences.n, true)) {
		open_list(w, "properties", open);
		cdx_write_licence_properties(w, c->licences.items, c->licences.n, false);
	}
	for (VEC_EACH(const struct extra, e, &c->extra))
		if (!str_is(e->standard, "cyclonedx"))
			own(w, open, extra_name(w, e).s, e->json);
	write_nuances(w, c, open);
	cdx_write_relationships(w, bom_index(w->b, c), open);
}

static void write_properties(struct cdx_writer *w, const struct component *c)
{
	bool open = false;

	for (VEC_EACH(const struct property, p, &c->properties)) {
		open_list(w, "properties", &open);
		json_begin_object(&w->j);
		json_member(&w->j, "name", p->name);
		if (p->value.s)
			json_member(&w->j, "value", p->value);
		json_end_object(&w->j);
	}
	write_own(w, c, &open);
	if (open)
		json_end_array(&w->j);
}

static bool has_reference(const struct component *c, const char *type, struct str url)
{
	for (VEC_EACH(const struct external_reference, e, &component_more(c)->references))
		if (str_is(e->type, type) && str_eq(e->url, url))
			return true;
	return false;
}

static void write_references(struct cdx_writer *w, const struct component *c)
{
	bool open = false, said = c->download.len && !str_is(c->download, "NOASSERTION") && !str_is(c->download, "NONE");

	if (component_more(c)->references.n) {
		open_list(w, "externalReferences", &open);
		cdx_write_references(w, component_more(c)->references.items, component_more(c)->references.n);
	}
	if (said && !has_reference(c, "distribution", c->download)) {
		open_list(w, "externalReferences", &open);
		cdx_write_references(w, &(struct external_reference){ .type = STR("distribution"), .url = c->download }, 1);
	}
	if (c->vcs.len && !has_reference(c, "vcs", c->vcs)) {
		open_list(w, "externalReferences", &open);
		cdx_write_references(w, &(struct external_reference){ .type = STR("vcs"), .url = c->vcs }, 1);
	}
	if (open)
		json_end_array(&w->j);
}

/* Which file, and which line, for components that were found in sources; where an SBOM named it, that is no evidence. */
static void write_evidence(struct cdx_writer *w, const struct component *c)
{
	bool open = false;

	if (cdx_extra(c->extra.items, c->extra.n, "evidence"))
		return;
	for (VEC_EACH(const struct evidence, e, &c->evidence)) {
		const struct input *in = e->input < w->b->inputs.n ? &w->b->inputs.items[e->input] : NULL;
		if (!in || !in->path.len || format_by_name(in->reader))
			continue;
		if (!open) {
			json_put_key(&w->j, "evidence");
			json_begin_object(&w->j);
			open_list(w, "occurrences", &open);
		}
		json_begin_object(&w->j);
		json_member(&w->j, "location", in->path);
		if (e->line)
			json_member_int(&w->j, "line", e->line);
		json_end_object(&w->j);
	}
	if (open) {
		json_end_array(&w->j);
		json_end_object(&w->j);
	}
}

static void write_originator(struct cdx_writer *w, const struct component *c)
{
	if (!party_said(component_more(c)->originator)->name.len || cdx_extra(c->extra.items, c->extra.n, "author") ||
	    cdx_extra(c->extra.items, c->extra.n, "authors"))
		return;
	if (w->version < 6) {
		json_member(&w->j, "author", component_more(c)->originator->name);
		return;
	}
	json_put_key(&w->j, "authors");
	json_begin_array(&w->j);
	cdx_write_contact(w, component_more(c)->originator);
	json_end_array(&w->j);
}

static void write_children(struct cdx_writer *w, uint32_t index)
{
	if (w->first_child[index] == NO_COMPONENT)
		return;
	json_put_key(&w->j, "components");
	json_begin_array(&w->j);
	for (uint32_t i = w->first_child[index]; i != NO_COMPONENT; i = w->next_sibling[i])
		cdx_write_component(w, i);
	json_end_array(&w->j);
}

void cdx_write_component(struct cdx_writer *w, uint32_t index)
{
	const struct component *c = &w->b->components[index];
	json_begin_object(&w->j);
	json_member(&w->j, "type", str_of(type_fits(w, c->type) ? component_type_cyclonedx(c->type) : "library"));
	json_member(&w->j, "bom-ref", w->refs[index]);
	cdx_write_entity(w, "supplier", party_said(component_more(c)->supplier));
	cdx_write_entity(w, "manufacturer", party_said(component_more(c)->manufacturer));
	write_originator(w, c);
	json_member_opt(&w->j, "group", c->group);
	json_member(&w->j, "name", c->name.s ? c->name : STR(""));
	if (c->version.len || w->version < 4)
		json_member(&w->j, "version", c->version.s ? c->version : STR(""));
	json_member_opt(&w->j, "description", c->description);
	json_member_opt(&w->j, "scope", str_of(scope_word(c->scope)));
	cdx_write_hashes(w, c->hashes.items, c->hashes.n);
	cdx_write_licences(w, c->licences.items, c->licences.n);
	json_member_opt(&w->j, "copyright", component_more(c)->copyright);
	if (cpe_fits(w, component_more(c)->cpe))
		json_member_opt(&w->j, "cpe", component_more(c)->cpe);
	json_member_opt(&w->j, "purl", c->purl);
	write_references(w, c);
	write_children(w, index);
	if (w->as_it_is) {
		write_properties(w, c);
		write_evidence(w, c);
		json_end_object(&w->j);
		return;
	}
	write_evidence(w, c);
	for (VEC_EACH(const struct extra, e, &c->extra)) {
		if (!str_is(e->standard, "cyclonedx"))
			continue;
		json_put_key_str(&w->j, e->field);
		json_put_raw(&w->j, e->json);
	}
	write_properties(w, c);
	json_end_object(&w->j);
}
