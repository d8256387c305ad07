/* One buffer into the gzip form (RFC 1952), the same bytes for the same buffer. */
#ifndef IO_GZIP_H
#define IO_GZIP_H

#include "base/buf.h"

/* False where there is no memory for it. */
bool gzip_write(struct str bytes, struct buf *out);

#endif
