/* verdict.json: an in-toto Statement v1 with SLSA's verification summary (slsa.dev/spec/v1.0/verification_summary) that binds the
 * gate's answer to what is shipped. Who has the file checks, from its bytes alone: the digests under `subject`, the result, by
 * which policy (`policy.digest`), on which data, and by which SBOM and record (`inputAttestations`). Everything that the standard
 * has no field for stands under `bomgate`.
 *
 * policy.digest: of one policy file its SHA-256; of several the SHA-256 of their lines "<sha256>  <name>\n" in the order of
 * bomgate.policyFiles (what `sha256sum` prints); without any, of the empty text. */
#ifndef PROVENANCE_VERDICT_H
#define PROVENANCE_VERDICT_H

#include "provenance/provenance.h"

#define VERDICT_TYPE "https://slsa.dev/verification_summary/v1"

struct verdict_count {
	struct str word; /* of the outcome: "out-of-cycle" */
	size_t n;
};

struct verdict {
	VEC(struct named_digest) subjects; /* what is shipped; none: the commit is the subject */
	VEC(struct named_digest) inputs;   /* SBOMs and the record */
	VEC(struct named_digest) policy;   /* its files; none: the defaults */
	VEC(struct verdict_count) counts;  /* worst first */
	VEC(struct str) overrides;	   /* every --allow-… that was used */
	VEC(struct str) reasons;
	bool passed;
	struct str gate;		   /* "open", "closed", … */
	int exit_code;
	struct str fail_on;		   /* "out-of-cycle", "never" */
	bool strict, pull_request;
	size_t closing, lifted, not_decided;
	struct str data_digest, data_checked; /* of the vulnerability data; absent where there was none */
	struct str verifier, version;	   /* workflow ref or "local" */
	struct str time;		   /* RFC 3339 */
	struct str resource;		   /* URI of what was judged */
	struct str repository, commit;
	struct str binary_sha256;
};

/* The statement as JSON, in a fixed order. */
void verdict_write(struct arena *a, const struct verdict *v, struct buf *out);
/* The digest that stands in policy.digest. */
struct str verdict_policy_digest(struct arena *a, const struct named_digest *files, size_t n);

#endif
