#include "vuln/manifest.h"

#include "base/sha256.h"
#include "io/file.h"
#include "syntax/json.h"
#include "syntax/json_writer.h"
#include "vuln/store.h"

void vuln_keys_published(struct arena *a, struct vuln_keys *out)
{
	static const struct {
		const char *name, *base64;
	} rows[] = {
#define PUBLISHED_KEY(name, base64) { name, base64 },
#include "vuln/keys.def"
#undef PUBLISHED_KEY
	};
	struct str why;

	*out = (struct vuln_keys){ 0 };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vuln_key k = { .name = str_of(rows[i].name) };
		if (signature_key_read(a, str_of(rows[i].base64), &k.key, &why))
			*VEC_ADD(a, out) = k;
	}
}

bool vuln_keys_own(struct arena *a, struct str path, struct vuln_keys *out, struct diags *d)
{
	struct str text, why;
	struct vuln_key k = { .name = arena_str(a, path) };

	*out = (struct vuln_keys){ 0 };
	if (!file_read(a, arena_cstr(a, path), 4096, &text, &why) || !signature_key_read(a, text, &k.key, &why)) {
		diag_add(d, SEV_ERROR, "usage.db-key", path, DIAG_NO_OFFSET,
			 "this key for databases cannot be used: %.*s; it takes a public key of ECDSA P-256 in PEM, as `bomgate db key` makes",
			 STR_ARG(why));
		return false;
	}
	*VEC_ADD(a, out) = k;
	return true;
}

uint64_t manifest_number(struct json_cursor *c)
{
	uint64_t n;

	if (!str_to_u64(json_read_number(c), &n))
		json_fail(c, json_offset(c), "a whole number was expected here");
	return json_failed(c) ? 0 : n;
}

void manifest_source(struct json_cursor *c, struct vuln_source *s)
{
	struct str key;

	json_enter_object(c);
	while (json_next_key(c, &key)) {
		if (str_is(key, "name"))
			s->name = json_read_string(c);
		else if (str_is(key, "ecosystem"))
			s->ecosystem = json_read_string(c);
		else if (str_is(key, "records"))
			s->records = manifest_number(c);
		else if (str_is(key, "withdrawn"))
			s->withdrawn = manifest_number(c);
		else if (str_is(key, "malformed"))
			s->malformed = manifest_number(c);
		else if (str_is(key, "withoutRanges"))
			s->no_ranges = manifest_number(c);
		else if (str_is(key, "withoutRelease"))
			s->no_release = manifest_number(c);
		else if (str_is(key, "unreadable"))
			s->unreadable = manifest_number(c);
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
		else if (str_is(key, "tree"))
			f->tree = json_read_string(c);
		else if (str_is(key, "blocks"))
			f->blocks = json_read_string(c);
		else if (str_is(key, "size"))
			f->size = manifest_number(c);
		else if (str_is(key, "packages"))
			f->packages = (uint32_t)manifest_number(c);
		else if (str_is(key, "records"))
			f->records = (uint32_t)manifest_number(c);
		else
			json_skip(c);
	}
	uint64_t blocks = (f->size + VULN_BLOCK - 1) / VULN_BLOCK;
	if (!f->name.len || str_chr(f->name, '/') != STR_NOT_FOUND || f->name.s[0] == '.' || f->tree.len != 64 || f->blocks.len != blocks * 64)
		json_fail(c, json_offset(c), "a file of the database is not described as it should be");
}

