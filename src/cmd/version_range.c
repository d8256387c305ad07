#include "cmd/version_range.h"

#include <string.h>

/* ---- numbers of a version */

static bool is_digit(struct str s, size_t i)
{
	return i < s.len && s.s[i] >= '0' && s.s[i] <= '9';
}

static bool is_wild(struct str s, size_t i)
{
	return i < s.len && (s.s[i] == '*' || ((s.s[i] | 32) == 'x' && (i + 1 == s.len || s.s[i + 1] == '.')));
}

/* Past a "v", and past an epoch ("1:") of a distribution, which people leave out. */
static size_t start_of(struct str s)
{
	size_t i = s.len && (s.s[0] | 32) == 'v', digits = i;

	while (is_digit(s, digits))
		digits++;
	return digits > i && digits < s.len && s.s[digits] == ':' ? digits + 1 : i;
}

/* The next number at *at, of any length; false where there is none. */
static bool next_number(struct str s, size_t *at, struct str *out)
{
	size_t i = *at;

	while (is_digit(s, i))
		i++;
	*out = str_sub(s, *at, i - *at);
	if (i == *at)
		return false;
	*at = i < s.len && s.s[i] == '.' ? i + 1 : i;
	if (*at == i) /* a letter or a dash: no number of the release follows */
		*at = s.len;
	while (out->len > 1 && out->s[0] == '0')
		*out = str_from(*out, 1);
	return true;
}

static int count_numbers(struct str s)
{
	size_t at = start_of(s);
	struct str number;
	int n = 0;

	while (n < VERSION_RANGE_MOST && next_number(s, &at, &number))
		n++;
	return n;
}

/* By the first n numbers; what a version leaves out is 0. */
static enum order compare_numbers(struct str a, struct str b, int n)
{
	size_t i = start_of(a), k = start_of(b);
	struct str x, y;

	if (!is_digit(a, i) || !is_digit(b, k) || str_has(a, STR("!")) != str_has(b, STR("!"))) /* Python's epoch: other numbers altogether */
		return ORDER_UNKNOWN;
	for (; n > 0; n--) {
		x = next_number(a, &i, &x) ? x : STR("0");
		y = next_number(b, &k, &y) ? y : STR("0");
		int order = x.len != y.len ? (x.len < y.len ? -1 : 1) : str_cmp(x, y);
		if (order)
			return order < 0 ? ORDER_LESS : ORDER_GREATER;
	}
	return ORDER_EQUAL;
}

/* ---- reading */

static bool add(struct version_range *r, const char *op, struct str version, int numbers)
{
	bool any = false; /* letter or digit */

	for (size_t i = 0; i < version.len; i++)
		any = any || ascii_alpha(version.s[i]) || ascii_digit(version.s[i]);
	if (!any || r->n == VERSION_RANGE_MOST)
		return false;
	r->bounds[r->n++] = (struct version_bound){ .op = op, .version = version, .numbers = numbers };
	return true;
}

bool version_range_add(struct version_range *r, const char *op, struct str version)
{
	return add(r, op, version, 0);
}

/* "^1.2.3": nothing changes up to the first number that is not 0. */
static int numbers_of_caret(struct str v)
{
	size_t at = start_of(v);
	struct str number;
	int n = 0, all = count_numbers(v);

	while (n < all && next_number(v, &at, &number)) {
		n++;
		if (!str_is(number, "0"))
			break;
	}
	return n;
}

/* One bound, whose operator is known. *everything: it is "*". */
static bool add_bound(struct version_range *r, const char *op, struct str v, bool *everything)
{
	size_t at = start_of(v);
	struct str number;
	int n = 0, all = count_numbers(v);

	while (!is_wild(v, at) && n < all && next_number(v, &at, &number))
		n++;
	bool wild = is_wild(v, at) && (n > 0 || at == start_of(v));
	if (wild && !n) {
		*everything = true;
		return strchr("=^~>", op[0]) && !str_is(str_of(op), ">");
	}
	if (strchr("<>=!", op[0]))
		return add(r, op, v, wild ? n : 0);
	if (!all) /* "^latest" */
		return false;
	int kept = op[0] == '^' ? numbers_of_caret(v) : !op[1] ? 2 : all - 1; /* "~1.2.3"; "~> 1.2.3" and "~=1.2.3" */
	kept = wild && kept > n ? n : kept > all ? all : kept;
	if (kept == 0 && op[1] == '=')
		return false;
	return (wild || add(r, ">=", v, 0)) && add(r, "=", v, kept ? kept : 1);
}

static const struct {
	const char *text, *op;
} operators[] = { { "===", "=" }, { ">=", ">=" }, { "=>", ">=" }, { "<=", "<=" }, { "=<", "<=" }, { "==", "=" },  { "!=", "!=" }, { "~>", "~>" }, { "~=", "~=" },
		  { "<<", "<" },  { ">>", ">" },  { ">", ">" },	  { "<", "<" },	  { "=", "=" },	  { "^", "^" },	  { "~", "~" } };

static const char *take_operator(struct str *rest)
{
	for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
		if (str_starts(*rest, str_of(operators[i].text))) {
			*rest = str_trim(str_from(*rest, strlen(operators[i].text)));
			return operators[i].op;
		}
	return NULL;
}

