/* The one file that includes yaml.h: all of YAML, for what the fast path does not take. libyaml's document loader is quadratic and has no limits; its events are neither. */
#include "syntax/yaml_parser.h"

#include <yaml.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/vec.h"

#define MOST_NODES_OF_ALIASES 1000000 /* what aliases may add in one text, counted as if written out */

struct anchor {
	const struct value *value;
	size_t nodes; /* below and with it, aliases written out */
	bool open;    /* its collection has not ended yet */
};

struct level {
	struct value *node;
	struct str key; /* of a table: waiting for its value */
	size_t key_offset;
	bool have_key;
	struct anchor *anchor;
	size_t nodes_before;
};

struct builder {
	struct arena *nodes, *texts;
	struct str text;
	yaml_parser_t parser;
	struct level stack[LIMIT_YAML_DEPTH];
	size_t depth;
	struct value *root;
	bool allow_aliases;
	struct map anchors;
	size_t count, from_aliases;
	/* libyaml counts characters, we want bytes: where it last was, in both. */
	bool ascii;
	size_t characters, bytes, bom;
	struct str error;
	size_t error_offset;
};

static bool is_ascii(struct str s)
{
	size_t i = 0;

	for (uint64_t w; s.len - i >= 8; i += 8) {
		memcpy(&w, s.s + i, 8);
		if (w & 0x8080808080808080ull)
			return false;
	}
	for (; i < s.len; i++)
		if ((unsigned char)s.s[i] >= 0x80)
			return false;
	return true;
}

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t offset_of(struct builder *b, size_t character)
{
	if (b->ascii)
		return character + b->bom < b->text.len ? character + b->bom : b->text.len;
	while (b->characters < character && b->bytes < b->text.len) {
		b->bytes++;
		while (b->bytes < b->text.len && continues(b->text.s[b->bytes]))
			b->bytes++;
		b->characters++;
	}
	while (b->characters > character && b->bytes > b->bom) {
		b->bytes--;
		while (b->bytes > b->bom && continues(b->text.s[b->bytes]))
			b->bytes--;
		b->characters--;
	}
	return b->bytes;
}

static bool refuse(struct builder *b, size_t offset, const char *why)
{
	if (!b->error.s) {
		b->error = str_of(why);
		b->error_offset = offset;
	}
	return false;
}

/* The bytes of a scalar: the text itself where it stands there as it is, else a copy. */
static struct str scalar_text(struct builder *b, const yaml_event_t *e, size_t offset)
{
	struct str s = str_make((const char *)e->data.scalar.value, e->data.scalar.length);
	size_t at = offset + (e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE);

	if (at <= b->text.len && b->text.len - at >= s.len && memcmp(b->text.s + at, s.s, s.len) == 0)
		return str_sub(b->text, at, s.len);
	return arena_str(b->texts, s);
}

static enum value_type type_of(const yaml_event_t *e, struct str text)
{
	const char *tag = (const char *)e->data.scalar.tag;

