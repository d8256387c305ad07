#include "cmd/judge.h"

#include "base/timestamp.h"
#include "cmd/foreign.h"
#include "cmd/api.h"
#include "cmd/lift.h"
#include "cmd/version_info.h"
#include "match/match.h"

#define DEFAULT_CONFIG ".github/bomgate.yml"

/* ---- policy */

static enum base_answer find_policy(struct base_reader *reader, const struct judge_options *o, struct str path, bool base_named,
				    struct str *text, struct str *why)
{
	/* A file that was named by hand lies in the file system, unless a change is judged: then only the base's counts. */
	if (o->config_given && !base_named) {
		struct base_reader files = { .arena = reader->arena, .runner = reader->runner };
		enum base_answer answer = base_read(&files, path, text, why);
		if (answer != BASE_NONE)
			return answer;
	}
	return base_read(reader, path, text, why);
}

enum result judge_policy(struct judgement *j, struct arena *a, struct diags *d, struct collected *c, const struct runner *r,
			 const struct base *base, const struct judge_options *o)
{
	struct str path = o->config.len ? o->config : STR(DEFAULT_CONFIG), text = STR_NONE, why = STR_NONE;
	struct base_reader reader = { .arena = a, .runner = r, .git = c->git, .commit = base->commit.len ? base->commit : c->commit.id,
				      .root = STR_NONE };
	enum result result = OK;

	j->arena = a;
	policy_default(a, &j->policy);
	if (base->named && !base->commit.len && r->default_branch.len && !base->change)
		reader.commit = r->default_branch; /* a branch that the clone does not have: over REST by its name */
	else if (base->named && !base->commit.len)
		why = STR("the event names no base commit");
	enum base_answer answer = why.len ? BASE_FAILED : find_policy(&reader, o, path, base->named, &text, &why);
	if (answer == BASE_FOUND) {
		struct policy_io io = { &reader, base_fetch };
		j->policy_commit = reader.commit;
		j->policy_blob = reader.origin;
		result = policy_parse(a, d, path, text, &io, &j->policy);
	} else if (answer == BASE_FAILED) {
		diag_add(d, SEV_ERROR, "data.policy", path, DIAG_NO_OFFSET,
			 "the policy of the base could not be read: %.*s; without it nothing that a change brings can be judged", STR_ARG(why));
		result = FAILED;
	} else if (o->config_given) {
		diag_add(d, SEV_ERROR, "usage.config", path, DIAG_NO_OFFSET, "there is no such configuration%s",
			 base->named ? " in the base commit" : "");
		result = FAILED;
	}
	if (result == FAILED) {
		j->policy_failed = true;
		policy_default(a, &j->policy);
	}
	j->change = base->change;
	j->reader = reader;
	if (policy_effective(&j->policy, &o->run, d, &j->effective) == FAILED) {
		struct policy_run nothing = { .event = o->run.event, .ref = o->run.ref };
		policy_effective(&j->policy, &nothing, d, &j->effective);
		result = FAILED;
	}
	return result;
}

/* ---- findings */

static const struct cve_facts *facts_of(void *data, struct str cve)
{
	struct judgement *j = data;
	bool fresh;
	struct map_entry *e = map_put(&j->facts, cve, &fresh);

	if (fresh) {
		struct cve_facts *f = ARENA_NEW(j->arena, struct cve_facts);
		if (j->matched && vuln_cve(j->db, j->arena, cve, f))
			e->value.ptr = f;
	}
	return e->value.ptr;
}

static struct vuln_limits limits_of(const struct effective *e)
{
	struct vuln_limits l = vuln_default_limits;

	l.kev = e->max_age[DATA_KEV];
	l.ssvc = e->max_age[DATA_SSVC];
	l.osv = e->max_age[DATA_OSV];
	l.epss = e->max_age[DATA_EPSS];
	return l;
}

static struct str date_of(const struct vuln_db *db, const char *name)
{
	const struct vuln_source *s = vuln_source_of(db, name, STR_NONE);

	return s ? s->date : STR_NONE;
}

static struct decide_context context_of(struct judgement *j, const struct collected *c)
{
	return (struct decide_context){ .arena = j->arena, .policy = &j->policy, .effective = &j->effective, .facts = facts_of, .data = j,
					.kev_loaded = j->kev_loaded, .ssvc_loaded = j->ssvc_loaded, .kev_date = j->kev_date,
					.ssvc_date = j->ssvc_date, .image = c->image,
					.base_production = j->measured.known ? &j->measured.production : NULL };
}

