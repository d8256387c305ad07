/* Alpine and its kin: number{.number}[letter]{_suffix[number]}[~hash][-rN], apk-package(5), read token by token as apk-tools 3
 * does. Of two versions that are equal so far, the one whose next token comes earlier in the grammar is the greater, unless that
 * is the suffix of a pre-release. What is no version is still ordered, by what stands before the fault, then as text. */
#include "version/number.h"

enum token_kind { T_FIRST, T_NUMBER, T_LETTER, T_SUFFIX, T_SUFFIX_NUMBER, T_HASH, T_REVISION, T_END, T_INVALID };

struct token {
	enum token_kind kind;
	struct str text;
	int suffix; /* rank; SUFFIX_NONE between pre-releases and what comes after */
};

enum { SUFFIX_NONE = 4 };
static const char *const suffixes[] = { "alpha", "beta", "pre", "rc", "", "cvs", "svn", "git", "hg", "p" };

static struct str lower_cut(struct str *rest)
{
	size_t n = 0;

	while (n < rest->len && rest->s[n] >= 'a' && rest->s[n] <= 'z')
		n++;
	struct str run = str_sub(*rest, 0, n);
	*rest = str_from(*rest, n);
	return run;
}

static struct token number_token(enum token_kind kind, struct str *rest)
{
	struct str digits = number_cut(rest);

	return (struct token){ digits.len ? kind : T_INVALID, digits, 0 };
}

static struct token suffix_token(struct str *rest)
{
	struct str word = lower_cut(rest);

	for (int i = 0; i < (int)(sizeof suffixes / sizeof suffixes[0]); i++)
		if (i != SUFFIX_NONE && str_is(word, suffixes[i]))
			return (struct token){ T_SUFFIX, word, i };
	return (struct token){ T_INVALID, word, 0 };
}

static struct token hash_token(struct str *rest)
{
	size_t n = 0;

	while (n < rest->len && (ascii_digit(rest->s[n]) || (rest->s[n] >= 'a' && rest->s[n] <= 'f')))
		n++;
	struct str hash = str_sub(*rest, 0, n);
	*rest = str_from(*rest, n);
	return (struct token){ n ? T_HASH : T_INVALID, hash, 0 };
}

/* The token behind one of kind `last`. */
static struct token next(struct str *rest, enum token_kind last)
{
	if (!rest->len)
		return (struct token){ T_END, STR_NONE, 0 };
	char c = rest->s[0];
	if (c >= 'a' && c <= 'z' && last <= T_NUMBER) {
		struct token letter = { T_LETTER, str_sub(*rest, 0, 1), 0 };
		*rest = str_from(*rest, 1);
		return letter;
	}
	if (ascii_digit(c) && last == T_SUFFIX)
		return number_token(T_SUFFIX_NUMBER, rest);
	if (c == '-' && last < T_REVISION && rest->len > 1 && rest->s[1] == 'r') {
		*rest = str_from(*rest, 2);
		return (struct token){ T_REVISION, number_cut(rest), 0 }; /* "-r" alone is faulty, but orders as "-r0" */
	}
	*rest = str_from(*rest, 1);
	if (c == '.' && last <= T_NUMBER)
		return number_token(T_NUMBER, rest);
	if (c == '_' && last <= T_SUFFIX_NUMBER)
		return suffix_token(rest);
	if (c == '~' && last < T_HASH)
		return hash_token(rest);
	return (struct token){ T_INVALID, STR_NONE, 0 };
}

/* Numbers behind a dot compare as text where one begins with 0. */
static int token_cmp(const struct token *a, const struct token *b)
{
	switch (a->kind) {
	case T_NUMBER:
		if (a->text.s[0] == '0' || b->text.s[0] == '0')
			return str_cmp(a->text, b->text);
		return number_cmp(a->text, b->text);
	case T_FIRST:
	case T_SUFFIX_NUMBER:
	case T_REVISION:
		return number_cmp(a->text, b->text);
	case T_SUFFIX:
		return a->suffix - b->suffix;
	default:
		return str_cmp(a->text, b->text);
	}
}

bool apk_valid(struct str v)
{
	struct token t = number_token(T_FIRST, &v);

	while (t.kind < T_END && (t.kind != T_REVISION || t.text.len))
		t = next(&v, t.kind);
	return t.kind == T_END;
}

/* "-ruff" is a fault, not a revision, unless the other has a revision to compare it with. */
static bool is_faulty_revision(const struct token *t, struct str rest, const struct token *other)
{
	return t->kind == T_REVISION && !t->text.len && rest.len && other->kind != T_REVISION;
}

enum order apk_compare(struct str a, struct str b)
{
	if (!a.len || !b.len)
		return ORDER_UNKNOWN;
	struct str i = a, j = b;
	struct token x = number_token(T_FIRST, &i), y = number_token(T_FIRST, &j);
	bool in_revision = false; /* faults in there do not order */

	while (x.kind == y.kind && x.kind < T_END) {
		int c = token_cmp(&x, &y);
		if (c)
			return order_of(c);
		in_revision = x.kind == T_REVISION;
		x = next(&i, x.kind);
		y = next(&j, y.kind);
		bool bad_x = is_faulty_revision(&x, i, &y), bad_y = is_faulty_revision(&y, j, &x);
		if (bad_x)
			x.kind = T_INVALID;
		if (bad_y)
			y.kind = T_INVALID;
		in_revision |= bad_x || bad_y;
	}
	if (x.kind == y.kind)
		return x.kind == T_INVALID && !in_revision ? order_of(str_cmp(a, b)) : ORDER_EQUAL;
	if (x.kind == T_SUFFIX && x.suffix < SUFFIX_NONE)
		return ORDER_LESS;
	if (y.kind == T_SUFFIX && y.suffix < SUFFIX_NONE)
		return ORDER_GREATER;
	return x.kind > y.kind ? ORDER_LESS : ORDER_GREATER;
}
