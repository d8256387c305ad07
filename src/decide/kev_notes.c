/* Where a configuration lets known exploited flaws pass. */
#include "decide/judge.h"

#define OPEN 2u
#define MEDIUM 1u

struct asking {
	struct judge j;
	struct arena *arena;
	struct str_list *out;
};

/* The outcome of a flaw in KEV, with the lowest values that the record can have. */
static unsigned level_of(const struct asking *q, const struct point_value *in, unsigned exposure, unsigned human_impact)
{
	const struct binding *b = &q->j.binding;
	unsigned values[SSVC_MAX_POINTS];

	for (unsigned i = 0; i < b->table->npoints; i++) {
		enum known_input k = b->input[i];
		unsigned v = k == KNOWN_EXPLOITATION ? 2 : k == KNOWN_KEV ? 1 : k == KNOWN_EXPOSURE ? exposure : k == KNOWN_HUMAN_IMPACT ? human_impact :
			     k == KNOWN_PUBLICLY_EXPOSED ? exposure == OPEN :
			     k == KNOWN_AUTOMATABLE || k == KNOWN_TECHNICAL_IMPACT || k == KNOWN_UTILITY ? 0 : in[k].value;
		values[i] = b->value[i][v];
	}
	return ssvc_table_outcome(b->table, values, NULL);
}

static struct str service_name(const struct asking *q, const struct judged_service *s)
{
	return s->name.s ? arena_concat(q->arena, STR("service "), s->name, STR("")) : STR("files of no service");
}

static void say(struct asking *q, const struct judged_service *s, unsigned level, struct str because)
{
	*VEC_ADD(q->arena, q->out) = arena_printf(q->arena, "%.*s: a known exploited flaw (KEV) may be only %.*s and pass the gate, because of %.*s",
						  STR_ARG(service_name(q, s)), STR_ARG(ssvc_table_title(q->j.binding.table, level)), STR_ARG(because));
}

static struct str value_text(const struct asking *q, const char *name, const char *word, const struct point_value *v)
{
	return arena_printf(q->arena, "%s %s (%.*s)", name, word, STR_ARG(v->source));
}

static void ask_service(struct asking *q, const struct judged_service *s, unsigned fail_on)
{
	const struct point_value *x = &s->in[KNOWN_EXPOSURE], *h = &s->in[KNOWN_HUMAN_IMPACT];
	unsigned level = level_of(q, s->in, x->value, h->value);

	if (level < fail_on) {
		struct str exposure = value_text(q, "exposure", point_word(POINT_EXPOSURE, x->value), x);
		struct str impact = value_text(q, "human impact", point_word(POINT_HUMAN_IMPACT, h->value), h);
		bool by_exposure = level_of(q, s->in, OPEN, h->value) >= fail_on;
		bool by_impact = h->value < MEDIUM && level_of(q, s->in, x->value, MEDIUM) >= fail_on;
		say(q, s, level, by_exposure ? exposure : by_impact ? impact : arena_concat(q->arena, exposure, STR(" and "), impact));
		return;
	}
	if (s->small_development && (level = level_of(q, s->in, 0, h->value)) < fail_on)
		say(q, s, level, STR("development: small, for what never ships"));
}

void decide_kev_notes(struct arena *a, const struct policy *p, const struct effective *e, struct str_list *out)
{
	struct decide_context ctx = { .arena = a, .policy = p, .effective = e };
	struct bom nothing = { .arena = a };
	struct asking q = { .j = { .ctx = &ctx, .bom = &nothing, .arena = a }, .arena = a, .out = out };
	struct str why;
	bool rest = true;

	if (!bind_table(a, p->table, &q.j.binding, &why))
		return;
	if (e->fail_on == FAIL_ON_NEVER) {
		*VEC_ADD(a, out) = STR("known exploited flaws (KEV) pass the gate, because of fail_on never");
		return;
	}
	q.j.utility = ssvc_table_published(a, STR("utility"));
	q.j.public_safety = ssvc_table_published(a, STR("public-safety-impact"));
	judge_services(&q.j);
	if (ssvc_table_is_dsoi(p->table) && e->fail_on > OUTCOME_OUT_OF_CYCLE) {
		*VEC_ADD(a, out) = arena_printf(a, "a known exploited flaw (KEV) that is only Out-of-cycle passes the gate, because of fail_on %.*s",
						STR_ARG(policy_level_word(p->table, e->fail_on)));
		return;
	}
	for (size_t i = 0; i < p->services.n; i++) {
		ask_service(&q, &q.j.services[i], e->fail_on);
		rest = rest && (p->services.items[i].paths.n || p->services.items[i].images.n);
	}
	if (rest)
		ask_service(&q, &q.j.services[q.j.nservices - 1], e->fail_on);
}
