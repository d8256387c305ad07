/* The level "self-consistent": do the files of a record agree with each other? */
#include "base/map.h"
#include "base/sha256.h"
#include "base/timestamp.h"
#include "provenance/record.h"
#include "provenance/verdict.h"

#define SELF LEVEL_SELF
#define CLOCK_SLACK 300 /* runners' clocks differ by seconds; five minutes is generous */

static const struct json *dependency(const struct record *r, const char *kind, struct str name);

static void check_digests(const struct record *r, struct audit *out)
{
	const struct json *data = dependency(r, "vulnerability-data", STR("manifest.json"));

	for (VEC_EACH(const struct record_file, f, &r->files))
		if (f->bytes.s)
			audit_check(out, SELF, str_eq(sha256_hex(r->arena, f->bytes), f->sha256), "digest", f->name, "has the digest that the record states");
	if (r->manifest.s)
		audit_check(out, SELF, str_eq(sha256_hex(r->arena, r->manifest), json_get_string(json_get(data, "digest"), "sha256")), "data", STR("data-manifest.json"),
			    "is the manifest of the vulnerability data that the record names");
}

static struct str option_of(const struct record *r, const char *name)
{
	return json_get_string(json_path(r->definition, "externalParameters.options"), name);
}

static void check_times(const struct record *r, struct audit *out)
{
	struct str stamp = json_get_string(r->result, "timestamp"), given = option_of(r, "timestamp");
	int64_t started, finished, t;

	if (!timestamp_parse(r->started, &started) || !timestamp_parse(r->finished, &finished)) {
		audit_say(out, SELF, CHECK_FAILS, "times", STR_NONE, "the record names no start or no end of the run");
		return;
	}
	audit_check(out, SELF, started <= finished, "times", STR_NONE, "the run started (%.*s) before it finished (%.*s)", STR_ARG(r->started),
		    STR_ARG(r->finished));
	audit_check(out, SELF, finished <= out->now + CLOCK_SLACK, "times", STR_NONE, "the run lies in the past");
	for (JSON_EACH(d, json_get(r->definition, "resolvedDependencies"))) {
		struct str name = json_get_string(d, "name"), at = json_get_string(json_get(d, "annotations"), "checked");
		if (at.len && timestamp_parse(at, &t))
			audit_check(out, SELF, t <= finished + CLOCK_SLACK, "times", name, "the data was confirmed current (%.*s) before the run ended",
				    STR_ARG(at));
	}
	if (given.len) { /* a time that the caller chose says nothing of the run */
		int64_t chosen;
		bool same = timestamp_parse(given, &chosen) && timestamp_parse(stamp, &t) && chosen == t;
		if (r->result)
			audit_check(out, SELF, same, "times", STR_NONE, "the result bears the time that was given (%.*s)", STR_ARG(given));
		return;
	}
	if (r->result && timestamp_parse(stamp, &t) && (t < started - CLOCK_SLACK || t > finished + CLOCK_SLACK))
		audit_say(out, SELF, CHECK_NOT_DONE, "times", STR_NONE, "the result's time (%.*s) is not of the run: SOURCE_DATE_EPOCH may have set it",
			  STR_ARG(stamp));
	else if (r->result)
		audit_check(out, SELF, timestamp_parse(stamp, &t), "times", STR_NONE, "the result's time lies within the run");
}

static bool in_list(struct str list, struct str digest)
{
	while (list.s) {
		struct str line = str_trim(str_cut(&list, '\n'));
		if (line.len >= 64 && str_eq(str_sub(line, 0, 64), digest) && (line.len == 64 || ascii_blank(line.s[64])))
			return true;
	}
	return false;
}

static void check_tool(const struct record *r, struct str known, struct str own, struct audit *out)
{
	struct str b = r->binary_sha256;

	if (!b.len)
		audit_say(out, SELF, CHECK_FAILS, "tool", STR_NONE, "the record names no digest of the program that ran");
	else if (str_eq(b, own) || in_list(known, b))
		audit_say(out, SELF, CHECK_HOLDS, "tool", STR_NONE, "the program that ran (bomgate %.*s) is %s", STR_ARG(r->tool_version),
			  str_eq(b, own) ? "this one" : "a known one");
	else if (known.len)
		audit_say(out, SELF, CHECK_FAILS, "tool", STR_NONE, "the program that ran (sha256:%.*s) is none of the known ones", STR_ARG(b));
	else
		audit_say(out, SELF, CHECK_NOT_DONE, "tool", STR_NONE, "the program that ran (sha256:%.*s) is another than this one; give its releases' SHA256SUMS with --known",
			  STR_ARG(b));
}

/* ---- result.json against the record */

