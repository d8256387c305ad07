/* Stored SBOMs of a repository: its default branch's latest artifact and the assets of its latest releases. */
#include <stdlib.h>

#include "base/limits.h"
#include "cmd/fleet.h"
#include "cmd/github_api.h"
#include "cmd/runner.h"
#include "io/archive.h"
#include "io/file.h"

#define MOST_PAGES 10 /* of 100 artifacts or releases each */

struct fetching {
	struct fleet *fleet;
	const struct fleet_unit *like;
	struct publishing api;
	struct runner *runner;
	struct str branch, policy;
	uint64_t id; /* of the repository */
	size_t found;
};

static struct str path_of(struct fetching *x, const char *rest)
{
	return github_path(&x->api, rest);
}

/* The folder for one fetched record; absent where none can be made. */
static struct str spool(struct fetching *x, struct str part)
{
	struct fleet *f = x->fleet;
	struct str why;

	if (!f->spool.len) {
		char *name = arena_cstr(f->arena, STR("/tmp/bomgate-fleet-XXXXXX"));
		if (!mkdtemp(name))
			return STR_NONE;
		f->spool = str_of(name);
	}
	struct str folder = arena_printf(f->arena, "%.*s/%zu-%.*s", STR_ARG(f->spool), f->units.n, STR_ARG(part));
	return file_make_folders(folder.s, &why) ? folder : STR_NONE;
}

static void add_unit(struct fetching *x, struct str folder, struct str file, bool has_record, struct str version)
{
	struct fleet *f = x->fleet;
	struct fleet_unit *u = VEC_ADD(f->arena, &f->units);

	*u = *x->like;
	u->path = file_join(f->arena, folder, file);
	u->folder = has_record ? folder : STR_NONE;
	u->shown = arena_printf(f->arena, "%.*s %.*s %.*s", STR_ARG(x->like->repository), STR_ARG(version), STR_ARG(file));
	u->version = version;
	u->policy = x->policy;
	u->runner = x->runner;
	u->branch = x->branch;
	u->versions = NULL; /* chosen already */
	x->found++;
}

static bool is_safe(struct str n)
{
	return n.len && n.len < 200 && str_chr(n, '/') == STR_NOT_FOUND && n.s[0] != '.' && str_chr(n, '\0') == STR_NOT_FOUND;
}

static void fail(struct fetching *x, const char *what, struct str why)
{
	fleet_fail(x->fleet, true, arena_printf(x->fleet->arena, "%.*s %s", STR_ARG(x->like->repository), what), why);
}

static bool matters(const void *unused, struct str name)
{
	(void)unused;
	return is_safe(name) && (github_api_is_sbom(name) || str_is(name, "result.json") || str_is(name, "provenance.json"));
}

/* The files of an artifact's zip that matter, into the folder. The name of the SBOM that counts; absent after a failure that was told. */
static struct str unzip(struct fetching *x, struct str zip, struct str folder, bool *record)
{
	struct arena *a = x->fleet->arena;
	struct archive_files files;
	struct str why = STR_NONE, sbom = STR_NONE;

	if (!archive_take(a, zip, LIMIT_SBOM, matters, NULL, &files, &why)) {
		fail(x, "artifact", arena_concat(a, STR("cannot be read whole: "), why, STR_NONE));
		return STR_NONE;
	}
	for (VEC_EACH(const struct archive_file, f, &files)) {
		if (!file_write_atomic(file_join(a, folder, f->name).s, f->bytes, &why)) {
			fail(x, "artifact", why);
			return STR_NONE;
		}
		*record = *record || str_is(f->name, "result.json");
		if (github_api_is_sbom(f->name) && (!sbom.len || str_is(f->name, "sbom.cdx.json")))
			sbom = f->name;
	}
	if (!sbom.len)
		fail(x, "artifact", STR("holds no SBOM"));
	return sbom;
}

static void take_artifact(struct fetching *x, uint64_t id)
{
	struct str path = path_of(x, arena_printf(x->fleet->arena, "/actions/artifacts/%llu/zip", (unsigned long long)id).s), zip;
	struct str folder = spool(x, x->branch.len && is_safe(x->branch) ? x->branch : STR("branch"));
	bool record = false;

	if (!github_api_download(&x->api, path, "application/vnd.github+json", &zip)) {
		fail(x, "artifact", x->api.why);
		return;
	}
	struct str sbom = unzip(x, zip, folder, &record);
	if (sbom.len)
		add_unit(x, folder, sbom, record, x->branch);
}

/* Did a run of the repository itself, on its default branch and not for a fork's pull request, make it? */
static bool is_own(const struct fetching *x, const struct json *artifact)
{
	const struct json *run = json_get(artifact, "workflow_run");
	uint64_t head = 0, of = 0;

	json_to_u64(json_get(run, "head_repository_id"), &head);
	if (json_to_u64(json_get(run, "repository_id"), &of) && of != x->id)
		return false;
	return x->id && head == x->id && str_eq(json_get_string(run, "head_branch"), x->branch) &&
	       str_starts(json_get_string(artifact, "name"), STR(GITHUB_ARTIFACT_PREFIX));
}

