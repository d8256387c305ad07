/* The files of a reader's commit that a glob fits, where git does not have it: over REST, or in a folder. */
#include "base/limits.h"
#include "cmd/base.h"
#include "io/file.h"
#include "io/http.h"
#include "source/source.h"
#include "syntax/json.h"

#define MOST_FILES 100000

static void rest_list(struct base_reader *b, struct str glob, struct arena *a, struct str_list *out)
{
	struct http_header headers[] = { { STR("Accept"), STR("application/vnd.github+json") }, { STR("X-GitHub-Api-Version"), STR("2022-11-28") } };
	struct http_request q = { .method = "GET", .headers = headers, .nheaders = 2, .limit = LIMIT_HTTP_BODY, .follow = true, .connect_seconds = 10, .total_seconds = 60 };
	struct http_response answer;
	struct str why;

	if (!b->runner->api_url.len || !b->runner->repository.len)
		return;
	q.url = arena_printf(a, "%.*s/repos/%.*s/git/trees/%.*s?recursive=1", STR_ARG(b->runner->api_url), STR_ARG(b->runner->repository),
			     STR_ARG(http_encode(a, b->commit)));
	if (b->runner->token.len)
		q.authorization = arena_concat(a, STR("Bearer "), b->runner->token, STR_NONE);
	if (!http_do(a, &q, &answer, &why) || answer.status != 200)
		return;
	const struct json *tree = json_parse(a, answer.body, NULL, NULL);
	if (json_get_bool(tree, "truncated"))
		return; /* half of them would look like all */
	for (JSON_EACH(e, json_get(tree, "tree")))
		if (str_is(json_get_string(e, "type"), "blob") && path_glob(glob, json_get_string(e, "path")))
			*VEC_ADD(a, out) = json_get_string(e, "path");
}

static void folder_list(struct base_reader *b, struct str path, struct str glob, unsigned depth, size_t *seen, struct arena *a, struct str_list *out)
{
	struct file_entries entries = { 0 };
	struct str full = path.len ? file_join(a, b->root, path) : b->root, why;

	if (depth > LIMIT_TREE_DEPTH || !file_list(a, arena_cstr(a, full), &entries, &why))
		return;
	for (VEC_EACH(const struct file_entry, e, &entries)) {
		struct str below = path.len ? file_join(a, path, e->name) : arena_str(a, e->name);
		if (++*seen > MOST_FILES || str_is(e->name, ".git"))
			continue;
		if (e->kind == FILE_FOLDER)
			folder_list(b, below, glob, depth + 1, seen, a, out);
		else if (e->kind == FILE_REGULAR && path_glob(glob, below))
			*VEC_ADD(a, out) = below;
	}
}

void base_list(struct base_reader *b, struct str glob, struct arena *a, struct str_list *out)
{
	size_t seen = 0;

	if (b->commit.len)
		rest_list(b, glob, a, out);
	else if (b->root.len)
		folder_list(b, STR(""), glob, 0, &seen, a, out);
}
