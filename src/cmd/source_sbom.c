/* An SBOM made elsewhere as a source. */
#include "base/sha256.h"
#include "cmd/source_kinds.h"
#include "format/format.h"
#include "io/file.h"

enum result read_sbom_source(struct source_job *job)
{
	struct collected *out = job->out;
	struct str bytes, why;
	enum file_kind kind;
	const char *path = arena_cstr(job->arena, job->where);
	bool standard_input = str_is(job->where, "-");
	bool read = standard_input ? file_read_fd(job->arena, 0, LIMIT_SBOM, &bytes, &why) :
				     file_read(job->arena, path, LIMIT_SBOM, &bytes, &why);

	if (!read) {
		diag_add(job->diags, SEV_ERROR, standard_input || file_kind(path, &kind) ? "input.unreadable" : "usage.source", job->where,
			 DIAG_NO_OFFSET, "the SBOM cannot be read: %.*s", STR_ARG(why));
		out->bom.incomplete = true;
		return FAILED;
	}
	return source_take_document(job, job->where, bytes);
}

enum result source_take_document(struct source_job *job, struct str path, struct str bytes)
{
	struct collected *out = job->out;
	struct bom *part = bom_new(job->arena, job->diags);
	const struct format *found = NULL;
	enum result result = format_read(part, path, bytes, &found);
	struct original *o = VEC_ADD(job->arena, &out->originals);
	*o = (struct original){ .path = path, .bytes = bytes, .sha256 = sha256_hex(job->arena, bytes) };
	if (!part->inputs.n)
		*VEC_ADD(job->arena, &part->inputs) = (struct input){ .path = path };
	struct input *in = &part->inputs.items[0];
	in->reader = found ? str_of(found->name) : STR("sbom");
	in->sha256 = o->sha256;
	in->size = bytes.len;
	in->document = true;
	in->state = result == OK ? INPUT_OK : result == PARTIAL ? INPUT_PARTIAL : INPUT_FAILED;
	in->components = (uint32_t)part->ncomponents;
	if (result == FAILED) {
		in->components = 0;
		out->bom.incomplete = true;
		*VEC_ADD(job->arena, &out->bom.inputs) = *in;
		return FAILED;
	}
	o->standard = part->document.standard;
	o->version = part->document.version;
	o->timestamp = part->document.timestamp;
	if (part->document.generator < part->document.tools.n)
		o->generator = part->document.tools.items[part->document.generator];
	if (out->originals.n == 1)
		out->bom.document = part->document;
	uint32_t shift = bom_append(&out->bom, part);
	if (part->subject != NO_COMPONENT) {
		out->bom.components[part->subject + shift].first_party = true;
		bom_depend(&out->bom, out->bom.subject, part->subject + shift, DEPENDS_ON, 0);
	} else {
		for (uint32_t i = 0; i < part->ncomponents; i++)
			if (part->components[i].parent == NO_COMPONENT)
				bom_depend(&out->bom, out->bom.subject, i + shift, DEPENDS_ON, 0);
	}
	return OK;
}
