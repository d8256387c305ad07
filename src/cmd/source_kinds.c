#include "cmd/source_kinds.h"

#include "cmd/api_settings.h"
#include "io/file.h"

const struct source_kind source_kinds[] = {
#define SOURCE(fn, scheme, is_document, help) { scheme, is_document, help, read_##fn },
#include "cmd/source_kinds.def"
#undef SOURCE
};
const size_t source_kinds_n = sizeof source_kinds / sizeof source_kinds[0];

const struct source_kind *source_kind_of(struct str scheme)
{
	for (size_t i = 0; i < source_kinds_n; i++)
		if (str_is(scheme, source_kinds[i].scheme))
			return &source_kinds[i];
	return NULL;
}

void source_begin_scan(struct scan *s, const struct source_job *job)
{
	scan_init(s, job->arena, job->diags);
	for (size_t i = 0; i < job->options->exclude.n; i++)
		*VEC_ADD(job->arena, &s->exclude) = job->options->exclude.items[i];
	s->registries = job->options->registries;
	s->skip = job->options->out;
	while (str_starts(s->skip, STR("./")))
		s->skip = str_from(s->skip, 2);
	while (str_ends(s->skip, STR("/")))
		s->skip.len--;
}

/* What the walk found goes into the run's bom; what it passed over is noted. */
void source_end_scan(struct scan *s, const struct source_job *job)
{
	struct collected *out = job->out;

	s->tree.registries = s->registries;
	s->tree.installed = s->installed;
	source_assemble(&s->tree, &out->bom);
	out->looked_in_tree = true;
	out->node_modules += s->node_modules;
	out->files += s->files;
	for (size_t i = 0; i < s->excluded.n; i++)
		*VEC_ADD(job->arena, &out->excluded) = s->excluded.items[i];
	for (size_t i = 0; i < s->links.n; i++) {
		*VEC_ADD(job->arena, &out->links) = s->links.items[i];
		diag_add(job->diags, SEV_NOTICE, "input.link", s->links.items[i], DIAG_NO_OFFSET,
			 "this symbolic link leads out of the source, or nowhere; it was not read");
	}
}

static void split_revision(struct str where, struct str *path, struct str *rev)
{
	size_t at = str_rchr(where, '@'), slash = str_rchr(where, '/');

	*path = where;
	*rev = STR("HEAD");
	if (at != STR_NOT_FOUND && (slash == STR_NOT_FOUND || at > slash || at > 0)) {
		*path = str_sub(where, 0, at);
		*rev = str_from(where, at + 1);
	}
	if (!path->len)
		*path = STR(".");
}

/* Opens the repository and finds the commit; what is open already is taken again. */
static struct git *open_commit(struct source_job *job, struct git_commit_info *commit)
{
	struct collected *out = job->out;
	struct str path, rev, why = STR_NONE;
	enum file_kind kind;

	split_revision(job->where, &path, &rev);
	if (str_chr(job->where, '@') != STR_NOT_FOUND && file_kind(arena_cstr(job->arena, job->where), &kind)) {
		path = job->where; /* a folder with @ in its name */
		rev = STR("HEAD");
	}
	if (out->git && str_eq(out->git_where, job->where)) {
		*commit = out->commit;
		return out->git;
	}
	struct git *g = git_begin(job->arena, arena_cstr(job->arena, path), job->climb, &why);
	if (!g) {
		diag_add(job->diags, SEV_ERROR, file_kind(arena_cstr(job->arena, path), &kind) ? "input.git" : "usage.source", path,
			 DIAG_NO_OFFSET, "%.*s; for a folder without git write dir:%.*s", STR_ARG(why), STR_ARG(path));
		return NULL;
	}
	if (!git_commit_of(g, job->arena, rev, commit, &why)) {
		diag_add(job->diags, SEV_ERROR, "usage.revision", path, DIAG_NO_OFFSET, "%.*s", STR_ARG(why));
		git_end(g);
		return NULL;
	}
	if (out->git) /* only the first repository names the run */
		return g;
	out->git = g;
	out->git_where = job->where;
	out->commit = *commit;
	out->origin = git_url_without_secrets(job->arena, git_origin(g));
	out->repository = git_owner_name(job->arena, out->origin);
	if (str_is(rev, "HEAD"))
		out->ref = git_head_ref(g);
	return g;
}

bool source_open_git(struct source_job *job)
{
	struct git_commit_info commit;

	return open_commit(job, &commit) != NULL;
}

enum result read_git_source(struct source_job *job)
{
	struct git_commit_info commit;
	struct scan s;
	struct str why;
	struct git *g = open_commit(job, &commit);

	if (!g)
		return FAILED;
	source_begin_scan(&s, job);
	if (!scan_git(&s, g, commit.tree, &why)) {
		diag_add(job->diags, SEV_ERROR, "input.tree", job->where, DIAG_NO_OFFSET, "%.*s", STR_ARG(why));
		job->out->bom.incomplete = true;
	}
	source_end_scan(&s, job);
	if (g != job->out->git)
		git_end(g);
	return OK;
}

enum result read_dir_source(struct source_job *job)
{
	struct scan s;
	struct str why;

	source_begin_scan(&s, job);
	if (!scan_folder(&s, arena_cstr(job->arena, job->where), &why)) {
		enum file_kind kind;
		bool there = file_kind(arena_cstr(job->arena, job->where), &kind);
		diag_add(job->diags, SEV_ERROR, there ? "input.folder" : "usage.source", job->where, DIAG_NO_OFFSET, "%.*s", STR_ARG(why));
		job->out->bom.incomplete = true;
		if (!there)
			return FAILED;
	}
	if (s.registries)
		api_settings_around(job->arena, &job->out->bom, job->where, true);
	source_end_scan(&s, job);
	return OK;
}

enum result read_file_source(struct source_job *job)
{
	struct scan s;
	struct str why;
	enum file_kind kind;
	size_t slash = str_rchr(job->where, '/');
	const char *path = arena_cstr(job->arena, job->where);

	source_begin_scan(&s, job);
	if (!scan_file(&s, path, slash == STR_NOT_FOUND ? job->where : str_from(job->where, slash + 1), &why)) {
		diag_add(job->diags, SEV_ERROR, file_kind(path, &kind) ? "input.file" : "usage.source", job->where, DIAG_NO_OFFSET, "%.*s",
			 STR_ARG(why));
		return FAILED;
	}
	if (s.registries)
		api_settings_around(job->arena, &job->out->bom, job->where, false);
	source_end_scan(&s, job);
	job->out->looked_in_tree = false;
	return OK;
}
