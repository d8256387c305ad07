/* What leaves the machine. A failure is a note in the report; it never changes the exit code. */
#include <stdio.h>
#include <stdlib.h>

#include "base/timestamp.h"
#include "cmd/publishing.h"
#include "cmd/run.h"
#include "io/http.h"
#include "io/zip.h"
#include "publish/artifact.h"
#include "report/escape.h"

#define DEFAULT_ARTIFACT "bomgate-sbom"

static void note(struct run *run, struct str text, struct str yaml)
{
	*VEC_ADD(run->arena, &run->report.notes) = (struct report_note){ .text = text, .yaml = yaml };
}

/* NAME-<job>, 8 hex digits of the matrix where there is one, and -a<attempt> from 2 on: legs and attempts keep apart. */
void run_name_artifact(struct run *run)
{
	struct str name = option_get(run->in, "artifact"), matrix = run->leg;
	const struct runner *r = &run->runner;
	uint64_t attempt = 0;

	if (!name.len)
		name = STR(DEFAULT_ARTIFACT);
	if (!r->active || str_is(name, "none"))
		return;
	if (r->job.len)
		name = arena_printf(run->arena, "%.*s-%.*s", STR_ARG(name), STR_ARG(r->job));
	if (publishing_leg(run->arena, matrix).len)
		name = arena_printf(run->arena, "%.*s-%.*s", STR_ARG(name), STR_ARG(publishing_leg(run->arena, matrix)));
	if (str_to_u64(r->run_attempt, &attempt) && attempt > 1)
		name = arena_printf(run->arena, "%.*s-a%llu", STR_ARG(name), (unsigned long long)attempt);
	run->artifact_name = artifact_clean_name(run->arena, name);
}

/* now + retention-days, no longer than the repository allows; absent where the input is not set. */
static struct str expiry(struct run *run)
{
	struct str text = option_get(run->in, "retention-days");
	uint64_t days, most;

	if (!text.len)
		return STR_NONE;
	if (!str_to_u64(text, &days) || days < 1 || days > 400) {
		note(run, arena_printf(run->arena, "retention-days: `%.*s` is no number of days from 1 to 400; the repository's setting holds", STR_ARG(text)),
		     STR_NONE);
		return STR_NONE;
	}
	if (str_to_u64(run->runner.retention_days, &most) && most > 0 && days > most)
		days = most;
	return timestamp_text(run->arena, run->started_at + (int64_t)days * 86400);
}

struct str run_kept_until(struct run *run)
{
	struct str text = option_get(run->in, "retention-days");
	uint64_t days = 0, most = 0;

	str_to_u64(run->runner.retention_days, &most);
	if (!str_to_u64(text, &days) || days < 1 || days > 400)
		days = most; /* the repository's setting */
	if (most && days > most)
		days = most;
	return run->runner.active && days ? timestamp_day(run->arena, run->started_at + (int64_t)days * 86400) : STR_NONE;
}

static void upload_artifact(struct run *run)
{
	struct zip_entry *entries = arena_array(run->arena, run->files.n + 1, sizeof *entries);
	struct artifact_result done;
	struct str why;
	struct buf zip, shown;

	if (!run->artifact_name.len)
		return;
	if (option_is(run->in, "offline"))
		return;
	if (publish_is_ghes(run->runner.server_url)) {
		note(run, arena_printf(run->arena, "the artifact was not uploaded: this server has no artifact service of version 4; upload %.*s with "
						   "actions/upload-artifact of version 3",
				       STR_ARG(run->out)),
		     STR_NONE);
		run->artifact_name = STR_NONE;
		return;
	}
	if (!run->runner.runtime_token.len || !run->runner.results_url.len) {
		bool act = str_is(str_of(getenv("ACT")), "true");
		note(run, act ? STR("the artifact was not uploaded: act gives no artifact service unless it is started with --artifact-server-path FOLDER") :
				STR("the artifact was not uploaded: this step does not receive the artifact service's token; only `uses:` steps do, so "
				    "use the action, or upload the output folder with actions/upload-artifact"),
		     STR_NONE);
		run->artifact_name = STR_NONE;
		return;
	}
	for (size_t i = 0; i < run->files.n; i++)
		entries[i] = (struct zip_entry){ run->files.items[i].name, run->files.items[i].bytes };
	buf_init(&zip, 0);
	bool good = zip_write(entries, run->files.n, run->collected.timestamp, &zip, &why);
	if (good) {
		struct artifact_upload u = { .results_url = run->runner.results_url, .token = run->runner.runtime_token, .name = run->artifact_name,
					     .zip = buf_str(&zip), .expires = expiry(run), .mask = publishing_mask };
		runner_group(&run->runner, "artifact");
		good = artifact_upload(run->arena, &u, &done, &why);
		if (good) {
			buf_init(&shown, 0);
			escape_log(&shown, done.name);
			printf("bomgate: uploaded %.*s (%zu bytes, id %.*s)\n", STR_ARG(buf_str(&shown)), zip.len, STR_ARG(done.id));
			buf_free(&shown);
		}
		runner_group_end(&run->runner);
	}
	buf_free(&zip);
	if (!good) {
		note(run, arena_printf(run->arena, "the artifact was not uploaded: %.*s", STR_ARG(why)), STR_NONE);
		return;
	}
	run->artifact_name = run->report.artifact = done.name;
	run->artifact_id = done.id;
	run->artifact_digest = done.digest;
}

void run_publish(struct run *run)
{
	const char *scale = getenv("BOMGATE_TEST_WAIT"); /* the tests' servers need no waiting */

	if (scale)
		http_set_wait_scale(strtod(scale, NULL));
	/* The artifact last: it carries what the others had to say. Its own failure can stand in the summary alone. */
	run_publishers(run);
	run_write_notes(run);
	upload_artifact(run);
	run_append_notes(run);
}
