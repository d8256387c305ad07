#include "report/changes.h"

#include <stdlib.h>

#include "version/version.h"

struct str component_title(struct arena *a, const struct component *c)
{
	struct str name = c->name.len ? c->name : c->ref;

	if (!c->group.len)
		return name;
	return arena_concat(a, c->group, str_is(c->ecosystem, "Maven") ? STR(":") : STR("/"), name);
}

void component_place(const struct bom *b, const struct component *c, struct str *file, uint32_t *line)
{
	*file = STR_NONE;
	*line = 0;
	if (c->evidence.n && c->evidence.items[0].input < b->inputs.n) {
		*file = b->inputs.items[c->evidence.items[0].input].path;
		*line = c->evidence.items[0].line;
	}
}

/* ---- how it got in */

/* Breadth first from the subject and the product's own parts. */
uint32_t *dependency_ways(const struct bom *b, struct arena *a)
{
	size_t n = b->ncomponents, head = 0, tail = 0;
	uint32_t *before = arena_array(a, n + 1, sizeof *before), *queue = arena_array(a, n + 1, sizeof *queue);
	uint32_t *start = arena_array(a, n + 2, sizeof *start);
	bool *seen = arena_array(a, n + 1, sizeof *seen);

	/* edges are sorted by `from` only in a bom made from sources: count first */
	for (size_t i = 0; i < b->dependencies.n; i++)
		if (b->dependencies.items[i].from < n)
			start[b->dependencies.items[i].from + 1]++;
	for (size_t i = 0; i < n; i++)
		start[i + 1] += start[i];
	uint32_t *at = arena_array(a, n + 1, sizeof *at), *to = arena_array(a, b->dependencies.n + 1, sizeof *to);
	memcpy(at, start, n * sizeof *at);
	for (size_t i = 0; i < b->dependencies.n; i++) {
		const struct dependency *d = &b->dependencies.items[i];
		if (d->from < n)
			to[at[d->from]++] = d->to;
	}
	for (size_t i = 0; i < n; i++) {
		before[i] = NO_COMPONENT;
		if (b->components[i].first_party) {
			seen[i] = true;
			queue[tail++] = (uint32_t)i;
		}
	}
	while (head < tail) {
		uint32_t from = queue[head++];
		for (uint32_t k = start[from]; k < start[from + 1]; k++) {
			if (to[k] >= n || seen[to[k]])
				continue;
			seen[to[k]] = true;
			before[to[k]] = from;
			queue[tail++] = to[k];
		}
	}
	return before;
}

size_t dependency_path(const struct bom *b, const uint32_t *ways, struct arena *a, uint32_t c, uint32_t **out)
{
	size_t n = 0;

	for (uint32_t i = c; i != NO_COMPONENT && !b->components[i].first_party; i = ways[i])
		n++;
	if (ways[c] == NO_COMPONENT)
		return 0;
	*out = arena_array(a, n, sizeof **out);
	for (uint32_t i = c, k = (uint32_t)n; k > 0; i = ways[i])
		(*out)[--k] = i;
	return n;
}

/* ---- grouping */

static bool same_change(const struct bom *b, const struct change_item *x, const struct finding *f)
{
	const struct component *one = &b->components[x->component], *two = &b->components[f->component];

	return x->component == f->component ||
	       (str_eq(one->name, two->name) && str_eq(one->group, two->group) && str_eq(one->version, two->version) &&
		str_eq(one->ecosystem, two->ecosystem) && str_eq(x->service, f->decision.service));
}

static int compare_findings(const void *x, const void *y)
{
	const struct finding *a = *(const struct finding *const *)x, *b = *(const struct finding *const *)y;

	if (a->decision.level != b->decision.level)
		return a->decision.level > b->decision.level ? -1 : 1;
	if (a->kev != b->kev)
		return a->kev ? -1 : 1;
	return str_cmp(a->id, b->id);
}

static bool later(const struct ordering *o, struct str a, struct str b)
{
	return o && version_compare(o, a, b) == ORDER_GREATER;
}

static bool is_major(struct str from, struct str to)
{
	size_t i = 0, k = 0;

	if (from.len && (from.s[0] == 'v' || from.s[0] == 'V'))
		i++;
	if (to.len && (to.s[0] == 'v' || to.s[0] == 'V'))
		k++;
	struct str x = str_from(from, i), y = str_from(to, k);
	return !str_eq(str_cut(&x, '.'), str_cut(&y, '.'));
}

