/* Package.resolved of the Swift package manager (PinsStore.swift; versions 1 to 3) and Cartfile.resolved of Carthage. A package is
 * named by where it lies, not by its `identity`. */
#include "source/common.h"
#include "syntax/json.h"
#include "syntax/lines.h"

/* "https://u@host/owner/repo.git", "git@host:owner/repo": host/owner and repo; false where it is no address of a repository. */
static bool cut_location(struct arena *a, struct str url, struct str *group, struct str *name)
{
	size_t scheme = str_find(url, STR("://"), 0);
	struct str rest = scheme == STR_NOT_FOUND ? url : str_from(url, scheme + 3);

	while (rest.len && rest.s[rest.len - 1] == '/')
		rest.len--;
	if (str_ends(rest, STR(".git")))
		rest.len -= 4;
	size_t end = str_chr(rest, '/'), at = str_rchr(str_sub(rest, 0, end), '@');
	if (at != STR_NOT_FOUND)
		rest = str_from(rest, at + 1);
	size_t colon = str_chr(rest, ':'), slash = str_chr(rest, '/');
	struct str host = str_sub(rest, 0, colon < slash ? colon : slash), path = STR("");
	if (colon < slash) { /* host:owner/repo, or host:port/owner/repo */
		path = str_from(rest, colon + 1);
		uint64_t port;
		size_t after = str_chr(path, '/');
		if (scheme != STR_NOT_FOUND && after != STR_NOT_FOUND && str_to_u64(str_sub(path, 0, after), &port))
			path = str_from(path, after + 1);
	} else if (slash != STR_NOT_FOUND)
		path = str_from(rest, slash + 1);
	size_t last = str_rchr(path, '/');
	if (!host.len || !path.len)
		return false;
	host = arena_lower(a, host);
	*name = str_from(path, last + 1);
	*group = last == STR_NOT_FOUND ? host : arena_concat(a, host, STR("/"), str_sub(path, 0, last));
	return name->len > 0;
}

static void add_pin(struct reading *r, const struct json *pin, size_t offset)
{
	struct str url = json_get_string(pin, "location"), kind = json_get_string(pin, "kind"), group, name;
	const struct json *state = json_get(pin, "state");
	struct str version = json_get_string(state, "version"), revision = json_get_string(state, "revision");
	uint32_t c;

	if (!url.s)
		url = json_get_string(pin, "repositoryURL");
	if (str_is(kind, "registry")) {
		struct str identity = json_get_string(pin, "identity"), scope = str_cut(&identity, '.');
		c = reading_add(r, scope, identity.s ? identity : scope, version, offset);
		reading_no_registry(r, c, "a registry of Swift packages");
		return;
	}
	if (str_is(kind, "localSourceControl") || str_starts(url, STR("/")) || str_starts(url, STR("file:"))) {
		c = reading_add(r, STR_NONE, json_get_string(pin, "identity").s ? json_get_string(pin, "identity") : json_get_string(pin, "package"),
				version, offset);
		r->bom->components[c].ecosystem = STR_NONE; /* a folder of somebody's machine is no package of a registry */
		r->bom->components[c].commit = revision;
		return;
	}
	if (!url.len || !cut_location(r->arena, url, &group, &name)) {
		reading_problem(r, offset, "a pin without the address of its repository: resolve the packages again");
		return;
	}
	if (!version.len && !revision.len)
		reading_problem(r, offset, "a pin without version and revision: resolve the packages again");
	c = reading_add(r, group, name, version.len ? version : revision, offset);
	reading_vcs(r, c, url, revision);
	if (json_get_string(state, "branch").len)
		bom_property(r->bom, c, "bomgate:branch", json_get_string(state, "branch"));
}

static void read_pins(struct reading *r, struct json_cursor *c)
{
	json_enter_array(c);
	while (json_next(c)) {
		size_t offset = json_offset(c);
		const struct json *pin = json_read_tree(c);
		if (pin && json_type(pin) != JSON_OBJECT)
			json_fail(c, offset, "an object was expected here");
		else if (pin)
			add_pin(r, pin, offset);
	}
}

enum result source_swift(struct reading *r)
{
	struct json_cursor c;
	struct str key, version = STR_NONE;
	unsigned seen = 0;

	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_is(key, "version") && json_once(&c, &seen, 1)) {
			size_t offset = json_offset(&c);
			version = json_read_number(&c);
			if (version.s && !str_is(version, "1") && !str_is(version, "2") && !str_is(version, "3"))
				return reading_unknown_version(r, offset, version);
		} else if (str_is(key, "pins") && json_once(&c, &seen, 2))
			read_pins(r, &c);
		else if (str_is(key, "object") && json_once(&c, &seen, 4)) {
			json_enter_object(&c);
			while (json_next_key(&c, &key))
				if (str_is(key, "pins") && json_once(&c, &seen, 2))
					read_pins(r, &c);
				else
					json_skip(&c);
		} else
			json_skip(&c);
	}
	if (!json_close(&c))
		return reading_error(r, c.error_offset, "%s: the file is damaged; resolve the packages again", c.error);
	if (!version.s || !(seen & 2))
		return reading_error(r, 0, "no version or no pins: this is no whole Package.resolved; resolve the packages again");
	return reading_done(r);
}

/* One quoted text off *rest. */
static struct str next_quoted(struct str *rest)
{
	size_t open = str_chr(*rest, '"'), close = open == STR_NOT_FOUND ? open : str_find(*rest, STR("\""), open + 1);

	if (close == STR_NOT_FOUND)
		return STR_NONE;
	struct str text = str_sub(*rest, open + 1, close - open - 1);
	*rest = str_from(*rest, close + 1);
	return text;
}

enum result source_carthage(struct reading *r)
{
	struct lines l;

	lines_open(&l, r->text);
	while (lines_next(&l)) {
		struct str line = str_trim(str_sub(l.line, 0, str_chr(l.line, '#'))), group = STR_NONE, name;
		if (str_has(l.line, STR("#")) && str_has(l.line, STR("\"")))
			line = str_trim(l.line);
		if (!line.len || line.s[0] == '#')
			continue;
		struct str kind = str_sub(line, 0, str_chr(line, ' ')), rest = line, what = next_quoted(&rest), version = next_quoted(&rest);
		bool github = str_is(kind, "github"), binary = str_is(kind, "binary");
		if (!what.len || !version.len || (!github && !binary && !str_is(kind, "git"))) {
			reading_problem(r, l.offset, "a line is github, git or binary with a place and a version in quotes here");
			continue;
		}
		if (github && !str_has(what, STR("://"))) {
			size_t slash = str_chr(what, '/');
			if (slash == STR_NOT_FOUND) {
				reading_problem(r, l.offset, "a GitHub repository is owner/repository");
				continue;
			}
			group = str_sub(what, 0, slash);
			name = str_from(what, slash + 1);
		} else if (!cut_location(r->arena, what, &group, &name))
			name = what;
		uint32_t c = reading_add(r, group, name, version, l.offset);
		struct component *it = &r->bom->components[c];
		it->ecosystem = STR_NONE;
		it->purl_type = github && !str_has(what, STR("://")) ? STR("github") : STR("generic");
		if (binary)
			it->download = what;
		else
			reading_vcs(r, c, str_has(what, STR("://")) || str_has(what, STR("@")) ? what :
				    arena_concat(r->arena, STR("https://github.com/"), what, STR("")), STR_NONE);
	}
	return reading_done(r);
}
