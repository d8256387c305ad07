/* osv-scanner.toml ([[IgnoredVulns]], [[PackageOverrides]]; for the files of its own folder only) and .grype.yaml (ignore[]; all
 * given keys must hold). A rule with a condition that cannot be judged here is refused, never widened. */
#include "base/map.h"
#include "decide/exceptions.h"
#include "decide/policy_parse.h"
#include "syntax/toml.h"
#include "syntax/yaml.h"

static bool take_end(struct statement_file *f, const struct value *v, const char *key, struct statement *s)
{
	s->shown.until = value_get_text(v, key);
	if (s->shown.until.s && !policy_until(s->shown.until, &s->until))
		return statement_wrong(f, v->offset, "%s: \"%.*s\" is no day", key, STR_ARG(str_sub(s->shown.until, 0, 60)));
	return true;
}

static bool osv_ignored(struct statement_file *f, const struct value *v)
{
	struct statement *s = statement_new(f, v->offset);

	s->shown.id = value_get_text(v, "id");
	s->shown.why = value_get_text(v, "reason");
	s->folder = str_folder(f->path);
	if (!s->shown.id.len)
		return statement_wrong(f, v->offset, "an entry of IgnoredVulns has no id");
	*VEC_ADD(f->x->arena, &s->ids) = s->shown.id;
	return take_end(f, v, "ignoreUntil", s);
}

/* OSV's ecosystem and a name to a purl. */
static struct str purl_text(struct arena *a, struct str type, struct str name, struct str version)
{
	return arena_printf(a, "pkg:%.*s/%.*s%s%.*s", STR_ARG(type), STR_ARG(name), version.len ? "@" : "", STR_ARG(version));
}

static bool osv_override(struct statement_file *f, const struct value *v)
{
	struct arena *a = f->x->arena;
	struct str name = value_get_text(v, "name"), version = value_get_text(v, "version"), ecosystem = value_get_text(v, "ecosystem");
	struct str type = purl_type_of_ecosystem(ecosystem);
	struct statement *s;
	struct named n;

	if (!value_is_true(value_get(v, "ignore")) && !value_is_true(value_path(v, "vulnerability.ignore")))
		return true; /* about licences */
	if (value_is_true(value_get(v, "nameIsRegex")) || value_get(v, "group") || !name.len || !type.len)
		return statement_wrong(f, v->offset, "this override cannot be judged here: name and ecosystem are needed, no nameIsRegex, no group");
	s = statement_new(f, v->offset);
	s->shown.id = name;
	s->shown.why = value_get_text(v, "reason");
	s->folder = str_folder(f->path);
	n = named_of(a, purl_text(a, type, str_is(type, "npm") && name.s[0] == '@' ? arena_concat(a, STR("%40"), str_from(name, 1), STR("")) : name,
				  version));
	if (!n.is_purl)
		return statement_wrong(f, v->offset, "\"%.*s\" is no package name", STR_ARG(str_sub(name, 0, 80)));
	statement_about(a, s, n);
	return take_end(f, v, "effectiveUntil", s);
}

bool ignore_osv_scanner(struct statement_file *f)
{
	struct str error = STR_NONE;
	size_t offset = 0;
	const struct value *root = toml_parse(f->x->arena, f->text, &error, &offset);

	if (!root)
		return statement_wrong(f, offset, "no valid TOML: %.*s", STR_ARG(error));
	for (VALUE_EACH(v, value_get(root, "IgnoredVulns")))
		if (!osv_ignored(f, v))
			return false;
	for (VALUE_EACH(v, value_get(root, "PackageOverrides")))
		if (!osv_override(f, v))
			return false;
	return true;
}

/* grype's package types to purl types. */
static const char *const grype_types[][2] = {
	{ "npm", "npm" },	  { "python", "pypi" }, { "go-module", "golang" }, { "java-archive", "maven" }, { "gem", "gem" },
	{ "rust-crate", "cargo" }, { "deb", "deb" },	{ "rpm", "rpm" },	   { "apk", "apk" },	       { "php-composer", "composer" },
	{ "dotnet", "nuget" },	  { "dart-pub", "pub" }, { "hex", "hex" },	   { "github-action", "github" },
};

static bool grype_package(struct statement_file *f, const struct value *package, struct statement *s)
{
	struct arena *a = f->x->arena;
	struct str name = value_get_text(package, "name"), type = value_get_text(package, "type"), location = value_get_text(package, "location");
	struct named n;

	for (VALUE_EACH(key, package))
		if (!str_is(key->key, "name") && !str_is(key->key, "version") && !str_is(key->key, "type") && !str_is(key->key, "location"))
			return statement_wrong(f, key->offset, "`package.%.*s` cannot be judged here; remove the rule or write it as `ignore`",
					       STR_ARG(str_sub(key->key, 0, 40)));
	if (location.len)
		*VEC_ADD(a, &s->paths) = str_starts(location, STR("/")) ? str_from(location, 1) : location;
	if (!name.len)
		return !type.len && !value_get(package, "version") ? true :
								     statement_wrong(f, package->offset, "`package` with type or version needs a name");
	for (size_t i = 0; i < sizeof grype_types / sizeof grype_types[0]; i++)
		if (str_is(type, grype_types[i][0]))
			type = str_of(grype_types[i][1]);
	if (!type.len)
		return statement_wrong(f, package->offset, "`package` needs a type beside the name");
	n = named_of(a, purl_text(a, type, str_starts(name, STR("@")) ? arena_concat(a, STR("%40"), str_from(name, 1), STR("")) : name,
				  value_get_text(package, "version")));
	if (!n.is_purl)
		return statement_wrong(f, package->offset, "\"%.*s\" of type \"%.*s\" is no package that is known", STR_ARG(str_sub(name, 0, 80)),
				       STR_ARG(str_sub(type, 0, 40)));
	statement_about(a, s, n);
	return true;
}

static bool grype_rule(struct statement_file *f, const struct value *v)
{
	struct statement *s = statement_new(f, v->offset);
	const struct value *package = value_get(v, "package");
	static const char *const known[] = { "vulnerability", "include-aliases", "reason", "package" };

	for (VALUE_EACH(key, v)) {
		bool good = false;
		for (size_t i = 0; i < 4; i++)
			good = good || str_is(key->key, known[i]);
		if (!good)
			return statement_wrong(f, key->offset, "`%.*s` cannot be judged here; remove the rule or write it as `ignore`",
					       STR_ARG(str_sub(key->key, 0, 40)));
	}
	s->shown.id = value_get_text(v, "vulnerability");
	s->shown.why = value_get_text(v, "reason");
	if (s->shown.id.len)
		*VEC_ADD(f->x->arena, &s->ids) = s->shown.id;
	if (package && !grype_package(f, package, s))
		return false;
	if (!s->ids.n && !s->products.n)
		return statement_wrong(f, v->offset, "a rule without vulnerability and package name would lift everything");
	if (!s->shown.id.len)
		s->shown.id = s->products.items[0].names.items[0].text;
	return true;
}

bool ignore_grype(struct statement_file *f)
{
	struct yaml_documents docs = { 0 };
	struct str error = STR_NONE;
	size_t offset = 0;

	if (!yaml_parse(f->x->arena, f->text, true, &docs, &error, &offset))
		return statement_wrong(f, offset, "no valid YAML: %.*s", STR_ARG(error));
	for (size_t i = 0; i < docs.n; i++)
		for (VALUE_EACH(v, value_get(docs.items[i], "ignore")))
			if (!grype_rule(f, v))
				return false;
	return true;
}
