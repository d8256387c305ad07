/* The files of the vulnerability database: layout, and reading them in blocks.
 *
 * A file is a header, then sections. All numbers are little endian. Header, 256 bytes:
 *     0  magic "BOMGATE\0"      8  u32 format version    12  u32 kind        16  u64 size of the file
 *    24  u32 counts[8]         56  u64 offset, u64 length of each of 8 sections      184  zero
 * Sections of VULN_KIND_ADVISORIES (one file an ecosystem and release):
 *     HASHES   u32 a package, sorted: the first 32 bits of the name's FNV-1a hash
 *     PACKAGES u32 a package: where its bytes begin in BLOBS
 *     BLOBS    bytes of the packages, their length first, see encode.c
 *     RECORDS  u32 an advisory (+1): where its bytes begin in BODIES
 *     BODIES   bytes of the advisories
 *     STRINGS  each text once: varint length, bytes
 * of VULN_KIND_TEXTS (one an ecosystem without its release): HASHES of ids, PACKAGES u32 offsets (+1), BLOBS (id, JSON)
 * of VULN_KIND_CVES (one): HASHES are CVE keys (year - 1990 << 26 | number), PACKAGES u32 offsets (+1), BLOBS the facts, RECORDS
 *     u32 EPSS and u32 percentile in 1/100000 a CVE (all bits set: none), STRINGS.
 *
 * Nothing is mapped from disk: a file that shrinks under a mapping kills the process, and a database may lie anywhere. Blocks
 * of 64 kB are read when they are first touched, into reserved memory, and checked against the digest that the manifest gives
 * for them. Every offset in the file is checked where it is used; a wrong one makes the read fail and `damaged` true. */
#ifndef VULN_STORE_H
#define VULN_STORE_H

#include "base/arena.h"

#define VULN_MAGIC "BOMGATE"
#define VULN_FORMAT 3
#define VULN_HEADER 256
#define VULN_BLOCK ((size_t)64 << 10)
#define VULN_SECTIONS 8
#define VULN_COUNTS 8
#define VULN_FILE_MAX ((uint64_t)4 << 30) /* offsets are 32 bits */

enum vuln_kind { VULN_KIND_ADVISORIES = 1, VULN_KIND_TEXTS = 2, VULN_KIND_CVES = 3 };
enum vuln_section { SECTION_HASHES, SECTION_PACKAGES, SECTION_BLOBS, SECTION_RECORDS, SECTION_BODIES, SECTION_STRINGS };

struct vuln_file {
	int fd; /* -1: the whole is in memory already */
	uint64_t size;
	unsigned char *base;
	unsigned char *present; /* a byte a block */
	const unsigned char *digests; /* 32 bytes a block, or NULL: not checked */
	uint32_t counts[VULN_COUNTS];
	struct {
		uint64_t offset, length;
	} sections[VULN_SECTIONS];
	bool damaged;
	struct str why; /* static: what was wrong first */
};

/* Opens and checks the header. `size` is what the manifest says (0: not known), digests 32 bytes a block or NULL (kept, not
 * copied). NULL with *why (a clause). */
struct vuln_file *vuln_file_open(struct arena *a, const char *path, enum vuln_kind kind, uint64_t size, const unsigned char *digests,
				 struct str *why);
/* The same over bytes in memory, for tests. */
struct vuln_file *vuln_file_of(struct arena *a, struct str bytes, enum vuln_kind kind, struct str *why);
void vuln_file_close(struct vuln_file *f); /* NULL is fine */

/* length bytes at an offset of a section; NULL where they are not all inside, or could not be read (damaged is set). */
const unsigned char *vuln_at(struct vuln_file *f, enum vuln_section s, uint64_t offset, uint64_t length);
/* The i-th u32 of a section. */
bool vuln_u32(struct vuln_file *f, enum vuln_section s, uint64_t i, uint32_t *out);
/* The first index in a sorted section of u32 whose value is >= key (interpolating: values are spread evenly). */
uint32_t vuln_lower_bound(struct vuln_file *f, enum vuln_section s, uint32_t n, uint32_t key);
/* The text at an offset of STRINGS; absent where it is damaged. Points into the file's memory. */
struct str vuln_text(struct vuln_file *f, uint64_t ref);

/* Walks bytes that lie in memory; past the end every read gives 0 and bad is set. */
struct vuln_bytes {
	const unsigned char *at, *end;
	bool bad;
};
uint64_t vuln_varint(struct vuln_bytes *b);
/* What lies at an offset of a section with its own length before it. */
struct vuln_bytes vuln_sized(struct vuln_file *f, enum vuln_section s, uint64_t offset);
/* The i-th blob of a section by its table of offsets, which has one more at its end. */
struct vuln_bytes vuln_blob(struct vuln_file *f, enum vuln_section table, enum vuln_section blobs, uint32_t i);
bool vuln_damage(struct vuln_file *f, const char *why); /* returns false */

#endif
