/* The scalars of YAML: what they mean (core schema), and how the fast path reads them (libyaml 0.2.5's scanner is the measure). */
#include "syntax/yaml_parser.h"

#include "base/span.h"

/* ---- meaning */

static bool all_of(struct str s, bool (*good)(char))
{
	for (size_t i = 0; i < s.len; i++)
		if (!good(s.s[i]))
			return false;
	return s.len > 0;
}

static bool octal(char c)
{
	return c >= '0' && c <= '7';
}

static bool hexadecimal(char c)
{
	return ascii_hex(c) >= 0;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static bool is_decimal(struct str s)
{
	size_t i = 0, before, after = 0;

	if (i < s.len && (s.s[i] == '-' || s.s[i] == '+'))
		i++;
	for (before = i; i < s.len && ascii_digit(s.s[i]);)
		i++;
	before = i - before;
	if (i < s.len && s.s[i] == '.') {
		for (after = ++i; i < s.len && ascii_digit(s.s[i]);)
			i++;
		after = i - after;
	}
	if (before + after == 0)
		return false;
	if (i < s.len && (s.s[i] == 'e' || s.s[i] == 'E')) {
		i++;
		if (i < s.len && (s.s[i] == '-' || s.s[i] == '+'))
			i++;
		return all_of(str_from(s, i), ascii_digit);
	}
	return i == s.len;
}

static bool one_of(struct str s, const char *const *words)
{
	for (; *words; words++)
		if (str_is(s, *words))
			return true;
	return false;
}

enum value_type yaml_resolve(struct str s)
{
	static const char *const nulls[] = { "null", "Null", "NULL", "~", NULL };
	static const char *const bools[] = { "true", "True", "TRUE", "false", "False", "FALSE", NULL };
	static const char *const odd[] = { ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN",
					   ".NAN", NULL };

	if (s.len == 0)
		return VALUE_NULL;
	switch (s.s[0]) {
	case 'n': case 'N': case '~':
		return one_of(s, nulls) ? VALUE_NULL : VALUE_STRING;
	case 't': case 'T': case 'f': case 'F':
		return one_of(s, bools) ? VALUE_BOOL : VALUE_STRING;
	case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
	case '-': case '+': case '.':
		break;
	default:
		return VALUE_STRING;
	}
	if (is_decimal(s) || one_of(s, odd) || (str_starts(s, STR("0x")) && all_of(str_from(s, 2), hexadecimal)) ||
	    (str_starts(s, STR("0o")) && all_of(str_from(s, 2), octal)))
		return VALUE_NUMBER;
	return VALUE_STRING;
}

/* ---- the fast path's scanner */

static const uint64_t ones = 0x0101010101010101ull, highs = 0x8080808080808080ull;

/* The first of three characters from p on, or end. */
static inline const char *find_any(const char *p, const char *end, char x, char y, char z)
{
	return p + span_until(p, 0, (size_t)(end - p), x, y, z);
}

/* U+0085, U+2028 and U+2029 break lines, U+FEFF is skipped, other controls are refused: all of them are left to libyaml, and with them
 * what shares their first bytes. */
static bool plain_character(const char *p, const char *end)
{
	switch ((unsigned char)*p) {
	case '\n':
		return true;
	case '\r':
		return p + 1 < end && p[1] == '\n';
	case 0x7f: case 0xef:
		return false;
	case 0xc2:
		return end - p > 1 && (unsigned char)p[1] >= 0xa0;
	case 0xe2:
		return end - p > 2 && !((unsigned char)p[1] == 0x80 && ((unsigned char)p[2] & 0xfe) == 0xa8);
	default:
		return (unsigned char)*p >= 0x20;
	}
}

bool yaml_is_simple(struct str text)
{
	const char *p = text.s, *end = text.s + text.len;

	while (p < end) {
		uint64_t w;
		if (end - p >= 8) {
			memcpy(&w, p, 8);
			uint64_t low = w & ~highs, lf = w ^ (ones * '\n'); /* here each byte counts: sums that do not carry */
			uint64_t control = ~(low + ones * 0x60) & ((lf & ~highs) + ~highs);
			if (!((control | (low + ones) | w) & highs)) {
				p += 8;
				continue;
			}
		}
		for (const char *to = end - p >= 8 ? p + 8 : end; p < to; p++)
			if (!plain_character(p, end))
				return false;
	}
	return true;
}

/* May a plain scalar begin here? */
static bool plain_starts(const struct yaml_cursor *c, bool flow)
{
	switch (*c->p) {
	case ' ': case '\n': case '\r': case ',': case '[': case ']': case '{': case '}': case '#': case '&': case '*': case '!':
	case '|': case '>': case '\'': case '"': case '%': case '@': case '`':
		return false;
	case '-':
		return !yaml_blank_at(c, c->p + 1);
	case '?': case ':':
		return !flow && !yaml_blank_at(c, c->p + 1);
	default:
		return true;
	}
}

static const char *plain_end(const struct yaml_cursor *c)
{
	const char *q = c->p;

	for (;; q++) {
		q = find_any(q, c->end, '\n', ':', '#');
		if (q == c->end || *q == '\n' || (*q == ':' ? yaml_blank_at(c, q + 1) : q > c->p && q[-1] == ' '))
			return q;
	}
}

/* NULL where libyaml has to tell what it is. */
static const char *plain_end_in_flow(const struct yaml_cursor *c)
{
	for (const char *q = c->p; q < c->end; q++)
		switch (*q) {
		case ',': case '[': case ']': case '{': case '}':
			return q;
		case '#':
			if (q[-1] == ' ')
				return NULL;
			break;
		case ':':
			if (yaml_blank_at(c, q + 1))
				return q;
			if (memchr(",?[]{}", q[1], 6))
				return NULL;
			break;
		case '\n':
			return NULL;
		default:
			break;
		}
	return NULL;
}

static bool take_plain(struct yaml_cursor *c, bool flow, struct yaml_scalar *out)
{
	if (!plain_starts(c, flow))
		return false;
	const char *q = flow ? plain_end_in_flow(c) : plain_end(c);
	if (!q)
		return false;
	while (q > c->p && (q[-1] == ' ' || q[-1] == '\r'))
		q--;
	*out = (struct yaml_scalar){ { c->p, (size_t)(q - c->p) }, false, c->p };
	c->p = q;
	return true;
}

/* Copies a quoted text without its escapes; false for the rarer ones. */
static bool unescape(struct arena *a, struct str raw, bool single, struct str *out)
{
	char *to = arena_alloc(a, raw.len + 1), *w = to;

	for (size_t i = 0; i < raw.len; i++) {
		char ch = raw.s[i];
		if (single && ch == '\'')
			i++; /* two stand for one */
		else if (!single && ch == '\\')
			switch (ch = raw.s[++i]) {
			case '"': case '\\': case '/':
				break;
			case 'n':
				ch = '\n';
				break;
			case 't':
				ch = '\t';
				break;
			case 'r':
				ch = '\r';
				break;
			default:
				return false;
			}
		*w++ = ch;
	}
	*out = str_make(to, (size_t)(w - to));
	return true;
}

static bool take_quoted(struct yaml_cursor *c, struct yaml_scalar *out)
{
	char quote = *c->p, escape = quote == '\'' ? '\'' : '\\';
	bool escaped = false;
	const char *q = c->p + 1;

	for (;; q += 2) {
		q = find_any(q, c->end, quote, escape, '\n');
		if (q == c->end || *q == '\n')
			return false;
		if (*q == quote && !(quote == '\'' && q + 1 < c->end && q[1] == '\''))
			break;
		if (q + 1 == c->end || q[1] == '\n' || q[1] == '\r')
			return false;
		escaped = true;
	}
	struct str raw = str_make(c->p + 1, (size_t)(q - c->p - 1));
	*out = (struct yaml_scalar){ raw, true, c->p };
	c->p = q + 1;
	return !escaped || unescape(c->texts, raw, quote == '\'', &out->text);
}

bool yaml_take_scalar(struct yaml_cursor *c, bool flow, struct yaml_scalar *out)
{
	if (c->p == c->end)
		return false;
	return *c->p == '"' || *c->p == '\'' ? take_quoted(c, out) : take_plain(c, flow, out);
}

/* ---- texts in blocks */

/* The line at p without its break; p moves to the next one. */
static struct str take_line(struct yaml_cursor *c, bool *broken)
{
	const char *from = c->p, *lf = memchr(from, '\n', (size_t)(c->end - from)), *to = lf ? lf : c->end;

	*broken = lf != NULL;
	c->p = lf ? lf + 1 : c->end;
	return str_make(from, (size_t)(to - from - (to > from && to[-1] == '\r')));
}

static size_t spaces_before(struct str line)
{
	size_t n = 0;

	while (n < line.len && line.s[n] == ' ')
		n++;
	return n;
}

/* "|", ">", with "-" or "+", and nothing else on the line. */
static bool take_header(struct yaml_cursor *c, bool *literal, char *chomping)
{
	bool broken;
	struct str header = take_line(c, &broken);

	*literal = header.s[0] == '|';
	*chomping = header.len > 1 ? header.s[1] : 0;
	return broken && (header.len == 1 || (header.len == 2 && (*chomping == '-' || *chomping == '+')));
}

/* The indentation of a block text, by its first line that is not empty; 0 where that is not simply told. */
static size_t indentation(const struct yaml_cursor *c, ptrdiff_t outer)
{
	struct yaml_cursor ahead = *c;
	bool broken;
	struct str line;

	do
		line = take_line(&ahead, &broken);
	while (broken && line.len == 0);
	size_t n = spaces_before(line);
	return n < line.len && (ptrdiff_t)n > outer ? n : 0;
}

/* Where the first line stands that has content left of `indent`. */
static const char *block_end(const struct yaml_cursor *c, size_t indent)
{
	struct yaml_cursor ahead = *c;
	bool broken;

	while (ahead.p < ahead.end) {
		const char *from = ahead.p;
		struct str line = take_line(&ahead, &broken);
		size_t n = spaces_before(line);
		if (n < indent && n < line.len)
			return from;
	}
	return ahead.end;
}

bool yaml_take_block_text(struct yaml_cursor *c, ptrdiff_t outer, struct str *out)
{
	bool literal, broken, lead = false, blank_before = false;
	char chomping;
	size_t breaks = 0, indent;

	if (!take_header(c, &literal, &chomping) || !(indent = indentation(c, outer)))
		return false;
	const char *end = block_end(c, indent);
	char *to = arena_alloc(c->texts, (size_t)(end - c->p) + 1), *w = to;
	while (c->p < end) {
		struct str line = take_line(c, &broken);
		if (line.len <= indent) { /* no line of content is that short */
			breaks += broken;
			continue;
		}
		bool blank = line.s[indent] == ' ';
		if (!literal && lead && !blank_before && !blank) { /* folded */
			if (!breaks)
				*w++ = ' ';
		} else if (lead)
			*w++ = '\n';
		for (; breaks; breaks--)
			*w++ = '\n';
		memcpy(w, line.s + indent, line.len - indent);
		w += line.len - indent;
		blank_before = blank;
		lead = broken;
	}
	if (lead && chomping != '-')
		*w++ = '\n';
	for (; breaks && chomping == '+'; breaks--)
		*w++ = '\n';
	*out = str_make(to, (size_t)(w - to));
	return true;
}
