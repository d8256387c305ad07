/* The document itself and what holds its elements together: relationships, roots, generator; and what was odd about it. */
#include "base/diag.h"
#include "format/generator.h"
#include "format/spdx.h"

void spdx_reading_open(struct spdx_reading *r, struct bom *b, struct str path)
{
	*r = (struct spdx_reading){ .bom = b, .scratch = arena_new(0), .path = path };
	map_init(&r->ids, r->scratch);
	b->document.standard = STR("spdx");
}

/* How often a key stands in the text: room for elements is made at once, because growing leaves the old copy behind. */
static size_t count_of(struct str text, struct str key)
{
	size_t n = 0;

	for (const char *p = text.s, *end = text.s + text.len; (p = memmem(p, (size_t)(end - p), key.s, key.len)); p += key.len)
		n++;
	return n < text.len / 128 ? n : text.len / 128; /* a text of nothing but keys shall not ask for a hundred times its size */
}

void spdx_make_room(struct bom *b, struct str text, struct str id, struct str relation)
{
	size_t relations = count_of(text, relation);

	bom_reserve(b, count_of(text, id) + 1);
	b->dependencies.items = arena_array(b->arena, relations + 16, sizeof *b->dependencies.items);
	b->dependencies.cap = relations + 16;
}

/* ---- the document */

static void keep(struct spdx_reading *r, struct str field, const struct spdx_node *n)
{
	if (n->wrong && n->type == JSON_NULL)
		return;
	*VEC_ADD(r->bom->arena, &r->bom->document.extra) =
		(struct extra){ STR("spdx"), field, spdx_node_json(r->bom->arena, n) };
}

static void read_creator(struct spdx_reading *r, struct str text)
{
	struct party p = spdx_party_parse(r->bom->arena, text);

	if (!p.name.len)
		return;
	if (p.kind != PARTY_TOOL) {
		*VEC_ADD(r->bom->arena, &r->bom->document.authors) = p;
		return;
	}
	struct tool *t = VEC_ADD(r->bom->arena, &r->bom->document.tools);
	spdx_tool_split(p.name, &t->name, &t->version);
}

static void read_creation(struct spdx_reading *r, const struct spdx_node *creation)
{
	struct document *d = &r->bom->document;

	for (SPDX_EACH(n, creation)) {
		enum spdx_field_id id = n->field ? n->field->id : F_COUNT;
		if (id == F_CREATION_CREATED && !n->wrong) {
			d->timestamp = n->text;
		} else if (id == F_CREATION_CREATORS && !n->wrong) {
			for (SPDX_EACH(e, n))
				if (!e->wrong)
					read_creator(r, e->text);
		} else if (!(n->wrong && n->type == JSON_NULL)) {
			struct str field = n->field ? str_of(n->field->json) : n->key;
			keep(r, arena_concat(r->bom->arena, STR("creationInfo."), field, STR("")), n);
		}
	}
}

void spdx_read_document_field(struct spdx_reading *r, const struct spdx_node *n)
{
	struct document *d = &r->bom->document;

	if (!n->field || n->wrong) {
		if (n->wrong && n->field && n->type != JSON_NULL)
			spdx_notice(r, SPDX_NOTICE_VALUE, n->offset, str_of(n->field->json));
		keep(r, n->field ? str_of(n->field->json) : n->key, n);
		return;
	}
	switch (n->field->id) {
	case F_DOCUMENT_VERSION:
		d->version = str_starts_nocase(n->text, STR("SPDX-")) ? str_from(n->text, 5) : n->text;
		break;
	case F_DOCUMENT_DATA_LICENCE:
		d->data_licence = n->text;
		break;
	case F_DOCUMENT_ID:
		r->document_id = n->text;
		break;
	case F_DOCUMENT_NAME:
		d->name = n->text;
		break;
	case F_DOCUMENT_NAMESPACE:
		d->serial = n->text;
		break;
	case F_DOCUMENT_COMMENT:
		d->comment = n->text;
		break;
	case F_DOCUMENT_CREATION:
		read_creation(r, n);
		break;
	case F_DOCUMENT_ANNOTATIONS:
		for (SPDX_EACH(e, n))
			spdx_read_annotation(r, NO_COMPONENT, e);
		break;
	case F_DOCUMENT_DESCRIBES:
		for (SPDX_EACH(e, n))
			spdx_edge(r, STR(SPDX_DOCUMENT_ID), STR("DESCRIBES"), e->text, STR_NONE, e->offset);
		break;
	default:
		keep(r, str_of(n->field->json), n);
		break;
	}
}

/* ---- relationships */

