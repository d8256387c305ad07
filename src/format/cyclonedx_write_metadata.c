/* CycloneDX metadata from the model. */
#include "format/cyclonedx.h"

static void write_legacy_tool(struct cdx_writer *w, const struct tool *t, size_t i)
{
	char field[40];

	snprintf(field, sizeof field, "metadata.tools.%zu", i);
	const struct extra *whole = cdx_extra(w->b->document.extra.items, w->b->document.extra.n, field);
	if (whole) {
		json_put_raw(&w->j, whole->json);
		return;
	}
	json_begin_object(&w->j);
	json_member_opt(&w->j, "vendor", t->vendor);
	json_member_opt(&w->j, "name", t->name);
	json_member_opt(&w->j, "version", t->version);
	cdx_write_hashes(w, t->hashes.items, t->hashes.n);
	json_end_object(&w->j);
	if (t->extra.len || t->is_service)
		loss_note(w->w->losses, "metadata.tools beyond vendor, name, version and hashes", w->version >= 3);
}

/* The keys that the old shape has and a component has too. */
static void write_tool_extra(struct cdx_writer *w, size_t i)
{
	static const char *const but[] = { "vendor", "name", "version", "hashes", NULL };
	char field[40];

	snprintf(field, sizeof field, "metadata.tools.%zu", i);
	const struct extra *whole = cdx_extra(w->b->document.extra.items, w->b->document.extra.n, field);
	if (whole)
		cdx_put_members(w, whole->json, but);
}

static void write_tool_component(struct cdx_writer *w, const struct tool *t, size_t i)
{
	if (t->extra.len && str_starts(t->extra, STR("{"))) {
		json_put_raw(&w->j, t->extra);
		return;
	}
	json_begin_object(&w->j);
	if (!t->is_service)
		json_member(&w->j, "type", STR("application"));
	if (t->is_service && t->vendor.len) {
		json_put_key(&w->j, "provider");
		json_begin_object(&w->j);
		json_member(&w->j, "name", t->vendor);
		json_end_object(&w->j);
	} else {
		json_member_opt(&w->j, "group", t->vendor);
	}
	json_member(&w->j, "name", t->name.s ? t->name : STR(""));
	json_member_opt(&w->j, "version", t->version);
	if (!t->is_service)
		cdx_write_hashes(w, t->hashes.items, t->hashes.n);
	write_tool_extra(w, i);
	json_end_object(&w->j);
}

static void write_tools(struct cdx_writer *w)
{
	const struct document *d = &w->b->document;

	if (!d->tools.n)
		return;
	json_put_key(&w->j, "tools");
	if (w->version < 5) {
		json_begin_array(&w->j);
		for (size_t i = 0; i < d->tools.n; i++)
			write_legacy_tool(w, &d->tools.items[i], i);
		json_end_array(&w->j);
		return;
	}
	json_begin_object(&w->j);
	for (int services = 0; services < 2; services++) {
		bool open = false;
		for (size_t i = 0; i < d->tools.n; i++) {
			if (d->tools.items[i].is_service != (bool)services)
				continue;
			if (!open) {
				json_put_key(&w->j, services ? "services" : "components");
				json_begin_array(&w->j);
			}
			open = true;
			write_tool_component(w, &d->tools.items[i], i);
		}
		if (open)
			json_end_array(&w->j);
	}
	json_end_object(&w->j);
}

static void write_lifecycles(struct cdx_writer *w)
{
	const struct document *d = &w->b->document;

	if (!d->lifecycles.n)
		return;
	json_put_key(&w->j, "lifecycles");
	json_begin_array(&w->j);
	for (VEC_EACH(const struct str, s, &d->lifecycles)) {
		if (str_starts(*s, STR("{"))) {
			json_put_raw(&w->j, *s);
			continue;
		}
		static const char *const phases[] = { "design", "pre-build", "build", "post-build", "operations", "discovery", "decommission" };
		bool known = false;
		for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++)
			known |= str_is(*s, phases[i]);
		json_begin_object(&w->j);
		json_member(&w->j, known ? "phase" : "name", *s);
		json_end_object(&w->j);
	}
	json_end_array(&w->j);
}

