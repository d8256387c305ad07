/* Edges of the model as SPDX 3 relationships. */
#include "format/spdx3_writing.h"

struct str spdx3_end(struct spdx3_writing *x, uint32_t component, struct str ref)
{
	if (component != NO_COMPONENT)
		return x->ids[component];
	if (str_is(ref, SPDX_DOCUMENT_ID))
		return x->document;
	if (str_is(ref, "NONE"))
		return STR("https://spdx.org/rdf/3.0.1/terms/Core/NoneElement");
	if (str_is(ref, "NOASSERTION"))
		return STR("https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement");
	bool outside = str_is(x->s.w->bom->document.standard, "spdx3") && str_has(ref, STR("://"));
	return outside || map_has(&x->kept_ids, ref) ? ref : STR_NONE;
}

struct shape {
	const char *type, *scope;
	bool turned;
	struct str comment;
};

/* How an edge is said; types that SPDX 3 lacks are "other" with the type in the comment. */
static struct shape shape_of(struct spdx3_writing *x, const struct dependency *d)
{
	struct arena *a = x->s.w->arena;
	struct shape shape = { .type = "other", .comment = dependency_more(d)->comment };
	unsigned scope = d->scope;
	static const struct {
		unsigned bit;
		const char *word;
	} scopes[] = { { SCOPE_DEV, "development" }, { SCOPE_TEST, "test" }, { SCOPE_BUILD, "build" }, { SCOPE_RUNTIME, "runtime" } };

	for (size_t i = 0; i < 4; i++)
		if (scope == scopes[i].bit && (scope != SCOPE_RUNTIME || x->s.w->bom->document.standard.len))
			shape.scope = scopes[i].word;
	if (d->kind == DEPENDS_ON) {
		shape.type = scope == SCOPE_OPTIONAL ? "hasOptionalDependency" : scope == SCOPE_PROVIDED ? "hasProvidedDependency" : "dependsOn";
		if (scope && scope != SCOPE_RUNTIME && !shape.scope && shape.type[0] == 'd')
			shape.comment = arena_concat(a, STR(SPDX_SCOPE_COMMENT), scope_text(a, scope), STR(""));
		return shape;
	}
	if (d->kind == CONTAINS || d->kind == DESCRIBES) {
		shape.type = d->kind == CONTAINS ? "contains" : "describes";
		return shape;
	}
	const struct spdx_relation *r = d->kind == RELATED ? spdx_relation_by_type(dependency_more(d)->word) : NULL;
	bool nothing = str_is(dependency_more(d)->to_ref, "NONE") || str_is(dependency_more(d)->to_ref, "NOASSERTION");
	if (r && r->kind == RELATED && !(nothing && r->spdx3_turned)) {
		static const char *const unscoped[] = { "BUILD_TOOL_OF", "DEV_TOOL_OF", "TEST_TOOL_OF" };
		static const char *const tools[] = { "build", "development", "test" };
		shape.type = r->spdx3;
		shape.turned = r->spdx3_turned;
		for (size_t i = 0; i < 3; i++)
			if (strcmp(r->type, unscoped[i]) == 0)
				shape.scope = tools[i];
		/* PATCH_APPLIED and PATCH_FOR share a type: what does not come back is said in the comment. */
		if (strcmp(r->type, "PATCH_FOR") == 0)
			shape.comment = arena_printf(a, "PATCH_FOR: %.*s", STR_ARG(dependency_more(d)->comment));
		return shape;
	}
	struct str word = d->kind == PROVIDES ? STR("PROVIDES") : dependency_more(d)->word;
	for (size_t i = 0; i < word.len; i++) /* SPDX 3's own, as it was read */
		if (word.s[i] >= 'a' && word.s[i] <= 'z' && spdx3_has_relation(word)) {
			shape.type = arena_cstr(a, word);
			return shape;
		}
	shape.comment = arena_printf(a, "%.*s: %.*s", STR_ARG(word), STR_ARG(dependency_more(d)->comment));
	return shape;
}

static bool same_shape(const struct shape *a, const struct shape *b)
{
	return strcmp(a->type, b->type) == 0 && (a->scope == b->scope || (a->scope && b->scope && strcmp(a->scope, b->scope) == 0)) &&
	       a->turned == b->turned && str_eq(a->comment, b->comment);
}

static struct str completeness_of(struct spdx3_writing *x, const char *type, struct str ref)
{
	bool depends = strcmp(type, "dependsOn") == 0;

