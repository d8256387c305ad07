#include "base/limits.h"
#include "base/span.h"
#include "syntax/toml_parser.h"

/* ---- strings */

static bool closed_by(const char *q, const char *end, char quote, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (q + i >= end || q[i] != quote)
			return false;
	return true;
}

static char *put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (char)c;
		return out;
	}
	if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*out++ = (char)(0xe0 | c >> 12);
		} else {
			*out++ = (char)(0xf0 | c >> 18);
			*out++ = (char)(0x80 | (c >> 12 & 63));
		}
		*out++ = (char)(0x80 | (c >> 6 & 63));
	}
	*out++ = (char)(0x80 | (c & 63));
	return out;
}

static bool hex_escape(struct toml *p, const char **q, const char *end, int digits, char **out)
{
	uint32_t c = 0;

	if (end - *q < digits)
		return toml_fail(p, *q, "the escape is too short");
	for (int i = 0; i < digits; i++) {
		int h = ascii_hex((*q)[i]);
		if (h < 0)
			return toml_fail(p, *q, "the escape has a character that is no hex digit");
		c = c << 4 | (uint32_t)h;
	}
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return toml_fail(p, *q, "the escape is no Unicode character");
	*q += digits;
	*out = put_utf8(*out, c);
	return true;
}

/* A backslash at a line's end: moves over all blanks and newlines; false where it is no such one. */
static bool line_ending(const char **q, const char *end)
{
	const char *r = *q;

	while (r < end && (*r == ' ' || *r == '\t'))
		r++;
	if (r >= end || (*r != '\n' && *r != '\r'))
		return false;
	while (r < end && (*r == ' ' || *r == '\t' || *r == '\n' || *r == '\r'))
		r++;
	*q = r;
	return true;
}

/* The bytes from q to end (closing quotes excluded) without their escapes. */
static bool unescape(struct toml *p, const char *q, const char *end, bool multi, struct str *out)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	char *buffer = arena_alloc(p->arena, (size_t)(end - q) + 1), *o = buffer;

	while (q < end) {
		const char *slash = memchr(q, '\\', (size_t)(end - q));
		size_t plain = (size_t)((slash ? slash : end) - q);
		memcpy(o, q, plain);
		o += plain;
		q += plain;
		if (!slash)
			break;
		if (++q >= end)
			return toml_fail(p, slash, "the escape is too short");
		const char *known = memchr(from, *q, sizeof from - 1);
		if (known) {
			*o++ = to[known - from];
			q++;
		} else if (*q == 'u' || *q == 'U') {
			int digits = *q++ == 'u' ? 4 : 8;
			if (!hex_escape(p, &q, end, digits, &o))
				return false;
		} else if (!multi || !line_ending(&q, end)) {
			return toml_fail(p, slash, "an unknown escape");
		}
	}
	*out = str_make(buffer, (size_t)(o - buffer));
	return true;
}

static bool one_line(struct toml *p, char quote, struct str *out)
{
	const char *start = ++p->at, *q = start;
	bool escapes = false;

	while ((q += span_until(q, 0, (size_t)(p->end - q), quote, '\n', quote == '"' ? '\\' : quote)) < p->end && *q != quote) {
		if (*q == '\n')
			return toml_fail(p, start - 1, "the string is not closed on its line");
		escapes = true;
		if (p->end - q < 2)
			break;
		q += 2;
	}
	if (q >= p->end || *q != quote)
		return toml_fail(p, start - 1, "the string is not closed");
	p->at = q + 1;
	if (escapes)
		return unescape(p, start, q, false, out);
	*out = str_make(start, (size_t)(q - start));
	return true;
}

