/* A decision in words: why, why it does not close the gate, what would change it, and its vector. */
#include "base/buf.h"
#include "decide/decide.h"

static struct str shown_date(struct str date)
{
	return str_sub(date, 0, 10);
}

static void add_value(struct buf *b, const char *name, struct str word, const struct point_value *v)
{
	buf_printf(b, "%s%s %.*s", b->len ? ", " : "", name, STR_ARG(word));
	if (!v->source.s)
		return;
	buf_printf(b, " (%.*s", STR_ARG(v->source));
	if (v->date.s && v->origin != ORIGIN_ASSUMED)
		buf_printf(b, " %.*s", STR_ARG(shown_date(v->date)));
	buf_addc(b, ')');
}

struct str decide_why(struct arena *a, const struct decision *d)
{
	static const char *const names[NPOINTS] = { "exploitation", "exposure", "automatable", "human impact" };
	struct buf b;
	struct str text;

	buf_init(&b, 0);
	for (size_t i = 0; i < d->ninputs; i++)
		add_value(&b, arena_lower(a, d->inputs[i].name).s, d->inputs[i].word, &d->inputs[i].value);
	for (unsigned p = 0; p < NPOINTS && !d->ninputs; p++)
		add_value(&b, names[p], str_of(point_word(p, d->points[p].value)), &d->points[p]);
	if (d->rule.s)
		buf_printf(&b, "; %.*s: never below the gate", STR_ARG(d->rule));
	text = arena_str(a, buf_str(&b));
	buf_free(&b);
	return text;
}

struct str decide_why_not(struct arena *a, const struct decision *d)
{
	const struct point_value *e = &d->points[POINT_EXPLOITATION], *x = &d->points[POINT_EXPOSURE];
	struct str source = e->origin == ORIGIN_ASSUMED ? e->source : arena_printf(a, "%.*s %.*s", STR_ARG(e->source), STR_ARG(shown_date(e->date)));

	if (d->undecided)
		return arena_printf(a, "exploitation is not known (%.*s), none is assumed; up to %.*s is possible",
				    STR_ARG(str_from(e->source, str_starts(e->source, STR("assumed: ")) ? 9 : 0)), STR_ARG(d->highest_name));
	if (e->value == 0)
		return arena_printf(a, "no known exploitation (%.*s)", STR_ARG(str_trim(source)));
	if (e->value == 1)
		return arena_printf(a, "public exploit but no known attacks (%.*s); exposure %s, human impact %s", STR_ARG(str_trim(source)),
				    point_word(POINT_EXPOSURE, x->value), point_word(POINT_HUMAN_IMPACT, d->points[POINT_HUMAN_IMPACT].value));
	return arena_printf(a, "exploited, but exposure %s (%.*s) and human impact %s (%.*s)", point_word(POINT_EXPOSURE, x->value),
			    STR_ARG(x->source), point_word(POINT_HUMAN_IMPACT, d->points[POINT_HUMAN_IMPACT].value),
			    STR_ARG(d->points[POINT_HUMAN_IMPACT].source));
}

struct str decide_vector(struct arena *a, const struct decision *d, struct str time)
{
	static const char *const outcomes = "DSOI";
	const struct point_value *p = d->points;

	if (d->ninputs)
		return STR_NONE;
	/* The calculator's own keys (Deployer.json): X for exposure, V for very high. */
	return arena_printf(a, "SSVCv2/E:%s/X:%s/A:%s/H:%s/P:%c/%.*s/", point_key(POINT_EXPLOITATION, p[POINT_EXPLOITATION].value),
			    point_key(POINT_EXPOSURE, p[POINT_EXPOSURE].value), point_key(POINT_AUTOMATABLE, p[POINT_AUTOMATABLE].value),
			    p[POINT_HUMAN_IMPACT].value == 3 ? "V" : point_key(POINT_HUMAN_IMPACT, p[POINT_HUMAN_IMPACT].value),
			    outcomes[d->outcome], STR_ARG(time));
}

void decide_flips(struct arena *a, const struct policy *p, const struct decision *d, struct flips *out)
{
	const struct ssvc_table *t = p->table;
	unsigned values[SSVC_MAX_POINTS];
	unsigned level;

	if (d->ninputs ? d->ninputs != t->npoints : t->npoints != NPOINTS)
		return;
	for (unsigned i = 0; i < t->npoints; i++)
		values[i] = d->ninputs ? d->inputs[i].value.value : d->points[i].value;
	level = ssvc_table_outcome(t, values, NULL);
	for (unsigned i = 0; i < t->npoints; i++) {
		unsigned own = values[i];
		for (unsigned v = 0; v < t->points[i]->nvalues; v++) {
			values[i] = v;
			unsigned other = ssvc_table_outcome(t, values, NULL);
			if (other != level)
				*VEC_ADD(a, out) = (struct flip){ t->points[i]->name, t->points[i]->values[v].word, other, ssvc_table_title(t, other) };
		}
		values[i] = own;
	}
}
