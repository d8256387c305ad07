#include "io/git.h"

#include <git2.h>
#include <stdlib.h>

#include "io/git_internal.h"

#include "base/limits.h"

struct str git_last_error(struct arena *a, const char *doing)
{
	const git_error *e = git_error_last();

	return arena_printf(a, "%s: %s", doing, e && e->message ? e->message : "unknown error of libgit2");
}

/* Once a process: the machine's configuration and the owner check are switched off, because a container's user is seldom the
 * owner of the workspace, and nothing in a repository is executed here. */
static void start_library(void)
{
	static bool started;
	static const int levels[] = { GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
				      GIT_CONFIG_LEVEL_PROGRAMDATA };

	if (started)
		return;
	started = true;
	git_libgit2_init();
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
}

static struct str config_string(struct git *g, const char *key)
{
	git_config *config = NULL;
	git_buf value = { 0 };
	struct str found = STR_NONE;

	if (git_repository_config_snapshot(&config, g->repo) == 0 && git_config_get_string_buf(&value, config, key) == 0)
		found = arena_str(g->arena, str_make(value.ptr, value.size));
	git_buf_dispose(&value);
	git_config_free(config);
	return found;
}

struct git *git_begin(struct arena *a, const char *path, bool climb, struct str *why)
{
	struct git *g = ARENA_NEW(a, struct git);

	start_library();
	g->arena = a;
	if (git_repository_open_ext(&g->repo, path, climb ? 0 : GIT_REPOSITORY_OPEN_NO_SEARCH, NULL) != 0) {
		const git_error *e = git_error_last();
		if (e && e->message && (strstr(e->message, "objectformat") || strstr(e->message, "object format")))
			*why = STR("the repository uses SHA-256 object ids, which are not read; use dir: instead");
		else
			*why = git_last_error(a, "the repository cannot be opened");
		return NULL;
	}
	if (str_is(config_string(g, "extensions.objectformat"), "sha256")) {
		*why = STR("the repository uses SHA-256 object ids, which are not read; use dir: instead");
		git_end(g);
		return NULL;
	}
	if (git_repository_odb(&g->odb, g->repo) != 0) {
		*why = git_last_error(a, "the object database cannot be opened");
		git_end(g);
		return NULL;
	}
	return g;
}

void git_end(struct git *g)
{
	if (!g)
		return;
	git_odb_free(g->odb);
	git_repository_free(g->repo);
	g->odb = NULL;
	g->repo = NULL;
}

bool git_is_shallow(const struct git *g)
{
	return git_repository_is_shallow(g->repo) == 1;
}

bool git_is_bare(const struct git *g)
{
	return git_repository_is_bare(g->repo) == 1;
}

struct str git_work_tree(const struct git *g)
{
	return str_of(git_repository_workdir(g->repo));
}

struct str git_origin(struct git *g)
{
	return config_string(g, "remote.origin.url");
}

struct str git_url_without_secrets(struct arena *a, struct str url)
{
	size_t scheme = str_find(url, STR("://"), 0);

	if (scheme == STR_NOT_FOUND)
		return url;
	struct str rest = str_from(url, scheme + 3);
	size_t at = str_rchr(str_sub(rest, 0, str_chr(rest, '/')), '@');
	if (at == STR_NOT_FOUND)
		return url;
	return arena_concat(a, str_sub(url, 0, scheme + 3), str_from(rest, at + 1), STR_NONE);
}

struct str git_owner_name(struct arena *a, struct str url)
{
	size_t scheme = str_find(url, STR("://"), 0);
	struct str path;

	if (scheme != STR_NOT_FOUND) {
		path = str_from(url, scheme + 3);
		size_t slash = str_chr(path, '/');
		path = slash == STR_NOT_FOUND || str_starts(url, STR("file:")) ? STR_NONE : str_from(path, slash + 1);
	} else { /* git@host:owner/name.git */
		size_t colon = str_chr(url, ':');
		path = colon == STR_NOT_FOUND || str_starts(url, STR("/")) ? STR_NONE : str_from(url, colon + 1);
	}
	while (str_ends(path, STR("/")))
		path.len--;
	if (str_ends(path, STR(".git")))
		path.len -= 4;
	if (path.len == 0 || str_chr(path, '/') == STR_NOT_FOUND)
		return STR_NONE;
	return arena_str(a, path);
}

