/* The forms that no common rule covers: licences, tools, data flows, identities, and lists whose items differ. */
#include "format/cyclonedx_emit.h"

static void begin_wrapper(struct cdx_emit *e, const struct cdx_field *f)
{
	if (e->xml) {
		cdx_xml_open(e, f->xml);
	} else {
		cdx_out_key(e, f->json);
		if (!e->dry)
			json_begin_array(&e->j);
	}
}

static void end_wrapper(struct cdx_emit *e, const struct cdx_field *f)
{
	if (e->xml)
		cdx_xml_close(e, f->xml);
	else if (!e->dry)
		json_end_array(&e->j);
}

static void attribute_of(struct cdx_emit *e, struct str raw, const char *key, unsigned since)
{
	struct str value = cdx_emit_string(e, cdx_emit_member(e, raw, key));

	if (value.len && e->version >= since)
		cdx_xml_attribute(e, str_of(key), value);
}

/* 1.7: <expression-detailed>, where there is more than the expression. */
static void xml_detailed(struct cdx_emit *e, struct str raw, struct str expression, struct str details)
{
	struct json_cursor c;
	struct str item, licensing = cdx_emit_member(e, raw, "licensing"), properties = cdx_emit_member(e, raw, "properties");
	const struct cdx_record *license = cdx_record(CDX_R_license);

	cdx_xml_open(e, STR("expression-detailed"));
	attribute_of(e, raw, "bom-ref", 5);
	attribute_of(e, raw, "acknowledgement", 6);
	cdx_xml_attribute(e, STR("expression"), expression);
	if (cdx_emit_items(e, details, &c))
		while (cdx_emit_next(&c, &item))
			if (cdx_emit_acceptable(e, cdx_record(CDX_R_expression_detail), item))
				cdx_emit_record(e, cdx_record(CDX_R_expression_detail), item, STR("details"));
	if (licensing.s)
		cdx_emit_record(e, cdx_record(CDX_R_licensing), licensing, STR("licensing"));
	if (properties.s)
		cdx_emit_field(e, license, cdx_field_json(license, STR("properties")), properties);
	cdx_xml_close(e, STR("expression-detailed"));
}

static void xml_licence(struct cdx_emit *e, const struct cdx_record *r, struct str raw)
{
	struct str license = cdx_emit_member(e, raw, "license"), expression = cdx_emit_string(e, cdx_emit_member(e, raw, "expression"));
	struct str details = cdx_emit_member(e, raw, "expressionDetails");
	bool more = details.s || cdx_emit_member(e, raw, "licensing").s || cdx_emit_member(e, raw, "properties").s;

	if (license.s) {
		cdx_emit_record(e, cdx_record(CDX_R_license), license, STR("license"));
		return;
	}
	if (more && e->version >= 7) {
		xml_detailed(e, raw, expression, details);
		return;
	}
	if (more)
		cdx_emit_loss(e, r, STR("licenses.expressionDetails"), false);
	cdx_xml_open(e, STR("expression"));
	attribute_of(e, raw, "bom-ref", 5);
	attribute_of(e, raw, "acknowledgement", 6);
	cdx_xml_text(e, expression);
	cdx_xml_close(e, STR("expression"));
}

/* A license whose id this version does not know goes by its name. */
static struct str mend_licence(struct cdx_emit *e, struct str raw)
{
	const struct cdx_record *license = cdx_record(CDX_R_license);
	struct str inner = cdx_emit_member(e, raw, "license"), id = inner.s ? cdx_emit_member(e, inner, "id") : STR_NONE;

	if (!id.s || !cdx_emit_string(e, id).s)
		return raw;
	if (!cdx_scalar_fault(cdx_field_json(license, STR("id")), cdx_emit_string(e, id), e->version, e->xml))
		return raw;
	if (cdx_emit_member(e, inner, "name").s)
		return raw;
	return arena_printf(e->arena, "{\"license\":{\"name\":%.*s,%.*s}", STR_ARG(id), STR_ARG(str_from(str_trim(inner), 1)));
}

