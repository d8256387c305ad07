/* NuGet, Cargo, Composer, Bundler, Haskell, R, Conan, and the package managers of distributions. */
#include "source/registry.h"
#include "syntax/json.h"
#include "syntax/toml.h"
#include "syntax/xml.h"
#include "syntax/yaml.h"

/* ---- NuGet: packageSources, and packageSourceMapping, by which a source serves only the names that it is given */

static bool is_public_source(struct registry_reading *r, const struct xml *sources, struct str key)
{
	for (XML_EACH(e, sources))
		if (str_eq_nocase(xml_attribute(e, "key"), key))
			return registry_url_is_public(str_of(r->row->ecosystem), xml_attribute(e, "value"));
	return str_eq_nocase(key, STR("nuget" ".org"));
}

static const struct xml *mapping_of(const struct xml *mappings, struct str key)
{
	for (XML_EACH(e, mappings))
		if (str_eq_nocase(xml_attribute(e, "key"), key))
			return e;
	return NULL;
}

static struct str source_url(const struct xml *sources, struct str key)
{
	for (XML_EACH(e, sources))
		if (str_eq_nocase(xml_attribute(e, "key"), key))
			return xml_attribute(e, "value");
	return STR_NONE;
}

void registry_nuget(struct registry_reading *r)
{
	struct str why;
	size_t offset;
	const struct xml *root = xml_parse(r->arena, r->text, &why, &offset);
	const struct xml *sources = xml_child(root, "packageSources"), *mappings = xml_child(root, "packageSourceMapping");

	if (!root)
		registry_unclear(r, STR_NONE, STR_NONE, 0);
	for (XML_EACH(e, sources))
		if (xml_is(e, "add") && !mapping_of(mappings, xml_attribute(e, "key")))
			registry_says(r, STR_NONE, STR_NONE, xml_attribute(e, "value"), 0);
	for (XML_EACH(m, mappings)) {
		struct str key = xml_attribute(m, "key");
		if (!key.s || is_public_source(r, sources, key))
			continue;
		for (XML_EACH(p, m)) {
			struct str pattern = xml_attribute(p, "pattern");
			registry_says(r, STR_NONE, str_is(pattern, "*") || !pattern.len ? STR_NONE : pattern, source_url(sources, key), 0);
		}
	}
}

void registry_msbuild(struct registry_reading *r)
{
	if (str_has(r->text, STR("Restore")))
		registry_words(r);
}

/* ---- Cargo: what stands in for crates.io. Other registries are named by Cargo.lock itself. */

void registry_cargo(struct registry_reading *r)
{
	struct str why;
	size_t offset;
	const struct value *root = toml_parse(r->arena, r->text, &why, &offset), *sources = value_get(root, "source"), *s;
	struct str name = STR("crates-io");

	if (!root)
		registry_unclear(r, STR_NONE, STR_NONE, 0);
	for (int i = 0; i < 16 && (s = value_get_str(sources, name)); i++) {
		struct str next = value_get_text(s, "replace-with"), url = value_get_text(s, "registry");
		if (next.len) {
			const struct value *registry = value_get_str(value_get(root, "registries"), next);
			if (!value_get_str(sources, next)) {
				registry_says(r, STR_NONE, STR_NONE, value_get_text(registry, "index"), 0);
				return;
			}
			name = next;
			continue;
		}
		if (url.len)
			registry_says(r, STR_NONE, STR_NONE, url, 0);
		else if (!value_get(s, "directory") && i) /* `cargo vendor` copies what the lockfile names */
			registry_unclear(r, STR_NONE, STR_NONE, 0);
		return;
	}
}

/* ---- Composer: repositories that serve many packages; those of single packages show in the lockfile */

void registry_composer(struct registry_reading *r)
{
	const struct json *root = json_parse(r->arena, r->text, NULL, NULL);

	if (!root)
		registry_unclear(r, STR_NONE, STR_NONE, 0);
	for (JSON_EACH(e, json_get(root, "repositories"))) {
		struct str type = json_get_string(e, "type");
		const struct json *only = json_get(e, "only");
		if (json_type(e) != JSON_OBJECT || !(str_is(type, "composer") || str_is(type, "artifact") || str_is(type, "pear")))
			continue;
		for (JSON_EACH(name, only))
			registry_says(r, STR_NONE, json_string(name), json_get_string(e, "url"), 0);
		if (!only)
			registry_says(r, STR_NONE, STR_NONE, json_get_string(e, "url"), 0);
	}
}

