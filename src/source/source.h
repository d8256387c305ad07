/* Readers of lockfiles, manifests, package databases and binaries: a row of readers.def and one file each. A reader is a pure
 * function of one file's bytes and path to the components it names; whatever needs two files (go.sum beside go.mod, a manifest
 * that tells dev from runtime, includes, workspaces) is a join: a row of joins.def, run once over all parsed files of a tree. */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/limits.h"
#include "model/bom.h"

enum reader_flags {
	READER_LOCKED = 1,    /* exact versions, resolved */
	READER_DECLARED = 2,  /* ranges that people wrote: a manifest; its components count only where no lockfile covers it */
	READER_INSTALLED = 4, /* a package database: rootfs and images only */
	READER_BINARY = 8,    /* magic bytes decide, not the name */
	READER_BYTES = 32,     /* found by its name, but no text: no lines, no conflict markers */
	READER_AUXILIARY = 16, /* read only for what it adds to others (go.sum, package.json beside a lockfile) */
	READER_ORIGINS = 64, /* a lockfile that names the registry of each package itself: settings beside it do not put that in doubt */
};

/* What a reader is given. `bom` is empty, has one input (index 0: this file) and collects what the reader finds; everything
 * lives on bom->arena, as does `text`, which outlives the join. */
struct reading {
	struct bom *bom;
	struct arena *arena; /* == bom->arena */
	struct arena *scratch; /* gone when the reader has returned; none in a join */
	struct str path;     /* from the root, '/' between the parts */
	struct str text;     /* the whole file; no conflict markers, within the row's limit */
	void *data;	     /* for the reader's own join; on the arena */
	VEC(struct str) wants; /* paths from the root of files that this one includes, to be read by the same row whatever their names */
};

struct reader {
	const char *name;	/* "npm-package-lock" */
	const char *ecosystem;	/* OSV's spelling, "" where the file decides */
	const char *files;	/* globs of base names or, with '/', of path tails; '|' between them: for example go.mod or package-lock.json */
	unsigned flags;
	size_t max_bytes;
	enum result (*parse)(struct reading *r);
};

extern const struct reader readers[];
extern const size_t readers_n;

/* One parsed file of a tree. */
struct part {
	const struct reader *reader;
	struct str path, dir, base; /* dir: without the last '/', "" for the root */
	struct str text;
	struct bom *bom;	/* inputs.items[0] describes the file */
	void *data;		/* reading.data; joins may not change it in a way that a second run would see */
	VEC(struct str) wants;	/* reading.wants */
	bool covered;		/* a manifest whose lockfile was read: its components are dropped when the tree is assembled */
	bool failed;
};

/* A git link: a submodule's folder and the commit it stands at. */
struct submodule {
	struct str path, commit;
};

/* A file that is read for what it says about registries alone (source/registry.h). */
struct registry_file {
	struct str path, text;
	bool failed;
};

/* All parsed files of one source, sorted by path. */
struct tree {
	struct arena *arena;
	struct diags *diags;
	VEC(struct part) parts;
	VEC(struct submodule) submodules;
	VEC(struct registry_file) settings;
	bool registries; /* what files say about registries is wanted */
	bool installed;	 /* a root file system */
};

struct join {
	const char *name;
	void (*run)(struct tree *t);
};
extern const struct join joins[];
extern const size_t joins_n;

/* The part at dir/base, or NULL. */
struct part *tree_find(const struct tree *t, struct str dir, const char *base);
/* The part at a path from the root ("a/b/../c" is resolved; leaving the root gives NULL). */
struct part *tree_find_path(const struct tree *t, struct str path);
/* dir joined with a relative path and normalised, on the arena; absent where it would leave the root. */
struct str tree_resolve(struct arena *a, struct str dir, struct str relative);
/* Is `dir` the folder `above` or below it? ("" is above all.) */
bool tree_below(struct str dir, struct str above);
/* Is the part read by the reader of that name? */
bool part_is(const struct part *p, const char *reader_name);

/* ---- for readers */

/* An error at an offset of the file ("input.syntax"): returns FAILED, for `return reading_error(…)`. The text says what is
 * wrong and what to do. */
enum result reading_error(struct reading *r, size_t offset, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The same for a part that can be left out ("input.entry"): returns PARTIAL. */
enum result reading_problem(struct reading *r, size_t offset, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* A version of the format that this reader does not know ("input.version"): returns FAILED. */
enum result reading_unknown_version(struct reading *r, size_t offset, struct str version);
/* A new component with ecosystem of the row, evidence at the offset, and name split by the ecosystem's rule is up to the
 * reader. Returns its index. */
uint32_t reading_add(struct reading *r, struct str group, struct str name, struct str version, size_t offset);
/* The file's own project (first party, type application), which becomes bom->subject: name may be absent. */
uint32_t reading_subject(struct reading *r, struct str name, struct str version);
/* A dependency from version control: sets vcs (URL without "git+" and fragment) and commit. */
void reading_vcs(struct reading *r, uint32_t c, struct str url, struct str commit);

/* The host of a registry's URL, with its port but without credentials, which do not belong into a record, and the path behind it
 * (views into url); both absent where the URL has no scheme. */
struct str registry_host(struct str url, struct str *path);
/* Is that host the ecosystem's own? The whole of it counts: a private registry's may hold the public one's name. */
bool registry_is_public(struct str ecosystem, struct str host);
bool registry_url_is_public(struct str ecosystem, struct str url);
/* Is the host one of the well-known public forges (forges.def)? */
bool registry_is_forge(struct str host);
/* Where the registry of the URL is not the ecosystem's own: sets registry. */
void reading_registry(struct reading *r, uint32_t c, struct str url);
/* The component is from no registry that can be told: `why` stands where its host would ("no registry that composer.lock names"). */
void reading_no_registry(struct reading *r, uint32_t c, const char *why);

/* ---- for the core (source/core.c) */

/* Takes user names and passwords out of all addresses of a component (source/secrets.c). */
void source_redact(struct arena *a, struct component *c);
/* The row that reads this path by its name; NULL where none does. */
const struct reader *reader_for(struct str path);
/* Glob match of the path against a row's `files` or a configuration's glob: '*' within a part, '**' across parts, '?', '[…]';
 * without '/' the glob is held against the last part. */
bool path_glob(struct str glob, struct str path);
/* Does the path fit one of a row's globs, with '|' between them? */
bool reader_fits(const char *files, struct str path);
/* The row of that name; NULL where there is none. */
const struct reader *reader_named(struct str name);
/* Parses one file: `text` must live on `a`. Never fails: part.failed and diagnostics say so. */
struct part source_parse(struct arena *a, struct diags *diags, const struct reader *row, struct str path, struct str text);
/* Runs the joins, works out lines, and copies everything into `out` (whose subject exists): equal components become one with
 * all their evidence, each part's own project hangs below the subject. */
void source_assemble(struct tree *t, struct bom *out);

/* The rows' functions. */
#define READER(fn, name, ecosystem, files, flags, limit) enum result source_##fn(struct reading *r);
#include "source/readers.def"
#undef READER
#define JOIN(fn) void join_##fn(struct tree *t);
#include "source/joins.def"
#undef JOIN

#endif
