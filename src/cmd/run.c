/* `bomgate run [PATH]`: the whole job, as the action does it. */
#include "cmd/run.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/timestamp.h"
#include "cmd/alter.h"
#include "cmd/certificates.h"
#include "cmd/output.h"
#include "cmd/publishing.h"
#include "io/file.h"
#include "io/http.h"
#include "report/escape.h"

const struct option_spec cmd_run_options[] = {
#define OPTION(name, letter, arg, otherwise, help, flags) { name, letter, arg, otherwise, help, flags },
#include "cmd/run_options.def"
#undef OPTION
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- what to read */

static bool add_sboms(struct run *run)
{
	for (size_t i = 0; option_nth(run->in, "sbom", i).s; i++) {
		struct str pattern = option_nth(run->in, "sbom", i);
		glob_t found = { 0 };
		if (glob(arena_cstr(run->arena, pattern), 0, NULL, &found) != 0 || !found.gl_pathc) {
			diag_add(&run->diags, SEV_ERROR, "usage.sbom", pattern, DIAG_NO_OFFSET, "no file fits this; check the path or the glob");
			globfree(&found);
			return false;
		}
		for (size_t k = 0; k < found.gl_pathc; k++)
			*VEC_ADD(run->arena, &run->sources.sources) =
				arena_concat(run->arena, STR("sbom:"), str_of(found.gl_pathv[k]), STR_NONE);
		globfree(&found);
	}
	return true;
}

static bool set_sources(struct run *run)
{
	for (size_t i = 0; i < run->in->arguments.n; i++)
		*VEC_ADD(run->arena, &run->sources.sources) = run->in->arguments.items[i];
	for (size_t i = 0; option_nth(run->in, "source", i).s; i++)
		*VEC_ADD(run->arena, &run->sources.sources) = option_nth(run->in, "source", i);
	struct str head = option_get(run->in, "head");
	if (head.len && !run->sources.sources.n)
		*VEC_ADD(run->arena, &run->sources.sources) = arena_concat(run->arena, STR("git:.@"), head, STR_NONE);
	return add_sboms(run);
}

static bool set_out(struct run *run)
{
	run->out = option_get(run->in, "out");
	if (!run->out.len && run->runner.active && run->runner.temp.len) {
		char *path = arena_cstr(run->arena, file_join(run->arena, run->runner.temp, STR("bomgate-XXXXXX")));
		if (!mkdtemp(path)) {
			complain("no folder could be made in RUNNER_TEMP");
			return false;
		}
		run->out = str_of(path);
	}
	if (!run->out.len)
		run->out = STR("bomgate-out");
	return true;
}

/* The options that change what is made, for the serial number: in one order whatever the command line's, and subjects by their
 * digests wherever they lie, so that the record is enough to make the same again. */
static struct str options_text(struct run *run)
{
	static const char *const matter[] = { "exclude", "name", "formats" };
	struct str text = STR("");

	for (size_t k = 0; k < sizeof matter / sizeof matter[0]; k++)
		for (size_t i = 0; i < run->in->options.n; i++)
			if (strcmp(run->in->options.items[i].spec->name, matter[k]) == 0)
				text = arena_printf(run->arena, "%.*s%s=%.*s\n", STR_ARG(text), matter[k], STR_ARG(run->in->options.items[i].value));
	for (VEC_EACH(const struct named_subject, s, &run->subjects))
		text = arena_printf(run->arena, "%.*ssubject=%.*s@%.*s\n", STR_ARG(text), STR_ARG(s->name), STR_ARG(s->sha256));
	return text;
}

/* Foreign code beside write tokens: nothing of it is executed here, but the next step may. */
static bool checkout_is_trusted(struct run *run)
{
	const struct runner *r = &run->runner;

	if (!r->active || (!str_is(r->event, "pull_request_target") && !str_is(r->event, "workflow_run")) ||
	    option_is(run->in, "allow-untrusted-checkout"))
		return true;
	if (run->collected.commit.id.len && str_eq(run->collected.commit.id, r->sha))
		return true;
	diag_add(&run->diags, SEV_ERROR, "usage.checkout", STR_NONE, DIAG_NO_OFFSET,
		 "under %.*s the checkout is not the commit of the event: foreign code beside a token that can write; use pull_request, or set "
		 "allow-untrusted-checkout: true",
		 STR_ARG(r->event));
	return false;
}

static void set_judge_options(struct run *run)
{
	struct judge_options *o = &run->judge_options;

	o->database = database_choose(run->in);
	o->config = option_get(run->in, "config");
	for (size_t i = 0; option_nth(run->in, "findings", i).s; i++)
		*VEC_ADD(run->arena, &o->findings) = option_nth(run->in, "findings", i);
	o->osv_api = run->sources.registries = option_is(run->in, "osv-api");
	o->config_given = o->config.len > 0;
	o->now = run->started_at;
	o->run = (struct policy_run){
		.event = run->runner.event,
		.ref = run->runner.ref.len ? runner_target_ref(run->arena, &run->runner) : run->collected.ref,
		.fail_on = option_get(run->in, "fail-on"),
		.undecided = option_get(run->in, "undecided"),
		.strict = option_get(run->in, "strict"),
		.allow_incomplete = option_get(run->in, "allow-incomplete"),
		.max_age = option_get(run->in, "max-age"),
	};
}

/* ---- telling */

/* What could not be written cannot be looked up later: the gate does not open (the order of exit codes: 2, 1, 70, 4, 3). */
static void judge_unwritten(struct run *run)
{
	struct gate *g = &run->judgement.gate;

	if (!run->unwritten || g->exit_code == 1 || g->exit_code == 2 || g->exit_code == 70)
		return;
	g->exit_code = 70;
	g->state = GATE_ERROR;
	*VEC_ADD(run->arena, &g->reasons) = STR("not every file of the run could be written");
}

static void put(struct run *run, const char *name, struct str value)
{
	run->unwritten |= !runner_output(&run->runner, name, value);
}

/* Empty where the file was not written. */
static struct str written_path(const struct run *run, const char *name)
{
	for (size_t i = 0; i < run->files.n; i++)
		if (str_is(run->files.items[i].name, name))
			return file_join(run->arena, run->out, run->files.items[i].name);
	return STR_NONE;
}

static void step_outputs(struct run *run)
{
	static const struct {
		const char *name;
		enum outcome outcome;
	} counts[] = { { "immediate", OUTCOME_IMMEDIATE },
		       { "out-of-cycle", OUTCOME_OUT_OF_CYCLE },
		       { "scheduled", OUTCOME_SCHEDULED },
		       { "defer", OUTCOME_DEFER } };
	static const struct {
		const char *name, *file;
	} paths[] = { { "provenance", "provenance.json" }, { "verdict", "verdict.json" }, { "result", "result.json" }, { "sarif", "results.sarif" } };
	const struct gate *g = &run->judgement.gate;
	size_t components = 0;

	put(run, "gate", run->publish_failed && (g->exit_code == 0 || g->exit_code == 3) ? STR("error") : str_of(gate_word(g->state)));
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		put(run, counts[i].name, arena_printf(run->arena, "%zu", g->outcomes[counts[i].outcome]));
	put(run, "not-decided", arena_printf(run->arena, "%zu", g->not_decided));
	for (size_t i = 0; i < run->collected.bom.ncomponents; i++)
		components += !run->collected.bom.components[i].first_party && run->collected.bom.components[i].type != COMPONENT_FILE;
	put(run, "components", arena_printf(run->arena, "%zu", components));
	for (size_t i = 0; i < run->files.n; i++) {
		if (run->files.items[i].is_sbom) {
			put(run, "sbom", file_join(run->arena, run->out, run->files.items[i].name));
			break;
		}
	}
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		put(run, paths[i].name, written_path(run, paths[i].file));
	put(run, "artifact-id", run->artifact_id);
	put(run, "artifact-digest", run->artifact_digest);
}

static void print_files(struct run *run)
{
	static const char *const states[] = { "ok", "partly read", "not read", "skipped" };
	struct buf line;

	if (!run->runner.active && !option_is(run->in, "verbose"))
		return;
	buf_init(&line, 0);
	runner_group(&run->runner, "files read");
	for (size_t i = 0; i < run->collected.bom.inputs.n; i++) {
		const struct input *in = &run->collected.bom.inputs.items[i];
		buf_reset(&line);
		escape_log(&line, in->path);
		printf("bomgate: %.*s (%.*s): %s, %u components\n", STR_ARG(buf_str(&line)), STR_ARG(in->reader), states[in->state], in->components);
	}
	buf_reset(&line);
	escape_log(&line, run->out);
	buf_addc(&line, ':');
	for (size_t i = 0; i < run->files.n; i++) {
		buf_addc(&line, ' ');
		escape_log(&line, run->files.items[i].name);
	}
	printf("bomgate: written to %.*s\n", STR_ARG(buf_str(&line)));
	runner_group_end(&run->runner);
	buf_free(&line);
}

static bool use_colour(struct run *run)
{
	struct str when = option_get(run->in, "color");

	if (str_is(when, "always"))
		return true;
	if (str_is(when, "never") || getenv("NO_COLOR"))
		return false;
	return isatty(1) == 1;
}

static void print_report(struct run *run)
{
	struct buf text;

	buf_init(&text, 0);
	print_files(run);
	if (run->runner.active)
		report_annotations(&run->report, &text);
	report_console(&run->report, &text);
	fwrite(text.s, 1, text.len, stdout);
	buf_free(&text);
}

/* ---- the steps */

struct publishing_place run_place(const struct run *run)
{
	const struct collected *c = &run->collected;

	return publishing_place(run->arena, &run->runner, c->commit.id, c->ref, git_owner_name(run->arena, c->origin));
}

static void fill_report(struct run *run)
{
	struct report *r = &run->report;
	const struct runner *on = &run->runner;

	judge_report(&run->judgement, &run->collected, &run->diags, r);
	r->server_url = on->server_url;
	r->run_url = runner_run_url(run->arena, on);
	r->run_id = on->run_id;
	r->command = run_command_line(run);
	if (on->ref.len) /* "refs/pull/7/merge": no branch of the clone says so */
		r->ref = run_place(run).ref;
	r->category = publishing_category(run->arena, on, run->leg, option_get(run->in, "name"));
	r->event = on->event;
	r->base_commit = run->base.commit;
	r->on_runner = on->active;
	r->seconds = -1; /* not in files: they are the same bytes for the same run */
	r->artifact = run->artifact_name;
	r->artifact_until = run_kept_until(run);
	r->color = use_colour(run);
	if (on->pull_head.len && run->base.change)
		r->commit = on->pull_head; /* links go to what people see */
	for (size_t i = 0; i < run->files.n; i++)
		if (run->files.items[i].is_sbom && !r->sbom_sha256.len)
			r->sbom_sha256 = run->files.items[i].sha256;
}

/* Reads and judges; the diagnostics say what did not work. False where nothing at all can be made. */
static bool read_and_judge(struct run *run)
{
	struct collected *c = &run->collected;

	if (!run_publishers_check(run) || !run_subjects(run))
		return false;
	run->sources.options_text = options_text(run);
	if (!set_sources(run) || collect_prepare(run->arena, &run->diags, &run->sources, c) == FAILED || !checkout_is_trusted(run))
		return false;
	base_find(run->arena, &run->runner, c, option_get(run->in, "base"), &run->base);
	set_judge_options(run);
	judge_policy(&run->judgement, run->arena, &run->diags, c, &run->runner, &run->base, &run->judge_options);
	for (size_t i = 0; i < run->judgement.policy.exclude.n; i++)
		*VEC_ADD(run->arena, &run->sources.exclude) = run->judgement.policy.exclude.items[i];
	if (collect(run->arena, &run->diags, &run->sources, c) == FAILED && !c->bom.inputs.n)
		return false;
	judge_findings(&run->judgement, &run->diags, c, &run->base, &run->sources, &run->judge_options);
	return true;
}

static void finish(struct run *run)
{
	diag_sort(&run->diags);
	judge_gate(&run->judgement, &run->diags, &run->collected, &run->base);
	alter_notes(&run->judgement, &run->collected, &run->base, &run->judge_options, &run->judgement.altered);
	fill_report(run);
}

static int usage_failure(struct run *run)
{
	diag_sort(&run->diags);
	output_diagnostics(&run->diags, false, false);
	runner_output(&run->runner, "gate", STR("error"));
	if (run->runner.active)
		for (size_t i = 0; i < run->diags.n && i < 10; i++) {
			struct buf line;
			buf_init(&line, 0);
			escape_command_data(&line, run->diags.items[i].text);
			printf("::error title=bomgate::%.*s\n", STR_ARG(buf_str(&line)));
			buf_free(&line);
		}
	int code = diag_exit_code(&run->diags);
	return code ? code : 70;
}

/* A push that deleted its branch or tag started the workflow: there is nothing that could ship. */
static int nothing_to_judge(const struct runner *r)
{
	static const char *const counts[] = { "immediate", "out-of-cycle", "scheduled", "defer", "not-decided", "components" };
	struct buf ref;

	buf_init(&ref, 0);
	escape_command_data(&ref, r->ref);
	printf("::notice title=bomgate::the push deleted %.*s: there is no commit to judge\n", ref.len ? (int)ref.len : 7, ref.len ? ref.s : "its ref");
	buf_free(&ref);
	runner_output(r, "gate", STR("open"));
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		runner_output(r, counts[i], STR("0"));
	return 0;
}

int cmd_run(struct invocation *in)
{
	struct run run = { .in = in, .arena = in->arena, .started = seconds_now(), .started_at = timestamp_now() };
	int code;

	diag_init(&run.diags, run.arena);
	runner_read(run.arena, &run.diags, &run.runner);
	if (run.runner.ref_deleted)
		return nothing_to_judge(&run.runner);
	if ((run.runner.active && !runner_inputs(in)) || !set_out(&run))
		return 2;
	http_set_offline(option_is(in, "offline"));
	certificates_find(run.arena);
	run.leg = publishing_use(run.arena, &run.runner, option_get(in, "matrix"));
	run_name_artifact(&run);
	run.sources.timestamp = option_get(in, "timestamp");
	run.sources.name = option_get(in, "name");
	run.sources.token = run.runner.token;
	run.sources.out = run.out;
	for (size_t i = 0; option_nth(in, "exclude", i).s; i++)
		*VEC_ADD(run.arena, &run.sources.exclude) = option_nth(in, "exclude", i);
	if (!read_and_judge(&run)) {
		code = usage_failure(&run);
	} else {
		run_subjects_into_sbom(&run);
		run_write_sboms(&run);
		finish(&run);
		run.report.binary_sha256 = run.binary_sha256 = run_own_digest(run.arena);
		run_write_reports(&run);
		run_write_provenance(&run);
		judge_unwritten(&run);
		run_publish(&run);
		step_outputs(&run);
		judge_unwritten(&run);
		run.report.seconds = seconds_now() - run.started;
		print_report(&run);
		code = run.judgement.gate.exit_code;
		if (run.publish_failed && (code == 0 || code == 3)) /* the order where several apply */
			code = 4;
	}
	judge_end(&run.judgement);
	collect_end(&run.collected);
	return code;
}