/* The base's findings by the same data and policy, and what of the head's is new. */
static void measure(struct judgement *j, struct diags *d, const struct collected *c, const struct decide_context *ctx, int64_t now)
{
	struct measured *m = &j->measured;

	if (!m->known || match_run(&m->base.bom, j->db, j->arena, &m->diags, &m->findings) == FAILED) {
		m->known = false;
		return;
	}
	foreign_join_base(j);
	decide_run(&m->findings, &m->base.bom, ctx); /* also by what the base ships: judged unlike, what did not change would be new */
	lift_base(j, now);
	baseline_apply(j->arena, &j->findings, &c->bom, &m->findings, &m->base.bom, &j->effective, &m->baseline);
	vuln_summaries(j->db, j->arena, &m->findings);
	lift_removed(j, d, c);
}

/* Opens the database; false with an error where there are no advisories to match with. */
static bool open_data(struct judgement *j, struct diags *d, const struct bom *b, const struct judge_options *o)
{
	if (!o->database.places.len && !o->opened) {
		diag_add(d, SEV_ERROR, "data.missing", STR_NONE, DIAG_NO_OFFSET,
			 "there is no vulnerability data, so nothing was matched; make a database with `bomgate db build` and name it with "
			 "--db (the action's input `database`)%s",
			 str_is(o->run.event, "pull_request") ? "; GitHub passes no variables to pull requests from forks: write the address itself into the workflow" : "");
		return false;
	}
	j->db = o->opened ? o->opened : database_open(j->arena, &o->database, d, NULL);
	if (!j->db)
		return false;
	const struct vuln_info *info = vuln_about(j->db);
	struct vuln_limits limits = limits_of(&j->effective);
	vuln_ages(j->db, o->now, &limits, j->arena, &j->ages);
	if (o->osv_api && !api_ask(j, d, b, o->now))
		return false;
	j->asked_api = o->osv_api;
	if (!info->osv && !o->osv_api)
		diag_add(d, SEV_ERROR, "data.osv", info->path, DIAG_NO_OFFSET, "the database has no advisories; build it with --osv");
	return info->osv || o->osv_api;
}

static void check_places(struct judgement *j, struct diags *d, const struct collected *c, const struct database_choice *o)
{
	struct str rest = o->places;

	while (rest.len) {
		struct str place = str_trim(str_cut(&rest, '\n'));
		if (place.len && !database_is_address(place))
			lift_check_database(j, d, c, place);
	}
	if (o->key.len)
		lift_check_database(j, d, c, o->key);
}

void judge_findings(struct judgement *j, struct diags *d, struct collected *c, const struct base *base,
		    const struct collect_options *sources, const struct judge_options *o)
{
	lift_check_paths(j, d, c);
	if (base && base->change && sources)
		measure_read(j->arena, c, base, sources, &j->reader, &j->measured);
	lift_licences(j, c, o->now);
	if (j->change)
		check_places(j, d, c, &o->database);
	foreign_read(j, d, o);
	if (open_data(j, d, &c->bom, o) && match_run(&c->bom, j->db, j->arena, d, &j->findings) != FAILED)
		j->matched = !vuln_damaged(j->db, d);
	if (!j->matched)
		j->findings = (struct findings){ 0 }; /* a part, that nothing was decided of: it would be shown as "Defer" */
	if (!j->matched && !j->foreign.n)
		return;
	foreign_join(j, d, &c->bom);
	size_t unknown = match_stated(&c->bom, j->arena, &j->findings);
	if (unknown)
		diag_add(d, SEV_ERROR, "input.no-data", STR_NONE, DIAG_NO_OFFSET,
			 "no data: no advisory names any of the %zu components that were stated by hand; that is not clean. Check how they are spelt "
			 "(a purl or CPE each), or accept it with --allow-incomplete", unknown);
	map_init(&j->facts, j->arena);
	if (j->matched) {
		j->kev_loaded = vuln_about(j->db)->kev;
		j->ssvc_loaded = vuln_about(j->db)->ssvc;
		j->kev_date = date_of(j->db, "kev");
		j->ssvc_date = date_of(j->db, "ssvc");
	}
	j->now = o->now;
	struct decide_context ctx = context_of(j, c);
	decide_run(&j->findings, &c->bom, &ctx);
	if (j->matched)
		vuln_damaged(j->db, d); /* facts about CVEs that only a report names were read by now: none of them may be missing */
	lift_licences(j, c, o->now); /* again: the data tells how late it is at least */
	lift_findings(j, d, c, o->now);
	if (j->change && j->matched)
		measure(j, d, c, &ctx, o->now);
	if (j->matched)
		vuln_summaries(j->db, j->arena, &j->findings);
}

