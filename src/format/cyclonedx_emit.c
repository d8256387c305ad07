#include "format/cyclonedx_emit.h"

#include "format/cyclonedx.h"

void cdx_emit_init(struct cdx_emit *e, struct arena *a, unsigned version, bool xml, struct losses *losses, struct buf *out)
{
	*e = (struct cdx_emit){ .arena = arena_new(0), .losses = losses, .out = out, .version = version, .xml = xml };
	json_writer_init(&e->j, out, false);
	map_init(&e->refs, a);
}

void cdx_emit_end(struct cdx_emit *e)
{
	arena_free(e->arena);
}

void cdx_emit_loss(struct cdx_emit *e, const struct cdx_record *r, struct str field, bool kept)
{
	char what[160];

	e->lost += !kept;
	if (e->dry)
		return;
	snprintf(what, sizeof what, "%s.%.*s", r->name, STR_ARG(field));
	loss_note(e->losses, what, kept);
}

struct str cdx_emit_string(struct cdx_emit *e, struct str raw)
{
	struct json_cursor c = { .arena = e->arena, .text = raw };

	return raw.len && raw.s[0] == '"' ? json_read_string(&c) : STR_NONE;
}

struct str cdx_emit_member(struct cdx_emit *e, struct str raw, const char *name)
{
	struct json_cursor c = { .arena = e->arena, .text = raw };
	struct str key, found = STR_NONE;

	if (json_peek(&c) != JSON_OBJECT || !json_enter_object(&c))
		return STR_NONE;
	while (!found.s && json_next_key(&c, &key)) {
		struct str value = json_read_raw(&c);
		if (str_is(key, name))
			found = value;
	}
	return found;
}

bool cdx_emit_items(struct cdx_emit *e, struct str raw, struct json_cursor *c)
{
	*c = (struct json_cursor){ .arena = e->arena, .text = raw };
	return json_peek(c) == JSON_ARRAY && json_enter_array(c);
}

bool cdx_emit_next(struct json_cursor *c, struct str *item)
{
	if (!json_next(c))
		return false;
	*item = json_read_raw(c);
	return item->s != NULL;
}

/* ---- scalars */

/* What a value becomes where the version does not know it: the list's own word for "something else", or nothing. */
static struct str instead(const struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f)
{
	static const char *const words[] = { "other", "unknown", "library" };

	(void)r;
	for (size_t i = 0; f->kind == CDX_ONE_OF && i < sizeof words / sizeof words[0]; i++)
		if (cdx_value_in(f->of, str_of(words[i]), e->version))
			return str_of(words[i]);
	return STR_NONE;
}

/* A URL that is none by RFC 3987: what may not stand in it is percent-encoded, "git@host:path" becomes ssh. */
static struct str mend_url(struct cdx_emit *e, struct str s)
{
	size_t at = str_chr(s, '@'), colon = str_chr(s, ':'), slash = str_chr(s, '/');
	struct buf b;

	buf_init(&b, 0);
	if (at != STR_NOT_FOUND && colon != STR_NOT_FOUND && at < colon && colon < slash && !str_starts(str_from(s, colon), STR("://"))) {
		buf_adds(&b, "ssh://");
		buf_add(&b, str_sub(s, 0, colon));
		buf_addc(&b, '/');
		s = str_from(s, colon + 1);
	}
	bool fragment = false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.s[i];
		bool bad = c <= 0x20 || c == 0x7f || strchr("<>\"{}|\\^`[]", c) || (c == '#' && fragment) ||
			   (c == '%' && (i + 2 >= s.len || ascii_hex(s.s[i + 1]) < 0 || ascii_hex(s.s[i + 2]) < 0));
		fragment |= c == '#';
		if (bad)
			buf_printf(&b, "%%%02X", c);
		else
			buf_addc(&b, (char)c);
	}
	struct str out = arena_str(e->arena, buf_str(&b));
	buf_free(&b);
	return out;
}

/* The text to write for a raw scalar; absent where it cannot be written. A number or true where text is asked for is taken as
 * the text. */