static void put_licences(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw)
{
	const struct cdx_record *choice = cdx_record(CDX_R_license_choice);
	struct json_cursor c;
	struct str item, alone = STR_NONE;
	size_t n = 0;

	if (e->version < 7 && cdx_emit_items(e, raw, &c))
		while (cdx_emit_next(&c, &item)) {
			n++;
			if (!alone.s && cdx_emit_member(e, item, "expression").s)
				alone = item;
		}
	if (alone.s && n > 1) /* an expression stands alone up to 1.6 */
		cdx_emit_loss(e, r, f->json, false);
	begin_wrapper(e, f);
	if (cdx_emit_items(e, raw, &c))
		while (cdx_emit_next(&c, &item)) {
			if (alone.s && n > 1 && item.s != alone.s)
				continue;
			item = mend_licence(e, item);
			if (!cdx_emit_acceptable(e, choice, item))
				cdx_emit_loss(e, r, f->json, false);
			else if (e->xml)
				xml_licence(e, r, item);
			else
				cdx_emit_record(e, choice, item, STR_NONE);
		}
	end_wrapper(e, f);
}

/* Components and services as the tools of 1.4: name and version. */
static struct str old_tools(struct cdx_emit *e, struct str raw)
{
	static const char *const keys[] = { "components", "services" };
	struct json_cursor c;
	struct str item;
	struct buf b;

	buf_init(&b, 0);
	buf_addc(&b, '[');
	for (size_t i = 0; i < 2; i++) {
		if (!cdx_emit_items(e, cdx_emit_member(e, raw, keys[i]), &c))
			continue;
		while (cdx_emit_next(&c, &item)) {
			struct str name = cdx_emit_member(e, item, "name"), version = cdx_emit_member(e, item, "version");
			struct str group = cdx_emit_member(e, item, "group");
			buf_adds(&b, b.len > 1 ? ",{" : "{");
			if (group.s)
				buf_printf(&b, "\"vendor\":%.*s,", STR_ARG(group));
			buf_printf(&b, "\"name\":%.*s", STR_ARG(name.s ? name : STR("\"\"")));
			if (version.s)
				buf_printf(&b, ",\"version\":%.*s", STR_ARG(version));
			buf_addc(&b, '}');
		}
	}
	buf_addc(&b, ']');
	struct str out = arena_str(e->arena, buf_str(&b));
	buf_free(&b);
	return out;
}

static void put_tools(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw)
{
	struct json_cursor c;
	struct str item;

	if (raw.s[0] == '{' && e->version < 5) {
		cdx_emit_loss(e, r, STR("tools beyond name and version"), false);
		raw = old_tools(e, raw);
	}
	if (raw.s[0] == '{') {
		if (!e->xml)
			cdx_out_key(e, f->json);
		cdx_emit_record(e, cdx_record(CDX_R_tools), raw, f->xml);
		return;
	}
	begin_wrapper(e, f);
	if (cdx_emit_items(e, raw, &c))
		while (cdx_emit_next(&c, &item))
			cdx_emit_record(e, cdx_record(CDX_R_tool), item, STR("tool"));
	end_wrapper(e, f);
}

static void xml_classification(struct cdx_emit *e, struct str raw)
{
	struct str flow = cdx_emit_string(e, cdx_emit_member(e, raw, "flow"));

	cdx_xml_open(e, STR("classification"));
	cdx_xml_attribute(e, STR("flow"), flow.len ? flow : STR("unknown"));
	cdx_xml_text(e, cdx_emit_string(e, cdx_emit_member(e, raw, "classification")));
	cdx_xml_close(e, STR("classification"));
}

/* Named apart because its classification carries the flow. */
static void xml_dataflow(struct cdx_emit *e, struct str raw)
{
	const struct cdx_record *r = cdx_record(CDX_R_service_data);
	static const char *const rest[] = { "governance", "source", "destination" };

	cdx_xml_open(e, STR("dataflow"));
	attribute_of(e, raw, "name", 5);
	attribute_of(e, raw, "description", 5);
	xml_classification(e, raw);
	for (size_t i = 0; i < 3; i++) {
		struct str value = cdx_emit_member(e, raw, rest[i]);
		if (value.s)
			cdx_emit_field(e, r, cdx_field_json(r, str_of(rest[i])), value);
	}
	cdx_xml_close(e, STR("dataflow"));
}

