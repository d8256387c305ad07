#include "vuln/evaluate.h"

#include "version/rpm.h"

const struct ordering *vuln_range_ordering(const struct vuln_range *r, const struct ordering *ecosystem)
{
	static const struct ordering *semver;

	if (r->type == RANGE_GIT)
		return NULL;
	if (r->type == RANGE_ECOSYSTEM || (ecosystem && strcmp(ecosystem->name, "go") == 0))
		return ecosystem;
	if (!semver)
		semver = version_ordering(STR("semver"));
	return semver;
}

static bool is_zero(const struct vuln_event *e)
{
	return e->kind == EVENT_INTRODUCED && str_is(e->version, "0");
}

static bool is_infinity(const struct vuln_event *e)
{
	return e->kind == EVENT_LIMIT && str_is(e->version, "*");
}

static int order_of(const struct ordering *o, const struct vuln_event *x, const struct vuln_event *y)
{
	if (is_zero(x) || is_zero(y))
		return is_zero(x) ? is_zero(y) ? 0 : -1 : 1;
	if (is_infinity(x) || is_infinity(y))
		return is_infinity(x) ? is_infinity(y) ? 0 : 1 : -1;
	enum order c = o->compare(x->version, y->version);
	return c == ORDER_LESS ? -1 : c == ORDER_GREATER ? 1 : c == ORDER_UNKNOWN ? 0 : (int)x->kind - (int)y->kind;
}

/* At one version `introduced` stands before what closes. Insertion: stable, and nearly always sorted already. */
void vuln_range_sort(struct vuln_range *r, const struct ordering *ecosystem)
{
	const struct ordering *o = vuln_range_ordering(r, ecosystem);

	/* Some orderings sort what is no version too; what comes of it is a guess. */
	for (size_t i = 0; o && i < r->nevents; i++)
		r->unreadable |= !is_zero(&r->events[i]) && !is_infinity(&r->events[i]) && !o->valid(r->events[i].version);
	for (size_t i = 1; o && !r->unreadable && i < r->nevents; i++) {
		struct vuln_event e = r->events[i];
		size_t at = i;
		while (at > 0 && order_of(o, &e, &r->events[at - 1]) < 0) {
			r->events[at] = r->events[at - 1];
			at--;
		}
		r->events[at] = e;
	}
}

/* version against the event's: LESS, EQUAL, GREATER or UNKNOWN. */
static enum order against(const struct ordering *o, struct str version, const struct vuln_event *e)
{
	if (is_zero(e))
		return ORDER_GREATER; /* a marker below every version */
	if (is_infinity(e))
		return ORDER_LESS;
	/* Some orderings sort what is no version too; what comes of it is a guess. */
	if (!o->valid(e->version))
		return ORDER_UNKNOWN;
	/* An rpm without its release against a bound that has one (or the other way round): equal so far, and the rest is not known. */
	if (strcmp(o->name, "rpm") == 0 && rpm_release_decides(version, e->version))
		return ORDER_UNKNOWN;
	return o->compare(version, e->version);
}

static bool at_one_version(const struct ordering *o, const struct vuln_event *x, const struct vuln_event *y)
{
	return !is_zero(x) && !is_zero(y) && o->compare(x->version, y->version) == ORDER_EQUAL;
}

static bool closes(enum event_kind kind, enum order c)
{
	return kind == EVENT_FIXED ? c != ORDER_LESS : c == ORDER_GREATER;
}

static bool holds_everything(const struct vuln_range *r)
{
	for (size_t i = 0; i < r->nevents; i++)
		if (!is_zero(&r->events[i]))
			return false;
	return r->nevents > 0;
}

enum verdict vuln_range_holds(const struct vuln_range *r, const struct ordering *ecosystem, struct str version)
{
	const struct ordering *o = vuln_range_ordering(r, ecosystem);
	const struct vuln_event *opened = NULL, *reopened = NULL;
	bool limited = false, below = false, flag = false;

	if (r->type == RANGE_GIT)
		return NOT_AFFECTED;
	if (holds_everything(r))
		return AFFECTED; /* also a version that cannot be read */
	if (!o || r->unreadable || !o->valid(version))
		return NOT_KNOWN;
	for (size_t i = 0; i < r->nevents; i++) {
		const struct vuln_event *e = &r->events[i];
		enum order c = against(o, version, e);
		if (c == ORDER_UNKNOWN)
			return NOT_KNOWN;
		switch (e->kind) {
		case EVENT_INTRODUCED:
			if (c == ORDER_LESS)
				break;
			if (flag && !at_one_version(o, opened, e))
				reopened = e;
			opened = flag ? opened : e;
			flag = true;
			break;
		case EVENT_FIXED:
		case EVENT_LAST_AFFECTED:
			/* What ends at the version at which the next stretch begins does not end that one, too. */
			if (closes(e->kind, c) && !(reopened && at_one_version(o, reopened, e)))
				flag = false;
			break;
		case EVENT_LIMIT:
			limited = true;
			below |= c == ORDER_LESS;
			break;
		}
	}
	return flag && (!limited || below) ? AFFECTED : NOT_AFFECTED;
}

enum verdict vuln_affects(const struct vuln_affected *x, const struct ordering *ecosystem, struct str version,
			  const struct vuln_range **range)
{
	enum verdict worst = x->malformed ? NOT_KNOWN : NOT_AFFECTED;

	if (range)
		*range = NULL;
	for (size_t i = 0; i < x->nversions; i++) {
		if (str_eq(x->versions[i], version))
			return AFFECTED;
		/* Where the list is all there is, other spellings of a listed version are the same version. */
		if (!x->nranges && !x->git && ecosystem && ecosystem->compare(x->versions[i], version) == ORDER_EQUAL)
			return AFFECTED;
	}
	for (size_t i = 0; i < x->nranges; i++) {
		enum verdict v = vuln_range_holds(&x->ranges[i], ecosystem, version);
		if (v == AFFECTED) {
			if (range)
				*range = &x->ranges[i];
			return AFFECTED;
		}
		if (v == NOT_KNOWN)
			worst = NOT_KNOWN;
	}
	/* A version that cannot be read is not in the list, but may be another spelling of one that is. */
	if (worst == NOT_AFFECTED && x->nversions && !x->nranges && !x->git && ecosystem && !ecosystem->valid(version))
		return NOT_KNOWN;
	return worst;
}