static void own(struct cdx_writer *w, bool *open, const char *name, struct str value)
{
	if (!value.len)
		return;
	if (!*open) {
		json_put_key(&w->j, "properties");
		json_begin_array(&w->j);
	}
	*open = true;
	cdx_write_property(w, name, value);
}

/* SPDX's licence texts of the document, as it names their fields. */
static struct str extracted_text(struct cdx_writer *w, const struct extracted_licence *e)
{
	struct json_writer j;
	struct buf out;

	buf_init(&out, 0);
	json_writer_init(&j, &out, true);
	json_begin_object(&j);
	json_member(&j, "licenseId", e->id);
	json_member_opt(&j, "name", e->name);
	json_member_opt(&j, "extractedText", e->text);
	json_member_opt(&j, "comment", e->comment);
	json_member_opt(&j, "extra", e->extra);
	if (e->urls.n) {
		json_put_key(&j, "seeAlsos");
		json_begin_array(&j);
		for (VEC_EACH(const struct str, u, &e->urls))
			json_put_string(&j, *u);
		json_end_array(&j);
	}
	json_end_object(&j);
	struct str s = arena_str(w->w->arena, buf_str(&out));
	buf_free(&out);
	return s;
}

/* Writes with `write` into a text of its own. */
static struct str as_text(struct cdx_writer *w, void (*write)(struct cdx_writer *w))
{
	struct json_writer before = w->j;
	struct buf b;

	buf_init(&b, 0);
	json_writer_init(&w->j, &b, true);
	write(w);
	struct str text = arena_str(w->w->arena, buf_str(&b));
	buf_free(&b);
	w->j = before;
	return text;
}

static void put_lifecycles(struct cdx_writer *w)
{
	json_begin_object(&w->j);
	write_lifecycles(w);
	json_end_object(&w->j);
}

static void put_manufacturer(struct cdx_writer *w)
{
	json_begin_object(&w->j);
	cdx_write_entity(w, "manufacturer", &w->b->document.manufacturer);
	json_end_object(&w->j);
}

static void put_annotations(struct cdx_writer *w)
{
	json_begin_object(&w->j);
	json_put_key(&w->j, "annotations");
	json_begin_array(&w->j);
	cdx_write_annotations(w, NULL);
	json_end_array(&w->j);
	json_end_object(&w->j);
}

/* What of the model this version has no place for, as the members that a newer one has. */
static void write_lost_parts(struct cdx_writer *w, bool *open)
{
	const struct document *d = &w->b->document;

	if (w->version < 5 && d->lifecycles.n)
		own(w, open, CDX_OWN_EXTRA "cyclonedx:metadata", as_text(w, put_lifecycles));
	if (w->version < 6 && (d->manufacturer.name.len || d->manufacturer.email.len || d->manufacturer.url.len))
		own(w, open, CDX_OWN_EXTRA "cyclonedx:metadata", as_text(w, put_manufacturer));
	if (w->version < 5 && cdx_count_annotations(w->b))
		own(w, open, CDX_OWN_EXTRA "cyclonedx:bom", as_text(w, put_annotations));
}

static bool is_cyclonedx_field(struct cdx_writer *w, const struct extra *e)
{
	return str_is(e->standard, "cyclonedx") &&
	       (str_starts(e->field, STR("metadata.tools.")) || cdx_document_has(e->field, w->version));
}

