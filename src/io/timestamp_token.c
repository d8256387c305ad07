/* RFC 3161 over RFC 5652 (SignedData): just what a time-stamping authority writes. */
#include <mbedtls/asn1.h>
#include <mbedtls/md.h>
#include <mbedtls/oid.h>

#include "base/timestamp.h"
#include "io/certificate.h"

#define SEQUENCE (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE)
#define SET (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SET)
#define CONTEXT(n) (MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED | (n))

#define OID_SIGNED_DATA STR("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")
#define OID_TST_INFO STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04")
#define OID_CONTENT_TYPE STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03")
#define OID_MESSAGE_DIGEST STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04")

/* The value under the cursor where it has this tag: its content, and the cursor moves behind it. Absent where it has another. */
static struct str take(struct str *at, int tag)
{
	unsigned char *p = (unsigned char *)(uintptr_t)at->s;
	const unsigned char *end = p + at->len;
	size_t len;

	if (!at->len || mbedtls_asn1_get_tag(&p, end, &len, tag) != 0)
		return STR_NONE;
	struct str content = str_make((char *)p, len);
	at->len = (size_t)(end - (p + len));
	at->s = (char *)p + len;
	return content;
}

static bool is_tag(struct str at, int tag)
{
	return at.len && (unsigned char)at.s[0] == tag;
}

/* Skips a value of any tag and gives its whole DER. */
static struct str skip(struct str *at)
{
	struct str before = *at;

	if (!at->len || !take(at, (unsigned char)at->s[0]).s)
		return STR_NONE;
	return str_sub(before, 0, before.len - at->len);
}

static bool failed(struct str *why, const char *what)
{
	*why = str_of(what);
	return false;
}

/* The digest by an AlgorithmIdentifier's object identifier. */
static struct str digest_by(struct arena *a, struct str algorithm, struct str message)
{
	static const struct { const char *oid; mbedtls_md_type_t kind; } known[] = { { MBEDTLS_OID_DIGEST_ALG_SHA256, MBEDTLS_MD_SHA256 },
										     { MBEDTLS_OID_DIGEST_ALG_SHA384, MBEDTLS_MD_SHA384 },
										     { MBEDTLS_OID_DIGEST_ALG_SHA512, MBEDTLS_MD_SHA512 } };
	struct str oid = take(&algorithm, MBEDTLS_ASN1_OID);
	unsigned char hash[64];

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		const mbedtls_md_info_t *info = mbedtls_md_info_from_type(known[i].kind);
		if (str_is(oid, known[i].oid) && info && mbedtls_md(info, (const unsigned char *)message.s, message.len, hash) == 0)
			return arena_str(a, str_make((char *)hash, mbedtls_md_get_size(info)));
	}
	return STR_NONE;
}

/* "20261127155903Z", with or without a fraction. */
static bool generalized_time(struct arena *a, struct str t, int64_t *out)
{
	if (t.len < 15 || t.s[t.len - 1] != 'Z' || (t.len > 15 && t.s[14] != '.'))
		return false;
	struct str p[] = { str_sub(t, 0, 4), str_sub(t, 4, 2), str_sub(t, 6, 2), str_sub(t, 8, 2), str_sub(t, 10, 2), str_sub(t, 12, 2) };
	return timestamp_parse(arena_printf(a, "%.*s-%.*s-%.*sT%.*s:%.*s:%.*sZ", STR_ARG(p[0]), STR_ARG(p[1]), STR_ARG(p[2]), STR_ARG(p[3]), STR_ARG(p[4]),
					    STR_ARG(p[5])), out);
}

/* TSTInfo: is it about this message, and when was it made? */
static bool read_info(struct arena *a, struct str info, struct str message, int64_t *at)
{
	struct str seq = take(&info, SEQUENCE);

	take(&seq, MBEDTLS_ASN1_INTEGER);
	take(&seq, MBEDTLS_ASN1_OID); /* policy */
	struct str imprint = take(&seq, SEQUENCE), algorithm = take(&imprint, SEQUENCE), hash = take(&imprint, MBEDTLS_ASN1_OCTET_STRING);
	take(&seq, MBEDTLS_ASN1_INTEGER); /* serial number */
	struct str now = digest_by(a, algorithm, message);
	return now.len && str_eq(now, hash) && generalized_time(a, take(&seq, MBEDTLS_ASN1_GENERALIZED_TIME), at);
}

