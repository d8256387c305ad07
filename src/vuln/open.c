/* Opening a database: the manifest, and files when they are first asked for. */
#include "vuln/database.h"

#include <sys/stat.h>

#include "io/file.h"
#include "vuln/manifest.h"
#include "vuln/remote.h"

/* 64 hex digits a block into 32 bytes a block; absent where they are none. */
static struct str blocks_of(struct arena *a, struct str hex)
{
	size_t n = hex.len / 2;
	char *p = arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i++) {
		int high = ascii_hex(hex.s[2 * i]), low = ascii_hex(hex.s[2 * i + 1]);
		if (high < 0 || low < 0)
			return STR_NONE;
		p[i] = (char)(high << 4 | low);
	}
	return str_make(p, n);
}

static void *refuse(struct diags *d, struct str path, const char *code, struct str why)
{
	diag_add(d, SEV_ERROR, code, path, DIAG_NO_OFFSET, "%.*s", STR_ARG(why));
	return NULL;
}

struct vuln_db *vuln_open_place(struct arena *a, const struct vuln_place *p, struct diags *d)
{
	struct vuln_db *db = ARENA_NEW(a, struct vuln_db);
	struct str path = file_join(a, p->dir, STR(MANIFEST_NAME)), text, why;
	const char *code;

	db->arena = a;
	db->info.path = arena_str(a, p->dir);
	if (!file_read(a, path.s, LIMIT_DATABASE_MANIFEST, &text, &why))
		return refuse(d, path, "data.missing",
			      arena_concat(a, STR("there is no vulnerability database here ("), why,
					   STR("); make one with `bomgate db build -o PATH`")));
	if (!manifest_take(a, text, &p->keys, p->must_be_signed, &db->info, &code, &why))
		return refuse(d, path, code, str_is(str_of(code), "data.signature") ? arena_concat(a, STR("the database is refused: "), why, STR_NONE) : why);
	for (size_t i = 0; i < p->nremotes; i++)
		*VEC_ADD(a, &db->remotes) = p->remotes[i];
	db->files = arena_array(a, db->info.files.n, sizeof *db->files);
	map_init(&db->by_ecosystem, a);
	for (size_t i = 0; i < db->info.files.n; i++)
		if (str_is(db->info.files.items[i].kind, "advisories"))
			map_put(&db->by_ecosystem, db->info.files.items[i].ecosystem, NULL)->value.num = i;
	return db;
}

struct vuln_db *vuln_open(struct arena *a, const char *dir, struct diags *d)
{
	struct vuln_place p = { .dir = str_of(dir) };

	vuln_keys_published(a, &p.keys);
	return vuln_open_place(a, &p, d);
}

void vuln_close(struct vuln_db *db)
{
	if (db)
		vuln_close(db->more);
	for (size_t i = 0; db && i < db->info.files.n; i++)
		vuln_file_close(db->files[i].file);
}

const struct vuln_info *vuln_about(const struct vuln_db *db)
{
	return &db->info;
}

/* A database that was built has its files by name; one that is kept of the network by their digest, which never changes. */
static struct str path_of(struct vuln_db *db, const struct vuln_file_info *f)
{
	struct str named = file_join(db->arena, db->info.path, f->name);
	enum file_kind kind;

	return file_kind(named.s, &kind) ? named : file_join(db->arena, db->info.path, f->tree);
}

struct vuln_file *vuln_db_file(struct vuln_db *db, size_t i, enum vuln_kind kind)
{
	const struct vuln_file_info *f = &db->info.files.items[i];
	struct str why = STR_NONE;

	if (db->files[i].file || db->files[i].failed.s)
		return db->files[i].file;
	/* Digits become bytes only for the files that are used. */
	struct str blocks = blocks_of(db->arena, f->blocks), path = path_of(db, f);
	enum file_kind is;
	if (!blocks.s)
		why = STR("its digests in the manifest are no hexadecimal digits");
	else if (file_kind(path.s, &is) || !db->remotes.n || remote_get(db->arena, db->remotes.items, db->remotes.n, f, blocks, path, &why))
		db->files[i].file = vuln_file_open(db->arena, path.s, kind, f->size, (const unsigned char *)blocks.s, &why);
	if (!db->files[i].file)
		db->files[i].failed = why;
	return db->files[i].file;
}

/* What `db sign -o` writes lies there as it is served: packed. */
static bool is_packed(const struct vuln_db *db, const struct vuln_file_info *f)
{
	enum file_kind kind;

	return !db->remotes.n && file_kind(file_join(db->arena, db->info.path, arena_concat(db->arena, f->tree, STR(".zst"), STR_NONE)).s, &kind);
}

bool vuln_damaged(struct vuln_db *db, struct diags *d)
{
	bool any = db->more && vuln_damaged(db->more, d);

	for (size_t i = 0; i < db->info.files.n; i++) {
		const struct vuln_file *f = db->files[i].file;
		struct str why = db->files[i].failed.s ? db->files[i].failed : f && f->damaged ? f->why : STR_NONE;
		any |= why.s != NULL;
		if (why.s && !db->files[i].told && !f && is_packed(db, &db->info.files.items[i]))
			diag_add(d, SEV_ERROR, "data.packed", file_join(db->arena, db->info.path, db->info.files.items[i].name), DIAG_NO_OFFSET,
				 "these files are packed to be served: name their address, or the folder that `bomgate db update` or `db build` made");
		else if (why.s && !db->files[i].told)
			diag_add(d, SEV_ERROR, "data.damaged", file_join(db->arena, db->info.path, db->info.files.items[i].name), DIAG_NO_OFFSET,
				 "the vulnerability database is damaged: %.*s; build or fetch it again", STR_ARG(why));
		db->files[i].told |= why.s != NULL;
	}
	return any;
}

const struct vuln_source *vuln_source_of(const struct vuln_db *db, const char *name, struct str ecosystem)
{
	struct str base = str_sub(ecosystem, 0, str_chr(ecosystem, ':'));

	for (VEC_EACH(const struct vuln_source, s, &db->info.sources))
		if (str_is(s->name, name) && str_eq(s->ecosystem, base))
			return s;
	return NULL;
}
