/* Where records come from: folders walked in sorted order, archives looked into, single files. */
#include "base/limits.h"
#include "io/archive.h"
#include "vuln/build.h"

#define LIMIT_RECORD ((size_t)64 << 20)	 /* one record: the largest seen are kernel advisories of 3 MB */
#define LIMIT_EXPORT ((size_t)4 << 30)	 /* one archive: OSV's whole export is 1 GB */
#define UNREADABLE_NAMED 100

uint32_t build_text(struct build *b, struct str s)
{
	bool fresh;

	if (!s.len)
		return 0;
	struct map_entry *e = map_put(&b->texts, s, &fresh);
	if (fresh)
		e->key = arena_str(b->arena, s);
	return (uint32_t)(e - b->texts.entries);
}

uint32_t build_time(struct str rfc3339)
{
	int64_t t;

	return timestamp_parse(rfc3339, &t) && t > 0 && t < UINT32_MAX ? (uint32_t)t : 0;
}

void build_unreadable(struct build *b, struct str source, const char *why)
{
	struct vuln_source *s = &b->info->sources.items[b->info->sources.n - 1];

	s->unreadable++;
	diag_add(b->diags, SEV_WARNING, "data.record", source, DIAG_NO_OFFSET, "this is no record that can be used: %s; it is left out and counted", why);
	if (b->info->unreadable.n < UNREADABLE_NAMED)
		*VEC_ADD(b->arena, &b->info->unreadable) = (struct vuln_unreadable){ arena_str(b->arena, source), arena_str(b->arena, str_of(why)) };
}

static bool cannot(struct build *b, struct str path, struct str why)
{
	diag_add(b->diags, SEV_ERROR, "data.input", path, DIAG_NO_OFFSET, "cannot be read: %.*s", STR_ARG(why));
	return false;
}

static void add_digest(struct build *b, struct str name, struct str bytes)
{
	uint8_t one[32];

	sha256_of(bytes, one);
	sha256_add(&b->digest, name.s, name.len + 1); /* the NUL parts name and digest */
	sha256_add(&b->digest, one, sizeof one);
}

bool build_is_archive(struct str name)
{
	return str_ends(name, STR(".zip")) || str_ends(name, STR(".tar")) || str_ends(name, STR(".tar.gz")) ||
	       str_ends(name, STR(".tgz")) || str_ends(name, STR(".tar.zst")) || str_ends(name, STR(".tar.xz"));
}

typedef void record_fn(struct build *b, struct str source, struct str text);

static bool walk_archive(struct build *b, struct str path, record_fn *each)
{
	struct arena *own = arena_new(0); /* the archive's bytes, gone when it is read */
	struct archive_entry_info info;
	struct str bytes, text, why = STR_NONE;
	bool ok = false;

	if (!file_read(own, path.s, LIMIT_EXPORT, &bytes, &why)) {
		cannot(b, path, why);
		arena_free(own);
		return false;
	}
	add_digest(b, str_of(strrchr(path.s, '/') ? strrchr(path.s, '/') + 1 : path.s), bytes);
	struct archive_in *r = archive_in_open_bytes(own, bytes, &why);
	while (r && archive_in_next(r, &info)) {
		struct arena_mark mark = arena_mark(b->scratch);
		if (info.kind == FILE_REGULAR && str_ends(info.name, STR(".json"))) {
			struct str source = arena_concat(b->scratch, path, STR("/"), info.name);
			if (archive_in_read(r, b->scratch, LIMIT_RECORD, &text, &why))
				each(b, source, text);
			else if (!archive_in_error(r).s)
				build_unreadable(b, source, arena_cstr(b->scratch, why));
		}
		arena_pop(b->scratch, mark);
	}
	ok = r && !archive_in_error(r).s;
	if (!ok)
		cannot(b, path, r ? archive_in_error(r) : why);
	archive_in_close(r);
	arena_free(own);
	return ok;
}

static bool walk_file(struct build *b, struct str path, record_fn *each)
{
	struct arena_mark mark = arena_mark(b->scratch);
	struct str text, why;
	bool ok = file_read(b->scratch, path.s, LIMIT_RECORD, &text, &why);

	if (ok) {
		add_digest(b, str_of(strrchr(path.s, '/') ? strrchr(path.s, '/') + 1 : path.s), text);
		each(b, path, text);
	} else {
		cannot(b, path, why);
	}
	arena_pop(b->scratch, mark);
	return ok;
}

static bool walk_folder(struct build *b, struct str dir, record_fn *each, int depth)
{
	struct arena *names = arena_new(0);
	struct file_entries entries;
	struct str why;
	bool ok = true;

	if (depth > LIMIT_TREE_DEPTH) {
		ok = cannot(b, dir, STR("the folders are nested too deeply"));
	} else if (!file_list(names, dir.s, &entries, &why)) {
		ok = cannot(b, dir, why);
	} else {
		for (VEC_EACH(struct file_entry, e, &entries)) {
			struct str path = file_join(names, dir, e->name);
			if (e->kind == FILE_FOLDER && e->name.s[0] != '.')
				ok &= walk_folder(b, path, each, depth + 1);
			else if (e->kind == FILE_REGULAR && build_is_archive(e->name))
				ok &= walk_archive(b, path, each);
			else if (e->kind == FILE_REGULAR && str_ends(e->name, STR(".json")))
				ok &= walk_file(b, path, each);
		}
	}
	arena_free(names);
	return ok;
}

bool build_walk(struct build *b, struct str path, record_fn *each)
{
	enum file_kind kind;

	path = arena_str(b->arena, path);
	if (!file_kind(path.s, &kind))
		return cannot(b, path, STR("there is no such file or folder"));
	if (kind == FILE_FOLDER)
		return walk_folder(b, path, each, 0);
	return build_is_archive(path) ? walk_archive(b, path, each) : walk_file(b, path, each);
}

struct vuln_source *build_source(struct build *b, const char *name)
{
	struct vuln_source *s = VEC_ADD(b->arena, &b->info->sources);

	s->name = str_of(name);
	sha256_init(&b->digest);
	return s;
}

struct str build_digest(struct build *b)
{
	uint8_t out[32];

	sha256_end(&b->digest, out);
	return arena_concat(b->arena, STR("sha256:"), hex_of(b->arena, out, 32), STR(""));
}

bool build_whole(struct build *b, struct str path, size_t limit, struct str *out)
{
	struct str packed, why;

	path = arena_str(b->arena, path);
	if (!file_read(b->scratch, path.s, limit, &packed, &why))
		return cannot(b, path, why);
	sha256_add(&b->digest, packed.s, packed.len);
	bool gz = str_starts(packed, STR("\x1f\x8b")), zst = str_starts(packed, STR("\x28\xb5\x2f\xfd"));
	*out = packed;
	if ((gz || zst) && !archive_unpack(b->scratch, packed, limit, out, &why))
		return cannot(b, path, why);
	return true;
}