/* "Name <mail> 1700000000 +0100" */
static void read_signature(struct arena *a, struct str line, struct str *who, int64_t *when)
{
	size_t close = str_rchr(line, '>');
	uint64_t seconds = 0;

	if (close == STR_NOT_FOUND)
		return;
	*who = arena_str(a, str_sub(line, 0, close + 1));
	struct str rest = str_trim(str_from(line, close + 1));
	if (str_to_u64(str_cut(&rest, ' '), &seconds) && seconds < INT64_MAX)
		*when = (int64_t)seconds;
}

static void read_commit(struct arena *a, struct str raw, struct git_commit_info *out)
{
	struct str rest = raw, who = STR_NONE;

	while (rest.s) {
		struct str line = str_cut(&rest, '\n');
		if (line.len == 0)
			break;
		if (str_starts(line, STR("tree ")))
			out->tree = arena_str(a, str_from(line, 5));
		else if (str_starts(line, STR("parent ")))
			*VEC_ADD(a, &out->parents) = arena_str(a, str_from(line, 7));
		else if (str_starts(line, STR("author ")))
			read_signature(a, str_from(line, 7), &out->author, &out->time);
		else if (str_starts(line, STR("committer ")))
			read_signature(a, str_from(line, 10), &who, &out->time);
	}
	if (rest.s)
		out->subject = arena_str(a, str_cut(&rest, '\n'));
}

bool git_parse_id(struct arena *a, struct str hex, git_oid *id, struct str *why)
{
	if (hex.len == GIT_OID_HEXSZ && git_oid_fromstrn(id, hex.s, hex.len) == 0)
		return true;
	*why = arena_printf(a, "`%.*s` is no object id", STR_ARG(hex));
	return false;
}

struct str git_id_text(struct arena *a, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof hex, id);
	return arena_str(a, str_make(hex, GIT_OID_HEXSZ));
}

bool git_commit_of(struct git *g, struct arena *a, struct str rev, struct git_commit_info *out, struct str *why)
{
	git_object *found = NULL, *commit = NULL;
	git_odb_object *raw = NULL;
	bool good = false;

	*out = (struct git_commit_info){ 0 };
	git_oid direct;
	struct str unused;
	/* A full id needs no search among the names. */
	if (rev.len == GIT_OID_HEXSZ && git_parse_id(a, rev, &direct, &unused) && git_odb_read(&raw, g->odb, &direct) == 0 &&
	    git_odb_object_type(raw) == GIT_OBJECT_COMMIT) {
		out->id = arena_str(a, rev);
		read_commit(a, str_make(git_odb_object_data(raw), git_odb_object_size(raw)), out);
		good = out->tree.len == GIT_OID_HEXSZ;
		git_odb_object_free(raw);
		if (!good)
			*why = STR("the commit object is damaged");
		return good;
	}
	git_odb_object_free(raw);
	raw = NULL;
	if (git_revparse_single(&found, g->repo, arena_cstr(a, rev)) != 0 || git_object_peel(&commit, found, GIT_OBJECT_COMMIT) != 0) {
		if (str_is(rev, "HEAD") && git_repository_is_empty(g->repo) == 1)
			*why = STR("the repository has no commit yet; commit something first");
		else
			*why = arena_printf(a, "there is no commit `%.*s` in the repository%s", STR_ARG(rev),
					    git_is_shallow(g) ? "; the clone is shallow: check out with `fetch-depth: 0`" : "");
	} else if (git_odb_read(&raw, g->odb, git_object_id(commit)) != 0) {
		*why = git_last_error(a, "the commit cannot be read");
	} else {
		out->id = git_id_text(a, git_object_id(commit));
		read_commit(a, str_make(git_odb_object_data(raw), git_odb_object_size(raw)), out);
		good = out->tree.len == GIT_OID_HEXSZ;
		if (!good)
			*why = STR("the commit object is damaged");
	}
	git_odb_object_free(raw);
	git_object_free(commit);
	git_object_free(found);
	return good;
}

struct str git_head_ref(struct git *g)
{
	git_reference *head = NULL;
	struct str name = STR_NONE;

	if (git_reference_lookup(&head, g->repo, "HEAD") == 0 && git_reference_type(head) == GIT_REFERENCE_SYMBOLIC)
		name = arena_str(g->arena, str_of(git_reference_symbolic_target(head)));
	git_reference_free(head);
	return name;
}

struct str git_library_version(struct arena *a)
{
	int major, minor, rev;

	git_libgit2_version(&major, &minor, &rev);
	return arena_printf(a, "%d.%d.%d", major, minor, rev);
}
