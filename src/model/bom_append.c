/* Copying one bom into another: everything on the target's arena, indexes shifted. */
#include "model/bom.h"

#define COPY_VEC(to, from, field)                                                                                        \
	do {                                                                                                             \
		(to)->field.items = NULL;                                                                                \
		(to)->field.n = (to)->field.cap = (from)->field.n;                                                       \
		if ((from)->field.n) {                                                                                   \
			(to)->field.items = arena_array(b->arena, (from)->field.n, sizeof *(from)->field.items);         \
			memcpy((to)->field.items, (from)->field.items, (from)->field.n * sizeof *(from)->field.items);   \
		}                                                                                                        \
	} while (0)

#define COPY_STR(field) ((field) = arena_str(b->arena, (field)))
#define INTERN(field) ((field) = intern_str(&b->names, (field)))

static void copy_party(struct bom *b, struct party *p)
{
	COPY_STR(p->name);
	COPY_STR(p->email);
	COPY_STR(p->url);
	COPY_STR(p->phone);
	COPY_STR(p->extra);
}

static void copy_hashes(struct bom *b, struct hash *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		INTERN(items[i].algorithm);
		COPY_STR(items[i].value);
	}
}

static void copy_licences(struct bom *b, struct licence *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		INTERN(items[i].value);
		COPY_STR(items[i].text);
		COPY_STR(items[i].url);
		COPY_STR(items[i].extra);
	}
}

static void copy_references(struct bom *b, struct external_reference *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct external_reference from = items[i];
		INTERN(items[i].type);
		COPY_STR(items[i].url);
		COPY_STR(items[i].comment);
		COPY_STR(items[i].extra);
		COPY_VEC(&items[i], &from, hashes);
		copy_hashes(b, items[i].hashes.items, items[i].hashes.n);
	}
}

static void copy_properties(struct bom *b, struct property *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		INTERN(items[i].name);
		COPY_STR(items[i].value);
	}
}

static void copy_strings(struct bom *b, struct str *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		COPY_STR(items[i]);
}

static void copy_own_party(struct bom *b, struct party **p)
{
	const struct party *from = *p;

	*p = NULL;
	party_set(b->arena, p, *party_said(from));
	if (*p)
		copy_party(b, *p);
}

static void copy_annotations(struct bom *b, struct annotation *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		COPY_STR(items[i].annotator);
		COPY_STR(items[i].date);
		COPY_STR(items[i].type);
		COPY_STR(items[i].comment);
		COPY_STR(items[i].extra);
	}
}

static void copy_more(struct bom *b, struct component *c, const struct component_more *from)
{
	c->more = NULL;
	if (!from)
		return;
	struct component_more *to = component_add_more(b->arena, c);
	*to = *from;
	COPY_STR(to->subpath);
	INTERN(to->source_name);
	INTERN(to->source_version);
	COPY_STR(to->registry);
	COPY_STR(to->copyright);
	COPY_STR(to->cpe);
	COPY_VEC(to, from, more_cpes);
	copy_strings(b, to->more_cpes.items, to->more_cpes.n);
	COPY_VEC(to, from, more_purls);
	copy_strings(b, to->more_purls.items, to->more_purls.n);
	COPY_VEC(to, from, references);
	copy_references(b, to->references.items, to->references.n);
	COPY_VEC(to, from, annotations);
	copy_annotations(b, to->annotations.items, to->annotations.n);
	COPY_VEC(to, from, reporters);
	copy_strings(b, to->reporters.items, to->reporters.n);
	copy_own_party(b, &to->supplier);
	copy_own_party(b, &to->originator);
	copy_own_party(b, &to->manufacturer);
}

void bom_copy_component(struct bom *b, struct component *to, const struct component *from, uint32_t shift, uint32_t input_shift)
{
	*to = *from;
	INTERN(to->group);
	INTERN(to->name);
	INTERN(to->version);
	INTERN(to->declared);
	INTERN(to->ecosystem);
	COPY_STR(to->purl);
	INTERN(to->purl_type);
	COPY_STR(to->ref);
	INTERN(to->alias);
	COPY_STR(to->download);
	COPY_STR(to->vcs);
	COPY_STR(to->commit);
	COPY_STR(to->description);
	COPY_VEC(to, from, qualifiers);
	copy_properties(b, to->qualifiers.items, to->qualifiers.n);
	COPY_VEC(to, from, hashes);
	copy_hashes(b, to->hashes.items, to->hashes.n);
	COPY_VEC(to, from, licences);
	copy_licences(b, to->licences.items, to->licences.n);
	COPY_VEC(to, from, evidence);
	for (size_t i = 0; i < to->evidence.n; i++)
		to->evidence.items[i].input += input_shift;
	COPY_VEC(to, from, properties);
	copy_properties(b, to->properties.items, to->properties.n);
	COPY_VEC(to, from, extra);
	for (size_t i = 0; i < to->extra.n; i++) {
		INTERN(to->extra.items[i].standard);
		INTERN(to->extra.items[i].field);
		COPY_STR(to->extra.items[i].json);
	}
	copy_more(b, to, from->more);
	if (to->parent != NO_COMPONENT)
		to->parent += shift;
}

