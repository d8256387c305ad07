/* After TweetNaCl (Bernstein, van Gastel, Janssen, Lange, Schwabe, Schwerdtfeger; public domain): numbers modulo 2^255 - 19 as 16 limbs of
 * 16 bits that may be a little more or less between two carries; points in extended coordinates. */
#include "io/ed25519.h"

#include <mbedtls/md.h>
#include <string.h>

typedef int64_t field[16];

struct point {
	field x, y, z, t;
};

static const field curve_d = { 0x78a3, 0x1359, 0x4dca, 0x75eb, 0xd8ab, 0x4141, 0x0a4d, 0x0070,
				 0xe898, 0x7779, 0x4079, 0x8cc7, 0xfe73, 0x2b6f, 0x6cee, 0x5203 };
static const field curve_2d = { 0xf159, 0x26b2, 0x9b94, 0xebd6, 0xb156, 0x8283, 0x149a, 0x00e0,
				 0xd130, 0xeef3, 0x80f2, 0x198e, 0xfce7, 0x56df, 0xd9dc, 0x2406 };
static const field base_x = { 0xd51a, 0x8f25, 0x2d60, 0xc956, 0xa7b2, 0x9525, 0xc760, 0x692c,
				 0xdc5c, 0xfdd6, 0xe231, 0xc0a4, 0x53fe, 0xcd6e, 0x36d3, 0x2169 };
static const field base_y = { 0x6658, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666,
				 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666 };
static const field base_t = { 0xdda3, 0xa5b7, 0x8ab3, 0x6dde, 0x52f5, 0x7751, 0x9f80, 0x20f0,
				 0xe37d, 0x64ab, 0x4e8e, 0x66ea, 0x7665, 0xd78b, 0x5f0f, 0x6787 };
static const field root_of_minus_1 = { 0xa0b0, 0x4a0e, 0x1b27, 0xc4ee, 0xe478, 0xad2f, 0x1806, 0x2f43,
				 0xd7a7, 0x3dfb, 0x0099, 0x2b4d, 0xdf0b, 0x4fc1, 0x2480, 0x2b83 };
static const field one = { 1 };

/* The order of the base point, little-endian. */
static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
				   0,	 0,    0,    0,	   0,	 0,    0,    0,	   0,	 0,    0,    0,	   0,	 0,    0,    0x10 };

/* ---- numbers modulo 2^255 - 19 */

static void carry(field o)
{
	for (int i = 0; i < 16; i++) {
		int64_t c = o[i] >> 16; /* rounds down, also below zero */
		if (i < 15)
			o[i + 1] += c;
		else
			o[0] += 38 * c;
		o[i] -= c * 65536;
	}
}

static void add(field o, const field a, const field b)
{
	for (int i = 0; i < 16; i++)
		o[i] = a[i] + b[i];
}

static void subtract(field o, const field a, const field b)
{
	for (int i = 0; i < 16; i++)
		o[i] = a[i] - b[i];
}

static void multiply(field o, const field a, const field b)
{
	int64_t t[31] = { 0 };

	for (int i = 0; i < 16; i++)
		for (int j = 0; j < 16; j++)
			t[i + j] += a[i] * b[j];
	for (int i = 0; i < 15; i++)
		t[i] += 38 * t[i + 16]; /* 2^256 is 38 */
	memcpy(o, t, sizeof(field));
	carry(o);
	carry(o);
}

/* a to the power of 2^n - k, of the forms that are needed here: all bits set, but for those of `zeros`. */
static void power(field o, const field a, int top, unsigned zeros)
{
	field c;

	memcpy(c, a, sizeof c);
	for (int i = top; i >= 0; i--) {
		multiply(c, c, c);
		if (i > 7 || !(zeros >> i & 1))
			multiply(c, c, a);
	}
	memcpy(o, c, sizeof c);
}

static void invert(field o, const field a)
{
	power(o, a, 253, 1u << 2 | 1u << 4); /* p - 2 = 2^255 - 21 */
}

/* The number's one encoding, below p. */
static void pack(uint8_t out[32], const field n)
{
	field m, t;

	memcpy(t, n, sizeof t);
	for (int i = 0; i < 3; i++)
		carry(t);
	for (int round = 0; round < 2; round++) { /* t may be up to 2 p */
		m[0] = t[0] - 0xffed;
		for (int i = 1; i < 15; i++) {
			m[i] = t[i] - 0xffff - (m[i - 1] >> 16 & 1);
			m[i - 1] &= 0xffff;
		}
		m[15] = t[15] - 0x7fff - (m[14] >> 16 & 1);
		bool below = m[15] >> 16 & 1;
		m[14] &= 0xffff;
		if (!below)
			memcpy(t, m, sizeof t);
	}
	for (int i = 0; i < 16; i++) {
		out[2 * i] = (uint8_t)(t[i] & 0xff);
		out[2 * i + 1] = (uint8_t)(t[i] >> 8);
	}
}

static bool equal(const field a, const field b)
{
	uint8_t x[32], y[32];

	pack(x, a);
	pack(y, b);
	return memcmp(x, y, sizeof x) == 0;
}

static bool is_odd(const field a)
{
	uint8_t x[32];

	pack(x, a);
	return x[0] & 1;
}

/* ---- points */

