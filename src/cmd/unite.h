/* One component where a tree and SBOMs made elsewhere name the same. */
#ifndef CMD_UNITE_H
#define CMD_UNITE_H

#include "model/bom.h"

/* `starts` are the numbers of components before each source was read (n of them, rising). A third-party component of a later source
 * goes into the one of an earlier source that has the same folded purl (identity/fold.h), ecosystem, advisory identity, origin in version
 * control and source package: its places, hashes, licences and reasons to be there are kept beside the other's, so that a flaw is one
 * finding with all its places. Nothing that is judged becomes laxer by it: scopes are united (what one source needs at run time is needed),
 * each place keeps its services, and OSV's API is asked about what either source alone would be asked about. Not united are components of
 * one source, what claims and compositions of documents name by two references, and where a concluded licence of one source would hide
 * another that the other declares. Returns how many went into another. */
size_t unite_sources(struct bom *b, const size_t *starts, size_t n);

#endif
