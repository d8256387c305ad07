#include "io/zip.h"

#include <archive.h>
#include <archive_entry.h>

static la_ssize_t append(struct archive *a, void *context, const void *data, size_t n)
{
	struct buf *out = context;

	buf_add(out, str_make(data, n));
	if (out->full) {
		archive_set_error(a, -1, "the archive is too large");
		return -1;
	}
	return (la_ssize_t)n;
}

static bool write_entry(struct archive *a, const struct zip_entry *e, int64_t time)
{
	struct archive_entry *entry = archive_entry_new();
	char name[512];
	bool good = entry && e->name.len < sizeof name;

	if (good) {
		memcpy(name, e->name.s, e->name.len);
		name[e->name.len] = 0;
		archive_entry_set_pathname_utf8(entry, name);
		archive_entry_set_filetype(entry, AE_IFREG);
		archive_entry_set_perm(entry, 0644);
		archive_entry_set_mtime(entry, (time_t)time, 0);
		archive_entry_set_size(entry, (la_int64_t)e->bytes.len);
		good = archive_write_header(a, entry) == ARCHIVE_OK &&
		       archive_write_data(a, e->bytes.s, e->bytes.len) == (la_ssize_t)e->bytes.len;
	}
	archive_entry_free(entry);
	return good;
}

bool zip_write(const struct zip_entry *entries, size_t n, int64_t time, struct buf *out, struct str *why)
{
	struct archive *a = archive_write_new();
	bool good = a && archive_write_set_format_zip(a) == ARCHIVE_OK && archive_write_zip_set_compression_store(a) == ARCHIVE_OK &&
		    archive_write_set_bytes_per_block(a, 0) == ARCHIVE_OK && archive_write_open(a, out, NULL, append, NULL) == ARCHIVE_OK;

	for (size_t i = 0; i < n && good; i++)
		good = write_entry(a, &entries[i], time);
	good = a && archive_write_close(a) == ARCHIVE_OK && good;
	archive_write_free(a);
	if (!good)
		*why = STR("the artifact's zip could not be made");
	return good;
}
