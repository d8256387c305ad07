#include "vuln/update.h"

#include <sys/stat.h>
#include <unistd.h>

#include "io/http.h"
#include "syntax/json_writer.h"
#include "vuln/database.h"
#include "vuln/manifest.h"
#include "vuln/remote.h"

#define RECORD_NAME "record.json"
#define RECORD_MAX ((size_t)16 << 20)
#define KEPT_FOR ((int64_t)7 * 24 * 3600)
#define MANIFEST_RETRIES 3 /* a publication replaces the manifest: for a moment there is none */

/* What was accepted last. */
struct record {
	bool known;
	uint64_t serial;
	struct str digest;
	int64_t fetched;
	VEC(struct vuln_source) sources; /* name, ecosystem, records */
};

/* False where there is a record that cannot be read: then nobody knows what was accepted. */
static bool read_record(struct arena *a, struct str path, struct record *r, struct str *why)
{
	struct json_cursor c;
	struct str text, key;
	enum file_kind kind;

	if (!file_kind(path.s, &kind))
		return true;
	*why = STR("it is no plain file");
	if (kind != FILE_REGULAR || !file_read(a, path.s, RECORD_MAX, &text, why))
		return false;
	json_open(&c, a, text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_is(key, "serial")) {
			r->serial = manifest_number(&c);
		} else if (str_is(key, "digest")) {
			r->digest = json_read_string(&c);
		} else if (str_is(key, "fetched")) {
			r->fetched = (int64_t)manifest_number(&c);
		} else if (str_is(key, "sources")) {
			json_enter_array(&c);
			while (json_next(&c))
				manifest_source(&c, VEC_ADD(a, &r->sources));
		} else {
			json_skip(&c);
		}
	}
	r->known = json_close(&c);
	if (!r->known)
		*why = STR("it is no record of an update");
	return r->known;
}

