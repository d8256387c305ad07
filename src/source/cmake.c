/* CMake: FetchContent_Declare and ExternalProject_Add (cmake.org/cmake/help/latest), CPMAddPackage (CPM.cmake). Only calls with
 * plain arguments are understood; variables are filled in from set() of the same file. Everything else of CMake is left alone. */
#include "base/map.h"
#include "source/common.h"

#define ARGUMENTS 64

struct call {
	struct str name;
	struct str arguments[ARGUMENTS];
	size_t n, offset;
};

struct cmake {
	struct reading *r;
	size_t at;
	bool closed; /* the call's closing bracket was read */
	struct map variables; /* to struct str * */
};

static void skip_blanks(struct cmake *k)
{
	struct str t = k->r->text;

	while (k->at < t.len) {
		if (ascii_blank(t.s[k->at])) {
			k->at++;
		} else if (t.s[k->at] == '#') {
			bool block = str_starts(str_from(t, k->at), STR("#[["));
			size_t end = block ? str_find(t, STR("]]"), k->at) : str_find(t, STR("\n"), k->at);
			k->at = end == STR_NOT_FOUND ? t.len : end + (block ? 2 : 1);
		} else {
			return;
		}
	}
}

static bool word_character(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '_';
}

/* One argument; false at the closing bracket or the end. Bracketed conditions nest. */
static bool argument(struct cmake *k, struct str *out, unsigned *depth)
{
	struct str t = k->r->text;

	for (;;) {
		skip_blanks(k);
		if (k->at >= t.len)
			return false;
		if (t.s[k->at] == '(')
			++*depth, k->at++;
		else if (t.s[k->at] == ')') {
			k->at++;
			if (*depth == 0) {
				k->closed = true;
				return false;
			}
			--*depth;
		} else {
			break;
		}
	}
	size_t start = k->at;
	if (t.s[start] == '"') {
		for (k->at++; k->at < t.len && t.s[k->at] != '"'; k->at++)
			if (t.s[k->at] == '\\')
				k->at++;
		size_t end = k->at < t.len ? k->at : t.len;
		*out = str_sub(t, start + 1, end - start - 1);
		k->at = end + 1;
		return true;
	}
	if (str_starts(str_from(t, start), STR("[["))) {
		size_t end = str_find(t, STR("]]"), start);
		*out = str_sub(t, start + 2, (end == STR_NOT_FOUND ? t.len : end) - start - 2);
		k->at = end == STR_NOT_FOUND ? t.len : end + 2;
		return true;
	}
	while (k->at < t.len && !ascii_blank(t.s[k->at]) && t.s[k->at] != ')' && t.s[k->at] != '(' && t.s[k->at] != '"')
		k->at++;
	*out = str_sub(t, start, k->at - start);
	return true;
}

/* The next call of any command. */
static bool next_call(struct cmake *k, struct call *c)
{
	struct str t = k->r->text;

	for (;;) {
		skip_blanks(k);
		if (k->at >= t.len)
			return false;
		size_t start = k->at;
		while (k->at < t.len && word_character(t.s[k->at]))
			k->at++;
		struct str name = str_sub(t, start, k->at - start);
		skip_blanks(k);
		if (!name.len || k->at >= t.len || t.s[k->at] != '(') {
			if (!name.len)
				k->at++;
			continue;
		}
		k->at++;
		*c = (struct call){ .name = name, .offset = start };
		unsigned depth = 0;
		struct str one;
		k->closed = false;
		while (argument(k, &one, &depth))
			if (c->n < ARGUMENTS)
				c->arguments[c->n++] = one;
		if (!k->closed)
			reading_problem(k->r, start, "the command %.*s is not closed before the end of the file: is the file cut off?",
					STR_ARG(str_sub(name, 0, 60)));
		return k->closed;
	}
}

/* ${NAME} replaced where the file sets it; at most 16 times. */
static struct str expand(struct cmake *k, struct str text)
{
	for (int turn = 0; turn < 16 && text.len < LIMIT_NAME; turn++) {
		size_t open = str_find(text, STR("${"), 0), close;
		if (open == STR_NOT_FOUND || (close = str_chr(str_from(text, open), '}')) == STR_NOT_FOUND)
			break;
		struct map_entry *e = map_get(&k->variables, str_sub(text, open + 2, close - 2));
		if (!e || ((struct str *)e->value.ptr)->len > LIMIT_NAME)
			break;
		text = arena_concat(k->r->arena, str_sub(text, 0, open), *(struct str *)e->value.ptr, str_from(text, open + close + 1));
	}
	return text;
}

static struct str after(struct cmake *k, const struct call *c, const char *word)
{
	for (size_t i = 0; i + 1 < c->n; i++)
		if (str_is(c->arguments[i], word))
			return expand(k, c->arguments[i + 1]);
	return STR_NONE;
}

static bool is_commit(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (ascii_hex(s.s[i]) < 0)
			return false;
	return s.len == 40;
}

/* "v1.2.3", "release-1.12.1", "boost-1.80": the number behind; absent where there is none. */
static struct str version_of_tag(struct str tag)
{
	size_t i = 0, slash = str_rchr(tag, '/');

	if (slash != STR_NOT_FOUND) /* "refs/tags/v1" */
		tag = str_from(tag, slash + 1);
	while (i < tag.len && !ascii_digit(tag.s[i]))
		i++;
	return i < tag.len && str_chr(str_from(tag, i), '.') != STR_NOT_FOUND ? str_from(tag, i) : STR_NONE;
}

