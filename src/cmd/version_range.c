#include "cmd/version_range.h"

#include <string.h>

bool version_range_add(struct version_range *r, const char *op, struct str version)
{
	if (!version.len || r->n == VERSION_RANGE_MOST)
		return false;
	r->bounds[r->n].op = op;
	r->bounds[r->n++].version = version;
	return true;
}

bool version_range_parse(struct str text, struct version_range *out)
{
	static const char *const ops[] = { ">=", "<=", "==", ">", "<", "=" };

	for (struct str rest = text; rest.s;) {
		struct str one = str_trim(str_cut(&rest, ','));
		const char *op = "=";
		for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
			if (str_starts(one, str_of(ops[i]))) {
				op = ops[i];
				one = str_trim(str_from(one, strlen(ops[i])));
				break;
			}
		if (!version_range_add(out, op, one))
			return false;
	}
	return true;
}

static bool holds(const char *op, enum order o)
{
	switch (op[0]) {
	case '>':
		return o == ORDER_GREATER || (op[1] && o == ORDER_EQUAL);
	case '<':
		return o == ORDER_LESS || (op[1] && o == ORDER_EQUAL);
	default:
		return o == ORDER_EQUAL;
	}
}

enum range_answer version_range_has(const struct version_range *r, const struct ordering *o, struct str version)
{
	for (size_t i = 0; i < r->n; i++) {
		if (str_eq(version, r->bounds[i].version) && strchr(r->bounds[i].op, '='))
			continue;
		enum order order = version_compare(o, version, r->bounds[i].version);
		if (order == ORDER_UNKNOWN)
			return RANGE_UNKNOWN;
		if (!holds(r->bounds[i].op, order))
			return RANGE_OUT;
	}
	return RANGE_IN;
}
