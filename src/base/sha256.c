#include "base/sha256.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define HAVE_SHA_NI 1
#endif

static const uint32_t K[64] __attribute__((aligned(16))) = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
	0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
	0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t rotr(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static inline uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put_be32(uint8_t *p, uint32_t x)
{
	p[0] = (uint8_t)(x >> 24);
	p[1] = (uint8_t)(x >> 16);
	p[2] = (uint8_t)(x >> 8);
	p[3] = (uint8_t)x;
}

static void blocks_plain(uint32_t h[8], const uint8_t *p, size_t n)
{
	for (; n; n--, p += 64) {
		uint32_t w[64], s[8];
		for (int i = 0; i < 16; i++)
			w[i] = be32(p + i * 4);
		for (int i = 16; i < 64; i++) {
			uint32_t s0 = rotr(w[i - 15], 7) ^ rotr(w[i - 15], 18) ^ w[i - 15] >> 3;
			uint32_t s1 = rotr(w[i - 2], 17) ^ rotr(w[i - 2], 19) ^ w[i - 2] >> 10;
			w[i] = w[i - 16] + s0 + w[i - 7] + s1;
		}
		memcpy(s, h, sizeof s);
		for (int i = 0; i < 64; i++) {
			uint32_t t1 = s[7] + (rotr(s[4], 6) ^ rotr(s[4], 11) ^ rotr(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) +
				      K[i] + w[i];
			uint32_t t2 = (rotr(s[0], 2) ^ rotr(s[0], 13) ^ rotr(s[0], 22)) +
				      ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
			memmove(s + 1, s, 7 * sizeof *s);
			s[4] += t1;
			s[0] = t1 + t2;
		}
		for (int i = 0; i < 8; i++)
			h[i] += s[i];
	}
}

#ifdef HAVE_SHA_NI
/* The rounds with the SHA extensions (Intel, "New Instructions Supporting the Secure Hash Algorithm", 2013): four rounds a
 * step, the state held as ABEF and CDGH. */
__attribute__((target("sha,sse4.1,ssse3"))) static void blocks_sha_ni(uint32_t h[8], const uint8_t *p, size_t n)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bll, 0x0405060700010203ll);
	__m128i t = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)&h[0]), 0xb1);
	__m128i s1 = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)&h[4]), 0x1b);
	__m128i s0 = _mm_alignr_epi8(t, s1, 8);
	s1 = _mm_blend_epi16(s1, t, 0xf0);

	for (; n; n--, p += 64) {
		__m128i save0 = s0, save1 = s1, w[4];
		for (int i = 0; i < 16; i++) {
			if (i < 4) {
				w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(p + i * 16)), swap);
			} else {
				__m128i x = _mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]);
				x = _mm_add_epi32(x, _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
				w[i & 3] = _mm_sha256msg2_epu32(x, w[(i + 3) & 3]);
			}
			__m128i m = _mm_add_epi32(w[i & 3], _mm_load_si128((const __m128i *)&K[i * 4]));
			s1 = _mm_sha256rnds2_epu32(s1, s0, m);
			s0 = _mm_sha256rnds2_epu32(s0, s1, _mm_shuffle_epi32(m, 0x0e));
		}
		s0 = _mm_add_epi32(s0, save0);
		s1 = _mm_add_epi32(s1, save1);
	}
	t = _mm_shuffle_epi32(s0, 0x1b);
	s1 = _mm_shuffle_epi32(s1, 0xb1);
	s0 = _mm_blend_epi16(t, s1, 0xf0);
	s1 = _mm_alignr_epi8(s1, t, 8);
	_mm_storeu_si128((__m128i *)&h[0], s0);
	_mm_storeu_si128((__m128i *)&h[4], s1);
}

static int cpu_has_sha(void)
{
	unsigned a = 7, b = 0, c = 0, d = 0;
	__asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return (b >> 29 & 1) && __builtin_cpu_supports("sse4.1");
}
#endif

static void blocks(uint32_t h[8], const uint8_t *p, size_t n)
{
#ifdef HAVE_SHA_NI
	static int has = -1;
	if (has < 0)
		has = cpu_has_sha();
	if (has) {
		blocks_sha_ni(h, p, n);
		return;
	}
#endif
	blocks_plain(h, p, n);
}

void sha256_init(struct sha256 *c)
{
	*c = (struct sha256){ .state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
					 0x5be0cd19 } };
}

