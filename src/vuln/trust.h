/* Whose databases are believed. A published database has one signed manifest: its last line is
 *     {"signature": "<ECDSA P-256 over SHA-256 of all before this line, DER in base64>", "key": "<id of the key>"}
 * The manifest gives the digest of each block of each file, so that the signature covers all. */
#ifndef VULN_TRUST_H
#define VULN_TRUST_H

#include "io/signature.h"
#include "vuln/vuln.h"

struct vuln_key {
	struct str name;
	struct signature_key key;
};
struct vuln_keys {
	struct vuln_key *items;
	size_t n, cap;
};

/* The keys that are compiled in (vuln/keys.def). */
void vuln_keys_published(struct arena *a, struct vuln_keys *out);
/* One's own key, a file in PEM: then only it counts. False with a "usage.db-key" diagnostic. */
bool vuln_keys_own(struct arena *a, struct str path, struct vuln_keys *out, struct diags *d);

/* The manifest's bytes with a signature by the private key in PEM, in the place of one that is there; false with *why. */
bool vuln_manifest_sign(struct arena *a, struct str manifest, struct str private_pem, struct str *out, struct signature_key *key, struct str *why);

/* Where a database lies. */
struct vuln_place {
	struct str dir;
	struct vuln_keys keys;
	bool must_be_signed; /* it came over the network or from a cache: nobody vouched for it by naming it */
	struct str *remotes; /* addresses that have the files that are not in dir yet; they are stored there when first needed */
	size_t nremotes;
};
/* As vuln_open, which takes an unsigned folder or one that is signed by a published key. */
struct vuln_db *vuln_open_place(struct arena *a, const struct vuln_place *p, struct diags *d);

#endif
