/* osv-api: which packages OSV's API is asked about, and which never. */
#ifndef CMD_API_H
#define CMD_API_H

#include "cmd/judge.h"

/* Asks, and adds what came to j->db. Never sent: what is the repository's own, comes from a named registry, archive or commit, has no
 * public ecosystem or no version, or fits `private` of the configuration; standard error says what was sent and what was not. False
 * with a "data." diagnostic where the answer is not whole. */
bool api_ask(struct judgement *j, struct diags *d, const struct bom *b, int64_t now);
/* Does it come from a registry, archive or commit of its own? */
bool api_own_origin(const struct component *c);

#endif
