/* XML by expat, as a tree. Refused (with a reason and an offset): a DOCTYPE, and so every entity beyond the five of XML; nesting
 * past LIMIT_XML_DEPTH. Names are split into namespace and local name. Text is UTF-8 whatever the document's encoding. */
#ifndef SYNTAX_XML_H
#define SYNTAX_XML_H

#include "base/arena.h"

struct xml_attribute {
	struct str space, name, value;
	struct xml_attribute *next;
};

struct xml {
	struct str space, name; /* namespace URI (absent where none), local name */
	struct str text;	/* all text directly inside, trimmed; absent where there is none */
	struct xml_attribute *attributes;
	struct xml *parent, *child, *last, *next;
	size_t offset;		/* of the start tag in the input */
	size_t cap;		/* of text while it grows; private to xml.c */
};

/* The root element, or NULL with *error (on the arena) and *offset. */
struct xml *xml_parse(struct arena *a, struct str text, struct str *error, size_t *offset);
/* First child element of that local name, or NULL; x may be NULL. */
const struct xml *xml_child(const struct xml *x, const char *name);
/* The same along "a/b/c". */
const struct xml *xml_path(const struct xml *x, const char *path);
/* The text of a child; absent where there is none. */
struct str xml_child_text(const struct xml *x, const char *name);
/* An attribute by its local name; absent where there is none. */
struct str xml_attribute(const struct xml *x, const char *name);
bool xml_is(const struct xml *x, const char *name);

/* for (XML_EACH(e, parent)) … over the child elements; NULL has none */
#define XML_EACH(e, parent_element) const struct xml *e = (parent_element) ? (parent_element)->child : NULL; e; e = e->next

/* The library behind it, for `version`. */
struct str xml_library_version(struct arena *a);

#endif
