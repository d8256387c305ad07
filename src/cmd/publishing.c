#include "cmd/publishing.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/sha256.h"
#include "base/timestamp.h"
#include "io/file.h"
#include "report/escape.h"

void publishing_mask(struct str secret)
{
	const char *runner = getenv("GITHUB_ACTIONS");
	struct buf line;

	if (!secret.len || !runner || strcmp(runner, "true") != 0) /* elsewhere nobody obeys, and the secret would stand in the log */
		return;
	buf_init(&line, 0);
	escape_command_data(&line, secret);
	printf("::add-mask::%.*s\n", STR_ARG(buf_str(&line)));
	fflush(stdout);
	buf_free(&line);
}

struct str publishing_leg(struct arena *a, struct str matrix)
{
	if (!matrix.len || str_is(matrix, "null") || str_is(matrix, "{}"))
		return STR_NONE;
	return str_sub(sha256_hex(a, matrix), 0, 8);
}

struct str publishing_use(struct arena *a, const struct runner *r, struct str matrix, struct str name)
{
	struct str step = str_of(getenv("GITHUB_ACTION")), known, why, line;
	size_t before = 0;

	if (!r->active || !r->temp.len || !step.len)
		return matrix;
	struct str path = arena_printf(a, "%.*s/bomgate-uses", STR_ARG(r->temp));
	if (!file_read(a, path.s, 1 << 20, &known, &why))
		known = STR("");
	struct str own = sha256_hex(a, step), of = sha256_hex(a, name);
	for (struct str rest = known; rest.len && (line = str_cut(&rest, '\n')).s;) {
		struct str same_name = str_cut(&line, ' ');
		if (!str_eq(same_name, of))
			continue;
		if (str_eq(line, own))
			return before ? arena_printf(a, "%.*s\n%zu", STR_ARG(matrix), before + 1) : matrix;
		before++;
	}
	known = arena_printf(a, "%.*s%.*s %.*s\n", STR_ARG(known), STR_ARG(of), STR_ARG(own));
	(void)file_write_atomic(path.s, known, &why); /* where it cannot be written, nobody is kept apart by it */
	return before ? arena_printf(a, "%.*s\n%zu", STR_ARG(matrix), before + 1) : matrix;
}

struct str publishing_category(struct arena *a, const struct runner *r, struct str matrix, struct str name)
{
	struct str leg = publishing_leg(a, matrix), text = STR_NONE;

	if (!r->active)
		return STR_NONE;
	text = arena_concat(a, r->workflow.len ? r->workflow : STR("workflow"), STR("/"), r->job);
	if (leg.len)
		text = arena_concat(a, text, STR("/"), leg);
	if (name.len)
		text = arena_concat(a, text, STR("/"), name);
	return text;
}

/* The tag of the event: a release's, or the pushed one. */
static struct str tag_of(const struct runner *r)
{
	struct str tag = json_string(json_path(r->payload, "release.tag_name"));

	if (tag.len)
		return tag;
	return str_starts(r->ref, STR("refs/tags/")) ? str_from(r->ref, 10) : STR_NONE;
}

void publishing_fill(struct arena *a, const struct runner *r, struct str matrix, struct str name, struct publishing *out)
{
	*out = (struct publishing){ .arena = a, .api_url = r->api_url, .server_url = r->server_url, .token = r->token, .repository = r->repository,
				    .sha = r->sha, .ref = r->ref, .head_sha = r->pull_head.len ? r->pull_head : r->sha,
				    .run_url = runner_run_url(a, r), .category = publishing_category(a, r, matrix, name),
				    .suffix = publishing_leg(a, matrix), .tag = tag_of(r), .fork = r->fork,
				    .started = timestamp_text(a, timestamp_now()), .runtime_token = r->runtime_token,
				    .results_url = r->results_url, .mask = publishing_mask, .secrets = r->secrets };
	if (runner_judges_pull(r))
		out->pull_request = r->pull_request;
}