/* The tag (or commit) of which a forge packs an archive, and its repository: "https://github.com/o/r/archive/refs/tags/v1.tar.gz",
 * "…/o/r/releases/download/v1/r.zip", "https://gitlab.com/g/r/-/archive/v1/r-v1.tar.gz". */
static bool archive_of(struct arena *a, struct str url, struct str *git, struct str *tag)
{
	static const char *const marks[] = { "/-/archive/", "/archive/refs/tags/", "/archive/", "/releases/download/" };
	static const char *const ends[] = { ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip" };
	struct str path, host = registry_host(url, &path);

	if (!host.len || !registry_is_forge(host))
		return false;
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		size_t at = str_find(url, str_of(marks[i]), 0);
		if (at == STR_NOT_FOUND)
			continue;
		struct str rest = str_from(url, at + strlen(marks[i]));
		size_t slash = str_chr(rest, '/');
		for (size_t k = 0; k < sizeof ends / sizeof ends[0] && slash == STR_NOT_FOUND; k++)
			if (str_ends(rest, str_of(ends[k])))
				rest.len -= strlen(ends[k]);
		*tag = str_sub(rest, 0, slash);
		*git = arena_str(a, str_sub(url, 0, at));
		return tag->len > 0 && str_chr(str_sub(*git, 0, git->len), '#') == STR_NOT_FOUND;
	}
	return false;
}

static void add(struct cmake *k, struct str name, struct str git, struct str tag, struct str url, struct str hash, size_t offset)
{
	struct reading *r = k->r;
	struct str host, path;

	if (!name.len || (!git.len && !url.len) || str_has(name, STR("${")))
		return;
	if (!git.len && !archive_of(r->arena, url, &git, &tag))
		tag = git = STR_NONE;
	if (str_starts(tag, STR("refs/tags/")))
		tag = str_from(tag, 10);
	/* A repository's address names it as a submodule's does; else there is but the name that the project gave it. */
	bool placed = git.len && !str_has(git, STR("${")) && repository_place(git, &host, &path);
	bool fixed = is_commit(tag) || version_of_tag(tag).len;
	struct str version = !fixed ? STR_NONE : placed || is_commit(tag) ? tag : version_of_tag(tag);
	uint32_t c = reading_add(r, placed ? arena_lower(r->arena, host) : STR_NONE, placed ? path : name,
				 !placed && is_commit(tag) ? STR_NONE : version, offset);
	struct component *m = &r->bom->components[c];
	m->purl_type = placed ? STR("git") : STR("generic");
	m->ecosystem = STR_NONE;
	m->direct = m->direct_known = true;
	m->weak = !placed;
	if (placed && !str_eq_nocase(name, str_from(path, str_rchr(path, '/') + 1)))
		m->alias = name;
	if (git.len) {
		reading_vcs(r, c, git, is_commit(tag) ? tag : STR_NONE);
		if (tag.len && !is_commit(tag))
			bom_property(r->bom, c, "bomgate:ref", tag);
	}
	if (url.len) {
		r->bom->components[c].download = url;
		if (hash.len)
			reading_digest(r, c, hash);
	}
	if (!r->bom->components[c].version.len && !r->bom->components[c].commit.len)
		r->bom->components[c].declared = tag.len ? tag : STR("*");
}

static struct str github(struct reading *r, struct str path)
{
	return path.len ? arena_concat(r->arena, STR("https://github.com/"), path, STR(".git")) : STR_NONE;
}

/* "gh:owner/name@1.2#tag", "name@1.2", "https://…#tag" */
static void add_cpm(struct cmake *k, const struct call *c)
{
	if (c->n != 1) {
		struct str git = after(k, c, "GIT_REPOSITORY"), tag = after(k, c, "GIT_TAG"), version = after(k, c, "VERSION");
		if (!git.len)
			git = github(k->r, after(k, c, "GITHUB_REPOSITORY"));
		add(k, after(k, c, "NAME"), git, tag.len ? tag : version, after(k, c, "URL"), after(k, c, "URL_HASH"), c->offset);
		return;
	}
	struct str text = expand(k, c->arguments[0]), tag = STR_NONE;
	size_t at = str_rchr(text, '@'), hash = str_rchr(text, '#');
	size_t cut = hash != STR_NOT_FOUND ? hash : at;
	if (!str_starts(text, STR("gh:")) || cut == STR_NOT_FOUND)
		return;
	tag = str_from(text, cut + 1);
	struct str path = str_sub(text, 3, (at < cut ? at : cut) - 3);
	add(k, str_from(path, str_rchr(path, '/') + 1), github(k->r, path), tag, STR_NONE, STR_NONE, c->offset);
}

enum result source_cmake(struct reading *r)
{
	struct cmake k = { .r = r };
	struct call c;

	map_init(&k.variables, r->arena);
	while (next_call(&k, &c)) {
		if (str_eq_nocase(c.name, STR("set")) && c.n >= 2) {
			struct str *value = ARENA_NEW(r->arena, struct str);
			*value = expand(&k, c.arguments[1]);
			map_put(&k.variables, c.arguments[0], NULL)->value.ptr = value;
		} else if ((str_eq_nocase(c.name, STR("FetchContent_Declare")) || str_eq_nocase(c.name, STR("ExternalProject_Add"))) && c.n) {
			add(&k, expand(&k, c.arguments[0]), after(&k, &c, "GIT_REPOSITORY"), after(&k, &c, "GIT_TAG"), after(&k, &c, "URL"),
			    after(&k, &c, "URL_HASH"), c.offset);
		} else if (str_eq_nocase(c.name, STR("CPMAddPackage")) && c.n) {
			add_cpm(&k, &c);
		}
	}
	return reading_done(r);
}
