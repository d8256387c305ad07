/* `bomgate version`. */
#include <stdio.h>

#include "cmd/database.h"
#include "cmd/version_info.h"
#include "io/archive.h"
#include "io/ed25519.h"
#include "io/git.h"
#include "io/http.h"
#include "io/signature.h"
#include "syntax/json.h"
#include "syntax/xml.h"
#include "syntax/yaml.h"

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
	struct arena *a = in->arena;
	struct str db = option_get(in, "db");
	const struct str libraries[] = {
		json_library_version(a),
		arena_concat(a, STR("libgit2 "), git_library_version(a), STR_NONE),
		http_library_version(a),
		signature_library_version(a),
		ed25519_library_version(a),
		archive_library_version(a),
		xml_library_version(a),
		yaml_library_version(a),
	};

	printf("bomgate %s (%s)\n", BOMGATE_VERSION, BOMGATE_COMMIT);
	for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++)
		printf("%.*s\n", STR_ARG(libraries[i]));
	if (!db.len)
		return 0;
	struct diags d;
	diag_init(&d, a);
	struct database_choice choice = database_choose(in);
	struct vuln_db *open = database_open(a, &choice, &d, NULL);
	if (open)
		printf("database: built %.*s\n", STR_ARG(vuln_about(open)->built));
	else
		complain("the database cannot be opened");
	vuln_close(open);
	return open ? 0 : 4;
}
