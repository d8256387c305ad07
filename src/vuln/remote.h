/* Private to vuln/ (and db update): what comes over the network. Everything is checked against the manifest before it is kept. */
#ifndef VULN_REMOTE_H
#define VULN_REMOTE_H

#include "io/file.h"
#include "vuln/vuln.h"

/* The file from the first address that has it, packed ("<tree>.zst") or plain (by its name), put at `path` by renaming. What an
 * interrupted transfer brought is kept beside it and continued. False with *why. */
bool remote_get(struct arena *a, const struct str *bases, size_t n, const struct vuln_file_info *f, struct str blocks, struct str path,
		struct str *why);
/* base + "/" + name, whatever slashes base ends with. */
struct str remote_url(struct arena *a, struct str base, struct str name);

#endif
