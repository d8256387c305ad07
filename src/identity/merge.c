/* Which components of the documents are one. */
#include "identity/merge_internal.h"

struct merge *merge_begin(struct bom *out, const struct merge_options *o)
{
	struct merge *m = ARENA_NEW(out->arena, struct merge);

	m->out = out;
	m->arena = out->arena;
	if (o)
		m->options = *o;
	map_init(&m->keys, m->arena);
	map_init(&m->weak, m->arena);
	map_init(&m->refs, m->arena);
	map_init(&m->edges, m->arena);
	map_init(&m->licences, m->arena);
	map_init(&m->seen, m->arena);
	map_init(&m->claims, m->arena);
	m->scratch = arena_new(0);
	return m;
}

static struct str label_of(struct merge *m, const struct bom *part, struct str label)
{
	const struct document *d = &part->document;
	const struct tool *t = d->generator < d->tools.n ? &d->tools.items[d->generator] : NULL;

	if (!t || !t->name.len)
		return arena_str(m->arena, label);
	return arena_printf(m->arena, "%.*s (%.*s%s%.*s)", STR_ARG(label), STR_ARG(t->name), t->version.len ? " " : "", STR_ARG(t->version));
}

/* ---- weak matches */

struct candidate {
	struct str key;
	bool open; /* the component may be matched by it */
	enum confidence confidence;
};

static size_t weak_keys(const struct identity *id, struct candidate out[3])
{
	size_t n = 0;

	if (id->artifact.s)
		out[n++] = (struct candidate){ id->artifact, id->open_artifact, CONFIDENCE_ARTIFACT };
	if (id->cpe.s)
		out[n++] = (struct candidate){ id->cpe, id->open_cpe, CONFIDENCE_CPE };
	if (id->name.s)
		out[n++] = (struct candidate){ id->name, id->open_name, CONFIDENCE_NAME };
	return n;
}

static bool opens(const struct merged *x, enum confidence c)
{
	return c == CONFIDENCE_ARTIFACT ? x->open_artifact : c == CONFIDENCE_CPE ? x->open_cpe : x->open_name;
}

/* The component of an earlier document that matches by a weak key; NO_COMPONENT where none does or more than one would. */
static uint32_t weak_match(struct merge *m, const struct identity *id, enum confidence *by, bool *both_open)
{
	struct candidate keys[3];
	size_t n = weak_keys(id, keys);

	for (size_t i = 0; i < n; i++) {
		struct map_entry *e = map_get(&m->weak, keys[i].key);
		const struct weak_key *w = e ? e->value.ptr : NULL;
		if (!w || w->components != 1 || m->beside.items[w->component].last_document == m->document)
			continue;
		bool other = opens(&m->beside.items[w->component], keys[i].confidence);
		if (!keys[i].open && !other)
			continue;
		*by = keys[i].confidence;
		*both_open = keys[i].open && other;
		return w->component;
	}
	return NO_COMPONENT;
}

static void remember_weak(struct merge *m, const struct identity *id, uint32_t index)
{
	struct candidate keys[3];
	size_t n = weak_keys(id, keys);
	bool fresh;

	for (size_t i = 0; i < n; i++) {
		struct map_entry *e = map_get(&m->weak, keys[i].key);
		if (!e) {
			e = map_put(&m->weak, arena_str(m->arena, keys[i].key), &fresh);
			struct weak_key *w = ARENA_NEW(m->arena, struct weak_key);
			*w = (struct weak_key){ index, 1 };
			e->value.ptr = w;
		} else if (((struct weak_key *)e->value.ptr)->component != index) {
			((struct weak_key *)e->value.ptr)->components++;
		}
	}
}

static struct str shown(struct arena *a, const struct component *c)
{
	if (c->purl.len)
		return c->purl;
	return c->version.len ? arena_printf(a, "%.*s@%.*s", STR_ARG(c->name), STR_ARG(c->version)) : c->name;
}

