#include "cmd/publishing.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/sha256.h"
#include "base/timestamp.h"
#include "io/file.h"
#include "report/escape.h"

void publishing_mask(struct str secret)
{
	const char *runner = getenv("GITHUB_ACTIONS");
	struct buf line;

	if (!secret.len || !runner || strcmp(runner, "true") != 0) /* elsewhere nobody obeys, and the secret would stand in the log */
		return;
	buf_init(&line, 0);
	escape_command_data(&line, secret);
	printf("::add-mask::%.*s\n", STR_ARG(buf_str(&line)));
	fflush(stdout);
	buf_free(&line);
}

struct str publishing_leg(struct arena *a, struct str matrix)
{
	if (!matrix.len || str_is(matrix, "null") || str_is(matrix, "{}"))
		return STR_NONE;
	return str_sub(sha256_hex(a, matrix), 0, 8);
}

/* "0f8fad5b-d9cb-469f-a165-70867728950e": what the runner makes up for a composite action's steps, anew in each run. */
static bool is_random(struct str s)
{
	size_t digits = 0, dashes = 0;

	for (size_t i = 0; i < s.len; i++) {
		digits += ascii_hex(s.s[i]) >= 0;
		dashes += s.s[i] == '-';
	}
	return digits == 32 && dashes == 4 && digits + dashes == s.len;
}

/* 2 of "__owner_repository_2"; 1 where there is no number. The repository's own name may end like one. */
static uint64_t number_of(struct str step)
{
	struct str own = str_of(getenv("GITHUB_ACTION_REPOSITORY"));
	size_t under = str_rchr(step, '_'), i = own.len;
	uint64_t n;

	while (i && (ascii_alpha(own.s[i - 1]) || ascii_digit(own.s[i - 1]) || own.s[i - 1] == '_'))
		i--;
	own = str_from(own, i);
	if (under == STR_NOT_FOUND || (own.len && str_ends(step, own)) || !str_to_u64(str_from(step, under + 1), &n))
		return 1;
	return n;
}

/* One part of GITHUB_ACTION ("outer.inner" in a composite action): what of it is the same in each run, whether other steps are skipped or
 * not. Absent for the plain one: the first without an id, or the id that the documents use. The number of a `run:` step counts steps that
 * are not ours, and act's ids count all steps (ids of people begin with a letter or '_', never with "__"). */
static struct str part_of_use(struct arena *a, struct str step)
{
	if (str_is(step, "bomgate") || (step.len && ascii_digit(step.s[0])) || str_is(step, "__run") || str_starts(step, STR("__run_")))
		return STR_NONE;
	if (!str_starts(step, STR("__")))
		return step;
	uint64_t n = is_random(str_from(step, 2)) ? 1 : number_of(step);
	return n > 1 ? arena_printf(a, "%llu", (unsigned long long)n) : STR_NONE;
}

static struct str use_of(struct arena *a, struct str step)
{
	struct str text = STR("");
	bool plain = true;

	while (step.s) {
		struct str part = part_of_use(a, str_cut(&step, '.'));
		plain = plain && !part.len;
		text = arena_concat(a, text, part, step.s ? STR(".") : STR_NONE);
	}
	return plain ? STR_NONE : text;
}

/* How many other steps of this job were the same use before this one: kept in RUNNER_TEMP, which lasts as long as the job. */
static size_t uses_before(struct arena *a, const struct runner *r, struct str use, struct str step)
{
	struct str known, why, line, of = sha256_hex(a, use), own = sha256_hex(a, step);
	struct str path = arena_printf(a, "%.*s/bomgate-uses", STR_ARG(r->temp));
	size_t before = 0;

	if (!r->temp.len)
		return 0;
	if (!file_read(a, path.s, 1 << 20, &known, &why))
		known = STR("");
	for (struct str rest = known; rest.len && (line = str_cut(&rest, '\n')).s;) {
		if (!str_eq(str_cut(&line, ' '), of))
			continue;
		if (str_eq(line, own))
			return before;
		before++;
	}
	known = arena_printf(a, "%.*s%.*s %.*s\n", STR_ARG(known), STR_ARG(of), STR_ARG(own));
	(void)file_write_atomic(path.s, known, &why); /* where it cannot be written, nobody is kept apart by it */
	return before;
}

