/* Findings made elsewhere: reports of other scanners, a row of findings_formats.def and one file each, joined with ours by the
 * component's identity and the flaw's aliases. Who reported what is kept (finding.reporters); deciding is left to decide/. */
#ifndef MATCH_FINDINGS_H
#define MATCH_FINDINGS_H

#include "base/diag.h"
#include "model/finding.h"
#include "vuln/vuln.h"

/* One flaw in one component, as a report says it. */
struct reported {
	struct str purl;	/* as written; absent where the report has none: then ecosystem and name tell */
	struct str ecosystem;	/* OSV's spelling; absent where not known */
	struct str name;	/* as advisories of the ecosystem spell it: "@scope/name", "group:artifact" */
	struct str version;
	struct str path;	/* of the file that names the component, from the root; absent where not said */
	VEC(struct str) ids;	/* the flaw's id first, then its aliases */
	VEC(struct str) fixed;	/* versions that end it */
	struct str cvss;	/* vector */
	struct str summary;
	struct str stated;	/* what the report's own analysis says of it ("not_affected"): shown, never obeyed */
	size_t offset;
};

struct findings_file {
	struct str path, sha256;
	struct str format; /* of the row: "trivy" */
	struct str tool;   /* who reported: "trivy 0.68.2" */
	uint64_t size;
	size_t left_out;   /* what the tool itself was told to ignore */
	VEC(struct reported) list;
	bool damaged;	   /* a part could not be read: in the diagnostics */
};

/* What a row's reader is given. */
struct findings_reading {
	struct arena *arena;
	struct diags *diags;
	struct str text;
	struct findings_file *out;
};

struct findings_format {
	const char *name, *title;
	const char *keys; /* top-level keys; one of them, '|' between, tells the format; NULL: found out by format/ */
	bool (*read)(struct findings_reading *r); /* false with an "input.syntax" diagnostic where it is not well-formed */
};
extern const struct findings_format findings_formats[];
extern const size_t findings_formats_n;

/* Reads a report, whose format its bytes tell. FAILED with an "input.*" diagnostic where nothing can be read, PARTIAL where a part
 * cannot. `bytes` must live as long as the arena. */
enum result findings_read(struct arena *a, struct diags *d, struct str path, struct str bytes, struct findings_file *out);

struct findings_joining {
	struct arena *arena;
	struct bom *bom;     /* components that it lacks are added where `add` is set, else left out */
	struct vuln_db *db;  /* for aliases and facts; NULL: none */
	bool add;
	size_t joined, added, components; /* out: entries that ours has too, new findings, new components */
};
/* Joins one report into `out` (sorted by component and id afterwards). In any order of several reports the result is the same but
 * for the order of reporters. */
void findings_join(struct findings_joining *j, const struct findings_file *f, struct findings *out);

/* ---- for rows */

/* A new entry at an offset. */
struct reported *findings_add(struct findings_reading *r, size_t offset);
/* An entry that names no component or no flaw is taken back, with an error. */
void findings_check(struct findings_reading *r);
/* The first line of a text, cut at about 200 bytes. */
struct str findings_line(struct str text);
void findings_id(struct findings_reading *r, struct reported *e, struct str id);

struct json_cursor;
/* Ends the document: false with an "input.syntax" diagnostic where it was not well-formed. For `return findings_close(…)`. */
bool findings_close(struct findings_reading *r, struct json_cursor *c);

#define FINDINGS_FORMAT(fn, name, title, keys) bool findings_##fn(struct findings_reading *r);
#include "match/findings_formats.def"
#undef FINDINGS_FORMAT

#endif
