#include "cmd/github_api.h"

#include <stdlib.h>

#include "base/limits.h"
#include "io/http.h"
#include "publish/sbom_export.h"

static struct str variable(const char *name)
{
	const char *v = getenv(name);

	return v && *v ? str_of(v) : STR_NONE;
}

bool github_api_begin(struct arena *a, struct str repository, struct publishing *p)
{
	struct str scale = variable("BOMGATE_TEST_WAIT"); /* the tests' servers need no waiting */

	if (scale.s)
		http_set_wait_scale(strtod(scale.s, NULL));
	*p = (struct publishing){ .arena = a, .repository = repository, .api_url = variable("GITHUB_API_URL"), .token = variable("GITHUB_TOKEN") };
	if (!p->api_url.len)
		p->api_url = STR("https://api.github.com");
	if (!p->token.len)
		p->token = variable("GH_TOKEN");
	if (!sbom_export_valid(repository)) {
		p->why = STR("the repository must be named OWNER/REPOSITORY");
		return false;
	}
	return github_ready(p);
}

const struct json *github_api_get(struct publishing *p, struct str path, struct http_response *out)
{
	struct github_request q = { .method = "GET", .path = path };

	*out = (struct http_response){ 0 };
	if (github_call(p, &q, out) != PUBLISH_DONE)
		return NULL;
	const struct json *j = github_json(p, out);
	if (!j)
		p->why = STR("GitHub's answer is no JSON");
	return j;
}

bool github_api_download(struct publishing *p, struct str path, const char *accept, struct str *bytes)
{
	struct http_header headers[] = { { STR("Accept"), str_of(accept) }, { STR("X-GitHub-Api-Version"), STR("2022-11-28") } };
	struct http_request r = { .method = "GET", .url = arena_concat(p->arena, p->api_url, path, STR_NONE), .headers = headers, .nheaders = 2,
				  .limit = LIMIT_HTTP_BODY, .follow = true,
				  .authorization = arena_concat(p->arena, STR("Bearer "), p->token, STR_NONE) };

	for (int attempt = 1;; attempt++) {
		struct http_response out = { 0 };
		bool answered = http_do(p->arena, &r, &out, &p->why);
		if (answered && out.status == 200) {
			*bytes = out.body;
			return true;
		}
		if (answered)
			p->why = arena_printf(p->arena, "GitHub answered %ld", out.status);
		if ((answered && !http_is_transient(out.status)) || attempt == 3)
			return false;
		http_wait(2.0 * attempt);
	}
}

bool github_api_is_sbom(struct str n)
{
	return str_ends(n, STR(".cdx.json")) || str_ends(n, STR(".spdx.json")) || str_ends(n, STR(".cdx.xml")) || str_ends(n, STR(".spdx"));
}

struct str github_api_plain_name(struct arena *a, struct str name, struct str *suffix)
{
	static const char *const stems[] = { "sbom", "provenance", "result", "verdict", "data-manifest" };
	size_t dot = str_chr(name, '.');

	*suffix = STR("");
	for (size_t i = 0; i < sizeof stems / sizeof stems[0] && dot != STR_NOT_FOUND; i++) {
		struct str stem = str_of(stems[i]);
		if (!str_starts(name, stem) || stem.len >= dot || name.s[stem.len] != '-')
			continue;
		*suffix = str_sub(name, stem.len + 1, dot - stem.len - 1);
		return arena_concat(a, stem, str_from(name, dot), STR_NONE);
	}
	return name;
}

struct str github_api_leg(struct arena *a, struct str name, struct str attempt)
{
	struct str end = arena_concat(a, STR("-a"), attempt, STR_NONE);

	return attempt.len && !str_is(attempt, "1") && str_ends(name, end) ? str_sub(name, 0, name.len - end.len) : name;
}