struct str publishing_use(struct arena *a, const struct runner *r, struct str matrix)
{
	struct str step = str_of(getenv("GITHUB_ACTION"));

	if (!r->active || !step.len)
		return matrix;
	struct str use = use_of(a, step);
	size_t before = uses_before(a, r, use, step);
	if (use.len)
		matrix = arena_printf(a, "%.*s\n%.*s", STR_ARG(matrix), STR_ARG(use));
	return before ? arena_printf(a, "%.*s\n+%zu", STR_ARG(matrix), before) : matrix;
}

struct str publishing_category(struct arena *a, const struct runner *r, struct str matrix, struct str name)
{
	struct str leg = publishing_leg(a, matrix), text = STR_NONE;

	if (!r->active)
		return STR_NONE;
	text = arena_concat(a, r->workflow.len ? r->workflow : STR("workflow"), STR("/"), r->job);
	if (leg.len)
		text = arena_concat(a, text, STR("/"), leg);
	if (name.len)
		text = arena_concat(a, text, STR("/"), name);
	return text;
}

struct publishing_place publishing_place(struct arena *a, const struct runner *r, struct str commit, struct str ref, struct str repository)
{
	struct publishing_place event = { .sha = r->sha, .ref = r->ref }, other = { .sha = commit, .ref = ref };
	bool foreign = str_is(r->event, "pull_request_target") || str_is(r->event, "workflow_run");

	if (!r->active || !commit.len || str_eq(commit, r->sha))
		return event;
	if (r->pull_request && str_eq(commit, r->pull_head)) {
		other.ref = arena_printf(a, "refs/pull/%lld/head", (long long)r->pull_request);
		return other;
	}
	bool elsewhere = repository.len && r->repository.len && !str_eq_nocase(repository, r->repository);
	if (!foreign && !elsewhere && ref.len)
		return str_eq(ref, r->ref) ? event : other; /* a commit that the job made on it is not known to GitHub */
	other.ref = STR_NONE;
	other.nowhere = elsewhere ? arena_printf(a, "what was judged is of %.*s: its results belong there", STR_ARG(repository)) :
			foreign ? STR("the commit that was judged is not the one of this event, so its branch is not known; publish in a workflow of pull_request") :
				  STR("the commit that was judged is not the one of this event, and its branch is not known; check out a branch by its name (ref: BRANCH)");
	return other;
}

/* The tag of the event: a release's, or the pushed one. */
static struct str tag_of(const struct runner *r)
{
	struct str tag = json_string(json_path(r->payload, "release.tag_name"));

	if (tag.len)
		return tag;
	return str_starts(r->ref, STR("refs/tags/")) ? str_from(r->ref, 10) : STR_NONE;
}

void publishing_fill(struct arena *a, const struct runner *r, struct str matrix, struct str name, struct publishing *out)
{
	*out = (struct publishing){ .arena = a, .api_url = r->api_url, .server_url = r->server_url, .token = r->token, .repository = r->repository,
				    .sha = r->sha, .ref = r->ref, .head_sha = r->pull_head.len ? r->pull_head : r->sha,
				    .run_url = runner_run_url(a, r), .category = publishing_category(a, r, matrix, name),
				    .suffix = publishing_leg(a, matrix), .tag = tag_of(r), .fork = r->fork,
				    .started = timestamp_text(a, timestamp_now()), .runtime_token = r->runtime_token,
				    .results_url = r->results_url, .mask = publishing_mask, .secrets = r->secrets };
	if (runner_judges_pull(r))
		out->pull_request = r->pull_request;
}
