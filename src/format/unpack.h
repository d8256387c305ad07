/* What lies around a document's text: gzip, UTF-16. */
#ifndef FORMAT_UNPACK_H
#define FORMAT_UNPACK_H

#include "base/diag.h"
#include "base/result.h"

/* gzip (twice at most) and UTF-16 (with or without a byte order mark) taken off; the result lives on the arena, or is the
 * input itself. FAILED with a diagnostic. */
enum result format_unpack(struct arena *a, struct diags *diags, struct str path, struct str bytes, struct str *text);

#endif
