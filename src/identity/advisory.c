/* How advisories spell a component's package, and the version as their ranges want it. Rules by ecosystem: ossf/osv-schema and
 * google/osv.dev (osv/purl_helpers.py), checked on real records. */
#include "identity/purl.h"
#include "identity/purl_type.h"

/* PEP 503: lower case, runs of '-', '_', '.' become one '-'. */
static struct str pep503(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		bool mark = s.s[i] == '-' || s.s[i] == '_' || s.s[i] == '.';
		if (!mark)
			p[n++] = ascii_lower(s.s[i]);
		else if (!n || p[n - 1] != '-')
			p[n++] = '-';
	}
	return str_make(p, n);
}

/* "https://github.com/Owner/repo.git" → "github.com/Owner/repo" */
static struct str swift_name(struct arena *a, struct str s)
{
	size_t at = str_find(s, STR("://"), 0);

	if (at != STR_NOT_FOUND)
		s = str_from(s, at + 3);
	while (s.len && s.s[s.len - 1] == '/')
		s.len--;
	if (str_ends(s, STR(".git")))
		s.len -= 4;
	at = str_chr(s, '/');
	return at == STR_NOT_FOUND ? s : arena_concat(a, arena_lower(a, str_sub(s, 0, at)), str_from(s, at), STR_NONE);
}

/* owner/repo of owner/repo/path */
static struct str action_name(struct arena *a, struct str s)
{
	size_t slash = str_chr(s, '/');
	size_t next = slash == STR_NOT_FOUND ? STR_NOT_FOUND : str_find(s, STR("/"), slash + 1);

	return arena_lower(a, next == STR_NOT_FOUND ? s : str_sub(s, 0, next));
}

/* The purl types apk and deb fold case, so that a purl alone does not tell "R" from "r". */
static struct str distribution_name(struct arena *a, const struct distribution *d, struct str name)
{
	return strcmp(d->type, "rpm") == 0 ? name : arena_lower(a, name);
}

struct str purl_normal_package(struct arena *a, struct str ecosystem, struct str package)
{
	struct str e = ecosystem_name(ecosystem);
	const struct distribution *d = distribution_of_ecosystem(ecosystem);

	if (!package.len)
		return STR_NONE;
	if (d)
		return distribution_name(a, d, package);
	if (str_is(e, "PyPI"))
		return pep503(a, package);
	if (str_is(e, "NuGet") || str_is(e, "Packagist") || str_is(e, "VSCode") || str_is(e, "Bitnami"))
		return arena_lower(a, package);
	if (str_is(e, "GitHub Actions"))
		return action_name(a, package);
	if (str_is(e, "SwiftURL"))
		return swift_name(a, package);
	return package;
}

static bool component_purl(struct arena *a, const struct component *c, struct purl *p)
{
	if (!purl_of_component(a, c, p))
		return false;
	purl_unalias(p);
	return true;
}

static const struct distribution *component_distribution(const struct component *c, const struct purl *p)
{
	const struct distribution *d = distribution_of_ecosystem(c->ecosystem);

	if (!d && p && (str_is(p->type, "deb") || str_is(p->type, "apk") || str_is(p->type, "rpm")))
		d = distribution_find(p->type, p->namespace_);
	return d;
}

static struct str joined(struct arena *a, struct str namespace_, const char *mark, struct str name)
{
	return namespace_.len ? arena_concat(a, namespace_, str_of(mark), name) : name;
}

/* The module path: Syft and the specification put what stands behind the repository into the subpath. */
static struct str go_path(struct arena *a, const struct purl *p)
{
	struct str path = joined(a, p->namespace_, "/", p->name);

	return p->subpath.len ? arena_concat(a, path, STR("/"), p->subpath) : path;
}

/* A component with its purl read, where it has one. */
struct subject {
	const struct component *c;
	const struct purl *p; /* NULL: none */
	const struct distribution *d;
	struct str ecosystem;
};

static struct subject subject_of(struct arena *a, const struct component *c, struct purl *p)
{
	struct subject s = { .c = c, .p = component_purl(a, c, p) ? p : NULL };

	s.d = component_distribution(c, s.p);
	s.ecosystem = c->ecosystem.len ? c->ecosystem : s.p ? purl_ecosystem_of_type(p->type) : STR_NONE;
	return s;
}

static struct str version_of(struct arena *a, const struct subject *s);

/* Is it looked up by its source package? Where advisories name either, only if both have one version: a package that is built
 * from another's source under a version of its own must not be held against that one's. */
static bool by_source(struct arena *a, const struct subject *s)
{
	const struct component *c = s->c;

	if (!s->d || s->d->names == NAMES_BINARY || !component_more(c)->source_name.len)
		return false;
	struct str version = component_more(c)->source_version;
	return s->d->names == NAMES_SOURCE || !version.len || str_eq(version, version_of(a, s));
}

static struct str name_of(struct arena *a, const struct subject *s)
{
	const struct component *c = s->c;
	const struct purl *p = s->p;

