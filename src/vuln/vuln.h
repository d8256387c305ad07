/* The vulnerability database: built once from OSV exports, CISA's KEV, EPSS and CVE records, then opened in a millisecond and
 * queried by package and by CVE. A database is a folder: manifest.json, one file an ecosystem and release (*.advisories), one
 * an ecosystem with texts (*.texts, opened only to explain), one with facts about CVEs (cves.facts). Layout: vuln/store.h. */
#ifndef VULN_VULN_H
#define VULN_VULN_H

#include "base/diag.h"
#include "base/timestamp.h"
#include "model/cve_facts.h"
#include "model/finding.h"

/* ---- what is in it */

/* One source of the database. */
struct vuln_source {
	struct str name;	/* "osv", "kev", "epss", "ssvc", "cve" */
	struct str ecosystem;	/* of an "osv" source, else absent */
	struct str digest;	/* "sha256:…" over the files that were read */
	struct str date;	/* what the source says of itself: newest `modified`, dateReleased, score_date, newest SSVC timestamp */
	struct str checked;	/* when the builder last confirmed that this copy is the current one: age counts from here */
	uint64_t records;
	uint64_t withdrawn, malformed, no_ranges, no_release, unreadable; /* of OSV: see struct vuln_ecosystem */
};

struct vuln_ecosystem {
	struct str name;	/* with its suffix */
	uint32_t advisories, packages;
};

/* A file of the inputs that is no record at all. */
struct vuln_unreadable {
	struct str file, why;
};

struct vuln_file_info {
	struct str name, kind, ecosystem;
	struct str tree; /* SHA-256 over the digests of its blocks, in hex: what it is called where it is kept or published */
	uint64_t size;
	uint32_t packages, records;
	struct str blocks; /* SHA-256 of each 64 kB: hex digits as read, bytes while it is built */
};

struct vuln_info {
	struct str path, built, digest; /* digest: SHA-256 of the manifest, which names those of all files */
	struct str manifest; /* its text as read, absent where the database was built just now */
	uint64_t serial; /* higher in each later one */
	struct str signature, signed_by; /* id and name of the key whose signature was verified; absent: unsigned */
	VEC(struct vuln_source) sources;
	VEC(struct vuln_file_info) files;
	VEC(struct vuln_unreadable) unreadable;
	bool osv, kev, ssvc, epss, cve; /* was it loaded? */
};

/* ---- building */

struct vuln_build_options {
	VEC(struct str) osv, cve; /* folders (or single files); empty: not loaded */
	struct str kev, epss;	  /* files; absent: not loaded */
	struct str out;
	struct str built;   /* RFC 3339 */
	uint64_t serial;    /* 0: the seconds of `built` */
	struct str checked; /* RFC 3339: when the inputs were confirmed to be current */
	VEC(struct property) checked_of; /* the same by source ("kev"), before `checked` */
};

/* FAILED where nothing was written; PARTIAL where records could not be read (a diagnostic counts them). */
enum result vuln_build(const struct vuln_build_options *o, struct diags *d, struct vuln_info *out, struct arena *a);

/* ---- opening */

struct vuln_db;

/* Opens a folder; NULL with a "data.*" diagnostic. Files are opened when first asked for. Everything that comes out lives on the
 * arena or in the database's memory until vuln_close. */
struct vuln_db *vuln_open(struct arena *a, const char *dir, struct diags *d);
void vuln_close(struct vuln_db *db); /* NULL is fine */
const struct vuln_info *vuln_about(const struct vuln_db *db);
/* A file was found damaged while it was read: the run must not trust the result (exit 4). Adds the diagnostic once. */
bool vuln_damaged(struct vuln_db *db, struct diags *d);
/* The source's entry, or NULL; for "osv" of an ecosystem (suffix ignored), or any where ecosystem is absent. */
const struct vuln_source *vuln_source_of(const struct vuln_db *db, const char *name, struct str ecosystem);

/* ---- age */

