#include "identity/cpe.h"

#include "base/buf.h"

static bool is_any(const struct cpe *c, int i)
{
	return !c->literal_mark[i] && (!c->field[i].len || str_is(c->field[i], "*"));
}

static bool is_na(const struct cpe *c, int i)
{
	return !c->literal_mark[i] && str_is(c->field[i], "-");
}

/* Cuts at the next ':' that no backslash stands before. */
static struct str cut_field(struct str *rest)
{
	struct str part = *rest;

	for (size_t i = 0; i < rest->len; i++) {
		if (rest->s[i] == '\\') {
			i++;
		} else if (rest->s[i] == ':') {
			part.len = i;
			*rest = str_from(*rest, i + 1);
			return part;
		}
	}
	*rest = STR_NONE;
	return part;
}

static bool set(struct arena *a, struct cpe *c, int i, struct str text)
{
	char *p = arena_alloc(a, text.len + 1);
	size_t n = 0;

	if (text.len == 0)
		text = STR("*");
	for (size_t k = 0; k < text.len; k++) {
		if (text.s[k] == '\\' && ++k == text.len)
			return false;
		if ((unsigned char)text.s[k] < ' ')
			return false;
		p[n++] = ascii_lower(text.s[k]);
	}
	c->field[i] = str_make(p, n);
	c->literal_mark[i] = n == 1 && text.len == 2 && (p[0] == '*' || p[0] == '-');
	return true;
}

/* %XX of a 2.2 binding; %01 and %02 are its wildcards. */
static bool set_uri(struct arena *a, struct cpe *c, int i, struct str text)
{
	char *p = arena_alloc(a, text.len + 2);
	size_t n = 0;

	for (size_t k = 0; k < text.len; k++) {
		if (text.s[k] != '%') {
			p[n++] = ascii_lower(text.s[k]);
			continue;
		}
		int high = k + 2 < text.len ? ascii_hex(text.s[k + 1]) : -1, low = k + 2 < text.len ? ascii_hex(text.s[k + 2]) : -1;
		if (high < 0 || low < 0)
			return false;
		int v = high << 4 | low;
		if (v == 1 || v == 2)
			p[n++] = v == 1 ? '?' : '*';
		else if (v < ' ')
			return false;
		else
			p[n++] = ascii_lower((char)v);
		k += 2;
	}
	c->field[i] = n ? str_make(p, n) : STR("*");
	return true;
}

/* The packed edition of 2.2: "~edition~sw_edition~target_sw~target_hw~other". */
static bool unpack_edition(struct arena *a, struct cpe *c, struct str text)
{
	static const int order[] = { CPE_EDITION, CPE_SW_EDITION, CPE_TARGET_SW, CPE_TARGET_HW, CPE_OTHER };
	struct str rest = text;

	if (!text.len || text.s[0] != '~')
		return set_uri(a, c, CPE_EDITION, text);
	str_cut(&rest, '~');
	for (size_t i = 0; i < sizeof order / sizeof order[0] && rest.s; i++)
		if (!set_uri(a, c, order[i], str_cut(&rest, '~')))
			return false;
	return !rest.s;
}

static bool parse_uri(struct arena *a, struct str text, struct cpe *c)
{
	int i = 0;

	for (struct str rest = text; rest.s; i++) {
		struct str part = str_cut(&rest, ':');
		if (i > CPE_LANGUAGE)
			return false;
		if (i == CPE_EDITION ? !unpack_edition(a, c, part) : !set_uri(a, c, i, part))
			return false;
	}
	return i > CPE_PRODUCT;
}

static bool valid_part(const struct cpe *c)
{
	return c->field[CPE_PART].len == 1 && strchr("aoh", c->field[CPE_PART].s[0]);
}

bool cpe_parse(struct arena *a, struct str text, struct cpe *c)
{
	int i = 0;

	text = str_trim(text);
	for (int f = 0; f < CPE_FIELDS; f++) {
		c->field[f] = STR("*");
		c->literal_mark[f] = false;
	}
	if (text.len > 4096 || str_utf8_valid(text) != text.len)
		return false;
	if (str_starts_nocase(text, STR("cpe:/")))
		return parse_uri(a, str_from(text, 5), c) && valid_part(c);
	if (!str_starts_nocase(text, STR("cpe:2.3:")))
		return false;
	for (struct str rest = str_from(text, 8); rest.s; i++)
		if (i == CPE_FIELDS || !set(a, c, i, cut_field(&rest)))
			return false;
	return i == CPE_FIELDS && valid_part(c);
}

static bool needs_escape(char ch)
{
	return !ascii_alpha(ch) && !ascii_digit(ch) && ch != '_' && ch != '.' && ch != '-' && (unsigned char)ch < 128;
}

struct str cpe_format(struct arena *a, const struct cpe *c)
{
	size_t room = 16;

	for (int i = 0; i < CPE_FIELDS; i++)
		room += 2 + c->field[i].len * 2;
	char *start = arena_alloc(a, room), *p = start;
	memcpy(p, "cpe:2.3", 7);
	p += 7;
	for (int i = 0; i < CPE_FIELDS; i++) {
		*p++ = ':';
		if (is_any(c, i) || is_na(c, i)) {
			*p++ = is_na(c, i) ? '-' : '*';
			continue;
		}
		for (size_t k = 0; k < c->field[i].len; k++) {
			char ch = c->field[i].s[k];
			if (needs_escape(ch) || (c->literal_mark[i] && ch == '-'))
				*p++ = '\\';
			*p++ = ch;
		}
	}
	return str_make(start, (size_t)(p - start));
}

struct str cpe_key(struct arena *a, const struct cpe *c)
{
	struct cpe short_form = *c;

	if (is_any(c, CPE_VENDOR) || is_any(c, CPE_PRODUCT) || is_any(c, CPE_VERSION) || is_na(c, CPE_VERSION))
		return STR_NONE;
	for (int i = CPE_UPDATE; i < CPE_FIELDS; i++) {
		if (i == CPE_UPDATE && !is_na(c, i))
			continue;
		short_form.field[i] = STR("*");
		short_form.literal_mark[i] = false;
	}
	struct str text = cpe_format(a, &short_form);
	return arena_concat(a, STR("cpe:"), str_from(text, strlen("cpe:2.3:")), STR_NONE);
}
