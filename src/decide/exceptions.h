/* Exceptions: `ignore` of the configuration, VEX (OpenVEX, CycloneDX, CSAF) from the files that the policy names, and ignore
 * files of other tools. All become statements; a finding is lifted where a live `ignore` or the winning VEX statement says so.
 * Nothing here reads the judged tree: the caller fetches, on a pull request from the base. */
#ifndef DECIDE_EXCEPTIONS_H
#define DECIDE_EXCEPTIONS_H

#include "base/map.h"
#include "decide/policy.h"
#include "identity/purl.h"
#include "model/finding.h"

/* The most permissive first: on equal timestamps the later one of this list counts. */
enum statement_status { STATEMENT_NOT_AFFECTED, STATEMENT_FIXED, STATEMENT_INVESTIGATING, STATEMENT_AFFECTED };
const char *statement_word(enum statement_status s); /* "not affected", "fixed", "under investigation", "affected" */

/* Something that a statement is about: a purl, or a text that must be equal. */
struct named {
	struct str text;
	struct purl purl;
	bool is_purl;
};
struct named_list {
	struct named *items;
	size_t n, cap;
};

struct product {
	struct named_list names; /* any of them */
	struct named_list parts; /* subcomponents; none: the whole product */
	struct str_list versions; /* only these versions of it (CycloneDX affects[].versions); none: any that the purl allows */
};

struct statement {
	struct lifted shown; /* kind, id, who, why, until, file, line: what reports tell */
	struct str_list ids; /* of the flaw, any; none: every flaw of the products (rules of other tools) */
	enum statement_status status;
	bool vex;	    /* false: an exception that lifts whatever VEX says */
	struct str statement; /* justification and impact statement */
	int64_t time;	    /* of a VEX statement */
	int64_t until;	    /* first second at which it is over; INT64_MAX: no end */
	VEC(struct product) products; /* none: any component */
	struct str_list paths; /* all files that name the component must fit one; none: any */
	struct str folder;  /* only files right in this folder (osv-scanner.toml); absent: any */
	struct str service; /* absent: any */
	bool inherited;	    /* from the organisation's file: need not be about something here */
	/* after exceptions_apply */
	size_t used;	    /* findings that it lifts */
	size_t matched;	    /* findings that it is about, lifted or not */
	bool expired, soon; /* over; over within 14 days */
};

struct exceptions {
	struct arena *arena;
	struct diags *diags;
	VEC(struct statement) list;
	struct map by_id;    /* lower-case id to chain */
	struct chain *any;   /* statements without ids */
	VEC(struct policy_file) files; /* VEX and ignore files that were read: for the record */
};

struct exceptions_io {
	void *data;
	/* As policy_io.fetch: a path at the commit whose policy holds, or OWNER/REPO//path@SHA. */
	bool (*fetch)(void *data, struct str what, struct str *text, struct str *why);
	/* All paths of that commit which fit the glob, appended on the arena; NULL: globs are not supported here. */
	void (*list)(void *data, struct str glob, struct arena *a, struct str_list *out);
};

/* Everything that the policy names. FAILED with errors "usage.config" (a file that cannot be read, malformed VEX, another author
 * than the policy allows, a not_affected without justification and impact statement). */
enum result exceptions_load(struct exceptions *x, struct arena *a, struct diags *d, const struct policy *p, const struct exceptions_io *io);

/* The product that is scanned: what VEX may call it. */
struct scanned {
	struct named_list names; /* purl of the repository or image, its name, the SBOM's serial number */
};
void scanned_add(struct arena *a, struct scanned *s, struct str name);

/* Lifts findings: sets silenced, silenced_by, lifted, claim; and what the statements did. `now` is the clock of the machine (not
 * --timestamp); it counts as at least `data_time`, the newest date of the vulnerability data (0: unknown), so that a clock set
 * back revives nothing. VEX statements about nothing that is here are reported with `missing`: SEV_ERROR (exit 2), on a pull
 * request SEV_WARNING (the change may have removed it). */
enum result exceptions_apply(struct exceptions *x, struct findings *f, const struct bom *b, const struct scanned *product, int64_t now,
			     int64_t data_time, enum severity missing);

/* One line about each statement that a person should look at: expired, over within two weeks, unused, without end. */
void exceptions_notes(struct arena *a, const struct exceptions *x, struct str_list *out);

/* ---- for the readers of vex.def and ignore_files.def */
struct statement_file {
	struct exceptions *x;
	struct str path, text;
	const char *kind;
	struct str author; /* out: of the document */
	int64_t until;	   /* of the policy's entry */
	struct str until_text;
	bool inherited;
	bool failed;
	size_t line_at;
	unsigned line;
};
/* A new statement of the file. */
struct statement *statement_new(struct statement_file *f, size_t offset);
/* One more product, known by one name. */
void statement_about(struct arena *a, struct statement *s, struct named name);
/* An error about the file at an offset; always false. */
bool statement_wrong(struct statement_file *f, size_t offset, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
struct named named_of(struct arena *a, struct str text);
/* Does the purl of a statement cover the component's (go-vex's rule: version and qualifiers only where the statement has them)? */
bool named_covers(const struct named *statement, const struct purl *component);

#define VEX_READER(fn, kind) bool vex_##fn(struct statement_file *f, const struct json *root);
#define IGNORE_READER(fn, kind, name) bool ignore_##fn(struct statement_file *f);
struct json;
#include "decide/vex.def"
#include "decide/ignore_files.def"
#undef VEX_READER
#undef IGNORE_READER

#endif
