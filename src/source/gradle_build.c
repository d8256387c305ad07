/* build.gradle and build.gradle.kts: programs, of which only dependency lines with plain coordinates are understood
 * (`implementation "group:name:version"`). Version catalogs and lockfiles have readers of their own. */
#include "source/common.h"
#include "syntax/lines.h"

static const struct {
	const char *word;
	unsigned scope;
} configurations[] = { { "implementation", SCOPE_RUNTIME },	{ "api", SCOPE_RUNTIME },	   { "runtimeOnly", SCOPE_RUNTIME },
		       { "compile", SCOPE_RUNTIME },		{ "runtime", SCOPE_RUNTIME },	   { "compileOnly", SCOPE_PROVIDED },
		       { "compileOnlyApi", SCOPE_PROVIDED },	{ "developmentOnly", SCOPE_DEV },  { "annotationProcessor", SCOPE_BUILD },
		       { "kapt", SCOPE_BUILD },			{ "ksp", SCOPE_BUILD },		   { "classpath", SCOPE_BUILD } };

/* The scope of a configuration ("debugImplementation" ends like "implementation"); 0 where it is none that is known. */
static unsigned scope_of(struct str word)
{
	bool test = str_starts(word, STR("test")) || str_has(word, STR("Test"));

	for (size_t i = 0; i < sizeof configurations / sizeof configurations[0]; i++) {
		struct str known = str_of(configurations[i].word);
		if (word.len < known.len || !str_eq_nocase(str_from(word, word.len - known.len), known))
			continue;
		if (word.len == known.len ? !str_eq(word, known) : ascii_lower(word.s[word.len - known.len]) == word.s[word.len - known.len])
			continue; /* a longer word goes on in camel case */
		return test ? SCOPE_TEST : configurations[i].scope;
	}
	return 0;
}

static bool coordinate(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_alpha(s.s[i]) && !ascii_digit(s.s[i]) && s.s[i] != '.' && s.s[i] != '-' && s.s[i] != '_')
			return false;
	return s.len > 0;
}

static void add(struct reading *r, struct str text, unsigned scope, size_t offset)
{
	struct str rest = text, group = str_cut(&rest, ':'), name = rest.s ? str_cut(&rest, ':') : STR_NONE;
	struct str version = rest.s ? str_cut(&rest, ':') : STR_NONE;
	size_t kind = str_chr(version, '@'); /* "1.0@aar" */

	if (!coordinate(group) || !coordinate(name))
		return;
	if (kind != STR_NOT_FOUND)
		version = str_sub(version, 0, kind);
	bool exact = coordinate(version) && !str_starts(version, STR("latest."));
	uint32_t c = reading_add(r, group, name, exact ? version : STR_NONE, offset);
	struct component *k = &r->bom->components[c];
	if (exact)
		bom_property(r->bom, c, "bomgate:certainty", STR("declared minimum"));
	else
		k->declared = version.len ? version : STR("*");
	k->scope = scope;
	k->direct = k->direct_known = true;
}

enum result source_gradle_build(struct reading *r)
{
	struct lines l;

	lines_open(&l, r->text);
	while (lines_next(&l)) {
		struct str line = str_trim(l.line), rest, word;
		size_t n = 0, end;
		while (n < line.len && ascii_alpha(line.s[n]))
			n++;
		word = str_sub(line, 0, n);
		unsigned scope = n ? scope_of(word) : 0;
		rest = str_trim(str_from(line, n));
		if (!scope || rest.len < 2)
			continue;
		if (rest.s[0] == '(')
			rest = str_trim(str_from(rest, 1));
		if (rest.len < 2 || (rest.s[0] != '"' && rest.s[0] != '\''))
			continue;
		end = str_chr(str_from(rest, 1), rest.s[0]);
		if (end != STR_NOT_FOUND)
			add(r, str_sub(rest, 1, end), scope, l.offset);
	}
	return reading_done(r);
}
