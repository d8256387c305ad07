/* Entries of a transparency log: Rekor v1 and v2 (github.com/sigstore/rekor, rekor-tiles), Merkle trees of RFC 6962 and 9162, checkpoints as signed notes
 * (C2SP signed-note and tlog-checkpoint). */
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/sha256.h"
#include "base/timestamp.h"
#include "provenance/bundle.h"

#define LEVEL LEVEL_SIGNED
#define ENTRIES_MAX 8
#define HASH 32

struct entry {
	const struct json *json;
	struct str body; /* canonicalized, decoded */
	const struct json *parsed;
	uint64_t index, time;
	const struct trust_log *log;
};

/* int64 stands as a string in protobuf's JSON. */
static bool number_of(const struct json *j, uint64_t *out)
{
	struct str s = json_string(j);

	if (!s.s)
		return json_to_u64(j, out);
	*out = 0;
	if (!s.len || s.len > 18)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!ascii_digit(s.s[i]))
			return false;
		*out = *out * 10 + (unsigned)(s.s[i] - '0');
	}
	return true;
}

/* ---- what the entry is about */

/* Base64 of a PEM text: the signer's certificate, or key. */
static bool is_signer(struct arena *a, const struct bundle *b, struct str text)
{
	struct str pem = base64_decode(a, text, true);
	size_t at = 0, from = 0;
	struct str der = pem.s ? pem_next(a, pem, "CERTIFICATE", &at) : STR_NONE, why;
	struct certificate logged;

	if (der.s && b->has_certificate)
		return str_eq(der, b->leaf.der);
	if (der.s) /* who signs by a key may have logged it as that of a certificate */
		return certificate_read(a, der, &logged, &why) && str_eq(logged.key, b->key);
	der = pem.s ? pem_next(a, pem, "PUBLIC KEY", &from) : STR_NONE;
	return der.s && str_eq(der, b->key);
}

static bool is_signature(struct arena *a, const struct bundle *b, struct str text)
{
	struct str bytes = base64_decode(a, text, false);

	return bytes.s && str_eq(bytes, b->signature);
}

/* Rekor v2 has DER in base64 under `x509Certificate` or `publicKey`. */
static bool is_verifier(struct arena *a, const struct bundle *b, const struct json *verifier)
{
	struct str certificate = json_get_bytes(a, json_get(verifier, "x509Certificate"), "rawBytes"), key = json_get_bytes(a, json_get(verifier, "publicKey"), "rawBytes");

	if (certificate.len)
		return b->has_certificate && str_eq(certificate, b->leaf.der);
	return key.len && str_eq(key, b->key);
}

/* The hash of Rekor v2: SHA-256 alone is understood, as bytes. */
static bool is_hash(struct arena *a, const struct json *hash, struct str of)
{
	struct str bytes = json_get_bytes(a, hash, "digest");
	uint8_t now[HASH];

	sha256_of(of, now);
	return str_is(json_get_string(hash, "algorithm"), "SHA2_256") && str_eq(bytes, str_make((char *)now, HASH));
}

struct claims {
	bool payload, signature, signer;
};

