#include "cmd/foreign.h"

#include "base/limits.h"
#include "io/file.h"

void foreign_read(struct judgement *j, struct diags *d, const struct judge_options *o)
{
	for (size_t i = 0; i < o->findings.n; i++) {
		struct str path = o->findings.items[i], bytes, why;
		bool standard_input = str_is(path, "-");
		enum file_kind kind;
		bool read = standard_input ? file_read_fd(j->arena, 0, LIMIT_SBOM, &bytes, &why) :
					     file_read(j->arena, arena_cstr(j->arena, path), LIMIT_SBOM, &bytes, &why);
		if (!read) {
			bool there = standard_input || file_kind(arena_cstr(j->arena, path), &kind);
			diag_add(d, SEV_ERROR, there ? "input.unreadable" : "usage.findings", path, DIAG_NO_OFFSET, "the report cannot be read: %.*s",
				 STR_ARG(why));
			continue;
		}
		struct findings_file *f = VEC_ADD(j->arena, &j->foreign);
		if (findings_read(j->arena, d, path, bytes, f) == FAILED && !f->list.n)
			f->damaged = true; /* joined all the same: it stands among the inputs */
	}
}

void foreign_join(struct judgement *j, struct diags *d, struct bom *b)
{
	for (size_t i = 0; i < j->foreign.n; i++) {
		const struct findings_file *f = &j->foreign.items[i];
		struct findings_joining joining = { .arena = j->arena, .bom = b, .db = j->matched ? j->db : NULL, .add = true };
		findings_join(&joining, f, &j->findings);
		b->incomplete = b->incomplete || f->damaged;
		if (!f->tool.len) /* nothing known stood in it, as an error says: there is nothing to count */
			continue;
		diag_add(d, SEV_NOTICE, "input.findings", f->path, DIAG_NO_OFFSET,
			 "%.*s: %zu findings, of which %zu are known already and %zu are new, in %zu components that no source names%s", STR_ARG(f->tool),
			 f->list.n, joining.joined, joining.added, joining.components,
			 f->left_out ? arena_printf(j->arena, "; %zu that it was told to ignore were not taken", f->left_out).s : "");
	}
}

void foreign_join_base(struct judgement *j)
{
	struct measured *m = &j->measured;

	for (size_t i = 0; i < j->foreign.n; i++) {
		struct findings_joining joining = { .arena = j->arena, .bom = &m->base.bom, .db = j->matched ? j->db : NULL };
		findings_join(&joining, &j->foreign.items[i], &m->findings);
	}
}
