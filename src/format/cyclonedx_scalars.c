/* The lexical rules of CycloneDX' scalars, as the two encodings ask for them. */
#include "format/cyclonedx.h"
#include "format/cyclonedx_rules.h"
#include "identity/licence.h"

static bool all(struct str s, const char *allowed)
{
	for (size_t i = 0; i < s.len; i++)
		if (!s.s[i] || !strchr(allowed, s.s[i]))
			return false;
	return true;
}

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool is_integer(struct str s)
{
	if (s.len && (s.s[0] == '-' || s.s[0] == '+'))
		s = str_from(s, 1);
	return s.len && all(s, DIGITS);
}

static bool is_decimal(struct str s)
{
	struct str rest = s;

	if (s.len && (s.s[0] == '-' || s.s[0] == '+'))
		rest = str_from(s, 1);
	struct str whole = str_cut(&rest, '.');
	return (whole.len || (rest.s && rest.len)) && all(whole, DIGITS) && (!rest.s || all(rest, DIGITS));
}

static bool is_uuid(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? s.s[i] != '-' : !ascii_digit(s.s[i]) && !(s.s[i] >= 'a' && s.s[i] <= 'f'))
			return false;
	}
	return s.len == 36;
}

static bool is_serial(struct str s, bool xml)
{
	if (xml && s.len == 38 && s.s[0] == '{' && s.s[37] == '}')
		return is_uuid(str_sub(s, 1, 36));
	return str_starts(s, STR("urn:uuid:")) && is_uuid(str_from(s, 9));
}

static bool is_hash(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (ascii_hex(s.s[i]) < 0)
			return false;
	return s.len == 32 || s.len == 40 || s.len == 64 || s.len == 96 || s.len == 128;
}

static bool is_mime(struct str s)
{
	struct str rest = s, first = str_cut(&rest, '/');

	return first.len && rest.len && all(first, "-+." LOWER DIGITS) && all(rest, "-+." LOWER DIGITS);
}

static bool is_locale(struct str s)
{
	return (s.len == 2 || (s.len == 5 && s.s[2] == '-' && all(str_from(s, 3), UPPER))) && all(str_sub(s, 0, 2), LOWER);
}

static bool is_cre(struct str s)
{
	if (!str_starts(s, STR("CRE:")))
		return false;
	struct str rest = str_from(s, 4), first = str_cut(&rest, '-');
	return first.len && rest.len && all(first, DIGITS) && all(rest, DIGITS);
}

static bool is_patent_number(struct str s, bool xml)
{
	if (s.len < 2 || s.len > 30 || !all(s, UPPER LOWER DIGITS "-/.() \t\n"))
		return false;
	return all(str_sub(s, 0, 1), UPPER LOWER DIGITS) && all(str_from(s, s.len - 1), UPPER LOWER DIGITS) &&
	       (!xml || !memchr(s.s, '\t', s.len));
}

/* RFC 3986 and 3987, as far as a character may stand there at all, and a scheme before the first colon. */
static bool is_iri_reference(struct str s)
{
	size_t colon = str_chr(s, ':'), slash = str_chr(s, '/'), query = str_chr(s, '?'), hash = str_chr(s, '#');

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.s[i];
		if (c <= 0x20 || c == 0x7f || strchr("<>\"{}|\\^`", c))
			return false;
		if (c == '%' && (i + 2 >= s.len || ascii_hex(s.s[i + 1]) < 0 || ascii_hex(s.s[i + 2]) < 0))
			return false;
		if (c == '#' && i != hash)
			return false;
		if ((c == '[' || c == ']') && !(i < query && i < hash && str_starts(str_from(s, colon == STR_NOT_FOUND ? 0 : colon + 1), STR("//"))))
			return false;
	}
	if (colon == STR_NOT_FOUND || slash < colon || query < colon || hash < colon)
		return true;
	return colon > 0 && ascii_alpha(s.s[0]) && all(str_sub(s, 0, colon), UPPER LOWER DIGITS "+-.");
}

static bool is_email(struct str s)
{
	return str_chr(s, '@') != STR_NOT_FOUND;
}

/* The old URI binding: cpe:/a:vendor:… of at most seven parts. */
static bool is_cpe22(struct str s)
{
	struct str rest = str_from(s, 5);
	int parts = 0;

	if (s.len < 5 || !str_eq_nocase(str_sub(s, 1, 4), STR("pe:/")) || s.s[0] != 'c')
		return false;
	struct str part = str_cut(&rest, ':');
	if (part.len > 1 || !all(part, "AHOaho"))
		return false;
	while (rest.s) {
		if (++parts > 6 || !all(str_cut(&rest, ':'), UPPER LOWER DIGITS "._-~%"))
			return false;
	}
	return true;
}

