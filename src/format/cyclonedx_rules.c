#include "format/cyclonedx_rules.h"

#include "format/cyclonedx.h"
#include "identity/licence.h"

enum list_id {
#define RECORD(name, flags)
#define FIELD(form, json, xml, type, versions, needed, flags)
#define CHOICE(record, members, kind, since)
#define LIST_OF(name) LIST_##name,
#define VALUES(since, until, words)
#include "format/cyclonedx_rules.def"
#undef RECORD
#undef FIELD
#undef CHOICE
#undef LIST_OF
#undef VALUES
	LISTS
};

/* The rows as they stand: RECORD rows have no JSON name. */
static const struct row {
	const char *record, *json, *xml, *versions, *needed;
	enum cdx_form form;
	enum cdx_kind kind;
	unsigned of, flags;
} rows[] = {
#define A(kind) CDX_##kind, 0
#define ONE_OF(list) CDX_ONE_OF, LIST_##list
#define OF(record) CDX_OF, CDX_R_##record
#define UNIQUE CDX_UNIQUE
#define NOT_EMPTY CDX_NOT_EMPTY
#define ONCE_IN_1_5 CDX_ONCE_IN_1_5
#define OPEN CDX_OPEN
#define RECORD(name, flags) { #name, NULL, NULL, NULL, NULL, 0, 0, 0, flags },
#define FIELD(form, json, xml, type, versions, needed, flags) { NULL, json, xml, versions, needed, CDX_##form, type, flags },
#define CHOICE(record, members, kind, since)
#define LIST_OF(name)
#define VALUES(since, until, words)
#include "format/cyclonedx_rules.def"
#undef RECORD
#undef FIELD
#undef CHOICE
#undef LIST_OF
#undef VALUES
};
#define ROWS (sizeof rows / sizeof rows[0])

static const struct cdx_choice choices[] = {
#define RECORD(name, flags)
#define FIELD(form, json, xml, type, versions, needed, flags)
#define CHOICE(record, members, kind, since) { CDX_R_##record, members, CDX_##kind, since },
#define LIST_OF(name)
#define VALUES(since, until, words)
#include "format/cyclonedx_rules.def"
#undef RECORD
#undef FIELD
#undef CHOICE
#undef LIST_OF
#undef VALUES
};

static const struct {
	const char *words; /* NULL: a list begins */
	unsigned since, until;
} values[] = {
#define RECORD(name, flags)
#define FIELD(form, json, xml, type, versions, needed, flags)
#define CHOICE(record, members, kind, since)
#define LIST_OF(name) { NULL, 0, 0 },
#define VALUES(since, until, words) { words, since, until },
#include "format/cyclonedx_rules.def"
#undef RECORD
#undef FIELD
#undef CHOICE
#undef LIST_OF
#undef VALUES
};
#define VALUE_ROWS (sizeof values / sizeof values[0])

static struct cdx_field fields[ROWS];
static struct cdx_record records[CDX_RECORDS];
static size_t list_start[LISTS + 1];
static bool ready;

/* "27/07" into first and last version of JSON and XML; "--": 9, never. */
static void parse_span(const char *text, unsigned char since[2], unsigned char until[2])
{
	struct str rest = str_of(text), json = str_cut(&rest, '/'), xml = rest.s ? rest : json;

	since[0] = since[1] = 9;
	until[0] = until[1] = 0;
	if (json.len == 2 && json.s[0] != '-') {
		since[0] = (unsigned char)(json.s[0] - '0');
		until[0] = (unsigned char)(json.s[1] - '0');
	}
	if (xml.len == 2 && xml.s[0] != '-') {
		since[1] = (unsigned char)(xml.s[0] - '0');
		until[1] = (unsigned char)(xml.s[1] - '0');
	}
}

static void build_field(const struct row *row, struct cdx_field *f)
{
	struct str rest = str_of(*row->xml ? row->xml : row->json);

	*f = (struct cdx_field){ .json = str_of(row->json), .form = row->form, .kind = row->kind, .of = row->of, .flags = row->flags };
	f->xml = str_cut(&rest, '/');
	f->item = rest;
	parse_span(row->versions, f->since, f->until);
	parse_span(row->needed, f->needed_since, f->needed_until);
}

static void build(void)
{
	size_t n = 0, record = 0, list = 0;

	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].record) {
			records[record++] = (struct cdx_record){ rows[i].record, rows[i].flags & CDX_OPEN, &fields[n], 0 };
			continue;
		}
		build_field(&rows[i], &fields[n++]);
		records[record - 1].n++;
	}
	for (size_t i = 0; i < VALUE_ROWS; i++)
		if (!values[i].words)
			list_start[list++] = i + 1;
	ready = true;
}

const struct cdx_record *cdx_record(unsigned id)
{
	if (!ready)
		build();
	return &records[id];
}

unsigned cdx_record_id(const struct cdx_record *r)
{
	return (unsigned)(r - records);
}

const struct cdx_field *cdx_field_json(const struct cdx_record *r, struct str key)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_eq(r->fields[i].json, key))
			return &r->fields[i];
	return NULL;
}

const struct cdx_field *cdx_field_xml(const struct cdx_record *r, struct str name, bool attribute)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct cdx_field *f = &r->fields[i];
		if (f->since[1] != 9 && f->form != CDX_NONE && f->form != CDX_NONE_LIST && (f->form == CDX_ATTR) == attribute &&
		    f->form != CDX_BODY && str_eq(f->xml, name))
			return f;
	}
	return NULL;
}

bool cdx_field_in(const struct cdx_field *f, unsigned version, bool xml)
{
	return version >= f->since[xml] && version <= f->until[xml];
}

bool cdx_field_needed(const struct cdx_field *f, unsigned version, bool xml)
{
	return version >= f->needed_since[xml] && version <= f->needed_until[xml];
}

bool cdx_field_is_list(const struct cdx_field *f)
{
	switch (f->form) {
	case CDX_NONE_LIST:
	case CDX_LIST:
	case CDX_FLAT:
	case CDX_REFLIST:
	case CDX_FLATREF:
	case CDX_LICENCES:
	case CDX_UNION:
	case CDX_ASSIGNEE:
	case CDX_DATA:
		return true;
	default:
		return false;
	}
}

bool cdx_value_in(unsigned list, struct str word, unsigned version)
{
	for (size_t i = list_start[list]; i < VALUE_ROWS && values[i].words; i++) {
		if (version < values[i].since || version > values[i].until)
			continue;
		if (str_one_of(str_of(values[i].words), word))
			return true;
	}
	return false;
}

const struct cdx_choice *cdx_choice(unsigned record, unsigned version, size_t n)
{
	for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
		if (choices[i].record == record && version >= choices[i].since && n-- == 0)
			return &choices[i];
	return NULL;
}

bool cdx_document_has(struct str field, unsigned version)
{
	bool inner = str_starts(field, STR("metadata."));
	const struct cdx_record *r = cdx_record(inner ? CDX_R_metadata : CDX_R_bom);
	const struct cdx_field *f = cdx_field_json(r, inner ? str_from(field, 9) : field);

	return f && cdx_field_in(f, version, false);
}
