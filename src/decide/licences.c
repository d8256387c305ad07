#include "decide/licences.h"

#include "base/map.h"
#include "decide/exceptions.h"

#define SOON (14 * 86400)

/* Does the licence say something of the component? Concluded ones take the place of declared ones. */
static bool counts(const struct licence *l, bool concluded)
{
	return l->value.len && !str_is(l->value, "NOASSERTION") && !str_is(l->value, "NONE") && (!concluded || l->role == LICENCE_CONCLUDED);
}

bool licences_concluded(const struct component *c)
{
	for (VEC_EACH(const struct licence, l, &c->licences))
		if (l->role == LICENCE_CONCLUDED && counts(l, false))
			return true;
	return false;
}

/* A list of licences is not said to be a choice: all of them hold. */
struct str licences_of(struct arena *a, const struct component *c)
{
	bool concluded = licences_concluded(c);
	struct str all = STR_NONE;

	for (VEC_EACH(const struct licence, l, &c->licences)) {
		struct str one = l->value;
		if (!counts(l, concluded))
			continue;
		if (c->licences.n > 1 && str_chr(one, ' ') != STR_NOT_FOUND)
			one = arena_concat(a, STR("("), one, STR(")"));
		all = all.s ? arena_printf(a, "%.*s AND %.*s", STR_ARG(all), STR_ARG(one)) : one;
	}
	return all;
}

static bool covers(struct arena *a, const struct licence_exception *e, const struct purl *c, struct str expression, struct str culprit)
{
	struct named n = named_of(a, e->component);

	return named_covers(&n, c) && (!e->licence.s || str_eq_nocase(e->licence, culprit) || str_eq_nocase(e->licence, expression));
}

static const struct licence_exception *exception_for(struct arena *a, const struct policy *p, const struct component *c, int64_t now,
						     const struct licence_finding *f, bool *used)
{
	struct purl purl;
	struct str why;

	if (!c->purl.s || !purl_parse(a, c->purl, &purl, &why))
		return NULL;
	for (size_t i = 0; i < p->licences_ignore.n; i++) {
		const struct licence_exception *e = &p->licences_ignore.items[i];
		if (!covers(a, e, &purl, f->expression, f->culprit))
			continue;
		used[i] = true;
		if (e->until_time > now)
			return e;
	}
	return NULL;
}

struct judged {
	enum licence_verdict verdict;
	struct str culprit;
};

/* Repositories repeat a few expressions over thousands of components. */
static const struct judged *judge(struct arena *a, struct map *cache, const struct licence_lists *lists, struct str expression)
{
	bool fresh;
	struct map_entry *m = map_put(cache, expression, &fresh);

	if (fresh) {
		struct judged *j = ARENA_NEW(a, struct judged);
		j->verdict = licence_judge(a, lists, expression, &j->culprit);
		m->value.ptr = j;
	}
	return m->value.ptr;
}

/* Each licence by itself, the worst counts: a name that is no expression does not hide a denied one beside it. */
static struct judged judge_component(struct arena *a, struct map *cache, const struct licence_lists *lists, const struct component *c)
{
	bool concluded = licences_concluded(c), any = false;
	struct judged worst = { LICENCE_ALLOWED, STR_NONE };

	for (VEC_EACH(const struct licence, l, &c->licences)) {
		if (!counts(l, concluded))
			continue;
		const struct judged *j = judge(a, cache, lists, l->value);
		any = true;
		if (j->verdict > worst.verdict)
			worst = *j;
	}
	return any ? worst : (struct judged){ LICENCE_UNKNOWN, STR_NONE };
}

static void note_exceptions(struct arena *a, const struct policy *p, int64_t now, const bool *used, struct licence_report *out)
{
	for (size_t i = 0; i < p->licences_ignore.n; i++) {
		const struct licence_exception *e = &p->licences_ignore.items[i];
		struct str what = arena_printf(a, "licences.ignore %.*s (%.*s:%u)", STR_ARG(e->component), STR_ARG(e->file), e->line);
		if (e->until_time <= now)
			*VEC_ADD(a, &out->notes) = arena_printf(a, "%.*s ended on %.*s%s", STR_ARG(what), STR_ARG(e->until),
								used[i] ? "; what it lifted counts again" : "");
		else if (!used[i])
			*VEC_ADD(a, &out->notes) = arena_printf(a, "%.*s is unused: nothing here fits it", STR_ARG(what));
		else if (e->until_time - now <= SOON)
			*VEC_ADD(a, &out->notes) = arena_printf(a, "%.*s ends on %.*s", STR_ARG(what), STR_ARG(e->until));
	}
}

void licences_check(struct arena *a, const struct bom *b, const struct policy *p, int64_t now, struct licence_report *out)
{
	struct licence_lists lists = { p->licences_allow.items, p->licences_allow.n, p->licences_deny.items, p->licences_deny.n };
	bool *used = arena_array(a, p->licences_ignore.n + 1, sizeof *used);
	struct map cache;

	*out = (struct licence_report){ 0 };
	if (!p->licences_allow_set.set && !p->licences_deny.n)
		return;
	map_init(&cache, a);
	for (uint32_t i = 0; i < b->ncomponents; i++) {
		const struct component *c = &b->components[i];
		if (c->first_party || i == b->subject || c->type == COMPONENT_FILE || c->type == COMPONENT_OPERATING_SYSTEM)
			continue;
		struct licence_finding f = { .component = i, .expression = licences_of(a, c) };
		struct judged j = judge_component(a, &cache, &lists, c);
		f.verdict = j.verdict;
		f.culprit = j.culprit;
		if (f.verdict == LICENCE_ALLOWED)
			continue;
		f.lifted = exception_for(a, p, c, now, &f, used);
		f.closes = !f.lifted && (f.verdict != LICENCE_UNKNOWN || p->licences_unknown.value);
		out->violations += f.closes;
		out->unknown += f.verdict == LICENCE_UNKNOWN;
		*VEC_ADD(a, &out->list) = f;
	}
	note_exceptions(a, p, now, used, out);
}
