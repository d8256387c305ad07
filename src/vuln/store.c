#include "vuln/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sha256.h"

bool vuln_damage(struct vuln_file *f, const char *why)
{
	if (!f->damaged)
		f->why = str_of(why);
	f->damaged = true;
	return false;
}

static uint32_t le32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint64_t le64(const unsigned char *p)
{
	return (uint64_t)le32(p) | (uint64_t)le32(p + 4) << 32;
}

static bool read_block(struct vuln_file *f, uint64_t block)
{
	uint64_t from = block * VULN_BLOCK, n = f->size - from < VULN_BLOCK ? f->size - from : VULN_BLOCK;

	for (uint64_t got = 0; f->fd >= 0 && got < n;) {
		ssize_t r = pread(f->fd, f->base + from + got, n - got, (off_t)(from + got));
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return vuln_damage(f, r < 0 ? "it cannot be read" : "it became shorter while it was read");
		got += (uint64_t)r;
	}
	if (f->digests) {
		uint8_t digest[32];
		sha256_of(str_make((const char *)f->base + from, n), digest);
		if (memcmp(digest, f->digests + block * 32, 32) != 0)
			return vuln_damage(f, "its content is not what the manifest says");
	}
	f->present[block] = 1;
	return true;
}

/* Has [offset, offset + length) of the file in memory. */
static const unsigned char *need(struct vuln_file *f, uint64_t offset, uint64_t length)
{
	if (length == 0)
		return f->base + offset;
	for (uint64_t b = offset / VULN_BLOCK; b <= (offset + length - 1) / VULN_BLOCK; b++)
		if (!f->present[b] && !read_block(f, b))
			return NULL;
	return f->base + offset;
}

static bool read_header(struct vuln_file *f, enum vuln_kind kind)
{
	const unsigned char *h = f->size >= VULN_HEADER ? need(f, 0, VULN_HEADER) : NULL;

	if (!h)
		return vuln_damage(f, "it is too short");
	if (memcmp(h, VULN_MAGIC, 8) != 0)
		return vuln_damage(f, "it is no file of a bomgate database");
	if (le32(h + 8) != VULN_FORMAT)
		return vuln_damage(f, "it has a format that this version does not know; build it again with `bomgate db build`");
	if (le32(h + 12) != (uint32_t)kind)
		return vuln_damage(f, "it is a file of another kind");
	if (le64(h + 16) != f->size)
		return vuln_damage(f, "its size is not what its header says");
	for (int i = 0; i < VULN_COUNTS; i++)
		f->counts[i] = le32(h + 24 + 4 * i);
	for (int i = 0; i < VULN_SECTIONS; i++) {
		uint64_t offset = le64(h + 56 + 16 * i), length = le64(h + 64 + 16 * i);
		if (offset > f->size || length > f->size - offset)
			return vuln_damage(f, "a section lies outside of it");
		f->sections[i].offset = offset;
		f->sections[i].length = length;
	}
	return true;
}

struct vuln_file *vuln_file_of(struct arena *a, struct str bytes, enum vuln_kind kind, struct str *why)
{
	struct vuln_file *f = ARENA_NEW(a, struct vuln_file);

	*f = (struct vuln_file){ .fd = -1, .size = bytes.len, .base = (unsigned char *)bytes.s };
	f->present = arena_alloc(a, bytes.len / VULN_BLOCK + 1);
	memset(f->present, 1, bytes.len / VULN_BLOCK + 1);
	if (read_header(f, kind))
		return f;
	*why = f->why;
	return NULL;
}

struct vuln_file *vuln_file_open(struct arena *a, const char *path, enum vuln_kind kind, uint64_t size, const unsigned char *digests,
				 struct str *why)
{
	struct stat st;
	struct vuln_file *f = ARENA_NEW(a, struct vuln_file);

