/* `bomgate rescan WHERE…`: stored SBOMs against today's data. */
#include "cmd/rescan_clocks.h"

#include <stdio.h>

#include "base/timestamp.h"
#include "cmd/certificates.h"
#include "cmd/github_api.h"
#include "cmd/output.h"
#include "io/file.h"
#include "io/http.h"

#define MOST_LEGS 256 /* jobs that a matrix of GitHub Actions may have */

const struct option_spec cmd_rescan_options[] = {
	{ "output", 'o', "FORMAT[=FILE]", "table", "table, json, csv or html", OPTION_REPEAT },
	{ "fleet", 0, "FILE", NULL, "products: name, sboms or repository, versions, latest, owner, exposure, human_impact, config, patchable", 0 },
	{ "state", 0, "FILE", NULL, "the clocks of the last time (JSON), which go on; written anew, but not by a leg", 0 },
	{ "report", 0, "WHAT", NULL, "exploited: only flaws that are actively exploited, with the CRA's 24 and 72 hour marks", 0 },
	{ "plan", 0, "N", NULL, "print a matrix of N legs for GitHub Actions and end", 0 },
	{ "leg", 0, "K/N", NULL, "only the K-th of N legs", 0 },
	{ "issues", 0, "WHERE", NULL, "keep one issue a product: in its `own` repository, or all in OWNER/REPO; needs issues: write", 0 },
	{ "public-issues", 0, NULL, NULL, "also in a public repository, where everybody reads what is open", OPTION_FLAG },
	{ "merge", 0, NULL, NULL, "the arguments are JSON reports of legs: make one of them", OPTION_FLAG },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

static bool leg_of(struct str text, unsigned *leg, unsigned *legs)
{
	struct str rest = text;
	uint64_t k, n;

	if (!str_to_u64(str_cut(&rest, '/'), &k) || !rest.s || !str_to_u64(rest, &n) || !k || k > n || n > MOST_LEGS)
		return false;
	*leg = (unsigned)k;
	*legs = (unsigned)n;
	return true;
}

static int plan(struct str text)
{
	uint64_t n;

	if (!str_to_u64(text, &n) || !n || n > MOST_LEGS) {
		complain("--plan takes a number of legs from 1 to %d", MOST_LEGS);
		return 2;
	}
	printf("{\"include\":[");
	for (uint64_t i = 1; i <= n; i++)
		printf("%s{\"leg\":\"%llu/%llu\",\"name\":\"leg-%llu-of-%llu\"}", i > 1 ? "," : "", (unsigned long long)i, (unsigned long long)n, (unsigned long long)i,
		       (unsigned long long)n);
	puts("]}");
	return 0;
}

/* A leg that never reported is as good as not scanned. */
static void missing_legs(struct rescan *r)
{
	unsigned leg, legs, all = 0;
	bool there[MOST_LEGS + 1] = { false };

	for (VEC_EACH(const struct str, l, &r->legs))
		if (leg_of(*l, &leg, &legs)) {
			all = legs > all ? legs : all;
			there[leg] = true;
		}
	for (unsigned i = 1; i <= all; i++)
		if (!there[i])
			fleet_fail(&r->fleet, false, arena_printf(r->arena, "leg %u/%u", i, all), STR("did not report: its products were not looked at"));
}

static bool open_data(struct invocation *in, struct rescan *r)
{
	struct database_choice choice = database_choose(in);
	struct vuln_age_report ages = { 0 };
	struct diags d;

	diag_init(&d, in->arena);
	choice.now = timestamp_now();
	if (!choice.places.len) {
		complain("rescan needs vulnerability data: name it with --db PLACE; `bomgate db build … -o PATH` makes one");
		return false;
	}
	r->db = database_open(in->arena, &choice, &d, NULL);
	if (!r->db) {
		output_diagnostics(&d, option_is(in, "verbose"), false);
		return false;
	}
	vuln_ages(r->db, timestamp_now(), &vuln_default_limits, in->arena, &ages);
	r->stale = ages.worst == VULN_STALE || !vuln_about(r->db)->kev || !vuln_about(r->db)->osv;
	int64_t oldest = INT64_MIN;
	for (VEC_EACH(const struct vuln_source_age, s, &ages))
		if (s->seconds > oldest) {
			oldest = s->seconds;
			r->data_date = s->source->checked;
		}
	return true;
}

/* A policy may extend one of another repository, over REST. */
static void find_api(struct rescan *r)
{
	struct publishing p;

	(void)github_api_begin(r->arena, STR("any/any"), &p);
	r->runner.api_url = p.api_url;
	r->runner.token = p.token;
}

static bool gather(struct invocation *in, struct rescan *r)
{
	unsigned leg = 0, legs = 0;
	struct str file = option_get(in, "fleet");

	r->leg = option_get(in, "leg");
	if (r->leg.len && !leg_of(r->leg, &leg, &legs)) {
		complain("--leg is K/N, such as 2/4");
		return false;
	}
	if (file.len && !fleet_add_file(&r->fleet, file, leg, legs))
		return false;
	for (size_t i = 0; i < in->arguments.n; i++)
		fleet_add(&r->fleet, in->arguments.items[i], leg, legs);
	return true;
}

static int write_outputs(struct rescan *r, const struct outputs *outputs)
{
	static const struct {
		const char *name;
		void (*write)(const struct rescan *r, struct buf *out);
	} writers[] = { { "table", rescan_table }, { "json", rescan_json }, { "csv", rescan_csv }, { "html", rescan_html } };
	int code = 0;

	for (VEC_EACH(const struct output, o, outputs))
		for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
			struct buf text;
			if (!str_is(o->name, writers[i].name))
				continue;
			buf_init(&text, 0);
			writers[i].write(r, &text);
			if (!output_deliver(o, buf_str(&text)))
				code = 70;
			buf_free(&text);
		}
	return code;
}

