#include "base/base64.h"

void base64_encode(struct buf *out, struct str bytes)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t have = bytes.len - i < 3 ? bytes.len - i : 3;
		uint32_t v = 0;
		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (k < have ? (unsigned char)bytes.s[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_addc(out, k <= have ? letters[v >> (18 - 6 * k) & 63] : '=');
	}
}

struct str base64_decode(struct arena *a, struct str text, bool blanks)
{
	char *out = arena_alloc(a, text.len / 4 * 3 + 4);
	uint32_t bits = 0;
	size_t n = 0, have = 0, digits = 0;
	bool ended = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.s[i];
		int v = c >= 'A' && c <= 'Z' ? c - 'A' :
			c >= 'a' && c <= 'z' ? c - 'a' + 26 :
			ascii_digit(c)	     ? c - '0' + 52 :
			c == '+' || c == '-' ? 62 :
			c == '/' || c == '_' ? 63 :
					       -1;
		if (blanks && ascii_blank(c))
			continue;
		if (c == '=') {
			ended = true;
			continue;
		}
		if (v < 0 || ended)
			return STR_NONE;
		digits++;
		bits = bits << 6 | (uint32_t)v;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (char)(bits >> have);
			bits &= (1u << have) - 1;
		}
	}
	return digits % 4 == 1 ? STR_NONE : str_make(out, n);
}
