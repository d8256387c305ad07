/* The recorded inputs against the files of the commit: the blob id at their path, and the SHA-256 of its bytes. An id alone is not
 * enough: the record states both, and whoever reads it later may go by either. */
#include "base/sha256.h"
#include "cmd/audit.h"

#define LEVEL LEVEL_ANCHORED

bool audit_sources_are_git(const struct record *r)
{
	const struct json *list = json_path(r->definition, "externalParameters.sources");

	return json_count(list) == 1 && (str_starts(json_string(json_child(list)), STR("git:")) || str_is(json_string(json_child(list)), ".")) &&
	       r->commit.len > 0;
}

struct counts {
	size_t good, bad, outside, unhashed;
};

static bool compare_bytes(struct audited *x, const struct commit_files *f, struct str name, struct str id, struct str sha256)
{
	struct str bytes, why = STR_NONE;

	if (!f->bytes(f->context, id, &bytes, &why)) {
		audit_say(&x->audit, LEVEL, CHECK_NO_DATA, "input", name, "the commit's bytes cannot be read: %.*s", STR_ARG(why));
		return false;
	}
	struct str now = sha256_hex(x->record.arena, bytes);
	if (str_eq(now, sha256))
		return true;
	audit_say(&x->audit, LEVEL, CHECK_FAILS, "input", name, "the commit's file has another SHA-256 (%.*s) than the recorded one (%.*s)", STR_ARG(now),
		  STR_ARG(sha256));
	return false;
}

static void compare(struct audited *x, const struct commit_files *f, const struct json *d, struct counts *n)
{
	struct str name = json_get_string(d, "name"), why = STR_NONE, now = STR_NONE;
	struct str blob = json_get_string(json_get(d, "digest"), "gitBlob"), sha256 = json_get_string(json_get(d, "digest"), "sha256");
	bool missing = false, good = false;

	if (!blob.len && !audit_sources_are_git(&x->record)) {
		n->outside++;
		return;
	}
	if (!f->blob(f->context, name, &now, &missing, &why))
		audit_say(&x->audit, LEVEL, missing ? CHECK_FAILS : CHECK_NO_DATA, "input", name, "%s%.*s",
			  missing ? "the commit has no such file" : "it cannot be told: ", STR_ARG(why));
	else if (!str_eq(now, blob))
		audit_say(&x->audit, LEVEL, CHECK_FAILS, "input", name, "the commit's file is another (%.*s) than the recorded one (%.*s)", STR_ARG(now),
			  STR_ARG(blob.len ? blob : STR("no blob id")));
	else
		good = !sha256.len || compare_bytes(x, f, name, now, sha256);
	n->good += good;
	n->bad += !good;
	n->unhashed += good && !sha256.len;
}

void audit_inputs(struct audited *x, const struct commit_files *f)
{
	struct counts n = { 0 };

	for (JSON_EACH(d, json_get(x->record.definition, "resolvedDependencies")))
		if (str_is(json_get_string(json_get(d, "annotations"), "kind"), "input"))
			compare(x, f, d, &n);
	if (n.good)
		audit_say(&x->audit, LEVEL, CHECK_HOLDS, "input", STR_NONE, "%zu inputs have the blob ids, and %zu the SHA-256, that %s gives them", n.good,
			  n.good - n.unhashed, f->who);
	else if (!n.bad)
		audit_say(&x->audit, LEVEL, CHECK_NOT_DONE, "input", STR_NONE, "the record names no file of the commit: there was nothing to compare");
	if (n.outside)
		audit_say(&x->audit, LEVEL, CHECK_NOT_DONE, "input", STR_NONE, "%zu inputs are not the commit's (folders, images, documents): nobody but the record speaks of them",
			  n.outside);
}
