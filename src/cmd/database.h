/* From what --db and --db-key say to an open database: a folder, or addresses with a copy that is kept on this machine. */
#ifndef CMD_DATABASE_H
#define CMD_DATABASE_H

#include "cmd/command.h"
#include "vuln/update.h"

struct database_choice {
	struct str places; /* one a line, tried in turn: folders, or addresses (http:// or https://) */
	struct str key;	   /* file of one's own public key; absent: the published ones */
	int64_t now;
	bool always, allow_shrunk; /* of `db update` */
};

/* --db (or the input `database`, which goes before it) and --db-key; where nothing is said and the action's own repository is known,
 * what that publishes. */
struct database_choice database_choose(struct invocation *in);
/* Opens it. NULL with a "data.*" or "usage.*" diagnostic; where an address could not be reached and a later place (or the copy) stands
 * in, that is a warning. *state (may be NULL) says what came of an address. */
struct vuln_db *database_open(struct arena *a, const struct database_choice *c, struct diags *d, enum vuln_update_state *state);
bool database_is_address(struct str place);

#endif
