/* What stands around a signature: the signer's certificate, the entry of a transparency log, time stamps, as Sigstore bundles hold them
 * (protobuf-specs, dev.sigstore.bundle v0.1 to v0.3, as JSON). Signatures beside them are checked by provenance/check_signature.c. */
#ifndef PROVENANCE_BUNDLE_H
#define PROVENANCE_BUNDLE_H

#include "provenance/record.h"
#include "provenance/trust.h"

struct bundle {
	struct str about;	     /* the file's name, for messages */
	const struct json *material; /* verificationMaterial; NULL: a signature alone */
	struct str payload;	     /* what is signed: the DSSE payload, or the file */
	struct str message;	     /* what the signature is over: the payload in its envelope, or the file */
	struct str signature;	     /* bytes */
	struct str key;		     /* SubjectPublicKeyInfo of who signed */
	bool has_certificate;
	struct certificate leaf;
	VEC(struct str) between;
	VEC(int64_t) times;	     /* when it was signed, by each witness that is trusted */
	VEC(const struct trust_log *) undated; /* they include the signature, and do not say when */
	bool old_form;		     /* v0.1, of which a log's promise is enough: later ones have to bring the proof */
	bool unasked_witness;	     /* there is a witness that --trust does not let check */
	bool by_own, by_sigstore;    /* who vouches for the signer: an authority of the auditor's own, a Sigstore root */
};

/* Takes the certificates; a check that fails where they cannot be read (then false). */
bool bundle_open(const struct record *r, const struct json *material, struct audit *out, struct bundle *b);
/* bundle_log.c: each entry of a transparency log: is it of this signature, payload and signer, and did a trusted log promise (SET) and
 * include it (proof, signed checkpoint)? A good promise is a witness of the time. */
void bundle_check_log(const struct record *r, const struct trust *t, struct audit *out, struct bundle *b);
/* Each RFC 3161 time stamp: a good one is a witness of the time. */
void bundle_check_stamps(const struct record *r, const struct trust *t, struct audit *out, struct bundle *b);
/* Logs that do not say when must have been trusted at each time that the other witnesses state. */
void bundle_check_log_times(const struct record *r, const struct trust *t, struct audit *out, const struct bundle *b);
/* The chain at each time that a witness states, else now. */
void bundle_check_chain(const struct record *r, const struct trust *t, struct audit *out, struct bundle *b);
/* Who signed, against what the record and the auditor say. */
void bundle_check_identity(const struct record *r, const struct trust *t, struct audit *out, const struct bundle *b);

#endif
