/* The GitHub Actions runner around a run: its variables, the event's payload, the secrets (taken out of the environment before
 * anything is parsed), and the action's inputs. */
#ifndef CMD_RUNNER_H
#define CMD_RUNNER_H

#include "base/diag.h"
#include "cmd/command.h"
#include "publish/publish.h"
#include "syntax/json.h"

struct runner {
	bool active; /* GITHUB_ACTIONS=true */
	struct str event, sha, ref, repository, repository_id, server_url, api_url, run_id, run_attempt, workflow, workflow_ref, job, actor;
	struct str workspace, temp, tool_cache, base_ref, head_ref, name, os, arch, environment;
	struct str output_file, summary_file;
	struct str retention_days;
	struct str token;		       /* for the REST API; absent where none */
	struct publish_secrets secrets;	       /* of receivers other than GitHub */
	struct str runtime_token, results_url; /* for artifacts; absent in a `run:` step */
	const struct json *payload;	       /* NULL where there is none */
	struct str default_branch;	       /* of the payload; absent where not told */
	int64_t pull_request;		       /* number; 0: none */
	struct str pull_base, pull_head, merge_base_sha; /* shas of the payload */
	struct str merge_base_ref;	       /* branch that a merge group goes into, "refs/heads/main" */
	bool fork;			       /* the pull request comes from a fork */
	bool ref_deleted;		       /* a push that deleted its branch or tag: there is no commit to judge */
};

/* Reads the environment; secrets are unset in it. */
void runner_read(struct arena *a, struct diags *d, struct runner *out);
/* Does the event judge a pull request? Also where a reusable workflow hides it (workflow_call): then the ref says so. */
bool runner_judges_pull(const struct runner *r);
/* The full ref whose rules hold: the target branch of a pull request or a merge group, else the ref of the event. */
struct str runner_target_ref(struct arena *a, const struct runner *r);
/* Adds the action's inputs (INPUT_<NAME>) as options of the invocation where the command line did not say them. False with a
 * message where a flag is neither true nor false. */
bool runner_inputs(struct invocation *in);
/* "https://github.com/o/r/actions/runs/1", absent outside a runner. */
struct str runner_run_url(struct arena *a, const struct runner *r);
/* Appends NAME=VALUE to $GITHUB_OUTPUT; values are ours: numbers, words, paths without newline. False where it cannot be written. */
bool runner_output(const struct runner *r, const char *name, struct str value);
/* Appends Markdown to $GITHUB_STEP_SUMMARY. */
bool runner_summary(const struct runner *r, struct str markdown);
/* "::group::title" and its end on a runner, nothing elsewhere. */
void runner_group(const struct runner *r, const char *title);
void runner_group_end(const struct runner *r);

#endif
