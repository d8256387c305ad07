/* `bomgate publish WHAT FILE…`: a file of an earlier run to where GitHub shows it; the same publishers as the action's inputs. */
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "cmd/publishing.h"
#include "io/file.h"
#include "io/http.h"
#include "publish/artifact.h"
#include "report/escape.h"

const struct option_spec cmd_publish_options[] = {
	{ "repository", 0, "OWNER/NAME", "GITHUB_REPOSITORY", "where to", 0 },
	{ "commit", 0, "SHA", "GITHUB_SHA", "the commit that the file is about", 0 },
	{ "ref", 0, "REF", "GITHUB_REF", "the full ref that it is about", 0 },
	{ "pull-request", 0, "NUMBER", "of the event", "the pull request of a comment", 0 },
	{ "tag", 0, "TAG", "of the event", "the release's tag", 0 },
	{ "server", 0, "URL", NULL, "of Threatconnectome or Dependency-Track: where its API is", 0 },
	{ "name", 0, "NAME", NULL, "keeps what is published apart; of an artifact its name", 0 },
	{ "matrix", 0, "JSON", NULL, "the job's matrix: keeps names apart", 0 },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

static void complain_of_what(struct arena *a, struct str what)
{
	struct str known = STR("");

	for (size_t i = 0; i < publishers_n; i++)
		known = arena_printf(a, "%.*s%s%s", STR_ARG(known), i ? ", " : "", publishers[i].what);
	complain("publish WHAT FILE…: %s%.*s%s; there are %s", what.len ? "nothing is called `" : "it is not said what", STR_ARG(what),
		 what.len ? "`" : "", known.s);
}

static bool read_files(struct invocation *in, struct publish_file *files)
{
	for (size_t i = 1; i < in->arguments.n; i++) {
		struct str path = in->arguments.items[i], why;
		struct publish_file *f = &files[i - 1];
		size_t slash = str_rchr(path, '/');
		if (!file_read(in->arena, arena_cstr(in->arena, path), LIMIT_SBOM, &f->bytes, &why)) {
			complain("%.*s cannot be read: %.*s", STR_ARG(path), STR_ARG(why));
			return false;
		}
		f->name = slash == STR_NOT_FOUND ? path : str_from(path, slash + 1);
		f->media_type = str_ends(path, STR(".json")) ? STR("application/json") : STR("application/octet-stream");
	}
	return true;
}

static void overrule(struct str *field, struct str value)
{
	if (value.len)
		*field = value;
}

static bool fill(struct invocation *in, const struct runner *r, struct publishing *p)
{
	struct str number = option_get(in, "pull-request"), name = option_get(in, "name");
	uint64_t n;

	publishing_fill(in->arena, r, option_get(in, "matrix"), name, p);
	overrule(&p->repository, option_get(in, "repository"));
	overrule(&p->sha, option_get(in, "commit"));
	overrule(&p->head_sha, option_get(in, "commit"));
	overrule(&p->ref, option_get(in, "ref"));
	overrule(&p->tag, option_get(in, "tag"));
	p->address = option_get(in, "server");
	p->artifact_name = artifact_clean_name(in->arena, name.len ? name : STR("bomgate-sbom"));
	if (!p->api_url.len)
		p->api_url = STR("https://api.github.com");
	if (!r->active)
		p->category = name;
	if (number.len && (!str_to_u64(number, &n) || n == 0 || n > INT32_MAX)) {
		complain("--pull-request: `%.*s` is no number", STR_ARG(number));
		return false;
	}
	if (number.len)
		p->pull_request = (int64_t)n;
	return true;
}

int cmd_publish(struct invocation *in)
{
	struct str what = in->arguments.n ? in->arguments.items[0] : STR_NONE;
	const struct publisher *row = publisher_by_what(what);
	const char *scale = getenv("BOMGATE_TEST_WAIT");
	struct diags diags;
	struct runner runner;
	struct publishing p;
	struct buf line;

	if (row && row->address && in->arguments.n >= 2 && !option_get(in, "server").len) {
		complain("publish %s: where to? name its API with --server", row->what);
		return 2;
	}
	if (!row || in->arguments.n < 2) {
		if (row)
			complain("publish %s: which file?", row->what);
		else
			complain_of_what(in->arena, what);
		return 2;
	}
	struct publish_file *files = arena_array(in->arena, in->arguments.n, sizeof *files);
	diag_init(&diags, in->arena);
	runner_read(in->arena, &diags, &runner);
	http_set_offline(option_is(in, "offline"));
	if (scale)
		http_set_wait_scale(strtod(scale, NULL));
	if (!read_files(in, files) || !fill(in, &runner, &p))
		return 2;
	enum publish_answer answer = row->publish(&p, files, in->arguments.n - 1);
	buf_init(&line, 0);
	escape_log(&line, p.why);
	if (answer == PUBLISH_DONE || answer == PUBLISH_NOTHING)
		printf("bomgate: %s: %.*s\n", row->title, STR_ARG(buf_str(&line)));
	else
		complain("%s: not published: %.*s%s%s%s", row->title, STR_ARG(buf_str(&line)),
			 answer == PUBLISH_REFUSED && row->permission && !p.unavailable ? "; the token needs the permission `" : "",
			 answer == PUBLISH_REFUSED && row->permission && !p.unavailable ? row->permission : "",
			 answer == PUBLISH_REFUSED && row->permission && !p.unavailable ? "`" : "");
	buf_free(&line);
	return answer == PUBLISH_DONE || answer == PUBLISH_NOTHING ? 0 : 4;
}
