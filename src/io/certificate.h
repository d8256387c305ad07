/* X.509 certificates (RFC 5280), public keys of any kind that signs records (ECDSA over P-256, P-384 and P-521, RSA with PKCS #1 v1.5,
 * Ed25519),
 * and time-stamp tokens (RFC 3161), by mbedTLS. Nothing here looks at the clock: whoever asks says at which second. */
#ifndef IO_CERTIFICATE_H
#define IO_CERTIFICATE_H

#include "base/vec.h"

enum certificate_use { CERTIFICATE_SIGNS_CODE, CERTIFICATE_STAMPS_TIME };

struct certificate {
	struct str der;
	struct str key;		/* SubjectPublicKeyInfo in DER */
	struct str name;	/* the one URI, mail address or Fulcio's user name of subjectAltName, or the subject; of a file from outside: escape it */
	struct str extensions;	/* the DER sequence */
	struct str subject, issuer; /* names in DER */
	int64_t from, until;	/* both seconds are still valid */
};

/* A certificate that others are checked by, and from when to when whoever trusts it does so (0: no limit). */
struct certificate_anchor {
	struct str der;
	int64_t from, until;
	bool logged; /* it promises to log what it issues: a certificate without that log's timestamp is not its own doing */
	size_t list; /* which of his lists it stands in, for whoever keeps several; not looked at here */
};

/* A log of certificates (RFC 6962), and from when to when it is trusted. */
struct certificate_log {
	struct str key, id; /* id: SHA-256 of the key */
	int64_t from, until;
};

/* One certificate in DER, on the arena; false with *why (a clause). */
bool certificate_read(struct arena *a, struct str der, struct certificate *out, struct str *why);
/* The value of an extension by the DER of its object identifier (without tag and length); absent where it is not there. */
struct str certificate_extension(const struct certificate *c, struct str oid);
/* Does `leaf` chain to one of the anchors, over `between`, each certificate valid at second `at`, for this use, which it must name itself
 * (extended key usage)? The path is mbedTLS's: names, signatures, CA bits, path lengths, no critical extension that it does not know; what
 * it does not look at: revocation, policies. False with *why. */
bool certificate_chain(struct arena *a, const struct certificate *leaf, const struct str *between, size_t n_between,
		       const struct certificate_anchor *anchors, size_t n_anchors, enum certificate_use use, int64_t at, struct str *why);
/* Does a signed certificate timestamp in it, by one of the logs, hold for this certificate? Whoever issued it is among `issuers`. False with *why. */
bool certificate_is_logged(struct arena *a, const struct certificate *leaf, const struct certificate_anchor *issuers, size_t n_issuers,
			   const struct certificate_log *logs, size_t n_logs, struct str *why);
/* The DER blocks of a PEM text with this label ("CERTIFICATE", "PUBLIC KEY"): the one at *at and the next ones; absent at the end. */
struct str pem_next(struct arena *a, struct str text, const char *label, size_t *at);

/* Is it a SubjectPublicKeyInfo of a kind that is understood? */
bool public_key_valid(struct str key);
/* Is `signature` (bytes: DER of ECDSA, or RSA's, or Ed25519's) the key's over the message, by SHA-256, SHA-384 or SHA-512? */
bool public_key_verify(struct str key, struct str message, struct str signature);

/* A time-stamp token (a TimeStampResp, or the token in it) over `message`, by one of the anchors: *at is when. False with *why. */
bool timestamp_token_verify(struct arena *a, struct str token, struct str message, const struct certificate_anchor *anchors, size_t n_anchors,
			    int64_t *at, struct str *why);

#endif
