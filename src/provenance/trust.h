/* Whom an auditor trusts: `--trust FILE`, one or several. Each is one of
 *   a Sigstore trusted root (JSON, or a line each as `gh attestation trusted-root` prints it): authorities, logs, time stampers
 *   (of a key's signatures: without authorities),
 *   PEM with certificates: they stand for authorities and time stampers, and public keys among them for transparency logs,
 *   PEM with public keys alone, or the base64 of one: they sign the record themselves.
 * Each file decides for itself, and whoever stands in one of them is trusted; nothing is added, above all no root that comes with the program. */
#ifndef PROVENANCE_TRUST_H
#define PROVENANCE_TRUST_H

#include "io/certificate.h"

struct trust_file {
	struct str name; /* as whoever trusts it calls it */
	bool sigstore;	 /* it vouches for whoever asks, so that only the identity tells */
};

struct trust_key {
	struct str der; /* SubjectPublicKeyInfo */
	size_t file;	/* row of trust.files */
};

struct trust_log {
	struct str key, id; /* id: 32 bytes */
	int64_t from, until;
	size_t file;
	bool unreadable; /* a kind of key that is not understood: its entries are not checked */
};

/* What a signature must say beside being good; absent: not asked, but by a Sigstore root the
 * issuer is GitHub Actions' then, since everybody can get a certificate there. */
struct trust_wanted {
	struct str issuer;     /* who vouched for the signer */
	struct str identity;   /* the certificate's name; a `*` at the end stands for anything */
	struct str repository; /* OWNER/REPO */
};

struct trust {
	VEC(struct trust_file) files;
	VEC(struct trust_key) keys;
	VEC(struct certificate_anchor) authorities; /* .list: row of files */
	VEC(struct certificate_anchor) stampers;
	VEC(struct trust_log) logs;
	VEC(struct certificate_log) certificate_logs;
	struct trust_wanted wanted;
};

#define TRUST_GITHUB_ISSUER "https://token.actions.githubusercontent.com"

/* Adds what stands in the text of the file of this name; false with *why (a clause). */
bool trust_read(struct arena *a, struct str name, struct str text, struct trust *out, struct str *why);

#endif
