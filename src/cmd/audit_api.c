/* The level "anchored" by GitHub's API: what GitHub itself keeps of the run, its artifact and the commit. */
#include "base/limits.h"
#include "base/map.h"
#include "base/sha256.h"
#include "cmd/audit.h"
#include "cmd/github_api.h"
#include "io/archive.h"

#define LEVEL LEVEL_ANCHORED
#define ARTIFACT_PREFIX "bomgate"
#define MOST_BLOBS 1000

struct asking {
	struct audited *x;
	struct publishing api;
	struct str_parents {
		struct str *items;
		size_t n, cap;
	} parents;
};

static const struct json *ask(struct asking *q, struct str path, const char *what, struct str about)
{
	struct http_response answer;
	const struct json *j = github_api_get(&q->api, path, &answer);

	if (!j && (answer.status == 404 || answer.status == 422))
		audit_say(&q->x->audit, LEVEL, CHECK_FAILS, what, about, "GitHub knows nothing of it (or the token may not read it): %.*s", STR_ARG(q->api.why));
	else if (!j)
		audit_say(&q->x->audit, LEVEL, CHECK_NO_DATA, what, about, "%.*s", STR_ARG(q->api.why));
	return j;
}

static struct str below(struct asking *q, const char *fmt, struct str what)
{
	struct str tail = arena_printf(q->api.arena, "%s%.*s", fmt, STR_ARG(what));

	return arena_concat(q->api.arena, github_path(&q->api, ""), tail, STR_NONE);
}

static bool is_plain(struct str s, bool hex)
{
	for (size_t i = 0; i < s.len; i++)
		if (hex ? ascii_hex(s.s[i]) < 0 : !ascii_digit(s.s[i]))
			return false;
	return s.len > 0;
}

/* ---- the commit and its files */

struct github_tree {
	struct asking *q;
	struct map blobs;
	bool cut;
	size_t asked;
};

static bool blob_at(void *context, struct str path, struct str *id, bool *missing, struct str *why)
{
	struct github_tree *t = context;
	const struct map_entry *e = map_get(&t->blobs, path);

	if (e) {
		*id = json_get_string(e->value.ptr, "sha");
		return true;
	}
	*missing = !t->cut;
	if (t->cut)
		*why = STR("GitHub's listing of the tree is cut off before it; use --checkout");
	return false;
}

/* One request each: GitHub allows thousands an hour, and what is not asked is said. */
static bool bytes_of(void *context, struct str id, struct str *out, struct str *why)
{
	struct github_tree *t = context;

	if (t->asked++ >= MOST_BLOBS) {
		*why = arena_printf(t->q->api.arena, "more than %d files are not asked for; use --checkout", MOST_BLOBS);
		return false;
	}
	bool good = is_plain(id, true) && github_api_download(&t->q->api, below(t->q, "/git/blobs/", id), "application/vnd.github.raw+json", out);
	if (!good)
		*why = t->q->api.why;
	return good;
}

static void check_tree(struct asking *q)
{
	const struct record *r = &q->x->record;
	struct github_tree t = { .q = q };
	struct commit_files files = { .blob = blob_at, .bytes = bytes_of, .context = &t, .who = "GitHub" };
	const struct json *tree = ask(q, arena_concat(q->api.arena, below(q, "/git/trees/", r->tree), STR("?recursive=1"), STR_NONE), "input", r->tree);

	if (!tree)
		return;
	map_init(&t.blobs, q->api.arena);
	t.cut = json_get_bool(tree, "truncated");
	for (JSON_EACH(e, json_get(tree, "tree")))
		if (str_is(json_get_string(e, "type"), "blob"))
			map_put(&t.blobs, json_get_string(e, "path"), NULL)->value.ptr = (void *)(uintptr_t)e;
	audit_inputs(q->x, &files);
}

