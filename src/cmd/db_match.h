/* `db match`: lines "ECOSYSTEM<tab>NAME<tab>VERSION" of standard input against a database. */
#ifndef CMD_DB_MATCH_H
#define CMD_DB_MATCH_H

#include "cmd/command.h"
#include "vuln/vuln.h"

int db_match(struct invocation *in, struct vuln_db *db, struct diags *d);

#endif