	if (e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return VALUE_STRING;
	if (tag && (strcmp(tag, "!") == 0 || strcmp(tag, "tag:yaml.org,2002:str") == 0))
		return VALUE_STRING;
	return yaml_resolve(text);
}

static const char twice[] = "this key stands twice in one mapping";

/* Puts a new node where it belongs: as root, element or member. */
static struct value *place(struct builder *b, enum value_type type, size_t offset)
{
	b->count++;
	if (b->depth == 0)
		return b->root = value_add(b->nodes, NULL, type, STR_NONE, offset);
	struct level *up = &b->stack[b->depth - 1];
	if (up->node->type == VALUE_LIST)
		return value_add(b->nodes, up->node, type, STR_NONE, offset);
	if (!up->have_key) {
		refuse(b, offset, "a key must be a plain or quoted text here");
		return NULL;
	}
	bool unique;
	up->have_key = false;
	struct value *v = value_add(b->nodes, up->node, type, up->key, up->key_offset);
	value_indexed(up->node, &unique);
	if (unique)
		return v;
	refuse(b, up->key_offset, twice);
	return NULL;
}

static struct anchor *new_anchor(struct builder *b, const yaml_char_t *name)
{
	if (!name)
		return NULL;
	struct anchor *it = ARENA_NEW(b->nodes, struct anchor);
	map_put(&b->anchors, arena_str(b->nodes, str_of((const char *)name)), NULL)->value.ptr = it;
	return it;
}

static bool waits_for_key(const struct builder *b)
{
	return b->depth && b->stack[b->depth - 1].node->type == VALUE_TABLE && !b->stack[b->depth - 1].have_key;
}

static bool take_key(struct builder *b, struct str key, size_t offset)
{
	struct level *up = &b->stack[b->depth - 1];
	bool unique;

	/* A large table tells when the member is added. */
	if (!value_indexed(up->node, &unique) && value_get_str(up->node, key))
		return refuse(b, offset, twice);
	up->key = key;
	up->key_offset = offset;
	up->have_key = true;
	return true;
}

static bool on_scalar(struct builder *b, const yaml_event_t *e, size_t offset)
{
	struct str text = scalar_text(b, e, offset);

	if (e->data.scalar.anchor && !b->allow_aliases)
		return refuse(b, offset, "anchors and aliases are not taken here");
	if (memchr(text.s, 0, text.len))
		return refuse(b, offset, "a NUL character in a text");
	bool key = waits_for_key(b);
	struct value *v = key ? NULL : place(b, type_of(e, text), offset);
	if (key && e->data.scalar.anchor)
		v = value_add(b->nodes, NULL, type_of(e, text), STR_NONE, offset);
	if (v) {
		v->text = text;
		v->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		struct anchor *anchor = new_anchor(b, e->data.scalar.anchor);
		if (anchor)
			*anchor = (struct anchor){ .value = v, .nodes = 1 };
	}
	return key ? take_key(b, text, offset) : v != NULL;
}

static bool on_start(struct builder *b, enum value_type type, bool flow, const yaml_char_t *anchor, size_t offset)
{
	if (anchor && !b->allow_aliases)
		return refuse(b, offset, "anchors and aliases are not taken here");
	if (b->depth == LIMIT_YAML_DEPTH)
		return refuse(b, offset, "nested too deeply");
	struct value *v = place(b, type, offset);
	if (!v)
		return false;
	v->inline_form = flow;
	struct level *l = &b->stack[b->depth++];
	*l = (struct level){ .node = v, .nodes_before = b->count - 1, .anchor = new_anchor(b, anchor) };
	if (l->anchor)
		*l->anchor = (struct anchor){ .value = v, .open = true };
	return true;
}

static void on_end(struct builder *b)
{
	struct level *l = &b->stack[--b->depth];

	if (l->anchor) {
		l->anchor->open = false;
		l->anchor->nodes = b->count - l->nodes_before;
	}
}

static bool on_alias(struct builder *b, const yaml_event_t *e, size_t offset)
{
	if (!b->allow_aliases)
		return refuse(b, offset, "anchors and aliases are not taken here");
	struct map_entry *entry = map_get(&b->anchors, str_of((const char *)e->data.alias.anchor));
	const struct anchor *anchor = entry ? entry->value.ptr : NULL;
	if (!anchor || anchor->open)
		return refuse(b, offset, anchor ? "an alias inside of what it stands for" : "an alias without its anchor");
	if (waits_for_key(b)) {
		if (!anchor->value->text.s)
			return refuse(b, offset, "a key must be a plain or quoted text here");
		return take_key(b, anchor->value->text, offset);
	}
	b->from_aliases += anchor->nodes;
	if (b->from_aliases > MOST_NODES_OF_ALIASES)
		return refuse(b, offset, "aliases grow past a million values");
	struct value *v = place(b, anchor->value->type, offset);
	if (!v)
		return false;
	struct value own = *v;
	*v = *anchor->value; /* the children are shared */
	v->key = own.key;
	v->offset = own.offset;
	v->next = own.next;
	b->count += anchor->nodes - 1;
	return true;
}

static bool on_event(struct builder *b, const yaml_event_t *e, struct yaml_documents *out)
{
	size_t offset = offset_of(b, e->start_mark.index);

	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return on_scalar(b, e, offset);
	case YAML_MAPPING_START_EVENT:
		return on_start(b, VALUE_TABLE, e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE, e->data.mapping_start.anchor,
				offset);
	case YAML_SEQUENCE_START_EVENT:
		return on_start(b, VALUE_LIST, e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE,
				e->data.sequence_start.anchor, offset);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		on_end(b);
		return true;
	case YAML_ALIAS_EVENT:
		return on_alias(b, e, offset);
	case YAML_DOCUMENT_START_EVENT:
		b->root = NULL;
		map_init(&b->anchors, b->nodes);
		return true;
	case YAML_DOCUMENT_END_EVENT:
		if (b->root)
			*VEC_ADD(b->nodes, out) = b->root;
		return true;
	default:
		return true;
	}
}

