/* `bomgate audit OWNER/REPO --since --until`: for each release and commit of the default branch, is there an SBOM, does it fit its record,
 * and what did the gate say? What is missing or has expired is listed, never passed over. */
#include "base/limits.h"
#include "base/map.h"
#include "base/sha256.h"
#include "base/timestamp.h"
#include "cmd/audit.h"
#include "cmd/audit_history.h"
#include "cmd/certificates.h"
#include "cmd/github_api.h"
#include "cmd/output.h"
#include "io/archive.h"

#define MOST_PAGES 1000
#define DAY 86400

/* An artifact of a commit: one for each leg of a matrix, and for each job and workflow that uses the action. */
struct leg {
	struct str name, digest, expires;
	uint64_t id, run;
	bool expired;
};

struct legs {
	struct leg *items;
	size_t n, cap;
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

/* Calls `each` with every element of a list and its following pages. */
static bool pages(struct history *h, struct str path, void (*each)(struct history *h, const struct json *e), const char *what)
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
		for (JSON_EACH(e, j))
			each(h, e);
		path = github_next(&h->api, &answer);
	}
	return true;
}

static struct str artifact_path(struct history *h, const struct leg *l)
{
	return path_of(h, arena_printf(h->arena, "/actions/artifacts/%llu/zip", (unsigned long long)l->id));
}

static void take_artifact(struct history *h, const struct json *e)
{
	const struct json *run = json_get(e, "workflow_run");
	struct leg x = { .name = json_get_string(e, "name"), .expired = json_get_bool(e, "expired") };
	uint64_t head = 0, of = 0;

	json_to_u64(json_get(run, "head_repository_id"), &head);
	if (head != h->repository || (json_to_u64(json_get(run, "repository_id"), &of) && of != h->repository) ||
	    !str_starts(x.name, STR(GITHUB_ARTIFACT_PREFIX)) || !json_to_u64(json_get(e, "id"), &x.id))
		return;
	bool fresh;
	struct map_entry *m = map_put(&h->artifacts, arena_str(h->arena, json_get_string(run, "head_sha")), &fresh);
	struct legs *legs = m->value.ptr = fresh ? ARENA_NEW(h->arena, struct legs) : m->value.ptr;
	struct leg *same = NULL;
	for (VEC_EACH(struct leg, l, legs))
		same = str_eq(l->name, x.name) ? l : same;
	if (same && (!same->expired || x.expired)) /* the newest comes first; one that is still there goes before */
		return;
	json_to_u64(json_get(run, "id"), &x.run);
	x.name = arena_str(h->arena, x.name);
	x.digest = arena_str(h->arena, json_get_string(e, "digest"));
	x.expires = arena_str(h->arena, json_get_string(e, "expires_at"));
	*(same ? same : VEC_ADD(h->arena, legs)) = x;
}

/* The newest come first, and no commit since --since has one that is older: GitHub's list knows no such filter itself. A day is for clocks that go
 * wrong. */
static bool is_before(const struct history *h, const struct json *list)
{
	int64_t since, made;
	bool any = false;

	if (!h->since.len || !timestamp_parse(h->since, &since))
		return false;
	for (JSON_EACH(e, list)) {
		any = true;
		if (!timestamp_parse(json_get_string(e, "created_at"), &made) || made >= since - DAY)
			return false;
	}
	return any;
}

/* A repository may have very many, of all its workflows: each page's text is dropped before the next. */
static bool read_artifacts(struct history *h)
{
	struct publishing api = h->api;
	struct str path = path_of(h, STR("/actions/artifacts?per_page=100"));

	for (unsigned page = 0; path.len; page++) {
		struct http_response answer;
		struct arena *a = arena_new(0);
		api.arena = a;
		const struct json *j = page < MOST_PAGES ? github_api_get(&api, path, &answer) : NULL;
		if (!j) {
			h->api.why = page == MOST_PAGES ? STR("there are too many pages; narrow it by --since") : arena_str(h->arena, api.why);
			arena_free(a);
			failed(h, "its artifacts");
			return false;
		}
		const struct json *list = json_get(j, "artifacts");
		for (JSON_EACH(e, list))
			take_artifact(h, e);
		path = is_before(h, list) ? STR_NONE : arena_str(h->arena, github_next(&api, &answer));
		arena_free(a);
	}
	return true;
}

