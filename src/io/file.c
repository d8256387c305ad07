#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sort.h"

#define WRITE_BUFFER ((size_t)256 << 10)
#define FIRST_READ ((size_t)64 << 10)

/* strerror's texts are static or per thread; no arena is needed. */
static bool failed(struct str *why, int error)
{
	*why = str_of(strerror(error));
	return false;
}

bool file_read_fd(struct arena *a, int fd, size_t limit, struct str *out, struct str *why)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return failed(why, errno);
	if (S_ISDIR(st.st_mode))
		return failed(why, EISDIR);
	bool sized = S_ISREG(st.st_mode) && st.st_size > 0;
	if (sized && (uint64_t)st.st_size > limit) {
		*why = arena_printf(a, "it has %llu bytes, more than the limit of %zu; no setting raises it: give less in one file", (unsigned long long)st.st_size, limit);
		return false;
	}
	/* One byte more than the size, so that the end shows itself without growing. */
	size_t cap = sized ? (size_t)st.st_size + 1 : FIRST_READ, n = 0;
	char *p = arena_alloc(a, cap + 1);
	for (;;) {
		if (n == cap) {
			if (cap > limit)
				break;
			p = arena_grow(a, p, cap + 1, cap * 2 + 1, 1);
			cap *= 2;
		}
		ssize_t got = read(fd, p + n, cap - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return failed(why, errno);
		if (got == 0)
			break;
		n += (size_t)got;
	}
	if (n > limit) {
		*why = arena_printf(a, "it has more than the limit of %zu bytes; no setting raises it: give less in one file", limit);
		return false;
	}
	p[n] = 0;
	*out = str_make(p, n);
	return true;
}

bool file_read(struct arena *a, const char *path, size_t limit, struct str *out, struct str *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	*out = STR_NONE;
	if (fd < 0)
		return failed(why, errno);
	bool ok = file_read_fd(a, fd, limit, out, why);
	close(fd);
	return ok;
}

static bool write_all(int fd, struct str bytes)
{
	for (size_t at = 0; at < bytes.len;) {
		ssize_t n = write(fd, bytes.s + at, bytes.len - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

/* A pipe or device, also as /dev/stdout: it is written into, for a rename would put a file in its place. */
static bool is_no_file(const char *path)
{
	struct stat st;

	if (strncmp(path, "/dev/", 5) == 0)
		return stat(path, &st) == 0 && !S_ISDIR(st.st_mode) && (!S_ISREG(st.st_mode) || (lstat(path, &st) == 0 && S_ISLNK(st.st_mode)));
	return lstat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode) && !S_ISLNK(st.st_mode);
}

bool file_writer_begin(struct file_writer *w, const char *path, struct str *why)
{
	size_t len = strlen(path);

	*w = (struct file_writer){ .fd = -1, .path = strdup(path), .beside = malloc(len + 8), .buffer = malloc(WRITE_BUFFER) };
	if (!w->path || !w->beside || !w->buffer) {
		w->error = ENOMEM;
	} else if (is_no_file(path)) {
		w->beside[0] = 0;
		w->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		w->error = w->fd < 0 ? errno : 0;
	} else {
		snprintf(w->beside, len + 8, "%s.XXXXXX", path);
		w->fd = mkostemp(w->beside, O_CLOEXEC);
		w->error = w->fd < 0 ? errno : 0;
	}
	return !w->error || file_writer_end(w, false, why);
}

static void flush(struct file_writer *w, struct str bytes)
{
	if (!w->error && !write_all(w->fd, bytes))
		w->error = errno;
}

bool file_writer_put(struct file_writer *w, struct str bytes)
{
	if (w->used && w->used + bytes.len > WRITE_BUFFER) {
		flush(w, str_make(w->buffer, w->used));
		w->used = 0;
	}
	if (bytes.len > WRITE_BUFFER) {
		flush(w, bytes);
	} else if (bytes.len) {
		memcpy(w->buffer + w->used, bytes.s, bytes.len);
		w->used += bytes.len;
	}
	return !w->error;
}

bool file_writer_end(struct file_writer *w, bool keep, struct str *why)
{
	if (keep)
		flush(w, str_make(w->buffer, w->used));
	mode_t mask = umask(0); /* mkstemp makes 0600; give what open would have given */
	umask(mask);
	bool renames = w->fd >= 0 && w->beside[0];
	if (keep && !w->error && renames && fchmod(w->fd, 0666 & ~mask) != 0)
		w->error = errno;
	if (w->fd >= 0 && close(w->fd) != 0 && !w->error)
		w->error = errno;
	if (keep && !w->error && renames && rename(w->beside, w->path) != 0)
		w->error = errno;
	if (renames && (!keep || w->error))
		unlink(w->beside);
	free(w->path);
	free(w->beside);
	free(w->buffer);
	return w->error ? failed(why, w->error) : true;
}

bool file_write_atomic(const char *path, struct str bytes, struct str *why)
{
	struct file_writer w;

	if (!file_writer_begin(&w, path, why))
		return false;
	file_writer_put(&w, bytes);
	return file_writer_end(&w, true, why);
}

static int by_name(const void *x, const void *y)
{
	return str_cmp(((const struct file_entry *)x)->name, ((const struct file_entry *)y)->name);
}

static enum file_kind kind_of(mode_t mode)
{
	return S_ISREG(mode) ? FILE_REGULAR : S_ISDIR(mode) ? FILE_FOLDER : S_ISLNK(mode) ? FILE_LINK : FILE_OTHER;
}

bool file_list(struct arena *a, const char *dir, struct file_entries *out, struct str *why)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	*out = (struct file_entries){ 0 };
	if (!d)
		return failed(why, errno);
	while (errno = 0, (e = readdir(d)) != NULL) {
		struct stat st;
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue; /* gone since it was listed */
		*VEC_ADD(a, out) = (struct file_entry){ arena_str(a, str_of(e->d_name)), kind_of(st.st_mode), (uint64_t)st.st_size };
	}
	int error = errno;
	closedir(d);
	if (error)
		return failed(why, error);
	sort_items(a, out->items, out->n, sizeof *out->items, by_name);
	return true;
}

bool file_make_folders(const char *dir, struct str *why)
{
	char *copy = strdup(dir);
	int error = copy ? 0 : ENOMEM;

	for (char *p = copy; p && *p && !error; p++) {
		if (p == copy || (p[0] != '/' && p[1] != 0))
			continue;
		char c = *p;
		if (c == '/')
			*p = 0;
		if (mkdir(copy, 0777) != 0 && errno != EEXIST)
			error = errno;
		*p = c;
	}
	if (copy && copy[0] && !copy[1] && mkdir(copy, 0777) != 0 && errno != EEXIST)
		error = errno;
	free(copy);
	struct stat st;
	if (!error && stat(dir, &st) != 0)
		error = errno;
	else if (!error && !S_ISDIR(st.st_mode))
		error = ENOTDIR;
	return error ? failed(why, error) : true;
}

bool file_kind(const char *path, enum file_kind *out)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	*out = kind_of(st.st_mode);
	return true;
}

void file_remove_pipe(const char *path)
{
	enum file_kind kind;

	if (file_kind(path, &kind) && kind == FILE_OTHER)
		unlink(path);
}

struct str file_join(struct arena *a, struct str dir, struct str name)
{
	if (!dir.len)
		return arena_str(a, name);
	return arena_concat(a, dir, str_ends(dir, STR("/")) ? STR("") : STR("/"), name);
}
