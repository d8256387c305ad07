#include "syntax/json.h"

#include "base/limits.h"
#include "base/span.h"

void json_fail(struct json_cursor *c, size_t offset, const char *why)
{
	if (c->error)
		return;
	c->error = why;
	c->error_offset = offset;
}

static void fail(struct json_cursor *c, const char *why)
{
	json_fail(c, c->at, why);
}

static void skip_blanks(struct json_cursor *c)
{
	c->at = span_blanks(c->text.s, c->at, c->text.len);
}

void json_open(struct json_cursor *c, struct arena *a, struct str text)
{
	*c = (struct json_cursor){ .arena = a, .text = text };
	size_t bad = str_utf8_valid(text);
	if (bad != text.len)
		json_fail(c, bad, "not valid UTF-8");
	if (str_starts(text, STR("\xef\xbb\xbf")))
		c->at = 3;
	skip_blanks(c);
	if (c->at == text.len)
		fail(c, "the document is empty");
}

bool json_close(struct json_cursor *c)
{
	if (c->error)
		return false;
	skip_blanks(c);
	if (c->at != c->text.len)
		fail(c, "there is text behind the end of the document");
	else if (c->depth)
		fail(c, "the document ends inside an object or array");
	return !c->error;
}

enum json_type json_peek(struct json_cursor *c)
{
	if (c->error || c->at >= c->text.len)
		return JSON_NONE;
	switch (c->text.s[c->at]) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_STRING;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	default:
		return c->text.s[c->at] == '-' || ascii_digit(c->text.s[c->at]) ? JSON_NUMBER : JSON_NONE;
	}
}

size_t json_offset(struct json_cursor *c)
{
	return c->at;
}

static bool enter(struct json_cursor *c, char open, const char *why)
{
	if (c->error)
		return false;
	if (c->at >= c->text.len || c->text.s[c->at] != open) {
		fail(c, c->at >= c->text.len ? "the document ends too early" : why);
		return false;
	}
	if (c->depth >= LIMIT_JSON_DEPTH) {
		fail(c, "nested too deeply");
		return false;
	}
	c->depth++;
	c->at++;
	c->first = true;
	skip_blanks(c);
	return true;
}

bool json_enter_object(struct json_cursor *c)
{
	return enter(c, '{', "an object was expected here");
}

bool json_enter_array(struct json_cursor *c)
{
	return enter(c, '[', "an array was expected here");
}

/* Moves over the comma before the next element; false at the container's end, which is left. */
static bool next_element(struct json_cursor *c, char close)
{
	if (c->error)
		return false;
	skip_blanks(c);
	if (c->at >= c->text.len) {
		fail(c, "the document ends too early");
		return false;
	}
	if (c->text.s[c->at] == close) {
		c->at++;
		c->depth--;
		c->first = false;
		return false;
	}
	if (!c->first) {
		if (c->text.s[c->at] != ',') {
			fail(c, "a comma was expected here");
			return false;
		}
		c->at++;
		skip_blanks(c);
		if (c->at < c->text.len && c->text.s[c->at] == close) {
			fail(c, "a comma before the closing bracket");
			return false;
		}
	}
	c->first = false;
	return true;
}

bool json_next(struct json_cursor *c)
{
	return next_element(c, ']');
}

static int hex4(struct json_cursor *c, size_t at)
{
	int n = 0;

	if (c->text.len - at < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int d = ascii_hex(c->text.s[at + i]);
		if (d < 0)
			return -1;
		n = n << 4 | d;
	}
	return n;
}

static char *put_utf8(char *p, unsigned u)
{
	if (u < 0x80) {
		*p++ = (char)u;
	} else if (u < 0x800) {
		*p++ = (char)(0xc0 | u >> 6);
		*p++ = (char)(0x80 | (u & 63));
	} else if (u < 0x10000) {
		*p++ = (char)(0xe0 | u >> 12);
		*p++ = (char)(0x80 | (u >> 6 & 63));
		*p++ = (char)(0x80 | (u & 63));
	} else {
		*p++ = (char)(0xf0 | u >> 18);
		*p++ = (char)(0x80 | (u >> 12 & 63));
		*p++ = (char)(0x80 | (u >> 6 & 63));
		*p++ = (char)(0x80 | (u & 63));
	}
	return p;
}

