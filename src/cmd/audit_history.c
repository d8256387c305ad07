/* `bomgate audit OWNER/REPO --since --until`: for each release and commit of the default branch, is there an SBOM, does it fit its record,
 * and what did the gate say? What is missing or has expired is listed, never passed over. */
#include <stdio.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/timestamp.h"
#include "cmd/audit.h"
#include "cmd/certificates.h"
#include "cmd/github_api.h"
#include "cmd/output.h"
#include "io/archive.h"
#include "report/escape.h"
#include "syntax/json_writer.h"

#define MOST_PAGES 20

enum state { STATE_PRESENT, STATE_INCOMPLETE, STATE_DAMAGED, STATE_EXPIRED, STATE_MISSING, STATE_UNREAD, STATES };
static const char *const state_words[] = { "present", "incomplete", "damaged", "expired", "missing", "not read" };

struct entry {
	const char *kind; /* "release", "commit" */
	struct str name, sha, time, why;
	enum state state;
	struct str gate, overrides, exceptions; /* of the record; absent where there is none */
	struct str expires;
};

struct history {
	struct arena *arena;
	struct publishing api;
	struct str branch, since, until;
	struct map artifacts; /* head SHA to the artifact's element */
	VEC(struct entry) entries;
	bool network;
	uint64_t repository;
};

static struct str path_of(struct history *h, struct str rest)
{
	return arena_concat(h->arena, github_path(&h->api, ""), rest, STR_NONE);
}

static void failed(struct history *h, const char *what)
{
	h->network = true;
	complain("%.*s: %s cannot be read: %.*s", STR_ARG(h->api.repository), what, STR_ARG(h->api.why));
}

/* Calls `each` with every element of a list and its following pages; `key`: where the list stands in the answer. */
static bool pages(struct history *h, struct str path, const char *key, void (*each)(struct history *h, const struct json *e), const char *what)
{
	for (unsigned page = 0; path.len; page++) {
		struct http_response answer;
		const struct json *j = page < MOST_PAGES ? github_api_get(&h->api, path, &answer) : NULL;
		if (page == MOST_PAGES)
			h->api.why = STR("there are too many pages; narrow it by --since and --until");
		if (!j) {
			failed(h, what);
			return false;
		}
		for (JSON_EACH(e, key ? json_get(j, key) : j))
			each(h, e);
		path = github_next(&h->api, &answer);
	}
	return true;
}

static void take_artifact(struct history *h, const struct json *e)
{
	const struct json *run = json_get(e, "workflow_run");
	uint64_t head = 0;

	json_to_u64(json_get(run, "head_repository_id"), &head);
	if (head != h->repository || !str_starts(json_get_string(e, "name"), STR(GITHUB_ARTIFACT_PREFIX)))
		return;
	bool fresh;
	struct map_entry *m = map_put(&h->artifacts, json_get_string(run, "head_sha"), &fresh);
	if (fresh || json_get_bool(m->value.ptr, "expired")) /* the newest comes first; one that is still there goes before */
		m->value.ptr = (void *)(uintptr_t)e;
}

/* ---- what a record says */

/* The files of one record: of an artifact, or the assets of a release with the same suffix (a leg of a matrix has one). */
struct store {
	struct history *h;
	struct str suffix;
	struct archive_files files;
};

struct stores {
	struct store *items;
	size_t n, cap;
};

static bool read_stored(void *context, struct str name, struct str *bytes, struct str *why)
{
	const struct store *s = context;
	const struct archive_file *f = archive_file_of(&s->files, name);

	if (f) {
		*bytes = f->bytes;
		return true;
	}
	*why = STR("it is not there");
	return false;
}

/* "sbom.cdx.json" of "sbom-1a2b3c4d.cdx.json" and the suffix "1a2b3c4d" (publish/release.c makes such names). */
static struct str plain_name(struct arena *a, struct str name, struct str *suffix)
{
	static const char *const stems[] = { "sbom", "provenance", "result", "verdict" };
	size_t dot = str_chr(name, '.'), dash = str_chr(name, '-');

	*suffix = STR("");
	if (dot == STR_NOT_FOUND || dash == STR_NOT_FOUND || dash > dot)
		return name;
	for (size_t i = 0; i < sizeof stems / sizeof stems[0]; i++)
		if (str_is(str_sub(name, 0, dash), stems[i])) {
			*suffix = str_sub(name, dash + 1, dot - dash - 1);
			return arena_concat(a, str_sub(name, 0, dash), str_from(name, dot), STR_NONE);
		}
	return name;
}

