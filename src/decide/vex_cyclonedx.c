/* CycloneDX VEX (1.4 on): vulnerabilities[].analysis; affects[].ref is a bom-ref of the same document or a BOM-Link
 * urn:cdx:<serial>/<version>#<bom-ref>. */
#include "base/map.h"
#include "base/timestamp.h"
#include "decide/exceptions.h"
#include "syntax/json.h"

struct reading_vex {
	struct statement_file *f;
	const struct json *root;
	struct map refs; /* bom-ref to the component's JSON */
	int64_t time;	 /* of the document; 0: none */
};

/* Components nest; json.h has bounded the depth. */
static void collect(struct reading_vex *r, const struct json *components)
{
	for (JSON_EACH(c, components)) {
		struct str ref = json_get_string(c, "bom-ref");
		if (ref.len)
			map_put(&r->refs, ref, NULL)->value.ptr = (void *)c;
		collect(r, json_get(c, "components"));
	}
}

static void add_component_names(struct arena *a, const struct json *c, struct named_list *out)
{
	struct str purl = json_get_string(c, "purl"), cpe = json_get_string(c, "cpe");

	if (purl.len)
		*VEC_ADD(a, out) = named_of(a, purl);
	if (cpe.len)
		*VEC_ADD(a, out) = named_of(a, cpe);
}

/* versions[]: explicit ones of the status that the analysis means; a range cannot be judged and covers nothing. */
static bool add_versions(struct reading_vex *r, const struct json *affect, struct statement *s, struct product *p)
{
	const struct json *versions = json_get(affect, "versions");

	for (JSON_EACH(v, versions))
		if (json_get_string(v, "version").len)
			*VEC_ADD(r->f->x->arena, &p->versions) = json_get_string(v, "version");
	if (json_count(versions) && !p->versions.n)
		return statement_wrong(r->f, DIAG_NO_OFFSET, "%.*s: version ranges in `affects` are not supported; name the versions", STR_ARG(s->shown.id));
	return true;
}

static bool add_affect(struct reading_vex *r, const struct json *affect, struct statement *s)
{
	struct arena *a = r->f->x->arena;
	struct str ref = json_get_string(affect, "ref");
	struct product *p = VEC_ADD(a, &s->products);
	struct map_entry *m = map_get(&r->refs, ref);
	size_t hash;

	if (!ref.len)
		return statement_wrong(r->f, DIAG_NO_OFFSET, "%.*s: an entry of `affects` has no ref", STR_ARG(s->shown.id));
	if (m) {
		add_component_names(a, m->value.ptr, &p->names);
	} else if (str_starts(ref, STR("urn:cdx:")) && (hash = str_chr(ref, '#')) != STR_NOT_FOUND) {
		*VEC_ADD(a, &p->names) = named_of(a, str_from(ref, hash + 1)); /* our own bom-refs are purls */
	} else {
		*VEC_ADD(a, &p->names) = named_of(a, ref);
	}
	if (!p->names.n)
		return statement_wrong(r->f, DIAG_NO_OFFSET, "%.*s: the component \"%.*s\" has neither purl nor CPE", STR_ARG(s->shown.id), STR_ARG(ref));
	return add_versions(r, affect, s, p);
}

static bool state_of(struct str word, enum statement_status *out)
{
	static const struct {
		const char *word;
		enum statement_status status;
	} known[] = { { "not_affected", STATEMENT_NOT_AFFECTED }, { "false_positive", STATEMENT_NOT_AFFECTED }, { "resolved", STATEMENT_FIXED },
		      { "resolved_with_pedigree", STATEMENT_FIXED }, { "exploitable", STATEMENT_AFFECTED }, { "in_triage", STATEMENT_INVESTIGATING } };

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (str_is(word, known[i].word)) {
			*out = known[i].status;
			return true;
		}
	}
	return false;
}

