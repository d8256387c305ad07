/* What whoever publishes a database needs: keys, and a folder ready to be uploaded. */
#ifndef CMD_DB_PUBLISH_H
#define CMD_DB_PUBLISH_H

#include "base/diag.h"
#include "cmd/command.h"

/* `db key -o FILE`: a new pair in FILE and FILE.pub; `db key FILE`: what a key is called, and its line for vuln/keys.def. */
int db_key(struct invocation *in, struct diags *d);
/* `db sign DIR [--key FILE] [-o OUT]`: signs the manifest in place, or in OUT with the files packed and named by their digest. */
int db_sign(struct invocation *in, struct diags *d);

#endif
