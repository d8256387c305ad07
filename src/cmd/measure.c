#include "cmd/measure.h"

#include <stdio.h>

#include "base/sha256.h"
#include "cmd/source_kinds.h"
#include "decide/decide.h"
#include "identity/purl.h"
#include "io/http.h"

#define TREE_LIMIT ((size_t)64 << 20) /* an answer of the trees API: GitHub cuts at 7 MB and says so */
#define MOST_BLOBS 2000		      /* requests: the files that readers want and the clone lacks */

static void start(struct arena *a, const struct collected *head, const struct base *base, struct measured *out)
{
	struct collected *c = &out->base;

	*out = (struct measured){ 0 };
	diag_init(&out->diags, a);
	*c = (struct collected){ .prepared = true, .timestamp = head->timestamp, .repository = head->repository, .looked_in_tree = true };
	c->commit.id = base->commit;
	bom_init(&c->bom, a, &out->diags);
	struct component *subject = bom_add(&c->bom);
	subject->type = COMPONENT_APPLICATION;
	subject->first_party = true;
	c->bom.subject = 0;
}

static void begin_scan(struct arena *a, struct diags *d, const struct collect_options *sources, struct scan *s)
{
	scan_init(s, a, d);
	for (size_t i = 0; i < sources->exclude.n; i++)
		*VEC_ADD(a, &s->exclude) = sources->exclude.items[i];
}

static bool read_local(struct arena *a, const struct collected *head, const struct collect_options *sources, struct measured *out)
{
	struct git_commit_info info;
	struct scan s;
	struct str why;

	if (!head->git || !git_commit_of(head->git, a, out->base.commit.id, &info, &why))
		return false;
	begin_scan(a, &out->diags, sources, &s);
	if (!scan_git(&s, head->git, info.tree, &out->why))
		return false;
	source_assemble(&s.tree, &out->base.bom);
	return true;
}

/* ---- over REST */

struct remote {
	struct arena *arena;
	const struct collected *head;
	const struct base_reader *reader;
	struct scan *scan;
	struct measured *out;
	size_t blobs;
};

static bool get(struct remote *r, struct str path, const char *accept, size_t limit, struct str *body)
{
	struct http_header headers[] = { { STR("Accept"), str_of(accept) }, { STR("X-GitHub-Api-Version"), STR("2022-11-28") } };
	struct http_request q = { .method = "GET", .headers = headers, .nheaders = 2, .limit = limit, .follow = true, .connect_seconds = 10,
				  .total_seconds = 60 };
	const struct runner *on = r->reader->runner;
	struct http_response answer;

	q.url = arena_printf(r->arena, "%.*s/repos/%.*s/git/%.*s", STR_ARG(on->api_url), STR_ARG(on->repository), STR_ARG(path));
	if (on->token.len)
		q.authorization = arena_concat(r->arena, STR("Bearer "), on->token, STR_NONE);
	for (int attempt = 0; attempt < 3; attempt++) {
		bool answered = http_do(r->arena, &q, &answer, &r->out->why);
		if (answered && answer.status == 200) {
			*body = answer.body;
			return true;
		}
		if (answered)
			r->out->why = arena_printf(r->arena, "the REST API answered %ld for git/%.*s", answer.status, STR_ARG(path));
		if (answered && !http_is_transient(answer.status))
			return false;
		http_wait(attempt ? 4 : 1);
	}
	return false;
}

static bool is_id(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (ascii_hex(s.s[i]) < 0)
			return false;
	return s.len == 40;
}

/* A blob's id is the SHA-1 over "blob LENGTH\0" and its bytes. */
static bool is_blob(struct arena *a, struct str id, struct str bytes)
{
	char head[32];
	int n = snprintf(head, sizeof head, "blob %zu", bytes.len) + 1;
	struct arena_mark mark = arena_mark(a);
	char *whole = arena_alloc(a, (size_t)n + bytes.len);
	uint8_t digest[20];
	bool same;

	memcpy(whole, head, (size_t)n);
	if (bytes.len)
		memcpy(whole + n, bytes.s, bytes.len);
	sha1_of(str_make(whole, (size_t)n + bytes.len), digest);
	same = str_eq(hex_of(a, digest, sizeof digest), id);
	arena_pop(a, mark);
	return same;
}

