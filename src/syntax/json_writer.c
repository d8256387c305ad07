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

static void end(struct json_writer *w, char c)
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
	end(w, '}');
}

void json_begin_array(struct json_writer *w)
{
	begin(w, '[');
}

void json_end_array(struct json_writer *w)
{
	end(w, ']');
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

void json_quote(struct buf *out, struct str s)
{
	buf_addc(out, '"');
	while (s.len) {
		size_t good = str_utf8_valid(s), start = 0;
		for (size_t i = 0; i < good; i++) {
			unsigned char c = (unsigned char)s.s[i];
			if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
				continue;
			buf_add(out, str_sub(s, start, i - start));
			add_escaped(out, c);
			start = i + 1;
		}
		buf_add(out, str_sub(s, start, good - start));
		s = str_from(s, good);
		if (s.len) {
			buf_adds(out, "\xef\xbf\xbd");
			s = str_from(s, 1);
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

void json_put_raw(struct json_writer *w, struct str raw)
{
	bool in_string = false;

	raw = str_trim(raw);
	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.s[i];
		if (in_string) {
			buf_addc(w->out, c);
			if (c == '\\' && i + 1 < raw.len)
				buf_addc(w->out, raw.s[++i]);
			else if (c == '"')
				in_string = false;
		} else if (c == '{' || c == '[') {
			begin(w, c);
		} else if (c == '}' || c == ']') {
			end(w, c);
		} else if (c == '"') {
			before_item(w);
			buf_addc(w->out, c);
			in_string = true;
		} else if (c == ':') {
			buf_adds(w->out, w->compact ? ":" : ": ");
			w->after_key = true;
		} else if (c != ',' && !ascii_blank(c)) { /* number or word */
			before_item(w);
			while (i < raw.len && !strchr(",]}", raw.s[i]) && !ascii_blank(raw.s[i]))
				buf_addc(w->out, raw.s[i++]);
			i--;
		}
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
