/* build.sbt.lock (github.com/stringbean/sbt-dependency-lock, "Lockfile format"). */
#include "source/common.h"
#include "syntax/json.h"

/* What is needed at run time stands in the configurations of tests, too. */
static unsigned scope_of(const struct json *configurations)
{
	static const struct {
		const char *name;
		unsigned scope;
	} known[] = { { "compile", SCOPE_RUNTIME }, { "runtime", SCOPE_RUNTIME }, { "test", SCOPE_TEST }, { "it", SCOPE_TEST },
		      { "provided", SCOPE_PROVIDED }, { "optional", SCOPE_OPTIONAL } };
	unsigned scope = 0;

	for (JSON_EACH(c, configurations))
		for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
			if (str_is(json_string(c), known[i].name))
				scope |= known[i].scope;
	return scope & SCOPE_RUNTIME ? SCOPE_RUNTIME : scope ? scope : SCOPE_BUILD; /* others are of tools: scalafix, scala-tool */
}

static void add(struct reading *r, const struct json *e, size_t offset)
{
	struct str group = json_get_string(e, "org"), name = json_get_string(e, "name"), version = json_get_string(e, "version");
	const struct json *artifacts = json_get(e, "artifacts");

	if (!group.len || !name.len || !version.len) {
		reading_problem(r, offset, "a dependency without org, name and version: run sbt dependencyLockWrite again");
		return;
	}
	uint32_t c = reading_add(r, group, name, version, offset);
	r->bom->components[c].scope = scope_of(json_get(e, "configurations"));
	if (!json_count(artifacts) && str_ends(version, STR("-SNAPSHOT"))) { /* nothing was fetched: a project of the same build */
		r->bom->components[c].first_party = true;
		r->bom->components[c].type = COMPONENT_APPLICATION;
	}
	for (JSON_EACH(a, artifacts)) {
		struct str hash = json_get_string(a, "hash");
		if (hash.len && !reading_digest(r, c, hash))
			reading_problem(r, offset, "the hash of an artifact is none: run sbt dependencyLockWrite again, and find out who changed it");
	}
}

enum result source_sbt_lock(struct reading *r)
{
	struct json_cursor c;
	struct str key, version = STR_NONE;
	unsigned seen = 0;

	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_is(key, "lockVersion") && json_once(&c, &seen, 1)) {
			version = json_read_raw(&c);
		} else if (str_is(key, "dependencies") && json_once(&c, &seen, 2)) {
			json_enter_array(&c);
			while (json_next(&c)) {
				size_t offset = json_offset(&c);
				const struct json *e = json_read_tree(&c);
				if (!e)
					break;
				add(r, e, offset);
			}
		} else {
			json_skip(&c);
		}
	}
	if (!json_close(&c))
		return reading_error(r, c.error_offset, "%s: the file is damaged; run sbt dependencyLockWrite again", c.error);
	if (version.len && !str_is(version, "1"))
		return reading_unknown_version(r, 0, version);
	if (!(seen & 2))
		return reading_error(r, 0, "no dependencies: this is no whole lockfile; run sbt dependencyLockWrite again");
	return reading_done(r);
}
