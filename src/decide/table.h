/* SSVC decision tables as data: CERT/CC's published ones (ssvc_tables.def) and tables from files in CERT/CC's JSON (Decision
 * Table 2.0.0) or CSV form. A table is always complete (one row for each combination) and monotone (raising one input never
 * lowers the outcome): anything else is refused, because the range of outcomes under unknown inputs rests on it. */
#ifndef DECIDE_TABLE_H
#define DECIDE_TABLE_H

#include "decide/point.h"

#define SSVC_MAX_POINTS 8
#define SSVC_MAX_ROWS 65536

struct ssvc_table {
	struct str id;	 /* "ssvc:DT_DP:1.0.0"; of a CSV file: its name */
	struct str name;
	const struct ssvc_point *points[SSVC_MAX_POINTS];
	unsigned npoints;
	const struct ssvc_point *outcome;
	size_t nrows;
	uint8_t *cells;	 /* outcome of each combination, first point most significant */
	uint32_t *rows;	 /* the published row number of each combination */
};

/* One of the published tables by short name ("deployer", "supplier", "cisa-coordinator", "bod-26-04", "human-impact",
 * "human-impact-2024.3.8", "utility", "public-safety-impact") or id ("ssvc:DT_DP:1.0.0"); NULL where there is none. */
const struct ssvc_table *ssvc_table_published(struct arena *a, struct str name);
/* The short names, for messages. */
struct str ssvc_table_names(struct arena *a);
/* From a file's text, JSON where it starts with '{', else CSV; `label` (the file's name) is the id of a CSV table. NULL with
 * *why (on the arena) and *offset. */
const struct ssvc_table *ssvc_table_parse(struct arena *a, struct str text, struct str label, struct str *why, size_t *offset);

/* The position among the table's points of a kind ("ssvc:E"), or -1. */
int ssvc_table_point(const struct ssvc_table *t, const char *kind);
/* The combination's index for one value a point. */
size_t ssvc_table_cell(const struct ssvc_table *t, const unsigned *values);
/* The outcome (index into t->outcome->values) for one value a point; *row (may be NULL) is the published row. */
unsigned ssvc_table_outcome(const struct ssvc_table *t, const unsigned *values, unsigned *row);
/* The outcomes still possible (bits) when each point may have any of the values in possible[] (bits, none empty). */
unsigned ssvc_table_possible(const struct ssvc_table *t, const unsigned *possible);
/* The highest of them: one look-up, because the table is monotone. */
unsigned ssvc_table_highest(const struct ssvc_table *t, const unsigned *possible);
/* An outcome as people read it: "Out-of-cycle" (SSVC's own spelling varies), "Act", "14 days". */
struct str ssvc_table_title(const struct ssvc_table *t, unsigned level);
/* Is it the Defer … Immediate set (ssvc:DSOI)? Then the outcome's index is an enum outcome. */
bool ssvc_table_is_dsoi(const struct ssvc_table *t);

#endif
