/* Trees, blobs and history. */
#include <stdlib.h>

#include "io/git_internal.h"

#include "base/limits.h"

bool git_merge_base_of(struct git *g, struct arena *a, struct str x, struct str y, struct str *out)
{
	git_oid one, two, base;
	struct str why;

	if (!git_parse_id(a, x, &one, &why) || !git_parse_id(a, y, &two, &why) || git_merge_base(&base, g->repo, &one, &two) != 0)
		return false;
	*out = git_id_text(a, &base);
	return true;
}

struct tag_list {
	struct git *git;
	struct arena *arena;
	VEC(struct git_commit_info) commits;
};

static int add_tag(const char *name, git_oid *id, void *context)
{
	struct tag_list *list = context;
	struct git_commit_info info;
	struct str why;

	(void)id;
	if (git_commit_of(list->git, list->arena, str_of(name), &info, &why))
		*VEC_ADD(list->arena, &list->commits) = info;
	return 0;
}

static int compare_commits(const void *x, const void *y)
{
	const struct git_commit_info *a = x, *b = y;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return str_cmp(a->id, b->id);
}

bool git_commits_of(struct git *g, struct arena *a, struct str range, struct str **ids, size_t *n, struct str *why)
{
	VEC(struct str) list = { 0 };
	git_revwalk *walk = NULL;
	git_oid id;
	bool good = true;

	*why = STR_NONE;
	if (str_is(range, "--tags")) {
		struct tag_list tags = { .git = g, .arena = a };
		git_tag_foreach(g->repo, add_tag, &tags);
		if (tags.commits.n)
			qsort(tags.commits.items, tags.commits.n, sizeof *tags.commits.items, compare_commits);
		for (size_t i = 0; i < tags.commits.n; i++)
			if (!list.n || !str_eq(list.items[list.n - 1], tags.commits.items[i].id))
				*VEC_ADD(a, &list) = tags.commits.items[i].id;
	} else {
		good = git_revwalk_new(&walk, g->repo) == 0 &&
		       git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME | GIT_SORT_REVERSE) == 0;
		if (good && str_has(range, STR(".."))) {
			good = git_revwalk_push_range(walk, arena_cstr(a, range)) == 0;
		} else if (good) {
			struct git_commit_info info;
			good = git_commit_of(g, a, range.len ? range : STR("HEAD"), &info, why) &&
			       git_oid_fromstrn(&id, info.id.s, info.id.len) == 0 && git_revwalk_push(walk, &id) == 0;
		}
		while (good && git_revwalk_next(&id, walk) == 0)
			*VEC_ADD(a, &list) = git_id_text(a, &id);
		if (!good && !why->s)
			*why = git_last_error(a, "the range cannot be walked");
		git_revwalk_free(walk);
	}
	*ids = list.items;
	*n = list.n;
	return good;
}

struct walk {
	struct git *git;
	bool (*enter)(void *context, struct str path);
	bool (*entry)(void *context, struct str path, enum git_entry_kind kind, struct str id);
	void *context;
	struct arena *scratch;
	struct str *why;
	size_t seen;
};

static bool walk_tree(struct walk *w, const git_oid *id, struct str dir, unsigned depth);

static bool walk_entry(struct walk *w, const git_tree_entry *e, struct str dir, unsigned depth)
{
	struct str name = str_of(git_tree_entry_name(e));
	struct str path = dir.len ? arena_concat(w->scratch, dir, STR("/"), name) : arena_str(w->scratch, name);
	git_filemode_t mode = git_tree_entry_filemode(e);
	char hex[GIT_OID_HEXSZ + 1];

	if (++w->seen > LIMIT_TREE_ENTRIES) {
		*w->why = STR("the tree has more than 2,000,000 entries, the limit; name folders below it instead (dir:)");
		return false;
	}
	if (mode == GIT_FILEMODE_TREE)
		return w->enter && !w->enter(w->context, path) ? true : walk_tree(w, git_tree_entry_id(e), path, depth + 1);
	enum git_entry_kind kind = mode == GIT_FILEMODE_LINK   ? GIT_ENTRY_LINK :
				   mode == GIT_FILEMODE_COMMIT ? GIT_ENTRY_SUBMODULE :
								 GIT_ENTRY_FILE;
	git_oid_tostr(hex, sizeof hex, git_tree_entry_id(e));
	return w->entry(w->context, path, kind, str_make(hex, GIT_OID_HEXSZ));
}

