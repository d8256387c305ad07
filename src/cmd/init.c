/* `bomgate init`: a first configuration, commented; asks where there is a terminal. */
#include "cmd/init.h"

#include <stdio.h>
#include <unistd.h>

#include "base/timestamp.h"
#include "cmd/output.h"
#include "decide/policy_schema.h"
#include "io/file.h"
#include "io/http.h"

#define DEFAULT_CONFIG ".github/bomgate.yml"

const struct option_spec cmd_init_options[] = {
	{ "accept-existing", 0, NULL, NULL, "write an exception for each finding that closes the gate today (needs --db and --until)", OPTION_FLAG },
	{ "until", 0, "DAY", NULL, "the last day of those exceptions, such as 2027-06-30", 0 },
	{ "stdout", 0, NULL, NULL, "print the configuration instead of writing it", OPTION_FLAG },
	{ "schema", 0, NULL, NULL, "print the JSON schema of the configuration", OPTION_FLAG },
	{ "keys", 0, NULL, NULL, "print the keys of the configuration as Markdown tables", OPTION_FLAG },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

struct init_run {
	struct invocation *in;
	struct arena *arena;
	struct diags diags;
	struct collect_options sources;
	struct collected collected;
	struct judgement judgement;
	struct init_answers answers;
	struct init_facts facts;
	struct buf text;
	struct str path; /* of the configuration */
	int64_t now;
};

/* ---- asking */

static struct str ask_line(struct arena *a, const char *question)
{
	char line[256];

	fprintf(stderr, "%s ", question);
	fflush(stderr);
	return fgets(line, sizeof line, stdin) ? arena_str(a, str_trim(str_of(line))) : STR_NONE;
}

/* A value of a decision point, in its published spelling; absent: the assumption stays. */
static struct str ask_point(struct arena *a, const char *question, const char *id)
{
	const struct ssvc_point *p = ssvc_point_by_id(a, str_of(id));

	for (int tries = 0; tries < 3; tries++) {
		struct str line = ask_line(a, question);
		unsigned v;
		if (!line.len)
			return STR_NONE;
		if (ssvc_value_of(p, line, &v))
			return arena_lower(a, p->values[v].name);
		fprintf(stderr, "  it is %.*s\n", STR_ARG(ssvc_value_words(a, p)));
	}
	return STR_NONE;
}

static void ask(struct init_run *r)
{
	struct arena *a = r->arena;
	struct str repository = r->collected.repository;
	size_t slash = str_rchr(repository, '/');

	r->answers.name = repository.len ? str_from(repository, slash == STR_NOT_FOUND ? 0 : slash + 1) : STR("service");
	if (!isatty(0) || !isatty(2))
		return;
	struct str name = ask_line(a, arena_printf(a, "Name of the service [%.*s]:", STR_ARG(r->answers.name)).s);
	if (name.len)
		r->answers.name = name;
	r->answers.owner = ask_line(a, "Who answers for it, such as @acme/web [nobody]:");
	r->answers.exposure = ask_point(a, "Exposure: small, controlled or open [open, assumed]:", "ssvc:EXP:1.0.1");
	r->answers.human_impact = ask_point(a, "Human Impact of a failure: low, medium, high or very high [medium, assumed]:", "ssvc:HI:2.0.2");
}

/* ---- the steps */

static bool look(struct init_run *r)
{
	if (r->in->arguments.n)
		*VEC_ADD(r->arena, &r->sources.sources) = r->in->arguments.items[0];
	if (collect_prepare(r->arena, &r->diags, &r->sources, &r->collected) == FAILED)
		return false;
	if (collect(r->arena, &r->diags, &r->sources, &r->collected) == FAILED && !r->collected.bom.inputs.n)
		return false;
	init_look(r->arena, &r->collected.bom, &r->facts);
	return true;
}

/* The text must be a configuration: it is read back before it is written. */
static bool read_back(struct init_run *r)
{
	struct judgement *j = &r->judgement;
	struct policy_run nothing = { 0 };

	j->arena = r->arena;
	return policy_parse(r->arena, &r->diags, r->path, arena_str(r->arena, buf_str(&r->text)), NULL, &j->policy) == OK &&
	       policy_effective(&j->policy, &nothing, &r->diags, &j->effective) == OK;
}

/* The exit code. */
static int accept_existing(struct init_run *r)
{
	struct judge_options o = { .database = database_choose(r->in), .now = r->now };
	struct str until = option_get(r->in, "until");
	int64_t end;

	if (!until.len || until.len != 10 || !timestamp_parse(until, &end) || end <= r->now) {
		complain("--accept-existing needs --until DAY, a day to come such as 2027-06-30: an exception ends");
		return 2;
	}
	if (!o.database.places.len) {
		complain("--accept-existing needs vulnerability data: --db PATH");
		return 2;
	}
	if (!read_back(r))
		return 70;
	judge_findings(&r->judgement, &r->diags, &r->collected, NULL, NULL, &o);
	if (!r->judgement.matched) {
		complain("nothing could be matched, so there is nothing to accept");
		return 4;
	}
	size_t n = init_exceptions(r->arena, &r->judgement, &r->collected.bom, until, timestamp_day(r->arena, r->now), &r->text);
	fprintf(stderr, "bomgate: %zu exception%s until %.*s for what closes the gate today\n", n, n == 1 ? "" : "s", STR_ARG(until));
	for (VEC_EACH(const struct undecided, u, &r->judgement.findings.undecided))
		if (u->closes_gate)
			fprintf(stderr, "bomgate: %.*s keeps the gate closed and has no exception: %.*s\n",
				STR_ARG(r->collected.bom.components[u->component].name), STR_ARG(u->why));
	return 0;
}

static void tell_kev(struct init_run *r)
{
	struct str_list notes = { 0 };

	decide_kev_notes(r->arena, &r->judgement.policy, &r->judgement.effective, &notes);
	for (size_t i = 0; i < notes.n; i++)
		fprintf(stderr, "bomgate: %.*s\n", STR_ARG(notes.items[i]));
}

static int deliver(struct init_run *r)
{
	struct str why;
	enum file_kind kind;
	size_t slash = str_rchr(r->path, '/');

	if (option_is(r->in, "stdout")) {
		fwrite(r->text.s, 1, r->text.len, stdout);
		return 0;
	}
	if (file_kind(arena_cstr(r->arena, r->path), &kind)) {
		complain("%.*s is there already; --stdout prints what would be written", STR_ARG(r->path));
		return 2;
	}
	if (slash != STR_NOT_FOUND && !file_make_folders(arena_cstr(r->arena, str_sub(r->path, 0, slash)), &why)) {
		complain("%.*s: %.*s", STR_ARG(r->path), STR_ARG(why));
		return 70;
	}
	if (!file_write_atomic(arena_cstr(r->arena, r->path), buf_str(&r->text), &why)) {
		complain("%.*s: %.*s", STR_ARG(r->path), STR_ARG(why));
		return 70;
	}
	fprintf(stderr, "bomgate: %.*s written; commit it to the default branch\n", STR_ARG(r->path));
	return 0;
}

static int init(struct init_run *r)
{
	struct str work_tree;

	if (!look(r))
		return diag_exit_code(&r->diags);
	r->path = option_get(r->in, "config");
	work_tree = r->collected.git ? git_work_tree(r->collected.git) : STR_NONE;
	if (!r->path.len)
		r->path = arena_concat(r->arena, work_tree.len ? work_tree : STR(""), STR(DEFAULT_CONFIG), STR(""));
	ask(r);
	init_text(r->arena, &r->answers, &r->facts, &r->text);
	if (option_is(r->in, "accept-existing")) {
		int code = accept_existing(r);
		if (code)
			return code;
	}
	if (!read_back(r))
		return 70;
	tell_kev(r);
	return deliver(r);
}

static int print_tables(struct invocation *in)
{
	struct buf out;

	buf_init(&out, 0);
	if (option_is(in, "schema"))
		policy_schema(in->arena, &out);
	else
		policy_keys_markdown(in->arena, &out);
	fwrite(out.s, 1, out.len, stdout);
	buf_free(&out);
	return 0;
}

int cmd_init(struct invocation *in)
{
	struct init_run r = { .in = in, .arena = in->arena, .now = timestamp_now() };
	int code;

	if (option_is(in, "schema") || option_is(in, "keys"))
		return print_tables(in);
	http_set_offline(true);
	diag_init(&r.diags, in->arena);
	buf_init(&r.text, 0);
	code = init(&r);
	if (code) {
		diag_sort(&r.diags);
		output_diagnostics(&r.diags, false, false);
	}
	buf_free(&r.text);
	judge_end(&r.judgement);
	collect_end(&r.collected);
	return code;
}
