/* CycloneDX documents with `vulnerabilities` (VDR, VEX, an SBOM with findings; JSON or XML): read by format/, each affected reference
 * resolved among the document's components, by BOM-Link, or as a purl. The analysis in it is a claim. */
#include "format/format.h"
#include "identity/purl.h"
#include "match/findings.h"
#include "base/map.h"
#include "syntax/json.h"

struct document_reading {
	struct findings_reading *r;
	struct bom *bom;
	struct map refs;
};

static struct str percent_decoded(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		int high = i + 2 < s.len && s.s[i] == '%' ? ascii_hex(s.s[i + 1]) : -1, low = high >= 0 ? ascii_hex(s.s[i + 2]) : -1;
		if (low >= 0 && (high || low)) {
			out[n++] = (char)(high << 4 | low);
			i += 2;
		} else {
			out[n++] = s.s[i];
		}
	}
	return str_make(out, n);
}

/* The component of a reference; NULL where the document has none. *purl: what the reference says by itself. */
static const struct component *resolve(struct document_reading *d, struct str ref, struct str *purl)
{
	struct arena *a = d->r->arena;
	size_t hash = str_starts(ref, STR("urn:cdx:")) ? str_chr(ref, '#') : STR_NOT_FOUND;
	struct str forms[3] = { ref, STR_NONE, STR_NONE }, why;

	if (hash != STR_NOT_FOUND) {
		forms[1] = str_from(ref, hash + 1);
		forms[2] = percent_decoded(a, forms[1]);
	}
	*purl = STR_NONE;
	for (size_t i = 0; i < 3; i++) {
		const struct map_entry *e = forms[i].len ? map_get(&d->refs, forms[i]) : NULL;
		if (e)
			return e->value.ptr;
	}
	for (size_t i = 0; i < 3 && !purl->len; i++)
		if (str_starts(forms[i], STR("pkg:")))
			*purl = purl_canonical(a, forms[i], &why);
	return NULL;
}

/* False where the statement says that no version at all is affected. */
static bool is_affected(const struct json *affects)
{
	const struct json *versions = json_get(affects, "versions");

	if (!json_count(versions))
		return true;
	for (JSON_EACH(v, versions))
		if (!str_is(json_get_string(v, "status"), "unaffected"))
			return true;
	return false;
}

static void take(struct document_reading *d, const struct json *v, struct str ref)
{
	struct findings_reading *r = d->r;
	struct reported *e = findings_add(r, DIAG_NO_OFFSET);
	const struct component *c = resolve(d, ref, &e->purl);
	const struct json *analysis = json_get(v, "analysis");

	if (c) {
		e->purl = c->purl;
		e->name = c->group.len ? arena_concat(r->arena, c->group, str_is(c->ecosystem, "Maven") ? STR(":") : STR("/"), c->name) : c->name;
		e->version = c->version;
		e->ecosystem = c->ecosystem;
	}
	findings_id(r, e, json_get_string(v, "id"));
	for (JSON_EACH(one, json_get(v, "references")))
		findings_id(r, e, json_get_string(one, "id"));
	for (JSON_EACH(rating, json_get(v, "ratings"))) {
		struct str vector = json_get_string(rating, "vector");
		if (!str_starts(vector, STR("SSVC")) && (!e->cvss.len || (str_starts(vector, STR("CVSS:3")) && !str_starts(e->cvss, STR("CVSS:3")))))
			e->cvss = vector;
	}
	e->summary = findings_line(json_get_string(v, "description"));
	if (json_get_string(analysis, "state").len)
		e->stated = json_get_string(analysis, "justification").len ?
				    arena_printf(r->arena, "%.*s (%.*s)", STR_ARG(json_get_string(analysis, "state")),
						 STR_ARG(json_get_string(analysis, "justification"))) :
				    json_get_string(analysis, "state");
	findings_check(r);
}

static void name_tool(struct findings_reading *r, const struct bom *b)
{
	const struct tool *t = b->document.generator < b->document.tools.n ? &b->document.tools.items[b->document.generator] :
			       b->document.tools.n			   ? &b->document.tools.items[0] :
									     NULL;

	if (t && t->name.len)
		r->out->tool = t->version.len ? arena_printf(r->arena, "%.*s %.*s", STR_ARG(t->name), STR_ARG(t->version)) : t->name;
}

bool findings_cyclonedx(struct findings_reading *r)
{
	struct document_reading d = { .r = r, .bom = bom_new(r->arena, r->diags) };
	enum result result = format_read(d.bom, r->out->path, r->text, NULL);

	if (result == FAILED)
		return false;
	r->out->damaged = result == PARTIAL;
	name_tool(r, d.bom);
	purl_complete_all(d.bom);
	map_init(&d.refs, r->arena);
	for (size_t i = 0; i < d.bom->ncomponents; i++)
		if (d.bom->components[i].ref.len)
			map_put(&d.refs, d.bom->components[i].ref, NULL)->value.ptr = &d.bom->components[i];
	for (VEC_EACH(const struct claim, claim, &d.bom->claims)) {
		const struct json *v = json_parse(r->arena, claim->raw, NULL, NULL), *affects = json_get(v, "affects");
		if (!json_count(affects)) {
			diag_add(r->diags, SEV_WARNING, "input.entry", r->out->path, DIAG_NO_OFFSET, "%.*s affects no component, so it was not judged",
				 STR_ARG(claim->id));
			continue;
		}
		for (JSON_EACH(one, affects))
			if (is_affected(one))
				take(&d, v, json_get_string(one, "ref"));
	}
	return true;
}
