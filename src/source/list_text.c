#include "source/list_text.h"

#include <string.h>

#include "base/vec.h"

static char *put_utf8(char *p, uint32_t c)
{
	if (c < 0x80) {
		*p++ = (char)c;
	} else if (c < 0x800) {
		*p++ = (char)(0xc0 | c >> 6);
		*p++ = (char)(0x80 | (c & 63));
	} else if (c < 0x10000) {
		*p++ = (char)(0xe0 | c >> 12);
		*p++ = (char)(0x80 | (c >> 6 & 63));
		*p++ = (char)(0x80 | (c & 63));
	} else {
		*p++ = (char)(0xf0 | c >> 18);
		*p++ = (char)(0x80 | (c >> 12 & 63));
		*p++ = (char)(0x80 | (c >> 6 & 63));
		*p++ = (char)(0x80 | (c & 63));
	}
	return p;
}

static uint32_t unit(struct str s, size_t i, bool big)
{
	unsigned char x = (unsigned char)s.s[i], y = (unsigned char)s.s[i + 1];

	return big ? (uint32_t)(x << 8 | y) : (uint32_t)(y << 8 | x);
}

static bool decode_utf16(struct arena *a, struct str bytes, bool big, struct str *text)
{
	char *start = arena_alloc(a, bytes.len * 2 + 4), *p = start;

	if (bytes.len % 2)
		return false;
	for (size_t i = 2; i < bytes.len; i += 2) {
		uint32_t c = unit(bytes, i, big);
		if (c >= 0xd800 && c < 0xdc00 && i + 3 < bytes.len) {
			uint32_t low = unit(bytes, i + 2, big);
			if (low < 0xdc00 || low > 0xdfff)
				return false;
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			i += 2;
		} else if (c == 0 || (c >= 0xd800 && c < 0xe000)) {
			return false;
		}
		p = put_utf8(p, c);
	}
	*text = str_make(start, (size_t)(p - start));
	return true;
}

/* Windows-1252 (the WHATWG's encoding standard), which is what spreadsheets write where they are not told. */
static struct str decode_1252(struct arena *a, struct str bytes)
{
	static const uint16_t high[32] = { 0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
					   0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
					   0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178 };
	char *start = arena_alloc(a, bytes.len * 3 + 1), *p = start;

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.s[i];
		p = put_utf8(p, c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c);
	}
	return str_make(start, (size_t)(p - start));
}

/* Shift_JIS (code page 932), which Excel writes in Japan. Every pair of bytes has to be one of its characters, and one of them such as no text in
 * Windows-1252 has: kana (0x82 and 0x83 are there a low quotation mark and a florin sign), or a byte that stands for nothing there. */
static bool is_shift_jis(struct str s)
{
	bool sure = false;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.s[i], d = i + 1 < s.len ? (unsigned char)s.s[i + 1] : 0;
		if (c < 0x80 || (c >= 0xa1 && c <= 0xdf)) /* half-width katakana */
			continue;
		if (c == 0x80 || c == 0xa0 || c > 0xfc || d < 0x40 || d == 0x7f || d > 0xfc)
			return false;
		sure = sure || c == 0x81 || c == 0x8d || c == 0x8f || c == 0x90 || (c == 0x82 && d >= 0x9f && d <= 0xf1) || (c == 0x83 && d <= 0x96);
		i++;
	}
	return sure;
}

const char *list_decode(struct arena *a, struct str bytes, struct str *text, bool *guessed)
{
	*guessed = false;
	if (str_starts(bytes, STR("PK\x03\x04")) || str_starts(bytes, STR("\xd0\xcf\x11\xe0")))
		return "the file is a workbook, not text: save the sheet as \"CSV UTF-8\"";
	if (str_starts(bytes, STR("\xff\xfe")) || str_starts(bytes, STR("\xfe\xff")))
		return decode_utf16(a, bytes, bytes.s[0] == '\xfe', text) ? NULL : "the file begins as UTF-16 and is not: half a character, or a zero";
	if (str_starts(bytes, STR("\xef\xbb\xbf")))
		bytes = str_from(bytes, 3);
	if (str_chr(bytes, 0) != STR_NOT_FOUND)
		return "the file is no text: it holds zero bytes (UTF-16 needs its byte order mark); save it as \"CSV UTF-8\"";
	*guessed = str_utf8_valid(bytes) != bytes.len;
	if (*guessed && is_shift_jis(bytes))
		return "the file is in Shift_JIS, which is not read: save it as \"CSV UTF-8\" or \"Unicode text\"";
	*text = *guessed ? decode_1252(a, bytes) : bytes;
	return NULL;
}

