/* From sources to one bom: what `generate`, `scan` and `run` begin with. */
#ifndef CMD_COLLECT_H
#define CMD_COLLECT_H

#include "cmd/command.h"
#include "io/git.h"
#include "model/bom.h"
#include "source/scan.h"

/* An SBOM made elsewhere, as it was received. */
struct original {
	struct str path, sha256, standard, version;
	struct str bytes;
	struct tool generator; /* name absent where the document names none */
	struct str timestamp;
};

struct collect_options {
	VEC(struct str) sources; /* "git:.", "sbom:file", …; empty: the work tree around the current folder */
	VEC(struct str) exclude; /* globs */
	struct str out;		 /* bomgate's own output folder: never read */
	struct str name;	 /* of the subject; absent: found out */
	struct str timestamp;	 /* as given; absent: SOURCE_DATE_EPOCH, else now */
	struct str token;	 /* for GitHub's API; absent: the environment's */
	bool registries;	 /* read what files say about registries: names may be sent */
	struct str options_text; /* the effective options: they go into the serial number */
};

struct collected {
	struct bom bom;
	int64_t timestamp;
	struct git_commit_info commit; /* id absent where no source is a git tree */
	struct git *git;	       /* of the first git source, open; closed by collect_end */
	struct str git_where;	       /* the source that it was opened for */
	struct str repository;	       /* "owner/name", absent where not known */
	struct str origin;	       /* URL of origin without secrets */
	struct str ref;		       /* "refs/heads/main", absent where not known */
	struct str image;	       /* the name of the container image that was read; absent: none */
	VEC(struct original) originals;
	VEC(struct str) excluded, links;
	size_t node_modules, files;
	bool looked_in_tree;   /* at least one source was a tree: "no lockfile" can be said */
	bool prepared;
	bool pure_document;    /* one SBOM and nothing else: its document is kept as it is */
};

/* The first step: the time, and the repository and commit of the first git source, because the policy must be known before the tree
 * is read. FAILED with a diagnostic where a source names nothing. */
enum result collect_prepare(struct arena *a, struct diags *diags, const struct collect_options *o, struct collected *out);
/* Reads all sources (preparing first where that was not done). The diagnostics in bom.diags tell what went wrong; FAILED where nothing can be said at all (wrong usage). */
enum result collect(struct arena *a, struct diags *diags, const struct collect_options *o, struct collected *out);
void collect_end(struct collected *c);

/* Paths of the environment that a source may have without saying so: the scheme of `where`, found out as the command line's
 * contract says. The rest after the scheme goes to *rest. */
struct str collect_scheme(struct arena *a, struct str source, struct str *rest);

#endif
