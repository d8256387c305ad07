/* Which ids name one flaw: the closure of `aliases` (symmetric and transitive, says the schema) over all records that are not
 * withdrawn. `upstream` and `related` never join: they glue thousands of CVEs together. They are followed one way only, from
 * a distribution's record to the CVEs that it names. */
#include <stdlib.h>

#include "vuln/build.h"

#define UPSTREAM_DEPTH 8
#define NAMED_MAX 20000 /* steps for one record: a ring of records ends here */

static uint32_t root_of(struct build *b, uint32_t x)
{
	while (b->group[x] != x) {
		b->group[x] = b->group[b->group[x]];
		x = b->group[x];
	}
	return x;
}

static bool is_dead(const struct build_record *r)
{
	return r->dead || (r->flags & ADVISORY_WITHDRAWN);
}

/* Members of each group as a list: next[i] chains them in a ring. */
void build_groups(struct build *b)
{
	size_t n = b->texts.n;

	b->group_n = n;
	b->group = arena_array(b->arena, n * 2, sizeof *b->group);
	uint32_t *next = b->group + n;
	for (size_t i = 0; i < n; i++)
		b->group[i] = next[i] = (uint32_t)i;
	for (VEC_EACH(struct build_record, r, &b->records)) {
		if (is_dead(r))
			continue;
		for (size_t i = 0; i < r->aliases.n; i++) {
			uint32_t x = root_of(b, r->id), y = root_of(b, r->aliases.items[i]);
			if (x == y)
				continue;
			b->group[x > y ? x : y] = x > y ? y : x;
			uint32_t after = next[x]; /* two rings become one */
			next[x] = next[y];
			next[y] = after;
		}
	}
}

static const struct build *sorting; /* qsort has no context */

static int by_text(const void *x, const void *y)
{
	return str_cmp(build_text_at(sorting, *(const uint32_t *)x), build_text_at(sorting, *(const uint32_t *)y));
}

static void sort_unique(struct build *b, struct build_list *l)
{
	size_t n = 0;

	sorting = b;
	if (l->n)
		qsort(l->items, l->n, sizeof *l->items, by_text);
	for (size_t i = 0; i < l->n; i++)
		if (!n || l->items[n - 1] != l->items[i])
			l->items[n++] = l->items[i];
	l->n = n;
}

void build_group(struct build *b, uint32_t text, struct build_list *out)
{
	const uint32_t *next = b->group + b->group_n;

	out->n = 0;
	if (text >= b->group_n || next[text] == text)
		return;
	uint32_t i = text;
	do {
		build_push(b, out, i);
		i = next[i];
	} while (i != text);
	sort_unique(b, out);
}

static void add_named(struct build *b, uint32_t id, struct build_list *out, int depth, int *steps)
{
	if (++*steps > NAMED_MAX)
		return;
	if (build_cve_key(build_text_at(b, id))) {
		build_push(b, out, id);
		return;
	}
	/* Another record's id: what it is another name for, and what it names itself. */
	struct build_list same = { 0 };
	build_group(b, id, &same);
	for (size_t i = 0; i < same.n; i++)
		if (build_cve_key(build_text_at(b, same.items[i])))
			build_push(b, out, same.items[i]);
	struct map_entry *e = map_get(&b->ids, build_text_at(b, id));
	const struct build_record *r = e ? &b->records.items[e->value.num] : NULL;
	for (size_t i = 0; r && depth < UPSTREAM_DEPTH && i < r->upstream.n; i++)
		add_named(b, r->upstream.items[i], out, depth + 1, steps);
}

void build_named_cves(struct build *b, const struct build_record *r, struct build_list *out)
{
	int steps = 0;

	out->n = 0;
	for (size_t i = 0; i < r->upstream.n; i++)
		add_named(b, r->upstream.items[i], out, 0, &steps);
	for (size_t i = 0; r->distribution && i < r->related.n; i++)
		if (build_cve_key(build_text_at(b, r->related.items[i])))
			build_push(b, out, r->related.items[i]);
	sort_unique(b, out);
}
