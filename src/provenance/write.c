#include "provenance/provenance.h"

#include "syntax/json_writer.h"

static void digest(struct json_writer *w, const char *algorithm, struct str hex)
{
	json_put_key(w, "digest");
	json_begin_object(w);
	json_member(w, algorithm, hex);
	json_end_object(w);
}

static void resource(struct json_writer *w, const struct named_digest *d)
{
	json_begin_object(w);
	json_member(w, "name", d->name);
	digest(w, "sha256", d->sha256);
	json_member_opt(w, "mediaType", d->media_type);
	json_end_object(w);
}

static void resources(struct json_writer *w, const char *key, const struct named_digest *items, size_t n)
{
	json_put_key(w, key);
	json_begin_array(w);
	for (size_t i = 0; i < n; i++)
		resource(w, &items[i]);
	json_end_array(w);
}

static void properties(struct json_writer *w, const char *key, const struct property *items, size_t n)
{
	json_put_key(w, key);
	json_begin_object(w);
	for (size_t i = 0; i < n; i++) {
		json_put_key_str(w, items[i].name);
		json_put_string(w, items[i].value);
	}
	json_end_object(w);
}

static void external_parameters(struct json_writer *w, const struct provenance *p)
{
	json_put_key(w, "externalParameters");
	json_begin_object(w);
	json_member_strings(w, "sources", p->sources.items, p->sources.n);
	properties(w, "options", p->options.items, p->options.n);
	json_member_strings(w, "overrides", p->overrides.items, p->overrides.n);
	if (p->shipped.n)
		resources(w, "shipped", p->shipped.items, p->shipped.n);
	if (p->ingested.n) {
		json_put_key(w, "ingested");
		json_begin_array(w);
		for (size_t i = 0; i < p->ingested.n; i++) {
			const struct ingested_record *in = &p->ingested.items[i];
			json_begin_object(w);
			json_member(w, "name", in->path);
			digest(w, "sha256", in->sha256);
			json_member_opt(w, "format", in->format);
			json_put_key(w, "generator");
			json_begin_object(w);
			json_member_opt(w, "vendor", in->tool_vendor);
			json_member_opt(w, "name", in->tool_name);
			json_member_opt(w, "version", in->tool_version);
			json_end_object(w);
			json_member_opt(w, "timestamp", in->timestamp);
			json_end_object(w);
		}
		json_end_array(w);
	}
	json_end_object(w);
}

static void exceptions(struct json_writer *w, const struct provenance *p)
{
	if (!p->exceptions.n)
		return;
	json_put_key(w, "exceptions");
	json_begin_array(w);
	for (size_t i = 0; i < p->exceptions.n; i++) {
		const struct exception_record *e = &p->exceptions.items[i];
		json_begin_object(w);
		json_member(w, "kind", e->kind);
		json_member(w, "id", e->id);
		json_member_opt(w, "reason", e->reason);
		json_member_opt(w, "until", e->until);
		json_member_opt(w, "by", e->who);
		json_member(w, "file", e->file);
		if (e->line)
			json_member_int(w, "line", e->line);
		json_member_int(w, "lifted", (long long)e->lifted);
		json_member_opt(w, "commit", e->commit);
		json_member_opt(w, "author", e->author);
		if (e->cut)
			json_member_bool(w, "orEarlier", true);
		json_end_object(w);
	}
	json_end_array(w);
}

static void internal_parameters(struct json_writer *w, const struct provenance *p)
{
	json_put_key(w, "internalParameters");
	json_begin_object(w);
	json_member_opt(w, "command", p->command);
	json_member_opt(w, "repository", p->repository);
	json_member_opt(w, "ref", p->ref);
	json_member_opt(w, "event", p->event);
	json_member_opt(w, "workflow", p->workflow);
	json_member_opt(w, "job", p->job);
	json_member_opt(w, "actor", p->actor);
	json_member_opt(w, "runId", p->run_id);
	json_member_opt(w, "runAttempt", p->run_attempt);
	json_member_opt(w, "runner", p->runner);
	json_member_opt(w, "baseCommit", p->base_commit);
	json_member_opt(w, "vulnerabilityData", p->data_signature);
	exceptions(w, p);
	json_end_object(w);
}

static void commit_dependency(struct json_writer *w, const struct provenance *p)
{
	if (!p->commit.len)
		return;
	json_begin_object(w);
	json_member(w, "name", STR("commit"));
	json_member_opt(w, "uri", p->repository_uri);
	digest(w, "gitCommit", p->commit);
	json_put_key(w, "annotations");
	json_begin_object(w);
	json_member_opt(w, "tree", p->tree);
	json_member_opt(w, "time", p->commit_time);
	json_end_object(w);
	json_end_object(w);
}