static bool matters(const void *unused, struct str n)
{
	(void)unused;
	return github_api_is_sbom(n) || str_is(n, "provenance.json") || str_is(n, "result.json") || str_is(n, "verdict.json") || str_is(n, "data-manifest.json");
}

static struct str joined(struct history *h, struct str list, struct str one)
{
	return arena_concat(h->arena, list, list.len ? STR(", ") : STR(""), one);
}

static void take_record(struct history *h, struct entry *e, const struct record *r)
{
	const struct json *p = r->definition;
	struct str gate = json_get_string(json_get(r->result, "gate"), "state");

	if (!gate.len)
		gate = json_get_string(json_path(r->verdict, "predicate.bomgate"), "gate");
	if (gate.len && (!e->gate.len || str_is(e->gate, "open"))) /* of several legs one that is not open */
		e->gate = gate;
	for (JSON_EACH(o, json_path(p, "externalParameters.overrides")))
		e->overrides = joined(h, e->overrides, json_string(o));
	for (JSON_EACH(x, json_path(p, "internalParameters.exceptions"))) {
		struct str until = json_get_string(x, "until");
		e->exceptions = joined(h, e->exceptions, arena_printf(h->arena, "%.*s until %.*s", STR_ARG(json_get_string(x, "id")),
								      STR_ARG(until.len ? until : STR("no end"))));
	}
}

/* Damaged goes before incomplete, incomplete before present. */
static void worsen(struct entry *e, enum state state, struct str why)
{
	static const int rank[] = { [STATE_PRESENT] = 0, [STATE_INCOMPLETE] = 1, [STATE_DAMAGED] = 2 };

	if (rank[state] <= rank[e->state])
		return;
	e->state = state;
	e->why = why;
}

/* What the files say against each other, and whether they are of what was asked about. */
static void check_store(struct entry *e, struct store *s)
{
	struct history *h = s->h;
	struct audit audit = { .arena = h->arena, .now = timestamp_now() };
	struct record_source from = { read_stored, s };
	struct record r;

	if (record_open(h->arena, STR("provenance.json"), &from, &audit, &r) == OK) {
		record_check_self(&r, STR_NONE, STR_NONE, &audit);
		record_check_sboms(&r, &audit);
		take_record(h, e, &r);
		audit_check(&audit, LEVEL_ANCHORED, str_eq_nocase(r.repository, h->api.repository), "repository", r.repository, "is the repository of the record");
		if (e->sha.len && !str_starts(r.event, STR("pull_request")))
			audit_check(&audit, LEVEL_ANCHORED, str_eq(r.commit, e->sha), "commit", r.commit, "is the commit of the record");
	}
	for (VEC_EACH(const struct check, c, &audit.checks))
		if (c->state == CHECK_FAILS || c->state == CHECK_MISSING)
			worsen(e, c->state == CHECK_FAILS ? STATE_DAMAGED : STATE_INCOMPLETE,
			       arena_printf(h->arena, "%s%.*s%s%.*s", c->state == CHECK_FAILS ? "not so: " : "", STR_ARG(c->about), c->about.len ? " " : "", STR_ARG(c->text)));
}

static void check_files(struct entry *e, struct store *s)
{
	bool sbom = false, record = false;

	for (VEC_EACH(const struct archive_file, f, &s->files)) {
		sbom = sbom || github_api_is_sbom(f->name);
		record = record || str_is(f->name, "provenance.json");
	}
	if (!s->files.n) {
		e->state = STATE_MISSING;
		e->why = STR("no SBOM");
	} else if (!record) {
		worsen(e, STATE_INCOMPLETE, sbom ? STR("an SBOM without a record (provenance.json)") : STR("no SBOM and no record"));
	} else {
		check_store(e, s);
		if (!sbom)
			worsen(e, STATE_INCOMPLETE, STR("no SBOM"));
	}
}

static void read_zip(struct history *h, struct entry *e, struct str zip)
{
	struct store s = { .h = h };
	struct str why = STR_NONE;

	if (!archive_take(h->arena, zip, LIMIT_SBOM, matters, NULL, &s.files, &why))
		worsen(e, STATE_DAMAGED, arena_concat(h->arena, STR("the artifact cannot be read whole: "), why, STR_NONE));
	else
		check_files(e, &s);
}

