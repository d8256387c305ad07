/* Package URLs: parsing, normalisation and canonical form by package-url/purl-spec (the suite under tests/ at 16f3d0e). */
#include "identity/purl.h"

#include <stdlib.h>

#include "base/limits.h"
#include "identity/purl_type.h"

static bool refuse(struct str *why, const char *text)
{
	*why = str_of(text);
	return false;
}

/* Decodes %XX; false where a '%' is no escape or the result is no text. */
static bool percent_decode(struct arena *a, struct str s, struct str *out)
{
	*out = s;
	if (str_chr(s, '%') == STR_NOT_FOUND)
		return str_utf8_valid(s) == s.len && str_chr(s, 0) == STR_NOT_FOUND;
	char *p = arena_alloc(a, s.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.s[i] != '%') {
			p[n++] = s.s[i];
			continue;
		}
		int high = i + 2 < s.len ? ascii_hex(s.s[i + 1]) : -1, low = i + 2 < s.len ? ascii_hex(s.s[i + 2]) : -1;
		if (high < 0 || low < 0 || high + low == 0)
			return false;
		p[n++] = (char)(high << 4 | low);
		i += 2;
	}
	*out = str_make(p, n);
	return str_utf8_valid(*out) == n;
}

static bool has_upper(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.s[i] >= 'A' && s.s[i] <= 'Z')
			return true;
	return false;
}

static struct str lower(struct arena *a, struct str s)
{
	return has_upper(s) ? arena_lower(a, s) : s;
}

static struct str upper(struct arena *a, struct str s)
{
	char *p = arena_cstr(a, s);

	for (size_t i = 0; i < s.len; i++)
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] = (char)(p[i] - 32);
	return str_make(p, s.len);
}

/* What `keep` does not keep becomes `with`. */
static struct str replace(struct arena *a, struct str s, bool (*keep)(char), char with)
{
	size_t kept = 0;

	while (kept < s.len && keep(s.s[kept]))
		kept++;
	if (kept == s.len)
		return s;
	char *p = arena_cstr(a, s);
	for (size_t i = 0; i < s.len; i++)
		if (!keep(p[i]))
			p[i] = with;
	return str_make(p, s.len);
}

static bool pypi_keeps(char c)
{
	return c != '_';
}

static bool pub_keeps(char c)
{
	return ascii_digit(c) || ascii_alpha(c) || c == '_';
}

static bool kebab_keeps(char c)
{
	return c != '_' && c != ' ';
}

/* ---- parsing */

static bool parse_type(struct arena *a, struct str text, struct str *type)
{
	if (!text.len || !ascii_alpha(text.s[0]))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_alpha(text.s[i]) && !ascii_digit(text.s[i]) && text.s[i] != '.' && text.s[i] != '-' && text.s[i] != '+')
			return false;
	*type = lower(a, text);
	return true;
}

/* Segments decoded and joined with '/'; empty ones dropped, for a subpath "." and ".." too. Decoded before they are parted: no
 * segment may hold a '/' ("..%2F.." would be a way up otherwise). */
static bool parse_segments(struct arena *a, struct str text, bool is_subpath, struct str *out)
{
	char *p = arena_alloc(a, text.len + 1);
	size_t n = 0;

	if (!percent_decode(a, text, &text))
		return false;
	for (struct str rest = text; rest.s;) {
		struct str part = str_cut(&rest, '/');
		if (!part.len || (is_subpath && (str_is(part, ".") || str_is(part, ".."))))
			continue;
		if (n)
			p[n++] = '/';
		memcpy(p + n, part.s, part.len);
		n += part.len;
	}
	*out = n ? str_make(p, n) : STR_NONE;
	return true;
}

static int compare_properties(const void *x, const void *y)
{
	return str_cmp(((const struct property *)x)->name, ((const struct property *)y)->name);
}

static bool valid_key(struct str key)
{
	if (!key.len || !ascii_alpha(key.s[0]))
		return false;
	for (size_t i = 0; i < key.len; i++)
		if (!ascii_alpha(key.s[i]) && !ascii_digit(key.s[i]) && key.s[i] != '.' && key.s[i] != '-' && key.s[i] != '_')
			return false;
	return true;
}

