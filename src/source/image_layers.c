/* Layers of an image (opencontainers/image-spec layer.md): each adds, replaces and, by whiteouts, hides what lower layers have, never what
 * it has itself. Of the lower ones only wanted files are known, so only what can hide one of those is remembered. */
#include <stdlib.h>

#include "base/map.h"
#include "io/archive.h"
#include "source/image.h"

#define MOST_KEPT ((size_t)2 << 30) /* bytes of wanted files of one image */

struct kept {
	struct str path, text;
	const struct reader *row;
	bool failed;
	struct str why;
};

struct image_files {
	struct scan *scan;
	struct arena *arena;
	VEC(struct kept) list;
	size_t bytes;
};

struct layer {
	struct image_files *files;
	struct arena *arena;	/* of this layer only */
	struct map matter;	/* paths of lower files and all folders above them: nothing else can be hidden */
	struct map gone;	/* whiteouts, and paths that something else took: they and all below */
	struct map opaque;	/* folders whose lower content is hidden */
	struct map folders;	/* a folder in place of a file */
	struct map fresh;	/* path to index in `added` + 1 */
	VEC(struct kept) added;
};

struct image_files *image_files_new(struct scan *s)
{
	struct image_files *f = ARENA_NEW(s->arena, struct image_files);

	*f = (struct image_files){ .scan = s, .arena = s->arena };
	return f;
}

/* "./a//b/" as "a/b"; absent where it leaves the root or names it. */
static struct str clean(struct arena *a, struct str name)
{
	while (str_starts(name, STR("/")) || str_starts(name, STR("./")))
		name = str_from(name, 1);
	struct str path = tree_resolve(a, STR(""), name);
	return path.len ? path : STR_NONE;
}

static void note_matter(struct layer *l, struct str path)
{
	map_put(&l->matter, path, NULL);
	for (size_t i = path.len; i-- > 0;)
		if (path.s[i] == '/') {
			bool fresh;
			map_put(&l->matter, str_sub(path, 0, i), &fresh);
			if (!fresh)
				return;
		}
}

static void remember(struct layer *l, struct map *where, struct str path)
{
	if (map_has(&l->matter, path))
		map_put(where, arena_str(l->arena, path), NULL);
}

/* Does the layer hide this file of a lower one? */
static bool is_hidden(const struct layer *l, struct str path)
{
	if (map_has(&l->gone, path) || map_has(&l->folders, path) || map_has(&l->opaque, STR("")))
		return true;
	for (size_t i = path.len; i-- > 0;) {
		if (path.s[i] != '/')
			continue;
		struct str above = str_sub(path, 0, i);
		if (map_has(&l->gone, above) || map_has(&l->opaque, above))
			return true;
	}
	return false;
}

static void add(struct layer *l, const struct kept *k)
{
	struct map_entry *e = map_put(&l->fresh, k->path, NULL);

	if (e->value.num) {
		l->added.items[e->value.num - 1] = *k; /* twice in one layer: the last one counts */
		return;
	}
	*VEC_ADD(l->arena, &l->added) = *k;
	e->value.num = l->added.n;
}

/* What a hard link names: of this layer, else of a lower one. */
static const struct kept *target_of(const struct layer *l, struct str path)
{
	const struct map_entry *e = map_get(&l->fresh, path);

	if (e)
		return &l->added.items[e->value.num - 1];
	for (VEC_EACH(const struct kept, k, &l->files->list))
		if (str_eq(k->path, path))
			return k;
	return NULL;
}

static void take_file(struct layer *l, struct archive_in *in, const struct archive_entry_info *e, struct str path, const struct reader *row)
{
	struct image_files *f = l->files;
	struct kept k = { .path = arena_str(f->arena, path), .row = row };

	if (e->hard_link) {
		struct str to = clean(l->arena, e->link);
		const struct kept *target = to.s ? target_of(l, to) : NULL;
		if (!target)
			*VEC_ADD(f->arena, &f->scan->links) = k.path;
		k.text = target ? target->text : STR("");
		if (!target)
			return;
	} else if (!archive_in_read(in, f->arena, row->max_bytes ? row->max_bytes : LIMIT_LOCKFILE, &k.text, &k.why)) {
		k.failed = true;
		k.why = arena_str(f->arena, k.why); /* it may be the archive's own, which ends with the layer */
	}
	f->bytes += k.text.len;
	if (f->bytes > MOST_KEPT) {
		k.failed = true;
		k.why = STR("the image's package databases and lockfiles are larger than the limit of 2 GB in all; give an SBOM of the image instead (sbom:)");
		k.text = STR_NONE;
	}
	add(l, &k);
}

