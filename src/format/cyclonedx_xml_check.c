/* A CycloneDX XML document held against the rule table: every violation with its XPath and offset. */
#include "format/cyclonedx.h"
#include "format/cyclonedx_rules.h"
#include "format/cyclonedx_xml.h"
#include "format/validate.h"

struct check {
	struct violations *v;
	struct arena *trees;
	struct str space; /* the document's namespace */
	unsigned version;
	bool known;
	struct map refs;
	size_t last_root_field; /* order of the root's children */
	uint64_t seen;
};

#define REPORT(k, n, ...) violation_add((k)->v, path_of(k, n), (n)->offset, __VA_ARGS__)

/* "/bom/components/component[3]/name" */
static struct str path_of(struct check *k, const struct xml_node *n)
{
	struct str path = STR("");

	if (k->v->count >= VIOLATIONS_MAX)
		return STR_NONE;
	for (; n; n = n->parent) {
		bool list = n->ordinal > 1 || (n->next && str_eq(n->next->name, n->name));
		path = list ? arena_printf(k->v->arena, "/%.*s[%u]%.*s", STR_ARG(n->name), n->ordinal, STR_ARG(path)) :
			      arena_printf(k->v->arena, "/%.*s%.*s", STR_ARG(n->name), STR_ARG(path));
	}
	return path;
}

static void check_record(struct check *k, const struct xml_node *n, const struct cdx_record *r);

static bool is_ours(const struct check *k, const struct xml_node *n)
{
	return str_eq(n->space, k->space);
}

static void check_text(struct check *k, const struct xml_node *n, const struct cdx_field *f, struct str text)
{
	const char *why = cdx_scalar_fault(f, text, k->version, true);

	if (why)
		REPORT(k, n, "`%.*s` \"%.*s\": %s", STR_ARG(f->json), (int)(text.len < 100 ? text.len : 100), text.s ? text.s : "", why);
}

static void check_ref_attribute(struct check *k, const struct xml_node *n)
{
	if (!xml_node_attribute(n, "ref"))
		REPORT(k, n, "the attribute `ref` is missing");
}

static void check_attributes(struct check *k, const struct xml_node *n, const struct cdx_record *r, uint64_t *seen)
{
	for (const struct xml_node_attribute *a = n->attributes; a; a = a->next) {
		bool fresh = true;
		const struct cdx_field *f = a->space.s ? NULL : cdx_field_xml(r, a->name, true);
		if (!a->space.s && str_is(a->name, "bom-ref")) {
			map_put(&k->refs, arena_str(k->v->arena, a->value), &fresh);
			if (!fresh)
				REPORT(k, n, "bom-ref \"%.*s\" stands for another element already", STR_ARG(a->value));
		}
		if (f && cdx_field_in(f, k->version, true)) {
			check_text(k, n, f, a->value);
			*seen |= (uint64_t)1 << (f - r->fields);
		} else if (!r->open && !str_is(a->space, "http://www.w3.org/2001/XMLSchema-instance")) {
			REPORT(k, n, "`%.*s` is no attribute of `%.*s` in 1.%u", STR_ARG(a->name), STR_ARG(n->name), k->version);
		}
	}
}

static void check_scalar(struct check *k, const struct xml_node *n, const struct cdx_field *f)
{
	for (const struct xml_node *c = n->child; c; c = c->next)
		if (is_ours(k, c))
			REPORT(k, c, "`%.*s` has text, no elements", STR_ARG(n->name));
	check_text(k, n, f, n->text.s ? n->text : STR(""));
}

/* One item of a list, or the one element of a field. */
static void check_one(struct check *k, const struct xml_node *n, const struct cdx_field *f)
{
	if (f->form == CDX_REFLIST || f->form == CDX_FLATREF)
		check_ref_attribute(k, n);
	else if (f->kind == CDX_OF && !n->child && f->of >= CDX_R_ike_encryption && f->of <= CDX_R_ike_authentication)
		return;
	else if (f->kind == CDX_OF)
		check_record(k, n, cdx_record(f->of));
	else
		check_scalar(k, n, f);
}

static void unknown(struct check *k, const struct xml_node *n)
{
	REPORT(k, n, "`%.*s` is no element of `%.*s` in 1.%u", STR_ARG(n->name), n->parent ? (int)n->parent->name.len : 0,
	       n->parent ? n->parent->name.s : "", k->version);
}