static bool parse_qualifiers(struct arena *a, struct str text, bool strict, struct purl *p, struct str *why)
{
	for (struct str rest = text; rest.s;) {
		struct str value = str_cut(&rest, '&');
		if (!value.len)
			continue;
		struct str key = str_cut(&value, '=');
		if (strict && key.len && key.s[0] >= 'A' && key.s[0] <= 'Z')
			return refuse(why, "a qualifier key is not in lower case");
		if (!percent_decode(a, value.s ? value : STR(""), &value))
			return refuse(why, "a qualifier's value is not well encoded");
		*VEC_ADD(a, &p->qualifiers) = (struct property){ key, value };
	}
	return true;
}

/* The '@' before the version: the last one, unless it begins a segment that another follows (an unencoded npm scope). */
static size_t version_mark(struct str text)
{
	size_t at = str_rchr(text, '@');

	if (at != STR_NOT_FOUND && (at == 0 || text.s[at - 1] == '/') && str_chr(str_from(text, at), '/') != STR_NOT_FOUND)
		return STR_NOT_FOUND;
	return at;
}

/* type/namespace/name@version */
static bool parse_path(struct arena *a, struct str text, struct purl *p, struct str *why)
{
	while (text.len && text.s[0] == '/')
		text = str_from(text, 1);
	size_t slash = str_chr(text, '/');
	if (slash == STR_NOT_FOUND)
		return refuse(why, "a name is missing: pkg:TYPE/NAMESPACE/NAME@VERSION");
	if (!parse_type(a, str_sub(text, 0, slash), &p->type))
		return refuse(why, "the type may hold letters, digits, '.', '-' only and begins with a letter");
	text = str_from(text, slash + 1);
	size_t mark = version_mark(text);
	if (mark != STR_NOT_FOUND) {
		if (!percent_decode(a, str_from(text, mark + 1), &p->version))
			return refuse(why, "the version is not well encoded");
		text = str_sub(text, 0, mark);
		if (!text.len || text.s[text.len - 1] == '/')
			return refuse(why, "a name is missing before the version");
	}
	while (text.len && text.s[text.len - 1] == '/')
		text.len--;
	slash = str_rchr(text, '/');
	if (slash != STR_NOT_FOUND && !parse_segments(a, str_sub(text, 0, slash), false, &p->namespace_))
		return refuse(why, "the namespace is not well encoded");
	if (!percent_decode(a, slash == STR_NOT_FOUND ? text : str_from(text, slash + 1), &p->name))
		return refuse(why, "the name is not well encoded");
	return true;
}

static bool parse(struct arena *a, struct str text, bool strict, struct purl *p, struct str *why)
{
	*p = (struct purl){ 0 };
	*why = STR_NONE;
	text = str_trim(text);
	if (text.len > LIMIT_NAME * 4)
		return refuse(why, "it is too long");
	if (str_chr(text, 0) != STR_NOT_FOUND)
		return refuse(why, "there is a NUL in it");
	if (!str_starts_nocase(text, STR("pkg:")))
		return refuse(why, "it does not begin with \"pkg:\"");
	struct str subpath = str_from(text, 4);
	struct str qualifiers = str_cut(&subpath, '#');
	struct str path = str_cut(&qualifiers, '?');
	if (subpath.s && !parse_segments(a, subpath, true, &p->subpath))
		return refuse(why, "the subpath is not well encoded");
	if (qualifiers.s && !parse_qualifiers(a, qualifiers, strict, p, why))
		return false;
	return parse_path(a, path, p, why) && purl_normalise(a, p, why);
}

bool purl_parse(struct arena *a, struct str text, struct purl *out, struct str *why)
{
	return parse(a, text, false, out, why);
}

bool purl_parse_strict(struct arena *a, struct str text, struct purl *out, struct str *why)
{
	if (!parse(a, text, true, out, why))
		return false;
	const struct purl_type *t = purl_type_find(out->type);
	if (t && t->namespace_ == NAMESPACE_EXPECTED && !out->namespace_.len)
		return refuse(why, "this type needs a namespace");
	return true;
}

/* ---- normalisation */

static bool normalise_qualifiers(struct arena *a, struct purl *p, struct str *why)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->qualifiers.n; i++) {
		struct property q = p->qualifiers.items[i];
		if (!valid_key(q.name))
			return refuse(why, "a qualifier key may hold letters, digits, '.', '-' and '_' only and begins with a letter");
		q.name = lower(a, q.name);
		if (q.value.len)
			p->qualifiers.items[kept++] = q;
	}
	p->qualifiers.n = kept;
	if (kept > 1)
		qsort(p->qualifiers.items, kept, sizeof *p->qualifiers.items, compare_properties);
	for (size_t i = 1; i < kept; i++)
		if (str_eq(p->qualifiers.items[i - 1].name, p->qualifiers.items[i].name))
			return refuse(why, "a qualifier stands twice");
	return true;
}

