/* Two boms compared: what came, went, rose, fell and changed its licence, whoever wrote them and in whichever format. What only one
 * of them could have seen (the other tool lists no such ecosystem, no dev dependencies, no files) is told apart from what changed:
 * that is a difference of coverage, and is looked for only where two different generators made the boms. */
#ifndef MATCH_DIFF_H
#define MATCH_DIFF_H

#include "identity/fold.h"

enum change {
	CHANGE_ADDED,
	CHANGE_REMOVED,
	CHANGE_UPGRADED,
	CHANGE_DOWNGRADED,
	CHANGE_VERSION,	   /* another version, and no ordering can tell which is newer; or another commit */
	CHANGE_LICENCE,	   /* the same component, or another version of it */
	CHANGE_POSSIBLY_SAME, /* one of each side match weakly: a difference of identity, perhaps none of content */
	CHANGE_ONLY_OLD,   /* coverage: the new one's generator does not list this kind */
	CHANGE_ONLY_NEW,
	CHANGE_UNVERSIONED_OLD, /* without a version: compared with nothing */
	CHANGE_UNVERSIONED_NEW,
	CHANGES,
};
const char *change_word(enum change c); /* "added", "possibly-same", … */

struct difference {
	enum change change;
	uint32_t old, new; /* component indexes; NO_COMPONENT where there is none */
	struct str package; /* the purl without version, or the name: what the list is sorted by */
	struct str detail; /* versions, licences, or the reason of a coverage difference */
};

struct diff {
	VEC(struct difference) list; /* sorted by change, package, detail */
	size_t count[CHANGES];
	size_t same;	 /* components that are in both */
	size_t respelled; /* of them: with another canonical purl */
	bool two_tools;	 /* the generators differ */
};

/* Both boms are completed (purl_complete_all). Everything in *out lives on the arena. */
void diff_boms(struct arena *a, const struct bom *old, const struct bom *new, struct diff *out);

#endif
