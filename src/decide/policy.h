/* The policy: `.github/bomgate.yml` parsed and checked, the organisation's file that it extends merged in, and what of it
 * holds for one run. Every key is a row of policy_keys.def, which also feeds docs/configuration.md and docs/bomgate.schema.json.
 * Text lives on the arena given. */
#ifndef DECIDE_POLICY_H
#define DECIDE_POLICY_H

#include "base/diag.h"
#include "base/result.h"
#include "decide/table.h"

#define FAIL_ON_NEVER 255 /* as a level of fail_on: nothing closes the gate */

struct str_list {
	struct str *items;
	size_t n, cap;
};

/* One value of the configuration. */
struct setting {
	bool set;
	bool may;	/* an organisation's file: the repository may loosen it */
	unsigned line;	/* in the file that set it */
	int64_t value;
};

/* What a service can say of itself. The last three feed tables other than the deployer's. */
enum service_point {
	SERVICE_EXPOSURE,
	SERVICE_HUMAN_IMPACT,
	SERVICE_SAFETY,
	SERVICE_MISSION,
	SERVICE_VALUE_DENSITY,
	SERVICE_PUBLIC_SAFETY,
	SERVICE_MISSION_WELL_BEING,
	NSERVICE_POINTS,
};

struct service {
	struct str name, owner;
	struct str_list paths, images; /* globs; no paths: whatever no other service names */
	struct setting points[NSERVICE_POINTS];
	struct setting development; /* 1: small; 0: as-service */
	struct setting human_impact_floor; /* an organisation's, under safety and mission impact too */
	unsigned line;
};

struct environment {
	struct str name;
	struct str_list on; /* "tag", an event's name, or a glob of a full ref; on a pull request the target branch's ref */
	struct setting points[NSERVICE_POINTS]; /* in place of what the services say */
	struct setting fail_on, strict, undecided, pull_request;
	unsigned line;
};

struct ignore_entry {
	struct str id;	       /* any id of the flaw */
	struct str component;  /* purl, with or without version and qualifiers; absent: any */
	struct str_list paths; /* globs of the files that name the component; none: any */
	struct str service, owner, reason, until;
	int64_t until_time;    /* first second at which it is over */
	struct str file;
	unsigned line;
};

struct vex_source {
	struct str file; /* path or glob */
	struct str author, until;
	int64_t until_time;
	struct str from; /* where the entry stands */
	unsigned line;
};

struct licence_exception {
	struct str component, licence, reason, until;
	int64_t until_time;
	struct str file;
	unsigned line;
};

enum data_source { DATA_KEV, DATA_SSVC, DATA_OSV, DATA_EPSS, NDATA };
extern const char *const data_source_names[NDATA]; /* "kev", "ssvc", "osv", "epss" */

enum assumed_point { ASSUME_EXPLOITATION, ASSUME_EXPOSURE, ASSUME_AUTOMATABLE, ASSUME_HUMAN_IMPACT, ASSUME_TECHNICAL_IMPACT, NASSUMED };

/* A file that the policy was made of: for the provenance. */
struct policy_file {
	struct str what;   /* path, or OWNER/REPO//path@SHA */
	struct str sha256; /* hex */
};

struct policy {
	struct arena *arena;
	bool present;	 /* false: no configuration, the defaults */
	struct str file; /* as shown */
	struct str extends;
	bool inherited; /* something of the organisation's file is in here */
	size_t own_services, own_exclude; /* the first ones of their lists: the repository's own */
	VEC(struct policy_file) files;

	VEC(struct service) services;
	struct setting services_set;
	VEC(struct environment) environments;

	const struct ssvc_table *table;	       /* "deployer" unless ssvc.table says otherwise */
	const struct ssvc_table *human_impact; /* never NULL */
	struct str table_name, human_impact_name; /* as written; absent where not */
	struct setting table_set, human_impact_set;
	struct setting assume[NASSUMED], strict;

	struct setting fail_on, pull_request, undecided, allow_incomplete; /* 1: all, fail, true */
	struct setting max_age[NDATA];					 /* seconds */
	struct setting minimum_fail_on, minimum_undecided, minimum_strict, minimum_allow_incomplete, minimum_max_age[NDATA];

	struct str_list licences_allow, licences_deny;
	struct setting licences_allow_set, licences_deny_set, licences_unknown; /* 1: fail */
	VEC(struct licence_exception) licences_ignore;

	VEC(struct ignore_entry) ignore;
	VEC(struct vex_source) vex;
	struct str_list exclude;
	struct str_list private_packages; /* globs of names that are never sent anywhere */
	struct str_list ignore_files; /* of other tools: paths */
	struct setting ignore_set, vex_set, exclude_set, ignore_files_set;
	struct setting respond_within[SSVC_MAX_VALUES]; /* seconds, by level of the table's outcome */
};

/* How the parser gets other files. */
struct policy_io {
	void *data;
	/* `what` is a path of the repository (at the commit whose policy is read), or OWNER/REPO//path@SHA. False with *why. */
	bool (*fetch)(void *data, struct str what, struct str *text, struct str *why);
};

/* No configuration: the defaults. */
void policy_default(struct arena *a, struct policy *out);
/* Parses a configuration named `file` for people. OK, or FAILED with at least one error in d: "usage.config" (exit 2) with its
 * place, "data.policy" (exit 4) where the file that it extends cannot be read. io may be NULL: then extends and table files
 * are such errors. */
enum result policy_parse(struct arena *a, struct diags *d, struct str file, struct str text, const struct policy_io *io, struct policy *out);
/* Globs of services, exclude and ignore (of the repository's own file) that fit none of the paths: errors "usage.config" with
 * their line. `paths` are all files of the judged tree, on a pull request of the base's too (whose policy it is): where those
 * are not at hand, pass SEV_WARNING. */
enum result policy_check_paths(const struct policy *p, struct diags *d, enum severity severity, const struct str *paths, size_t n);

/* The level of an outcome's word ("out-of-cycle", "act", "any", "never"); false where it is none of the table. */
bool policy_level(const struct ssvc_table *t, struct str word, unsigned *out);
struct str policy_level_word(const struct ssvc_table *t, unsigned level);

/* ---- what holds for one run */

struct policy_run {
	struct str event; /* "push", "pull_request", "schedule", … ; absent outside a runner */
	struct str ref;	  /* "refs/heads/main", "refs/tags/v1"; on a pull request or merge group the target branch's */
	/* options and inputs; absent: not given */
	struct str fail_on, undecided, strict, allow_incomplete, pull_request, max_age;
};

struct effective {
	unsigned fail_on; /* level, or FAIL_ON_NEVER */
	bool strict, undecided_fail, pull_request_all, allow_incomplete;
	int64_t max_age[NDATA];
	struct setting points[NSERVICE_POINTS]; /* of the environment; the strictest where several hold */
	struct str environment; /* names, ", " between them; absent where none holds */
	struct str_list notes;	/* what a minimum overruled, one sentence each */
};

/* FAILED where an option has no such value ("usage.option"). */
enum result policy_effective(const struct policy *p, const struct policy_run *run, struct diags *d, struct effective *out);
#endif
