#include "provenance/bundle.h"

#include "base/timestamp.h"

#define LEVEL LEVEL_SIGNED
#define CERTIFICATES_MAX 8
#define STAMPS_MAX 8

/* Fulcio's extensions, 1.3.6.1.4.1.57264.1.x: those up to 6 hold plain text, the later ones a DER UTF8String. */
#define FULCIO(x) STR("\x2b\x06\x01\x04\x01\x83\xbf\x30\x01" x)

static struct str text_of(const struct certificate *c, struct str oid)
{
	struct str v = certificate_extension(c, oid);

	if (v.len >= 2 && v.s[0] == 0x0c && (unsigned char)v.s[1] < 0x80 && v.len == 2u + (unsigned char)v.s[1])
		return str_from(v, 2);
	if (v.len >= 3 && v.s[0] == 0x0c && (unsigned char)v.s[1] == 0x81 && v.len == 3u + (unsigned char)v.s[2])
		return str_from(v, 3);
	if (v.len >= 4 && v.s[0] == 0x0c && (unsigned char)v.s[1] == 0x82 && v.len == 4u + ((unsigned char)v.s[2] << 8) + (unsigned char)v.s[3])
		return str_from(v, 4);
	return STR_NONE;
}

bool bundle_open(const struct record *r, const struct json *material, struct audit *out, struct bundle *b)
{
	const struct json *chain = json_path(material, "x509CertificateChain.certificates"), *first = json_child(chain);
	const struct json *own = first ? first : json_get_set(material, "certificate");
	struct str why = STR_NONE;

	b->material = material;
	if (!own)
		return true;
	b->has_certificate = true;
	if (json_count(chain) > CERTIFICATES_MAX || !certificate_read(r->arena, json_get_bytes(r->arena, own, "rawBytes"), &b->leaf, &why)) {
		audit_say(out, LEVEL, CHECK_FAILS, "chain", b->about, "the signer's certificate cannot be read: %.*s", STR_ARG(why));
		return false;
	}
	b->key = b->leaf.key;
	for (JSON_EACH(c, chain)) {
		struct certificate one;
		struct str der = json_get_bytes(r->arena, c, "rawBytes");
		if (c == first)
			continue;
		/* Sigstore's rule for bundles: whom to trust is never the signer's to say. */
		if (certificate_read(r->arena, der, &one, &why) && str_eq(one.subject, one.issuer)) {
			audit_say(out, LEVEL, CHECK_FAILS, "chain", b->about, "brings a root certificate along: roots come from --trust alone");
			return false;
		}
		*VEC_ADD(r->arena, &b->between) = der;
	}
	return true;
}

/* ---- the time and the chain */

/* The anchors of one --trust FILE. */
struct anchors {
	struct certificate_anchor *items;
	size_t n, cap;
};

static struct anchors anchors_of(const struct record *r, const struct certificate_anchor *all, size_t n, size_t file)
{
	struct anchors own = { 0 };

	for (size_t i = 0; i < n; i++)
		if (all[i].list == file)
			*VEC_ADD(r->arena, &own) = all[i];
	return own;
}

/* The file whose authority made the token; NULL where there is none. */
static const struct trust_file *stamped_by(const struct record *r, const struct trust *t, struct str token, struct str signature, int64_t *at, struct str *why)
{
	for (VEC_EACH(const struct trust_file, f, &t->files)) {
		struct anchors own = anchors_of(r, t->stampers.items, t->stampers.n, (size_t)(f - t->files.items));
		if (own.n && timestamp_token_verify(r->arena, token, signature, own.items, own.n, at, why))
			return f;
	}
	return NULL;
}

