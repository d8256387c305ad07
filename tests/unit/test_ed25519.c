#include "io/certificate.h"
#include "io/ed25519.h"

#include "test.h"

static struct str hex(struct arena *a, const char *s)
{
	size_t n = strlen(s) / 2;
	char *p = arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i++)
		p[i] = (char)(ascii_hex(s[2 * i]) << 4 | ascii_hex(s[2 * i + 1]));
	return str_make(p, n);
}

/* RFC 8032, 7.1: TEST 1, 2 and 3. */
static const struct { const char *key, *message, *signature; } known[] = {
	{ "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
	  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
	{ "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
	  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
	{ "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
	  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
};

static void known_answers(void)
{
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		CHECK(ed25519_verify(hex(a, known[i].key), hex(a, known[i].message), hex(a, known[i].signature)));
	arena_free(a);
}

/* No other bit of key, message and signature fits. */
static void flipped(void)
{
	struct arena *a = arena_new(0);
	struct str key = hex(a, known[2].key), message = hex(a, known[2].message), signature = hex(a, known[2].signature);
	struct str parts[] = { key, message, signature };

	for (size_t p = 0; p < 3; p++)
		for (size_t i = 0; i < parts[p].len * 8; i++) {
			char *byte = (char *)(uintptr_t)parts[p].s + i / 8;
			*byte = (char)(*byte ^ (1 << (i % 8)));
			CHECK(!ed25519_verify(key, message, signature));
			*byte = (char)(*byte ^ (1 << (i % 8)));
		}
	CHECK(ed25519_verify(key, message, signature));
	for (size_t n = 0; n < 64; n++)
		CHECK(!ed25519_verify(key, message, str_sub(signature, 0, n)));
	CHECK(!ed25519_verify(str_sub(key, 0, 31), message, signature));
	arena_free(a);
}

/* S + L is the same number, but another signature: refused (RFC 8032, 5.1.7). */
static void not_canonical(void)
{
	static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };
	struct arena *a = arena_new(0);

	for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
		struct str signature = hex(a, known[k].signature);
		uint8_t *s = (uint8_t *)(uintptr_t)signature.s + 32;
		for (int i = 0, carry = 0; i < 32; i++) {
			carry += s[i] + order[i];
			s[i] = (uint8_t)carry;
			carry >>= 8;
		}
		CHECK(!ed25519_verify(hex(a, known[k].key), hex(a, known[k].message), signature));
	}
	arena_free(a);
}

/* The points of an order of 8 or less, in every encoding: a signature by such a "key" can be made for many messages, or all, by whoever likes. */
static void small_order(void)
{
	static const char *const points[] = {
		"0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000080",
		"0100000000000000000000000000000000000000000000000000000000000000", "0100000000000000000000000000000000000000000000000000000000000080",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	};
	static const char *const messages[] = { "", "00", "01", "02", "03", "04", "05", "06", "07", "08" };
	struct arena *a = arena_new(0);
	size_t good = 0;

	for (size_t key = 0; key < sizeof points / sizeof *points; key++)
		for (size_t r = 0; r < sizeof points / sizeof *points; r++)
			for (size_t m = 0; m < sizeof messages / sizeof *messages; m++)
				good += ed25519_verify(hex(a, points[key]), hex(a, messages[m]), arena_concat(a, hex(a, points[r]), hex(a, points[0]), STR_NONE));
	CHECK_INT(good, 0);
	arena_free(a);
}

/* As a SubjectPublicKeyInfo (RFC 8410), as transparency logs state it. */
static void as_public_key(void)
{
	struct arena *a = arena_new(0);
	struct str head = hex(a, "302a300506032b6570032100"), key = arena_concat(a, head, hex(a, known[1].key), STR_NONE);

	CHECK(public_key_valid(key));
	CHECK(public_key_verify(key, hex(a, known[1].message), hex(a, known[1].signature)));
	CHECK(!public_key_verify(key, STR("other"), hex(a, known[1].signature)));
	CHECK(!public_key_valid(str_sub(key, 0, key.len - 1)));
	CHECK(!public_key_valid(arena_concat(a, key, STR("x"), STR_NONE)));
	arena_free(a);
}

TEST_MAIN(TEST_CASE(known_answers), TEST_CASE(flipped), TEST_CASE(not_canonical), TEST_CASE(small_order), TEST_CASE(as_public_key))
