/* The level "anchored" by a clone: git's object ids hold the commit, its tree and the files. */
#include "cmd/audit.h"
#include "io/git.h"

static bool is_git_input(const struct json *d)
{
	return str_is(json_get_string(json_get(d, "annotations"), "kind"), "input") && json_get_string(json_get(d, "digest"), "gitBlob").len;
}

static void check_inputs(struct audited *x, struct git *g)
{
	const struct record *r = &x->record;
	size_t good = 0;

	for (JSON_EACH(d, json_get(r->definition, "resolvedDependencies"))) {
		struct str name = json_get_string(d, "name"), blob = json_get_string(json_get(d, "digest"), "gitBlob"), now = STR_NONE, why = STR_NONE;
		bool missing = false;
		if (!is_git_input(d))
			continue;
		if (!git_find_path(g, r->arena, r->commit, name, &now, &missing, &why))
			audit_say(&x->audit, LEVEL_ANCHORED, missing ? CHECK_FAILS : CHECK_NO_DATA, "input", name, "%s%.*s",
				  missing ? "the commit has no such file" : "the clone cannot tell: ", STR_ARG(why));
		else if (!str_eq(now, blob))
			audit_say(&x->audit, LEVEL_ANCHORED, CHECK_FAILS, "input", name, "the commit's file is another (%.*s) than the recorded one (%.*s)", STR_ARG(now),
				  STR_ARG(blob));
		else
			good++;
	}
	audit_say(&x->audit, LEVEL_ANCHORED, CHECK_HOLDS, "input", STR_NONE, "%zu inputs have the blob ids that the commit gives them", good);
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
		audit_check(&x->audit, LEVEL_ANCHORED, str_eq(info.tree, r->tree), "commit", r->commit, "exists with the recorded tree");
		check_inputs(x, g);
	}
	git_end(g);
}