void bundle_check_stamps(const struct record *r, const struct trust *t, struct audit *out, struct bundle *b)
{
	const struct trust_file *by;
	size_t n = 0;

	for (JSON_EACH(s, json_path(b->material, "timestampVerificationData.rfc3161Timestamps"))) {
		struct str token = json_get_bytes(r->arena, s, "signedTimestamp"), why = STR_NONE;
		int64_t at = 0;
		if (++n > STAMPS_MAX) {
			audit_say(out, LEVEL, CHECK_FAILS, "time", b->about, "it holds more than %d time stamps", STAMPS_MAX);
			return;
		}
		if (!t->stampers.n) {
			b->unasked_witness = true;
			audit_say(out, LEVEL, CHECK_NOT_DONE, "time", b->about, "a time stamp is present, not checked: --trust names no authority for it");
		} else if (!(by = stamped_by(r, t, token, b->signature, &at, &why))) {
			audit_say(out, LEVEL, CHECK_FAILS, "time", b->about, "its time stamp is not good: %.*s", STR_ARG(why));
		} else {
			audit_say(out, LEVEL, CHECK_HOLDS, "time", b->about, "was signed at %.*s by a trusted time stamp (--trust %.*s)", STR_ARG(timestamp_text(r->arena, at)),
				  STR_ARG(by->name));
			*VEC_ADD(r->arena, &b->times) = at;
		}
	}
}

/* Does it lead to an authority of one of the files? *by names them all. */
static bool chain_at(const struct record *r, const struct trust *t, struct bundle *b, int64_t at, struct str *by, struct str *why)
{
	struct str first = STR_NONE;

	*by = STR("");
	for (VEC_EACH(const struct trust_file, f, &t->files)) {
		struct anchors own = anchors_of(r, t->authorities.items, t->authorities.n, (size_t)(f - t->files.items));
		if (!own.n)
			continue;
		if (certificate_chain(r->arena, &b->leaf, b->between.items, b->between.n, own.items, own.n, CERTIFICATE_SIGNS_CODE, at, why)) {
			*by = arena_concat(r->arena, *by, by->len ? STR(", ") : STR(""), f->name);
			*(f->sigstore ? &b->by_sigstore : &b->by_own) = true;
		} else if (!first.len || !str_has(*why, STR("does not lead"))) {
			first = *why; /* of several refusals the one that came furthest */
		}
	}
	*why = first;
	return by->len > 0;
}

/* Without a witness the clock of today is all there is: good only while the certificate itself is. */
static void chain_now(const struct record *r, const struct trust *t, struct audit *out, struct bundle *b)
{
	struct str by, why = STR_NONE;

	if (chain_at(r, t, b, out->now, &by, &why))
		audit_say(out, LEVEL, CHECK_HOLDS, "chain", b->about, "the certificate of %.*s leads to a trusted root, valid now (%.*s) (--trust %.*s)", STR_ARG(b->leaf.name),
			  STR_ARG(timestamp_text(r->arena, out->now)), STR_ARG(by));
	else if (out->now > b->leaf.until && chain_at(r, t, b, b->leaf.from, &by, &why))
		audit_say(out, LEVEL, b->unasked_witness ? CHECK_MISSING : CHECK_FAILS, "chain", b->about,
			  "the certificate of %.*s leads to a trusted root, but it ended at %.*s, and no trusted log or time stamp says that it was signed before",
			  STR_ARG(b->leaf.name), STR_ARG(timestamp_text(r->arena, b->leaf.until)));
	else
		audit_say(out, LEVEL, CHECK_FAILS, "chain", b->about, "the certificate of %.*s is not trusted: %.*s", STR_ARG(b->leaf.name), STR_ARG(why));
}