static void add_points(struct point *p, const struct point *q)
{
	field a, b, c, d, t, e, f, g, h;

	subtract(a, p->y, p->x);
	subtract(t, q->y, q->x);
	multiply(a, a, t);
	add(b, p->x, p->y);
	add(t, q->x, q->y);
	multiply(b, b, t);
	multiply(c, p->t, q->t);
	multiply(c, c, curve_2d);
	multiply(d, p->z, q->z);
	add(d, d, d);
	subtract(e, b, a);
	subtract(f, d, c);
	add(g, d, c);
	add(h, b, a);
	multiply(p->x, e, f);
	multiply(p->y, h, g);
	multiply(p->z, g, f);
	multiply(p->t, e, h);
}

static void times(struct point *out, const struct point *q, const uint8_t scalar[32])
{
	struct point p = { .y = { 1 }, .z = { 1 } };

	for (int i = 255; i >= 0; i--) {
		struct point same = p;
		add_points(&p, &same);
		if (scalar[i / 8] >> (i & 7) & 1)
			add_points(&p, q);
	}
	*out = p;
}

/* The negative of the point that is encoded (RFC 8032, 5.1.3); false where it is none. */
static bool read_negative(struct point *r, const uint8_t bytes[32])
{
	field num, den, den2, den4, den6, t, check;

	memset(r, 0, sizeof *r);
	r->z[0] = 1;
	for (int i = 0; i < 16; i++)
		r->y[i] = bytes[2 * i] + ((int64_t)bytes[2 * i + 1] << 8);
	r->y[15] &= 0x7fff;
	multiply(num, r->y, r->y);
	multiply(den, num, curve_d);
	subtract(num, num, one);
	add(den, one, den);
	multiply(den2, den, den);
	multiply(den4, den2, den2);
	multiply(den6, den4, den2);
	multiply(t, den6, num);
	multiply(t, t, den);
	power(t, t, 250, 1u << 1); /* (p - 5) / 8 = 2^252 - 3 */
	multiply(t, t, num);
	multiply(t, t, den);
	multiply(t, t, den);
	multiply(r->x, t, den);
	multiply(check, r->x, r->x);
	multiply(check, check, den);
	if (!equal(check, num))
		multiply(r->x, r->x, root_of_minus_1);
	multiply(check, r->x, r->x);
	multiply(check, check, den);
	if (!equal(check, num))
		return false;
	if (is_odd(r->x) == (bytes[31] >> 7)) {
		field zero = { 0 };
		subtract(r->x, zero, r->x);
	}
	multiply(r->t, r->x, r->y);
	return true;
}

static void pack_point(uint8_t out[32], const struct point *p)
{
	field inverse, x, y;

	invert(inverse, p->z);
	multiply(x, p->x, inverse);
	multiply(y, p->y, inverse);
	pack(out, y);
	out[31] = (uint8_t)(out[31] ^ (is_odd(x) ? 0x80 : 0));
}

/* ---- scalars */

/* 64 bytes modulo the order. */
static void reduce(uint8_t out[32], const uint8_t in[64])
{
	int64_t x[64], c;

	for (int i = 0; i < 64; i++)
		x[i] = in[i];
	for (int i = 63; i >= 32; i--) {
		int j;
		c = 0;
		for (j = i - 32; j < i - 12; j++) {
			x[j] += c - 16 * x[i] * order[j - (i - 32)];
			c = (x[j] + 128) >> 8;
			x[j] -= c * 256;
		}
		x[j] += c;
		x[i] = 0;
	}
	c = 0;
	int64_t top = x[31] >> 4;
	for (int j = 0; j < 32; j++) {
		x[j] += c - top * order[j];
		c = x[j] >> 8;
		x[j] &= 255;
	}
	for (int j = 0; j < 32; j++)
		x[j] -= c * order[j];
	for (int i = 0; i < 32; i++) {
		if (i < 31)
			x[i + 1] += x[i] >> 8;
		out[i] = (uint8_t)(x[i] & 255);
	}
}

/* Below the order: else whoever has one signature could make others of it. */
static bool is_canonical(const uint8_t s[32])
{
	for (int i = 31; i >= 0; i--)
		if (s[i] != order[i])
			return s[i] < order[i];
	return false;
}

/* SHA-512 over the three, one behind the other. */
static bool hash_of(const uint8_t r[32], const uint8_t key[32], struct str message, uint8_t out[64])
{
	const mbedtls_md_info_t *info = mbedtls_md_info_from_type(MBEDTLS_MD_SHA512);
	mbedtls_md_context_t md;

	mbedtls_md_init(&md);
	bool good = info && mbedtls_md_setup(&md, info, 0) == 0 && mbedtls_md_starts(&md) == 0 && mbedtls_md_update(&md, r, 32) == 0 &&
		    mbedtls_md_update(&md, key, 32) == 0 && mbedtls_md_update(&md, (const uint8_t *)message.s, message.len) == 0 &&
		    mbedtls_md_finish(&md, out) == 0;
	mbedtls_md_free(&md);
	return good;
}

bool ed25519_verify(struct str key, struct str message, struct str signature)
{
	const uint8_t *r = (const uint8_t *)signature.s, *k = (const uint8_t *)key.s;
	struct point a, b = { .z = { 1 } }, from_key, from_base;
	uint8_t hash[64], h[32], now[32];

	if (key.len != 32 || signature.len != 64 || !is_canonical(r + 32) || !read_negative(&a, k) || !hash_of(r, k, message, hash))
		return false;
	reduce(h, hash);
	memcpy(b.x, base_x, sizeof b.x);
	memcpy(b.y, base_y, sizeof b.y);
	memcpy(b.t, base_t, sizeof b.t);
	times(&from_key, &a, h);
	times(&from_base, &b, r + 32);
	add_points(&from_key, &from_base);
	pack_point(now, &from_key);
	return memcmp(now, r, sizeof now) == 0;
}