static void check_commit(struct asking *q)
{
	const struct record *r = &q->x->record;

	if (!is_plain(r->commit, true) || !is_plain(r->tree, true)) {
		audit_say(&q->x->audit, LEVEL, CHECK_FAILS, "commit", r->commit, "the record names no commit and tree");
		return;
	}
	const struct json *c = ask(q, below(q, "/git/commits/", r->commit), "commit", r->commit);
	if (!c)
		return;
	audit_check(&q->x->audit, LEVEL, str_eq(json_get_string(json_get(c, "tree"), "sha"), r->tree), "commit", r->commit, "exists with the recorded tree");
	for (JSON_EACH(p, json_get(c, "parents")))
		*VEC_ADD(q->api.arena, &q->parents) = json_get_string(p, "sha");
	check_tree(q);
}

/* ---- the run */

static void check_run(struct asking *q)
{
	struct record *r = &q->x->record;
	struct audit *a = &q->x->audit;
	uint64_t own = 0, head = 1;
	struct str attempts = r->run_attempt.len ? arena_concat(q->api.arena, STR("/attempts/"), r->run_attempt, STR_NONE) : STR("");

	if (!is_plain(r->run_id, false) || (r->run_attempt.len && !is_plain(r->run_attempt, false))) {
		audit_say(a, LEVEL, CHECK_FAILS, "run", STR_NONE, "the record names no run of GitHub Actions (it says: %.*s)", STR_ARG(r->builder));
		return;
	}
	const struct json *run = ask(q, arena_concat(q->api.arena, below(q, "/actions/runs/", r->run_id), attempts, STR_NONE), "run", r->run_id);
	if (!run)
		return;
	struct str sha = json_get_string(run, "head_sha"), path = json_get_string(run, "path");
	bool fits = str_eq(sha, r->commit);
	for (VEC_EACH(const struct str, p, &q->parents))
		fits = fits || (str_eq(*p, sha) && str_starts(r->event, STR("pull_request")));
	audit_check(a, LEVEL, fits, "run", r->run_id, "ran on the recorded commit (GitHub says %.*s)", STR_ARG(sha));
	path = str_sub(path, 0, str_chr(path, '@'));
	struct str expected = arena_printf(q->api.arena, "/%.*s/%.*s@", STR_ARG(r->repository), STR_ARG(path));
	audit_check(a, LEVEL, path.len && str_has(r->builder, expected), "run", r->run_id, "is of the recorded workflow (GitHub says %.*s)", STR_ARG(path));
	audit_check(a, LEVEL, str_eq(json_get_string(run, "event"), r->event), "run", r->run_id, "was started by the recorded event (%.*s)", STR_ARG(r->event));
	json_to_u64(json_path(run, "repository.id"), &own);
	json_to_u64(json_path(run, "head_repository.id"), &head);
	audit_check(a, LEVEL, own == head, "run", r->run_id, "was made from the repository's own code, not a fork's");
}

/* ---- its artifact */

/* The files of the zip that the record speaks of. */
static bool is_recorded(const void *record, struct str name)
{
	const struct record *r = record;

	for (VEC_EACH(const struct record_file, f, &r->files))
		if (str_eq(f->name, name))
			return true;
	return str_eq(name, r->name) || str_is(name, "verdict.json");
}

static bool same_file(struct asking *q, const struct archive_files *z, struct str artifact, struct str name, struct str mine)
{
	const struct archive_file *f = archive_file_of(z, name);

	if (f && mine.s && str_eq(f->bytes, mine))
		return true;
	audit_say(&q->x->audit, LEVEL, mine.s ? CHECK_FAILS : CHECK_MISSING, "artifact", name, "%s the run's artifact %.*s",
		  !f ? "is not in" : mine.s ? "is another file than the one in" : "is not here, but it is in", STR_ARG(artifact));
	return false;
}

