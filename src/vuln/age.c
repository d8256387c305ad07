#include "vuln/vuln.h"

#define HOUR ((int64_t)3600)

const struct vuln_limits vuln_default_limits = {
	.warn = 24 * HOUR, .kev = 72 * HOUR, .ssvc = 72 * HOUR, .osv = 7 * 24 * HOUR, .epss = 0
};

static int64_t limit_of(const struct vuln_limits *l, struct str name)
{
	return str_is(name, "kev") ? l->kev : str_is(name, "ssvc") ? l->ssvc : str_is(name, "osv") ? l->osv : str_is(name, "epss") ? l->epss : 0;
}

void vuln_ages(const struct vuln_db *db, int64_t now, const struct vuln_limits *limits, struct arena *a, struct vuln_age_report *out)
{
	*out = (struct vuln_age_report){ 0 };
	for (VEC_EACH(const struct vuln_source, s, &vuln_about(db)->sources)) {
		int64_t checked, limit = limit_of(limits, s->name);
		if (s->ecosystem.len && str_eq(s->checked, vuln_source_of(db, "osv", STR_NONE)->checked))
			continue; /* told by the source as a whole */
		struct vuln_source_age *x = VEC_ADD(a, out);
		x->source = s;
		if (!timestamp_parse(s->checked, &checked)) {
			x->age = limit ? VULN_STALE : VULN_FRESH; /* nobody says that it is current */
			x->seconds = INT64_MAX;
		} else {
			x->seconds = now - checked;
			x->age = limit && x->seconds > limit ? VULN_STALE : limit && limits->warn && x->seconds > limits->warn ? VULN_AGING : VULN_FRESH;
		}
		if (x->age > out->worst)
			out->worst = x->age;
	}
}
