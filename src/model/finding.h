/* A finding: one flaw (advisories joined by their aliases) in one component, with the decision on it. */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include "model/bom.h"

/* The deployer tree's outcomes, worst last (CERT/CC, "Defer, Scheduled, Out-of-Cycle, Immediate" 1.0.0). */
enum outcome { OUTCOME_DEFER = 0, OUTCOME_SCHEDULED, OUTCOME_OUT_OF_CYCLE, OUTCOME_IMMEDIATE };

const char *outcome_word(enum outcome o);  /* "defer", "scheduled", "out-of-cycle", "immediate" */
const char *outcome_title(enum outcome o); /* "Defer", "Scheduled", "Out-of-cycle", "Immediate" */
/* Any case; '-', '_' and blank alike. False where it is none. */
bool outcome_of(struct str word, enum outcome *out);

/* Where the value of a decision point came from. */
enum value_origin { ORIGIN_NONE, ORIGIN_KEV, ORIGIN_CISA_SSVC, ORIGIN_REFERENCE, ORIGIN_CONFIG, ORIGIN_ASSUMED, ORIGIN_RULE };

enum { POINT_EXPLOITATION, POINT_EXPOSURE, POINT_AUTOMATABLE, POINT_HUMAN_IMPACT, NPOINTS };

struct point_value {
	unsigned value;	    /* index into the point's values as published, lowest first */
	unsigned possible;  /* bits: every value still possible (the value itself where it is known) */
	enum value_origin origin;
	struct str source;  /* for people: "CISA KEV", "CISA Vulnrichment", "service storefront", "assumed: no data" */
	struct str date;    /* of the source, RFC 3339 or a day; absent where none */
	struct str url;
};

/* What one of several services would get. */
struct service_outcome {
	struct str service; /* absent: what no service of the configuration takes */
	unsigned level, highest_level;
};

struct decision {
	struct point_value points[NPOINTS];
	enum outcome outcome;
	enum outcome highest; /* the highest still possible */
	unsigned row;	      /* of the table, from 0 */
	struct str table;     /* id and version: "deployer_patch_application_priority 1.0.0" */
	struct str human_impact_table; /* absent where given directly */
	struct str service;   /* the service it was decided for (the strictest) */
	struct str owner;
	unsigned services;    /* how many services the component belongs to */
	struct service_outcome *by_service; /* `services` of them, in the configuration's order; NULL where there is one */
	bool development;     /* the lockfile itself says that nothing which ships needs it */
	bool assumed;	      /* at least one value is assumed */
	bool undecided;	      /* not decided on exploitation: no data was loaded or there is no CVE */
	struct str rule;      /* bomgate's own rule where it decided instead ("malicious package"); else absent */
	struct str cve;	      /* the CVE whose facts decided; absent where there is none */
	/* In the words of the table that decided. For tables with other outcomes (CISA's, an organisation's) `outcome` is the
	 * nearest of the four for order and colour: below the gate Defer or Scheduled, from the gate on Out-of-cycle, the last
	 * Immediate; what the gate goes by is `level`. */
	unsigned level, highest_level; /* index into the table's outcomes, lowest first */
	struct str outcome_name;       /* "Out-of-cycle", "Act", "14 days" */
	struct str highest_name;
	struct other_point *inputs; /* of another table than the deployer's: its points in the table's order; else NULL */
	size_t ninputs;
};

/* A decision point of a table other than the deployer's. */
struct other_point {
	struct str id, name; /* "ssvc:TI:1.0.0", "Technical Impact" */
	struct str key, word; /* of the value: "T", "total" */
	struct point_value value;
};

/* An exception or VEX statement that lifted a finding. */
struct lifted {
	const char *kind;  /* "ignore", "openvex", "cyclonedx-vex", "csaf", "trivyignore", "osv-scanner.toml", "grype.yaml" */
	struct str id;	   /* of the statement: the id in it, a VEX statement's own id */
	struct str who;	   /* owner or author; absent where not said */
	struct str why;	   /* reason, justification */
	struct str until;  /* day or time as written; absent where it has no end */
	struct str file;
	unsigned line;	   /* 0 where not known */
};

/* One advisory that matched one component; before aliases are joined. */
struct match {
	uint32_t component;
	struct str id;
	VEC(struct str) aliases; /* of this record, with `upstream`/`related` CVEs of distribution records kept apart: */
	VEC(struct str) names_cves; /* one-way CVEs */
	struct str ecosystem, package; /* as the advisory spells them */
	struct str fixed;	/* the smallest safe version for the version in use; absent where none */
	struct str range;	/* the matched range, for people: ">=1.0.0, <1.2.3" */
	struct str summary, modified, published, severity; /* severity: CVSS vector or word */
	struct str informational; /* RustSec: "unmaintained", "unsound", "notice": no vulnerability; else absent */
	bool malicious;
	bool undecided;		/* name matched, version could not be judged */
	struct str undecided_why;
};

enum finding_state { FINDING_NEW, FINDING_OLD, FINDING_FIXED };

struct finding {
	uint32_t component;
	struct str id;		  /* the one shown: CVE first, then GHSA, then the rest */
	VEC(struct str) ids;	  /* all of the group, sorted */
	VEC(struct str) cves;	  /* all CVEs of the group, sorted */
	VEC(struct match) matches;
	struct str cve;		  /* the CVE that decided (the worst), absent where none */
	struct str fixed;	  /* smallest version that ends the finding; absent where none is known */
	struct str summary;
	struct str cvss;	  /* vector, absent where none */
	double cvss_score;	  /* -1 where none */
	double epss, epss_percentile; /* -1 where none */
	bool kev;
	bool kev_ransomware;
	struct str kev_added, kev_due;
	bool malicious;
	struct decision decision;
	enum finding_state state;
	struct str first_seen;	  /* RFC 3339, where a history tells; absent: the run's own time counts */
	bool silenced;		  /* by exceptions: does not count for the gate */
	struct str silenced_by;	  /* who, why, until when */
	const struct lifted *lifted; /* the same in parts; NULL where not silenced */
	struct str claim;	  /* a statement that does not lift it: "under investigation, says …"; absent where none */
	VEC(struct str) reporters; /* tools that reported it where findings were ingested */
	struct str stated;	  /* what the analysis in an ingested report says of it; shown as a claim, never obeyed */
};

struct undecided {
	uint32_t component;
	struct str why; /* "no lockfile", "version cannot be read", "no ordering for this ecosystem", … */
	bool closes_gate; /* its name has a KEV-listed or malicious-package advisory */
	struct str advisory; /* the one that closes */
	bool old; /* the base had the same: does not close a pull request */
};

struct findings {
	VEC(struct finding) list;
	VEC(struct undecided) undecided;
	size_t advisories_checked;
};

#endif