/* ---- the gate */

/* A source is as bad as its worst ecosystem: one without a date, else one of the future, else the oldest. */
static void take_age(const struct vuln_source_age *x, struct data_state *out)
{
	bool unknown = x->seconds == INT64_MAX, future = x->seconds < 0, was_unknown = out->age < 0 && !out->future && out->dated;

	if (was_unknown || (out->future && !unknown) || (out->dated && !unknown && !future && x->seconds <= out->age))
		return;
	out->dated = true;
	out->future = future;
	out->age = unknown || future ? -1 : x->seconds;
	out->checked = unknown ? STR_NONE : x->source->checked;
	out->part = x->source->ecosystem;
}

static void data_states(const struct judgement *j, struct gate_input *in)
{
	for (size_t i = 0; i < NDATA; i++)
		in->data[i] = (struct data_state){ .age = -1, .required = j->policy.max_age[i].set || j->policy.minimum_max_age[i].set };
	if (!j->db)
		return;
	const struct vuln_info *info = vuln_about(j->db);
	in->data[DATA_KEV].loaded = info->kev;
	in->data[DATA_SSVC].loaded = info->ssvc;
	in->data[DATA_OSV].loaded = info->osv;
	in->data[DATA_EPSS].loaded = info->epss;
	if (j->asked_api && !info->osv)
		in->data[DATA_OSV].loaded = true, in->data[DATA_OSV].age = 0;
	for (size_t i = 0; i < j->ages.n; i++)
		for (size_t s = 0; s < NDATA; s++)
			if (str_is(j->ages.items[i].source->name, data_source_names[s]))
				take_age(&j->ages.items[i], &in->data[s]);
}

void judge_gate(struct judgement *j, const struct diags *d, const struct collected *c, const struct base *base)
{
	struct gate_input in = { .findings = &j->findings, .bom = &c->bom, .diags = d, .policy = &j->policy, .effective = &j->effective,
				 .pull_request = j->change, .matched = j->matched,
				 .base = j->measured.known ? &j->measured.base.bom : NULL };

	(void)base;
	data_states(j, &in);
	in.licence_violations = j->licences.violations;
	gate_decide(j->arena, &in, &j->gate);
	lift_notes(j, d, c, &j->gate.warnings);
}

void judge_again(struct judgement *j, struct diags *d, const struct collected *c)
{
	struct decide_context ctx = context_of(j, c);
	struct gate_input in = { .findings = &j->findings, .bom = &c->bom, .diags = d, .policy = &j->policy, .effective = &j->effective,
				 .pull_request = j->change, .matched = j->matched,
				 .base = j->measured.known ? &j->measured.base.bom : NULL };

	if (j->matched || j->foreign.n) {
		decide_run(&j->findings, &c->bom, &ctx);
		lift_findings(j, d, c, j->now);
	}
	lift_licences(j, c, j->now);
	data_states(j, &in);
	in.licence_violations = j->licences.violations;
	gate_decide(j->arena, &in, &j->gate);
}

void judge_end(struct judgement *j)
{
	vuln_close(j->db);
	j->db = NULL;
}

void judge_report(const struct judgement *j, const struct collected *c, const struct diags *d, struct report *out)
{
	*out = (struct report){ .arena = j->arena, .bom = &c->bom, .findings = &j->findings, .gate = &j->gate, .policy = &j->policy,
				.effective = &j->effective, .diags = d, .version = BOMGATE_VERSION, .commit = c->commit.id,
				.repository = c->repository, .ref = c->ref, .timestamp = timestamp_text(j->arena, c->timestamp),
				.seconds = -1, .node_modules = c->node_modules, .pull_request = j->change,
				.base = j->measured.known ? &j->measured.findings : NULL, .first = &j->altered, .licences = &j->licences,
				.base_bom = j->measured.known ? &j->measured.base.bom : NULL };
	for (size_t i = 0; i < c->excluded.n; i++)
		*VEC_ADD(j->arena, &out->excluded) = c->excluded.items[i];
	if (!j->db)
		return;
	out->database_digest = vuln_about(j->db)->digest;
	int64_t oldest = -1;
	for (size_t i = 0; i < j->ages.n; i++) {
		if (j->ages.items[i].seconds > oldest) {
			oldest = j->ages.items[i].seconds;
			out->data_date = j->ages.items[i].source->checked;
		}
	}
	out->data_age = duration_text(j->arena, oldest);
}
