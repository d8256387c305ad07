#include "format/profile.h"

#include "format/cyclonedx.h"

enum level { REQUIRED, RECOMMENDED };

/* What the checks need of the whole, found once. */
struct whole {
	const struct bom *b;
	bool *linked; /* each component: an end of an edge, or nested */
};

struct element {
	const char *name;
	const char *missing;				       /* "no version" */
	bool (*document)(const struct whole *w);	       /* one of the two */
	bool (*component)(const struct whole *w, uint32_t i);
};

/* ---- of the document */

static bool is_said(struct str s)
{
	return s.len && !str_is(s, "NOASSERTION") && !str_is(s, "NONE");
}

static bool is_party(const struct party *p)
{
	return is_said(p->name) || p->email.len || p->url.len;
}

static bool has_contact(const struct party *p)
{
	return p->email.len || p->url.len || str_has(p->extra, STR("\"email\"")) || str_has(p->extra, STR("\"url\""));
}

static bool has_author(const struct whole *w)
{
	const struct document *d = &w->b->document;
	bool has = is_party(&d->manufacturer) || is_party(&d->supplier);

	for (VEC_EACH(const struct party, p, &d->authors))
		has |= is_party(p) && p->kind != PARTY_TOOL;
	return has;
}

static bool has_author_contact(const struct whole *w)
{
	const struct document *d = &w->b->document;
	bool has = has_contact(&d->manufacturer) || has_contact(&d->supplier);

	for (VEC_EACH(const struct party, p, &d->authors))
		has |= has_contact(p) && p->kind != PARTY_TOOL;
	return has;
}

static bool has_timestamp(const struct whole *w)
{
	return cdx_is_datetime(w->b->document.timestamp);
}

static bool has_tool(const struct whole *w)
{
	for (VEC_EACH(const struct tool, t, &w->b->document.tools))
		if (t->name.len)
			return true;
	return false;
}

static bool has_context(const struct whole *w)
{
	return w->b->document.lifecycles.n > 0;
}

static bool has_document_uri(const struct whole *w)
{
	return w->b->document.serial.len > 0;
}

static bool has_coverage(const struct whole *w)
{
	for (VEC_EACH(const struct composition, c, &w->b->compositions))
		if (c->aggregate.len && !str_is(c->aggregate, "not_specified"))
			return true;
	for (VEC_EACH(const struct dependency, d, &w->b->dependencies))
		if (str_is(dependency_more(d)->to_ref, "NONE") && d->kind == DEPENDS_ON)
			return true;
	return false;
}

static bool has_new_format(const struct whole *w)
{
	const struct document *d = &w->b->document;

	if (str_is(d->standard, "cyclonedx"))
		return d->version.len == 3 && str_cmp(d->version, STR("1.6")) >= 0;
	return str_starts(d->version, STR("3.")) && !str_is(d->version, "3.0.0") && !str_is(d->version, "3.0");
}

static bool has_no_vulnerabilities(const struct whole *w)
{
	return w->b->claims.n == 0;
}

static bool has_subject(const struct whole *w)
{
	return w->b->subject != NO_COMPONENT;
}

static bool has_top_level(const struct whole *w)
{
	for (VEC_EACH(const struct dependency, d, &w->b->dependencies))
		if (d->from != NO_COMPONENT && d->from == w->b->subject && (d->kind == DEPENDS_ON || d->kind == CONTAINS))
			return true;
	return false;
}

/* ---- of a component */

static bool has_supplier(const struct whole *w, uint32_t i)
{
	const struct component *c = &w->b->components[i];

	const struct component_more *more = component_more(c);

	return is_party(party_said(more->supplier)) || is_party(party_said(more->originator)) || is_party(party_said(more->manufacturer));
}

static bool has_supplier_contact(const struct whole *w, uint32_t i)
{
	const struct component *c = &w->b->components[i];

	const struct component_more *more = component_more(c);

	return has_contact(party_said(more->supplier)) || has_contact(party_said(more->originator)) || has_contact(party_said(more->manufacturer));
}

static bool has_name(const struct whole *w, uint32_t i)
{
	return w->b->components[i].name.len > 0;
}

static bool has_version(const struct whole *w, uint32_t i)
{
	return is_said(w->b->components[i].version);
}

static bool has_identifier(const struct whole *w, uint32_t i)
{
	const struct component *c = &w->b->components[i];

	return c->purl.len || component_more(c)->cpe.len || component_more(c)->more_cpes.n || cdx_extra(c->extra.items, c->extra.n, "swid") ||
	       cdx_extra(c->extra.items, c->extra.n, "swhid") || cdx_extra(c->extra.items, c->extra.n, "omniborId");
}