static void note_possible(struct merge *m, uint32_t x, uint32_t y, enum confidence by)
{
	struct component *c = &m->out->components[x], *d = &m->out->components[y];

	bom_property(m->out, x, "bomgate:possibly-same", arena_printf(m->arena, "%.*s (%s)", STR_ARG(shown(m->arena, d)), confidence_word(by)));
	bom_property(m->out, y, "bomgate:possibly-same", arena_printf(m->arena, "%.*s (%s)", STR_ARG(shown(m->arena, c)), confidence_word(by)));
	m->report.possible++;
}

/* ---- components */

static struct merged *new_beside(struct merge *m, const struct identity *id)
{
	struct merged *x = VEC_ADD(m->arena, &m->beside);

	*x = (struct merged){ .arch = arena_str(m->arena, id->arch), .next_same = NO_COMPONENT, .last_document = m->document,
			      .open_artifact = id->open_artifact, .open_cpe = id->open_cpe, .open_name = id->open_name };
	return x;
}

static void add_new(struct merge *m, uint32_t from, const struct identity *id, uint32_t first_of_key)
{
	struct component *c = bom_add(m->out);
	uint32_t index = bom_index(m->out, c);
	bool fresh;

	bom_copy_component(m->out, c, &m->part->components[from], 0, m->input_shift);
	c->parent = NO_COMPONENT; /* set once all of the document have their place */
	merge_rename_licences(m, c);
	merge_unique_ref(m, c);
	merge_reporters(m, c, &m->part->components[from]);
	new_beside(m, id);
	m->now[from] = index;
	if (first_of_key != NO_COMPONENT) {
		m->beside.items[index].next_same = m->beside.items[first_of_key].next_same;
		m->beside.items[first_of_key].next_same = index;
	} else if (id->key.s) {
		map_put(&m->keys, arena_str(m->arena, id->key), &fresh)->value.num = index;
	}
	remember_weak(m, id, index);
}

static void merge_into(struct merge *m, uint32_t to, uint32_t from, const struct identity *id)
{
	const struct component *c = &m->part->components[from];

	merge_component(m, to, c);
	m->now[from] = to;
	struct merged *x = &m->beside.items[to];
	x->last_document = m->document;
	/* What is known by any of them is known: a group, a purl, a CPE. */
	x->open_artifact = x->open_artifact && id->open_artifact;
	x->open_cpe = x->open_cpe && id->open_cpe;
	x->open_name = x->open_name && id->open_name;
	if (!x->arch.len)
		x->arch = arena_str(m->arena, id->arch);
	if (c->ref.len)
		map_put(&m->renamed_refs, c->ref, NULL)->value.num = to;
	remember_weak(m, id, to);
	m->report.merged++;
}

static bool any_arch(struct str arch)
{
	return !arch.len || str_is(arch, "all") || str_is(arch, "noarch") || str_is(arch, "any");
}

/* The component of the chain with the same architecture, or of which one does not tell. */
static uint32_t same_arch(const struct merge *m, uint32_t first, struct str arch)
{
	for (uint32_t i = first; i != NO_COMPONENT; i = m->beside.items[i].next_same)
		if (str_eq(m->beside.items[i].arch, arch))
			return i;
	for (uint32_t i = first; i != NO_COMPONENT; i = m->beside.items[i].next_same)
		if (any_arch(m->beside.items[i].arch) || any_arch(arch))
			return i;
	return NO_COMPONENT;
}

/* A component of another architecture, but not of the same document. */
static uint32_t other_arch(const struct merge *m, uint32_t first)
{
	for (uint32_t i = first; i != NO_COMPONENT; i = m->beside.items[i].next_same)
		if (m->beside.items[i].last_document != m->document)
			return i;
	return NO_COMPONENT;
}

