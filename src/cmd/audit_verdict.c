/* `bomgate audit --verdict F --subject F…`: may this be shipped? The verdict must be about exactly these bytes, and have passed. */
#include <stdio.h>

#include "base/limits.h"
#include "base/sha256.h"
#include "base/timestamp.h"
#include "cmd/audit.h"
#include "cmd/output.h"
#include "cmd/run.h"
#include "io/file.h"
#include "provenance/verdict.h"

static bool names(const struct json *verdict, const char *algorithm, struct str digest)
{
	for (JSON_EACH(s, json_get(verdict, "subject")))
		if (str_eq(json_get_string(json_get(s, "digest"), algorithm), digest))
			return true;
	return false;
}

static bool is_commit(struct str id)
{
	for (size_t i = 0; i < id.len; i++)
		if (ascii_hex(id.s[i]) < 0)
			return false;
	return id.len == 40 || id.len == 64;
}

static void check_subject(struct audit *a, bool meant, struct str about, struct str digest)
{
	audit_check(a, LEVEL_SELF, meant, "subject", about, "%.*sis %swhat the verdict is about", STR_ARG(digest), meant ? "" : "not ");
}

/* A deploy job that forgets to say what it ships must not pass: nothing was compared then. */
static void check_subjects(struct invocation *in, const struct json *verdict, struct audit *a)
{
	struct str text;

	for (size_t i = 0; (text = option_nth(in, "subject", i)).s; i++) {
		struct named_subject s;
		struct str why, id = str_starts(text, STR("commit:")) ? str_from(text, 7) : STR_NONE;
		if (is_commit(id))
			check_subject(a, names(verdict, "gitCommit", arena_lower(in->arena, id)), text, STR_NONE);
		else if (id.s || !text.len)
			audit_say(a, LEVEL_SELF, CHECK_MISSING, "subject", text, "%s", id.s ? "is no commit's id in full" : "--subject is empty: what is shipped?");
		else if (!run_subject_of(in->arena, text, &s, &why))
			audit_say(a, LEVEL_SELF, CHECK_MISSING, "subject", text, "%.*s", STR_ARG(why));
		else
			check_subject(a, names(verdict, "sha256", s.sha256), s.name, arena_printf(in->arena, "(sha256:%.*s) ", STR_ARG(s.sha256)));
	}
	if (!option_nth(in, "subject", 0).s)
		audit_say(a, LEVEL_SELF, CHECK_MISSING, "subject", STR_NONE,
			  "nothing was compared with what is shipped: name it with --subject FILE, sha256:… or commit:ID");
}

static void check_predicate(const struct json *verdict, struct audit *a)
{
	const struct json *p = json_get(verdict, "predicate"), *own = json_get(p, "bomgate");
	VEC(struct named_digest) files = { 0 };
	int64_t t;

	bool passed = str_is(json_get_string(p, "verificationResult"), "PASSED");
	audit_check(a, LEVEL_SELF, passed, "verdict", STR_NONE, "the gate %s (%.*s, gate %.*s)", passed ? "let it pass" : "did not let it pass",
		    STR_ARG(json_get_string(p, "verificationResult")),
		    STR_ARG(json_get_string(own, "gate")));
	if (passed)
		audit_check(a, LEVEL_SELF, str_is(json_get_string(own, "gate"), "open"), "verdict", STR_NONE, "result and gate agree");
	bool never = passed && str_is(json_get_string(own, "failOn"), "never");
	audit_check(a, LEVEL_SELF, !never, "verdict", STR_NONE, "%s",
		    never ? "no gate was set (fail-on is never): that it passed says nothing" : "a gate was set (fail-on is not never)");
	for (JSON_EACH(f, json_get(own, "policyFiles")))
		*VEC_ADD(a->arena, &files) = (struct named_digest){ .name = json_get_string(f, "name"), .sha256 = json_get_string(json_get(f, "digest"), "sha256") };
	struct str digest = verdict_policy_digest(a->arena, files.items, files.n);
	audit_check(a, LEVEL_SELF, str_eq(json_get_string(json_path(p, "policy.digest"), "sha256"), digest), "policy", STR_NONE,
		    "the policy's digest is that of the files it names");
	audit_check(a, LEVEL_SELF, timestamp_parse(json_get_string(p, "timeVerified"), &t) && t <= a->now + 300, "times", STR_NONE, "it was judged in the past (%.*s)",
		    STR_ARG(json_get_string(p, "timeVerified")));
}

int audit_verdict(struct invocation *in)
{
	struct str path = option_get(in, "verdict"), bytes, why;
	struct audits all = { 0 };
	struct audited *x = VEC_ADD(in->arena, &all);
	struct outputs outputs;
	const char *wrong = NULL;
	const struct trust *trust;

	*x = (struct audited){ .what = path, .audit = { .arena = in->arena, .now = timestamp_now() } };
	if (!outputs_own(in, "table|json|html", &outputs) || !audit_trust(in, &trust))
		return 2;
	if (!file_read(in->arena, arena_cstr(in->arena, path), LIMIT_MANIFEST, &bytes, &why)) {
		audit_say(&x->audit, LEVEL_SELF, CHECK_MISSING, "verdict", path, "cannot be read: %.*s", STR_ARG(why));
	} else {
		size_t at = 0;
		const struct json *verdict = json_parse(in->arena, bytes, &wrong, &at);
		bool known = str_is(json_get_string(verdict, "_type"), "https://in-toto.io/Statement/v1") &&
			     str_is(json_get_string(verdict, "predicateType"), VERDICT_TYPE);
		if (!verdict)
			audit_say(&x->audit, LEVEL_SELF, CHECK_FAILS, "syntax", path, "is no JSON, line %zu: %s", 1 + str_count(str_sub(bytes, 0, at), '\n'),
				  wrong ? wrong : "wrong");
		else if (!known)
			audit_say(&x->audit, LEVEL_SELF, CHECK_FAILS, "type", path,
				  "is no verdict: no verification summary in an in-toto statement stands in it; `bomgate run` writes verdict.json");
		else
			audit_say(&x->audit, LEVEL_SELF, CHECK_HOLDS, "type", path, "is a verification summary in an in-toto statement");
		if (known) {
			check_predicate(verdict, &x->audit);
			check_subjects(in, verdict, &x->audit);
		}
		x->record = (struct record){ .arena = in->arena, .bytes = bytes, .name = path, .statement = verdict, .verdict = verdict,
					      .repository = json_get_string(json_path(verdict, "predicate.bomgate"), "repository"),
					      .commit = json_get_string(json_path(verdict, "predicate.bomgate"), "commit"),
					      .builder = json_get_string(json_path(verdict, "predicate.verifier"), "id") };
		size_t slash = str_rchr(path, '/');
		x->record.folder = slash == STR_NOT_FOUND ? STR_NONE : str_sub(path, 0, slash ? slash : 1);
		audit_repository(in, x);
		record_find_signatures(&x->record, trust, &x->audit);
	}
	for (VEC_EACH(const struct output, o, &outputs)) {
		struct buf text;
		buf_init(&text, 0);
		if (str_is(o->name, "json"))
			audit_json(&all, &text);
		else if (str_is(o->name, "html"))
			audit_html(&all, &text);
		else
			audit_table(&all, &text);
		bool good = output_deliver(o, buf_str(&text));
		buf_free(&text);
		if (!good)
			return 70;
	}
	return audit_code(&x->audit);
}
