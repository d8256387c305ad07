#include "syntax/toml.h"

#include "base/limits.h"
#include "base/span.h"
#include "syntax/toml_parser.h"

bool toml_fail(struct toml *p, const char *at, const char *why)
{
	if (!p->why) {
		p->why = why;
		p->wrong_at = at;
	}
	return false;
}

void toml_blanks(struct toml *p)
{
	while (p->at < p->end && (*p->at == ' ' || *p->at == '\t'))
		p->at++;
}

bool toml_newline(const struct toml *p, const char *at)
{
	return at < p->end && (*at == '\n' || *at == '\r'); /* a CR is always followed by LF: check_characters() */
}

static void skip_comment(struct toml *p)
{
	if (p->at < p->end && *p->at == '#') {
		const char *nl = memchr(p->at, '\n', (size_t)(p->end - p->at));
		p->at = nl ? nl : p->end;
	}
}

void toml_space(struct toml *p)
{
	for (;;) {
		p->at += span_blanks(p->at, 0, (size_t)(p->end - p->at));
		if (p->at >= p->end || *p->at != '#')
			return;
		skip_comment(p);
	}
}

static inline bool bare(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '_' || c == '-';
}

bool toml_simple_key(struct toml *p, struct str *key)
{
	const char *start = p->at;

	if (p->at < p->end && (*p->at == '"' || *p->at == '\''))
		return toml_string(p, false, key);
	while (p->at < p->end && bare(*p->at))
		p->at++;
	*key = str_make(start, (size_t)(p->at - start));
	return p->at > start ? true : toml_fail(p, start, "a key was expected here");
}

/* Moves over a dot with the blanks around it; false where there is none. */
static bool skip_dot(struct toml *p)
{
	toml_blanks(p);
	if (p->at >= p->end || *p->at != '.')
		return false;
	p->at++;
	toml_blanks(p);
	return true;
}

static struct value *member(struct value *table, struct str key)
{
	return (struct value *)value_get_str(table, key);
}

static struct value *add_table(struct toml *p, struct value *parent, struct str key, const char *at, enum toml_state state)
{
	struct value *v = value_add(p->arena, parent, VALUE_TABLE, key, (size_t)(at - p->s));

	v->state = (unsigned char)state;
	v->text.len = p->section;
	return v;
}

/* The table below `table` that a dotted key goes through. */
static struct value *dotted_step(struct toml *p, struct value *table, struct str key, const char *at)
{
	struct value *v = member(table, key);

	if (!v)
		return add_table(p, table, key, at, TOML_DOTTED);
	if (v->type == VALUE_TABLE && v->state == TOML_IMPLICIT) {
		v->state = TOML_DOTTED;
		v->text.len = p->section;
	}
	if (v->type == VALUE_TABLE && v->state == TOML_DOTTED && v->text.len == p->section)
		return v;
	toml_fail(p, at, "the dotted key adds to something that was defined before");
	return NULL;
}

bool toml_member(struct toml *p, struct value *table)
{
	unsigned depth = p->depth;
	const char *at = p->at;
	struct str key;

	if (!toml_simple_key(p, &key))
		return false;
	while (skip_dot(p)) {
		if (++p->depth > LIMIT_TOML_DEPTH)
			return toml_fail(p, at, "nested too deeply");
		table = dotted_step(p, table, key, at);
		at = p->at;
		if (!table || !toml_simple_key(p, &key))
			return false;
	}
	if (p->at >= p->end || *p->at != '=')
		return toml_fail(p, p->at, "an equals sign was expected here");
	if (member(table, key))
		return toml_fail(p, at, "the key stands twice");
	p->at++;
	toml_blanks(p);
	if (!toml_value(p, table, key, (size_t)(at - p->s)))
		return false;
	p->depth = depth;
	return true;
}

/* The table below `table` that a header goes through. */
static struct value *header_step(struct toml *p, struct value *table, struct str key, const char *at)
{
	struct value *v = member(table, key);

