/* SPDX 2 as JSON, out. */
#include "format/spdx_writing.h"

struct json_emitter {
	struct json_writer j;
	bool open; /* the list's array was begun: empty lists are left out */
};

static void head(void *to, const struct spdx_node *document)
{
	struct json_emitter *e = to;

	json_begin_object(&e->j); /* the lists are members of it too: spdx_json_write() ends it */
	spdx_node_write_fields(&e->j, document);
}

static void begin(void *to, const struct spdx_field *list)
{
	((struct json_emitter *)to)->open = false;
}

static void element(void *to, const struct spdx_field *list, const struct spdx_node *node)
{
	struct json_emitter *e = to;

	if (!e->open) {
		json_put_key(&e->j, list->json);
		json_begin_array(&e->j);
		e->open = true;
	}
	spdx_node_write(&e->j, node);
	buf_checkpoint(e->j.out);
}

static void end(void *to, const struct spdx_field *list)
{
	struct json_emitter *e = to;

	if (e->open)
		json_end_array(&e->j);
	else if (list->id == F_DOCUMENT_PACKAGES) {
		json_put_key(&e->j, list->json);
		json_begin_array(&e->j);
		json_end_array(&e->j);
	}
}

enum result spdx_json_write(struct format_writing *w)
{
	struct json_emitter e = { 0 };
	struct spdx_emitter emit = { .to = &e, .underscores = true, .head = head, .begin = begin, .element = element, .end = end };

	json_writer_init(&e.j, w->out, false);
	enum result result = spdx_write(w, &emit);
	json_end_object(&e.j);
	buf_addc(w->out, '\n');
	return result;
}
