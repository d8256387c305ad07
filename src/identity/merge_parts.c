/* Edges, references, statements, licences and the document of a merge. */
#include "identity/merge_internal.h"

/* ---- licences that documents bring under ids of their own: one id may mean two texts */

void merge_prepare_licences(struct merge *m)
{
	const struct bom *part = m->part;

	for (size_t i = 0; i < part->extracted_licences.n; i++) {
		const struct extracted_licence *e = &part->extracted_licences.items[i];
		struct map_entry *known = map_get(&m->licences, e->id);
		if (!known)
			continue;
		const struct extracted_licence *old = &m->out->extracted_licences.items[known->value.num];
		if (str_eq(old->text, e->text))
			continue;
		struct str *name = ARENA_NEW(m->arena, struct str);
		*name = arena_printf(m->arena, "%.*s-%u", STR_ARG(e->id), m->document);
		map_put(&m->renamed_licences, e->id, NULL)->value.ptr = name;
	}
}

static bool id_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '.' || c == '-' || c == ':';
}

static struct str rename_in(struct merge *m, struct str expression)
{
	struct str out = STR("");

	for (size_t i = 0; i < expression.len;) {
		size_t end = i;
		while (end < expression.len && id_char(expression.s[end]))
			end++;
		struct str word = end > i ? str_sub(expression, i, end - i) : str_sub(expression, i, 1);
		struct map_entry *e = end > i ? map_get(&m->renamed_licences, word) : NULL;
		out = arena_concat(m->arena, out, e ? *(struct str *)e->value.ptr : word, STR_NONE);
		i += word.len;
	}
	return out;
}

struct str merge_licence_value(struct merge *m, struct str value)
{
	return m->renamed_licences.n && str_has(value, STR("LicenseRef-")) ? rename_in(m, value) : value;
}

void merge_rename_licences(struct merge *m, struct component *c)
{
	for (size_t i = 0; i < c->licences.n; i++)
		c->licences.items[i].value = merge_licence_value(m, c->licences.items[i].value);
}

/* ---- references */

void merge_unique_ref(struct merge *m, struct component *c)
{
	bool fresh;
	struct str ref = c->ref, old = c->ref;

	if (!ref.len)
		return;
	for (unsigned n = m->document; map_has(&m->refs, ref); n++)
		ref = arena_printf(m->arena, "%.*s-%u", STR_ARG(old), n);
	map_put(&m->refs, ref, &fresh);
	c->ref = ref;
	map_put(&m->renamed_refs, old, &fresh)->value.num = bom_index(m->out, c);
}

/* ---- edges */

struct dependency *merge_edge(struct merge *m, struct dependency d)
{
	bool fresh;
	const struct dependency_more *said = dependency_more(&d);
	struct str key = arena_printf(m->arena, "%u %u %d %.*s %.*s %.*s", d.from, d.to, (int)d.kind, STR_ARG(said->word), STR_ARG(said->from_ref),
				      STR_ARG(said->to_ref));
	struct map_entry *e = map_put(&m->edges, key, &fresh);

	if (!fresh) {
		struct dependency *old = &m->out->dependencies.items[e->value.num];
		old->scope = old->scope && d.scope ? old->scope | d.scope : 0;
		if (said->comment.len && !dependency_more(old)->comment.len)
			dependency_add_more(m->arena, old)->comment = arena_str(m->arena, said->comment);
		return old;
	}
	e->value.num = m->out->dependencies.n;
	struct dependency *new = VEC_ADD(m->arena, &m->out->dependencies);
	*new = d;
	new->more = NULL;
	if (d.more)
		*dependency_add_more(m->arena, new) =
			(struct dependency_more){ intern_str(&m->out->names, said->word), arena_str(m->arena, said->comment),
						  arena_str(m->arena, said->from_ref), arena_str(m->arena, said->to_ref), said->listed };
	return new;
}

void merge_edges(struct merge *m)
{
	for (size_t i = 0; i < m->part->dependencies.n; i++) {
		struct dependency d = m->part->dependencies.items[i];
		if (d.from != NO_COMPONENT)
			d.from = m->now[d.from];
		if (d.to != NO_COMPONENT)
			d.to = m->now[d.to];
		if (d.kind == DESCRIBES) { /* the result describes its own subject */
			if (d.to != NO_COMPONENT)
				*VEC_ADD(m->arena, &m->described) = d.to;
			continue;
		}
		if (d.from != NO_COMPONENT && d.from == d.to)
			continue; /* both ends became one */
		if ((d.kind == DEPENDS_ON || d.kind == CONTAINS) && d.from != NO_COMPONENT && d.to != NO_COMPONENT)
			m->beside.items[d.to].held = true;
		merge_edge(m, d);
	}
}

/* ---- what documents say about components */

