/* The level "signed": envelopes beside the record (DSSE, alone or in a Sigstore bundle, one or a line each) whose statement is about
 * files of the record. */
#include "base/base64.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "io/file.h"
#include "io/signature.h"
#include "provenance/about.h"

#define LEVEL LEVEL_SIGNED

struct signing {
	const struct record *r;
	const struct signature_key *key;
	struct audit *out;
	VEC(struct str) covered; /* files that a good signature is over */
	bool record_predicate;	 /* and of the record no more than its predicate */
	size_t found;
};

static bool may_be_signature(struct str name)
{
	static const char *const ends[] = { ".intoto.jsonl", ".dsse.json", ".sigstore.json", ".sigstore", ".bundle.json", ".jsonl" };

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (str_ends(name, str_of(ends[i])))
			return true;
	return false;
}

/* DSSE v1: what is signed is the pre-authentication encoding of type and payload. */
static bool is_signed(const struct signing *s, const struct json *envelope, struct str payload)
{
	struct str type = json_get_string(envelope, "payloadType");
	struct str head = arena_printf(s->r->arena, "DSSEv1 %zu %.*s %zu ", type.len, STR_ARG(type), payload.len);
	struct str message = arena_concat(s->r->arena, head, payload, STR_NONE);

	for (JSON_EACH(one, json_get(envelope, "signatures")))
		if (signature_verify(s->r->arena, s->key, message, json_get_string(one, "sig")))
			return true;
	return false;
}

static struct str names(const struct signing *s, const struct about *about)
{
	struct str text = STR("");

	for (VEC_EACH(const struct str, f, &about->files))
		text = arena_concat(s->r->arena, text, text.len ? STR(", ") : STR(""), *f);
	return text;
}

/* Tells of a statement that no file of the record is in. */
static bool is_about_files(struct signing *s, struct str name, const struct about *about)
{
	switch (about->kind) {
	case ABOUT_FILES:
		return true;
	case ABOUT_SHIPPED:
		audit_say(s->out, LEVEL, CHECK_NOT_DONE, "signature", name, "is about what is shipped (%.*s), not about these files", STR_ARG(about->shipped));
		return false;
	case ABOUT_ANOTHER:
		audit_say(s->out, LEVEL, CHECK_FAILS, "signature", name, "attests another SBOM or record of %.*s than those here", STR_ARG(about->shipped));
		return false;
	case ABOUT_OTHERS:
		break;
	}
	audit_say(s->out, LEVEL, CHECK_FAILS, "signature", name, "is about other files: no digest of this record's files stands in it");
	return false;
}

static bool has(const struct signing *s, struct str name)
{
	for (VEC_EACH(const struct str, f, &s->covered))
		if (str_eq(*f, name))
			return true;
	return false;
}

static void cover(struct signing *s, const struct about *about)
{
	if (about->record_predicate)
		s->record_predicate = s->record_predicate || !has(s, s->r->name);
	else
		for (VEC_EACH(const struct str, f, &about->files))
			if (str_eq(*f, s->r->name))
				s->record_predicate = false;
	for (VEC_EACH(const struct str, f, &about->files))
		*VEC_ADD(s->r->arena, &s->covered) = *f;
}

static void check_envelope(struct signing *s, struct str name, const struct json *e, bool own)
{
	const struct json *inner = json_get(e, "dsseEnvelope");
	const struct json *envelope = inner ? inner : e;
	struct str payload = base64_decode(s->r->arena, json_get_string(envelope, "payload"), true);
	const struct json *statement = payload.s ? json_parse(s->r->arena, payload, NULL, NULL) : NULL;
	struct about about;

	s->found++;
	if (!payload.s || !json_count(json_get(envelope, "signatures"))) {
		audit_say(s->out, LEVEL, CHECK_FAILS, "signature", name, "is no envelope: it has no %s", payload.s ? "signature" : "payload");
		return;
	}
	about_statement(s->r, payload, statement, &about);
	if (own) { /* the record itself stands in the envelope */
		about.kind = ABOUT_FILES;
		*VEC_ADD(s->r->arena, &about.files) = s->r->name;
	}
	if (!is_about_files(s, name, &about))
		return;
	struct str files = names(s, &about);
	if (!s->key) {
		audit_say(s->out, LEVEL, CHECK_NOT_DONE, "signature", name, "signature over %.*s present, not checked", STR_ARG(files));
		return;
	}
	bool good = is_signed(s, envelope, payload);
	audit_check(s->out, LEVEL, good, "signature", name, "over %.*s is by the trusted key %.*s", STR_ARG(files), STR_ARG(s->key->id));
	if (good)
		cover(s, &about);
}

