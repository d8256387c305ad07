#include "provenance/record.h"

#include <stdarg.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "io/file.h"

const char *evidence_level_word(enum evidence_level l)
{
	static const char *const words[] = { "self-consistent", "anchored", "signed", "rebuilt", "redecided" };

	return words[l];
}

const char *check_state_word(enum check_state s)
{
	static const char *const words[] = { "holds", "FAILS", "missing", "no data", "not checked" };

	return words[s];
}

__attribute__((format(printf, 6, 0)))
static void say(struct audit *a, enum evidence_level level, enum check_state state, const char *what, struct str about, const char *fmt, va_list ap)
{
	*VEC_ADD(a->arena, &a->checks) =
		(struct check){ .level = level, .state = state, .what = what, .about = about, .text = arena_vprintf(a->arena, fmt, ap) };
}

void audit_say(struct audit *a, enum evidence_level level, enum check_state state, const char *what, struct str about, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(a, level, state, what, about, fmt, ap);
	va_end(ap);
}

void audit_check(struct audit *a, enum evidence_level level, bool good, const char *what, struct str about, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(a, level, good ? CHECK_HOLDS : CHECK_FAILS, what, about, fmt, ap);
	va_end(ap);
}

/* A name that the record gives must stay in its folder: the record is from outside. */
static bool is_plain_name(struct str name)
{
	return name.len && str_chr(name, '/') == STR_NOT_FOUND && !str_is(name, "..") && !str_is(name, ".") && str_chr(name, '\0') == STR_NOT_FOUND;
}

static void take_files(struct record *r, const struct json *list, bool subject, const struct record_source *from, struct audit *out)
{
	for (JSON_EACH(f, list)) {
		struct record_file *x = VEC_ADD(r->arena, &r->files);
		struct str why;
		*x = (struct record_file){ .name = json_get_string(f, "name"), .sha256 = json_get_string(json_get(f, "digest"), "sha256"), .subject = subject };
		if (!is_plain_name(x->name)) {
			audit_say(out, LEVEL_SELF, CHECK_FAILS, "name", x->name, "the record names a file outside its folder");
			continue;
		}
		if (!from->read(from->context, x->name, &x->bytes, &why)) {
			bool needed = subject || str_is(x->name, "result.json"); /* reports for people are made from it: a release keeps none */
			x->bytes = STR_NONE;
			audit_say(out, LEVEL_SELF, needed ? CHECK_MISSING : CHECK_NOT_DONE, "file", x->name, "the record names it, but it cannot be read: %.*s",
				  STR_ARG(why));
		}
	}
}

static const struct json *parsed(struct record *r, struct str bytes, struct str name, struct audit *out)
{
	const char *why = NULL;
	size_t at = 0;
	const struct json *j = json_parse(r->arena, bytes, &why, &at);

	if (!j)
		audit_say(out, LEVEL_SELF, CHECK_FAILS, "syntax", name, "is no JSON, line %zu: %s", 1 + str_count(str_sub(bytes, 0, at), '\n'),
			  why ? why : "wrong");
	return j;
}

static struct str commit_digest(const struct record *r, struct str *tree)
{
	for (JSON_EACH(d, json_get(r->definition, "resolvedDependencies")))
		if (str_is(json_get_string(d, "name"), "commit")) {
			*tree = json_get_string(json_get(d, "annotations"), "tree");
			return json_get_string(json_get(d, "digest"), "gitCommit");
		}
	return STR_NONE;
}

static void take_fields(struct record *r)
{
	const struct json *in = json_get(r->definition, "internalParameters"), *meta = json_get(r->details, "metadata");
	const struct json *builder = json_get(r->details, "builder");

	r->repository = json_get_string(in, "repository");
	r->run_id = json_get_string(in, "runId");
	r->run_attempt = json_get_string(in, "runAttempt");
	r->event = json_get_string(in, "event");
	r->builder = json_get_string(builder, "id");
	r->tool_version = json_get_string(json_get(builder, "version"), "bomgate");
	r->binary_sha256 = json_get_string(json_get(json_child(json_get(builder, "builderDependencies")), "digest"), "sha256");
	r->started = json_get_string(meta, "startedOn");
	r->finished = json_get_string(meta, "finishedOn");
	r->commit = commit_digest(r, &r->tree);
}

enum result record_open(struct arena *a, struct str name, const struct record_source *source, struct audit *out, struct record *r)
{
	struct str why;

	*r = (struct record){ .arena = a, .name = name };
	if (!source->read(source->context, name, &r->bytes, &why)) {
		audit_say(out, LEVEL_SELF, CHECK_MISSING, "record", name, "the record cannot be read: %.*s", STR_ARG(why));
		return FAILED;
	}
	r->statement = parsed(r, r->bytes, r->name, out);
	struct str payload = json_get_string(r->statement, "payload"), inner;
	if (payload.len) { /* a DSSE envelope */
		inner = base64_decode(a, payload, true);
		r->statement = parsed(r, inner, r->name, out);
	}
	if (!r->statement)
		return FAILED;
	r->definition = json_path(r->statement, "predicate.buildDefinition");
	r->details = json_path(r->statement, "predicate.runDetails");
	bool known = str_is(json_get_string(r->statement, "_type"), "https://in-toto.io/Statement/v1") &&
		     str_is(json_get_string(r->statement, "predicateType"), "https://slsa.dev/provenance/v1") &&
		     str_is(json_get_string(r->definition, "buildType"), "urn:bomgate:run:v1");
	audit_check(out, LEVEL_SELF, known, "type", r->name, "is an in-toto statement with SLSA provenance of a bomgate run");
	if (!known)
		return FAILED;
	take_fields(r);
	take_files(r, json_get(r->statement, "subject"), true, source, out);
	take_files(r, json_get(r->details, "byproducts"), false, source, out);
	for (VEC_EACH(struct record_file, f, &r->files))
		if (f->bytes.s && str_is(f->name, "result.json"))
			r->result = parsed(r, f->bytes, f->name, out);
	if (source->read(source->context, STR("verdict.json"), &r->verdict_bytes, &why))
		r->verdict = parsed(r, r->verdict_bytes, STR("verdict.json"), out);
	else
		r->verdict_bytes = STR_NONE;
	if (!source->read(source->context, STR("data-manifest.json"), &r->manifest, &why))
		r->manifest = STR_NONE;
	return OK;
}

struct folder {
	struct arena *arena;
	struct str path;
};

static bool read_beside(void *context, struct str name, struct str *bytes, struct str *why)
{
	struct folder *f = context;

	return file_read(f->arena, file_join(f->arena, f->path, name).s, LIMIT_SBOM, bytes, why);
}

enum result record_read(struct arena *a, struct str path, struct audit *out, struct record *r)
{
	size_t slash = str_rchr(path, '/');
	struct folder f = { a, slash == STR_NOT_FOUND ? STR_NONE : str_sub(path, 0, slash ? slash : 1) };
	struct record_source from = { read_beside, &f };
	enum result result = record_open(a, slash == STR_NOT_FOUND ? path : str_from(path, slash + 1), &from, out, r);

	r->folder = f.path;
	return result;
}
