/* Uploading an artifact by the results service of GitHub Actions: version 4 of the protocol of actions/toolkit (packages/artifact):
 * CreateArtifact, blocks and block list to a signed URL, FinalizeArtifact. */
#ifndef PUBLISH_ARTIFACT_H
#define PUBLISH_ARTIFACT_H

#include "base/arena.h"

struct artifact_upload {
	struct str results_url;	  /* ACTIONS_RESULTS_URL */
	struct str token;	  /* ACTIONS_RUNTIME_TOKEN; never printed */
	struct str name;	  /* without ": < > | * ? CR LF \ / and not empty */
	struct str zip;		  /* the bytes */
	struct str expires;	  /* RFC 3339; absent: the repository's setting */
	/* Called with what has to be masked in the log before anything is printed. */
	void (*mask)(struct str secret);
};

struct artifact_result {
	struct str name;   /* under which it is there: a suffix where the name was taken */
	struct str id;
	struct str digest; /* "sha256:…" */
};

/* Uploads, trying again what may be tried again. False with *why: one sentence without secrets. */
bool artifact_upload(struct arena *a, const struct artifact_upload *u, struct artifact_result *out, struct str *why);
/* The run's and the job's ids in the token; false where it has none. */
bool artifact_ids(struct arena *a, struct str token, struct str *run_id, struct str *job_id);
/* The name without characters that are not allowed ('-' in their place). */
struct str artifact_clean_name(struct arena *a, struct str name);

#endif
