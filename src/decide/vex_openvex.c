/* OpenVEX 0.2.0 (openvex/spec, OPENVEX-SPEC.md): @context, author, timestamp, statements[]. */
#include "base/timestamp.h"
#include "decide/exceptions.h"
#include "syntax/json.h"

static void add_text(struct arena *a, struct str_list *list, struct str text)
{
	if (text.len)
		*VEC_ADD(a, list) = text;
}

static void add_names(struct arena *a, const struct json *j, struct named_list *out)
{
	struct str id = json_type(j) == JSON_STRING ? json_string(j) : json_get_string(j, "@id");

	if (id.len)
		*VEC_ADD(a, out) = named_of(a, id);
	for (JSON_EACH(i, json_get(j, "identifiers")))
		if (json_string(i).len)
			*VEC_ADD(a, out) = named_of(a, json_string(i));
}

static bool add_product(struct statement_file *f, const struct json *j, struct statement *s)
{
	struct arena *a = f->x->arena;
	struct product *p = VEC_ADD(a, &s->products);

	add_names(a, j, &p->names);
	for (JSON_EACH(part, json_get(j, "subcomponents")))
		add_names(a, part, &p->parts);
	if (!p->names.n)
		return statement_wrong(f, DIAG_NO_OFFSET, "statement on %.*s: a product has neither @id nor identifiers", STR_ARG(s->shown.id));
	if (json_count(json_get(j, "subcomponents")) && !p->parts.n)
		return statement_wrong(f, DIAG_NO_OFFSET, "statement on %.*s: a subcomponent has neither @id nor identifiers", STR_ARG(s->shown.id));
	return true;
}

static bool status_of(struct str word, enum statement_status *out)
{
	static const struct {
		const char *word;
		enum statement_status status;
	} known[] = { { "not_affected", STATEMENT_NOT_AFFECTED }, { "fixed", STATEMENT_FIXED }, { "affected", STATEMENT_AFFECTED },
		      { "under_investigation", STATEMENT_INVESTIGATING } };

	for (size_t i = 0; i < 4; i++) {
		if (str_is(word, known[i].word)) {
			*out = known[i].status;
			return true;
		}
	}
	return false;
}

/* The time of a statement: its own, else the document's. */
static bool time_of(const struct json *statement, const struct json *root, int64_t *out)
{
	struct str text = json_get_string(statement, "timestamp");

	if (!text.s)
		text = json_get_string(root, "timestamp");
	return text.len > 10 && timestamp_parse(text, out);
}

static bool read_statement(struct statement_file *f, const struct json *j, const struct json *root, size_t at)
{
	struct arena *a = f->x->arena;
	const struct json *vulnerability = json_get(j, "vulnerability");
	struct statement *s = statement_new(f, at);
	struct str justification = json_get_string(j, "justification"), impact = json_get_string(j, "impact_statement");

	s->vex = true;
	s->shown.id = json_type(vulnerability) == JSON_STRING ? json_string(vulnerability) : json_get_string(vulnerability, "name");
	if (!s->shown.id.len)
		s->shown.id = json_get_string(vulnerability, "@id");
	if (!s->shown.id.len)
		return statement_wrong(f, at, "a statement names no vulnerability");
	add_text(a, &s->ids, s->shown.id);
	for (JSON_EACH(alias, json_get(vulnerability, "aliases")))
		add_text(a, &s->ids, json_string(alias));
	if (!status_of(json_get_string(j, "status"), &s->status))
		return statement_wrong(f, at, "statement on %.*s: status \"%.*s\" is not known; it is not_affected, affected, fixed or under_investigation",
				       STR_ARG(s->shown.id), STR_ARG(str_sub(json_get_string(j, "status"), 0, 40)));
	if (!time_of(j, root, &s->time))
		return statement_wrong(f, at, "statement on %.*s: no valid timestamp, neither its own nor the document's", STR_ARG(s->shown.id));
	if (s->status == STATEMENT_NOT_AFFECTED && !justification.len && !impact.len)
		return statement_wrong(f, at, "statement on %.*s: not_affected needs a justification or an impact_statement", STR_ARG(s->shown.id));
	s->statement = justification.len && impact.len ? arena_concat(a, justification, STR("; "), impact) : justification.len ? justification : impact;
	/* Products may stand in the document for all statements that name none. */
	for (JSON_EACH(product, json_get(json_get(j, "products") ? j : root, "products")))
		if (!add_product(f, product, s))
			return false;
	if (!s->products.n)
		return statement_wrong(f, at, "statement on %.*s: no products", STR_ARG(s->shown.id));
	return true;
}

bool vex_openvex(struct statement_file *f, const struct json *root)
{
	struct str context = json_get_string(root, "@context");
	size_t at = 0;

	if (!str_starts(context, STR("https://openvex.dev/ns")))
		return false;
	f->author = json_get_string(root, "author");
	if (!f->author.len)
		return statement_wrong(f, 0, "the document has no author");
	for (JSON_EACH(s, json_get(root, "statements"))) {
		size_t found = str_find(f->text, STR("\"vulnerability\""), at);
		at = found == STR_NOT_FOUND ? at : found + 1;
		if (!read_statement(f, s, root, found == STR_NOT_FOUND ? DIAG_NO_OFFSET : found))
			return false;
	}
	return true;
}
