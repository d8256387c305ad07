/* SPDX 2 as tag-value, out: the tags of the rule table in its order. */
#include "format/spdx_tag.h"
#include "format/spdx_writing.h"

static void put_tag(struct buf *out, const char *tag)
{
	buf_adds(out, tag);
	buf_adds(out, ": ");
}

/* Text over several lines (and what could be taken for a tag's end) in <text>. */
static void put_value(struct buf *out, const struct spdx_field *f, struct str text)
{
	bool wrap = f->type == T_TEXT && !str_is(text, "NOASSERTION") && !str_is(text, "NONE");

	if (!wrap) {
		buf_add(out, text);
		return;
	}
	buf_adds(out, "<text>");
	while (text.len) { /* the end mark cannot be escaped */
		size_t end = str_find(text, STR("</text>"), 0);
		buf_add(out, str_sub(text, 0, end == STR_NOT_FOUND ? text.len : end));
		if (end == STR_NOT_FOUND)
			break;
		buf_adds(out, "< /text>");
		text = str_from(text, end + 7);
	}
	buf_adds(out, "</text>");
}

static void put_object(struct buf *out, const struct spdx_node *object);

static void put_annotation(struct buf *out, const struct spdx_node *a, struct str element)
{
	static const enum spdx_field_id order[] = { F_ANNOTATION_ANNOTATOR, F_ANNOTATION_DATE, F_ANNOTATION_TYPE, F_ANNOTATION_ELEMENT,
						    F_ANNOTATION_COMMENT };

	buf_addc(out, '\n');
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		const struct spdx_field *f = &spdx_fields[order[i]];
		put_tag(out, f->tag);
		put_value(out, f, f->id == F_ANNOTATION_ELEMENT ? element : spdx_node_text(a, f->id));
		buf_addc(out, '\n');
	}
}

static void put_single(struct buf *out, const struct spdx_field *f, const struct spdx_node *n)
{
	if (n->wrong || f->type != T_OBJECT) {
		if (!n->wrong && (n->text.len || f->flags & REQ)) {
			put_tag(out, f->tag);
			put_value(out, f, n->text);
			buf_addc(out, '\n');
		}
		return;
	}
	if (f->id == F_SNIPPET_RANGES) {
		for (int lines = 0; lines < 2; lines++) {
			size_t before = out->len;
			put_tag(out, lines ? "SnippetLineRange" : f->tag);
			if (spdx_range_write(out, n, lines))
				buf_addc(out, '\n');
			else
				out->len = before;
		}
		return;
	}
	if (f->id == F_PACKAGE_CODE || spdx_object_form(n->object)) {
		put_tag(out, f->tag);
		if (f->id == F_PACKAGE_CODE)
			spdx_code_write(out, n);
		else
			spdx_form_write(out, n);
		buf_addc(out, '\n');
	}
	put_object(out, n);
}

/* The fields of an object that have tags of their own. */
static void put_object(struct buf *out, const struct spdx_node *object)
{
	size_t i, end;

	spdx_object_fields(object->object, &i, &end);
	for (; i < end; i++) {
		const struct spdx_field *f = &spdx_fields[i];
		const struct spdx_node *n = spdx_node_get(object, (enum spdx_field_id)i);
		bool inner = f->type == T_OBJECT && !*f->tag && (f->of == O_CREATION || f->of == O_ARTIFACT || f->of == O_REVIEW);
		if (!n || f->object != object->object || (!*f->tag && !inner))
			continue;
		if (n->type != JSON_ARRAY)
			put_single(out, f, n);
		else
			for (SPDX_EACH(v, n))
				put_single(out, f, v);
	}
}

static void put_annotations(struct buf *out, const struct spdx_node *object, enum spdx_field_id list, struct str element)
{
	for (SPDX_EACH(a, spdx_node_get(object, list)))
		put_annotation(out, a, element);
}

static void head(void *to, const struct spdx_node *document)
{
	put_object(to, document);
	put_annotations(to, document, F_DOCUMENT_ANNOTATIONS, STR(SPDX_DOCUMENT_ID));
}

static void begin(void *to, const struct spdx_field *list)
{
	if (list->id == F_DOCUMENT_RELATIONSHIPS)
		buf_addc(to, '\n');
}

static void element(void *to, const struct spdx_field *list, const struct spdx_node *node)
{
	if (list->id == F_DOCUMENT_RELATIONSHIPS) {
		put_single(to, list, node);
		return;
	}
	buf_addc(to, '\n');
	put_object(to, node);
	if (list->id == F_DOCUMENT_PACKAGES)
		put_annotations(to, node, F_PACKAGE_ANNOTATIONS, spdx_node_text(node, F_PACKAGE_ID));
	else if (list->id == F_DOCUMENT_FILES)
		put_annotations(to, node, F_FILE_ANNOTATIONS, spdx_node_text(node, F_FILE_ID));
	else if (list->id == F_DOCUMENT_SNIPPETS)
		put_annotations(to, node, F_SNIPPET_ANNOTATIONS, spdx_node_text(node, F_SNIPPET_ID));
	buf_checkpoint(to);
}

static void end(void *to, const struct spdx_field *list)
{
	(void)to;
	(void)list;
}

enum result spdx_tag_write(struct format_writing *w)
{
	/* Files stand before the packages: those behind one would be taken to be part of it. */
	struct spdx_emitter emit = { .to = w->out, .files_first = true, .head = head, .begin = begin, .element = element, .end = end };

	return spdx_write(w, &emit);
}
