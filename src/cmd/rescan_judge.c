/* One stored SBOM against today's data, by today's policy; the recorded decision stands beside it. */
#include "base/limits.h"
#include "base/timestamp.h"
#include "cmd/rescan_clocks.h"
#include "io/file.h"

struct unit_run {
	struct rescan *r;
	const struct fleet_unit *unit;
	struct arena *arena; /* of this unit: freed after it */
	struct fleet_read read;
	struct judgement j;
	struct collected c;
	struct diags diags;
	struct str product, version; /* as long as the rescan lives */
	struct map recorded; /* purl and id to the recorded finding */
};

/* ---- the policy */

/* What the fleet file says of a product without a policy of its own. */
static struct str policy_of_fleet(struct arena *a, const struct fleet_unit *u)
{
	if (!u->exposure.len && !u->human_impact.len)
		return STR_NONE;
	struct buf b;
	buf_init(&b, 0);
	buf_adds(&b, "services:\n  - name: product\n");
	if (u->exposure.len)
		buf_printf(&b, "    exposure: %.*s\n", STR_ARG(u->exposure));
	if (u->human_impact.len)
		buf_printf(&b, "    human_impact: %.*s\n", STR_ARG(u->human_impact));
	struct str text = arena_str(a, buf_str(&b));
	buf_free(&b);
	return text;
}

/* Paths in a policy are the repository's: of the folder that has .github/bomgate.yml, else of the file's own. */
static struct str home_of(struct arena *a, struct str config)
{
	struct str folder = config;

	for (int up = str_ends(config, STR(".github/bomgate.yml")) ? 2 : 1; up; up--) {
		size_t slash = str_rchr(folder, '/');
		if (slash == STR_NOT_FOUND)
			return STR(".");
		folder = str_sub(folder, 0, slash ? slash : 1);
	}
	return arena_str(a, folder);
}

static void take_policy(struct unit_run *x)
{
	const struct fleet_unit *u = x->unit;
	struct str path = u->config.len ? u->config : x->r->config, text = u->policy, why;

	policy_default(x->arena, &x->j.policy);
	if (u->policy.len) {
		path = arena_concat(x->arena, u->repository, STR(":"), STR(".github/bomgate.yml"));
		x->j.reader.runner = u->runner;
		x->j.reader.commit = u->branch;
	} else {
		x->j.reader.root = home_of(x->arena, path);
	}
	if (u->policy.len)
		text = u->policy;
	else if (path.len && !file_read(x->arena, arena_cstr(x->arena, path), LIMIT_CONFIG, &text, &why)) {
		fleet_fail(&x->r->fleet, false, path, why);
		x->r->bad_policy = true;
	} else if (!path.len) {
		path = STR("fleet file");
		text = policy_of_fleet(x->arena, u);
	}
	if (text.len) {
		struct policy_io io = { &x->j.reader, base_fetch };
		if (policy_parse(x->arena, &x->diags, path, text, &io, &x->j.policy) == FAILED) {
			fleet_fail(&x->r->fleet, false, path, x->diags.n ? x->diags.items[0].text : STR("is no policy"));
			x->r->bad_policy = true;
			policy_default(x->arena, &x->j.policy);
		}
	}
	policy_effective(&x->j.policy, &(struct policy_run){ 0 }, &x->diags, &x->j.effective);
}

/* ---- what was decided then */

static void index_record(struct unit_run *x)
{
	map_init(&x->recorded, x->arena);
	if (x->read.doubtful)
		return;
	for (JSON_EACH(f, json_get(x->read.result, "findings")))
		for (JSON_EACH(id, json_get(f, "ids")))
			map_put(&x->recorded, arena_printf(x->arena, "%.*s\n%.*s", STR_ARG(json_get_string(f, "purl")), STR_ARG(json_string(id))), NULL)->value.ptr =
				(void *)(uintptr_t)f;
}

static const struct json *recorded_of(struct unit_run *x, const struct finding *f, struct str purl)
{
	for (VEC_EACH(const struct str, id, &f->ids)) {
		struct map_entry *e = map_get(&x->recorded, arena_printf(x->arena, "%.*s\n%.*s", STR_ARG(purl), STR_ARG(*id)));
		if (e)
			return e->value.ptr;
	}
	return NULL;
}

/* ---- rows */

static struct str keep(struct unit_run *x, struct str s)
{
	return s.len ? arena_str(x->r->arena, s) : STR("");
}

static bool is_exploited(const struct finding *f)
{
	return f->kev || (f->decision.points[POINT_EXPLOITATION].value == 2 && f->decision.points[POINT_EXPLOITATION].origin != ORIGIN_NONE);
}

static int64_t within_of(const struct unit_run *x, int level)
{
	const struct setting *within = level >= 0 ? &x->j.policy.respond_within[level] : NULL;

	return within && within->set ? within->value : -1;
}