/* What spdx_write.c says in the comment, because there is no type for it. */
void spdx_restore_edge(struct dependency *d)
{
	struct dependency_more *more = d->more;

	if (!more)
		return;
	if (d->kind == DEPENDS_ON && str_starts(more->comment, STR(SPDX_SCOPE_COMMENT))) {
		d->scope = spdx_scope_of(str_from(more->comment, sizeof SPDX_SCOPE_COMMENT - 1));
		more->comment = STR_NONE;
	}
	if (d->kind != RELATED || !more->comment.len || !(str_is(more->word, "OTHER") || str_is(more->word, "PATCH_APPLIED")))
		return;
	struct str rest = more->comment, word = str_cut(&rest, ':');
	const struct spdx_relation *meant = spdx_relation_by_type(word);
	bool provides = str_is(word, "PROVIDES"), newer = spdx3_has_relation(word);
	if (!provides && !newer && !(meant && meant->kind == RELATED && str_is(word, meant->type)))
		return;
	d->kind = provides ? PROVIDES : RELATED;
	more->word = provides ? STR_NONE : newer ? word : str_of(meant->type);
	more->comment = rest.s && str_trim(rest).len ? str_trim(rest) : STR_NONE;
}

void spdx_edge(struct spdx_reading *r, struct str from, struct str type, struct str to, struct str comment, size_t offset)
{
	const struct spdx_relation *known = spdx_relation_by_type(type);

	if (!from.len || !to.len) {
		spdx_notice(r, SPDX_NOTICE_VALUE, offset, STR("relationships"));
		return;
	}
	struct dependency *d = bom_depend(r->bom, NO_COMPONENT, NO_COMPONENT, known ? known->kind : RELATED, known ? known->scope : 0);
	struct dependency_more *more = dependency_add_more(r->bom->arena, d);
	more->from_ref = known && known->turned ? to : from;
	more->to_ref = known && known->turned ? from : to;
	more->comment = comment.len ? comment : STR_NONE;
	if (d->kind == RELATED)
		more->word = known ? str_of(known->type) : type;
	if (!known)
		spdx_notice(r, SPDX_NOTICE_RELATION, offset, type);
	spdx_restore_edge(d);
}

void spdx_read_relation(struct spdx_reading *r, const struct spdx_node *node)
{
	spdx_edge(r, spdx_node_text(node, F_RELATION_FROM), spdx_node_text(node, F_RELATION_TYPE), spdx_node_text(node, F_RELATION_TO),
		  spdx_node_text(node, F_RELATION_COMMENT), node->offset);
}

/* A component's index, or NO_COMPONENT and *ref stays. */
static uint32_t resolve(struct spdx_reading *r, struct str *ref)
{
	const struct map_entry *e = map_get(&r->ids, *ref);

	if (e && e->value.num) {
		*ref = STR_NONE;
		return (uint32_t)(e->value.num - 1);
	}
	if (str_eq(*ref, r->document_id))
		*ref = STR(SPDX_DOCUMENT_ID);
	else if (!e && !str_is(*ref, SPDX_DOCUMENT_ID) && !str_is(*ref, "NONE") && !str_is(*ref, "NOASSERTION") &&
		 !str_starts(*ref, STR("DocumentRef-")))
		spdx_notice(r, SPDX_NOTICE_DANGLING, DIAG_NO_OFFSET, *ref);
	return NO_COMPONENT;
}

static uint64_t edge_hash(const struct dependency *d)
{
	uint64_t h = ((uint64_t)d->from << 32 | d->to) * 0x9e3779b97f4a7c15ull;

	h ^= ((uint64_t)d->kind << 8 | d->scope) * 0xc2b2ae3d27d4eb4full;
	if (d->from == NO_COMPONENT)
		h ^= str_hash(dependency_more(d)->from_ref);
	if (d->to == NO_COMPONENT)
		h ^= str_hash(dependency_more(d)->to_ref) * 31;
	return h ^ h >> 29;
}

static bool same_edge(const struct dependency *a, const struct dependency *b)
{
	const struct dependency_more *x = dependency_more(a), *y = dependency_more(b);

	return a->from == b->from && a->to == b->to && a->kind == b->kind && a->scope == b->scope && str_eq(x->word, y->word) &&
	       str_eq(x->from_ref, y->from_ref) && str_eq(x->to_ref, y->to_ref) && str_eq(x->comment, y->comment);
}