/* ---- Bundler. A Gemfile is a program: each line with `source` in it. */

void registry_gemfile(struct registry_reading *r)
{
	for (struct str rest = r->text; rest.s;) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		if (str_starts(line, STR("source ")) || str_starts(line, STR("source(")) || str_has(line, STR("source:")) || str_has(line, STR(":source")))
			registry_urls(r, STR_NONE, STR_NONE, line, !str_has(line, STR(":ruby" "gems")), 0);
	}
}

void registry_bundle(struct registry_reading *r)
{
	registry_words(r);
}

/* ---- Dependabot: the registries that it is to log in to, each with its kind */

void registry_dependabot(struct registry_reading *r)
{
	static const char *const kinds[][2] = { { "npm-registry", "npm" },		{ "python-index", "PyPI" },	  { "maven-repository", "Maven" },
						{ "nuget-feed", "NuGet" },		{ "cargo-registry", "crates.io" }, { "composer-repository", "Packagist" },
						{ "rubygems-server", "RubyGems" }, { "hex-organization", "Hex" },	  { "hex-repository", "Hex" },
						{ "pub-repository", "Pub" } };
	struct yaml_documents docs = { 0 };
	struct str why;
	size_t offset;
	bool good = yaml_parse(r->arena, r->text, true, &docs, &why, &offset);

	for (VALUE_EACH(e, value_get(good && docs.n ? docs.items[0] : NULL, "registries")))
		for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
			if (str_is(value_get_text(e, "type"), kinds[i][0]))
				registry_says(r, str_of(kinds[i][1]), STR_NONE, value_get_text(e, "url"), 0);
	if (!good)
		registry_unclear(r, STR("npm|PyPI|Maven|NuGet|crates.io|Packagist|RubyGems|Hex|Pub"), STR_NONE, 0);
}

/* ---- the rest, by lines */

void registry_haskell(struct registry_reading *r)
{
	bool inside = false;

	for (struct str rest = r->text; rest.s;) {
		struct str line = str_cut(&rest, '\n');
		if (!str_trim(line).len || str_starts(str_trim(line), STR("--")) || str_starts(str_trim(line), STR("#")))
			continue;
		if (!ascii_blank(line.s[0]) && line.s[0] != '-')
			inside = str_starts(line, STR("repository ")) || str_starts(line, STR("package-ind"));
		if (inside)
			registry_urls(r, STR_NONE, STR_NONE, line, false, 0);
	}
}

/* renv.lock names its repositories; .Rprofile is a program. */
void registry_rprofile(struct registry_reading *r)
{
	const struct json *root = str_ends(r->path, STR(".lock")) ? json_parse(r->arena, r->text, NULL, NULL) : NULL;

	if (!root)
		registry_urls(r, STR_NONE, STR_NONE, r->text, false, 0);
	for (JSON_EACH(e, json_path(root, "R.Repositories")))
		registry_says(r, STR_NONE, STR_NONE, json_get_string(e, "URL"), 0);
}

/* {hex, [{repos, [#{name => <<"acme">>, repo_url => <<"https://…">>}]}]} */
void registry_rebar(struct registry_reading *r)
{
	for (size_t at = 0; (at = str_find(r->text, STR("repo_url"), at)) != STR_NOT_FOUND; at += 8)
		registry_urls(r, STR_NONE, STR_NONE, str_sub(r->text, at, str_chr(str_from(r->text, at), '\n')), true, 0);
}

void registry_addresses(struct registry_reading *r)
{
	registry_urls(r, STR_NONE, STR_NONE, r->text, false, 0);
}

void registry_apt(struct registry_reading *r)
{
	bool apk = str_ends(r->path, STR("repositories"));

	for (struct str rest = r->text; rest.s;) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		if (line.len && line.s[0] != '#' && (apk || str_starts(line, STR("deb")) || str_starts_nocase(line, STR("uris:"))))
			registry_urls(r, STR_NONE, STR_NONE, line, true, 0);
	}
}

void registry_yum(struct registry_reading *r)
{
	for (struct str rest = r->text; rest.s;) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		if (str_starts(line, STR("baseurl")) || str_starts(line, STR("mirrorlist")) || str_starts(line, STR("metalink")) || str_starts(line, STR("http")))
			registry_urls(r, STR_NONE, STR_NONE, line, true, 0);
	}
}
