#include "publish/issue.h"

#include "publish/github.h"
#include "syntax/json_writer.h"

#define MOST_PAGES 30
#define BETWEEN_WRITES 1 /* seconds: GitHub asks for that where content is made */

struct found {
	int64_t number; /* 0: none */
	bool open, not_planned;
	struct str title, body;
};

static bool find(struct publishing *p, struct str marker, bool closed_too, struct found *out)
{
	struct github_request q = { .method = "GET" };
	struct str planted = STR_NONE;
	uint64_t n;

	*out = (struct found){ 0 };
	q.path = github_path(p, closed_too ? "/issues?state=all&sort=created&direction=desc&per_page=100" : "/issues?state=open&sort=created&direction=desc&per_page=100");
	for (int page = 0; q.path.len; page++) {
		struct http_response r = { 0 };
		if (page == MOST_PAGES) {
			p->why = STR("among its newest 3,000 issues is none of ours, and there are more; name a repository for them: --issues OWNER/REPO");
			return false;
		}
		if (github_call(p, &q, &r) != PUBLISH_DONE)
			return false;
		const struct json *list = github_json(p, &r);
		if (!list) {
			p->why = STR("GitHub's answer is no JSON");
			return false;
		}
		for (JSON_EACH(i, list)) {
			if (json_get(i, "pull_request") || !github_is_ours(p, i, marker, &planted) || !json_to_u64(json_get(i, "number"), &n))
				continue;
			*out = (struct found){ .number = (int64_t)n, .open = str_is(json_get_string(i, "state"), "open"),
					       .not_planned = str_is(json_get_string(i, "state_reason"), "not_planned"),
					       .title = json_get_string(i, "title"), .body = json_get_string(i, "body") };
			return true;
		}
		q.path = github_next(p, &r);
	}
	return true;
}

/* GitHub may give lines back with \r\n. */
static bool same_text(struct str a, struct str b)
{
	size_t i = 0, j = 0;

	a = str_trim(a);
	b = str_trim(b);
	for (;;) {
		while (i < a.len && a.s[i] == '\r')
			i++;
		while (j < b.len && b.s[j] == '\r')
			j++;
		if (i == a.len || j == b.len)
			return i == a.len && j == b.len;
		if (a.s[i++] != b.s[j++])
			return false;
	}
}

static struct str request(struct publishing *p, const struct issue_text *t, struct str body, const char *state, const char *reason)
{
	struct json_writer w;
	struct buf out;

	buf_init(&out, 0);
	json_writer_init(&w, &out, true);
	json_begin_object(&w);
	if (t)
		json_member(&w, "title", t->title);
	if (t)
		json_member(&w, "body", body);
	if (state)
		json_member(&w, "state", str_of(state));
	if (reason)
		json_member(&w, "state_reason", str_of(reason));
	json_end_object(&w);
	return github_take(p, &out);
}

static bool edit(struct publishing *p, int64_t number, struct str body)
{
	struct http_response r = { 0 };
	struct github_request q = { .method = "PATCH", .body = body };

	q.path = arena_printf(p->arena, "%.*s/%lld", STR_ARG(github_path(p, "/issues")), (long long)number);
	bool good = github_call(p, &q, &r) == PUBLISH_DONE;
	http_wait(BETWEEN_WRITES);
	return good;
}

/* Not tried again blindly: it may be there although the answer was lost. */
static bool create(struct publishing *p, const struct issue_text *t, struct str body, int64_t *number)
{
	struct github_request q = { .method = "POST", .path = github_path(p, "/issues"), .once = true, .body = request(p, t, body, NULL, NULL) };

	for (int attempt = 0;; attempt++) {
		struct http_response r = { 0 };
		struct found f;
		uint64_t n = 0;
		bool good = github_call(p, &q, &r) == PUBLISH_DONE;
		http_wait(BETWEEN_WRITES);
		if (good && json_to_u64(json_get(github_json(p, &r), "number"), &n)) {
			*number = (int64_t)n;
			return true;
		}
		if (good)
			p->why = STR("GitHub's answer names no issue");
		if (attempt || (r.status && !http_is_transient(r.status)))
			return false;
		http_wait(3);
		struct str why = p->why;
		if (!find(p, t->marker, true, &f))
			return false;
		p->why = why;
		if (f.number) {
			*number = f.number;
			return true;
		}
	}
}

bool issue_keep(struct publishing *p, const struct issue_text *t, enum issue_want want, enum issue_did *did, int64_t *number)
{
	struct found f;
	struct str body = arena_concat(p->arena, t->marker, STR("\n"), t->body);

	*did = ISSUE_NONE;
	*number = 0;
	if (!find(p, t->marker, want == ISSUE_OPEN, &f))
		return false;
	*number = f.number;
	if (!f.number) {
		if (want != ISSUE_OPEN)
			return true;
		*did = ISSUE_CREATED;
		return create(p, t, body, number);
	}
	*did = ISSUE_SAME;
	if (want == ISSUE_LEAVE)
		return true;
	if (!f.open) {
		if (want != ISSUE_OPEN) {
			*did = ISSUE_NONE;
			return true;
		}
		*did = f.not_planned ? ISSUE_LEFT_CLOSED : ISSUE_REOPENED;
		return f.not_planned || edit(p, f.number, request(p, t, body, "open", "reopened"));
	}
	if (want == ISSUE_CLOSED) {
		*did = ISSUE_DID_CLOSE;
		return edit(p, f.number, request(p, t, body, "closed", "completed"));
	}
	if (str_eq(str_trim(f.title), str_trim(t->title)) && same_text(f.body, body))
		return true;
	*did = ISSUE_UPDATED;
	return edit(p, f.number, request(p, t, body, NULL, NULL));
}