static struct str scalar_text(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw)
{
	bool quoted = raw.len && raw.s[0] == '"', number = raw.len && (ascii_digit(raw.s[0]) || raw.s[0] == '-');
	bool word = str_is(raw, "true") || str_is(raw, "false");

	if (!quoted && !number && !word)
		return STR_NONE;
	if (f->kind == CDX_BOOL && !word)
		return STR_NONE;
	if (f->kind >= CDX_INT && f->kind <= CDX_PERCENT && !number)
		return STR_NONE;
	struct str text = quoted ? cdx_emit_string(e, raw) : raw;
	if (!cdx_scalar_fault(f, text, e->version, e->xml))
		return text;
	if (f->kind == CDX_URI) {
		struct str mended = mend_url(e, text);
		if (!cdx_scalar_fault(f, mended, e->version, e->xml)) {
			cdx_emit_loss(e, r, STR("url, which had to be percent-encoded"), true);
			return mended;
		}
	}
	if (f->kind == CDX_LICENCE_ID && cdx_licence_id(text).s)
		return cdx_licence_id(text);
	return cdx_field_needed(f, e->version, e->xml) ? instead(e, r, f) : STR_NONE;
}

void cdx_emit_scalar(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw, struct str xml_name)
{
	struct str text = scalar_text(e, r, f, raw);
	bool plain = f->kind >= CDX_BOOL && f->kind <= CDX_PERCENT;

	if (e->xml && f->form != CDX_ATTR)
		cdx_xml_leaf(e, xml_name, text.s ? text : STR(""));
	else if (e->xml)
		cdx_xml_attribute(e, xml_name, text.s ? text : STR(""));
	else if (e->dry)
		return;
	else if (plain)
		json_put_raw(&e->j, text);
	else
		json_put_string(&e->j, text.s ? text : STR(""));
}

/* ---- records */

#define MAX_FIELDS 64

static void scan(struct cdx_emit *e, const struct cdx_record *r, struct str raw, struct str *slots, bool note)
{
	struct json_cursor c = { .arena = e->arena, .text = raw };
	struct str key;

	if (json_peek(&c) != JSON_OBJECT || !json_enter_object(&c))
		return;
	while (json_next_key(&c, &key)) {
		const struct cdx_field *f = cdx_field_json(r, key);
		struct str value = json_read_raw(&c);
		if (f && value.s)
			slots[f - r->fields] = str_is(value, "null") ? STR_NONE : value;
		else if (note)
			cdx_emit_loss(e, r, key, false);
	}
}

static bool is_text(const struct cdx_field *f)
{
	return f->kind == CDX_TEXT || f->kind == CDX_VERSION;
}

static bool is_container(struct str raw)
{
	return raw.len && (raw.s[0] == '{' || raw.s[0] == '[');
}

/* A list that can be written, but for the version's demand that something stands in it. */
static bool is_barren(struct cdx_emit *e, const struct cdx_field *f, struct str raw)
{
	bool must = (f->flags & CDX_NOT_EMPTY) || (e->xml && !f->item.s && cdx_field_needed(f, e->version, true));
	struct json_cursor c;
	struct str item;

	if (!must)
		return false;
	if (!cdx_emit_items(e, raw, &c))
		return true;
	while (cdx_emit_next(&c, &item))
		if (f->kind == CDX_OF ? cdx_emit_acceptable(e, cdx_record(f->of), item) : scalar_text(e, cdx_record(CDX_R_bom), f, item).s != NULL)
			return false;
	return true;
}

/* A range of versions is only for what is external. */
static bool is_stray_range(const struct cdx_record *r, const struct cdx_field *f, const struct str *slots)
{
	return cdx_record_id(r) == CDX_R_component && str_is(f->json, "versionRange") &&
	       !str_is(slots[cdx_field_json(r, STR("isExternal")) - r->fields], "true");
}

static bool is_single(const struct cdx_field *f)
{
	return f->form == CDX_ATTR || f->form == CDX_ELEM || f->form == CDX_BODY || f->form == CDX_NONE;
}

