/* Git repositories, read from the object database by libgit2: the one place that includes git2.h. Work trees, bare repositories,
 * worktrees and shallow clones; owners are not checked (nothing of the repository is ever executed), the configuration of the
 * machine is not read, no filters, no hooks. */
#ifndef IO_GIT_H
#define IO_GIT_H

#include "base/arena.h"
#include "base/vec.h"

struct git;

/* Opens the repository at path, or above it where `climb`. NULL with *why: what is wrong and what to do. Close with git_end. */
struct git *git_begin(struct arena *a, const char *path, bool climb, struct str *why);
void git_end(struct git *g); /* NULL is fine */

bool git_is_shallow(const struct git *g);
bool git_is_bare(const struct git *g);
/* The work tree's folder with a '/' at its end; absent for a bare repository. */
struct str git_work_tree(const struct git *g);
/* The URL of the remote `origin` as configured; absent where there is none. */
struct str git_origin(struct git *g);
/* "owner/repository" of a git URL (https, ssh, scp-like); absent where it has no such form. */
struct str git_owner_name(struct arena *a, struct str url);
/* The same URL without user and password. */
struct str git_url_without_secrets(struct arena *a, struct str url);

struct git_commit_info {
	struct str id, tree; /* 40 hex digits */
	VEC(struct str) parents; /* from the raw object: true also in a shallow clone */
	struct str author;	 /* "Name <mail>" */
	int64_t time;		 /* of the committer, seconds since 1970 */
	struct str subject;	 /* first line of the message */
};

/* A revision ("HEAD", branch, tag, hex id, "HEAD~2") to its commit. False with *why. */
bool git_commit_of(struct git *g, struct arena *a, struct str rev, struct git_commit_info *out, struct str *why);
/* What HEAD points to ("refs/heads/main"), absent where detached. */
struct str git_head_ref(struct git *g);
/* Commits of a range ("v1..v2", "main", "--tags" for all tags) oldest first. False with *why. */
bool git_commits_of(struct git *g, struct arena *a, struct str range, struct str **ids, size_t *n, struct str *why);
/* The commit that both descend from; false where there is none or history is cut off. */
bool git_merge_base_of(struct git *g, struct arena *a, struct str x, struct str y, struct str *out);

enum git_entry_kind { GIT_ENTRY_FILE, GIT_ENTRY_LINK, GIT_ENTRY_SUBMODULE, GIT_ENTRY_FOLDER };
/* All entries below a tree in git's order, folders themselves left out; `enter` (may be NULL) decides by path whether a folder is
 * walked. False with *why where an object is missing or a limit is passed. */
bool git_walk(struct git *g, struct str tree, bool (*enter)(void *context, struct str path),
	      bool (*entry)(void *context, struct str path, enum git_entry_kind kind, struct str id), void *context, struct str *why);
/* One tree object: its entries in git's order, folders too (kind GIT_ENTRY_FOLDER), on the arena. False with *why. */
struct git_entry {
	struct str name, id;
	enum git_entry_kind kind;
};
struct git_entries {
	struct git_entry *items;
	size_t n, cap;
};
bool git_tree_entries(struct git *g, struct arena *a, struct str tree, struct git_entries *out, struct str *why);
/* A blob's bytes on the arena. False with *why (missing in a partial clone, larger than limit). */
bool git_read_blob(struct git *g, struct arena *a, struct str id, size_t limit, struct str *out, struct str *why);
/* The blob id at a path of a commit or tree (by id); false where there is none (then *missing, else an error with *why). */
bool git_find_path(struct git *g, struct arena *a, struct str commit, struct str path, struct str *blob, bool *missing,
		   struct str *why);

/* The library's version, for `version`. */
struct str git_library_version(struct arena *a);

#endif
