/* SemVer 2.0.0 §11, for npm, Go, crates.io, Hex, Julia and all ecosystems that OSV compares so. Read leniently, as npm's loose
 * mode and OSV's own comparison do: a leading v or =, missing parts (0), more than three numbers (compared too), and a
 * pre-release without its dash ("1.0.0rc1", "1.21rc2", "1.0.beta"). Build metadata does not order. */
#include "version/semver.h"

/* What a version never holds: blanks and the signs of ranges. */
static bool is_tail_char(char c)
{
	return ascii_digit(c) || ascii_alpha(c) || c == '.' || c == '-' || c == '_' || c == '~' || c == ':' || c == '/';
}

static bool is_wildcard(struct str part)
{
	return part.len == 1 && (part.s[0] == 'x' || part.s[0] == 'X');
}

static struct str skip_prefix(struct str v)
{
	v = str_trim(v);
	while (v.len && v.s[0] == '=')
		v = str_trim(str_from(v, 1));
	if (v.len && (v.s[0] == 'v' || v.s[0] == 'V'))
		v = str_from(v, 1);
	return v;
}

bool semver_parse(struct str v, struct semver *out)
{
	v = skip_prefix(v);
	size_t plus = str_chr(v, '+'), n = 0;
	out->build = plus == STR_NOT_FOUND ? STR_NONE : str_from(v, plus + 1);
	v = plus == STR_NOT_FOUND ? v : str_sub(v, 0, plus);
	while (n < v.len && (ascii_digit(v.s[n]) || (n > 0 && v.s[n] == '.' && v.s[n - 1] != '.')))
		n++;
	if (n > 0 && v.s[n - 1] == '.')
		n--; /* the dot belongs to what follows */
	if (n == 0 || !ascii_digit(v.s[0]))
		return false;
	out->numbers = str_sub(v, 0, n);
	out->pre = n < v.len ? str_from(v, n) : STR_NONE;
	if (out->pre.s && out->pre.s[0] == '.') {
		out->pre = str_from(out->pre, 1);
		if (out->pre.len == 0 || !ascii_alpha(out->pre.s[0]))
			return false;
		struct str rest = out->pre;
		if (is_wildcard(str_cut(&rest, '.')))
			return false;
	} else if (out->pre.s && (out->pre.s[0] == '-' || out->pre.s[0] == '_')) {
		out->pre = str_from(out->pre, 1);
	}
	for (size_t i = 0; i < out->pre.len; i++)
		if (!is_tail_char(out->pre.s[i]))
			return false;
	for (size_t i = 0; i < out->build.len; i++)
		if (!is_tail_char(out->build.s[i]) && out->build.s[i] != '+')
			return false;
	return true;
}

int semver_identifier_cmp(struct str a, struct str b)
{
	bool x = number_is(a), y = number_is(b);

	if (x && y)
		return number_cmp(a, b);
	return x == y ? str_cmp(a, b) : x ? -1 : 1;
}

int semver_identifiers_cmp(struct str a, struct str b)
{
	while (a.s && b.s) {
		int c = semver_identifier_cmp(str_cut(&a, '.'), str_cut(&b, '.'));
		if (c)
			return c;
	}
	return a.s ? 1 : b.s ? -1 : 0;
}

int semver_cmp(const struct semver *a, const struct semver *b)
{
	int c = numbers_cmp(a->numbers, b->numbers);

	if (c)
		return c;
	if (!a->pre.s || !b->pre.s)
		return a->pre.s ? -1 : b->pre.s ? 1 : 0;
	return semver_identifiers_cmp(a->pre, b->pre);
}

bool semver_valid(struct str v)
{
	struct semver x;

	return semver_parse(v, &x);
}

enum order semver_compare(struct str a, struct str b)
{
	struct semver x, y;

	if (!semver_parse(a, &x) || !semver_parse(b, &y))
		return ORDER_UNKNOWN;
	return order_of(semver_cmp(&x, &y));
}
