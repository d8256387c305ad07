/* pubspec.lock (Dart's pub, "Glossary: lockfile"). What is transitive may be there for development only: the file does not say. */
#include "source/reading_yaml.h"

/* pub's own registry, under its names of today and before; written in parts, so that no host stands in the source. */
static bool is_default(struct str url)
{
	static const char *const hosts[][2] = { { "pub", ".dev" }, { "pub.dartlang", ".org" } };

	size_t scheme = str_find(url, STR("://"), 0);
	struct str host = scheme == STR_NOT_FOUND ? url : str_from(url, scheme + 3);
	host = str_sub(host, 0, str_chr(host, '/'));
	for (size_t i = 0; i < 2; i++)
		if (str_starts(host, str_of(hosts[i][0])) && str_is(str_from(host, strlen(hosts[i][0])), hosts[i][1]))
			return true;
	return url.len == 0;
}

static void set_source(struct reading *r, uint32_t c, const struct value *e)
{
	struct str source = value_get_text(e, "source");
	const struct value *description = value_get(e, "description");
	struct str url = value_get_text(description, "url"), path = value_get_text(description, "path");
	struct component *it = &r->bom->components[c];

	if (str_is(source, "git")) {
		struct str commit = value_get_text(description, "resolved-ref");
		reading_vcs(r, c, url, commit);
		if (path.len && !str_is(path, "."))
			component_add_more(r->arena, &r->bom->components[c])->subpath = path;
	} else if (str_is(source, "path"))
		reading_local(r, c, reading_dir(r), path.s ? path : STR("."));
	else if (str_is(source, "sdk")) {
		it->scope |= SCOPE_PROVIDED;
		bom_property(r->bom, c, "bomgate:sdk", value_text(description));
	} else if (str_is(source, "hosted")) {
		struct str sha256 = value_get_text(description, "sha256");
		if (sha256.len == 64)
			bom_hash(r->bom, c, STR("SHA-256"), arena_lower(r->arena, sha256));
		if (!is_default(url))
			*VEC_ADD(r->arena, &it->qualifiers) = (struct property){ STR("repository_url"), url };
	} else
		reading_problem(r, e->offset, "a package whose source is not known to this bomgate");
}

enum result source_pub(struct reading *r)
{
	const struct value *root = reading_yaml(r, false);

	if (!root)
		return FAILED;
	const struct value *packages = value_get(root, "packages");
	if (!packages || (packages->type != VALUE_TABLE && packages->type != VALUE_NULL))
		return reading_error(r, packages ? packages->offset : 0, "no `packages`: this is no whole lockfile; run pub get again");
	for (VALUE_EACH(e, packages)) {
		struct str source = value_get_text(e, "source"), version = value_get_text(e, "version");
		struct str kind = value_get_text(e, "dependency");
		if (e->type != VALUE_TABLE || !source.s) {
			reading_problem(r, e->offset, "a package without its source: run pub get again");
			continue;
		}
		bool placeholder = str_is(source, "sdk") && str_is(version, "0.0.0"); /* flutter itself and what has no version of its own */
		uint32_t c = reading_add(r, STR_NONE, e->key, placeholder ? STR_NONE : version, e->offset);
		struct component *it = &r->bom->components[c];
		it->direct_known = true;
		it->direct = str_starts(kind, STR("direct"));
		it->scope = str_is(kind, "direct main") ? SCOPE_RUNTIME : str_is(kind, "direct dev") ? SCOPE_DEV : 0;
		set_source(r, c, e);
	}
	return reading_done(r);
}
