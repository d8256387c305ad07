/* What is known of each finding over time, from one rescan to the next (--state).
 *
 * A finding is the same one as long as product, its version, service, package and one of its ids are: a package raised from one
 * affected version to another stays the same finding, and so does a flaw that got its CVE later. */
#ifndef CMD_RESCAN_CLOCKS_H
#define CMD_RESCAN_CLOCKS_H

#include "cmd/rescan.h"
#include "syntax/json_writer.h"

/* One finding as the last rescan left it. */
struct rescan_clock {
	struct str product, version, key;
	struct str first_seen, gone; /* gone: absent while it is there */
	struct rescan_row *row;	     /* as last reported; NULL: it was never to be dealt with, nor exploited */
	bool met;		     /* by this rescan */
};

/* What the product's SBOM, its record and today's data say of one finding. */
struct rescan_sighting {
	const struct str *ids;
	size_t nids;
	bool counts;	       /* not silenced by an exception */
	struct str recorded;   /* when the recorded decision found it; absent: it did not */
	unsigned level_then;   /* enum outcome of the recorded decision */
	struct str active;     /* since when it is exploited, as data says; absent: not said */
	int64_t within, within_below; /* seconds of respond_within for its outcome and the one below; -1: not said */
};

/* Sets the clocks of row (whose product, version, service, purl, component, id, level and exploited are set). False where it is worth no
 * row: neither to be dealt with, nor exploited, nor ever known as exploited; it is remembered all the same. */
bool rescan_clock(struct rescan *r, struct rescan_row *row, const struct rescan_sighting *s);
/* After the last unit: what was there and is not any more is gone, where all of its product could be read; what was not looked at
 * stays as it was. */
void rescan_clocks_end(struct rescan *r);
/* Is all of the product read, with data that is current, so that "gone" can be said? */
bool rescan_is_whole(const struct rescan *r, const struct rescan_product *p);
/* Which product's version was looked at; commit may be absent. */
void rescan_looked_at(struct rescan *r, struct str product, struct str version, struct str commit);

/* For rescan_state.c: of an earlier report, and of a leg's. */
void rescan_clocks_read(struct rescan *r, const struct json *report, bool of_leg);
/* The member "clocks": what has no row. The whole state, or only what this rescan looked at. */
void rescan_clocks_write(const struct rescan *r, struct json_writer *w);

#endif