/* References as they now are, each once: two components may have become one. Returns how many are left. */
static size_t rename_list(struct merge *m, struct str *items, size_t n)
{
	struct arena_mark mark = arena_mark(m->scratch);
	struct map seen;
	size_t kept = 0;

	map_init(&seen, m->scratch);
	for (size_t i = 0; i < n; i++) {
		struct str ref = merge_new_ref(m, items[i]);
		bool fresh;
		map_put(&seen, ref, &fresh);
		if (fresh)
			items[kept++] = ref;
	}
	arena_pop(m->scratch, mark);
	return kept;
}

void merge_statements(struct merge *m)
{
	struct bom *out = m->out;
	size_t claims = out->claims.n, compositions = out->compositions.n, licences = out->extracted_licences.n, kept = licences;

	bom_append_statements(out, m->part);
	for (size_t i = claims; i < out->claims.n; i++) {
		struct claim *c = &out->claims.items[i];
		bool fresh;
		c->affects.n = rename_list(m, c->affects.items, c->affects.n);
		c->raw = merge_raw(m, c->raw);
		map_put(&m->claims, c->raw.len ? c->raw : c->id, &fresh);
		if (fresh)
			out->claims.items[claims++] = *c; /* said before, word for word: once is enough */
	}
	out->claims.n = claims;
	for (size_t i = compositions; i < out->compositions.n; i++) {
		struct composition *c = &out->compositions.items[i];
		c->assemblies.n = rename_list(m, c->assemblies.items, c->assemblies.n);
		c->dependencies.n = rename_list(m, c->dependencies.items, c->dependencies.n);
		c->vulnerabilities.n = rename_list(m, c->vulnerabilities.items, c->vulnerabilities.n);
		c->extra = merge_raw(m, c->extra);
	}
	for (size_t i = licences; i < out->extracted_licences.n; i++) {
		struct extracted_licence e = out->extracted_licences.items[i];
		struct map_entry *renamed = map_get(&m->renamed_licences, e.id);
		bool fresh;
		if (renamed)
			e.id = *(struct str *)renamed->value.ptr;
		struct map_entry *at = map_put(&m->licences, e.id, &fresh);
		if (!fresh)
			continue; /* the same text under the same id */
		at->value.num = kept;
		out->extracted_licences.items[kept++] = e;
	}
	out->extracted_licences.n = kept;
}

/* ---- the document */

static void add_property(struct merge *m, const char *name, struct str value)
{
	*VEC_ADD(m->arena, &m->out->document.properties) = (struct property){ str_of(name), value };
}

/* Who made each of the documents, and when, in its own words. */
static void note_source(struct merge *m, struct str label)
{
	const struct document *d = &m->part->document;
	struct str sha256 = m->part->inputs.n ? m->part->inputs.items[0].sha256 : STR_NONE;
	struct arena *a = m->arena;
	struct str text = arena_str(a, m->who);

	(void)label;
	if (d->standard.len)
		text = arena_printf(a, "%.*s; %.*s %.*s", STR_ARG(text), STR_ARG(d->standard), STR_ARG(d->version));
	if (d->timestamp.len)
		text = arena_printf(a, "%.*s; made %.*s", STR_ARG(text), STR_ARG(d->timestamp));
	if (d->serial.len)
		text = arena_printf(a, "%.*s; %.*s", STR_ARG(text), STR_ARG(d->serial));
	if (sha256.len)
		text = arena_printf(a, "%.*s; sha256 %.*s", STR_ARG(text), STR_ARG(sha256));
	add_property(m, "bomgate:merged-from", text);
}

static struct tool copy_tool(struct merge *m, const struct tool *t)
{
	struct tool copy = { .vendor = arena_str(m->arena, t->vendor), .name = arena_str(m->arena, t->name), .version = arena_str(m->arena, t->version),
			     .is_service = t->is_service, .extra = arena_str(m->arena, t->extra) };

	for (size_t i = 0; i < t->hashes.n; i++)
		*VEC_ADD(m->arena, &copy.hashes) = (struct hash){ arena_str(m->arena, t->hashes.items[i].algorithm),
								  arena_str(m->arena, t->hashes.items[i].value) };
	return copy;
}

static void add_tools(struct merge *m, const struct document *d)
{
	struct document *to = &m->out->document;

	for (size_t i = 0; i < d->tools.n; i++) {
		const struct tool *t = &d->tools.items[i];
		bool there = false;
		for (size_t k = 0; k < to->tools.n; k++)
			there = there || (str_eq(to->tools.items[k].name, t->name) && str_eq(to->tools.items[k].version, t->version) &&
					  str_eq(to->tools.items[k].vendor, t->vendor));
		if (!there)
			*VEC_ADD(m->arena, &to->tools) = copy_tool(m, t);
	}
}

