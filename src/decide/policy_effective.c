/* What of a policy holds for one run: the environments of its ref and event, options over configuration, never below the
 * policy's minimum. */
#include "base/timestamp.h"
#include "decide/policy.h"
#include "source/source.h"

static bool holds(const struct environment *e, const struct policy_run *run)
{
	for (size_t i = 0; i < e->on.n; i++) {
		struct str on = e->on.items[i];
		if (str_is(on, "tag") ? str_starts(run->ref, STR("refs/tags/")) :
		    str_is(on, "branch") ? str_starts(run->ref, STR("refs/heads/")) :
		    str_starts(on, STR("refs/")) ? path_glob(on, run->ref) : str_eq(on, run->event))
			return true;
	}
	return false;
}

/* The environment's value in place of the policy's; of several environments the strictest (the higher, or the lower). */
static void take(const struct setting *s, bool higher_is_stricter, bool *said, int64_t *value)
{
	if (!s->set)
		return;
	if (!*said || (higher_is_stricter ? s->value > *value : s->value < *value))
		*value = s->value;
	*said = true;
}

struct chosen {
	int64_t fail_on, strict, undecided, all, allow_incomplete;
};

static void take_environments(const struct policy *p, const struct policy_run *run, struct effective *out, struct chosen *c)
{
	bool said[4] = { false };

	for (VEC_EACH(const struct environment, e, &p->environments)) {
		if (!holds(e, run))
			continue;
		take(&e->fail_on, false, &said[0], &c->fail_on);
		take(&e->strict, true, &said[1], &c->strict);
		take(&e->undecided, true, &said[2], &c->undecided);
		take(&e->pull_request, true, &said[3], &c->all);
		for (unsigned v = 0; v < NSERVICE_POINTS; v++)
			take(&e->points[v], true, &out->points[v].set, &out->points[v].value);
		out->environment = out->environment.s ? arena_concat(p->arena, out->environment, STR(", "), e->name) : e->name;
	}
}

static bool wrong_option(struct diags *d, const char *name, struct str value, const char *words)
{
	diag_add(d, SEV_ERROR, "usage.option", STR_NONE, DIAG_NO_OFFSET, "--%s: \"%.*s\" is not known; it is %s", name,
		 STR_ARG(str_sub(value, 0, 80)), words);
	return false;
}

/* Words of an option: the first means 0, the second 1. */
static bool option_word(struct diags *d, const char *name, struct str value, const char *zero, const char *one, int64_t *out)
{
	if (!value.len)
		return true;
	if (ssvc_word_eq(value, str_of(zero)))
		*out = 0;
	else if (ssvc_word_eq(value, str_of(one)))
		*out = 1;
	else
		return wrong_option(d, name, value, strcmp(zero, "false") == 0 ? "true or false" : strcmp(zero, "warn") == 0 ? "warn or fail" : "new or all");
	return true;
}

/* "48h" for all, or "kev=48h,osv=3d". */
static bool option_max_age(struct diags *d, struct str value, int64_t *ages)
{
	struct str rest = value;

	if (!value.len)
		return true;
	while (rest.s) {
		struct str one = str_cut(&rest, ','), name = str_cut(&one, '=');
		int64_t seconds;
		unsigned hits = 0;
		if (!duration_parse(str_trim(one.s ? one : name), &seconds))
			return wrong_option(d, "max-age", value, "a duration such as 72h, or kev=72h,osv=7d");
		for (unsigned i = 0; i < NDATA; i++) {
			if (one.s && !ssvc_word_eq(name, str_of(data_source_names[i])))
				continue;
			if (!one.s && i == DATA_EPSS)
				continue;
			ages[i] = seconds;
			hits++;
		}
		if (!hits)
			return wrong_option(d, "max-age", value, "kev, ssvc, osv or epss with a duration");
	}
	return true;
}

static void overruled(const struct policy *p, struct effective *out, const char *name, struct str wanted, struct str minimum)
{
	*VEC_ADD(p->arena, &out->notes) =
		arena_printf(p->arena, "%s %.*s is looser than the minimum of the policy: %.*s counts", name, STR_ARG(wanted), STR_ARG(minimum));
}

static void keep_minimum(const struct policy *p, struct effective *out, struct chosen *c)
{
	if (c->fail_on > p->minimum_fail_on.value) {
		overruled(p, out, "fail-on", policy_level_word(p->table, (unsigned)c->fail_on),
			  policy_level_word(p->table, (unsigned)p->minimum_fail_on.value));
		c->fail_on = p->minimum_fail_on.value;
	}
	if (p->minimum_undecided.value > c->undecided) {
		overruled(p, out, "undecided", STR("warn"), STR("fail"));
		c->undecided = 1;
	}
	if (p->minimum_strict.value > c->strict) {
		overruled(p, out, "strict", STR("false"), STR("true"));
		c->strict = 1;
	}
	if (p->minimum_allow_incomplete.value < c->allow_incomplete) {
		overruled(p, out, "allow-incomplete", STR("true"), STR("false"));
		c->allow_incomplete = 0;
	}
	for (unsigned i = 0; i < NDATA; i++) {
		if (out->max_age[i] <= p->minimum_max_age[i].value)
			continue;
		if (p->max_age[i].value != out->max_age[i] || p->max_age[i].set)
			overruled(p, out, "max-age", str_of(data_source_names[i]), duration_text(p->arena, p->minimum_max_age[i].value));
		out->max_age[i] = p->minimum_max_age[i].value;
	}
}

enum result policy_effective(const struct policy *p, const struct policy_run *run, struct diags *d, struct effective *out)
{
	struct chosen c = { p->fail_on.value, p->strict.value, p->undecided.value, p->pull_request.value, p->allow_incomplete.value };
	bool good = true;
	unsigned level;

	*out = (struct effective){ 0 };
	for (unsigned i = 0; i < NDATA; i++)
		out->max_age[i] = p->max_age[i].value;
	take_environments(p, run, out, &c);
	if (run->fail_on.len && !policy_level(p->table, run->fail_on, &level))
		good = wrong_option(d, "fail-on", run->fail_on,
				    arena_concat(p->arena, ssvc_value_words(p->arena, p->table->outcome), STR(", any or never"), STR("")).s);
	else if (run->fail_on.len)
		c.fail_on = level;
	good = option_word(d, "undecided", run->undecided, "warn", "fail", &c.undecided) && good;
	good = option_word(d, "strict", run->strict, "false", "true", &c.strict) && good;
	good = option_word(d, "pull-request", run->pull_request, "new", "all", &c.all) && good;
	good = option_word(d, "allow-incomplete", run->allow_incomplete, "false", "true", &c.allow_incomplete) && good;
	good = option_max_age(d, run->max_age, out->max_age) && good;
	keep_minimum(p, out, &c);
	out->fail_on = (unsigned)c.fail_on;
	out->strict = c.strict != 0;
	out->undecided_fail = c.undecided != 0;
	out->pull_request_all = c.all != 0;
	out->allow_incomplete = c.allow_incomplete != 0;
	return good ? OK : FAILED;
}
