#include "publish/sbom_export.h"

#include "base/limits.h"
#include "io/http.h"
#include "syntax/json.h"

bool sbom_export_valid(struct str repository)
{
	struct str name = repository;
	struct str owner = str_cut(&name, '/');

	if (!owner.len || !name.len || str_is(name, ".") || str_is(name, ".."))
		return false;
	for (size_t i = 0; i < repository.len; i++) {
		char c = repository.s[i];
		if (!ascii_alpha(c) && !ascii_digit(c) && c != '-' && c != '_' && c != '.' && i != owner.len)
			return false;
	}
	return str_chr(name, '/') == STR_NOT_FOUND;
}

static bool get(struct arena *a, const struct sbom_export *x, struct str url, bool follow, struct http_response *out, struct str *why)
{
	struct http_header headers[] = { { STR("Accept"), STR("application/vnd.github+json") },
					 { STR("X-GitHub-Api-Version"), STR("2022-11-28") } };
	struct http_request r = { .method = "GET", .url = url, .headers = headers, .nheaders = 2, .limit = LIMIT_SBOM, .follow = follow,
				  .accept_compressed = true };

	if (x->token.len)
		r.authorization = arena_concat(a, STR("Bearer "), x->token, STR_NONE);
	return http_do(a, &r, out, why);
}

/* Once more where the trouble may pass. */
static bool get_patiently(struct arena *a, const struct sbom_export *x, struct str url, bool follow, struct http_response *out, struct str *why)
{
	for (int attempt = 0;; attempt++) {
		bool answered = get(a, x, url, follow, out, why);
		if ((answered && !http_is_transient(out->status)) || attempt == 2)
			return answered;
		http_wait(attempt ? 4 : 1);
	}
}

/* What a refusal means. */
static struct str refusal(struct arena *a, const struct sbom_export *x, const struct http_response *r)
{
	struct str said = json_get_string(json_parse(a, r->body, NULL, NULL), "message");
	const char *what = r->status == 401 ? "the token is not valid" :
			   r->status == 404 ? "there is no such repository, the token may not read it (contents: read), or its dependency graph is "
					      "switched off" :
			   r->status == 403 || r->status == 429 ? "the token may not read it (contents: read), or too many requests were made" :
								  "the server could not answer";

	return arena_printf(a, "GitHub answered %ld for the SBOM of %.*s: %s%s%.*s%s", r->status, STR_ARG(x->repository), what, said.len ? " (" : "",
			    STR_ARG(str_sub(said, 0, 200)), said.len ? ")" : "");
}

static double wait_asked(const struct http_response *r, double otherwise)
{
	uint64_t seconds;

	return str_to_u64(http_header(r, "retry-after"), &seconds) && seconds <= 60 ? (double)seconds : otherwise;
}

/* The report that is made in the background: asked for, then looked after until it is there. */
static bool fetch_report(struct arena *a, const struct sbom_export *x, struct str base, struct str *document, struct str *why)
{
	struct http_response r = { 0 };
	double patience = x->patience > 0 ? x->patience : 300, waited = 0, pause = 2;

	if (!get_patiently(a, x, arena_concat(a, base, STR("/generate-report"), STR_NONE), false, &r, why))
		return false;
	if (r.status != 200 && r.status != 201 && r.status != 202) {
		*why = refusal(a, x, &r);
		return false;
	}
	struct str url = json_get_string(json_parse(a, r.body, NULL, NULL), "sbom_url");
	struct str ours = http_origin(x->api_url);
	if (!url.len || !str_eq(http_origin(url), ours)) { /* the token goes nowhere else */
		*why = STR("GitHub's answer names no address of its own for the report");
		return false;
	}
	while (waited <= patience) {
		if (!get_patiently(a, x, url, true, &r, why))
			return false;
		if (r.status == 200) {
			*document = r.body;
			return true;
		}
		if (r.status != 201 && r.status != 202) {
			*why = refusal(a, x, &r);
			return false;
		}
		double now = wait_asked(&r, pause);
		http_wait(now);
		waited += now > 0 ? now : 1;
		pause = pause < 20 ? pause * 1.5 : pause;
	}
	*why = arena_printf(a, "GitHub has not finished its report on %.*s within %.0f seconds; try again later", STR_ARG(x->repository), patience);
	return false;
}

bool sbom_export_fetch(struct arena *a, const struct sbom_export *x, struct str *document, struct str *why)
{
	struct str api = x->api_url;
	struct http_response r = { 0 };

	while (api.len && api.s[api.len - 1] == '/')
		api.len--;
	struct str base = arena_printf(a, "%.*s/repos/%.*s/dependency-graph/sbom", STR_ARG(api), STR_ARG(x->repository));
	bool answered = get_patiently(a, x, base, true, &r, why);
	if (answered && r.status == 200) {
		*document = r.body;
		return true;
	}
	if (!answered || r.status == 408 || r.status >= 500) { /* too large for one request */
		struct str first = answered ? refusal(a, x, &r) : *why;
		if (fetch_report(a, x, base, document, why))
			return true;
		*why = answered ? *why : first;
		return false;
	}
	*why = refusal(a, x, &r);
	return false;
}
