#include "source/terms.h"

#include "base/limits.h"

struct terms {
	struct arena *arena;
	struct str text;
	size_t at;
	unsigned depth;
	bool erlang;
	const char *why;
	size_t wrong;
};

static bool fail(struct terms *t, size_t at, const char *why)
{
	if (!t->why) {
		t->why = why;
		t->wrong = at;
	}
	return false;
}

static void space(struct terms *t)
{
	char comment = t->erlang ? '%' : '#';

	for (;;) {
		while (t->at < t->text.len && ascii_blank(t->text.s[t->at]))
			t->at++;
		if (t->at >= t->text.len || t->text.s[t->at] != comment)
			return;
		size_t end = str_chr(str_from(t->text, t->at), '\n');
		t->at = end == STR_NOT_FOUND ? t->text.len : t->at + end;
	}
}

static bool looking_at(const struct terms *t, const char *word)
{
	return str_starts(str_from(t->text, t->at), str_of(word));
}

static bool atom_character(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '_' || c == '@' || c == '?' || c == '!' || c == '.' || c == '-';
}

/* A quoted text from the cursor on; escapes other than of quote and backslash are kept as they stand. */
static bool quoted(struct terms *t, struct str *out)
{
	size_t start = t->at++;
	char quote = t->text.s[start];
	bool escapes = false;

	while (t->at < t->text.len && t->text.s[t->at] != quote) {
		if (t->text.s[t->at] == '\\') {
			escapes = true;
			t->at++;
		}
		t->at++;
	}
	if (t->at >= t->text.len)
		return fail(t, start, "a text in quotes is not closed");
	*out = str_sub(t->text, start + 1, t->at - start - 1);
	t->at++;
	if (!escapes)
		return true;
	char *copy = arena_alloc(t->arena, out->len + 1);
	size_t n = 0;
	for (size_t i = 0; i < out->len; i++) {
		if (out->s[i] == '\\' && i + 1 < out->len && (out->s[i + 1] == '\\' || out->s[i + 1] == quote))
			i++;
		copy[n++] = out->s[i];
	}
	*out = str_make(copy, n);
	return true;
}

static struct str bare(struct terms *t)
{
	size_t start = t->at;

	while (t->at < t->text.len && atom_character(t->text.s[t->at]))
		t->at++;
	if (t->erlang) /* the final dot ends the term, not the atom */
		while (t->at > start && t->text.s[t->at - 1] == '.')
			t->at--;
	return str_sub(t->text, start, t->at - start);
}

static bool term(struct terms *t, struct value *parent, struct str key, size_t offset);

/* Elements up to `close`. `keys`: of a map, each with "=>" or ':' behind its key; a list becomes a table at its first "key: ". */
static bool elements(struct terms *t, struct value *list, char close)
{
	size_t open = t->at - 1;

	if (++t->depth > LIMIT_TOML_DEPTH)
		return fail(t, open, "nested too deeply");
	for (;;) {
		struct str key = STR_NONE;
		space(t);
		if (t->at >= t->text.len)
			return fail(t, open, "a bracket is not closed");
		if (t->text.s[t->at] == close)
			break;
		size_t start = t->at, line = t->at;
		if (!t->erlang) { /* "key: value" or "key" => value */
			if (t->text.s[t->at] == '"' ? !quoted(t, &key) : (key = bare(t), false))
				return false;
			size_t behind = t->at;
			space(t);
			if (key.s && key.len && looking_at(t, ":") && t->at == behind) {
				t->at++;
				list->type = VALUE_TABLE;
			} else if (key.len && looking_at(t, "=>")) {
				t->at += 2;
				list->type = VALUE_TABLE;
			} else {
				key = STR_NONE;
				t->at = start;
			}
			space(t);
		}
		if (!term(t, list, key, line))
			return false;
		space(t);
		if (t->at < t->text.len && t->text.s[t->at] == ',')
			t->at++;
		else if (t->at < t->text.len && t->text.s[t->at] != close)
			return fail(t, t->at, "a comma or a closing bracket was expected here");
	}
	t->at++;
	t->depth--;
	return true;
}

static bool container(struct terms *t, struct value *parent, struct str key, size_t offset, size_t skip, char close, bool tuple)
{
	struct value *v = value_add(t->arena, parent, VALUE_LIST, key, offset);

	v->inline_form = tuple;
	t->at += skip;
	if (skip == 2)
		v->type = VALUE_TABLE;
	return elements(t, v, close);
}

static bool term(struct terms *t, struct value *parent, struct str key, size_t offset)
{
	struct str text = STR_NONE;
	struct value *v;
	char c = t->at < t->text.len ? t->text.s[t->at] : 0;

	if (looking_at(t, "%{"))
		return container(t, parent, key, offset, 2, '}', false);
	if (c == '{' || c == '[')
		return container(t, parent, key, offset, 1, c == '{' ? '}' : ']', c == '{');
	if (t->erlang && looking_at(t, "<<")) {
		t->at += 2;
		if (looking_at(t, "\"") ? !quoted(t, &text) : (text = STR(""), false))
			return false;
		if (looking_at(t, "/utf8"))
			t->at += 5;
		if (!looking_at(t, ">>"))
			return fail(t, t->at, "a binary is not closed");
		t->at += 2;
		v = value_add(t->arena, parent, VALUE_STRING, key, offset);
		v->text = text;
		return v->quoted = true;
	}
	if (c == ':') {
		t->at++;
		c = t->at < t->text.len ? t->text.s[t->at] : 0;
	} else if (c == '"') {
		if (!quoted(t, &text))
			return false;
		v = value_add(t->arena, parent, VALUE_STRING, key, offset);
		v->text = text;
		return v->quoted = true;
	}
	if (c == '"' || c == '\'') {
		if (!quoted(t, &text))
			return false;
	} else {
		text = bare(t);
		if (!text.len)
			return fail(t, t->at, "a term was expected here");
	}
	value_add(t->arena, parent, ascii_digit(text.s[0]) ? VALUE_NUMBER : VALUE_STRING, key, offset)->text = text;
	return true;
}

struct value *terms_parse(struct arena *a, struct str text, bool erlang, const char **why, size_t *offset)
{
	struct terms t = { .arena = a, .text = text, .erlang = erlang };
	struct value *root = value_add(a, NULL, VALUE_LIST, STR_NONE, 0);

	if (str_utf8_valid(text) != text.len)
		fail(&t, str_utf8_valid(text), "not valid UTF-8");
	if (str_starts(text, STR("\xef\xbb\xbf")))
		t.at = 3;
	for (space(&t); !t.why && t.at < text.len; space(&t)) {
		if (!term(&t, root, STR_NONE, t.at))
			break;
		space(&t);
		if (!erlang)
			continue;
		if (t.at >= text.len || text.s[t.at] != '.')
			fail(&t, t.at, "the dot behind a term is missing: the file seems to be cut off");
		t.at++;
	}
	if (!t.why)
		return root;
	*why = t.why;
	*offset = t.wrong;
	return NULL;
}

const struct value *term_at(const struct value *list, size_t i)
{
	const struct value *v = value_first(list);

	while (v && i--)
		v = v->next;
	return v;
}
