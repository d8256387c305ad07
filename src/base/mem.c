/* memchr, memcmp, memcpy and memmove for the static build. musl's go byte by byte, word by word or begin with an instruction that takes
 * longer than most of our texts; in a profile of reading lockfiles they were half of all time, also inside libyaml and expat. The
 * linker takes these in place of libc.a's. With glibc, whose own are chosen for the processor, this file is empty.
 *
 * They also run before the program has relocated itself, so: no table, no call, no stack protector. */
#include <stddef.h>

#ifndef __GLIBC__
#include <stdint.h>

#ifdef __clang__
#define PLAIN __attribute__((no_builtin, no_stack_protector))
#else
#define PLAIN __attribute__((optimize("no-tree-loop-distribute-patterns"), no_stack_protector))
#endif

typedef uint64_t __attribute__((may_alias, aligned(1))) word;
typedef uint32_t __attribute__((may_alias, aligned(1))) half;
typedef uint16_t __attribute__((may_alias, aligned(1))) quarter;
typedef uint8_t __attribute__((vector_size(16), may_alias, aligned(1))) chunk;
typedef uint64_t __attribute__((vector_size(16))) pair;

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);

/* Up to 32 bytes: everything is read before anything is written, so the two may overlap. */
static inline __attribute__((always_inline)) void copy_short(uint8_t *d, const uint8_t *s, size_t n)
{
	if (n >= 16) {
		chunk x = *(const chunk *)s, y = *(const chunk *)(s + n - 16);
		*(chunk *)d = x;
		*(chunk *)(d + n - 16) = y;
	} else if (n >= 8) {
		word x = *(const word *)s, y = *(const word *)(s + n - 8);
		*(word *)d = x;
		*(word *)(d + n - 8) = y;
	} else if (n >= 4) {
		half x = *(const half *)s, y = *(const half *)(s + n - 4);
		*(half *)d = x;
		*(half *)(d + n - 4) = y;
	} else if (n >= 2) {
		quarter x = *(const quarter *)s, y = *(const quarter *)(s + n - 2);
		*(quarter *)d = x;
		*(quarter *)(d + n - 2) = y;
	} else if (n) {
		*d = *s;
	}
}

PLAIN void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	uint8_t *d = to;
	const uint8_t *s = from;

	if (n <= 32) {
		copy_short(d, s, n);
		return to;
	}
#ifdef __x86_64__
	if (n >= 2048) {
		void *p = to;
		__asm__ volatile("rep movsb" : "+D"(p), "+S"(from), "+c"(n) : : "memory");
		return to;
	}
#endif
	chunk x = *(const chunk *)(s + n - 32), y = *(const chunk *)(s + n - 16);
	uint8_t *end = d + n - 32;
	for (; d < end; d += 32, s += 32) {
		chunk v = *(const chunk *)s, w = *(const chunk *)(s + 16);
		*(chunk *)d = v;
		*(chunk *)(d + 16) = w;
	}
	*(chunk *)end = x;
	*(chunk *)(end + 16) = y;
	return to;
}

PLAIN void *memmove(void *to, const void *from, size_t n)
{
	uint8_t *d = to;
	const uint8_t *s = from;

	if (n <= 32) {
		copy_short(d, s, n);
	} else if (d < s) { /* forward: what is read has not been written yet; the tail is kept aside */
		chunk x = *(const chunk *)(s + n - 32), y = *(const chunk *)(s + n - 16);
		uint8_t *end = d + n - 32;
		for (; d < end; d += 32, s += 32) {
			chunk v = *(const chunk *)s, w = *(const chunk *)(s + 16);
			*(chunk *)d = v;
			*(chunk *)(d + 16) = w;
		}
		*(chunk *)end = x;
		*(chunk *)(end + 16) = y;
	} else if (d > s) { /* backward, the head kept aside */
		chunk x = *(const chunk *)s, y = *(const chunk *)(s + 16);
		size_t left = n;
		for (; left > 32; left -= 32) {
			chunk v = *(const chunk *)(s + left - 32), w = *(const chunk *)(s + left - 16);
			*(chunk *)(d + left - 32) = v;
			*(chunk *)(d + left - 16) = w;
		}
		*(chunk *)d = x;
		*(chunk *)(d + 16) = y;
	}
	return to;
}

PLAIN int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a, *y = b;

	while (n >= 8) {
		word v = *(const word *)x, w = *(const word *)y;
		if (v != w) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			v = __builtin_bswap64(v);
			w = __builtin_bswap64(w);
#endif
			return v < w ? -1 : 1;
		}
		x += 8;
		y += 8;
		n -= 8;
	}
	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

/* Nonzero where a byte of the chunk is set. */
static inline __attribute__((always_inline, unused)) uint64_t any(chunk m)
{
	pair p = (pair)m;

	return p[0] | p[1];
}

PLAIN void *memchr(const void *s, int c, size_t n)
{
	const uint8_t *p = s;
	uint8_t byte = (uint8_t)c;
	chunk all = { byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte, byte };

	for (; n >= 16; p += 16, n -= 16) {
#ifdef __x86_64__
		typedef char __attribute__((vector_size(16))) signs;
		unsigned hit = (unsigned)__builtin_ia32_pmovmskb128((signs)(*(const chunk *)p == all));
		if (hit)
			return (void *)(uintptr_t)(p + __builtin_ctz(hit));
#else
		if (any((chunk)(*(const chunk *)p == all)))
			break;
#endif
	}
	for (; n; n--, p++)
		if (*p == byte)
			return (void *)(uintptr_t)p;
	return NULL;
}
#endif
