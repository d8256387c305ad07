#include "cmd/collect.h"

#include <stdlib.h>

#include "base/timestamp.h"
#include "cmd/document.h"
#include "cmd/source_kinds.h"
#include "cmd/unite.h"
#include "io/file.h"

/* Files larger than a lockfile's limit are SBOMs at most: the first bytes tell an archive. */
static bool is_tar(struct arena *a, struct str path)
{
	struct str head, why;

	if (!str_ends(path, STR(".tar")) && !str_ends(path, STR(".tar.gz")) && !str_ends(path, STR(".tgz")))
		return false;
	return file_read(a, arena_cstr(a, path), LIMIT_SBOM, &head, &why);
}

/* Is the file an SBOM by its bytes? Readers of lockfiles go by the name, and come first. */
static struct str scheme_of_file(struct arena *a, struct str path)
{
	size_t slash = str_rchr(path, '/');

	if (is_tar(a, path))
		return STR("docker-archive");
	return reader_for(slash == STR_NOT_FOUND ? path : str_from(path, slash + 1)) ? STR("file") : STR("sbom");
}

struct str collect_scheme(struct arena *a, struct str source, struct str *rest)
{
	size_t colon = str_chr(source, ':');
	enum file_kind kind;

	if (colon != STR_NOT_FOUND && source_kind_of(str_sub(source, 0, colon))) {
		*rest = str_from(source, colon + 1);
		return str_sub(source, 0, colon);
	}
	*rest = source;
	if (str_is(source, "-"))
		return STR("sbom");
	const char *path = arena_cstr(a, source);
	if (!file_kind(path, &kind)) {
		/* "PATH@REV" without a scheme is a git tree as well */
		size_t at = str_rchr(source, '@');
		return at != STR_NOT_FOUND && file_kind(arena_cstr(a, str_sub(source, 0, at)), &kind) && kind == FILE_FOLDER ? STR("git") :
															     STR("file");
	}
	if (kind == FILE_FOLDER) {
		struct str why;
		struct git *g = git_begin(a, path, false, &why);
		bool is_git = g != NULL;
		git_end(g);
		return is_git ? STR("git") : STR("dir");
	}
	return scheme_of_file(a, source);
}

static bool set_time(struct collected *c, const struct collect_options *o, struct diags *d)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	struct str text = o->timestamp.s ? o->timestamp : str_of(epoch);

	if (!text.len) {
		c->timestamp = timestamp_now();
		return true;
	}
	if (timestamp_parse(text, &c->timestamp))
		return true;
	diag_add(d, SEV_ERROR, "usage.timestamp", STR_NONE, DIAG_NO_OFFSET,
		 "`%.*s` is no time; write RFC 3339 such as 2026-11-27T10:20:25Z, or seconds since 1970", STR_ARG(text));
	return false;
}

static const struct str *list_of(const struct collect_options *o, size_t *n)
{
	static const struct str here = { "git:.", 5 };

	*n = o->sources.n ? o->sources.n : 1;
	return o->sources.n ? o->sources.items : &here;
}

enum result collect_prepare(struct arena *a, struct diags *diags, const struct collect_options *o, struct collected *out)
{
	size_t n;
	const struct str *sources = list_of(o, &n);

	*out = (struct collected){ .prepared = true };
	bom_init(&out->bom, a, diags);
	if (!set_time(out, o, diags))
		return FAILED;
	for (size_t i = 0; i < n && !out->git; i++) {
		struct source_job job = { .arena = a, .diags = diags, .options = o, .out = out, .climb = o->sources.n == 0 };
		if (str_is(collect_scheme(a, sources[i], &job.where), "git") && !source_open_git(&job))
			return FAILED;
	}
	return OK;
}

enum result collect(struct arena *a, struct diags *diags, const struct collect_options *o, struct collected *out)
{
	size_t n, documents = 0;
	const struct str *sources = list_of(o, &n);
	enum result worst = OK;

	if (!out->prepared && collect_prepare(a, diags, o, out) == FAILED)
		return FAILED;
	struct component *subject = bom_add(&out->bom);
	subject->type = COMPONENT_APPLICATION;
	subject->first_party = true;
	out->bom.subject = 0;
	size_t *starts = arena_array(a, n + 1, sizeof *starts);
	for (size_t i = 0; i < n; i++) {
		struct source_job job = { .arena = a, .diags = diags, .options = o, .out = out, .climb = o->sources.n == 0 };
		struct str scheme = collect_scheme(a, sources[i], &job.where);
		const struct source_kind *kind = source_kind_of(scheme);
		if (!kind) {
			diag_add(diags, SEV_ERROR, "usage.source", sources[i], DIAG_NO_OFFSET, "this names no kind of source");
			return FAILED;
		}
		documents += kind->is_document;
		starts[i] = out->bom.ncomponents;
		worst = result_worse(worst, kind->read(&job));
	}
	out->pure_document = documents == 1 && n == 1;
	if (documents && n > 1) /* what a tree and a document both name is one component */
		(void)unite_sources(&out->bom, starts, n);
	document_finish(out, o);
	if (worst != FAILED && out->looked_in_tree && !out->bom.inputs.n && !out->bom.incomplete)
		diag_add(diags, SEV_NOTICE, "input.nothing", STR_NONE, DIAG_NO_OFFSET,
			 "no lockfile and no manifest was found, so there is nothing to judge; looked for %.*s", STR_ARG(scan_wanted(a)));
	return worst;
}

void collect_end(struct collected *c)
{
	git_end(c->git);
	c->git = NULL;
}
