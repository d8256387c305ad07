/* The folded key. The order of the steps and their effect were measured on SBOMs that two tools made of one target; what each
 * of them is for stands at it. */
#include "identity/fold.h"

#include "identity/purl_type.h"

static bool is_type(const struct purl *p, const char *type)
{
	return str_is(p->type, type);
}

static bool of_distribution(const struct purl *p)
{
	return is_type(p, "deb") || is_type(p, "apk") || is_type(p, "rpm") || is_type(p, "alpm") || is_type(p, "qpkg");
}

static bool no_version(struct str v)
{
	return !v.len || str_eq_nocase(v, STR("UNKNOWN")) || str_is(v, "NOASSERTION") || str_is(v, "(devel)");
}

/* ---- qualifiers */

/* Does the qualifier tell two packages of one name and version apart? */
static bool qualifier_tells(const struct purl *p, struct str key, struct str value, unsigned steps)
{
	if (of_distribution(p))
		return false; /* arch, distro, upstream: one tool has them, the other not */
	if (is_type(p, "maven")) {
		if (str_is(key, "type"))
			return !(steps & FOLD_MAVEN_TYPE) || !str_is(value, "jar"); /* the default, which some write */
		if (str_is(key, "classifier"))
			return true;
	}
	if (is_type(p, "oci") || is_type(p, "docker")) /* a digest is enough; a tag needs its repository */
		return str_is(key, "repository_url") && !str_starts(p->version, STR("sha256:"));
	if (str_is(key, "vcs_url") || str_is(key, "repository_url"))
		return !is_type(p, "yocto") && !is_type(p, "otp"); /* a fork or a private package under a public name */
	if (str_is(key, "download_url"))
		return no_version(p->version) || is_type(p, "generic");
	return (is_type(p, "generic") && str_is(key, "checksum")) || (is_type(p, "julia") && str_is(key, "uuid")) ||
	       (is_type(p, "swid") && str_is(key, "tag_id")) || (is_type(p, "vcpkg") && str_is(key, "port_version")) ||
	       (is_type(p, "conan") && (str_is(key, "user") || str_is(key, "channel")));
}

static void fold_qualifiers(struct arena *a, const struct purl *from, struct purl *to, unsigned steps)
{
	to->qualifiers.items = NULL;
	to->qualifiers.n = to->qualifiers.cap = 0;
	for (size_t i = 0; i < from->qualifiers.n; i++) {
		const struct property *q = &from->qualifiers.items[i];
		if (!(steps & FOLD_QUALIFIERS) || qualifier_tells(to, q->name, q->value, steps))
			*VEC_ADD(a, &to->qualifiers) = *q;
	}
}

static void drop_qualifier(struct purl *p, const char *key)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->qualifiers.n; i++)
		if (!str_is(p->qualifiers.items[i].name, key))
			p->qualifiers.items[kept++] = p->qualifiers.items[i];
	p->qualifiers.n = kept;
}

/* ---- versions */

/* "0:1.2" and epoch=0 are 1.2; epoch=1 with 1.2 or 1:1.2 is 1:1.2. */
static void fold_epoch(struct arena *a, struct purl *p, struct str epoch)
{
	size_t colon = str_chr(p->version, ':');
	uint64_t n;

	if (!is_type(p, "deb") && !is_type(p, "rpm"))
		return;
	if (colon != STR_NOT_FOUND && str_to_u64(str_sub(p->version, 0, colon), &n)) {
		if (!epoch.len)
			epoch = str_sub(p->version, 0, colon);
		p->version = str_from(p->version, colon + 1);
	}
	if (epoch.len && (!str_to_u64(epoch, &n) || n != 0))
		p->version = arena_concat(a, epoch, STR(":"), p->version);
	drop_qualifier(p, "epoch");
}

static struct str without_v(struct str v)
{
	return v.len > 1 && (v.s[0] == 'v' || v.s[0] == 'V') && ascii_digit(v.s[1]) ? str_from(v, 1) : v;
}

/* Namespace, name and subpath as one path, divided anew. */
static void fold_path(struct arena *a, struct purl *p)
{
	struct str path = p->namespace_.len ? arena_concat(a, p->namespace_, STR("/"), p->name) : p->name;

	if (!p->subpath.len)
		return;
	path = arena_concat(a, path, STR("/"), p->subpath);
	size_t slash = str_rchr(path, '/');
	p->namespace_ = str_sub(path, 0, slash);
	p->name = str_from(path, slash + 1);
	p->subpath = STR_NONE;
}

