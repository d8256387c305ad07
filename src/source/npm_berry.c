/* yarn.lock of yarn 2 and later (YAML; `__metadata.version` 4 and up): a block for each resolution; its key lists the
 * descriptors (name@range) that are locked to it. What a package is says `resolution`, never the key. */
#include "source/npm.h"
#include "source/reading_yaml.h"

struct berry {
	struct reading *r; /* while the file is read */
	struct arena *arena;
	struct npm_lock *lock;
	struct map descriptors; /* to index in blocks */
	struct map names;	/* of them alone */
	VEC(struct block {
		const struct value *entry;
		uint32_t component;
	}) blocks;
	char *scratch;
	size_t scratch_size;
	unsigned virtual_left; /* how many conditions may still be followed: a file could make them multiply */
};

static void add_descriptors(struct berry *y, const struct value *entry, size_t index)
{
	for (struct str rest = entry->key; rest.s;) {
		size_t comma = str_find(rest, STR(", "), 0);
		struct str one = str_sub(rest, 0, comma);
		rest = comma == STR_NOT_FOUND ? STR_NONE : str_from(rest, comma + 2);
		map_put(&y->descriptors, one, NULL)->value.num = index;
		struct str name, range;
		if (npm_cut_at(one, &name, &range))
			map_put(&y->names, name, NULL);
		size_t parameters = str_find(one, STR("::"), 0); /* a dependency on a folder is written without them */
		bool fresh = false;
		struct map_entry *e = parameters == STR_NOT_FOUND ? NULL : map_put(&y->descriptors, str_sub(one, 0, parameters), &fresh);
		if (fresh)
			e->value.num = index;
	}
}

static size_t descriptor(struct berry *y, struct str name, const char *protocol, struct str range)
{
	size_t p = strlen(protocol), need = name.len + 1 + p + range.len;

	if (need > y->scratch_size) {
		y->scratch_size = need * 2;
		y->scratch = arena_alloc(y->arena, y->scratch_size);
	}
	memcpy(y->scratch, name.s, name.len);
	y->scratch[name.len] = '@';
	memcpy(y->scratch + name.len + 1, protocol, p);
	if (range.len)
		memcpy(y->scratch + name.len + 1 + p, range.s, range.len);
	struct map_entry *e = map_get(&y->descriptors, str_make(y->scratch, need));
	return e ? e->value.num : STR_NOT_FOUND;
}

static size_t find_block(struct berry *y, struct str name, struct str range)
{
	size_t index = descriptor(y, name, "", range);

	return index == STR_NOT_FOUND ? descriptor(y, name, "npm:", range) : index;
}

static uint32_t find(struct npm_lock *lock, struct str name, struct str range)
{
	struct berry *y = lock->own;
	size_t index = find_block(y, name, range);

	return index == STR_NOT_FOUND ? NO_COMPONENT : y->blocks.items[index].component;
}

static uint32_t add_local(struct berry *y, struct str name, struct str version, struct str folder, size_t offset)
{
	struct str inside = tree_resolve(y->r->arena, str_folder(y->r->path), folder);

	if (!inside.s) {
		uint32_t c = npm_add(y->r, name, version, offset);
		npm_set_outside(y->r->bom, c, folder);
		return c;
	}
	/* Whatever way it is written, "./x" and "x" are one folder. */
	struct str plain = tree_resolve(y->r->arena, STR(""), folder);
	return npm_add_part(y->r, y->lock, plain.s ? plain : folder, name, version, offset);
}

/* "https%3A%2F%2Fregistry.example%2Fname.tgz": the registry that it names. */
static void set_archive(struct reading *r, uint32_t c, struct str encoded)
{
	char *out = arena_alloc(r->arena, encoded.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < encoded.len && encoded.s[i] != '&'; i++) {
		int high = encoded.s[i] == '%' && i + 2 < encoded.len ? ascii_hex(encoded.s[i + 1]) : -1;
		int low = high >= 0 ? ascii_hex(encoded.s[i + 2]) : -1;
		out[n++] = low >= 0 ? (char)(high * 16 + low) : encoded.s[i];
		i += low >= 0 ? 2 : 0;
	}
	reading_registry(r, c, str_make(out, n));
}

