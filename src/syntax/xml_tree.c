#include "syntax/xml_tree.h"

struct copier {
	struct arena *arena;
	struct xml *root;
};

static struct str copy_text(struct arena *a, struct str s)
{
	return s.len ? arena_str(a, s) : STR_NONE;
}

/* Depth is bounded by the parser. */
static struct xml *copy(struct arena *a, const struct xml_node *n, struct xml *parent)
{
	struct xml *x = ARENA_NEW(a, struct xml);
	struct xml_attribute **last = &x->attributes;

	x->space = copy_text(a, n->space);
	x->name = arena_str(a, n->name);
	x->text = copy_text(a, str_trim(n->text));
	x->parent = parent;
	x->offset = n->offset;
	for (const struct xml_attribute *from = n->attributes; from; from = from->next) {
		struct xml_attribute *to = *last = ARENA_NEW(a, struct xml_attribute);
		to->space = copy_text(a, from->space);
		to->name = arena_str(a, from->name);
		to->value = arena_str(a, from->value);
		last = &to->next;
	}
	for (const struct xml_node *c = n->child; c; c = c->next) {
		struct xml *child = copy(a, c, x);
		if (x->last)
			x->last->next = child;
		else
			x->child = child;
		x->last = child;
	}
	return x;
}

static void done(void *context, const struct xml_node *node)
{
	struct copier *c = context;

	c->root = copy(c->arena, node, NULL);
}

struct xml *xml_tree_parse(struct arena *a, struct str text, struct str *error, size_t *offset)
{
	struct copier c = { .arena = a };
	struct xml_handler handler = { .context = &c, .done = done };
	struct arena *scratch = arena_new(0); /* the parser frees what it built */
	const char *why = NULL;
	bool good = xml_parse(scratch, text, &handler, &why, offset);

	arena_free(scratch);
	if (good && c.root)
		return c.root;
	if (good)
		*offset = 0;
	*error = str_of(why ? why : "there is no element");
	return NULL;
}

bool xml_is(const struct xml *x, const char *name)
{
	return x && str_is(x->name, name);
}

const struct xml *xml_child(const struct xml *x, const char *name)
{
	for (XML_EACH(e, x))
		if (str_is(e->name, name))
			return e;
	return NULL;
}

const struct xml *xml_path(const struct xml *x, const char *path)
{
	struct str rest = str_of(path);

	while (x && rest.s) {
		struct str name = str_cut(&rest, '/');
		const struct xml *found = NULL;
		for (XML_EACH(e, x))
			if (str_eq(e->name, name)) {
				found = e;
				break;
			}
		x = found;
	}
	return x;
}

struct str xml_child_text(const struct xml *x, const char *name)
{
	const struct xml *c = xml_child(x, name);

	return c ? c->text : STR_NONE;
}

struct str xml_tree_attribute(const struct xml *x, const char *name)
{
	for (const struct xml_attribute *at = x ? x->attributes : NULL; at; at = at->next)
		if (str_is(at->name, name))
			return at->value;
	return STR_NONE;
}