static bool read_blob(struct remote *r, struct str id, size_t limit, struct str *text, struct str *why)
{
	if (r->head->git && git_read_blob(r->head->git, r->arena, id, limit, text, why))
		return true;
	if (++r->blobs > MOST_BLOBS) {
		*why = STR("more than 2,000 files of the base would have to be fetched");
		return false;
	}
	if (!get(r, arena_concat(r->arena, STR("blobs/"), id, STR("")), "application/vnd.github.raw+json", limit, text)) {
		*why = r->out->why;
		return false;
	}
	if (is_blob(r->arena, id, *text))
		return true;
	*why = STR("the bytes that the REST API answered are not the blob that was asked for");
	return false;
}

static void take_file(struct remote *r, struct str path, struct str id)
{
	const struct reader *row = scan_wants(r->scan, path);
	struct str text, why = STR_NONE;

	*VEC_ADD(r->arena, &r->out->paths) = path;
	r->scan->files++;
	if (!row)
		return;
	/* A file that cannot be had is not in the base: what it would name counts as new. */
	if (read_blob(r, id, row->max_bytes ? row->max_bytes : LIMIT_LOCKFILE, &text, &why))
		scan_take(r->scan, row, path, id, text);
	else
		diag_add(&r->out->diags, SEV_WARNING, "data.base", path, DIAG_NO_OFFSET, "%.*s", STR_ARG(why));
}

/* One tree, with all below it where the API gives that, else folder by folder. */
static bool take_tree(struct remote *r, struct str id, struct str prefix, unsigned depth)
{
	struct str body;
	const char *error;
	const struct json *root;
	bool recursive = true;

	if (depth > LIMIT_TREE_DEPTH)
		return false;
	for (;;) {
		struct str path = arena_printf(r->arena, "trees/%.*s%s", STR_ARG(id), recursive ? "?recursive=1" : "");
		if (!get(r, path, "application/vnd.github+json", TREE_LIMIT, &body))
			return false;
		root = json_parse(r->arena, body, &error, NULL);
		if (json_type(json_get(root, "tree")) != JSON_ARRAY) {
			r->out->why = STR("the REST API answered something that is no tree");
			return false;
		}
		if (!json_get_bool(root, "truncated"))
			break;
		if (!recursive) {
			r->out->why = STR("a folder of the base is too large for the REST API");
			return false;
		}
		recursive = false;
	}
	for (JSON_EACH(e, json_get(root, "tree"))) {
		struct str name = json_get_string(e, "path"), type = json_get_string(e, "type"), sha = json_get_string(e, "sha");
		struct str path = prefix.len ? arena_printf(r->arena, "%.*s/%.*s", STR_ARG(prefix), STR_ARG(name)) : name;
		if (!name.len || !is_id(sha))
			continue;
		if (str_is(type, "blob") && !str_is(json_get_string(e, "mode"), "120000"))
			take_file(r, path, sha);
		else if (str_is(type, "tree") && !recursive && !str_is(name, "node_modules") && !take_tree(r, sha, path, depth + 1))
			return false;
	}
	return true;
}

static bool read_remote(struct arena *a, const struct collected *head, const struct collect_options *sources, const struct base_reader *reader,
			struct measured *out)
{
	struct scan s;
	struct remote r = { .arena = a, .head = head, .reader = reader, .scan = &s, .out = out };

	if (!reader->runner || !reader->runner->api_url.len || !reader->runner->repository.len) {
		out->why = STR("the base commit is not in the clone; fetch-depth: 2 in actions/checkout brings it");
		return false;
	}
	begin_scan(a, &out->diags, sources, &s);
	if (!take_tree(&r, out->base.commit.id, STR(""), 0))
		return false;
	source_assemble(&s.tree, &out->base.bom);
	return true;
}

void measure_read(struct arena *a, const struct collected *head, const struct base *base, const struct collect_options *sources,
		  const struct base_reader *reader, struct measured *out)
{
	start(a, head, base, out);
	map_init(&out->production, a);
	if (!base->commit.len) {
		out->why = STR("the event names no base commit");
		return;
	}
	if (!head->looked_in_tree) {
		out->why = STR("the source is no tree of the repository");
		return;
	}
	out->known = read_local(a, head, sources, out) || read_remote(a, head, sources, reader, out);
	if (!out->known)
		return;
	purl_complete_all(&out->base.bom);
	decide_production_keys(a, &out->base.bom, &out->production);
}
