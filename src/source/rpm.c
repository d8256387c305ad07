/* rpm's databases: each package is one header (rpm's lib/header.c, as docs/manual/format.md has it: a count and a length, an index of 16 bytes
 * an entry, the data; big endian), kept in a table of SQLite (`Packages`, since 4.16) or in ndb (lib/backend/ndb/rpmpkg.c; SUSE). The older
 * Berkeley DB is not read, and says so. */
#include "io/sqlite.h"
#include "source/common.h"

#define MOST_ENTRIES 65536
#define MOST_DATA ((size_t)256 << 20)

enum { TAG_NAME = 1000, TAG_VERSION = 1001, TAG_RELEASE = 1002, TAG_EPOCH = 1003, TAG_VENDOR = 1011, TAG_LICENSE = 1014, TAG_ARCH = 1022,
       TAG_SOURCERPM = 1044, TAG_MODULARITYLABEL = 5096 };
enum { TYPE_INT32 = 4, TYPE_STRING = 6, TYPE_STRING_ARRAY = 8, TYPE_I18N = 9 };

static uint32_t big(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static uint32_t little(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

struct header {
	struct str index, data;
};

static bool open_header(struct str blob, struct header *h)
{
	if (blob.len < 8)
		return false;
	uint32_t entries = big(blob.s), length = big(blob.s + 4);
	if (entries > MOST_ENTRIES || length > MOST_DATA || blob.len - 8 < (size_t)entries * 16 || blob.len - 8 - (size_t)entries * 16 < length)
		return false;
	h->index = str_sub(blob, 8, (size_t)entries * 16);
	h->data = str_sub(blob, 8 + (size_t)entries * 16, length);
	return true;
}

/* The entry's data from its offset on; absent where the tag is missing or of no such type. */
static struct str entry(const struct header *h, uint32_t tag, bool number)
{
	for (size_t i = 0; i < h->index.len; i += 16) {
		const char *e = h->index.s + i;
		uint32_t type = big(e + 4), at = big(e + 8);
		if (big(e) != tag || at >= h->data.len)
			continue;
		if (number ? type != TYPE_INT32 : type != TYPE_STRING && type != TYPE_I18N && type != TYPE_STRING_ARRAY)
			return STR_NONE;
		return str_from(h->data, at);
	}
	return STR_NONE;
}

static struct str text(struct arena *a, const struct header *h, uint32_t tag)
{
	struct str s = entry(h, tag, false);
	const char *end = s.len ? memchr(s.s, 0, s.len) : NULL;

	return end ? arena_str(a, str_make(s.s, (size_t)(end - s.s))) : STR_NONE;
}

/* "openssl-3.0.7-18.el9.src.rpm": name, version and release from the right. */
static void set_source(struct arena *a, struct component *c, struct str file, struct str epoch)
{
	size_t release, version;

	if (!str_ends(file, STR(".src.rpm")) && !str_ends(file, STR(".nosrc.rpm")))
		return;
	file = str_sub(file, 0, file.len - (str_ends(file, STR(".nosrc.rpm")) ? 10 : 8));
	release = str_rchr(file, '-');
	version = release == STR_NOT_FOUND ? STR_NOT_FOUND : str_rchr(str_sub(file, 0, release), '-');
	if (version == STR_NOT_FOUND || !version)
		return;
	component_add_more(a, c)->source_name = str_sub(file, 0, version);
	struct str full = str_from(file, version + 1);
	if (!str_eq(full, c->version)) /* else the version, epoch and all, is the source's too */
		component_add_more(a, c)->source_version = epoch.len ? arena_concat(a, epoch, STR(":"), full) : full;
}

static void add_package(struct reading *r, struct str blob, long long number)
{
	struct arena *a = r->arena;
	struct header h;

	if (!open_header(blob, &h)) {
		reading_problem(r, DIAG_NO_OFFSET, "the header of package %lld is damaged", number);
		return;
	}
	struct str name = text(a, &h, TAG_NAME), version = text(a, &h, TAG_VERSION), release = text(a, &h, TAG_RELEASE);
	struct str epoch = entry(&h, TAG_EPOCH, true), licence = text(a, &h, TAG_LICENSE), arch = text(a, &h, TAG_ARCH),
		   module = text(a, &h, TAG_MODULARITYLABEL), vendor = text(a, &h, TAG_VENDOR);
	if (str_is(name, "gpg-pubkey"))
		return; /* a key, kept as if it were a package */
	if (!name.len || !version.len) {
		reading_problem(r, DIAG_NO_OFFSET, "package %lld has no name or version", number);
		return;
	}
	if (release.len)
		version = arena_concat(a, version, STR("-"), release);
	epoch = epoch.len >= 4 ? arena_printf(a, "%u", big(epoch.s)) : STR_NONE;
	if (str_is(epoch, "0"))
		epoch = STR_NONE;
	uint32_t i = reading_add(r, STR_NONE, name, version, 0);
	struct component *c = &r->bom->components[i];
	c->purl_type = STR("rpm");
	set_source(a, c, text(a, &h, TAG_SOURCERPM), epoch);
	if (epoch.len)
		*VEC_ADD(a, &c->qualifiers) = (struct property){ STR("epoch"), epoch };
	if (arch.len)
		*VEC_ADD(a, &c->qualifiers) = (struct property){ STR("arch"), arch };
	if (module.len)
		bom_property(r->bom, i, "bomgate:rpm:modularity", module);
	if (vendor.len)
		party_set(a, &component_add_more(a, c)->supplier, (struct party){ .kind = PARTY_ORGANIZATION, .name = vendor });
	if (licence.len)
		reading_licence(r, i, licence);
}

enum result source_rpm_sqlite(struct reading *r)
{
	struct str why;
	struct sqlite *s = sqlite_begin_bytes(r->arena, r->text, &why);
	long long number = 0;

	if (!s)
		return reading_error(r, DIAG_NO_OFFSET, "the database cannot be opened: %.*s", STR_ARG(why));
	struct sqlite_query *q = sqlite_prepare(s, "SELECT hnum, blob FROM Packages ORDER BY hnum");
	while (q && sqlite_next(q)) {
		number = sqlite_number(q, 0);
		add_package(r, sqlite_blob(q, r->arena, 1), number);
	}
	why = sqlite_error(s);
	sqlite_end(s);
	if (why.s || !q)
		return reading_error(r, DIAG_NO_OFFSET, "the database cannot be read whole: %.*s", STR_ARG(why));
	return reading_done(r);
}

enum result source_rpm_ndb(struct reading *r)
{
	struct str t = r->text;

	if (t.len < 4096 || !str_starts(t, STR("RpmP")))
		return reading_error(r, 0, "this is no package database of rpm's ndb");
	if (little(t.s + 4) != 0)
		return reading_unknown_version(r, 4, arena_printf(r->arena, "%u", little(t.s + 4)));
	uint64_t slots_end = (uint64_t)little(t.s + 12) * 4096;
	if (slots_end > t.len)
		return reading_error(r, 12, "the database is cut off");
	for (uint64_t at = 32; at + 16 <= slots_end; at += 16) {
		const char *slot = t.s + at;
		uint64_t offset = (uint64_t)little(slot + 8) * 16;
		if (!little(slot + 8))
			continue;
		if (memcmp(slot, "Slot", 4) != 0 || offset + 16 > t.len || memcmp(t.s + offset, "BlbS", 4) != 0 ||
		    little(t.s + offset + 4) != little(slot + 4) || little(t.s + offset + 12) > t.len - offset - 16) {
			reading_problem(r, (size_t)at, "the entry of a package is damaged");
			continue;
		}
		add_package(r, str_sub(t, (size_t)offset + 16, little(t.s + offset + 12)), little(slot + 4));
	}
	return reading_done(r);
}

enum result source_rpm_bdb(struct reading *r)
{
	return reading_error(r, DIAG_NO_OFFSET,
			     "this is rpm's database in Berkeley DB, from before rpm 4.16, which is not read: run `rpmdb --rebuilddb` with a newer rpm, or take "
			     "an SBOM of another tool");
}