static void fold_go(struct arena *a, struct purl *p)
{
	if (is_type(p, "github")) { /* an action in a folder: "#analyze" or "/analyze" */
		fold_path(a, p);
		return;
	}
	if (is_type(p, "composer"))
		p->version = without_v(p->version);
	if (!is_type(p, "golang"))
		return;
	/* Advisories' versions have no 'v'; the standard library is written stdlib or std, 1.22.3 or go1.22.3. */
	p->version = without_v(p->version);
	if (!p->namespace_.len && (str_is(p->name, "stdlib") || str_is(p->name, "std"))) {
		p->name = STR("stdlib");
		if (str_starts(p->version, STR("go")))
			p->version = str_from(p->version, 2);
	}
	fold_path(a, p); /* semver@v3.3.0#v3 is the module semver/v3 */
}

/* ---- case and spelling */

static bool ignores_case(const struct purl *p)
{
	static const char *const types[] = { "golang", "github", "bitbucket", "pypi", "composer", "nuget", "deb", "apk", "hex", "oci", "docker" };

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (is_type(p, types[i]))
			return true;
	return is_type(p, "swift") && str_starts_nocase(p->namespace_, STR("github.com"));
}

static void fold_spelling(struct arena *a, struct purl *p)
{
	if (is_type(p, "pypi")) {
		p->name = purl_normal_package(a, STR("PyPI"), p->name);
	} else if (is_type(p, "gem")) {
		size_t at = str_chr(p->version, '-'); /* a gem's version has no '-': the platform begins there */
		if (at != STR_NOT_FOUND && at > 0)
			p->version = str_sub(p->version, 0, at);
	} else if (is_type(p, "cocoapods")) { /* a subspec in the name or in the subpath */
		size_t slash = str_chr(p->name, '/');
		if (slash != STR_NOT_FOUND && !p->subpath.len) {
			p->subpath = str_from(p->name, slash + 1);
			p->name = str_sub(p->name, 0, slash);
		}
	} else if (!is_type(p, "generic")) {
		p->subpath = STR_NONE; /* a folder inside the package */
	}
}

static void fold(struct arena *a, const struct purl *from, unsigned steps, struct purl *p)
{
	struct str epoch = purl_qualifier(from, "epoch");

	*p = *from;
	if (steps & FOLD_TYPE)
		purl_unalias(p);
	fold_qualifiers(a, from, p, steps);
	if (steps & FOLD_EPOCH)
		fold_epoch(a, p, epoch);
	if (steps & FOLD_DISTRIBUTION && of_distribution(p)) {
		const struct distribution *d = distribution_find(p->type, p->namespace_);
		if (d)
			p->namespace_ = str_of(d->namespace_);
	}
	if (steps & FOLD_GO)
		fold_go(a, p);
	if (steps & FOLD_CASE && ignores_case(p)) {
		p->namespace_ = arena_lower(a, p->namespace_);
		p->name = arena_lower(a, p->name);
	}
	if (steps & FOLD_SPELLING)
		fold_spelling(a, p);
}

/* Is there something in the place of a version? */
static bool pinned_otherwise(const struct purl *p)
{
	return purl_qualifier(p, "vcs_url").len || purl_qualifier(p, "download_url").len || purl_qualifier(p, "checksum").len;
}

struct str fold_purl(struct arena *a, const struct purl *from, unsigned steps)
{
	struct purl p;

	fold(a, from, steps, &p);
	if (no_version(p.version)) {
		if (!pinned_otherwise(&p))
			return STR_NONE;
		p.version = STR_NONE;
	}
	return purl_format(a, &p);
}

struct str fold_package(struct arena *a, const struct purl *from)
{
	struct purl p;

	fold(a, from, FOLD_ALL, &p);
	p.version = STR_NONE;
	drop_qualifier(&p, "vcs_url");
	drop_qualifier(&p, "download_url");
	drop_qualifier(&p, "checksum");
	return purl_format(a, &p);
}

struct str purl_folded_key(struct arena *a, const struct component *c)
{
	struct purl p;

	if (!purl_of_component(a, c, &p))
		return STR_NONE;
	if (!p.version.len && c->version.len) /* some purls leave out the version that the component has */
		p.version = c->version;
	return fold_purl(a, &p, FOLD_ALL);
}