	if (s->d)
		return distribution_name(a, s->d, by_source(a, s) ? component_more(c)->source_name : p ? p->name : c->name);
	if (!s->ecosystem.len)
		return STR_NONE;
	if (!p)
		return purl_normal_package(a, s->ecosystem,
					   joined(a, c->group, str_is(ecosystem_name(s->ecosystem), "Maven") ? ":" : "/", c->name));
	if (str_is(p->type, "maven"))
		return joined(a, p->namespace_, ":", p->name);
	if (str_is(p->type, "golang"))
		return go_path(a, p);
	return purl_normal_package(a, s->ecosystem, joined(a, p->namespace_, "/", p->name));
}

static struct str other_name_of(struct arena *a, const struct subject *s)
{
	const struct component *c = s->c;
	struct str name = s->p ? s->p->name : c->name;

	return s->d && s->d->names == NAMES_BOTH && by_source(a, s) && !str_eq(component_more(c)->source_name, name) ? distribution_name(a, s->d, name) :
												       STR_NONE;
}

/* What Gem::Version reads as ".pre.…" behind a dash: a number, or a word of pre-releases. */
static bool is_pre_release(struct str tail)
{
	static const char *const words[] = { "rc", "pre", "alpha", "beta", "dev", "snapshot" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_starts_nocase(tail, str_of(words[i])))
			return true;
	return tail.len && ascii_digit(tail.s[0]);
}

/* "1.19.4-x86_64-linux-gnu" → "1.19.4": what a lockfile writes behind a dash is the platform, for RubyGems itself writes "7.0.0.pre.rc4";
 * but others write "7.0.0-rc4", and that is not 7.0.0. */
static struct str gem_version(struct str v)
{
	for (size_t i = 1; i < v.len; i++)
		if (v.s[i] == '-' && !is_pre_release(str_from(v, i + 1)))
			return str_sub(v, 0, i);
	return v;
}

static struct str go_version(struct str v)
{
	if (v.len > 1 && v.s[0] == 'v' && ascii_digit(v.s[1]))
		return str_from(v, 1);
	return str_starts(v, STR("go")) && v.len > 2 && ascii_digit(v.s[2]) ? str_from(v, 2) : v;
}

static struct str version_of(struct arena *a, const struct subject *s)
{
	const struct purl *p = s->p;
	struct str v = s->c->version.len ? s->c->version : p ? p->version : STR_NONE;
	struct str type = p ? p->type : purl_type_of_ecosystem(s->c->ecosystem);

	if (!v.len || str_eq_nocase(v, STR("UNKNOWN")) || str_is(v, "NOASSERTION"))
		return STR_NONE;
	if (str_is(type, "golang"))
		return go_version(v);
	if (str_is(type, "composer") && v.len > 1 && (v.s[0] == 'v' || v.s[0] == 'V') && ascii_digit(v.s[1]))
		return str_from(v, 1);
	if (str_is(type, "gem"))
		return gem_version(v);
	if (p && (str_is(type, "rpm") || str_is(type, "deb")) && str_chr(v, ':') == STR_NOT_FOUND) {
		struct str epoch = purl_qualifier(p, "epoch");
		if (epoch.len && !str_is(epoch, "0"))
			return arena_concat(a, epoch, STR(":"), v);
	}
	return v;
}

static bool is_declared_minimum(const struct component *c)
{
	for (VEC_EACH(const struct property, p, &c->properties))
		if (str_is(p->name, "bomgate:certainty") && str_is(p->value, "declared minimum"))
			return true;
	return false;
}

/* "1.21" of a go.mod is a language version, no release (go.dev/doc/toolchain): what builds it is a release of that line or a newer
 * one. It is held against advisories as the line's newest patch release, whichever that is: what is still open there is open
 * with every release of the line, what a patch release mended is not told. Before 1.21 the first release had that name, too
 * ("go1.20"), so that a binary's or another generator's 1.20 is that release. osv-scanner reads the same 1.21.99. */
static struct str library_version(struct arena *a, const struct component *c, struct str v)
{
	size_t dot = str_chr(v, '.');
	struct str minor = dot == STR_NOT_FOUND ? STR("") : str_from(v, dot + 1);

	if (!str_starts(v, STR("1.")) || !minor.len || minor.len > 4)
		return v;
	unsigned n = 0;
	for (size_t i = 0; i < minor.len; i++) {
		if (!ascii_digit(minor.s[i]))
			return v;
		n = n * 10 + (unsigned)(minor.s[i] - '0');
	}
	return n >= 21 || is_declared_minimum(c) ? arena_concat(a, v, STR(".99"), STR_NONE) : v;
}

void purl_advisory_identity(struct arena *a, const struct component *c, struct advisory_identity *out)
{
	struct purl p;
	struct subject s = subject_of(a, c, &p);

	*out = (struct advisory_identity){ s.ecosystem, name_of(a, &s), other_name_of(a, &s), version_of(a, &s), STR_NONE };
	out->own_version = out->version;
	if (component_more(c)->source_version.len && out->version.len && by_source(a, &s))
		out->version = component_more(c)->source_version; /* libdevmapper 1.02.185 is lvm2 2.03.16 */
	else if (str_is(out->ecosystem, "Go") && str_is(out->name, "stdlib"))
		out->version = library_version(a, c, out->version);
}

struct str purl_own_version(struct arena *a, const struct component *c)
{
	struct purl p;
	struct subject s = subject_of(a, c, &p);

	return version_of(a, &s);
}
