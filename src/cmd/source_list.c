/* A list made by hand as a source. */
#include "source/list.h"

#include "base/limits.h"
#include "base/sha256.h"
#include "cmd/source_kinds.h"
#include "io/file.h"

enum result read_list_source(struct source_job *job)
{
	struct collected *out = job->out;
	struct str text, why;
	enum file_kind kind;
	const char *path = arena_cstr(job->arena, job->where);
	bool standard_input = str_is(job->where, "-");
	bool read = standard_input ? file_read_fd(job->arena, 0, LIMIT_LOCKFILE, &text, &why) : file_read(job->arena, path, LIMIT_LOCKFILE, &text, &why);

	if (!read) {
		diag_add(job->diags, SEV_ERROR, standard_input || file_kind(path, &kind) ? "input.unreadable" : "usage.source", job->where,
			 DIAG_NO_OFFSET, "the list cannot be read: %.*s", STR_ARG(why));
		out->bom.incomplete = true;
		return FAILED;
	}
	struct bom *part = bom_new(job->arena, job->diags);
	struct input *in = VEC_ADD(job->arena, &part->inputs);
	size_t first = job->diags->n;
	*in = (struct input){ .path = job->where, .reader = STR("list"), .sha256 = sha256_hex(job->arena, text), .size = text.len };
	enum result result = list_read(part, job->where, &text);
	diag_locate(job->diags, first, job->where, text);
	in->state = result == OK ? INPUT_OK : result == PARTIAL ? INPUT_PARTIAL : INPUT_FAILED;
	in->components = result == FAILED ? 0 : (uint32_t)part->ncomponents;
	if (result != OK)
		out->bom.incomplete = true;
	uint32_t line = 1;
	for (size_t i = 0, at = 0; i < part->ncomponents; i++) { /* rows stand in the order of the file */
		struct evidence *e = &part->components[i].evidence.items[0];
		for (; at < e->offset && at < text.len; at++)
			line += text.s[at] == '\n';
		e->line = line;
	}
	if (result == FAILED) {
		*VEC_ADD(job->arena, &out->bom.inputs) = *in;
		return FAILED;
	}
	uint32_t shift = bom_append(&out->bom, part);
	for (uint32_t i = 0; i < part->ncomponents; i++)
		bom_depend(&out->bom, out->bom.subject, i + shift, DEPENDS_ON, 0);
	return result;
}
