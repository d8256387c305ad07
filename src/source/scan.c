#include "source/scan.h"

#include <limits.h>
#include <stdlib.h>

#include "base/map.h"
#include "io/file.h"
#include "source/registry.h"

void scan_init(struct scan *s, struct arena *a, struct diags *diags)
{
	*s = (struct scan){ .arena = a, .diags = diags, .tree = { .arena = a, .diags = diags } };
}


/* Folders that are not entered: installed npm packages (counted), git's own, and what bomgate wrote. */
static bool enter_folder(struct scan *s, struct str path)
{
	size_t slash = str_rchr(path, '/');
	struct str base = slash == STR_NOT_FOUND ? path : str_from(path, slash + 1);

	if (str_is(base, "node_modules") && !s->installed) {
		s->node_modules++;
		return false;
	}
	if (s->installed && (str_is(path, "proc") || str_is(path, "sys") || str_is(path, "dev")))
		return false; /* the kernel's own */
	return !str_is(base, ".git") && !(s->skip.len && str_eq(path, s->skip));
}

bool scan_enters(struct scan *s, struct str path)
{
	return enter_folder(s, path);
}

static bool is_excluded(struct scan *s, struct str path)
{
	for (size_t i = 0; i < s->exclude.n; i++)
		if (path_glob(s->exclude.items[i], path))
			return true;
	return false;
}

/* The row that shall read the path, or NULL; an excluded one is noted. */
static const struct reader *wanted(struct scan *s, struct str path)
{
	const struct reader *row = reader_for(path);

	if (!row || ((row->flags & READER_INSTALLED) && !s->installed))
		return s->registries && registry_wants(path, s->installed) && !is_excluded(s, path) ? &registry_reader : NULL;
	if (is_excluded(s, path)) {
		*VEC_ADD(s->arena, &s->excluded) = arena_str(s->arena, path);
		return NULL;
	}
	return row;
}

static void split(struct part *p)
{
	size_t slash = str_rchr(p->path, '/');

	p->dir = slash == STR_NOT_FOUND ? STR("") : str_sub(p->path, 0, slash);
	p->base = slash == STR_NOT_FOUND ? p->path : str_from(p->path, slash + 1);
}

/* What to do about a file that is too large stands in the configuration. */
static struct str unread_why(struct scan *s, struct str why)
{
	return str_has(why, STR("more than the limit")) ? arena_concat(s->arena, why, STR(", or exclude it in the configuration if it is no real input"), STR("")) : why;
}

/* A file that could not even be read. */
static void add_failed(struct scan *s, const struct reader *row, struct str path, struct str blob, const char *code, struct str why)
{
	if (row == &registry_reader) { /* no input: what it would say is in doubt */
		*VEC_ADD(s->arena, &s->tree.settings) = (struct registry_file){ .path = path, .failed = true };
		return;
	}
	struct part *p = VEC_ADD(s->arena, &s->tree.parts);

	*p = (struct part){ .reader = row, .path = path, .failed = true, .bom = bom_new(s->arena, s->diags) };
	split(p);
	*VEC_ADD(s->arena, &p->bom->inputs) = (struct input){ .path = path, .reader = str_of(row->name), .blob = blob,
							      .state = INPUT_FAILED, .ecosystem = str_of(row->ecosystem) };
	p->bom->incomplete = true;
	diag_add(s->diags, SEV_ERROR, code, path, DIAG_NO_OFFSET, "%.*s", STR_ARG(why));
}

static void add_text(struct scan *s, const struct reader *row, struct str path, struct str blob, struct str text)
{
	bool lfs = str_starts(text, STR("version https://git-lfs.github.com/spec/"));
	if (row == &registry_reader) {
		*VEC_ADD(s->arena, &s->tree.settings) = (struct registry_file){ path, text, lfs };
		return;
	}
	if (lfs) {
		add_failed(s, row, path, blob, "input.lfs",
			   STR("this is a Git LFS pointer, not the file; check out with `lfs: true` in actions/checkout"));
		return;
	}
	struct part p = source_parse(s->arena, s->diags, row, path, text);
	p.bom->inputs.items[0].blob = blob;
	*VEC_ADD(s->arena, &s->tree.parts) = p;
}

/* ---- git */

struct git_scan {
	struct scan *scan;
	struct git *git;
	struct str tree;
};

static void read_git_file(struct git_scan *gs, const struct reader *row, struct str path, struct str id)
{
	struct scan *s = gs->scan;
	struct str text, why;

	path = arena_str(s->arena, path);
	id = arena_str(s->arena, id);
	if (!git_read_blob(gs->git, s->arena, id, row->max_bytes ? row->max_bytes : LIMIT_LOCKFILE, &text, &why))
		add_failed(s, row, path, id, "input.missing", why);
	else
		add_text(s, row, path, id, text);
}