static void write_properties(struct cdx_writer *w)
{
	const struct document *d = &w->b->document;
	bool open = false;

	for (VEC_EACH(const struct property, p, &d->properties)) {
		own(w, &open, p->name.s ? arena_cstr(w->w->arena, p->name) : "", p->value.s ? p->value : STR(""));
		if (!p->value.len)
			cdx_write_property(w, arena_cstr(w->w->arena, p->name), STR(""));
	}
	own(w, &open, CDX_OWN "document:name", d->name);
	own(w, &open, CDX_OWN "document:data-license", d->data_licence);
	own(w, &open, CDX_OWN "document:comment", d->comment);
	for (VEC_EACH(const struct party, p, &d->authors))
		if (p->kind == PARTY_ORGANIZATION) /* an author is a person here */
			own(w, &open, CDX_OWN "document:organization", p->name);
	for (VEC_EACH(const struct extracted_licence, e, &w->b->extracted_licences))
		own(w, &open, CDX_OWN "document:license-text", extracted_text(w, e));
	if (d->serial.len && !str_starts(d->serial, STR("urn:uuid:")))
		own(w, &open, CDX_OWN "document:namespace", d->serial);
	if (d->timestamp.len && !cdx_is_datetime(d->timestamp))
		own(w, &open, CDX_OWN "document:timestamp", d->timestamp);
	if (w->b->incomplete)
		own(w, &open, CDX_OWN "incomplete", STR("true"));
	for (VEC_EACH(const struct extra, e, &d->extra)) {
		if (is_cyclonedx_field(w, e))
			continue;
		own(w, &open, arena_printf(w->w->arena, "%s%.*s:%.*s", CDX_OWN_EXTRA, STR_ARG(e->standard), STR_ARG(e->field)).s,
		    e->json);
		if (w->version >= 3 && str_is(e->standard, "cyclonedx"))
			loss_note(w->w->losses, arena_cstr(w->w->arena, e->field), true);
	}
	for (size_t i = 0; i < d->tools.n && w->version < 5; i++) {
		const struct tool *t = &d->tools.items[i];
		if (t->extra.len)
			own(w, &open, arena_printf(w->w->arena, CDX_OWN_EXTRA "cyclonedx:metadata.tool.%zu", i).s, t->extra);
		if (t->is_service)
			own(w, &open, arena_printf(w->w->arena, CDX_OWN_EXTRA "cyclonedx:metadata.service.%zu", i).s, STR("true"));
	}
	write_lost_parts(w, &open);
	cdx_write_outer_relationships(w, &open);
	if (open)
		json_end_array(&w->j);
}

void cdx_write_metadata(struct cdx_writer *w)
{
	const struct document *d = &w->b->document;

	json_begin_object(&w->j);
	if (cdx_is_datetime(d->timestamp))
		json_member(&w->j, "timestamp", d->timestamp);
	if (w->version >= 5)
		write_lifecycles(w);
	else if (d->lifecycles.n)
		loss_note(w->w->losses, "metadata.lifecycles", w->version >= 3);
	write_tools(w);
	if (d->authors.n) {
		json_put_key(&w->j, "authors");
		json_begin_array(&w->j);
		for (VEC_EACH(const struct party, p, &d->authors))
			cdx_write_contact(w, p);
		json_end_array(&w->j);
	}
	if (w->b->subject != NO_COMPONENT) {
		json_put_key(&w->j, "component");
		cdx_write_component(w, w->b->subject);
	}
	if (w->version >= 6)
		cdx_write_entity(w, "manufacturer", &d->manufacturer);
	else if (d->manufacturer.name.len)
		loss_note(w->w->losses, "metadata.manufacturer", w->version >= 3);
	cdx_write_entity(w, "supplier", &d->supplier);
	cdx_write_licences(w, d->licences.items, d->licences.n);
	for (VEC_EACH(const struct extra, e, &d->extra)) {
		if (!str_starts(e->field, STR("metadata.")) || !is_cyclonedx_field(w, e) ||
		    str_starts(e->field, STR("metadata.tools.")))
			continue;
		json_put_key_str(&w->j, str_from(e->field, 9));
		json_put_raw(&w->j, e->json);
	}
	write_properties(w);
	json_end_object(&w->j);
}