/* ---- what a record says */

/* The files of one record: of an artifact, or the assets of a release with the same suffix (a leg of a matrix has one). */
struct store {
	struct history *h;
	struct arena *arena; /* of this record: freed after it */
	struct str suffix;
	uint64_t run; /* that made the artifact; 0: not told */
	struct str attempt; /* of the record, once it was read */
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
		e->gate = arena_str(h->arena, gate);
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

static bool is_record(const void *unused, struct str n)
{
	(void)unused;
	return str_is(n, "provenance.json");
}

/* The assets of a release may all have been made anew. While the artifact of the run is there it has to hold the same record. */
static void compare_with_run(struct entry *e, struct store *s, const struct record *r, struct audit *audit)
{
	struct history *h = s->h;
	struct map_entry *m = map_get(&h->artifacts, e->sha);
	bool any = false, same = false;

	if (!m)
		return;
	for (VEC_EACH(const struct leg, l, (struct legs *)m->value.ptr)) {
		struct publishing api = h->api;
		struct archive_files files;
		struct str zip, why;
		if (l->expired || !str_eq(r->run_id, arena_printf(s->arena, "%llu", (unsigned long long)l->run)))
			continue;
		api.arena = s->arena;
		if (!github_api_download(&api, artifact_path(h, l), "application/vnd.github+json", &zip))
			return; /* the commit's entry tells that it cannot be read */
		const struct archive_file *f = archive_take(s->arena, zip, LIMIT_SBOM, is_record, NULL, &files, &why) ? archive_file_of(&files, STR("provenance.json")) : NULL;
		any = true;
		same = same || (f && str_eq(f->bytes, r->bytes));
	}
	if (any)
		audit_check(audit, LEVEL_ANCHORED, same, "artifact", r->run_id, "is the run whose artifact holds this record");
}

/* What the files say against each other, and whether they are of what was asked about. */
static void check_store(struct entry *e, struct store *s)
{
	struct history *h = s->h;
	struct audit audit = { .arena = s->arena, .now = timestamp_now() };
	struct record_source from = { read_stored, s };
	struct record r;

	if (record_open(s->arena, STR("provenance.json"), &from, &audit, &r) == OK) {
		record_check_self(&r, STR_NONE, STR_NONE, &audit);
		record_check_sboms(&r, &audit);
		take_record(h, e, &r);
		s->attempt = r.run_attempt;
		if (!s->run)
			compare_with_run(e, s, &r, &audit);
		if (s->run)
			audit_check(&audit, LEVEL_ANCHORED, str_eq(r.run_id, arena_printf(s->arena, "%llu", (unsigned long long)s->run)), "run", r.run_id,
				    "is the run of the record");
		audit_check(&audit, LEVEL_ANCHORED, str_eq_nocase(r.repository, h->api.repository), "repository", r.repository, "is the repository of the record");
		bool merged = !str_is(str_of(e->kind), "release") && str_starts(r.event, STR("pull_request")); /* such a run is of the merge commit */
		if (e->sha.len && !merged)
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

/* Of an artifact that is gone nobody can say more than its name does. */
static struct str attempt_of_name(struct str name)
{
	size_t at = str_rchr(name, '-');
	uint64_t n;

	return at != STR_NOT_FOUND && str_sub(name, at + 1, 1).len && name.s[at + 1] == 'a' && str_to_u64(str_from(name, at + 2), &n) ? str_from(name, at + 2) : STR_NONE;
}

/* Into *e; *leg: its name without the attempt. */
static void judge_artifact(struct history *h, struct entry *e, const struct leg *x, struct arena *a, struct str *leg)
{
	struct publishing api = h->api;
	struct store s = { .h = h, .arena = a, .run = x->run };
	struct str zip, why = STR_NONE;

	*leg = github_api_leg(a, x->name, attempt_of_name(x->name));
	if (x->expired) {
		e->state = STATE_EXPIRED;
		return;
	}
	api.arena = a;
	if (!github_api_download(&api, artifact_path(h, x), "application/vnd.github+json", &zip)) {
		e->state = STATE_UNREAD;
		e->why = arena_str(h->arena, api.why);
		h->network = true;
		return;
	}
	if (x->digest.len && !str_eq(x->digest, arena_concat(a, STR("sha256:"), sha256_hex(a, zip), STR_NONE)))
		worsen(e, STATE_DAMAGED, STR("the artifact has not the digest that GitHub states"));
	if (!archive_take(a, zip, LIMIT_SBOM, matters, NULL, &s.files, &why))
		worsen(e, STATE_DAMAGED, arena_concat(h->arena, STR("the artifact cannot be read whole: "), why, STR_NONE));
	else
		check_files(e, &s);
	*leg = github_api_leg(a, x->name, s.attempt);
}

/* Of several artifacts the worst; where some are there and others are not it is incomplete. */
static void sum_up(struct history *h, struct entry *e)
{
	static const int rank[STATES] = { [STATE_EXPIRED] = 1, [STATE_MISSING] = 2, [STATE_INCOMPLETE] = 3, [STATE_UNREAD] = 4, [STATE_DAMAGED] = 5 };
	bool there = false, gone = false;

	e->state = e->legs.items[0].state;
	for (VEC_EACH(const struct judged, l, &e->legs)) {
		e->state = rank[l->state] > rank[e->state] ? l->state : e->state;
		(*(l->state == STATE_EXPIRED || l->state == STATE_MISSING ? &gone : &there)) = true;
	}
	if (there && gone && rank[e->state] < rank[STATE_INCOMPLETE])
		e->state = STATE_INCOMPLETE;
	for (VEC_EACH(const struct judged, l, &e->legs)) {
		if (e->legs.n == 1)
			e->why = l->why;
		else if (l->state != STATE_PRESENT)
			e->why = arena_printf(h->arena, "%.*s%s%.*s is %s%s%.*s", STR_ARG(e->why), e->why.len ? "; " : "", STR_ARG(l->name), audit_history_states[l->state],
					      l->why.len ? ": " : "", STR_ARG(l->why));
	}
}

static void by_artifacts(struct history *h, struct entry *e)
{
	struct map_entry *m = map_get(&h->artifacts, e->sha);
	struct map seen;

	if (!m) {
		e->state = STATE_MISSING;
		e->why = STR("no run of this commit left an SBOM");
		return;
	}
	map_init(&seen, h->arena);
	for (VEC_EACH(const struct leg, x, (struct legs *)m->value.ptr)) {
		struct arena *a = arena_new(0);
		struct entry one = { .kind = e->kind, .sha = e->sha };
		struct str leg;
		bool fresh = !map_has(&seen, x->name); /* else a later attempt of it was looked at */
		if (fresh) {
			judge_artifact(h, &one, x, a, &leg);
			map_put(&seen, arena_str(h->arena, leg), &fresh);
		}
		if (fresh) {
			*VEC_ADD(h->arena, &e->legs) = (struct judged){ x->name, one.why, one.gate, one.state };
			e->gate = one.gate.len && (!e->gate.len || str_is(e->gate, "open")) ? one.gate : e->gate;
			e->overrides = one.overrides.len ? joined(h, e->overrides, one.overrides) : e->overrides;
			e->exceptions = one.exceptions.len ? joined(h, e->exceptions, one.exceptions) : e->exceptions;
			e->expires = x->expires.len && (!e->expires.len || str_cmp(x->expires, e->expires) < 0) ? x->expires : e->expires;
		}
		arena_free(a);
	}
	sum_up(h, e);
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
	*s = (struct store){ .h = h, .arena = h->arena, .suffix = suffix };
	return s;
}

/* The commit of a release's tag, from two requests where it is an annotated one. False after a failure that was told. */
static bool commit_of_tag(struct history *h, struct str tag, struct entry *e)
{
	struct http_response answer;
	const struct json *ref = github_api_get(&h->api, path_of(h, arena_concat(h->arena, STR("/git/ref/tags/"), http_encode(h->arena, tag), STR_NONE)), &answer);
	const struct json *to = json_get(ref, "object");

	if (str_is(json_get_string(to, "type"), "tag"))
		to = json_get(github_api_get(&h->api, path_of(h, arena_concat(h->arena, STR("/git/tags/"), http_encode(h->arena, json_get_string(to, "sha")), STR_NONE)), &answer),
			      "object");
	if (str_is(json_get_string(to, "type"), "commit")) {
		e->sha = json_get_string(to, "sha");
		return true;
	}
	if (answer.status == 404) {
		worsen(e, STATE_INCOMPLETE, STR("the tag is not there: nothing tells which commit was released"));
		return true;
	}
	failed(h, "a release's tag");
	e->state = STATE_UNREAD;
	e->why = h->api.why;
	return false;
}

static void take_release(struct history *h, const struct json *r)
{
	struct str time = json_get_string(r, "published_at");
	struct stores all = { 0 };

	if (json_get_bool(r, "draft") || !within(h, time))
		return;
	struct entry *e = VEC_ADD(h->arena, &h->entries);
	*e = (struct entry){ .kind = "release", .name = json_get_string(r, "tag_name"), .time = time };
	if (!commit_of_tag(h, e->name, e))
		return;
	for (JSON_EACH(s, json_get(r, "assets"))) {
		struct str suffix, digest = json_get_string(s, "digest");
		struct archive_file f = { .name = github_api_plain_name(h->arena, json_get_string(s, "name"), &suffix) };
		uint64_t id;
		if (!matters(NULL, f.name) || !json_to_u64(json_get(s, "id"), &id))
			continue;
		struct str path = path_of(h, arena_printf(h->arena, "/releases/assets/%llu", (unsigned long long)id));
		if (github_api_download(&h->api, path, "application/octet-stream", &f.bytes)) {
			*VEC_ADD(h->arena, &store_of(h, &all, suffix)->files) = f;
			if (digest.len && !str_eq(digest, arena_concat(h->arena, STR("sha256:"), sha256_hex(h->arena, f.bytes), STR_NONE)))
				worsen(e, STATE_DAMAGED, arena_concat(h->arena, json_get_string(s, "name"), STR(" has not the digest that GitHub states"), STR_NONE));
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
	by_artifacts(h, e);
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
	if (!read_artifacts(h))
		return false;
	pages(h, path_of(h, STR("/releases?per_page=100")), take_release, "its releases");
	struct str query = arena_printf(h->arena, "/commits?per_page=100&sha=%.*s", STR_ARG(http_encode(h->arena, h->branch)));
	if (h->since.len)
		query = arena_printf(h->arena, "%.*s&since=%.*s", STR_ARG(query), STR_ARG(http_encode(h->arena, h->since)));
	if (h->until.len)
		query = arena_printf(h->arena, "%.*s&until=%.*s", STR_ARG(query), STR_ARG(http_encode(h->arena, h->until)));
	pages(h, path_of(h, query), take_commit, "its commits");
	return true;
}

int audit_history(struct invocation *in, struct str repository)
{
	struct history h = { .arena = in->arena, .since = option_get(in, "since"), .until = option_get(in, "until") };
	struct outputs outputs;
	int64_t t;

	if (!outputs_own(in, "table|json|html", &outputs))
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
			audit_history_json(&h, &text);
		else if (str_is(o->name, "html"))
			audit_history_html(&h, &text);
		else
			audit_history_table(&h, &text);
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
