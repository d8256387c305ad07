/* Grype's JSON report (grype/presenter/models): matches[] of vulnerability, relatedVulnerabilities[] and artifact; what was ignored by
 * the user's rules stands in ignoredMatches[]; descriptor names the tool. */
#include "match/findings.h"
#include "syntax/json.h"

/* Languages and package types of Syft in OSV's words, for artifacts without a purl. */
static const struct {
	const char *type, *ecosystem;
} ecosystems[] = {
	{ "npm", "npm" },	   { "python", "PyPI" },     { "go-module", "Go" },	 { "rust-crate", "crates.io" }, { "java-archive", "Maven" },
	{ "gem", "RubyGems" },	   { "php-composer", "Packagist" }, { "dotnet", "NuGet" }, { "dart-pub", "Pub" },	{ "hex", "Hex" },
};

static struct str cvss_of(const struct json *v)
{
	struct str best = STR_NONE;

	for (JSON_EACH(one, json_get(v, "cvss"))) {
		struct str vector = json_get_string(one, "vector");
		if (!best.len || (str_starts(vector, STR("CVSS:3")) && !str_starts(best, STR("CVSS:3"))))
			best = vector;
	}
	return best;
}

static struct str path_of(const struct json *artifact)
{
	struct str path = json_get_string(json_child(json_get(artifact, "locations")), "path");

	while (path.len && path.s[0] == '/')
		path = str_from(path, 1);
	return path;
}

static void read_match(struct findings_reading *r, const struct json *m, size_t offset)
{
	struct reported *e = findings_add(r, offset);
	const struct json *v = json_get(m, "vulnerability"), *artifact = json_get(m, "artifact");

	e->purl = json_get_string(artifact, "purl");
	e->name = json_get_string(artifact, "name");
	e->version = json_get_string(artifact, "version");
	for (size_t i = 0; i < sizeof ecosystems / sizeof ecosystems[0]; i++)
		if (str_is(json_get_string(artifact, "type"), ecosystems[i].type))
			e->ecosystem = str_of(ecosystems[i].ecosystem);
	e->path = path_of(artifact);
	e->cvss = cvss_of(v);
	e->summary = findings_line(json_get_string(v, "description"));
	findings_id(r, e, json_get_string(v, "id"));
	for (JSON_EACH(related, json_get(m, "relatedVulnerabilities"))) {
		findings_id(r, e, json_get_string(related, "id"));
		if (!e->cvss.len)
			e->cvss = cvss_of(related);
		if (!e->summary.len)
			e->summary = findings_line(json_get_string(related, "description"));
	}
	for (JSON_EACH(version, json_path(v, "fix.versions")))
		if (json_string(version).len)
			*VEC_ADD(r->arena, &e->fixed) = json_string(version);
	findings_check(r);
}

static void read_matches(struct findings_reading *r, struct json_cursor *c, bool ignored)
{
	if (json_peek(c) == JSON_NULL) {
		json_skip(c);
		return;
	}
	json_enter_array(c);
	while (json_next(c)) {
		size_t offset = json_offset(c);
		if (ignored) {
			json_skip(c);
			r->out->left_out++;
			continue;
		}
		const struct json *m = json_read_tree(c);
		if (m)
			read_match(r, m, offset);
	}
}

bool findings_grype(struct findings_reading *r)
{
	struct json_cursor c;
	struct str key;

	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_is(key, "matches") || str_is(key, "ignoredMatches")) {
			read_matches(r, &c, str_is(key, "ignoredMatches"));
		} else if (str_is(key, "descriptor")) {
			struct str version = json_get_string(json_read_tree(&c), "version");
			if (version.len)
				r->out->tool = arena_concat(r->arena, STR("grype "), version, STR_NONE);
		} else {
			json_skip(&c);
		}
	}
	return findings_close(r, &c);
}
