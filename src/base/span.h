/* How far a text goes on without the bytes that a parser has to look at: sixteen bytes at a time where the processor tells them apart at once
 * (SSE2), else eight or one. Every function takes the text, where to begin and where to end, and gives the place of the first byte that stops
 * it, or `end`. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include "base/str.h"

#ifdef __SSE2__
typedef uint8_t __attribute__((vector_size(16), may_alias, aligned(1))) span_chunk;

static inline span_chunk span_all(char c)
{
	uint8_t b = (uint8_t)c;

	return (span_chunk){ b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b };
}

/* A bit for each byte of which the lanes are set. */
static inline unsigned span_bits(span_chunk lanes)
{
	typedef char __attribute__((vector_size(16))) signs;

	return (unsigned)__builtin_ia32_pmovmskb128((signs)lanes);
}
#endif

/* To the next quote, backslash or control character of a JSON string. */
static inline size_t span_string(const char *s, size_t at, size_t end)
{
#ifdef __SSE2__
	for (; end - at >= 16; at += 16) {
		span_chunk x = *(const span_chunk *)(const void *)(s + at);
		unsigned hit = span_bits((span_chunk)(x == span_all('"')) | (span_chunk)(x == span_all('\\')) | (span_chunk)(x < span_all(0x20)));
		if (hit)
			return at + (unsigned)__builtin_ctz(hit);
	}
#else /* the "has a byte less than / equal" tricks of Anderson's Bit Twiddling Hacks */
	const uint64_t ones = 0x0101010101010101ull, highs = 0x8080808080808080ull;
	while (end - at >= 8) {
		uint64_t w;
		memcpy(&w, s + at, 8);
		uint64_t q = w ^ (ones * '"'), b = w ^ (ones * '\\');
		uint64_t hit = ((q - ones) & ~q) | ((b - ones) & ~b) | ((w - ones * 0x20) & ~w);
		if (hit & highs)
			break;
		at += 8;
	}
#endif
	while (at < end && s[at] != '"' && s[at] != '\\' && (unsigned char)s[at] >= 0x20)
		at++;
	return at;
}

/* To the next of three bytes (two: give one of them twice). */
static inline size_t span_until(const char *s, size_t at, size_t end, char x, char y, char z)
{
#ifdef __SSE2__
	for (; end - at >= 16; at += 16) {
		span_chunk c = *(const span_chunk *)(const void *)(s + at);
		unsigned hit = span_bits((span_chunk)(c == span_all(x)) | (span_chunk)(c == span_all(y)) | (span_chunk)(c == span_all(z)));
		if (hit)
			return at + (unsigned)__builtin_ctz(hit);
	}
#endif
	while (at < end && s[at] != x && s[at] != y && s[at] != z)
		at++;
	return at;
}

/* Over blanks, tabs, line feeds and carriage returns. */
static inline size_t span_blanks(const char *s, size_t at, size_t end)
{
	if (at < end && (unsigned char)s[at] > ' ') /* the usual case */
		return at;
#ifdef __SSE2__
	for (; end - at >= 16; at += 16) {
		span_chunk c = *(const span_chunk *)(const void *)(s + at);
		unsigned blank = span_bits((span_chunk)(c == span_all(' ')) | (span_chunk)(c == span_all('\n')) | (span_chunk)(c == span_all('\r')) |
					   (span_chunk)(c == span_all('\t')));
		if (blank != 0xffff)
			return at + (unsigned)__builtin_ctz(~blank);
	}
#endif
	while (at < end && (s[at] == ' ' || s[at] == '\n' || s[at] == '\r' || s[at] == '\t'))
		at++;
	return at;
}

/* To the next control character but tab and line feed. */
static inline size_t span_printable(const char *s, size_t at, size_t end)
{
#ifdef __SSE2__
	for (; end - at >= 16; at += 16) {
		span_chunk c = *(const span_chunk *)(const void *)(s + at);
		unsigned hit = span_bits(((span_chunk)(c < span_all(0x20)) & ~((span_chunk)(c == span_all('\n')) | (span_chunk)(c == span_all('\t')))) |
					 (span_chunk)(c == span_all(0x7f)));
		if (hit)
			return at + (unsigned)__builtin_ctz(hit);
	}
#endif
	while (at < end && ((unsigned char)s[at] >= 0x20 ? s[at] != 0x7f : s[at] == '\n' || s[at] == '\t'))
		at++;
	return at;
}

#endif
