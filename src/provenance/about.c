#include "provenance/about.h"

#include "base/sha256.h"
#include "provenance/provenance.h"
#include "provenance/verdict.h"

#define VERDICT_FILE "verdict.json"

struct str about_bytes(const struct record *r, struct str name)
{
	if (str_eq(name, r->name))
		return r->bytes;
	if (str_is(name, VERDICT_FILE))
		return r->verdict_bytes;
	for (VEC_EACH(const struct record_file, f, &r->files))
		if (str_eq(f->name, name))
			return f->bytes;
	return STR_NONE;
}

struct str about_digest(const struct record *r, struct str sha256)
{
	if (sha256.len != 64)
		return STR_NONE;
	if (str_eq_nocase(sha256, sha256_hex(r->arena, r->bytes)))
		return r->name;
	if (r->verdict_bytes.s && str_eq_nocase(sha256, sha256_hex(r->arena, r->verdict_bytes)))
		return STR(VERDICT_FILE);
	for (VEC_EACH(const struct record_file, f, &r->files))
		if (f->bytes.s && str_eq_nocase(sha256, sha256_hex(r->arena, f->bytes)))
			return f->name;
	return STR_NONE;
}

static void add(const struct record *r, struct about *out, struct str name)
{
	for (VEC_EACH(const struct str, f, &out->files))
		if (str_eq(*f, name))
			return;
	out->kind = ABOUT_FILES;
	*VEC_ADD(r->arena, &out->files) = name;
}

/* The statement itself is one of the files. */
static void by_bytes(const struct record *r, struct str payload, struct about *out)
{
	if (str_eq(payload, r->bytes))
		add(r, out, r->name);
	if (r->verdict_bytes.s && str_eq(payload, r->verdict_bytes))
		add(r, out, STR(VERDICT_FILE));
	for (VEC_EACH(const struct record_file, f, &r->files))
		if (f->bytes.s && str_eq(payload, f->bytes))
			add(r, out, f->name);
}

struct str about_shipped(const struct record *r, struct str sha256)
{
	const struct json *lists[] = { json_path(r->definition, "externalParameters.shipped"), json_get(r->verdict, "subject") };

	for (size_t i = 0; i < 2; i++)
		for (JSON_EACH(s, lists[i]))
			if (str_eq_nocase(json_get_string(json_get(s, "digest"), "sha256"), sha256))
				return json_get_string(s, "name");
	return STR_NONE;
}

static bool made_by_bomgate(const struct json *sbom)
{
	const struct json *tools = json_path(sbom, "metadata.tools"), *components = json_get(tools, "components");

	for (JSON_EACH(t, components ? components : tools))
		if (str_is(json_get_string(t, "name"), "bomgate"))
			return true;
	for (JSON_EACH(c, json_path(sbom, "creationInfo.creators")))
		if (str_starts(json_string(c), STR("Tool: bomgate")))
			return true;
	return false;
}

/* What stands here as the predicate: attesting programs write the JSON anew, so that it is compared by its values. */
static void by_predicate(const struct record *r, const struct json *statement, struct about *out)
{
	const struct json *predicate = json_get(statement, "predicate");
	struct str type = json_get_string(statement, "predicateType");
	bool sbom = str_starts(type, STR("https://cyclonedx.org/bom")) || str_starts(type, STR("https://spdx.dev/Document"));
	bool record = str_is(json_get_string(json_get(predicate, "buildDefinition"), "buildType"), PROVENANCE_BUILD_TYPE);
	bool verdict = str_is(type, VERDICT_TYPE) && json_get(predicate, "bomgate");

	bool cyclonedx = json_get(predicate, "bomFormat") != NULL, comparable = false;

	for (VEC_EACH(const struct record_file, f, &r->files)) {
		const struct json *here = sbom && f->subject && f->bytes.s ? json_parse(r->arena, f->bytes, NULL, NULL) : NULL;
		comparable = comparable || (here && (json_get(here, "bomFormat") != NULL) == cyclonedx);
		if (json_equal(predicate, here))
			add(r, out, f->name);
	}
	if (verdict && json_equal(predicate, json_get(r->verdict, "predicate"))) {
		add(r, out, r->verdict_bytes.s ? STR(VERDICT_FILE) : r->name);
		return;
	}
	if (record && json_equal(predicate, json_get(r->statement, "predicate"))) {
		out->record_predicate = true;
		add(r, out, r->name);
		return;
	}
	/* Another record, verdict or SBOM of the same files than the one that is here: one of the two was made up afterwards. */
	if ((record && r->definition) || (verdict && r->verdict) || (comparable && out->kind == ABOUT_SHIPPED && made_by_bomgate(predicate)))
		out->kind = ABOUT_ANOTHER;
}

bool about_is_statement(const struct json *payload)
{
	return str_starts(json_get_string(payload, "_type"), STR("https://in-toto.io/Statement/"));
}

void about_statement(const struct record *r, struct str payload, const struct json *statement, struct about *out)
{
	*out = (struct about){ .kind = ABOUT_OTHERS };
	by_bytes(r, payload, out);
	if (!about_is_statement(statement))
		return;
	bool itself = out->files.n > 0;
	for (JSON_EACH(s, json_get(statement, "subject"))) {
		struct str digest = json_get_string(json_get(s, "digest"), "sha256");
		struct str file = about_digest(r, digest), shipped = digest.len ? about_shipped(r, digest) : STR_NONE;
		if (file.len)
			add(r, out, file);
		else if (shipped.len && !out->shipped.len)
			out->shipped = shipped;
	}
	if (out->shipped.len && !out->files.n)
		out->kind = ABOUT_SHIPPED;
	if (!itself && out->kind != ABOUT_OTHERS)
		by_predicate(r, statement, out);
}
