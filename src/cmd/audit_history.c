/* `bomgate audit OWNER/REPO --since --until`: for each release and commit of the default branch, is there an SBOM, and what did the gate
 * say? What is missing or has expired is listed, never passed over. */
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

#define ARTIFACT_PREFIX "bomgate-sbom"
#define MOST_PAGES 20

enum state { STATE_PRESENT, STATE_INCOMPLETE, STATE_EXPIRED, STATE_MISSING, STATE_UNREAD };
static const char *const state_words[] = { "present", "incomplete", "expired", "missing", "not read" };

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
	if (head != h->repository || !str_starts(json_get_string(e, "name"), STR(ARTIFACT_PREFIX)))
		return;
	bool fresh;
	struct map_entry *m = map_put(&h->artifacts, json_get_string(run, "head_sha"), &fresh);
	if (fresh || json_get_bool(m->value.ptr, "expired")) /* the newest comes first; one that is still there goes before */
		m->value.ptr = (void *)(uintptr_t)e;
}

/* ---- what a record says */

static void read_result(struct history *h, struct entry *e, struct str text)
{
	const struct json *r = json_parse(h->arena, text, NULL, NULL);

	e->gate = json_get_string(json_get(r, "gate"), "state");
	if (!e->gate.len)
		e->state = STATE_INCOMPLETE;
}

static void read_provenance(struct history *h, struct entry *e, struct str text)
{
	const struct json *p = json_path(json_parse(h->arena, text, NULL, NULL), "predicate.buildDefinition");
	struct str names = STR("");
	size_t n = 0;

	for (JSON_EACH(o, json_path(p, "externalParameters.overrides")))
		names = arena_concat(h->arena, names, names.len ? STR(", ") : STR(""), json_string(o));
	e->overrides = names;
	struct str list = STR("");
	for (JSON_EACH(x, json_path(p, "internalParameters.exceptions"))) {
		list = arena_printf(h->arena, "%.*s%s%.*s until %.*s", STR_ARG(list), n ? ", " : "", STR_ARG(json_get_string(x, "id")),
				    STR_ARG(json_get_string(x, "until").len ? json_get_string(x, "until") : STR("no end")));
		n++;
	}
	e->exceptions = list;
}

static bool is_sbom_name(struct str n)
{
	return str_ends(n, STR(".cdx.json")) || str_ends(n, STR(".spdx.json")) || str_ends(n, STR(".cdx.xml")) || str_ends(n, STR(".spdx"));
}

static void incomplete(struct entry *e, bool sbom, bool result, bool record)
{
	if (sbom && result && record)
		return;
	e->state = sbom || result || record ? STATE_INCOMPLETE : STATE_MISSING;
	e->why = !sbom ? STR("no SBOM") : !record ? STR("an SBOM without a record (provenance.json)") : STR("no decision (result.json)");
}

static void read_zip(struct history *h, struct entry *e, struct str zip)
{
	struct archive_entry_info info;
	struct str why = STR_NONE, bytes;
	bool sbom = false, result = false, record = false;
	struct archive_in *in = archive_in_open_bytes(h->arena, zip, &why);

	while (in && archive_in_next(in, &info)) {
		struct str name = arena_str(h->arena, info.name);
		sbom = sbom || is_sbom_name(name);
		if (!str_is(name, "result.json") && !str_is(name, "provenance.json"))
			continue;
		if (!archive_in_read(in, h->arena, LIMIT_SBOM, &bytes, &why))
			continue;
		if (str_is(name, "result.json")) {
			result = true;
			read_result(h, e, bytes);
		} else {
			record = true;
			read_provenance(h, e, bytes);
		}
	}
	archive_in_close(in);
	incomplete(e, sbom, result, record);
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

static void take_release(struct history *h, const struct json *r)
{
	struct str time = json_get_string(r, "published_at"), bytes;
	bool sbom = false, result = false, record = false;

	if (json_get_bool(r, "draft") || !within(h, time))
		return;
	struct entry *e = VEC_ADD(h->arena, &h->entries);
	*e = (struct entry){ .kind = "release", .name = json_get_string(r, "tag_name"), .time = time };
	for (JSON_EACH(s, json_get(r, "assets"))) {
		struct str name = json_get_string(s, "name");
		uint64_t id;
		bool is_result = str_ends(name, STR("result.json")), is_record = str_ends(name, STR("provenance.json"));
		sbom = sbom || is_sbom_name(name);
		if ((!is_result && !is_record) || !json_to_u64(json_get(s, "id"), &id))
			continue;
		struct str path = path_of(h, arena_printf(h->arena, "/releases/assets/%llu", (unsigned long long)id));
		if (!github_api_download(&h->api, path, "application/octet-stream", &bytes)) {
			failed(h, "a release's asset");
			continue;
		}
		result = result || is_result;
		record = record || is_record;
		if (is_result)
			read_result(h, e, bytes);
		else
			read_provenance(h, e, bytes);
	}
	incomplete(e, sbom, result, record);
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
	size_t n[5] = { 0 };

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
	for (int i = 0; i < 5; i++)
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
	for (VEC_EACH(const struct entry, e, &h.entries))
		if (e->state != STATE_PRESENT && !h.network)
			return 3;
	return h.network ? 4 : 0;
}