/* hasFiles and documentDescribes say what relationships often say again. */
static void drop_repeats(struct spdx_reading *r)
{
	struct dependency *items = r->bom->dependencies.items;
	size_t n = r->bom->dependencies.n, kept = 0, nslots = 16;

	while (nslots < n * 2)
		nslots *= 2;
	uint32_t *slots = arena_array(r->scratch, nslots, sizeof *slots);
	for (size_t i = 0; i < n; i++) {
		size_t at = edge_hash(&items[i]) & (nslots - 1);
		while (slots[at] && !same_edge(&items[slots[at] - 1], &items[i]))
			at = (at + 1) & (nslots - 1);
		if (slots[at])
			continue;
		items[kept++] = items[i];
		slots[at] = (uint32_t)kept;
	}
	r->bom->dependencies.n = kept;
}

static void resolve_edges(struct spdx_reading *r)
{
	for (VEC_EACH(struct dependency, d, &r->bom->dependencies)) {
		struct dependency_more *more = dependency_add_more(r->bom->arena, d);
		d->from = resolve(r, &more->from_ref);
		d->to = resolve(r, &more->to_ref);
	}
	drop_repeats(r);
}

/* ---- what the whole is about */

/* The one package that is described; where none is, the one package that nothing contains or depends on, and that itself does: a package alone is
 * a finding of its tool (Syft's document of an image describes itself). NO_COMPONENT where several are (then their DESCRIBES edges stay). */
static void find_subject(struct spdx_reading *r)
{
	struct bom *b = r->bom;
	bool *below = arena_array(r->scratch, b->ncomponents + 1, sizeof *below), *above = arena_array(r->scratch, b->ncomponents + 1, sizeof *above);
	uint32_t described = NO_COMPONENT, root = NO_COMPONENT;
	size_t ndescribed = 0, npackages = 0, nroots = 0, kept = 0;

	for (VEC_EACH(struct dependency, d, &b->dependencies)) {
		if (d->kind == DESCRIBES && d->from == NO_COMPONENT && d->to != NO_COMPONENT) {
			bool package = b->components[d->to].type != COMPONENT_FILE;
			ndescribed++;
			npackages += package;
			if (package || described == NO_COMPONENT)
				described = d->to;
		} else if ((d->kind == CONTAINS || d->kind == DEPENDS_ON) && d->to != NO_COMPONENT && d->from != d->to) {
			below[d->to] = true;
			if (d->from != NO_COMPONENT)
				above[d->from] = true;
		}
	}
	for (uint32_t i = 0; i < b->ncomponents; i++)
		if (!below[i] && b->components[i].type != COMPONENT_FILE && nroots++ == 0)
			root = i;
	if (ndescribed ? npackages == 1 || ndescribed == 1 : nroots == 1)
		b->subject = ndescribed ? described : above[root] ? root : NO_COMPONENT;
	if (ndescribed != 1)
		return;
	for (size_t i = 0; i < b->dependencies.n; i++) { /* the subject says it */
		const struct dependency *d = &b->dependencies.items[i];
		const struct dependency_more *more = dependency_more(d);
		if (d->kind == DESCRIBES && str_is(more->from_ref, SPDX_DOCUMENT_ID) && d->to == b->subject && !more->comment.len)
			continue;
		b->dependencies.items[kept++] = *d;
	}
	b->dependencies.n = kept;
}

/* A component is needed for what all the edges to it say; one edge that says nothing makes it unsaid. */
static void derive_scopes(struct bom *b)
{
	for (int pass = 0; pass < 2; pass++) {
		for (VEC_EACH(const struct dependency, d, &b->dependencies)) {
			if (d->kind != DEPENDS_ON || d->to == NO_COMPONENT)
				continue;
			if (pass == 0)
				b->components[d->to].scope |= d->scope;
			else if (!d->scope)
				b->components[d->to].scope = 0;
		}
	}
}

static void mark_direct(struct bom *b)
{
	bool known = false;

	if (b->subject == NO_COMPONENT)
		return;
	for (VEC_EACH(const struct dependency, d, &b->dependencies)) {
		if (d->kind != DEPENDS_ON || d->from != b->subject || d->to == NO_COMPONENT)
			continue;
		b->components[d->to].direct = known = true;
	}
	for (size_t i = 0; i < b->ncomponents && known; i++)
		b->components[i].direct_known = true;
}

/* CONTAINS, where the component's place in the nesting says it. */
static void drop_nested_edges(struct bom *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->dependencies.n; i++) {
		const struct dependency *d = &b->dependencies.items[i];
		if (d->kind == CONTAINS && d->from != NO_COMPONENT && d->to != NO_COMPONENT && b->components[d->to].parent == d->from)
			continue;
		b->dependencies.items[kept++] = *d;
	}
	b->dependencies.n = kept;
}

