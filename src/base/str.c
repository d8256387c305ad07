#include "base/str.h"

int str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int d = n ? memcmp(a.s, b.s, n) : 0;

	if (d)
		return d;
	return a.len < b.len ? -1 : a.len > b.len;
}

int str_cmp_nocase(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < n; i++) {
		unsigned char x = (unsigned char)ascii_lower(a.s[i]), y = (unsigned char)ascii_lower(b.s[i]);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return a.len < b.len ? -1 : a.len > b.len;
}

bool str_eq_nocase(struct str a, struct str b)
{
	return a.len == b.len && (str_eq(a, b) || str_cmp_nocase(a, b) == 0);
}

bool str_starts_nocase(struct str a, struct str prefix)
{
	return a.len >= prefix.len && str_eq_nocase(str_sub(a, 0, prefix.len), prefix);
}

bool str_has(struct str a, struct str part)
{
	return str_find(a, part, 0) != STR_NOT_FOUND;
}

size_t str_find(struct str a, struct str part, size_t from)
{
	if (part.len == 0)
		return from <= a.len ? from : STR_NOT_FOUND;
	while (from < a.len && a.len - from >= part.len) {
		const char *p = memchr(a.s + from, part.s[0], a.len - from - part.len + 1);
		if (!p)
			return STR_NOT_FOUND;
		from = (size_t)(p - a.s);
		if (memcmp(p, part.s, part.len) == 0)
			return from;
		from++;
	}
	return STR_NOT_FOUND;
}

struct str str_trim(struct str a)
{
	while (a.len && ascii_blank(a.s[0])) {
		a.s++;
		a.len--;
	}
	while (a.len && ascii_blank(a.s[a.len - 1]))
		a.len--;
	return a;
}

struct str str_cut(struct str *rest, char sep)
{
	size_t at = str_chr(*rest, sep);
	struct str part = *rest;

	if (at == STR_NOT_FOUND) {
		*rest = STR_NONE;
		return part;
	}
	part.len = at;
	*rest = str_from(*rest, at + 1);
	return part;
}

bool str_to_u64(struct str a, uint64_t *out)
{
	uint64_t n = 0;

	if (a.len == 0)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		unsigned d = (unsigned)(a.s[i] - '0');
		if (!ascii_digit(a.s[i]) || n > (UINT64_MAX - d) / 10)
			return false;
		n = n * 10 + d;
	}
	*out = n;
	return true;
}

uint64_t str_hash(struct str a)
{
	uint64_t h = 14695981039346656037ull;

	for (size_t i = 0; i < a.len; i++)
		h = (h ^ (unsigned char)a.s[i]) * 1099511628211ull;
	return h;
}

/* Length of the well-formed sequence at p (n bytes left), 0 where there is none. Table 3-7 of the Unicode standard. */
static size_t utf8_sequence(const unsigned char *p, size_t n)
{
	unsigned char lo = 0x80, hi = 0xbf;
	size_t len;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		len = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		len = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (p[0] == 0xe0)
		lo = 0xa0;
	else if (p[0] == 0xed)
		hi = 0x9f;
	else if (p[0] == 0xf0)
		lo = 0x90;
	else if (p[0] == 0xf4)
		hi = 0x8f;
	if (n < len || p[1] < lo || p[1] > hi)
		return 0;
	for (size_t i = 2; i < len; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return len;
}

size_t str_utf8_valid(struct str a)
{
	size_t i = 0;

	while (i < a.len) {
		/* Most text is ASCII: 32 bytes at a time, then eight. */
		uint64_t word, words[4];
		while (a.len - i >= 32 && (memcpy(words, a.s + i, 32), ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080ull) == 0))
			i += 32;
		while (a.len - i >= 8 && (memcpy(&word, a.s + i, 8), (word & 0x8080808080808080ull) == 0))
			i += 8;
		if (i >= a.len)
			break;
		size_t n = utf8_sequence((const unsigned char *)a.s + i, a.len - i);
		if (n == 0)
			return i;
		i += n;
	}
	return a.len;
}

/* Sixteen bytes at a time; a lane counts at most 255 before its sum is taken. */
bool str_one_of(struct str list, struct str word)
{
	while (list.s)
		if (str_eq(str_cut(&list, '|'), word))
			return true;
	return false;
}

size_t str_count(struct str a, char c)
{
	typedef uint8_t __attribute__((vector_size(16), may_alias, aligned(1))) chunk;
	uint8_t byte = (uint8_t)c;
	chunk all = { byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte };
	size_t found = 0, i = 0;

	while (a.len - i >= 16) {
		chunk lanes = { 0 };
		for (unsigned k = 0; k < 255 && a.len - i >= 16; k++, i += 16)
			lanes -= (chunk)(*(const chunk *)(const void *)(a.s + i) == all);
#ifdef __SSE2__
		typedef char __attribute__((vector_size(16))) bytes;
		typedef uint64_t __attribute__((vector_size(16))) sums;
		sums two = (sums)__builtin_ia32_psadbw128((bytes)lanes, (bytes){ 0 });
		found += two[0] + two[1];
#else
		for (unsigned k = 0; k < 16; k++)
			found += lanes[k];
#endif
	}
	for (; i < a.len; i++)
		found += a.s[i] == c;
	return found;
}
