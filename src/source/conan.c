/* conan.lock: of Conan 2 (version 0.5: lists of references) and of Conan 1 (0.1 to 0.4: a graph). */
#include "base/map.h"
#include "source/common.h"
#include "syntax/json.h"

/* name/version[@user/channel][#revision[%time]][:package#revision] */
static uint32_t add_reference(struct reading *r, struct str text, size_t offset, unsigned scope)
{
	struct str ref = str_sub(text, 0, str_chr(text, ':')), rest = ref;

	ref = str_sub(ref, 0, str_chr(ref, '%'));
	rest = ref;
	struct str body = str_cut(&rest, '#'), revision = rest, owner = body, package = str_cut(&owner, '@');
	size_t slash = str_chr(package, '/');
	if (slash == STR_NOT_FOUND || slash == 0 || slash + 1 == package.len) {
		reading_problem(r, offset, "a reference that is no name/version: run conan lock create again");
		return NO_COMPONENT;
	}
	uint32_t c = reading_add(r, STR_NONE, str_sub(package, 0, slash), str_from(package, slash + 1), offset);
	struct component *it = &r->bom->components[c];
	it->scope = scope;
	struct str channel = owner, user = owner.s ? str_cut(&channel, '/') : STR_NONE;
	if (channel.len && !str_is(channel, "_"))
		*VEC_ADD(r->arena, &it->qualifiers) = (struct property){ STR("channel"), channel };
	if (revision.len && !str_is(revision, "0"))
		*VEC_ADD(r->arena, &it->qualifiers) = (struct property){ STR("rrev"), revision };
	if (user.len && !str_is(user, "_"))
		reading_no_registry(r, c, "a recipe of a user or channel");
	if (user.len && !str_is(user, "_"))
		*VEC_ADD(r->arena, &it->qualifiers) = (struct property){ STR("user"), user };
	return c;
}

static void read_list(struct reading *r, struct json_cursor *c, unsigned scope)
{
	if (json_peek(c) == JSON_NULL) {
		json_skip(c);
		return;
	}
	json_enter_array(c);
	while (json_next(c)) {
		size_t offset = json_offset(c);
		struct str text = json_read_string(c);
		if (text.s)
			add_reference(r, text, offset, scope);
	}
}

struct graph {
	struct reading *r;
	struct map nodes; /* id to component index */
};

static void read_nodes(struct graph *g, struct json_cursor *c)
{
	struct json_cursor again = *c;
	const struct json *tree = json_read_tree(&again);
	struct str id;

	json_enter_object(c);
	while (json_next_key(c, &id)) {
		size_t offset = json_offset(c);
		const struct json *node = json_read_tree(c);
		struct str ref = json_get_string(node, "ref");
		bool build = str_is(json_get_string(node, "context"), "build");
		if (!node)
			return;
		/* The consumer has no reference, or one without a version. */
		bool consumer = !ref.len || str_is(id, "0");
		uint32_t index = consumer ? NO_COMPONENT : add_reference(g->r, ref, offset, build ? SCOPE_BUILD : SCOPE_RUNTIME);
		map_put(&g->nodes, id, NULL)->value.num = index;
		if (index != NO_COMPONENT)
			g->r->bom->components[index].direct_known = true;
	}
	for (JSON_EACH(node, tree)) {
		static const char *const lists[] = { "requires", "build_requires" };
		struct map_entry *from = map_get(&g->nodes, json_key(node));
		for (int i = 0; from && i < 2; i++)
			for (JSON_EACH(need, json_get(node, lists[i]))) {
				struct str to_id = json_string(need);
				struct map_entry *to = to_id.s ? map_get(&g->nodes, to_id) : NULL;
				if (!to || to->value.num == NO_COMPONENT || to == from)
					continue;
				if (from->value.num == NO_COMPONENT)
					g->r->bom->components[to->value.num].direct = true;
				else
					bom_depend(g->r->bom, (uint32_t)from->value.num, (uint32_t)to->value.num, DEPENDS_ON,
						   i ? SCOPE_BUILD : SCOPE_RUNTIME);
			}
	}
}

enum result source_conan(struct reading *r)
{
	static const struct {
		const char *key;
		unsigned scope;
	} lists[] = { { "requires", SCOPE_RUNTIME },
		      { "build_requires", SCOPE_BUILD },
		      { "python_requires", SCOPE_BUILD },
		      { "config_requires", SCOPE_BUILD } };
	struct graph g = { .r = r };
	struct json_cursor c;
	struct str key, version = STR_NONE;
	unsigned seen = 0;
	size_t at = 0;

	map_init(&g.nodes, r->arena);
	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		bool taken = false;
		for (unsigned i = 0; i < 4 && !taken; i++)
			if (str_is(key, lists[i].key) && json_once(&c, &seen, 1u << i)) {
				read_list(r, &c, lists[i].scope);
				taken = true;
			}
		if (taken)
			continue;
		if (str_is(key, "version") && json_once(&c, &seen, 16)) {
			at = json_offset(&c);
			version = json_read_string(&c);
		} else if (str_is(key, "graph_lock") && json_once(&c, &seen, 32)) {
			json_enter_object(&c);
			while (json_next_key(&c, &key))
				if (str_is(key, "nodes") && json_once(&c, &seen, 64))
					read_nodes(&g, &c);
				else
					json_skip(&c);
		} else
			json_skip(&c);
	}
	if (!json_close(&c))
		return reading_error(r, c.error_offset, "%s: the file is damaged; run conan lock create again", c.error);
	if (!version.s)
		return reading_error(r, 0, "no version: this is no whole lockfile; run conan lock create again");
	if (version.len != 3 || !str_starts(version, STR("0.")) || version.s[2] < '1' || version.s[2] > '5')
		return reading_unknown_version(r, at, version);
	return reading_done(r);
}
