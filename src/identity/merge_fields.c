/* Two descriptions of one component into one, and what they disagree on. */
#include <stdlib.h>

#include "identity/merge_internal.h"

#define MOST_VALUES 16

static struct str joined_name(struct arena *a, const struct component *c)
{
	return c->group.len ? arena_printf(a, "%.*s/%.*s", STR_ARG(c->group), STR_ARG(c->name)) : c->name;
}

static int compare(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* The licences as one line, sorted, without repeats. */
static struct str licence_line(struct arena *a, const struct component *c)
{
	struct str *list = arena_array(a, c->licences.n + 1, sizeof *list), line = STR_NONE;
	size_t n = 0;

	for (size_t i = 0; i < c->licences.n; i++)
		if (!str_is(c->licences.items[i].value, "NOASSERTION"))
			list[n++] = c->licences.items[i].value;
	if (n)
		qsort(list, n, sizeof *list, compare);
	for (size_t i = 0; i < n; i++)
		if (!i || !str_eq(list[i], list[i - 1]))
			line = line.s ? arena_concat(a, line, STR(", "), list[i]) : list[i];
	return line;
}

static void say(struct merge *m, struct merged *x, const char *field, struct str value, struct str who)
{
	size_t same = 0;

	if (!value.len)
		return;
	for (size_t i = 0; i < x->said.n; i++) {
		if (x->said.items[i].field != field)
			continue;
		if (str_eq(x->said.items[i].value, value) || ++same == MOST_VALUES)
			return;
	}
	*VEC_ADD(m->arena, &x->said) = (struct said){ field, arena_str(m->arena, value), arena_str(m->arena, who) };
}

static const char *const hash_fields[][2] = {
	{ "MD5", "hash:MD5" },		{ "SHA-1", "hash:SHA-1" },     { "SHA-256", "hash:SHA-256" },
	{ "SHA-384", "hash:SHA-384" },	{ "SHA-512", "hash:SHA-512" },
};

static void say_all(struct merge *m, struct merged *x, const struct component *c, struct str who)
{
	static const char purl[] = "purl", name[] = "name", version[] = "version", licence[] = "licences", supplier[] = "supplier",
			  type[] = "type", scope[] = "scope";
	const char *word = component_type_cyclonedx(c->type);

	say(m, x, purl, c->purl, who);
	say(m, x, name, joined_name(m->scratch, c), who);
	say(m, x, version, c->version, who);
	say(m, x, licence, licence_line(m->scratch, c), who);
	say(m, x, supplier, party_said(component_more(c)->supplier)->name, who);
	say(m, x, type, str_of(word ? word : component_type_spdx(c->type)), who);
	say(m, x, scope, c->scope ? scope_text(m->scratch, c->scope) : STR("not told"), who);
	for (size_t i = 0; i < c->hashes.n; i++)
		for (size_t k = 0; k < sizeof hash_fields / sizeof hash_fields[0]; k++)
			if (str_is(c->hashes.items[i].algorithm, hash_fields[k][0]))
				say(m, x, hash_fields[k][1], c->hashes.items[i].value, who);
}

static int compare_said(const void *x, const void *y)
{
	int d = strcmp(((const struct said *)x)->field, ((const struct said *)y)->field);

	return d ? d : (x < y ? -1 : x > y); /* order of the documents */
}

void merge_write_disagreements(struct merge *m)
{
	for (size_t i = 0; i < m->beside.n; i++) {
		struct merged *x = &m->beside.items[i];
		if (x->said.n < 2)
			continue;
		qsort(x->said.items, x->said.n, sizeof *x->said.items, compare_said);
		for (size_t k = 0; k < x->said.n;) {
			size_t end = k + 1;
			while (end < x->said.n && strcmp(x->said.items[end].field, x->said.items[k].field) == 0)
				end++;
			struct str line = STR("");
			for (size_t j = k; end - k > 1 && j < end; j++)
				line = arena_printf(m->arena, "%.*s%s%.*s [%.*s]", STR_ARG(line), j > k ? " | " : "",
						    STR_ARG(x->said.items[j].value), STR_ARG(x->said.items[j].who));
			if (line.len) {
				struct str field = arena_concat(m->arena, STR("bomgate:disagreement:"), str_of(x->said.items[k].field), STR_NONE);
				*VEC_ADD(m->arena, &m->out->components[i].properties) = (struct property){ field, line };
				m->report.disagreements++;
			}
			k = end;
		}
	}
}

void merge_reporters(struct merge *m, struct component *to, const struct component *from)
{
	struct str own = m->who;
	size_t n = component_more(from)->reporters.n ? component_more(from)->reporters.n : 1;

	struct component_more *more = component_add_more(m->arena, to);
	for (size_t i = 0; i < n; i++) {
		struct str who = component_more(from)->reporters.n ? component_more(from)->reporters.items[i] : own;
		bool there = false;
		/* Our own label can only be the last one: documents come one after the other. */
		for (size_t k = component_more(from)->reporters.n || !more->reporters.n ? 0 : more->reporters.n - 1; k < more->reporters.n; k++)
			there = there || str_eq(more->reporters.items[k], who);
		if (!there)
			*VEC_ADD(m->arena, &more->reporters) = arena_str(m->arena, who);
	}
}

/* ---- one field after the other; what is taken is copied, for the document is gone afterwards */

static void fill(struct merge *m, struct str *to, struct str from)
{
	if (!to->len && from.len)
		*to = arena_str(m->arena, from);
}

static struct party copy_party(struct merge *m, const struct party *p)
{
	struct arena *a = m->arena;

	return (struct party){ p->kind, arena_str(a, p->name), arena_str(a, p->email), arena_str(a, p->url), arena_str(a, p->phone),
			       arena_str(a, p->extra) };
}

static void fill_party(struct merge *m, struct party **to, const struct party *from)
{
	if (!party_said(*to)->name.len && !party_said(*to)->email.len && (from->name.len || from->email.len))
		party_set(m->arena, to, copy_party(m, from));
}

static struct hash copy_hash(struct merge *m, const struct hash *h)
{
	return (struct hash){ intern_str(&m->out->names, h->algorithm), arena_str(m->arena, h->value) };
}

static struct licence copy_licence(struct merge *m, const struct licence *l)
{
	struct licence copy = { l->kind, l->role, merge_licence_value(m, l->value), arena_str(m->arena, l->text), arena_str(m->arena, l->url),
				arena_str(m->arena, merge_raw(m, l->extra)) };

	copy.value = intern_str(&m->out->names, copy.value);
	return copy;
}

static struct property copy_property(struct merge *m, const struct property *p)
{
	return (struct property){ intern_str(&m->out->names, p->name), arena_str(m->arena, p->value) };
}

static struct external_reference copy_reference(struct merge *m, const struct external_reference *r)
{
	struct external_reference copy = { .type = intern_str(&m->out->names, r->type), .url = arena_str(m->arena, r->url),
					   .comment = arena_str(m->arena, r->comment), .extra = arena_str(m->arena, r->extra) };

	for (size_t i = 0; i < r->hashes.n; i++)
		*VEC_ADD(m->arena, &copy.hashes) = copy_hash(m, &r->hashes.items[i]);
	return copy;
}

static struct extra copy_extra(struct merge *m, const struct extra *x)
{
	return (struct extra){ intern_str(&m->out->names, x->standard), intern_str(&m->out->names, x->field), arena_str(m->arena, merge_raw(m, x->json)) };
}

/* How much a purl tells: its qualifiers, no Go module in a subpath, a Maven group that is one. */
static int richness(struct arena *a, const struct component *c)
{
	struct identity id;
	struct purl p;
	struct str why;

	if (!c->purl.len || !purl_parse(a, c->purl, &p, &why))
		return -1;
	identity_of(a, c, &id);
	return (int)p.qualifiers.n + (p.subpath.len ? 0 : 8) + (id.open_artifact ? 0 : 16);
}

/* Takes the better purl, with the fields that belong to it; the other one is kept beside. */
static void merge_purl(struct merge *m, struct component *to, const struct component *from)
{
	struct str other = from->purl;

	if (!from->purl.len || str_eq(from->purl, to->purl))
		return;
	if (richness(m->scratch, from) > richness(m->scratch, to)) {
		other = to->purl;
		to->purl = arena_str(m->arena, from->purl);
		to->purl_type = arena_str(m->arena, from->purl_type);
		to->group = arena_str(m->arena, from->group);
		to->name = arena_str(m->arena, from->name);
		component_add_more(m->arena, to)->subpath = arena_str(m->arena, component_more(from)->subpath);
		to->qualifiers.n = 0;
		for (size_t i = 0; i < from->qualifiers.n; i++)
			*VEC_ADD(m->arena, &to->qualifiers) = copy_property(m, &from->qualifiers.items[i]);
		if (from->ecosystem.len > to->ecosystem.len)
			to->ecosystem = arena_str(m->arena, from->ecosystem);
	}
	bool there = !other.len;
	for (size_t i = 0; i < component_more(to)->more_purls.n; i++)
		there = there || str_eq(component_more(to)->more_purls.items[i], other);
	if (!there && component_more(to)->more_purls.n < MOST_VALUES)
		*VEC_ADD(m->arena, &component_add_more(m->arena, to)->more_purls) = arena_str(m->arena, other);
}

/* Was this property of this component seen before? Lists of components that many documents have grow long: looked up by a hash,
 * so that the whole stays linear. */
static bool property_seen(struct merge *m, uint32_t index, const struct property *p)
{
	uint64_t parts[2] = { (str_hash(p->name) * 31 + str_hash(p->value)) ^ ((uint64_t)index << 32), p->value.len << 32 | index };
	struct str key = { (const char *)parts, sizeof parts };
	const struct component *c = &m->out->components[index];

	if (!map_has(&m->seen, key)) {
		map_put(&m->seen, arena_str(m->arena, key), NULL);
		return false;
	}
	for (size_t i = 0; i < c->properties.n; i++) /* no hash decides alone */
		if (str_eq(c->properties.items[i].name, p->name) && str_eq(c->properties.items[i].value, p->value))
			return true;
	return false;
}

static void merge_properties(struct merge *m, uint32_t index, const struct component *from)
{
	for (size_t i = 0; i < from->properties.n; i++)
		if (!property_seen(m, index, &from->properties.items[i]))
			*VEC_ADD(m->arena, &m->out->components[index].properties) = copy_property(m, &from->properties.items[i]);
}

static void merge_lists(struct merge *m, struct component *to, const struct component *from)
{
	VEC_UNITE(m->arena, &to->hashes, &from->hashes, struct hash, str_eq(x->algorithm, y->algorithm) && str_eq(x->value, y->value), copy_hash(m, x))
	VEC_UNITE(m->arena, &to->licences, &from->licences, struct licence, x->role == y->role && str_eq(merge_licence_value(m, x->value), y->value), copy_licence(m, x))
	if (from->more) {
		const struct component_more *theirs = from->more;
		struct component_more *ours = component_add_more(m->arena, to);
		VEC_UNITE(m->arena, &ours->more_cpes, &theirs->more_cpes, struct str, str_eq(*x, *y), arena_str(m->arena, *x))
		VEC_UNITE(m->arena, &ours->more_purls, &theirs->more_purls, struct str, str_eq(*x, *y), arena_str(m->arena, *x))
		VEC_UNITE(m->arena, &ours->references, &theirs->references, struct external_reference, str_eq(x->type, y->type) && str_eq(x->url, y->url), copy_reference(m, x))
		VEC_UNITE(m->arena, &ours->annotations, &theirs->annotations, struct annotation, str_eq(x->comment, y->comment) && str_eq(x->date, y->date), merge_annotation(m, x))
	}
	VEC_UNITE(m->arena, &to->extra, &from->extra, struct extra, str_eq(x->standard, y->standard) && str_eq(x->field, y->field), copy_extra(m, x))
	for (size_t i = 0; i < from->evidence.n; i++) {
		struct evidence *e = VEC_ADD(m->arena, &to->evidence);
		*e = from->evidence.items[i];
		e->input += m->input_shift;
	}
}

/* A field that neither model nor result can hold twice: the second value stays as a property. */
static void keep_other_extra(struct merge *m, uint32_t index, const struct component *from)
{
	const struct component *to = &m->out->components[index];

	for (size_t i = 0; i < from->extra.n; i++)
		for (size_t k = 0; k < to->extra.n; k++) {
			const struct extra *x = &from->extra.items[i], *y = &to->extra.items[k];
			if (!str_eq(x->standard, y->standard) || !str_eq(x->field, y->field) || str_eq(x->json, y->json))
				continue;
			struct property p = { arena_printf(m->scratch, "bomgate:merged:%.*s:%.*s", STR_ARG(x->standard), STR_ARG(x->field)), x->json };
			if (!property_seen(m, index, &p))
				*VEC_ADD(m->arena, &m->out->components[index].properties) = copy_property(m, &p);
		}
}

static void merge_cpe(struct merge *m, struct component *to, const struct component *from)
{
	bool there = !component_more(from)->cpe.len || str_eq(component_more(from)->cpe, component_more(to)->cpe);

	for (size_t i = 0; i < component_more(to)->more_cpes.n; i++)
		there = there || str_eq(component_more(to)->more_cpes.items[i], component_more(from)->cpe);
	if (!there && !component_more(to)->cpe.len)
		component_add_more(m->arena, to)->cpe = arena_str(m->arena, component_more(from)->cpe);
	else if (!there)
		*VEC_ADD(m->arena, &component_add_more(m->arena, to)->more_cpes) = arena_str(m->arena, component_more(from)->cpe);
}

static void fill_more(struct merge *m, struct component_more *to, const struct component_more *from)
{
	fill(m, &to->source_name, from->source_name);
	fill(m, &to->source_version, from->source_version);
	fill(m, &to->registry, from->registry);
	fill(m, &to->copyright, from->copyright);
	fill_party(m, &to->supplier, party_said(from->supplier));
	fill_party(m, &to->originator, party_said(from->originator));
	fill_party(m, &to->manufacturer, party_said(from->manufacturer));
}

void merge_component(struct merge *m, uint32_t index, const struct component *from)
{
	struct component *to = &m->out->components[index];
	struct merged *x = &m->beside.items[index];
	struct arena_mark mark = arena_mark(m->scratch);

	if (!x->more_than_one) {
		say_all(m, x, to, component_more(to)->reporters.n ? component_more(to)->reporters.items[0] : STR_NONE);
		x->more_than_one = true;
		for (size_t i = 0; i < to->properties.n; i++)
			property_seen(m, index, &to->properties.items[i]);
	}
	say_all(m, x, from, component_more(from)->reporters.n ? component_more(from)->reporters.items[0] : m->who);
	merge_reporters(m, to, from);
	merge_purl(m, to, from);
	/* What one of them does not tell is judged as run time: a dev dependency there may be needed here. */
	to->scope = to->scope && from->scope ? to->scope | from->scope : 0;
	to->direct = to->direct || from->direct;
	to->direct_known = to->direct_known || from->direct_known;
	to->first_party = to->first_party && from->first_party;
	to->weak = to->weak && from->weak;
	fill(m, &to->version, from->version);
	fill(m, &to->declared, from->declared);
	fill(m, &to->ecosystem, from->ecosystem);
	fill(m, &to->purl_type, from->purl_type);
	if (from->more)
		fill_more(m, component_add_more(m->arena, to), from->more);
	fill(m, &to->download, from->download);
	fill(m, &to->vcs, from->vcs);
	fill(m, &to->commit, from->commit);
	fill(m, &to->description, from->description);
	merge_cpe(m, to, from);
	keep_other_extra(m, index, from);
	merge_properties(m, index, from);
	merge_lists(m, &m->out->components[index], from);
	arena_pop(m->scratch, mark);
}