static int64_t time_of(const struct reading_vex *r, const struct json *v)
{
	static const char *const paths[] = { "analysis.lastUpdated", "analysis.firstIssued", "updated", "published" };
	int64_t t;

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		if (timestamp_parse(json_string(json_path(v, paths[i])), &t))
			return t;
	return r->time;
}

static bool read_vulnerability(struct reading_vex *r, const struct json *v, size_t at)
{
	struct arena *a = r->f->x->arena;
	const struct json *analysis = json_get(v, "analysis");
	struct str state = json_get_string(analysis, "state"), justification = json_get_string(analysis, "justification"),
		   detail = json_get_string(analysis, "detail");
	struct statement *s;

	if (!analysis)
		return true; /* a vulnerability without analysis states nothing */
	s = statement_new(r->f, at);
	s->vex = true;
	s->shown.id = json_get_string(v, "id");
	if (!s->shown.id.len)
		return statement_wrong(r->f, at, "a vulnerability has no id");
	*VEC_ADD(a, &s->ids) = s->shown.id;
	for (JSON_EACH(ref, json_get(v, "references")))
		if (json_get_string(ref, "id").len)
			*VEC_ADD(a, &s->ids) = json_get_string(ref, "id");
	if (!state_of(state, &s->status))
		return statement_wrong(r->f, at, "%.*s: analysis.state \"%.*s\" is not known", STR_ARG(s->shown.id), STR_ARG(str_sub(state, 0, 40)));
	if (s->status == STATEMENT_NOT_AFFECTED && !justification.len && !detail.len)
		return statement_wrong(r->f, at, "%.*s: %.*s needs a justification or a detail", STR_ARG(s->shown.id), STR_ARG(state));
	s->statement = justification.len && detail.len ? arena_concat(a, justification, STR("; "), detail) : justification.len ? justification : detail;
	s->time = time_of(r, v);
	if (!s->time)
		return statement_wrong(r->f, at, "%.*s: no time, neither analysis.lastUpdated nor the document's", STR_ARG(s->shown.id));
	for (JSON_EACH(affect, json_get(v, "affects")))
		if (!add_affect(r, affect, s))
			return false;
	return s->products.n || statement_wrong(r->f, at, "%.*s: `affects` is missing", STR_ARG(s->shown.id));
}

static struct str author_of(const struct json *metadata)
{
	static const char *const paths[] = { "supplier.name", "manufacturer.name", "manufacture.name" };
	const struct json *author = json_child(json_get(metadata, "authors"));
	struct str name = json_get_string(author, "email");

	if (!name.len)
		name = json_get_string(author, "name");
	for (size_t i = 0; i < 3 && !name.len; i++)
		name = json_string(json_path(metadata, paths[i]));
	return name;
}

bool vex_cyclonedx(struct statement_file *f, const struct json *root)
{
	struct reading_vex r = { .f = f, .root = root };
	const struct json *metadata = json_get(root, "metadata");
	size_t at = 0;

	if (!str_is(json_get_string(root, "bomFormat"), "CycloneDX"))
		return false;
	f->author = author_of(metadata);
	if (!f->author.len)
		return statement_wrong(f, 0, "the document has no author (metadata.authors, supplier or manufacturer)");
	if (!timestamp_parse(json_get_string(metadata, "timestamp"), &r.time))
		r.time = 0;
	map_init(&r.refs, f->x->arena);
	if (json_get_string(json_get(metadata, "component"), "bom-ref").len)
		map_put(&r.refs, json_get_string(json_get(metadata, "component"), "bom-ref"), NULL)->value.ptr = (void *)json_get(metadata, "component");
	collect(&r, json_path(metadata, "component.components"));
	collect(&r, json_get(root, "components"));
	for (JSON_EACH(v, json_get(root, "vulnerabilities"))) {
		size_t found = str_find(f->text, STR("\"analysis\""), at);
		if (json_get(v, "analysis") && found != STR_NOT_FOUND)
			at = found + 1;
		if (!read_vulnerability(&r, v, found))
			return false;
	}
	return true;
}