/* The newest comes first. */
static void latest_artifact(struct fetching *x)
{
	struct str path = path_of(x, "/actions/artifacts?per_page=100");
	bool expired = false;

	for (int page = 0; page < MOST_PAGES && path.len; page++) {
		struct http_response answer;
		const struct json *list = github_api_get(&x->api, path, &answer);
		uint64_t id;
		if (!list) {
			fail(x, "artifacts", arena_printf(x->fleet->arena, "%.*s (the token needs actions: read)", STR_ARG(x->api.why)));
			return;
		}
		for (JSON_EACH(f, json_get(list, "artifacts"))) {
			if (!is_own(x, f) || !json_to_u64(json_get(f, "id"), &id))
				continue;
			if (!json_get_bool(f, "expired")) {
				take_artifact(x, id);
				return;
			}
			expired = true;
		}
		path = github_next(&x->api, &answer);
	}
	if (expired)
		fleet_fail(x->fleet, false, x->like->repository, STR("the default branch's SBOM has expired: raise retention-days, or keep it as a release asset"));
}

static void take_release(struct fetching *x, const struct json *release)
{
	struct arena *a = x->fleet->arena;
	struct str tag = json_get_string(release, "tag_name"), bytes, why, sbom = STR_NONE;
	struct str folder = spool(x, is_safe(tag) ? tag : STR("release"));
	bool record = false;

	for (JSON_EACH(s, json_get(release, "assets"))) {
		struct str name = json_get_string(s, "name");
		uint64_t id;
		bool wanted = github_api_is_sbom(name) || str_is(name, "result.json") || str_is(name, "provenance.json");
		if (!wanted || !is_safe(name) || !json_to_u64(json_get(s, "id"), &id))
			continue;
		struct str path = path_of(x, arena_printf(a, "/releases/assets/%llu", (unsigned long long)id).s);
		if (!github_api_download(&x->api, path, "application/octet-stream", &bytes) || !file_write_atomic(file_join(a, folder, name).s, bytes, &why)) {
			fail(x, "release asset", x->api.why);
			continue;
		}
		record = record || str_is(name, "result.json");
		if (github_api_is_sbom(name) && (!sbom.len || str_ends(name, STR(".cdx.json"))))
			sbom = name;
	}
	if (sbom.len)
		add_unit(x, folder, sbom, record, tag);
	else
		fleet_fail(x->fleet, false, arena_printf(a, "%.*s %.*s", STR_ARG(x->like->repository), STR_ARG(tag)),
			   STR("the release has no SBOM among its assets: nothing is known of it"));
}

static void releases(struct fetching *x, unsigned latest)
{
	struct fleet_versions *versions = x->like->versions;
	struct str path = path_of(x, "/releases?per_page=100");
	unsigned seen = 0;

	for (int page = 0; page < MOST_PAGES && path.len; page++) {
		struct http_response answer;
		const struct json *list = github_api_get(&x->api, path, &answer);
		if (!list) {
			fail(x, "releases", x->api.why);
			return;
		}
		for (JSON_EACH(r, list)) {
			if (json_get_bool(r, "draft"))
				continue;
			bool supported = versions && fleet_supports(versions, json_get_string(r, "tag_name"));
			if (supported || (latest ? seen < latest : !versions))
				take_release(x, r);
			seen++;
		}
		path = latest && !versions && seen >= latest ? STR_NONE : github_next(&x->api, &answer);
	}
	if (path.len)
		fail(x, "releases", STR("there are more than 1,000: name the supported ones in a fleet file (versions, latest)"));
}

/* Today's policy of the default branch decides. */
static void fetch_policy(struct fetching *x)
{
	struct http_response answer = { 0 };
	struct publishing p = x->api;
	struct str path = path_of(x, arena_printf(x->fleet->arena, "/contents/.github/bomgate.yml?ref=%s",
						  arena_cstr(x->fleet->arena, http_encode(x->fleet->arena, x->branch))).s);
	struct http_header headers[] = { { STR("Accept"), STR("application/vnd.github.raw+json") } };
	struct http_request q = { .method = "GET", .url = arena_concat(x->fleet->arena, p.api_url, path, STR_NONE), .headers = headers, .nheaders = 1,
				  .limit = LIMIT_CONFIG, .authorization = arena_concat(x->fleet->arena, STR("Bearer "), p.token, STR_NONE) };
	struct str why = STR_NONE;

	if (http_do(x->fleet->arena, &q, &answer, &why) && answer.status == 200)
		x->policy = answer.body;
	else if (answer.status != 404)
		fail(x, "policy", why.len ? why : STR("could not be read: the defaults decide"));
}

void fleet_add_repository(struct fleet *f, const struct fleet_unit *like, unsigned latest)
{
	struct fetching x = { .fleet = f, .like = like };
	struct http_response answer;
	const struct json *repo;

	if (!github_api_begin(f->arena, like->repository, &x.api)) {
		fleet_fail(f, true, like->repository, x.api.why);
		return;
	}
	repo = github_api_get(&x.api, path_of(&x, ""), &answer);
	if (!repo) {
		bool no_access = answer.status == 401 || answer.status == 403 || answer.status == 404;
		fleet_fail(f, !no_access, like->repository,
			   no_access ? arena_printf(f->arena, "the token cannot read it (%.*s); it needs contents: read and actions: read there", STR_ARG(x.api.why)) : x.api.why);
		return;
	}
	x.branch = json_get_string(repo, "default_branch");
	json_to_u64(json_get(repo, "id"), &x.id);
	x.runner = ARENA_NEW(f->arena, struct runner);
	x.runner->repository = like->repository;
	x.runner->api_url = x.api.api_url;
	x.runner->token = x.api.token;
	fetch_policy(&x);
	size_t failed = f->failures.n;
	latest_artifact(&x);
	releases(&x, latest);
	if (!x.found && f->failures.n == failed)
		fleet_fail(f, false, like->repository, STR("it has neither an artifact nor a release with an SBOM: nothing is known of it"));
}
