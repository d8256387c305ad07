/* `bomgate version`. */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/version_info.h"
#include "io/git.h"
#include "io/http.h"

#ifndef BOMGATE_COMMIT
#define BOMGATE_COMMIT "unknown commit"
#endif

const struct option_spec cmd_version_options[] = { { NULL, 0, NULL, NULL, NULL, 0 } };

struct str version_commit(void)
{
	return STR(BOMGATE_COMMIT);
}

int cmd_version(struct invocation *in)
{
	printf("bomgate %s (%s)\n", BOMGATE_VERSION, BOMGATE_COMMIT);
	printf("libgit2 %.*s\n", STR_ARG(git_library_version(in->arena)));
	printf("%.*s\n", STR_ARG(http_library_version(in->arena)));
	return 0;
}
