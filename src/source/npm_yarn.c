/* yarn.lock of yarn 1 (its own text form: blocks at column 0, properties with two blanks, lists with four) and, handed on by
 * the first lines, of yarn 2 and later (npm_berry.c). */
#include "base/span.h"
#include "source/common.h"
#include "source/npm.h"
#include "syntax/lines.h"

struct block {
	struct str first_key; /* a descriptor: name@range */
	struct str version, resolved, integrity, name;
	size_t offset, integrity_offset;
	uint32_t component;
	uint32_t first_need, needs;
};

struct yarn {
	struct reading *r;
	struct arena *arena;
	struct npm_lock *lock;
	VEC(struct block) blocks;
	struct npm_needs needs;
	struct map descriptors; /* "name@range" to block index */
	struct map names;	/* of them alone */
	char *scratch;
	size_t scratch_size;
	struct str bad; /* why a line is none */
};

/* From `at` in the line to the next of three bytes, or to the line's end. Searched for to the end of the file, in long steps. */
static size_t word_end(const struct yarn *y, struct str line, size_t at, char a, char b, char c)
{
	size_t end = span_until(line.s, at, (size_t)(y->r->text.s + y->r->text.len - line.s), a, b, c);

	return end < line.len ? end : line.len;
}

/* One word or JSON string off *rest, which is (the end of) a line of the file; absent where there is none. */
static struct str next_word(struct yarn *y, struct str *rest)
{
	while (rest->len && rest->s[0] == ' ')
		*rest = str_from(*rest, 1);
	if (!rest->len)
		return STR_NONE;
	if (rest->s[0] == '"') {
		size_t end = 1;
		bool escaped = false;
		while ((end = word_end(y, *rest, end, '"', '\\', '\n')) < rest->len && rest->s[end] != '"') {
			escaped = true;
			end = end + 2 < rest->len ? end + 2 : rest->len;
		}
		if (end >= rest->len) {
			y->bad = STR("a quoted text does not end");
			return STR_NONE;
		}
		struct str word = str_sub(*rest, 1, end - 1);
		if (escaped) {
			struct json_cursor c;
			json_open(&c, y->arena, str_sub(*rest, 0, end + 1));
			word = json_read_string(&c);
			if (!json_close(&c))
				y->bad = STR("a quoted text with a wrong escape");
		}
		*rest = str_from(*rest, end + 1);
		return word;
	}
	size_t end = word_end(y, *rest, 0, ' ', ':', ',');
	/* An unquoted key of an old file may hold a colon ("a@npm:b"). */
	while (end < rest->len && rest->s[end] == ':' && end + 1 < rest->len && rest->s[end + 1] != ' ')
		end = word_end(y, *rest, end + 1, ' ', ':', ',');
	struct str word = str_sub(*rest, 0, end);
	*rest = str_from(*rest, end);
	return word.len ? word : STR_NONE;
}

static void start_block(struct yarn *y, struct str line, size_t offset)
{
	struct block *b = VEC_ADD(y->arena, &y->blocks);
	size_t index = y->blocks.n - 1;

	*b = (struct block){ .offset = offset, .component = NO_COMPONENT, .first_need = (uint32_t)y->needs.n };
	for (;;) {
		bool fresh;
		struct str key = next_word(y, &line);
		if (!key.s) {
			y->bad = y->bad.s ? y->bad : STR("the name of a block was expected here");
			return;
		}
		if (!b->first_key.s)
			b->first_key = key;
		struct map_entry *e = map_put(&y->descriptors, key, &fresh);
		struct str name, rest;
		map_put(&y->names, npm_cut_at(key, &name, &rest) ? name : key, NULL);
		if (!fresh && e->value.num != index)
			y->bad = STR("this package stands twice");
		e->value.num = index;
		if (line.len && line.s[0] == ',') {
			line = str_from(line, 1);
			continue;
		}
		if (!str_is(line, ":"))
			y->bad = y->bad.s ? y->bad : STR("a colon was expected at the end of this line");
		return;
	}
}

