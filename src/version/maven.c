/* Maven: the POM reference's "Version Order Specification", with ComparableVersion's own ways where that is silent (words are
 * compared without case, "release" means nothing, as "ga" and "final" do). Tokens stand at dots, dashes and at borders between
 * digits and other characters (such a border counts as a dash). */
#include "version/number.h"

struct token {
	char sep;	 /* '.', '-', or 0 for the first */
	struct str text; /* as written; empty for none */
	bool before_digit; /* a digit follows at once: "a1" means alpha 1 */
	bool padding;	 /* stands for what the shorter version lacks */
};

struct tokens {
	struct str rest;  /* absent at the end */
	char sep;	  /* of the next token */
	const char *kept; /* null tokens before this place are known to count */
	bool begun;
};

enum { WORD_NONE = 5, WORD_OTHER = 7 };
static const struct { const char *text; int rank; } words[] = {
	{ "alpha", 0 }, { "beta", 1 }, { "milestone", 2 }, { "rc", 3 }, { "cr", 3 }, { "snapshot", 4 },
	{ "ga", WORD_NONE }, { "final", WORD_NONE }, { "release", WORD_NONE }, { "sp", 6 },
};

static int word_rank(const struct token *t)
{
	if (t->before_digit && t->text.len == 1) {
		char c = ascii_lower(t->text.s[0]);
		if (c == 'a' || c == 'b' || c == 'm')
			return c == 'a' ? 0 : c == 'b' ? 1 : 2;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_eq_nocase(t->text, str_of(words[i].text)))
			return words[i].rank;
	return WORD_OTHER;
}

/* An empty token counts as 0. */
static bool is_number(const struct token *t)
{
	return !t->text.len || ascii_digit(t->text.s[0]);
}

static bool is_null(const struct token *t)
{
	return is_number(t) ? number_is_zero(t->text) : word_rank(t) == WORD_NONE;
}

/* The next token as written; false at the end. */
static bool raw_next(struct tokens *i, struct token *out)
{
	if (!i->rest.s)
		return false;
	struct str s = i->rest;
	size_t n = 0;
	bool digits = s.len && ascii_digit(s.s[0]);
	while (n < s.len && s.s[n] != '.' && s.s[n] != '-' && ascii_digit(s.s[n]) == digits)
		n++;
	*out = (struct token){ .sep = i->sep, .text = str_sub(s, 0, n) };
	if (n == s.len) {
		i->rest = STR_NONE;
	} else if (s.s[n] == '.' || s.s[n] == '-') {
		i->sep = s.s[n];
		i->rest = str_from(s, n + 1);
	} else {
		out->before_digit = !digits;
		i->sep = '-';
		i->rest = str_from(s, n);
	}
	return true;
}

/* The next token that counts: null ones at the end and before a dash do not, but the first always does. A run of null ones is
 * looked at once. */
static bool next(struct tokens *i, struct token *out)
{
	while (raw_next(i, out)) {
		if (!i->begun || !is_null(out) || (i->kept && out->text.s < i->kept)) {
			i->begun = true;
			return true;
		}
		struct tokens ahead = *i, before;
		struct token t = { 0 };
		bool more;
		do {
			before = ahead;
			more = raw_next(&ahead, &t);
		} while (more && t.sep == '.' && is_null(&t));
		if (more && t.sep == '.') {
			i->kept = t.text.s;
			return true;
		}
		*i = before; /* the whole run goes */
	}
	return false;
}

static struct token padding_for(const struct token *t)
{
	return (struct token){ .sep = t->sep, .text = STR(""), .padding = true };
}

/* .word < -word < -number < .number */
static int place(const struct token *t, bool number)
{
	return number ? (t->sep == '-' ? 2 : 3) : (t->sep == '-' ? 1 : 0);
}

/* Padding is 0 behind a dot and "" behind a dash; as a word it stands where "" does, though above it where both are dotted. */
static int padding_cmp(const struct token *t)
{
	if (is_number(t) && (t->sep != '-' || t->text.len))
		return t->sep == '-' ? -1 : number_is_zero(t->text) ? 0 : -1;
	if (is_number(t))
		return -1;
	int rank = word_rank(t);
	return rank == WORD_NONE ? (t->sep == '-' ? 0 : 1) : WORD_NONE - rank;
}

static int word_cmp(const struct token *a, const struct token *b)
{
	int x = word_rank(a), y = word_rank(b);

	return x == WORD_OTHER && y == WORD_OTHER ? str_cmp_nocase(a->text, b->text) : x - y;
}

static int token_cmp(const struct token *a, const struct token *b)
{
	if (a->padding)
		return padding_cmp(b);
	if (b->padding)
		return -padding_cmp(a);
	bool x = is_number(a), y = is_number(b);
	if (a->sep != b->sep)
		return place(a, x) - place(b, y);
	if (x != y)
		return x ? 1 : -1;
	return x ? number_cmp(a->text, b->text) : word_cmp(a, b);
}

bool maven_valid(struct str v)
{
	bool digit = false;

	for (size_t i = 0; i < v.len; i++) {
		if ((unsigned char)v.s[i] <= ' ' || v.s[i] == 127 || strchr("[](),<>=|*", v.s[i]))
			return false;
		digit |= ascii_digit(v.s[i]);
	}
	return digit; /* "LATEST", "RELEASE", "master" name no version */
}

enum order maven_compare(struct str a, struct str b)
{
	if (!a.len || !b.len)
		return ORDER_UNKNOWN;
	struct tokens i = { .rest = a }, j = { .rest = b };

	for (;;) {
		struct token x, y;
		bool more_a = next(&i, &x), more_b = next(&j, &y);
		if (!more_a && !more_b)
			return ORDER_EQUAL;
		if (!more_a)
			x = padding_for(&y);
		if (!more_b)
			y = padding_for(&x);
		int c = token_cmp(&x, &y);
		if (c)
			return order_of(c);
	}
}
