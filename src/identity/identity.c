/* The identities of a component, and whether two components are one. */
#include "identity/cpe.h"
#include "identity/fold.h"

const char *confidence_word(enum confidence c)
{
	static const char *const words[] = { "none", "name", "cpe", "artifact", "purl", "exact" };

	return words[c];
}

static bool component_purl(struct arena *a, const struct component *c, struct purl *p)
{
	if (!purl_of_component(a, c, p))
		return false;
	if (!p->version.len && c->version.len) /* some purls leave out the version that the component has */
		p->version = c->version;
	return true;
}

static bool has_version(struct str v)
{
	return v.len && !str_eq_nocase(v, STR("UNKNOWN")) && !str_is(v, "NOASSERTION");
}

/* Does a Maven namespace look like a group? Vendors out of manifests have blanks and commas ("The Apache Software Foundation");
 * a group that is the artifact's name is what tools write where they know none. */
static bool is_group(struct str ns, struct str name)
{
	for (size_t i = 0; i < ns.len; i++)
		if (!ascii_alpha(ns.s[i]) && !ascii_digit(ns.s[i]) && !strchr("._-", ns.s[i]))
			return false;
	return ns.len && !str_eq(ns, name);
}

static struct str cpe_key_of(struct arena *a, struct str text)
{
	struct cpe c;

	return text.len && cpe_parse(a, text, &c) ? cpe_key(a, &c) : STR_NONE;
}

static const char *class_of(enum component_type t)
{
	switch (t) {
	case COMPONENT_FILE:
		return "file";
	case COMPONENT_OPERATING_SYSTEM:
		return "system";
	case COMPONENT_CONTAINER:
		return "container";
	case COMPONENT_MACHINE_LEARNING_MODEL:
	case COMPONENT_DATA:
	case COMPONENT_CRYPTOGRAPHIC_ASSET:
		return component_type_cyclonedx(t);
	default: /* what one tool calls a library the next calls an application */
		return "package";
	}
}

static struct str file_key(struct arena *a, const struct component *c)
{
	const struct hash *best = NULL;

	for (size_t i = 0; i < c->hashes.n; i++) {
		const struct hash *h = &c->hashes.items[i];
		bool zero = true; /* forty zeros are how one tool writes "not known" */
		for (size_t k = 0; k < h->value.len; k++)
			zero = zero && h->value.s[k] == '0';
		if (!zero && (!best || str_is(h->algorithm, "SHA-1"))) /* the one that all SPDX files have */
			best = h;
	}
	return best ? arena_printf(a, "file:%.*s:%.*s:%.*s", STR_ARG(c->name), STR_ARG(best->algorithm), STR_ARG(best->value)) : STR_NONE;
}

static void maven_artifact(struct arena *a, const struct purl *p, struct identity *id)
{
	struct purl bare = *p;

	if (!str_is(p->type, "maven") || !has_version(p->version))
		return;
	bare.namespace_ = STR_NONE;
	struct str text = fold_purl(a, &bare, FOLD_ALL);
	id->artifact = arena_concat(a, STR("artifact:"), str_from(text, strlen("pkg:maven/")), STR_NONE);
	id->open_artifact = !is_group(p->namespace_, p->name);
}

void identity_of(struct arena *a, const struct component *c, struct identity *id)
{
	struct purl p;
	bool has_purl = component_purl(a, c, &p);

	*id = (struct identity){ 0 };
	if (has_purl) {
		id->canonical = purl_format(a, &p);
		id->key = fold_purl(a, &p, FOLD_ALL);
		id->arch = purl_qualifier(&p, "arch");
		maven_artifact(a, &p, id);
	} else if (c->type == COMPONENT_FILE) {
		id->key = file_key(a, c);
	}
	id->cpe = cpe_key_of(a, component_more(c)->cpe);
	for (size_t i = 0; !id->cpe.s && i < component_more(c)->more_cpes.n; i++)
		id->cpe = cpe_key_of(a, component_more(c)->more_cpes.items[i]);
	struct str name = c->name.len || !has_purl ? c->name : p.name, version = c->version.len || !has_purl ? c->version : p.version;
	if (name.len && has_version(version) && c->type != COMPONENT_FILE)
		id->name = arena_printf(a, "name:%s:%.*s@%.*s", class_of(c->type), STR_ARG(arena_lower(a, name)), STR_ARG(version));
	id->open_cpe = !has_purl;
	id->open_name = !has_purl && !id->cpe.s;
}