/* What the entry says that fits this signature; false where its kind is not understood. */
static bool read_claims(struct arena *a, const struct bundle *b, const struct entry *e, struct claims *out)
{
	const struct json *spec = json_get(e->parsed, "spec"), *content = json_get(spec, "content"), *one;
	struct str kind = json_get_string(e->parsed, "kind"), version = json_get_string(e->parsed, "apiVersion"), hex = sha256_hex(a, b->payload);

	if (str_is(kind, "dsse") && str_is(version, "0.0.1")) {
		one = json_child(json_get(spec, "signatures"));
		*out = (struct claims){ str_eq(json_get_string(json_get(spec, "payloadHash"), "value"), hex), is_signature(a, b, json_get_string(one, "signature")),
					is_signer(a, b, json_get_string(one, "verifier")) };
	} else if (str_is(kind, "intoto") && str_is(version, "0.0.2")) {
		one = json_child(json_path(content, "envelope.signatures"));
		struct str sig = base64_decode(a, json_get_string(one, "sig"), false); /* encoded once more */
		*out = (struct claims){ str_eq(json_get_string(json_get(content, "payloadHash"), "value"), hex), is_signature(a, b, sig),
					is_signer(a, b, json_get_string(one, "publicKey")) };
	} else if (str_is(kind, "hashedrekord") && str_is(version, "0.0.1")) {
		one = json_get(spec, "signature");
		*out = (struct claims){ str_eq(json_get_string(json_path(spec, "data.hash"), "value"), sha256_hex(a, b->message)),
					is_signature(a, b, json_get_string(one, "content")), is_signer(a, b, json_get_string(json_get(one, "publicKey"), "content")) };
	} else if (str_is(kind, "hashedrekord") && str_is(version, "0.0.2")) {
		spec = json_get(spec, "hashedRekordV002");
		one = json_get(spec, "signature");
		*out = (struct claims){ is_hash(a, json_get(spec, "data"), b->message), is_signature(a, b, json_get_string(one, "content")),
					is_verifier(a, b, json_get(one, "verifier")) };
	} else if (str_is(kind, "dsse") && str_is(version, "0.0.2")) {
		spec = json_get(spec, "dsseV002");
		one = json_child(json_get(spec, "signatures"));
		*out = (struct claims){ is_hash(a, json_get(spec, "payloadHash"), b->payload), is_signature(a, b, json_get_string(one, "content")),
					is_verifier(a, b, json_get(one, "verifier")) };
	} else {
		return false;
	}
	return true;
}

/* NULL: it is about this signature; else what differs, or what is not understood. */
static const char *body_differs(struct arena *a, const struct bundle *b, const struct entry *e)
{
	struct claims c = { 0 };

	return !read_claims(a, b, e, &c) ? "is of a kind that is not understood" :
	       !c.payload		 ? "is about another payload" :
	       !c.signature		 ? "is about another signature" :
	       !c.signer		 ? "is of another signer" :
					   NULL;
}

/* ---- promise */

/* The signed entry timestamp: over the entry as canonical JSON (RFC 8785). */
static bool promise_holds(struct arena *a, const struct entry *e)
{
	struct buf body;
	char id[2 * HASH + 1];

	for (size_t i = 0; i < HASH; i++)
		snprintf(id + 2 * i, 3, "%02x", (unsigned char)e->log->id.s[i]);
	buf_init(&body, 0);
	base64_encode(&body, e->body);
	struct str text = buf_str(&body);
	struct str message = arena_printf(a, "{\"body\":\"%.*s\",\"integratedTime\":%llu,\"logID\":\"%s\",\"logIndex\":%llu}", STR_ARG(text),
					  (unsigned long long)e->time, id, (unsigned long long)e->index);
	buf_free(&body);
	return public_key_verify(e->log->key, message, json_get_bytes(a, json_get(e->json, "inclusionPromise"), "signedEntryTimestamp"));
}

/* ---- proof */

static void hash_of(struct arena *a, char prefix, struct str left, struct str right, char out[HASH])
{
	struct arena_mark mark = arena_mark(a);

	sha256_of(arena_concat(a, str_make(&prefix, 1), left, right), (uint8_t *)out);
	arena_pop(a, mark);
}