	if (!v)
		return add_table(p, table, key, at, TOML_IMPLICIT);
	if (v->type == VALUE_LIST && v->state == TOML_TABLES)
		return v->last;
	if (v->type == VALUE_TABLE && v->state != TOML_CLOSED)
		return v;
	toml_fail(p, at, "the header adds to a value that is complete");
	return NULL;
}

/* [a.b] or [[a.b]]: returns the table that follows. */
static struct value *header(struct toml *p, struct value *root)
{
	const char *start = p->at, *at;
	bool list = p->end - p->at > 1 && p->at[1] == '[';
	struct value *table = root, *v;
	struct str key;

	p->section++;
	p->depth = 1;
	p->at += list ? 2 : 1;
	toml_blanks(p);
	at = p->at;
	if (!toml_simple_key(p, &key))
		return NULL;
	while (skip_dot(p)) {
		table = header_step(p, table, key, at);
		at = p->at;
		if (!table || !toml_simple_key(p, &key))
			return NULL;
		if (++p->depth > LIMIT_TOML_DEPTH) {
			toml_fail(p, start, "nested too deeply");
			return NULL;
		}
	}
	if (p->end - p->at < (list ? 2 : 1) || p->at[0] != ']' || (list && p->at[1] != ']')) {
		toml_fail(p, p->at, "the header's closing bracket was expected here");
		return NULL;
	}
	p->at += list ? 2 : 1;
	v = member(table, key);
	if (list) {
		if (!v) {
			v = value_add(p->arena, table, VALUE_LIST, key, (size_t)(start - p->s));
			v->state = TOML_TABLES;
		}
		if (v->type == VALUE_LIST && v->state == TOML_TABLES)
			return add_table(p, v, STR_NONE, start, TOML_HEADER);
	} else if (!v) {
		return add_table(p, table, key, start, TOML_HEADER);
	} else if (v->type == VALUE_TABLE && v->state == TOML_IMPLICIT) {
		v->state = TOML_HEADER;
		v->offset = (size_t)(start - p->s);
		return v;
	}
	toml_fail(p, start, "the table is defined twice");
	return NULL;
}

static void document(struct toml *p, struct value *root)
{
	struct value *table = root;

	for (;;) {
		toml_space(p);
		if (p->at >= p->end)
			return;
		if (*p->at == '[') {
			table = header(p, root);
			if (!table)
				return;
		} else if (!toml_member(p, table)) {
			return;
		}
		toml_blanks(p);
		skip_comment(p);
		if (p->at < p->end && !toml_newline(p, p->at)) {
			toml_fail(p, p->at, "the line should end here");
			return;
		}
	}
}

/* TOML allows no control character anywhere but tab and newlines; a CR only before LF. Checked once for the whole text. */
static bool check_characters(struct toml *p)
{
	const char *s = p->at;
	size_t end = (size_t)(p->end - p->at), at = 0;

	while ((at = span_printable(s, at, end)) < end) {
		if (s[at] != '\r')
			return toml_fail(p, s + at, "a control character");
		if (at + 1 >= end || s[at + 1] != '\n')
			return toml_fail(p, s + at, "a carriage return without a line feed");
		at++;
	}
	return true;
}

struct value *toml_parse(struct arena *a, struct str text, struct str *error, size_t *offset)
{
	struct toml p = { .arena = a, .s = text.s, .at = text.s, .end = text.s + text.len };
	struct value *root = value_add(a, NULL, VALUE_TABLE, STR_NONE, 0);
	size_t bad = str_utf8_valid(text);

	root->state = TOML_HEADER;
	if (bad != text.len)
		toml_fail(&p, p.s + bad, "not valid UTF-8");
	if (str_starts(text, STR("\xef\xbb\xbf")))
		p.at += 3;
	if (!p.why && check_characters(&p))
		document(&p, root);
	if (!p.why)
		return root;
	if (error)
		*error = str_of(p.why);
	if (offset)
		*offset = (size_t)(p.wrong_at - p.s);
	return NULL;
}
