/* The SBOMs of a record against what it and result.json say. */
#include <stdlib.h>

#include "base/timestamp.h"
#include "format/format.h"
#include "identity/purl.h"
#include "provenance/record.h"

static struct str property_of(const struct document *d, const char *name)
{
	for (VEC_EACH(const struct property, p, &d->properties))
		if (str_is(p->name, name))
			return p->value;
	return STR_NONE;
}

static struct str bomgate_version(const struct document *d)
{
	for (VEC_EACH(const struct tool, t, &d->tools))
		if (str_is(t->name, "bomgate") || str_starts(t->name, STR("bomgate-")))
			return t->version;
	return STR_NONE;
}

static int by_text(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

struct strs {
	struct str *items;
	size_t n, cap;
};

static void sorted(struct strs *l)
{
	if (l->n)
		qsort(l->items, l->n, sizeof *l->items, by_text);
}

/* The purls of the SBOM and of the result must be the same ones: a component that was taken out of one of them shows. */
static void check_components(const struct record *r, struct str name, const struct bom *b, struct audit *out)
{
	struct strs here = { 0 }, there = { 0 };
	size_t i = 0, k = 0, only_here = 0, only_there = 0;
	struct str example = STR_NONE;

	for (size_t c = 0; c < b->ncomponents; c++)
		if (str_starts(b->components[c].purl, STR("pkg:")) && b->components[c].type != COMPONENT_FILE)
			*VEC_ADD(r->arena, &here) = b->components[c].purl;
	for (JSON_EACH(c, json_get(r->result, "components")))
		if (str_starts(json_get_string(c, "purl"), STR("pkg:"))) /* not every document's purl is one */
			*VEC_ADD(r->arena, &there) = json_get_string(c, "purl");
	sorted(&here);
	sorted(&there);
	while (i < here.n || k < there.n) {
		int order = i == here.n ? 1 : k == there.n ? -1 : str_cmp(here.items[i], there.items[k]);
		if (order && !example.s)
			example = order < 0 ? here.items[i] : there.items[k];
		only_here += order < 0;
		only_there += order > 0;
		i += order <= 0;
		k += order >= 0;
	}
	if (only_here || only_there)
		audit_say(out, LEVEL_SELF, CHECK_FAILS, "components", name, "%zu components are in it and not in the result, %zu the other way round, such as %.*s",
			  only_here, only_there, STR_ARG(example));
	else
		audit_say(out, LEVEL_SELF, CHECK_HOLDS, "components", name, "holds the %zu components with a purl that the result has", here.n);
}

static void check_document(const struct record *r, struct str name, const struct bom *b, struct audit *out)
{
	const struct document *d = &b->document;
	struct str commit = property_of(d, "bomgate:commit"), stamp = json_get_string(r->result, "timestamp");
	int64_t x, y;

	if (commit.len)
		audit_check(out, LEVEL_SELF, str_eq(commit, r->commit), "commit", name, "names the commit of the record");
	else if (b->subject < b->ncomponents && b->components[b->subject].version.len && r->commit.len)
		audit_check(out, LEVEL_SELF, str_eq(b->components[b->subject].version, r->commit), "commit", name, "has the commit of the record as its version");
	if (stamp.len)
		audit_check(out, LEVEL_SELF, timestamp_parse(d->timestamp, &x) && timestamp_parse(stamp, &y) && x == y, "times", name,
			    "bears the time of the result (%.*s)", STR_ARG(stamp));
	struct str version = bomgate_version(d);
	if (version.len)
		audit_check(out, LEVEL_SELF, str_eq(version, r->tool_version), "tool", name, "names the version of bomgate that the record names");
}

void record_check_sboms(const struct record *r, struct audit *out)
{
	for (VEC_EACH(const struct record_file, f, &r->files)) {
		struct diags d;
		const struct format *format = NULL;
		if (!f->subject || !f->bytes.s)
			continue;
		diag_init(&d, r->arena);
		struct bom *b = bom_new(r->arena, &d);
		if (format_read(b, f->name, f->bytes, &format) != OK) {
			audit_say(out, LEVEL_SELF, CHECK_FAILS, "syntax", f->name, "cannot be read whole as an SBOM: %.*s", STR_ARG(d.n ? d.items[0].text : STR("?")));
			continue;
		}
		purl_complete_all(b);
		check_document(r, f->name, b, out);
		if (r->result)
			check_components(r, f->name, b, out);
	}
}