/* RFC 9162, 2.1.3.2. */
static bool is_included(struct arena *a, const struct json *proof, struct str body, uint64_t index, uint64_t size, struct str root)
{
	uint64_t fn = index, sn = size - 1;
	char r[HASH];

	if (!size || index >= size || root.len != HASH)
		return false;
	hash_of(a, 0, body, STR(""), r);
	for (JSON_EACH(h, json_get(proof, "hashes"))) {
		struct str p = json_bytes(a, h);
		if (p.len != HASH || sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			hash_of(a, 1, p, str_make(r, HASH), r);
			for (; !(fn & 1) && fn; fn >>= 1)
				sn >>= 1;
		} else {
			hash_of(a, 1, str_make(r, HASH), p, r);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && str_eq(str_make(r, HASH), root);
}

/* The text of a checkpoint that the log has signed: origin, size and root, a line each. */
static bool checkpoint_holds(struct arena *a, const struct entry *e, struct str note, uint64_t size, struct str root)
{
	size_t blank = str_find(note, STR("\n\n"), 0), seen = 0;
	uint64_t stated = 0;
	bool good = false;

	if (blank == STR_NOT_FOUND)
		return false;
	struct str text = str_sub(note, 0, blank + 1), rest = str_from(note, blank + 2);
	while (rest.len && !good && seen++ < 16) {
		struct str line = str_cut(&rest, '\n');
		if (!str_starts(line, STR("\xe2\x80\x94 ")))
			continue;
		line = str_from(line, 4);
		str_cut(&line, ' '); /* the signer's name; its key tells more */
		struct str sig = base64_decode(a, line, false);
		good = sig.len > 4 && str_eq(str_sub(sig, 0, 4), str_sub(e->log->id, 0, 4)) && public_key_verify(e->log->key, text, str_from(sig, 4));
	}
	str_cut(&text, '\n');
	struct str count = str_cut(&text, '\n'), hash = base64_decode(a, str_cut(&text, '\n'), false);
	for (size_t i = 0; i < count.len && i < 18; i++)
		stated = ascii_digit(count.s[i]) ? stated * 10 + (unsigned)(count.s[i] - '0') : UINT64_MAX / 16;
	return good && count.len && count.len <= 18 && stated == size && hash.len == HASH && str_eq(hash, root);
}

/* NULL: it holds; else what does not. */
static const char *proof_differs(struct arena *a, const struct entry *e, const struct json *proof)
{
	uint64_t index, size;
	struct str root = json_get_bytes(a, proof, "rootHash");

	if (!number_of(json_get(proof, "logIndex"), &index) || !number_of(json_get(proof, "treeSize"), &size))
		return "its inclusion proof names no place in a tree";
	if (!is_included(a, proof, e->body, index, size, root))
		return "its inclusion proof does not lead to the root that it names";
	if (!checkpoint_holds(a, e, json_get_string(json_get(proof, "checkpoint"), "envelope"), size, root))
		return "the root of its inclusion proof is not signed by the log";
	return NULL;
}

/* ---- entries */

static bool is_trusted_at(const struct trust_log *l, int64_t at)
{
	return (!l->from || at >= l->from) && (!l->until || at <= l->until);
}

/* NULL: what e->log says of the entry holds; else what does not. */
static const char *vouching_differs(struct arena *a, const struct bundle *b, const struct entry *e)
{
	const struct json *proof = json_get(e->json, "inclusionProof");
	bool promised = json_get_set(e->json, "inclusionPromise") != NULL, included = json_count(proof) > 0;

	if (e->log->unreadable)
		return "its log signs by a kind of key that is not understood";
	if (!promised && !included)
		return "it holds neither the log's promise nor a proof";
	if (!included && !b->old_form)
		return "it holds no inclusion proof";
	if (promised && !promise_holds(a, e))
		return "the log's promise (SET) is not good";
	if (promised && !is_trusted_at(e->log, (int64_t)e->time))
		return "the log was not trusted at the time that it states";
	return included ? proof_differs(a, e, proof) : NULL;
}

static bool is_named(const struct trust_log *l, struct str id)
{
	return l->id.len == HASH && str_eq(l->id, id);
}

static const struct trust_log *log_by(const struct trust *t, struct str id)
{
	for (VEC_EACH(const struct trust_log, l, &t->logs))
		if (is_named(l, id))
			return l;
	return NULL;
}

/* Roots of several times name one log: an older one may trust it for a shorter time. */
static void check_vouched(const struct record *r, const struct trust *t, struct audit *out, struct bundle *b, struct entry *e)
{
	bool promised = json_get_set(e->json, "inclusionPromise") != NULL, included = json_count(json_get(e->json, "inclusionProof")) > 0;
	struct str when = timestamp_text(r->arena, (int64_t)e->time), id = e->log->id;
	const char *wrong = "";

	for (VEC_EACH(const struct trust_log, l, &t->logs))
		if (wrong && is_named(l, id)) {
			e->log = l;
			wrong = vouching_differs(r->arena, b, e);
		}
	if (wrong) {
		audit_say(out, LEVEL, CHECK_FAILS, "log", b->about, "the entry of the transparency log is not good: %s", wrong);
		return;
	}
	if (promised)
		*VEC_ADD(r->arena, &b->times) = (int64_t)e->time;
	else
		*VEC_ADD(r->arena, &b->undated) = e->log;
	if (promised)
		audit_say(out, LEVEL, CHECK_HOLDS, "log", b->about, "is entry %llu of a trusted log, %s at %.*s (--trust %.*s)", (unsigned long long)e->index,
			  included ? "promised and included" : "promised", STR_ARG(when), STR_ARG(t->files.items[e->log->file].name));
	else
		audit_say(out, LEVEL, CHECK_HOLDS, "log", b->about, "is entry %llu of a trusted log, included; nothing signed says when (--trust %.*s)", (unsigned long long)e->index,
			  STR_ARG(t->files.items[e->log->file].name));
}

static void check_entry(const struct record *r, const struct trust *t, struct audit *out, struct bundle *b, const struct json *j)
{
	struct entry e = { .json = j, .body = json_get_bytes(r->arena, j, "canonicalizedBody") };
	struct str id = json_get_bytes(r->arena, json_get(j, "logId"), "keyId");

	e.parsed = e.body.len ? json_parse(r->arena, e.body, NULL, NULL) : NULL;
	if (!e.parsed || !number_of(json_get(j, "logIndex"), &e.index) || (!number_of(json_get(j, "integratedTime"), &e.time) && json_get_set(j, "inclusionPromise"))) {
		audit_say(out, LEVEL, CHECK_FAILS, "log", b->about, "the entry of the transparency log is not whole");
		return;
	}
	e.log = log_by(t, id);
	if (!e.log && t->logs.n) {
		audit_say(out, LEVEL, CHECK_FAILS, "log", b->about, "the entry is of another transparency log than those of --trust");
		return;
	}
	if (!e.log || e.log->unreadable) {
		b->unasked_witness = true;
		audit_say(out, LEVEL, CHECK_NOT_DONE, "log", b->about, "an entry of a transparency log is present, not checked: %s",
			  e.log ? "its log signs by a kind of key that is not understood" : "--trust names no log");
		return;
	}
	const char *other = body_differs(r->arena, b, &e);
	if (other)
		audit_say(out, LEVEL, CHECK_FAILS, "log", b->about, "the entry of the transparency log %s", other);
	else
		check_vouched(r, t, out, b, &e);
}

void bundle_check_log(const struct record *r, const struct trust *t, struct audit *out, struct bundle *b)
{
	const struct json *list = json_get(b->material, "tlogEntries");
	size_t n = 0;

	for (JSON_EACH(j, list)) {
		if (++n > ENTRIES_MAX) {
			audit_say(out, LEVEL, CHECK_FAILS, "log", b->about, "it holds more than %d entries of transparency logs", ENTRIES_MAX);
			return;
		}
		check_entry(r, t, out, b, j);
	}
	if (!n && t->logs.n)
		audit_say(out, LEVEL, CHECK_NOT_DONE, "log", b->about, "is in no transparency log: whoever misuses the %s leaves no trace",
			  b->has_certificate ? "authority" : "key");
}

void bundle_check_log_times(const struct record *r, const struct trust *t, struct audit *out, const struct bundle *b)
{
	for (size_t i = 0; i < b->undated.n; i++)
		for (VEC_EACH(const int64_t, at, &b->times)) {
			bool trusted = false;
			for (VEC_EACH(const struct trust_log, l, &t->logs))
				trusted = trusted || (is_named(l, b->undated.items[i]->id) && is_trusted_at(l, *at));
			if (!trusted)
				audit_say(out, LEVEL, CHECK_FAILS, "log", b->about, "the transparency log was not trusted at %.*s, when it was signed",
					  STR_ARG(timestamp_text(r->arena, *at)));
		}
}