/* ---- why */

static const struct {
	unsigned step;
	const char *what;
} steps[] = {
	{ FOLD_TYPE, "the name of the type" },
	{ FOLD_QUALIFIERS, "qualifiers that tools add or leave out" },
	{ FOLD_EPOCH, "where the epoch is written" },
	{ FOLD_DISTRIBUTION, "the name of the distribution" },
	{ FOLD_MAVEN_TYPE, "Maven's default type" },
	{ FOLD_GO, "the spelling of module path or version" },
	{ FOLD_CASE, "upper and lower case" },
	{ FOLD_SPELLING, "the spelling that the ecosystem takes as equal" },
};

/* Which steps had to be taken for the two to be equal. */
static struct str needed_steps(struct arena *a, const struct purl *x, const struct purl *y)
{
	struct str list = STR("");

	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		unsigned without = FOLD_ALL & ~steps[i].step;
		if (!str_eq(fold_purl(a, x, without), fold_purl(a, y, without)))
			list = arena_concat(a, list, list.len ? STR(", ") : STR(""), str_of(steps[i].what));
	}
	return list.len ? list : STR("percent-encoding");
}

static struct str quote(struct arena *a, struct str s)
{
	return s.len ? arena_printf(a, "\"%.*s\"", STR_ARG(str_sub(s, 0, 200))) : STR("none");
}

/* What tells two folded purls apart; keys are purls themselves. */
static struct str difference(struct arena *a, struct str x, struct str y)
{
	struct purl p, q;
	struct str why;
	const char *what = "qualifiers";
	struct str left = x, right = y;

	if (purl_parse(a, x, &p, &why) && purl_parse(a, y, &q, &why)) {
		if (!str_eq(p.type, q.type))
			what = "types", left = p.type, right = q.type;
		else if (!str_eq(p.namespace_, q.namespace_))
			what = "namespaces", left = p.namespace_, right = q.namespace_;
		else if (!str_eq(p.name, q.name))
			what = "names", left = p.name, right = q.name;
		else if (!str_eq(p.version, q.version))
			what = "versions", left = p.version, right = q.version;
	}
	return arena_printf(a, "the %s differ: %.*s and %.*s", what, STR_ARG(quote(a, left)), STR_ARG(quote(a, right)));
}

static bool has_cpe(struct arena *a, const struct component *c, struct str key)
{
	if (str_eq(cpe_key_of(a, component_more(c)->cpe), key))
		return true;
	for (size_t i = 0; i < component_more(c)->more_cpes.n; i++)
		if (str_eq(cpe_key_of(a, component_more(c)->more_cpes.items[i]), key))
			return true;
	return false;
}

static enum confidence same_purl(struct arena *a, const struct component *x, const struct component *y, const struct identity *i,
				 const struct identity *k, struct str *why)
{
	struct purl p, q;

	if (!i->key.s || !k->key.s) {
		*why = STR("a version is missing: without one components are never taken as one");
		return CONFIDENCE_NONE;
	}
	if (str_eq(i->canonical, k->canonical)) {
		*why = arena_concat(a, STR("both are "), i->canonical, STR_NONE);
		return CONFIDENCE_EXACT;
	}
	if (str_eq(i->key, k->key) && component_purl(a, x, &p) && component_purl(a, y, &q)) {
		*why = arena_printf(a, "both are %.*s; their purls differ only in %.*s", STR_ARG(i->key), STR_ARG(needed_steps(a, &p, &q)));
		return CONFIDENCE_PURL;
	}
	if (i->artifact.s && k->artifact.s && str_eq(i->artifact, k->artifact) && (i->open_artifact || k->open_artifact)) {
		*why = arena_printf(a, "Maven artifact and version are equal (%.*s), and a group is missing or no group: a weak match",
				    STR_ARG(str_from(i->artifact, strlen("artifact:"))));
		return CONFIDENCE_ARTIFACT;
	}
	*why = difference(a, i->key, k->key);
	return CONFIDENCE_NONE;
}

