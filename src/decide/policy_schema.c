#include "decide/policy_schema.h"

#include "decide/policy_parse.h"
#include "syntax/json_writer.h"

#define DAY_PATTERN "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt].*)?$"
#define DURATION_PATTERN "^[0-9]+(s|m|h|d)$"

static void put_reference(struct json_writer *w, const char *section)
{
	struct buf b;

	buf_init(&b, 0);
	buf_printf(&b, "#/$defs/%s", section);
	json_member(w, "$ref", buf_str(&b));
	buf_free(&b);
}

static void put_typed(struct json_writer *w, const char *type, const char *pattern)
{
	json_member(w, "type", str_of(type));
	if (pattern)
		json_member(w, "pattern", str_of(pattern));
}

static void put_words(struct json_writer *w, const char *words)
{
	struct str rest = str_of(words);

	json_put_key(w, "enum");
	json_begin_array(w);
	while (rest.s)
		json_put_string(w, str_cut(&rest, '|'));
	json_end_array(w);
}

/* The values as this file spells them; yes and no may come out of YAML as true and false. */
static void put_point(struct json_writer *w, const struct ssvc_point *p)
{
	json_put_key(w, "enum");
	json_begin_array(w);
	for (unsigned i = 0; i < p->nvalues; i++) {
		struct arena *a = arena_new(0);
		struct str name = arena_lower(a, p->values[i].name);
		json_put_string(w, name);
		if (!str_eq(name, p->values[i].word))
			json_put_string(w, p->values[i].word);
		if (str_is(name, "yes") || str_is(name, "no"))
			json_put_bool(w, str_is(name, "yes"));
		arena_free(a);
	}
	json_end_array(w);
}

static void put_outcome(struct json_writer *w, const struct ssvc_table *t)
{
	json_put_key(w, "anyOf");
	json_begin_array(w);
	json_begin_object(w);
	json_put_key(w, "enum");
	json_begin_array(w);
	for (unsigned i = 0; i < t->outcome->nvalues; i++)
		json_put_string(w, t->outcome->values[i].word);
	json_put_string(w, STR("any"));
	json_put_string(w, STR("never"));
	json_end_array(w);
	json_end_object(w);
	json_begin_object(w);
	json_member(w, "type", STR("string"));
	json_member(w, "description", STR("an outcome of the table that ssvc.table names"));
	json_end_object(w);
	json_end_array(w);
}

static void put_list(struct json_writer *w)
{
	json_put_key(w, "type");
	json_begin_array(w);
	json_put_string(w, STR("array"));
	json_put_string(w, STR("string"));
	json_end_array(w);
	json_put_key(w, "items");
	json_begin_object(w);
	json_member(w, "type", STR("string"));
	json_end_object(w);
}

static void put_value(struct json_writer *w, struct arena *a, const struct key *k)
{
	json_begin_object(w);
	switch (k->type) {
	case KEY_TEXT: put_typed(w, "string", NULL); break;
	case KEY_PURL: put_typed(w, "string", "^pkg:"); break;
	case KEY_DAY: put_typed(w, "string", DAY_PATTERN); break;
	case KEY_WORD: put_words(w, k->words); break;
	case KEY_BOOL: put_typed(w, "boolean", NULL); break;
	case KEY_DURATION: put_typed(w, "string", DURATION_PATTERN); break;
	case KEY_POINT: put_point(w, ssvc_point_by_id(a, str_of(k->words))); break;
	case KEY_OUTCOME: put_outcome(w, ssvc_table_published(a, STR("deployer"))); break;
	case KEY_GLOBS:
	case KEY_TEXTS: put_list(w); break;
	case KEY_SECTION: put_reference(w, k->words); break;
	case KEY_OUTCOMES:
		put_typed(w, "object", NULL);
		json_put_key(w, "additionalProperties");
		json_begin_object(w);
		put_typed(w, "string", DURATION_PATTERN);
		json_end_object(w);
		break;
	case KEY_SECTIONS:
	case KEY_NAMED:
		put_typed(w, k->type == KEY_NAMED ? "object" : "array", NULL);
		json_put_key(w, k->type == KEY_NAMED ? "additionalProperties" : "items");
		json_begin_object(w);
		put_reference(w, k->words);
		json_end_object(w);
		break;
	}
	json_end_object(w);
}

static void put_section(struct json_writer *w, struct arena *a, const char *section)
{
	bool required = false;

	json_member(w, "type", STR("object"));
	json_member_bool(w, "additionalProperties", false);
	json_put_key(w, "properties");
	json_begin_object(w);
	for (size_t i = 0; i < policy_keys_n; i++) {
		const struct key *k = &policy_keys[i];
		if (strcmp(k->section, section) != 0)
			continue;
		required = required || k->flags & KEY_REQUIRED;
		json_put_key(w, k->name);
		json_begin_object(w);
		json_member(w, "description", str_of(k->help));
		json_put_key(w, "anyOf");
		json_begin_array(w);
		put_value(w, a, k);
		json_begin_object(w);
		put_reference(w, "may");
		json_end_object(w);
		json_end_array(w);
		json_end_object(w);
	}
	json_put_key(w, "repository");
	json_begin_object(w);
	json_member(w, "const", STR("may"));
	json_member(w, "description", STR("in a file that others extend: the repository may loosen what stands here"));
	json_end_object(w);
	json_end_object(w);
	if (!required)
		return;
	json_put_key(w, "required");
	json_begin_array(w);
	for (size_t i = 0; i < policy_keys_n; i++)
		if (strcmp(policy_keys[i].section, section) == 0 && policy_keys[i].flags & KEY_REQUIRED)
			json_put_string(w, str_of(policy_keys[i].name));
	json_end_array(w);
}