/* The one value of a signed attribute (RFC 5652, 5.3). */
static struct str attribute(struct str attributes, struct str oid, int tag)
{
	for (struct str one; (one = take(&attributes, SEQUENCE)).s;) {
		struct str name = take(&one, MBEDTLS_ASN1_OID), values = take(&one, SET);
		if (str_eq(name, oid))
			return take(&values, tag);
	}
	return STR_NONE;
}

struct signed_data {
	struct str info;	 /* TSTInfo */
	struct str certificates; /* DER, one behind the other */
	struct str digest_algorithm, attributes, attributes_der, signature;
};

static bool open_token(struct arena *a, struct str token, struct signed_data *out)
{
	struct str outer = take(&token, SEQUENCE);

	if (is_tag(outer, SEQUENCE)) { /* TimeStampResp: a status stands before the token */
		skip(&outer);
		outer = take(&outer, SEQUENCE);
	}
	if (!str_eq(take(&outer, MBEDTLS_ASN1_OID), OID_SIGNED_DATA))
		return false;
	struct str wrapped = take(&outer, CONTEXT(0)), data = take(&wrapped, SEQUENCE);
	take(&data, MBEDTLS_ASN1_INTEGER);
	take(&data, SET);
	struct str content = take(&data, SEQUENCE);
	if (!str_eq(take(&content, MBEDTLS_ASN1_OID), OID_TST_INFO))
		return false;
	content = take(&content, CONTEXT(0));
	out->info = take(&content, MBEDTLS_ASN1_OCTET_STRING);
	out->certificates = take(&data, CONTEXT(0));
	take(&data, CONTEXT(1));
	struct str signers = take(&data, SET), signer = take(&signers, SEQUENCE);
	take(&signer, MBEDTLS_ASN1_INTEGER);
	skip(&signer); /* who: the signature itself tells which certificate it was */
	out->digest_algorithm = take(&signer, SEQUENCE);
	struct str der = signer;
	out->attributes = take(&signer, CONTEXT(0));
	der = str_sub(der, 0, der.len - signer.len);
	skip(&signer); /* the signature's algorithm: the key tells */
	out->signature = take(&signer, MBEDTLS_ASN1_OCTET_STRING);
	if (!out->info.len || !out->attributes.len || !out->signature.len)
		return false;
	char *copy = arena_alloc(a, der.len); /* signed as a SET, not under its implicit tag (RFC 5652, 5.4) */
	memcpy(copy, der.s, der.len);
	copy[0] = (char)SET;
	out->attributes_der = str_make(copy, der.len);
	return true;
}

static bool signed_by(struct arena *a, const struct signed_data *d, struct str der, const struct str *between, size_t n,
		      const struct certificate_anchor *anchors, size_t n_anchors, int64_t at, struct str *why)
{
	struct certificate c;

	return certificate_read(a, der, &c, why) && public_key_verify(c.key, d->attributes_der, d->signature) &&
	       certificate_chain(a, &c, between, n, anchors, n_anchors, CERTIFICATE_STAMPS_TIME, at, why);
}

bool timestamp_token_verify(struct arena *a, struct str token, struct str message, const struct certificate_anchor *anchors, size_t n_anchors,
			    int64_t *at, struct str *why)
{
	struct signed_data d = { 0 };
	VEC(struct str) own = { 0 };

	if (!open_token(a, token, &d))
		return failed(why, "it is no time-stamp token");
	if (!read_info(a, d.info, message, at))
		return failed(why, "it is about another signature");
	struct str digest = digest_by(a, d.digest_algorithm, d.info);
	if (!digest.len || !str_eq(attribute(d.attributes, OID_MESSAGE_DIGEST, MBEDTLS_ASN1_OCTET_STRING), digest) ||
	    !str_eq(attribute(d.attributes, OID_CONTENT_TYPE, MBEDTLS_ASN1_OID), OID_TST_INFO))
		return failed(why, "its time is not the signed one");
	for (struct str one; own.n < 8 && (one = skip(&d.certificates)).s;)
		*VEC_ADD(a, &own) = one;
	*why = STR("no trusted authority signed it");
	for (VEC_EACH(const struct str, c, &own))
		if (signed_by(a, &d, *c, own.items, own.n, anchors, n_anchors, *at, why))
			return true;
	for (size_t i = 0; i < n_anchors; i++) /* a token need not carry its certificate */
		if (signed_by(a, &d, anchors[i].der, own.items, own.n, anchors, n_anchors, *at, why))
			return true;
	return false;
}