static bool has_hash(const struct whole *w, uint32_t i)
{
	const struct component *c = &w->b->components[i];

	for (VEC_EACH(const struct external_reference, e, &component_more(c)->references))
		if (str_is(e->type, "distribution") && e->hashes.n)
			return true;
	return c->hashes.n > 0;
}

static bool has_sha512_of_download(const struct whole *w, uint32_t i)
{
	const struct component *c = &w->b->components[i];

	for (VEC_EACH(const struct external_reference, e, &component_more(c)->references))
		for (VEC_EACH(const struct hash, h, &e->hashes))
			if (str_starts(e->type, STR("distribution")) && str_is(h->algorithm, "SHA-512"))
				return true;
	for (VEC_EACH(const struct hash, h, &c->hashes))
		if (str_is(h->algorithm, "SHA-512") && !str_is(w->b->document.standard, "cyclonedx"))
			return true;
	return false;
}

static bool has_license(const struct whole *w, uint32_t i)
{
	for (VEC_EACH(const struct licence, l, &w->b->components[i].licences))
		if (is_said(l->value))
			return true;
	return false;
}

static bool is_linked(const struct whole *w, uint32_t i)
{
	return w->linked[i];
}

static bool has_property(const struct whole *w, uint32_t i, const char *name)
{
	for (VEC_EACH(const struct property, p, &w->b->components[i].properties))
		if (str_is(p->name, name) && p->value.len)
			return true;
	return false;
}

static bool has_file_name(const struct whole *w, uint32_t i)
{
	const struct component *c = &w->b->components[i];
	bool has = has_property(w, i, "bsi:component:filename") || c->type == COMPONENT_FILE;

	for (VEC_EACH(const struct extra, e, &c->extra))
		has |= str_is(e->field, "packageFileName");
	return has;
}

static bool has_bsi_executable(const struct whole *w, uint32_t i)
{
	return has_property(w, i, "bsi:component:executable");
}

static bool has_bsi_archive(const struct whole *w, uint32_t i)
{
	return has_property(w, i, "bsi:component:archive");
}

static bool has_bsi_structured(const struct whole *w, uint32_t i)
{
	return has_property(w, i, "bsi:component:structured");
}

static bool has_reference(const struct component *c, const char *type)
{
	for (VEC_EACH(const struct external_reference, e, &component_more(c)->references))
		if (str_is(e->type, type))
			return true;
	return false;
}

static bool has_source_uri(const struct whole *w, uint32_t i)
{
	const struct component *c = &w->b->components[i];

	return has_reference(c, "source-distribution") || has_reference(c, "vcs") || c->vcs.len;
}

static bool has_download_uri(const struct whole *w, uint32_t i)
{
	const struct component *c = &w->b->components[i];

	return has_reference(c, "distribution") || is_said(c->download);
}

enum element_id {
	author, author_contact, timestamp, tool, context, document_uri, coverage, new_format, no_vulnerabilities, subject, top_level,
	supplier, supplier_contact, name, version, identifier, hash, sha512_of_download, license, relationship, file_name,
	bsi_executable, bsi_archive, bsi_structured, source_uri, download_uri,
};

static const struct element elements[] = {
	[author] = { "author", "nobody is named as the author of the SBOM", has_author, NULL },
	[author_contact] = { "author-contact", "the author of the SBOM has neither an e-mail address nor a URL", has_author_contact, NULL },
	[timestamp] = { "timestamp", "no time at which the SBOM was made", has_timestamp, NULL },
	[tool] = { "tool", "no tool is named that made the SBOM", has_tool, NULL },
	[context] = { "generation-context", "not said at which point of the lifecycle it was made (source, build, …)", has_context, NULL },
	[document_uri] = { "document-uri", "the SBOM has no identifier of its own (serialNumber, documentNamespace)", has_document_uri, NULL },
	[coverage] = { "coverage", "not said whether the list of components is complete", has_coverage, NULL },
	[new_format] = { "format", "only CycloneDX 1.6 or SPDX 3.0.1 and newer are accepted", has_new_format, NULL },
	[no_vulnerabilities] = { "vulnerabilities", "vulnerabilities belong in a document of their own (VEX, CSAF)", has_no_vulnerabilities, NULL },
	[subject] = { "subject", "not said what the SBOM is about", has_subject, NULL },
	[top_level] = { "top-level-dependencies", "the product has no dependencies: at least the top-level ones have to stand there", has_top_level, NULL },
	[supplier] = { "supplier", "no supplier or producer", NULL, has_supplier },
	[supplier_contact] = { "supplier-contact", "no e-mail address or URL of who made it", NULL, has_supplier_contact },
	[name] = { "name", "no name", NULL, has_name },
	[version] = { "version", "no version", NULL, has_version },
	[identifier] = { "identifier", "no unique identifier (purl, CPE, SWID)", NULL, has_identifier },
	[hash] = { "hash", "no hash", NULL, has_hash },
	[sha512_of_download] = { "hash-sha512", "no SHA-512 of what is delivered (hash of the distribution reference)", NULL, has_sha512_of_download },
	[license] = { "license", "no licence", NULL, has_license },
	[relationship] = { "relationship", "no relationship to any other component", NULL, is_linked },
	[file_name] = { "filename", "no file name", NULL, has_file_name },
	[bsi_executable] = { "executable", "not said whether it is executable (property bsi:component:executable)", NULL, has_bsi_executable },
	[bsi_archive] = { "archive", "not said whether it is an archive (property bsi:component:archive)", NULL, has_bsi_archive },
	[bsi_structured] = { "structured", "not said whether it is structured (property bsi:component:structured)", NULL, has_bsi_structured },
	[source_uri] = { "source-uri", "no URI of its source code", NULL, has_source_uri },
	[download_uri] = { "deployable-uri", "no URI of what is delivered", NULL, has_download_uri },
};

