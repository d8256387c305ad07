/* Packagist: PHP's version_compare after the leading v is cut, as OSV has it; words with case, as PHP has them.
 * '#' among the parts stands for any number. Branches ("dev-main", "1.x-dev") are ordered, but no versions. */
#include "version/number.h"

/* "any other word" < dev < alpha < beta < RC < number < pl */
enum { RANK_OTHER, RANK_DEV, RANK_ALPHA, RANK_BETA, RANK_RC, RANK_NUMBER, RANK_PATCH };

static bool is_sep(char c)
{
	return c == '.' || c == '-' || c == '_' || c == '+';
}

static struct str skip_v(struct str v)
{
	v = str_trim(v);
	return v.len && (v.s[0] == 'v' || v.s[0] == 'V') ? str_from(v, 1) : v;
}

/* A run of digits or of anything else; absent at the end. Separators in a row count as one. */
static struct str next(struct str *rest)
{
	while (rest->len && is_sep(rest->s[0]))
		*rest = str_from(*rest, 1);
	if (!rest->len)
		return STR_NONE;
	size_t n = 1;
	bool digits = ascii_digit(rest->s[0]);
	while (n < rest->len && !is_sep(rest->s[n]) && ascii_digit(rest->s[n]) == digits)
		n++;
	struct str part = str_sub(*rest, 0, n);
	*rest = str_from(*rest, n);
	return part;
}

/* By the word's beginning, as PHP has it; an end counts as a number. */
static int rank(struct str part)
{
	static const struct { const char *start; int rank; } words[] = {
		{ "dev", RANK_DEV }, { "a", RANK_ALPHA }, { "b", RANK_BETA }, { "rc", RANK_RC }, { "RC", RANK_RC },
		{ "#", RANK_NUMBER }, { "p", RANK_PATCH },
	};

	if (!part.s || ascii_digit(part.s[0]))
		return RANK_NUMBER;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_starts(part, str_of(words[i].start)))
			return words[i].rank;
	return RANK_OTHER;
}

bool packagist_valid(struct str v)
{
	struct str rest = skip_v(v);

	if (!rest.len || !ascii_digit(rest.s[0]))
		return false;
	for (size_t i = 0; i < rest.len; i++)
		if (!ascii_digit(rest.s[i]) && !ascii_alpha(rest.s[i]) && !is_sep(rest.s[i]))
			return false;
	/* "1.x-dev" is a branch, "1.*" a constraint */
	for (struct str part = next(&rest); part.s; part = next(&rest))
		if (str_eq_nocase(part, STR("x")))
			return false;
	return true;
}

enum order packagist_compare(struct str a, struct str b)
{
	if (!str_trim(a).len || !str_trim(b).len)
		return ORDER_UNKNOWN;
	struct str i = skip_v(a), j = skip_v(b);

	for (;;) {
		struct str x = next(&i), y = next(&j);
		if (!x.s && !y.s)
			return ORDER_EQUAL;
		bool number_x = x.s && ascii_digit(x.s[0]), number_y = y.s && ascii_digit(y.s[0]);
		int c = number_x && number_y ? number_cmp(x, y) : rank(x) - rank(y);
		/* where one has ended, a number that the other still has makes that one greater */
		if (!c && (!x.s || !y.s))
			c = number_x - number_y;
		if (c)
			return order_of(c);
	}
}
