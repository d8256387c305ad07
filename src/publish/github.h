/* GitHub's REST API as publishers need it: headers, limits (primary and secondary), what may be tried again, and what a refusal
 * means. */
#ifndef PUBLISH_GITHUB_H
#define PUBLISH_GITHUB_H

#include "base/buf.h"
#include "io/http.h"
#include "publish/publish.h"
#include "syntax/json.h"

struct github_request {
	const char *method;
	struct str path;	 /* below the API's URL: "/repos/…"; or a whole URL (uploads) */
	struct str body;
	struct str content_type; /* absent: application/json */
	bool raw;		 /* the bytes of a file, wherever GitHub keeps it: no JSON */
	bool makes;		 /* GitHub answers with what there is then, and its id */
	bool lists;		 /* GitHub answers with a list */
	bool once;		 /* makes something new each time: only tried again where GitHub said that it did nothing (limits) */
};

/* PUBLISH_DONE on any 2xx; else p->why says what happened and out->status is GitHub's (0: no answer). */
enum publish_answer github_call(struct publishing *p, const struct github_request *q, struct http_response *out);
/* "/repos/owner/name" + rest. */
struct str github_path(struct publishing *p, const char *rest);
/* False with p->why where there is no token, repository or API to speak to. */
bool github_ready(struct publishing *p);
/* The answer as a tree; NULL where it is no JSON. */
const struct json *github_json(struct publishing *p, const struct http_response *r);
/* The page after this one by its Link header; absent at the end. Only pages of the API itself. */
struct str github_next(struct publishing *p, const struct http_response *r);
/* Is a comment or issue ours: does it begin with the marker, and did a bot write it, or a person who is us (with a personal token)? What
 * somebody else planted does not count; *planted, absent at first, keeps who it was, so that GitHub is asked once. */
bool github_is_ours(struct publishing *p, const struct json *it, struct str marker, struct str *planted);
struct str github_base64(struct arena *a, struct str bytes);
/* A body under way: takes the writer's text over and frees the buffer. */
struct str github_take(struct publishing *p, struct buf *body);

#endif