static const struct json *dependency(const struct record *r, const char *kind, struct str name)
{
	for (JSON_EACH(d, json_get(r->definition, "resolvedDependencies")))
		if (str_is(json_get_string(json_get(d, "annotations"), "kind"), kind) && str_eq(json_get_string(d, "name"), name))
			return d;
	return NULL;
}

static size_t dependencies(const struct record *r, const char *kind)
{
	size_t n = 0;

	for (JSON_EACH(d, json_get(r->definition, "resolvedDependencies")))
		n += str_is(json_get_string(json_get(d, "annotations"), "kind"), kind);
	return n;
}

static void check_inputs(const struct record *r, struct audit *out)
{
	const struct json *list = json_get(r->result, "inputs");
	bool good = json_count(list) == dependencies(r, "input");

	for (JSON_EACH(i, list)) {
		const struct json *d = dependency(r, "input", json_get_string(i, "file")), *digest = json_get(d, "digest");
		good = good && d && str_eq(json_get_string(i, "sha256"), json_get_string(digest, "sha256")) &&
		       str_eq(json_get_string(i, "blob"), json_get_string(digest, "gitBlob")) &&
		       str_eq(json_get_string(i, "state"), json_get_string(json_get(d, "annotations"), "state"));
	}
	audit_check(out, SELF, good, "inputs", STR("result.json"), "names the same %zu inputs with the same digests as the record", dependencies(r, "input"));
}

/* Each component says which file it was found in; a file that was not read cannot have held it. */
static void check_evidence(const struct record *r, struct audit *out)
{
	struct map inputs;
	struct str example = STR_NONE;
	size_t n = 0, without = 0;

	map_init(&inputs, r->arena);
	for (JSON_EACH(d, json_get(r->definition, "resolvedDependencies")))
		if (str_is(json_get_string(json_get(d, "annotations"), "kind"), "input"))
			map_put(&inputs, json_get_string(d, "name"), NULL);
	for (JSON_EACH(c, json_get(r->result, "components"))) {
		bool known = true;
		for (JSON_EACH(e, json_get(c, "evidence"))) {
			struct str file = json_get_string(e, "file");
			if (file.len && !map_has(&inputs, file)) {
				example = example.s ? example : file;
				known = false;
			}
		}
		without += !known;
		n += json_count(json_get(c, "evidence")) > 0;
	}
	if (without)
		audit_say(out, SELF, CHECK_FAILS, "inputs", STR("result.json"), "%zu components were found in files that the record does not name as read, such as %.*s",
			  without, STR_ARG(example));
	else
		audit_say(out, SELF, CHECK_HOLDS, "inputs", STR("result.json"), "%zu components were found in files that the record names", n);
}

static void check_result(const struct record *r, struct audit *out)
{
	const struct str name = STR("result.json");
	struct str data = json_get_string(r->result, "database");

	if (!r->result) {
		audit_say(out, SELF, CHECK_MISSING, "result", name, "without it the decision cannot be followed");
		return;
	}
	audit_check(out, SELF, str_eq(json_get_string(r->result, "commit"), r->commit) || !r->commit.len || json_get(r->result, "baseCommit"), "commit", name,
		    "is about the commit of the record");
	audit_check(out, SELF, str_eq(json_get_string(json_get(r->result, "tool"), "version"), r->tool_version), "tool", name,
		    "was made by the version of bomgate that the record names");
	if (str_starts(data, STR("sha256:")))
		data = str_from(data, 7);
	const struct json *manifest = dependency(r, "vulnerability-data", STR("manifest.json"));
	audit_check(out, SELF, str_eq(data, json_get_string(json_get(manifest, "digest"), "sha256")), "data", name,
		    "rests on the vulnerability data that the record names");
	check_inputs(r, out);
	check_evidence(r, out);
}

/* ---- verdict.json against both */

static bool same_digests(const struct json *list, const struct json *others)
{
	for (JSON_EACH(x, list)) {
		bool found = false;
		for (JSON_EACH(y, others))
			found = found || (str_eq(json_get_string(x, "name"), json_get_string(y, "name")) &&
					  str_eq(json_get_string(json_get(x, "digest"), "sha256"), json_get_string(json_get(y, "digest"), "sha256")));
		if (!found)
			return false;
	}
	return json_count(list) == json_count(others);
}

static struct str policy_digest(const struct record *r, size_t *n)
{
	VEC(struct named_digest) files = { 0 };

	for (JSON_EACH(d, json_get(r->definition, "resolvedDependencies")))
		if (str_is(json_get_string(json_get(d, "annotations"), "kind"), "policy"))
			*VEC_ADD(r->arena, &files) = (struct named_digest){ .name = json_get_string(d, "name"),
									    .sha256 = json_get_string(json_get(d, "digest"), "sha256") };
	*n = files.n;
	return verdict_policy_digest(r->arena, files.items, files.n);
}

