/* Writing a zip by libarchive: stored, the same bytes for the same entries. */
#ifndef IO_ZIP_H
#define IO_ZIP_H

#include "base/buf.h"

struct zip_entry {
	struct str name; /* relative, '/' between parts */
	struct str bytes;
};

/* False with *why (static) where it cannot be made. `time`: of every entry, seconds since 1970. */
bool zip_write(const struct zip_entry *entries, size_t n, int64_t time, struct buf *out, struct str *why);

#endif
