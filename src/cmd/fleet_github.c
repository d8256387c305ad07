/* Stored SBOMs of a repository: its default branch's latest artifact and the assets of its latest releases. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/sha256.h"
#include "cmd/fleet.h"
#include "cmd/github_api.h"
#include "cmd/runner.h"
#include "io/archive.h"
#include "io/file.h"

#define MOST_PAGES 10 /* of 100 releases each */
#define MOST_LISTS 1000 /* of 100 artifacts each, of all workflows */

/* An artifact of the newest commit: one for each leg of a matrix, each job and workflow that uses the action. */
struct leg {
	struct str name, sha, digest;
	uint64_t id;
	bool expired;
};

struct legs {
	struct leg *items;
	size_t n, cap;
	bool ended; /* an older commit's was seen */
};

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
	struct str folder = arena_printf(f->arena, "%.*s/%zu-%.*s", STR_ARG(f->spool), f->spooled++, STR_ARG(part));
	return file_make_folders(folder.s, &why) ? folder : STR_NONE;
}

/* `what`: which of several of this version it is; the index knows an SBOM by that. */
static void add_unit(struct fetching *x, struct str folder, struct str file, bool has_record, struct str version, struct str what)
{
	struct fleet *f = x->fleet;
	struct fleet_unit *u = VEC_ADD(f->arena, &f->units);

	*u = *x->like;
	u->path = file_join(f->arena, folder, file);
	u->folder = has_record ? folder : STR_NONE;
	u->shown = arena_printf(f->arena, "%.*s %.*s %.*s", STR_ARG(x->like->repository), STR_ARG(version), STR_ARG(what));
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

/* What came is not what was stored: no matter of the network. */
static void damaged(struct fetching *x, struct str why)
{
	fleet_fail(x->fleet, false, arena_concat(x->fleet->arena, x->like->repository, STR(" artifact"), STR_NONE), why);
}

static bool matters(const void *unused, struct str name)
{
	(void)unused;
	return is_safe(name) && (github_api_is_sbom(name) || str_is(name, "result.json") || str_is(name, "provenance.json"));
}

/* The files of an artifact's zip that matter, into the folder. The name of the SBOM that counts; absent after a failure that was told. *attempt:
 * of the run, as the record says. */
static struct str unzip(struct fetching *x, struct str zip, struct str folder, bool *record, struct str *attempt)
{
	struct arena *a = x->fleet->arena;
	struct archive_files files;
	struct str why = STR_NONE, sbom = STR_NONE;

	if (!archive_take(a, zip, LIMIT_SBOM, matters, NULL, &files, &why)) {
		damaged(x, arena_concat(a, STR("cannot be read whole: "), why, STR_NONE));
		return STR_NONE;
	}
	for (VEC_EACH(const struct archive_file, f, &files)) {
		if (!file_write_atomic(file_join(a, folder, f->name).s, f->bytes, &why)) {
			fail(x, "artifact", why);
			return STR_NONE;
		}
		*record = *record || str_is(f->name, "result.json");
		if (str_is(f->name, "provenance.json"))
			*attempt = json_get_string(json_path(json_parse(a, f->bytes, NULL, NULL), "predicate.buildDefinition.internalParameters"), "runAttempt");
		if (github_api_is_sbom(f->name) && (!sbom.len || str_is(f->name, "sbom.cdx.json")))
			sbom = f->name;
	}
	if (!sbom.len)
		damaged(x, STR("holds no SBOM"));
	return sbom;
}

/* Not added where a later attempt of the same leg was. */
static void take_artifact(struct fetching *x, const struct leg *l, struct map *seen)
{
	struct arena *a = x->fleet->arena;
	struct str path = path_of(x, arena_printf(a, "/actions/artifacts/%llu/zip", (unsigned long long)l->id).s), zip, attempt = STR_NONE;
	struct str folder = spool(x, x->branch.len && is_safe(x->branch) ? x->branch : STR("branch"));
	bool record = false, fresh;

	if (!github_api_download(&x->api, path, "application/vnd.github+json", &zip)) {
		fail(x, "artifact", x->api.why);
		return;
	}
	if (l->digest.len && !str_eq(l->digest, arena_concat(a, STR("sha256:"), sha256_hex(a, zip), STR_NONE))) {
		damaged(x, arena_concat(a, l->name, STR(" has not the digest that GitHub states"), STR_NONE));
		return;
	}
	struct str sbom = unzip(x, zip, folder, &record, &attempt);
	struct str leg = github_api_leg(a, l->name, attempt);
	map_put(seen, leg, &fresh);
	if (sbom.len && fresh)
		add_unit(x, folder, sbom, record, x->branch, arena_printf(a, "%.*s %.*s", STR_ARG(leg), STR_ARG(sbom)));
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

/* The newest comes first; of one name one that is still there goes before one that has expired. */
static void take_leg(struct fetching *x, struct legs *legs, const struct json *artifact)
{
	struct arena *a = x->fleet->arena;
	struct leg l = { .name = json_get_string(artifact, "name"), .sha = json_get_string(json_get(artifact, "workflow_run"), "head_sha"),
			 .expired = json_get_bool(artifact, "expired") };
	struct leg *same = NULL;

	if (!is_own(x, artifact) || !json_to_u64(json_get(artifact, "id"), &l.id))
		return;
	if (legs->n && !str_eq(l.sha, legs->items[0].sha)) {
		legs->ended = true;
		return;
	}
	for (VEC_EACH(struct leg, o, legs))
		same = str_eq(o->name, l.name) ? o : same;
	if (same && (!same->expired || l.expired))
		return;
	l.name = arena_str(a, l.name);
	l.sha = arena_str(a, l.sha);
	l.digest = arena_str(a, json_get_string(artifact, "digest"));
	*(same ? same : VEC_ADD(a, legs)) = l;
}

/* Those of the newest commit that has any. False after a failure that was told. */
static bool find_legs(struct fetching *x, struct legs *legs)
{
	struct publishing api = x->api;
	struct str path = path_of(x, "/actions/artifacts?per_page=100");

	for (int page = 0; path.len && !legs->ended; page++) {
		struct http_response answer;
		api.arena = arena_new(0);
		const struct json *list = page < MOST_LISTS ? github_api_get(&api, path, &answer) : NULL;
		for (JSON_EACH(f, json_get(list, "artifacts")))
			take_leg(x, legs, f);
		path = list ? arena_str(x->fleet->arena, github_next(&api, &answer)) : STR_NONE;
		struct str why = list ? STR_NONE : page == MOST_LISTS ? STR("there are too many: delete old ones, or keep the SBOM as a release asset") :
				 arena_printf(x->fleet->arena, "%.*s (the token needs actions: read)", STR_ARG(api.why));
		arena_free(api.arena);
		if (!list) {
			fail(x, "artifacts", why);
			return false;
		}
	}
	return true;
}

/* The default branch's: all legs of its newest commit. */
static void latest_artifacts(struct fetching *x)
{
	struct legs legs = { 0 };
	struct map seen;

	map_init(&seen, x->fleet->arena);
	if (!find_legs(x, &legs))
		return;
	for (VEC_EACH(const struct leg, l, &legs)) {
		if (map_has(&seen, l->name)) /* a later attempt was taken */
			continue;
		if (l->expired && legs.n > 1)
			fleet_fail(x->fleet, false, arena_printf(x->fleet->arena, "%.*s %.*s", STR_ARG(x->like->repository), STR_ARG(l->name)),
				   STR("has expired: raise retention-days, or keep it as a release asset"));
		else if (l->expired)
			fleet_fail(x->fleet, false, x->like->repository, STR("the default branch's SBOM has expired: raise retention-days, or keep it as a release asset"));
		else
			take_artifact(x, l, &seen);
	}
}

/* Assets that belong together: what a leg attached, or one SBOM in several formats. */
struct shipment {
	struct str key, folder, sbom, what;
	bool record;
};

struct shipments {
	struct shipment *items;
	size_t n, cap;
};

static struct shipment *shipment_of(struct fetching *x, struct shipments *all, struct str key, struct str tag)
{
	for (VEC_EACH(struct shipment, s, all))
		if (str_eq(s->key, key))
			return s;
	struct shipment *s = VEC_ADD(x->fleet->arena, all);
	*s = (struct shipment){ .key = key, .folder = spool(x, is_safe(tag) ? tag : STR("release")) };
	return s;
}

/* "sbom-1a2b.cdx.json" goes with "result-1a2b.json"; somebody else's "app-linux.cdx.json" with "app-linux.spdx.json". */
static struct str key_of(struct arena *a, struct str name, struct str plain, struct str suffix)
{
	static const char *const ends[] = { ".cdx.json", ".cdx.xml", ".spdx.json", ".spdx" };

	if (!github_api_is_sbom(plain) || str_starts(plain, STR("sbom.")))
		return arena_concat(a, STR("leg "), suffix, STR_NONE);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (str_ends(name, str_of(ends[i])))
			return str_sub(name, 0, name.len - strlen(ends[i]));
	return name;
}

static void take_release(struct fetching *x, const struct json *release)
{
	struct arena *a = x->fleet->arena;
	struct str tag = json_get_string(release, "tag_name"), bytes, why = STR_NONE, suffix;
	struct shipments all = { 0 };
	size_t before = x->found;

	for (JSON_EACH(s, json_get(release, "assets"))) {
		struct str name = json_get_string(s, "name"), plain = github_api_plain_name(a, name, &suffix);
		uint64_t id;
		bool wanted = github_api_is_sbom(plain) || str_is(plain, "result.json") || str_is(plain, "provenance.json");
		if (!wanted || !is_safe(name) || str_starts(name, STR("original-")) || !json_to_u64(json_get(s, "id"), &id))
			continue;
		struct shipment *to = shipment_of(x, &all, key_of(a, name, plain, suffix), tag);
		struct str path = path_of(x, arena_printf(a, "/releases/assets/%llu", (unsigned long long)id).s);
		if (!github_api_download(&x->api, path, "application/octet-stream", &bytes)) {
			fail(x, "release asset", x->api.why);
			continue;
		}
		if (!file_write_atomic(file_join(a, to->folder, plain).s, bytes, &why)) {
			fail(x, "release asset", why);
			continue;
		}
		to->record = to->record || str_is(plain, "result.json");
		if (github_api_is_sbom(plain) && (!to->sbom.len || str_ends(plain, STR(".cdx.json")))) {
			to->sbom = plain;
			to->what = name;
		}
	}
	for (VEC_EACH(const struct shipment, s, &all))
		if (s->sbom.len)
			add_unit(x, s->folder, s->sbom, s->record, tag, s->what);
	if (x->found == before)
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
	latest_artifacts(&x);
	releases(&x, latest);
	if (!x.found && f->failures.n == failed)
		fleet_fail(f, false, like->repository, STR("it has neither an artifact nor a release with an SBOM: nothing is known of it"));
}
