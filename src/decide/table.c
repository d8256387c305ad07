#include "decide/table.h"

#include "decide/table_build.h"

static const struct {
	const char *name, *id, *title, *points, *outcome, *rows;
} published[] = {
#define TABLE(name, id, title, points, outcome, rows) { name, id, title, points, outcome, rows },
#include "decide/ssvc_tables.def"
#undef TABLE
};

static const struct ssvc_table *build(struct arena *a, size_t i)
{
	struct table_build b = { .arena = a };
	struct str points = str_of(published[i].points), rows = str_of(published[i].rows);

	b.table = ARENA_NEW(a, struct ssvc_table);
	b.table->id = str_of(published[i].id);
	b.table->name = str_of(published[i].title);
	while (points.s)
		if (!table_build_point(&b, ssvc_point_by_id(a, str_cut(&points, ' '))))
			return NULL;
	b.table->outcome = ssvc_point_by_id(a, str_of(published[i].outcome));
	if (!table_build_start(&b))
		return NULL;
	while (rows.len) {
		struct str row = str_cut(&rows, '\n'), words[SSVC_MAX_POINTS + 1];
		for (unsigned p = 0; p <= b.table->npoints; p++)
			words[p] = str_cut(&row, ' ');
		if (!table_build_row(&b, words))
			return NULL;
	}
	return table_build_end(&b) ? b.table : NULL;
}

const struct ssvc_table *ssvc_table_published(struct arena *a, struct str name)
{
	for (size_t i = 0; i < sizeof published / sizeof published[0]; i++)
		if (ssvc_word_eq(name, str_of(published[i].name)) || str_is(name, published[i].id))
			return build(a, i);
	return NULL;
}

struct str ssvc_table_names(struct arena *a)
{
	struct str all = STR("");

	for (size_t i = 0; i < sizeof published / sizeof published[0]; i++)
		all = arena_concat(a, all, i ? STR(", ") : STR(""), str_of(published[i].name));
	return all;
}

int ssvc_table_point(const struct ssvc_table *t, const char *kind)
{
	for (unsigned i = 0; i < t->npoints; i++)
		if (str_is(t->points[i]->kind, kind))
			return (int)i;
	return -1;
}

size_t ssvc_table_cell(const struct ssvc_table *t, const unsigned *values)
{
	size_t cell = 0;

	for (unsigned i = 0; i < t->npoints; i++)
		cell = cell * t->points[i]->nvalues + values[i];
	return cell;
}

unsigned ssvc_table_outcome(const struct ssvc_table *t, const unsigned *values, unsigned *row)
{
	size_t cell = ssvc_table_cell(t, values);

	if (row)
		*row = t->rows[cell];
	return t->cells[cell];
}

/* The combination of value indexes behind a cell, and whether every one of them is possible. */
static bool cell_possible(const struct ssvc_table *t, size_t cell, const unsigned *possible)
{
	for (unsigned i = t->npoints; i-- > 0; cell /= t->points[i]->nvalues)
		if (!(possible[i] & 1u << cell % t->points[i]->nvalues))
			return false;
	return true;
}

unsigned ssvc_table_possible(const struct ssvc_table *t, const unsigned *possible)
{
	unsigned outcomes = 0;

	for (size_t cell = 0; cell < t->nrows; cell++)
		if (cell_possible(t, cell, possible))
			outcomes |= 1u << t->cells[cell];
	return outcomes;
}

unsigned ssvc_table_highest(const struct ssvc_table *t, const unsigned *possible)
{
	unsigned values[SSVC_MAX_POINTS];

	for (unsigned i = 0; i < t->npoints; i++)
		values[i] = possible[i] ? 31u - (unsigned)__builtin_clz(possible[i]) : t->points[i]->nvalues - 1;
	return ssvc_table_outcome(t, values, NULL);
}

bool ssvc_table_is_dsoi(const struct ssvc_table *t)
{
	return str_is(t->outcome->kind, "ssvc:DSOI");
}

struct str ssvc_table_title(const struct ssvc_table *t, unsigned level)
{
	if (level >= t->outcome->nvalues)
		return STR("?");
	return ssvc_table_is_dsoi(t) && t->outcome->nvalues == 4 ? str_of(outcome_title((enum outcome)level)) : t->outcome->values[level].name;
}
