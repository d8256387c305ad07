/* From a bom to a verdict: policy, data, matching, deciding, the gate; what `scan` and `run` share. */
#ifndef CMD_JUDGE_H
#define CMD_JUDGE_H

#include "cmd/base.h"
#include "cmd/database.h"
#include "cmd/measure.h"
#include "decide/decide.h"
#include "decide/exceptions.h"
#include "decide/gate.h"
#include "decide/licences.h"
#include "match/findings.h"
#include "report/report.h"
#include "vuln/vuln.h"

struct judge_options {
	struct database_choice database;
	struct vuln_db *opened; /* a database that is open already: it stays open (the caller takes it out before judge_end) */
	struct str config;   /* as given; absent: the default */
	bool osv_api;	     /* ask OSV's API too */
	bool config_given;   /* an explicit file that must be there */
	struct policy_run run;
	struct str_list findings; /* reports of other scanners: paths */
	int64_t now;
};

struct judgement {
	struct policy policy;
	struct effective effective;
	struct str policy_commit; /* absent: the file system or none */
	struct property policy_blob;
	bool policy_failed;
	bool change;		   /* a change is judged: the policy is the base's */
	struct base_reader reader; /* of the files beside the policy */
	struct measured measured; /* against the base, where a change is judged */
	struct exceptions exceptions;
	struct licence_report licences;
	struct vuln_db *db;
	bool asked_api;
	struct vuln_age_report ages;
	struct findings findings;
	VEC(struct findings_file) foreign; /* reports of other scanners, as read */
	bool matched;
	struct gate gate;
	struct str_list altered; /* what a change does to the gate itself: the first lines of the report */
	bool kev_loaded, ssvc_loaded;
	struct str kev_date, ssvc_date;
	int64_t now;
	struct map facts; /* CVE to struct cve_facts * */
	struct arena *arena;
};

/* Reads the policy of the base (or of the judged commit). FAILED where it is wrong (exit 2) or cannot be read (exit 4); then the
 * defaults stand in j->policy, so that the rest of the report can still be made. */
enum result judge_policy(struct judgement *j, struct arena *a, struct diags *d, struct collected *c, const struct runner *r,
			 const struct base *base, const struct judge_options *o);
/* Opens the data, matches, joins reports of other scanners (which may add components) and decides; where a change is judged, the base
 * too (sources: how the head was read; NULL: no base). */
void judge_findings(struct judgement *j, struct diags *d, struct collected *c, const struct base *base,
		    const struct collect_options *sources, const struct judge_options *o);
/* The gate, once all diagnostics are in. */
void judge_gate(struct judgement *j, const struct diags *d, const struct collected *c, const struct base *base);
/* Decides and lifts once more, under j->policy and j->effective as they now stand, and closes or opens the gate; nothing is read
 * again. For "what would it be under another policy". */
void judge_again(struct judgement *j, struct diags *d, const struct collected *c);
void judge_end(struct judgement *j);
/* The parts of a report that come from here. */
void judge_report(const struct judgement *j, const struct collected *c, const struct diags *d, struct report *out);

#endif
