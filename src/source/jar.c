/* Java archives: META-INF/maven/<group>/<artifact>/pom.properties names what was packed, of the archive itself and of all that was shaded into
 * it; archives inside (Spring Boot, war) are opened too. An archive without any is known by its manifest and file name only. */
#include "io/archive.h"
#include "source/common.h"
#include "syntax/lines.h"

#define MOST_NESTED 4
#define NESTED_BYTES ((size_t)256 << 20)
#define SMALL ((size_t)1 << 20)

struct jar {
	struct reading *r;
	size_t found;
	struct str title, version; /* of the manifest */
};

static void read_jar(struct reading *r, struct str bytes, struct str path, unsigned depth);

static void add_pom(struct jar *j, struct str text, struct str path)
{
	struct str group = STR_NONE, artifact = STR_NONE, version = STR_NONE;
	struct lines l;

	lines_open(&l, text);
	while (lines_next(&l)) {
		size_t equals = str_chr(l.line, '=');
		if (equals == STR_NOT_FOUND || l.line.s[0] == '#')
			continue;
		struct str key = str_trim(str_sub(l.line, 0, equals)), value = str_trim(str_from(l.line, equals + 1));
		if (str_is(key, "groupId"))
			group = value;
		else if (str_is(key, "artifactId"))
			artifact = value;
		else if (str_is(key, "version"))
			version = value;
	}
	if (!group.len || !artifact.len || !version.len || str_has(group, STR("${")) || str_has(artifact, STR("${")) || str_has(version, STR("${")))
		return; /* not filled in when it was packed */
	struct reading *r = j->r;
	uint32_t i = reading_add(r, group, artifact, version, 0);
	r->bom->components[i].ecosystem = STR("Maven");
	if (path.len)
		bom_property(r->bom, i, "bomgate:path", path);
	j->found++;
}

static void read_manifest(struct jar *j, struct str text)
{
	struct lines l;

	lines_open(&l, text);
	while (lines_next(&l) && l.line.len) { /* the main section */
		struct str value = l.line, key = str_cut(&value, ':');
		value = str_trim(value);
		if (str_is(key, "Implementation-Title") || (str_is(key, "Bundle-SymbolicName") && !j->title.len))
			j->title = str_sub(value, 0, str_chr(value, ';'));
		else if (str_is(key, "Implementation-Version") || (str_is(key, "Bundle-Version") && !j->version.len))
			j->version = value;
	}
}

/* "name-1.2.jar": the version begins at the first '-' before a digit. */
static void add_by_name(struct jar *j, struct str path)
{
	size_t slash = str_rchr(path, '/');
	struct str base = slash == STR_NOT_FOUND ? path : str_from(path, slash + 1), name, version = j->version;

	base = str_sub(base, 0, str_rchr(base, '.'));
	name = base;
	for (size_t i = 1; i + 1 < base.len; i++)
		if (base.s[i] == '-' && ascii_digit(base.s[i + 1])) {
			name = str_sub(base, 0, i);
			version = version.len ? version : str_from(base, i + 1);
			break;
		}
	if (!name.len || !version.len)
		return; /* a program's own archive: nothing tells what it is */
	uint32_t i = reading_add(j->r, STR_NONE, arena_str(j->r->arena, name), arena_str(j->r->arena, version), 0);
	j->r->bom->components[i].weak = true;
	j->r->bom->components[i].purl_type = STR("generic");
	if (j->title.len)
		bom_property(j->r->bom, i, "bomgate:jar:title", arena_str(j->r->arena, j->title));
}

static bool is_archive(struct str name)
{
	return str_ends(name, STR(".jar")) || str_ends(name, STR(".war")) || str_ends(name, STR(".ear"));
}

static void read_entry(struct jar *j, struct archive_in *in, const struct archive_entry_info *e, struct str path, unsigned depth)
{
	struct reading *r = j->r;
	struct str name = arena_str(r->arena, e->name), text, why;
	bool pom = str_starts(name, STR("META-INF/maven/")) && str_ends(name, STR("/pom.properties"));
	bool manifest = str_is(name, "META-INF/MANIFEST.MF");

	if (e->kind != FILE_REGULAR)
		return;
	if (pom || manifest) {
		if (!archive_in_read(in, r->arena, SMALL, &text, &why))
			reading_problem(r, DIAG_NO_OFFSET, "%.*s cannot be read: %.*s", STR_ARG(str_sub(name, 0, 200)), STR_ARG(why));
		else if (pom)
			add_pom(j, text, depth ? path : STR_NONE);
		else
			read_manifest(j, text);
	} else if (is_archive(name)) {
		struct str inner = path.len ? arena_concat(r->arena, path, STR("!/"), name) : name;
		if (depth == MOST_NESTED || !archive_in_read(in, r->arena, NESTED_BYTES, &text, &why))
			reading_problem(r, DIAG_NO_OFFSET, "%.*s cannot be read: %.*s", STR_ARG(str_sub(inner, 0, 200)),
					STR_ARG(depth == MOST_NESTED ? STR("archives are nested too deep") : why));
		else
			read_jar(r, text, inner, depth + 1);
	}
}

static void read_jar(struct reading *r, struct str bytes, struct str path, unsigned depth)
{
	struct jar j = { .r = r };
	struct archive_entry_info e;
	struct str why;
	struct archive_in *in = archive_in_open_bytes(r->arena, bytes, &why);

	while (in && archive_in_next(in, &e))
		read_entry(&j, in, &e, path, depth);
	if (in && archive_in_error(in).s)
		why = archive_in_error(in);
	if (!in || archive_in_error(in).s)
		reading_problem(r, DIAG_NO_OFFSET, "the archive %.*s cannot be read whole: %.*s", STR_ARG(str_sub(path.len ? path : r->path, 0, 200)), STR_ARG(why));
	archive_in_close(in);
	if (!j.found)
		add_by_name(&j, path.len ? path : r->path);
}

enum result source_jar(struct reading *r)
{
	read_jar(r, r->text, STR_NONE, 0);
	return reading_done(r);
}
