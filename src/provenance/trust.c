#include "provenance/trust.h"

#include "base/base64.h"
#include "base/sha256.h"
#include "base/timestamp.h"
#include "syntax/json.h"

#define TRUST_MAX 256 /* of each kind; Sigstore's own root has a handful */

static void range(const struct json *valid, int64_t *from, int64_t *until)
{
	*from = *until = 0;
	(void)timestamp_parse(json_get_string(valid, "start"), from);
	(void)timestamp_parse(json_get_string(valid, "end"), until);
}

static struct str key_id(struct arena *a, struct str key)
{
	char id[32];

	sha256_of(key, (uint8_t *)id);
	return arena_str(a, str_make(id, sizeof id));
}

/* The certificates of one chain: whoever lists them trusts each of them. */
static bool read_chain(struct arena *a, const struct json *authority, bool stamps, bool logged, struct trust *out, struct str *why)
{
	struct certificate c;
	int64_t from, until;

	range(json_get(authority, "validFor"), &from, &until);
	if (!json_count(json_path(authority, "certChain.certificates"))) {
		*why = STR("one of its authorities has no certificate");
		return false;
	}
	for (JSON_EACH(one, json_path(authority, "certChain.certificates"))) {
		struct str der = json_get_bytes(a, one, "rawBytes");
		if (!certificate_read(a, der, &c, why) || out->authorities.n + out->stampers.n > TRUST_MAX)
			return false;
		struct certificate_anchor anchor = { .der = der, .from = from, .until = until, .logged = logged, .list = out->files.n - 1 };
		if (stamps)
			*VEC_ADD(a, &out->stampers) = anchor;
		else
			*VEC_ADD(a, &out->authorities) = anchor;
	}
	return true;
}

static bool read_log(struct arena *a, const struct json *log, struct trust *out, struct str *why)
{
	const struct json *holder = json_get(log, "publicKey");
	struct trust_log l = { .key = json_get_bytes(a, holder, "rawBytes"), .id = json_get_bytes(a, json_get(log, "logId"), "keyId"), .file = out->files.n - 1 };

	if (!l.key.len || out->logs.n > TRUST_MAX)
		return false;
	l.unreadable = !public_key_valid(l.key);
	if (!l.id.len)
		l.id = key_id(a, l.key);
	range(json_get(holder, "validFor"), &l.from, &l.until);
	if (!l.from) {
		*why = STR("one of its logs does not say from when it is trusted");
		return false;
	}
	*VEC_ADD(a, &out->logs) = l;
	return true;
}

static bool read_certificate_log(struct arena *a, const struct json *log, struct trust *out, struct str *why)
{
	const struct json *holder = json_get(log, "publicKey");
	struct certificate_log l = { .key = json_get_bytes(a, holder, "rawBytes") };

	*why = STR("one of its logs of certificates has no key, or does not say from when it is trusted");
	if (!l.key.len || out->certificate_logs.n > TRUST_MAX)
		return false;
	l.id = key_id(a, l.key);
	range(json_get(holder, "validFor"), &l.from, &l.until);
	*VEC_ADD(a, &out->certificate_logs) = l;
	return l.from != 0;
}

static bool read_root(struct arena *a, const struct json *root, struct trust *out, struct str *why)
{
	out->files.items[out->files.n - 1].sigstore = true;
	*why = STR("it is no Sigstore trusted root");
	size_t before = out->certificate_logs.n;
	for (JSON_EACH(log, json_get(root, "ctlogs")))
		if (!read_certificate_log(a, log, out, why))
			return false;
	bool logged = out->certificate_logs.n > before;
	for (JSON_EACH(ca, json_get(root, "certificateAuthorities")))
		if (!read_chain(a, ca, false, logged, out, why))
			return false;
	for (JSON_EACH(tsa, json_get(root, "timestampAuthorities")))
		if (!read_chain(a, tsa, true, false, out, why))
			return false;
	for (JSON_EACH(log, json_get(root, "tlogs")))
		if (!read_log(a, log, out, why))
			return false;
	return json_count(json_get(root, "certificateAuthorities")) || json_count(json_get(root, "timestampAuthorities")) || json_count(json_get(root, "tlogs"));
}

static bool read_pem(struct arena *a, struct str text, struct trust *out, struct str *why)
{
	struct certificate c;
	struct str der;
	size_t at = 0, file = out->files.n - 1, authorities = out->authorities.n, keys = out->keys.n;

	while (out->authorities.n < TRUST_MAX && (der = pem_next(a, text, "CERTIFICATE", &at)).s) {
		if (!certificate_read(a, der, &c, why))
			return false;
		*VEC_ADD(a, &out->authorities) = *VEC_ADD(a, &out->stampers) = (struct certificate_anchor){ .der = der, .list = file };
	}
	at = 0;
	while (out->keys.n + out->logs.n < TRUST_MAX && (der = pem_next(a, text, "PUBLIC KEY", &at)).s) {
		if (!public_key_valid(der)) {
			*why = STR("one of its keys is none of ECDSA (P-256, P-384, P-521), Ed25519 or RSA (2048 bits and more)");
			return false;
		}
		if (out->authorities.n > authorities)
			*VEC_ADD(a, &out->logs) = (struct trust_log){ .key = der, .id = key_id(a, der), .file = file };
		else
			*VEC_ADD(a, &out->keys) = (struct trust_key){ der, file };
	}
	*why = STR("there is no certificate and no public key in it");
	return out->authorities.n > authorities || out->keys.n > keys;
}

bool trust_read(struct arena *a, struct str name, struct str text, struct trust *out, struct str *why)
{
	const struct json *whole = json_parse(a, text, NULL, NULL);

	*VEC_ADD(a, &out->files) = (struct trust_file){ .name = name };
	text = str_trim(text);
	if (whole)
		return read_root(a, whole, out, why);
	if (str_starts(text, STR("{"))) {
		for (struct str rest = text; rest.s;) {
			struct str line = str_trim(str_cut(&rest, '\n'));
			const struct json *root = line.len ? json_parse(a, line, NULL, NULL) : NULL;
			*why = STR("one of its lines is no JSON");
			if (line.len && (!root || !read_root(a, root, out, why)))
				return false;
		}
		return true;
	}
	if (!str_has(text, STR("-----BEGIN "))) {
		struct str key = base64_decode(a, text, true);
		*why = STR("it is no Sigstore trusted root, no certificate and no public key");
		if (!public_key_valid(key))
			return false;
		*VEC_ADD(a, &out->keys) = (struct trust_key){ key, out->files.n - 1 };
		return true;
	}
	return read_pem(a, text, out, why);
}