static void earliest(struct str day, struct str *out)
{
	int64_t have, other;

	if (timestamp_parse(day, &other) && (!timestamp_parse(*out, &have) || other < have))
		*out = day;
}

/* Since when is it exploited, as the earliest of today's sources says? Absent where it is not, or none gives a day. */
static struct str active_since(const struct unit_run *x, const struct finding *f)
{
	const struct point_value *e = &f->decision.points[POINT_EXPLOITATION];
	struct str since = STR_NONE;

	if (e->value == 2)
		earliest(e->date, &since);
	earliest(f->kev_added, &since);
	for (VEC_EACH(const struct str, cve, &f->cves)) {
		const struct map_entry *entry = map_get(&x->j.facts, *cve);
		const struct cve_facts *facts = entry ? entry->value.ptr : NULL;
		if (facts && facts->exploitation & SSVC_EXPLOITATION_ACTIVE)
			earliest(facts->ssvc_date, &since);
	}
	return since;
}

static bool clocks(struct unit_run *x, const struct finding *f, const struct json *then, struct rescan_row *row)
{
	uint64_t level = 0;
	struct rescan_sighting s = { .ids = f->ids.items, .nids = f->ids.n, .counts = !f->silenced, .active = active_since(x, f),
				     .within = within_of(x, f->decision.level), .within_below = within_of(x, f->decision.level - 1) };

	if (then && json_to_u64(json_get(json_get(then, "decision"), "level"), &level)) {
		s.level_then = (unsigned)level;
		s.recorded = x->read.timestamp;
	}
	row->field[FIELD_KEV_DUE] = keep(x, f->kev_due);
	return rescan_clock(x->r, row, &s);
}

static void add_row(struct unit_run *x, const struct finding *f)
{
	const struct component *c = &x->read.bom->components[f->component];
	const struct json *then = recorded_of(x, f, c->purl);
	struct rescan_row row = { .level = f->decision.outcome, .exploited = is_exploited(f), .not_patchable = x->unit->not_patchable };
	struct str *v = row.field;
	uint64_t level = 0;

	x->r->findings++;
	if (!x->r->remembers && (f->silenced || (row.level < OUTCOME_OUT_OF_CYCLE && !row.exploited)))
		return;
	for (int i = 0; i < RESCAN_FIELDS; i++)
		v[i] = STR("");
	v[FIELD_PRODUCT] = x->product;
	v[FIELD_VERSION] = x->version;
	v[FIELD_SERVICE] = keep(x, f->decision.service);
	v[FIELD_ID] = keep(x, f->id);
	v[FIELD_COMPONENT] = keep(x, c->group.len ? arena_printf(x->arena, "%.*s/%.*s", STR_ARG(c->group), STR_ARG(c->name)) : c->name);
	v[FIELD_PURL] = keep(x, c->purl);
	if (!clocks(x, f, then, &row))
		return;
	bool closed_then = json_to_u64(json_get(json_get(then, "decision"), "level"), &level) && level >= OUTCOME_OUT_OF_CYCLE;
	row.newly = row.level >= OUTCOME_OUT_OF_CYCLE && !closed_then;
	v[FIELD_OWNER] = keep(x, f->decision.owner.len ? f->decision.owner : x->unit->owner);
	v[FIELD_OUTCOME] = keep(x, f->decision.outcome_name.len ? f->decision.outcome_name : str_of(outcome_title(f->decision.outcome)));
	v[FIELD_RECORDED] = then ? keep(x, json_get_string(json_get(then, "decision"), "outcome")) : x->read.doubtful ? STR("not trusted") : x->read.result ? STR("not found then") : STR("no record");
	v[FIELD_COMPONENT_VERSION] = keep(x, c->version);
	v[FIELD_FIXED] = keep(x, f->fixed);
	v[FIELD_WHY] = keep(x, f->decision.rule.len ? f->decision.rule : decide_why(x->arena, &f->decision));
	v[FIELD_SOURCE] = keep(x, x->unit->shown);
	v[FIELD_SEEN] = timestamp_text(x->r->arena, x->r->now);
	*VEC_ADD(x->r->arena, &x->r->rows) = row;
}

static void add_unknown(struct unit_run *x, const struct undecided *u)
{
	const struct component *c = &x->read.bom->components[u->component];

	*VEC_ADD(x->r->arena, &x->r->unknown) = (struct rescan_unknown){ keep(x, x->read.product), keep(x, x->read.version),
									  keep(x, arena_printf(x->arena, "%.*s %.*s", STR_ARG(c->name), STR_ARG(c->version))), keep(x, u->why) };
}