static void parser_failed(struct builder *b)
{
	const yaml_parser_t *p = &b->parser;
	bool reader = p->error == YAML_READER_ERROR;
	size_t at = reader ? p->problem_offset : offset_of(b, p->problem_mark.index);

	b->error = arena_printf(b->texts, "%s%s%s", p->problem ? p->problem : "not YAML", p->context ? " " : "",
				p->context ? p->context : "");
	b->error_offset = at < b->text.len ? at : b->text.len;
}

bool yaml_parse(struct arena *a, struct str text, bool allow_aliases, struct yaml_documents *out, struct str *error, size_t *offset)
{
	return yaml_parse_onto(a, a, text, allow_aliases, out, error, offset);
}

bool yaml_parse_onto(struct arena *nodes, struct arena *texts, struct str text, bool allow_aliases, struct yaml_documents *out, struct str *error,
		     size_t *offset)
{
	size_t bad = str_utf8_valid(text);

	if (bad == text.len)
		return yaml_parse_subset(nodes, texts, text, out) || yaml_parse_events(nodes, texts, text, allow_aliases, out, error, offset);
	*out = (struct yaml_documents){ 0 };
	*error = STR("not valid UTF-8");
	*offset = bad;
	return false;
}

bool yaml_parse_events(struct arena *nodes, struct arena *texts, struct str text, bool allow_aliases, struct yaml_documents *out, struct str *error,
		       size_t *offset)
{
	struct builder *b = ARENA_NEW(nodes, struct builder);
	bool more = true;

	*out = (struct yaml_documents){ 0 };
	*b = (struct builder){ .nodes = nodes, .texts = texts, .text = text, .allow_aliases = allow_aliases };
	map_init(&b->anchors, nodes);
	b->ascii = is_ascii(text);
	b->bytes = b->bom = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0;
	if (b->bom)
		b->ascii = is_ascii(str_from(text, 3));
	if (!yaml_parser_initialize(&b->parser)) {
		*error = STR("out of memory");
		*offset = 0;
		return false;
	}
	yaml_parser_set_encoding(&b->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&b->parser, (const unsigned char *)text.s + b->bom, text.len - b->bom);
	while (more) {
		yaml_event_t event;
		if (!yaml_parser_parse(&b->parser, &event)) {
			parser_failed(b);
			break;
		}
		more = event.type != YAML_STREAM_END_EVENT && on_event(b, &event, out);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&b->parser);
	if (!b->error.s)
		return true;
	*error = b->error;
	*offset = b->error_offset;
	return false;
}

struct str yaml_library_version(struct arena *a)
{
	return arena_printf(a, "libyaml %s", yaml_get_version_string());
}
