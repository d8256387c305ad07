/* What a change is measured against: the base's tree read, matched with the same data and judged by the same policy. */
#ifndef CMD_MEASURE_H
#define CMD_MEASURE_H

#include "cmd/collect.h"
#include "cmd/base.h"
#include "decide/baseline.h"
#include "base/map.h"

struct measured {
	bool known; /* the base's tree was read; false: everything counts as new */
	struct str why; /* not known */
	struct collected base;
	struct diags diags; /* what went wrong there: shown nowhere, but it tells what was unreadable before */
	struct findings findings;
	struct baseline baseline;
	struct str_list paths; /* all files of its tree */
	struct map production; /* keys of components that ship in the base */
};

/* Reads the base's tree: from the object database, else by the REST API, where only blobs that the clone lacks are fetched, each
 * verified against its id. */
void measure_read(struct arena *a, const struct collected *head, const struct base *base, const struct collect_options *sources,
		  const struct base_reader *reader, struct measured *out);

#endif