/* One number, or up to four with dots between. */
static bool chrome_version(struct str v)
{
	size_t parts = 0;

	for (struct str rest = v; rest.s; parts++) {
		struct str part = str_cut(&rest, '.');
		uint64_t n;
		if (!str_to_u64(part, &n))
			return false;
	}
	return parts <= 4;
}

static bool chrome_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.s[i] < 'a' || name.s[i] > 'p')
			return false;
	return name.len == 32;
}

/* Namespace and name where a generator encoded the '/' between them, and git's, where the name holds the whole path. */
static void split_name(struct arena *a, unsigned rules, struct purl *p)
{
	if (rules & GIT_NAME) {
		size_t at = str_chr(p->namespace_, '/');
		if (at != STR_NOT_FOUND) {
			p->name = arena_concat(a, str_from(p->namespace_, at + 1), STR("/"), p->name);
			p->namespace_ = str_sub(p->namespace_, 0, at);
		}
		return;
	}
	size_t at = str_rchr(p->name, '/');
	if (at == STR_NOT_FOUND || at == 0 || at + 1 == p->name.len || p->namespace_.len)
		return;
	if (rules & SPLIT_NAME || (rules & SPLIT_SCOPE && p->name.s[0] == '@')) {
		p->namespace_ = str_sub(p->name, 0, at);
		p->name = str_from(p->name, at + 1);
	}
}

static void normalise_case(struct arena *a, unsigned rules, struct purl *p)
{
	if (rules & MLFLOW_NAME && str_has(purl_qualifier(p, "repository_url"), STR("databricks")))
		rules |= LOWER_NAME;
	/* The suite folds repositories of a forge that does not tell case. */
	if (rules & GIT_NAME && (str_eq_nocase(p->namespace_, STR("github")) || str_eq_nocase(p->namespace_, STR("github.com"))))
		rules |= LOWER_NAMESPACE | LOWER_NAME;
	if (rules & LOWER_NAMESPACE)
		p->namespace_ = lower(a, p->namespace_);
	if (rules & UPPER_NAMESPACE && p->namespace_.len)
		p->namespace_ = upper(a, p->namespace_);
	if (rules & LOWER_NAME)
		p->name = lower(a, p->name);
	if (rules & LOWER_VERSION)
		p->version = lower(a, p->version);
	if (rules & LOWER_SUBPATH)
		p->subpath = lower(a, p->subpath);
	if (rules & PYPI_NAME)
		p->name = replace(a, p->name, pypi_keeps, '-');
	if (rules & PUB_NAME)
		p->name = replace(a, p->name, pub_keeps, '_');
	if (rules & KEBAB_NAME)
		p->name = replace(a, p->name, kebab_keeps, '-');
}

static bool check_type(const struct purl_type *t, const struct purl *p, struct arena *a, struct str *why)
{
	if (t->namespace_ == NAMESPACE_REQUIRED && !p->namespace_.len)
		return refuse(why, "this type needs a namespace");
	if (t->namespace_ == NAMESPACE_FORBIDDEN && p->namespace_.len)
		return refuse(why, "this type has no namespace");
	if (t->required && !purl_qualifier(p, t->required).len) {
		*why = arena_printf(a, "this type needs the qualifier %s", t->required);
		return false;
	}
	if (t->rules & CPAN_NAME && str_has(p->name, STR("::")))
		return refuse(why, "this is the name of a module, not of a distribution");
	if (t->rules & CHROME_NAME && !chrome_name(p->name))
		return refuse(why, "the name has to be 32 letters from a to p");
	if (t->rules & CHROME_NAME && p->version.len && !chrome_version(p->version))
		return refuse(why, "the version has to be one to four numbers");
	return true;
}

bool purl_normalise(struct arena *a, struct purl *p, struct str *why)
{
	if (!parse_type(a, p->type, &p->type))
		return refuse(why, "the type may hold letters, digits, '.', '-' only and begins with a letter");
	if (!normalise_qualifiers(a, p, why))
		return false;
	const struct purl_type *t = purl_type_find(p->type);
	if (t) {
		split_name(a, t->rules, p);
		normalise_case(a, t->rules, p);
	}
	if (!p->name.len)
		return refuse(why, "a name is missing");
	if (!p->namespace_.len)
		p->namespace_ = STR_NONE;
	if (!p->version.len)
		p->version = STR_NONE;
	if (!p->subpath.len)
		p->subpath = STR_NONE;
	return !t || check_type(t, p, a, why);
}