static void put_data(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw)
{
	struct json_cursor c;
	struct str item;

	begin_wrapper(e, f);
	if (cdx_emit_items(e, raw, &c))
		while (cdx_emit_next(&c, &item)) {
			if (!cdx_emit_acceptable(e, cdx_record(CDX_R_service_data), item))
				cdx_emit_loss(e, r, f->json, false);
			else if (!e->xml)
				cdx_emit_record(e, cdx_record(CDX_R_service_data), item, STR_NONE);
			else if (e->version < 5)
				xml_classification(e, item);
			else
				xml_dataflow(e, item);
		}
	end_wrapper(e, f);
}

/* evidence.identity: one in 1.5, one or a list from 1.6 on; repeated in XML. */
static void put_many(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw)
{
	const struct cdx_record *of = cdx_record(f->of);
	bool list = raw.s[0] == '[', one = e->version < 6;
	struct json_cursor c;
	struct str item = raw;
	size_t n = 0;

	if (!list && !cdx_emit_acceptable(e, of, raw)) {
		cdx_emit_loss(e, r, f->json, false);
		return;
	}
	if (!list) {
		if (!e->xml)
			cdx_out_key(e, f->json);
		cdx_emit_record(e, of, raw, f->xml);
		return;
	}
	if (!e->xml && !one) {
		cdx_out_key(e, f->json);
		if (!e->dry)
			json_begin_array(&e->j);
	}
	if (cdx_emit_items(e, raw, &c))
		while (cdx_emit_next(&c, &item)) {
			if (!cdx_emit_acceptable(e, of, item) || (one && n)) {
				cdx_emit_loss(e, r, f->json, false);
				continue;
			}
			if (!e->xml && one)
				cdx_out_key(e, f->json);
			cdx_emit_record(e, of, item, f->xml);
			n++;
		}
	if (!e->xml && !one && !e->dry)
		json_end_array(&e->j);
}

/* datasets, patents, environment variables: two kinds of item in one list. */
static void put_union(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw)
{
	struct json_cursor c;
	struct str item;

	begin_wrapper(e, f);
	if (cdx_emit_items(e, raw, &c))
		while (cdx_emit_next(&c, &item)) {
			bool family = f->of == CDX_R_patent && cdx_emit_member(e, item, "familyId").s;
			struct str ref = f->of == CDX_R_data ? cdx_emit_member(e, item, "ref") : STR_NONE;
			const struct cdx_record *of = cdx_record(family ? CDX_R_patent_family : f->of);
			if (item.s[0] == '"' && f->of == CDX_R_property) {
				if (e->xml)
					cdx_xml_leaf(e, STR("value"), cdx_emit_string(e, item));
				else if (!e->dry)
					json_put_raw(&e->j, item);
			} else if (ref.s) {
				if (e->xml)
					cdx_xml_leaf(e, STR("ref"), cdx_emit_string(e, ref));
				else if (!e->dry)
					json_put_raw(&e->j, item);
			} else if (!cdx_emit_acceptable(e, of, item)) {
				cdx_emit_loss(e, r, f->json, false);
			} else {
				cdx_emit_record(e, of, item, family ? STR("patentFamily") : f->item);
			}
		}
	end_wrapper(e, f);
}

static bool is_entity(struct cdx_emit *e, struct str raw)
{
	struct str contact = cdx_emit_member(e, raw, "contact"), url = cdx_emit_member(e, raw, "url"), address = cdx_emit_member(e, raw, "address");

	return str_starts(contact, STR("[")) || str_starts(url, STR("[")) || (str_starts(address, STR("{")) && e->version >= 6);
}