static struct str take_word(struct str *rest)
{
	size_t end = 0;

	while (end < rest->len && !strchr(" \t,<>=!^", rest->s[end]))
		end++;
	struct str word = str_sub(*rest, 0, end);
	*rest = str_trim(str_from(*rest, end));
	return word;
}

/* What stands between two "||": all of it has to hold. */
static bool parse_alternative(struct str text, struct version_range *r)
{
	size_t first = r->n;
	bool everything = false, exact = true;
	struct str rest = str_trim(text);

	if (!rest.len)
		return false;
	while (rest.len) {
		const char *op = take_operator(&rest);
		size_t here = r->n;
		struct str word = take_word(&rest);
		bool hyphen = !op && str_starts(rest, STR("- "));
		if (hyphen)
			op = ">=";
		if (!word.len || !add_bound(r, op ? op : "=", word, &everything))
			return false;
		if (hyphen) {
			rest = str_trim(str_from(rest, 2));
			word = take_word(&rest);
			if (!word.len || !add_bound(r, "<=", word, &everything))
				return false;
		}
		if (!op && exact && here > first && r->n > here)
			r->bounds[here].alternative = true;
		exact = exact && !op;
		if (str_starts(rest, STR(","))) {
			rest = str_trim(str_from(rest, 1));
			if (!rest.len)
				return false;
		}
	}
	if (first < r->n)
		r->bounds[first].alternative = true;
	else
		r->all = r->all || everything;
	return first < r->n || everything;
}

/* Maven's and NuGet's "[1.0,2.0)", more of them with commas between. */
static bool parse_intervals(struct str text, struct version_range *r)
{
	for (struct str rest = text; rest.len;) {
		size_t close = 1, first = r->n;
		while (close < rest.len && rest.s[close] != ']' && rest.s[close] != ')')
			close++;
		if (close == rest.len || !strchr("[(", rest.s[0]))
			return false;
		struct str inner = str_trim(str_sub(rest, 1, close - 1));
		size_t comma = str_chr(inner, ',');
		struct str low = str_trim(str_sub(inner, 0, comma)), high = comma == STR_NOT_FOUND ? STR("") : str_trim(str_from(inner, comma + 1));
		if (comma == STR_NOT_FOUND ? rest.s[0] != '[' || rest.s[close] != ']' : str_has(high, STR(",")))
			return false;
		if (low.len && !add(r, comma == STR_NOT_FOUND ? "=" : rest.s[0] == '[' ? ">=" : ">", low, 0))
			return false;
		if (high.len && !add(r, rest.s[close] == ']' ? "<=" : "<", high, 0))
			return false;
		if (first < r->n)
			r->bounds[first].alternative = true;
		else if (comma == STR_NOT_FOUND)
			return false;
		else
			r->all = true;
		rest = str_trim(str_from(rest, close + 1));
		if (str_starts(rest, STR(",")) && !(rest = str_trim(str_from(rest, 1))).len)
			return false;
	}
	return true;
}

bool version_range_parse(struct str text, struct version_range *out)
{
	text = str_trim(text);
	if (text.len && strchr("[(", text.s[0]))
		return parse_intervals(text, out);
	for (size_t bar = 0; bar != STR_NOT_FOUND;) {
		bar = 0;
		while (bar + 1 < text.len && (text.s[bar] != '|' || text.s[bar + 1] != '|'))
			bar++;
		if (bar + 1 >= text.len)
			bar = STR_NOT_FOUND;
		if (!parse_alternative(str_sub(text, 0, bar), out))
			return false;
		if (bar != STR_NOT_FOUND)
			text = str_from(text, bar + 2);
	}
	return true;
}

/* ---- asking */

static bool holds(const char *op, enum order o)
{
	switch (op[0]) {
	case '>':
		return o == ORDER_GREATER || (op[1] && o == ORDER_EQUAL);
	case '<':
		return o == ORDER_LESS || (op[1] && o == ORDER_EQUAL);
	case '!':
		return o != ORDER_EQUAL;
	default:
		return o == ORDER_EQUAL;
	}
}

static enum range_answer fits(const struct version_bound *b, const struct ordering *o, struct str version)
{
	enum order order = b->numbers			      ? compare_numbers(version, b->version, b->numbers) :
			   str_eq(version, b->version) ? ORDER_EQUAL :
							 version_compare(o, version, b->version);

	return order == ORDER_UNKNOWN ? RANGE_UNKNOWN : holds(b->op, order) ? RANGE_IN : RANGE_OUT;
}

enum range_answer version_range_has(const struct version_range *r, const struct ordering *o, struct str version)
{
	enum range_answer answer = RANGE_OUT;

	if (r->all || !r->n)
		return RANGE_IN;
	for (size_t i = 0; i < r->n;) {
		enum range_answer all = RANGE_IN;
		do {
			enum range_answer one = fits(&r->bounds[i], o, version);
			all = one == RANGE_OUT || all == RANGE_OUT ? RANGE_OUT : one == RANGE_UNKNOWN ? RANGE_UNKNOWN : all;
		} while (++i < r->n && !r->bounds[i].alternative);
		if (all == RANGE_IN)
			return RANGE_IN;
		answer = all == RANGE_UNKNOWN ? RANGE_UNKNOWN : answer;
	}
	return answer;
}
