/* `bomgate run`: the steps of the whole job share this. */
#ifndef CMD_RUN_H
#define CMD_RUN_H

#include "cmd/judge.h"
#include "cmd/publishing.h"
#include "provenance/provenance.h"

struct written_file {
	struct str name;   /* below the output folder */
	struct str sha256; /* hex */
	struct str bytes;
	bool is_sbom;
};

struct run {
	struct invocation *in;
	struct arena *arena;
	struct diags diags;
	struct runner runner;
	struct collect_options sources;
	struct collected collected;
	struct base base;
	struct judge_options judge_options;
	struct judgement judgement;
	struct report report;
	struct str out; /* folder */
	VEC(struct written_file) files;
	VEC(struct named_subject) subjects; /* what is shipped */
	struct str binary_sha256; /* of the program that runs */
	struct str leg; /* the job's matrix, and which use of the action in the job it is: what keeps names apart */
	struct str artifact_name, artifact_id, artifact_digest;
	double started; /* monotonic, seconds */
	int64_t started_at;
	bool publish_failed; /* a publisher that is `required` */
	bool unwritten; /* a file or a step output could not be written */
	bool usage_error; /* nothing can be made at all */
};

/* run_files.c: the SBOMs, the record, the reports. */
bool run_write_sboms(struct run *run);
bool run_write_reports(struct run *run);
bool run_write_provenance(struct run *run);
/* run_subject.c: --subject, digested; false with a diagnostic where one cannot be read. */
bool run_subjects(struct run *run);
/* "FILE", "sha256:<hex>" or "NAME@sha256:<hex>" (an image by its digest); false with *why. */
bool run_subject_of(struct arena *a, struct str text, struct named_subject *out, struct str *why);
void run_subjects_into_sbom(struct run *run);
/* The verdict that binds the gate's answer to them. */
void run_verdict(struct run *run, const struct provenance *p, struct buf *out);
/* run_publish.c: the artifact's name, known before anything is written; absent: no upload. */
void run_name_artifact(struct run *run);
/* The day on which GitHub will delete the artifact, by retention-days or the repository's setting; absent where neither is known. */
struct str run_kept_until(struct run *run);
/* What leaves the machine; failures are notes, never the exit code. */
void run_publish(struct run *run);
/* run.c: where what was judged is shown. */
struct publishing_place run_place(const struct run *run);
/* run_publishers.c: false with a diagnostic where an input is none of true, required, false. */
bool run_publishers_check(struct run *run);
void run_publishers(struct run *run);
/* run_files.c: notices.md, what the publishers could not do, where there is something: for the artifact. It is no file of the record,
 * which is published itself and so is written before. */
void run_write_notes(struct run *run);
/* run_files.c: what was not possible, behind the summary that is written already. */
void run_append_notes(struct run *run);
/* run_record.c: fills the record. */
void run_record(struct run *run, struct provenance *p);
struct str run_own_digest(struct arena *a);
/* The effective options as a command that does the same again. */
struct str run_command_line(struct run *run);

#endif