/* The smallest version that ends all of the findings that close (or all, where none closes). */
static void find_target(const struct report *r, struct change_item *c)
{
	const struct component *component = &r->bom->components[c->component];
	const struct ordering *o = version_ordering(component->ecosystem);

	for (size_t i = 0; i < c->findings.n; i++) {
		const struct finding *f = c->findings.items[i];
		if (c->closes && !gate_closes(f, r->effective, r->pull_request))
			continue;
		if (!f->fixed.len)
			c->undecided_fix = true;
		else if (!c->to.len || later(o, f->fixed, c->to))
			c->to = f->fixed;
	}
	if (c->undecided_fix)
		c->to = STR_NONE;
	c->major = c->to.len && is_major(component->version, c->to);
}

/* Is the finding over with the version that the row names? */
static bool ends_with(const struct report *r, const struct change_item *c, const struct finding *f)
{
	const struct ordering *o = version_ordering(r->bom->components[c->component].ecosystem);

	return f->fixed.len && c->to.len && (str_eq(f->fixed, c->to) || (o && version_compare(o, f->fixed, c->to) == ORDER_LESS));
}

struct str change_more(const struct report *r, const struct change_item *c)
{
	const struct ordering *o = version_ordering(r->bom->components[c->component].ecosystem);
	size_t more = c->findings.n - 1, stay = 0, never = 0;
	struct str until = STR_NONE;

	for (size_t i = 1; i < c->findings.n && c->to.len; i++) {
		const struct finding *f = c->findings.items[i];
		if (ends_with(r, c, f))
			continue;
		stay++;
		never += !f->fixed.len;
		if (f->fixed.len && (!until.len || later(o, f->fixed, until)))
			until = f->fixed;
	}
	if (!more)
		return STR("");
	if (!stay)
		return arena_printf(r->arena, " and %zu more", more);
	struct str which = stay == more ? STR("") : arena_printf(r->arena, "%zu of them ", stay);
	if (never)
		return arena_printf(r->arena, " and %zu more (%.*snot fixed by it)", more, STR_ARG(which));
	return arena_printf(r->arena, " and %zu more (%.*sfixed only by %.*s)", more, STR_ARG(which), STR_ARG(until));
}

static int compare_changes(const void *x, const void *y)
{
	const struct change_item *a = x, *b = y;

	if (a->closes != b->closes)
		return a->closes ? -1 : 1;
	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	if (a->is_new != b->is_new)
		return a->is_new ? -1 : 1;
	int d = str_cmp(a->file, b->file);
	if (!d)
		d = a->line < b->line ? -1 : a->line > b->line;
	return d ? d : a->component < b->component ? -1 : a->component > b->component;
}

static struct str way_of(const struct report *r, const uint32_t *before, uint32_t c)
{
	uint32_t *path;
	size_t n = dependency_path(r->bom, before, r->arena, c, &path);

	if (n == 1 || r->bom->components[c].direct)
		return STR("direct");
	if (n < 2)
		return STR_NONE;
	return component_title(r->arena, &r->bom->components[path[0]]);
}

void changes_of(const struct report *r, struct changes *out)
{
	*out = (struct changes){ 0 };
	for (size_t i = 0; i < r->findings->list.n; i++) {
		const struct finding *f = &r->findings->list.items[i];
		struct change_item *c = NULL;
		if (f->silenced || f->state == FINDING_FIXED)
			continue;
		/* Findings are sorted by component: only the last few changes can be the same. */
		for (size_t k = out->n; k > 0 && k + 16 > out->n && !c; k--)
			if (same_change(r->bom, &out->items[k - 1], f))
				c = &out->items[k - 1];
		if (!c) {
			c = VEC_ADD(r->arena, out);
			c->component = f->component;
			c->service = f->decision.service;
			c->owner = f->decision.owner;
			component_place(r->bom, &r->bom->components[f->component], &c->file, &c->line);
		}
		*VEC_ADD(r->arena, &c->findings) = f;
		if (f->decision.level > c->level || c->findings.n == 1)
			c->level = f->decision.level;
		if (f->decision.outcome > c->outcome)
			c->outcome = f->decision.outcome;
		c->closes = c->closes || gate_closes(f, r->effective, r->pull_request);
		c->is_new = c->is_new || f->state == FINDING_NEW;
	}
	if (!out->n)
		return;
	const uint32_t *before = dependency_ways(r->bom, r->arena);
	for (size_t i = 0; i < out->n; i++) {
		struct change_item *c = &out->items[i];
		qsort(c->findings.items, c->findings.n, sizeof(const struct finding *), compare_findings);
		find_target(r, c);
		c->via = way_of(r, before, c->component);
	}
	qsort(out->items, out->n, sizeof *out->items, compare_changes);
}
