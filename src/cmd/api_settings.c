#include "cmd/api_settings.h"

#include <limits.h>
#include <stdlib.h>

#include "base/buf.h"
#include "io/file.h"
#include "source/registry.h"

#define MOST_FOLDERS 32 /* above a source */

extern char **environ;

/* One file, called `as` for the rows. What it says counts everywhere. */
static void read_as(struct arena *a, struct bom *b, struct str file, const char *as)
{
	size_t first = b->registries.n;
	struct str text, why;
	enum file_kind kind;

	if (!file_kind(file.s, &kind) || kind != FILE_REGULAR)
		return;
	bool read = file_read(a, file.s, LIMIT_MANIFEST, &text, &why);
	registry_read_file(a, b, str_of(as), read ? text : STR(""), !read, false);
	for (size_t i = first; i < b->registries.n; i++) {
		b->registries.items[i].path = file;
		b->registries.items[i].everywhere = true;
	}
}

/* The settings that lie in a folder, and in its folders of settings (".cargo", ".github/workflows"). */
static void read_folder(struct arena *a, struct bom *b, struct str dir, struct str below, int depth)
{
	struct file_entries list = { 0 };
	struct str why;

	if (!file_list(a, dir.s, &list, &why))
		return;
	for (VEC_EACH(struct file_entry, e, &list)) {
		struct str full = file_join(a, dir, e->name), name = below.len ? arena_concat(a, below, STR("/"), e->name) : e->name;
		if (e->kind == FILE_FOLDER && depth < 2 && !str_is(e->name, ".git") && (e->name.s[0] == '.' || below.len))
			read_folder(a, b, full, name, depth + 1);
		else if (e->kind != FILE_FOLDER && registry_knows(name))
			read_as(a, b, full, arena_cstr(a, name));
	}
}

static struct str above(struct arena *a, struct str dir)
{
	size_t slash = str_rchr(dir, '/');

	return slash == STR_NOT_FOUND ? STR_NONE : arena_str(a, slash ? str_sub(dir, 0, slash) : STR("/"));
}

static bool is_root(struct arena *a, struct str dir)
{
	enum file_kind kind;

	return file_kind(file_join(a, dir, STR(".git")).s, &kind);
}

void api_settings_around(struct arena *a, struct bom *b, struct str path, bool folder)
{
	char *real = realpath(arena_cstr(a, path), NULL);
	struct str start = real ? arena_str(a, str_of(real)) : STR_NONE, root = STR_NONE;
	int n = 0;

	free(real);
	if (!start.s || (folder && is_root(a, start)))
		return;
	start = above(a, start);
	for (struct str dir = start; dir.len > 1 && n < MOST_FOLDERS && !root.s; dir = above(a, dir), n++)
		if (is_root(a, dir))
			root = dir;
	if (!root.s && !folder)
		root = start; /* no repository: the file's own folder */
	for (struct str dir = start; root.s && dir.len > 1; dir = above(a, dir)) {
		read_folder(a, b, dir, STR(""), 0);
		if (str_eq(dir, root))
			return;
	}
}

static void read_environment(struct arena *a, struct bom *b)
{
	size_t first = b->registries.n;
	struct buf text;

	buf_init(&text, 0);
	for (char **e = environ; e && *e; e++) {
		struct str value = str_of(*e), name = str_cut(&value, '=');
		if (!value.len || str_starts(name, STR("INPUT_")) || str_starts(name, STR("GITHUB_")))
			continue;
		buf_adds(&text, *e);
		buf_addc(&text, '\n');
	}
	registry_read_file(a, b, STR(".env"), arena_str(a, buf_str(&text)), false, false);
	buf_free(&text);
	for (size_t i = first; i < b->registries.n; i++)
		b->registries.items[i].path = STR("the environment");
}

void api_settings_user(struct arena *a, struct bom *b)
{
	static const struct {
		const char *file, *as;
	} of_home[] = { { ".npmrc", ".npmrc" },
			{ ".yarnrc", ".yarnrc" },
			{ ".yarnrc.yml", ".yarnrc.yml" },
			{ ".bunfig.toml", ".bunfig.toml" },
			{ ".config/pip/pip.conf", "pip.conf" },
			{ ".pip/pip.conf", "pip.conf" },
			{ ".config/uv/uv.toml", "uv.toml" },
			{ ".m2/settings.xml", "settings.xml" },
			{ ".gradle/init.gradle", "init.gradle" },
			{ ".gradle/init.gradle.kts", "init.gradle.kts" },
			{ ".nuget/NuGet/NuGet.Config", "nuget.config" },
			{ ".config/NuGet/NuGet.Config", "nuget.config" },
			{ ".cargo/config.toml", ".cargo/config.toml" },
			{ ".cargo/config", ".cargo/config" },
			{ ".bundle/config", ".bundle/config" },
			{ ".config/go/env", "go.env" },
			{ ".config/composer/config.json", "composer.json" },
			{ ".composer/config.json", "composer.json" },
			{ ".Rprofile", ".Rprofile" },
			{ ".conan2/remotes.json", "remotes.json" } };
	static const struct {
		const char *variable, *as;
	} named[] = { { "NPM_CONFIG_USERCONFIG", ".npmrc" }, { "npm_config_userconfig", ".npmrc" }, { "PIP_CONFIG_FILE", "pip.conf" },
		      { "UV_CONFIG_FILE", "uv.toml" },	     { "GOENV", "go.env" },		    { "BUNDLE_USER_CONFIG", ".bundle/config" } };
	const char *home = getenv("HOME");

	read_environment(a, b);
	for (size_t i = 0; home && *home && i < sizeof of_home / sizeof of_home[0]; i++)
		read_as(a, b, file_join(a, str_of(home), str_of(of_home[i].file)), of_home[i].as);
	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
		if (getenv(named[i].variable))
			read_as(a, b, arena_str(a, str_of(getenv(named[i].variable))), named[i].as);
}