static void property(struct yarn *y, struct block *b, struct str key, struct str value, size_t offset)
{
	if (str_is(key, "version"))
		b->version = value;
	else if (str_is(key, "resolved"))
		b->resolved = value;
	else if (str_is(key, "name"))
		b->name = value;
	else if (str_is(key, "integrity")) {
		b->integrity = value;
		b->integrity_offset = offset;
	}
	(void)y;
}

/* All lines into blocks; false after an error was reported. */
static bool read_blocks(struct yarn *y)
{
	struct lines l;
	enum { NOTHING, RUNTIME, OPTIONAL, OTHER } list = NOTHING;

	lines_open(&l, y->r->text);
	while (lines_next(&l)) {
		struct str line = l.line;
		size_t blanks = 0;
		while (blanks < line.len && line.s[blanks] == ' ')
			blanks++;
		if (blanks == line.len || line.s[blanks] == '#')
			continue;
		line = str_from(line, blanks);
		struct block *b = y->blocks.n ? &y->blocks.items[y->blocks.n - 1] : NULL;
		if (blanks == 0) {
			start_block(y, line, l.offset);
			list = NOTHING;
		} else if (!b || (blanks != 2 && blanks != 4) || (blanks == 4 && list == NOTHING)) {
			y->bad = STR("this line has the wrong number of blanks at its start");
		} else {
			struct str key = next_word(y, &line), value;
			if (blanks == 2 && str_is(line, ":")) {
				list = str_is(key, "dependencies") ? RUNTIME : str_is(key, "optionalDependencies") ? OPTIONAL : OTHER;
			} else {
				value = next_word(y, &line);
				if (!key.s || !value.s || line.len)
					y->bad = y->bad.s ? y->bad : STR("a name and a value were expected here");
				if (blanks == 2) {
					property(y, b, key, value, l.offset);
					list = NOTHING;
				} else if (list != OTHER) {
					*VEC_ADD(y->arena, &y->needs) = (struct npm_need){
						.name = key, .range = value, .kind = list == OPTIONAL ? NPM_OPTIONAL : NPM_RUNTIME,
						.offset = l.offset };
					b->needs = (uint32_t)y->needs.n - b->first_need;
				}
			}
		}
		if (y->bad.s) {
			reading_error(y->r, l.offset + blanks, "%.*s: the lockfile is damaged; write it again with yarn install",
				      STR_ARG(y->bad));
			return false;
		}
	}
	return true;
}

/* "https://registry.example/@s/name/-/name-1.0.0.tgz#…": the name in it, decoded where the slash is written as %2f. */
static struct str name_in_url(struct arena *a, struct str url)
{
	size_t end = str_find(url, STR("/-/"), 0);

	if (end == STR_NOT_FOUND)
		return STR_NONE;
	struct str path = str_sub(url, 0, end);
	size_t slash = str_rchr(path, '/');
	struct str name = str_from(path, slash + 1);
	if (str_starts(name, STR("@"))) { /* @s%2fname */
		size_t escape = str_find(name, STR("%2"), 0);
		return escape == STR_NOT_FOUND ? name : arena_concat(a, str_sub(name, 0, escape), STR("/"), str_from(name, escape + 3));
	}
	size_t before = slash == STR_NOT_FOUND ? STR_NOT_FOUND : str_rchr(str_sub(path, 0, slash), '/');
	if (before != STR_NOT_FOUND && before + 1 < path.len && path.s[before + 1] == '@')
		return str_from(path, before + 1);
	return name;
}

static bool is_hex(struct str s, size_t len)
{
	for (size_t i = 0; i < s.len; i++)
		if (ascii_hex(s.s[i]) < 0)
			return false;
	return s.len == len;
}

/* The part of the project that `file:` or `link:` names. */
static bool is_local(struct str range)
{
	enum npm_place place = npm_place_of(range);

	return place == NPM_LOCAL_FOLDER;
}

