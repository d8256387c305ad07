/* The sticky pull request comment: one of each job and matrix leg, found again by a hidden marker, edited in place, never deleted;
 * not made where there is nothing to say. */
#include "publish/github.h"
#include "syntax/json_writer.h"

#define BODY_MAX 65000 /* GitHub takes 65,536 characters */
#define MOST_PAGES 30

static bool is_digits(struct str s)
{
	uint64_t n;

	return str_to_u64(s, &n);
}

static struct str id_of(struct publishing *p, const struct json *j)
{
	uint64_t n;

	return json_to_u64(json_get(j, "id"), &n) ? arena_printf(p->arena, "%llu", (unsigned long long)n) : STR_NONE;
}

/* The id of our comment, absent where there is none. A marker that somebody else planted does not count. */
static enum publish_answer find(struct publishing *p, struct str marker, struct str *id)
{
	struct github_request q = { .method = "GET", .lists = true };
	struct str planted = STR_NONE;

	*id = STR_NONE;
	q.path = arena_printf(p->arena, "%.*s/%lld/comments?per_page=100", STR_ARG(github_path(p, "/issues")), (long long)p->pull_request);
	for (int page = 0; page < MOST_PAGES && q.path.len; page++) {
		struct http_response r = { 0 };
		enum publish_answer answer = github_call(p, &q, &r);
		if (answer != PUBLISH_DONE)
			return answer;
		const struct json *list = github_json(p, &r);
		for (JSON_EACH(c, list)) {
			if (!github_is_ours(p, c, marker, &planted))
				continue;
			*id = id_of(p, c);
			return PUBLISH_DONE;
		}
		q.path = github_next(p, &r);
	}
	return PUBLISH_DONE;
}

static struct str request(struct publishing *p, struct str marker, struct str text)
{
	struct json_writer w;
	struct buf body;

	if (text.len > BODY_MAX) { /* at a line */
		size_t end = BODY_MAX;
		while (end && text.s[end - 1] != '\n')
			end--;
		text = arena_concat(p->arena, str_sub(text, 0, end), STR("\n… cut here; the summary has the rest\n"), STR_NONE);
	}
	buf_init(&body, 0);
	json_writer_init(&w, &body, true);
	json_begin_object(&w);
	json_member(&w, "body", arena_concat(p->arena, marker, STR("\n"), text));
	json_end_object(&w);
	return github_take(p, &body);
}

enum publish_answer publish_comment(struct publishing *p, const struct publish_file *files, size_t n)
{
	enum publish_answer answer = PUBLISH_NOTHING;
	struct str text = n ? files[0].bytes : STR(""), id;
	bool clean = str_starts(text, STR("<!-- bomgate:state clean -->"));

	if (!p->pull_request) {
		p->why = STR("this is no pull request");
		return PUBLISH_NOTHING;
	}
	if (!github_ready(p))
		return PUBLISH_FAILED;
	struct str marker = arena_printf(p->arena, "<!-- bomgate:sticky v1 key=%.*s -->", STR_ARG(publish_key(p->arena, p->category)));
	/* Making a comment is not tried again blindly: it may be there although the answer was lost. */
	for (int attempt = 0; attempt < 2; attempt++) {
		struct http_response r = { 0 };
		answer = find(p, marker, &id);
		if (answer != PUBLISH_DONE)
			return answer;
		if (clean && !id.len) {
			p->why = STR("there is nothing to say on this pull request");
			return PUBLISH_NOTHING;
		}
		struct github_request q = { .method = id.len ? "PATCH" : "POST", .makes = true, .once = !id.len, .body = request(p, marker, text) };
		q.path = is_digits(id) ? arena_concat(p->arena, github_path(p, "/issues/comments/"), id, STR_NONE) :
					 arena_printf(p->arena, "%.*s/%lld/comments", STR_ARG(github_path(p, "/issues")), (long long)p->pull_request);
		answer = github_call(p, &q, &r);
		if (answer == PUBLISH_DONE)
			p->why = id.len ? STR("the pull request's comment was edited") : STR("the pull request has a comment");
		if (answer != PUBLISH_FAILED || (r.status && !http_is_transient(r.status)))
			break;
		http_wait(3);
	}
	return answer;
}
