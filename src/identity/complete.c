/* A component's fields and its purl, each from the other. */
#include "identity/purl.h"

#include "base/limits.h"
#include "identity/purl_type.h"

struct str purl_type_of_ecosystem(struct str ecosystem)
{
	static _Thread_local struct {
		char name[32];
		struct str type;
		size_t len;
	} last; /* a file's components have one ecosystem: both tables are walked once for it */

	if (last.len && str_eq(str_make(last.name, last.len), ecosystem))
		return last.type;
	const struct distribution *d = distribution_of_ecosystem(ecosystem);
	const struct purl_type *t = d ? NULL : purl_type_of_name(ecosystem_name(ecosystem));
	/* The type "github" serves both; the row of actions comes first in the table. */
	struct str type = d ? str_of(d->type) : t ? str_of(t->type) : STR_NONE;
	if (ecosystem.len && ecosystem.len <= sizeof last.name) {
		str_copy(last.name, ecosystem.s, ecosystem.len);
		last.len = ecosystem.len;
		last.type = type;
	}
	return type;
}

struct str purl_ecosystem_of_type(struct str type)
{
	const struct purl_type *t = purl_type_find(type);

	return t && t->ecosystem ? str_of(t->ecosystem) : STR_NONE;
}

void purl_unalias(struct purl *p)
{
	if (str_is(p->type, "alpine")) {
		p->type = STR("apk");
		p->namespace_ = STR("alpine");
	} else if (str_is(p->type, "dart")) {
		p->type = STR("pub");
	} else if (str_is(p->type, "dotnet")) {
		p->type = STR("nuget");
	} else if (str_is(p->type, "githubactions")) {
		p->type = STR("github");
	}
}

static void add_qualifier(struct arena *a, struct purl *p, const char *key, struct str value)
{
	if (value.len && !purl_qualifier(p, key).s)
		*VEC_ADD(a, &p->qualifiers) = (struct property){ str_of(key), value };
}

/* A git URL in the form of SPDX download locations: "git+https://host/owner/repo@commit"; "git@host:path" becomes ssh. */
static struct str vcs_url(struct arena *a, struct str url, struct str commit)
{
	size_t colon = str_chr(url, ':'), at = str_chr(url, '@');

	if (!str_has(url, STR("://")) && at != STR_NOT_FOUND && colon != STR_NOT_FOUND && at < colon)
		url = arena_printf(a, "ssh://%.*s/%.*s", STR_ARG(str_sub(url, 0, colon)), STR_ARG(str_from(url, colon + 1)));
	if (!str_starts(url, STR("git+")) && !str_starts(url, STR("git:")) && !str_starts(url, STR("hg+")) &&
	    !str_starts(url, STR("svn+")) && !str_starts(url, STR("bzr+")))
		url = arena_concat(a, STR("git+"), url, STR_NONE);
	return commit.len ? arena_concat(a, url, STR("@"), commit) : url;
}

/* Is the repository already in namespace and name? */
static bool names_repository(struct str type)
{
	return str_is(type, "github") || str_is(type, "bitbucket") || str_is(type, "git") || str_is(type, "golang") || str_is(type, "swift");
}

static void add_distribution(struct arena *a, const struct component *c, struct purl *p)
{
	const struct distribution *d = distribution_of_ecosystem(c->ecosystem);

	if (!p->namespace_.len && d)
		p->namespace_ = str_of(d->namespace_);
	add_qualifier(a, p, "distro", distribution_qualifier(a, c->ecosystem));
	/* Not in the definition, but what the tools agree on to keep the source package, which advisories name. */
	struct str name = component_more(c)->source_name, version = component_more(c)->source_version;
	bool same_version = !version.len || str_eq(version, c->version);
	if (name.len && (!str_eq(name, c->name) || !same_version))
		add_qualifier(a, p, "upstream", same_version ? name : arena_concat(a, name, STR("@"), version));
}

/* rpm's epoch stands in a qualifier. */
static void split_epoch(struct arena *a, struct purl *p)
{
	size_t colon = str_chr(p->version, ':');
	uint64_t epoch;

	if (colon == STR_NOT_FOUND || !str_to_u64(str_sub(p->version, 0, colon), &epoch))
		return;
	if (epoch)
		add_qualifier(a, p, "epoch", str_sub(p->version, 0, colon));
	p->version = str_from(p->version, colon + 1);
}

