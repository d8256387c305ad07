/* Signed certificate timestamps (RFC 6962, 3.2 and 3.3) in a certificate: a log's promise that it shows this certificate to everybody. */
#include "base/sha256.h"
#include "io/certificate.h"
#include "io/der.h"

#define OID_SCT STR("\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02")
#define MOST_SCTS 16

/* A number of n bytes, big-endian, from the cursor; false where there are fewer. */
static bool take_number(struct str *at, unsigned n, uint64_t *out)
{
	*out = 0;
	if (at->len < n)
		return false;
	for (unsigned i = 0; i < n; i++)
		*out = *out << 8 | (unsigned char)at->s[i];
	*at = str_from(*at, n);
	return true;
}

static bool take_bytes(struct str *at, size_t n, struct str *out)
{
	if (at->len < n)
		return false;
	*out = str_sub(*at, 0, n);
	*at = str_from(*at, n);
	return true;
}

/* The certificate's signed part without the timestamps: what the log saw (RFC 6962, 3.2). Absent where it cannot be taken apart. */
static struct str without_sct(struct arena *a, struct str der)
{
	struct str certificate = der_take(&der, DER_SEQUENCE), part = der_take(&certificate, DER_SEQUENCE), kept = STR("");

	while (part.len) {
		struct str inner, extensions, rest = STR("");
		bool wrapped = der_is(part, DER_CONTEXT(3));
		struct str whole = der_skip(&part);
		if (!whole.s)
			return STR_NONE;
		if (wrapped) {
			inner = der_take(&whole, DER_CONTEXT(3));
			extensions = der_take(&inner, DER_SEQUENCE);
			while (extensions.len) {
				struct str one = der_skip(&extensions), content = one, oid;
				content = der_take(&content, DER_SEQUENCE);
				oid = der_take(&content, DER_OID);
				if (!one.s || !oid.s)
					return STR_NONE;
				if (!str_eq(oid, OID_SCT))
					rest = arena_concat(a, rest, one, STR_NONE);
			}
			whole = der_wrap(a, DER_CONTEXT(3), der_wrap(a, DER_SEQUENCE, rest));
		}
		kept = arena_concat(a, kept, whole, STR_NONE);
	}
	return der_wrap(a, DER_SEQUENCE, kept);
}

static struct str number(struct arena *a, uint64_t n, unsigned bytes)
{
	char *p = arena_alloc(a, bytes);

	for (unsigned i = 0; i < bytes; i++)
		p[i] = (char)(n >> (8 * (bytes - 1 - i)));
	return str_make(p, bytes);
}

struct sct {
	struct str log, extensions, signature;
	uint64_t at; /* milliseconds */
};

static bool read_sct(struct str one, struct sct *out)
{
	uint64_t version, n, algorithms;

	return take_number(&one, 1, &version) && version == 0 && take_bytes(&one, 32, &out->log) && take_number(&one, 8, &out->at) &&
	       take_number(&one, 2, &n) && take_bytes(&one, n, &out->extensions) && take_number(&one, 2, &algorithms) && take_number(&one, 2, &n) &&
	       take_bytes(&one, n, &out->signature) && !one.len;
}

static bool sct_holds(struct arena *a, const struct sct *s, struct str key, struct str issuer_key, struct str part)
{
	struct str head = arena_concat(a, STR("\0\0"), number(a, s->at, 8), STR("\0\1"));
	char hash[32];

	sha256_of(issuer_key, (uint8_t *)hash);
	struct str body = arena_concat(a, str_make(hash, 32), number(a, part.len, 3), part);
	struct str tail = arena_concat(a, number(a, s->extensions.len, 2), s->extensions, STR_NONE);
	return public_key_verify(key, arena_concat(a, head, body, tail), s->signature);
}

static bool by_log(struct arena *a, const struct sct *s, const struct certificate_log *log, const struct certificate *leaf, const struct certificate_anchor *issuers,
		   size_t n, struct str part)
{
	int64_t at = (int64_t)(s->at / 1000);
	struct str why;

	if (!str_eq(log->id, s->log) || (log->from && at < log->from) || (log->until && at > log->until))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct certificate issuer;
		if (certificate_read(a, issuers[i].der, &issuer, &why) && str_eq(issuer.subject, leaf->issuer) && sct_holds(a, s, log->key, issuer.key, part))
			return true;
	}
	return false;
}

bool certificate_is_logged(struct arena *a, const struct certificate *leaf, const struct certificate_anchor *issuers, size_t n_issuers,
			   const struct certificate_log *logs, size_t n_logs, struct str *why)
{
	struct str value = certificate_extension(leaf, OID_SCT), list = der_take(&value, DER_OCTETS), part = without_sct(a, leaf->der), one;
	uint64_t n;
	size_t seen = 0;

	*why = STR("it holds no signed certificate timestamp");
	if (!list.len || !part.len || !take_number(&list, 2, &n) || n != list.len)
		return false;
	*why = STR("no trusted log of certificates made its timestamp");
	while (list.len && seen++ < MOST_SCTS) {
		struct sct s;
		if (!take_number(&list, 2, &n) || !take_bytes(&list, n, &one) || !read_sct(one, &s))
			break;
		for (size_t i = 0; i < n_logs; i++)
			if (by_log(a, &s, &logs[i], leaf, issuers, n_issuers, part))
				return true;
	}
	return false;
}
