/* Private to `audit`. */
#ifndef CMD_AUDIT_H
#define CMD_AUDIT_H

#include "base/buf.h"
#include "cmd/command.h"
#include "provenance/record.h"
#include "provenance/redecide.h"
#include "provenance/trust.h"

/* One record that was audited. */
struct audited {
	struct str what; /* as named on the command line, or found below it */
	struct audit audit;
	struct record record;
	bool read;
	bool redecided;
	struct redecided again;
};

struct audits {
	struct audited *items;
	size_t n, cap;
};

/* The files of the recorded commit, as somebody else keeps them. */
struct commit_files {
	/* The blob id at a path; false where the commit has none (then *missing), or where it cannot be told (*why). */
	bool (*blob)(void *context, struct str path, struct str *id, bool *missing, struct str *why);
	bool (*bytes)(void *context, struct str id, struct str *out, struct str *why);
	void *context;
	const char *who; /* "the clone's commit" */
};
/* audit_inputs.c: the recorded inputs against them. */
void audit_inputs(struct audited *x, const struct commit_files *f);
/* Was it made from one git commit alone? */
bool audit_sources_are_git(const struct record *r);
/* The repository that the record must be of (--repository), against the one that it names itself. */
void audit_repository(struct invocation *in, struct audited *x);
/* audit_clone.c: the commit in a clone holds the inputs with the recorded digests. */
void audit_clone(struct audited *x, struct str checkout);
/* audit_api.c: the same and the run and its artifact, by GitHub's API. */
void audit_api(struct invocation *in, struct audited *x);
/* audit_rebuild.c: makes the SBOMs again from the clone by `binary` (absent: this program). */
void audit_rebuild(struct invocation *in, struct audited *x, struct str checkout, struct str binary);
/* What --trust names, with --issuer, --identity and --repository; NULL where there is none. False with a message where it is wrong. */
bool audit_trust(struct invocation *in, const struct trust **out);
/* audit_verdict.c: `--verdict F --subject F…`: the exit code. */
int audit_verdict(struct invocation *in);
/* audit_history.c: the releases and the default branch of OWNER/REPO: the exit code. */
int audit_history(struct invocation *in, struct str repository);
/* audit_output.c */
void audit_table(const struct audits *all, struct buf *out);
void audit_json(const struct audits *all, struct buf *out);
void audit_html(const struct audits *all, struct buf *out);
/* 0, or 1 where a check fails, 4 where what was needed could not be asked, 3 where something is missing. */
int audit_code(const struct audit *a);

#endif