/* Sections in the order in which their keys first stand in the table. */
static bool first_of_section(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(policy_keys[k].section, policy_keys[i].section) == 0)
			return false;
	return true;
}

void policy_schema(struct arena *a, struct buf *out)
{
	struct json_writer w;

	json_writer_init(&w, out, false);
	json_begin_object(&w);
	json_member(&w, "$schema", STR("https://json-schema.org/draft/2020-12/schema"));
	json_member(&w, "title", STR("bomgate configuration (.github/bomgate.yml)"));
	put_section(&w, a, "");
	json_put_key(&w, "$defs");
	json_begin_object(&w);
	json_put_key(&w, "may");
	json_begin_object(&w);
	json_member(&w, "description", STR("in a file that others extend: a value that the repository may loosen"));
	json_member(&w, "type", STR("object"));
	json_member_bool(&w, "additionalProperties", false);
	json_put_key(&w, "properties");
	json_begin_object(&w);
	json_put_key(&w, "value");
	json_put_bool(&w, true);
	json_put_key(&w, "repository");
	json_begin_object(&w);
	json_member(&w, "const", STR("may"));
	json_end_object(&w);
	json_end_object(&w);
	json_put_key(&w, "required");
	json_begin_array(&w);
	json_put_string(&w, STR("value"));
	json_put_string(&w, STR("repository"));
	json_end_array(&w);
	json_end_object(&w);
	for (size_t i = 0; i < policy_keys_n; i++) {
		if (!*policy_keys[i].section || !first_of_section(i))
			continue;
		json_put_key(&w, policy_keys[i].section);
		json_begin_object(&w);
		put_section(&w, a, policy_keys[i].section);
		json_end_object(&w);
	}
	json_end_object(&w);
	json_end_object(&w);
	buf_addc(out, '\n');
}

/* ---- Markdown */

static void add_type(struct arena *a, struct buf *out, const struct key *k)
{
	static const char *const plain[] = {
		[KEY_TEXT] = "text",	     [KEY_PURL] = "purl",	[KEY_DAY] = "day",	     [KEY_BOOL] = "`true`, `false`",
		[KEY_DURATION] = "duration", [KEY_OUTCOME] = "outcome, `any`, `never`", [KEY_OUTCOMES] = "outcome to duration",
		[KEY_GLOBS] = "globs",	     [KEY_TEXTS] = "list",	[KEY_SECTION] = "mapping",   [KEY_SECTIONS] = "list of mappings",
		[KEY_NAMED] = "mapping by name",
	};
	struct str rest;

	if (k->type == KEY_POINT) {
		const struct ssvc_point *p = ssvc_point_by_id(a, str_of(k->words));
		for (unsigned i = 0; i < p->nvalues; i++)
			buf_printf(out, "%s`%.*s`", i ? ", " : "", STR_ARG(arena_lower(a, p->values[i].name)));
		return;
	}
	if (k->type != KEY_WORD) {
		buf_adds(out, plain[k->type]);
		return;
	}
	rest = str_of(k->words);
	for (bool first = true; rest.s; first = false) {
		struct str word = str_cut(&rest, '|'); /* STR_ARG evaluates its argument twice */
		buf_printf(out, "%s`%.*s`", first ? "" : ", ", STR_ARG(word));
	}
}

/* Where a section stands: "gate.max_age", "services[]". */
static void add_place(struct buf *out, const char *section)
{
	for (size_t i = 0; i < policy_keys_n; i++) {
		const struct key *k = &policy_keys[i];
		if ((k->type != KEY_SECTION && k->type != KEY_SECTIONS && k->type != KEY_NAMED) || strcmp(k->words, section) != 0)
			continue;
		if (*k->section) {
			add_place(out, k->section);
			buf_addc(out, '.');
		}
		buf_printf(out, "%s%s", k->name, k->type == KEY_SECTIONS ? "[]" : k->type == KEY_NAMED ? ".NAME" : "");
		return;
	}
}

void policy_keys_markdown(struct arena *a, struct buf *out)
{
	for (size_t i = 0; i < policy_keys_n; i++) {
		const char *section = policy_keys[i].section;
		if (!first_of_section(i))
			continue;
		buf_adds(out, i ? "\n### `" : "### Top level\n\n");
		if (*section) {
			add_place(out, section);
			buf_adds(out, "`\n\n");
		}
		buf_adds(out, "| key | value | meaning |\n| --- | --- | --- |\n");
		for (size_t k = i; k < policy_keys_n; k++) {
			if (strcmp(policy_keys[k].section, section) != 0)
				continue;
			buf_printf(out, "| `%s`%s | ", policy_keys[k].name, policy_keys[k].flags & KEY_REQUIRED ? " (required)" : "");
			add_type(a, out, &policy_keys[k]);
			buf_printf(out, " | %s |\n", policy_keys[k].help);
		}
	}
}
