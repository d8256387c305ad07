#include "io/certificate.h"

#include <mbedtls/asn1.h>
#include <mbedtls/oid.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

#include "base/base64.h"
#include "base/timestamp.h"
#include "io/der.h"
#include "io/ed25519.h"

static const mbedtls_x509_crt_profile profile = {
	MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA256) | MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA384) | MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA512), 0x0fffffff,
	MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP256R1) | MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP384R1) | MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP521R1), 2048
};

static bool failed(struct str *why, const char *what)
{
	*why = str_of(what);
	return false;
}

static int64_t seconds_of(struct arena *a, const mbedtls_x509_time *t)
{
	int64_t s = 0;

	(void)timestamp_parse(arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", t->year, t->mon, t->day, t->hour, t->min, t->sec), &s);
	return s;
}

static struct str bytes_of(struct arena *a, const unsigned char *p, size_t n)
{
	return arena_str(a, str_make((const char *)p, n));
}

/* One object identifier and its value, of a sequence of extensions (RFC 5280, 4.1). */
static bool next_extension(unsigned char **p, const unsigned char *end, struct str *oid, struct str *value)
{
	size_t len;
	int critical = 0;

	if (*p >= end || mbedtls_asn1_get_tag(p, end, &len, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE) != 0)
		return false;
	unsigned char *q = *p, *stop = *p + len;
	*p = stop;
	if (mbedtls_asn1_get_tag(&q, stop, &len, MBEDTLS_ASN1_OID) != 0)
		return false;
	*oid = str_make((char *)q, len);
	q += len;
	if (q < stop && *q == MBEDTLS_ASN1_BOOLEAN && mbedtls_asn1_get_bool(&q, stop, &critical) != 0)
		return false;
	if (mbedtls_asn1_get_tag(&q, stop, &len, MBEDTLS_ASN1_OCTET_STRING) != 0)
		return false;
	*value = str_make((char *)q, len);
	return true;
}

struct str certificate_extension(const struct certificate *c, struct str oid)
{
	unsigned char *p = (unsigned char *)(uintptr_t)c->extensions.s;
	const unsigned char *end = p + c->extensions.len;
	struct str name, value;
	size_t len;

	if (!c->extensions.len || mbedtls_asn1_get_tag(&p, end, &len, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE) != 0)
		return STR_NONE;
	struct str found = STR_NONE;
	while (next_extension(&p, end, &name, &value)) {
		if (str_eq(name, oid) && found.s)
			return STR_NONE; /* twice: two readers would see two certificates (RFC 5280, 4.2, forbids it) */
		if (str_eq(name, oid))
			found = value;
	}
	return found;
}

/* The name that Fulcio gives a user of an issuer without mail addresses: an otherName of its own (github.com/sigstore/fulcio, docs/oid-info.md). */
static struct str user_name(struct str other)
{
	if (!str_eq(der_take(&other, DER_OID), STR("\x2b\x06\x01\x04\x01\x83\xbf\x30\x01\x07")))
		return STR_NONE;
	struct str wrapped = der_take(&other, DER_CONTEXT(0));
	return der_take(&wrapped, MBEDTLS_ASN1_UTF8_STRING);
}

/* subjectAltName: its one URI (tag 6), mail address (tag 1) or user (tag 0); absent where there are several, since either could be meant. */
static struct str alternative_name(const struct certificate *c)
{
	struct str value = certificate_extension(c, STR("\x55\x1d\x11")), name = STR_NONE;
	unsigned char *p = (unsigned char *)(uintptr_t)value.s;
	const unsigned char *end = p + value.len;
	size_t len;

	if (!value.len || mbedtls_asn1_get_tag(&p, end, &len, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE) != 0)
		return STR_NONE;
	while (p < end) {
		unsigned char tag = *p++;
		if (mbedtls_asn1_get_len(&p, end, &len) != 0)
			return STR_NONE;
		struct str one = STR_NONE;
		if (tag == (MBEDTLS_ASN1_CONTEXT_SPECIFIC | 6) || tag == (MBEDTLS_ASN1_CONTEXT_SPECIFIC | 1))
			one = str_make((char *)p, len);
		else if (tag == (MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED))
			one = user_name(str_make((char *)p, len));
		if (one.s && name.s)
			return STR_NONE;
		if (one.s)
			name = one;
		p += len;
	}
	return name;
}

bool certificate_read(struct arena *a, struct str der, struct certificate *out, struct str *why)
{
	mbedtls_x509_crt crt;
	char subject[512];

	*out = (struct certificate){ 0 };
	mbedtls_x509_crt_init(&crt);
	bool good = der.len && mbedtls_x509_crt_parse_der(&crt, (const unsigned char *)der.s, der.len) == 0 && crt.raw.len == der.len;
	if (good) {
		out->der = bytes_of(a, crt.raw.p, crt.raw.len);
		out->key = bytes_of(a, crt.pk_raw.p, crt.pk_raw.len);
		out->extensions = bytes_of(a, crt.v3_ext.p, crt.v3_ext.len);
		out->subject = bytes_of(a, crt.subject_raw.p, crt.subject_raw.len);
		out->issuer = bytes_of(a, crt.issuer_raw.p, crt.issuer_raw.len);
		out->from = seconds_of(a, &crt.valid_from);
		out->until = seconds_of(a, &crt.valid_to);
		out->name = alternative_name(out);
		if (!out->name.len && mbedtls_x509_dn_gets(subject, sizeof subject, &crt.subject) > 0)
			out->name = arena_str(a, str_of(subject));
	}
	mbedtls_x509_crt_free(&crt);
	return good || failed(why, "it is no X.509 certificate");
}

/* ---- chains */

struct chain_state {
	struct arena *arena;
	int64_t at;
	bool outside; /* one of the certificates was not valid then */
};

/* The library judges validity by the clock of today; here it is judged by the second that is asked about. */
static int judge_link(void *context, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
	struct chain_state *s = context;

	(void)depth;
	*flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
	if (s->at < seconds_of(s->arena, &crt->valid_from) || s->at > seconds_of(s->arena, &crt->valid_to))
		s->outside = true;
	return 0;
}

/* The library takes a certificate that does not say what it is for as one for everything; whoever signs here must say so. */
static bool usable(mbedtls_x509_crt *leaf, const struct certificate *c, enum certificate_use use)
{
	static const char *const ids[] = { [CERTIFICATE_SIGNS_CODE] = MBEDTLS_OID_CODE_SIGNING, [CERTIFICATE_STAMPS_TIME] = MBEDTLS_OID_TIME_STAMPING };

	return certificate_extension(c, STR("\x55\x1d\x25")).len &&
	       mbedtls_x509_crt_check_extended_key_usage(leaf, ids[use], strlen(ids[use])) == 0 &&
	       mbedtls_x509_crt_check_key_usage(leaf, MBEDTLS_X509_KU_DIGITAL_SIGNATURE) == 0;
}

bool certificate_chain(struct arena *a, const struct certificate *leaf, const struct str *between, size_t n_between,
		       const struct certificate_anchor *anchors, size_t n_anchors, enum certificate_use use, int64_t at, struct str *why)
{
	mbedtls_x509_crt chain, trusted;
	struct chain_state state = { .arena = a, .at = at };
	uint32_t flags = 0;
	size_t used = 0;
	bool good = false;

	mbedtls_x509_crt_init(&chain);
	mbedtls_x509_crt_init(&trusted);
	for (size_t i = 0; i < n_anchors; i++)
		if ((!anchors[i].from || at >= anchors[i].from) && (!anchors[i].until || at <= anchors[i].until))
			used += mbedtls_x509_crt_parse_der(&trusted, (const unsigned char *)anchors[i].der.s, anchors[i].der.len) == 0;
	bool read = mbedtls_x509_crt_parse_der(&chain, (const unsigned char *)leaf->der.s, leaf->der.len) == 0;
	for (size_t i = 0; i < n_between; i++)
		read = read && mbedtls_x509_crt_parse_der(&chain, (const unsigned char *)between[i].s, between[i].len) == 0;
	if (!read)
		failed(why, "one of its certificates cannot be read");
	else if (!used)
		failed(why, "no root was trusted at that time");
	else if (mbedtls_x509_crt_verify_with_profile(&chain, &trusted, NULL, &profile, NULL, &flags, judge_link, &state) != 0 || flags)
		failed(why, flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED ? "it does not lead to a trusted root" : "a certificate of the chain is not acceptable");
	else if (state.outside)
		*why = arena_printf(a, "a certificate of the chain was not valid at %.*s", STR_ARG(timestamp_text(a, at)));
	else if (!usable(&chain, leaf, use))
		failed(why, use == CERTIFICATE_STAMPS_TIME ? "it may not stamp times" : "it may not sign code");
	else
		good = true;
	mbedtls_x509_crt_free(&chain);
	mbedtls_x509_crt_free(&trusted);
	return good;
}

struct str pem_next(struct arena *a, struct str text, const char *label, size_t *at)
{
	struct str begin = arena_printf(a, "-----BEGIN %s-----", label), end = arena_printf(a, "-----END %s-----", label);
	size_t from = str_find(text, begin, *at), until = from == STR_NOT_FOUND ? from : str_find(text, end, from);

	if (until == STR_NOT_FOUND)
		return STR_NONE;
	*at = until + end.len;
	from += begin.len;
	return base64_decode(a, str_trim(str_sub(text, from, until - from)), true);
}

/* ---- keys */

/* The 32 bytes of an Ed25519 key (RFC 8410), which the library does not know; absent where it is another. */
static struct str ed25519_of(struct str key)
{
	static const char head[] = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21";

	return key.len == sizeof head + 32 && memcmp(key.s, head, sizeof head) == 0 ? str_from(key, sizeof head) : STR_NONE; /* its NUL: no unused bits */
}

bool public_key_valid(struct str key)
{
	mbedtls_pk_context pk;

	if (ed25519_of(key).s)
		return true;

	mbedtls_pk_init(&pk);
	bool good = key.len && mbedtls_pk_parse_public_key(&pk, (const unsigned char *)key.s, key.len) == 0 &&
		    ((mbedtls_pk_can_do(&pk, MBEDTLS_PK_ECDSA) && mbedtls_pk_get_bitlen(&pk) >= 256) || (mbedtls_pk_can_do(&pk, MBEDTLS_PK_RSA) && mbedtls_pk_get_bitlen(&pk) >= 2048));
	mbedtls_pk_free(&pk);
	return good;
}

static bool verify_by(mbedtls_pk_context *pk, mbedtls_md_type_t kind, struct str message, struct str signature)
{
	const mbedtls_md_info_t *info = mbedtls_md_info_from_type(kind);
	unsigned char hash[64];

	return info && mbedtls_md(info, (const unsigned char *)message.s, message.len, hash) == 0 &&
	       mbedtls_pk_verify(pk, kind, hash, mbedtls_md_get_size(info), (const unsigned char *)signature.s, signature.len) == 0;
}

bool public_key_verify(struct str key, struct str message, struct str signature)
{
	static const mbedtls_md_type_t kinds[] = { MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512 };
	mbedtls_pk_context pk;
	bool good = false;

	if (!signature.len || !public_key_valid(key))
		return false;
	if (ed25519_of(key).s)
		return ed25519_verify(ed25519_of(key), message, signature);
	mbedtls_pk_init(&pk);
	if (mbedtls_pk_parse_public_key(&pk, (const unsigned char *)key.s, key.len) == 0)
		for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && !good; i++)
			good = verify_by(&pk, kinds[i], message, signature);
	mbedtls_pk_free(&pk);
	return good;
}