/* The component of one resolution; NO_COMPONENT for those that stand for no package. */
static uint32_t add_block(struct berry *y, const struct value *e, struct str resolution)
{
	struct reading *r = y->r;
	struct str name, ref, version = value_get_text(e, "version"), first = e->key, asked, rest;

	if (!npm_cut_at(resolution, &name, &ref)) {
		reading_problem(r, e->offset, "a resolution that is no name@reference: write the lockfile again with yarn install");
		return NO_COMPONENT;
	}
	if (str_starts(ref, STR("condition:")))
		return NO_COMPONENT;
	size_t parameters = str_find(ref, STR("::"), 0);
	struct str bare = str_sub(ref, 0, parameters);
	if (str_is(version, "0.0.0-use.local"))
		version = STR_NONE;
	if (str_starts(bare, STR("workspace:")))
		return add_local(y, name, version, str_from(bare, 10), e->offset);
	if (str_starts(bare, STR("link:")) || str_starts(bare, STR("portal:")) ||
	    (str_starts(bare, STR("file:")) && npm_place_of(bare) == NPM_LOCAL_FOLDER)) {
		struct str folder = str_from(bare, str_chr(bare, ':') + 1);
		return add_local(y, name, version, str_sub(folder, 0, str_chr(folder, '#')), e->offset);
	}
	if (!version.len)
		reading_problem(r, e->offset, "a package without a version: write the lockfile again with yarn install");
	uint32_t c = npm_add(r, name, version, e->offset);
	if (npm_cut_at(first, &asked, &rest) && !str_eq(asked, name))
		r->bom->components[c].alias = asked;
	if (str_starts(ref, STR("patch:"))) {
		size_t hash = str_chr(bare, '#');
		bom_property(r->bom, c, "bomgate:patched", hash == STR_NOT_FOUND ? STR("true") : str_from(bare, hash + 1));
	} else if (!str_starts(ref, STR("npm:"))) {
		npm_set_place(r, c, bare);
	}
	if (str_has(ref, STR("__archiveUrl="))) /* an archive where the registry's layout would not have it */
		set_archive(r, c, str_from(ref, str_find(ref, STR("__archiveUrl="), 0) + 13));
	return c;
}

static bool is_optional(const struct value *entry, struct str name)
{
	return value_is_true(value_get(value_get_str(value_get(entry, "dependenciesMeta"), name), "optional"));
}

/* What block `via` needs, as needs of component `from`. */
static void connect(struct berry *y, uint32_t from, const struct value *via, unsigned scope, int hops)
{
	struct bom *b = y->r->bom;

	for (VALUE_EACH(d, value_get(via, "dependencies"))) {
		size_t index = find_block(y, d->key, d->text.s ? d->text : STR(""));
		unsigned bits = scope ? scope : is_optional(via, d->key) ? SCOPE_OPTIONAL : SCOPE_RUNTIME;
		if (index == STR_NOT_FOUND) {
			if (bits == SCOPE_RUNTIME)
				npm_gap(y->r, y->lock, from, d->key, d->offset, map_has(&y->names, d->key));
			continue;
		}
		uint32_t to = y->blocks.items[index].component;
		if (to != NO_COMPONENT)
			bom_depend(b, from, to, DEPENDS_ON, b->components[from].first_party && bits == SCOPE_RUNTIME ? 0 : bits);
		else if (hops < 2 && y->virtual_left) { /* a condition: it stands for what it needs itself */
			y->virtual_left--;
			connect(y, from, y->blocks.items[index].entry, SCOPE_OPTIONAL, hops + 1);
		}
		if (to != NO_COMPONENT && b->components[from].first_party)
			b->components[to].direct = true;
	}
}

enum result npm_read_berry(struct reading *r)
{
	const struct value *root = reading_yaml(r, false);
	struct berry *y = ARENA_NEW(r->arena, struct berry);
	uint64_t version;

	if (!root)
		return FAILED;
	const struct value *number = value_path(root, "__metadata.version");
	if (!str_to_u64(value_text(number), &version) || version < 4)
		return reading_unknown_version(r, number ? number->offset : 0, value_text(number));
	*y = (struct berry){ .r = r, .arena = r->arena, .virtual_left = 2000, .lock = ARENA_NEW(r->arena, struct npm_lock) };
	map_init(&y->descriptors, r->arena);
	map_init(&y->names, r->arena);
	map_init(&y->lock->folders, r->arena);
	bom_reserve(r->bom, root->n + 1);
	npm_add_part(r, y->lock, STR(""), STR_NONE, STR_NONE, 0);
	for (VALUE_EACH(e, root)) {
		struct str resolution = value_get_text(e, "resolution");
		if (str_is(e->key, "__metadata"))
			continue;
		if (e->type != VALUE_TABLE || !resolution.s) {
			reading_problem(r, e->offset, "a block without a resolution: write the lockfile again with yarn install");
			continue;
		}
		add_descriptors(y, e, y->blocks.n);
		uint32_t c = add_block(y, e, resolution);
		struct block *b = VEC_ADD(r->arena, &y->blocks);
		b->entry = e;
		b->component = c;
	}
	for (size_t i = 0; i < y->blocks.n; i++)
		if (y->blocks.items[i].component != NO_COMPONENT)
			connect(y, y->blocks.items[i].component, y->blocks.items[i].entry, 0, 0);
	for (size_t i = 0; i < r->bom->ncomponents; i++)
		r->bom->components[i].direct_known = true;
	y->lock->own = y;
	y->lock->find = find;
	y->lock->command = "yarn install";
	y->lock->roots_known = true;
	r->data = y->lock;
	return reading_done(r);
}