void sha256_add(struct sha256 *c, const void *data, size_t n)
{
	const uint8_t *p = data;
	size_t have = c->len & 63;

	if (!n)
		return;
	c->len += n;
	if (have) {
		size_t take = 64 - have < n ? 64 - have : n;
		memcpy(c->block + have, p, take);
		p += take;
		n -= take;
		if (have + take < 64)
			return;
		blocks(c->state, c->block, 1);
	}
	blocks(c->state, p, n / 64);
	memcpy(c->block, p + (n & ~(size_t)63), n & 63);
}

void sha256_end(struct sha256 *c, uint8_t out[32])
{
	uint64_t bits = c->len * 8;
	size_t have = c->len & 63, pad = (have < 56 ? 56 : 120) - have;
	uint8_t tail[72] = { 0x80 };

	put_be32(tail + pad, (uint32_t)(bits >> 32));
	put_be32(tail + pad + 4, (uint32_t)bits);
	sha256_add(c, tail, pad + 8);
	for (int i = 0; i < 8; i++)
		put_be32(out + i * 4, c->state[i]);
}

void sha256_of(struct str data, uint8_t out[32])
{
	struct sha256 c;

	sha256_init(&c);
	sha256_add(&c, data.s, data.len);
	sha256_end(&c, out);
}

void hex_write(const uint8_t *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t i = 0;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	for (; n - i >= 4; i += 4) { /* eight half-bytes side by side; those above 9 move on from '9' to 'a' */
		uint32_t four;
		memcpy(&four, bytes + i, 4);
		uint64_t x = (four | (uint64_t)four << 16) & 0x0000ffff0000ffffull;
		x = (x | x << 8) & 0x00ff00ff00ff00ffull;
		x = (x >> 4 & 0x000f000f000f000full) | (x & 0x000f000f000f000full) << 8;
		x += 0x3030303030303030ull + ((x + 0x0606060606060606ull) >> 4 & 0x0101010101010101ull) * ('a' - '0' - 10);
		memcpy(out + i * 2, &x, 8);
	}
#endif
	for (; i < n; i++) {
		out[i * 2] = digits[bytes[i] >> 4];
		out[i * 2 + 1] = digits[bytes[i] & 15];
	}
}

struct str hex_of(struct arena *a, const uint8_t *bytes, size_t n)
{
	char *p = arena_alloc(a, n * 2 + 1);

	hex_write(bytes, n, p);
	return (struct str){ p, n * 2 };
}

struct str sha256_hex(struct arena *a, struct str data)
{
	uint8_t sum[32];

	sha256_of(data, sum);
	return hex_of(a, sum, sizeof sum);
}

static void sha1_block(uint32_t h[5], const uint8_t *p)
{
	uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];

	for (int i = 0; i < 16; i++)
		w[i] = be32(p + i * 4);
	for (int i = 16; i < 80; i++)
		w[i] = rotr(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 31);
	for (int i = 0; i < 80; i++) {
		uint32_t f = i < 20 ? ((b & c) | (~b & d)) + 0x5a827999u :
			     i < 40 ? (b ^ c ^ d) + 0x6ed9eba1u :
			     i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcu :
				      (b ^ c ^ d) + 0xca62c1d6u;
		uint32_t t = rotr(a, 27) + f + e + w[i];
		e = d;
		d = c;
		c = rotr(b, 2);
		b = a;
		a = t;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

void sha1_of(struct str data, uint8_t out[20])
{
	uint32_t h[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };
	const uint8_t *p = (const uint8_t *)data.s;
	size_t full = data.len / 64, rest = data.len & 63;
	uint8_t tail[128] = { 0 };
	size_t tail_len = rest < 56 ? 64 : 128;

	for (size_t i = 0; i < full; i++)
		sha1_block(h, p + i * 64);
	if (rest)
		memcpy(tail, p + full * 64, rest);
	tail[rest] = 0x80;
	put_be32(tail + tail_len - 8, (uint32_t)((uint64_t)data.len >> 29));
	put_be32(tail + tail_len - 4, (uint32_t)((uint64_t)data.len << 3));
	for (size_t i = 0; i < tail_len; i += 64)
		sha1_block(h, tail + i);
	for (int i = 0; i < 5; i++)
		put_be32(out + i * 4, h[i]);
}
