#include "match/match.h"

#include <stdlib.h>

#include "identity/purl.h"
#include "match/lookup.h"

static void add_undecided(struct lookup *l)
{
	*VEC_ADD(l->arena, &l->out->undecided) =
		(struct undecided){ .component = l->index, .why = l->why, .closes_gate = l->closing.s != NULL, .advisory = l->closing };
}

static void match_component(struct lookup *l)
{
	struct arena_mark mark = arena_mark(l->scratch);

	lookup_component(l);
	group_hits(l);
	if (l->why.s)
		add_undecided(l);
	arena_pop(l->scratch, mark);
}

enum result match_run(const struct bom *b, struct vuln_db *db, struct arena *a, struct diags *d, struct findings *out)
{
	struct lookup l = { .bom = b, .db = db, .arena = a, .scratch = arena_new(0), .out = out };

	for (size_t i = 0; i < b->ncomponents; i++) {
		l.component = &b->components[i];
		l.index = (uint32_t)i;
		if (!l.component->first_party)
			match_component(&l);
	}
	out->advisories_checked += l.checked;
	arena_free(l.scratch);
	return vuln_damaged(db, d) ? FAILED : OK;
}

static int by_text(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* As OSV spells it, in the component's own case: advisories write "Django" for what a lockfile calls django. */
static struct str name_of(struct arena *a, const struct component *c)
{
	struct str base = str_sub(c->ecosystem, 0, str_chr(c->ecosystem, ':'));

	if (str_is(base, "PyPI"))
		return purl_normal_package(a, base, c->name);
	return c->group.len ? arena_concat(a, c->group, str_is(base, "Maven") ? STR(":") : STR("/"), c->name) : c->name;
}

/* As the ecosystem's own tools spell it: Composer keeps the `v` that only the comparison drops, Go's advisories have none and its
 * standard library is what a language version stands for. */
static struct str version_of(struct arena *a, const struct component *c, struct str base)
{
	struct advisory_identity id;

	if (str_is(base, "Packagist"))
		return c->version;
	if (!str_is(base, "Go"))
		return purl_own_version(a, c);
	purl_advisory_identity(a, c, &id);
	return id.version;
}

struct str match_rows(struct arena *a, const struct bom *b, const struct findings *f)
{
	VEC(struct str) rows = { 0 };
	struct buf out;

	for (VEC_EACH(const struct finding, x, &f->list))
		for (VEC_EACH(const struct match, m, &x->matches)) {
			const struct component *c = &b->components[m->component];
			struct str name = name_of(a, c), version = version_of(a, c, m->ecosystem);
			*VEC_ADD(a, &rows) = arena_printf(a, "%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(m->ecosystem), STR_ARG(name), STR_ARG(version),
							  STR_ARG(m->id));
		}
	if (rows.n)
		qsort(rows.items, rows.n, sizeof *rows.items, by_text);
	buf_init(&out, 0);
	for (size_t i = 0; i < rows.n; i++)
		if (!i || !str_eq(rows.items[i - 1], rows.items[i]))
			buf_add(&out, rows.items[i]);
	struct str text = arena_str(a, buf_str(&out));
	buf_free(&out);
	return text;
}