/* Takes out of the slots what this version and encoding cannot say. False where the record cannot be written at all. */
static bool settle(struct cdx_emit *e, const struct cdx_record *r, struct str *slots, bool note)
{
	const struct cdx_choice *choice;

	for (size_t i = 0; i < r->n; i++) {
		const struct cdx_field *f = &r->fields[i];
		bool drop = slots[i].s && !cdx_field_in(f, e->version, e->xml);
		if (!drop && slots[i].s && is_single(f) && f->kind == CDX_OF)
			drop = slots[i].s[0] != '{' || !cdx_emit_acceptable(e, cdx_record(f->of), slots[i]);
		else if (!drop && slots[i].s && is_single(f) && f->kind == CDX_ANY)
			drop = slots[i].s[0] != '{';
		else if (!drop && slots[i].s && is_single(f))
			drop = !scalar_text(e, r, f, slots[i]).s;
		else if (!drop && slots[i].s)
			drop = (!is_container(slots[i]) && f->form != CDX_ASSERTER) || is_barren(e, f, slots[i]);
		if (!drop && slots[i].s)
			drop = is_stray_range(r, f, slots);
		if (drop) {
			if (note)
				cdx_emit_loss(e, r, f->json, false);
			slots[i] = STR_NONE;
		}
		if (!slots[i].s && cdx_field_needed(f, e->version, e->xml)) {
			if (cdx_field_is_list(f) && !is_barren(e, f, STR("[]")))
				slots[i] = STR("[]");
			else if (is_text(f))
				slots[i] = STR("\"\"");
			else
				return false;
		}
	}
	for (size_t n = 0; (choice = cdx_choice(cdx_record_id(r), e->version, n)); n++) {
		struct str rest = str_of(choice->members);
		unsigned have = 0;
		while (rest.s) {
			const struct cdx_field *f = cdx_field_json(r, str_cut(&rest, '|'));
			struct str *slot = &slots[f - r->fields];
			if (slot->s && have && choice->kind != CDX_AT_LEAST_ONE) {
				if (note)
					cdx_emit_loss(e, r, f->json, false);
				*slot = STR_NONE;
			}
			have += slot->s != NULL;
		}
		if (!have && choice->kind != CDX_AT_MOST_ONE)
			return false;
	}
	return true;
}

bool cdx_emit_acceptable(struct cdx_emit *e, const struct cdx_record *r, struct str raw)
{
	struct arena_mark mark = arena_mark(e->arena);
	struct str *slots = arena_array(e->arena, MAX_FIELDS, sizeof *slots);

	if (raw.len == 0 || raw.s[0] != '{')
		return false;
	scan(e, r, raw, slots, false);
	bool good = settle(e, r, slots, false);
	arena_pop(e->arena, mark);
	return good;
}

/* A property of our own that keeps a field which this version lacks. */
static void keep(struct cdx_emit *e, struct str *list, struct str field, struct str raw)
{
	struct json_writer j;
	struct buf b, value;

	buf_init(&b, 0);
	buf_init(&value, 0);
	json_writer_init(&j, &value, true);
	json_put_raw(&j, raw);
	if (list->len) {
		buf_add(&b, *list);
		buf_addc(&b, ',');
	}
	buf_adds(&b, "{\"name\":");
	json_quote(&b, arena_concat(e->arena, STR(CDX_OWN_EXTRA "cyclonedx:"), field, STR_NONE));
	buf_adds(&b, ",\"value\":");
	json_quote(&b, buf_str(&value));
	buf_addc(&b, '}');
	*list = arena_str(e->arena, buf_str(&b));
	buf_free(&b);
	buf_free(&value);
}

/* Fields of a component that the reader takes back from a property. */
static bool is_modelled(struct str field)
{
	static const char *const names[] = { "type", "bom-ref", "group", "name", "version", "description", "scope", "hashes", "licenses",
					     "copyright", "purl", "externalReferences", "components", "properties", "supplier",
					     "manufacturer", NULL };

	for (size_t i = 0; names[i]; i++)
		if (str_is(field, names[i]))
			return true;
	return false;
}