static void add_authors(struct merge *m, const struct document *d)
{
	struct document *to = &m->out->document;

	for (size_t i = 0; i < d->authors.n; i++) {
		const struct party *p = &d->authors.items[i];
		bool there = false;
		for (size_t k = 0; k < to->authors.n; k++)
			there = there || (str_eq(to->authors.items[k].name, p->name) && str_eq(to->authors.items[k].email, p->email));
		if (there)
			continue;
		*VEC_ADD(m->arena, &to->authors) = (struct party){ p->kind, arena_str(m->arena, p->name), arena_str(m->arena, p->email),
								   arena_str(m->arena, p->url), arena_str(m->arena, p->phone),
								   arena_str(m->arena, p->extra) };
	}
}

static void add_references(struct merge *m, const struct document *d)
{
	struct document *to = &m->out->document;

	for (size_t i = 0; i < d->references.n; i++) {
		const struct external_reference *r = &d->references.items[i];
		bool there = false;
		for (size_t k = 0; k < to->references.n; k++)
			there = there || (str_eq(to->references.items[k].type, r->type) && str_eq(to->references.items[k].url, r->url));
		if (!there)
			*VEC_ADD(m->arena, &to->references) = (struct external_reference){ .type = arena_str(m->arena, r->type),
											   .url = arena_str(m->arena, r->url),
											   .comment = arena_str(m->arena, r->comment),
											   .extra = arena_str(m->arena, r->extra) };
	}
}

static void add_lists(struct merge *m, const struct document *d)
{
	struct document *to = &m->out->document;

	for (size_t i = 0; i < d->annotations.n; i++) {
		struct annotation x = merge_annotation(m, &d->annotations.items[i]);
		struct str text = arena_printf(m->arena, "%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(x.annotator), STR_ARG(x.date), STR_ARG(x.comment),
					       STR_ARG(x.extra));
		bool fresh;
		map_put(&m->claims, text, &fresh); /* statements of documents are kept once, word for word */
		if (fresh)
			*VEC_ADD(m->arena, &to->annotations) = x;
	}
	for (size_t i = 0; i < d->lifecycles.n; i++) {
		bool there = false;
		for (size_t k = 0; k < to->lifecycles.n; k++)
			there = there || str_eq(to->lifecycles.items[k], d->lifecycles.items[i]);
		if (!there)
			*VEC_ADD(m->arena, &to->lifecycles) = arena_str(m->arena, d->lifecycles.items[i]);
	}
	add_references(m, d);
	for (size_t i = 0; i < d->licences.n; i++)
		add_property(m, "bomgate:merged:document-licence",
			     arena_printf(m->arena, "%.*s [%.*s]", STR_ARG(d->licences.items[i].value), STR_ARG(m->who)));
	if (d->comment.len)
		add_property(m, "bomgate:merged:comment", arena_printf(m->arena, "%.*s [%.*s]", STR_ARG(d->comment), STR_ARG(m->who)));
	if (d->supplier.name.len)
		add_property(m, "bomgate:merged:supplier", arena_printf(m->arena, "%.*s [%.*s]", STR_ARG(d->supplier.name), STR_ARG(m->who)));
	if (d->manufacturer.name.len)
		add_property(m, "bomgate:merged:manufacturer",
			     arena_printf(m->arena, "%.*s [%.*s]", STR_ARG(d->manufacturer.name), STR_ARG(m->who)));
}

void merge_document(struct merge *m, struct str label)
{
	const struct document *d = &m->part->document;

	note_source(m, label);
	add_tools(m, d);
	add_authors(m, d);
	add_lists(m, d);
	for (size_t i = 0; i < d->properties.n; i++) /* kept, with whose it is */
		add_property(m, arena_cstr(m->arena, d->properties.items[i].name),
			     arena_printf(m->arena, "%.*s [%.*s]", STR_ARG(d->properties.items[i].value), STR_ARG(m->who)));
	for (size_t i = 0; i < d->extra.n; i++) {
		struct document *to = &m->out->document;
		const struct extra *x = &d->extra.items[i];
		bool there = false;
		for (size_t k = 0; k < to->extra.n; k++)
			there = there || (str_eq(to->extra.items[k].standard, x->standard) && str_eq(to->extra.items[k].field, x->field));
		if (there) { /* the result has the field once: the other stays as a property, with whose it is */
			m->report.dropped_fields++;
			add_property(m, arena_printf(m->arena, "bomgate:merged:%.*s:%.*s", STR_ARG(x->standard), STR_ARG(x->field)).s,
				     arena_printf(m->arena, "%.*s [%.*s]", STR_ARG(x->json), STR_ARG(m->who)));
		}
		if (!there)
			*VEC_ADD(m->arena, &to->extra) = (struct extra){ arena_str(m->arena, x->standard), arena_str(m->arena, x->field),
									 arena_str(m->arena, merge_raw(m, x->json)) };
	}
}