static bool gather(struct arena *a, const struct component *c, struct purl *out)
{
	struct purl p = { .type = c->purl_type.len ? c->purl_type : purl_type_of_ecosystem(c->ecosystem), .namespace_ = c->group,
			  .name = c->name, .version = c->version, .subpath = component_more(c)->subpath };
	struct str why;

	if (!p.type.len || !p.name.len)
		return false;
	for (size_t i = 0; i < c->qualifiers.n; i++)
		add_qualifier(a, &p, arena_cstr(a, c->qualifiers.items[i].name), c->qualifiers.items[i].value);
	if (str_is(p.type, "deb") || str_is(p.type, "apk") || str_is(p.type, "rpm"))
		add_distribution(a, c, &p);
	if (str_is(p.type, "rpm"))
		split_epoch(a, &p);
	if (c->vcs.len && !names_repository(p.type))
		add_qualifier(a, &p, "vcs_url", vcs_url(a, c->vcs, c->commit));
	else if (c->download.len && !names_repository(p.type))
		add_qualifier(a, &p, "download_url", c->download);
	bool good = purl_normalise(a, &p, &why);
	*out = p;
	return good;
}

struct str purl_of_fields(struct arena *a, const struct component *c)
{
	struct purl p;

	return gather(a, c, &p) ? purl_format(a, &p) : STR_NONE;
}

bool purl_of_component(struct arena *a, const struct component *c, struct purl *out)
{
	struct str why, text = c->purl;

	if (!text.len && !gather(a, c, out))
		return false;
	/* The text itself is not needed; encoded it were at most three times as long as its parts. */
	if (!text.len && !out->qualifiers.n && out->namespace_.len + out->name.len + out->version.len <= LIMIT_NAME && purl_reads_back(out, STR_NONE))
		return true;
	if (!text.len)
		text = purl_format(a, out);
	return text.len && purl_parse(a, text, out, &why);
}

/* ---- fields from the purl */

static struct str ecosystem_of(struct arena *a, const struct purl *p)
{
	const struct distribution *d = NULL;

	if (str_is(p->type, "deb") || str_is(p->type, "apk") || str_is(p->type, "rpm"))
		d = distribution_find(p->type, p->namespace_);
	if (!d)
		return purl_ecosystem_of_type(p->type);
	struct str distro = purl_qualifier(p, "distro");
	return distribution_ecosystem(a, d, distro.s ? distro : purl_qualifier(p, "distro_name"));
}

/* "bash-5.1.8-6.el9.src.rpm" */
static void source_of_rpm(struct str file, struct str *name, struct str *version)
{
	if (!str_ends(file, STR(".src.rpm")))
		return;
	file = str_sub(file, 0, file.len - strlen(".src.rpm"));
	size_t release = str_rchr(file, '-');
	size_t at = release == STR_NOT_FOUND ? STR_NOT_FOUND : str_rchr(str_sub(file, 0, release), '-');
	if (at == STR_NOT_FOUND || at == 0)
		return;
	*name = str_sub(file, 0, at);
	*version = str_from(file, at + 1);
}

static struct str property_of(const struct component *c, const char *name)
{
	for (size_t i = 0; i < c->properties.n; i++)
		if (str_is(c->properties.items[i].name, name))
			return c->properties.items[i].value;
	return STR_NONE;
}

/* Trivy's SPDX: sourceInfo "built package from: NAME VERSION" (a JSON string among what the model has no place for). */
static bool source_of_info(const struct component *c, struct str *name, struct str *version)
{
	static const char mark[] = "\"built package from: ";

	for (size_t i = 0; i < c->extra.n; i++) {
		struct str text = c->extra.items[i].json;
		if (!str_is(c->extra.items[i].field, "sourceInfo") || !str_starts(text, STR(mark)) || str_chr(text, '\\') != STR_NOT_FOUND)
			continue;
		text = str_sub(text, sizeof mark - 1, text.len - sizeof mark);
		size_t blank = str_chr(text, ' ');
		if (blank == STR_NOT_FOUND || str_chr(str_from(text, blank + 1), ' ') != STR_NOT_FOUND)
			continue;
		*name = str_sub(text, 0, blank);
		*version = str_from(text, blank + 1);
		return true;
	}
	return false;
}

