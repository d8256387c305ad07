/* Strings as pointer and length. A struct str owns nothing: whoever made the bytes (an arena, an input, a literal) keeps
 * them alive. The bytes need no NUL at the end, and may hold one only where a reader says so. "Absent" is s == NULL. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *s;
	size_t len;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
/* The two arguments of a "%.*s". */
#define STR_ARG(x) ((int)((x).len)), ((x).s ? (x).s : "")
#define STR_NOT_FOUND SIZE_MAX

/* The string of a NUL-terminated C string; NULL gives the absent string. */
static inline struct str str_of(const char *c)
{
	return c ? (struct str){ c, strlen(c) } : STR_NONE;
}

static inline struct str str_make(const char *s, size_t len)
{
	return (struct str){ s, len };
}

/* Eight bytes at a time: musl's memcmp goes byte by byte. */
static inline bool str_eq(struct str a, struct str b)
{
	size_t i = 0;

	if (a.len != b.len)
		return false;
	for (; a.len - i >= 8; i += 8) {
		uint64_t x, y;
		memcpy(&x, a.s + i, 8);
		memcpy(&y, b.s + i, 8);
		if (x != y)
			return false;
	}
	for (; i < a.len; i++)
		if (a.s[i] != b.s[i])
			return false;
	return true;
}

/* memcpy for texts, which are short: musl's begins with an instruction that takes longer than they do. */
static inline void str_copy(char *to, const char *from, size_t n)
{
	uint64_t x;

	if (n > 32) {
		memcpy(to, from, n);
		return;
	}
	while (n >= 8) {
		memcpy(&x, from, 8);
		memcpy(to, &x, 8);
		to += 8;
		from += 8;
		n -= 8;
	}
	if (n >= 4) { /* two that overlap */
		uint32_t a, b;
		memcpy(&a, from, 4);
		memcpy(&b, from + n - 4, 4);
		memcpy(to, &a, 4);
		memcpy(to + n - 4, &b, 4);
		return;
	}
	while (n--)
		*to++ = *from++;
}

static inline bool str_is(struct str a, const char *c)
{
	if (a.len && a.s[0] != c[0]) /* walks over tables end here, mostly, without a strlen */
		return false;
	return str_eq(a, str_of(c));
}

/* Byte order, shorter first where one is the other's start: <0, 0, >0. */
int str_cmp(struct str a, struct str b);
/* ASCII case is ignored; bytes past 127 compare as they are. */
bool str_eq_nocase(struct str a, struct str b);
int str_cmp_nocase(struct str a, struct str b);
bool str_starts_nocase(struct str a, struct str prefix);
bool str_has(struct str a, struct str part);
/* Offset of the first (last) c, or STR_NOT_FOUND. */
static inline size_t str_chr(struct str a, char c)
{
	const char *p = a.len ? (const char *)memchr(a.s, c, a.len) : NULL;

	return p ? (size_t)(p - a.s) : STR_NOT_FOUND;
}
static inline size_t str_rchr(struct str a, char c)
{
	for (size_t i = a.len; i > 0; i--)
		if (a.s[i - 1] == c)
			return i - 1;
	return STR_NOT_FOUND;
}
/* The folder of a path with '/': what stands before the last of them; empty where there is none. */
static inline struct str str_folder(struct str path)
{
	size_t slash = str_rchr(path, '/');

	return slash == STR_NOT_FOUND ? (struct str){ "", 0 } : (struct str){ path.s, slash };
}
/* Is it one of a list of words with '|' between them? */
bool str_one_of(struct str list, struct str word);
/* How often c stands in it. */
size_t str_count(struct str a, char c);
/* Offset of the first `part` at or after `from`, or STR_NOT_FOUND. */
size_t str_find(struct str a, struct str part, size_t from);
/* The part from `from` of at most `len` bytes, clamped to a. */
static inline struct str str_sub(struct str a, size_t from, size_t len)
{
	if (from > a.len)
		from = a.len;
	if (len > a.len - from)
		len = a.len - from;
	return (struct str){ a.s ? a.s + from : NULL, len };
}
static inline struct str str_from(struct str a, size_t from)
{
	return str_sub(a, from, SIZE_MAX);
}
static inline bool str_starts(struct str a, struct str prefix)
{
	return a.len >= prefix.len && str_eq(str_make(a.s, prefix.len), prefix);
}
static inline bool str_ends(struct str a, struct str suffix)
{
	return a.len >= suffix.len && (!suffix.len || str_eq(str_make(a.s + a.len - suffix.len, suffix.len), suffix));
}
/* Without blanks (space, tab, CR, LF, FF, VT) at both ends. */
struct str str_trim(struct str a);
/* Cuts `rest` at the first `sep`: returns the part before and leaves the part after in *rest. At the end *rest becomes
 * absent (s == NULL), so `while (rest.s) { part = str_cut(&rest, ','); … }` sees every part, empty ones too. */
struct str str_cut(struct str *rest, char sep);
/* Decimal digits only, no sign, no blank; false where it is none or does not fit. */
bool str_to_u64(struct str a, uint64_t *out);
/* 64-bit FNV-1a; stable across runs and machines. */
uint64_t str_hash(struct str a);
/* Valid UTF-8 without surrogates and over-long forms (RFC 3629)? Returns the offset of the first bad byte, or a.len. */
size_t str_utf8_valid(struct str a);

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}
static inline bool ascii_digit(char c)
{
	return c >= '0' && c <= '9';
}
static inline bool ascii_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool ascii_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}
static inline int ascii_hex(char c)
{
	return ascii_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

#endif