static void check_file(struct signing *s, struct str name, struct str bytes)
{
	const struct json *whole = json_parse(s->r->arena, bytes, NULL, NULL);
	size_t n = 0, line_number = 0;

	if (whole) {
		check_envelope(s, name, whole, false);
		return;
	}
	for (struct str rest = bytes; rest.s;) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		const struct json *j = line.len ? json_parse(s->r->arena, line, NULL, NULL) : NULL;
		line_number++;
		n += line.len > 0;
		if (j)
			check_envelope(s, name, j, false);
		else if (line.len)
			audit_say(s->out, LEVEL, CHECK_FAILS, "signature", name, "line %zu is no JSON: it may be cut off", line_number);
	}
	if (!n)
		audit_say(s->out, LEVEL, CHECK_FAILS, "signature", name, "is empty");
	s->found++;
}

/* ---- what the good signatures hold together */

/* A signed verdict names record and SBOMs by digest, a signed record its SBOMs and byproducts: what they name is held with them, where
 * it has that digest. */
static void spread(struct signing *s)
{
	const struct record *r = s->r;

	if (has(s, STR("verdict.json")))
		for (JSON_EACH(i, json_path(r->verdict, "predicate.inputAttestations"))) {
			struct str file = about_digest(r, json_get_string(json_get(i, "digest"), "sha256"));
			if (!file.len)
				continue;
			*VEC_ADD(r->arena, &s->covered) = file;
			s->record_predicate = s->record_predicate && !str_eq(file, r->name);
		}
	if (has(s, r->name))
		for (VEC_EACH(const struct record_file, f, &r->files))
			if (f->bytes.s && !(s->record_predicate && f->subject) && str_eq(sha256_hex(r->arena, f->bytes), f->sha256))
				*VEC_ADD(r->arena, &s->covered) = f->name;
}

static void check_coverage(struct signing *s)
{
	const struct record *r = s->r;

	if (!s->covered.n)
		return; /* what is wrong has been said */
	spread(s);
	if (!has(s, r->name))
		audit_say(s->out, LEVEL, CHECK_MISSING, "signature", r->name, "is in no good signature: nobody but the record says how these files were made");
	for (VEC_EACH(const struct record_file, f, &r->files))
		if (f->subject && f->bytes.s && !has(s, f->name))
			audit_say(s->out, LEVEL, CHECK_MISSING, "signature", f->name, "is in no good signature");
	if (r->verdict_bytes.s && !has(s, STR("verdict.json")))
		audit_say(s->out, LEVEL, CHECK_NOT_DONE, "signature", STR("verdict.json"), "is in no good signature: result.json and the record hold it, where they are signed");
}

void record_find_signatures(const struct record *r, const struct signature_key *key, struct audit *out)
{
	struct signing s = { .r = r, .key = key, .out = out };
	struct file_entries entries = { 0 };
	struct str why, bytes;
	const struct json *own = json_parse(r->arena, r->bytes, NULL, NULL);

	if (json_get(own, "payload"))
		check_envelope(&s, r->name, own, true);
	if (!file_list(r->arena, r->folder.len ? arena_cstr(r->arena, r->folder) : ".", &entries, &why))
		audit_say(out, LEVEL, CHECK_NO_DATA, "signature", r->folder, "the folder cannot be listed: %.*s", STR_ARG(why));
	for (VEC_EACH(const struct file_entry, e, &entries)) {
		if (e->kind != FILE_REGULAR || !may_be_signature(e->name) || str_eq(e->name, r->name))
			continue;
		if (file_read(r->arena, file_join(r->arena, r->folder, e->name).s, LIMIT_MANIFEST, &bytes, &why)) {
			check_file(&s, e->name, bytes);
		} else {
			s.found++;
			audit_say(out, LEVEL, CHECK_NO_DATA, "signature", e->name, "cannot be read: %.*s", STR_ARG(why));
		}
	}
	if (!s.found)
		audit_say(out, LEVEL, key ? CHECK_MISSING : CHECK_NOT_DONE, "signature", STR_NONE, "there is no signature beside the record");
	if (key)
		check_coverage(&s);
}