static void check_licences(struct check *k, const struct xml_node *n)
{
	const struct cdx_record *choice = cdx_record(CDX_R_license_choice);
	size_t licences = 0, expressions = 0;

	for (const struct xml_node *c = n->child; c; c = c->next) {
		if (!is_ours(k, c))
			continue;
		if (str_is(c->name, "license")) {
			licences++;
			check_record(k, c, cdx_record(CDX_R_license));
		} else if (str_is(c->name, "expression") && k->version >= 1) {
			expressions++;
			check_scalar(k, c, cdx_field_json(choice, STR("expression")));
			for (const struct xml_node_attribute *a = c->attributes; a; a = a->next) {
				const struct cdx_field *f = a->space.s ? NULL : cdx_field_json(choice, a->name);
				if (f && cdx_field_in(f, k->version, true))
					check_text(k, c, f, a->value);
				else
					REPORT(k, c, "`%.*s` is no attribute of `expression` in 1.%u", STR_ARG(a->name), k->version);
			}
		} else if (!str_is(c->name, "expression-detailed") || k->version < 7) {
			unknown(k, c);
		} else if (!xml_node_attribute(c, "expression")) {
			REPORT(k, c, "the attribute `expression` is missing");
		}
	}
	if (k->version < 7 && (expressions > 1 || (expressions && licences)))
		REPORT(k, n, "an expression must stand alone up to 1.6: no second licence beside it");
}

/* Wrappers whose items differ. */
static void check_wrapper(struct check *k, const struct xml_node *n, const struct cdx_field *f)
{
	size_t items = 0;

	for (const struct xml_node *c = n->child; c; c = c->next) {
		if (!is_ours(k, c))
			continue;
		items++;
		if (str_eq(c->name, f->item))
			check_one(k, c, f);
		else if (f->form == CDX_UNION && f->of == CDX_R_patent && str_is(c->name, "patentFamily"))
			check_record(k, c, cdx_record(CDX_R_patent_family));
		else if (!(f->form == CDX_UNION && f->of == CDX_R_data && str_is(c->name, "ref")) &&
			 !(f->form == CDX_UNION && f->of == CDX_R_property && str_is(c->name, "value")))
			unknown(k, c);
	}
	if ((f->flags & CDX_NOT_EMPTY) && !items)
		REPORT(k, n, "the list must not be empty");
}

static void check_tools(struct check *k, const struct xml_node *n)
{
	const struct cdx_record *tools = cdx_record(CDX_R_tools);

	for (const struct xml_node *c = n->child; c; c = c->next) {
		const struct cdx_field *f = cdx_field_xml(tools, c->name, false);
		if (!is_ours(k, c))
			continue;
		if (str_is(c->name, "tool"))
			check_record(k, c, cdx_record(CDX_R_tool));
		else if (f && k->version >= 5)
			check_wrapper(k, c, f);
		else
			unknown(k, c);
	}
}

static void check_classification(struct check *k, const struct xml_node *n)
{
	const struct xml_node_attribute *flow = xml_node_attribute(n, "flow");
	const struct cdx_field *f = cdx_field_json(cdx_record(CDX_R_service_data), STR("flow"));

	if (!flow)
		REPORT(k, n, "the attribute `flow` is missing");
	else
		check_text(k, n, f, flow->value);
}

static void check_data(struct check *k, const struct xml_node *n)
{
	for (const struct xml_node *c = n->child; c; c = c->next) {
		if (!is_ours(k, c))
			continue;
		if (str_is(c->name, "classification")) {
			check_classification(k, c);
		} else if (str_is(c->name, "dataflow") && k->version >= 5) {
			check_record(k, c, cdx_record(CDX_R_service_data));
			if (xml_node_child(c, "classification"))
				check_classification(k, xml_node_child(c, "classification"));
		} else {
			unknown(k, c);
		}
	}
}

static void check_asserter(struct check *k, const struct xml_node *n)
{
	size_t items = 0;

	for (const struct xml_node *c = n->child; c; c = c->next) {
		if (!is_ours(k, c))
			continue;
		items++;
		if (str_is(c->name, "organization"))
			check_record(k, c, cdx_record(CDX_R_entity));
		else if (str_is(c->name, "contact"))
			check_record(k, c, cdx_record(CDX_R_contact));
		else if (!str_is(c->name, "ref"))
			unknown(k, c);
	}
	if (items != 1)
		REPORT(k, n, "exactly one of organization|contact|ref must stand here, not %zu", items);
}

