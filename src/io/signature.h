/* Signatures: ECDSA over NIST P-256 with SHA-256 (FIPS 186-5), by mbedTLS. Keys are PEM
 * (RFC 7468, SubjectPublicKeyInfo and SEC 1), signatures DER in base64, so that `openssl dgst -sha256 -verify` can check them too. */
#ifndef IO_SIGNATURE_H
#define IO_SIGNATURE_H

#include "base/arena.h"

struct signature_key {
	struct str der; /* SubjectPublicKeyInfo, 91 bytes */
	struct str id;	/* the first 16 hex digits of its SHA-256 */
};

/* The public key of a PEM text (a public or a private key), or of the base64 between its lines; false with *why (a clause). */
bool signature_key_read(struct arena *a, struct str text, struct signature_key *out, struct str *why);
/* Is `signature` (base64) the key's over the message? */
bool signature_verify(struct arena *a, const struct signature_key *key, struct str message, struct str signature);
/* Signs with a private key in PEM: base64 on the arena, and the public half; false with *why. Not the same bytes twice. */
bool signature_make(struct arena *a, struct str private_pem, struct str message, struct str *out, struct signature_key *key, struct str *why);
/* A new pair, both in PEM. */
bool signature_key_make(struct arena *a, struct str *private_pem, struct str *public_pem, struct str *why);
/* The key's public half in PEM. */
struct str signature_key_pem(struct arena *a, const struct signature_key *key);
/* The library's name and version, for `version`. */
struct str signature_library_version(struct arena *a);

#endif