static void append_claim(struct bom *b, const struct claim *from)
{
	struct claim *c = VEC_ADD(b->arena, &b->claims);

	*c = *from;
	COPY_STR(c->id);
	COPY_STR(c->source);
	COPY_STR(c->state);
	COPY_STR(c->justification);
	COPY_STR(c->response);
	COPY_STR(c->detail);
	COPY_STR(c->raw);
	COPY_VEC(c, from, aliases);
	copy_strings(b, c->aliases.items, c->aliases.n);
	COPY_VEC(c, from, affects);
	copy_strings(b, c->affects.items, c->affects.n);
}

static void append_composition(struct bom *b, const struct composition *from)
{
	struct composition *c = VEC_ADD(b->arena, &b->compositions);

	*c = *from;
	COPY_STR(c->aggregate);
	COPY_STR(c->extra);
	COPY_VEC(c, from, assemblies);
	copy_strings(b, c->assemblies.items, c->assemblies.n);
	COPY_VEC(c, from, dependencies);
	copy_strings(b, c->dependencies.items, c->dependencies.n);
	COPY_VEC(c, from, vulnerabilities);
	copy_strings(b, c->vulnerabilities.items, c->vulnerabilities.n);
}

static void append_extracted_licence(struct bom *b, const struct extracted_licence *from)
{
	struct extracted_licence *e = VEC_ADD(b->arena, &b->extracted_licences);

	*e = *from;
	COPY_STR(e->id);
	COPY_STR(e->name);
	COPY_STR(e->text);
	COPY_STR(e->comment);
	COPY_STR(e->extra);
	COPY_VEC(e, from, urls);
	copy_strings(b, e->urls.items, e->urls.n);
}

uint32_t bom_append_inputs(struct bom *b, const struct bom *part)
{
	uint32_t shift = (uint32_t)b->inputs.n;

	for (size_t i = 0; i < part->inputs.n; i++) {
		struct input *in = VEC_ADD(b->arena, &b->inputs);
		*in = part->inputs.items[i];
		COPY_STR(in->path);
		INTERN(in->reader);
		COPY_STR(in->sha256);
		COPY_STR(in->blob);
		INTERN(in->ecosystem);
	}
	return shift;
}

void bom_append_statements(struct bom *b, const struct bom *part)
{
	for (size_t i = 0; i < part->claims.n; i++)
		append_claim(b, &part->claims.items[i]);
	for (size_t i = 0; i < part->compositions.n; i++)
		append_composition(b, &part->compositions.items[i]);
	for (size_t i = 0; i < part->extracted_licences.n; i++)
		append_extracted_licence(b, &part->extracted_licences.items[i]);
	for (size_t i = 0; i < part->registries.n; i++) {
		struct registry_statement *s = VEC_ADD(b->arena, &b->registries);
		*s = part->registries.items[i];
		INTERN(s->ecosystem);
		COPY_STR(s->names);
		COPY_STR(s->registry);
		COPY_STR(s->path);
	}
	b->incomplete = b->incomplete || part->incomplete;
}

uint32_t bom_append(struct bom *b, const struct bom *part)
{
	uint32_t shift = (uint32_t)b->ncomponents, input_shift = bom_append_inputs(b, part);

	for (size_t i = 0; i < part->ncomponents; i++) {
		struct component *c = bom_add(b);
		bom_copy_component(b, c, &part->components[i], shift, input_shift);
	}
	for (size_t i = 0; i < part->dependencies.n; i++) {
		struct dependency *d = VEC_ADD(b->arena, &b->dependencies);
		*d = part->dependencies.items[i];
		d->from += d->from == NO_COMPONENT ? 0 : shift;
		d->to += d->to == NO_COMPONENT ? 0 : shift;
		if (!d->more)
			continue;
		const struct dependency_more *from = d->more;
		d->more = NULL;
		struct dependency_more *more = dependency_add_more(b->arena, d);
		*more = *from;
		INTERN(more->word);
		COPY_STR(more->comment);
		COPY_STR(more->from_ref);
		COPY_STR(more->to_ref);
	}
	bom_append_statements(b, part);
	return shift;
}