	*f = (struct vuln_file){ .fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), .digests = digests };
	if (f->fd < 0 || fstat(f->fd, &st) != 0) {
		*why = str_of(strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		*why = STR("it is no regular file");
	} else if ((uint64_t)st.st_size >= VULN_FILE_MAX || (size && (uint64_t)st.st_size != size)) {
		*why = STR("its size is not what the manifest says");
	} else {
		f->size = (uint64_t)st.st_size;
		/* Reserved only: memory is used for the blocks that are read. */
		f->base = mmap(NULL, f->size + VULN_BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (f->base == MAP_FAILED) {
			f->base = NULL;
			*why = STR("out of memory");
		} else {
			f->present = arena_alloc(a, f->size / VULN_BLOCK + 1);
			if (read_header(f, kind))
				return f;
			*why = f->why;
		}
	}
	vuln_file_close(f);
	return NULL;
}

void vuln_file_close(struct vuln_file *f)
{
	if (!f || f->fd < 0)
		return;
	close(f->fd);
	if (f->base)
		munmap(f->base, f->size + VULN_BLOCK);
	f->fd = -1;
	f->base = NULL;
}

const unsigned char *vuln_at(struct vuln_file *f, enum vuln_section s, uint64_t offset, uint64_t length)
{
	if (offset > f->sections[s].length || length > f->sections[s].length - offset) {
		vuln_damage(f, "an offset in it points outside");
		return NULL;
	}
	return need(f, f->sections[s].offset + offset, length);
}

bool vuln_u32(struct vuln_file *f, enum vuln_section s, uint64_t i, uint32_t *out)
{
	const unsigned char *p = i < UINT32_MAX ? vuln_at(f, s, i * 4, 4) : NULL;

	*out = p ? le32(p) : 0;
	return p != NULL;
}

uint32_t vuln_lower_bound(struct vuln_file *f, enum vuln_section s, uint32_t n, uint32_t key)
{
	uint32_t low = 0, high = n; /* the answer lies in [low, high] */
	uint64_t low_value = 0, high_value = UINT32_MAX;

	for (int step = 0; low < high; step++) {
		uint32_t at = low + (high - low) / 2, value;
		/* Guess by the value; every third step halves, so that an uneven file costs no more than a few steps. */
		if (step % 3 != 2 && high_value > low_value && key >= low_value && key <= high_value)
			at = low + (uint32_t)((uint64_t)(high - low - 1) * (key - low_value) / (high_value - low_value));
		if (!vuln_u32(f, s, at, &value))
			return n;
		if (value < key) {
			low = at + 1;
			low_value = value;
		} else {
			high = at;
			high_value = value;
		}
	}
	return low;
}

uint64_t vuln_varint(struct vuln_bytes *b)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 63; shift += 7) {
		if (b->at >= b->end)
			break;
		unsigned char c = *b->at++;
		v |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return v;
	}
	b->bad = true;
	b->at = b->end;
	return 0;
}

struct vuln_bytes vuln_sized(struct vuln_file *f, enum vuln_section s, uint64_t offset)
{
	uint64_t left = offset < f->sections[s].length ? f->sections[s].length - offset : 0, head = left < 5 ? left : 5;
	const unsigned char *p = head ? vuln_at(f, s, offset, head) : NULL;

	if (p) {
		struct vuln_bytes b = { p, p + head, false };
		uint64_t length = vuln_varint(&b);
		if (!b.bad && (p = vuln_at(f, s, offset + (uint64_t)(b.at - p), length)) != NULL)
			return (struct vuln_bytes){ p, p + length, false };
	}
	vuln_damage(f, "an offset in it points outside");
	return (struct vuln_bytes){ NULL, NULL, true };
}

struct str vuln_text(struct vuln_file *f, uint64_t ref)
{
	struct vuln_bytes b = vuln_sized(f, SECTION_STRINGS, ref);

	return b.bad ? STR_NONE : str_make((const char *)b.at, (size_t)(b.end - b.at));
}

struct vuln_bytes vuln_blob(struct vuln_file *f, enum vuln_section table, enum vuln_section blobs, uint32_t i)
{
	uint32_t from, to;
	const unsigned char *p = NULL;

	if (vuln_u32(f, table, i, &from) && vuln_u32(f, table, (uint64_t)i + 1, &to)) {
		if (to >= from)
			p = vuln_at(f, blobs, from, to - from);
		else
			vuln_damage(f, "its table of offsets is not in order");
	}
	return p ? (struct vuln_bytes){ p, p + (to - from), false } : (struct vuln_bytes){ NULL, NULL, true };
}