/* The escape sequence at c->at (on the backslash); writes it to *out where out is not NULL. */
static bool read_escape(struct json_cursor *c, char **out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	char e = c->at + 1 < c->text.len ? c->text.s[c->at + 1] : 0;
	const char *known = e ? strchr(from, e) : NULL;

	if (known) {
		if (out)
			*(*out)++ = to[known - from];
		c->at += 2;
		return true;
	}
	int u = e == 'u' ? hex4(c, c->at + 2) : -1;
	if (u < 0) {
		fail(c, "unknown escape in a string");
		return false;
	}
	if (u == 0) {
		fail(c, "\\u0000 in a string");
		return false;
	}
	unsigned code = (unsigned)u;
	size_t used = 6;
	if (u >= 0xd800 && u <= 0xdbff) {
		int low = c->text.len - c->at >= 12 && c->text.s[c->at + 6] == '\\' && c->text.s[c->at + 7] == 'u' ?
				  hex4(c, c->at + 8) :
				  -1;
		if (low < 0xdc00 || low > 0xdfff) {
			fail(c, "half of a surrogate pair in a string");
			return false;
		}
		code = 0x10000 + (((unsigned)u & 0x3ff) << 10) + ((unsigned)low & 0x3ff);
		used = 12;
	} else if (u >= 0xdc00 && u <= 0xdfff) {
		fail(c, "half of a surrogate pair in a string");
		return false;
	}
	if (out)
		*out = put_utf8(*out, code);
	c->at += used;
	return true;
}

/* The string under the cursor; decoded where `want`. */
static struct str string_at(struct json_cursor *c, bool want)
{
	size_t start = c->at + 1, end = span_string(c->text.s, start, c->text.len);

	if (end < c->text.len && c->text.s[end] == '"') { /* no escapes: the text itself */
		c->at = end + 1;
		return str_sub(c->text, start, end - start);
	}
	/* With escapes: find the end first, so that the copy has the right size. */
	char *p = NULL, *copy = NULL;
	size_t begin = c->at;
	for (int pass = 0; pass < 2; pass++) {
		c->at = start;
		for (;;) {
			size_t stop = span_string(c->text.s, c->at, c->text.len);
			if (p) {
				memcpy(p, c->text.s + c->at, stop - c->at);
				p += stop - c->at;
			}
			c->at = stop;
			if (c->at >= c->text.len) {
				json_fail(c, begin, "the string does not end");
				return STR_NONE;
			}
			if (c->text.s[c->at] == '"')
				break;
			if (c->text.s[c->at] != '\\') {
				fail(c, "a raw control character in a string");
				return STR_NONE;
			}
			if (!read_escape(c, p ? &p : NULL))
				return STR_NONE;
		}
		if (!want || pass == 1)
			break;
		p = copy = arena_alloc(c->arena, c->at - start + 1);
	}
	c->at++;
	return want ? str_make(copy, (size_t)(p - copy)) : STR("");
}

bool json_next_key(struct json_cursor *c, struct str *key)
{
	if (!next_element(c, '}'))
		return false;
	if (c->at >= c->text.len || c->text.s[c->at] != '"') {
		fail(c, "a key was expected here");
		return false;
	}
	*key = string_at(c, true);
	if (c->error)
		return false;
	skip_blanks(c);
	if (c->at >= c->text.len || c->text.s[c->at] != ':') {
		fail(c, "a colon was expected here");
		return false;
	}
	c->at++;
	skip_blanks(c);
	if (c->at >= c->text.len) {
		fail(c, "the document ends too early");
		return false;
	}
	return true;
}

