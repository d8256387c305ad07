#include "cmd/runner.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "io/file.h"

#define PAYLOAD_MAX ((size_t)32 << 20) /* push payloads have several MB */

static struct str variable(struct arena *a, const char *name)
{
	const char *v = getenv(name);

	return v && *v ? arena_str(a, str_of(v)) : STR_NONE;
}

/* Takes a secret out of the environment, so that nothing later can show it. */
static struct str secret(struct arena *a, const char *name)
{
	struct str v = variable(a, name);

	unsetenv(name);
	return str_trim(v);
}

static void read_payload(struct arena *a, struct diags *d, struct runner *r)
{
	struct str path = variable(a, "GITHUB_EVENT_PATH"), text, why;
	const char *error = NULL;
	uint64_t number;

	if (!path.len)
		return;
	if (!file_read(a, path.s, PAYLOAD_MAX, &text, &why)) {
		diag_add(d, SEV_WARNING, "input.event", STR_NONE, DIAG_NO_OFFSET, "the event's payload cannot be read: %.*s", STR_ARG(why));
		return;
	}
	r->payload = json_parse(a, text, &error, NULL);
	if (!r->payload) {
		diag_add(d, SEV_WARNING, "input.event", STR_NONE, DIAG_NO_OFFSET, "the event's payload is no JSON: %s", error);
		return;
	}
	r->default_branch = json_string(json_path(r->payload, "repository.default_branch"));
	r->ref_deleted = str_is(r->event, "push") && json_get_bool(r->payload, "deleted");
	r->merge_base_ref = json_string(json_path(r->payload, "merge_group.base_ref"));
	if (json_to_u64(json_path(r->payload, "pull_request.number"), &number) || json_to_u64(json_get(r->payload, "number"), &number))
		r->pull_request = (int64_t)number;
	r->pull_base = json_string(json_path(r->payload, "pull_request.base.sha"));
	r->pull_head = json_string(json_path(r->payload, "pull_request.head.sha"));
	r->merge_base_sha = json_string(json_path(r->payload, "merge_group.base_sha"));
	struct str head = json_string(json_path(r->payload, "pull_request.head.repo.full_name"));
	struct str base = json_string(json_path(r->payload, "pull_request.base.repo.full_name"));
	r->fork = r->pull_request && base.len && !str_eq_nocase(head, base);
}

/* "refs/pull/7/merge" and "refs/pull/7/head" name the pull request where no payload does. */
static int64_t pull_of_ref(struct str ref)
{
	uint64_t number;

	if (!str_starts(ref, STR("refs/pull/")))
		return 0;
	struct str rest = str_from(ref, 10), digits = str_cut(&rest, '/');
	return (str_is(rest, "merge") || str_is(rest, "head")) && str_to_u64(digits, &number) && number <= INT64_MAX ? (int64_t)number : 0;
}

void runner_read(struct arena *a, struct diags *d, struct runner *r)
{
	static const struct {
		const char *name;
		size_t offset;
	} plain[] = {
#define FIELD(name, field) { name, offsetof(struct runner, field) }
		FIELD("GITHUB_EVENT_NAME", event),
		FIELD("GITHUB_SHA", sha),
		FIELD("GITHUB_REF", ref),
		FIELD("GITHUB_REPOSITORY", repository),
		FIELD("GITHUB_REPOSITORY_ID", repository_id),
		FIELD("GITHUB_SERVER_URL", server_url),
		FIELD("GITHUB_API_URL", api_url),
		FIELD("GITHUB_RUN_ID", run_id),
		FIELD("GITHUB_RUN_ATTEMPT", run_attempt),
		FIELD("GITHUB_WORKFLOW", workflow),
		FIELD("GITHUB_WORKFLOW_REF", workflow_ref),
		FIELD("GITHUB_JOB", job),
		FIELD("GITHUB_ACTOR", actor),
		FIELD("GITHUB_WORKSPACE", workspace),
		FIELD("GITHUB_BASE_REF", base_ref),
		FIELD("GITHUB_HEAD_REF", head_ref),
		FIELD("GITHUB_OUTPUT", output_file),
		FIELD("GITHUB_STEP_SUMMARY", summary_file),
		FIELD("GITHUB_RETENTION_DAYS", retention_days),
		FIELD("RUNNER_TEMP", temp),
		FIELD("RUNNER_TOOL_CACHE", tool_cache),
		FIELD("RUNNER_NAME", name),
		FIELD("RUNNER_OS", os),
		FIELD("RUNNER_ARCH", arch),
		FIELD("RUNNER_ENVIRONMENT", environment),
#undef FIELD
	};

	*r = (struct runner){ 0 };
	r->active = str_is(variable(a, "GITHUB_ACTIONS"), "true");
	struct str input_token = secret(a, "INPUT_TOKEN"), github_token = secret(a, "GITHUB_TOKEN");
	r->token = input_token.len ? input_token : github_token;
	r->runtime_token = secret(a, "ACTIONS_RUNTIME_TOKEN");
	r->results_url = secret(a, "ACTIONS_RESULTS_URL");
	r->secrets.threatconnectome_refresh = secret(a, "THREATCONNECTOME_REFRESH_TOKEN");
	r->secrets.threatconnectome_user = secret(a, "THREATCONNECTOME_USER");
	r->secrets.threatconnectome_password = secret(a, "THREATCONNECTOME_PASSWORD");
	r->secrets.dependency_track_key = secret(a, "DEPENDENCY_TRACK_API_KEY");
	unsetenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
	if (!r->active)
		return;
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		*(struct str *)(void *)((char *)r + plain[i].offset) = variable(a, plain[i].name);
	read_payload(a, d, r);
	if (!r->pull_request)
		r->pull_request = pull_of_ref(r->ref);
}

