/* flake.lock of Nix, versions 5 to 7 (Nix manual, "nix flake", lock files): a graph of inputs, each a pinned source tree. */
#include "base/map.h"
#include "source/common.h"
#include "syntax/json.h"

struct flake {
	struct reading *r;
	struct map nodes; /* name to component index + 1; the root has 0 */
	struct map json;  /* name to struct json * */
	unsigned steps;	  /* of "follows" that may still be gone: a file could make them multiply */
};

static void qualify(struct reading *r, uint32_t c, const char *type, struct str group, struct str version)
{
	struct component *it = &r->bom->components[c];

	it->purl_type = str_of(type);
	it->group = group.len ? group : STR_NONE;
	it->version = version.len ? version : STR_NONE;
}

static void add_node(struct flake *f, struct str name, const struct json *node, size_t offset)
{
	struct reading *r = f->r;
	const struct json *locked = json_get(node, "locked");
	struct str type = json_get_string(locked, "type"), rev = json_get_string(locked, "rev"), url = json_get_string(locked, "url");
	struct str owner = json_get_string(locked, "owner"), repo = json_get_string(locked, "repo"), host = json_get_string(locked, "host");
	bool forge = str_is(type, "github") || str_is(type, "gitlab") || str_is(type, "sourcehut");
	struct map_entry *e = map_put(&f->nodes, name, NULL);

	if (!locked || !type.s)
		return; /* the root */
	uint32_t c = reading_add(r, STR_NONE, forge && repo.s ? repo : name, STR_NONE, offset);
	e->value.num = c + 1;
	r->bom->components[c].ecosystem = STR_NONE;
	r->bom->components[c].direct_known = true;
	if (forge) {
		const char *base = str_is(type, "github") ? "https://github.com/" : str_is(type, "gitlab") ? "https://gitlab.com/" : "https://git.sr.ht/";
		struct str start = host.s ? arena_concat(r->arena, STR("https://"), host, STR("/")) : str_of(base);
		if (!owner.len || !repo.len || !rev.len)
			reading_problem(r, offset, "an input without owner, repo or rev: run nix flake lock again");
		qualify(r, c, str_is(type, "github") && !host.s ? "github" : "generic", owner, rev);
		reading_vcs(r, c, arena_concat(r->arena, start, arena_concat(r->arena, owner, STR("/"), repo), STR("")), rev);
	} else if (str_is(type, "git") || str_is(type, "mercurial")) {
		qualify(r, c, "generic", STR_NONE, rev);
		reading_vcs(r, c, url, rev);
	} else if (str_is(type, "path")) {
		reading_local(r, c, reading_dir(r), json_get_string(locked, "path"));
	} else if (str_is(type, "tarball") || str_is(type, "file")) {
		qualify(r, c, "generic", STR_NONE, rev);
		r->bom->components[c].download = url;
	} else
		reading_problem(r, offset, "an input of a type that this bomgate does not know");
	if (!str_eq(r->bom->components[c].name, name))
		r->bom->components[c].alias = name;
}

/* The node that an input is: a name, or a path of inputs from the root ("follows"). */
static const struct json *follow(struct flake *f, const struct json *input, struct str root, int depth, struct str *name)
{
	struct str at = root;

	if (json_type(input) == JSON_STRING) {
		*name = json_string(input);
		return input;
	}
	if (depth > 16 || json_type(input) != JSON_ARRAY)
		return NULL;
	for (JSON_EACH(step, input)) {
		const struct json *next = NULL;
		const struct map_entry *node = map_get(&f->json, at);
		for (JSON_EACH(i, node ? json_get(node->value.ptr, "inputs") : NULL)) {
			f->steps -= f->steps > 0;
			if (str_eq(json_key(i), json_string(step)))
				next = i;
		}
		if (!next || !f->steps || !follow(f, next, root, depth + 1, &at))
			return NULL;
	}
	*name = at;
	return input;
}

static void connect(struct flake *f, const struct json *nodes, struct str root)
{
	struct bom *b = f->r->bom;

	for (JSON_EACH(n, nodes)) {
		struct map_entry *from = map_get(&f->nodes, json_key(n));
		for (JSON_EACH(input, json_get(n, "inputs"))) {
			struct str name = STR_NONE;
			struct map_entry *to = follow(f, input, root, 0, &name) ? map_get(&f->nodes, name) : NULL;
			if (!to || !to->value.num)
				continue;
			if (str_eq(json_key(n), root))
				b->components[to->value.num - 1].direct = true;
			else if (from && from->value.num && from->value.num != to->value.num)
				bom_depend(b, (uint32_t)from->value.num - 1, (uint32_t)to->value.num - 1, DEPENDS_ON, 0);
		}
	}
}

enum result source_nix_flake(struct reading *r)
{
	struct flake f = { .r = r, .steps = 1000000 };
	struct json_cursor c;
	struct str key, root = STR("root");
	const struct json *tree = NULL;
	unsigned seen = 0;

	map_init(&f.nodes, r->arena);
	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_is(key, "version") && json_once(&c, &seen, 1)) {
			size_t offset = json_offset(&c);
			struct str version = json_read_number(&c);
			if (version.s && (version.len != 1 || version.s[0] < '5' || version.s[0] > '7'))
				return reading_unknown_version(r, offset, version);
		} else if (str_is(key, "root") && json_once(&c, &seen, 2))
			root = json_read_string(&c);
		else if (str_is(key, "nodes") && json_once(&c, &seen, 4)) {
			struct json_cursor again = c;
			tree = json_read_tree(&again);
			json_enter_object(&c);
			while (json_next_key(&c, &key)) {
				size_t offset = json_offset(&c);
				const struct json *node = json_read_tree(&c);
				if (node)
					add_node(&f, key, node, offset);
			}
		} else
			json_skip(&c);
	}
	if (!json_close(&c))
		return reading_error(r, c.error_offset, "%s: the file is damaged; run nix flake lock again", c.error);
	if (!(seen & 4) || !(seen & 1))
		return reading_error(r, 0, "no version or no nodes: this is no whole flake.lock; run nix flake lock again");
	map_init(&f.json, r->arena);
	for (JSON_EACH(n, tree))
		map_put(&f.json, json_key(n), NULL)->value.ptr = (void *)(uintptr_t)n;
	connect(&f, tree, root);
	return reading_done(r);
}
