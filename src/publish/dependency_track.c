/* OWASP Dependency-Track (API of its versions 4 and 5: resources/v1/BomResource): the BOM is queued and its token polled until nothing of
 * it is under way. The token alone says too little (it answers "not processing" for a failure too), so the upload counts only when the
 * project's lastBomImport has moved. */
#include "publish/receiver.h"

#define POLL_SECONDS 3

struct tracking {
	struct receiver r;
	struct str project;	      /* UUID; absent: by name and version */
	struct str name, version;
	uint64_t imported_before;     /* lastBomImport, 0: none */
	bool visible;		      /* the project may be read (or is not there yet) */
};

static bool is_cyclonedx(struct arena *a, struct str bytes)
{
	struct json_cursor c;
	struct str key;

	if (str_starts(bytes, STR("<")))
		return str_has(str_sub(bytes, 0, 4096), STR("cyclonedx.org/schema/bom"));
	json_open(&c, a, bytes);
	if (json_peek(&c) != JSON_OBJECT)
		return false;
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_is(key, "bomFormat"))
			return str_is(json_read_string_or_skip(&c), "CycloneDX");
		json_skip(&c);
	}
	return false;
}

/* The name and version of the project: as set, else the repository and its tag or branch. */
static bool name_project(struct tracking *t)
{
	struct publishing *p = t->r.p;

	t->project = receiver_setting(p->arena, "DEPENDENCY_TRACK_PROJECT");
	t->name = receiver_setting(p->arena, "DEPENDENCY_TRACK_PROJECT_NAME");
	t->version = receiver_setting(p->arena, "DEPENDENCY_TRACK_PROJECT_VERSION");
	if (t->project.len)
		return true;
	if (!t->name.len)
		t->name = p->repository;
	if (!t->version.len)
		t->version = p->tag.len			       ? p->tag :
			     str_starts(p->ref, STR("refs/heads/")) ? str_from(p->ref, 11) :
			     p->pull_request		       ? arena_printf(p->arena, "pull-%lld", (long long)p->pull_request) :
								 STR_NONE;
	if (t->name.len && t->version.len)
		return true;
	p->why = STR("the project is not known: set DEPENDENCY_TRACK_PROJECT (its UUID), or DEPENDENCY_TRACK_PROJECT_NAME and "
		     "DEPENDENCY_TRACK_PROJECT_VERSION");
	return false;
}

/* When the project last took a BOM over. False where it cannot be told (p->why says why); no such project is 0. */
static bool last_import(struct tracking *t, uint64_t *out, long *status)
{
	struct arena *a = t->r.p->arena;
	struct receiver_call c = { .method = "GET", .path = "/api/v1/project/lookup" };
	struct http_response answer;
	const struct json *tree;

	*out = 0;
	if (t->project.len) {
		c.path = arena_cstr(a, arena_concat(a, STR("/api/v1/project/"), http_encode(a, t->project), STR_NONE));
	} else {
		c.query = arena_printf(a, "?name=%.*s&version=%.*s", STR_ARG(http_encode(a, t->name)), STR_ARG(http_encode(a, t->version)));
	}
	bool answered = receiver_call(&t->r, &c, &answer, &tree);
	*status = answer.status;
	if (!answered)
		return answer.status == 404;
	return !json_get(tree, "lastBomImport") || json_type(json_get(tree, "lastBomImport")) == JSON_NULL ||
	       json_to_u64(json_get(tree, "lastBomImport"), out);
}

/* What a refusal means for whoever set this up: PUBLISH_REFUSED where the key may not. */
static enum publish_answer advise(struct tracking *t, long status, const char *rights)
{
	struct publishing *p = t->r.p;
	const char *what = status == 401 ? "the API key is not accepted (DEPENDENCY_TRACK_API_KEY)" :
			   status == 403 ? rights :
			   status == 404 && !t->project.len ? "is the address right? It is the API server's, without /api" :
			   status == 404 ? "is DEPENDENCY_TRACK_PROJECT a project of this server, and the address its API server's, without /api?" :
					   NULL;

	if (what)
		p->why = arena_printf(p->arena, "%.*s; %s", STR_ARG(p->why), what);
	return status == 401 || status == 403 ? PUBLISH_REFUSED : PUBLISH_FAILED;
}

static size_t form(struct tracking *t, struct str bom, struct receiver_part *parts)
{
	struct arena *a = t->r.p->arena;
	struct str parent = receiver_setting(a, "DEPENDENCY_TRACK_PARENT"), parent_name = receiver_setting(a, "DEPENDENCY_TRACK_PARENT_NAME"),
		   parent_version = receiver_setting(a, "DEPENDENCY_TRACK_PARENT_VERSION"), tags = receiver_setting(a, "DEPENDENCY_TRACK_TAGS");
	size_t n = 0;

	if (t->project.len) {
		parts[n++] = (struct receiver_part){ .name = "project", .bytes = t->project };
	} else {
		parts[n++] = (struct receiver_part){ .name = "projectName", .bytes = t->name };
		parts[n++] = (struct receiver_part){ .name = "projectVersion", .bytes = t->version };
		parts[n++] = (struct receiver_part){ .name = "autoCreate", .bytes = STR("true") };
	}
	if (parent.len)
		parts[n++] = (struct receiver_part){ .name = "parentUUID", .bytes = parent };
	if (!parent.len && parent_name.len) {
		parts[n++] = (struct receiver_part){ .name = "parentName", .bytes = parent_name };
		parts[n++] = (struct receiver_part){ .name = "parentVersion", .bytes = parent_version };
	}
	if (tags.len && !t->project.len)
		parts[n++] = (struct receiver_part){ .name = "projectTags", .bytes = tags };
	if (str_eq_nocase(receiver_setting(a, "DEPENDENCY_TRACK_LATEST"), STR("true")))
		parts[n++] = (struct receiver_part){ .name = "isLatest", .bytes = STR("true") };
	if (str_starts(bom, STR("\xef\xbb\xbf")))
		bom = str_from(bom, 3);
	parts[n++] = (struct receiver_part){ .name = "bom", .file_name = STR("bom"), .media_type = STR("application/octet-stream"), .bytes = bom };
	return n;
}

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_alpha(s.s[i]) && !ascii_digit(s.s[i]) && s.s[i] != '-')
			return false;
	return s.len > 0 && s.len <= 64;
}

