/* Components of lockfiles mostly hold nothing that could be invalid: they go out without the pass by the rules. */
#include "format/cyclonedx.h"

/* Characters that an IRI reference may hold as they are (a subset of RFC 3987 that needs no thought). */
static bool is_plain_url(struct str s)
{
	static bool plain[256]; /* once filled, a look-up a character: a call each would be most of the time */
	bool colon = false;

	if (!plain['a']) {
		for (int c = 1; c < 128; c++)
			plain[c] = ascii_alpha((char)c) || ascii_digit((char)c) || strchr("-._~:/?#@!$&'()*+,;=%", c);
	}
	for (size_t i = 0; i < s.len; i++) {
		char c = s.s[i];
		if (!plain[(unsigned char)c])
			return false;
		if (c == '%' && (i + 2 >= s.len || ascii_hex(s.s[i + 1]) < 0 || ascii_hex(s.s[i + 2]) < 0))
			return false;
		if (c == '#' && str_chr(str_from(s, i + 1), '#') != STR_NOT_FOUND)
			return false;
		colon = colon || (c == ':' && i && str_starts(str_from(s, i), STR("://")));
	}
	return colon || !s.len;
}

/* Of the lengths that the schema's pattern has; other algorithms do not go among the hashes at all. */
static bool is_plain_hash(const struct hash *h)
{
	for (size_t i = 0; i < h->value.len; i++)
		if (ascii_hex(h->value.s[i]) < 0)
			return false;
	return h->value.len == 32 || h->value.len == 40 || h->value.len == 64 || h->value.len == 96 || h->value.len == 128;
}

bool cdx_is_plain(const struct cdx_writer *w, const struct component *c)
{
	const struct component_more *more = component_more(c);
	if (!c->name.len || more->references.n || c->extra.n || more->annotations.n || more->more_purls.n || more->more_cpes.n || more->cpe.len ||
	    more->supplier || more->originator || more->manufacturer || c->type >= COMPONENT_SOURCE)
		return false;
	if (!is_plain_url(c->download) || !is_plain_url(c->vcs))
		return false;
	for (VEC_EACH(const struct hash, h, &c->hashes))
		if (cdx_hash_fits(w, h) && !is_plain_hash(h))
			return false;
	/* A licence id is only written where CycloneDX knows it; one licence has no form that a list could forbid. */
	return c->licences.n <= 1 && (!c->licences.n || (!c->licences.items[0].extra.s && !c->licences.items[0].url.s && !c->licences.items[0].text.s));
}
