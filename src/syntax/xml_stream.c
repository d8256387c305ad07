/* The one file that includes expat.h. */
#include "syntax/xml_stream.h"

#include <expat.h>

#include "base/buf.h"
#include "base/limits.h"

#define SEPARATOR '\n' /* between namespace and name: no URI has one */

struct frame {
	struct arena_mark mark; /* before the element: popped when a built element is done */
	struct xml_node *node;
	size_t text_cap;
	struct str child_name; /* of the last child, and its ordinal */
	unsigned child_ordinal;
};

struct parsing {
	struct arena *arena;  /* of what is built */
	struct arena *frames_arena;
	const struct xml_handler *h;
	XML_Parser parser;
	struct frame *frames;
	size_t depth, frames_cap;
	size_t built; /* depth of the element being built + 1; 0: none */
	const char *error;
	size_t error_offset;
};

static void fail(struct parsing *p, const char *why)
{
	if (!p->error) {
		p->error = why;
		p->error_offset = (size_t)XML_GetCurrentByteIndex(p->parser);
		XML_StopParser(p->parser, XML_FALSE);
	}
}

static void split_name(struct arena *a, const char *full, struct str *space, struct str *name)
{
	const char *cut = strrchr(full, SEPARATOR);

	*space = cut ? arena_str(a, str_make(full, (size_t)(cut - full))) : STR_NONE;
	*name = arena_str(a, str_of(cut ? cut + 1 : full));
}

static void XMLCALL on_start(void *context, const XML_Char *full, const XML_Char **attributes)
{
	struct parsing *p = context;
	struct xml_node_attribute **end;

	if (p->error)
		return;
	if (p->depth >= LIMIT_XML_DEPTH) {
		fail(p, "nested too deeply");
		return;
	}
	if (p->depth == p->frames_cap) {
		size_t cap = p->frames_cap ? p->frames_cap * 2 : 32;
		p->frames = arena_grow(p->frames_arena, p->frames, p->frames_cap, cap, sizeof *p->frames);
		p->frames_cap = cap;
	}
	struct frame *f = &p->frames[p->depth];
	*f = (struct frame){ .mark = arena_mark(p->arena) };
	struct xml_node *n = f->node = ARENA_NEW(p->arena, struct xml_node);
	split_name(p->arena, full, &n->space, &n->name);
	n->offset = (size_t)XML_GetCurrentByteIndex(p->parser);
	n->depth = (unsigned)p->depth;
	n->parent = p->depth ? p->frames[p->depth - 1].node : NULL;
	end = &n->attributes;
	n->ordinal = 1;
	if (p->depth) {
		struct frame *up = &p->frames[p->depth - 1];
		n->ordinal = str_eq(up->child_name, n->name) ? up->child_ordinal + 1 : 1;
		up->child_ordinal = n->ordinal;
		if (n->ordinal == 1)
			up->child_name = arena_str(p->frames_arena, n->name);
	}
	for (size_t i = 0; attributes[i]; i += 2) {
		struct xml_node_attribute *at = *end = ARENA_NEW(p->arena, struct xml_node_attribute);
		split_name(p->arena, attributes[i], &at->space, &at->name);
		at->value = arena_str(p->arena, str_of(attributes[i + 1]));
		end = &at->next;
	}
	p->depth++;
	if (p->built) {
		struct xml_node *up = n->parent;
		if (up->last)
			up->last->next = n;
		else
			up->child = n;
		up->last = n;
	} else if (!p->h->enter || !p->h->enter(p->h->context, n)) {
		p->built = p->depth;
	}
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
	struct parsing *p = context;

	(void)name;
	if (p->error || !p->depth)
		return;
	struct frame *f = &p->frames[--p->depth];
	if (p->built == p->depth + 1) {
		p->h->done(p->h->context, f->node);
		p->built = 0;
		arena_pop(p->arena, f->mark);
	} else if (!p->built) {
		if (p->h->leave)
			p->h->leave(p->h->context, f->node);
		arena_pop(p->arena, f->mark);
	}
}

