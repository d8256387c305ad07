#include "source/list.h"

#include "base/buf.h"
#include "base/limits.h"
#include "identity/cpe.h"
#include "identity/purl.h"
#include "source/list_text.h"

enum column { COLUMN_PRODUCT, COLUMN_VERSION, COLUMN_SUPPLIER, COLUMN_CPE, COLUMN_PURL, COLUMN_TYPE, COLUMN_LICENCE, COLUMN_SERIAL,
	      COLUMN_NOTES, COLUMN_STATED_BY, COLUMN_STATED_ON, COLUMN_OTHER };

static const struct {
	enum column column;
	const char *headings;
} columns[] = {
#define COLUMN(column, headings) { COLUMN_##column, headings },
#include "source/list_columns.def"
#undef COLUMN
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
		if (list_trim(row->fields[k]).len)
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
		struct str v = list_trim(row->fields[k]);
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
	struct str in = list_trim(s);
	char *p = arena_cstr(a, in);
	size_t n = 0;

	for (size_t i = 0; i < in.len; i++) {
		char c = ascii_blank(in.s[i]) || in.s[i] == '-' || in.s[i] == '_' ? ' ' : ascii_lower(in.s[i]);
		if (i && in.s[i - 1] == '\xc3' && (unsigned char)c >= 0x80 && (unsigned char)c <= 0x9e) /* capital umlauts */
			c = (char)(c + 0x20);
		if (c != ' ' || (n && p[n - 1] != ' '))
			p[n++] = c;
	}
	while (n && (p[n - 1] == ' ' || p[n - 1] == ':'))
		n--;
	return str_make(p, n);
}

/* What a heading means; *rank: the place of its word in the table. */
static enum column meaning(struct str name, size_t *rank)
{
	*rank = 0;
	for (size_t i = 0; i < sizeof columns / sizeof columns[0] && name.len; i++)
		for (struct str rest = str_of(columns[i].headings); rest.s; ++*rank)
			if (str_eq(str_cut(&rest, '|'), name))
				return columns[i].column;
	return COLUMN_OTHER;
}

/* Of two columns that mean the same one counts and the other is kept as a property; the same heading twice is refused, because nobody can tell
 * which of them holds what was meant. False with a diagnostic. */
static bool settle_twice(struct listing *l, const struct list_row *row, const size_t *ranks)
{
	for (size_t k = 0; k < row->n; k++) {
		if (l->kinds[k] == COLUMN_OTHER || l->kinds[k] == COLUMN_SERIAL) /* all of them are kept */
			continue;
		for (size_t i = 0; i < row->n; i++) {
			if (i == k || l->kinds[i] != l->kinds[k])
				continue;
			if (ranks[i] == ranks[k]) {
				problem(l, SEV_ERROR, row->offset, "the heading \"%.*s\" stands over columns %zu and %zu: which of them is meant cannot be told; "
								   "name one of them otherwise", STR_ARG(l->names[k]), k + 1, i + 1);
				return false;
			}
			if (ranks[i] < ranks[k])
				continue;
			if (l->kinds[k] != COLUMN_NOTES)
				problem(l, SEV_WARNING, row->offset, "the headings \"%.*s\" and \"%.*s\" mean the same: the first of them counts, \"%.*s\" is kept "
								     "as a property", STR_ARG(l->names[k]), STR_ARG(l->names[i]), STR_ARG(l->names[i]));
			l->kinds[i] = COLUMN_OTHER;
		}
	}
	return true;
}

enum heading { HEADING_GOOD, HEADING_NAMES_NOTHING, HEADING_BAD };

/* The first row. */
static enum heading read_header(struct listing *l, const struct list_row *row)
{
	size_t *ranks = arena_array(l->b->arena, row->n + 1, sizeof *ranks);
	bool identifies = false;

	l->kinds = arena_array(l->b->arena, row->n + 1, sizeof *l->kinds);
	l->names = arena_array(l->b->arena, row->n + 1, sizeof *l->names);
	l->ncolumns = row->n;
	for (size_t k = 0; k < row->n; k++) {
		l->names[k] = column_name(l->b->arena, row->fields[k]);
		l->kinds[k] = meaning(l->names[k], &ranks[k]);
		identifies = identifies || l->kinds[k] == COLUMN_PRODUCT || l->kinds[k] == COLUMN_PURL || l->kinds[k] == COLUMN_CPE;
	}
	return !identifies ? HEADING_NAMES_NOTHING : settle_twice(l, row, ranks) ? HEADING_GOOD : HEADING_BAD;
}

static void read_comment(struct listing *l, struct str text)
{
	struct str value = text, key = str_cut(&value, ':');
	size_t rank;
	enum column column = value.s ? meaning(column_name(l->b->arena, key), &rank) : COLUMN_OTHER;

	if (column == COLUMN_STATED_BY)
		l->by = list_trim(value);
	else if (column == COLUMN_STATED_ON)
		l->on = list_trim(value);
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

	const char *refused = list_decode(b->arena, *text, text, &guessed);
	if (refused) {
		problem(&l, SEV_ERROR, DIAG_NO_OFFSET, "%s", refused);
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
		} else {
			enum heading found = read_header(&l, &row);
			if (found == HEADING_NAMES_NOTHING)
				problem(&l, SEV_ERROR, row.offset, "this is no list: the first row has to name columns, and one of them product, purl or cpe; "
								   "or write one purl a line");
			if (found != HEADING_GOOD)
				return FAILED;
			header = true;
		}
	}
	if (l.unattributed)
		problem(&l, SEV_WARNING, DIAG_NO_OFFSET, "%zu components do not say who states them and when; add the lines \"# stated by: NAME\" "
							 "and \"# stated on: DATE\", or columns of these names", l.unattributed);
	if (!b->ncomponents && !l.left_out && !bad)
		problem(&l, SEV_WARNING, DIAG_NO_OFFSET, "the list is empty");
	return l.left_out || bad ? PARTIAL : OK;
}