static const struct row {
	const char *word, *title; /* NULL: an ASKS row */
	enum level level;
	enum element_id element;
} rows[] = {
#define PROFILE(word, title) { word, title, 0, 0 },
#define ASKS(level, element) { NULL, NULL, level, element },
#include "format/profiles.def"
#undef PROFILE
#undef ASKS
};
#define ROWS (sizeof rows / sizeof rows[0])

static struct profile all[ROWS];
const size_t profiles_n = 0
#define PROFILE(word, title) +1
#define ASKS(level, element)
#include "format/profiles.def"
#undef PROFILE
#undef ASKS
	;

const struct profile *profile_at(size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < ROWS && !all[0].word; i++) {
		if (rows[i].word)
			all[found++] = (struct profile){ NULL, rows[i].title, i + 1, 0 };
		else
			all[found - 1].n++;
		if (i + 1 < ROWS)
			continue;
		for (size_t k = 0; k < found; k++)
			all[k].word = rows[all[k].first - 1].word;
	}
	return n < profiles_n ? &all[n] : NULL;
}

const struct profile *profile_find(struct str word)
{
	const struct profile *p;

	for (size_t i = 0; (p = profile_at(i)); i++)
		if (str_is(word, p->word))
			return p;
	return NULL;
}

static void find_links(struct whole *w, struct arena *a)
{
	const struct bom *b = w->b;

	w->linked = arena_array(a, b->ncomponents + 1, sizeof *w->linked);
	for (VEC_EACH(const struct dependency, d, &b->dependencies)) {
		if (d->kind == DESCRIBES)
			continue;
		if (d->from != NO_COMPONENT && (d->to != NO_COMPONENT || str_is(dependency_more(d)->to_ref, "NONE")))
			w->linked[d->from] = true;
		if (d->to != NO_COMPONENT)
			w->linked[d->to] = true;
	}
	for (size_t i = 0; i < b->ncomponents; i++) {
		uint32_t up = b->components[i].parent;
		if (up == NO_COMPONENT || up >= b->ncomponents)
			continue;
		w->linked[i] = w->linked[up] = true;
	}
}

static void note(struct violations *to, const struct element *e, const struct bom *b, uint32_t i)
{
	const struct component *c = &b->components[i];
	size_t at = c->evidence.n ? (size_t)c->evidence.items[0].offset : DIAG_NO_OFFSET;

	violation_add(to, str_of(e->name), at, "%s: %.*s%s%.*s%s%.*s", e->missing, STR_ARG(c->group), c->group.len ? "/" : "",
		      STR_ARG(c->name.len ? c->name : c->ref), c->version.len ? " " : "", STR_ARG(c->version));
}

void profile_check(const struct profile *p, const struct bom *b, struct violations *required, struct violations *recommended)
{
	struct whole w = { .b = b };

	find_links(&w, required->arena);
	for (size_t r = p->first; r < p->first + p->n; r++) {
		const struct element *e = &elements[rows[r].element];
		struct violations *to = rows[r].level == REQUIRED ? required : recommended;
		if (e->document && !e->document(&w))
			violation_add(to, str_of(e->name), DIAG_NO_OFFSET, "%s", e->missing);
		for (uint32_t i = 0; e->component && i < b->ncomponents; i++) {
			if (b->components[i].type == COMPONENT_FILE && i != b->subject)
				continue; /* the parts of packages */
			if (i == b->subject && (e->component == is_linked || e->component == has_identifier))
				continue;
			if (!e->component(&w, i))
				note(to, e, b, i);
		}
	}
}
