/* The bytes of packages, advisories, texts and facts. Numbers are varints (7 bits a byte, lowest first), texts are offsets into
 * STRINGS as varints.
 *
 * package:  length of the rest, name, number of entries; an entry: advisory index, flags (enum entry_flags), the name as written (DISPLAY); unless
 *           ALL: number of ranges, each: type, repository (GIT), number of events, each: offset of its text << 2 | kind;
 *           number of listed versions, each
 * advisory: flags (enum advisory_flags), id, modified, published (seconds since 1970), number of ids of its group, each; number
 *           of one-way CVEs, each; severity (SEVERITY); informational (INFORMATIONAL)
 * text:     id's length, id, the record's JSON */
#include <stdlib.h>

#include "vuln/ecosystem.h"
#include "vuln/evaluate.h"
#include "vuln/output.h"

struct row {
	uint32_t ecosystem, hash, package, record; /* record: index into sorted records */
	uint32_t affected;
};

static const struct build *sorting; /* qsort has no context */

static int by_id(const void *x, const void *y)
{
	const struct build_record *r = x, *q = y;

	return str_cmp(build_text_at(sorting, r->id), build_text_at(sorting, q->id));
}

static int by_package(const void *x, const void *y)
{
	const struct row *r = x, *q = y;

	if (r->ecosystem != q->ecosystem)
		return str_cmp(build_text_at(sorting, r->ecosystem), build_text_at(sorting, q->ecosystem));
	if (r->hash != q->hash)
		return r->hash < q->hash ? -1 : 1;
	if (r->package != q->package)
		return str_cmp(build_text_at(sorting, r->package), build_text_at(sorting, q->package));
	if (r->record != q->record)
		return r->record < q->record ? -1 : 1;
	return r->affected < q->affected ? -1 : r->affected > q->affected;
}

/* As the evaluation wants it, on the scratch, without GIT ranges unless it is a repository's. */
static struct vuln_affected view(struct build *b, const struct build_affected *x, bool repository)
{
	struct vuln_affected v = { .malformed = x->malformed };

	v.ranges = arena_array(b->scratch, x->ranges.n, sizeof *v.ranges);
	for (size_t i = 0; i < x->ranges.n; i++) {
		const struct build_range *g = &x->ranges.items[i];
		if (g->type == RANGE_GIT && !repository) {
			v.git = true;
			continue;
		}
		struct vuln_range *r = &v.ranges[v.nranges++];
		*r = (struct vuln_range){ .type = g->type, .nevents = g->events.n };
		r->events = arena_array(b->scratch, g->events.n, sizeof *r->events);
		for (size_t k = 0; k < g->events.n; k++)
			r->events[k] = (struct vuln_event){ g->events.items[k] & 3, build_text_at(b, g->events.items[k] >> 2) };
	}
	return v;
}

static void put_versions(struct output *o, const struct build_affected *x, struct vuln_affected *v, const struct ordering *order)
{
	struct build *b = o->b;
	uint32_t *kept = arena_array(b->scratch, x->versions.n, sizeof *kept);
	size_t n = 0;

	for (size_t i = 0; i < v->nranges; i++)
		vuln_range_sort(&v->ranges[i], order);
	for (size_t i = 0; i < x->versions.n; i++) {
		struct str version = build_text_at(b, x->versions.items[i]);
		bool held = false;
		for (size_t k = 0; k < v->nranges && !held; k++)
			held = vuln_range_holds(&v->ranges[k], order, version) == AFFECTED;
		if (!held)
			kept[n++] = x->versions.items[i];
	}
	output_varint(o, SECTION_BLOBS, n);
	for (size_t i = 0; i < n; i++)
		output_text(o, SECTION_BLOBS, kept[i]);
}

static bool holds_all(const struct build_affected *x)
{
	return !x->malformed && x->ranges.n == 1 && x->ranges.items[0].type != RANGE_GIT && x->ranges.items[0].events.n == 1;
}

