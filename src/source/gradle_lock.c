/* gradle.lockfile, buildscript-gradle.lockfile, settings-gradle.lockfile, and the older gradle/dependency-locks/<configuration>.lockfile
 * (docs.gradle.org, "Locking dependency versions"). */
#include "base/map.h"
#include "source/common.h"
#include "syntax/lines.h"

static bool has_nocase(struct str text, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= text.len; i++)
		if (str_eq_nocase(str_sub(text, i, n), str_of(word)))
			return true;
	return false;
}

/* What a configuration is for, by the names that Gradle's and Android's plugins give (a convention; others count as runtime). */
static unsigned configuration_scope(struct str name)
{
	static const char *const build[] = { "annotationProcessor", "kapt", "ksp", "kotlinCompiler", "kotlinBuild", "kotlinKlib",
		"kotlinNative", "checkstyle", "pmd", "spotbugs", "jacoco", "detekt", "ktlint", "spotless", "errorprone", "lintChecks",
		"androidJacoco", "zinc" };

	if (str_starts(name, STR("test")) || str_has(name, STR("Test")))
		return SCOPE_TEST;
	for (size_t i = 0; i < sizeof build / sizeof build[0]; i++)
		if (has_nocase(name, build[i]))
			return SCOPE_BUILD;
	if (str_starts(name, STR("development")))
		return SCOPE_DEV;
	return SCOPE_RUNTIME;
}

/* The same few configurations stand on every line. */
static unsigned known_scope(struct map *known, struct str name)
{
	bool fresh;
	struct map_entry *e = map_put(known, name, &fresh);

	if (fresh)
		e->value.num = configuration_scope(name);
	return (unsigned)e->value.num;
}

static bool split(struct str coordinates, struct str *group, struct str *name, struct str *version)
{
	struct str rest = coordinates;

	*group = str_cut(&rest, ':');
	*name = rest.s ? str_cut(&rest, ':') : STR_NONE;
	*version = rest.s ? rest : STR_NONE;
	return group->len && name->len && version->len && str_chr(*version, ':') == STR_NOT_FOUND;
}

enum result source_gradle_lock(struct reading *r)
{
	bool old = str_has(r->path, STR("dependency-locks/"));
	size_t slash = str_rchr(r->path, '/');
	struct str base = slash == STR_NOT_FOUND ? r->path : str_from(r->path, slash + 1);
	bool build = str_starts(base, STR("buildscript-")) || str_starts(base, STR("settings-"));
	struct map known;
	struct lines l;

	map_init(&known, r->arena);
	lines_open(&l, r->text);
	while (lines_next(&l)) {
		struct str line = str_trim(l.line), rest = line, coordinates, group, name, version;
		unsigned scope = 0;
		if (!line.len || line.s[0] == '#')
			continue;
		coordinates = str_cut(&rest, '=');
		if (str_is(coordinates, "empty") && rest.s)
			continue;
		if (!split(coordinates, &group, &name, &version) || (!rest.s && !old)) {
			reading_problem(r, l.offset, "a line has the form \"group:name:version=configuration,…\": run Gradle with --write-locks");
			continue;
		}
		uint32_t c = reading_add(r, group, name, version, l.offset);
		if (old)
			scope = configuration_scope(base);
		while (rest.s)
			scope |= known_scope(&known, str_trim(str_cut(&rest, ',')));
		r->bom->components[c].scope = build ? SCOPE_BUILD : scope;
	}
	return reading_done(r);
}
