/* Records with one id. An export holds whole records, also their blocks for other ecosystems, so that a record stands in several exports;
 * where those were made at different times, or by different publishers, their copies differ. The later one holds, but each export
 * is the word on its own ecosystem: where the later one names no package of it, the blocks of that export's copy stay. */
#include "vuln/build.h"
#include "vuln/ecosystem.h"

/* The later `modified` wins; of equal ones the larger, so that the order of the files does not matter. */
static bool supersedes(const struct build_record *x, const struct build_record *y)
{
	if (x->modified != y->modified)
		return x->modified > y->modified;
	return x->size > y->size;
}

static struct str last_part(struct str *path)
{
	size_t slash = str_rchr(*path, '/');
	struct str part = slash == STR_NOT_FOUND ? *path : str_from(*path, slash + 1);

	*path = slash == STR_NOT_FOUND ? STR("") : str_sub(*path, 0, slash);
	return part;
}

/* "…/PyPI/all.zip/ID.json", "…/PyPI/ID.json": PyPI. 0 where the folder is named after no ecosystem. */
static uint32_t home_of(struct build *b, struct str source)
{
	last_part(&source);
	struct str folder = last_part(&source);

	if (build_is_archive(folder))
		folder = last_part(&source);
	return ecosystem_find(folder) ? build_text(b, ecosystem_base(ecosystem_canonical(b->scratch, folder))) : 0;
}

static void add_home(struct build *b, struct build_record *r, uint32_t home)
{
	if (home)
		build_push(b, &r->homes, home);
}

void build_add_record(struct build *b, struct str source, const struct build_record *r)
{
	bool fresh;
	uint32_t home = home_of(b, source);
	struct map_entry *e = map_put(&b->ids, build_text_at(b, r->id), &fresh);
	uint32_t first = fresh ? 0 : (uint32_t)e->value.num + 1;

	for (uint32_t i = first; i; i = b->records.items[i - 1].other) {
		struct build_record *old = &b->records.items[i - 1];
		if (old->modified == r->modified && old->size == r->size) {
			add_home(b, old, home);
			return;
		}
	}
	struct build_record *added = VEC_ADD(b->arena, &b->records);
	*added = *r;
	add_home(b, added, home);
	uint32_t index = (uint32_t)(added - b->records.items);
	struct build_record *holds = first ? &b->records.items[first - 1] : NULL;
	if (holds && !supersedes(added, holds)) {
		added->dead = true;
		added->other = holds->other;
		holds->other = index + 1;
		return;
	}
	added->other = first;
	if (holds)
		holds->dead = true;
	e->value.num = index;
}

static bool of_ecosystem(const struct build *b, const struct build_affected *x, uint32_t home)
{
	return str_eq(ecosystem_base(build_text_at(b, x->ecosystem)), build_text_at(b, home));
}

static bool speaks_for(const struct build *b, const struct build_record *r, uint32_t home)
{
	for (VEC_EACH(const uint32_t, h, &r->homes))
		if (*h == home)
			return true;
	for (VEC_EACH(const struct build_affected, x, &r->affected))
		if (of_ecosystem(b, x, home))
			return true;
	return false;
}

static void take_blocks(struct build *b, struct build_record *to, const struct build_record *from)
{
	for (VEC_EACH(const uint32_t, home, &from->homes)) {
		if (speaks_for(b, to, *home))
			continue;
		for (VEC_EACH(const struct build_affected, x, &from->affected))
			if (of_ecosystem(b, x, *home))
				*VEC_ADD(b->arena, &to->affected) = *x;
	}
}

/* The latest of the copies that is older than `than`; NULL where none is. */
static struct build_record *next_copy(struct build *b, const struct build_record *holds, const struct build_record *than)
{
	struct build_record *best = NULL;

	for (uint32_t i = holds->other; i; i = b->records.items[i - 1].other) {
		struct build_record *r = &b->records.items[i - 1];
		if (supersedes(than, r) && (!best || supersedes(r, best)))
			best = r;
	}
	return best;
}

void build_join_copies(struct build *b)
{
	for (VEC_EACH(struct build_record, r, &b->records)) {
		if (r->dead || (r->flags & ADVISORY_WITHDRAWN))
			continue;
		for (const struct build_record *c = next_copy(b, r, r); c; c = next_copy(b, r, c))
			if (!(c->flags & ADVISORY_WITHDRAWN))
				take_blocks(b, r, c);
	}
}
