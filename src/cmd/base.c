#include "cmd/base.h"

#include "io/file.h"
#include "io/http.h"

static bool is_id(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (ascii_hex(s.s[i]) < 0)
			return false;
	return s.len == 40;
}

static void resolve(struct arena *a, const struct collected *c, struct str rev, struct base *out)
{
	struct git_commit_info info;
	struct str why;

	if (is_id(rev))
		out->commit = rev;
	else if (c->git && git_commit_of(c->git, a, rev, &info, &why))
		out->commit = info.id;
}

/* A push to (or a dispatch on) another branch than the default one: what the branch shares with it. */
static void base_of_branch(struct arena *a, const struct runner *r, const struct collected *c, struct base *out)
{
	struct git_commit_info info;
	struct str why, name = arena_concat(a, STR("refs/remotes/origin/"), r->default_branch, STR_NONE), common;

	out->named = true;
	if (!c->git || !git_commit_of(c->git, a, name, &info, &why))
		return; /* its policy comes over REST, by the branch's name */
	out->commit = git_merge_base_of(c->git, a, c->commit.id, info.id, &common) ? common : info.id;
}

/* The merge commit that the event made: its first parent is the base as it was merged. The parents come from the raw object,
 * because a shallow clone hides them. Absent where HEAD is another commit. */
static struct str merged_base(const struct runner *r, const struct collected *c)
{
	if (c->commit.id.len && str_eq(c->commit.id, r->sha) && c->commit.parents.n >= 2 &&
	    (!r->pull_head.len || str_eq(c->commit.parents.items[1], r->pull_head)))
		return c->commit.parents.items[0];
	return STR_NONE;
}

void base_find(struct arena *a, const struct runner *r, const struct collected *c, struct str override, struct base *out)
{
	*out = (struct base){ 0 };
	if (override.len) {
		out->change = out->named = true;
		resolve(a, c, override, out);
		return;
	}
	if (!r->active)
		return;
	if (runner_judges_pull(r)) {
		out->change = out->named = true;
		out->commit = merged_base(r, c);
		if (!out->commit.len && is_id(r->pull_base))
			out->commit = r->pull_base;
		return;
	}
	if (str_is(r->event, "merge_group")) {
		out->change = out->named = true;
		if (is_id(r->merge_base_sha))
			out->commit = r->merge_base_sha;
		return;
	}
	/* GITHUB_SHA is the default branch's tip, HEAD may be anybody's: what the other run built is measured against the former. */
	if (str_is(r->event, "workflow_run")) {
		if (is_id(r->sha) && !str_eq(c->commit.id, r->sha)) {
			out->change = out->named = true;
			out->commit = r->sha;
		}
		return;
	}
	if ((str_is(r->event, "push") || str_is(r->event, "workflow_dispatch") || str_is(r->event, "workflow_call")) &&
	    str_starts(r->ref, STR("refs/heads/")) && r->default_branch.len && !str_eq(str_from(r->ref, 11), r->default_branch))
		base_of_branch(a, r, c, out);
}

/* The contents API, the file's bytes as they are. */
static enum base_answer rest_read(struct base_reader *b, struct str repository, struct str path, struct str ref, struct str *text,
				  struct str *why)
{
	struct http_header headers[] = { { STR("Accept"), STR("application/vnd.github.raw+json") },
					 { STR("X-GitHub-Api-Version"), STR("2022-11-28") } };
	struct http_request q = { .method = "GET", .headers = headers, .nheaders = 2, .limit = LIMIT_CONFIG, .follow = true,
				  .connect_seconds = 10, .total_seconds = 30 };
	struct http_response answer;
	struct str encoded = STR("");

	if (!b->runner->api_url.len || !repository.len) {
		*why = STR("the commit is not in the clone and there is no REST API to ask");
		return BASE_FAILED;
	}
	for (struct str rest = path; rest.s;)
		encoded = arena_concat(b->arena, encoded, STR("/"), http_encode(b->arena, str_cut(&rest, '/')));
	q.url = arena_printf(b->arena, "%.*s/repos/%.*s/contents%.*s?ref=%.*s", STR_ARG(b->runner->api_url), STR_ARG(repository),
			     STR_ARG(encoded), STR_ARG(http_encode(b->arena, ref)));
	if (b->runner->token.len)
		q.authorization = arena_concat(b->arena, STR("Bearer "), b->runner->token, STR_NONE);
	for (int attempt = 0;; attempt++) {
		bool answered = http_do(b->arena, &q, &answer, why);
		if (answered && answer.status == 200) {
			*text = answer.body;
			b->origin = (struct property){ STR("rest"), q.url };
			return BASE_FOUND;
		}
		if (answered && answer.status == 404)
			return BASE_NONE;
		if (answered && !http_is_transient(answer.status)) {
			*why = arena_printf(b->arena, "the REST API answered %ld", answer.status);
			return BASE_FAILED;
		}
		if (attempt == 2) {
			if (answered)
				*why = arena_printf(b->arena, "the REST API answered %ld three times", answer.status);
			return BASE_FAILED;
		}
		http_wait(attempt ? 4 : 1);
	}
}

static enum base_answer folder_read(struct base_reader *b, struct str path, struct str *text, struct str *why)
{
	struct str full = b->root.len ? file_join(b->arena, b->root, path) : path;
	enum file_kind kind;

	if (!file_kind(arena_cstr(b->arena, full), &kind))
		return BASE_NONE;
	return file_read(b->arena, arena_cstr(b->arena, full), LIMIT_CONFIG, text, why) ? BASE_FOUND : BASE_FAILED;
}

enum base_answer base_read(struct base_reader *b, struct str path, struct str *text, struct str *why)
{
	struct str blob;
	bool missing = false;

	if (!b->commit.len)
		return folder_read(b, path, text, why);
	if (b->git && git_find_path(b->git, b->arena, b->commit, path, &blob, &missing, why)) {
		if (git_read_blob(b->git, b->arena, blob, LIMIT_CONFIG, text, why)) {
			b->origin = (struct property){ STR("blob"), blob };
			return BASE_FOUND;
		}
	} else if (missing) {
		return BASE_NONE;
	}
	return rest_read(b, b->runner->repository, path, b->commit, text, why);
}

bool base_fetch(void *data, struct str what, struct str *text, struct str *why)
{
	struct base_reader *b = data;
	size_t slashes = str_find(what, STR("//"), 0), at = str_rchr(what, '@');
	enum base_answer answer;

	if (slashes != STR_NOT_FOUND && at != STR_NOT_FOUND && at > slashes)
		answer = rest_read(b, str_sub(what, 0, slashes), str_sub(what, slashes + 2, at - slashes - 2), str_from(what, at + 1), text, why);
	else
		answer = base_read(b, what, text, why);
	if (answer == BASE_NONE)
		*why = STR("there is no such file");
	return answer == BASE_FOUND;
}