/* One value of a formatted string: '*', '-', or letters and escaped marks with wildcards at its ends only. */
static bool is_cpe_value(struct str s)
{
	size_t i = 0, end = s.len, units = 0;

	if (str_is(s, "*") || str_is(s, "-"))
		return true;
	while (i < end && s.s[i] == '?')
		i++;
	if (i == 0 && i < end && s.s[i] == '*')
		i++;
	while (i < end && s.s[i] != '*' && s.s[i] != '?') {
		if (s.s[i] == '\\') {
			if (i + 1 >= end || !strchr("\\*?!\"#$%&'()+,/:;<=>@[]^`{|}~", s.s[i + 1]) || !s.s[i + 1])
				return false;
			i += 2;
		} else if (ascii_alpha(s.s[i]) || ascii_digit(s.s[i]) || strchr("-._", s.s[i])) {
			i++;
		} else {
			return false;
		}
		units++;
	}
	if (i < end && s.s[i] == '*')
		return units && i + 1 == end;
	while (i < end && s.s[i] == '?')
		i++;
	return units && i == end;
}

static bool is_cpe23(struct str s)
{
	struct str rest = str_from(s, 8);
	int field = 0;

	if (!str_starts(s, STR("cpe:2.3:")))
		return false;
	for (size_t start = 0, i = 0; i <= rest.len; i++) {
		if (i < rest.len && rest.s[i] == '\\') {
			i++;
			continue;
		}
		if (i < rest.len && rest.s[i] != ':')
			continue;
		struct str v = str_sub(rest, start, i - start);
		bool good = field == 0 ? v.len == 1 && all(v, "aho*-") :
			    field == 6 ? str_is(v, "*") || str_is(v, "-") || (v.len >= 2 && v.len <= 6 && all(v, UPPER LOWER DIGITS "-")) :
					 is_cpe_value(v);
		if (!good)
			return false;
		field++;
		start = i + 1;
	}
	return field == 11;
}

/* xs:dateTime: the zone may be missing. */
static bool is_xml_datetime(struct str s)
{
	if (cdx_is_datetime(s))
		return s.s[10] == 'T';
	char with_zone[64];
	if (s.len + 2 > sizeof with_zone)
		return false;
	memcpy(with_zone, s.s, s.len);
	with_zone[s.len] = 'Z';
	return cdx_is_datetime(str_make(with_zone, s.len + 1)) && s.s[10] == 'T';
}

static const char *number_fault(const struct cdx_field *f, struct str s, bool xml)
{
	uint64_t n = 0;
	bool whole = f->kind != CDX_NUMBER && f->kind != CDX_PERCENT, negative = s.len && s.s[0] == '-';

	if (whole && !xml && str_chr(s, '.') != STR_NOT_FOUND) { /* JSON: 1.0 is a whole number */
		struct str rest = s, first = str_cut(&rest, '.');
		s = all(rest, "0") ? first : s;
	}
	if (whole ? !is_integer(s) : (xml ? !is_decimal(s) : false))
		return whole ? "a whole number was expected" : "a number was expected";
	if (whole)
		str_to_u64(s.s[0] == '-' || s.s[0] == '+' ? str_from(s, 1) : s, &n);
	if (f->kind == CDX_POSITIVE && (negative || n == 0))
		return "must be 1 or more";
	if ((f->kind == CDX_COUNT || f->kind == CDX_QUANTUM_LEVEL) && negative && n)
		return "must not be negative";
	if (f->kind == CDX_QUANTUM_LEVEL && n > 6)
		return "must be 6 at most";
	if (f->kind == CDX_PERCENT) {
		struct str rest = s, first = str_cut(&rest, '.');
		bool exponent = str_chr(s, 'e') != STR_NOT_FOUND || str_chr(s, 'E') != STR_NOT_FOUND;
		bool zero = all(first, "0") , one = str_is(first, "1") && (!rest.s || all(rest, "0"));
		if (!exponent && !zero && !one)
			return "must lie between 0 and 1";
	}
	return NULL;
}