void scan_git_file(struct scan *s, struct git *g, const struct reader *row, struct str path, struct str id)
{
	struct git_scan gs = { s, g, STR_NONE };

	read_git_file(&gs, row, path, id);
}

/* A link's target inside the tree, following further links; false where it leaves the tree, ends nowhere, or is a folder. */
static bool follow_link(struct git_scan *gs, struct str path, struct str id, struct str *blob)
{
	struct scan *s = gs->scan;
	bool missing;
	struct str target, why;

	if (!git_read_blob(gs->git, s->arena, id, LIMIT_NAME, &target, &why) || str_starts(target, STR("/")))
		return false;
	struct str resolved = tree_resolve(s->arena, str_folder(path), target);
	return resolved.s && resolved.len && git_find_path(gs->git, s->arena, gs->tree, resolved, blob, &missing, &why);
}

static bool git_enter(void *context, struct str path)
{
	return enter_folder(((struct git_scan *)context)->scan, path);
}

static bool git_entry(void *context, struct str path, enum git_entry_kind kind, struct str id)
{
	struct git_scan *gs = context;
	struct scan *s = gs->scan;

	s->files++;
	if (kind == GIT_ENTRY_SUBMODULE) {
		*VEC_ADD(s->arena, &s->tree.submodules) =
			(struct submodule){ arena_str(s->arena, path), arena_str(s->arena, id) };
		return true;
	}
	const struct reader *row = wanted(s, path);
	if (!row)
		return true;
	if (kind == GIT_ENTRY_LINK) {
		struct str blob;
		if (!follow_link(gs, path, id, &blob)) {
			if (row == &registry_reader)
				add_failed(s, row, arena_str(s->arena, path), id, "input.link", STR_NONE);
			else
				*VEC_ADD(s->arena, &s->links) = arena_str(s->arena, path);
			return true;
		}
		id = blob;
	}
	read_git_file(gs, row, path, id);
	return true;
}

/* The files that others include under names that no row reads; each is read once, by the row of the first that includes it. */
static void follow_wants(struct scan *s, void (*read)(void *context, const struct reader *row, struct str path), void *context)
{
	struct map seen;
	size_t followed = 0;

	map_init(&seen, s->arena);
	for (size_t i = 0; i < s->tree.parts.n; i++)
		map_put(&seen, s->tree.parts.items[i].path, NULL);
	for (size_t i = 0; i < s->tree.parts.n; i++) /* grows while it runs */
		for (size_t k = 0; k < s->tree.parts.items[i].wants.n && followed < LIMIT_INCLUDES; k++) {
			struct str path = s->tree.parts.items[i].wants.items[k];
			bool fresh;
			map_put(&seen, path, &fresh);
			if (!fresh || is_excluded(s, path))
				continue;
			followed++;
			read(context, s->tree.parts.items[i].reader, path);
		}
}

static void read_wanted_blob(void *context, const struct reader *row, struct str path)
{
	struct git_scan *gs = context;
	struct str blob, why;
	bool missing;

	if (git_find_path(gs->git, gs->scan->arena, gs->tree, path, &blob, &missing, &why))
		read_git_file(gs, row, path, blob);
}

bool scan_git(struct scan *s, struct git *g, struct str tree, struct str *why)
{
	struct git_scan gs = { s, g, tree };

	if (!git_walk(g, tree, git_enter, git_entry, &gs, why))
		return false;
	follow_wants(s, read_wanted_blob, &gs);
	return true;
}

/* ---- folders */

struct folder_scan {
	struct scan *scan;
	char *root; /* resolved, for links */
};

/* Where a link leads, if that is a regular file inside the root. */
static bool link_inside(struct folder_scan *fs, const char *path)
{
	char *real = realpath(path, NULL);
	size_t n = strlen(fs->root);
	enum file_kind kind;
	bool inside = real && strncmp(real, fs->root, n) == 0 && (real[n] == '/' || n == 1) && file_kind(real, &kind) &&
		      kind == FILE_REGULAR;

	free(real);
	return inside;
}

