#include "decide/gate.h"

#include "base/timestamp.h"

#define WARN_AGE 86400 /* a day: exploitation changes by the day */

static const char *const words[] = {
	[GATE_OPEN] = "open", [GATE_CLOSED] = "closed", [GATE_INCOMPLETE] = "incomplete", [GATE_STALE] = "stale", [GATE_ERROR] = "error",
};

const char *gate_word(enum gate_state s)
{
	return words[s];
}

static bool past(const struct finding *f, const struct effective *e)
{
	unsigned level = e->strict ? f->decision.highest_level : f->decision.level;

	return e->fail_on != FAIL_ON_NEVER && (level >= e->fail_on || f->decision.rule.s);
}

static bool counts(const struct finding *f, const struct effective *e, bool pull_request)
{
	return !f->silenced && f->state != FINDING_FIXED && (!pull_request || e->pull_request_all || f->state == FINDING_NEW);
}

bool gate_closes(const struct finding *f, const struct effective *e, bool pull_request)
{
	return past(f, e) && counts(f, e, pull_request);
}

static void say(struct arena *a, struct str_list *list, struct str text)
{
	*VEC_ADD(a, list) = text;
}

static void count_findings(const struct gate_input *in, struct gate *out)
{
	const struct effective *e = in->effective;

	for (VEC_EACH(const struct finding, f, &in->findings->list)) {
		if (f->state == FINDING_FIXED)
			continue;
		if (f->silenced) {
			out->lifted++;
			continue;
		}
		out->counts[f->decision.level]++;
		out->outcomes[f->decision.outcome]++;
		if (gate_closes(f, e, in->pull_request)) {
			out->closing++;
			out->closing_new += in->pull_request && f->state == FINDING_NEW;
		} else if (past(f, e)) {
			out->old++;
		}
		if (!f->decision.undecided)
			continue;
		out->not_decided++;
		out->not_decided_closing += e->undecided_fail && e->fail_on != FAIL_ON_NEVER && counts(f, e, in->pull_request);
	}
	for (VEC_EACH(const struct undecided, u, &in->findings->undecided)) {
		bool held = in->pull_request && !e->pull_request_all && u->old;
		out->not_decided++;
		out->not_decided_closing += (u->closes_gate || e->undecided_fail) && e->fail_on != FAIL_ON_NEVER && !held;
	}
}

static bool closed(struct arena *a, const struct gate_input *in, struct gate *out)
{
	struct str level = policy_level_word(in->policy->table, in->effective->fail_on);

	count_findings(in, out);
	if (out->closing)
		say(a, &out->reasons,
		    arena_printf(a, "%zu finding%s %s %.*s or worse%s%s", out->closing, out->closing == 1 ? "" : "s",
				 in->effective->strict ? "may be" : out->closing == 1 ? "is" : "are", STR_ARG(level),
				 in->effective->strict ? " (strict: the highest outcome still possible counts)" : "",
				 in->pull_request && !in->effective->pull_request_all ? ", new in this change" : ""));
	if (out->not_decided_closing)
		say(a, &out->reasons, arena_printf(a, "%zu could not be decided%s", out->not_decided_closing,
						   in->effective->undecided_fail ? " (gate.undecided: fail)" :
										   ", and a known exploited or malicious package has that name"));
	if (in->licence_violations)
		say(a, &out->reasons, arena_printf(a, "%zu component%s against the licence policy", in->licence_violations,
						   in->licence_violations == 1 ? "" : "s"));
	return out->closing || out->not_decided_closing || in->licence_violations;
}

/* ---- data: is what the decision rests on there and fresh? */

/* An age beside what is allowed, in the largest unit in which the two differ: "73 h" and "72 h", not both "3 d". */
static void ages_text(struct arena *a, int64_t age, int64_t most, struct str *age_text, struct str *most_text)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	size_t u = 0;

	while (u < 3 && (age / units[u].seconds == most / units[u].seconds || most < units[u].seconds))
		u++;
	*age_text = arena_printf(a, "%lld %s", (long long)(age / units[u].seconds), units[u].name);
	*most_text = arena_printf(a, "%lld %s", (long long)(most / units[u].seconds), units[u].name);
}

/* "osv data (npm)" */
static struct str data_name(struct arena *a, const struct gate_input *in, unsigned i)
{
	struct str part = in->data[i].part;

	return arena_printf(a, "%s data%s%.*s%s", data_source_names[i], part.len ? " (" : "", STR_ARG(part), part.len ? ")" : "");
}

static size_t not_decided_without_ssvc(const struct gate_input *in)
{
	size_t n = 0;

	for (VEC_EACH(const struct finding, f, &in->findings->list))
		n += f->state != FINDING_FIXED && !f->silenced && f->decision.undecided;
	return n;
}

/* False where the gate must not open without it. */
static bool may_be_missing(struct arena *a, const struct gate_input *in, unsigned i, struct gate *out)
{
	if (i == DATA_KEV) {
		say(a, &out->reasons, STR("CISA's KEV catalogue is not loaded: nothing is decided on exploitation without it"));
	} else if (i == DATA_OSV) {
		say(a, &out->reasons, STR("no advisories are loaded: the input `database` (--db) names a database, `bomgate db build` makes one"));
	} else if (in->data[i].required) {
		say(a, &out->reasons, arena_printf(a, "the %s data is not loaded, and the configuration says how old it may be (max_age.%s)",
						   data_source_names[i], data_source_names[i]));
	} else {
		size_t n = i == DATA_SSVC ? not_decided_without_ssvc(in) : 0;
		if (n)
			say(a, &out->warnings, arena_printf(a, "CISA's SSVC data is not loaded: %zu finding%s not decided on exploitation; `undecided: fail` or "
							    "`max_age.ssvc` in the configuration closes the gate for that", n, n == 1 ? " is" : "s are"));
		else if (i == DATA_SSVC)
			say(a, &out->warnings, STR("CISA's SSVC data is not loaded: findings would not be decided on exploitation"));
		return true;
	}
	return false;
}

