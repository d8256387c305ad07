/* The opt-in publishers of a run: each `true` or `required`; what fails is one note, and only `required` changes the exit code. */
#include <stdio.h>

#include "cmd/output.h"
#include "cmd/publishing.h"
#include "cmd/run.h"
#include "io/http.h"
#include "report/escape.h"

enum wish { WISH_NO, WISH_YES, WISH_REQUIRED, WISH_WRONG };

/* A receiver's address: "https://…", or "required https://…". Absent where it has none. */
static struct str address_of(const struct run *run, const struct publisher *row)
{
	struct str value = str_trim(option_get(run->in, row->input));

	return str_starts(value, STR("required ")) ? str_trim(str_from(value, 9)) : value;
}

static enum wish wish_of(const struct run *run, const struct publisher *row)
{
	struct str value = option_get(run->in, row->input);

	if (row->address && value.len && !str_eq_nocase(value, STR("false"))) {
		struct str address = address_of(run, row);
		bool good = http_origin(address).len > 0 && str_chr(address, ' ') == STR_NOT_FOUND;
		return !good ? WISH_WRONG : str_starts(str_trim(value), STR("required ")) ? WISH_REQUIRED : WISH_YES;
	}

	if (!value.len || str_eq_nocase(value, STR("false")))
		return WISH_NO;
	return str_eq_nocase(value, STR("true")) ? WISH_YES : str_eq_nocase(value, STR("required")) ? WISH_REQUIRED : WISH_WRONG;
}

bool run_publishers_check(struct run *run)
{
	for (size_t i = 0; i < publishers_n; i++) {
		if (!publishers[i].input || wish_of(run, &publishers[i]) != WISH_WRONG)
			continue;
		diag_add(&run->diags, SEV_ERROR, "usage.option", STR_NONE, DIAG_NO_OFFSET, publishers[i].address ? "%s: `%.*s` is no server's address (https://…, or required https://…)" :
						 "%s: `%.*s` is none of true, required and false",
			 publishers[i].input, STR_ARG(option_get(run->in, publishers[i].input)));
		return false;
	}
	return true;
}

static struct str file_bytes(const struct run *run, const char *name)
{
	for (size_t i = 0; i < run->files.n; i++)
		if (str_is(run->files.items[i].name, name))
			return run->files.items[i].bytes;
	return STR_NONE;
}

static struct str render(struct run *run, void (*write)(const struct report *, struct buf *))
{
	struct buf bytes;

	buf_init(&bytes, 0);
	write(&run->report, &bytes);
	struct str text = arena_str(run->arena, buf_str(&bytes));
	buf_free(&bytes);
	return text;
}

static struct str media_of(struct str name)
{
	return str_ends(name, STR(".json")) ? STR("application/json") : str_ends(name, STR(".xml")) ? STR("application/xml") : STR("text/plain");
}

/* What goes with a release, and stays as long as it does: the SBOMs, the record, the decision, the verdict, and the manifest of the data
 * (the record names its digest, the manifest those of the data). */
static size_t release_files(struct run *run, struct publish_file *out)
{
	size_t n = 0;

	for (size_t i = 0; i < run->files.n; i++) {
		const struct written_file *f = &run->files.items[i];
		if (f->is_sbom || str_is(f->name, "provenance.json") || str_is(f->name, "result.json") || str_is(f->name, "verdict.json"))
			out[n++] = (struct publish_file){ f->name, f->bytes, media_of(f->name) };
	}
	struct str manifest = run->judgement.db ? vuln_about(run->judgement.db)->manifest : STR_NONE;
	if (manifest.len)
		out[n++] = (struct publish_file){ STR("data-manifest.json"), manifest, STR("application/json") };
	return n;
}

/* An SBOM made elsewhere and nothing else goes as it came (where the receiver takes it); else ours, in CycloneDX 1.6 unless the run
 * wrote another version. */
