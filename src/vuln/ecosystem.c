#include "vuln/ecosystem.h"

#include "identity/purl.h"

static const struct ecosystem ecosystems[] = {
#define ECOSYSTEM(name, flags) { name, flags },
#include "vuln/ecosystems.def"
#undef ECOSYSTEM
};

struct str ecosystem_base(struct str ecosystem)
{
	return str_sub(ecosystem, 0, str_chr(ecosystem, ':'));
}

struct str ecosystem_suffix(struct str ecosystem)
{
	size_t at = str_chr(ecosystem, ':');

	return at == STR_NOT_FOUND ? STR_NONE : str_from(ecosystem, at + 1);
}

const struct ecosystem *ecosystem_find(struct str ecosystem)
{
	struct str base = ecosystem_base(ecosystem);

	for (size_t i = 0; i < sizeof ecosystems / sizeof ecosystems[0]; i++)
		if (str_eq_nocase(base, str_of(ecosystems[i].name)))
			return &ecosystems[i];
	return NULL;
}

/* The first n dot-separated parts. */
static struct str parts(struct str version, int n)
{
	for (size_t i = 0; i < version.len; i++)
		if (version.s[i] == '.' && --n == 0)
			return str_sub(version, 0, i);
	return version;
}

static bool numeric(struct str s)
{
	return s.len > 0 && ascii_digit(s.s[0]);
}

/* "22.04" is a long-term release: an even year, and April. */
static bool is_lts(struct str release)
{
	return release.len == 5 && ascii_digit(release.s[1]) && (release.s[1] - '0') % 2 == 0 && str_ends(release, STR(".04"));
}

static struct str release_of(struct arena *a, const struct ecosystem *e, struct str suffix)
{
	if (str_is(str_of(e->name), "Alpine")) {
		struct str number = str_starts(suffix, STR("v")) ? str_from(suffix, 1) : suffix;
		return numeric(number) ? arena_concat(a, STR("v"), parts(number, 2), STR("")) : suffix;
	}
	if (str_is(str_of(e->name), "Debian") || str_is(str_of(e->name), "AlmaLinux") || str_is(str_of(e->name), "Rocky Linux"))
		return numeric(suffix) ? parts(suffix, 1) : suffix;
	if (str_is(str_of(e->name), "Ubuntu"))
		return is_lts(suffix) ? arena_concat(a, suffix, STR(":LTS"), STR("")) : suffix;
	return suffix;
}

struct str ecosystem_canonical(struct arena *a, struct str ecosystem)
{
	const struct ecosystem *e = ecosystem_find(ecosystem);
	struct str suffix = ecosystem_suffix(ecosystem);

	if (!e)
		return ecosystem;
	if (!suffix.len)
		return str_of(e->name);
	return arena_concat(a, str_of(e->name), STR(":"), release_of(a, e, suffix));
}

struct str ecosystem_repository_key(struct arena *a, struct str url)
{
	size_t scheme = str_find(url, STR("://"), 0);
	struct str rest = scheme == STR_NOT_FOUND ? url : str_from(url, scheme + 3);
	size_t cut = str_chr(rest, '#');

	rest = str_sub(rest, 0, cut);
	rest = str_sub(rest, 0, str_chr(rest, '?'));
	size_t slash = str_chr(rest, '/');
	size_t at = str_rchr(str_sub(rest, 0, slash), '@');
	if (at != STR_NOT_FOUND)
		rest = str_from(rest, at + 1);
	while (str_ends(rest, STR("/")))
		rest.len--;
	if (str_ends(rest, STR(".git")))
		rest.len -= 4;
	struct str key = arena_lower(a, rest);
	size_t colon = str_chr(key, ':');
	if (scheme == STR_NOT_FOUND && colon != STR_NOT_FOUND && colon < str_chr(key, '/'))
		((char *)key.s)[colon] = '/';
	return key;
}

struct str ecosystem_package_key(struct arena *a, struct str ecosystem, struct str package)
{
	if (str_is(ecosystem_base(ecosystem), "GIT"))
		return ecosystem_repository_key(a, package);
	return purl_normal_package(a, ecosystem, package);
}
