/* Private to vuln/: what `db build` collects before it writes. Texts are interned once and known by their index; everything
 * lives on one arena, the JSON of a record on a scratch that is popped after it. */
#ifndef VULN_BUILD_H
#define VULN_BUILD_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/map.h"
#include "base/sha256.h"
#include "model/cve_facts.h"
#include "syntax/json.h"
#include "vuln/vuln.h"

enum entry_flags { ENTRY_MALFORMED = 1, ENTRY_DISPLAY = 2, ENTRY_ALL = 4, ENTRY_GIT = 8 }; /* ALL: every version, one range */
enum advisory_flags { ADVISORY_MALICIOUS = 1, ADVISORY_SEVERITY = 2, ADVISORY_INFORMATIONAL = 4, ADVISORY_WITHDRAWN = 8 };

struct build_list {
	uint32_t *items;
	size_t n, cap;
};

struct build_range {
	enum range_type type;
	uint32_t repo;
	struct {
		uint32_t *items; /* text index << 2 | event_kind */
		size_t n, cap;
	} events;
};

struct build_affected {
	uint32_t ecosystem, package, display; /* canonical ecosystem; the look-up key; as written */
	bool malformed;
	VEC(struct build_range) ranges;
	struct build_list versions;
};

struct build_record {
	uint32_t id, base; /* base: ecosystem without suffix whose texts file holds it */
	uint32_t modified, published;
	unsigned flags;
	uint32_t severity, informational;
	struct build_list aliases, upstream, related;
	VEC(struct build_affected) affected;
	struct str json; /* what the texts file keeps */
	size_t size;	 /* of the record as it came */
	struct build_list homes; /* the ecosystems whose exports it came from, by the names of their folders */
	uint32_t other;		 /* another record with this id: its index and 1; 0: none */
	bool distribution, dead; /* dead: a later one with this id came */
	bool malformed, no_ranges, no_release;
};

struct build_cve {
	uint32_t key;
	struct cve_facts facts;
	uint32_t epss, percentile; /* of 100,000; UINT32_MAX: none */
};

struct build {
	struct arena *arena, *scratch;
	struct diags *diags;
	struct map texts; /* text to index */
	struct map ids;	  /* advisory id to record */
	VEC(struct build_record) records;
	struct map cves; /* id to index of cve_list */
	VEC(struct build_cve) cve_list;
	struct vuln_info *info; /* sources, files, unreadable: what the manifest will say */
	struct sha256 digest;	/* of the source that is being read */
	uint32_t *group; /* union-find over texts */
	size_t group_n;
	uint64_t epss_rows;
	struct str epss_date;
};

/* Text index 0 is "no text". */
uint32_t build_text(struct build *b, struct str s);
static inline struct str build_text_at(const struct build *b, uint32_t i)
{
	return i ? b->texts.entries[i].key : STR_NONE;
}
/* Seconds since 1970 of "2024-01-02T03:04:05.678Z" (also a bare day); 0 where it is none. */
uint32_t build_time(struct str rfc3339);
/* "CVE-2024-1234" to its key; 0 where it is none or does not fit. */
uint32_t build_cve_key(struct str id);
struct build_cve *build_cve(struct build *b, struct str id);

/* One OSV record; `source` names it in diagnostics. */
void build_osv_record(struct build *b, struct str source, struct str text);
/* A record's id leads to the one that holds for it; copies of it that other exports have are kept beside it … */
void build_add_record(struct build *b, struct str source, const struct build_record *r);
/* … and after the last one speak for the ecosystems of those exports where the one that holds does not. */
void build_join_copies(struct build *b);
/* One CVE record (JSON 5). */
void build_cve_record(struct build *b, struct str source, struct str text);
/* A new source whose digest begins; its digest in the end. */
struct vuln_source *build_source(struct build *b, const char *name);
struct str build_digest(struct build *b);
/* A whole file, unpacked where it is gzip or zstd, on the scratch; added to the source's digest. */
bool build_whole(struct build *b, struct str path, size_t limit, struct str *out);
/* The inputs: whole folders or single files, archives looked into. False with a diagnostic where nothing could be read. */
bool build_kev(struct build *b, struct str path);
bool build_epss(struct build *b, struct str path);
/* Counts and names what is no record. */
void build_unreadable(struct build *b, struct str source, const char *why);
/* Does a file of this name hold records? */
bool build_is_archive(struct str name);
/* Every *.json below path, in sorted order, archives and folders alike; false with a diagnostic where path cannot be read. */
bool build_walk(struct build *b, struct str path, void (*each)(struct build *b, struct str source, struct str text));
/* Joins by aliases; then build_group gives the text indexes of all ids joined with this one, sorted (n 0: alone). */
void build_groups(struct build *b);
void build_group(struct build *b, uint32_t text, struct build_list *out);
/* CVEs that the record names one-way, sorted. */
void build_named_cves(struct build *b, const struct build_record *r, struct build_list *out);
bool build_write(struct build *b, const struct vuln_build_options *o);

static inline void build_push(struct build *b, struct build_list *l, uint32_t v)
{
	*VEC_ADD(b->arena, l) = v;
}

#endif
