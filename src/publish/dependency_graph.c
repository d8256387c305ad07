/* The dependency snapshot (-o github): POST /repos/{o}/{r}/dependency-graph/snapshots. */
#include "publish/github.h"

enum publish_answer publish_dependency_graph(struct publishing *p, const struct publish_file *files, size_t n)
{
	struct http_response r = { 0 };

	if (!github_ready(p))
		return PUBLISH_FAILED;
	if (!n || p->nowhere.len) {
		p->why = n ? p->nowhere : STR("there is no snapshot");
		return PUBLISH_FAILED;
	}
	/* The same snapshot again replaces itself: it may be tried again. */
	struct github_request q = { .method = "POST", .makes = true, .path = github_path(p, "/dependency-graph/snapshots"), .body = files[0].bytes };
	enum publish_answer answer = github_call(p, &q, &r);
	if (answer != PUBLISH_DONE)
		return answer;
	const struct json *tree = github_json(p, &r);
	if (str_is(json_get_string(tree, "result"), "INVALID")) {
		p->why = arena_concat(p->arena, STR("the dependency graph did not accept the snapshot: "),
				      str_sub(json_get_string(tree, "message"), 0, 200), STR_NONE);
		return PUBLISH_FAILED;
	}
	p->why = STR("the dependency graph has the snapshot");
	return PUBLISH_DONE;
}
