#include "base/shown.h"

#include "base/buf.h"

uint32_t shown_code_point(struct str s, size_t *len)
{
	static const uint8_t masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	unsigned char c = (unsigned char)s.s[0];
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	*len = 0;
	if (n > s.len || str_utf8_valid(str_sub(s, 0, n)) != n)
		return 0;
	uint32_t u = c & masks[n];
	for (size_t i = 1; i < n; i++)
		u = u << 6 | ((unsigned char)s.s[i] & 0x3f);
	*len = n;
	return u;
}

bool shown_hides(uint32_t u)
{
	return u < 0x20 || (u >= 0x7f && u < 0xa0) || u == 0x2028 || u == 0x2029 || (u >= 0x200b && u <= 0x200f) ||
	       (u >= 0x202a && u <= 0x202e) || (u >= 0x2060 && u <= 0x2069) || u == 0xfeff || (u >= 0xe0000 && u <= 0xe007f);
}

struct str shown_text(struct arena *a, struct str s)
{
	size_t at = 0, n;
	struct buf out;

	while (at < s.len && (unsigned char)s.s[at] >= 0x20 && (unsigned char)s.s[at] < 0x7f)
		at++;
	if (at == s.len)
		return s;
	buf_init(&out, 0);
	buf_add(&out, str_sub(s, 0, at));
	for (; at < s.len; at += n ? n : 1) {
		uint32_t u = shown_code_point(str_from(s, at), &n);
		if (!n)
			buf_printf(&out, "\\x%02x", (unsigned char)s.s[at]);
		else if (shown_hides(u))
			buf_printf(&out, u < 0x100 ? "\\x%02x" : "\\u{%x}", u);
		else
			buf_add(&out, str_sub(s, at, n));
	}
	struct str text = arena_str(a, buf_str(&out));
	buf_free(&out);
	return text;
}