/* The source package, where the qualifier `upstream`, or Trivy's or Syft's properties tell it. */
static void fill_source(struct arena *a, struct component *c, const struct purl *p)
{
	struct str name = STR_NONE, version = STR_NONE, upstream = purl_qualifier(p, "upstream");

	if (component_more(c)->source_name.len || !(str_is(p->type, "deb") || str_is(p->type, "apk") || str_is(p->type, "rpm")))
		return;
	if (str_ends(upstream, STR(".src.rpm"))) {
		source_of_rpm(upstream, &name, &version);
	} else if (upstream.len) {
		version = upstream;
		name = str_cut(&version, '@');
	} else if ((name = property_of(c, "aquasecurity:trivy:SrcName")).len) {
		struct str release = property_of(c, "aquasecurity:trivy:SrcRelease"), epoch = property_of(c, "aquasecurity:trivy:SrcEpoch");
		version = property_of(c, "aquasecurity:trivy:SrcVersion");
		if (release.len && version.len)
			version = arena_concat(a, version, STR("-"), release);
		if (epoch.len && version.len && !str_is(epoch, "0"))
			version = arena_concat(a, epoch, STR(":"), version);
	} else if ((name = property_of(c, "syft:metadata:source")).len) {
		version = property_of(c, "syft:metadata:sourceVersion");
	} else if (!(name = property_of(c, "syft:metadata:originPackage")).len && !source_of_info(c, &name, &version)) {
		source_of_rpm(property_of(c, "syft:metadata:sourceRpm"), &name, &version);
	}
	if (!name.len && !version.len && !c->more)
		return;
	struct component_more *more = component_add_more(a, c);
	more->source_name = name.len ? name : STR_NONE;
	more->source_version = version.len ? version : STR_NONE;
}

static bool is_distribution(struct str type)
{
	return str_is(type, "deb") || str_is(type, "rpm") || str_is(type, "apk") || str_is(type, "alpm") || str_is(type, "qpkg");
}

static void fill_fields(struct arena *a, struct component *c, struct purl *p)
{
	if (!c->purl_type.len)
		c->purl_type = p->type;
	purl_unalias(p);
	if (!c->ecosystem.len)
		c->ecosystem = ecosystem_of(a, p);
	/* The namespace of a distribution's package is its vendor, no part of the name. */
	if (!c->group.len && !is_distribution(p->type) && (!c->name.len || str_eq_nocase(c->name, p->name)))
		c->group = p->namespace_;
	if (!c->name.len)
		c->name = p->name;
	if (!c->version.len && p->version.len) {
		struct str epoch = purl_qualifier(p, "epoch");
		c->version = epoch.len && !str_is(epoch, "0") && str_chr(p->version, ':') == STR_NOT_FOUND ?
				     arena_concat(a, epoch, STR(":"), p->version) :
				     p->version;
	}
	if (!c->qualifiers.n)
		for (size_t i = 0; i < p->qualifiers.n; i++)
			*VEC_ADD(a, &c->qualifiers) = p->qualifiers.items[i];
	if (p->subpath.len && !component_more(c)->subpath.len)
		component_add_more(a, c)->subpath = p->subpath;
	fill_source(a, c, p);
}

void purl_complete(struct bom *b, struct component *c)
{
	struct arena *a = b->arena;
	struct purl p;
	struct str why;

	if (!c->purl.len) {
		bool made = gather(a, c, &p);
		c->purl = made ? purl_format(a, &p) : STR_NONE;
		if (!made)
			return;
		if (purl_reads_back(&p, c->purl)) {
			fill_fields(a, c, &p);
			return;
		}
	}
	if (purl_parse(a, c->purl, &p, &why)) {
		c->purl = purl_format(a, &p);
		fill_fields(a, c, &p);
		return;
	}
	const struct input *in = c->evidence.n && c->evidence.items[0].input < b->inputs.n ? &b->inputs.items[c->evidence.items[0].input] : NULL;
	if (b->diags)
		diag_add(b->diags, SEV_WARNING, "input.purl", in ? in->path : STR_NONE,
			 c->evidence.n ? (size_t)c->evidence.items[0].offset : DIAG_NO_OFFSET,
			 "the purl \"%.*s\" of %.*s cannot be read (%.*s); it is kept as it stands and not used", STR_ARG(str_sub(c->purl, 0, 200)),
			 STR_ARG(str_sub(c->name, 0, 100)), STR_ARG(why));
}

void purl_complete_all(struct bom *b)
{
	for (size_t i = 0; i < b->ncomponents; i++)
		purl_complete(b, &b->components[i]);
}