/* False where it is too old, or nobody knows how old. */
static bool is_fresh(struct arena *a, const struct gate_input *in, unsigned i, struct gate *out)
{
	const struct data_state *d = &in->data[i];
	int64_t most = in->effective->max_age[i];
	struct str age, allowed, name = data_name(a, in, i);

	if (i == DATA_EPSS && most == INT64_MAX)
		return true;
	if (d->future)
		say(a, &out->reasons, arena_printf(a, "the %.*s says that it was confirmed in the future (%.*s): a clock is wrong, or it is forged", STR_ARG(name),
						   STR_ARG(d->checked)));
	else if (d->age < 0)
		say(a, &out->reasons, arena_printf(a, "the age of the %.*s is not known", STR_ARG(name)));
	if (d->future || d->age < 0)
		return false;
	ages_text(a, d->age, most, &age, &allowed);
	if (d->age > most)
		say(a, &out->reasons, arena_printf(a, "the %.*s is %.*s old; at most %.*s is allowed (max_age)", STR_ARG(name), STR_ARG(age), STR_ARG(allowed)));
	else if (d->age > WARN_AGE)
		say(a, &out->warnings, arena_printf(a, "the %.*s is %lld h old", STR_ARG(name), (long long)(d->age / 3600)));
	return d->age <= most;
}

static bool stale(struct arena *a, const struct gate_input *in, struct gate *out)
{
	bool bad = false;

	for (unsigned i = 0; i < NDATA; i++)
		bad |= in->data[i].loaded ? !is_fresh(a, in, i, out) : !may_be_missing(a, in, i, out);
	if (!in->matched && !bad) {
		say(a, &out->reasons, STR("nothing was matched against vulnerability data"));
		bad = true;
	}
	return bad;
}

struct classes {
	size_t usage, bug, data, input;
};

static struct classes classify(const struct diags *d)
{
	struct classes c = { 0 };

	for (size_t i = 0; d && i < d->n; i++) {
		int class = diag_class(&d->items[i]);
		c.usage += class == 2;
		c.bug += class == 70;
		c.data += class == 4;
		c.input += class == 3;
	}
	return c;
}

static const struct input *input_at(const struct bom *b, struct str path)
{
	for (VEC_EACH(const struct input, i, &b->inputs))
		if (str_eq(i->path, path))
			return i;
	return NULL;
}

static bool unreadable(const struct input *i)
{
	return i && (i->state == INPUT_FAILED || i->state == INPUT_PARTIAL);
}

/* How many of the input errors were there before the change: the same blob, unreadable on both sides. */
static size_t errors_as_before(const struct gate_input *in)
{
	size_t n = 0;

	if (!in->pull_request || in->effective->pull_request_all || !in->base)
		return 0;
	for (size_t i = 0; i < in->diags->n; i++) {
		const struct diag *d = &in->diags->items[i];
		const struct input *now = diag_class(d) == 3 ? input_at(in->bom, d->input) : NULL;
		const struct input *before = unreadable(now) ? input_at(in->base, d->input) : NULL;
		n += unreadable(before) && now->blob.len && str_eq(now->blob, before->blob);
	}
	return n;
}

static bool incomplete(struct arena *a, const struct gate_input *in, const struct classes *c, struct gate *out)
{
	size_t before = out->faults_before, now = c->input > before ? c->input - before : 0;
	bool some = now > 0 || (c->input == 0 && in->bom->incomplete);

	if (before)
		say(a, &out->warnings, arena_printf(a, "%zu fault%s in inputs that could not be read whole before this change either", before,
						    before == 1 ? "" : "s"));
	if (!some)
		return false;
	struct str text = now ? arena_printf(a, "%zu fault%s: not every input could be read whole", now, now == 1 ? "" : "s") :
				STR("something could not be read whole");
	say(a, in->effective->allow_incomplete ? &out->warnings : &out->reasons, text);
	return !in->effective->allow_incomplete;
}

void gate_decide(struct arena *a, const struct gate_input *in, struct gate *out)
{
	struct classes c = classify(in->diags);
	bool is_closed, is_stale, is_incomplete;

	*out = (struct gate){ .change = in->pull_request, .matched = in->matched, .licence_violations = in->licence_violations,
			      .faults_before = in->base ? errors_as_before(in) : in->faults_before };
	memcpy(out->data, in->data, sizeof out->data);
	if (c.usage)
		say(a, &out->reasons, STR("wrong usage or configuration"));
	is_closed = closed(a, in, out);
	if (c.bug)
		say(a, &out->reasons, STR("an internal fault of bomgate"));
	is_stale = stale(a, in, out);
	if (c.data) {
		say(a, &out->reasons, STR("data or network was needed and not to be had"));
		is_stale = true;
	}
	is_incomplete = incomplete(a, in, &c, out);
	for (size_t i = 0; i < in->effective->notes.n; i++)
		say(a, &out->warnings, in->effective->notes.items[i]);
	out->exit_code = c.usage ? 2 : is_closed ? 1 : c.bug ? 70 : is_stale ? 4 : is_incomplete ? 3 : 0;
	out->state = c.usage	 ? GATE_ERROR :
		     is_closed	 ? GATE_CLOSED :
		     c.bug	 ? GATE_ERROR :
		     is_stale	 ? GATE_STALE :
		     is_incomplete ? GATE_INCOMPLETE :
				   GATE_OPEN;
}
