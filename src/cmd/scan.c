/* `bomgate scan SOURCE [-o …]`: match and decide, without record and publishing. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/timestamp.h"
#include "cmd/alter.h"
#include "cmd/judge.h"
#include "cmd/output.h"
#include "cmd/vdr.h"
#include "io/http.h"

#define REPORT_FORMATS "console|annotations|markdown|json|sarif|html|openvex|github|matches|ssvc-selections|cyclonedx-vdr|csaf"

const struct option_spec cmd_scan_options[] = {
	{ "output", 'o', "FORMAT[=FILE]", "console", "an SBOM format, table, purls, json, sarif, openvex, html, markdown, annotations, github or matches", OPTION_REPEAT },
	{ "fail-on", 0, "OUTCOME", "out-of-cycle", "immediate, out-of-cycle, scheduled, any or never", 0 },
	{ "max-age", 0, "LIST", "kev=72h,ssvc=72h,osv=7d", "how old the data may be", 0 },
	{ "osv-api", 0, NULL, NULL, "also ask OSV's API for packages that nothing in the repository shows to be private", OPTION_FLAG },
	{ "strict", 0, NULL, NULL, "gate on the highest outcome still possible", OPTION_FLAG },
	{ "undecided", 0, "WHAT", "warn", "warn or fail", 0 },
	{ "allow-incomplete", 0, NULL, NULL, "an input that could not be read whole does not close the gate", OPTION_FLAG },
	{ "exclude", 0, "GLOB", NULL, "inputs that are not read", OPTION_REPEAT },
	{ "name", 0, "NAME", NULL, "the subject's name", 0 },
	{ "findings", 0, "FILE", NULL, "a report of another scanner (Trivy, Grype or osv-scanner JSON, CycloneDX), joined with what is found", OPTION_REPEAT },
	{ "base", 0, "COMMIT", NULL, "the commit whose policy holds", 0 },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

struct scan_run {
	struct invocation *in;
	struct diags diags;
	struct runner runner; /* not read: a scan by hand knows no runner */
	struct collect_options sources;
	struct collected collected;
	struct base base;
	struct judge_options options;
	struct judgement judgement;
};

static void set_options(struct scan_run *s)
{
	struct invocation *in = s->in;

	for (size_t i = 0; i < in->arguments.n; i++)
		*VEC_ADD(in->arena, &s->sources.sources) = in->arguments.items[i];
	for (size_t i = 0; option_nth(in, "exclude", i).s; i++)
		*VEC_ADD(in->arena, &s->sources.exclude) = option_nth(in, "exclude", i);
	s->sources.timestamp = option_get(in, "timestamp");
	s->sources.name = option_get(in, "name");
	s->options = (struct judge_options){ .database = database_choose(in), .config = option_get(in, "config"), .now = timestamp_now() };
	for (size_t i = 0; option_nth(in, "findings", i).s; i++)
		*VEC_ADD(in->arena, &s->options.findings) = option_nth(in, "findings", i);
	s->options.osv_api = s->sources.registries = option_is(in, "osv-api");
	s->options.config_given = s->options.config.len > 0;
	s->options.run = (struct policy_run){ .fail_on = option_get(in, "fail-on"), .strict = option_get(in, "strict"),
					      .undecided = option_get(in, "undecided"), .allow_incomplete = option_get(in, "allow-incomplete"),
					      .max_age = option_get(in, "max-age") };
}

/* A wrong option is told at once and alone, not behind all that the sources say. */
static bool options_fit(struct scan_run *s)
{
	struct policy none;
	struct effective unused;
	struct diags d;

	diag_init(&d, s->in->arena);
	policy_default(s->in->arena, &none);
	if (policy_effective(&none, &s->options.run, &d, &unused) == OK)
		return true;
	s->diags = d;
	return false;
}

static bool judge(struct scan_run *s)
{
	struct arena *a = s->in->arena;

	if (!options_fit(s))
		return false;
	if (collect_prepare(a, &s->diags, &s->sources, &s->collected) == FAILED)
		return false;
	base_find(a, &s->runner, &s->collected, option_get(s->in, "base"), &s->base);
	judge_policy(&s->judgement, a, &s->diags, &s->collected, &s->runner, &s->base, &s->options);
	for (size_t i = 0; i < s->judgement.policy.exclude.n; i++)
		*VEC_ADD(a, &s->sources.exclude) = s->judgement.policy.exclude.items[i];
	if (collect(a, &s->diags, &s->sources, &s->collected) == FAILED && !s->collected.bom.inputs.n)
		return false;
	judge_findings(&s->judgement, &s->diags, &s->collected, &s->base, &s->sources, &s->options);
	diag_sort(&s->diags);
	judge_gate(&s->judgement, &s->diags, &s->collected, &s->base);
	alter_notes(&s->judgement, &s->collected, &s->base, &s->options, &s->judgement.altered);
	return true;
}

static bool write_output(struct scan_run *s, const struct report *r, const struct output *o)
{
	const struct report_row *row = report_by_name(o->name);
	struct buf bytes;
	bool good = true;

	buf_init(&bytes, 0);
	if (row) {
		row->write(r, &bytes);
	} else if (str_is(o->name, "cyclonedx-vdr")) {
		struct output sbom = *o;
		struct bom vdr;
		vdr_bom(&s->judgement, &s->collected.bom, r->timestamp, &vdr);
		sbom.format = format_by_name(STR("cyclonedx-json"));
		sbom.version = str_of(sbom.format->default_version);
		good = output_render(s->in->arena, &sbom, &vdr, NULL, &bytes);
	} else {
		good = output_render(s->in->arena, o, &s->collected.bom, NULL, &bytes);
	}
	good = good && output_deliver(o, buf_str(&bytes));
	buf_free(&bytes);
	return good;
}

int cmd_scan(struct invocation *in)
{
	struct scan_run s = { .in = in };
	struct outputs outputs;
	struct report report;
	int code;

	if (!outputs_parse(in, "console", REPORT_FORMATS, &outputs))
		return 2;
	diag_init(&s.diags, in->arena);
	http_set_offline(option_is(in, "offline")); /* only a source may need the network */
	set_options(&s);
	if (!judge(&s)) {
		diag_sort(&s.diags);
		output_diagnostics(&s.diags, option_is(in, "verbose"), option_is(in, "quiet"));
		code = diag_exit_code(&s.diags);
		code = code ? code : 70;
	} else {
		bool shown = false;
		judge_report(&s.judgement, &s.collected, &s.diags, &report);
		report.color = str_is(option_get(in, "color"), "always") ||
			       (!str_is(option_get(in, "color"), "never") && !getenv("NO_COLOR") && isatty(1) == 1);
		code = s.judgement.gate.exit_code;
		for (size_t i = 0; i < outputs.n; i++) {
			shown = shown || (str_is(outputs.items[i].name, "console") && !outputs.items[i].file.s);
			if (!write_output(&s, &report, &outputs.items[i]))
				code = 70;
		}
		if (!shown)
			output_diagnostics(&s.diags, option_is(in, "verbose"), option_is(in, "quiet"));
	}
	judge_end(&s.judgement);
	collect_end(&s.collected);
	return code;
}
