/* Packing with zstd: the counterpart of archive_unpack (the one place that includes zstd.h). */
#ifndef IO_PACK_H
#define IO_PACK_H

#include "base/arena.h"

/* One frame, on the arena; the same bytes for the same input and library. False where memory runs out. */
bool pack_zstd(struct arena *a, struct str bytes, int level, struct str *out);

#endif
