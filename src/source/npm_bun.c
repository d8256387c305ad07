/* bun.lock, versions 0 and 1 (bun's documentation, "bun.lock": JSON with comments and trailing commas). `packages` maps a
 * resolution path ("a", "a/b": b as a sees it) to ["name@version", registry, {what it needs}, integrity]; other kinds of
 * packages have shorter lists. */
#include "source/common.h"
#include "source/npm.h"

struct node {
	struct str key;
	uint32_t component, first_need, needs;
};

struct bun {
	struct reading *r;
	struct arena *arena;
	struct npm_lock *lock;
	VEC(struct node) nodes;
	struct npm_needs needs;
	struct map by_key; /* to index in nodes */
};

/* The text with blanks in place of comments and of commas before a closing bracket: every offset stays. */
static struct str plain_json(struct arena *a, struct str text)
{
	char *out = arena_alloc(a, text.len + 1);
	size_t comma = STR_NOT_FOUND; /* the last comma that nothing but blanks followed */

	memcpy(out, text.s, text.len);
	for (size_t i = 0; i < text.len; i++) {
		if (out[i] == '"') {
			comma = STR_NOT_FOUND;
			for (i++; i < text.len && out[i] != '"'; i++)
				if (out[i] == '\\')
					i++;
		} else if (out[i] == '/' && i + 1 < text.len && (out[i + 1] == '/' || out[i + 1] == '*')) {
			bool line = out[i + 1] == '/';
			size_t end = str_find(text, line ? STR("\n") : STR("*/"), i + 2);
			end = end == STR_NOT_FOUND ? text.len : line ? end : end + 2;
			for (; i < end; i++)
				if (out[i] != '\n')
					out[i] = ' ';
			i--;
		} else if (out[i] == ',') {
			comma = i;
		} else if (out[i] == '}' || out[i] == ']') {
			if (comma != STR_NOT_FOUND)
				out[comma] = ' ';
			comma = STR_NOT_FOUND;
		} else if (!ascii_blank(out[i])) {
			comma = STR_NOT_FOUND;
		}
	}
	return str_make(out, text.len);
}

/* The lists of one package or workspace, into needs. */
static void read_lists(struct bun *b, struct json_cursor *c, struct str key)
{
	if (str_is(key, "dependencies"))
		npm_json_needs(c, b->arena, NPM_RUNTIME, &b->needs);
	else if (str_is(key, "devDependencies"))
		npm_json_needs(c, b->arena, NPM_DEV, &b->needs);
	else if (str_is(key, "optionalDependencies"))
		npm_json_needs(c, b->arena, NPM_OPTIONAL, &b->needs);
	else if (str_is(key, "peerDependencies"))
		npm_json_needs(c, b->arena, NPM_PEER, &b->needs);
	else
		json_skip(c);
}

static struct node *add_node(struct bun *b, struct str key)
{
	struct node *n = VEC_ADD(b->arena, &b->nodes);

	*n = (struct node){ .key = key, .component = NO_COMPONENT, .first_need = (uint32_t)b->needs.n };
	return n;
}

static void read_workspaces(struct bun *b, struct json_cursor *c)
{
	struct str folder, key;

	json_enter_object(c);
	while (json_next_key(c, &folder)) {
		struct str name = STR_NONE, version = STR_NONE;
		size_t offset = json_offset(c), index = b->nodes.n;
		unsigned seen = 0;
		add_node(b, STR(""));
		json_enter_object(c);
		while (json_next_key(c, &key))
			if (str_is(key, "name") && json_once(c, &seen, 1))
				name = npm_json_text(c);
			else if (str_is(key, "version") && json_once(c, &seen, 2))
				version = npm_json_text(c);
			else
				read_lists(b, c, key);
		if (json_failed(c))
			return;
		struct node *n = &b->nodes.items[index];
		n->needs = (uint32_t)b->needs.n - n->first_need;
		n->key = folder.len ? name : STR("");
		n->component = npm_add_part(b->r, b->lock, folder, name, version, offset);
	}
}

/* The last package of a resolution path, and what is before it. */
static struct str last_of(struct str key, struct str *before)
{
	size_t slash = str_rchr(key, '/');

	if (slash != STR_NOT_FOUND) {
		size_t scope = str_rchr(str_sub(key, 0, slash), '/');
		size_t start = scope == STR_NOT_FOUND ? 0 : scope + 1;
		if (key.s[start] == '@')
			slash = scope;
	}
	*before = slash == STR_NOT_FOUND ? STR("") : str_sub(key, 0, slash);
	return str_from(key, slash + 1);
}

static uint32_t add_package(struct bun *b, struct str key, struct str id, struct str integrity, size_t offset, size_t integrity_offset)
{
	struct reading *r = b->r;
	struct str name, ref, before, asked = last_of(key, &before);

	if (!npm_cut_at(id, &name, &ref)) {
		reading_problem(r, offset, "a package that is no name@version: write the lockfile again with bun install");
		return NO_COMPONENT;
	}
	if (str_starts(ref, STR("workspace:")))
		return npm_add_part(r, b->lock, str_from(ref, 10), name, STR_NONE, offset);
	if (str_starts(ref, STR("root:")))
		return npm_add_part(r, b->lock, STR(""), name, STR_NONE, offset);
	bool exact = npm_is_exact(ref);
	uint32_t c = npm_add(r, name, exact ? ref : STR_NONE, offset);
	if (!exact && npm_set_place(r, c, ref) == NPM_REGISTRY)
		r->bom->components[c].version = ref; /* whatever it is, it is what stands there */
	if (!str_eq(asked, name))
		r->bom->components[c].alias = asked;
	if (str_starts(integrity, STR("sha")))
		npm_set_integrity(r, c, integrity, integrity_offset);
	return c;
}

