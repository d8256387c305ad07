#include "publish/github.h"

#include "base/base64.h"
#include "base/timestamp.h"

#define TRIES 3
#define MOST_WAITING 120 /* seconds over all publishers: an extra never holds a gate up for longer */

bool github_ready(struct publishing *p)
{
	if (!p->token.len)
		p->why = STR("there is no token (the input `token`, or GITHUB_TOKEN)");
	else if (!p->repository.len || str_chr(p->repository, '/') == STR_NOT_FOUND)
		p->why = STR("the repository is not known (GITHUB_REPOSITORY)");
	else if (!p->api_url.len)
		p->why = STR("the API's address is not known (GITHUB_API_URL)");
	else
		return true;
	return false;
}

struct str github_path(struct publishing *p, const char *rest)
{
	return arena_printf(p->arena, "/repos/%.*s%s", STR_ARG(p->repository), rest);
}

const struct json *github_json(struct publishing *p, const struct http_response *r)
{
	return json_parse(p->arena, r->body, NULL, NULL);
}

struct str github_base64(struct arena *a, struct str bytes)
{
	struct buf out;

	buf_init(&out, 0);
	base64_encode(&out, bytes);
	struct str text = arena_str(a, buf_str(&out));
	buf_free(&out);
	return text;
}

struct str github_take(struct publishing *p, struct buf *body)
{
	struct str text = arena_str(p->arena, buf_str(body));

	buf_free(body);
	return text;
}

static bool is_limit(struct publishing *p, const struct http_response *r)
{
	if (r->status == 429)
		return true;
	if (r->status != 403)
		return false;
	return http_header(r, "retry-after").len || str_is(http_header(r, "x-ratelimit-remaining"), "0") ||
	       str_has(arena_lower(p->arena, str_sub(r->body, 0, 2000)), STR("rate limit"));
}

/* How long GitHub wants us to wait: retry-after (seconds or a date), else until the limit is reset, else a minute, doubled each time. */
static double limit_wait(const struct http_response *r, int attempt)
{
	uint64_t n;

	double asked = http_retry_after(r);
	if (asked >= 0)
		return asked < 1 ? 1 : asked;
	if (str_is(http_header(r, "x-ratelimit-remaining"), "0") && str_to_u64(http_header(r, "x-ratelimit-reset"), &n)) {
		double left = (double)n - (double)timestamp_now();
		return left < 1 ? 1 : left;
	}
	return 60.0 * (double)(1 << (attempt - 1));
}

static bool may_wait(struct publishing *p, double seconds)
{
	if (p->waited + seconds > MOST_WAITING)
		return false;
	p->waited += seconds;
	http_wait(seconds);
	return true;
}

static bool says(struct publishing *p, struct str body, const char *words)
{
	return str_has(arena_lower(p->arena, str_sub(body, 0, 4000)), str_of(words));
}

/* What GitHub says, and the first of its errors: a word, or {"resource", "field", "code", "message"}. */
static struct str said_by(struct publishing *p, const struct http_response *r)
{
	const struct json *tree = github_json(p, r), *first = json_child(json_get(tree, "errors"));
	struct str said = str_sub(json_get_string(tree, "message"), 0, 200), detail = json_string(first);

	if (!detail.len)
		detail = json_get_string(first, "message");
	if (!detail.len && json_get_string(first, "code").len)
		detail = arena_concat(p->arena, json_get_string(first, "field"), STR(": "), json_get_string(first, "code"));
	return detail.len ? arena_concat(p->arena, said, said.len ? STR(" ") : STR(""), str_sub(detail, 0, 200)) : said;
}

/* One sentence on an answer that is no success. */
static enum publish_answer refusal(struct publishing *p, const struct http_response *r, bool limit)
{
	struct str said = said_by(p, r);
	const char *what = limit	      ? "too many requests were made" :
			   r->status / 100 == 3 ? "it has moved: the repository's name or the API's address is an old one" :
			   r->status == 401 ? "the token is not valid" :
			   r->status == 403 ? "the token may not" :
			   r->status == 404 ? "it is not there, or the token may not see it" :
			   r->status == 409 ? "it stands in conflict with what is there" :
			   r->status == 410 ? "it is gone, or switched off" :
			   r->status == 413 ? "it is too large" :
			   r->status == 422 ? "it was not accepted" :
					      "the server could not do it";