/* Of a component: what will be lost in a field goes whole into a property, beside what can be said. */
static void keep_losses(struct cdx_emit *e, const struct cdx_record *r, const struct str *before, struct str *slots)
{
	const struct cdx_field *properties = cdx_field_json(r, STR("properties"));
	struct str list = STR("");

	if (cdx_record_id(r) != CDX_R_component || !cdx_field_in(properties, e->version, e->xml))
		return;
	for (size_t i = 0; i < r->n; i++) {
		const struct cdx_field *f = &r->fields[i];
		if (!before[i].s || is_modelled(f->json))
			continue;
		size_t lost = e->lost;
		if (slots[i].s) {
			e->dry = true;
			cdx_emit_field(e, r, f, slots[i]);
			e->dry = false;
		} else {
			e->lost++;
		}
		if (e->lost == lost)
			continue;
		e->lost = lost;
		keep(e, &list, f->json, before[i]);
		cdx_emit_loss(e, r, f->json, true);
	}
	if (!list.len)
		return;
	struct str *p = &slots[properties - r->fields];
	struct str old = p->s ? str_trim(str_sub(*p, 1, p->len - 2)) : STR("");
	*p = arena_printf(e->arena, "[%.*s%s%.*s]", STR_ARG(old), old.len ? "," : "", STR_ARG(list));
}

/* XML: two elements may not have the same bom-ref; what says again who wrote an annotation gives its own up, or where it may not
 * be left out gets a number. Absent: leave it out. */
static struct str free_ref(struct cdx_emit *e, const struct cdx_field *f, struct str raw)
{
	struct str ref, wanted;
	bool fresh;

	if (!e->xml || e->dry || !str_is(f->json, "bom-ref"))
		return raw;
	ref = wanted = raw.s[0] == '"' ? cdx_emit_string(e, raw) : raw;
	for (unsigned n = 2; map_has(&e->refs, ref); n++) {
		if (!cdx_field_needed(f, e->version, true))
			return STR_NONE;
		ref = arena_printf(e->arena, "%.*s|%u", STR_ARG(wanted), n);
	}
	map_put(&e->refs, arena_str(e->refs.arena, ref), &fresh);
	struct buf b;
	buf_init(&b, 0);
	json_quote(&b, ref);
	struct str quoted = arena_str(e->arena, buf_str(&b));
	buf_free(&b);
	return quoted;
}

void cdx_emit_record(struct cdx_emit *e, const struct cdx_record *r, struct str raw, struct str xml_name)
{
	struct str *slots = arena_array(e->arena, MAX_FIELDS, sizeof *slots), *before = arena_array(e->arena, MAX_FIELDS, sizeof *before);
	bool component = cdx_record_id(r) == CDX_R_component, keeps = component && e->version >= 3 && !e->dry;
	struct losses *losses = e->losses;

	scan(e, r, raw, slots, true);
	memcpy(before, slots, MAX_FIELDS * sizeof *slots);
	if (keeps)
		e->losses = NULL; /* told as kept */
	settle(e, r, slots, !keeps);
	e->losses = losses;
	if (keeps) {
		keep_losses(e, r, before, slots);
		for (size_t i = 0; i < r->n; i++)
			if (before[i].s && !slots[i].s && is_modelled(r->fields[i].json))
				cdx_emit_loss(e, r, r->fields[i].json, false);
	}
	if (e->xml)
		cdx_xml_open(e, xml_name);
	else if (!e->dry)
		json_begin_object(&e->j);
	for (size_t i = 0; i < r->n; i++) {
		const struct cdx_field *f = &r->fields[i];
		if (!slots[i].s)
			continue;
		slots[i] = free_ref(e, f, slots[i]);
		if (!slots[i].s) {
			cdx_emit_loss(e, r, f->json, false);
			continue;
		}
		if (e->xml && f->form == CDX_BODY)
			cdx_xml_text(e, slots[i].s[0] == '"' ? cdx_emit_string(e, slots[i]) : slots[i]);
		else if (!(e->xml && (f->form == CDX_NONE || f->form == CDX_NONE_LIST)))
			cdx_emit_field(e, r, f, slots[i]);
	}
	if (e->xml)
		cdx_xml_close(e, xml_name);
	else if (!e->dry)
		json_end_object(&e->j);
}

