#include "base/diag.h"

#include <stdlib.h>

#include "base/redact.h"

#define MOST_OF_A_SEVERITY 1000

void diag_init(struct diags *d, struct arena *a)
{
	*d = (struct diags){ .arena = a };
}

void diag_add(struct diags *d, enum severity severity, const char *code, struct str input, size_t offset, const char *fmt, ...)
{
	size_t same = 0;
	va_list ap;

	for (size_t i = d->n; i > 0 && same <= MOST_OF_A_SEVERITY; i--)
		same += d->items[i - 1].severity == severity;
	if (same > MOST_OF_A_SEVERITY)
		return;
	struct diag *it = VEC_ADD(d->arena, d);
	it->severity = severity;
	it->code = code;
	it->input = arena_str(d->arena, redact(d->arena, input));
	it->offset = offset;
	if (same == MOST_OF_A_SEVERITY) {
		it->text = STR("there are more messages of this kind; only the first thousand are shown");
		return;
	}
	va_start(ap, fmt);
	it->text = redact(d->arena, arena_vprintf(d->arena, fmt, ap));
	va_end(ap);
}

void diag_locate(struct diags *d, size_t from, struct str input, struct str text)
{
	for (size_t i = from; i < d->n; i++) {
		struct diag *it = &d->items[i];
		if (it->line || it->offset == DIAG_NO_OFFSET || !str_eq(it->input, input))
			continue;
		size_t end = it->offset < text.len ? it->offset : text.len, start = 0;
		it->line = 1;
		for (size_t at; (at = str_chr(str_sub(text, start, end - start), '\n')) != STR_NOT_FOUND; start += at + 1)
			it->line++;
		it->column = (unsigned)(end - start + 1);
	}
}

static int compare_diags(const void *x, const void *y)
{
	const struct diag *a = x, *b = y;
	int d = str_cmp(a->input, b->input);

	if (!d)
		d = a->line < b->line ? -1 : a->line > b->line;
	if (!d)
		d = a->column < b->column ? -1 : a->column > b->column;
	if (!d)
		d = strcmp(a->code, b->code);
	if (!d)
		d = str_cmp(a->text, b->text);
	return d ? d : (int)a->severity - (int)b->severity;
}

void diag_sort(struct diags *d)
{
	size_t kept = 0;

	if (d->n < 2)
		return;
	qsort(d->items, d->n, sizeof *d->items, compare_diags);
	for (size_t i = 0; i < d->n; i++)
		if (kept == 0 || compare_diags(&d->items[kept - 1], &d->items[i]) != 0)
			d->items[kept++] = d->items[i];
	d->n = kept;
}

int diag_class(const struct diag *d)
{
	static const struct {
		const char *prefix;
		int exit_code;
	} classes[] = { { "usage.", 2 }, { "input.", 3 }, { "data.", 4 }, { "bug.", 70 } };

	if (d->severity != SEV_ERROR)
		return 0;
	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
		if (strncmp(d->code, classes[i].prefix, strlen(classes[i].prefix)) == 0)
			return classes[i].exit_code;
	return 70;
}

int diag_exit_code(const struct diags *d)
{
	static const int order[] = { 2, 70, 4, 3 };

	for (size_t o = 0; o < sizeof order / sizeof order[0]; o++)
		for (size_t i = 0; i < d->n; i++)
			if (diag_class(&d->items[i]) == order[o])
				return order[o];
	return 0;
}