static void read_packages(struct bun *b, struct json_cursor *c)
{
	struct str path, key;

	json_enter_object(c);
	while (json_next_key(c, &path)) {
		struct str id = STR_NONE, integrity = STR_NONE, registry = STR_NONE;
		size_t offset = json_offset(c), integrity_offset = offset, index = b->nodes.n;
		bool fresh;
		struct map_entry *m = map_put(&b->by_key, path, &fresh);
		if (!fresh)
			json_fail(c, offset, "this package stands twice");
		if (path.len > LIMIT_NAME) /* each is searched for step by step */
			json_fail(c, offset, "a resolution path of more than 4096 bytes");
		m->value.num = index;
		add_node(b, path);
		json_enter_array(c);
		while (json_next(c)) {
			if (!id.s) {
				id = json_read_string(c);
			} else if (json_peek(c) == JSON_OBJECT) {
				json_enter_object(c);
				while (json_next_key(c, &key))
					read_lists(b, c, key);
			} else {
				integrity_offset = json_offset(c);
				integrity = json_read_string_or_skip(c);
				if (str_has(integrity, STR("://")))
					registry = integrity;
			}
		}
		if (json_failed(c))
			return;
		struct node *n = &b->nodes.items[index];
		n->needs = (uint32_t)b->needs.n - n->first_need;
		n->component = add_package(b, path, id.s ? id : STR(""), integrity, offset, integrity_offset);
		if (n->component != NO_COMPONENT && registry.len && !b->r->bom->components[n->component].first_party)
			reading_registry(b->r, n->component, registry);
	}
}

/* The package that `name` is, as seen from resolution path `key`. */
static uint32_t resolve(struct bun *b, struct str key, struct str name)
{
	for (;;) {
		struct arena_mark mark = arena_mark(b->arena);
		struct str path = arena_concat(b->arena, key, key.len ? STR("/") : STR(""), name);
		struct map_entry *m = map_get(&b->by_key, path);
		arena_pop(b->arena, mark);
		if (m)
			return b->nodes.items[m->value.num].component;
		if (!key.len)
			return NO_COMPONENT;
		struct str before;
		last_of(key, &before);
		key = before;
	}
}

static void connect(struct bun *b)
{
	struct bom *bom = b->r->bom;

	for (VEC_EACH(struct node, n, &b->nodes)) {
		if (n->component == NO_COMPONENT)
			continue;
		bool part = bom->components[n->component].first_party;
		for (uint32_t i = 0; i < n->needs; i++) {
			const struct npm_need *need = &b->needs.items[n->first_need + i];
			uint32_t to = resolve(b, n->key, need->name);
			if (to == NO_COMPONENT && (need->kind == NPM_RUNTIME || (need->kind == NPM_DEV && part)))
				npm_gap(b->r, b->lock, n->component, need->name, need->offset, false);
			if (to == NO_COMPONENT || to == n->component)
				continue;
			bom_depend(bom, n->component, to, DEPENDS_ON, npm_scope(need->kind));
			if (part)
				bom->components[to].direct = true;
		}
	}
}

enum result source_npm_bun(struct reading *r)
{
	struct bun *b = ARENA_NEW(r->arena, struct bun);
	struct json_cursor c;
	struct str key;
	unsigned seen = 0;

	*b = (struct bun){ .r = r, .arena = r->arena, .lock = ARENA_NEW(r->arena, struct npm_lock) };
	map_init(&b->by_key, r->arena);
	map_init(&b->lock->folders, r->arena);
	bom_reserve(r->bom, r->text.len / 200 + 8);
	npm_add_part(r, b->lock, STR(""), STR_NONE, STR_NONE, 0);
	json_open(&c, r->arena, plain_json(r->arena, r->text));
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_is(key, "lockfileVersion") && json_once(&c, &seen, 1)) {
			size_t offset = json_offset(&c);
			struct str version = json_read_number(&c);
			if (version.s && !str_is(version, "0") && !str_is(version, "1"))
				return reading_unknown_version(r, offset, version);
		} else if (str_is(key, "workspaces") && json_once(&c, &seen, 2))
			read_workspaces(b, &c);
		else if (str_is(key, "packages") && json_once(&c, &seen, 4))
			read_packages(b, &c);
		else
			json_skip(&c);
	}
	if (npm_json_end(r, &c) != OK)
		return FAILED;
	if (!(seen & 1))
		return reading_error(r, 0, "no lockfileVersion: this is no whole lockfile; write it again with bun install");
	connect(b);
	source_spread_scopes(r->bom);
	for (size_t i = 0; i < r->bom->ncomponents; i++)
		r->bom->components[i].direct_known = true;
	b->lock->roots_known = b->lock->scopes_known = true;
	b->lock->command = "bun install";
	r->data = b->lock;
	return reading_done(r);
}
