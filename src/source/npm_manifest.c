/* package.json (docs of npm, "package.json"): what the project asks for. Counts for itself only where no lockfile covers it;
 * else it tells lockfiles without roots (npm 1, yarn 1) which packages are direct and which for development. */
#include "source/common.h"
#include "source/npm.h"

static void read_workspaces(struct json_cursor *c, struct npm_manifest *m)
{
	struct str key;

	if (json_peek(c) == JSON_OBJECT) { /* yarn: {packages, nohoist} */
		json_enter_object(c);
		while (json_next_key(c, &key))
			if (str_is(key, "packages") && json_peek(c) == JSON_ARRAY)
				read_workspaces(c, m);
			else
				json_skip(c);
		return;
	}
	if (json_peek(c) != JSON_ARRAY) {
		json_skip(c);
		return;
	}
	json_enter_array(c);
	while (json_next(c)) {
		struct str glob = json_read_string_or_skip(c);
		if (str_starts(glob, STR("./")))
			glob = str_from(glob, 2);
		while (glob.len > 1 && glob.s[glob.len - 1] == '/')
			glob.len--;
		if (glob.len)
			*VEC_ADD(c->arena, &m->workspaces) = glob;
	}
}

/* One dependency without a lockfile: a range, a place, or an exact version. */
static void add_declared(struct reading *r, const struct npm_manifest *m, const struct npm_need *need)
{
	struct str name = need->name, range = need->range.s ? need->range : STR("");
	struct bom *b = r->bom;
	bool alias = npm_alias(range, &name, &range);
	enum npm_place place = alias ? NPM_REGISTRY : npm_place_of(range);

	if (place == NPM_LOCAL_FOLDER)
		return; /* its own manifest tells */
	bool exact = place == NPM_REGISTRY && npm_is_exact(range);
	uint32_t c = npm_add(r, name, exact ? range : STR_NONE, need->offset);
	if (alias)
		b->components[c].alias = need->name;
	if (place != NPM_REGISTRY)
		npm_set_place(r, c, range);
	if (!exact)
		b->components[c].declared = range.len ? range : STR("*");
	b->components[c].scope = npm_scope(need->kind);
	b->components[c].direct = b->components[c].direct_known = true;
	bom_depend(b, m->component, c, DEPENDS_ON, npm_scope(need->kind));
}

enum result source_npm_package_json(struct reading *r)
{
	static const struct {
		const char *key;
		enum npm_kind kind;
	} lists[] = { { "dependencies", NPM_RUNTIME },
		      { "devDependencies", NPM_DEV },
		      { "optionalDependencies", NPM_OPTIONAL },
		      { "peerDependencies", NPM_PEER } };
	struct npm_manifest *m = ARENA_NEW(r->arena, struct npm_manifest);
	struct json_cursor c;
	struct str key, licence = STR_NONE;
	unsigned seen = 0;
	size_t named_at = 0;

	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		bool taken = true;
		if (str_is(key, "name") && json_once(&c, &seen, 1)) {
			named_at = json_offset(&c);
			m->name = npm_json_text(&c);
		} else if (str_is(key, "version") && json_once(&c, &seen, 2))
			m->version = npm_json_text(&c);
		else if (str_is(key, "license") && json_once(&c, &seen, 4))
			licence = npm_json_licence(&c);
		else if (str_is(key, "workspaces") && json_once(&c, &seen, 8))
			read_workspaces(&c, m);
		else if (str_is(key, "resolutions") || str_is(key, "overrides") || str_is(key, "pnpm")) {
			m->overrides = true;
			json_skip(&c);
		} else
			taken = false;
		for (unsigned i = 0; i < 4 && !taken; i++)
			if (str_is(key, lists[i].key) && json_once(&c, &seen, 16u << i)) {
				npm_json_needs(&c, r->arena, lists[i].kind, &m->needs);
				taken = true;
			}
		if (!taken)
			json_skip(&c);
	}
	if (npm_json_end(r, &c) != OK)
		return FAILED;
	struct npm_lock parts = { 0 };
	map_init(&parts.folders, r->arena);
	m->component = npm_add_part(r, &parts, STR(""), m->name, m->version, 0);
	r->bom->components[m->component].evidence.items[0].offset = named_at;
	npm_set_licence(r->bom, m->component, licence);
	for (VEC_EACH(struct npm_need, need, &m->needs))
		add_declared(r, m, need);
	r->data = m;
	return reading_done(r);
}
