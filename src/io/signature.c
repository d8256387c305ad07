#include "io/signature.h"

#include <errno.h>
#include <mbedtls/base64.h>
#include <mbedtls/ecp.h>
#include <mbedtls/error.h>
#include <mbedtls/pk.h>
#include <mbedtls/version.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/sha256.h"

#define PEM_MAX 4096
#define SIGNATURE_MAX 80 /* DER of two numbers of 32 bytes: 72 at most */

/* What stands before the 65 bytes of the point in each SubjectPublicKeyInfo of this curve (RFC 5480). */
static const unsigned char p256_head[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
					   0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04 };
#define P256_DER (sizeof p256_head + 64)

static int random_bytes(void *context, unsigned char *out, size_t n)
{
	(void)context;
	while (n) {
		ssize_t r = getrandom(out, n, 0);
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return MBEDTLS_ERR_ECP_RANDOM_FAILED;
		out += r;
		n -= (size_t)r;
	}
	return 0;
}

static bool failed(struct str *why, const char *what)
{
	*why = str_of(what);
	return false;
}

static bool public_of(struct arena *a, mbedtls_pk_context *pk, struct signature_key *out, struct str *why)
{
	unsigned char der[256];
	int n = mbedtls_pk_write_pubkey_der(pk, der, sizeof der); /* at the buffer's end */

	if (n != (int)P256_DER || memcmp(der + sizeof der - P256_DER, p256_head, sizeof p256_head) != 0)
		return failed(why, "it is no key of the curve P-256");
	out->der = arena_str(a, str_make((char *)der + sizeof der - P256_DER, P256_DER));
	out->id = str_sub(sha256_hex(a, out->der), 0, 16);
	return true;
}

static int parse_private(mbedtls_pk_context *pk, const char *pem)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	return mbedtls_pk_parse_key(pk, (const unsigned char *)pem, strlen(pem) + 1, NULL, 0, random_bytes, NULL);
#else
	return mbedtls_pk_parse_key(pk, (const unsigned char *)pem, strlen(pem) + 1, NULL, 0);
#endif
}

bool signature_key_read(struct arena *a, struct str text, struct signature_key *out, struct str *why)
{
	mbedtls_pk_context pk;
	const char *pem;

	text = str_trim(text);
	if (text.len > PEM_MAX)
		return failed(why, "it is too long to be a key");
	pem = str_starts(text, STR("-----")) ? arena_cstr(a, text) :
					       arena_printf(a, "-----BEGIN PUBLIC KEY-----\n%.*s\n-----END PUBLIC KEY-----\n", STR_ARG(text)).s;
	mbedtls_pk_init(&pk);
	bool good = str_has(text, STR("PRIVATE KEY-----")) ? parse_private(&pk, pem) == 0 :
							     mbedtls_pk_parse_public_key(&pk, (const unsigned char *)pem, strlen(pem) + 1) == 0;
	good = good ? public_of(a, &pk, out, why) : failed(why, "it is no key in PEM");
	mbedtls_pk_free(&pk);
	return good;
}

bool signature_verify(struct arena *a, const struct signature_key *key, struct str message, struct str signature)
{
	unsigned char sig[SIGNATURE_MAX];
	uint8_t hash[32];
	size_t n;
	mbedtls_pk_context pk;

	(void)a;
	if (mbedtls_base64_decode(sig, sizeof sig, &n, (const unsigned char *)signature.s, signature.len) != 0 || n == 0)
		return false;
	sha256_of(message, hash);
	mbedtls_pk_init(&pk);
	bool good = mbedtls_pk_parse_public_key(&pk, (const unsigned char *)key->der.s, key->der.len) == 0 &&
		    mbedtls_pk_verify(&pk, MBEDTLS_MD_SHA256, hash, sizeof hash, sig, n) == 0;
	mbedtls_pk_free(&pk);
	return good;
}

static int sign(mbedtls_pk_context *pk, const uint8_t hash[32], unsigned char *sig, size_t size, size_t *n)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
	return mbedtls_pk_sign(pk, MBEDTLS_MD_SHA256, hash, 32, sig, size, n, random_bytes, NULL);
#else
	(void)size;
	return mbedtls_pk_sign(pk, MBEDTLS_MD_SHA256, hash, 32, sig, n, random_bytes, NULL);
#endif
}

bool signature_make(struct arena *a, struct str private_pem, struct str message, struct str *out, struct signature_key *key, struct str *why)
{
	unsigned char sig[MBEDTLS_PK_SIGNATURE_MAX_SIZE], text[2 * SIGNATURE_MAX];
	uint8_t hash[32];
	size_t n = 0, length = 0;
	mbedtls_pk_context pk;

	mbedtls_pk_init(&pk);
	sha256_of(message, hash);
	bool good = private_pem.len <= PEM_MAX && parse_private(&pk, arena_cstr(a, private_pem)) == 0 ? public_of(a, &pk, key, why) :
														 failed(why, "it is no private key in PEM");
	if (good && (sign(&pk, hash, sig, sizeof sig, &n) != 0 || mbedtls_base64_encode(text, sizeof text, &length, sig, n) != 0))
		good = failed(why, "it cannot sign");
	if (good)
		*out = arena_str(a, str_make((char *)text, length));
	mbedtls_pk_free(&pk);
	return good;
}

struct str signature_key_pem(struct arena *a, const struct signature_key *key)
{
	unsigned char text[256];
	size_t n = 0;

	(void)mbedtls_base64_encode(text, sizeof text, &n, (const unsigned char *)key->der.s, key->der.len);
	struct str base64 = str_make((char *)text, n);
	return arena_printf(a, "-----BEGIN PUBLIC KEY-----\n%.*s\n%.*s\n-----END PUBLIC KEY-----\n", STR_ARG(str_sub(base64, 0, 64)),
			    STR_ARG(str_from(base64, 64)));
}

bool signature_key_make(struct arena *a, struct str *private_pem, struct str *public_pem, struct str *why)
{
	unsigned char text[PEM_MAX];
	struct signature_key key;
	mbedtls_pk_context pk;

	mbedtls_pk_init(&pk);
	bool good = mbedtls_pk_setup(&pk, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)) == 0 &&
		    mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(pk), random_bytes, NULL) == 0 &&
		    mbedtls_pk_write_key_pem(&pk, text, sizeof text) == 0;
	if (!good)
		failed(why, "no key can be made");
	else if ((good = public_of(a, &pk, &key, why)))
		*private_pem = arena_str(a, str_of((char *)text)), *public_pem = signature_key_pem(a, &key);
	explicit_bzero(text, sizeof text);
	mbedtls_pk_free(&pk);
	return good;
}

struct str signature_library_version(struct arena *a)
{
	char text[16];

	mbedtls_version_get_string(text);
	return arena_printf(a, "mbedTLS %s", text);
}
