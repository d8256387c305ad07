#include "publish/receiver.h"

#include <stdlib.h>

#include "base/sha256.h"

#define MOST_SECONDS 600
#define TRIES 4
#define SAID 300 /* bytes of what a server said that are told */

struct str receiver_setting(struct arena *a, const char *variable)
{
	const char *v = getenv(variable);
	struct str text = str_trim(str_of(v));

	return text.len ? arena_str(a, text) : STR_NONE;
}

bool receiver_begin(struct receiver *r, struct publishing *p, const char *name, const char *seconds)
{
	struct str most = receiver_setting(p->arena, seconds);
	uint64_t n;

	*r = (struct receiver){ .p = p, .name = name, .base = str_trim(p->address), .most = MOST_SECONDS };
	while (r->base.len && r->base.s[r->base.len - 1] == '/')
		r->base.len--;
	if (most.len && (!str_to_u64(most, &n) || n < 1 || n > 86400)) {
		p->why = arena_printf(p->arena, "%s: `%.*s` is no number of seconds", seconds, STR_ARG(most));
		return false;
	}
	if (most.len)
		r->most = (double)n;
	if (!http_origin(r->base).len) {
		p->why = arena_printf(p->arena, "`%.*s` is no address of a server (https://…)", STR_ARG(str_sub(r->base, 0, 200)));
		return false;
	}
	return true;
}

bool receiver_wait(struct receiver *r, double seconds)
{
	if (r->waited >= r->most)
		return false;
	seconds = r->waited + seconds > r->most ? r->most - r->waited : seconds;
	r->waited += seconds;
	http_wait(seconds);
	return true;
}

/* One text without control characters: what a server says goes into logs and summaries. */
static struct str plain(struct arena *a, struct str s)
{
	s = str_sub(s, 0, SAID);
	s.len = str_utf8_valid(s); /* a character cut in two at the end, or anything else */
	char *out = arena_alloc(a, s.len + 1);
	for (size_t i = 0; i < s.len; i++)
		out[i] = (unsigned char)s.s[i] < ' ' ? ' ' : s.s[i];
	return str_trim(str_make(out, s.len));
}

/* FastAPI's {"detail": text or [{"msg": …}]}, problem details (RFC 9457), Dependency-Track's plain text or {"message"}. */
static struct str said(struct receiver *r, const struct http_response *answer)
{
	const struct json *tree = json_parse(r->p->arena, answer->body, NULL, NULL), *detail = json_get(tree, "detail");
	static const char *const keys[] = { "detail", "message", "title", "error" };
	struct str text = STR_NONE;

	for (size_t i = 0; i < sizeof keys / sizeof keys[0] && !text.len; i++)
		text = json_get_string(tree, keys[i]);
	if (json_type(detail) == JSON_ARRAY)
		text = json_get_string(json_child(detail), "msg");
	if (json_count(json_get(tree, "errors")) && json_type(json_child(json_get(tree, "errors"))) == JSON_STRING)
		text = arena_printf(r->p->arena, "%.*s: %.*s", STR_ARG(text), STR_ARG(json_string(json_child(json_get(tree, "errors")))));
	return plain(r->p->arena, text.len ? text : answer->body);
}

static struct str multipart(struct receiver *r, const struct receiver_call *c, struct str *content_type)
{
	struct arena *a = r->p->arena;
	struct buf body;
	struct str boundary = STR("bomgate");

	for (size_t i = 0; i < c->nparts; i++) /* of the contents' digests: stands in none of them */
		boundary = arena_concat(a, boundary, str_sub(sha256_hex(a, c->parts[i].bytes), 0, 16), STR_NONE);
	boundary = str_sub(boundary, 0, 60);
	buf_init(&body, 0);
	for (size_t i = 0; i < c->nparts; i++) {
		const struct receiver_part *part = &c->parts[i];
		buf_printf(&body, "--%.*s\r\nContent-Disposition: form-data; name=\"%s\"", STR_ARG(boundary), part->name);
		if (part->file_name.len)
			buf_printf(&body, "; filename=\"%.*s\"\r\nContent-Type: %.*s", STR_ARG(part->file_name), STR_ARG(part->media_type));
		buf_add(&body, STR("\r\n\r\n"));
		buf_add(&body, part->bytes);
		buf_add(&body, STR("\r\n"));
	}
	buf_printf(&body, "--%.*s--\r\n", STR_ARG(boundary));
	struct str text = arena_str(a, buf_str(&body));
	buf_free(&body);
	*content_type = arena_concat(a, STR("multipart/form-data; boundary="), boundary, STR_NONE);
	return text;
}

static bool once(struct receiver *r, const struct http_request *q, struct http_response *out, const struct json **tree)
{
	struct str why = STR_NONE;

	*out = (struct http_response){ 0 };
	*tree = NULL;
	if (!http_do(r->p->arena, q, out, &why)) {
		out->status = 0;
		r->p->why = arena_printf(r->p->arena, "%s at %.*s could not be reached: %.*s", r->name, STR_ARG(http_origin(r->base)), STR_ARG(why));
		return false;
	}
	/* Whoever asks at the address of the pages for people gets one, for any path and often with 200. */
	if (out->status < 500 && str_starts(str_trim(out->body), STR("<"))) {
		r->p->why = arena_printf(r->p->arena, "%s answered %ld to %s %.*s with a page for people, not as an API: is %.*s the address of its API server?", r->name,
					 out->status, q->method, STR_ARG(str_sub(q->url, r->base.len, str_chr(str_from(q->url, r->base.len), '?'))), STR_ARG(http_origin(r->base)));
		return false;
	}
	if (out->status >= 200 && out->status < 300) {
		*tree = json_parse(r->p->arena, out->body, NULL, NULL);
		return true;
	}
	struct str words = said(r, out);
	r->p->why = arena_printf(r->p->arena, "%s answered %ld to %s %.*s%s%.*s", r->name, out->status, q->method,
				 STR_ARG(str_sub(q->url, r->base.len, str_chr(str_from(q->url, r->base.len), '?'))), words.len ? ": " : "", STR_ARG(words));
	return false;
}

bool receiver_call(struct receiver *r, const struct receiver_call *c, struct http_response *out, const struct json **tree)
{
	struct http_header headers[3];
	struct http_request q = { .method = c->method, .body = c->body, .headers = headers, .limit = (size_t)64 << 20, .total_seconds = 600,
				  .accept_compressed = true };
	struct str content_type = c->content_type;
	bool repeatable = strcmp(c->method, "GET") == 0;
	double pause = 5;

	q.url = arena_printf(r->p->arena, "%.*s%s%.*s", STR_ARG(r->base), c->path, STR_ARG(c->query));
	if (c->nparts)
		q.body = multipart(r, c, &content_type);
	headers[q.nheaders++] = (struct http_header){ STR("Accept"), STR("application/json") };
	if (content_type.len)
		headers[q.nheaders++] = (struct http_header){ STR("Content-Type"), content_type };
	if (str_is(r->header.name, "Authorization"))
		q.authorization = r->header.value;
	else if (r->header.name.len)
		headers[q.nheaders++] = r->header;
	for (int attempt = 1;; attempt++, pause *= 2) {
		if (once(r, &q, out, tree))
			return true;
		bool nothing_done = out->status == 429 || out->status == 502 || out->status == 503 || (repeatable && http_is_transient(out->status)) ||
				    (repeatable && !out->status);
		if (!nothing_done || attempt == TRIES || !receiver_wait(r, pause))
			return false;
	}
}