/* Identifiers that CycloneDX knows (and asks for by this spelling) although the SPDX list does not carry them as licences. */
static const char *const more_licence_ids[] = {
	"GPL-1.0+", "GPL-2.0+", "GPL-3.0+", "LGPL-2.0+", "LGPL-2.1+", "LGPL-3.0+", "Asterisk-linking-protocols-exception",
	"CGAL-linking-exception", "Classpath-exception-2.0-short", "Digia-Qt-LGPL-exception-1.1", "GPL-3.0-389-ds-base-exception",
	"Independent-modules-exception", "PCRE2-exception", "RRDtool-FLOSS-exception-2.0", "Simple-Library-Usage-exception",
	"erlang-otp-linking-exception", "harbour-exception", "kvirc-openssl-exception", "mxml-exception", "polyparse-exception",
	"romic-exception", "rsync-linking-exception", "sqlitestudio-OpenSSL-exception",
};

struct str cdx_licence_id(struct str id)
{
	unsigned flags = 0;
	struct str known = licence_known_id(id, &flags);

	if (known.s && (flags & LICENCE_IN_CYCLONEDX))
		return known;
	for (size_t i = 0; i < sizeof more_licence_ids / sizeof more_licence_ids[0]; i++)
		if (str_eq_nocase(id, str_of(more_licence_ids[i])))
			return str_of(more_licence_ids[i]);
	return STR_NONE;
}

static const char *text_fault(const struct cdx_field *f, struct str s, unsigned version, bool xml)
{
	switch (f->kind) {
	case CDX_DATETIME:
		return (xml ? is_xml_datetime(s) : cdx_is_datetime(s)) ? NULL : "not a date and time (2024-05-01T12:00:00Z)";
	case CDX_DATE:
		return cdx_is_date(s) && (s.len == 10 || xml) ? NULL : "not a date (2024-05-01)";
	case CDX_URI:
		return xml || version == 2 || is_iri_reference(s) ? NULL : "not a URL (characters must be percent-encoded)";
	case CDX_EMAIL:
		return xml || is_email(s) ? NULL : "not an e-mail address";
	case CDX_SERIAL:
		return is_serial(s, xml) ? NULL : "not urn:uuid: and a UUID in lower case";
	case CDX_HASH:
		return is_hash(s) ? NULL : "not 32, 40, 64, 96 or 128 hexadecimal digits";
	case CDX_MIME:
		return is_mime(s) ? NULL : "not a media type";
	case CDX_LOCALE:
		return is_locale(s) ? NULL : "not a locale (en, en-US)";
	case CDX_CRE:
		return is_cre(s) ? NULL : "not CRE:<number>-<number>";
	case CDX_PATENT_NUMBER:
		return is_patent_number(s, xml) ? NULL : "not a patent number";
	case CDX_COUNTRY:
		return s.len == 2 && all(s, UPPER) ? NULL : "not two capital letters";
	case CDX_CPE:
		return !xml || is_cpe22(s) || is_cpe23(s) ? NULL : "not a CPE name";
	case CDX_LICENCE_ID:
		return cdx_licence_id(s).s && str_eq(cdx_licence_id(s), s) ? NULL :
			"not an identifier of the SPDX licence list (use `name`, or the list's own spelling)";
	default:
		return NULL;
	}
}

static size_t characters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.s[i] & 0xc0) != 0x80;
	return n;
}

const char *cdx_scalar_fault(const struct cdx_field *f, struct str text, unsigned version, bool xml)
{
	/* In XML blanks around all but strings do not count. */
	if (xml && f->kind != CDX_TEXT && f->kind != CDX_REF && f->kind != CDX_LINK && f->kind != CDX_ONE_OF && f->kind != CDX_SERIAL &&
	    f->kind != CDX_CPE)
		text = str_trim(text);
	switch (f->kind) {
	case CDX_BOOL:
		return str_is(text, "true") || str_is(text, "false") || (xml && (str_is(text, "1") || str_is(text, "0"))) ?
			       NULL :
			       "true or false was expected";
	case CDX_INT:
	case CDX_COUNT:
	case CDX_POSITIVE:
	case CDX_QUANTUM_LEVEL:
	case CDX_NUMBER:
	case CDX_PERCENT:
		if (f->kind == CDX_POSITIVE && str_is(f->json, "version") && version < 5) /* of the document: any number up to 1.4 */
			return is_integer(text) ? NULL : "a whole number was expected";
		return number_fault(f, text, xml);
	case CDX_ONE_OF:
		return cdx_value_in(f->of, text, version) ? NULL : "not one of the values that this version knows";
	case CDX_REF:
	case CDX_LINK:
		return version >= 5 && !text.len ? "must not be empty" : NULL;
	case CDX_VERSION:
		return version >= 6 && characters(text) > 1024 ? "longer than 1024 characters" : NULL;
	case CDX_RANGE:
		return !text.len || characters(text) > 4096 ? "must have 1 to 4096 characters" : NULL;
	default:
		return text_fault(f, text, version, xml);
	}
}