static void check_field(struct check *k, const struct xml_node *n, const struct cdx_field *f)
{
	switch (f->form) {
	case CDX_LICENCES:
		check_licences(k, n);
		break;
	case CDX_TOOLS:
		check_tools(k, n);
		break;
	case CDX_DATA:
		check_data(k, n);
		break;
	case CDX_ASSERTER:
		check_asserter(k, n);
		break;
	case CDX_LIST:
	case CDX_REFLIST:
	case CDX_UNION:
		check_wrapper(k, n, f);
		break;
	default:
		check_one(k, n, f);
	}
}

static bool repeats(const struct cdx_field *f)
{
	return f->form == CDX_FLAT || f->form == CDX_FLATREF || f->form == CDX_MANY || f->form == CDX_ASSIGNEE;
}

/* The field of a child element, checked for version, order and repetition; NULL where it is none. */
static const struct cdx_field *place_child(struct check *k, const struct xml_node *c, const struct cdx_record *r, size_t *last,
					   uint64_t *seen)
{
	const struct cdx_field *f = cdx_field_xml(r, c->name, false);

	if (!f || !cdx_field_in(f, k->version, true)) {
		if (f)
			REPORT(k, c, "`%.*s` is no element of %s in 1.%u: it stands there from 1.%u to 1.%u", STR_ARG(c->name), r->name,
			       k->version, f->since[1], f->until[1]);
		else
			REPORT(k, c, "`%.*s` is no element of %s", STR_ARG(c->name), r->name);
		return NULL;
	}
	size_t at = (size_t)(f - r->fields);
	/* The two alternatives of a choice may stand in either order only where they exclude each other, so order always counts;
	 * a dependency's children mix. */
	if (at < *last && cdx_record_id(r) != CDX_R_dependency && cdx_record_id(r) != CDX_R_composition && cdx_record_id(r) != CDX_R_source)
		REPORT(k, c, "`%.*s` stands too late: it belongs before `%.*s`", STR_ARG(c->name), STR_ARG(r->fields[*last].xml));
	else if ((*seen >> at & 1) && (!repeats(f) || ((f->flags & CDX_ONCE_IN_1_5) && k->version == 5)) && !(cdx_record_id(r) == CDX_R_entity && k->version == 2) &&
		 !(cdx_record_id(r) == CDX_R_contact && k->version == 2) && !(cdx_record_id(r) == CDX_R_metadata && k->version == 2) &&
		 cdx_record_id(r) != CDX_R_composition && cdx_record_id(r) != CDX_R_source)
		REPORT(k, c, "`%.*s` stands twice", STR_ARG(c->name));
	*last = at > *last ? at : *last;
	*seen |= (uint64_t)1 << at;
	return f;
}

static void check_needed(struct check *k, const struct xml_node *n, const struct cdx_record *r, uint64_t seen)
{
	const struct cdx_choice *c;

	for (size_t i = 0; i < r->n; i++)
		if (cdx_field_needed(&r->fields[i], k->version, true) && !(seen >> i & 1) && r->fields[i].form != CDX_NONE &&
		    r->fields[i].form != CDX_BODY)
			REPORT(k, n, "`%.*s` is missing", STR_ARG(r->fields[i].xml));
	for (size_t i = 0; (c = cdx_choice(cdx_record_id(r), k->version, i)); i++) {
		struct str rest = str_of(c->members);
		unsigned have = 0;
		while (rest.s) {
			const struct cdx_field *f = cdx_field_json(r, str_cut(&rest, '|'));
			have += f && seen >> (f - r->fields) & 1;
		}
		/* The schema of XML lets organizations and people be left out, and counts neither data nor sources. */
		bool lenient = have == 0 && (cdx_record_id(r) == CDX_R_responsible_party || cdx_record_id(r) == CDX_R_licensing_party ||
					     cdx_record_id(r) == CDX_R_annotator || cdx_record_id(r) == CDX_R_affected_version ||
					     (cdx_record_id(r) == CDX_R_license && k->version < 6) || c->kind == CDX_AT_LEAST_ONE);
		if (!lenient && ((c->kind != CDX_AT_MOST_ONE && have == 0) || (c->kind != CDX_AT_LEAST_ONE && have > 1)))
			REPORT(k, n, "%s of %s must stand here, not %u", c->kind == CDX_AT_MOST_ONE ? "at most one" : "exactly one", c->members,
			       have);
	}
}