/* An organization or a person; XML says which. */
static void put_who(struct cdx_emit *e, struct str raw, struct str outer, const char *person)
{
	bool entity = is_entity(e, raw);
	const struct cdx_record *of = cdx_record(entity ? CDX_R_entity : CDX_R_contact);

	if (!e->xml) {
		if (raw.s[0] == '"') {
			if (!e->dry)
				json_put_raw(&e->j, raw);
		} else if (!entity && str_chr(cdx_emit_member(e, raw, "email"), '@') == STR_NOT_FOUND &&
			   !cdx_emit_string(e, cdx_emit_member(e, raw, "phone")).s) {
			/* A name alone would fit an organization too; the empty number says it is a person. */
			struct str rest = str_trim(str_from(raw, 1));
			cdx_emit_record(e, of, arena_printf(e->arena, "{\"phone\":\"\"%s%.*s", rest.len > 1 ? "," : "", STR_ARG(rest)), STR_NONE);
		} else {
			cdx_emit_record(e, of, raw, STR_NONE);
		}
		return;
	}
	cdx_xml_open(e, outer);
	if (raw.s[0] == '"')
		cdx_xml_leaf(e, STR("ref"), cdx_emit_string(e, raw));
	else
		cdx_emit_record(e, of, raw, entity ? STR("organization") : str_of(person));
	cdx_xml_close(e, outer);
}

static void put_assignees(struct cdx_emit *e, const struct cdx_field *f, struct str raw)
{
	struct json_cursor c;
	struct str item;

	if (!e->xml) {
		cdx_out_key(e, f->json);
		if (!e->dry)
			json_begin_array(&e->j);
	}
	if (cdx_emit_items(e, raw, &c))
		while (cdx_emit_next(&c, &item))
			put_who(e, item, f->xml, "individual");
	if (!e->xml && !e->dry)
		json_end_array(&e->j);
}

/* 1.6 has the refs of algorithms where 1.7 has objects with more. */
static void put_ike(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw)
{
	struct json_cursor c;
	struct str item;

	if (!e->xml) {
		cdx_out_key(e, f->json);
		if (!e->dry)
			json_begin_array(&e->j);
	}
	if (cdx_emit_items(e, raw, &c))
		while (cdx_emit_next(&c, &item)) {
			bool object = item.s[0] == '{';
			struct str ref = object ? cdx_emit_member(e, item, "algorithm") : item;
			if (e->version < 7 && object)
				cdx_emit_loss(e, r, f->json, false);
			if (e->version < 7 && !ref.s)
				continue;
			if (e->version < 7 && e->xml)
				cdx_xml_leaf(e, f->xml, cdx_emit_string(e, ref));
			else if (e->xml && !object)
				cdx_emit_record(e, cdx_record(f->of), arena_printf(e->arena, "{\"algorithm\":%.*s}", STR_ARG(ref)), f->xml);
			else if (object && e->version >= 7)
				cdx_emit_record(e, cdx_record(f->of), item, f->xml);
			else if (!e->dry)
				json_put_raw(&e->j, ref);
		}
	if (!e->xml && !e->dry)
		json_end_array(&e->j);
}

bool cdx_emit_special(struct cdx_emit *e, const struct cdx_record *r, const struct cdx_field *f, struct str raw)
{
	switch (f->form) {
	case CDX_LICENCES:
		put_licences(e, r, f, raw);
		return true;
	case CDX_TOOLS:
		put_tools(e, r, f, raw);
		return true;
	case CDX_DATA:
		put_data(e, r, f, raw);
		return true;
	case CDX_MANY:
		put_many(e, r, f, raw);
		return true;
	case CDX_UNION:
		put_union(e, r, f, raw);
		return true;
	case CDX_ASSIGNEE:
		put_assignees(e, f, raw);
		return true;
	case CDX_ASSERTER:
		if (!e->xml)
			cdx_out_key(e, f->json);
		put_who(e, raw, f->xml, "contact");
		return true;
	default:
		if (f->kind != CDX_OF || f->of < CDX_R_ike_encryption || f->of > CDX_R_ike_authentication)
			return false;
		put_ike(e, r, f, raw);
		return true;
	}
}
