/* What the configuration of package managers says about where packages come from, for one purpose: names of private packages never leave
 * (cmd/api.c). A row of registries.def for each kind of file; what a row finds are `registry_statement`s of the bom. Read only where
 * scan.registries asks for it. Doubt keeps back: a file that cannot be read, or an address that is not written out, counts as private. */
#ifndef SOURCE_REGISTRY_H
#define SOURCE_REGISTRY_H

#include "source/source.h"

enum registry_flags {
	REGISTRY_EVERYWHERE = 1, /* counts for the whole tree; else for what lies in folders above and below the file's own */
	REGISTRY_INSTALLED = 2,	 /* only in root file systems and images */
	REGISTRY_INI = 4,	 /* a value goes on in lines that begin with a blank */
	REGISTRY_REPLACES = 8,	 /* also where a lockfile names another registry itself: what it says is looked for elsewhere */
};

struct registry_reading {
	struct arena *arena;
	struct str path, text; /* UTF-8 */
	const struct registry_row *row;
	struct bom *bom; /* takes the statements */
	bool full;	 /* the file says too much to keep: all is in doubt, and no more is taken */
};

struct registry_row {
	const char *name;      /* "npmrc" */
	const char *ecosystem; /* OSV's, without suffix; several with '|' between them; "": each of the words' own */
	const char *files;     /* globs as in readers.def: read for this alone */
	const char *readers;   /* rows of readers.def: their files are looked at too; '|' between them */
	unsigned flags;
	void (*read)(struct registry_reading *r);
};
extern const struct registry_row registry_rows[];
extern const size_t registry_rows_n;

/* The row of files that are read for their registries alone: it stands in no table and names no components. */
extern const struct reader registry_reader;

/* Is the file to be read for what it says about registries? */
bool registry_wants(struct str path, bool installed);
/* What one file says, by all rows that its path fits, onto `out`. */
void registry_read_file(struct arena *a, struct bom *out, struct str path, struct str text, bool failed, bool installed);
/* Would a row read it, whether or not a reader does too? */
bool registry_knows(struct str path);
/* All that the tree's files say, onto `out`. */
void registry_read_tree(struct tree *t, struct bom *out);

/* ---- for rows */

/* Packages whose names fit the glob (absent: all) of an ecosystem (absent: the row's) come from `url`: kept where that is none of the
 * ecosystem's own. A text that is no address counts as a private one. `more`: flags beside the row's. */
void registry_says(struct registry_reading *r, struct str ecosystem, struct str names, struct str url, unsigned more);
/* The same where the address cannot be told. */
void registry_unclear(struct registry_reading *r, struct str ecosystem, struct str names, unsigned more);
/* Every address in a text, by registry_says. Where there is none: registry_unclear if `must`. */
void registry_urls(struct registry_reading *r, struct str ecosystem, struct str names, struct str text, bool must, unsigned more);

#define REGISTRY(fn, name, ecosystem, files, readers, flags) void registry_##fn(struct registry_reading *r);
#include "source/registries.def"
#undef REGISTRY

#endif