enum vuln_age { VULN_FRESH, VULN_AGING, VULN_STALE };
struct vuln_limits {
	int64_t warn, kev, ssvc, osv, epss; /* seconds; 0: never */
};
extern const struct vuln_limits vuln_default_limits; /* warned at 24 h; KEV and SSVC 72 h, OSV 7 days, EPSS never */
struct vuln_source_age {
	const struct vuln_source *source;
	enum vuln_age age;
	int64_t seconds; /* since `checked`; INT64_MAX: not said; negative: in the future, by more than clocks differ */
};
struct vuln_age_report {
	struct vuln_source_age *items; /* what was loaded; what was not is in struct vuln_info */
	size_t n, cap;
	enum vuln_age worst;
};
/* Clocks of two machines may differ by so much: what was confirmed that little ahead of `now` was confirmed now. */
#define VULN_CLOCKS_DIFFER ((int64_t)300)
/* now: seconds since 1970. What is of the future is stale: it would stay young until that day. */
void vuln_ages(const struct vuln_db *db, int64_t now, const struct vuln_limits *limits, struct arena *a, struct vuln_age_report *out);
/* ---- asking */

enum event_kind { EVENT_INTRODUCED, EVENT_FIXED, EVENT_LAST_AFFECTED, EVENT_LIMIT };
enum range_type { RANGE_SEMVER, RANGE_ECOSYSTEM, RANGE_GIT };

struct vuln_event {
	enum event_kind kind;
	struct str version;
};
struct vuln_range {
	enum range_type type;
	struct str repo; /* of a GIT range */
	bool unreadable; /* a bound is no version of the ordering: set by vuln_range_sort */
	struct vuln_event *events;
	size_t nevents;
};
/* One `affected` block of an advisory, for one package. */
struct vuln_affected {
	uint32_t advisory; /* index in `file` */
	bool malformed;
	bool git;	    /* it has GIT ranges, which are kept under the repository only */
	struct str package; /* as the advisory spells it */
	struct vuln_range *ranges;
	size_t nranges;
	struct str *versions; /* listed ones that the ranges do not hold already */
	size_t nversions;
};
struct vuln_hits {
	struct vuln_file *file;
	struct str ecosystem; /* of the file */
	struct vuln_affected *items;
	size_t n;
};

/* The advisories of a package in the file of exactly that ecosystem (canonical, with suffix). False where the database has no
 * such file; true with n == 0 where it has none for the package. */
bool vuln_lookup(struct vuln_db *db, struct arena *a, struct str ecosystem, struct str key, struct vuln_hits *out);

/* The same in what OSV's API gave (vuln/osv_api.h): false where it was not asked about the package. */
bool vuln_lookup_more(struct vuln_db *db, struct arena *a, struct str ecosystem, struct str key, struct vuln_hits *out);

struct vuln_advisory {
	struct str id, modified, published;
	bool malicious;
	struct str severity, informational;
	struct str *group; /* ids joined by aliases, this one too; none: it stands alone */
	size_t ngroup;
	struct str *cves;  /* one-way: named by `upstream`, or `related` of a distribution; never joined */
	size_t ncves;
};
bool vuln_advisory(struct vuln_hits *hits, struct arena *a, uint32_t index, struct vuln_advisory *out);

/* Facts about a CVE; false where nothing is known of it (then *out is empty with epss -1). */
bool vuln_cve(struct vuln_db *db, struct arena *a, struct str cve, struct cve_facts *out);

/* The record as it came, without `versions` lists: JSON text; absent where there is none. Ids as OSV writes them. */
struct str vuln_record(struct vuln_db *db, struct arena *a, struct str id, struct str *ecosystem);
/* The same without fetching the texts of other ecosystems than this one. */
struct str vuln_record_near(struct vuln_db *db, struct arena *a, struct str id, struct str ecosystem);
/* One line that says what it is: its summary, else the first line of its details; absent where there is none. */
struct str vuln_summary(struct vuln_db *db, struct arena *a, struct str id, struct str ecosystem);
/* Fills match.summary and finding.summary from the texts files. */
void vuln_summaries(struct vuln_db *db, struct arena *a, struct findings *f);

#endif
