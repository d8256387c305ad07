/* Files as one artifact of the run, for `bomgate publish artifact`. */
#include "base/timestamp.h"
#include "io/zip.h"
#include "publish/artifact.h"
#include "publish/publish.h"

enum publish_answer publish_artifact(struct publishing *p, const struct publish_file *files, size_t n)
{
	struct zip_entry *entries = arena_array(p->arena, n + 1, sizeof *entries);
	struct artifact_result done = { 0 };
	struct buf zip;
	int64_t time;

	if (publish_is_ghes(p->server_url)) {
		p->unavailable = true;
		p->why = STR("this server has no artifact service of version 4: upload the files with actions/upload-artifact of version 3");
		return PUBLISH_REFUSED;
	}
	if (!p->runtime_token.len || !p->results_url.len) {
		p->why = STR("this step does not receive the artifact service's token; only `uses:` steps do");
		return PUBLISH_REFUSED;
	}
	if (!timestamp_parse(p->started, &time))
		time = 0;
	for (size_t i = 0; i < n; i++)
		entries[i] = (struct zip_entry){ files[i].name, files[i].bytes };
	buf_init(&zip, 0);
	bool good = zip_write(entries, n, time, &zip, &p->why);
	struct artifact_upload u = { .results_url = p->results_url, .token = p->runtime_token, .name = p->artifact_name, .zip = buf_str(&zip),
				     .mask = p->mask };
	good = good && artifact_upload(p->arena, &u, &done, &p->why);
	buf_free(&zip);
	if (!good)
		return PUBLISH_FAILED;
	p->why = arena_printf(p->arena, "uploaded as the artifact %.*s, id %.*s", STR_ARG(done.name), STR_ARG(done.id));
	return PUBLISH_DONE;
}
