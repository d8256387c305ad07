/* What goes into the record of a run: an allow-list of fields, never a secret. */
#include "base/redact.h"
#include "base/sha256.h"
#include "base/timestamp.h"
#include "cmd/blame.h"
#include "cmd/run.h"
#include "cmd/version_info.h"
#include "io/file.h"
#include "io/http.h"

#define BINARY_MAX ((size_t)256 << 20)

/* The digest of the program that runs. */
struct str run_own_digest(struct arena *a)
{
	struct str bytes, why, hex = STR_NONE;
	struct arena *scratch = arena_new(0);

	if (file_read(scratch, "/proc/self/exe", BINARY_MAX, &bytes, &why))
		hex = sha256_hex(a, bytes);
	arena_free(scratch);
	return hex;
}

/* Each option once: of one that may be repeated all values, a line each; of any other the last, which is the one that counts. */
static void put_option(struct run *run, struct provenance *p, const struct option_value *o)
{
	struct str name = str_of(o->spec->name), value = redact(run->arena, o->value);

	for (VEC_EACH(struct property, x, &p->options))
		if (str_eq(x->name, name)) {
			x->value = o->spec->flags & OPTION_REPEAT ? arena_concat(run->arena, x->value, STR("\n"), value) : value;
			return;
		}
	*VEC_ADD(run->arena, &p->options) = (struct property){ name, value };
}

static void options_record(struct run *run, struct provenance *p)
{
	static const char *const hidden[] = { "matrix", "verbose", "quiet", "color", "jobs", "help" };

	for (size_t i = 0; i < run->in->options.n; i++) {
		const struct option_value *o = &run->in->options.items[i];
		bool skip = strcmp(o->spec->name, "source") == 0;
		for (size_t k = 0; k < sizeof hidden / sizeof hidden[0]; k++)
			skip = skip || strcmp(o->spec->name, hidden[k]) == 0;
		if (skip)
			continue;
		put_option(run, p, o);
		if (str_starts(str_of(o->spec->name), STR("allow-")))
			*VEC_ADD(run->arena, &p->overrides) = str_of(o->spec->name);
	}
	const struct effective *e = &run->judgement.effective;
	*VEC_ADD(run->arena, &p->options) =
		(struct property){ STR("effective-fail-on"), policy_level_word(run->judgement.policy.table, e->fail_on) };
	*VEC_ADD(run->arena, &p->options) = (struct property){ STR("effective-strict"), e->strict ? STR("true") : STR("false") };
	if (e->environment.len)
		*VEC_ADD(run->arena, &p->options) = (struct property){ STR("environment"), e->environment };
}

static void ingested_record(struct run *run, struct provenance *p)
{
	for (size_t i = 0; i < run->collected.originals.n; i++) {
		const struct original *o = &run->collected.originals.items[i];
		*VEC_ADD(run->arena, &p->ingested) = (struct ingested_record){
			.path = o->path, .sha256 = o->sha256, .format = arena_concat(run->arena, o->standard, o->version.len ? STR(" ") : STR(""), o->version),
			.tool_vendor = o->generator.vendor, .tool_name = o->generator.name, .tool_version = o->generator.version,
			.timestamp = o->timestamp,
		};
	}
}

static void data_record(struct run *run, struct provenance *p)
{
	if (!run->judgement.db)
		return;
	const struct vuln_info *info = vuln_about(run->judgement.db);
	*VEC_ADD(run->arena, &p->data) = (struct data_digest){ .name = STR("manifest.json"), .sha256 = info->digest, .checked = STR_NONE };
	/* The manifest has the digests of all files: its own stands for them. */
	for (size_t i = 0; i < info->sources.n; i++) {
		const struct vuln_source *s = &info->sources.items[i];
		struct str digest = s->digest;
		if (str_starts(digest, STR("sha256:")))
			digest = str_from(digest, 7);
		*VEC_ADD(run->arena, &p->data) =
			(struct data_digest){ .name = arena_printf(run->arena, "source:%.*s%s%.*s", STR_ARG(s->name), s->ecosystem.len ? ":" : "",
								   STR_ARG(s->ecosystem)),
					      .sha256 = digest, .source_date = s->date, .checked = s->checked };
	}
	p->data_signature = info->signature.len ? arena_printf(run->arena, "ecdsa-p256 by key %.*s (%.*s), serial %llu", STR_ARG(info->signature),
							       STR_ARG(info->signed_by), (unsigned long long)info->serial) :
						  STR("unsigned");
}

static void policy_record(struct run *run, struct provenance *p)
{
	const struct judgement *j = &run->judgement;

	for (size_t i = 0; i < j->policy.files.n; i++)
		*VEC_ADD(run->arena, &p->policy) = (struct named_digest){ .name = j->policy.files.items[i].what, .sha256 = j->policy.files.items[i].sha256 };
	for (size_t i = 0; i < j->exceptions.files.n; i++)
		*VEC_ADD(run->arena, &p->policy) =
			(struct named_digest){ .name = j->exceptions.files.items[i].what, .sha256 = j->exceptions.files.items[i].sha256 };
	if (j->policy_commit.len)
		*VEC_ADD(run->arena, &p->policy_origin) = (struct property){ STR("commit"), j->policy_commit };
	if (j->policy_blob.name.len)
		*VEC_ADD(run->arena, &p->policy_origin) = j->policy_blob;
}

