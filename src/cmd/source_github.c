/* GitHub's own SBOM of a repository as a source. */
#include <stdlib.h>

#include "cmd/source_kinds.h"
#include "io/http.h"
#include "publish/sbom_export.h"

static struct str variable(const char *name)
{
	const char *v = getenv(name);

	return v && *v ? str_of(v) : STR_NONE;
}

enum result read_github_source(struct source_job *job)
{
	struct sbom_export x = { .api_url = variable("GITHUB_API_URL"), .repository = job->where, .token = job->options->token };
	struct str bytes, why, scale = variable("BOMGATE_TEST_WAIT"); /* the tests' servers need no waiting */

	if (scale.s)
		http_set_wait_scale(strtod(scale.s, NULL));
	if (!sbom_export_valid(job->where)) {
		diag_add(job->diags, SEV_ERROR, "usage.source", job->where, DIAG_NO_OFFSET, "write github:OWNER/REPOSITORY");
		return FAILED;
	}
	if (!x.api_url.len)
		x.api_url = STR("https://api.github.com");
	if (!x.token.len)
		x.token = variable("GITHUB_TOKEN");
	if (!x.token.len)
		x.token = variable("GH_TOKEN");
	if (!sbom_export_fetch(job->arena, &x, &bytes, &why)) {
		diag_add(job->diags, SEV_ERROR, "data.github", job->where, DIAG_NO_OFFSET, "%.*s", STR_ARG(why));
		job->out->bom.incomplete = true;
		return FAILED;
	}
	return source_take_document(job, arena_concat(job->arena, STR("github:"), job->where, STR_NONE), bytes);
}
