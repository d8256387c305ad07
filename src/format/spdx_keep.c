/* What SPDX has no place for, as the comment of an annotation: {"bomgate": {…}}. spdx_restore.c reads it. */
#include <stdio.h>

#include "base/diag.h"
#include "format/spdx.h"
#include "identity/purl.h"

static void put_hashes(struct json_writer *w, const struct hash *items, size_t n, bool all)
{
	bool open = false;

	for (size_t i = 0; i < n; i++) {
		if (!all && spdx_algorithm_of(items[i].algorithm))
			continue;
		if (!open) {
			json_put_key(w, "hashes");
			json_begin_array(w);
		}
		open = true;
		json_begin_object(w);
		json_member(w, "alg", items[i].algorithm);
		json_member(w, "content", items[i].value);
		json_end_object(w);
	}
	if (open)
		json_end_array(w);
}

static void put_raw(struct json_writer *w, const char *key, struct str raw)
{
	if (!raw.len)
		return;
	json_put_key(w, key);
	json_put_raw(w, raw);
}

static void put_party(struct json_writer *w, const char *key, const struct party *p)
{
	static const char *const kinds[] = { "", "person", "organization", "tool" };

	if (!p->name.len && !p->email.len && !p->url.len && !p->phone.len && !p->extra.len)
		return;
	if (key)
		json_put_key(w, key);
	json_begin_object(w);
	json_member_opt(w, "kind", str_of(kinds[p->kind]));
	if (p->name.s)
		json_member(w, "name", p->name);
	json_member_opt(w, "email", p->email);
	json_member_opt(w, "url", p->url);
	json_member_opt(w, "phone", p->phone);
	put_raw(w, "extra", p->extra);
	json_end_object(w);
}

/* Does the SPDX field say all that the model knows of it? */
static bool party_fits(const struct party *p)
{
	return (!p->name.len && !p->email.len && !p->url.len && !p->phone.len && !p->extra.len) ||
	       (p->name.len && (p->kind == PARTY_PERSON || p->kind == PARTY_ORGANIZATION) && !p->url.len && !p->phone.len && !p->extra.len &&
		str_chr(p->name, '(') == STR_NOT_FOUND);
}

