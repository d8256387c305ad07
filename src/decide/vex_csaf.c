/* CSAF 2.0 and 2.1 (OASIS), category csaf_vex: product_tree gives each product id its identifiers; a relationship joins a
 * component and the product that holds it; vulnerabilities[].product_status says what is the case. */
#include "base/map.h"
#include "base/timestamp.h"
#include "decide/exceptions.h"
#include "syntax/json.h"

struct csaf_product {
	struct named_list names;
	const struct csaf_product *part, *whole; /* of a relationship */
	bool range; /* stands below a product_version_range: which versions is not judged, so it covers nothing */
};

struct reading_csaf {
	struct statement_file *f;
	struct map products;
	int64_t time;
	bool draft;
};

static struct csaf_product *product_by_id(struct reading_csaf *r, struct str id)
{
	struct map_entry *m = map_put(&r->products, id, NULL);

	if (!m->value.ptr)
		m->value.ptr = ARENA_NEW(r->f->x->arena, struct csaf_product);
	return m->value.ptr;
}

static void take_product(struct reading_csaf *r, const struct json *j, bool range)
{
	struct arena *a = r->f->x->arena;
	const struct json *helper = json_get(j, "product_identification_helper");
	struct str id = json_get_string(j, "product_id"), purl = json_get_string(helper, "purl"), cpe = json_get_string(helper, "cpe");
	struct csaf_product *p;

	if (!id.len)
		return;
	p = product_by_id(r, id);
	p->range = range;
	if (purl.len)
		*VEC_ADD(a, &p->names) = named_of(a, purl);
	for (JSON_EACH(one, json_get(helper, "purls"))) /* 2.1 */
		if (json_string(one).len)
			*VEC_ADD(a, &p->names) = named_of(a, json_string(one));
	if (cpe.len)
		*VEC_ADD(a, &p->names) = named_of(a, cpe);
	if (!p->names.n) /* no identifiers: the product's own id, which may be our name for it */
		*VEC_ADD(a, &p->names) = named_of(a, id);
}

/* Branches nest; json.h has bounded the depth. */
static void take_branches(struct reading_csaf *r, const struct json *branches, bool range)
{
	for (JSON_EACH(b, branches)) {
		bool here = range || str_is(json_get_string(b, "category"), "product_version_range");
		take_product(r, json_get(b, "product"), here);
		take_branches(r, json_get(b, "branches"), here);
	}
}

static void take_tree(struct reading_csaf *r, const struct json *tree)
{
	take_branches(r, json_get(tree, "branches"), false);
	for (JSON_EACH(p, json_get(tree, "full_product_names")))
		take_product(r, p, false);
	for (JSON_EACH(rel, json_get(tree, "relationships"))) {
		struct str id = json_get_string(json_get(rel, "full_product_name"), "product_id");
		if (!id.len)
			continue;
		struct csaf_product *p = product_by_id(r, id);
		p->part = product_by_id(r, json_get_string(rel, "product_reference"));
		p->whole = product_by_id(r, json_get_string(rel, "relates_to_product_reference"));
	}
}

static bool add_product(struct reading_csaf *r, struct statement *s, struct str id)
{
	struct map_entry *m = map_get(&r->products, id);
	const struct csaf_product *p = m ? m->value.ptr : NULL;
	struct product *out;

	if (!p || (!p->names.n && !p->part))
		return statement_wrong(r->f, DIAG_NO_OFFSET, "%.*s: the product \"%.*s\" is not in product_tree", STR_ARG(s->shown.id), STR_ARG(id));
	if (p->range || (p->part && p->part->range) || (p->whole && p->whole->range))
		return statement_wrong(r->f, DIAG_NO_OFFSET, "%.*s: the product \"%.*s\" is a version range, which is not supported; name the versions",
				       STR_ARG(s->shown.id), STR_ARG(id));
	out = VEC_ADD(r->f->x->arena, &s->products);
	if (p->part) {
		out->names = p->whole->names;
		out->parts = p->part->names;
		if (!out->names.n || !out->parts.n)
			return statement_wrong(r->f, DIAG_NO_OFFSET, "%.*s: the relationship \"%.*s\" names products that are not in product_tree",
					       STR_ARG(s->shown.id), STR_ARG(id));
	} else {
		out->names = p->names;
	}
	return true;
}

