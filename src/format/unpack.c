#include "format/unpack.h"

#include <zlib.h>

#include "base/limits.h"

static bool is_gzip(struct str s)
{
	return s.len > 2 && (unsigned char)s.s[0] == 0x1f && (unsigned char)s.s[1] == 0x8b;
}

static enum result refuse(struct diags *diags, struct str path, size_t at, const char *why)
{
	diag_add(diags, SEV_ERROR, "input.encoding", path, at, "%s", why);
	return FAILED;
}

/* One gzip file of one or more members. */
static enum result gunzip(struct arena *a, struct diags *diags, struct str path, struct str in, struct str *out)
{
	z_stream z = { 0 };
	size_t cap = 1 << 16, used = 0, at = 0;
	char *p = arena_alloc(a, cap);
	int code = Z_OK;
	const char *why = NULL;

	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return refuse(diags, path, 0, "gzip cannot be read here");
	while (!why) {
		if (used == cap) {
			p = arena_grow(a, p, cap, cap * 2, 1);
			cap *= 2;
		}
		size_t take = in.len - at < 1u << 30 ? in.len - at : 1u << 30;
		size_t room = cap - used < 1u << 30 ? cap - used : 1u << 30;
		z.next_in = (Bytef *)(uintptr_t)(in.s + at);
		z.avail_in = (uInt)take;
		z.next_out = (Bytef *)(p + used);
		z.avail_out = (uInt)room;
		code = inflate(&z, Z_NO_FLUSH);
		at += take - z.avail_in;
		used += room - z.avail_out;
		if (used > LIMIT_SBOM)
			why = "the gzip file unpacks to more than 1 GB";
		else if (used > (size_t)64 << 20 && used / LIMIT_ARCHIVE_RATIO > at)
			why = "the gzip file unpacks to more than 200 times its size";
		else if (code == Z_STREAM_END && at < in.len && is_gzip(str_from(in, at)))
			inflateReset(&z);
		else if (code == Z_STREAM_END)
			break;
		else if (code != Z_OK && code != Z_BUF_ERROR)
			why = "the gzip file is damaged";
		else if (at == in.len && z.avail_out)
			why = "the gzip file ends too early";
	}
	inflateEnd(&z);
	if (!why && at < in.len)
		why = "there are bytes behind the end of the gzip file";
	if (why)
		return refuse(diags, path, at, why);
	*out = str_make(p, used);
	return OK;
}

/* 0: no UTF-16; 1 little endian, 2 big endian. A text document begins with an ASCII character, so that a zero among the first
 * two bytes tells. */
static int utf16_order(struct str s)
{
	if (s.len < 2)
		return 0;
	unsigned char x = (unsigned char)s.s[0], y = (unsigned char)s.s[1];
	if ((x == 0xff && y == 0xfe) || (x && !y))
		return 1;
	if ((x == 0xfe && y == 0xff) || (!x && y))
		return 2;
	return 0;
}

static char *put(char *p, unsigned u)
{
	if (u < 0x80) {
		*p++ = (char)u;
	} else if (u < 0x800) {
		*p++ = (char)(0xc0 | u >> 6);
		*p++ = (char)(0x80 | (u & 63));
	} else if (u < 0x10000) {
		*p++ = (char)(0xe0 | u >> 12);
		*p++ = (char)(0x80 | (u >> 6 & 63));
		*p++ = (char)(0x80 | (u & 63));
	} else {
		*p++ = (char)(0xf0 | u >> 18);
		*p++ = (char)(0x80 | (u >> 12 & 63));
		*p++ = (char)(0x80 | (u >> 6 & 63));
		*p++ = (char)(0x80 | (u & 63));
	}
	return p;
}

static enum result from_utf16(struct arena *a, struct diags *diags, struct str path, struct str in, int order, struct str *out)
{
	const unsigned char *s = (const unsigned char *)in.s;
	char *start = arena_alloc(a, in.len / 2 * 3 + 4), *p = start;

	if (in.len % 2)
		return refuse(diags, path, in.len, "UTF-16 with half a character at its end");
	for (size_t i = 0; i < in.len; i += 2) {
		unsigned u = order == 1 ? s[i] | (unsigned)s[i + 1] << 8 : s[i + 1] | (unsigned)s[i] << 8;
		if (i == 0 && u == 0xfeff)
			continue;
		if (u >= 0xd800 && u <= 0xdfff) {
			unsigned low = i + 3 < in.len ? (order == 1 ? s[i + 2] | (unsigned)s[i + 3] << 8 :
								      s[i + 3] | (unsigned)s[i + 2] << 8) :
							0;
			if (u > 0xdbff || low < 0xdc00 || low > 0xdfff)
				return refuse(diags, path, i, "UTF-16 with half of a surrogate pair");
			u = 0x10000 + ((u & 0x3ff) << 10) + (low & 0x3ff);
			i += 2;
		}
		if (!u)
			return refuse(diags, path, i, "a zero character: this is no text");
		p = put(p, u);
	}
	*out = str_make(start, (size_t)(p - start));
	/* The XML declaration says UTF-16, which is true no more. */
	struct str head = str_sub(*out, 0, 200);
	size_t from = str_starts(head, STR("<?xml")) ? str_find(head, STR("encoding"), 0) : STR_NOT_FOUND;
	size_t end = str_find(head, STR("?>"), 0);
	if (from != STR_NOT_FOUND && end != STR_NOT_FOUND && from < end)
		memset(start + from, ' ', end - from);
	return OK;
}

enum result format_unpack(struct arena *a, struct diags *diags, struct str path, struct str bytes, struct str *text)
{
	for (int level = 0; is_gzip(bytes); level++) {
		if (level == 2)
			return refuse(diags, path, 0, "gzip inside gzip inside gzip");
		if (gunzip(a, diags, path, bytes, &bytes) != OK)
			return FAILED;
	}
	int order = utf16_order(bytes);
	if (order)
		return from_utf16(a, diags, path, bytes, order, text);
	*text = bytes;
	return OK;
}
