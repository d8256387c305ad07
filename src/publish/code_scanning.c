/* results.sarif into code scanning: POST /repos/{o}/{r}/code-scanning/sarifs, then a look at what became of it. */
#include "io/gzip.h"
#include "publish/github.h"
#include "syntax/json_writer.h"

#define MOST_COMPRESSED ((size_t)10 << 20) /* GitHub's limit */
#define LOOKS 5	       /* after 5, 10, 20, 40 and 80 s */
#define FIRST_PAUSE 5.0

static struct str request(struct publishing *p, struct str sarif)
{
	struct json_writer w;
	struct buf body;

	buf_init(&body, 0);
	json_writer_init(&w, &body, true);
	json_begin_object(&w);
	json_member(&w, "commit_sha", p->sha);
	json_member(&w, "ref", p->ref);
	json_member(&w, "sarif", sarif);
	json_member_opt(&w, "started_at", p->started);
	json_member(&w, "tool_name", STR("bomgate"));
	json_end_object(&w);
	return github_take(p, &body);
}

/* Processing takes seconds to minutes: looked at as often as GitHub's own action does, then left alone. An upload that is refused later must
 * be told, and one that nobody saw through must not be told as done. */
static enum publish_answer follow(struct publishing *p, struct str id)
{
	struct github_request q = { .method = "GET" };
	struct str unseen = STR("the upload was taken; whether it was processed could not be seen: ");
	bool known = id.len > 0;
	double pause = FIRST_PAUSE;

	for (size_t i = 0; i < id.len; i++)
		known = known && (ascii_alpha(id.s[i]) || ascii_digit(id.s[i]) || id.s[i] == '-');
	p->why = arena_concat(p->arena, unseen, STR("GitHub gave it no id"), STR_NONE);
	if (!known)
		return PUBLISH_DONE;
	q.path = arena_concat(p->arena, github_path(p, "/code-scanning/sarifs/"), id, STR_NONE);
	for (int i = 0; i < LOOKS; i++, pause *= 2) {
		struct http_response r = { 0 };
		http_wait(pause);
		enum publish_answer answer = github_call(p, &q, &r);
		if (answer != PUBLISH_DONE) {
			p->why = arena_concat(p->arena, unseen, p->why, STR_NONE);
			if ((answer == PUBLISH_REFUSED && r.status != 404) || r.status == 401 || p->limited) /* 404: it is not yet known everywhere */
				break;
			continue;
		}
		const struct json *tree = github_json(p, &r);
		struct str status = json_get_string(tree, "processing_status");
		if (str_is(status, "complete")) {
			p->why = STR("the results are in code scanning");
			break;
		}
		if (str_is(status, "failed")) {
			const struct json *first = json_child(json_get(tree, "errors"));
			p->why = arena_concat(p->arena, STR("code scanning took the upload but could not process it: "),
					      str_sub(json_string(first), 0, 300), STR_NONE);
			return PUBLISH_FAILED;
		}
		p->why = STR("the upload was taken and is still being processed: code scanning shows it later, or says why not");
	}
	return PUBLISH_DONE;
}

enum publish_answer publish_code_scanning(struct publishing *p, const struct publish_file *files, size_t n)
{
	struct http_response r = { 0 };
	struct buf packed;

	if (!github_ready(p))
		return PUBLISH_FAILED;
	if (!n || !p->sha.len || !p->ref.len) {
		p->why = p->nowhere.len ? p->nowhere : STR("the commit and its ref are not known");
		return PUBLISH_FAILED;
	}
	buf_init(&packed, 0);
	bool good = gzip_write(files[0].bytes, &packed) && packed.len <= MOST_COMPRESSED;
	struct str text = good ? github_base64(p->arena, buf_str(&packed)) : STR_NONE;
	buf_free(&packed);
	if (!good) {
		p->why = STR("the SARIF file is larger than the 10 MB that code scanning takes");
		return PUBLISH_FAILED;
	}
	struct github_request q = { .method = "POST", .makes = true, .path = github_path(p, "/code-scanning/sarifs"), .body = request(p, text) };
	enum publish_answer answer = github_call(p, &q, &r);
	if (answer != PUBLISH_DONE)
		return answer;
	return follow(p, json_get_string(github_json(p, &r), "id"));
}