/* Not one component of it is known to any data: so nothing is known of the product, and that is not clean. */
static void nothing_known(struct unit_run *x, size_t components)
{
	if (x->unit->accept_no_data)
		return;
	fleet_fail(&x->r->fleet, false, x->unit->shown,
		   arena_printf(x->r->arena, "no data: the data can judge none of its %zu components; that is not clean (accept_no_data of the fleet file: it is known)", components));
}

/* A component of a list that no advisory names may be clean, or just spelt in a way that no data knows: it is weak, so not clean. */
static void weak_ones(struct unit_run *x)
{
	struct map hit;
	size_t all = 0, without = 0;

	map_init(&hit, x->arena);
	for (VEC_EACH(const struct finding, f, &x->j.findings.list))
		map_put(&hit, arena_printf(x->arena, "%u", f->component), NULL);
	for (VEC_EACH(const struct undecided, u, &x->j.findings.undecided)) {
		bool fresh;
		struct map_entry *e = map_put(&hit, arena_printf(x->arena, "%u", u->component), &fresh);
		if (fresh)
			e->value.num = 2;
	}
	for (uint32_t i = 0; i < x->read.bom->ncomponents; i++) {
		const struct component *c = &x->read.bom->components[i];
		if (c->first_party || c->type == COMPONENT_FILE)
			continue;
		struct map_entry *e = map_get(&hit, arena_printf(x->arena, "%u", i));
		all++;
		without += (!e && c->weak) || (e && e->value.num == 2);
		if (c->weak && !e)
			add_unknown(x, &(struct undecided){ .component = i, .why = STR("no data: stated by hand, and no advisory names it; that is not clean") });
	}
	if (all && without == all)
		nothing_known(x, all);
}

/* Into the account of its product; false where this version is not supported, so not looked at. */
static bool begin(struct unit_run *x)
{
	struct fleet *f = &x->r->fleet;

	f->product = x->read.product;
	if (x->unit->versions && !fleet_supports(x->unit->versions, x->read.version)) {
		x->r->not_supported++;
		return false;
	}
	x->product = keep(x, x->read.product);
	x->version = keep(x, x->read.version);
	rescan_looked_at(x->r, x->product, x->version, x->read.commit);
	struct rescan_product *p = rescan_product_of(x->r, x->product);
	p->sboms++;
	p->named = p->named || x->unit->product.len || x->unit->home.len;
	if (!p->home.len)
		p->home = x->unit->home;
	if (!p->owner.len)
		p->owner = x->unit->owner;
	x->r->sboms++;
	return true;
}

/* An exception that is wrong lifts nothing, nor do the others of its policy. */
static void bad_exceptions(struct unit_run *x, size_t from)
{
	for (size_t i = from; i < x->diags.n; i++) {
		const struct diag *d = &x->diags.items[i];
		if (d->severity != SEV_ERROR || strcmp(d->code, "usage.config") != 0)
			continue;
		fleet_fail(&x->r->fleet, false, d->input.len ? d->input : x->unit->shown, arena_printf(x->arena, "%.*s; no exception of it holds", STR_ARG(d->text)));
		x->r->bad_policy = true;
	}
}

static void judge_unit(struct unit_run *x)
{
	struct judge_options o = { .opened = x->r->db, .now = x->r->now };

	x->j.arena = x->arena;
	x->j.reader = (struct base_reader){ .arena = x->arena, .runner = &x->r->runner };
	x->c.bom = *x->read.bom;
	x->c.bom.diags = &x->diags;
	x->c.timestamp = x->r->now;
	x->c.repository = x->unit->home.len ? x->unit->home : json_get_string(x->read.result, "repository"); /* what VEX may call it */
	x->c.commit.id = x->read.commit;
	take_policy(x);
	index_record(x);
	size_t before = x->diags.n;
	judge_findings(&x->j, &x->diags, &x->c, NULL, NULL, &o);
	bad_exceptions(x, before);
	if (x->j.matched) {
		for (VEC_EACH(const struct finding, f, &x->j.findings.list))
			add_row(x, f);
		for (VEC_EACH(const struct undecided, n, &x->j.findings.undecided))
			add_unknown(x, n);
		weak_ones(x);
	} else { /* what was matched before the data turned out to be damaged was not decided: a row of it would say "Defer" */
		fleet_fail(&x->r->fleet, true, x->unit->shown, x->diags.n ? x->diags.items[x->diags.n - 1].text : STR("could not be matched"));
	}
	x->j.db = NULL;
	judge_end(&x->j);
}

void rescan_unit(struct rescan *r, const struct fleet_unit *u)
{
	struct arena *a = arena_new(0);
	struct unit_run x = { .r = r, .unit = u, .arena = a };

	diag_init(&x.diags, a);
	r->fleet.product = u->product.len ? u->product : u->home;
	if (fleet_open(&r->fleet, a, u, &x.read) && begin(&x))
		judge_unit(&x);
	r->fleet.product = STR_NONE;
	arena_free(a);
}