/* Is something of the upload still under way? False where it cannot be told. Before version 4.9 the token had another address. */
static bool processing(struct tracking *t, struct str token, bool *busy)
{
	static const char *const paths[] = { "/api/v1/event/token/", "/api/v1/bom/token/" };
	struct arena *a = t->r.p->arena;
	struct http_response answer;
	const struct json *tree;

	for (size_t i = 0; i < 2; i++) {
		struct receiver_call c = { .method = "GET", .path = arena_cstr(a, arena_concat(a, str_of(paths[i]), token, STR_NONE)) };
		if (receiver_call(&t->r, &c, &answer, &tree)) {
			enum json_type type = json_type(json_get(tree, "processing"));
			*busy = type == JSON_TRUE;
			if (type == JSON_TRUE || type == JSON_FALSE)
				return true;
			t->r.p->why = STR("Dependency-Track's answer about the upload's token is not understood");
			return false;
		}
		if (answer.status != 404)
			return false;
	}
	return false;
}

static enum publish_answer follow(struct tracking *t, struct str token)
{
	struct publishing *p = t->r.p;
	struct str what = t->project.len ? t->project : arena_printf(p->arena, "%.*s %.*s", STR_ARG(t->name), STR_ARG(t->version));
	bool busy = true;
	int idle = 0;
	uint64_t imported = 0;
	long status = 0;

	while (receiver_wait(&t->r, POLL_SECONDS)) {
		if (!processing(t, token, &busy))
			return PUBLISH_FAILED;
		if (busy)
			continue;
		if (!last_import(t, &imported, &status)) {
			p->why = arena_printf(p->arena, "the BOM was accepted, but whether it was processed cannot be told%s (%.*s)",
					      status == 403 ? ", because the API key may not read the project: give its team VIEW_PORTFOLIO and access to it" : "", STR_ARG(p->why));
			return PUBLISH_FAILED;
		}
		if (imported > t->imported_before) {
			p->why = arena_printf(p->arena, "the BOM is processed: project %.*s", STR_ARG(what));
			return PUBLISH_DONE;
		}
		if (++idle == 3) { /* the token is done and the project did not move: processing failed */
			p->why = arena_printf(p->arena,
					      "Dependency-Track accepted the BOM but did not take it over into project %.*s; its notification "
					      "BOM_PROCESSING_FAILED or its log says why",
					      STR_ARG(what));
			return PUBLISH_FAILED;
		}
	}
	p->why = arena_printf(p->arena, "Dependency-Track accepted the BOM but had not processed it after %.0f seconds (DEPENDENCY_TRACK_WAIT says how long "
					"is waited)",
			      t->r.waited);
	return PUBLISH_FAILED;
}

enum publish_answer publish_dependency_track(struct publishing *p, const struct publish_file *files, size_t n)
{
	struct tracking t = { 0 };
	struct receiver_part parts[10];
	struct receiver_call c = { .method = "POST", .path = "/api/v1/bom", .parts = parts };
	struct http_response answer;
	const struct json *tree;

	if (!receiver_begin(&t.r, p, "Dependency-Track", "DEPENDENCY_TRACK_WAIT"))
		return PUBLISH_FAILED;
	if (!p->secrets.dependency_track_key.len) {
		p->why = STR("there is no API key (DEPENDENCY_TRACK_API_KEY, from a secret)");
		return PUBLISH_REFUSED;
	}
	if (n != 1 || !is_cyclonedx(p->arena, files[0].bytes)) {
		p->why = STR("Dependency-Track takes one CycloneDX document; `bomgate convert` and `bomgate merge` make one");
		return PUBLISH_FAILED;
	}
	if (!name_project(&t))
		return PUBLISH_FAILED;
	if (receiver_setting(p->arena, "DEPENDENCY_TRACK_PARENT_NAME").len != 0 && !receiver_setting(p->arena, "DEPENDENCY_TRACK_PARENT_VERSION").len) {
		p->why = STR("DEPENDENCY_TRACK_PARENT_NAME needs DEPENDENCY_TRACK_PARENT_VERSION");
		return PUBLISH_FAILED;
	}
	t.r.header = (struct http_header){ STR("X-Api-Key"), p->secrets.dependency_track_key };
	long status = 0;
	if (!last_import(&t, &t.imported_before, &status))
		return advise(&t, status, "the API key's team needs VIEW_PORTFOLIO, or nothing can tell whether an upload took effect");
	c.nparts = form(&t, files[0].bytes, parts);
	if (!receiver_call(&t.r, &c, &answer, &tree))
		return advise(&t, answer.status, "the API key's team needs BOM_UPLOAD, and PROJECT_CREATION_UPLOAD for a new project");
	struct str token = json_get_string(tree, "token");
	if (!is_token(token)) {
		p->why = STR("Dependency-Track took the BOM but gave no token, so whether it was processed cannot be told");
		return PUBLISH_FAILED;
	}
	return follow(&t, token);
}
