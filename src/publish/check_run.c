/* A check run with annotations beyond the ten that a step may show: POST /repos/{o}/{r}/check-runs takes fifty, each PATCH fifty more.
 * Made from result.json: one annotation a change to make. */
#include "base/shown.h"
#include "publish/github.h"
#include "syntax/json_writer.h"

#define A_REQUEST 50
#define MOST 500 /* ten requests: more would run into the limit on making content */
#define TITLE_MAX 200
#define MESSAGE_MAX 4000

struct check {
	struct publishing *p;
	const struct json *gate;
	VEC(const struct json *) changes; /* that have a place in a file */
	size_t left_out;
};

static const char *level_of(const struct json *change)
{
	struct str outcome = json_get_string(change, "outcome");

	if (json_get_bool(change, "closesGate"))
		return "failure";
	return str_is(outcome, "Defer") ? "notice" : "warning";
}

/* Reads gate and changes; the rest of the document is passed over without building it. */
static bool read_result(struct check *c, struct str text)
{
	struct json_cursor at;
	struct str key;

	json_open(&at, c->p->arena, text);
	json_enter_object(&at);
	while (json_next_key(&at, &key)) {
		if (str_is(key, "gate")) {
			c->gate = json_read_tree(&at);
		} else if (str_is(key, "changes")) {
			json_enter_array(&at);
			while (json_next(&at)) {
				const struct json *change = json_read_tree(&at);
				bool shown = json_get_string(change, "file").len && (json_get_bool(change, "closesGate") || json_get_bool(change, "new")) &&
					     !str_is(json_get_string(change, "outcome"), "Defer");
				if (shown && c->changes.n < MOST)
					*VEC_ADD(c->p->arena, &c->changes) = change;
				else
					c->left_out += shown;
			}
		} else {
			json_skip(&at);
		}
	}
	return json_close(&at) && c->gate;
}

static struct str text_of(struct arena *a, const struct json *change, const char *key)
{
	return shown_text(a, json_get_string(change, key));
}

static void put_annotation(struct check *c, struct json_writer *w, const struct json *change)
{
	struct arena *a = c->p->arena;
	struct str to = json_get_string(change, "to"), via = text_of(a, change, "via"), service = text_of(a, change, "service");
	size_t n = json_count(json_get(change, "findings"));
	uint64_t line = 1;

	json_to_u64(json_get(change, "line"), &line);
	json_begin_object(w);
	json_member(w, "path", json_get_string(change, "file"));
	json_member_int(w, "start_line", (long long)(line ? line : 1));
	json_member_int(w, "end_line", (long long)(line ? line : 1));
	json_member(w, "annotation_level", str_of(level_of(change)));
	struct str title = arena_printf(a, "%.*s: %.*s %.*s -> %.*s%s", STR_ARG(json_get_string(change, "outcome")),
					STR_ARG(json_get_string(change, "name")), STR_ARG(json_get_string(change, "from")),
					STR_ARG(to.len ? to : STR("no fix yet")), json_get_bool(change, "major") ? " (major)" : "");
	json_member(w, "title", str_sub(shown_text(a, title), 0, TITLE_MAX));
	struct str first = json_string(json_child(json_get(change, "findings")));
	struct str message = arena_printf(a, "%.*s %.*s%s\nWhy: %.*s.", STR_ARG(shown_text(a, first)), STR_ARG(text_of(a, change, "summary")),
					  n > 1 ? arena_printf(a, "; %zu more in the same package", n - 1).s : "", STR_ARG(text_of(a, change, "why")));
	if (via.len)
		message = arena_printf(a, "%.*s\n%s%.*s.", STR_ARG(message), str_is(via, "direct") ? "A dependency that is " : "Comes in through ", STR_ARG(via));
	if (service.len)
		message = arena_printf(a, "%.*s\nService %.*s.", STR_ARG(message), STR_ARG(service));
	json_member(w, "message", str_sub(message, 0, MESSAGE_MAX));
	json_end_object(w);
}

static struct str title_of(struct check *c)
{
	struct str text = str_is(json_get_string(c->gate, "state"), "open") ? STR("Gate open") : STR("Gate closed");
	bool first = true;

