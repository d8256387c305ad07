/* XML 1.0 with namespaces by expat, strictly: any DOCTYPE is refused (no entities but the five, nothing external), nesting is
 * limited. Big documents come piece by piece: the reader says which elements to enter and which to have as a tree. */
#ifndef SYNTAX_XML_STREAM_H
#define SYNTAX_XML_STREAM_H

#include "base/arena.h"

struct xml_node_attribute {
	struct str space, name, value; /* space: namespace URI, absent for none */
	struct xml_node_attribute *next;
};

struct xml_node {
	struct str space, name;
	struct xml_node_attribute *attributes;
	struct xml_node *child, *last, *next, *parent;
	struct str text; /* all character data directly inside, joined */
	size_t offset;	 /* of '<', a byte of the text that was parsed */
	unsigned depth;	 /* the root has 0 */
	unsigned ordinal; /* from 1, among neighbours of the same name */
};

struct xml_handler {
	void *context;
	/* At an element's start, attributes known: true to enter it, so that its children come one by one; false to have it built
	 * and handed to `done` as a whole. Not asked inside what is being built. May be NULL: the root is built. */
	bool (*enter)(void *context, const struct xml_node *node);
	/* A built element; it is freed after the call: the arena is popped, so that the handler keeps its own things elsewhere. */
	void (*done)(void *context, const struct xml_node *node);
	/* The end of an entered element, with what character data stood directly in it. May be NULL. */
	void (*leave)(void *context, const struct xml_node *node);
};

/* False with *error (static) and *offset. Text is UTF-8 or what its declaration says (expat's: UTF-16, ISO-8859-1, US-ASCII). */
bool xml_stream_parse(struct arena *a, struct str text, const struct xml_handler *h, const char **error, size_t *offset);

const struct xml_node_attribute *xml_node_attribute(const struct xml_node *n, const char *name); /* without a namespace */
const struct xml_node *xml_node_child(const struct xml_node *n, const char *name);

/* ---- writing */
struct buf;
/* Escaped for an element's text or an attribute in double quotes; characters that XML cannot hold become U+FFFD. */
void xml_escape(struct buf *out, struct str s, bool attribute);

#endif
