#include "identity/purl_type.h"

static const struct purl_type types[] = {
#define OPTIONAL NAMESPACE_OPTIONAL
#define REQUIRED NAMESPACE_REQUIRED
#define EXPECTED NAMESPACE_EXPECTED
#define FORBIDDEN NAMESPACE_FORBIDDEN
#define PURL_TYPE(type, ecosystem, ns, rules, required) { type, ecosystem, ns, rules, required },
#include "identity/purl_types.def"
#undef PURL_TYPE
#undef OPTIONAL
#undef REQUIRED
#undef EXPECTED
#undef FORBIDDEN
};

static const struct distribution distributions[] = {
#define DISTRIBUTION(type, ns, aliases, ecosystem, form, names) { type, ns, aliases, ecosystem, form, names },
#include "identity/distributions.def"
#undef DISTRIBUTION
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

const struct purl_type *purl_type_find(struct str type)
{
	static _Thread_local const struct purl_type *last; /* most calls ask for the type of the call before */

	if (last && str_is(type, last->type))
		return last;
	for (size_t i = 0; type.len && i < COUNT(types); i++)
		if (type.s[0] == types[i].type[0] && str_is(type, types[i].type))
			return last = &types[i];
	return NULL;
}

const struct purl_type *purl_type_of_name(struct str ecosystem)
{
	for (size_t i = 0; ecosystem.len && i < COUNT(types); i++)
		if (types[i].ecosystem && str_is(ecosystem, types[i].ecosystem))
			return &types[i];
	return NULL;
}

static bool named(const struct distribution *d, struct str name)
{
	struct str rest = str_of(d->aliases);

	if (str_eq_nocase(name, str_of(d->namespace_)))
		return true;
	while (rest.len)
		if (str_eq_nocase(name, str_cut(&rest, '|')))
			return true;
	return false;
}

const struct distribution *distribution_find(struct str type, struct str namespace_)
{
	if (!namespace_.len)
		return NULL;
	for (size_t i = 0; i < COUNT(distributions); i++)
		if ((!type.s || str_is(type, distributions[i].type)) && named(&distributions[i], namespace_))
			return &distributions[i];
	return NULL;
}

struct str ecosystem_name(struct str ecosystem)
{
	size_t at = str_chr(ecosystem, ':');

	return at == STR_NOT_FOUND ? ecosystem : str_sub(ecosystem, 0, at);
}

const struct distribution *distribution_of_ecosystem(struct str ecosystem)
{
	struct str name = ecosystem_name(ecosystem);

	for (size_t i = 0; name.len && i < COUNT(distributions); i++)
		if (distributions[i].ecosystem && str_is(name, distributions[i].ecosystem))
			return &distributions[i];
	return NULL;
}

/* Names of releases to numbers, for purls that carry the name. */
static const struct {
	const char *distribution, *name, *number;
} codenames[] = {
	{ "debian", "wheezy", "7" },	 { "debian", "jessie", "8" },	   { "debian", "stretch", "9" },
	{ "debian", "buster", "10" },	 { "debian", "bullseye", "11" },   { "debian", "bookworm", "12" },
	{ "debian", "trixie", "13" },	 { "debian", "forky", "14" },	   { "ubuntu", "trusty", "14.04" },
	{ "ubuntu", "xenial", "16.04" }, { "ubuntu", "bionic", "18.04" },  { "ubuntu", "focal", "20.04" },
	{ "ubuntu", "jammy", "22.04" },	 { "ubuntu", "kinetic", "22.10" }, { "ubuntu", "lunar", "23.04" },
	{ "ubuntu", "mantic", "23.10" }, { "ubuntu", "noble", "24.04" },   { "ubuntu", "oracular", "24.10" },
	{ "ubuntu", "plucky", "25.04" }, { "ubuntu", "questing", "25.10" },
};

/* "debian-12.15", "12.15", "debian-bookworm" → "12.15", "12"; absent where nothing is told. */
static struct str release_of(const struct distribution *d, struct str distro)
{
	if (!distro.len)
		return STR_NONE;
	if (!ascii_digit(distro.s[0])) {
		size_t last = str_rchr(distro, '-');
		for (size_t at = 0; at + 1 < distro.len; at++) /* "opensuse-leap-15.6", "openeuler-24.03-LTS-SP1" */
			if (distro.s[at] == '-' && ascii_digit(distro.s[at + 1]) && at < last)
				last = at;
		if (last != STR_NOT_FOUND)
			distro = str_from(distro, last + 1);
	}
	for (size_t i = 0; i < COUNT(codenames); i++)
		if (str_is(str_of(d->namespace_), codenames[i].distribution) && str_is(distro, codenames[i].name))
			return str_of(codenames[i].number);
	if (str_eq_nocase(distro, str_of(d->namespace_)))
		return STR_NONE;
	return distro;
}

static struct str parts_of(struct str release, size_t n)
{
	for (size_t i = 0; i < release.len; i++)
		if (release.s[i] == '.' && n-- == 1)
			return str_sub(release, 0, i);
	return release;
}

static struct str suffix_of(struct arena *a, const struct distribution *d, struct str r)
{
	struct str minor = r, major = str_cut(&minor, '.');
	bool numeric = r.len && ascii_digit(r.s[0]);

	switch (d->form) {
	case RELEASE_MAJOR:
	case RELEASE_DEBIAN:
		return major; /* Debian's series names without a number ("sid") stand as they are */
	case RELEASE_MAJOR_MINOR:
		return minor.s ? parts_of(r, 2) : arena_concat(a, r, STR(".0"), STR_NONE);
	case RELEASE_ALPINE:
		return numeric && minor.s ? arena_concat(a, STR("v"), parts_of(r, 2), STR_NONE) : STR_NONE;
	case RELEASE_UBUNTU:
		if (!numeric || !minor.s)
			return STR_NONE;
		r = parts_of(r, 2);
		/* Long-term releases are those of April in even years. */
		return str_ends(r, STR(".04")) && (major.s[major.len - 1] - '0') % 2 == 0 ? arena_concat(a, r, STR(":LTS"), STR_NONE) : r;
	case RELEASE_SUSE:
		if (!numeric)
			return STR_NONE;
		if (!minor.len || str_is(minor, "0"))
			return arena_concat(a, STR("Linux Enterprise Server "), major, STR_NONE);
		return arena_printf(a, "Linux Enterprise Server %.*s SP%.*s", STR_ARG(major), STR_ARG(minor));
	case RELEASE_OPENSUSE:
		if (!numeric)
			return STR_NONE;
		return major.len >= 8 ? STR("Tumbleweed") : arena_concat(a, STR("Leap "), r, STR_NONE);
	case RELEASE_OPENEULER:
		return numeric ? r : STR_NONE;
	case RELEASE_NONE:
		break;
	}
	return STR_NONE;
}

struct str distribution_ecosystem(struct arena *a, const struct distribution *d, struct str distro)
{
	if (!d->ecosystem)
		return STR_NONE;
	struct str release = release_of(d, distro);
	struct str suffix = release.len ? suffix_of(a, d, release) : STR_NONE;
	return suffix.len ? arena_concat(a, str_of(d->ecosystem), STR(":"), suffix) : str_of(d->ecosystem);
}

struct str distribution_qualifier(struct arena *a, struct str ecosystem)
{
	const struct distribution *d = distribution_of_ecosystem(ecosystem);
	size_t colon = str_chr(ecosystem, ':');

	if (!d || colon == STR_NOT_FOUND)
		return STR_NONE;
	struct str suffix = str_from(ecosystem, colon + 1), id = str_of(d->namespace_);
	if (d->form == RELEASE_ALPINE && str_starts(suffix, STR("v")))
		suffix = str_from(suffix, 1);
	else if (d->form == RELEASE_UBUNTU)
		suffix = str_starts(suffix, STR("Pro:")) ? str_sub(suffix, 4, 5) : str_sub(suffix, 0, 5);
	else if (d->form == RELEASE_OPENSUSE && str_starts(suffix, STR("Leap ")))
		suffix = str_from(suffix, 5);
	else if (d->form == RELEASE_SUSE || d->form == RELEASE_OPENSUSE || d->form == RELEASE_NONE)
		return STR_NONE;
	return arena_concat(a, id, STR("-"), suffix);
}
