/* Opening a database: the manifest, and files when they are first asked for. */
#include "vuln/database.h"

#include "base/limits.h"
#include "base/sha256.h"
#include "io/file.h"
#include "syntax/json.h"

#define LIMIT_DATABASE_MANIFEST ((size_t)256 << 20) /* 64 digits a block of 64 kB: 400 MB of files give half a MB */

static uint64_t number(struct json_cursor *c)
{
	uint64_t n;

	if (!str_to_u64(json_read_number(c), &n))
		json_fail(c, json_offset(c), "a whole number was expected here");
	return json_failed(c) ? 0 : n;
}

static void read_source(struct json_cursor *c, struct vuln_source *s)
{
	struct str key;

	json_enter_object(c);
	while (json_next_key(c, &key)) {
		if (str_is(key, "name"))
			s->name = json_read_string(c);
		else if (str_is(key, "ecosystem"))
			s->ecosystem = json_read_string(c);
		else if (str_is(key, "records"))
			s->records = number(c);
		else if (str_is(key, "withdrawn"))
			s->withdrawn = number(c);
		else if (str_is(key, "malformed"))
			s->malformed = number(c);
		else if (str_is(key, "withoutRanges"))
			s->no_ranges = number(c);
		else if (str_is(key, "withoutRelease"))
			s->no_release = number(c);
		else if (str_is(key, "unreadable"))
			s->unreadable = number(c);
		else if (str_is(key, "date"))
			s->date = json_read_string(c);
		else if (str_is(key, "checked"))
			s->checked = json_read_string(c);
		else if (str_is(key, "digest"))
			s->digest = json_read_string(c);
		else
			json_skip(c);
	}
}

/* 64 hex digits a block into 32 bytes a block. */
static struct str blocks_of(struct json_cursor *c, struct str hex)
{
	size_t n = hex.len / 2;
	char *p = arena_alloc(c->arena, n + 1);

	for (size_t i = 0; i < n; i++) {
		int high = ascii_hex(hex.s[2 * i]), low = ascii_hex(hex.s[2 * i + 1]);
		if (high < 0 || low < 0)
			json_fail(c, json_offset(c), "hexadecimal digits were expected here");
		p[i] = (char)(high << 4 | low);
	}
	return str_make(p, n);
}

static void read_file(struct json_cursor *c, struct vuln_file_info *f)
{
	struct str key;

	json_enter_object(c);
	while (json_next_key(c, &key)) {
		if (str_is(key, "name"))
			f->name = json_read_string(c);
		else if (str_is(key, "kind"))
			f->kind = json_read_string(c);
		else if (str_is(key, "ecosystem"))
			f->ecosystem = json_read_string(c);
		else if (str_is(key, "sha256"))
			f->sha256 = json_read_string(c);
		else if (str_is(key, "blocks"))
			f->blocks = json_read_string(c);
		else if (str_is(key, "size"))
			f->size = number(c);
		else if (str_is(key, "packages"))
			f->packages = (uint32_t)number(c);
		else if (str_is(key, "records"))
			f->records = (uint32_t)number(c);
		else
			json_skip(c);
	}
	uint64_t blocks = (f->size + VULN_BLOCK - 1) / VULN_BLOCK;
	if (!f->name.len || str_chr(f->name, '/') != STR_NOT_FOUND || f->name.s[0] == '.' || f->blocks.len != blocks * 64)
		json_fail(c, json_offset(c), "a file of the database is not described as it should be");
}

static void read_manifest(struct json_cursor *c, struct vuln_info *info, uint64_t *format)
{
	struct str key;

	json_enter_object(c);
	while (json_next_key(c, &key)) {
		if (str_is(key, "bomgateDatabase")) {
			*format = number(c);
		} else if (str_is(key, "built")) {
			info->built = json_read_string(c);
		} else if (str_is(key, "serial")) {
			info->serial = number(c);
		} else if (str_is(key, "sources")) {
			json_enter_array(c);
			while (json_next(c))
				read_source(c, VEC_ADD(c->arena, &info->sources));
		} else if (str_is(key, "files")) {
			json_enter_array(c);
			while (json_next(c))
				read_file(c, VEC_ADD(c->arena, &info->files));
		} else {
			json_skip(c);
		}
	}
	json_close(c);
}

