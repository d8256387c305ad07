/* Reports: rows of reports.def, one file each, all from one struct report. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"
#include "decide/decide.h"
#include "decide/gate.h"
#include "decide/licences.h"

/* One line of "what was not possible" or "what was done": publishing, missing permissions. */
struct report_note {
	struct str text;
	struct str yaml; /* the line to add to the workflow; absent where none */
	bool failed;	 /* it was required: an error */
};

/* A file that is shipped, by its digest. */
struct named_subject {
	struct str name, sha256;
};

struct report {
	struct arena *arena;
	const struct bom *bom;
	const struct findings *findings;
	const struct findings *base; /* of the base, whose components they are; FINDING_FIXED: ended by this change; NULL: none */
	const struct str_list *first;	   /* what the change does to the gate itself: the first lines; NULL: none */
	const struct bom *base_bom;	   /* of the base, for the changes of components; NULL: none */
	const struct licence_report *licences; /* NULL: none judged */
	const struct gate *gate;
	const struct policy *policy;
	const struct effective *effective;
	const struct diags *diags;
	const char *version;		   /* of bomgate */
	struct str commit, repository, ref, event;
	struct str server_url, run_url;	   /* absent outside a runner */
	struct str base_commit;
	bool pull_request;
	bool on_runner;
	struct str timestamp;
	struct str data_date;		   /* when the data was last confirmed current; absent where there is none */
	struct str data_age;		   /* "5 h", for people */
	struct str sbom_sha256, binary_sha256, database_digest;
	struct str category;		   /* keeps the runs of a workflow apart: "ci/gate", "ci/gate/1a2b3c4d"; absent outside a runner */
	struct str run_id;
	VEC(struct named_subject) subjects; /* what is shipped, as --subject named it */
	struct str artifact;		   /* name under which it is uploaded; absent: not */
	struct str artifact_until;	   /* the day on which GitHub deletes it; absent where not known */
	struct str command;		   /* that does the same again */
	double seconds;			   /* the run took; < 0: not shown */
	size_t node_modules;
	VEC(struct str) excluded;
	VEC(struct report_note) notes;
	bool color;
};

struct report_row {
	const char *name;      /* of -o */
	const char *file_name; /* in the output folder; NULL: none */
	void (*write)(const struct report *r, struct buf *out);
};
extern const struct report_row reports[];
extern const size_t reports_n;
const struct report_row *report_by_name(struct str name);

/* "GATE CLOSED  1 Immediate, 2 Out-of-cycle (3 new in this pull request), 14 Scheduled, 21 Defer": no name from outside in it. */
void report_verdict(const struct report *r, struct buf *out);
/* "scanned 4 files, 1,284 components, data of … (5 h old), 0.4 s" */
void report_scanned(const struct report *r, struct buf *out);
/* 1284 as "1,284". */
void report_number(struct buf *out, size_t n);
/* The word of an outcome of the run's table ("Out-of-cycle"). */
struct str report_level(const struct report *r, unsigned level);

/* May it be a file of the commit? An address and a path of the machine (a database, an image) are none: no link, no line of code. */
bool report_in_commit(struct str file);

/* By when the policy's respond_within wants an answer to the finding, RFC 3339: from when it was first seen. Absent where it says
 * nothing of the outcome, or an exception lifts the finding. */
struct str report_due(const struct report *r, const struct finding *f);

/* The pull request comment: the summary's first parts within GitHub's 65,536 characters. Its first line tells a publisher whether
 * there is anything to say (COMMENT_CLEAN or COMMENT_FINDINGS). */
#define COMMENT_CLEAN "<!-- bomgate:state clean -->"
#define COMMENT_FINDINGS "<!-- bomgate:state findings -->"
void report_comment(const struct report *r, struct buf *out);
/* "What was not possible", for the end of the summary; nothing where there is none. */
void report_notes(const struct report *r, struct buf *out);

/* The rows' functions. */
#define REPORT(fn, name, file) void report_##fn(const struct report *r, struct buf *out);
#include "report/reports.def"
#undef REPORT

#endif
