/* osv-api: which packages OSV's API is asked about, and which never. */
#ifndef CMD_API_H
#define CMD_API_H

#include "cmd/judge.h"

/* Asks, and adds what came to j->db. Never sent: what may be private (cmd/api_private.h), what is the repository's own, and what has no public
 * ecosystem or no version; standard error says what was sent, and what was kept back and why. False with a "data." diagnostic where the
 * answer is not whole. */
bool api_ask(struct judgement *j, struct diags *d, const struct bom *b, int64_t now);

#endif