/* Without a strong key, or with one that nobody had before. */
static void place_new(struct merge *m, uint32_t from, const struct identity *id)
{
	enum confidence by = CONFIDENCE_NONE;
	bool both_open = false;
	uint32_t other = weak_match(m, id, &by, &both_open);
	/* Two that have nothing but a name, or a CPE, are merged; a guess against a purl is only told. */
	bool merge = other != NO_COMPONENT && (m->options.weak || (both_open && by != CONFIDENCE_ARTIFACT));

	if (!merge) {
		add_new(m, from, id, NO_COMPONENT);
		if (other != NO_COMPONENT)
			note_possible(m, other, m->now[from], by);
		return;
	}
	merge_into(m, other, from, id);
	m->report.weak++;
	if (id->key.s && !map_has(&m->keys, id->key))
		map_put(&m->keys, arena_str(m->arena, id->key), NULL)->value.num = other;
	struct component *c = &m->out->components[other];
	c->weak = true;
	for (size_t i = 0; i < c->properties.n; i++)
		if (str_is(c->properties.items[i].name, "bomgate:matched-by"))
			return;
	bom_property(m->out, other, "bomgate:matched-by", str_of(confidence_word(by)));
}

/* The subjects of several SBOMs of one target have one name, and seldom anything else. */
static bool place_subject(struct merge *m, uint32_t from, const struct identity *id)
{
	const struct component *s = &m->part->components[from];

	if (from != m->part->subject || !s->name.len)
		return false;
	for (size_t i = 0; i < m->subjects.n; i++) {
		const struct component *c = &m->out->components[m->subjects.items[i]];
		if (!str_eq_nocase(c->name, s->name) || (c->version.len && s->version.len && !str_eq(c->version, s->version)) ||
		    (c->group.len && s->group.len && !str_eq(c->group, s->group)))
			continue;
		merge_into(m, m->subjects.items[i], from, id);
		return true;
	}
	return false;
}

static void place_components(struct merge *m)
{
	VEC(uint32_t) later = { 0 };
	struct arena_mark mark = arena_mark(m->scratch);
	struct identity id;

	for (int pass = 0; pass < 2; pass++) {
		size_t n = pass ? later.n : m->part->ncomponents;
		for (size_t k = 0; k < n; k++) {
			uint32_t i = pass ? later.items[k] : (uint32_t)k;
			const struct component *c = &m->part->components[i];
			arena_pop(m->scratch, mark);
			identity_of(m->scratch, c, &id);
			struct map_entry *e = id.key.s ? map_get(&m->keys, id.key) : NULL;
			uint32_t first = e ? (uint32_t)e->value.num : NO_COMPONENT;
			if (!pass && place_subject(m, i, &id))
				continue;
			if (!e) {
				m->report.unversioned += !id.key.s && !id.name.s && c->type != COMPONENT_FILE && i != m->part->subject;
				place_new(m, i, &id);
				continue;
			}
			uint32_t to = pass ? other_arch(m, first) : same_arch(m, first, id.arch);
			if (to != NO_COMPONENT)
				merge_into(m, to, i, &id);
			else if (!pass)
				*VEC_ADD(m->arena, &later) = i;
			else
				add_new(m, i, &id, first);
		}
	}
	arena_pop(m->scratch, mark);
}

/* Nesting is taken over where it makes no circle. */
static void place_parents(struct merge *m, uint32_t first_new)
{
	for (uint32_t i = 0; i < m->part->ncomponents; i++) {
		uint32_t up = m->part->components[i].parent, c = m->now[i];
		if (up == NO_COMPONENT || up >= m->part->ncomponents || c < first_new || m->out->components[c].parent != NO_COMPONENT)
			continue;
		up = m->now[up];
		uint32_t at = up;
		while (at != NO_COMPONENT && at != c)
			at = m->out->components[at].parent;
		if (at == NO_COMPONENT)
			m->out->components[c].parent = up;
	}
}

/* Raw parts of the components that came with this document, now that all references have their new names. */
static void rewrite_new(struct merge *m, uint32_t first_new)
{
	for (size_t i = first_new; i < m->out->ncomponents; i++) {
		struct component *c = &m->out->components[i];
		for (size_t k = 0; k < c->extra.n; k++)
			c->extra.items[k].json = merge_raw(m, c->extra.items[k].json);
		for (size_t k = 0; k < c->licences.n; k++)
			c->licences.items[k].extra = merge_raw(m, c->licences.items[k].extra);
		for (size_t k = 0; k < component_more(c)->annotations.n; k++)
			component_more(c)->annotations.items[k].extra = merge_raw(m, component_more(c)->annotations.items[k].extra);
	}
}