static size_t receiver_file(struct run *run, const struct publisher *row, struct publish_file *out)
{
	const struct collected *c = &run->collected;
	struct losses *none = NULL;

	if (c->pure_document && c->originals.n == 1 && strcmp(row->what, "threatconnectome") == 0) {
		out[0] = (struct publish_file){ c->originals.items[0].path, c->originals.items[0].bytes, STR("application/json") };
		return 1;
	}
	out[0] = (struct publish_file){ STR("sbom.cdx.json"), file_bytes(run, "sbom.cdx.json"), STR("application/json") };
	if (!out[0].bytes.len) {
		struct output cyclonedx = { .format = format_by_name(STR("cyclonedx-json")), .version = STR("1.6") };
		struct buf bytes;
		buf_init(&bytes, 0);
		if (output_render(run->arena, &cyclonedx, &c->bom, none, &bytes))
			out[0].bytes = arena_str(run->arena, buf_str(&bytes));
		buf_free(&bytes);
	}
	return 1;
}

static size_t files_for(struct run *run, const struct publisher *row, struct publish_file *out)
{
	struct str what = str_of(row->what);

	if (str_is(what, "release"))
		return release_files(run, out);
	if (row->address)
		return receiver_file(run, row, out);
	out[0].media_type = STR("application/json");
	if (str_is(what, "code-scanning"))
		out[0].bytes = file_bytes(run, "results.sarif");
	else if (str_is(what, "check-run"))
		out[0].bytes = file_bytes(run, "result.json");
	else
		out[0].bytes = render(run, str_is(what, "comment") ? report_comment : report_github);
	return 1;
}

static void note(struct run *run, const struct publisher *row, struct publishing *p, enum publish_answer answer, bool required)
{
	struct report_note n = { .failed = required };
	bool permission = answer == PUBLISH_REFUSED && row->permission && !p->unavailable;

	n.text = arena_printf(run->arena, "%s: not published: %.*s", row->title, STR_ARG(p->why));
	if (permission && p->fork)
		n.text = arena_printf(run->arena, "%.*s; the token of a fork's pull request can only read, so the results are in the summary and the artifact",
				      STR_ARG(n.text));
	else if (permission)
		n.yaml = arena_printf(run->arena, "permissions: {contents: read, %s}", row->permission);
	else if (p->unavailable)
		n.text = arena_printf(run->arena, "%.*s; it is not available here, so the results are in the summary and the artifact", STR_ARG(n.text));
	if (permission && !p->fork && str_is(str_of(row->permission), "contents: write"))
		n.yaml = STR("permissions: {contents: write}");
	*VEC_ADD(run->arena, &run->report.notes) = n;
}

static void tell(const struct publisher *row, struct publishing *p)
{
	struct buf line;

	buf_init(&line, 0);
	escape_log(&line, p->why);
	printf("bomgate: %s: %.*s\n", row->title, STR_ARG(buf_str(&line)));
	buf_free(&line);
}

void run_publishers(struct run *run)
{
	struct publish_file *files = arena_array(run->arena, run->files.n + 2, sizeof *files);
	struct publishing p;
	bool grouped = false;

	publishing_fill(run->arena, &run->runner, run->leg, option_get(run->in, "name"), &p);
	struct publishing_place place = run_place(run);
	if (!str_eq(place.sha, p.sha))
		p.head_sha = place.sha;
	p.sha = place.sha;
	p.ref = place.ref;
	p.nowhere = place.nowhere;
	for (size_t i = 0; i < publishers_n; i++) {
		const struct publisher *row = &publishers[i];
		enum wish wish = row->input ? wish_of(run, row) : WISH_NO;
		enum publish_answer answer = PUBLISH_FAILED;
		if (wish == WISH_NO)
			continue;
		if (!grouped)
			runner_group(&run->runner, "publishing");
		grouped = true;
		p.unavailable = false;
		p.address = row->address ? address_of(run, row) : STR_NONE;
		p.why = STR("this run is offline");
		if (row->address && run->base.change) { /* its one list for each service or project is what ships, not what is proposed */
			p.why = STR("nothing is sent for a change that is only proposed");
			tell(row, &p);
			continue;
		}
		if (!option_is(run->in, "offline"))
			answer = row->publish(&p, files, files_for(run, row, files));
		if (answer == PUBLISH_DONE || answer == PUBLISH_NOTHING) {
			tell(row, &p);
			continue;
		}
		note(run, row, &p, answer, wish == WISH_REQUIRED);
		run->publish_failed = run->publish_failed || wish == WISH_REQUIRED;
	}
	if (grouped)
		runner_group_end(&run->runner);
}
