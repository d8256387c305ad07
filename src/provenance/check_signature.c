/* The level "signed": envelopes beside the record (DSSE, alone or in a Sigstore bundle, one or a line each) whose statement names a
 * file of the record by its digest. */
#include "base/base64.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "io/file.h"
#include "io/signature.h"
#include "provenance/record.h"

static bool may_be_signature(struct str name)
{
	static const char *const ends[] = { ".intoto.jsonl", ".dsse.json", ".sigstore.json", ".sigstore", ".bundle.json", ".jsonl" };

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (str_ends(name, str_of(ends[i])))
			return true;
	return false;
}

/* Which file of the record is among the statement's subjects? By digest, never by name. */
static struct str named_file(const struct record *r, const struct json *statement)
{
	for (JSON_EACH(s, json_get(statement, "subject"))) {
		struct str digest = json_get_string(json_get(s, "digest"), "sha256");
		if (!digest.len)
			continue;
		if (str_eq(digest, sha256_hex(r->arena, r->bytes)))
			return r->name;
		for (VEC_EACH(const struct record_file, f, &r->files))
			if (f->bytes.s && str_eq(digest, sha256_hex(r->arena, f->bytes)))
				return f->name;
	}
	return STR_NONE;
}

/* DSSE v1: what is signed is the pre-authentication encoding of type and payload. */
static bool is_signed(const struct record *r, const struct signature_key *key, const struct json *envelope, struct str payload)
{
	struct str type = json_get_string(envelope, "payloadType");
	struct str head = arena_printf(r->arena, "DSSEv1 %zu %.*s %zu ", type.len, STR_ARG(type), payload.len);
	struct str message = arena_concat(r->arena, head, payload, STR_NONE);

	for (JSON_EACH(s, json_get(envelope, "signatures")))
		if (signature_verify(r->arena, key, message, json_get_string(s, "sig")))
			return true;
	return false;
}

static size_t check_envelope(const struct record *r, const struct signature_key *key, struct str name, const struct json *e, struct audit *out)
{
	const struct json *inner = json_get(e, "dsseEnvelope");
	const struct json *envelope = inner ? inner : e;
	struct str payload = base64_decode(r->arena, json_get_string(envelope, "payload"), true);
	const struct json *statement = payload.s ? json_parse(r->arena, payload, NULL, NULL) : NULL;

	if (!json_count(json_get(envelope, "signatures")))
		return 0;
	struct str file = named_file(r, statement);
	if (!file.len && !str_eq(payload, r->bytes)) {
		audit_say(out, LEVEL_SIGNED, CHECK_FAILS, "signature", name, "is about other files: no digest of this record's files stands in it");
		return 1;
	}
	if (key)
		audit_check(out, LEVEL_SIGNED, is_signed(r, key, envelope, payload), "signature", name, "over %.*s is by the trusted key %.*s",
			    STR_ARG(file.len ? file : r->name), STR_ARG(key->id));
	else
		audit_say(out, LEVEL_SIGNED, CHECK_NOT_DONE, "signature", name, "signature over %.*s present, not checked", STR_ARG(file.len ? file : r->name));
	return 1;
}

static size_t check_file(const struct record *r, const struct signature_key *key, struct str name, struct str bytes, struct audit *out)
{
	size_t n = 0;
	const struct json *whole = json_parse(r->arena, bytes, NULL, NULL);

	if (whole)
		return check_envelope(r, key, name, whole, out);
	for (struct str rest = bytes; rest.s;) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		const struct json *j = line.len ? json_parse(r->arena, line, NULL, NULL) : NULL;
		if (j)
			n += check_envelope(r, key, name, j, out);
	}
	return n;
}

void record_find_signatures(const struct record *r, const struct signature_key *key, struct audit *out)
{
	struct file_entries entries = { 0 };
	struct str why, bytes;
	size_t n = 0;

	const struct json *own = json_parse(r->arena, r->bytes, NULL, NULL);
	if (json_get(own, "payload"))
		n += check_envelope(r, key, r->name, own, out);
	if (file_list(r->arena, r->folder.len ? arena_cstr(r->arena, r->folder) : ".", &entries, &why))
		for (VEC_EACH(const struct file_entry, e, &entries))
			if (e->kind == FILE_REGULAR && may_be_signature(e->name) &&
			    file_read(r->arena, file_join(r->arena, r->folder, e->name).s, LIMIT_MANIFEST, &bytes, &why))
				n += check_file(r, key, e->name, bytes, out);
	if (!n)
		audit_say(out, LEVEL_SIGNED, key ? CHECK_MISSING : CHECK_NOT_DONE, "signature", STR_NONE, "there is no signature beside the record");
}
