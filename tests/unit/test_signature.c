#include "io/signature.h"

#include "test.h"

/* RFC 6979, appendix A.2.5: P-256 with SHA-256 over "sample". */
static const char key_text[] = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Z5A/4QCLi8maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==";
static const char sample[] = "MEYCIQDv1IsqrLao/RFA3ZzUXoHWnSyHe1aq+ZHDTQ6oTq83FgIhAPfLHJQtZXxB1DbHobbin2Xz6QDbua/0Bk3Eqy+EOs2o";

static struct arena *a;

static void known_answer(void)
{
	struct signature_key key;
	struct str why;

	if (!CHECK(signature_key_read(a, str_of(key_text), &key, &why)))
		return;
	CHECK_INT(key.der.len, 91);
	CHECK_INT(key.id.len, 16);
	CHECK(signature_verify(a, &key, STR("sample"), str_of(sample)));
	CHECK(!signature_verify(a, &key, STR("Sample"), str_of(sample)));
	CHECK(!signature_verify(a, &key, STR("sample"), STR("")));
	CHECK(!signature_verify(a, &key, STR("sample"), STR_NONE));
}

static void damaged_signatures(void)
{
	struct signature_key key;
	struct str why;
	char copy[sizeof sample];

	CHECK(signature_key_read(a, str_of(key_text), &key, &why));
	for (size_t n = 0; n < sizeof sample - 1; n++)
		CHECK(!signature_verify(a, &key, STR("sample"), str_make(sample, n)));
	for (size_t i = 0; i < sizeof sample - 1; i++) {
		memcpy(copy, sample, sizeof sample);
		copy[i] = copy[i] == 'A' ? 'B' : 'A';
		/* The last character before the padding holds bits that say nothing. */
		if (sample[i] != '=' && sample[i + 1] != '=')
			CHECK(!signature_verify(a, &key, STR("sample"), str_of(copy)));
	}
}

static void damaged_keys(void)
{
	struct signature_key key, other;
	struct str why;

	CHECK(signature_key_read(a, str_of(key_text), &key, &why));
	for (size_t n = 0; n < sizeof key_text - 1; n++)
		CHECK(!signature_key_read(a, str_make(key_text, n), &other, &why));
	/* A point that is not on the curve. */
	char copy[sizeof key_text];
	memcpy(copy, key_text, sizeof key_text);
	copy[50] = copy[50] == 'A' ? 'B' : 'A';
	CHECK(!signature_key_read(a, str_of(copy), &other, &why));
	/* P-384 is another curve, Ed25519 another algorithm. */
	CHECK(!signature_key_read(a, STR("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="), &other, &why));
	CHECK(!signature_key_read(a, STR("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"), &other, &why));
}

static void round_trip(void)
{
	struct str private_pem, public_pem, signature, why;
	struct signature_key made, read, again;

	if (!CHECK(signature_key_make(a, &private_pem, &public_pem, &why)) || !CHECK(signature_make(a, private_pem, STR("x"), &signature, &made, &why)))
		return;
	CHECK(signature_key_read(a, public_pem, &read, &why) && signature_key_read(a, private_pem, &again, &why));
	CHECK_STR(read.id, made.id);
	CHECK_STR(again.id, made.id);
	CHECK_STR(signature_key_pem(a, &made), public_pem);
	CHECK(signature_verify(a, &read, STR("x"), signature));
	CHECK(!signature_verify(a, &read, STR("y"), signature));
	CHECK(signature_key_read(a, str_of(key_text), &again, &why) && !signature_verify(a, &again, STR("x"), signature));
	CHECK(!signature_make(a, public_pem, STR("x"), &signature, &made, &why));
}

static void begin(void)
{
	a = arena_new(0);
}

static void end(void)
{
	arena_free(a);
}

TEST_MAIN(TEST_CASE(begin), TEST_CASE(known_answer), TEST_CASE(damaged_signatures), TEST_CASE(damaged_keys), TEST_CASE(round_trip), TEST_CASE(end))
