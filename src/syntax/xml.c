#include "syntax/xml.h"

#include <expat.h>

#include "base/limits.h"

#define SEPARATOR '\x01' /* between namespace and local name: no character of XML */

struct reader {
	struct arena *arena;
	XML_Parser parser;
	struct xml *root, *here;
	unsigned depth;
	const char *why;
	size_t wrong;
};

static void stop(struct reader *r, const char *why)
{
	if (r->why)
		return;
	r->why = why;
	r->wrong = (size_t)XML_GetCurrentByteIndex(r->parser);
	XML_StopParser(r->parser, XML_FALSE);
}

static void split_name(struct arena *a, const char *whole, struct str *space, struct str *name)
{
	const char *sep = strchr(whole, SEPARATOR);

	*space = sep ? arena_str(a, str_make(whole, (size_t)(sep - whole))) : STR_NONE;
	*name = arena_str(a, str_of(sep ? sep + 1 : whole));
}

static void XMLCALL start(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = data;
	struct xml *x;

	if (r->why)
		return;
	if (++r->depth > LIMIT_XML_DEPTH) {
		stop(r, "nested too deeply");
		return;
	}
	x = ARENA_NEW(r->arena, struct xml);
	split_name(r->arena, name, &x->space, &x->name);
	x->offset = (size_t)XML_GetCurrentByteIndex(r->parser);
	struct xml_attribute **last = &x->attributes;
	for (; *attributes; attributes += 2) {
		struct xml_attribute *at = *last = ARENA_NEW(r->arena, struct xml_attribute);
		split_name(r->arena, attributes[0], &at->space, &at->name);
		at->value = arena_str(r->arena, str_of(attributes[1]));
		last = &at->next;
	}
	x->parent = r->here;
	if (r->here) {
		if (r->here->last)
			r->here->last->next = x;
		else
			r->here->child = x;
		r->here->last = x;
	} else {
		r->root = x;
	}
	r->here = x;
}

static void XMLCALL end(void *data, const XML_Char *name)
{
	struct reader *r = data;

	if (r->why)
		return;
	r->here->text = str_trim(r->here->text);
	if (!r->here->text.len)
		r->here->text = STR_NONE;
	r->here = r->here->parent;
	r->depth--;
}

static void XMLCALL characters(void *data, const XML_Char *s, int len)
{
	struct reader *r = data;
	struct xml *x = r->here;
	size_t n = (size_t)len;

	if (r->why || !x || (!x->text.len && !str_trim(str_make(s, n)).len))
		return;
	if (x->text.len + n > x->cap) { /* doubled, so that many small pieces cost no more than one copy each */
		size_t cap = (x->text.len + n) * 2;
		x->text.s = arena_grow(r->arena, (char *)x->text.s, x->cap, cap, 1);
		x->cap = cap;
	}
	memcpy((char *)x->text.s + x->text.len, s, n);
	x->text.len += n;
}

static void XMLCALL doctype(void *data, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
	stop(data, "a DOCTYPE is refused: it could pull in other files and grow without bounds");
}

struct xml *xml_parse(struct arena *a, struct str text, struct str *error, size_t *offset)
{
	struct reader r = { .arena = a };
	size_t at = 0;

	r.parser = XML_ParserCreateNS(NULL, SEPARATOR);
	if (!r.parser) {
		*error = STR("no memory for the XML parser");
		*offset = 0;
		return NULL;
	}
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, start, end);
	XML_SetCharacterDataHandler(r.parser, characters);
	XML_SetStartDoctypeDeclHandler(r.parser, doctype);
	do {
		size_t n = text.len - at < (1 << 24) ? text.len - at : 1 << 24;
		bool last = at + n == text.len;
		if (XML_Parse(r.parser, text.s ? text.s + at : "", (int)n, last) != XML_STATUS_OK && !r.why) {
			r.why = XML_ErrorString(XML_GetErrorCode(r.parser));
			r.wrong = (size_t)XML_GetCurrentByteIndex(r.parser);
		}
		at += n;
	} while (!r.why && at < text.len);
	XML_ParserFree(r.parser);
	if (!r.why && r.root)
		return r.root;
	*error = str_of(r.why ? r.why : "there is no element");
	*offset = r.wrong > text.len ? text.len : r.wrong;
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

struct str xml_attribute(const struct xml *x, const char *name)
{
	for (const struct xml_attribute *at = x ? x->attributes : NULL; at; at = at->next)
		if (str_is(at->name, name))
			return at->value;
	return STR_NONE;
}

struct str xml_library_version(struct arena *a)
{
	return arena_printf(a, "%s", XML_ExpatVersion());
}
