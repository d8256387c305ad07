#include "syntax/json_writer.h"

#include <assert.h>

void json_writer_init(struct json_writer *w, struct buf *out, bool compact)
{
	*w = (struct json_writer){ .out = out, .compact = compact };
}

static void newline(struct json_writer *w)
{
	static const char blanks[] = "                                                                ";

	if (w->compact)
		return;
	buf_addc(w->out, '\n');
	for (size_t n = (size_t)w->depth * 2; n;) {
		size_t take = n < sizeof blanks - 1 ? n : sizeof blanks - 1;
		buf_add(w->out, str_make(blanks, take));
		n -= take;
	}
}

/* What stands before a value or key: nothing after a key, else the comma and the new line. */
static void before_item(struct json_writer *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->depth == 0)
		return;
	if (w->has_items[w->depth - 1])
		buf_addc(w->out, ',');
	w->has_items[w->depth - 1] = true;
	newline(w);
}

static void begin(struct json_writer *w, char c)
{
	before_item(w);
	buf_addc(w->out, c);
	assert(w->depth < JSON_WRITER_DEPTH);
	w->has_items[w->depth++] = false;
}

static void end_container(struct json_writer *w, char c)
{
	assert(w->depth > 0);
	bool had = w->has_items[--w->depth];
	if (had)
		newline(w);
	buf_addc(w->out, c);
}

void json_begin_object(struct json_writer *w)
{
	begin(w, '{');
}

void json_end_object(struct json_writer *w)
{
	end_container(w, '}');
}

void json_begin_array(struct json_writer *w)
{
	begin(w, '[');
}

void json_end_array(struct json_writer *w)
{
	end_container(w, ']');
}

static void add_escaped(struct buf *out, unsigned char c)
{
	static const char named[] = "\b\t\n\f\r\"\\", names[] = "btnfr\"\\";
	const char *p = c ? strchr(named, c) : NULL;

	if (p) {
		buf_addc(out, '\\');
		buf_addc(out, names[p - named]);
	} else {
		buf_printf(out, "\\u%04x", c);
	}
}

/* How many bytes from `at` on can stand as they are: ASCII without quotes, backslashes and controls, eight at a time. */
static size_t plain_ascii(struct str s, size_t at)
{
	const uint64_t ones = 0x0101010101010101ull, highs = 0x8080808080808080ull;

	while (s.len - at >= 8) {
		uint64_t x;
		memcpy(&x, s.s + at, 8);
		uint64_t q = x ^ (ones * '"'), b = x ^ (ones * '\\'), d = x ^ (ones * 0x7f);
		if ((((q - ones) & ~q) | ((b - ones) & ~b) | ((d - ones) & ~d) | ((x - ones * 0x20) & ~x) | x) & highs)
			break;
		at += 8;
	}
	while (at < s.len && (unsigned char)s.s[at] >= 0x20 && (unsigned char)s.s[at] < 0x7f && s.s[at] != '"' && s.s[at] != '\\')
		at++;
	return at;
}

/* Text of a string as it may stand between its quotes. GitHub's runner obeys "##[" wherever it stands in a line of a step, so documents
 * have its escape, which means the same. */
static void add_text(struct buf *out, struct str s)
{
	const char *p;

	while (s.len > 2 && (p = memchr(s.s, '#', s.len - 2)) != NULL) {
		size_t n = (size_t)(p - s.s) + 1;
		buf_add(out, str_sub(s, 0, n));
		s = str_from(s, n);
		if (str_starts(s, STR("#["))) {
			buf_adds(out, "\\u0023");
			s = str_from(s, 1);
		}
	}
	buf_add(out, s);
}

void json_quote(struct buf *out, struct str s)
{
	buf_addc(out, '"');
	for (size_t i = 0; i < s.len;) {
		size_t end = plain_ascii(s, i);
		add_text(out, str_sub(s, i, end - i));
		i = end;
		if (i == s.len)
			break;
		unsigned char c = (unsigned char)s.s[i];
		if (c && c < 0x80) {
			add_escaped(out, c);
			i++;
			continue;
		}
		/* What is no UTF-8, and the NUL: \u0000 is valid, but many readers refuse it, ours among them. */
		size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
		struct str one = str_sub(s, i, n);
		if (c && one.len == n && str_utf8_valid(one) == n) {
			buf_add(out, one);
			i += n;
		} else {
			buf_adds(out, "\xef\xbf\xbd");
			i++;
		}
	}
	buf_addc(out, '"');
}

void json_put_key_str(struct json_writer *w, struct str key)
{
	before_item(w);
	json_quote(w->out, key);
	buf_adds(w->out, w->compact ? ":" : ": ");
	w->after_key = true;
}

void json_put_key(struct json_writer *w, const char *key)
{
	json_put_key_str(w, str_of(key));
}

void json_put_string(struct json_writer *w, struct str s)
{
	before_item(w);
	json_quote(w->out, s);
}

void json_put_bool(struct json_writer *w, bool b)
{
	before_item(w);
	buf_adds(w->out, b ? "true" : "false");
}

void json_put_null(struct json_writer *w)
{
	before_item(w);
	buf_adds(w->out, "null");
}

void json_put_int(struct json_writer *w, long long n)
{
	before_item(w);
	buf_printf(w->out, "%lld", n);
}

/* The end of the string that begins at raw.s[at] (on its quote): the offset behind its closing quote. */
static size_t string_end(struct str raw, size_t at)
{
	for (size_t i = at + 1; i < raw.len; i++) {
		const char *p = memchr(raw.s + i, '"', raw.len - i);
		if (!p)
			return raw.len;
		size_t quote = (size_t)(p - raw.s), slashes = 0;
		while (slashes < quote - i && raw.s[quote - 1 - slashes] == '\\')
			slashes++;
		i = quote;
		if (slashes % 2 == 0)
			return quote + 1;
	}
	return raw.len;
}

void json_put_raw(struct json_writer *w, struct str raw)
{
	raw = str_trim(raw);
	for (size_t i = 0; i < raw.len;) {
		char c = raw.s[i];
		size_t end = i + 1;
		if (c == '{' || c == '[') {
			begin(w, c);
		} else if (c == '}' || c == ']') {
			end_container(w, c);
		} else if (c == '"') {
			end = string_end(raw, i);
			before_item(w);
			add_text(w->out, str_sub(raw, i, end - i));
		} else if (c == ':') {
			buf_adds(w->out, w->compact ? ":" : ": ");
			w->after_key = true;
		} else if (c != ',' && !ascii_blank(c)) { /* number or word */
			while (end < raw.len && !strchr(",]}", raw.s[end]) && !ascii_blank(raw.s[end]))
				end++;
			before_item(w);
			buf_add(w->out, str_sub(raw, i, end - i));
		}
		i = end;
	}
}

void json_member(struct json_writer *w, const char *key, struct str v)
{
	json_put_key(w, key);
	json_put_string(w, v);
}

void json_member_opt(struct json_writer *w, const char *key, struct str v)
{
	if (v.len)
		json_member(w, key, v);
}

void json_member_int(struct json_writer *w, const char *key, long long n)
{
	json_put_key(w, key);
	json_put_int(w, n);
}

void json_member_bool(struct json_writer *w, const char *key, bool b)
{
	json_put_key(w, key);
	json_put_bool(w, b);
}

void json_member_strings(struct json_writer *w, const char *key, const struct str *items, size_t n)
{
	json_put_key(w, key);
	json_begin_array(w);
	for (size_t i = 0; i < n; i++)
		json_put_string(w, items[i]);
	json_end_array(w);
}