static void put_entry(struct output *o, const struct build_affected *x, uint32_t advisory, const struct ordering *order)
{
	struct build *b = o->b;
	struct arena_mark mark = arena_mark(b->scratch);
	bool repository = str_is(build_text_at(b, x->ecosystem), "GIT");
	struct vuln_affected v = view(b, x, repository);
	bool all = holds_all(x) && str_is(v.ranges[0].events[0].version, "0") && v.ranges[0].events[0].kind == EVENT_INTRODUCED &&
		   !x->versions.n;

	output_varint(o, SECTION_BLOBS, advisory);
	output_varint(o, SECTION_BLOBS, (x->malformed ? ENTRY_MALFORMED : 0) | (x->display != x->package ? ENTRY_DISPLAY : 0) |
						(all ? ENTRY_ALL : 0) | (v.git ? ENTRY_GIT : 0));
	if (x->display != x->package)
		output_text(o, SECTION_BLOBS, x->display);
	if (!all) {
		output_varint(o, SECTION_BLOBS, v.nranges);
		for (size_t i = 0; i < x->ranges.n; i++) {
			const struct build_range *g = &x->ranges.items[i];
			if (g->type == RANGE_GIT && !repository)
				continue;
			output_varint(o, SECTION_BLOBS, g->type);
			if (g->type == RANGE_GIT)
				output_text(o, SECTION_BLOBS, g->repo);
			output_varint(o, SECTION_BLOBS, g->events.n);
			for (size_t k = 0; k < g->events.n; k++) {
				uint32_t e = g->events.items[k];
				output_varint(o, SECTION_BLOBS, (uint64_t)output_ref(o, e >> 2) << 2 | (e & 3));
			}
		}
		put_versions(o, x, &v, order);
	}
	arena_pop(b->scratch, mark);
}

static void put_advisory(struct output *o, const struct build_record *r)
{
	struct build *b = o->b;
	struct build_list group = { 0 }, named = { 0 };

	build_group(b, r->id, &group);
	build_named_cves(b, r, &named);
	output_varint(o, SECTION_BODIES, (r->flags & ADVISORY_MALICIOUS) | (r->severity ? ADVISORY_SEVERITY : 0) |
						 (r->informational ? ADVISORY_INFORMATIONAL : 0));
	output_text(o, SECTION_BODIES, r->id);
	output_varint(o, SECTION_BODIES, r->modified);
	output_varint(o, SECTION_BODIES, r->published);
	output_varint(o, SECTION_BODIES, group.n);
	for (size_t i = 0; i < group.n; i++)
		output_text(o, SECTION_BODIES, group.items[i]);
	output_varint(o, SECTION_BODIES, named.n);
	for (size_t i = 0; i < named.n; i++)
		output_text(o, SECTION_BODIES, named.items[i]);
	if (r->severity)
		output_text(o, SECTION_BODIES, r->severity);
	if (r->informational)
		output_text(o, SECTION_BODIES, r->informational);
}

