/* RFC 3161 over RFC 5652 (SignedData): just what a time-stamping authority writes. */
#include <mbedtls/md.h>
#include <mbedtls/oid.h>

#include "base/timestamp.h"
#include "io/certificate.h"
#include "io/der.h"

#define OID_SIGNED_DATA STR("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")
#define OID_TST_INFO STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04")
#define OID_CONTENT_TYPE STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03")
#define OID_MESSAGE_DIGEST STR("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04")

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
	struct str oid = der_take(&algorithm, DER_OID);
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
	struct str seq = der_take(&info, DER_SEQUENCE);

	der_take(&seq, DER_INTEGER);
	der_take(&seq, DER_OID); /* policy */
	struct str imprint = der_take(&seq, DER_SEQUENCE), algorithm = der_take(&imprint, DER_SEQUENCE), hash = der_take(&imprint, DER_OCTETS);
	der_take(&seq, DER_INTEGER); /* serial number */
	struct str now = digest_by(a, algorithm, message);
	return now.len && str_eq(now, hash) && generalized_time(a, der_take(&seq, DER_TIME), at);
}

/* The one value of a signed attribute (RFC 5652, 5.3). */
static struct str attribute(struct str attributes, struct str oid, int tag)
{
	for (struct str one; (one = der_take(&attributes, DER_SEQUENCE)).s;) {
		struct str name = der_take(&one, DER_OID), values = der_take(&one, DER_SET);
		if (str_eq(name, oid))
			return der_take(&values, tag);
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
	struct str outer = der_take(&token, DER_SEQUENCE);

	if (der_is(outer, DER_SEQUENCE)) { /* TimeStampResp: a status stands before the token */
		der_skip(&outer);
		outer = der_take(&outer, DER_SEQUENCE);
	}
	if (!str_eq(der_take(&outer, DER_OID), OID_SIGNED_DATA))
		return false;
	struct str wrapped = der_take(&outer, DER_CONTEXT(0)), data = der_take(&wrapped, DER_SEQUENCE);
	der_take(&data, DER_INTEGER);
	der_take(&data, DER_SET);
	struct str content = der_take(&data, DER_SEQUENCE);
	if (!str_eq(der_take(&content, DER_OID), OID_TST_INFO))
		return false;
	content = der_take(&content, DER_CONTEXT(0));
	out->info = der_take(&content, DER_OCTETS);
	out->certificates = der_take(&data, DER_CONTEXT(0));
	der_take(&data, DER_CONTEXT(1));
	struct str signers = der_take(&data, DER_SET), signer = der_take(&signers, DER_SEQUENCE);
	der_take(&signer, DER_INTEGER);
	der_skip(&signer); /* who: the signature itself tells which certificate it was */
	out->digest_algorithm = der_take(&signer, DER_SEQUENCE);
	struct str der = signer;
	out->attributes = der_take(&signer, DER_CONTEXT(0));
	der = str_sub(der, 0, der.len - signer.len);
	der_skip(&signer); /* the signature's algorithm: the key tells */
	out->signature = der_take(&signer, DER_OCTETS);
	if (!out->info.len || !out->attributes.len || !out->signature.len)
		return false;
	char *copy = arena_alloc(a, der.len); /* signed as a SET, not under its implicit tag (RFC 5652, 5.4) */
	memcpy(copy, der.s, der.len);
	copy[0] = (char)DER_SET;
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
	if (!digest.len || !str_eq(attribute(d.attributes, OID_MESSAGE_DIGEST, DER_OCTETS), digest) ||
	    !str_eq(attribute(d.attributes, OID_CONTENT_TYPE, DER_OID), OID_TST_INFO))
		return failed(why, "its time is not the signed one");
	for (struct str one; own.n < 8 && (one = der_skip(&d.certificates)).s;)
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