static void read_manifest(struct json_cursor *c, struct vuln_info *info, uint64_t *format)
{
	struct str key;

	json_enter_object(c);
	while (json_next_key(c, &key)) {
		if (str_is(key, "bomgateDatabase")) {
			*format = manifest_number(c);
		} else if (str_is(key, "built")) {
			info->built = json_read_string(c);
		} else if (str_is(key, "serial")) {
			info->serial = manifest_number(c);
		} else if (str_is(key, "sources")) {
			json_enter_array(c);
			while (json_next(c))
				manifest_source(c, VEC_ADD(c->arena, &info->sources));
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

/* ---- the signature */

struct str manifest_body(struct str text, struct str *line)
{
	size_t end = text.len;

	*line = STR_NONE;
	while (end && text.s[end - 1] == '\n')
		end--;
	size_t from = str_rchr(str_sub(text, 0, end), '\n');
	if (from == STR_NOT_FOUND || !str_starts(str_from(text, from + 1), STR("{\"signature\"")))
		return text;
	*line = str_sub(text, from + 1, end - from - 1);
	return str_sub(text, 0, from + 1);
}

static bool is_signed(struct arena *a, struct str body, struct str line, const struct vuln_keys *keys, struct vuln_info *info, struct str *why)
{
	struct str key, signature = STR_NONE, id = STR_NONE;
	struct json_cursor c;

	json_open(&c, a, line);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_is(key, "signature"))
			signature = json_read_string(&c);
		else if (str_is(key, "key"))
			id = json_read_string(&c);
		else
			json_skip(&c);
	}
	if (!json_close(&c) || !signature.len || !id.len) {
		*why = STR("the line of its signature cannot be read");
		return false;
	}
	for (VEC_EACH(const struct vuln_key, k, keys)) {
		if (!str_eq(k->key.id, id))
			continue;
		if (signature_verify(a, &k->key, body, signature)) {
			info->signature = k->key.id;
			info->signed_by = k->name;
			return true;
		}
		*why = arena_printf(a, "its signature is not that of the key %.*s (%.*s): it was changed after it was signed", STR_ARG(id), STR_ARG(k->name));
		return false;
	}
	*why = arena_printf(a, "it is signed by the key %.*s, which is none that is trusted here; name it with --db-key if it is yours",
			    STR_ARG(str_sub(id, 0, 64)));
	return false;
}

bool vuln_manifest_sign(struct arena *a, struct str manifest, struct str private_pem, struct str *out, struct signature_key *key, struct str *why)
{
	struct str old, body = manifest_body(manifest, &old), signature;
	struct json_writer w;
	struct buf line;

	if (!signature_make(a, private_pem, body, &signature, key, why))
		return false;
	buf_init(&line, 0);
	buf_add(&line, body);
	json_writer_init(&w, &line, true);
	json_begin_object(&w);
	json_member(&w, "signature", signature);
	json_member(&w, "key", key->id);
	json_end_object(&w);
	buf_addc(&line, '\n');
	*out = arena_str(a, buf_str(&line));
	buf_free(&line);
	return true;
}

/* ---- the whole */

static bool refuse(const char **code, const char *with, struct str *why, const char *text)
{
	*code = with;
	if (text)
		*why = str_of(text);
	return false;
}

static bool has_kind(const struct vuln_info *info, const char *kind)
{
	for (VEC_EACH(const struct vuln_file_info, f, &info->files))
		if (str_is(f->kind, kind))
			return true;
	return false;
}

/* What was loaded; false where facts about CVEs are named and no file holds them: its silence would read as "nothing known".
 * (Where advisories of an ecosystem are missing its components are not decided.) */
static bool sources_known(struct vuln_info *info)
{
	for (VEC_EACH(struct vuln_source, s, &info->sources)) {
		info->osv |= str_is(s->name, "osv");
		info->kev |= str_is(s->name, "kev");
		info->ssvc |= str_is(s->name, "ssvc");
		info->epss |= str_is(s->name, "epss");
		info->cve |= str_is(s->name, "cve");
	}
	return !(info->kev || info->ssvc || info->epss) || has_kind(info, "cves");
}

bool manifest_take(struct arena *a, struct str text, const struct vuln_keys *keys, bool must_be_signed, struct vuln_info *info,
		   const char **code, struct str *why)
{
	struct str line, body = manifest_body(text, &line);
	struct json_cursor c;
	uint64_t format = 0;

	/* Nothing of it is looked at before its signature. */
	if (line.s && !is_signed(a, body, line, keys, info, why))
		return refuse(code, "data.signature", why, NULL);
	if (!line.s && must_be_signed)
		return refuse(code, "data.signature", why, "it is not signed, as data from an address has to be (and a folder with --db-key): `bomgate db sign` does that");
	json_open(&c, a, body);
	read_manifest(&c, info, &format);
	if (json_failed(&c)) {
		*why = arena_concat(a, STR("is no manifest of a database: "), str_of(c.error), STR_NONE);
		return refuse(code, "data.manifest", why, NULL);
	}
	if (format != VULN_FORMAT)
		return refuse(code, "data.format", why, "has a format that this version does not know; build it again with `bomgate db build`");
	info->digest = sha256_hex(a, text);
	info->manifest = text;
	if (!sources_known(info))
		return refuse(code, "data.manifest", why, "names a source that none of its files holds");
	return true;
}
