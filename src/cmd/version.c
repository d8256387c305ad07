#include <stdio.h>

#include "cmd/command.h"
#include "cmd/version_info.h"

const struct option_spec cmd_version_options[] = { { NULL, 0, NULL, NULL, NULL, 0 } };

int cmd_version(struct invocation *in)
{
	(void)in;
	printf("bomgate %s (%s)\n", BOMGATE_VERSION, BOMGATE_COMMIT);
	return 0;
}