static bool walk_tree(struct walk *w, const git_oid *id, struct str dir, unsigned depth)
{
	git_tree *tree = NULL;
	bool good = true;

	if (depth > LIMIT_TREE_DEPTH) {
		*w->why = arena_printf(w->git->arena, "folders are nested more than %d deep at %.*s, which no setting allows; name the folders that matter instead (dir:)", LIMIT_TREE_DEPTH, STR_ARG(dir));
		return false;
	}
	if (git_tree_lookup(&tree, w->git->repo, id) != 0) {
		*w->why = arena_printf(w->git->arena,
				       "the tree object of folder `%.*s` is missing: the clone is partial; check out without `filter`",
				       STR_ARG(dir));
		return false;
	}
	size_t n = git_tree_entrycount(tree);
	for (size_t i = 0; i < n && good; i++) {
		struct arena_mark mark = arena_mark(w->scratch);
		good = walk_entry(w, git_tree_entry_byindex(tree, i), dir, depth);
		arena_pop(w->scratch, mark);
	}
	git_tree_free(tree);
	return good;
}

bool git_walk(struct git *g, struct str tree, bool (*enter)(void *context, struct str path),
	      bool (*entry)(void *context, struct str path, enum git_entry_kind kind, struct str id), void *context, struct str *why)
{
	struct walk w = { .git = g, .enter = enter, .entry = entry, .context = context, .why = why, .scratch = arena_new(0) };
	git_oid id;
	bool good = git_parse_id(g->arena, tree, &id, why) && walk_tree(&w, &id, STR(""), 0);

	arena_free(w.scratch);
	return good;
}

bool git_tree_entries(struct git *g, struct arena *a, struct str tree, struct git_entries *out, struct str *why)
{
	git_oid id;
	git_tree *t = NULL;

	*out = (struct git_entries){ 0 };
	if (!git_parse_id(a, tree, &id, why))
		return false;
	if (git_tree_lookup(&t, g->repo, &id) != 0) {
		*why = STR("a tree object is missing: the clone is partial; check out without `filter`");
		return false;
	}
	size_t n = git_tree_entrycount(t);
	for (size_t i = 0; i < n; i++) {
		const git_tree_entry *e = git_tree_entry_byindex(t, i);
		git_filemode_t mode = git_tree_entry_filemode(e);
		*VEC_ADD(a, out) = (struct git_entry){
			.name = arena_str(a, str_of(git_tree_entry_name(e))),
			.id = git_id_text(a, git_tree_entry_id(e)),
			.kind = mode == GIT_FILEMODE_TREE   ? GIT_ENTRY_FOLDER :
				mode == GIT_FILEMODE_LINK   ? GIT_ENTRY_LINK :
				mode == GIT_FILEMODE_COMMIT ? GIT_ENTRY_SUBMODULE :
							      GIT_ENTRY_FILE,
		};
	}
	git_tree_free(t);
	return true;
}

bool git_read_blob(struct git *g, struct arena *a, struct str id, size_t limit, struct str *out, struct str *why)
{
	git_oid oid;
	git_odb_object *raw = NULL;
	git_object_t type;
	size_t size;

	if (!git_parse_id(a, id, &oid, why))
		return false;
	if (git_odb_read_header(&size, &type, g->odb, &oid) == 0 && size > limit) {
		*why = arena_printf(a, "the file has %zu bytes, more than the %zu that are read; exclude it in the configuration if it is no real input",
				    size, limit);
		return false;
	}
	if (git_odb_read(&raw, g->odb, &oid) != 0) {
		*why = STR("the file's content is not in the clone: it is partial (check out without `filter`) or damaged");
		return false;
	}
	*out = arena_str(a, str_make(git_odb_object_data(raw), git_odb_object_size(raw)));
	git_odb_object_free(raw);
	return true;
}

bool git_find_path(struct git *g, struct arena *a, struct str commit, struct str path, struct str *blob, bool *missing,
		   struct str *why)
{
	git_oid id;
	git_object *object = NULL, *tree = NULL;
	git_tree_entry *entry = NULL;
	bool good = false;

	*missing = false;
	if (!git_parse_id(a, commit, &id, why))
		return false;
	if (git_object_lookup(&object, g->repo, &id, GIT_OBJECT_ANY) != 0 || git_object_peel(&tree, object, GIT_OBJECT_TREE) != 0) {
		*why = git_last_error(a, "the commit cannot be read");
	} else {
		int code = git_tree_entry_bypath(&entry, (git_tree *)tree, arena_cstr(a, path));
		good = code == 0 && git_tree_entry_type(entry) == GIT_OBJECT_BLOB;
		*missing = code == GIT_ENOTFOUND || (code == 0 && !good);
		if (good)
			*blob = git_id_text(a, git_tree_entry_id(entry));
		else if (!*missing)
			*why = git_last_error(a, "the tree cannot be read");
	}
	git_tree_entry_free(entry);
	git_object_free(tree);
	git_object_free(object);
	return good;
}
