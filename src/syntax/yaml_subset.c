/* The fast path for YAML as tools write it: several times as fast as libyaml's events, which copy each scalar three times. Whatever is
 * not surely read as libyaml reads it is left to libyaml, and with it every message about a fault. */
#include "syntax/yaml_parser.h"

#include "base/limits.h"
#include "base/vec.h"

#define LONGEST_KEY 1000 /* bytes; libyaml takes 1,024 characters */

/* Where a node goes: as root, element or member. */
struct slot {
	struct value *parent;
	struct str key; /* of a member, with its place */
	const char *at;
};

static bool take_node(struct yaml_cursor *c, const struct slot *slot, ptrdiff_t outer);

static struct value *place(struct yaml_cursor *c, const struct slot *slot, enum value_type type, const char *at)
{
	struct value *v = value_add(c->nodes, slot->parent, type, slot->key, (size_t)((slot->key.s ? slot->at : at) - c->start));

	if (!slot->parent)
		c->root = v;
	return v;
}

static void place_scalar(struct yaml_cursor *c, const struct slot *slot, const struct yaml_scalar *s)
{
	struct value *v = place(c, slot, s->quoted ? VALUE_STRING : yaml_resolve(s->text), s->start);

	v->text = s->text;
	v->quoted = s->quoted;
}

/* A place for a member; false where the key stands there already. */
static bool open_member(struct value *table, const struct yaml_scalar *key, struct slot *out)
{
	bool unique;

	*out = (struct slot){ table, key->text, key->start };
	return value_indexed(table, &unique) ? unique : !value_get_str(table, key->text);
}

/* Only for large tables, which tell only afterwards. */
static bool all_unique(const struct value *table)
{
	bool unique;

	value_indexed(table, &unique);
	return unique;
}

/* ---- lines */

static bool marker_at(const struct yaml_cursor *c, char mark)
{
	const char *p = c->p;

	return c->end - p >= 3 && p[0] == mark && p[1] == mark && p[2] == mark && yaml_blank_at(c, p + 3);
}

/* From the start of a line to the next content, past empty lines and comments. */
static bool find_content(struct yaml_cursor *c)
{
	for (;;) {
		c->line = c->p;
		yaml_skip_spaces(c);
		if (c->p == c->end)
			break;
		if (*c->p == '#') {
			const char *lf = memchr(c->p, '\n', (size_t)(c->end - c->p));
			c->p = lf ? lf : c->end;
		} else if (!yaml_break_at(c, c->p)) {
			c->column = c->p - c->line;
			if (c->column == 0 && marker_at(c, '-'))
				c->column = -1;
			return c->column != 0 || !marker_at(c, '.');
		}
		if (c->p == c->end)
			break;
		c->p += *c->p == '\r' ? 2 : 1;
	}
	c->column = -1;
	return true;
}

/* Behind a node that ends on its line: nothing but a comment may follow. Moves on to the next content. */
static bool end_line(struct yaml_cursor *c)
{
	yaml_skip_spaces(c);
	if (!yaml_break_at(c, c->p) && !(*c->p == '#' && c->p[-1] == ' '))
		return false;
	const char *lf = memchr(c->p, '\n', (size_t)(c->end - c->p));
	c->p = lf ? lf + 1 : c->end;
	return find_content(c);
}

static bool indicator_at(const struct yaml_cursor *c, char which)
{
	return c->p < c->end && *c->p == which && yaml_blank_at(c, c->p + 1);
}

/* ---- flow collections on one line */

static bool take_flow(struct yaml_cursor *c, const struct slot *slot);

static bool take_flow_node(struct yaml_cursor *c, const struct slot *slot)
{
	struct yaml_scalar s;

	yaml_skip_spaces(c);
	if (c->p < c->end && (*c->p == '[' || *c->p == '{'))
		return take_flow(c, slot);
	if (!yaml_take_scalar(c, true, &s))
		return false;
	place_scalar(c, slot, &s);
	return true;
}

static bool take_flow_member(struct yaml_cursor *c, struct value *table)
{
	struct yaml_scalar key;
	struct slot slot;

	if (!yaml_take_scalar(c, true, &key) || c->p - key.start > LONGEST_KEY || !indicator_at(c, ':') || !open_member(table, &key, &slot))
		return false;
	c->p++;
	return take_flow_node(c, &slot) && all_unique(table);
}

static bool take_flow(struct yaml_cursor *c, const struct slot *slot)
{
	bool table = *c->p == '{';
	char close = table ? '}' : ']';
	struct value *v = place(c, slot, table ? VALUE_TABLE : VALUE_LIST, c->p++);
	struct slot element = { .parent = v };

	v->inline_form = true;
	if (c->depth++ == LIMIT_YAML_DEPTH)
		return false;
	for (bool more = true; yaml_skip_spaces(c), c->p < c->end && *c->p != close;) {
		if (!more || !(table ? take_flow_member(c, v) : take_flow_node(c, &element)))
			return false;
		yaml_skip_spaces(c);
		more = c->p < c->end && *c->p == ',';
		c->p += more;
	}
	if (c->p == c->end)
		return false;
	c->p++;
	c->depth--;
	return true;
}

/* ---- blocks: each function begins at the first content of its node and ends at the next content behind it */

static bool take_text(struct yaml_cursor *c, const struct slot *slot, ptrdiff_t outer)
{
	struct yaml_scalar s = { .quoted = true, .start = c->p };

	if (!yaml_take_block_text(c, outer, &s.text))
		return false;
	place_scalar(c, slot, &s);
	return find_content(c);
}

