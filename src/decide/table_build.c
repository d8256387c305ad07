#include "decide/table_build.h"

#define CELL_EMPTY 0xff

bool table_build_point(struct table_build *b, const struct ssvc_point *p)
{
	struct ssvc_table *t = b->table;

	if (!p) {
		b->why = STR("it names a decision point that is not known; give its values in the JSON form");
		return false;
	}
	if (t->npoints == SSVC_MAX_POINTS) {
		b->why = STR("it has more than 8 decision points");
		return false;
	}
	for (unsigned i = 0; i < t->npoints; i++) {
		if (str_eq(t->points[i]->kind, p->kind)) {
			b->why = arena_printf(b->arena, "the decision point %.*s stands twice", STR_ARG(p->name));
			return false;
		}
	}
	t->points[t->npoints++] = p;
	return true;
}

bool table_build_start(struct table_build *b)
{
	struct ssvc_table *t = b->table;

	if (!t->outcome || t->npoints == 0) {
		b->why = STR("it has no decision points or no outcome");
		return false;
	}
	t->nrows = 1;
	for (unsigned i = 0; i < t->npoints; i++)
		t->nrows *= t->points[i]->nvalues;
	if (t->nrows > SSVC_MAX_ROWS) {
		b->why = arena_printf(b->arena, "its points have %zu combinations; at most %d are taken", t->nrows, SSVC_MAX_ROWS);
		return false;
	}
	t->cells = arena_alloc(b->arena, t->nrows);
	memset(t->cells, CELL_EMPTY, t->nrows);
	t->rows = arena_array(b->arena, t->nrows, sizeof *t->rows);
	return true;
}

static bool value_at(struct table_build *b, const struct ssvc_point *p, struct str word, unsigned *out)
{
	if (ssvc_value_of(p, word, out))
		return true;
	b->why = arena_printf(b->arena, "row %zu: \"%.*s\" is no value of %.*s (%.*s)", b->rows, STR_ARG(str_sub(word, 0, 60)),
			      STR_ARG(p->name), STR_ARG(ssvc_value_words(b->arena, p)));
	return false;
}

bool table_build_row(struct table_build *b, const struct str *words)
{
	struct ssvc_table *t = b->table;
	unsigned values[SSVC_MAX_POINTS], outcome;
	size_t cell;

	for (unsigned i = 0; i < t->npoints; i++)
		if (!value_at(b, t->points[i], words[i], &values[i]))
			return false;
	if (!value_at(b, t->outcome, words[t->npoints], &outcome))
		return false;
	cell = ssvc_table_cell(t, values);
	if (t->cells[cell] != CELL_EMPTY) {
		b->why = arena_printf(b->arena, "row %zu repeats the combination of row %u", b->rows, t->rows[cell]);
		return false;
	}
	t->cells[cell] = (uint8_t)outcome;
	t->rows[cell] = (uint32_t)b->rows++;
	return true;
}

/* "none, open, yes, high": the values behind a cell. */
static struct str cell_text(struct table_build *b, size_t cell)
{
	const struct ssvc_table *t = b->table;
	struct str text = STR("");

	for (unsigned i = t->npoints; i-- > 0; cell /= t->points[i]->nvalues)
		text = arena_concat(b->arena, t->points[i]->values[cell % t->points[i]->nvalues].word, text.len ? STR(", ") : STR(""), text);
	return text;
}

bool table_build_end(struct table_build *b)
{
	const struct ssvc_table *t = b->table;

	for (size_t cell = 0; cell < t->nrows; cell++) {
		if (t->cells[cell] == CELL_EMPTY) {
			b->why = arena_printf(b->arena, "it is not complete: no row for %.*s", STR_ARG(cell_text(b, cell)));
			return false;
		}
	}
	for (size_t cell = 0; cell < t->nrows; cell++) {
		size_t step = 1, rest = cell;
		for (unsigned i = t->npoints; i-- > 0;) {
			size_t n = t->points[i]->nvalues, value = rest % n;
			if (value + 1 < n && t->cells[cell + step] < t->cells[cell]) {
				b->why = arena_printf(b->arena, "it is not monotone: raising %.*s in row %u (%.*s) lowers the outcome",
						      STR_ARG(t->points[i]->name), t->rows[cell], STR_ARG(cell_text(b, cell)));
				return false;
			}
			rest /= n;
			step *= n;
		}
	}
	return true;
}