static int by_number(const void *x, const void *y)
{
	const uint32_t *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

/* Advisories in two waves, malicious packages last: they are most of npm, and nearly never asked for, so that what is asked
 * for lies in few blocks. Records are sorted by id already. */
static uint32_t number_advisories(struct output *o, const struct row *rows, size_t nrows, uint32_t *index)
{
	struct build *b = o->b;
	uint32_t *records = arena_array(b->scratch, nrows, sizeof *records), n = 0;
	size_t nrecords = 0;

	for (size_t i = 0; i < nrows; i++)
		if (!index[rows[i].record]) {
			index[rows[i].record] = 1;
			records[nrecords++] = rows[i].record;
		}
	qsort(records, nrecords, sizeof *records, by_number);
	for (unsigned wave = 0; wave < 2; wave++)
		for (size_t i = 0; i < nrecords; i++) {
			const struct build_record *r = &b->records.items[records[i]];
			if (((r->flags & ADVISORY_MALICIOUS) != 0) != wave)
				continue;
			index[records[i]] = ++n;
			output_mark(o, SECTION_RECORDS, SECTION_BODIES);
			put_advisory(o, r);
		}
	output_mark(o, SECTION_RECORDS, SECTION_BODIES);
	return n;
}

/* The blocks of one package, from rows[0] on. */
static void put_package(struct output *o, const struct row *rows, size_t n, const uint32_t *index, const struct ordering *order)
{
	struct buf *blobs = &o->sections[SECTION_BLOBS], content;

	/* Its length stands before it: what comes next in the file is not what comes next in the table. */
	buf_init(&content, 0);
	struct buf whole = *blobs;
	*blobs = content;
	output_text(o, SECTION_BLOBS, rows[0].package);
	output_varint(o, SECTION_BLOBS, n);
	for (size_t k = 0; k < n; k++)
		put_entry(o, &o->b->records.items[rows[k].record].affected.items[rows[k].affected], index[rows[k].record] - 1, order);
	content = *blobs;
	*blobs = whole;
	output_varint(o, SECTION_BLOBS, content.len);
	buf_add(blobs, buf_str(&content));
	buf_free(&content);
}

static bool only_malicious(const struct build *b, const struct row *rows, size_t n)
{
	for (size_t k = 0; k < n; k++)
		if (!(b->records.items[rows[k].record].flags & ADVISORY_MALICIOUS))
			return false;
	return true;
}

/* The rows of one ecosystem into one file. `index` is scratch: by record its number in this file, from 1. */
static bool write_ecosystem(struct output *o, const struct row *rows, size_t n, uint32_t *index)
{
	struct build *b = o->b;
	struct arena_mark mark = arena_mark(b->scratch);
	struct str ecosystem = build_text_at(b, rows[0].ecosystem);
	const struct ordering *order = version_ordering(ecosystem);
	uint32_t *starts = arena_array(b->scratch, n, sizeof *starts); /* by the package's first row */
	uint32_t packages = 0;

	output_begin(o);
	uint32_t advisories = number_advisories(o, rows, n, index);
	for (unsigned wave = 0; wave < 2; wave++)
		for (size_t i = 0, end; i < n; i = end) {
			for (end = i; end < n && rows[end].package == rows[i].package; end++)
				;
			if (only_malicious(b, rows + i, end - i) != wave)
				continue;
			starts[i] = (uint32_t)o->sections[SECTION_BLOBS].len;
			put_package(o, rows + i, end - i, index, order);
		}
	for (size_t i = 0; i < n; i++) {
		if (i && rows[i].package == rows[i - 1].package)
			continue;
		output_u32(o, SECTION_HASHES, rows[i].hash);
		output_u32(o, SECTION_PACKAGES, starts[i]);
		packages++;
	}
	for (size_t i = 0; i < n; i++)
		index[rows[i].record] = 0;
	o->counts[0] = packages;
	o->counts[1] = advisories;
	arena_pop(b->scratch, mark);
	return output_end(o, VULN_KIND_ADVISORIES, output_name(b->arena, ecosystem, ".advisories"), ecosystem);
}

bool build_write_advisories(struct output *o)
{
	struct build *b = o->b;
	VEC(struct row) rows = { 0 };
	bool ok = true;

	sorting = b;
	if (b->records.n)
		qsort(b->records.items, b->records.n, sizeof *b->records.items, by_id);
	uint32_t *index = arena_array(b->arena, b->records.n, sizeof *index);
	for (size_t i = 0; i < b->records.n; i++) {
		const struct build_record *r = &b->records.items[i];
		for (size_t k = 0; !r->dead && !(r->flags & ADVISORY_WITHDRAWN) && k < r->affected.n; k++) {
			const struct build_affected *x = &r->affected.items[k];
			*VEC_ADD(b->arena, &rows) = (struct row){ x->ecosystem, vuln_hash(build_text_at(b, x->package)), x->package,
								  (uint32_t)i, (uint32_t)k };
		}
	}
	if (rows.n)
		qsort(rows.items, rows.n, sizeof *rows.items, by_package);
	for (size_t i = 0, end; i < rows.n && ok; i = end) {
		for (end = i; end < rows.n && rows.items[end].ecosystem == rows.items[i].ecosystem; end++)
			;
		ok = write_ecosystem(o, rows.items + i, end - i, index);
	}
	return ok;
}

struct text_row {
	uint32_t base, hash, record;
};

static int by_base(const void *x, const void *y)
{
	const struct text_row *r = x, *q = y;

	if (r->base != q->base)
		return str_cmp(build_text_at(sorting, r->base), build_text_at(sorting, q->base));
	return r->hash != q->hash ? (r->hash < q->hash ? -1 : 1) : r->record < q->record ? -1 : r->record > q->record;
}

/* The records go from where they lie to the file. */
static bool write_texts_of(struct output *o, const struct text_row *rows, size_t n)
{
	struct build *b = o->b;
	struct str base = build_text_at(b, rows[0].base);

	output_begin(o);
	o->pieces = arena_array(b->arena, n, sizeof *o->pieces);
	for (size_t i = 0; i < n; i++) {
		const struct build_record *r = &b->records.items[rows[i].record];
		output_u32(o, SECTION_HASHES, rows[i].hash);
		output_u32(o, SECTION_PACKAGES, (uint32_t)o->pieces_size);
		o->pieces[o->npieces++] = r->json;
		o->pieces_size += r->json.len;
	}
	output_u32(o, SECTION_PACKAGES, (uint32_t)o->pieces_size);
	o->counts[0] = o->counts[1] = (uint32_t)n;
	return output_end(o, VULN_KIND_TEXTS, output_name(b->arena, base, ".texts"), base);
}

bool build_write_texts(struct output *o)
{
	struct build *b = o->b;
	VEC(struct text_row) rows = { 0 };
	bool ok = true;

	sorting = b;
	for (size_t i = 0; i < b->records.n; i++)
		if (!b->records.items[i].dead)
			*VEC_ADD(b->arena, &rows) = (struct text_row){ b->records.items[i].base,
								       vuln_hash(build_text_at(b, b->records.items[i].id)), (uint32_t)i };
	if (rows.n)
		qsort(rows.items, rows.n, sizeof *rows.items, by_base);
	for (size_t i = 0, end; i < rows.n && ok; i = end) {
		for (end = i; end < rows.n && rows.items[end].base == rows.items[i].base; end++)
			;
		ok = write_texts_of(o, rows.items + i, end - i);
	}
	return ok;
}
