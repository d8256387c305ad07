/* Trivy's JSON report (pkg/types/report.go; SchemaVersion 2 and the bare list of results before it): Results[] with Target, Type and
 * Vulnerabilities[], each with PkgName, InstalledVersion, PkgIdentifier.PURL (since 0.49), VulnerabilityID and VendorIDs. */
#include "match/findings.h"
#include "syntax/json.h"

/* Trivy's types of results in OSV's words, for reports without purls. */
static const struct {
	const char *type, *ecosystem;
} ecosystems[] = {
	{ "npm", "npm" },	    { "yarn", "npm" },		{ "pnpm", "npm" },	 { "bun", "npm" },	    { "node-pkg", "npm" },
	{ "pip", "PyPI" },	    { "pipenv", "PyPI" },	{ "poetry", "PyPI" },	 { "uv", "PyPI" },	    { "pylock", "PyPI" },
	{ "python-pkg", "PyPI" },   { "gomod", "Go" },		{ "gobinary", "Go" },	 { "cargo", "crates.io" },  { "rustbinary", "crates.io" },
	{ "jar", "Maven" },	    { "pom", "Maven" },		{ "gradle", "Maven" },	 { "sbt", "Maven" },	    { "bundler", "RubyGems" },
	{ "gemspec", "RubyGems" },  { "composer", "Packagist" }, { "composer-vendor", "Packagist" }, { "nuget", "NuGet" }, { "dotnet-core", "NuGet" },
	{ "packages-props", "NuGet" }, { "pub", "Pub" },	{ "hex", "Hex" },	 { "swift", "SwiftURL" },   { "conan", "ConanCenter" },
};

struct result_head {
	struct str target, type;
	bool os;
};

static struct str ecosystem_of(struct str type)
{
	for (size_t i = 0; i < sizeof ecosystems / sizeof ecosystems[0]; i++)
		if (str_is(type, ecosystems[i].type))
			return str_of(ecosystems[i].ecosystem);
	return STR_NONE;
}

static struct str vector_of(const struct json *source)
{
	static const char *const keys[] = { "V3Vector", "V40Vector", "V2Vector" };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (json_get_string(source, keys[i]).len)
			return json_get_string(source, keys[i]);
	return STR_NONE;
}

/* The vector of the source that Trivy went by, else NVD's, else the first. */
static struct str cvss_of(const struct json *v)
{
	const struct json *all = json_get(v, "CVSS");
	struct str chosen = json_get_string(v, "SeveritySource"), first = STR_NONE, nvd = STR_NONE;

	for (JSON_EACH(source, all)) {
		struct str vector = vector_of(source);
		if (vector.len && chosen.len && str_eq(json_key(source), chosen))
			return vector;
		if (str_is(json_key(source), "nvd"))
			nvd = vector;
		if (!first.len)
			first = vector;
	}
	return nvd.len ? nvd : first;
}

static void read_vulnerability(struct findings_reading *r, const struct result_head *in, const struct json *v, size_t offset)
{
	struct reported *e = findings_add(r, offset);
	struct str fixed = json_get_string(v, "FixedVersion");
	struct str path = json_get_string(v, "PkgPath");

	e->purl = json_string(json_path(v, "PkgIdentifier.PURL"));
	e->ecosystem = ecosystem_of(in->type);
	e->name = json_get_string(v, "PkgName");
	e->version = json_get_string(v, "InstalledVersion");
	e->path = path.len ? path : in->os ? STR_NONE : in->target;
	e->cvss = cvss_of(v);
	e->summary = findings_line(json_get_string(v, "Title"));
	if (!e->summary.len)
		e->summary = findings_line(json_get_string(v, "Description"));
	findings_id(r, e, json_get_string(v, "VulnerabilityID"));
	for (JSON_EACH(id, json_get(v, "VendorIDs")))
		findings_id(r, e, json_string(id));
	while (fixed.s) {
		struct str one = str_trim(str_cut(&fixed, ','));
		if (one.len)
			*VEC_ADD(r->arena, &e->fixed) = one;
	}
	findings_check(r);
}

static size_t count(struct json_cursor *c)
{
	size_t n = 0;

	if (json_peek(c) != JSON_ARRAY) {
		json_skip(c);
		return 0;
	}
	json_enter_array(c);
	for (; json_next(c); n++)
		json_skip(c);
	return n;
}

static void read_vulnerabilities(struct findings_reading *r, const struct result_head *in, struct json_cursor *c)
{
	if (json_peek(c) != JSON_ARRAY) {
		json_skip(c); /* null: none */
		return;
	}
	json_enter_array(c);
	while (json_next(c)) {
		size_t offset = json_offset(c);
		const struct json *v = json_read_tree(c);
		if (v)
			read_vulnerability(r, in, v, offset);
	}
}

/* Twice over one result: what it is about stands anywhere among its keys. */
static void read_result(struct findings_reading *r, struct json_cursor *c)
{
	struct json_cursor again = *c;
	struct result_head in = { .target = STR_NONE };
	struct str key;

	json_enter_object(&again);
	while (json_next_key(&again, &key)) {
		if (str_is(key, "Target"))
			in.target = json_read_string_or_skip(&again);
		else if (str_is(key, "Type"))
			in.type = json_read_string_or_skip(&again);
		else if (str_is(key, "Class"))
			in.os = str_is(json_read_string_or_skip(&again), "os-pkgs");
		else
			json_skip(&again);
	}
	json_enter_object(c);
	while (json_next_key(c, &key)) {
		if (str_is(key, "Vulnerabilities"))
			read_vulnerabilities(r, &in, c);
		else if (str_is(key, "ExperimentalModifiedFindings"))
			r->out->left_out += count(c);
		else
			json_skip(c);
	}
}

static void read_results(struct findings_reading *r, struct json_cursor *c)
{
	if (json_peek(c) == JSON_NULL) {
		json_skip(c);
		return;
	}
	json_enter_array(c);
	while (json_next(c))
		read_result(r, c);
}

bool findings_trivy(struct findings_reading *r)
{
	struct json_cursor c;
	struct str key;

	json_open(&c, r->arena, r->text);
	if (json_peek(&c) == JSON_ARRAY) {
		read_results(r, &c);
	} else {
		json_enter_object(&c);
		while (json_next_key(&c, &key)) {
			if (str_is(key, "Results")) {
				read_results(r, &c);
			} else if (str_is(key, "Trivy")) {
				struct str version = json_get_string(json_read_tree(&c), "Version");
				if (version.len)
					r->out->tool = arena_concat(r->arena, STR("trivy "), version, STR_NONE);
			} else {
				json_skip(&c);
			}
		}
	}
	return findings_close(r, &c);
}