enum confidence identity_same(struct arena *a, const struct component *x, const struct component *y, struct str *why)
{
	struct identity i, k;

	identity_of(a, x, &i);
	identity_of(a, y, &k);
	if (i.canonical.s && k.canonical.s)
		return same_purl(a, x, y, &i, &k, why);
	if (i.key.s && k.key.s && str_eq(i.key, k.key)) {
		*why = STR("one file: name and hash are equal");
		return CONFIDENCE_EXACT;
	}
	if ((i.open_cpe && i.cpe.s && has_cpe(a, y, i.cpe)) || (k.open_cpe && k.cpe.s && has_cpe(a, x, k.cpe))) {
		*why = arena_concat(a, STR("the CPEs name one version of one product: a weak match ("), i.open_cpe ? i.cpe : k.cpe, STR(")"));
		return CONFIDENCE_CPE;
	}
	if (i.cpe.s && k.cpe.s && (i.open_cpe || k.open_cpe)) {
		*why = arena_printf(a, "the CPEs differ: %.*s and %.*s", STR_ARG(i.cpe), STR_ARG(k.cpe));
		return CONFIDENCE_NONE;
	}
	if (!i.name.s || !k.name.s) {
		*why = STR("a name or version is missing: without one components are never taken as one");
		return CONFIDENCE_NONE;
	}
	if (str_eq(i.name, k.name) && (i.open_name || k.open_name)) {
		*why = STR("name and version are equal and one of them has no other identity: a weak match");
		return CONFIDENCE_NAME;
	}
	*why = arena_printf(a, "nothing that both have is equal: %.*s and %.*s", STR_ARG(i.name), STR_ARG(k.name));
	return CONFIDENCE_NONE;
}

/* ---- contradictions */

static void warn(struct bom *b, const struct component *c, const char *what, struct str x, struct str y)
{
	const struct evidence *e = c->evidence.n ? &c->evidence.items[0] : NULL;
	struct str path = e && e->input < b->inputs.n ? b->inputs.items[e->input].path : STR_NONE;

	diag_add(b->diags, SEV_WARNING, "input.identity", path, e ? (size_t)e->offset : DIAG_NO_OFFSET,
		 "%.*s has contradicting identities: %s %.*s and %.*s; the first counts", STR_ARG(str_sub(c->name, 0, 100)), what,
		 STR_ARG(str_sub(x, 0, 200)), STR_ARG(str_sub(y, 0, 200)));
}

void identity_check(struct bom *b)
{
	struct arena *a = arena_new(0); /* not the bom's: the diagnostics live there */
	struct arena_mark empty = arena_mark(a);

	for (size_t i = 0; b->diags && i < b->ncomponents; i++) {
		const struct component *c = &b->components[i];
		struct purl p, q;
		struct str why;
		arena_pop(a, empty);
		if (c->purl.len && purl_parse(a, c->purl, &p, &why)) {
			for (size_t k = 0; k < component_more(c)->more_purls.n; k++)
				if (purl_parse(a, component_more(c)->more_purls.items[k], &q, &why) && !str_eq(fold_package(a, &p), fold_package(a, &q)))
					warn(b, c, "the purls", c->purl, component_more(c)->more_purls.items[k]);
			q = p;
			q.version = c->version;
			if (has_version(c->version) && has_version(p.version) && !str_eq(fold_purl(a, &p, FOLD_ALL), fold_purl(a, &q, FOLD_ALL)))
				warn(b, c, "the versions", p.version, c->version);
		}
	}
	arena_free(a);
}
