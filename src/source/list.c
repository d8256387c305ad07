#include "source/list.h"

#include "base/buf.h"
#include "base/limits.h"
#include "identity/cpe.h"
#include "identity/purl.h"
#include "source/list_text.h"

enum column { COLUMN_PRODUCT, COLUMN_VERSION, COLUMN_SUPPLIER, COLUMN_CPE, COLUMN_PURL, COLUMN_TYPE, COLUMN_LICENCE, COLUMN_SERIAL,
	      COLUMN_NOTES, COLUMN_STATED_BY, COLUMN_STATED_ON, COLUMN_OTHER };

static const struct {
	const char *name; /* lower case, blanks for '-' and '_' */
	enum column column;
} columns[] = {
	{ "product", COLUMN_PRODUCT },	     { "name", COLUMN_PRODUCT },	  { "component", COLUMN_PRODUCT },
	{ "product name", COLUMN_PRODUCT },  { "component name", COLUMN_PRODUCT }, { "software", COLUMN_PRODUCT },
	{ "version", COLUMN_VERSION },	     { "product version", COLUMN_VERSION }, { "component version", COLUMN_VERSION },
	{ "release", COLUMN_VERSION },	     { "supplier", COLUMN_SUPPLIER },	  { "vendor", COLUMN_SUPPLIER },
	{ "manufacturer", COLUMN_SUPPLIER }, { "publisher", COLUMN_SUPPLIER },	  { "supplier name", COLUMN_SUPPLIER },
	{ "cpe", COLUMN_CPE },		     { "cpe23", COLUMN_CPE },		  { "cpe name", COLUMN_CPE },
	{ "purl", COLUMN_PURL },	     { "package url", COLUMN_PURL },	  { "type", COLUMN_TYPE },
	{ "licence", COLUMN_LICENCE },	     { "license", COLUMN_LICENCE },	  { "serial", COLUMN_SERIAL },
	{ "serial number", COLUMN_SERIAL },  { "asset", COLUMN_SERIAL },	  { "notes", COLUMN_NOTES },
	{ "note", COLUMN_NOTES },	     { "comment", COLUMN_NOTES },	  { "stated by", COLUMN_STATED_BY },
	{ "author", COLUMN_STATED_BY },	     { "stated on", COLUMN_STATED_ON },	  { "date", COLUMN_STATED_ON },
};

struct listing {
	struct bom *b;
	struct str path;
	struct str by, on; /* of the comments */
	enum column *kinds;
	struct str *names;
	size_t ncolumns;
	size_t left_out, unattributed;
};

