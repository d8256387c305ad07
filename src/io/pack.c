#include "io/pack.h"

#include <zstd.h>

bool pack_zstd(struct arena *a, struct str bytes, int level, struct str *out)
{
	size_t bound = ZSTD_compressBound(bytes.len);
	char *p = arena_alloc(a, bound + 1);
	size_t n = ZSTD_compress(p, bound, bytes.s, bytes.len, level);

	if (ZSTD_isError(n))
		return false;
	*out = str_make(p, n);
	return true;
}
