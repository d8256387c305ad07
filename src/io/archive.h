/* Archives (libarchive): zip and tar, plain or packed with gzip, zstd or xz; entry after entry, never unpacked to
 * disk. What comes out is bounded by base/limits.h: entries, bytes of one entry (the caller's limit), bytes in all, and the
 * ratio of bytes out to bytes in. Names are given as written: whoever uses them as paths must normalise them. */
#ifndef IO_ARCHIVE_H
#define IO_ARCHIVE_H

#include "io/file.h"

struct archive_entry_info {
	struct str name;      /* as written, on the entry's scratch: valid until the next archive_in_next */
	struct str link;      /* target of a symbolic or hard link, else absent */
	bool hard_link;
	enum file_kind kind;
	uint64_t size;	      /* as declared; 0 where the archive does not say */
	unsigned mode;	      /* permission bits */
};

struct archive_in;

/* Opens a file, or bytes in memory (which must outlive the reader). NULL with *why. */
struct archive_in *archive_in_open(struct arena *a, const char *path, struct str *why);
struct archive_in *archive_in_open_bytes(struct arena *a, struct str bytes, struct str *why);
/* An archive inside something else (an entry of another one): `read` gives up to `size` bytes, false with *n == 0 at the end. */
struct archive_feed {
	bool (*read)(void *data, void *buffer, size_t size, size_t *n);
	void *data;
};
struct archive_in *archive_in_open_feed(struct arena *a, const struct archive_feed *feed, struct str *why);
/* Moves to the next entry. False at the end and after an error: archive_in_error tells which. */
bool archive_in_next(struct archive_in *r, struct archive_entry_info *out);
/* The whole content of the current entry, once, on the arena, a NUL behind its last byte. Past `limit` bytes: false with *why,
 * and the next entry can still be read. Where an error ends the archive archive_in_error says so too. */
bool archive_in_read(struct archive_in *r, struct arena *a, size_t limit, struct str *out, struct str *why);
/* The same piecewise: false with *n == 0 at the entry's end, false with an error in archive_in_error else. */
bool archive_in_piece(struct archive_in *r, void *buffer, size_t size, size_t *n);
/* What ended the walk, or absent where it was the archive's end. */
struct str archive_in_error(const struct archive_in *r);
/* Bytes that came out of all entries so far. */
uint64_t archive_in_unpacked(const struct archive_in *r);
void archive_in_close(struct archive_in *r); /* NULL is fine */

/* The regular files of an archive in memory that `wants` (by their names), on the arena, in the archive's order; everything else is passed over.
 * False with *why where the archive is cut off, holds such a name twice, or a file of more than `limit` bytes: *out is not to be used then, as
 * nobody knows which of them was meant. */
struct archive_file {
	struct str name, bytes;
};
struct archive_files {
	struct archive_file *items;
	size_t n, cap;
};
bool archive_take(struct arena *a, struct str bytes, size_t limit, bool (*wants)(const void *context, struct str name), const void *context,
		  struct archive_files *out, struct str *why);
/* The file of that name; NULL where there is none. */
const struct archive_file *archive_file_of(const struct archive_files *files, struct str name);

/* One packed stream (gzip, zstd, xz; plain bytes come back as they are), on the arena. */
bool archive_unpack(struct arena *a, struct str bytes, size_t limit, struct str *out, struct str *why);

/* The library and what it unpacks with, for `version`. */
struct str archive_library_version(struct arena *a);

#endif
