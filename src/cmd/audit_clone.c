/* The level "anchored" by a clone: git's object ids hold the commit, its tree and the files. */
#include "base/limits.h"
#include "cmd/audit.h"
#include "io/git.h"

struct clone {
	struct git *git;
	const struct record *record;
};

static bool blob_at(void *context, struct str path, struct str *id, bool *missing, struct str *why)
{
	struct clone *c = context;

	return git_find_path(c->git, c->record->arena, c->record->commit, path, id, missing, why);
}

static bool bytes_of(void *context, struct str id, struct str *out, struct str *why)
{
	struct clone *c = context;

	return git_read_blob(c->git, c->record->arena, id, LIMIT_SBOM, out, why);
}

void audit_clone(struct audited *x, struct str checkout)
{
	struct record *r = &x->record;
	struct git_commit_info info = { 0 };
	struct str why = STR_NONE;

	if (!r->commit.len) {
		audit_say(&x->audit, LEVEL_ANCHORED, CHECK_NOT_DONE, "commit", STR_NONE, "the record names no commit");
		return;
	}
	struct git *g = git_begin(r->arena, arena_cstr(r->arena, checkout), true, &why);
	if (!g) {
		audit_say(&x->audit, LEVEL_ANCHORED, CHECK_NO_DATA, "commit", checkout, "is no clone: %.*s", STR_ARG(why));
		return;
	}
	if (!git_commit_of(g, r->arena, r->commit, &info, &why) || !str_eq(info.id, r->commit)) {
		audit_say(&x->audit, LEVEL_ANCHORED, git_is_shallow(g) ? CHECK_NO_DATA : CHECK_FAILS, "commit", r->commit, "is not in the clone: %.*s", STR_ARG(why));
	} else {
		struct clone c = { .git = g, .record = r };
		struct commit_files files = { .blob = blob_at, .bytes = bytes_of, .context = &c, .who = "the clone's commit" };
		audit_check(&x->audit, LEVEL_ANCHORED, str_eq(info.tree, r->tree), "commit", r->commit, "exists with the recorded tree");
		audit_inputs(x, &files);
	}
	git_end(g);
}
