/* renv.lock (rstudio.github.io/renv, "The lockfile"). The Hash is of a package's metadata, not of its archive. */
#include "base/map.h"
#include "source/common.h"
#include "syntax/json.h"

static void set_source(struct reading *r, uint32_t c, const struct json *p)
{
	struct str source = json_get_string(p, "Source"), remote = json_get_string(p, "RemoteType"), url = json_get_string(p, "RemoteUrl");
	struct str user = json_get_string(p, "RemoteUsername"), repo = json_get_string(p, "RemoteRepo"), sha = json_get_string(p, "RemoteSha");
	bool github = str_eq_nocase(source, STR("GitHub")) || str_is(remote, "github");
	bool gitlab = str_eq_nocase(source, STR("GitLab")) || str_is(remote, "gitlab");

	if (str_eq_nocase(source, STR("Bioconductor")) || str_starts(json_get_string(p, "biocViews"), STR("Bio"))) {
		r->bom->components[c].ecosystem = STR("Bioconductor");
		r->bom->components[c].purl_type = STR("bioconductor");
	} else if (url.len)
		reading_vcs(r, c, url, sha);
	else if ((github || gitlab) && user.len && repo.len)
		reading_vcs(r, c, arena_concat(r->arena, github ? STR("https://github.com/") : STR("https://gitlab.com/"),
					       arena_concat(r->arena, user, STR("/"), repo), STR("")), sha);
	else if (str_eq_nocase(source, STR("Local")))
		reading_local(r, c, reading_dir(r), json_get_string(p, "RemoteUrl").s ? json_get_string(p, "RemoteUrl") : STR("."));
	if (r->bom->components[c].vcs.s && json_get_string(p, "RemoteSubdir").len)
		component_add_more(r->arena, &r->bom->components[c])->subpath = json_get_string(p, "RemoteSubdir");
}

static void connect(struct reading *r, const struct map *names, const struct json *packages)
{
	static const char *const lists[] = { "Requirements", "Depends", "Imports", "LinkingTo" };

	for (JSON_EACH(p, packages)) {
		struct map_entry *from = map_get(names, json_key(p));
		for (int i = 0; from && i < 4; i++)
			for (JSON_EACH(need, json_get(p, lists[i]))) {
				struct str name = json_string(need);
				name = str_trim(str_sub(name, 0, str_chr(name, '(')));
				struct map_entry *to = map_get(names, name);
				if (to && to != from)
					bom_depend(r->bom, (uint32_t)from->value.num, (uint32_t)to->value.num, DEPENDS_ON, 0);
			}
	}
}

enum result source_renv(struct reading *r)
{
	struct json_cursor c;
	struct str key;
	const struct json *packages = NULL;
	struct map names;
	unsigned seen = 0;

	map_init(&names, r->arena);
	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (!str_is(key, "Packages") || !json_once(&c, &seen, 1)) {
			json_skip(&c);
			continue;
		}
		struct json_cursor again = c;
		packages = json_read_tree(&again);
		json_enter_object(&c);
		while (json_next_key(&c, &key)) {
			size_t offset = json_offset(&c);
			const struct json *p = json_read_tree(&c);
			struct str name = json_get_string(p, "Package"), version = json_get_string(p, "Version");
			if (!p)
				break;
			if (!name.s || !version.s) {
				reading_problem(r, offset, "a package without its name or version: run renv::snapshot again");
				continue;
			}
			uint32_t index = reading_add(r, STR_NONE, name, version, offset);
			map_put(&names, key, NULL)->value.num = index;
			set_source(r, index, p);
			/* Since renv 1.1 the fields of the package's DESCRIPTION stand here too. */
			r->bom->components[index].description = json_get_string(p, "Title");
			reading_licence(r, index, json_get_string(p, "License"));
		}
	}
	if (!json_close(&c))
		return reading_error(r, c.error_offset, "%s: the file is damaged; run renv::snapshot again", c.error);
	if (!(seen & 1))
		return reading_error(r, 0, "no Packages: this is no whole lockfile; run renv::snapshot again");
	connect(r, &names, packages);
	return reading_done(r);
}
