/* Private to `rescan`. */
#ifndef CMD_RESCAN_H
#define CMD_RESCAN_H

#include "base/buf.h"
#include "base/map.h"
#include "cmd/fleet.h"
#include "cmd/judge.h"

enum rescan_field {
#define FIELD(id, name) FIELD_##id,
#include "cmd/rescan_fields.def"
#undef FIELD
	RESCAN_FIELDS,
};
extern const char *const rescan_field_names[RESCAN_FIELDS];

struct rescan_clock;

/* One finding that closes (Out-of-cycle, Immediate), or whose flaw is exploited or was. */
struct rescan_row {
	struct str field[RESCAN_FIELDS];
	unsigned level; /* enum outcome */
	bool newly;	/* closing today, and not when it was decided (or never decided) */
	bool exploited, not_patchable;
	bool carried;	/* of the past, and not looked at today */
};

/* A product of which at least one SBOM was read. */
struct rescan_product {
	struct str name, home; /* home: its repository; absent: it has none */
	struct str owner;
	bool named;	       /* by the user; else by what its documents say */
	size_t sboms;
};

/* What became of a product's issue. */
struct rescan_issue {
	struct str product, repository, why;
	int64_t number;	 /* 0: none */
	const char *did; /* "created", "updated", "as it was", "closed", "reopened", "left closed", "failed" */
	bool failed;
};

/* What today's data says nothing about: never clean. */
struct rescan_unknown {
	struct str product, version, component, why;
};

struct rescan {
	struct arena *arena;
	int64_t now;
	struct fleet fleet;
	struct vuln_db *db;
	struct runner runner; /* only the API's address and token: nothing else of a runner holds here */
	struct str config;    /* of --config */
	VEC(struct rescan_row) rows;
	VEC(struct rescan_unknown) unknown;
	VEC(struct rescan_product) products;
	VEC(struct rescan_issue) issues;
	struct map by_name; /* of a product to its index plus one */
	VEC(struct str) legs; /* of merged reports */
	VEC(struct rescan_row) past; /* rows of what is gone, and of what was not looked at today (carried) */
	/* rescan_clocks.c */
	bool remembers;		     /* also what has no row: a state, a leg or a merge of legs */
	struct map before;	     /* key to struct rescan_clock *, of the state */
	struct map met;		     /* keys of today */
	struct map looked;	     /* product and version to the commit that was looked at */
	VEC(struct rescan_clock *) quiet; /* of today, without a row */
	size_t sboms, findings, not_supported;
	struct str leg, data_date; /* "2/4"; when the data was confirmed current */
	bool stale, bad_policy;
	bool only_exploited; /* --report exploited */
	bool whole_state;    /* the state is being written: also what was not looked at */
};

/* rescan_judge.c: one stored SBOM against today's data and policy. */
void rescan_unit(struct rescan *r, const struct fleet_unit *u);
/* rescan_state.c: an earlier report read back for its clocks (no such file yet: fine). False with a message. */
bool rescan_read_state(struct rescan *r, struct str path);
/* The reports of legs into one; of a leg that ran again its later report. False with a message. */
bool rescan_merge(struct rescan *r, const struct str *paths, size_t n);
struct rescan_product *rescan_product_of(struct rescan *r, struct str name);
void rescan_read_row(const struct json *j, struct rescan_row *row);
struct str rescan_key(struct arena *a, const struct rescan_row *row);
/* Sorts, drops repeats of the same row (the one seen last stays). */
void rescan_settle(struct rescan *r);
/* rescan_issues.c: one issue for each product in its own repository (`where` "own") or all in `where`; in a public one only if
 * `in_public`. What was done and what could not be done stands in r->issues. False with a message on wrong usage. */
bool rescan_write_issues(struct rescan *r, struct str where, bool in_public);
/* rescan_issue_text.c: title and body (without the marker) of a product's issue; rows of other products are left out. */
struct str rescan_issue_title(struct arena *a, const struct rescan *r, const struct rescan_product *p);
struct str rescan_issue_body(struct arena *a, const struct rescan *r, const struct rescan_product *p, size_t most);
/* rescan_output.c */
void rescan_table(const struct rescan *r, struct buf *out);
void rescan_json(const struct rescan *r, struct buf *out);
void rescan_csv(const struct rescan *r, struct buf *out);
void rescan_html(const struct rescan *r, struct buf *out);

#endif