static void put_licences(struct json_writer *w, const struct licence *items, size_t n)
{
	static const char *const kinds[] = { "id", "name", "expression" }, *const roles[] = { "", "declared", "concluded" };

	if (!n)
		return;
	json_put_key(w, "licences");
	json_begin_array(w);
	for (size_t i = 0; i < n; i++) {
		json_begin_object(w);
		json_member(w, "kind", str_of(kinds[items[i].kind]));
		json_member_opt(w, "role", str_of(roles[items[i].role]));
		json_member(w, "value", items[i].value);
		json_member_opt(w, "text", items[i].text);
		json_member_opt(w, "url", items[i].url);
		put_raw(w, "extra", items[i].extra);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_properties(struct json_writer *w, const struct property *items, size_t n)
{
	if (!n)
		return;
	json_put_key(w, "properties");
	json_begin_array(w);
	for (size_t i = 0; i < n; i++) {
		json_begin_object(w);
		json_member(w, "name", items[i].name);
		if (items[i].value.s)
			json_member(w, "value", items[i].value);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_strings(struct json_writer *w, const char *key, const struct str *items, size_t n)
{
	if (!n)
		return;
	json_put_key(w, key);
	json_begin_array(w);
	for (size_t i = 0; i < n; i++)
		json_put_string(w, items[i]);
	json_end_array(w);
}

bool spdx_reference_fits(const struct external_reference *e)
{
	return !e->hashes.n && (!e->extra.len || str_starts(e->extra, STR("{\"spdx\":"))) && e->url.len && e->type.len &&
	       str_chr(e->url, ' ') == STR_NOT_FOUND && str_chr(e->url, '\n') == STR_NOT_FOUND &&
	       str_chr(e->type, ' ') == STR_NOT_FOUND;
}

static void put_references(struct json_writer *w, const struct external_reference *items, size_t n,
			   bool (*fits)(const struct external_reference *))
{
	bool open = false;

	for (size_t i = 0; i < n; i++) {
		const struct external_reference *e = &items[i];
		if (fits && fits(e))
			continue;
		if (!open) {
			json_put_key(w, "references");
			json_begin_array(w);
		}
		open = true;
		json_begin_object(w);
		json_member(w, "type", e->type);
		json_member(w, "url", e->url);
		json_member_opt(w, "comment", e->comment);
		put_hashes(w, e->hashes.items, e->hashes.n, true);
		put_raw(w, "extra", e->extra);
		json_end_object(w);
	}
	if (open)
		json_end_array(w);
}

/* {"cyclonedx": {"pedigree": …}}: what is not `mine`, and with it `fields`, which this version of SPDX lacks. */
static void put_extras(struct json_writer *w, bool spdx3, const struct extra *items, size_t n, const struct extra *fields, size_t nfields)
{
	bool open = false;

	for (int own = 0; own < 2; own++) {
		for (size_t i = 0; i < (own ? nfields : n); i++) {
			const struct extra *e = own ? &fields[i] : &items[i];
			if (!own && (str_is(e->standard, "spdx") || (spdx3 && str_is(e->standard, "spdx3"))))
				continue;
			if (!open) {
				json_put_key(w, "extra");
				json_begin_array(w);
			}
			open = true;
			json_begin_object(w);
			json_member(w, "standard", e->standard);
			json_member(w, "field", e->field);
			put_raw(w, "value", e->json);
			json_end_object(w);
		}
	}
	if (open)
		json_end_array(w);
}

bool spdx_annotation_fits(const struct annotation *a)
{
	return !a->extra.len && (str_starts(a->annotator, STR("Person: ")) || str_starts(a->annotator, STR("Organization: ")) ||
				 str_starts(a->annotator, STR("Tool: ")));
}

static void put_annotations(struct json_writer *w, const struct annotation *items, size_t n)
{
	bool open = false;

	for (size_t i = 0; i < n; i++) {
		if (spdx_annotation_fits(&items[i]))
			continue;
		if (!open) {
			json_put_key(w, "annotations");
			json_begin_array(w);
		}
		open = true;
		json_begin_object(w);
		json_member_opt(w, "annotator", items[i].annotator);
		json_member_opt(w, "date", items[i].date);
		json_member_opt(w, "type", items[i].type);
		json_member_opt(w, "comment", items[i].comment);
		put_raw(w, "extra", items[i].extra);
		json_end_object(w);
	}
	if (open)
		json_end_array(w);
}

static struct str finish(struct arena *a, struct json_writer *j, size_t empty)
{
	json_end_object(j);
	json_end_object(j);
	struct str s = j->out->len > empty + 2 ? arena_str(a, buf_str(j->out)) : STR_NONE;
	buf_free(j->out);
	return s;
}

static size_t start(struct json_writer *j, struct buf *out)
{
	buf_init(out, 0);
	json_writer_init(j, out, true);
	json_begin_object(j);
	json_put_key(j, SPDX_TOOL);
	json_begin_object(j);
	return out->len;
}

/* Will a reader find the same group and name in what was written? */
static bool name_comes_back(const struct spdx_keep *k, const struct component *c)
{
	struct bom scratch = { .arena = k->arena };
	struct component again = { .type = c->type, .name = k->name, .purl = c->purl, .version = c->version };

	if (c->type != COMPONENT_FILE)
		spdx_split_name(&again);
	if (c->purl.len)
		purl_complete(&scratch, &again);
	return str_eq(again.group, c->group) && str_eq(again.name, c->name);
}

struct str spdx_keep_component(const struct spdx_keep *k, const struct component *c)
{
	struct json_writer j;
	struct buf out;
	size_t empty = start(&j, &out);
	struct losses *l = k->w->losses;
	const struct document *d = &k->w->bom->document;
	bool ours = !d->standard.len, from_spdx = str_starts(d->standard, STR("spdx"));

	/* Claims and compositions go by it. */
	bool named = k->w->bom->claims.n || k->w->bom->compositions.n;
	if (c->ref.len && (!from_spdx || (named && str_is(d->standard, "spdx3") != k->spdx3)))
		json_member(&j, "ref", c->ref);
	if (!name_comes_back(k, c)) {
		json_member(&j, "group", c->group);
		json_member(&j, "name", c->name);
	}
	if (k->type) {
		const char *word = component_type_cyclonedx(c->type);
		json_member(&j, "type", str_of(word ? word : component_type_spdx(c->type)));
		loss_note(l, "components[].type", true);
	}
	if (c->scope && !(c->scope == SCOPE_RUNTIME && ours) && !from_spdx) {
		json_member(&j, "scope", scope_text(k->arena, c->scope));
		loss_note(l, "components[].scope", true);
	}
	json_member_opt(&j, "parent", k->parent);
	json_member_opt(&j, "declared", c->declared);
	json_member_opt(&j, "alias", c->alias);
	if (!c->purl.len || str_chr(c->ecosystem, ':') != STR_NOT_FOUND)
		json_member_opt(&j, "ecosystem", from_spdx ? STR_NONE : c->ecosystem);
	if (!c->purl.len && !from_spdx) {
		json_member_opt(&j, "sourceName", component_more(c)->source_name);
		json_member_opt(&j, "sourceVersion", component_more(c)->source_version);
	}
	json_member_opt(&j, "vcs", from_spdx ? STR_NONE : c->vcs);
	json_member_opt(&j, "commit", from_spdx ? STR_NONE : c->commit);
	if (c->first_party && !from_spdx)
		json_member_bool(&j, "firstParty", true);
	if (c->weak && c->purl.len)
		json_member_bool(&j, "weak", true);
	if (k->hashes) {
		put_hashes(&j, c->hashes.items, c->hashes.n, true);
		loss_note(l, "components[].hashes", true);
	}
	if (k->licences) {
		put_licences(&j, c->licences.items, c->licences.n);
		loss_note(l, "components[].licenses", true);
	}
	if (!party_fits(party_said(component_more(c)->supplier)))
		put_party(&j, "supplier", party_said(component_more(c)->supplier));
	if (!party_fits(party_said(component_more(c)->originator)))
		put_party(&j, "originator", party_said(component_more(c)->originator));
	put_party(&j, "manufacturer", party_said(component_more(c)->manufacturer));
	put_references(&j, component_more(c)->references.items, component_more(c)->references.n,
		       k->spdx3 ? spdx3_reference_fits : spdx_reference_fits);
	put_properties(&j, c->properties.items, c->properties.n);
	put_strings(&j, "purls", k->purls.items, k->purls.n);
	put_strings(&j, "cpes", k->cpes.items, k->cpes.n);
	put_strings(&j, "reporters", component_more(c)->reporters.items, component_more(c)->reporters.n);
	put_annotations(&j, component_more(c)->annotations.items, component_more(c)->annotations.n);
	for (VEC_EACH(const struct extra, e, &c->extra))
		if (!str_is(e->standard, "spdx") && !(k->spdx3 && str_is(e->standard, "spdx3")))
			loss_note(l, arena_cstr(k->arena, arena_concat(k->arena, STR("components[]."), e->field, STR(""))), true);
	put_extras(&j, k->spdx3, c->extra.items, c->extra.n, k->fields.items, k->fields.n);
	return finish(k->arena, &j, empty);
}

/* ---- the document */

static bool tool_fits(const struct tool *t)
{
	struct str name, version;
	struct str whole = t->name;

	if ((t->vendor.len && !str_eq(t->vendor, t->name)) || t->hashes.n || t->extra.len || t->is_service || !t->name.len)
		return false;
	if (!t->version.len) {
		spdx_tool_split(whole, &name, &version);
		return !version.len;
	}
	char text[512];
	int n = snprintf(text, sizeof text, "%.*s-%.*s", STR_ARG(t->name), STR_ARG(t->version));
	if (n <= 0 || (size_t)n >= sizeof text)
		return false;
	spdx_tool_split(str_make(text, (size_t)n), &name, &version);
	return str_eq(name, t->name) && str_eq(version, t->version);
}

static void put_tools(struct json_writer *j, const struct document *d, struct losses *l)
{
	bool fits = true;

	for (VEC_EACH(const struct tool, t, &d->tools))
		fits = fits && tool_fits(t);
	if (fits)
		return;
	loss_note(l, "metadata.tools", true);
	json_put_key(j, "tools");
	json_begin_array(j);
	for (VEC_EACH(const struct tool, t, &d->tools)) {
		json_begin_object(j);
		json_member_opt(j, "vendor", t->vendor);
		json_member(j, "name", t->name);
		json_member_opt(j, "version", t->version);
		put_hashes(j, t->hashes.items, t->hashes.n, true);
		if (t->is_service)
			json_member_bool(j, "service", true);
		put_raw(j, "extra", t->extra);
		json_end_object(j);
	}
	json_end_array(j);
}

static void put_claims(struct json_writer *j, const struct bom *b, struct losses *l)
{
	if (!b->claims.n)
		return;
	json_put_key(j, "vulnerabilities");
	json_begin_array(j);
	for (VEC_EACH(const struct claim, c, &b->claims)) {
		json_put_raw(j, c->raw.len ? c->raw : STR("{}"));
		loss_note(l, "vulnerabilities", true);
	}
	json_end_array(j);
}

static void put_compositions(struct json_writer *j, const struct bom *b, struct losses *l)
{
	if (!b->compositions.n)
		return;
	json_put_key(j, "compositions");
	json_begin_array(j);
	for (VEC_EACH(const struct composition, c, &b->compositions)) {
		json_begin_object(j);
		json_member_opt(j, "aggregate", c->aggregate);
		put_strings(j, "assemblies", c->assemblies.items, c->assemblies.n);
		put_strings(j, "dependencies", c->dependencies.items, c->dependencies.n);
		put_strings(j, "vulnerabilities", c->vulnerabilities.items, c->vulnerabilities.n);
		put_raw(j, "extra", c->extra);
		json_end_object(j);
		loss_note(l, "compositions", true);
	}
	json_end_array(j);
}

static bool authors_fit(const struct document *d)
{
	for (VEC_EACH(const struct party, p, &d->authors))
		if (!party_fits(p) || !p->name.len)
			return false;
	return true;
}

/* Edges to what the document does not have: a relationship may not name it. */
static void put_edges(struct json_writer *j, const struct spdx_edge_text *edges, size_t n, struct losses *l)
{
	if (!n)
		return;
	json_put_key(j, "relationships");
	json_begin_array(j);
	for (size_t i = 0; i < n; i++) {
		json_begin_object(j);
		json_member(j, "from", edges[i].from);
		json_member(j, "type", edges[i].type); /* "dependsOn", "provides": CycloneDX's dependencies named it */
		json_member(j, "to", edges[i].to);
		json_member_opt(j, "comment", edges[i].comment);
		json_end_object(j);
		loss_note(l, "relationships to what is not in the document", true);
	}
	json_end_array(j);
}

struct str spdx_keep_document(struct format_writing *w, bool spdx3, const struct spdx_edge_text *edges, size_t nedges, const struct extra *fields,
			      size_t nfields)
{
	const struct bom *b = w->bom;
	const struct document *d = &b->document;
	struct json_writer j;
	struct buf out;
	size_t empty = start(&j, &out);
	bool from_spdx = str_starts(d->standard, STR("spdx"));

	if (!from_spdx && d->standard.len)
		json_member(&j, "standard", d->standard);
	/* "" for what was not there: the document that is written must have one. */
	if (!str_starts(d->serial, STR("http")) || str_chr(d->serial, '#') != STR_NOT_FOUND)
		json_member(&j, "serial", d->serial.s ? d->serial : STR(""));
	if (!d->timestamp.len)
		json_member(&j, "timestamp", STR(""));
	json_member_opt(&j, "revision", d->revision);
	if (d->timestamp.len && (d->timestamp.len != 20 || d->timestamp.s[19] != 'Z'))
		json_member(&j, "timestamp", d->timestamp);
	put_tools(&j, d, w->losses);
	if (!authors_fit(d)) {
		json_put_key(&j, "authors");
		json_begin_array(&j);
		for (VEC_EACH(const struct party, p, &d->authors))
			put_party(&j, NULL, p);
		json_end_array(&j);
	}
	put_party(&j, "supplier", &d->supplier);
	put_party(&j, "manufacturer", &d->manufacturer);
	put_strings(&j, "lifecycles", d->lifecycles.items, d->lifecycles.n);
	put_licences(&j, d->licences.items, d->licences.n);
	put_properties(&j, d->properties.items, d->properties.n);
	put_references(&j, d->references.items, d->references.n, NULL);
	put_annotations(&j, d->annotations.items, d->annotations.n);
	put_claims(&j, b, w->losses);
	put_compositions(&j, b, w->losses);
	if (b->incomplete)
		json_member_bool(&j, "incomplete", true);
	for (VEC_EACH(const struct extra, e, &d->extra))
		if (!str_is(e->standard, "spdx") && !(spdx3 && str_is(e->standard, "spdx3")))
			loss_note(w->losses, arena_cstr(w->arena, e->field), true);
	put_edges(&j, edges, nedges, w->losses);
	put_extras(&j, spdx3, d->extra.items, d->extra.n, fields, nfields);
	return finish(w->arena, &j, empty);
}
