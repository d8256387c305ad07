/* Are two trees of values equal in every field that a reader sees? For the YAML fast path against libyaml, here and under the fuzzer. */
#ifndef YAML_SAME_H
#define YAML_SAME_H

#include "syntax/yaml_parser.h"

static inline bool same_str(struct str a, struct str b)
{
	return !a.s == !b.s && str_eq(a, b);
}

static inline bool same_value(const struct value *a, const struct value *b)
{
	if (a->type != b->type || a->quoted != b->quoted || a->inline_form != b->inline_form || a->offset != b->offset || a->n != b->n ||
	    !same_str(a->key, b->key) || !same_str(a->text, b->text))
		return false;
	const struct value *y = value_first(b);
	for (VALUE_EACH(x, a)) {
		if (!y || !same_value(x, y))
			return false;
		y = y->next;
	}
	return !y;
}

enum yaml_taken { YAML_LEFT, YAML_SAME, YAML_DIFFERENT };

/* The text by both ways; valid UTF-8. */
static inline enum yaml_taken yaml_both_ways(struct arena *a, struct str text)
{
	struct yaml_documents fast, slow;
	struct str error;
	size_t offset;

	if (!yaml_parse_subset(a, a, text, &fast))
		return YAML_LEFT;
	if (!yaml_parse_events(a, a, text, false, &slow, &error, &offset) || fast.n != slow.n)
		return YAML_DIFFERENT;
	for (size_t i = 0; i < fast.n; i++)
		if (!same_value(fast.items[i], slow.items[i]))
			return YAML_DIFFERENT;
	return YAML_SAME;
}

#endif