static bool is_whiteout(struct layer *l, struct str path)
{
	size_t slash = str_rchr(path, '/');
	struct str dir = str_folder(path);
	struct str base = slash == STR_NOT_FOUND ? path : str_from(path, slash + 1);

	if (!str_starts(base, STR(".wh.")))
		return false;
	if (str_is(base, ".wh..wh..opq")) {
		if (dir.len)
			remember(l, &l->opaque, dir);
		else
			map_put(&l->opaque, STR(""), NULL);
	} else if (!str_starts(base, STR(".wh..wh."))) { /* the rest of those are AUFS's own */
		struct str name = str_from(base, 4);
		remember(l, &l->gone, dir.len ? arena_concat(l->arena, dir, STR("/"), name) : name);
	}
	return true;
}

static void take_entry(struct layer *l, struct archive_in *in, const struct archive_entry_info *e)
{
	struct scan *s = l->files->scan;
	struct arena_mark mark = arena_mark(l->arena);
	struct str path = clean(l->arena, e->name);
	const struct reader *row;
	bool kept = false;

	s->files++;
	if (!path.s) {
		arena_pop(l->arena, mark);
		return;
	}
	if (is_whiteout(l, path)) {
		kept = true;
	} else if (e->kind == FILE_FOLDER) {
		kept = map_has(&l->matter, path);
		remember(l, &l->folders, path);
	} else {
		kept = map_has(&l->matter, path);
		remember(l, &l->gone, path);
		row = e->kind == FILE_REGULAR || e->hard_link ? scan_wants(s, path) : NULL;
		if (row) {
			take_file(l, in, e, path, row);
			kept = true;
		}
	}
	if (!kept)
		arena_pop(l->arena, mark);
}

static void merge(struct layer *l)
{
	struct image_files *f = l->files;
	size_t n = 0;

	for (size_t i = 0; i < f->list.n; i++)
		if (!is_hidden(l, f->list.items[i].path))
			f->list.items[n++] = f->list.items[i];
	f->list.n = n;
	for (VEC_EACH(const struct kept, k, &l->added))
		*VEC_ADD(f->arena, &f->list) = *k;
}

bool image_files_apply(struct image_files *f, const struct archive_feed *feed, struct str *why)
{
	struct layer l = { .files = f, .arena = arena_new(0) };
	struct archive_entry_info e;
	struct archive_in *in = archive_in_open_feed(l.arena, feed, why);

	if (in) {
		struct map *maps[] = { &l.matter, &l.gone, &l.opaque, &l.folders, &l.fresh };
		for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
			map_init(maps[i], f->arena); /* not the layer's own: its marks are popped */
		for (VEC_EACH(const struct kept, k, &f->list))
			note_matter(&l, k->path);
		while (archive_in_next(in, &e))
			take_entry(&l, in, &e);
		*why = archive_in_error(in).s ? arena_str(f->arena, archive_in_error(in)) : STR_NONE;
		archive_in_close(in);
		merge(&l);
	} else {
		*why = arena_str(f->arena, *why);
	}
	arena_free(l.arena);
	return in && !why->s;
}

static int by_path(const void *x, const void *y)
{
	return str_cmp(((const struct kept *)x)->path, ((const struct kept *)y)->path);
}

void image_files_take(struct image_files *f)
{
	if (f->list.n)
		qsort(f->list.items, f->list.n, sizeof *f->list.items, by_path);
	for (VEC_EACH(const struct kept, k, &f->list)) {
		if (k->failed)
			diag_add(f->scan->diags, SEV_ERROR, "input.unreadable", k->path, DIAG_NO_OFFSET, "%.*s", STR_ARG(k->why));
		else
			scan_take(f->scan, k->row, k->path, STR_NONE, k->text);
	}
}
