/* Names, places and licences of npm packages (docs of npm: package-json, npm-install's package specs). */
#include "source/npm.h"

#include "identity/licence.h"

unsigned npm_scope(enum npm_kind kind)
{
	static const unsigned bits[] = { [NPM_RUNTIME] = SCOPE_RUNTIME, [NPM_DEV] = SCOPE_DEV, [NPM_OPTIONAL] = SCOPE_OPTIONAL,
					 [NPM_PEER] = SCOPE_PEER };
	return bits[kind];
}

static struct str split_name(struct str full, struct str *group)
{
	size_t slash = full.len && full.s[0] == '@' ? str_chr(full, '/') : STR_NOT_FOUND;

	*group = slash == STR_NOT_FOUND ? STR_NONE : str_sub(full, 0, slash);
	return slash == STR_NOT_FOUND ? full : str_from(full, slash + 1);
}

uint32_t npm_add(struct reading *r, struct str full, struct str version, size_t offset)
{
	struct str group, name = split_name(full, &group);

	return reading_add(r, group, name, version, offset);
}

struct str npm_full_name(struct arena *a, const struct component *c)
{
	return c->group.len ? arena_concat(a, c->group, STR("/"), c->name) : c->name;
}

/* Rush runs pnpm in common/temp and keeps the lockfile in common/config: its paths start from the former. */
struct str npm_base(struct arena *a, struct str path)
{
	struct str dir = str_folder(path), tail = STR("common/config/rush"), spaces = STR("common/config/subspaces/");
	size_t at = str_find(dir, spaces, 0);

	if (str_ends(dir, tail))
		return arena_concat(a, str_sub(dir, 0, dir.len - tail.len), STR("common/temp"), STR(""));
	if (at != STR_NOT_FOUND && !str_has(str_from(dir, at + spaces.len), STR("/")))
		return arena_concat(a, str_sub(dir, 0, at), STR("common/temp/"), str_from(dir, at + spaces.len));
	return dir;
}

void npm_set_folder(struct bom *b, uint32_t c, struct str dir, struct str folder)
{
	struct str whole = tree_resolve(b->arena, dir, folder);

	if (whole.s)
		bom_property(b, c, "bomgate:path", whole.len ? whole : STR("."));
}

void npm_set_name(struct component *c, struct str full)
{
	c->name = split_name(full, &c->group);
}

uint32_t npm_add_part(struct reading *r, struct npm_lock *lock, struct str folder, struct str full, struct str version, size_t offset)
{
	struct str group, name = split_name(full, &group), dir = npm_base(r->arena, r->path);

	if (folder.len > LIMIT_NAME) {
		reading_problem(r, offset, "a folder of more than %d bytes", LIMIT_NAME);
		folder = str_sub(folder, 0, LIMIT_NAME);
	}
	struct map_entry *e = map_put(&lock->folders, folder, NULL);
	uint32_t c;

	if (e->value.num) { /* what was known of it first may have been little */
		struct component *known = &r->bom->components[e->value.num - 1];
		if (!known->name.len) {
			known->group = group;
			known->name = name;
		}
		if (!known->version.len && version.len)
			known->version = version;
		return (uint32_t)(e->value.num - 1);
	}
	if (folder.len == 0) {
		c = reading_subject(r, name, version);
		r->bom->components[c].group = group;
	} else {
		if (!name.len)
			name = str_from(folder, str_rchr(folder, '/') + 1); /* STR_NOT_FOUND + 1 is 0 */
		c = reading_add(r, group, name, version, offset);
		r->bom->components[c].type = COMPONENT_APPLICATION;
		r->bom->components[c].first_party = true;
		if (r->bom->subject != NO_COMPONENT)
			bom_depend(r->bom, r->bom->subject, c, CONTAINS, 0);
	}
	npm_set_folder(r->bom, c, dir, folder);
	e->value.num = c + 1;
	return c;
}

/* ---- where a package comes from */

/* Registries serve "<name>/-/<file>.tgz" (npm's layout, which mirrors and proxies keep) or "/download/<name>/…" (GitHub). */
static bool is_registry_url(struct str url)
{
	return str_has(url, STR("/-/")) || str_has(url, STR("/download/"));
}

static bool is_shorthand(struct str spec)
{
	size_t slash = str_chr(spec, '/'), hash = str_chr(spec, '#');

	if (slash == STR_NOT_FOUND || slash == 0 || spec.s[0] == '.' || spec.s[0] == '@' || spec.s[0] == '/' || str_chr(spec, ':') < hash)
		return false;
	struct str rest = str_sub(spec, slash + 1, hash == STR_NOT_FOUND ? SIZE_MAX : hash - slash - 1);
	return str_chr(rest, '/') == STR_NOT_FOUND && rest.len > 0;
}