static bool scan_below(struct folder_scan *fs, struct str dir, struct str path, unsigned depth, struct str *why)
{
	struct scan *s = fs->scan;
	struct file_entries list = { 0 };

	if (depth > LIMIT_TREE_DEPTH) {
		*why = arena_printf(s->arena, "folders are nested more than %d deep at %.*s, which no setting allows; name the folders that matter instead (dir:)", LIMIT_TREE_DEPTH, STR_ARG(path));
		return false;
	}
	if (!file_list(s->arena, dir.s, &list, why)) {
		*why = arena_printf(s->arena, "the folder %.*s cannot be listed: %.*s", STR_ARG(dir), STR_ARG(*why));
		if (s->installed && depth) { /* root's own folders: the rest is worth reading */
			diag_add(s->diags, SEV_ERROR, "input.folder", path, DIAG_NO_OFFSET, "%.*s", STR_ARG(*why));
			return true;
		}
		return false;
	}
	for (size_t i = 0; i < list.n; i++) {
		struct file_entry *e = &list.items[i];
		struct str below = path.len ? arena_concat(s->arena, path, STR("/"), e->name) : e->name;
		struct str full = file_join(s->arena, dir, e->name), text, unread;
		if (++s->files > LIMIT_TREE_ENTRIES) {
			*why = STR("the folder has more than 2,000,000 entries, the limit; name folders below it instead (dir:)");
			return false;
		}
		if (e->kind == FILE_FOLDER) {
			if (enter_folder(s, below) && !scan_below(fs, full, below, depth + 1, why))
				return false;
			continue;
		}
		const struct reader *row = e->kind == FILE_OTHER ? NULL : wanted(s, below);
		if (!row)
			continue;
		if (e->kind == FILE_LINK && !link_inside(fs, full.s) && row == &registry_reader)
			add_failed(s, row, below, STR_NONE, "input.link", STR_NONE);
		else if (e->kind == FILE_LINK && !link_inside(fs, full.s))
			*VEC_ADD(s->arena, &s->links) = below;
		else if (!file_read(s->arena, full.s, row->max_bytes ? row->max_bytes : LIMIT_LOCKFILE, &text, &unread))
			add_failed(s, row, below, STR_NONE, "input.unreadable", unread_why(s, unread));
		else
			add_text(s, row, below, STR_NONE, text);
	}
	return true;
}

static void read_wanted_file(void *context, const struct reader *row, struct str path)
{
	struct folder_scan *fs = context;
	struct scan *s = fs->scan;
	struct str full = file_join(s->arena, str_of(fs->root), path), text, why;

	if (!link_inside(fs, full.s))
		return;
	if (!file_read(s->arena, full.s, row->max_bytes ? row->max_bytes : LIMIT_LOCKFILE, &text, &why))
		add_failed(s, row, path, STR_NONE, "input.unreadable", unread_why(s, why));
	else
		add_text(s, row, path, STR_NONE, text);
}

bool scan_folder(struct scan *s, const char *dir, struct str *why)
{
	struct folder_scan fs = { s, realpath(dir, NULL) };

	if (!fs.root) {
		*why = arena_printf(s->arena, "there is no folder %s", dir);
		return false;
	}
	bool good = scan_below(&fs, str_of(dir), STR(""), 0, why);
	if (good)
		follow_wants(s, read_wanted_file, &fs);
	free(fs.root);
	return good;
}

bool scan_file(struct scan *s, const char *path, struct str name, struct str *why)
{
	const struct reader *row = reader_for(name);
	enum file_kind kind;
	struct str text;

	if (!file_kind(path, &kind)) {
		*why = STR("there is no such file or folder");
		return false;
	}
	if (!row) {
		*why = arena_printf(s->arena, "no reader knows a file of the name %.*s", STR_ARG(name));
		return false;
	}
	if (!file_read(s->arena, path, row->max_bytes ? row->max_bytes : LIMIT_LOCKFILE, &text, why))
		return false;
	add_text(s, row, name, STR_NONE, text);
	return true;
}

const struct reader *scan_wants(struct scan *s, struct str path)
{
	/* As a walk would: nothing below a folder that is not entered. */
	for (size_t at = 0; (at = str_find(path, STR("/"), at)) != STR_NOT_FOUND; at++)
		if (!enter_folder(s, str_sub(path, 0, at)))
			return NULL;
	return wanted(s, path);
}

void scan_take(struct scan *s, const struct reader *row, struct str path, struct str blob, struct str text)
{
	add_text(s, row, path, blob, text);
}

struct str scan_wanted(struct arena *a)
{
	struct str text = STR("");

	for (size_t i = 0; i < readers_n; i++) {
		if (readers[i].flags & (READER_INSTALLED | READER_BINARY | READER_AUXILIARY))
			continue;
		for (struct str rest = str_of(readers[i].files); rest.s;) {
			struct str glob = str_cut(&rest, '|');
			if (glob.len)
				text = arena_concat(a, text, text.len ? STR(", ") : STR(""), glob);
		}
	}
	return text;
}