static void by_artifact(struct history *h, struct entry *e)
{
	struct map_entry *m = map_get(&h->artifacts, e->sha);
	struct str zip;
	uint64_t id;

	if (!m) {
		e->state = STATE_MISSING;
		e->why = STR("no run of this commit left an SBOM");
		return;
	}
	e->expires = json_get_string(m->value.ptr, "expires_at");
	if (json_get_bool(m->value.ptr, "expired")) {
		e->state = STATE_EXPIRED;
		return;
	}
	if (!json_to_u64(json_get(m->value.ptr, "id"), &id) ||
	    !github_api_download(&h->api, path_of(h, arena_printf(h->arena, "/actions/artifacts/%llu/zip", (unsigned long long)id)), "application/vnd.github+json", &zip)) {
		e->state = STATE_UNREAD;
		e->why = h->api.why;
		h->network = true;
		return;
	}
	read_zip(h, e, zip);
}

/* ---- releases and commits */

static bool within(const struct history *h, struct str time)
{
	int64_t t, edge;

	if (!timestamp_parse(time, &t))
		return true;
	return !(h->since.len && timestamp_parse(h->since, &edge) && t < edge) && !(h->until.len && timestamp_parse(h->until, &edge) && t >= edge);
}

static struct store *store_of(struct history *h, struct stores *all, struct str suffix)
{
	for (VEC_EACH(struct store, s, all))
		if (str_eq(s->suffix, suffix))
			return s;
	struct store *s = VEC_ADD(h->arena, all);
	*s = (struct store){ .h = h, .suffix = suffix };
	return s;
}

static void take_release(struct history *h, const struct json *r)
{
	struct str time = json_get_string(r, "published_at");
	struct stores all = { 0 };

	if (json_get_bool(r, "draft") || !within(h, time))
		return;
	struct entry *e = VEC_ADD(h->arena, &h->entries);
	*e = (struct entry){ .kind = "release", .name = json_get_string(r, "tag_name"), .time = time };
	for (JSON_EACH(s, json_get(r, "assets"))) {
		struct str suffix;
		struct archive_file f = { .name = plain_name(h->arena, json_get_string(s, "name"), &suffix) };
		uint64_t id;
		if (!matters(NULL, f.name) || !json_to_u64(json_get(s, "id"), &id))
			continue;
		struct str path = path_of(h, arena_printf(h->arena, "/releases/assets/%llu", (unsigned long long)id));
		if (github_api_download(&h->api, path, "application/octet-stream", &f.bytes)) {
			*VEC_ADD(h->arena, &store_of(h, &all, suffix)->files) = f;
		} else {
			failed(h, "a release's asset");
			e->state = STATE_UNREAD;
			e->why = h->api.why;
			return;
		}
	}
	if (!all.n) {
		e->state = STATE_MISSING;
		e->why = STR("no SBOM");
	}
	for (VEC_EACH(struct store, s, &all))
		check_files(e, s);
}

static void take_commit(struct history *h, const struct json *c)
{
	struct entry *e = VEC_ADD(h->arena, &h->entries);
	struct str subject = json_path(c, "commit") ? json_get_string(json_get(c, "commit"), "message") : STR_NONE;

	*e = (struct entry){ .kind = "commit", .sha = json_get_string(c, "sha"), .time = json_get_string(json_path(c, "commit.committer"), "date"),
			     .name = str_sub(subject, 0, str_chr(subject, '\n')) };
	by_artifact(h, e);
}

static bool read_history(struct history *h)
{
	struct http_response answer;
	const struct json *repo = github_api_get(&h->api, path_of(h, STR("")), &answer);

	if (!repo) {
		failed(h, "the repository");
		return false;
	}
	h->branch = json_get_string(repo, "default_branch");
	json_to_u64(json_get(repo, "id"), &h->repository);
	map_init(&h->artifacts, h->arena);
	if (!pages(h, path_of(h, STR("/actions/artifacts?per_page=100")), "artifacts", take_artifact, "its artifacts"))
		return false;
	pages(h, path_of(h, STR("/releases?per_page=100")), NULL, take_release, "its releases");
	struct str query = arena_printf(h->arena, "/commits?per_page=100&sha=%.*s", STR_ARG(http_encode(h->arena, h->branch)));
	if (h->since.len)
		query = arena_printf(h->arena, "%.*s&since=%.*s", STR_ARG(query), STR_ARG(http_encode(h->arena, h->since)));
	if (h->until.len)
		query = arena_printf(h->arena, "%.*s&until=%.*s", STR_ARG(query), STR_ARG(http_encode(h->arena, h->until)));
	pages(h, path_of(h, query), NULL, take_commit, "its commits");
	return true;
}

/* ---- output */

