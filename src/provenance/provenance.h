/* The record of a run: an in-toto Statement v1 with SLSA provenance v1 (slsa.dev/spec/v1.0/provenance). What it says is for an
 * auditor two years later: which tool, called how, when, on which commit, with which data and which policy, made these files. */
#ifndef PROVENANCE_PROVENANCE_H
#define PROVENANCE_PROVENANCE_H

#include "base/buf.h"
#include "model/bom.h"

#define PROVENANCE_BUILD_TYPE "urn:bomgate:run:v1"

struct named_digest {
	struct str name, sha256;
	struct str media_type;
};

/* One file or source of the vulnerability data. */
struct data_digest {
	struct str name, sha256;
	struct str source_date, checked; /* absent where not known */
};

struct ingested_record {
	struct str path, sha256, format, tool_vendor, tool_name, tool_version, timestamp;
};

/* An exception that lifted something. */
struct exception_record {
	struct str kind, id, reason, until, who, file;
	unsigned line;
	size_t lifted;		/* findings */
	struct str commit, author; /* that brought it in, as far as the clone's history goes; absent where it is not known */
	bool cut;		/* history is cut off there: it may be older */
};

struct provenance {
	VEC(struct named_digest) subjects;   /* every SBOM written */
	VEC(struct property) options;	     /* effective options, an allow-list, never a secret */
	VEC(struct str) overrides;	     /* every --allow-… that was used */
	VEC(struct str) sources;
	VEC(struct named_digest) shipped;    /* what the SBOMs are bound to (--subject) */
	VEC(struct ingested_record) ingested;
	VEC(struct data_digest) data;
	struct str data_signature;	     /* "unsigned", or the key that signed */
	VEC(struct named_digest) policy;     /* configuration, exceptions, VEX, with their digests */
	VEC(struct property) policy_origin;  /* commit and blob ids of them */
	VEC(struct exception_record) exceptions;
	VEC(struct named_digest) byproducts;
	struct str tool_version, tool_commit, binary_sha256, command;
	struct str libraries;		     /* "libgit2 1.5.1, …" */
	struct str builder;		     /* workflow ref, or "local" */
	struct str invocation_id, started, finished;
	struct str repository, repository_uri, commit, ref, tree, commit_time, run_id, run_attempt, event, workflow, job, actor, runner;
	struct str base_commit;
};

/* The statement as JSON, in a fixed order. `b` gives the inputs with their digests. */
void provenance_write(const struct provenance *p, const struct bom *b, struct buf *out);

#endif