static void check_verdict_inputs(const struct record *r, const struct json *p, struct audit *out)
{
	for (JSON_EACH(i, json_get(p, "inputAttestations"))) {
		struct str name = json_get_string(i, "uri"), digest = json_get_string(json_get(i, "digest"), "sha256"), now = STR_NONE;
		if (str_is(name, "provenance.json"))
			now = sha256_hex(r->arena, r->bytes);
		for (VEC_EACH(const struct record_file, f, &r->files))
			if (str_eq(f->name, name))
				now = f->bytes.s ? sha256_hex(r->arena, f->bytes) : f->sha256;
		audit_check(out, SELF, str_eq(now, digest), "verdict", name, "is the one that the verdict rests on");
	}
}

static void check_verdict(const struct record *r, struct audit *out)
{
	const struct json *p = json_get(r->verdict, "predicate"), *own = json_get(p, "bomgate"), *gate = json_get(r->result, "gate");
	const struct json *shipped = json_path(r->definition, "externalParameters.shipped");
	const struct str name = STR("verdict.json");
	size_t n = 0;

	if (!r->verdict) {
		audit_say(out, SELF, CHECK_MISSING, "verdict", name, "there is no verdict beside the record");
		return;
	}
	audit_check(out, SELF, str_is(json_get_string(r->verdict, "predicateType"), VERDICT_TYPE), "type", name, "is a verification summary");
	check_verdict_inputs(r, p, out);
	bool passed = str_is(json_get_string(p, "verificationResult"), "PASSED");
	if (r->result) {
		bool same = str_eq(json_get_string(own, "gate"), json_get_string(gate, "state")) && passed == str_is(json_get_string(gate, "state"), "open");
		for (JSON_EACH(c, json_get(gate, "counts"))) {
			uint64_t x, y;
			same = same && json_to_u64(c, &x) && json_to_u64(json_get(json_get(own, "counts"), arena_cstr(r->arena, json_key(c))), &y) && x == y;
		}
		audit_check(out, SELF, same, "verdict", name, "says of the gate what the result says (%.*s)", STR_ARG(json_get_string(gate, "state")));
		audit_check(out, SELF, str_eq(json_get_string(own, "failOn"), json_get_string(gate, "failOn")), "verdict", name,
			    "names the gate's fail-on of the result");
	}
	struct str digest = policy_digest(r, &n);
	audit_check(out, SELF, str_eq(json_get_string(json_path(p, "policy.digest"), "sha256"), digest), "policy", name,
		    "names the policy of the record (%zu files)", n);
	if (shipped)
		audit_check(out, SELF, same_digests(json_get(r->verdict, "subject"), shipped), "subject", name, "is bound to what the record says is shipped");
	else
		audit_check(out, SELF, str_eq(json_get_string(json_get(json_child(json_get(r->verdict, "subject")), "digest"), "gitCommit"), r->commit),
			    "subject", name, "is bound to the record's commit");
	audit_check(out, SELF, str_eq(json_get_string(json_path(p, "verifier.version"), "binarySha256"), r->binary_sha256), "tool", name,
		    "was made by the same program as the record");
}

static void facts_of(const struct record *r, struct audit *out)
{
	for (JSON_EACH(i, json_path(r->definition, "externalParameters.ingested"))) {
		const struct json *g = json_get(i, "generator");
		*VEC_ADD(out->arena, &out->facts) = (struct record_fact){
			.observed = false,
			.text = arena_printf(out->arena, "%.*s was made by %.*s %.*s: the document itself says so", STR_ARG(json_get_string(i, "name")),
					     STR_ARG(json_get_string(g, "name").len ? json_get_string(g, "name") : STR("an unnamed tool")),
					     STR_ARG(json_get_string(g, "version"))) };
		*VEC_ADD(out->arena, &out->facts) = (struct record_fact){
			.observed = true, .text = arena_printf(out->arena, "%.*s was read with sha256:%.*s", STR_ARG(json_get_string(i, "name")),
							       STR_ARG(json_get_string(json_get(i, "digest"), "sha256"))) };
	}
	*VEC_ADD(out->arena, &out->facts) =
		(struct record_fact){ .observed = true, .text = arena_printf(out->arena, "bomgate %.*s (sha256:%.*s) ran as %.*s", STR_ARG(r->tool_version),
									      STR_ARG(r->binary_sha256), STR_ARG(r->builder)) };
	if (r->commit.len)
		*VEC_ADD(out->arena, &out->facts) = (struct record_fact){
			.observed = true, .text = arena_printf(out->arena, "%zu inputs of commit %.*s were read", dependencies(r, "input"), STR_ARG(r->commit)) };
}

void record_check_self(const struct record *r, struct str known, struct str own, struct audit *out)
{
	check_digests(r, out);
	check_times(r, out);
	check_tool(r, known, own, out);
	check_result(r, out);
	check_verdict(r, out);
	facts_of(r, out);
}
