/* The level "signed": signatures beside the record, one or a line each: DSSE envelopes (github.com/secure-systems-lab/dsse v1) alone or in
 * Sigstore bundles, whose statement is about files of the record, and bundles over a file itself (messageSignature). */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/sha256.h"
#include "io/file.h"
#include "provenance/about.h"
#include "provenance/bundle.h"

#define LEVEL LEVEL_SIGNED
#define SIGNATURES_MAX 8   /* of one envelope */
#define ENVELOPES_MAX 256 /* of one record */

struct signing {
	const struct record *r;
	const struct trust *trust;
	struct audit *out;
	VEC(struct str) covered; /* files that a good signature is over */
	bool record_predicate;	 /* and of the record no more than its predicate */
	bool failed;		 /* one of them, and why has been said */
	bool old_form;		 /* the bundle under check is of v0.1 */
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
static struct str encoded(const struct signing *s, struct str type, struct str payload)
{
	struct str head = arena_printf(s->r->arena, "DSSEv1 %zu %.*s %zu ", type.len, STR_ARG(type), payload.len);

	return arena_concat(s->r->arena, head, payload, STR_NONE);
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
		audit_say(s->out, LEVEL, CHECK_FAILS, "signature", name, "attests another SBOM, record or verdict of %.*s than those here",
			  STR_ARG(about->shipped.len ? about->shipped : STR("these files")));
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

/* ---- one signature */

struct signed_thing {
	struct str message;	 /* what the signature is over */
	struct str *signatures; /* bytes */
	size_t n;
	struct str as; /* a statement: the type that it is signed as, where that is another */
};

/* The signature that is the key's becomes the one that log and time stamps have to be about. */
static bool signed_by(const struct signed_thing *m, struct str key, struct bundle *b)
{
	for (size_t i = 0; i < m->n; i++)
		if (public_key_verify(key, m->message, m->signatures[i])) {
			b->signature = m->signatures[i];
			b->key = key;
			return true;
		}
	return false;
}

static const struct trust_key *by_trusted_key(const struct signing *s, const struct signed_thing *m, struct bundle *b)
{
	for (VEC_EACH(const struct trust_key, k, &s->trust->keys))
		if (signed_by(m, k->der, b))
			return k;
	return NULL;
}

static bool by_certificate(struct signing *s, const struct signed_thing *m, struct bundle *b, struct str files)
{
	bool good = signed_by(m, b->leaf.key, b);

	audit_check(s->out, LEVEL, good, "signature", b->about, "over %.*s is by the key of the certificate of %.*s", STR_ARG(files), STR_ARG(b->leaf.name));
	if (!good)
		return false;
	bundle_check_log(s->r, s->trust, s->out, b);
	bundle_check_stamps(s->r, s->trust, s->out, b);
	bundle_check_log_times(s->r, s->trust, s->out, b);
	bundle_check_chain(s->r, s->trust, s->out, b);
	bundle_check_identity(s->r, s->trust, s->out, b);
	return true;
}

static bool all_good(const struct audit *a, size_t from)
{
	for (size_t i = from; i < a->checks.n; i++)
		if (a->checks.items[i].state != CHECK_HOLDS && a->checks.items[i].state != CHECK_NOT_DONE)
			return false;
	return true;
}

static bool is_good(struct signing *s, const struct signed_thing *m, const struct json *material, struct bundle *b, struct str files)
{
	size_t from = s->out->checks.n;

	if (!bundle_open(s->r, material, s->out, b))
		return false;
	const struct trust_key *key = by_trusted_key(s, m, b);
	if (key) {
		struct str id = str_sub(sha256_hex(s->r->arena, b->key), 0, 16);
		audit_say(s->out, LEVEL, CHECK_HOLDS, "signature", b->about, "over %.*s is by the trusted key %.*s (--trust %.*s)", STR_ARG(files), STR_ARG(id),
			  STR_ARG(s->trust->files.items[key->file].name));
		if (s->trust->wanted.identity.len || s->trust->wanted.issuer.len)
			audit_say(s->out, LEVEL, CHECK_NOT_DONE, "identity", b->about, "is by a key: --identity and --issuer are about certificates");
		bundle_check_log(s->r, s->trust, s->out, b);
		bundle_check_stamps(s->r, s->trust, s->out, b);
		bundle_check_log_times(s->r, s->trust, s->out, b);
	} else if (b->has_certificate) {
		by_certificate(s, m, b, files);
	} else {
		bool keys = s->trust->keys.n > 0;
		audit_say(s->out, LEVEL, keys ? CHECK_FAILS : CHECK_MISSING, "signature", b->about, "over %.*s is by no %s", STR_ARG(files),
			  keys ? "trusted key" : "certificate, and --trust names no key to check it by");
	}
	return all_good(s->out, from);
}

static void check_about(struct signing *s, struct str name, const struct about *about, const struct signed_thing *m, const struct json *material, struct str payload)
{
	struct bundle b = { .about = name, .payload = payload, .message = m->message, .old_form = s->old_form };

	if (!is_about_files(s, name, about))
		return;
	struct str files = names(s, about);
	if (m->as.s) /* who signed a text did not make its statement */
		audit_say(s->out, LEVEL, CHECK_FAILS, "signature", name, "is a statement, but signed as %.*s", STR_ARG(m->as));
	if (!s->trust)
		audit_say(s->out, LEVEL, CHECK_NOT_DONE, "signature", name, "signature over %.*s present, not checked", STR_ARG(files));
	else if (is_good(s, m, material, &b, files) && !m->as.s)
		cover(s, about);
	else
		s->failed = true;
}

/* in-toto's own type, or that of a predicate (in-toto/attestation, spec/v1/envelope.md). */
static bool is_statement_type(struct str type)
{
	return str_is(type, "application/vnd.in-toto+json") || (str_starts(type, STR("application/vnd.in-toto.")) && str_ends(type, STR("+json")));
}

static void check_dsse(struct signing *s, struct str name, const struct json *envelope, const struct json *material, bool own)
{
	struct arena *a = s->r->arena;
	struct str payload = json_get_bytes(a, envelope, "payload"), signatures[SIGNATURES_MAX];
	const struct json *statement = payload.s ? json_parse(a, payload, NULL, NULL) : NULL;
	struct signed_thing m = { .signatures = signatures };
	struct about about;
	struct str type = json_get_string(envelope, "payloadType");
	size_t n = json_count(json_get(envelope, "signatures"));

	for (JSON_EACH(one, json_get(envelope, "signatures")))
		if (m.n < SIGNATURES_MAX)
			signatures[m.n++] = json_get_bytes(a, one, "sig");
	if (!payload.s || !m.n) {
		audit_say(s->out, LEVEL, CHECK_FAILS, "signature", name, "is no envelope: it has no %s", payload.s ? "signature" : "payload");
		return;
	}
	if (material && n > 1) { /* the form of bundles asks for it: log and time stamps are about one */
		audit_say(s->out, LEVEL, CHECK_FAILS, "signature", name, "is a bundle, which holds one signature; this one holds %zu", n);
		return;
	}
	if (about_is_statement(statement) && !is_statement_type(type))
		m.as = type.len ? str_sub(type, 0, 100) : STR("nothing");
	m.message = encoded(s, type, payload);
	about_statement(s->r, payload, statement, &about);
	if (own) { /* the record itself stands in the envelope */
		about.kind = ABOUT_FILES;
		*VEC_ADD(a, &about.files) = s->r->name;
	}
	check_about(s, name, &about, &m, material, payload);
}

static struct str without_end(struct str name)
{
	static const char *const ends[] = { ".sigstore.json", ".sigstore", ".bundle.json" };

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (str_ends(name, str_of(ends[i])))
			return str_sub(name, 0, name.len - strlen(ends[i]));
	return name;
}

/* Over a file itself: the one with the digest that the bundle names, else the one that it stands beside by name. */
static void check_message(struct signing *s, struct str name, const struct json *message, const struct json *material)
{
	struct arena *a = s->r->arena;
	struct str digest = json_get_bytes(a, json_get(message, "messageDigest"), "digest");
	struct str signature = json_get_bytes(a, message, "signature"), file = STR_NONE;
	struct about about = { .kind = ABOUT_OTHERS };
	char hex[65] = "";

	for (size_t i = 0; digest.len == 32 && i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned char)digest.s[i]);
	file = about_digest(s->r, str_of(hex));
	if (!file.len && about_bytes(s->r, without_end(name)).s)
		file = without_end(name);
	struct signed_thing m = { .message = about_bytes(s->r, file), .signatures = &signature, .n = 1 };
	if (!signature.len) {
		audit_say(s->out, LEVEL, CHECK_FAILS, "signature", name, "holds no signature");
		return;
	}
	if (m.message.s) {
		about.kind = ABOUT_FILES;
		*VEC_ADD(a, &about.files) = file;
	} else if (hex[0] && about_shipped(s->r, str_of(hex)).len) {
		about.kind = ABOUT_SHIPPED;
		about.shipped = about_shipped(s->r, str_of(hex));
	}
	check_about(s, name, &about, &m, material, m.message);
}

/* The forms of a Sigstore bundle; what says none is held to the newest one's rules. What a later one asks of its reader is not known here. */
static bool is_known_form(struct str media_type)
{
	static const char *const known[] = { "application/vnd.dev.sigstore.bundle+json;version=0.1", "application/vnd.dev.sigstore.bundle+json;version=0.2",
					     "application/vnd.dev.sigstore.bundle+json;version=0.3", "application/vnd.dev.sigstore.bundle.v0.3+json" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_is(media_type, known[i]))
			return true;
	return false;
}

static void check_envelope(struct signing *s, struct str name, const struct json *e, bool own)
{
	const struct json *inner = json_get_set(e, "dsseEnvelope"), *message = json_get_set(e, "messageSignature"), *material = json_get_set(e, "verificationMaterial");

	if (s->found++ == ENVELOPES_MAX)
		audit_say(s->out, LEVEL, CHECK_FAILS, "signature", name, "there are more than %d signatures: the rest is not looked at", ENVELOPES_MAX);
	if (s->found > ENVELOPES_MAX)
		return;
	if (material && json_get_string(e, "mediaType").len && !is_known_form(json_get_string(e, "mediaType"))) {
		audit_say(s->out, LEVEL, CHECK_FAILS, "signature", name, "is a bundle of a form that is not known (mediaType %.*s): 0.1 to 0.3 are read",
			  STR_ARG(str_sub(json_get_string(e, "mediaType"), 0, 100)));
		return;
	}
	s->old_form = str_ends(json_get_string(e, "mediaType"), STR("version=0.1"));
	if (message)
		check_message(s, name, message, material);
	else
		check_dsse(s, name, inner ? inner : e, material, own);
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

	if (!s->covered.n) {
		if (s->found && !s->failed)
			audit_say(s->out, LEVEL, CHECK_MISSING, "signature", STR_NONE, "no signature that is good is over these files");
		return;
	}
	spread(s);
	if (!has(s, r->name))
		audit_say(s->out, LEVEL, CHECK_MISSING, "signature", r->name, "is in no good signature: nobody but the record says how these files were made");
	for (VEC_EACH(const struct record_file, f, &r->files))
		if (f->subject && f->bytes.s && !has(s, f->name))
			audit_say(s->out, LEVEL, CHECK_MISSING, "signature", f->name, "is in no good signature");
	if (r->verdict_bytes.s && !has(s, STR("verdict.json")))
		audit_say(s->out, LEVEL, CHECK_NOT_DONE, "signature", STR("verdict.json"), "is in no good signature: result.json and the record hold it, where they are signed");
}

void record_find_signatures(const struct record *r, const struct trust *t, struct audit *out)
{
	struct signing s = { .r = r, .trust = t, .out = out };
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
		audit_say(out, LEVEL, t ? CHECK_MISSING : CHECK_NOT_DONE, "signature", STR_NONE, "there is no signature beside the record");
	if (t)
		check_coverage(&s);
}
