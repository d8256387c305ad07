#include "match/subject.h"

#include <stddef.h>

#include "base/buf.h"
#include "identity/purl.h"
#include "syntax/json.h"
#include "syntax/json_writer.h"

/* Texts of a component, and of its component_more. */
static const struct {
	const char *name;
	size_t offset;
	bool more;
} texts[] = {
	{ "group", offsetof(struct component, group), false },
	{ "name", offsetof(struct component, name), false },
	{ "version", offsetof(struct component, version), false },
	{ "declared", offsetof(struct component, declared), false },
	{ "purlType", offsetof(struct component, purl_type), false },
	{ "vcs", offsetof(struct component, vcs), false },
	{ "commit", offsetof(struct component, commit), false },
	{ "subpath", offsetof(struct component_more, subpath), true },
	{ "sourceName", offsetof(struct component_more, source_name), true },
	{ "sourceVersion", offsetof(struct component_more, source_version), true },
};

#define NTEXTS (sizeof texts / sizeof texts[0])
#define CERTAINTY "bomgate:certainty" /* "declared minimum": of Go's standard library the line is known, not the release */

static struct str text_of(const struct component *c, size_t i)
{
	const char *from = texts[i].more ? (const char *)component_more(c) : (const char *)c;

	return *(const struct str *)(const void *)(from + texts[i].offset);
}

static void set_text(struct arena *a, struct component *c, size_t i, struct str value)
{
	char *to = texts[i].more ? (char *)component_add_more(a, c) : (char *)c;

	*(struct str *)(void *)(to + texts[i].offset) = value;
}

static struct str certainty_of(const struct component *c)
{
	for (VEC_EACH(const struct property, p, &c->properties))
		if (str_is(p->name, CERTAINTY))
			return p->value;
	return STR_NONE;
}

static void set_certainty(struct arena *a, struct component *c, struct str value)
{
	if (value.len)
		*VEC_ADD(a, &c->properties) = (struct property){ STR(CERTAINTY), value };
}

bool match_is_package(const struct component *c)
{
	return c->type == COMPONENT_LIBRARY || c->type == COMPONENT_FRAMEWORK || c->type == COMPONENT_APPLICATION;
}

struct component match_subject(struct arena *a, const struct component *c)
{
	struct component out = { .type = c->type, .ecosystem = c->ecosystem, .purl = c->purl, .weak = c->weak, .parent = NO_COMPONENT };

	for (size_t i = 0; i < NTEXTS; i++)
		if (text_of(c, i).s)
			set_text(a, &out, i, text_of(c, i));
	set_certainty(a, &out, certainty_of(c));
	return out;
}

/* What is known of it from purl and ecosystem alone. */
static struct component *told(struct arena *a, const struct component *c)
{
	struct diags d;

	diag_init(&d, a);
	struct bom *b = bom_new(a, &d);
	struct component *t = bom_add(b);
	t->purl = c->purl;
	t->ecosystem = c->ecosystem;
	purl_complete(b, t);
	return t;
}

struct str match_subject_text(struct arena *a, const struct component *c)
{
	const struct component *known = told(a, c);
	struct json_writer w;
	struct buf out;

	buf_init(&out, 0);
	json_writer_init(&w, &out, true);
	json_begin_object(&w);
	if (!match_is_package(c)) {
		const char *word = component_type_cyclonedx(c->type);
		json_member(&w, "type", str_of(word ? word : component_type_spdx(c->type)));
	}
	for (size_t i = 0; i < NTEXTS; i++)
		if (!str_eq(text_of(c, i), text_of(known, i)))
			json_member(&w, texts[i].name, text_of(c, i).s ? text_of(c, i) : STR(""));
	json_member_opt(&w, "certainty", certainty_of(c));
	json_end_object(&w);
	struct str text = str_is(buf_str(&out), "{}") ? STR("") : arena_str(a, buf_str(&out));
	buf_free(&out);
	return text;
}

bool match_subject_read(struct arena *a, struct str text, struct component *c)
{
	if (!text.len)
		return true;
	const struct json *tree = json_parse(a, text, NULL, NULL);
	if (json_type(tree) != JSON_OBJECT)
		return false;
	if (json_get(tree, "type") && !component_type_of(json_get_string(tree, "type"), &c->type))
		return false;
	for (size_t i = 0; i < NTEXTS; i++) {
		const struct json *value = json_get(tree, texts[i].name);
		if (value)
			set_text(a, c, i, json_string(value));
	}
	set_certainty(a, c, json_get_string(tree, "certainty"));
	return true;
}