static void add_block(struct yarn *y, struct block *b)
{
	struct reading *r = y->r;
	struct str asked, range = STR(""), real, real_range;

	if (!npm_cut_at(b->first_key, &asked, &range))
		asked = b->first_key;
	/* The address is right where the `name` property is an alias and the alias is in another key. */
	struct str name = name_in_url(y->arena, b->resolved);
	if (!name.len)
		name = npm_alias(range, &real, &real_range) ? real : b->name.len ? b->name : asked;
	if (!b->version.len)
		reading_problem(r, b->offset, "a package without a version: write the lockfile again with yarn install");
	b->component = npm_add(r, name, b->version, b->offset);
	struct component *c = &r->bom->components[b->component];
	if (!str_eq(name, asked))
		c->alias = asked;
	if (b->resolved.len) {
		enum npm_place place = npm_set_place(r, b->component, b->resolved);
		size_t hash = str_chr(b->resolved, '#');
		if (place != NPM_GIT && hash != STR_NOT_FOUND && is_hex(str_from(b->resolved, hash + 1), 40))
			bom_hash(r->bom, b->component, STR("SHA-1"), arena_lower(y->arena, str_from(b->resolved, hash + 1)));
	} else if (is_local(range))
		npm_set_place(r, b->component, range);
	npm_set_integrity(r, b->component, b->integrity, b->integrity_offset);
}

static uint32_t find(struct npm_lock *lock, struct str name, struct str range)
{
	struct yarn *y = lock->own;
	size_t need = name.len + range.len + 1;

	if (need > y->scratch_size) {
		y->scratch_size = need * 2;
		y->scratch = arena_alloc(y->arena, y->scratch_size);
	}
	memcpy(y->scratch, name.s, name.len);
	y->scratch[name.len] = '@';
	if (range.len)
		memcpy(y->scratch + name.len + 1, range.s, range.len);
	struct map_entry *e = map_get(&y->descriptors, str_make(y->scratch, need));
	if (!e && !range.len)
		e = map_get(&y->descriptors, name); /* an empty range is left out */
	return e ? y->blocks.items[e->value.num].component : NO_COMPONENT;
}

static enum result read_classic(struct reading *r)
{
	struct yarn *y = ARENA_NEW(r->arena, struct yarn);

	*y = (struct yarn){ .r = r, .arena = r->arena, .lock = ARENA_NEW(r->arena, struct npm_lock) };
	map_init(&y->descriptors, r->arena);
	map_init(&y->names, r->arena);
	map_init(&y->lock->folders, r->arena);
	if (!read_blocks(y))
		return FAILED;
	bom_reserve(r->bom, y->blocks.n + 1);
	npm_add_part(r, y->lock, STR(""), STR_NONE, STR_NONE, 0);
	for (VEC_EACH(struct block, b, &y->blocks))
		add_block(y, b);
	y->lock->own = y;
	y->lock->find = find;
	y->lock->command = "yarn install";
	for (VEC_EACH(struct block, b, &y->blocks))
		for (uint32_t i = 0; i < b->needs; i++) {
			const struct npm_need *need = &y->needs.items[b->first_need + i];
			uint32_t to = find(y->lock, need->name, need->range);
			if (to != NO_COMPONENT)
				bom_depend(r->bom, b->component, to, DEPENDS_ON, npm_scope(need->kind));
			else if (need->kind == NPM_RUNTIME)
				npm_gap(r, y->lock, b->component, need->name, need->offset, map_has(&y->names, need->name));
		}
	r->data = y->lock;
	return reading_done(r);
}

enum result source_npm_yarn(struct reading *r)
{
	size_t bad = str_utf8_valid(r->text);

	if (bad != r->text.len)
		return reading_error(r, bad, "not valid UTF-8: write the lockfile again with yarn install");
	size_t meta = str_find(r->text, STR("__metadata:"), 0);
	if (meta != STR_NOT_FOUND && (meta == 0 || r->text.s[meta - 1] == '\n'))
		return npm_read_berry(r);
	if (!str_has(str_sub(r->text, 0, 400), STR("yarn lockfile v")) && str_trim(r->text).len == 0)
		return reading_error(r, 0, "the file is empty: write the lockfile again with yarn install");
	size_t version = str_find(r->text, STR("# yarn lockfile v"), 0);
	if (version != STR_NOT_FOUND && version < 400) {
		struct str rest = str_from(r->text, version + 17), number = str_trim(str_cut(&rest, '\n'));
		if (!str_is(number, "1"))
			return reading_unknown_version(r, version, number);
	}
	return read_classic(r);
}