bool runner_judges_pull(const struct runner *r)
{
	return str_is(r->event, "pull_request") || str_is(r->event, "pull_request_target") || pull_of_ref(r->ref);
}

struct str runner_target_ref(struct arena *a, const struct runner *r)
{
	if (runner_judges_pull(r) && r->base_ref.len)
		return arena_concat(a, STR("refs/heads/"), r->base_ref, STR_NONE);
	if (str_is(r->event, "merge_group") && r->merge_base_ref.len)
		return str_starts(r->merge_base_ref, STR("refs/")) ? r->merge_base_ref :
								      arena_concat(a, STR("refs/heads/"), r->merge_base_ref, STR_NONE);
	return r->ref;
}

/* INPUT_ + the name in upper case; dashes stay (the runner), blanks would be '_'. */
static struct str input_of(struct arena *a, const char *name)
{
	char key[96];
	size_t n = (size_t)snprintf(key, sizeof key, "INPUT_%s", name);

	for (size_t i = 6; i < n && i < sizeof key; i++)
		if (key[i] >= 'a' && key[i] <= 'z')
			key[i] = (char)(key[i] - 32);
	return str_trim(variable(a, key));
}

static void add_option(struct invocation *in, const struct option_spec *o, struct str value)
{
	*VEC_ADD(in->arena, &in->options) = (struct option_value){ o, value };
}

static bool take_inputs(struct invocation *in, const struct option_spec *table)
{
	for (; table->name; table++) {
		if (!(table->flags & OPTION_INPUT) || option_get(in, table->name).s)
			continue;
		struct str value = input_of(in->arena, table->name);
		if (!value.len)
			continue;
		if (table->flags & OPTION_FLAG) {
			if (!str_eq_nocase(value, STR("true")) && !str_eq_nocase(value, STR("false"))) {
				complain("input %s: `%.*s` is neither true nor false", table->name, STR_ARG(value));
				return false;
			}
			if (str_eq_nocase(value, STR("true")))
				add_option(in, table, STR("true"));
			continue;
		}
		if (!(table->flags & OPTION_REPEAT)) {
			add_option(in, table, value);
			continue;
		}
		for (struct str rest = value; rest.s;) {
			struct str line = str_trim(str_cut(&rest, '\n'));
			if (line.len)
				add_option(in, table, line);
		}
	}
	return true;
}

bool runner_inputs(struct invocation *in)
{
	return take_inputs(in, in->command->options) && take_inputs(in, common_options);
}

struct str runner_run_url(struct arena *a, const struct runner *r)
{
	if (!r->server_url.len || !r->repository.len || !r->run_id.len)
		return STR_NONE;
	return arena_printf(a, "%.*s/%.*s/actions/runs/%.*s", STR_ARG(r->server_url), STR_ARG(r->repository), STR_ARG(r->run_id));
}

static bool append(struct str path, struct str text)
{
	FILE *f = path.len ? fopen(path.s, "ab") : NULL;

	if (!f)
		return false;
	bool good = fwrite(text.s, 1, text.len, f) == text.len;
	return fclose(f) == 0 && good;
}

bool runner_output(const struct runner *r, const char *name, struct str value)
{
	char line[4600];

	if (!r->output_file.len || str_chr(value, '\n') != STR_NOT_FOUND || str_chr(value, '\r') != STR_NOT_FOUND)
		return true;
	int n = snprintf(line, sizeof line, "%s=%.*s\n", name, STR_ARG(value));
	bool good = n >= 0 && (size_t)n < sizeof line && append(r->output_file, str_make(line, (size_t)n));
	if (!good)
		complain("the step output %s could not be written", name);
	return good;
}

bool runner_summary(const struct runner *r, struct str markdown)
{
	return append(r->summary_file, markdown);
}

void runner_group(const struct runner *r, const char *title)
{
	if (r->active)
		printf("::group::%s\n", title);
}

void runner_group_end(const struct runner *r)
{
	if (r->active)
		puts("::endgroup::");
}
