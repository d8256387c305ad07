/* Which commit's policy a run obeys, and how its files are reached: from the object database, else over REST. */
#ifndef CMD_BASE_H
#define CMD_BASE_H

#include "cmd/collect.h"
#include "cmd/runner.h"
#include "decide/policy.h"

/* What a run measures itself against. */
struct base {
	bool change;	      /* the event judges a change: pull_request, merge_group */
	struct str commit;    /* whose policy holds, and (for a change) what is "old"; absent: the judged commit itself */
	bool named;	      /* the event has a base, even where its commit is not known: then the head's policy never holds */
};

/* Finds out the base of the event. `override` is --base (may be absent). */
void base_find(struct arena *a, const struct runner *r, const struct collected *c, struct str override, struct base *out);

/* Reading files of a commit. */
struct base_reader {
	struct arena *arena;
	const struct runner *runner;
	struct git *git;       /* may be NULL */
	struct str commit;     /* whose files; absent: files of the folder `root` */
	struct str root;
	struct property origin; /* of the last file: "blob" and its id, or "rest" */
};

enum base_answer { BASE_FOUND, BASE_NONE, BASE_FAILED };
/* A file of the commit: from the object database where it is there, else by the REST API with the job's token. BASE_NONE where
 * the commit has no such file; BASE_FAILED with *why where it cannot be told. */
enum base_answer base_read(struct base_reader *b, struct str path, struct str *text, struct str *why);
/* Adds the files that the glob fits, where git does not have the commit: over REST, or of the folder. Nothing where that cannot be told. */
void base_list(struct base_reader *b, struct str glob, struct arena *a, struct str_list *out);
/* For policy_io: a path of the commit, or OWNER/REPO//path@SHA over REST. `data` is a struct base_reader. */
bool base_fetch(void *data, struct str what, struct str *text, struct str *why);

#endif