static const struct {
	const char *prefix, *base;
} hosts[] = { { "github:", "https://github.com/" }, { "gitlab:", "https://gitlab.com/" }, { "bitbucket:", "https://bitbucket.org/" },
	      { "gist:", "https://gist.github.com/" } };
static const struct str codeload = { "https://codeload.github.com/", 28 };

enum npm_place npm_place_of(struct str spec)
{
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		if (str_starts(spec, str_of(hosts[i].prefix)))
			return NPM_GIT;
	if (str_starts(spec, STR("git+")) || str_starts(spec, STR("git:")) || str_starts(spec, STR("git@")) ||
	    str_starts(spec, STR("ssh:")) || str_starts(spec, codeload))
		return NPM_GIT;
	if (str_starts(spec, STR("http:")) || str_starts(spec, STR("https:"))) {
		size_t hash = str_chr(spec, '#');
		if (str_ends(str_sub(spec, 0, hash), STR(".git")))
			return NPM_GIT;
		return is_registry_url(spec) ? NPM_REGISTRY : NPM_TARBALL;
	}
	if (str_starts(spec, STR("file:")) || str_starts(spec, STR("link:")) || str_starts(spec, STR("portal:")) ||
	    str_starts(spec, STR("workspace:")) || str_starts(spec, STR("./")) || str_starts(spec, STR("../")))
		return str_ends(spec, STR(".tgz")) || str_ends(spec, STR(".tar.gz")) ? NPM_LOCAL_FILE : NPM_LOCAL_FOLDER;
	return is_shorthand(spec) ? NPM_GIT : NPM_REGISTRY;
}

static void set_git(struct reading *r, uint32_t c, struct str spec)
{
	struct str commit = STR_NONE;

	if (str_starts(spec, codeload)) { /* owner/repo/tar.gz/<commit> */
		struct str rest = str_from(spec, codeload.len), owner = str_cut(&rest, '/'), repo = rest.s ? str_cut(&rest, '/') : STR("");
		if (rest.s)
			str_cut(&rest, '/');
		if (rest.s && str_starts(rest, STR("refs/")))
			rest = STR_NONE;
		commit = rest;
		spec = arena_concat(r->arena, STR("https://github.com/"), arena_concat(r->arena, owner, STR("/"), repo), STR(""));
	}
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		if (str_starts(spec, str_of(hosts[i].prefix)))
			spec = arena_concat(r->arena, str_of(hosts[i].base), str_from(spec, strlen(hosts[i].prefix)), STR(""));
	if (is_shorthand(spec) && !str_starts(spec, STR("git@")))
		spec = arena_concat(r->arena, STR("https://github.com/"), spec, STR(""));
	reading_vcs(r, c, spec, commit);
}

void npm_set_outside(struct bom *b, uint32_t c, struct str folder)
{
	b->components[c].ecosystem = STR_NONE;
	bom_property(b, c, "bomgate:path", folder);
}

enum npm_place npm_set_place(struct reading *r, uint32_t c, struct str spec)
{
	enum npm_place place = npm_place_of(spec);
	struct str relative = spec;

	switch (place) {
	case NPM_GIT:
		set_git(r, c, spec);
		break;
	case NPM_TARBALL:
	case NPM_LOCAL_FILE:
		r->bom->components[c].download = str_sub(spec, 0, str_chr(spec, '#'));
		break;
	case NPM_LOCAL_FOLDER:
		if (str_chr(relative, ':') != STR_NOT_FOUND)
			relative = str_from(relative, str_chr(relative, ':') + 1);
		if (tree_resolve(r->arena, npm_base(r->arena, r->path), relative).s) {
			r->bom->components[c].first_party = true;
			r->bom->components[c].type = COMPONENT_APPLICATION;
			npm_set_folder(r->bom, c, npm_base(r->arena, r->path), relative);
		} else
			npm_set_outside(r->bom, c, relative);
		break;
	case NPM_REGISTRY:
		reading_registry(r, c, spec);
		break;
	}
	return place;
}

bool npm_cut_at(struct str text, struct str *name, struct str *rest)
{
	size_t at = text.len > 1 ? str_chr(str_from(text, 1), '@') : STR_NOT_FOUND;

	if (at == STR_NOT_FOUND)
		return false;
	*name = str_sub(text, 0, at + 1);
	*rest = str_from(text, at + 2);
	return true;
}