/* The extension that 1.1 had for dependencies: each names what it means. Other namespaces are their owners' business. */
static void check_foreign(struct check *k, const struct xml_node *n)
{
	if (!str_is(n->space, "http://cyclonedx.org/schema/ext/dependency-graph/1.0"))
		return;
	if (str_is(n->name, "dependency"))
		check_ref_attribute(k, n);
	for (const struct xml_node *c = n->child; c; c = c->next)
		check_foreign(k, c);
}

static void check_record(struct check *k, const struct xml_node *n, const struct cdx_record *r)
{
	uint64_t seen = 0;
	size_t last = 0;
	bool body = false;

	check_attributes(k, n, r, &seen);
	for (size_t i = 0; i < r->n; i++) {
		if (r->fields[i].form == CDX_BODY) {
			body = true;
			check_text(k, n, &r->fields[i], n->text.s ? n->text : STR(""));
		}
	}
	if (!body && str_trim(n->text).len)
		REPORT(k, n, "text directly in `%.*s`, which has elements only", STR_ARG(n->name));
	for (const struct xml_node *c = n->child; c; c = c->next) {
		const struct cdx_field *f = is_ours(k, c) ? place_child(k, c, r, &last, &seen) : NULL;
		if (!is_ours(k, c))
			check_foreign(k, c);
		if (f && cdx_record_id(r) == CDX_R_service_data && str_is(f->json, "classification"))
			continue; /* check_data looks at it */
		if (f)
			check_field(k, c, f);
	}
	check_needed(k, n, r, seen);
}

/* ---- the document, piece by piece */

static bool enter(void *context, const struct xml_node *n)
{
	struct check *k = context;
	const struct cdx_record *bom = cdx_record(CDX_R_bom);

	if (n->depth == 0) {
		k->version = cdx_xml_version(n);
		k->space = arena_str(k->v->arena, n->space);
		k->known = k->version != CDX_NO_VERSION;
		if (!k->known)
			REPORT(k, n, "the root is no `bom` in a namespace http://cyclonedx.org/schema/bom/1.x of 1.0 to 1.7");
		else
			check_attributes(k, n, bom, &k->seen);
		return true;
	}
	if (n->depth != 1 || !k->known || !is_ours(k, n))
		return false;
	const struct cdx_field *f = place_child(k, n, bom, &k->last_root_field, &k->seen);
	return f && f->form == CDX_LIST;
}

static void done(void *context, const struct xml_node *n)
{
	struct check *k = context;
	const struct cdx_record *bom = cdx_record(CDX_R_bom);

	if (k->known && !is_ours(k, n))
		check_foreign(k, n);
	if (!k->known || !is_ours(k, n))
		return;
	if (n->depth == 1) {
		const struct cdx_field *f = cdx_field_xml(bom, n->name, false);
		if (f && f->form != CDX_LIST)
			check_field(k, n, f);
		return;
	}
	const struct cdx_field *f = cdx_field_xml(bom, n->parent->name, false);
	if (!f || !str_eq(f->item, n->name))
		unknown(k, n);
	else
		check_one(k, n, f);
}

static void leave(void *context, const struct xml_node *n)
{
	struct check *k = context;

	if (n->depth == 0 && k->known)
		check_needed(k, n, cdx_record(CDX_R_bom), k->seen);
	if (str_trim(n->text).len && k->known)
		REPORT(k, n, "text directly in `%.*s`, which has elements only", STR_ARG(n->name));
}

void cyclonedx_xml_validate(struct str text, struct violations *out)
{
	struct check k = { .v = out, .trees = arena_new(0) };
	const struct xml_handler h = { &k, enter, done, leave };
	const char *error;
	size_t offset;

	map_init(&k.refs, out->arena);
	if (!xml_stream_parse(k.trees, text, &h, &error, &offset))
		violation_add(out, STR("/"), offset, "no XML: %s", error);
	arena_free(k.trees);
}