	for (JSON_EACH(count, json_get(c->gate, "counts"))) {
		uint64_t n;
		if (json_to_u64(count, &n) && n) {
			text = arena_printf(c->p->arena, "%.*s%s%llu %.*s", STR_ARG(text), first ? ": " : ", ", (unsigned long long)n,
					    STR_ARG(json_key(count)));
			first = false;
		}
	}
	return text;
}

/* Plain text lines in a fence: what stands in it comes from outside. */
static struct str summary_of(struct check *c)
{
	struct buf b;

	buf_init(&b, 60000);
	buf_add(&b, title_of(c));
	buf_adds(&b, ".\n");
	if (json_count(json_get(c->gate, "reasons"))) {
		buf_adds(&b, "\n~~~~text\n");
		for (JSON_EACH(reason, json_get(c->gate, "reasons"))) {
			struct str text = shown_text(c->p->arena, str_sub(json_string(reason), 0, 500));
			for (size_t i = 0; i < text.len; i++)
				buf_addc(&b, text.s[i] == '~' ? ' ' : text.s[i]);
			buf_addc(&b, '\n');
		}
		buf_adds(&b, "~~~~\n");
	}
	if (c->left_out)
		buf_printf(&b, "\n%zu more changes are not annotated here; the step's summary has them.\n", c->left_out);
	return github_take(c->p, &b);
}

static struct str request(struct check *c, size_t from, bool is_new)
{
	bool open = str_is(json_get_string(c->gate, "state"), "open");
	struct json_writer w;
	struct buf body;

	buf_init(&body, 0);
	json_writer_init(&w, &body, true);
	json_begin_object(&w);
	if (is_new) {
		json_member(&w, "name", c->p->category.len ? arena_printf(c->p->arena, "bomgate (%.*s)", STR_ARG(c->p->category)) : STR("bomgate"));
		json_member(&w, "head_sha", c->p->head_sha);
		json_member_opt(&w, "details_url", c->p->run_url);
		json_member(&w, "external_id", publish_key(c->p->arena, c->p->category));
		json_member_opt(&w, "started_at", c->p->started);
		json_member(&w, "status", STR("completed"));
		json_member(&w, "conclusion", open ? STR("success") : STR("failure"));
	}
	json_put_key(&w, "output");
	json_begin_object(&w);
	json_member(&w, "title", title_of(c));
	json_member(&w, "summary", summary_of(c));
	json_put_key(&w, "annotations");
	json_begin_array(&w);
	for (size_t i = from; i < c->changes.n && i < from + A_REQUEST; i++)
		put_annotation(c, &w, c->changes.items[i]);
	json_end_array(&w);
	json_end_object(&w);
	json_end_object(&w);
	return github_take(c->p, &body);
}

enum publish_answer publish_check_run(struct publishing *p, const struct publish_file *files, size_t n)
{
	struct check c = { .p = p };
	struct http_response r = { 0 };
	uint64_t id;

	if (!github_ready(p))
		return PUBLISH_FAILED;
	if (!n || !p->head_sha.len || !read_result(&c, files[0].bytes)) {
		p->why = p->head_sha.len ? STR("this is no result.json of bomgate") : STR("the commit is not known");
		return PUBLISH_FAILED;
	}
	struct github_request q = { .method = "POST", .makes = true, .path = github_path(p, "/check-runs"), .body = request(&c, 0, true), .once = true };
	enum publish_answer answer = github_call(p, &q, &r);
	if (answer == PUBLISH_DONE && !json_to_u64(json_get(github_json(p, &r), "id"), &id)) {
		p->why = STR("GitHub gave the check run no id");
		return PUBLISH_FAILED;
	}
	for (size_t from = A_REQUEST; answer == PUBLISH_DONE && from < c.changes.n; from += A_REQUEST) {
		q = (struct github_request){ .method = "PATCH", .body = request(&c, from, false), .once = true };
		q.path = arena_printf(p->arena, "%.*s/%llu", STR_ARG(github_path(p, "/check-runs")), (unsigned long long)id);
		answer = github_call(p, &q, &r);
		if (answer != PUBLISH_DONE)
			p->why = arena_printf(p->arena, "the check run has %zu of %zu annotations, then: %.*s", from, c.changes.n, STR_ARG(p->why));
	}
	if (answer == PUBLISH_DONE)
		p->why = arena_printf(p->arena, "a check run with %zu annotations was made", c.changes.n);
	return answer;
}