static void XMLCALL on_text(void *context, const XML_Char *s, int len)
{
	struct parsing *p = context;

	if (p->error || !p->depth)
		return;
	struct frame *f = &p->frames[p->depth - 1];
	struct xml_node *n = f->node;
	/* Blanks between elements are no text; in an entered element nothing but blanks is expected, and kept small. */
	if (n->child && !n->text.len) {
		bool blank = true;
		for (int i = 0; i < len && blank; i++)
			blank = ascii_blank(s[i]);
		if (blank)
			return;
	}
	if (!p->built && n->text.len + (size_t)len > 4096)
		return;
	if (n->text.len + (size_t)len + 1 > f->text_cap) {
		size_t cap = (n->text.len + (size_t)len + 1) * (f->text_cap ? 2 : 1);
		n->text.s = arena_grow(p->arena, (void *)(uintptr_t)n->text.s, f->text_cap, cap, 1);
		f->text_cap = cap;
	}
	memcpy((char *)(uintptr_t)n->text.s + n->text.len, s, (size_t)len);
	n->text.len += (size_t)len;
}

static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *sysid, const XML_Char *pubid, int internal)
{
	(void)name, (void)sysid, (void)pubid, (void)internal;
	fail(context, "a DOCTYPE: entities and external definitions are refused; leave the line out");
}

bool xml_stream_parse(struct arena *a, struct str text, const struct xml_handler *h, const char **error, size_t *offset)
{
	struct parsing p = { .arena = a, .frames_arena = arena_new(0), .h = h };
	const size_t step = (size_t)1 << 20;

	p.parser = XML_ParserCreateNS(NULL, SEPARATOR);
	XML_SetUserData(p.parser, &p);
	XML_SetElementHandler(p.parser, on_start, on_end);
	XML_SetCharacterDataHandler(p.parser, on_text);
	XML_SetStartDoctypeDeclHandler(p.parser, on_doctype);
	for (size_t at = 0; at <= text.len && !p.error; at += step) {
		struct str part = str_sub(text, at, step);
		if (XML_Parse(p.parser, part.len ? part.s : "", (int)part.len, at + part.len >= text.len) == XML_STATUS_ERROR && !p.error) {
			p.error = XML_ErrorString(XML_GetErrorCode(p.parser));
			p.error_offset = (size_t)XML_GetCurrentByteIndex(p.parser);
		}
		if (at + part.len >= text.len)
			break;
	}
	XML_ParserFree(p.parser);
	arena_free(p.frames_arena);
	*error = p.error;
	*offset = p.error_offset < text.len ? p.error_offset : text.len;
	return !p.error;
}

const struct xml_node_attribute *xml_node_attribute(const struct xml_node *n, const char *name)
{
	for (const struct xml_node_attribute *a = n->attributes; a; a = a->next)
		if (!a->space.s && str_is(a->name, name))
			return a;
	return NULL;
}

const struct xml_node *xml_node_child(const struct xml_node *n, const char *name)
{
	for (const struct xml_node *c = n->child; c; c = c->next)
		if (str_is(c->name, name))
			return c;
	return NULL;
}

void xml_escape(struct buf *out, struct str s, bool attribute)
{
	size_t start = 0;

	while (s.len) {
		size_t good = str_utf8_valid(s);
		for (size_t i = 0; i < good; i++) {
			unsigned char c = (unsigned char)s.s[i];
			const char *as = c == '<'		 ? "&lt;" :
					 c == '>'		 ? "&gt;" :
					 c == '&'		 ? "&amp;" :
					 c == '"' && attribute	 ? "&quot;" :
					 c == '\n' && attribute	 ? "&#10;" :
					 c == '\t' && attribute	 ? "&#9;" :
					 c == '\r'		 ? "&#13;" :
					 c < 0x20 && c != '\n' && c != '\t' ? "\xef\xbf\xbd" :
					 c == 0xef && i + 2 < good && (unsigned char)s.s[i + 1] == 0xbf &&
						 (unsigned char)s.s[i + 2] >= 0xbe ? "\xef\xbf\xbd" :
								  NULL;
			if (!as)
				continue;
			buf_add(out, str_sub(s, start, i - start));
			buf_adds(out, as);
			if (c == 0xef)
				i += 2;
			start = i + 1;
		}
		buf_add(out, str_sub(s, start, good - start));
		s = str_from(s, good);
		start = 0;
		if (s.len) {
			buf_adds(out, "\xef\xbf\xbd");
			s = str_from(s, 1);
		}
	}
}