/* An authority that logs what it issues (a root with `ctlogs`) has to have logged this certificate. */
static void check_logged(const struct record *r, const struct trust *t, struct audit *out, const struct bundle *b, int64_t at)
{
	VEC(struct certificate_anchor) logging = { 0 }, issuers = { 0 };
	struct str why = STR_NONE;

	for (VEC_EACH(const struct certificate_anchor, c, &t->authorities)) {
		*VEC_ADD(r->arena, &issuers) = *c;
		if (c->logged)
			*VEC_ADD(r->arena, &logging) = *c;
	}
	for (VEC_EACH(const struct str, c, &b->between))
		*VEC_ADD(r->arena, &issuers) = (struct certificate_anchor){ .der = *c };
	if (!certificate_chain(r->arena, &b->leaf, b->between.items, b->between.n, logging.items, logging.n, CERTIFICATE_SIGNS_CODE, at, &why))
		return; /* of another authority, which does not */
	if (certificate_is_logged(r->arena, &b->leaf, issuers.items, issuers.n, t->certificate_logs.items, t->certificate_logs.n, &why))
		audit_say(out, LEVEL, CHECK_HOLDS, "chain", b->about, "the certificate was logged by a trusted log of certificates");
	else
		audit_say(out, LEVEL, CHECK_FAILS, "chain", b->about, "the certificate was not logged, as its authority does: %.*s", STR_ARG(why));
}

void bundle_check_chain(const struct record *r, const struct trust *t, struct audit *out, struct bundle *b)
{
	struct str by, why = STR_NONE;

	if (!t->authorities.n) {
		audit_say(out, LEVEL, CHECK_MISSING, "chain", b->about, "is signed by a certificate, but --trust names no authority to check it by");
		return;
	}
	if (!b->times.n) {
		chain_now(r, t, out, b);
		check_logged(r, t, out, b, out->now <= b->leaf.until ? out->now : b->leaf.from);
		return;
	}
	for (VEC_EACH(const int64_t, at, &b->times)) {
		bool good = chain_at(r, t, b, *at, &by, &why);
		audit_say(out, LEVEL, good ? CHECK_HOLDS : CHECK_FAILS, "chain", b->about, "the certificate of %.*s %s (%.*s)%s%.*s%s", STR_ARG(b->leaf.name),
			  good ? "leads to a trusted root, valid when it was signed" : "is not trusted for when it was signed", STR_ARG(timestamp_text(r->arena, *at)),
			  good ? " (--trust " : ": ", STR_ARG(good ? by : why), good ? ")" : "");
	}
	check_logged(r, t, out, b, b->times.items[0]);
}

/* ---- who signed */

/* A `*` at the end stands for anything. */
static bool matches(struct str name, struct str wanted)
{
	if (wanted.len && wanted.s[wanted.len - 1] == '*')
		return str_starts(name, str_sub(wanted, 0, wanted.len - 1));
	return str_eq(name, wanted);
}

static struct str after_host(struct str uri)
{
	size_t scheme = str_find(uri, STR("://"), 0), slash;

	if (scheme == STR_NOT_FOUND)
		return STR_NONE;
	slash = str_find(uri, STR("/"), scheme + 3);
	return slash == STR_NOT_FOUND ? STR_NONE : str_from(uri, slash + 1);
}

struct signer {
	struct str issuer, repository, workflow, commit, event, run;
};

/* Fulcio's newer extensions, and where they are not there the older ones (github.com/sigstore/fulcio, docs/oid-info.md). */
static struct signer signer_of(const struct certificate *c)
{
	struct signer s = { .issuer = text_of(c, FULCIO("\x08")),     .repository = after_host(text_of(c, FULCIO("\x0c"))),
			    .commit = text_of(c, FULCIO("\x0d")),     .workflow = text_of(c, FULCIO("\x12")),
			    .event = text_of(c, FULCIO("\x14")),      .run = text_of(c, FULCIO("\x15")) };

	if (!s.issuer.len)
		s.issuer = certificate_extension(c, FULCIO("\x01"));
	if (!s.repository.len)
		s.repository = certificate_extension(c, FULCIO("\x05"));
	if (!s.commit.len)
		s.commit = certificate_extension(c, FULCIO("\x03"));
	if (!s.event.len)
		s.event = certificate_extension(c, FULCIO("\x02"));
	return s;
}

