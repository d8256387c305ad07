#include "io/gzip.h"

#include <zlib.h>

bool gzip_write(struct str bytes, struct buf *out)
{
	z_stream z = { 0 };
	char piece[1 << 15];
	size_t at = 0;
	int code;

	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) /* 16: the gzip form */
		return false;
	do {
		if (!z.avail_in && at < bytes.len) {
			struct str part = str_sub(bytes, at, (size_t)1 << 30);
			z.next_in = (Bytef *)(uintptr_t)part.s;
			z.avail_in = (uInt)part.len;
			at += part.len;
		}
		z.next_out = (Bytef *)piece;
		z.avail_out = sizeof piece;
		code = deflate(&z, at == bytes.len ? Z_FINISH : Z_NO_FLUSH);
		buf_add(out, str_make(piece, sizeof piece - z.avail_out));
	} while (code == Z_OK);
	deflateEnd(&z);
	return code == Z_STREAM_END && !out->full;
}