static int write_state(struct rescan *r, struct str path)
{
	struct buf text;
	struct str why;
	bool only = r->only_exploited;

	buf_init(&text, 0);
	r->only_exploited = false;
	r->whole_state = true;
	rescan_json(r, &text);
	r->only_exploited = only;
	r->whole_state = false;
	bool good = file_write_atomic(arena_cstr(r->arena, path), buf_str(&text), &why);
	buf_free(&text);
	if (!good)
		complain("%.*s: %.*s", STR_ARG(path), STR_ARG(why));
	return good ? 0 : 70;
}

static int exit_code(const struct rescan *r)
{
	bool unread = false, network = false;

	for (VEC_EACH(const struct rescan_row, row, &r->rows))
		if (row->newly)
			return 1;
	for (VEC_EACH(const struct fleet_failure, f, &r->fleet.failures)) {
		network = network || f->data;
		unread = unread || !f->data;
	}
	for (VEC_EACH(const struct rescan_issue, i, &r->issues))
		network = network || i->failed;
	return r->bad_policy ? 2 : network || r->stale ? 4 : unread ? 3 : 0;
}

int cmd_rescan(struct invocation *in)
{
	struct rescan r = { .arena = in->arena, .now = timestamp_now(), .fleet = { .arena = in->arena }, .config = option_get(in, "config") };
	struct str state = option_get(in, "state"), issues = option_get(in, "issues"), report = option_get(in, "report");
	struct outputs outputs;

	if (option_get(in, "plan").len)
		return plan(option_get(in, "plan"));
	if (!outputs_own(in, "table|json|csv|html", &outputs))
		return 2;
	if ((report.len && !str_is(report, "exploited")) ||
	    (option_get(in, "timestamp").len && !timestamp_parse(option_get(in, "timestamp"), &r.now))) {
		complain("--report is `exploited`, --timestamp a time (RFC 3339)");
		return 2;
	}
	if ((issues.len && option_get(in, "leg").len) || (!issues.len && option_is(in, "public-issues"))) {
		complain(issues.len ? "a leg sees a part only: --issues belongs to the --merge of all legs" : "--public-issues goes with --issues");
		return 2;
	}
	if (!in->arguments.n && !option_get(in, "fleet").len) {
		complain("rescan what? Folders of SBOMs, list:FILE, github:OWNER/REPO, or --fleet FILE");
		return 2;
	}
	r.only_exploited = report.len > 0;
	http_set_offline(option_is(in, "offline"));
	certificates_find(in->arena);
	map_init(&r.before, in->arena);
	map_init(&r.by_name, in->arena);
	map_init(&r.met, in->arena);
	map_init(&r.looked, in->arena);
	r.remembers = state.len || option_get(in, "leg").len || option_is(in, "merge");
	if (state.len && !rescan_read_state(&r, state))
		return 2;
	if (option_is(in, "merge")) {
		if (!rescan_merge(&r, in->arguments.items, in->arguments.n))
			return 3;
		missing_legs(&r);
	} else {
		if (!open_data(in, &r))
			return 4;
		if (!gather(in, &r))
			return 2;
		find_api(&r);
		for (size_t i = 0; i < r.fleet.units.n; i++)
			rescan_unit(&r, &r.fleet.units.items[i]);
		fleet_versions_missing(&r.fleet);
	}
	rescan_clocks_end(&r);
	rescan_settle(&r);
	if (issues.len && !rescan_write_issues(&r, issues, option_is(in, "public-issues")))
		return 2;
	int code = write_outputs(&r, &outputs);
	if (!code && state.len && !r.leg.len) /* a leg's report goes into the merge, which writes it */
		code = write_state(&r, state);
	fleet_end(&r.fleet);
	vuln_close(r.db);
	return code ? code : exit_code(&r);
}