static const struct {
	const char *code, *text;
} notice_texts[SPDX_NOTICE_COUNT] = {
	[SPDX_NOTICE_VALUE] = { "input.value", "a value of the wrong type or without content; it is kept as it stands and not used" },
	[SPDX_NOTICE_RELATION] = { "input.relationship", "no relationship type of SPDX; it is kept as it stands" },
	[SPDX_NOTICE_DANGLING] = { "input.reference", "a relationship names an element that the document does not have" },
	[SPDX_NOTICE_DUPLICATE] = { "input.duplicate", "this SPDXID stands twice; relationships are taken to mean the first" },
	[SPDX_NOTICE_NAME] = { "input.name", "an element without a name" },
	[SPDX_NOTICE_ALGORITHM] = { "input.hash", "no hash algorithm of SPDX; it is kept as it stands" },
	[SPDX_NOTICE_PURPOSE] = { "input.purpose", "no primaryPackagePurpose of SPDX; taken as LIBRARY" },
	[SPDX_NOTICE_LICENCE] = { "input.licence", "no SPDX licence expression; taken as a licence's name" },
	[SPDX_NOTICE_ANNOTATION] = { "input.reference", "an annotation of an element that the document does not have; put to the document" },
	[SPDX_NOTICE_LINE] = { "input.line", "a line that is no known tag; it was left out" },
};

static void tell_notices(struct spdx_reading *r)
{
	for (size_t i = 0; i < SPDX_NOTICE_COUNT; i++) {
		if (!r->notices[i].count)
			continue;
		struct str more = r->notices[i].count == 1 ?
					  STR("") :
					  arena_printf(r->scratch, " (the first of %zu such places)", r->notices[i].count);
		diag_add(r->bom->diags, i == SPDX_NOTICE_LINE ? SEV_WARNING : SEV_NOTICE, notice_texts[i].code, r->path, r->notices[i].offset,
			 "\"%.*s\": %s%.*s", STR_ARG(str_sub(r->notices[i].what, 0, 120)), notice_texts[i].text, STR_ARG(more));
	}
}

enum result spdx_check_version(struct spdx_reading *r)
{
	struct str version = r->bom->document.version;
	bool readable = !version.len || str_starts(version, STR("2."));

	if (spdx_version_of(version))
		return OK;
	diag_add(r->bom->diags, readable ? SEV_WARNING : SEV_ERROR, "input.version", r->path, DIAG_NO_OFFSET,
		 readable ? "SPDX version \"%.*s\" is not one of 2.2 and 2.3; it was read as 2.3" :
			    "SPDX version \"%.*s\" is not one that is read here (2.2, 2.3, 3.0)",
		 STR_ARG(str_sub(version, 0, 40)));
	return readable ? OK : FAILED;
}

enum result spdx_reading_close(struct spdx_reading *r)
{
	struct bom *b = r->bom;

	for (VEC_EACH(struct spdx_pending, p, &r->pending)) {
		const struct map_entry *e = map_get(&r->ids, p->element);
		struct str json;
		uint32_t whose = e && e->value.num ? (uint32_t)(e->value.num - 1) : NO_COMPONENT;
		if (!e && p->element.len && !str_eq(p->element, r->document_id) && !str_is(p->element, SPDX_DOCUMENT_ID))
			spdx_notice(r, SPDX_NOTICE_ANNOTATION, p->offset, p->element);
		if (spdx_kept_annotation(b->arena, p->annotation.annotator, p->annotation.comment, &json))
			*VEC_ADD(r->scratch, &r->kept) = (struct spdx_kept){ whose, json };
		else if (whose == NO_COMPONENT)
			*VEC_ADD(b->arena, &b->document.annotations) = p->annotation;
		else
			*VEC_ADD(b->arena, &component_add_more(b->arena, &b->components[whose])->annotations) = p->annotation;
	}
	for (VEC_EACH(struct spdx_kept, k, &r->kept))
		if (k->component == NO_COMPONENT)
			spdx_restore_document(r, k->json);
	resolve_edges(r);
	derive_scopes(b);
	find_subject(r);
	for (VEC_EACH(struct spdx_kept, k, &r->kept))
		if (k->component != NO_COMPONENT)
			spdx_restore_component(r, k->component, k->json);
	drop_nested_edges(b);
	mark_direct(b);
	if (b->document.generator == NO_INPUT)
		b->document.generator = generator_of(&b->document);
	tell_notices(r);
	arena_free(r->scratch);
	r->scratch = NULL;
	return OK;
}
