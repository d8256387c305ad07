/* The table of validators, and collecting what they find. */
#include "format/validate.h"

#include <stdlib.h>

#include "base/diag.h"

const struct validator validators[] = {
#define VALIDATOR(fn, format) { format, fn##_validate },
#include "format/validators.def"
#undef VALIDATOR
	{ NULL, NULL },
};

const struct validator *validator_by_format(const char *format)
{
	for (const struct validator *v = validators; v->format; v++)
		if (strcmp(v->format, format) == 0)
			return v;
	return NULL;
}

void violation_add(struct violations *v, struct str pointer, size_t offset, const char *fmt, ...)
{
	va_list ap;

	if (v->count++ >= VIOLATIONS_MAX)
		return;
	struct violation *it = VEC_ADD(v->arena, &v->list);
	va_start(ap, fmt);
	*it = (struct violation){ .pointer = pointer, .offset = offset, .text = arena_vprintf(v->arena, fmt, ap) };
	va_end(ap);
}

static int compare_violations(const void *x, const void *y)
{
	const struct violation *a = x, *b = y;

	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	int d = str_cmp(a->pointer, b->pointer);
	return d ? d : str_cmp(a->text, b->text);
}

void violations_locate(struct violations *v, struct str text)
{
	size_t at = 0;
	unsigned line = 1;

	if (v->list.n > 1)
		qsort(v->list.items, v->list.n, sizeof *v->list.items, compare_violations);
	for (VEC_EACH(struct violation, it, &v->list)) {
		if (it->offset == DIAG_NO_OFFSET)
			continue;
		for (size_t end = it->offset < text.len ? it->offset : text.len; at < end; at++)
			line += text.s[at] == '\n';
		it->line = line;
	}
}
