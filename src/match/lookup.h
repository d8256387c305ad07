/* Private to match/: one component against the database. */
#ifndef MATCH_LOOKUP_H
#define MATCH_LOOKUP_H

#include "match/match.h"
#include "vuln/evaluate.h"

/* One advisory that holds the component. */
struct hit {
	struct vuln_advisory advisory;
	struct str ecosystem; /* of the file that it stands in */
	const struct vuln_affected *first; /* the block that held it */
	const struct vuln_range *range;	   /* NULL: by its list of versions */
	VEC(const struct vuln_affected *) blocks; /* all blocks of this advisory for this package */
	const struct ordering *order;
};

struct kind;

struct lookup {
	const struct bom *bom;
	struct vuln_db *db;
	struct arena *arena;   /* for what stays */
	struct arena *scratch; /* popped after each component */
	struct findings *out;
	const struct component *component;
	uint32_t index;
	struct str version; /* as the ordering wants it; absent: not known */
	VEC(struct hit) hits;
	struct str closing; /* an advisory that closes the gate where the component cannot be judged */
	struct str why;	    /* why it cannot be judged; absent: it can */
	size_t checked;
	struct {
		struct kind *items;
		size_t n, cap;
	} kinds; /* private to lookup.c */
};

/* Fills hits, why and closing for l->component. */
void lookup_component(struct lookup *l);
/* The smallest version, past the one in use, that none of the hits holds; absent where none is known. */
struct str lookup_fixed(struct arena *a, struct lookup *l, const struct hit *const *hits, size_t n);
/* ">=1.0.0, <1.2.3": the stretch of the range that holds the version. */
struct str lookup_range_text(struct arena *a, const struct hit *h, struct str version);
/* Groups the hits of a component into findings. */
void group_hits(struct lookup *l);
/* KEV, EPSS and CVSS of the finding from one of its CVEs: the worst of each. */
void group_facts(struct vuln_db *db, struct arena *a, struct finding *f, struct str cve);
/* The id of f->ids that is shown: a malicious package's, CVE, GHSA, the rest by bytes. */
struct str group_shown_id(const struct finding *f);
/* Sorts by bytes and drops repeats; how many are left. */
size_t group_sort_ids(struct str *items, size_t n);

#endif