static void *refuse(struct diags *d, struct str path, const char *code, struct str why)
{
	diag_add(d, SEV_ERROR, code, path, DIAG_NO_OFFSET, "%.*s", STR_ARG(why));
	return NULL;
}

struct vuln_db *vuln_open(struct arena *a, const char *dir, struct diags *d)
{
	struct vuln_db *db = ARENA_NEW(a, struct vuln_db);
	struct str path = file_join(a, str_of(dir), STR("manifest.json")), text, why;
	struct json_cursor c;
	uint64_t format = 0;

	db->arena = a;
	db->info.path = arena_str(a, str_of(dir));
	if (!file_read(a, path.s, LIMIT_DATABASE_MANIFEST, &text, &why))
		return refuse(d, path, "data.missing",
			      arena_concat(a, STR("there is no vulnerability database here ("), why,
					   STR("); make one with `bomgate db build -o PATH`")));
	json_open(&c, a, text);
	read_manifest(&c, &db->info, &format);
	if (json_failed(&c))
		return refuse(d, path, "data.manifest", arena_concat(a, STR("is no manifest of a database: "), str_of(c.error), STR("")));
	if (format != VULN_FORMAT)
		return refuse(d, path, "data.format",
			      STR("has a format that this version does not know; build it again with `bomgate db build`"));
	db->info.digest = sha256_hex(a, text);
	for (VEC_EACH(struct vuln_source, s, &db->info.sources)) {
		db->info.osv |= str_is(s->name, "osv");
		db->info.kev |= str_is(s->name, "kev");
		db->info.ssvc |= str_is(s->name, "ssvc");
		db->info.epss |= str_is(s->name, "epss");
		db->info.cve |= str_is(s->name, "cve");
	}
	db->files = arena_array(a, db->info.files.n, sizeof *db->files);
	map_init(&db->by_ecosystem, a);
	for (size_t i = 0; i < db->info.files.n; i++)
		if (str_is(db->info.files.items[i].kind, "advisories"))
			map_put(&db->by_ecosystem, db->info.files.items[i].ecosystem, NULL)->value.num = i;
	return db;
}

void vuln_close(struct vuln_db *db)
{
	for (size_t i = 0; db && i < db->info.files.n; i++)
		vuln_file_close(db->files[i].file);
}

const struct vuln_info *vuln_about(const struct vuln_db *db)
{
	return &db->info;
}

struct vuln_file *vuln_db_file(struct vuln_db *db, size_t i, enum vuln_kind kind)
{
	const struct vuln_file_info *f = &db->info.files.items[i];
	struct str why = STR_NONE;

	if (db->files[i].file || db->files[i].failed.s)
		return db->files[i].file;
	/* Digits become bytes only for the files that are used. */
	struct json_cursor c = { .arena = db->arena };
	struct str blocks = blocks_of(&c, f->blocks);
	struct str path = file_join(db->arena, db->info.path, f->name);
	if (json_failed(&c))
		why = STR("its digests in the manifest are no hexadecimal digits");
	else
		db->files[i].file = vuln_file_open(db->arena, path.s, kind, f->size, (const unsigned char *)blocks.s, &why);
	if (!db->files[i].file)
		db->files[i].failed = why;
	return db->files[i].file;
}

bool vuln_damaged(struct vuln_db *db, struct diags *d)
{
	bool any = false;

	for (size_t i = 0; i < db->info.files.n; i++) {
		const struct vuln_file *f = db->files[i].file;
		struct str why = db->files[i].failed.s ? db->files[i].failed : f && f->damaged ? f->why : STR_NONE;
		any |= why.s != NULL;
		if (why.s && !db->files[i].told)
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