struct str list_trim(struct str s)
{
	static const struct str spaces[] = { { "\xc2\xa0", 2 }, { "\xe3\x80\x80", 3 }, { "\xef\xbb\xbf", 3 } };
	bool cut;

	do {
		cut = false;
		s = str_trim(s);
		for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
			if (str_starts(s, spaces[i])) {
				s = str_from(s, spaces[i].len);
				cut = true;
			}
			if (str_ends(s, spaces[i])) {
				s.len -= spaces[i].len;
				cut = true;
			}
		}
	} while (cut);
	return s;
}

static size_t line_end(const struct list_reader *r)
{
	size_t at = str_find(r->text, STR("\n"), r->at);

	return at == STR_NOT_FOUND ? r->text.len : at;
}

bool list_peek(struct list_reader *r, struct str *line)
{
	if (r->at >= r->text.len)
		return false;
	*line = str_trim(str_sub(r->text, r->at, line_end(r) - r->at));
	return true;
}

void list_skip_line(struct list_reader *r)
{
	r->at = line_end(r) + 1;
}

void list_open(struct list_reader *r, struct arena *a, struct str text)
{
	*r = (struct list_reader){ .arena = a, .text = text };
	/* Excel's own first line, which names the separator: "sep=;". */
	if (text.len > 4 && str_starts_nocase(text, STR("sep=")) && strchr(",;\t|", text.s[4]) && !str_trim(str_sub(text, 5, line_end(r) - 5)).len) {
		r->separator = text.s[4];
		list_skip_line(r);
	}
}

/* The one that stands most often in the first row. */
static char separator_of(struct str line)
{
	size_t comma = 0, semicolon = 0, tab = 0;

	for (size_t i = 0; i < line.len; i++) {
		comma += line.s[i] == ',';
		semicolon += line.s[i] == ';';
		tab += line.s[i] == '\t';
	}
	return tab > comma && tab > semicolon ? '\t' : semicolon > comma ? ';' : ',';
}

/* A quoted field behind its first mark; two marks are one. */
static bool quoted(struct list_reader *r, struct str *out)
{
	size_t begin = r->at, n = 0;

	for (; r->at < r->text.len; r->at++, n++) {
		if (r->text.s[r->at] != '"')
			continue;
		if (r->at + 1 == r->text.len || r->text.s[r->at + 1] != '"')
			break;
		r->at++;
	}
	if (r->at >= r->text.len)
		return false;
	char *p = arena_alloc(r->arena, n + 1);
	for (size_t i = begin, k = 0; k < n; i++, k++) {
		p[k] = r->text.s[i];
		i += r->text.s[i] == '"';
	}
	r->at++;
	*out = str_make(p, n);
	return true;
}

bool list_next_row(struct list_reader *r, struct list_row *out)
{
	VEC(struct str) fields = { 0 };
	size_t begin = r->at;

	if (!r->separator)
		r->separator = separator_of(str_sub(r->text, r->at, line_end(r) - r->at));
	out->offset = begin;
	for (;;) {
		struct str *field = VEC_ADD(r->arena, &fields);
		*field = STR("");
		if (r->at < r->text.len && r->text.s[r->at] == '"') {
			r->at++;
			if (!quoted(r, field)) {
				r->at = r->text.len;
				return false;
			}
		}
		size_t start = r->at;
		while (r->at < r->text.len && r->text.s[r->at] != r->separator && r->text.s[r->at] != '\n')
			r->at++;
		struct str tail = str_sub(r->text, start, r->at - start);
		if (!field->len)
			*field = tail;
		else if (str_trim(tail).len) /* text behind a closed quotation */
			*field = arena_concat(r->arena, *field, tail, STR_NONE);
		if (r->at >= r->text.len || r->text.s[r->at] == '\n')
			break;
		r->at++;
	}
	r->at++;
	out->fields = fields.items;
	out->n = fields.n;
	return true;
}
