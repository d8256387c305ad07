/* Private to `where`: the index over stored SBOMs, a file of SQLite or tables of PostgreSQL, that grows by what is new.
 *
 * Tables: sbom (one a stored document), package (each ecosystem, name, version once: the name that advisories
 * give it, the version that it has, `judged` where advisories judge another, `subject` what else decides that), holds (which SBOM holds which package, in which
 * service, through which direct dependency), touched (which advisory ids touch which package, by the database named in meta), and
 * unjudged (packages of which the data can say nothing). */
#ifndef CMD_WHERE_H
#define CMD_WHERE_H

#include "base/buf.h"
#include "base/map.h"
#include "cmd/fleet.h"
#include "io/sql.h"
#include "vuln/vuln.h"

/* The last part of a package's name in small letters: log4j-core of org.apache.logging.log4j:log4j-core. Both index and question write it so. */
#define WHERE_LAST_IN_FILE "lower(replace(name, rtrim(name, replace(replace(name, '/', ''), ':', '')), ''))"
#define WHERE_LAST_ON_SERVER "lower(regexp_replace(name, '^.*[/:]', ''))"

struct where_row {
	struct str product, version, service, package, package_version, purl, via, since, source, id, fixed, state;
	struct str no_data; /* why the data cannot judge the component; absent: it can, or was not asked */
	bool weak;
};

struct where_nowhere {
	struct str query;
	bool is_id;
	bool asked, record, facts; /* of an id: data was at hand; it has an advisory under this id; facts of the CVE (KEV, Vulnrichment, EPSS) */
};

/* A list made by hand of which some rows cannot be judged: no data, not clean. */
struct where_gap {
	struct str product, version;
	int64_t packages, all;
};

struct where {
	struct arena *arena;
	struct sql *db;
	struct fleet fleet;
	VEC(struct where_row) rows;
	VEC(struct where_nowhere) nowhere; /* questions without a row */
	VEC(struct where_gap) gaps; /* where_query.c: asked for by id only; the largest first */
	struct map ids; /* of packages and words that this process has met */
	struct map seen; /* keys of the SBOMs of this call */
	bool forgets;	 /* --forget */
	size_t added, known, forgotten, packages;
};

/* where_index.c: opens (and makes) the index; 0, or an exit code with a message. */
int where_open(struct where *w, struct str index, bool read_only);
/* Reads what of the fleet is new or has changed. */
void where_add(struct where *w);
/* Which packages does which advisory touch: worked out once a database, and for packages that are new. False with a message. */
bool where_match(struct where *w, struct vuln_db *db);
/* where_query.c: "CVE-…", "pkg:…", "name", "name@1.2.3", "name@>=1.0,<2" and what else version_range.h reads. */
bool where_ask(struct where *w, struct str query);
/* Which of the ids without a row does the data name? Of a CVE also what no advisory lists, as Vulnrichment or KEV. */
void where_tell_ids(struct where *w, struct vuln_db *db);
/* The lists that an answer by id says nothing of. */
void where_find_gaps(struct where *w);
/* where_output.c */
void where_table(const struct where *w, struct buf *out);
void where_json(const struct where *w, struct buf *out);
void where_csv(const struct where *w, struct buf *out);
/* The whole index as SQL text (standard SQL: PostgreSQL and SQLite read it). */
bool where_export(struct where *w);

#endif
