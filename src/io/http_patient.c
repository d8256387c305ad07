#include "io/http.h"

const struct http_patience http_patience = { .tries = 5, .longest = 60, .left = 180 };

/* Does the answer continue what is kept? */
static bool continues(const struct http_response *r, struct str kept, struct arena *a)
{
	return r->status == 206 && str_starts(http_header(r, "content-range"), arena_printf(a, "bytes %zu-", kept.len));
}

/* One request; *partial holds what came so far and grows where it breaks off. */
static bool once(struct arena *a, const struct http_request *r, struct str *partial, struct http_response *out, struct str *why)
{
	struct http_request q = *r;
	struct http_header *headers = arena_array(a, r->nheaders + 1, sizeof *headers);

	for (size_t i = 0; i < r->nheaders; i++)
		headers[i] = r->headers[i];
	if (partial->len)
		headers[q.nheaders++] = (struct http_header){ STR("Range"), arena_printf(a, "bytes=%zu-", partial->len) };
	q.headers = headers;
	bool whole = http_do(a, &q, out, why), more = continues(out, *partial, a) || (!whole && partial->len && str_starts(http_header(out, "content-range"),
												   arena_printf(a, "bytes %zu-", partial->len)));
	struct str body = more ? arena_concat(a, *partial, out->body, STR_NONE) : out->body;
	if (!whole) {
		if (more || body.len > partial->len)
			*partial = body;
		return false;
	}
	if (more) {
		out->status = 200;
		out->body = body;
	} else if (out->status == 416 || out->status == 206) { /* what is kept is of something else */
		*partial = STR_NONE;
		out->status = 503;
	}
	return true;
}

bool http_do_patiently(struct arena *a, const struct http_request *r, struct http_patience *p, struct str *kept, struct http_response *out,
		       struct str *why)
{
	struct str partial = kept ? *kept : STR_NONE;
	double pause = 1;
	bool may_continue = strcmp(r->method, "GET") == 0 && !r->accept_compressed, answered = false;

	for (int attempt = 1;; attempt++, pause *= 2) {
		struct str none = STR_NONE;
		answered = once(a, r, may_continue ? &partial : &none, out, why);
		if (kept)
			*kept = partial;
		if (answered && !http_is_transient(out->status))
			return true;
		double asked = answered ? http_retry_after(out) : -1, wait = asked > pause ? asked : pause;
		if (answered)
			*why = asked >= 0 ? arena_printf(a, "it was answered with %ld and asks to wait for %.0f s", out->status, asked) :
					    arena_printf(a, "it was answered with %ld", out->status);
		if (attempt >= p->tries || wait > p->longest || wait > p->left || http_is_offline())
			return false;
		p->left -= wait;
		http_wait(wait);
	}
}
