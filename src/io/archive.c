#include "io/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include "base/limits.h"
#include "base/vec.h"

#define RATIO_FROM ((uint64_t)64 << 20) /* below this much output the ratio is not looked at */
#define FIRST_GUESS ((size_t)1 << 20)
#define READ_BLOCK ((size_t)256 << 10)

struct archive_in {
	struct archive *handle;
	struct arena *arena;
	struct str error;
	uint64_t entries, unpacked;
	uint64_t packed_size; /* of the whole input */
	uint64_t entry_size;  /* of the current entry, as declared */
	bool done, readable;  /* readable: the current entry's content was not read yet */
};

static bool end_with(struct archive_in *r, struct str why)
{
	r->done = true;
	r->readable = false;
	r->error = why;
	return false;
}

/* libarchive's message may hold bytes of the archive: kept short and printable. */
static struct str message(struct arena *a, struct archive *handle)
{
	const char *text = archive_error_string(handle);
	struct str s = arena_str(a, str_sub(str_of(text && *text ? text : "it cannot be read"), 0, 200));

	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.s[i] < 0x20 || (unsigned char)s.s[i] > 0x7e)
			((char *)s.s)[i] = '?';
	return s;
}

static struct archive *new_handle(bool raw)
{
	struct archive *h = archive_read_new();

	if (!h)
		return NULL;
	/* Only filters that are compiled in: the others would start programs. */
	archive_read_support_filter_gzip(h);
	archive_read_support_filter_zstd(h);
	archive_read_support_filter_xz(h);
	if (raw) {
		archive_read_support_format_raw(h);
		archive_read_support_format_empty(h);
	} else {
		archive_read_support_format_zip(h);
		archive_read_support_format_tar(h);
	}
	return h;
}

static struct archive_in *opened(struct arena *a, struct archive *h, int result, uint64_t size, struct str *why)
{
	if (!h || result != ARCHIVE_OK) {
		*why = h ? message(a, h) : STR("out of memory");
		if (h)
			archive_read_free(h);
		return NULL;
	}
	struct archive_in *r = ARENA_NEW(a, struct archive_in);
	*r = (struct archive_in){ .handle = h, .arena = a, .packed_size = size };
	return r;
}

struct archive_in *archive_in_open(struct arena *a, const char *path, struct str *why)
{
	struct archive *h = new_handle(false);
	int result = h ? archive_read_open_filename(h, path, READ_BLOCK) : ARCHIVE_FATAL;

	return opened(a, h, result, 0, why);
}

struct archive_in *archive_in_open_bytes(struct arena *a, struct str bytes, struct str *why)
{
	struct archive *h = new_handle(false);
	int result = h ? archive_read_open_memory(h, bytes.s, bytes.len) : ARCHIVE_FATAL;

	return opened(a, h, result, bytes.len, why);
}

struct feeding {
	struct archive_feed feed;
	char block[READ_BLOCK];
};

static la_ssize_t feed_block(struct archive *h, void *data, const void **out)
{
	struct feeding *f = data;
	size_t n = 0;

	(void)h;
	*out = f->block;
	return f->feed.read(f->feed.data, f->block, sizeof f->block, &n) ? (la_ssize_t)n : 0;
}

struct archive_in *archive_in_open_feed(struct arena *a, const struct archive_feed *feed, struct str *why)
{
	struct archive *h = new_handle(false);
	struct feeding *f = ARENA_NEW(a, struct feeding);

	f->feed = *feed;
	return opened(a, h, h ? archive_read_open(h, f, NULL, feed_block, NULL) : ARCHIVE_FATAL, 0, why);
}

/* Counts what came out; false where a limit of the whole archive is passed. */
static bool count(struct archive_in *r, size_t n)
{
	r->unpacked += n;
	if (r->unpacked > LIMIT_UNPACKED)
		return end_with(r, STR("more than the limit of 8 GB comes out of it; no setting raises it: unpack it and give the folder that matters"));
	if (r->unpacked <= RATIO_FROM)
		return true;
	uint64_t packed = r->packed_size;
	if (!packed) {
		int64_t read_so_far = archive_filter_bytes(r->handle, -1);
		packed = read_so_far > 0 ? (uint64_t)read_so_far : 1;
	}
	if (r->unpacked / LIMIT_ARCHIVE_RATIO > packed)
		return end_with(r, STR("it unpacks to more than 200 times its size"));
	return true;
}

static enum file_kind kind_of(struct archive_entry *e)
{
	if (archive_entry_hardlink(e))
		return FILE_LINK;
	switch (archive_entry_filetype(e)) {
	case AE_IFREG:
		return FILE_REGULAR;
	case AE_IFDIR:
		return FILE_FOLDER;
	case AE_IFLNK:
		return FILE_LINK;
	default:
		return FILE_OTHER;
	}
}