static bool write_record(struct arena *a, struct str path, const struct vuln_info *info, int64_t now, struct str *why)
{
	struct json_writer w;
	struct buf out;

	buf_init(&out, 0);
	json_writer_init(&w, &out, false);
	json_begin_object(&w);
	json_member_int(&w, "serial", (long long)info->serial);
	json_member(&w, "digest", info->digest);
	json_member_int(&w, "fetched", (long long)now);
	json_put_key(&w, "sources");
	json_begin_array(&w);
	for (VEC_EACH(const struct vuln_source, s, &info->sources)) {
		json_begin_object(&w);
		json_member(&w, "name", s->name);
		json_member_opt(&w, "ecosystem", s->ecosystem);
		json_member_int(&w, "records", (long long)s->records);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_end_object(&w);
	buf_addc(&out, '\n');
	(void)a;
	bool good = file_write_atomic(path.s, buf_str(&out), why);
	buf_free(&out);
	return good;
}

/* The source that lost more than a fifth of its records, with how many it had; NULL where none did. */
static const struct vuln_source *shrunk(const struct record *old, const struct vuln_info *new, uint64_t *now_has)
{
	for (VEC_EACH(const struct vuln_source, was, &old->sources)) {
		*now_has = 0;
		for (VEC_EACH(const struct vuln_source, is, &new->sources))
			if (str_eq(is->name, was->name) && str_eq(is->ecosystem, was->ecosystem))
				*now_has = is->records;
		if (*now_has < was->records - was->records / 5)
			return was;
	}
	return NULL;
}

/* May this manifest follow what was accepted? */
static bool follows(struct arena *a, const struct vuln_update *u, const struct record *old, const struct vuln_info *new, const char **code,
		    struct str *why)
{
	uint64_t has;

	if (!old->known)
		return true;
	*code = "data.rollback";
	if (new->serial < old->serial) {
		*why = arena_printf(a, "its serial %llu is lower than %llu, the last one accepted: an old state is offered as the current one",
				    (unsigned long long)new->serial, (unsigned long long)old->serial);
		return false;
	}
	if (new->serial == old->serial && !str_eq(new->digest, old->digest)) {
		*why = arena_printf(a, "it has the serial %llu of the last one accepted, and other content", (unsigned long long)new->serial);
		return false;
	}
	const struct vuln_source *s = u->allow_shrunk ? NULL : shrunk(old, new, &has);
	*code = "data.shrunk";
	if (s)
		*why = arena_printf(a,
				    "its source %.*s%s%.*s has %llu records, %llu before: a source that lost more than a fifth is refused; if that is right, "
				    "accept it with `bomgate db update --allow-shrunk`",
				    STR_ARG(s->name), s->ecosystem.len ? " " : "", STR_ARG(s->ecosystem), (unsigned long long)has, (unsigned long long)s->records);
	return s == NULL;
}

enum offer { OFFER_NONE, OFFER_TAKEN, OFFER_REFUSED };

static bool get_manifest(struct arena *a, struct str url, struct http_response *r, struct str *why)
{
	struct http_request q = { .method = "GET", .url = url, .limit = LIMIT_DATABASE_MANIFEST, .follow = true, .plain_allowed = true,
				  .connect_seconds = 10, .total_seconds = 120 };
	struct http_patience patience = http_patience;

	for (int attempt = 1;; attempt++) {
		struct str kept = STR_NONE;
		if (!http_do_patiently(a, &q, &patience, &kept, r, why))
			return false;
		if (r->status == 200)
			return true;
		*why = arena_printf(a, "it was answered with %ld", r->status);
		if (r->status != 404 || attempt == MANIFEST_RETRIES)
			return false;
		http_wait(2);
	}
}

static enum offer take(struct arena *a, const struct vuln_update *u, struct str url, const struct record *old, struct vuln_info *info, struct str *text,
		       const char **code, struct str *why)
{
	struct http_response r = { 0 };

	*code = "data.network";
	if (!get_manifest(a, url, &r, why))
		return OFFER_NONE;
	*info = (struct vuln_info){ 0 };
	*text = r.body;
	if (!manifest_take(a, r.body, &u->keys, true, info, code, why))
		return OFFER_REFUSED;
	return follows(a, u, old, info, code, why) ? OFFER_TAKEN : OFFER_REFUSED;
}

/* The copy's own manifest, if it is one that may be used. */
static bool copy_is_good(struct arena *a, const struct vuln_update *u, const struct record *old, struct str path, struct vuln_info *info)
{
	struct str text, why;
	const char *code;

	*info = (struct vuln_info){ 0 };
	file_remove_pipe(path.s);
	return file_read(a, path.s, LIMIT_DATABASE_MANIFEST, &text, &why) && manifest_take(a, text, &u->keys, true, info, &code, &why) &&
	       (!old->known || (info->serial >= old->serial && (info->serial > old->serial || str_eq(info->digest, old->digest))));
}

static enum result none_answered(struct arena *a, struct diags *d, const struct vuln_info *copy, bool good, struct str path, struct str reasons,
				 enum vuln_update_state *state)
{
	(void)a;
	*state = VULN_UPDATE_KEPT;
	if (good) {
		diag_add(d, SEV_WARNING, "data.update", path, DIAG_NO_OFFSET,
			 "the vulnerability data could not be brought up to date (%.*s); the copy built %.*s is used while it is young enough", STR_ARG(reasons),
			 STR_ARG(copy->built));
		return PARTIAL;
	}
	diag_add(d, SEV_ERROR, "data.network", path, DIAG_NO_OFFSET, "there is no vulnerability data here and none can be fetched: %.*s", STR_ARG(reasons));
	return FAILED;
}

static enum result refused(struct diags *d, struct str url, const char *code, struct str why)
{
	diag_add(d, SEV_ERROR, code, url, DIAG_NO_OFFSET, "the vulnerability data is refused: %.*s", STR_ARG(why));
	return FAILED;
}

enum result vuln_update(const struct vuln_update *u, struct arena *a, struct diags *d, enum vuln_update_state *state)
{
	struct str path = file_join(a, u->dir, STR(MANIFEST_NAME)), record_path = file_join(a, u->dir, STR(RECORD_NAME)), reasons = STR_NONE, why,
		   text, refused_by = STR_NONE, refused_why = STR_NONE;
	const char *code, *refused_code = NULL;
	struct vuln_info copy, info;
	struct record old = { 0 };

	if (!file_make_folders(arena_cstr(a, u->dir), &why))
		return refused(d, u->dir, "data.cache", arena_concat(a, STR("the folder for it cannot be made: "), why, STR_NONE));
	if (!read_record(a, record_path, &old, &why))
		return refused(d, record_path, "data.cache",
			       arena_concat(a, STR("what was accepted last cannot be read ("), why, STR("); look at the folder, then remove it")));
	bool good = copy_is_good(a, u, &old, path, &copy);
	if (good && old.known && !u->always && u->now >= old.fetched && u->now - old.fetched < VULN_UPDATE_YOUNG) {
		*state = VULN_UPDATE_YOUNG_ENOUGH;
		return OK;
	}
	for (size_t i = 0; i < u->nremotes; i++) {
		struct str url = remote_url(a, u->remotes[i], STR(MANIFEST_NAME));
		enum offer offer = take(a, u, url, &old, &info, &text, &code, &why);
		if (offer == OFFER_TAKEN) {
			*state = good && str_eq(info.digest, copy.digest) ? VULN_UPDATE_CURRENT : VULN_UPDATE_NEW;
			/* The record first: a run that dies between the two fetches again, and never goes back. */
			if (!write_record(a, record_path, &info, u->now, &why) || !file_write_atomic(path.s, text, &why))
				return refused(d, u->dir, "data.cache", arena_concat(a, STR("it cannot be kept: "), why, STR_NONE));
			return OK;
		}
		reasons = arena_printf(a, "%.*s%s%.*s: %.*s", STR_ARG(reasons), reasons.len ? "; " : "", STR_ARG(url), STR_ARG(why));
		if (offer == OFFER_REFUSED && !refused_code) {
			refused_code = code;
			refused_by = url;
			refused_why = why;
		}
	}
	if (refused_code)
		return refused(d, refused_by, refused_code, refused_why);
	return none_answered(a, d, &copy, good, path, reasons, state);
}

bool vuln_fetch(struct vuln_db *db, bool texts, vuln_wanted *wanted, void *data, struct vuln_fetched *out)
{
	bool good = true;

	*out = (struct vuln_fetched){ 0 };
	for (size_t i = 0; i < db->info.files.n; i++) {
		const struct vuln_file_info *f = &db->info.files.items[i];
		bool is_texts = str_is(f->kind, "texts"), is_cves = str_is(f->kind, "cves");
		enum file_kind kind;
		if ((is_texts && !texts) || !wanted(data, f))
			continue;
		bool there = file_kind(file_join(db->arena, db->info.path, f->tree).s, &kind);
		if (!vuln_db_file(db, i, is_texts ? VULN_KIND_TEXTS : is_cves ? VULN_KIND_CVES : VULN_KIND_ADVISORIES)) {
			good = false;
			continue;
		}
		out->files += !there;
		out->there += there;
		out->bytes += there ? 0 : f->size;
	}
	return good;
}

/* "<64 digits>" and "<64 digits>.part" are ours. */
static bool is_ours(struct str name)
{
	if (name.len < 64 || (name.len > 64 && !str_is(str_from(name, 64), ".part")))
		return false;
	for (size_t i = 0; i < 64; i++)
		if (ascii_hex(name.s[i]) < 0)
			return false;
	return true;
}

void vuln_update_clean(struct arena *a, const struct vuln_db *db, int64_t now)
{
	struct file_entries entries;
	struct map named;
	struct str why;
	struct stat st;

	map_init(&named, a);
	for (VEC_EACH(const struct vuln_file_info, f, &db->info.files))
		map_put(&named, f->tree, NULL);
	if (!file_list(a, db->info.path.s, &entries, &why))
		return;
	for (VEC_EACH(struct file_entry, e, &entries)) {
		struct str path = file_join(a, db->info.path, e->name);
		/* Another job may have opened the manifest before this one: what it names stays for a while. */
		if (e->kind == FILE_REGULAR && is_ours(e->name) && !map_has(&named, str_sub(e->name, 0, 64)) && stat(path.s, &st) == 0 &&
		    now - st.st_mtime > KEPT_FOR)
			unlink(path.s);
	}
}
