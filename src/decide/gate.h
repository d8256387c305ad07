/* The verdict of a run: what closes the gate, what keeps it from opening, and the exit code (design: the command line). */
#ifndef DECIDE_GATE_H
#define DECIDE_GATE_H

#include "decide/policy.h"

enum gate_state { GATE_OPEN, GATE_CLOSED, GATE_INCOMPLETE, GATE_STALE, GATE_ERROR };
const char *gate_word(enum gate_state s); /* "open", "closed", "incomplete", "stale", "error" */

struct data_state {
	bool loaded;
	bool required; /* by the configuration, which says how old it may be: then it must be there */
	bool future;   /* it was confirmed later than now */
	bool dated;    /* an age was taken, known or not */
	int64_t age; /* seconds since last confirmed current, of its oldest part; -1 where not known or of the future (counts as too old) */
	struct str checked; /* when that was, RFC 3339; absent where not known */
	struct str part;    /* the ecosystem for which that holds; absent: all of it */
};

struct gate_input {
	const struct findings *findings;
	const struct bom *bom;
	const struct diags *diags;     /* of the whole run */
	const struct policy *policy;
	const struct effective *effective;
	/* KEV and OSV must be loaded (else 4), and what the policy gives a max_age. SSVC need not otherwise (then what it would tell
	 * is not decided: issue 7); EPSS is only shown. What is loaded must not be older than max_age (else 4). */
	struct data_state data[NDATA];
	bool pull_request; /* the run judges a change and findings[].state is filled */
	size_t licence_violations;
	const struct bom *base; /* what a change is measured against: an input that could not be read there either, with the same
				 * blob id, does not hold a pull request; NULL: none */
	bool matched; /* matching was done; false: the gate cannot open */
	size_t faults_before; /* where `base` is NULL: input errors known to be older than the change */
};

struct gate {
	enum gate_state state;
	int exit_code;
	size_t counts[SSVC_MAX_VALUES]; /* by level of the table's outcomes, lifted ones left out */
	size_t outcomes[4];		/* by enum outcome */
	size_t closing;			/* findings that close the gate */
	size_t closing_new;		/* of them: new in this change */
	size_t old;			/* at or past fail_on, but there before the change */
	size_t lifted;			/* by exceptions */
	size_t not_decided;		/* components or findings */
	size_t not_decided_closing;	/* of them: closing whatever gate.undecided says, or all of them with `fail` */
	/* What it was decided on, for the record: `bomgate audit --redecide` decides once more from these. */
	struct data_state data[NDATA];
	bool change, matched;
	size_t licence_violations;
	size_t faults_before;		/* input errors that were there before the change */
	struct str_list reasons;	/* one sentence each, the weightiest first */
	struct str_list warnings;	/* data older than a day, minimum overruled, … */
};

void gate_decide(struct arena *a, const struct gate_input *in, struct gate *out);
/* Does this finding close the gate? */
bool gate_closes(const struct finding *f, const struct effective *e, bool pull_request);

#endif