bool archive_in_next(struct archive_in *r, struct archive_entry_info *out)
{
	struct archive_entry *e;

	*out = (struct archive_entry_info){ 0 };
	if (r->done)
		return false;
	int result = archive_read_next_header(r->handle, &e);
	if (result == ARCHIVE_EOF) {
		r->done = true;
		return false;
	}
	if (result < ARCHIVE_WARN)
		return end_with(r, message(r->arena, r->handle));
	if (++r->entries > LIMIT_ARCHIVE_ENTRIES)
		return end_with(r, STR("it has more than the limit of 1,000,000 entries; no setting raises it: unpack it and give the folder that matters"));
	const char *name = archive_entry_pathname(e);
	if (!name)
		name = archive_entry_pathname_utf8(e);
	if (!name)
		return end_with(r, STR("the name of an entry cannot be read"));
	out->name = str_of(name);
	out->hard_link = archive_entry_hardlink(e) != NULL;
	out->link = str_of(out->hard_link ? archive_entry_hardlink(e) : archive_entry_symlink(e));
	out->kind = kind_of(e);
	out->mode = (unsigned)archive_entry_perm(e);
	out->size = archive_entry_size_is_set(e) && archive_entry_size(e) > 0 ? (uint64_t)archive_entry_size(e) : 0;
	r->entry_size = out->size;
	r->readable = true;
	return true;
}

bool archive_in_piece(struct archive_in *r, void *buffer, size_t size, size_t *n)
{
	*n = 0;
	if (r->done || !r->readable)
		return false;
	la_ssize_t got = archive_read_data(r->handle, buffer, size);
	if (got < 0)
		return end_with(r, message(r->arena, r->handle));
	if (got == 0) {
		r->readable = false;
		return false;
	}
	*n = (size_t)got;
	return count(r, *n);
}

bool archive_in_read(struct archive_in *r, struct arena *a, size_t limit, struct str *out, struct str *why)
{
	/* The declared size is only a first guess, and none that costs memory before bytes have come. */
	size_t cap = r->entry_size && r->entry_size < FIRST_GUESS ? (size_t)r->entry_size : 64 << 10, n = 0, got;

	*out = STR_NONE;
	if (cap > limit)
		cap = limit;
	char *p = arena_alloc(a, cap + 2);
	/* One byte past the limit is asked for, so that an entry of exactly the limit ends by itself. */
	while (archive_in_piece(r, p + n, cap + 1 - n, &got)) {
		n += got;
		if (n > limit) {
			*why = arena_printf(a, "it has more than the limit of %zu bytes; no setting raises it: leave it out", limit);
			r->readable = false;
			return false;
		}
		if (n == cap + 1) {
			size_t more = cap * 2 > limit ? limit : cap * 2;
			p = arena_grow(a, p, cap + 2, more + 2, 1);
			cap = more;
		}
	}
	if (r->error.s) {
		*why = r->error;
		return false;
	}
	p[n] = 0;
	*out = str_make(p, n);
	return true;
}

struct str archive_in_error(const struct archive_in *r)
{
	return r->error;
}

uint64_t archive_in_unpacked(const struct archive_in *r)
{
	return r->unpacked;
}

void archive_in_close(struct archive_in *r)
{
	if (r && r->handle)
		archive_read_free(r->handle);
	if (r)
		r->handle = NULL;
}

const struct archive_file *archive_file_of(const struct archive_files *files, struct str name)
{
	for (VEC_EACH(const struct archive_file, f, files))
		if (str_eq(f->name, name))
			return f;
	return NULL;
}

/* A zip closes with the record that ends its directory (APPNOTE 4.3.16: 22 bytes and a comment). Without it libarchive reads the entries one after
 * another, which does not tell files from links, nor what is missing behind. */
static bool is_cut_zip(struct str b)
{
	if (!str_starts(b, STR("PK")))
		return false;
	for (size_t behind = 22; behind <= b.len && behind <= 22 + 65535; behind++) {
		const unsigned char *p = (const unsigned char *)b.s + b.len - behind;
		if (p[0] == 'P' && p[1] == 'K' && p[2] == 5 && p[3] == 6 && p[20] + 256u * p[21] == behind - 22)
			return false;
	}
	return true;
}

bool archive_take(struct arena *a, struct str bytes, size_t limit, bool (*wants)(const void *context, struct str name), const void *context,
		  struct archive_files *out, struct str *why)
{
	struct archive_entry_info e;
	struct archive_in *in = NULL;
	bool good = false;

	*out = (struct archive_files){ 0 };
	if (is_cut_zip(bytes))
		*why = STR("it is cut off");
	else
		good = (in = archive_in_open_bytes(a, bytes, why)) != NULL;
	while (good && archive_in_next(in, &e)) {
		if (e.kind != FILE_REGULAR || !wants(context, e.name))
			continue;
		struct archive_file f = { .name = arena_str(a, e.name) };
		if (archive_file_of(out, f.name)) {
			*why = arena_concat(a, STR("it holds "), f.name, STR(" twice"));
			good = false;
		} else if ((good = archive_in_read(in, a, limit, &f.bytes, why))) {
			*VEC_ADD(a, out) = f;
		}
	}
	if (good && archive_in_error(in).s) {
		*why = archive_in_error(in);
		good = false;
	}
	archive_in_close(in);
	return good;
}

bool archive_unpack(struct arena *a, struct str bytes, size_t limit, struct str *out, struct str *why)
{
	struct archive *h = new_handle(true);
	struct archive_entry_info info;
	struct archive_in *r = opened(a, h, h ? archive_read_open_memory(h, bytes.s, bytes.len) : ARCHIVE_FATAL, bytes.len, why);

	*out = STR("");
	if (!r)
		return false;
	bool ok = true;
	if (archive_in_next(r, &info)) {
		ok = archive_in_read(r, a, limit, out, why);
	} else if (r->error.s) {
		*why = r->error;
		ok = false;
	}
	archive_in_close(r);
	return ok;
}

struct str archive_library_version(struct arena *a)
{
	return arena_printf(a, "%s", archive_version_details());
}