static void write_table(const struct history *h, struct buf *out)
{
	size_t n[STATES] = { 0 };

	for (VEC_EACH(const struct entry, e, &h->entries)) {
		n[e->state]++;
		buf_printf(out, "%-8s %-10s ", e->kind, state_words[e->state]);
		escape_log(out, str_sub(e->sha, 0, 12));
		buf_adds(out, e->sha.len ? "  " : "");
		escape_log(out, e->time);
		buf_adds(out, "  ");
		escape_log(out, e->name);
		struct { const char *word; struct str s; } parts[] = { { "  gate ", e->gate }, { "  overrides: ", e->overrides }, { "  exceptions: ", e->exceptions },
								       { "  (", e->why }, { "  kept until ", e->expires } };
		for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
			if (parts[i].s.len) {
				buf_adds(out, parts[i].word);
				escape_log(out, parts[i].s);
				if (i == 3)
					buf_addc(out, ')');
			}
		buf_addc(out, '\n');
	}
	for (int i = 0; i < STATES; i++)
		buf_printf(out, "%s%zu %s", i ? ", " : "", n[i], state_words[i]);
	buf_addc(out, '\n');
}

static void write_json(const struct history *h, struct buf *out)
{
	struct json_writer w;

	json_writer_init(&w, out, false);
	json_begin_object(&w);
	json_member(&w, "kind", STR("bomgate-history-audit"));
	json_member(&w, "repository", h->api.repository);
	json_member(&w, "branch", h->branch);
	json_member_opt(&w, "since", h->since);
	json_member_opt(&w, "until", h->until);
	json_member_bool(&w, "complete", !h->network);
	json_put_key(&w, "entries");
	json_begin_array(&w);
	for (VEC_EACH(const struct entry, e, &h->entries)) {
		json_begin_object(&w);
		json_member(&w, "kind", str_of(e->kind));
		json_member_opt(&w, "name", e->name);
		json_member_opt(&w, "commit", e->sha);
		json_member_opt(&w, "time", e->time);
		json_member(&w, "sbom", str_of(state_words[e->state]));
		json_member_opt(&w, "why", e->why);
		json_member_opt(&w, "gate", e->gate);
		json_member_opt(&w, "overrides", e->overrides);
		json_member_opt(&w, "exceptions", e->exceptions);
		json_member_opt(&w, "expires", e->expires);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_end_object(&w);
	buf_addc(out, '\n');
}

static void write_html(const struct history *h, struct buf *out)
{
	buf_adds(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>bomgate audit</title>\n"
		      "<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3em .6em;"
		      "text-align:left}</style></head><body>\n<h1>");
	escape_html(out, h->api.repository);
	buf_adds(out, "</h1>\n<table>\n<tr><th>kind</th><th>SBOM</th><th>commit</th><th>time</th><th>name</th><th>gate</th><th>overrides</th><th>exceptions</th>"
		      "<th>remark</th><th>kept until</th></tr>\n");
	for (VEC_EACH(const struct entry, e, &h->entries)) {
		const struct str cells[] = { e->sha, e->time, e->name, e->gate, e->overrides, e->exceptions, e->why, e->expires };
		buf_printf(out, "<tr><td>%s</td><td>%s</td>", e->kind, state_words[e->state]);
		for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
			buf_adds(out, "<td>");
			escape_html(out, cells[i]);
			buf_adds(out, "</td>");
		}
		buf_adds(out, "</tr>\n");
	}
	buf_adds(out, "</table>\n</body></html>\n");
}

int audit_history(struct invocation *in, struct str repository)
{
	struct history h = { .arena = in->arena, .since = option_get(in, "since"), .until = option_get(in, "until") };
	struct outputs outputs;
	int64_t t;

	if (!outputs_parse(in, "table", "json|html", &outputs))
		return 2;
	if ((h.since.len && !timestamp_parse(h.since, &t)) || (h.until.len && !timestamp_parse(h.until, &t))) {
		complain("--since and --until take a day or a time (RFC 3339)");
		return 2;
	}
	certificates_find(in->arena);
	if (!github_api_begin(in->arena, repository, &h.api)) {
		complain("%.*s: %.*s", STR_ARG(repository), STR_ARG(h.api.why));
		return 4;
	}
	if (!read_history(&h))
		return 4;
	for (VEC_EACH(const struct output, o, &outputs)) {
		struct buf text;
		buf_init(&text, 0);
		if (str_is(o->name, "json"))
			write_json(&h, &text);
		else if (str_is(o->name, "html"))
			write_html(&h, &text);
		else
			write_table(&h, &text);
		bool good = output_deliver(o, buf_str(&text));
		buf_free(&text);
		if (!good)
			return 70;
	}
	int code = h.network ? 4 : 0;
	for (VEC_EACH(const struct entry, e, &h.entries)) {
		if (e->state == STATE_DAMAGED)
			return 1;
		if (e->state != STATE_PRESENT && !code)
			code = 3;
	}
	return code;
}