	if (!depends && strcmp(type, "contains") != 0)
		return STR_NONE;
	for (VEC_EACH(const struct composition, k, &x->s.w->bom->compositions)) {
		if (!str_is(k->aggregate, "complete") && !str_is(k->aggregate, "incomplete"))
			continue;
		for (size_t i = 0; i < (depends ? k->dependencies.n : k->assemblies.n); i++)
			if (ref.len && str_eq(depends ? k->dependencies.items[i] : k->assemblies.items[i], ref))
				return k->aggregate;
	}
	return STR_NONE;
}

static void begin_relation(struct spdx3_writing *x, const struct shape *shape, struct str from, struct str ref)
{
	spdx3_begin(x, shape->scope ? "LifecycleScopedRelationship" : "Relationship", spdx3_id(x, "Relationship"));
	json_member(&x->j, "relationshipType", str_of(shape->type));
	if (shape->scope)
		json_member(&x->j, "scope", str_of(shape->scope));
	json_member_opt(&x->j, "completeness", completeness_of(x, shape->type, ref));
	json_member_opt(&x->j, "comment", shape->comment);
	json_member(&x->j, "from", from);
	json_put_key(&x->j, "to");
	json_begin_array(&x->j);
}

/* All edges from one element that are said alike make one relationship. */
static void write_edges_from(struct spdx3_writing *x, uint32_t first, const uint32_t *next, bool *done)
{
	const struct bom *b = x->s.w->bom;
	const struct dependency *items = b->dependencies.items;

	for (uint32_t i = first; i; i = next[i - 1]) {
		const struct dependency *d = &items[i - 1];
		if (done[i - 1])
			continue;
		struct shape shape = shape_of(x, d);
		struct str from = spdx3_end(x, d->from, dependency_more(d)->from_ref), to = spdx3_end(x, d->to, dependency_more(d)->to_ref);
		done[i - 1] = true;
		if (!from.s || !to.s)
			continue; /* spdx_keep_document() has it */
		begin_relation(x, &shape, shape.turned ? to : from, d->from != NO_COMPONENT ? b->components[d->from].ref : STR_NONE);
		json_put_string(&x->j, shape.turned ? from : to);
		for (uint32_t k = shape.turned || shape.comment.len ? 0 : next[i - 1]; k; k = next[k - 1]) {
			struct shape other = shape_of(x, &items[k - 1]);
			struct str end = spdx3_end(x, items[k - 1].to, dependency_more(&items[k - 1])->to_ref);
			if (done[k - 1] || !end.s || items[k - 1].from != d->from ||
			    !str_eq(dependency_more(&items[k - 1])->from_ref, dependency_more(d)->from_ref) ||
			    !same_shape(&shape, &other))
				continue;
			done[k - 1] = true;
			json_put_string(&x->j, end);
		}
		json_end_array(&x->j);
		json_end_object(&x->j);
	}
}

void spdx3_write_relationships(struct spdx3_writing *x)
{
	const struct bom *b = x->s.w->bom;
	struct arena *a = x->s.w->arena;
	uint32_t *first = arena_array(a, b->ncomponents + 1, sizeof *first), *last = arena_array(a, b->ncomponents + 1, sizeof *last);
	uint32_t *next = arena_array(a, b->dependencies.n + 1, sizeof *next);
	bool *done = arena_array(a, b->dependencies.n + 1, sizeof *done);

	for (uint32_t i = 0; i < b->dependencies.n; i++) {
		const struct dependency *d = &b->dependencies.items[i];
		size_t at = d->from == NO_COMPONENT ? b->ncomponents : d->from;
		bool nested = d->kind == CONTAINS && d->to != NO_COMPONENT && d->from != NO_COMPONENT && b->components[d->to].parent == d->from;
		bool root = d->kind == DESCRIBES && d->from == NO_COMPONENT && str_is(dependency_more(d)->from_ref, SPDX_DOCUMENT_ID) &&
			    (d->to != NO_COMPONENT || (!b->ncomponents && str_is(dependency_more(d)->to_ref, "NONE")));
		if (nested || root)
			continue;
		if (last[at])
			next[last[at] - 1] = i + 1;
		else
			first[at] = i + 1;
		last[at] = i + 1;
	}
	for (size_t i = 0; i <= b->ncomponents; i++) {
		write_edges_from(x, first[i], next, done);
		buf_checkpoint(x->s.w->out);
	}
	struct shape contains = { .type = "contains" };
	for (uint32_t i = 0; i < b->ncomponents; i++) {
		if (b->components[i].parent >= b->ncomponents)
			continue;
		begin_relation(x, &contains, x->ids[b->components[i].parent], STR_NONE);
		json_put_string(&x->j, x->ids[i]);
		json_end_array(&x->j);
		json_end_object(&x->j);
	}
}