/* What the certificate says of the run, against the record. */
static void compare(struct audit *out, const struct bundle *b, const char *what, struct str certified, struct str recorded)
{
	if (certified.len && recorded.len)
		audit_check(out, LEVEL, str_eq(certified, recorded), what, b->about, "the certificate's %s (%.*s) is the record's (%.*s)", what, STR_ARG(certified),
			    STR_ARG(recorded));
	else if (certified.len)
		audit_say(out, LEVEL, CHECK_NOT_DONE, what, b->about, "the certificate names the %s %.*s; the record names none", what, STR_ARG(certified));
}

/* A Sigstore root vouches for whoever asks: without a name that is wanted the signature says nothing. Whoever trusts an authority of his
 * own may let it decide; where both vouch the stricter rule counts. */
static void check_wanted(const struct trust *t, struct audit *out, const struct bundle *b, const struct signer *s)
{
	const struct trust_wanted *w = &t->wanted;
	bool sigstore = b->by_sigstore;
	for (VEC_EACH(const struct trust_file, f, &t->files)) /* where nobody vouches it could be any of them */
		sigstore = sigstore || (f->sigstore && !b->by_own);
	struct str issuer = w->issuer.len ? w->issuer : sigstore ? STR(TRUST_GITHUB_ISSUER) : STR_NONE, none = STR("none");

	if (issuer.len)
		audit_check(out, LEVEL, str_eq(s->issuer, issuer), "issuer", b->about, "the signer's issuer is %.*s, wanted was %.*s",
			    STR_ARG(s->issuer.len ? s->issuer : none), STR_ARG(issuer));
	if (w->identity.len)
		audit_check(out, LEVEL, b->leaf.name.len && matches(b->leaf.name, w->identity), "identity", b->about, "the signer is %.*s, wanted was %.*s",
			    STR_ARG(b->leaf.name), STR_ARG(w->identity));
	if (w->repository.len)
		audit_check(out, LEVEL, str_eq_nocase(s->repository, w->repository), "repository", b->about, "the signer's repository is %.*s, wanted was %.*s",
			    STR_ARG(s->repository.len ? s->repository : none), STR_ARG(w->repository));
	if (!w->identity.len && !w->repository.len)
		audit_say(out, LEVEL, sigstore ? CHECK_MISSING : CHECK_NOT_DONE, "identity", b->about,
			  "the signer is %.*s; nobody said who it must be: --repository OWNER/REPO or --identity NAME", STR_ARG(b->leaf.name));
}

void bundle_check_identity(const struct record *r, const struct trust *t, struct audit *out, const struct bundle *b)
{
	struct signer s = signer_of(&b->leaf);

	check_wanted(t, out, b, &s);
	if (s.repository.len && r->repository.len)
		audit_check(out, LEVEL, str_eq_nocase(s.repository, r->repository), "repository", b->about, "the certificate's repository (%.*s) is the record's (%.*s)",
			    STR_ARG(s.repository), STR_ARG(r->repository));
	compare(out, b, "workflow", s.workflow, str_is(r->builder, "local") ? STR_NONE : r->builder);
	if (str_starts(s.event, STR("pull_request")) && !str_eq(s.commit, r->commit)) /* the record is of the head, the run of the merge */
		audit_say(out, LEVEL, CHECK_NOT_DONE, "commit", b->about, "the certificate names the merge commit %.*s of a pull request", STR_ARG(s.commit));
	else
		compare(out, b, "commit", s.commit, r->commit);
	compare(out, b, "event", s.event, r->event);
	if (s.run.len && r->run_id.len) {
		struct str part = arena_printf(r->arena, "/%.*s/actions/runs/%.*s/attempts/%.*s", STR_ARG(r->repository), STR_ARG(r->run_id), STR_ARG(r->run_attempt));
		audit_check(out, LEVEL, str_ends(s.run, part), "run", b->about, "the certificate's run (%.*s) is the record's (%.*s)", STR_ARG(s.run), STR_ARG(r->run_id));
	}
}