struct str purl_qualifier(const struct purl *p, const char *key)
{
	for (size_t i = 0; i < p->qualifiers.n; i++)
		if (str_is(p->qualifiers.items[i].name, key))
			return p->qualifiers.items[i].value;
	return STR_NONE;
}

/* ---- canonical form */

/* What stands in a purl as it is; '/' besides, where its part keeps it. */
static const bool plain[256] = {
#define TEN(first) [first] = true, [(first) + 1] = true, [(first) + 2] = true, [(first) + 3] = true, [(first) + 4] = true, \
	[(first) + 5] = true, [(first) + 6] = true, [(first) + 7] = true, [(first) + 8] = true, [(first) + 9] = true
	TEN('0'), TEN('A'), TEN('K'), ['U'] = true, ['V'] = true, ['W'] = true, ['X'] = true, ['Y'] = true, ['Z'] = true,
	TEN('a'), TEN('k'), ['u'] = true, ['v'] = true, ['w'] = true, ['x'] = true, ['y'] = true, ['z'] = true,
	['.'] = true, ['-'] = true, ['_'] = true, ['~'] = true, [':'] = true,
#undef TEN
};

static size_t encoded_length(struct str s, bool keep_slash)
{
	size_t more = 0;

	for (size_t i = 0; i < s.len; i++)
		more += !plain[(unsigned char)s.s[i]] && !(keep_slash && s.s[i] == '/');
	return s.len + 2 * more;
}

static char *encode(char *p, struct str s, bool keep_slash)
{
	static const char digits[] = "0123456789ABCDEF";

	if (encoded_length(s, keep_slash) == s.len) {
		str_copy(p, s.s, s.len);
		return p + s.len;
	}
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.s[i];
		if (plain[c] || (keep_slash && c == '/')) {
			*p++ = (char)c;
			continue;
		}
		*p++ = '%';
		*p++ = digits[c >> 4];
		*p++ = digits[c & 15];
	}
	return p;
}

static char *put(char *p, const char *text)
{
	size_t n = strlen(text);

	memcpy(p, text, n);
	return p + n;
}

struct str purl_format(struct arena *a, const struct purl *p)
{
	const struct purl_type *t = purl_type_find(p->type);
	bool whole_name = t && t->rules & GIT_NAME;
	size_t room = strlen("pkg:/" "/" "@" "#") + p->type.len + encoded_length(p->namespace_, true) + encoded_length(p->name, whole_name) +
		      encoded_length(p->version, false) + encoded_length(p->subpath, true);

	for (size_t i = 0; i < p->qualifiers.n; i++)
		room += 2 + encoded_length(p->qualifiers.items[i].name, false) + encoded_length(p->qualifiers.items[i].value, false);
	char *start = arena_alloc(a, room), *at = put(start, "pkg:");
	memcpy(at, p->type.s, p->type.len);
	at = put(at + p->type.len, "/");
	if (p->namespace_.len)
		at = put(encode(at, p->namespace_, true), "/");
	at = encode(at, p->name, whole_name);
	if (p->version.len)
		at = encode(put(at, "@"), p->version, false);
	for (size_t i = 0; i < p->qualifiers.n; i++) {
		at = put(at, i ? "&" : "?");
		at = encode(at, p->qualifiers.items[i].name, false);
		at = encode(put(at, "="), p->qualifiers.items[i].value, false);
	}
	if (p->subpath.len)
		at = encode(put(at, "#"), p->subpath, true);
	return str_make(start, (size_t)(at - start));
}

static bool printable(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.s[i] <= ' ' || s.s[i] >= 0x7f)
			return false;
	return true;
}

bool purl_reads_back(const struct purl *p, struct str text)
{
	struct str space = p->namespace_;

	if (text.len > LIMIT_NAME * 4 || p->subpath.len || !printable(space) || !printable(p->name) || !printable(p->version))
		return false;
	if (str_chr(p->name, '/') != STR_NOT_FOUND || (space.len && (space.s[0] == '/' || space.s[space.len - 1] == '/' || str_has(space, STR("//")))))
		return false;
	for (size_t i = 0; i < p->qualifiers.n; i++)
		if (!printable(p->qualifiers.items[i].value))
			return false;
	return true;
}

struct str purl_canonical(struct arena *a, struct str text, struct str *why)
{
	struct purl p;

	return purl_parse(a, text, &p, why) ? purl_format(a, &p) : STR_NONE;
}
