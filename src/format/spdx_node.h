/* The tree between a syntax of SPDX 2 and the model: elements with the fields of the rule table. The JSON and the tag-value
 * reader both build it, the mapping to and from the model and the validator only see it. */
#ifndef FORMAT_SPDX_NODE_H
#define FORMAT_SPDX_NODE_H

#include "format/spdx_rules.h"
#include "syntax/json_writer.h"

struct spdx_node {
	const struct spdx_field *field; /* NULL: a root, or a key that the standard does not know */
	enum spdx_object object;	/* of a root, and of T_OBJECT values */
	struct str key;			/* as written, where field is NULL */
	enum json_type type;		/* JSON_ARRAY: `child` are its values; JSON_OBJECT: its fields; else `text` */
	bool wrong;			/* not the JSON type that the table asks for: only `raw` is set */
	struct str text;		/* decoded string, or the characters of a number or word */
	struct str raw;			/* of a node from JSON: its value as it stands */
	size_t offset;			/* of the value, or DIAG_NO_OFFSET */
	struct spdx_node *child, *last, *next;
};

/* An empty object. */
struct spdx_node *spdx_node_object(struct arena *a, enum spdx_object o);
/* Appends the field's value to an object: for a MANY field to its array, which is made where there is none. For a T_OBJECT
 * field the new object is returned and text is not used. */
struct spdx_node *spdx_node_add(struct arena *a, struct spdx_node *to, enum spdx_field_id id, struct str text);
/* Sets a field from raw JSON. False, and nothing is set, where the JSON is not what the table asks for. */
bool spdx_node_add_raw(struct arena *a, struct spdx_node *to, const struct spdx_field *f, struct str raw);
/* Appends a node that was made apart. */
void spdx_node_hang(struct spdx_node *to, struct spdx_node *n);
/* The node of a field in an object, or NULL; its text, or absent (also where it is of the wrong type). */
struct spdx_node *spdx_node_get(const struct spdx_node *object, enum spdx_field_id id);
struct str spdx_node_text(const struct spdx_node *object, enum spdx_field_id id);

/* for (SPDX_EACH(v, node)): the values of an array node, or the fields of an object; NULL is empty */
#define SPDX_EACH(v, node) struct spdx_node *v = (node) ? (node)->child : NULL; v; v = v->next

/* Reads the object under the cursor; nodes are put on `scratch`, decoded strings on the cursor's arena. Never fails by itself:
 * the cursor does. A scalar where an array is due counts as one of one. */
struct spdx_node *spdx_node_read(struct json_cursor *c, struct arena *scratch, enum spdx_object o);
/* Reads the value under the cursor as the member `key` of an object (f: its field, or NULL) and appends it. */
void spdx_node_take(struct spdx_node *object, const struct spdx_field *f, struct str key, struct json_cursor *c, struct arena *scratch);
/* One value for the field f (not for its array's place: for that, an array). */
struct spdx_node *spdx_node_read_value(struct json_cursor *c, struct arena *scratch, const struct spdx_field *f);
/* Writes an object in the table's order; or only its members, into an object that is open. */
void spdx_node_write(struct json_writer *w, const struct spdx_node *object);
void spdx_node_write_fields(struct json_writer *w, const struct spdx_node *object);
/* The value of a field as compact JSON on the arena: `raw` where it came from JSON. */
struct str spdx_node_json(struct arena *a, const struct spdx_node *value);

#endif