/* Is it the artifact with this record? Other legs of a matrix have records of their own. Then every file of the record must be in it. */
static bool compare_zip(struct asking *q, struct str zip, struct str name)
{
	const struct record *r = &q->x->record;
	struct archive_files z;
	struct str why = STR_NONE;

	if (!archive_take(q->api.arena, zip, LIMIT_SBOM, is_recorded, r, &z, &why)) {
		audit_say(&q->x->audit, LEVEL, CHECK_FAILS, "artifact", name, "cannot be read whole: %.*s", STR_ARG(why));
		return false;
	}
	const struct archive_file *own = archive_file_of(&z, r->name);
	if (!own || !str_eq(own->bytes, r->bytes))
		return false;
	bool same = true;
	for (VEC_EACH(const struct record_file, f, &r->files)) {
		bool needed = f->subject || str_is(f->name, "result.json"); /* reports for people need not be kept */
		if (f->bytes.s || (needed && archive_file_of(&z, f->name)))
			same = same_file(q, &z, name, f->name, f->bytes) && same;
	}
	if (r->verdict_bytes.s || archive_file_of(&z, STR("verdict.json")))
		same = same_file(q, &z, name, STR("verdict.json"), r->verdict_bytes) && same;
	if (same)
		audit_say(&q->x->audit, LEVEL, CHECK_HOLDS, "artifact", name, "holds the same %zu files, byte for byte", z.n);
	return true;
}

static void check_artifacts(struct asking *q)
{
	struct record *r = &q->x->record;
	struct audit *a = &q->x->audit;
	size_t looked = 0, expired = 0;
	bool found = false;

	if (!is_plain(r->run_id, false))
		return;
	const struct json *list =
		ask(q, arena_concat(q->api.arena, below(q, "/actions/runs/", r->run_id), STR("/artifacts?per_page=100"), STR_NONE), "artifact", r->run_id);
	if (!list)
		return;
	for (JSON_EACH(f, json_get(list, "artifacts"))) {
		struct str name = json_get_string(f, "name"), digest = json_get_string(f, "digest"), zip;
		uint64_t id;
		if (!str_starts(name, STR(ARTIFACT_PREFIX)) || !json_to_u64(json_get(f, "id"), &id))
			continue;
		looked++;
		if (json_get_bool(f, "expired")) {
			expired++;
			continue;
		}
		struct str path = below(q, "/actions/artifacts/", arena_printf(q->api.arena, "%llu/zip", (unsigned long long)id));
		if (!github_api_download(&q->api, path, "application/vnd.github+json", &zip)) {
			audit_say(a, LEVEL, CHECK_NO_DATA, "artifact", name, "could not be fetched: %.*s", STR_ARG(q->api.why));
			return;
		}
		struct str now = arena_concat(q->api.arena, STR("sha256:"), sha256_hex(q->api.arena, zip), STR_NONE);
		if (digest.len)
			audit_check(a, LEVEL, str_eq(now, digest), "artifact", name, "has the digest that GitHub states");
		else
			audit_say(a, LEVEL, CHECK_NOT_DONE, "artifact", name, "GitHub states no digest of it: only its files were compared");
		found = compare_zip(q, zip, name) || found;
	}
	if (!found && expired)
		audit_say(a, LEVEL, CHECK_MISSING, "artifact", r->run_id, "expired: GitHub has deleted it, so that the files cannot be compared any more");
	else if (!found)
		audit_say(a, LEVEL, CHECK_FAILS, "artifact", r->run_id, "none of the run's artifacts (%zu looked at) holds this record", looked);
}

void audit_api(struct invocation *in, struct audited *x)
{
	struct asking q = { .x = x };

	if (!x->record.repository.len) {
		audit_say(&x->audit, LEVEL, CHECK_FAILS, "run", STR_NONE, "the record names no repository to ask about");
		return;
	}
	struct str wanted = option_get(in, "repository");
	if (!github_api_begin(in->arena, wanted.len ? wanted : x->record.repository, &q.api)) {
		audit_say(&x->audit, LEVEL, CHECK_NO_DATA, "run", STR_NONE, "GitHub cannot be asked: %.*s", STR_ARG(q.api.why));
		return;
	}
	check_commit(&q);
	check_run(&q);
	check_artifacts(&q);
}
