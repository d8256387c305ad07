/* CycloneDX metadata: who made the document, when, with what, and about what. */
#include "format/cyclonedx.h"
#include "format/generator.h"

/* A tool of the old shape {vendor, name, version, hashes}, or a component or service: all of it is kept raw where it has more
 * than vendor, name and version. */
static void read_tool(struct cdx_reader *r, bool is_component, bool is_service)
{
	static const char *const keys[] = { "vendor", "name", "version", "hashes", "type",	"group",
					    "author", "publisher", "supplier", "manufacturer", "provider", "authors", NULL };
	struct json_cursor before = r->c;
	struct tool t = { .is_service = is_service };
	struct str key, by[6] = { 0 }; /* group, author, publisher, supplier, manufacturer, provider */
	uint64_t seen = 0;
	bool more = false;

	if (!cdx_enter_object(r, "a tool"))
		return;
	while (json_next_key(&r->c, &key)) {
		int k = cdx_key(&r->c, keys, key, &seen);
		if (k == 0)
			t.vendor = cdx_string(r, "a tool's vendor");
		else if (k == 1)
			t.name = cdx_string(r, "a tool's name");
		else if (k == 2)
			t.version = cdx_string(r, "a tool's version");
		else if (k == 3 && cdx_enter_list(r, "hashes"))
			while (json_next(&r->c))
				*VEC_ADD(r->b->arena, &t.hashes) = cdx_read_hash(r);
		else if (k == 4)
			more |= !str_is(cdx_string(r, "a tool's type"), "application");
		else if (k >= 5 && k <= 7) {
			by[k - 5] = cdx_string(r, "a tool's maker");
			more |= k != 5;
		} else if (k >= 8 && k <= 10) {
			by[k - 5] = cdx_read_entity(r).name;
			more = true;
		} else if (k != 3) {
			more = true;
			json_skip(&r->c);
		}
	}
	for (size_t i = 0; i < 6 && !t.vendor.len; i++)
		t.vendor = by[i].len ? by[i] : t.vendor;
	if (more && !json_failed(&r->c) && is_component)
		t.extra = str_sub(before.text, before.at, r->c.at - before.at);
	else if (more && !json_failed(&r->c))
		*VEC_ADD(r->b->arena, &r->b->document.extra) = (struct extra){
			STR("cyclonedx"), arena_printf(r->b->arena, "metadata.tools.%zu", r->b->document.tools.n),
			str_sub(before.text, before.at, r->c.at - before.at)
		};
	*VEC_ADD(r->b->arena, &r->b->document.tools) = t;
}

static void read_tools(struct cdx_reader *r)
{
	struct str key;

	if (json_peek(&r->c) == JSON_ARRAY) {
		json_enter_array(&r->c);
		while (json_next(&r->c))
			read_tool(r, false, false);
		return;
	}
	if (!cdx_enter_object(r, "tools"))
		return;
	while (json_next_key(&r->c, &key)) {
		bool service = str_is(key, "services");
		if (!service && !str_is(key, "components"))
			json_skip(&r->c);
		else if (cdx_enter_list(r, "tools"))
			while (json_next(&r->c))
				read_tool(r, true, service);
	}
}

void cdx_read_lifecycle(struct cdx_reader *r)
{
	struct json_cursor before = r->c;
	struct str key, phase = STR_NONE;

	if (!cdx_enter_object(r, "a lifecycle"))
		return;
	while (json_next_key(&r->c, &key)) {
		if (str_is(key, "phase"))
			phase = cdx_string(r, "a phase");
		else
			json_skip(&r->c);
	}
	if (json_failed(&r->c))
		return;
	*VEC_ADD(r->b->arena, &r->b->document.lifecycles) = phase.len ? phase :
									str_sub(before.text, before.at, r->c.at - before.at);
}

static void read_list(struct cdx_reader *r, int k, const char *what)
{
	struct document *d = &r->b->document;

	if (!cdx_enter_list(r, what))
		return;
	while (json_next(&r->c)) {
		if (k == 2)
			*VEC_ADD(r->b->arena, &d->authors) = cdx_read_contact(r);
		else if (k == 6)
			*VEC_ADD(r->b->arena, &d->licences) = cdx_read_licence(r);
		else if (k == 7)
			*VEC_ADD(r->b->arena, &d->properties) = cdx_read_property(r);
		else
			cdx_read_lifecycle(r);
	}
}

void cdx_read_metadata(struct cdx_reader *r)
{
	static const char *const keys[] = { "timestamp", "tools",    "authors",	   "component",	 "supplier",
					    "manufacturer", "licenses", "properties", "lifecycles", "manufacture", NULL };
	struct document *d = &r->b->document;
	struct str key;
	uint64_t seen = 0;

	if (!cdx_enter_object(r, "metadata"))
		return;
	while (json_next_key(&r->c, &key)) {
		int k = cdx_key(&r->c, keys, key, &seen);
		switch (k) {
		case 0:
			d->timestamp = cdx_string(r, "the timestamp");
			break;
		case 1:
			read_tools(r);
			break;
		case 3:
			r->b->subject = cdx_read_component(r, NO_COMPONENT);
			break;
		case 4:
			d->supplier = cdx_read_entity(r);
			break;
		case 5:
			d->manufacturer = cdx_read_entity(r);
			break;
		case 2:
		case 6:
		case 7:
		case 8:
			read_list(r, k, keys[k]);
			break;
		default: /* manufacture too: it was the maker of the component, not of the document */
			*VEC_ADD(r->b->arena, &d->extra) =
				cdx_read_extra(r, arena_concat(r->b->arena, STR("metadata."), key, STR("")));
		}
	}
	cdx_restore_document(r, d);
	d->generator = generator_of(d);
}
