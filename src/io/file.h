/* Files of this machine: bounded reads of whole files, writes that are whole or not at all, folders in a fixed order. What a
 * path names is the caller's business: nothing here keeps a path inside a root. */
#ifndef IO_FILE_H
#define IO_FILE_H

#include "base/vec.h"

enum file_kind { FILE_REGULAR, FILE_FOLDER, FILE_LINK, FILE_OTHER };

struct file_entry {
	struct str name; /* NUL-terminated */
	enum file_kind kind; /* of the entry itself: a symbolic link is FILE_LINK wherever it points */
	uint64_t size;
};

struct file_entries {
	struct file_entry *items;
	size_t n, cap;
};

/* The whole of a regular file (or pipe), a NUL behind its last byte, on the arena. More than `limit` bytes, or anything that
 * cannot be read: false with *why, a clause such as "No such file or directory". A link is followed. */
bool file_read(struct arena *a, const char *path, size_t limit, struct str *out, struct str *why);
/* The same for an open descriptor, from where it stands; it stays open. */
bool file_read_fd(struct arena *a, int fd, size_t limit, struct str *out, struct str *why);
/* Writes beside the target and renames: readers see the old file or the new one, never a part. A pipe or device (/dev/stdout) is
 * written into, as it comes. *why is static. */
bool file_write_atomic(const char *path, struct str bytes, struct str *why);
/* The same piece by piece. Errors stick: put does nothing after one, and end tells. `end` renames where `keep` and nothing
 * failed, else the file is as if it had never been begun; call it once for every begin that was true. */
struct file_writer {
	int fd;
	char *path, *beside, *buffer;
	size_t used;
	int error;
};
bool file_writer_begin(struct file_writer *w, const char *path, struct str *why);
bool file_writer_put(struct file_writer *w, struct str bytes); /* false once something failed */
bool file_writer_end(struct file_writer *w, bool keep, struct str *why);
/* Entries of a folder without "." and "..", sorted by bytes; links are not followed. */
bool file_list(struct arena *a, const char *dir, struct file_entries *out, struct str *why);
/* Makes the folder and those above it; fine where it stands already. */
bool file_make_folders(const char *dir, struct str *why);
/* What the path names, links followed; false where there is nothing. */
bool file_kind(const char *path, enum file_kind *out);
/* Removes a pipe, socket or device, or the link to one, from a folder that is the program's own: it would be waited for for ever. */
void file_remove_pipe(const char *path);
/* dir + "/" + name, NUL-terminated, on the arena; name alone where dir is empty. */
struct str file_join(struct arena *a, struct str dir, struct str name);

#endif
