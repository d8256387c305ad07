/* The files of a run: written whole or not at all, each remembered with its digest. */
#include <unistd.h>

#include "base/sha256.h"
#include "base/timestamp.h"
#include "cmd/output.h"
#include "cmd/run.h"
#include "io/file.h"
#include "publish/artifact.h"

static bool write_file(struct run *run, const char *name, struct str bytes, bool is_sbom)
{
	struct str path = file_join(run->arena, run->out, str_of(name)), why;

	if (!file_write_atomic(path.s, bytes, &why)) {
		diag_add(&run->diags, SEV_ERROR, "bug.output", path, DIAG_NO_OFFSET, "the file could not be written: %.*s", STR_ARG(why));
		run->unwritten = true;
		return false;
	}
	*VEC_ADD(run->arena, &run->files) = (struct written_file){ arena_str(run->arena, str_of(name)), sha256_hex(run->arena, bytes),
								   arena_str(run->arena, bytes), is_sbom };
	return true;
}

static bool write_format(struct run *run, const struct format *f, struct str version)
{
	struct buf bytes;
	struct format_writing w = { .bom = &run->collected.bom, .arena = run->arena, .version = version, .out = &bytes };

	buf_init(&bytes, 0);
	bool made = f->write(&w) != FAILED, good = made && write_file(run, f->file_name, buf_str(&bytes), true);
	if (!made) {
		diag_add(&run->diags, SEV_ERROR, "bug.output", str_of(f->file_name), DIAG_NO_OFFSET, "the SBOM could not be made");
		run->unwritten = true;
	}
	buf_free(&bytes);
	return good;
}

/* The bytes as they were received stay beside what is made of them. */
static bool keep_originals(struct run *run)
{
	bool good = true;

	for (size_t i = 0; i < run->collected.originals.n; i++) {
		struct original *o = &run->collected.originals.items[i];
		size_t slash = str_rchr(o->path, '/');
		struct str base = slash == STR_NOT_FOUND ? o->path : str_from(o->path, slash + 1);
		if (str_is(base, "-"))
			base = STR("standard-input");
		good = write_file(run, arena_printf(run->arena, "original-%zu-%.*s", i + 1, STR_ARG(artifact_clean_name(run->arena, base))).s, o->bytes, false) && good;
	}
	return good;
}

bool run_write_sboms(struct run *run)
{
	struct str list = option_get(run->in, "formats"), why;
	bool good = true;

	if (!file_make_folders(arena_cstr(run->arena, run->out), &why)) {
		diag_add(&run->diags, SEV_ERROR, "usage.out", run->out, DIAG_NO_OFFSET, "the output folder cannot be made: %.*s", STR_ARG(why));
		return false;
	}
	for (struct str rest = list.len ? list : STR("cyclonedx-json,spdx-json"); rest.s;) {
		struct str version = str_trim(str_cut(&rest, ','));
		if (!version.len)
			continue;
		struct str name = str_cut(&version, '@');
		const struct format *f = format_by_name(name);
		if (!f || (version.len && !format_has_version(f, version))) {
			diag_add(&run->diags, SEV_ERROR, "usage.formats", STR_NONE, DIAG_NO_OFFSET, "formats: there is no `%.*s%s%.*s`", STR_ARG(name),
				 version.len ? "@" : "", STR_ARG(version));
			good = false;
			continue;
		}
		good = write_format(run, f, version.len ? version : str_of(f->default_version)) && good;
	}
	return keep_originals(run) && good;
}

bool run_write_reports(struct run *run)
{
	bool good = true;

	for (size_t i = 0; i < reports_n; i++) {
		struct buf bytes;
		if (!reports[i].file_name)
			continue;
		buf_init(&bytes, 0);
		reports[i].write(&run->report, &bytes);
		good = write_file(run, reports[i].file_name, buf_str(&bytes), false) && good;
		if (strcmp(reports[i].name, "markdown") == 0 && run->runner.summary_file.len && !runner_summary(&run->runner, buf_str(&bytes)))
			complain("the step summary could not be written");
		buf_free(&bytes);
	}
	return good;
}

void run_append_notes(struct run *run)
{
	struct buf bytes;

	buf_init(&bytes, 0);
	report_notes(&run->report, &bytes);
	if (bytes.len && run->runner.summary_file.len && !runner_summary(&run->runner, buf_str(&bytes)))
		complain("the step summary could not be written");
	buf_free(&bytes);
}

void run_write_notes(struct run *run)
{
	struct buf bytes;

	buf_init(&bytes, 0);
	report_notes(&run->report, &bytes);
	if (bytes.len)
		write_file(run, "notices.md", buf_str(&bytes), false);
	buf_free(&bytes);
}

bool run_write_provenance(struct run *run)
{
	struct provenance p = { 0 };
	struct buf bytes;

	run_record(run, &p);
	buf_init(&bytes, 0);
	provenance_write(&p, &run->collected.bom, &bytes);
	bool good = write_file(run, "provenance.json", buf_str(&bytes), false);
	buf_reset(&bytes);
	if (run->unwritten) { /* nobody can look up what it rests on: not even that of an earlier run may stand there */
		unlink(file_join(run->arena, run->out, STR("verdict.json")).s);
		good = false;
	} else {
		run_verdict(run, &p, &bytes);
		good = write_file(run, "verdict.json", buf_str(&bytes), false) && good;
	}
	buf_free(&bytes);
	return good;
}
