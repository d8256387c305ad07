/* What is shipped (--subject): bound by its digests into the SBOM, the record and the verdict. */
#include <stdio.h>

#include "base/sha256.h"
#include "base/timestamp.h"
#include "cmd/run.h"
#include "cmd/version_info.h"
#include "provenance/verdict.h"

static bool is_sha256(struct str hex)
{
	for (size_t i = 0; i < hex.len; i++)
		if (!ascii_digit(hex.s[i]) && !(hex.s[i] >= 'a' && hex.s[i] <= 'f'))
			return false;
	return hex.len == 64;
}

/* In pieces: what is shipped may be an image of gigabytes. */
static bool file_digest(struct arena *a, const char *path, struct str *hex)
{
	static char piece[1 << 16];
	uint8_t digest[32];
	struct sha256 sum;
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f)
		return false;
	sha256_init(&sum);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		sha256_add(&sum, piece, n);
	bool good = !ferror(f);
	fclose(f);
	sha256_end(&sum, digest);
	*hex = hex_of(a, digest, sizeof digest);
	return good;
}

bool run_subject_of(struct arena *a, struct str text, struct named_subject *out, struct str *why)
{
	size_t at = str_find(text, STR("sha256:"), 0);

	*out = (struct named_subject){ 0 };
	if (at != STR_NOT_FOUND && (at == 0 || text.s[at - 1] == '@') && is_sha256(str_from(text, at + 7))) {
		out->sha256 = str_from(text, at + 7);
		out->name = at > 1 ? str_sub(text, 0, at - 1) : text;
		return true;
	}
	*why = at == 0 ? STR("sha256: needs 64 lower-case hex digits") :
			 STR("the subject cannot be read; name a file that was built before this step, or its digest as sha256:…");
	if (at == 0 || !file_digest(a, arena_cstr(a, text), &out->sha256))
		return false;
	size_t slash = str_rchr(text, '/');
	out->name = slash == STR_NOT_FOUND ? text : str_from(text, slash + 1);
	return true;
}

static bool add_subject(struct run *run, struct str text)
{
	struct named_subject s;
	struct str why;

	if (!run_subject_of(run->arena, text, &s, &why)) {
		diag_add(&run->diags, SEV_ERROR, "usage.subject", text, DIAG_NO_OFFSET, "%.*s", STR_ARG(why));
		return false;
	}
	*VEC_ADD(run->arena, &run->subjects) = s;
	return true;
}

bool run_subjects(struct run *run)
{
	for (size_t i = 0; option_nth(run->in, "subject", i).s; i++)
		if (!add_subject(run, option_nth(run->in, "subject", i)))
			return false;
	return true;
}

void run_subjects_into_sbom(struct run *run)
{
	struct document *d = &run->collected.bom.document;

	for (size_t i = 0; i < run->subjects.n; i++)
		*VEC_ADD(run->arena, &d->properties) =
			(struct property){ STR("bomgate:subject"), arena_printf(run->arena, "%.*s sha256:%.*s", STR_ARG(run->subjects.items[i].name),
										  STR_ARG(run->subjects.items[i].sha256)) };
}

static struct str resource_of(struct run *run)
{
	const struct collected *c = &run->collected;

	if (c->repository.len && c->commit.id.len)
		return arena_printf(run->arena, "pkg:github/%.*s@%.*s", STR_ARG(arena_lower(run->arena, c->repository)), STR_ARG(c->commit.id));
	if (c->bom.subject != NO_COMPONENT && c->bom.subject < c->bom.ncomponents && c->bom.components[c->bom.subject].purl.len)
		return c->bom.components[c->bom.subject].purl;
	return c->bom.document.serial.len ? c->bom.document.serial : STR("urn:bomgate:unnamed");
}

void run_verdict(struct run *run, const struct provenance *p, struct buf *out)
{
	const struct judgement *j = &run->judgement;
	const struct gate *g = &j->gate;
	struct arena *a = run->arena;
	struct verdict v = { .passed = g->exit_code == 0, .gate = str_of(gate_word(g->state)), .exit_code = g->exit_code,
			     .fail_on = policy_level_word(j->policy.table, j->effective.fail_on), .strict = j->effective.strict,
			     .pull_request = j->change, .closing = g->closing, .lifted = g->lifted, .not_decided = g->not_decided,
			     .data_digest = run->report.database_digest, .data_checked = run->report.data_date,
			     .verifier = p->builder, .version = STR(BOMGATE_VERSION), .time = timestamp_text(a, run->collected.timestamp),
			     .resource = resource_of(run), .repository = run->collected.repository, .commit = run->collected.commit.id,
			     .binary_sha256 = run->binary_sha256 };

	if (str_starts(v.data_digest, STR("sha256:")))
		v.data_digest = str_from(v.data_digest, 7);
	for (size_t i = 0; i < run->subjects.n; i++)
		*VEC_ADD(a, &v.subjects) = (struct named_digest){ .name = run->subjects.items[i].name, .sha256 = run->subjects.items[i].sha256 };
	for (size_t i = 0; i < run->files.n; i++)
		if (run->files.items[i].is_sbom || str_is(run->files.items[i].name, "provenance.json"))
			*VEC_ADD(a, &v.inputs) = (struct named_digest){ .name = run->files.items[i].name, .sha256 = run->files.items[i].sha256 };
	for (size_t i = 0; i < p->policy.n; i++)
		*VEC_ADD(a, &v.policy) = p->policy.items[i];
	for (size_t i = 0; i < p->overrides.n; i++)
		*VEC_ADD(a, &v.overrides) = p->overrides.items[i];
	for (size_t i = 0; i < g->reasons.n; i++)
		*VEC_ADD(a, &v.reasons) = g->reasons.items[i];
	for (unsigned i = j->policy.table->outcome->nvalues; i > 0; i--)
		*VEC_ADD(a, &v.counts) = (struct verdict_count){ policy_level_word(j->policy.table, i - 1), g->counts[i - 1] };
	verdict_write(a, &v, out);
}
