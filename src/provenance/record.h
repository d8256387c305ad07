/* A stored record read back, and the checks on it. Each check states its level of evidence:
 *   self-consistent  the files agree with each other: digests, fields, times. Says nothing against someone who rewrote all of them.
 *   anchored         what others keep agrees: the run, its artifact, the commit and its files (GitHub's API, or a clone).
 *   signed           a DSSE signature over the statement, by a certificate or key that the auditor trusts.
 *   rebuilt          the SBOM was made again.
 *   redecided        outcomes and gate follow from the recorded values. */
#ifndef PROVENANCE_RECORD_H
#define PROVENANCE_RECORD_H

#include "base/result.h"
#include "base/vec.h"
#include "model/bom.h"
#include "syntax/json.h"

enum evidence_level { LEVEL_SELF, LEVEL_ANCHORED, LEVEL_SIGNED, LEVEL_REBUILT, LEVEL_REDECIDED, EVIDENCE_LEVELS };
/* CHECK_MISSING: what it needs is not there (exit 3); CHECK_NO_DATA: it could not be asked (exit 4); CHECK_NOT_DONE: it was not asked
 * for, or cannot be told by what was given: no failure, and no pass either. */
enum check_state { CHECK_HOLDS, CHECK_FAILS, CHECK_MISSING, CHECK_NO_DATA, CHECK_NOT_DONE, CHECK_STATES };

const char *evidence_level_word(enum evidence_level l); /* "self-consistent", "anchored", … */
const char *check_state_word(enum check_state s);	/* "holds", "FAILS", "missing", "no data", "not checked" */

struct check {
	enum evidence_level level;
	enum check_state state;
	const char *what; /* a stable name: "digest", "times", "commit" */
	struct str about; /* file, id; absent where it is the whole */
	struct str text;  /* one sentence */
};

/* What the record says of how the SBOM came to be: seen by bomgate itself while it ran, or only claimed by a document. */
struct record_fact {
	bool observed;
	struct str text;
};

struct audit {
	struct arena *arena;
	VEC(struct check) checks;
	VEC(struct record_fact) facts;
	int64_t now;
};

struct record_file {
	struct str name, sha256; /* as the record says */
	bool subject;		 /* an SBOM */
	struct str bytes;	 /* absent where the file is not there */
};

struct record {
	struct arena *arena;
	struct str folder, name; /* name: of the record's file */
	struct str bytes;
	const struct json *statement, *definition, *details; /* the predicate's two halves */
	const struct json *result, *verdict;		     /* NULL where the file is not there or is none */
	struct str verdict_bytes;
	struct str manifest; /* data-manifest.json: of the vulnerability data, where it was kept */
	VEC(struct record_file) files;
	struct str repository, commit, tree, run_id, run_attempt, event, builder, started, finished, binary_sha256, tool_version;
};

/* Adds a check. */
void audit_say(struct audit *a, enum evidence_level level, enum check_state state, const char *what, struct str about, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
/* Holds where good, else fails; text is for both. */
void audit_check(struct audit *a, enum evidence_level level, bool good, const char *what, struct str about, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* Where a record's files come from: their bytes by a plain name; false with *why. */
struct record_source {
	bool (*read)(void *context, struct str name, struct str *bytes, struct str *why);
	void *context;
};
/* The record of this name and the files that it names. A DSSE envelope around the statement is opened. FAILED with a check that says why. */
enum result record_open(struct arena *a, struct str name, const struct record_source *source, struct audit *out, struct record *r);
/* The same from a folder: reads `path` (provenance.json) and the files beside it. */
enum result record_read(struct arena *a, struct str path, struct audit *out, struct record *r);
/* The level "self-consistent". `known`: lines "<sha256>  <name>" of binaries that are known (SHA256SUMS of releases), may be absent;
 * `own`: digest of the program that runs. */
void record_check_self(const struct record *r, struct str known, struct str own, struct audit *out);
/* The SBOMs against the record and result.json; opens each. */
void record_check_sboms(const struct record *r, struct audit *out);
/* The level "signed": looks for signatures beside the record, and checks them by what is trusted (NULL: they are only told of). */
struct trust;
void record_find_signatures(const struct record *r, const struct trust *t, struct audit *out);

#endif