static void exceptions_record(struct run *run, struct provenance *p)
{
	const struct judgement *j = &run->judgement;

	for (VEC_EACH(const struct statement, s, &j->exceptions.list)) {
		const struct lifted *l = &s->shown;
		struct blame from = { 0 };
		if (!s->used)
			continue;
		if (run->collected.git && j->reader.commit.len)
			(void)blame_text(run->arena, run->collected.git, j->reader.commit, l->file, l->id, &from);
		*VEC_ADD(run->arena, &p->exceptions) =
			(struct exception_record){ .kind = str_of(l->kind), .id = l->id, .reason = s->statement.len ? s->statement : l->why,
						   .until = l->until, .who = l->who, .file = l->file, .line = l->line, .lifted = s->used,
						   .commit = from.commit, .author = from.author, .cut = from.cut };
	}
}

struct str run_command_line(struct run *run)
{
	struct str text = STR("bomgate run");

	for (size_t i = 0; i < run->in->options.n; i++) {
		const struct option_value *o = &run->in->options.items[i];
		if (strcmp(o->spec->name, "matrix") == 0)
			continue;
		text = o->spec->flags & OPTION_FLAG ? arena_printf(run->arena, "%.*s --%s", STR_ARG(text), o->spec->name) :
						      arena_printf(run->arena, "%.*s --%s=%.*s", STR_ARG(text), o->spec->name, STR_ARG(o->value));
	}
	for (size_t i = 0; i < run->in->arguments.n; i++)
		text = arena_concat(run->arena, text, STR(" "), run->in->arguments.items[i]);
	return redact(run->arena, text);
}

static void runner_record(struct run *run, struct provenance *p)
{
	const struct runner *r = &run->runner;

	if (!r->active) {
		p->builder = STR("local");
		p->invocation_id = arena_printf(run->arena, "local:%.*s:%lld", STR_ARG(run->collected.bom.document.serial), (long long)run->started_at);
		return;
	}
	p->builder = r->workflow_ref.len ? arena_printf(run->arena, "%.*s/%.*s", STR_ARG(r->server_url), STR_ARG(r->workflow_ref)) :
					   arena_printf(run->arena, "%.*s/%.*s (workflow %.*s)", STR_ARG(r->server_url), STR_ARG(r->repository),
							STR_ARG(r->workflow));
	p->invocation_id = arena_printf(run->arena, "%.*s/attempts/%.*s", STR_ARG(runner_run_url(run->arena, r)), STR_ARG(r->run_attempt));
	p->run_id = r->run_id;
	p->run_attempt = r->run_attempt;
	p->event = r->event;
	p->workflow = r->workflow;
	p->job = r->job;
	p->actor = r->actor;
	p->runner = arena_printf(run->arena, "%.*s %.*s %.*s", STR_ARG(r->os), STR_ARG(r->arch), STR_ARG(r->environment));
}

void run_record(struct run *run, struct provenance *p)
{
	struct arena *a = run->arena;
	const struct collected *c = &run->collected;

	for (size_t i = 0; i < run->files.n; i++) {
		const struct written_file *f = &run->files.items[i];
		struct named_digest d = { .name = f->name, .sha256 = f->sha256 };
		if (f->is_sbom)
			*VEC_ADD(a, &p->subjects) = d;
		else
			*VEC_ADD(a, &p->byproducts) = d;
	}
	for (size_t i = 0; i < run->sources.sources.n; i++)
		*VEC_ADD(a, &p->sources) = run->sources.sources.items[i];
	if (!run->sources.sources.n)
		*VEC_ADD(a, &p->sources) = STR("git:.");
	for (size_t i = 0; i < run->subjects.n; i++)
		*VEC_ADD(a, &p->shipped) = (struct named_digest){ .name = run->subjects.items[i].name, .sha256 = run->subjects.items[i].sha256 };
	options_record(run, p);
	ingested_record(run, p);
	data_record(run, p);
	policy_record(run, p);
	exceptions_record(run, p);
	runner_record(run, p);
	p->tool_version = STR(BOMGATE_VERSION);
	p->tool_commit = version_commit();
	p->binary_sha256 = run->binary_sha256;
	p->libraries = arena_printf(a, "libgit2 %.*s, %.*s", STR_ARG(git_library_version(a)), STR_ARG(http_library_version(a)));
	p->command = run_command_line(run);
	p->started = timestamp_text(a, run->started_at);
	p->finished = timestamp_text(a, timestamp_now());
	p->repository = c->repository;
	p->repository_uri = c->origin.len ? arena_concat(a, STR("git+"), c->origin, STR_NONE) : STR_NONE;
	p->commit = c->commit.id;
	p->tree = c->commit.tree;
	if (c->commit.id.len)
		p->commit_time = timestamp_text(a, c->commit.time);
	p->ref = run->runner.ref.len ? run->runner.ref : c->ref;
	p->base_commit = run->base.commit;
}