struct str json_read_string(struct json_cursor *c)
{
	if (c->error)
		return STR_NONE;
	if (json_peek(c) != JSON_STRING) {
		fail(c, "a string was expected here");
		return STR_NONE;
	}
	return string_at(c, true);
}

struct str json_read_string_or_skip(struct json_cursor *c)
{
	if (json_peek(c) == JSON_STRING)
		return string_at(c, true);
	json_skip(c);
	return STR_NONE;
}

static size_t digits(struct json_cursor *c)
{
	size_t start = c->at;

	while (c->at < c->text.len && ascii_digit(c->text.s[c->at]))
		c->at++;
	return c->at - start;
}

struct str json_read_number(struct json_cursor *c)
{
	size_t start = c->at;

	if (json_peek(c) != JSON_NUMBER) {
		fail(c, "a number was expected here");
		return STR_NONE;
	}
	if (c->text.s[c->at] == '-')
		c->at++;
	size_t first = c->at, n = digits(c);
	if (n == 0 || (n > 1 && c->text.s[first] == '0'))
		json_fail(c, start, "not a JSON number");
	if (c->at < c->text.len && c->text.s[c->at] == '.') {
		c->at++;
		if (digits(c) == 0)
			json_fail(c, start, "not a JSON number");
	}
	if (c->at < c->text.len && (c->text.s[c->at] == 'e' || c->text.s[c->at] == 'E')) {
		c->at++;
		if (c->at < c->text.len && (c->text.s[c->at] == '+' || c->text.s[c->at] == '-'))
			c->at++;
		if (digits(c) == 0)
			json_fail(c, start, "not a JSON number");
	}
	return c->error ? STR_NONE : str_sub(c->text, start, c->at - start);
}

static bool word(struct json_cursor *c, struct str w)
{
	if (!str_starts(str_from(c->text, c->at), w)) {
		fail(c, "a value was expected here");
		return false;
	}
	c->at += w.len;
	return true;
}

bool json_read_bool(struct json_cursor *c)
{
	if (json_peek(c) == JSON_TRUE)
		return word(c, STR("true"));
	json_skip(c);
	return false;
}

void json_skip(struct json_cursor *c)
{
	struct str key;

	switch (json_peek(c)) {
	case JSON_OBJECT:
		json_enter_object(c);
		/* Like json_next_key, without decoding keys. */
		while (next_element(c, '}')) {
			if (c->at >= c->text.len || c->text.s[c->at] != '"') {
				fail(c, "a key was expected here");
				return;
			}
			key = string_at(c, false);
			(void)key;
			skip_blanks(c);
			if (c->error)
				return;
			if (c->at >= c->text.len || c->text.s[c->at] != ':') {
				fail(c, "a colon was expected here");
				return;
			}
			c->at++;
			skip_blanks(c);
			json_skip(c);
		}
		break;
	case JSON_ARRAY:
		json_enter_array(c);
		while (json_next(c))
			json_skip(c);
		break;
	case JSON_STRING:
		string_at(c, false);
		break;
	case JSON_NUMBER:
		json_read_number(c);
		break;
	case JSON_TRUE:
		word(c, STR("true"));
		break;
	case JSON_FALSE:
		word(c, STR("false"));
		break;
	case JSON_NULL:
		word(c, STR("null"));
		break;
	case JSON_NONE:
		fail(c, c->at >= c->text.len ? "the document ends too early" : "a value was expected here");
		break;
	}
}

struct str json_read_raw(struct json_cursor *c)
{
	size_t start = c->at;

	json_skip(c);
	return c->error ? STR_NONE : str_sub(c->text, start, c->at - start);
}

bool json_once(struct json_cursor *c, unsigned *seen, unsigned bit)
{
	if (*seen & bit)
		fail(c, "this key stands twice in one object");
	*seen |= bit;
	return !c->error;
}