bool npm_alias(struct str spec, struct str *name, struct str *range)
{
	if (!str_starts(spec, STR("npm:")))
		return false;
	struct str real = str_from(spec, 4);
	if (npm_cut_at(real, name, range))
		return true;
	/* "npm:^1.2" (berry) is a plain range, "npm:left-pad" an alias for any version. */
	if (!real.len || !(ascii_alpha(real.s[0]) || real.s[0] == '@') || str_is(real, "latest"))
		return false;
	*name = real;
	*range = STR("");
	return true;
}

bool npm_is_exact(struct str v)
{
	unsigned dots = 0;
	size_t i;

	for (i = 0; i < v.len && (ascii_digit(v.s[i]) || v.s[i] == '.'); i++) {
		if (v.s[i] != '.')
			continue;
		if (i == 0 || v.s[i - 1] == '.')
			return false;
		dots++;
	}
	if (dots != 2 || i == 0 || v.s[i - 1] == '.')
		return false;
	if (i == v.len)
		return true;
	if ((v.s[i] != '-' && v.s[i] != '+') || i + 1 == v.len)
		return false;
	for (i++; i < v.len; i++)
		if (!ascii_alpha(v.s[i]) && !ascii_digit(v.s[i]) && v.s[i] != '.' && v.s[i] != '-' && v.s[i] != '+')
			return false;
	return true;
}

/* ---- licences and hashes */

void npm_set_licence(struct bom *b, uint32_t c, struct str text)
{
	unsigned flags = 0;

	text = str_trim(text);
	if (!text.len)
		return;
	struct str known = licence_known_id(text, &flags);
	bool joined = !known.s && (str_has(text, STR(" OR ")) || str_has(text, STR(" AND ")) || str_has(text, STR(" WITH ")));
	if (known.s && (flags & LICENCE_IN_CYCLONEDX) && !(flags & LICENCE_EXCEPTION))
		bom_licence(b, c, LICENCE_ID, LICENCE_DECLARED, known);
	else
		bom_licence(b, c, joined && licence_expression_valid(text, NULL) ? LICENCE_EXPRESSION : LICENCE_NAME, LICENCE_DECLARED, text);
}

void npm_set_integrity(struct reading *r, uint32_t c, struct str sri, size_t offset)
{
	if (sri.len && !bom_integrity(r->bom, c, sri))
		reading_problem(r, offset, "the integrity value is none: write the lockfile again, and find out who changed it");
}

void npm_gap(struct reading *r, struct npm_lock *lock, uint32_t from, struct str name, size_t offset, bool other)
{
	gaps_add(&lock->gaps, r->arena, (struct gap){ npm_full_name(r->arena, &r->bom->components[from]), name, offset, other });
}

/* ---- JSON */

struct str npm_json_text(struct json_cursor *c)
{
	if (json_peek(c) != JSON_NULL)
		return json_read_string(c);
	json_skip(c);
	return STR_NONE;
}

void npm_json_needs(struct json_cursor *c, struct arena *a, enum npm_kind kind, struct npm_needs *needs)
{
	struct str name;

	if (json_peek(c) == JSON_TRUE || json_peek(c) == JSON_NULL || json_peek(c) == JSON_FALSE) {
		json_skip(c);
		return;
	}
	if (json_peek(c) == JSON_ARRAY) { /* an empty list, as old tools wrote it */
		size_t list = json_offset(c);
		json_enter_array(c);
		if (json_next(c))
			json_fail(c, list, "an object of names and ranges was expected here");
		return;
	}
	json_enter_object(c);
	while (json_next_key(c, &name)) {
		size_t offset = json_offset(c);
		struct str range = npm_json_text(c);
		*VEC_ADD(a, needs) = (struct npm_need){ .name = name, .range = range, .kind = kind, .offset = offset };
	}
}

struct str npm_json_licence(struct json_cursor *c)
{
	struct str text = STR_NONE, key;

	switch (json_peek(c)) {
	case JSON_STRING:
		return json_read_string(c);
	case JSON_OBJECT:
		json_enter_object(c);
		while (json_next_key(c, &key))
			if (str_is(key, "type") && json_peek(c) == JSON_STRING)
				text = json_read_string(c);
			else
				json_skip(c);
		return text;
	case JSON_ARRAY:
		json_enter_array(c);
		while (json_next(c)) {
			struct str one = json_peek(c) == JSON_ARRAY ? (json_skip(c), STR_NONE) : npm_json_licence(c);
			if (one.len)
				text = text.len ? arena_concat(c->arena, text, STR(" OR "), one) : one;
		}
		return text;
	default:
		json_skip(c);
		return STR_NONE;
	}
}

enum result npm_json_end(struct reading *r, struct json_cursor *c)
{
	if (json_close(c))
		return OK;
	return reading_error(r, c->error_offset, "%s: the file is damaged or was not written by its tool; write it again", c->error);
}