static void input_dependencies(struct json_writer *w, const struct bom *b)
{
	static const char *const states[] = { [INPUT_OK] = "ok", [INPUT_PARTIAL] = "partial", [INPUT_FAILED] = "failed", [INPUT_SKIPPED] = "skipped" };

	for (size_t i = 0; i < b->inputs.n; i++) {
		const struct input *in = &b->inputs.items[i];
		json_begin_object(w);
		json_member(w, "name", in->path);
		json_put_key(w, "digest");
		json_begin_object(w);
		json_member_opt(w, "sha256", in->sha256);
		json_member_opt(w, "gitBlob", in->blob);
		json_end_object(w);
		json_put_key(w, "annotations");
		json_begin_object(w);
		json_member(w, "kind", STR("input"));
		json_member_opt(w, "reader", in->reader);
		json_member(w, "state", str_of(states[in->state]));
		json_member_int(w, "components", in->components);
		json_end_object(w);
		json_end_object(w);
	}
}

static void data_dependencies(struct json_writer *w, const struct provenance *p)
{
	for (size_t i = 0; i < p->data.n; i++) {
		const struct data_digest *d = &p->data.items[i];
		json_begin_object(w);
		json_member(w, "name", d->name);
		digest(w, "sha256", d->sha256);
		json_put_key(w, "annotations");
		json_begin_object(w);
		json_member(w, "kind", STR("vulnerability-data"));
		json_member_opt(w, "sourceDate", d->source_date);
		json_member_opt(w, "checked", d->checked);
		json_end_object(w);
		json_end_object(w);
	}
	for (size_t i = 0; i < p->policy.n; i++) {
		json_begin_object(w);
		json_member(w, "name", p->policy.items[i].name);
		digest(w, "sha256", p->policy.items[i].sha256);
		json_put_key(w, "annotations");
		json_begin_object(w);
		json_member(w, "kind", STR("policy"));
		for (size_t k = 0; k < p->policy_origin.n; k++) {
			json_put_key_str(w, p->policy_origin.items[k].name);
			json_put_string(w, p->policy_origin.items[k].value);
		}
		json_end_object(w);
		json_end_object(w);
	}
}

static void run_details(struct json_writer *w, const struct provenance *p)
{
	json_put_key(w, "runDetails");
	json_begin_object(w);
	json_put_key(w, "builder");
	json_begin_object(w);
	json_member(w, "id", p->builder);
	json_put_key(w, "version");
	json_begin_object(w);
	json_member(w, "bomgate", p->tool_version);
	json_member_opt(w, "commit", p->tool_commit);
	json_member_opt(w, "libraries", p->libraries);
	json_end_object(w);
	json_put_key(w, "builderDependencies");
	json_begin_array(w);
	if (p->binary_sha256.len)
		resource(w, &(struct named_digest){ .name = STR("bomgate"), .sha256 = p->binary_sha256 });
	json_end_array(w);
	json_end_object(w);
	json_put_key(w, "metadata");
	json_begin_object(w);
	json_member_opt(w, "invocationId", p->invocation_id);
	json_member_opt(w, "startedOn", p->started);
	json_member_opt(w, "finishedOn", p->finished);
	json_end_object(w);
	resources(w, "byproducts", p->byproducts.items, p->byproducts.n);
	json_end_object(w);
}

void provenance_write(const struct provenance *p, const struct bom *b, struct buf *out)
{
	struct json_writer w;

	json_writer_init(&w, out, false);
	json_begin_object(&w);
	json_member(&w, "_type", STR("https://in-toto.io/Statement/v1"));
	resources(&w, "subject", p->subjects.items, p->subjects.n);
	json_member(&w, "predicateType", STR("https://slsa.dev/provenance/v1"));
	json_put_key(&w, "predicate");
	json_begin_object(&w);
	json_put_key(&w, "buildDefinition");
	json_begin_object(&w);
	json_member(&w, "buildType", STR(PROVENANCE_BUILD_TYPE));
	external_parameters(&w, p);
	internal_parameters(&w, p);
	json_put_key(&w, "resolvedDependencies");
	json_begin_array(&w);
	commit_dependency(&w, p);
	input_dependencies(&w, b);
	data_dependencies(&w, p);
	json_end_array(&w);
	json_end_object(&w);
	run_details(&w, p);
	json_end_object(&w);
	json_end_object(&w);
	buf_addc(out, '\n');
}
