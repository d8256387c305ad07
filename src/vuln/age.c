#include "vuln/vuln.h"

#define HOUR ((int64_t)3600)

const struct vuln_limits vuln_default_limits = {
	.warn = 24 * HOUR, .kev = 72 * HOUR, .ssvc = 72 * HOUR, .osv = 7 * 24 * HOUR, .epss = 0
};

static int64_t limit_of(const struct vuln_limits *l, struct str name)
{
	return str_is(name, "kev") ? l->kev : str_is(name, "ssvc") ? l->ssvc : str_is(name, "osv") ? l->osv : str_is(name, "epss") ? l->epss : 0;
}

static enum vuln_age age_of(const struct vuln_limits *l, int64_t limit, int64_t seconds)
{
	if (!limit)
		return VULN_FRESH;
	if (seconds < 0 || seconds > limit) /* INT64_MAX: nobody says that it is current */
		return VULN_STALE;
	return l->warn && seconds > l->warn ? VULN_AGING : VULN_FRESH;
}

void vuln_ages(const struct vuln_db *db, int64_t now, const struct vuln_limits *limits, struct arena *a, struct vuln_age_report *out)
{
	const struct vuln_source *whole = vuln_source_of(db, "osv", STR_NONE);

	*out = (struct vuln_age_report){ 0 };
	for (VEC_EACH(const struct vuln_source, s, &vuln_about(db)->sources)) {
		int64_t checked;
		if (s->ecosystem.len && whole && str_eq(s->checked, whole->checked))
			continue; /* told by the source as a whole */
		struct vuln_source_age *x = VEC_ADD(a, out);
		x->source = s;
		x->seconds = timestamp_parse(s->checked, &checked) ? now - checked : INT64_MAX;
		if (x->seconds < 0 && x->seconds >= -VULN_CLOCKS_DIFFER)
			x->seconds = 0;
		x->age = age_of(limits, limit_of(limits, s->name), x->seconds);
		if (x->age > out->worst)
			out->worst = x->age;
	}
}
