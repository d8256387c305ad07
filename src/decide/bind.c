#include "decide/bind.h"

static const struct {
	const char *kind, *id;
} inputs[NKNOWN_INPUTS] = {
	[KNOWN_EXPLOITATION] = { "ssvc:E", "ssvc:E:1.1.0" },
	[KNOWN_EXPOSURE] = { "ssvc:EXP", "ssvc:EXP:1.0.1" },
	[KNOWN_AUTOMATABLE] = { "ssvc:A", "ssvc:A:2.0.0" },
	[KNOWN_HUMAN_IMPACT] = { "ssvc:HI", "ssvc:HI:2.0.2" },
	[KNOWN_TECHNICAL_IMPACT] = { "ssvc:TI", "ssvc:TI:1.0.0" },
	[KNOWN_SAFETY] = { "ssvc:SI", "ssvc:SI:2.0.1" },
	[KNOWN_MISSION] = { "ssvc:MI", "ssvc:MI:2.0.0" },
	[KNOWN_KEV] = { "cisa:KEV", "cisa:KEV:1.0.0" },
	[KNOWN_PUBLICLY_EXPOSED] = { "cisa:PE", "cisa:PE:1.0.0" },
	[KNOWN_VALUE_DENSITY] = { "ssvc:VD", "ssvc:VD:1.0.0" },
	[KNOWN_UTILITY] = { "ssvc:U", "ssvc:U:1.0.1" },
	[KNOWN_PUBLIC_SAFETY] = { "ssvc:PSI", "ssvc:PSI:2.0.1" },
	[KNOWN_MISSION_WELL_BEING] = { "ssvc:MWI", "ssvc:MWI:1.0.0" },
};

bool bind_table(struct arena *a, const struct ssvc_table *t, struct binding *out, struct str *why)
{
	*out = (struct binding){ .table = t, .deployer = t->npoints == NPOINTS };
	for (unsigned i = 0; i < t->npoints; i++) {
		const struct ssvc_point *p = t->points[i], *ours;
		unsigned in = 0;
		while (in < NKNOWN_INPUTS && !str_is(p->kind, inputs[in].kind))
			in++;
		if (in == NKNOWN_INPUTS) {
			*why = arena_printf(a, "nothing tells the value of %.*s (%.*s)", STR_ARG(p->name), STR_ARG(p->id));
			return false;
		}
		ours = ssvc_point_by_id(a, str_of(inputs[in].id));
		out->input[i] = in;
		out->deployer = out->deployer && in == i;
		for (unsigned v = 0; v < ours->nvalues; v++) {
			unsigned theirs;
			if (!ssvc_value_of(p, ours->values[v].name, &theirs) && !ssvc_value_of(p, ours->values[v].key, &theirs)) {
				*why = arena_printf(a, "its %.*s has no value \"%.*s\"", STR_ARG(p->name), STR_ARG(ours->values[v].name));
				return false;
			}
			out->value[i][v] = (uint8_t)theirs;
		}
		out->deployer = out->deployer && p->nvalues == point_count(i);
	}
	return true;
}

unsigned bind_bits(const struct binding *b, unsigned point, unsigned ours)
{
	unsigned theirs = 0;

	for (unsigned v = 0; v < SSVC_MAX_VALUES; v++)
		if (ours & 1u << v)
			theirs |= 1u << b->value[point][v];
	return theirs;
}