/* The `- ` entries at column `own`; one that stands for a mapping's value may have the mapping's column. */
static bool take_sequence(struct yaml_cursor *c, const struct slot *slot, ptrdiff_t own)
{
	struct slot element = { .parent = place(c, slot, VALUE_LIST, c->p) };

	if (c->depth++ == LIMIT_YAML_DEPTH)
		return false;
	do {
		struct yaml_scalar none = { .text = { c->p + 1, 0 }, .start = c->p + 1 };
		c->p++;
		yaml_skip_spaces(c);
		if (yaml_break_at(c, c->p) || *c->p == '#') {
			if (!end_line(c))
				return false;
			if (c->column <= own) {
				place_scalar(c, &element, &none);
				continue;
			}
		} else
			c->column = c->p - c->line;
		if (!take_node(c, &element, own))
			return false;
	} while (c->column == own && indicator_at(c, '-'));
	c->depth--;
	return c->column <= own;
}

/* What follows the `:` of a block mapping at column `own`. */
static bool take_member_value(struct yaml_cursor *c, const struct slot *slot, ptrdiff_t own)
{
	struct yaml_scalar s = { .text = { c->p, 0 }, .start = c->p };

	yaml_skip_spaces(c);
	if (yaml_break_at(c, c->p) || *c->p == '#') {
		if (!end_line(c))
			return false;
		if (c->column > own)
			return take_node(c, slot, own);
		if (c->column == own && indicator_at(c, '-'))
			return take_sequence(c, slot, own);
		place_scalar(c, slot, &s);
		return true;
	}
	switch (*c->p) {
	case '|': case '>':
		return take_text(c, slot, own);
	case '[': case '{':
		return take_flow(c, slot) && end_line(c);
	default:
		if (!yaml_take_scalar(c, false, &s))
			return false;
		place_scalar(c, slot, &s);
		return end_line(c);
	}
}

/* A key up to and with its `:`, simple or behind a `?` with the `:` on a line of its own. */
static bool take_key(struct yaml_cursor *c, ptrdiff_t own, struct yaml_scalar *key)
{
	bool simple = !indicator_at(c, '?');

	if (!simple) {
		c->p++;
		yaml_skip_spaces(c);
	}
	if (!yaml_take_scalar(c, false, key))
		return false;
	yaml_skip_spaces(c);
	if (simple ? c->p - key->start > LONGEST_KEY : !end_line(c) || c->column != own)
		return false;
	if (!indicator_at(c, ':'))
		return false;
	c->p++;
	return true;
}

/* The members at column `own`; the first key is already read. */
static bool take_mapping(struct yaml_cursor *c, const struct slot *slot, ptrdiff_t own, const char *start, struct yaml_scalar key)
{
	struct value *v = place(c, slot, VALUE_TABLE, start);
	struct slot member;

	if (c->depth++ == LIMIT_YAML_DEPTH)
		return false;
	for (;;) {
		if (!open_member(v, &key, &member) || !take_member_value(c, &member, own) || !all_unique(v))
			return false;
		if (c->column != own)
			break;
		if (!take_key(c, own, &key))
			return false;
	}
	c->depth--;
	return c->column < own;
}

/* A node at c->column, right of the collection around it. */
static bool take_node(struct yaml_cursor *c, const struct slot *slot, ptrdiff_t outer)
{
	const char *start = c->p;
	ptrdiff_t own = c->column;
	struct yaml_scalar s;

	if (indicator_at(c, '-'))
		return take_sequence(c, slot, own);
	if (indicator_at(c, '?'))
		return take_key(c, own, &s) && take_mapping(c, slot, own, start, s);
	switch (*start) {
	case '|': case '>':
		return take_text(c, slot, outer);
	case '[': case '{':
		return take_flow(c, slot) && end_line(c);
	default:
		break;
	}
	if (!yaml_take_scalar(c, false, &s))
		return false;
	yaml_skip_spaces(c);
	if (indicator_at(c, ':'))
		return c->p++ - start <= LONGEST_KEY && take_mapping(c, slot, own, start, s);
	place_scalar(c, slot, &s);
	return end_line(c);
}

static bool take_documents(struct yaml_cursor *c, struct yaml_documents *out)
{
	static const struct slot root;

	if (!find_content(c) || c->p == c->end)
		return false;
	do {
		if (c->column < 0) { /* --- */
			c->p += 3;
			if (!end_line(c) || c->column < 0)
				return false;
		}
		if (!take_node(c, &root, -1) || c->column >= 0)
			return false;
		*VEC_ADD(c->nodes, out) = c->root;
	} while (c->p < c->end);
	return true;
}

bool yaml_parse_subset(struct arena *nodes, struct arena *texts, struct str text, struct yaml_documents *out)
{
	struct arena_mark mark = arena_mark(nodes), texts_mark = arena_mark(texts);
	size_t bom = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0;
	struct yaml_cursor c = { .nodes = nodes, .texts = texts, .start = text.s, .end = text.s + text.len, .line = text.s + bom,
				 .p = text.s + bom };

	*out = (struct yaml_documents){ 0 };
	if (yaml_is_simple(str_from(text, bom)) && take_documents(&c, out))
		return true;
	arena_pop(nodes, mark);
	if (texts != nodes)
		arena_pop(texts, texts_mark);
	*out = (struct yaml_documents){ 0 };
	return false;
}