static bool in_array(const struct json *array, struct str text)
{
	for (JSON_EACH(e, array))
		if (str_eq(json_string(e), text))
			return true;
	return false;
}

/* Why it is not affected: the flag's label and the impact threat of the product. */
static struct str reason_of(struct arena *a, const struct json *v, struct str product)
{
	struct str label = STR_NONE, impact = STR_NONE;

	for (JSON_EACH(flag, json_get(v, "flags")))
		if (in_array(json_get(flag, "product_ids"), product))
			label = json_get_string(flag, "label");
	for (JSON_EACH(threat, json_get(v, "threats")))
		if (str_is(json_get_string(threat, "category"), "impact") &&
		    (!json_get(threat, "product_ids") || in_array(json_get(threat, "product_ids"), product)))
			impact = json_get_string(threat, "details");
	return label.len && impact.len ? arena_concat(a, label, STR("; "), impact) : label.len ? label : impact;
}

static bool take_status(struct reading_csaf *r, const struct json *v, const struct json *ids, enum statement_status status, size_t at)
{
	struct arena *a = r->f->x->arena;

	for (JSON_EACH(id, ids)) {
		struct statement *s = statement_new(r->f, at);
		s->vex = true;
		s->status = r->draft && status < STATEMENT_INVESTIGATING ? STATEMENT_INVESTIGATING : status;
		s->time = r->time;
		s->shown.id = json_get_string(v, "cve");
		if (s->shown.id.len)
			*VEC_ADD(a, &s->ids) = s->shown.id;
		for (JSON_EACH(other, json_get(v, "ids"))) {
			struct str text = json_get_string(other, "text");
			if (text.len)
				*VEC_ADD(a, &s->ids) = text;
			s->shown.id = s->shown.id.len ? s->shown.id : text;
		}
		if (!s->ids.n)
			return statement_wrong(r->f, at, "a vulnerability has neither cve nor ids");
		s->statement = reason_of(a, v, json_string(id));
		if (s->status == STATEMENT_NOT_AFFECTED && !s->statement.len)
			return statement_wrong(r->f, at, "%.*s: known_not_affected of \"%.*s\" needs a flag or an impact threat", STR_ARG(s->shown.id),
					       STR_ARG(json_string(id)));
		if (!add_product(r, s, json_string(id)))
			return false;
	}
	return true;
}

static bool take_vulnerability(struct reading_csaf *r, const struct json *v, size_t at)
{
	static const struct {
		const char *word;
		enum statement_status status;
	} lists[] = { { "known_not_affected", STATEMENT_NOT_AFFECTED }, { "fixed", STATEMENT_FIXED }, { "first_fixed", STATEMENT_FIXED },
		      { "under_investigation", STATEMENT_INVESTIGATING }, { "known_affected", STATEMENT_AFFECTED },
		      { "first_affected", STATEMENT_AFFECTED }, { "last_affected", STATEMENT_AFFECTED } };
	const struct json *status = json_get(v, "product_status");

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if (!take_status(r, v, json_get(status, lists[i].word), lists[i].status, at))
			return false;
	return true;
}

bool vex_csaf(struct statement_file *f, const struct json *root)
{
	struct reading_csaf r = { .f = f };
	const struct json *document = json_get(root, "document");
	struct str date = json_string(json_path(document, "tracking.current_release_date"));
	size_t at = 0;

	if (!json_get_string(document, "csaf_version").s)
		return false;
	f->author = json_string(json_path(document, "publisher.name"));
	if (!f->author.len)
		return statement_wrong(f, 0, "the document has no publisher");
	if (!timestamp_parse(date, &r.time))
		return statement_wrong(f, 0, "document.tracking.current_release_date is no time");
	r.draft = str_is(json_string(json_path(document, "tracking.status")), "draft");
	map_init(&r.products, f->x->arena);
	take_tree(&r, json_get(root, "product_tree"));
	for (JSON_EACH(v, json_get(root, "vulnerabilities"))) {
		size_t found = str_find(f->text, STR("\"product_status\""), at);
		at = found == STR_NOT_FOUND ? at : found + 1;
		if (!take_vulnerability(&r, v, found))
			return false;
	}
	return true;
}