/* ---- fields */

/* An equal item (blanks apart) that stood in the list before may not stand there again. */
static bool is_repeated(struct map *seen, struct str raw)
{
	uint64_t h = 14695981039346656037u;
	bool in_string = false, fresh;

	for (size_t i = 0; i < raw.len; i++) {
		if (!in_string && ascii_blank(raw.s[i]))
			continue;
		if (raw.s[i] == '"' && (i == 0 || raw.s[i - 1] != '\\'))
			in_string = !in_string;
		h = (h ^ (unsigned char)raw.s[i]) * 1099511628211u;
	}
	map_put(seen, arena_str(seen->arena, str_make((const char *)&h, sizeof h)), &fresh);
	return !fresh;
}

void cdx_emit_list_begin(struct cdx_emit *e, const struct cdx_field *f)
{
	map_init(&e->items, e->refs.arena);
	if (!e->xml) {
		cdx_out_key(e, f->json);
		if (!e->dry)
			json_begin_array(&e->j);
	} else if (f->item.s) {
		cdx_xml_open(e, f->xml);
	}
}

void cdx_emit_document_item(struct cdx_emit *e, const struct cdx_field *f, struct str raw)
{
	if ((f->flags & CDX_UNIQUE) && is_repeated(&e->items, raw))
		cdx_emit_loss(e, cdx_record(CDX_R_bom), STR("items that stand twice in a list"), false);
	else
		cdx_emit_list_item(e, cdx_record(CDX_R_bom), f, raw);
}

void cdx_emit_list_end(struct cdx_emit *e, const struct cdx_field *f)
{
	if (!e->xml) {
		if (!e->dry)
			json_end_array(&e->j);
	} else if (f->item.s) {
		cdx_xml_close(e, f->xml);
	}
}

void cdx_emit_list_item(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw)
{
	struct arena_mark mark = arena_mark(e->arena);
	struct str name = f->item.s ? f->item : f->xml;

	if (f->kind == CDX_OF) {
		if (cdx_emit_acceptable(e, cdx_record(f->of), raw))
			cdx_emit_record(e, cdx_record(f->of), raw, name);
		else
			cdx_emit_loss(e, r, f->json, false);
	} else if (e->xml && (f->form == CDX_REFLIST || f->form == CDX_FLATREF)) {
		cdx_xml_open(e, name);
		cdx_xml_attribute(e, STR("ref"), cdx_emit_string(e, raw));
		cdx_xml_close(e, name);
	} else if (!scalar_text(e, r, f, raw).s) {
		cdx_emit_loss(e, r, f->json, false);
	} else {
		cdx_emit_scalar(e, r, f, raw, name);
	}
	arena_pop(e->arena, mark);
}

void cdx_emit_field(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw)
{
	struct json_cursor c;
	struct str item;

	if (cdx_emit_special(e, r, f, raw))
		return;
	if (cdx_field_is_list(f)) {
		struct map document_items = e->items, seen;
		cdx_emit_list_begin(e, f);
		e->items = document_items;
		map_init(&seen, e->arena);
		if (cdx_emit_items(e, raw, &c))
			for (size_t n = 0; cdx_emit_next(&c, &item); n++) {
				if (n && e->xml && e->version == 5 && (f->flags & CDX_ONCE_IN_1_5))
					cdx_emit_loss(e, r, f->json, false);
				else if (!(f->flags & CDX_UNIQUE) || !is_repeated(&seen, item))
					cdx_emit_list_item(e, r, f, item);
			}
		cdx_emit_list_end(e, f);
		return;
	}
	if (!e->xml)
		cdx_out_key(e, f->json);
	if (f->kind == CDX_OF) {
		cdx_emit_record(e, cdx_record(f->of), raw, f->xml);
	} else if (f->kind == CDX_ANY) {
		if (!e->dry)
			json_put_raw(&e->j, raw);
	} else {
		cdx_emit_scalar(e, r, f, raw, f->xml);
	}
}