bool toml_string(struct toml *p, bool multi, struct str *out)
{
	const char *open = p->at, *start, *q;
	char quote = *open;

	if (!closed_by(open, p->end, quote, 3))
		return one_line(p, quote, out);
	if (!multi)
		return toml_fail(p, open, "a key may not be a multi-line string");
	start = open + 3;
	if (start < p->end && *start == '\r')
		start++;
	if (start < p->end && *start == '\n')
		start++;
	for (q = start; q < p->end && !closed_by(q, p->end, quote, 3); q++)
		if (*q == '\\' && quote == '"')
			q++;
	if (q >= p->end)
		return toml_fail(p, open, "the string is not closed");
	for (int i = 0; i < 2 && q + 3 < p->end && q[3] == quote; i++)
		q++; /* one or two quotes before the closing three belong to the string */
	p->at = q + 3;
	if (quote == '"')
		return unescape(p, start, q, true, out);
	*out = str_make(start, (size_t)(q - start));
	return true;
}

/* ---- arrays and inline tables */

static bool deeper(struct toml *p)
{
	return ++p->depth <= LIMIT_TOML_DEPTH ? true : toml_fail(p, p->at, "nested too deeply");
}

static bool array(struct toml *p, struct value *list)
{
	const char *open = p->at++;

	if (!deeper(p))
		return false;
	for (;;) {
		toml_space(p);
		if (p->at >= p->end)
			return toml_fail(p, open, "the array is not closed");
		if (*p->at == ']')
			break;
		if (!toml_value(p, list, STR_NONE, (size_t)(p->at - p->s)))
			return false;
		toml_space(p);
		if (p->at < p->end && *p->at == ',')
			p->at++;
		else if (p->at >= p->end || *p->at != ']')
			return toml_fail(p, p->at < p->end ? p->at : open, "a comma or the array's end was expected here");
	}
	p->at++;
	p->depth--;
	return true;
}

static bool inline_table(struct toml *p, struct value *table)
{
	const char *open = p->at++;
	unsigned outer = p->section;

	/* Its dotted keys get a section of their own: high numbers, so that none is given twice. */
	p->section = (unsigned)(open - p->s) | 0x80000000u;
	table->text.len = p->section;
	if (!deeper(p))
		return false;
	toml_blanks(p);
	if (p->at < p->end && *p->at == '}') {
		p->at++;
	} else {
		for (;;) {
			if (!toml_member(p, table))
				return false;
			toml_blanks(p);
			if (p->at >= p->end)
				return toml_fail(p, open, "the inline table is not closed");
			if (*p->at == '}') {
				p->at++;
				break;
			}
			if (*p->at != ',')
				return toml_fail(p, p->at, "a comma or the inline table's end was expected here");
			p->at++;
			toml_blanks(p);
		}
	}
	p->section = outer;
	p->depth--;
	return true;
}

/* ---- the rest */

static inline bool token_character(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '_' || c == '-' || c == '+' || c == '.' || c == ':';
}

/* Numbers, booleans, dates. */
static bool scalar(struct toml *p, struct value *parent, struct str key, size_t offset)
{
	const char *start = p->at, *q = start, *why;
	enum value_type type = VALUE_NONE;

	while (q < p->end && token_character(*q))
		q++;
	if (q - start == 10 && start[4] == '-' && start[7] == '-' && p->end - q > 1 && *q == ' ' && ascii_digit(q[1]))
		for (q++; q < p->end && token_character(*q); q++) /* a date and a time with a blank between them */
			;
	struct str token = str_make(start, (size_t)(q - start));
	if (!token.len)
		return toml_fail(p, start, "a value was expected here");
	why = toml_scalar(token, &type);
	if (why)
		return toml_fail(p, start, why);
	value_add(p->arena, parent, type, key, offset)->text = token;
	p->at = q;
	return true;
}

bool toml_value(struct toml *p, struct value *parent, struct str key, size_t offset)
{
	struct value *v;
	struct str text;

	switch (p->at < p->end ? *p->at : 0) {
	case '"':
	case '\'':
		if (!toml_string(p, true, &text))
			return false;
		v = value_add(p->arena, parent, VALUE_STRING, key, offset);
		v->text = text;
		v->quoted = true;
		return true;
	case '[':
	case '{':
		v = value_add(p->arena, parent, *p->at == '[' ? VALUE_LIST : VALUE_TABLE, key, offset);
		v->inline_form = true;
		v->state = TOML_CLOSED;
		return *p->at == '[' ? array(p, v) : inline_table(p, v);
	default:
		return scalar(p, parent, key, offset);
	}
}
