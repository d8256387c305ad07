/* Walking a source tree (a git tree, a folder) and parsing every file that a row of readers.def wants. */
#ifndef SOURCE_SCAN_H
#define SOURCE_SCAN_H

#include "io/git.h"
#include "source/source.h"

struct scan {
	struct arena *arena; /* of everything that is read; lives as long as the tree */
	struct diags *diags;
	VEC(struct str) exclude; /* globs: what they fit is not read, and listed in `excluded` */
	struct str skip;	 /* a folder below the root that is bomgate's own output; absent: none */
	bool installed;		 /* a root file system: rows with READER_INSTALLED count too */
	bool registries;	 /* read what files say about registries too (source/registry.h) */

	/* results */
	struct tree tree;
	VEC(struct str) excluded;    /* inputs that a glob of `exclude` took out */
	VEC(struct str) links;	     /* symbolic links that lead out of the tree or nowhere */
	size_t node_modules;	     /* folders passed over */
	size_t files;		     /* seen in all */
};

void scan_init(struct scan *s, struct arena *a, struct diags *diags);
/* Reads the tree (by id) of a commit. False with *why where the tree itself cannot be walked; a file that cannot be read is a
 * diagnostic and a failed part. */
bool scan_git(struct scan *s, struct git *g, struct str tree, struct str *why);
/* Reads a folder as it lies; links that lead out of it are not followed. */
bool scan_folder(struct scan *s, const char *dir, struct str *why);
/* Reads one file by its name. False where no row reads it. */
bool scan_file(struct scan *s, const char *path, struct str name, struct str *why);
/* For trees that come from elsewhere: the row that shall read a path (NULL: none, or excluded), and one file's bytes. */
const struct reader *scan_wants(struct scan *s, struct str path);
void scan_take(struct scan *s, const struct reader *row, struct str path, struct str blob, struct str text);
/* One file of a git tree by its blob id: a part more in s->tree. */
void scan_git_file(struct scan *s, struct git *g, const struct reader *row, struct str path, struct str id);
/* May the folder be entered? Installed packages (counted), git's own folder and bomgate's output are not. */
bool scan_enters(struct scan *s, struct str path);
/* What was looked for, for people: "package-lock.json, yarn.lock, …". */
struct str scan_wanted(struct arena *a);

#endif