static void problem(struct listing *l, enum severity severity, size_t offset, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
static void problem(struct listing *l, enum severity severity, size_t offset, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct str text = arena_vprintf(l->b->arena, fmt, ap);
	va_end(ap);
	diag_add(l->b->diags, severity, "input.list", l->path, offset, "%.*s", STR_ARG(text));
}

/* ---- one component */

/* "< 2.0", "2.x", "1.0 - 1.4": what people write where they do not know. */
static bool is_range(struct str v)
{
	if (str_has(v, STR(" - ")) || str_ends(v, STR(".x")) || str_ends(v, STR("*")))
		return true;
	return v.len && strchr("<>=^~", v.s[0]);
}

static void state(struct listing *l, uint32_t i, struct str by, struct str on)
{
	by = by.len ? by : l->by;
	on = on.len ? on : l->on;
	if (by.len)
		bom_property(l->b, i, "bomgate:stated-by", by);
	if (on.len)
		bom_property(l->b, i, "bomgate:stated-on", on);
	l->unattributed += !by.len || !on.len;
}

static bool set_purl(struct listing *l, struct component *c, struct str text, size_t offset)
{
	struct str why;
	struct str purl = purl_canonical(l->b->arena, text, &why);

	if (!purl.s) {
		problem(l, SEV_ERROR, offset, "\"%.*s\" is no purl: %.*s", STR_ARG(str_sub(text, 0, 200)), STR_ARG(why));
		return false;
	}
	c->purl = purl;
	return true;
}

/* A CPE gives name and version where the row does not. */
static bool set_cpe(struct listing *l, struct component *c, struct str text, size_t offset)
{
	struct cpe cpe;
	struct arena *a = l->b->arena;

	if (!cpe_parse(a, text, &cpe)) {
		problem(l, SEV_ERROR, offset, "\"%.*s\" is no CPE; write cpe:2.3:a:vendor:product:version:*:*:*:*:*:*:*",
			STR_ARG(str_sub(text, 0, 200)));
		return false;
	}
	component_add_more(a, c)->cpe = cpe_format(a, &cpe);
	struct str version = cpe.field[CPE_VERSION];
	if (!c->name.len && !c->purl.len)
		c->name = cpe.field[CPE_PRODUCT];
	if (!c->version.len && !c->declared.len && !c->purl.len && !str_is(version, "*") && !str_is(version, "-"))
		c->version = version;
	if (!party_said(component_more(c)->supplier)->name.len && !str_is(cpe.field[CPE_VENDOR], "*"))
		party_set(a, &component_add_more(a, c)->supplier,
			  (struct party){ .kind = PARTY_ORGANIZATION, .name = cpe.field[CPE_VENDOR] });
	if (str_is(cpe.field[CPE_PART], "o"))
		c->type = COMPONENT_OPERATING_SYSTEM;
	else if (str_is(cpe.field[CPE_PART], "h"))
		c->type = COMPONENT_DEVICE;
	return true;
}

static uint32_t begin_component(struct listing *l, size_t offset)
{
	struct component *c = bom_add(l->b);
	uint32_t i = bom_index(l->b, c);

	c->type = COMPONENT_APPLICATION;
	c->weak = true;
	c->direct = c->direct_known = true;
	bom_evidence(l->b, i, 0, offset);
	return i;
}

static void drop_component(struct listing *l)
{
	l->b->ncomponents--;
	memset(&l->b->components[l->b->ncomponents], 0, sizeof *l->b->components);
	l->left_out++;
}

static void end_component(struct listing *l, uint32_t i, struct str by, struct str on)
{
	purl_complete(l->b, &l->b->components[i]);
	state(l, i, by, on);
}

/* ---- rows */

/* Spreadsheets leave empty rows. */
static bool is_empty(const struct list_row *row)
{
	for (size_t k = 0; k < row->n; k++)
		if (str_trim(row->fields[k]).len)
			return false;
	return true;
}

/* What the columns of one row say, in the order of the columns. */
static void read_row(struct listing *l, const struct list_row *row)
{
	if (is_empty(row))
		return;
	uint32_t i = begin_component(l, row->offset);
	struct component *c = &l->b->components[i];
	struct str by = STR_NONE, on = STR_NONE, purl = STR_NONE, cpe = STR_NONE;

	if (row->n > l->ncolumns)
		problem(l, SEV_WARNING, row->offset, "this row has %zu fields, the first row names %zu; the rest is not used", row->n, l->ncolumns);
	for (size_t k = 0; k < row->n && k < l->ncolumns; k++) {
		struct str v = str_trim(row->fields[k]);
		if (!v.len)
			continue;
		if (v.len > LIMIT_NAME) {
			problem(l, SEV_ERROR, row->offset, "a field is longer than %d bytes; the row is left out", LIMIT_NAME);
			drop_component(l);
			return;
		}
		switch (l->kinds[k]) {
		case COLUMN_PRODUCT:
			c->name = v;
			break;
		case COLUMN_VERSION:
			*(is_range(v) ? &c->declared : &c->version) = v;
			break;
		case COLUMN_SUPPLIER:
			party_set(l->b->arena, &component_add_more(l->b->arena, c)->supplier,
				  (struct party){ .kind = PARTY_ORGANIZATION, .name = v });
			break;
		case COLUMN_CPE:
			cpe = v;
			break;
		case COLUMN_PURL:
			purl = v;
			break;
		case COLUMN_TYPE:
			if (!component_type_of(v, &c->type))
				problem(l, SEV_WARNING, row->offset, "\"%.*s\" is no type of component; application is taken", STR_ARG(str_sub(v, 0, 100)));
			break;
		case COLUMN_LICENCE:
			bom_licence(l->b, i, LICENCE_NAME, LICENCE_DECLARED, v);
			break;
		case COLUMN_SERIAL:
			bom_property(l->b, i, "bomgate:list:serial", v);
			break;
		case COLUMN_NOTES:
			c->description = v;
			break;
		case COLUMN_STATED_BY:
			by = v;
			break;
		case COLUMN_STATED_ON:
			on = v;
			break;
		case COLUMN_OTHER:
			bom_property(l->b, i, arena_cstr(l->b->arena, arena_concat(l->b->arena, STR("bomgate:list:"), l->names[k], STR_NONE)), v);
			break;
		}
	}
	bool good_purl = !purl.len || set_purl(l, c, purl, row->offset), good = (!cpe.len || set_cpe(l, c, cpe, row->offset)) && good_purl;
	if (!c->name.len && !c->purl.len) {
		if (good)
			problem(l, SEV_ERROR, row->offset, "this row names no product; the row is left out");
		drop_component(l);
		return;
	}
	l->left_out += !good; /* a part of the row */
	end_component(l, i, by, on);
}

static struct str column_name(struct arena *a, struct str s)
{
	char *p = arena_cstr(a, str_trim(s));
	size_t n = str_trim(s).len;

	for (size_t i = 0; i < n; i++)
		p[i] = p[i] == '-' || p[i] == '_' ? ' ' : ascii_lower(p[i]);
	return str_make(p, n);
}

/* The first row; false where it names nothing that identifies a component. */
static bool read_header(struct listing *l, const struct list_row *row)
{
	bool identifies = false;

	l->kinds = arena_array(l->b->arena, row->n + 1, sizeof *l->kinds);
	l->names = arena_array(l->b->arena, row->n + 1, sizeof *l->names);
	l->ncolumns = row->n;
	for (size_t k = 0; k < row->n; k++) {
		l->names[k] = column_name(l->b->arena, row->fields[k]);
		l->kinds[k] = COLUMN_OTHER;
		for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
			if (str_is(l->names[k], columns[i].name))
				l->kinds[k] = columns[i].column;
		identifies = identifies || l->kinds[k] == COLUMN_PRODUCT || l->kinds[k] == COLUMN_PURL || l->kinds[k] == COLUMN_CPE;
	}
	return identifies;
}

static void read_comment(struct listing *l, struct str text)
{
	struct str value = text, key = column_name(l->b->arena, str_cut(&value, ':'));

	if (str_is(key, "stated by"))
		l->by = str_trim(value);
	else if (str_is(key, "stated on"))
		l->on = str_trim(value);
}

/* A purl or CPE alone on its line. */
static void read_line(struct listing *l, struct str text, size_t offset)
{
	uint32_t i = begin_component(l, offset);
	struct component *c = &l->b->components[i];

	c->type = COMPONENT_LIBRARY;
	if (str_starts_nocase(text, STR("pkg:")) ? !set_purl(l, c, text, offset) : !set_cpe(l, c, text, offset)) {
		drop_component(l);
		return;
	}
	end_component(l, i, STR_NONE, STR_NONE);
}

static bool is_identifier(struct str line)
{
	return str_starts_nocase(line, STR("pkg:")) || str_starts_nocase(line, STR("cpe:"));
}

enum result list_read(struct bom *b, struct str path, struct str *text)
{
	struct listing l = { .b = b, .path = path };
	struct list_reader r;
	struct list_row row;
	bool guessed = false, header = false, lines = false, bad = false;

	if (!list_decode(b->arena, *text, text, &guessed)) {
		problem(&l, SEV_ERROR, DIAG_NO_OFFSET, "the file is no text");
		return FAILED;
	}
	if (guessed)
		problem(&l, SEV_WARNING, 0, "the file is not UTF-8; Windows-1252 was taken");
	list_open(&r, b->arena, *text);
	for (struct str line; list_peek(&r, &line);) {
		if (!line.len) {
			list_skip_line(&r);
		} else if (line.s[0] == '#') {
			read_comment(&l, str_trim(str_from(line, 1)));
			list_skip_line(&r);
		} else if (!header && is_identifier(line)) {
			lines = true;
			read_line(&l, line, r.at);
			list_skip_line(&r);
		} else if (lines) {
			problem(&l, SEV_ERROR, r.at, "this line is no purl and no CPE; it is left out");
			l.left_out++;
			list_skip_line(&r);
		} else if (!list_next_row(&r, &row)) {
			problem(&l, SEV_ERROR, row.offset, "a quotation mark is not closed; everything behind it is left out");
			bad = true;
		} else if (header) {
			read_row(&l, &row);
		} else if (!(header = read_header(&l, &row))) {
			problem(&l, SEV_ERROR, row.offset, "this is no list: the first row has to name columns, and one of them product, purl or cpe; "
							   "or write one purl a line");
			return FAILED;
		}
	}
	if (l.unattributed)
		problem(&l, SEV_WARNING, DIAG_NO_OFFSET, "%zu components do not say who states them and when; add the lines \"# stated by: NAME\" "
							 "and \"# stated on: DATE\", or columns of these names", l.unattributed);
	if (!b->ncomponents && !l.left_out && !bad)
		problem(&l, SEV_WARNING, DIAG_NO_OFFSET, "the list is empty");
	return l.left_out || bad ? PARTIAL : OK;
}
