#include "io/der.h"

#include <mbedtls/asn1.h>

struct str der_take(struct str *at, int tag)
{
	unsigned char *p = (unsigned char *)(uintptr_t)at->s;
	const unsigned char *end = p + at->len;
	size_t len;

	if (!at->len || mbedtls_asn1_get_tag(&p, end, &len, tag) != 0)
		return STR_NONE;
	struct str content = str_make((char *)p, len);
	at->len = (size_t)(end - (p + len));
	at->s = (char *)p + len;
	return content;
}

struct str der_skip(struct str *at)
{
	struct str before = *at;

	if (!at->len || !der_take(at, (unsigned char)at->s[0]).s)
		return STR_NONE;
	return str_sub(before, 0, before.len - at->len);
}

struct str der_wrap(struct arena *a, int tag, struct str content)
{
	char head[2 + sizeof(size_t)] = { (char)tag };
	size_t n = 2;

	if (content.len < 0x80) {
		head[1] = (char)content.len;
	} else {
		unsigned bytes = 0;
		for (size_t rest = content.len; rest; rest >>= 8)
			bytes++;
		head[1] = (char)(0x80 | bytes);
		for (unsigned i = bytes; i > 0; i--)
			head[n++] = (char)(content.len >> (8 * (i - 1)));
	}
	return arena_concat(a, str_make(head, n), content, STR_NONE);
}
