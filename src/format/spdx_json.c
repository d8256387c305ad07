/* SPDX 2 as JSON: the document element by element, each built as a tree on scratch memory and gone when it is in the model. */
#include "base/diag.h"
#include "format/spdx.h"

bool spdx_json_detect(struct str text)
{
	struct json_cursor c;
	struct str key;
	bool found = false;

	text = str_trim(text);
	if (!text.len || (text.s[0] != '{' && !str_starts(text, STR("\xef\xbb\xbf"))) || !str_has(text, STR("\"spdxVersion\"")))
		return false;
	struct arena *scratch = arena_new(0);
	json_open(&c, scratch, text);
	if (json_enter_object(&c))
		while (!found && json_next_key(&c, &key)) {
			found = str_is(key, "spdxVersion");
			if (!found)
				json_skip(&c);
		}
	arena_free(scratch);
	return found;
}

static void read_elements(struct spdx_reading *r, struct json_cursor *c, const struct spdx_field *f)
{
	if (json_peek(c) != JSON_ARRAY) {
		if (json_peek(c) != JSON_NULL)
			spdx_notice(r, SPDX_NOTICE_VALUE, json_offset(c), str_of(f->json));
		json_skip(c);
		return;
	}
	/* Nodes go on an arena of their own, because r->scratch grows meanwhile. */
	struct arena *nodes = arena_new(0);
	struct arena_mark start = arena_mark(nodes);
	json_enter_array(c);
	while (json_next(c)) {
		arena_pop(nodes, start);
		if (json_peek(c) != JSON_OBJECT) {
			spdx_notice(r, SPDX_NOTICE_VALUE, json_offset(c), str_of(f->json));
			json_skip(c);
			continue;
		}
		const struct spdx_node *node = spdx_node_read(c, nodes, (enum spdx_object)f->of);
		if (json_failed(c))
			break;
		((struct spdx_node *)node)->raw = str_sub(c->text, node->offset, json_offset(c) - node->offset);
		switch (f->id) {
		case F_DOCUMENT_PACKAGES:
			spdx_read_package(r, node);
			break;
		case F_DOCUMENT_FILES:
			spdx_read_file(r, node);
			break;
		case F_DOCUMENT_SNIPPETS:
			spdx_read_snippet(r, node);
			break;
		case F_DOCUMENT_EXTRACTED:
			spdx_read_extracted(r, node);
			break;
		default:
			spdx_read_relation(r, node);
			break;
		}
	}
	arena_free(nodes);
}

static bool is_element_list(const struct spdx_field *f)
{
	return f && (f->id == F_DOCUMENT_PACKAGES || f->id == F_DOCUMENT_FILES || f->id == F_DOCUMENT_SNIPPETS ||
		     f->id == F_DOCUMENT_EXTRACTED || f->id == F_DOCUMENT_RELATIONSHIPS);
}

static void read_document(struct spdx_reading *r, struct json_cursor *c)
{
	bool seen[F_COUNT] = { false };
	struct str key;

	json_enter_object(c);
	while (json_next_key(c, &key)) {
		const struct spdx_field *f = spdx_field_by_json(O_DOCUMENT, key);
		if (f && seen[f->id]) {
			json_fail(c, json_offset(c), "this key stands twice in the document");
			return;
		}
		if (f)
			seen[f->id] = true;
		if (is_element_list(f)) {
			read_elements(r, c, f);
		} else if (f) {
			struct spdx_node *node = spdx_node_read_value(c, r->scratch, f);
			if (!json_failed(c))
				spdx_read_document_field(r, node);
		} else {
			struct spdx_node node = { .key = key, .type = json_peek(c), .wrong = true, .offset = json_offset(c) };
			node.raw = json_read_raw(c);
			if (!json_failed(c))
				spdx_read_document_field(r, &node);
		}
	}
}

/* OK, or the diagnostic and what is still of use. */
static enum result judge(struct spdx_reading *r, struct json_cursor *c)
{
	struct bom *b = r->bom;

	if (json_failed(c)) {
		b->incomplete = true;
		diag_add(b->diags, SEV_ERROR, "input.syntax", r->path, c->error_offset, "%s; make the SBOM again, or mend it here", c->error);
		return b->ncomponents ? PARTIAL : FAILED;
	}
	enum result result = spdx_check_version(r);
	if (!json_close(c)) { /* another document, perhaps; one such file is known in the wild */
		b->incomplete = true;
		diag_add(b->diags, SEV_ERROR, "input.trailing", r->path, c->error_offset, "there is text behind the end of the document; it was not read");
		result = result_worse(result, PARTIAL);
	}
	return result;
}

enum result spdx_json_read(struct bom *b, struct str path, struct str text)
{
	struct spdx_reading r;
	struct json_cursor c;

	spdx_reading_open(&r, b, path);
	b->document.syntax = STR("json");
	spdx_make_room(b, text, STR("\"SPDXID\""), STR("\"relationshipType\""));
	json_open(&c, b->arena, text);
	read_document(&r, &c);
	enum result result = judge(&r, &c);
	return result_worse(result, spdx_reading_close(&r));
}