/* A document without a subject hangs below the whole by its roots: what nothing else needs or holds. */
static void note_roots(struct merge *m)
{
	for (uint32_t i = 0; i < m->part->ncomponents; i++)
		if (m->out->components[m->now[i]].parent == NO_COMPONENT && !m->beside.items[m->now[i]].held)
			*VEC_ADD(m->arena, &m->roots) = m->now[i];
}

void merge_add(struct merge *m, const struct bom *part, struct str label)
{
	uint32_t first_new = (uint32_t)m->out->ncomponents;

	m->part = part;
	m->document++;
	m->who = label_of(m, part, label);
	m->report.documents++;
	m->report.components += part->ncomponents;
	m->input_shift = bom_append_inputs(m->out, part);
	m->now = arena_array(m->arena, part->ncomponents + 1, sizeof *m->now);
	map_init(&m->renamed_refs, m->arena);
	map_init(&m->renamed_licences, m->arena);
	map_init(&m->renamed_others, m->arena);
	merge_prepare_licences(m);
	place_components(m);
	place_parents(m, first_new);
	rewrite_new(m, first_new);
	merge_document(m, label);
	merge_edges(m);
	merge_statements(m);
	if (part->subject == NO_COMPONENT) {
		note_roots(m);
		return;
	}
	uint32_t subject = m->now[part->subject];
	for (size_t i = 0; i < m->subjects.n; i++)
		if (m->subjects.items[i] == subject)
			return;
	*VEC_ADD(m->arena, &m->subjects) = subject;
}

/* One subject stays; several hang below a new one, as the services of a product do. */
static void make_subject(struct merge *m)
{
	struct bom *out = m->out;
	bool one = m->subjects.n == 1;

	if (one && (!m->options.name.len || str_eq(out->components[m->subjects.items[0]].name, m->options.name))) {
		out->subject = m->subjects.items[0];
		if (m->options.version.len)
			out->components[out->subject].version = arena_str(m->arena, m->options.version);
	} else {
		struct component *c = bom_add(out);
		struct identity none = { 0 };
		c->type = COMPONENT_APPLICATION;
		c->name = m->options.name.len ? arena_str(m->arena, m->options.name) : STR("merged");
		c->version = arena_str(m->arena, m->options.version);
		c->first_party = true;
		out->subject = bom_index(out, c);
		new_beside(m, &none);
		for (size_t i = 0; i < m->subjects.n; i++)
			merge_edge(m, (struct dependency){ .from = out->subject, .to = m->subjects.items[i], .kind = DEPENDS_ON });
		for (size_t i = 0; i < m->roots.n; i++)
			if (!m->beside.items[m->roots.items[i]].held)
				merge_edge(m, (struct dependency){ .from = out->subject, .to = m->roots.items[i], .kind = DEPENDS_ON });
	}
	for (size_t i = 0; i < m->subjects.n; i++)
		out->components[m->subjects.items[i]].first_party = true;
	for (size_t i = 0; i < m->described.n; i++)
		if (m->described.items[i] != out->subject)
			merge_edge(m, (struct dependency){ .from = out->subject, .to = m->described.items[i], .kind = CONTAINS });
}

void merge_end(struct merge *m, struct merge_report *report)
{
	merge_write_disagreements(m);
	make_subject(m);
	m->report.kept = m->out->ncomponents;
	arena_free(m->scratch);
	if (report)
		*report = m->report;
}

void merge_boms(struct bom *out, const struct bom *const *in, const struct str *labels, size_t n, const struct merge_options *o,
		struct merge_report *report)
{
	struct merge *m = merge_begin(out, o);

	for (size_t i = 0; i < n; i++)
		merge_add(m, in[i], labels[i]);
	merge_end(m, report);
}
