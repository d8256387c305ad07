/* Shared by the git files of this folder only. */
#ifndef IO_GIT_INTERNAL_H
#define IO_GIT_INTERNAL_H

#include <git2.h>

#include "io/git.h"

struct git {
	struct arena *arena;
	git_repository *repo;
	git_odb *odb;
};

struct str git_last_error(struct arena *a, const char *doing);
bool git_parse_id(struct arena *a, struct str hex, git_oid *id, struct str *why);
struct str git_id_text(struct arena *a, const git_oid *id);

#endif