	p->limited = limit;
	p->why = arena_printf(p->arena, "GitHub answered %ld: %s%s%.*s%s", r->status, what, said.len ? " (" : "", STR_ARG(said), said.len ? ")" : "");
	p->unavailable = says(p, r->body, "advanced security") || says(p, r->body, "code security") || says(p, r->body, "not enabled") ||
			 says(p, r->body, "not supported") || says(p, r->body, "disabled") || says(p, r->body, "is locked") ||
			 says(p, r->body, "github app");
	return !limit && (r->status == 403 || r->status == 404) ? PUBLISH_REFUSED : PUBLISH_FAILED;
}

/* Every answer of GitHub's is JSON, or empty with 204 (a few say 202): a page in between (a proxy's log-in) says 200, too, and nothing was done. */
static bool is_githubs(struct publishing *p, const struct github_request *q, const struct http_response *r)
{
	const struct json *tree = q->raw ? NULL : github_json(p, r);

	if (q->makes)
		return json_get(tree, "id") != NULL;
	if (q->lists)
		return json_type(tree) == JSON_ARRAY;
	if (!str_trim(r->body).len)
		return r->status == 202 || r->status == 204;
	return tree || q->raw;
}

enum publish_answer github_call(struct publishing *p, const struct github_request *q, struct http_response *out)
{
	struct http_header headers[] = { { STR("Accept"), q->raw ? STR("application/octet-stream") : STR("application/vnd.github+json") },
					 { STR("X-GitHub-Api-Version"), STR("2022-11-28") },
					 { STR("Content-Type"), q->content_type.len ? q->content_type : STR("application/json") } };
	struct http_request r = { .method = q->method, .headers = headers, .nheaders = q->body.s ? 3 : 2, .body = q->body, .limit = (size_t)32 << 20,
				  .total_seconds = 120, .accept_compressed = true, .follow = q->raw };

	p->unavailable = p->limited = false;
	r.url = str_starts(q->path, STR("/")) ? arena_concat(p->arena, p->api_url, q->path, STR_NONE) : q->path;
	r.authorization = arena_concat(p->arena, STR("Bearer "), p->token, STR_NONE);
	for (int attempt = 1;; attempt++) {
		struct str cause = STR_NONE;
		bool answered = http_do(p->arena, &r, out, &cause);
		if (answered && out->status >= 200 && out->status < 300) {
			if (is_githubs(p, q, out))
				return PUBLISH_DONE;
			p->why = arena_printf(p->arena, "what answered %ld is not GitHub: %s came, perhaps the page of a proxy", out->status,
					      (q->makes || q->lists) && github_json(p, out) ? "something else" : "no JSON");
			return PUBLISH_FAILED;
		}
		bool limit = answered && is_limit(p, out);
		bool again = limit || (!q->once && (!answered || http_is_transient(out->status)));
		double seconds = limit ? limit_wait(out, attempt) : 2.0 * attempt;
		if (again && attempt < TRIES && may_wait(p, seconds))
			continue;
		if (answered)
			return refusal(p, out, limit);
		p->why = arena_printf(p->arena, "GitHub did not answer: %.*s", STR_ARG(cause));
		return PUBLISH_FAILED;
	}
}

static bool is_me(struct publishing *p, struct str login)
{
	struct github_request q = { .method = "GET", .path = STR("/user") };
	struct http_response r = { 0 };

	return github_call(p, &q, &r) == PUBLISH_DONE && str_eq_nocase(json_get_string(github_json(p, &r), "login"), login) && login.len;
}

bool github_is_ours(struct publishing *p, const struct json *it, struct str marker, struct str *planted)
{
	const struct json *user = json_get(it, "user");
	struct str login = json_get_string(user, "login");

	if (!str_starts(json_get_string(it, "body"), marker))
		return false;
	if (str_is(json_get_string(user, "type"), "Bot"))
		return true;
	if (str_eq(login, *planted) || !is_me(p, login)) {
		*planted = login;
		return false;
	}
	return true;
}

/* Link: <https://api…?page=2>; rel="next", <…>; rel="last" */
struct str github_next(struct publishing *p, const struct http_response *r)
{
	struct str rest = http_header(r, "link");

	while (rest.s) {
		struct str one = str_trim(str_cut(&rest, ','));
		if (!str_has(one, STR("rel=\"next\"")) || !str_starts(one, STR("<")))
			continue;
		struct str url = str_sub(one, 1, str_chr(one, '>') - 1);
		return str_eq(http_origin(url), http_origin(p->api_url)) ? url : STR_NONE;
	}
	return STR_NONE;
}
