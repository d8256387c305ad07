#include "provenance/verdict.h"

#include "base/sha256.h"
#include "syntax/json_writer.h"

struct str verdict_policy_digest(struct arena *a, const struct named_digest *files, size_t n)
{
	struct buf lines;

	if (n == 1)
		return files[0].sha256;
	buf_init(&lines, 0);
	for (size_t i = 0; i < n; i++)
		buf_printf(&lines, "%.*s  %.*s\n", STR_ARG(files[i].sha256), STR_ARG(files[i].name));
	struct str hex = sha256_hex(a, buf_str(&lines));
	buf_free(&lines);
	return hex;
}

static void put_digest(struct json_writer *w, const char *algorithm, struct str hex)
{
	json_put_key(w, "digest");
	json_begin_object(w);
	json_member(w, algorithm, hex);
	json_end_object(w);
}

static void put_named(struct json_writer *w, const char *key, const struct named_digest *d)
{
	json_begin_object(w);
	json_member(w, key, d->name);
	put_digest(w, "sha256", d->sha256);
	json_end_object(w);
}

static void put_subjects(struct json_writer *w, const struct verdict *v)
{
	json_put_key(w, "subject");
	json_begin_array(w);
	for (size_t i = 0; i < v->subjects.n; i++)
		put_named(w, "name", &v->subjects.items[i]);
	if (!v->subjects.n && v->commit.len) {
		json_begin_object(w);
		json_member(w, "name", v->repository.len ? v->repository : STR("commit"));
		put_digest(w, "gitCommit", v->commit);
		json_end_object(w);
	}
	/* Neither a file nor a commit: the SBOM itself is what was judged. */
	for (size_t i = 0; i < v->inputs.n && !v->subjects.n && !v->commit.len; i++)
		put_named(w, "name", &v->inputs.items[i]);
	json_end_array(w);
}

/* Not "SLSA_…": these names are the standard's. */
static struct str level(struct arena *a, const struct verdict *v)
{
	if (!v->passed)
		return STR("FAILED");
	if (str_is(v->fail_on, "never"))
		return STR("BOMGATE_REPORT_ONLY");
	struct str word = arena_str(a, v->fail_on);
	for (size_t i = 0; i < word.len; i++) {
		char c = word.s[i];
		((char *)(uintptr_t)word.s)[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : ascii_digit(c) || (c >= 'A' && c <= 'Z') ? c : '_';
	}
	/* A change that brings in nothing may still leave in what was there before: no release passes on that. */
	return arena_concat(a, v->pull_request ? STR("BOMGATE_NOTHING_NEW_AT_OR_PAST_") : STR("BOMGATE_NOTHING_AT_OR_PAST_"), word, STR_NONE);
}

static void put_more(struct json_writer *w, const struct verdict *v)
{
	json_put_key(w, "bomgate");
	json_begin_object(w);
	json_member(w, "gate", v->gate);
	json_member_int(w, "exitCode", v->exit_code);
	json_member(w, "failOn", v->fail_on);
	json_member_bool(w, "strict", v->strict);
	json_member_bool(w, "judgesChange", v->pull_request);
	json_put_key(w, "counts");
	json_begin_object(w);
	for (size_t i = 0; i < v->counts.n; i++) {
		json_put_key_str(w, v->counts.items[i].word);
		json_put_int(w, (long long)v->counts.items[i].n);
	}
	json_end_object(w);
	json_member_int(w, "closing", (long long)v->closing);
	json_member_int(w, "lifted", (long long)v->lifted);
	json_member_int(w, "notDecided", (long long)v->not_decided);
	json_member_strings(w, "reasons", v->reasons.items, v->reasons.n);
	json_member_strings(w, "overrides", v->overrides.items, v->overrides.n);
	json_member_opt(w, "repository", v->repository);
	json_member_opt(w, "commit", v->commit);
	json_put_key(w, "data");
	json_begin_object(w);
	if (v->data_digest.len)
		put_digest(w, "sha256", v->data_digest);
	json_member_opt(w, "checked", v->data_checked);
	json_end_object(w);
	json_put_key(w, "policyFiles");
	json_begin_array(w);
	for (size_t i = 0; i < v->policy.n; i++)
		put_named(w, "name", &v->policy.items[i]);
	json_end_array(w);
	json_end_object(w);
}

void verdict_write(struct arena *a, const struct verdict *v, struct buf *out)
{
	struct json_writer w;

	json_writer_init(&w, out, false);
	json_begin_object(&w);
	json_member(&w, "_type", STR("https://in-toto.io/Statement/v1"));
	put_subjects(&w, v);
	json_member(&w, "predicateType", STR(VERDICT_TYPE));
	json_put_key(&w, "predicate");
	json_begin_object(&w);
	json_put_key(&w, "verifier");
	json_begin_object(&w);
	json_member(&w, "id", v->verifier);
	json_put_key(&w, "version");
	json_begin_object(&w);
	json_member(&w, "bomgate", v->version);
	json_member_opt(&w, "binarySha256", v->binary_sha256);
	json_end_object(&w);
	json_end_object(&w);
	json_member(&w, "timeVerified", v->time);
	json_member(&w, "resourceUri", v->resource);
	json_put_key(&w, "policy");
	json_begin_object(&w);
	json_member(&w, "uri", v->policy.n ? v->policy.items[0].name : STR("urn:bomgate:policy:defaults"));
	put_digest(&w, "sha256", verdict_policy_digest(a, v->policy.items, v->policy.n));
	json_end_object(&w);
	json_put_key(&w, "inputAttestations");
	json_begin_array(&w);
	for (size_t i = 0; i < v->inputs.n; i++)
		put_named(&w, "uri", &v->inputs.items[i]);
	json_end_array(&w);
	json_member(&w, "verificationResult", v->passed ? STR("PASSED") : STR("FAILED"));
	json_put_key(&w, "verifiedLevels");
	json_begin_array(&w);
	json_put_string(&w, level(a, v));
	json_end_array(&w);
	json_member(&w, "slsaVersion", STR("1.0"));
	put_more(&w, v);
	json_end_object(&w);
	json_end_object(&w);
	buf_addc(out, '\n');
}
