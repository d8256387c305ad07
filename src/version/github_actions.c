/* GitHub Actions: tags, ordered as SemVer. A tag of fewer than three numbers with a v ("v4", "v4.1") is one that its owner
 * moves to the newest release of that line, so it sorts behind all of them; without the v it is a bound ("4" = "4.0.0").
 * Branches and commit ids are no versions. */
#include "version/semver.h"

static bool is_commit(struct str v)
{
	size_t n = 0;

	while (n < v.len && ascii_hex(v.s[n]) >= 0)
		n++;
	return n == v.len && n >= 40;
}

static bool parse(struct str v, struct semver *out)
{
	v = str_trim(v);
	if (str_starts(v, STR("refs/tags/")))
		v = str_from(v, 10);
	return !is_commit(v) && semver_parse(v, out);
}

static size_t count(struct str numbers)
{
	size_t n = 0;

	while (numbers.s) {
		str_cut(&numbers, '.');
		n++;
	}
	return n;
}

static bool moves(const struct semver *v)
{
	return !v->pre.s && !v->build.s && count(v->numbers) < 3 && ascii_lower(v->numbers.s[-1]) == 'v';
}

static int numbers_of_moving_cmp(struct str a, bool moving_a, struct str b, bool moving_b)
{
	while (a.s || b.s) {
		if (!a.s && moving_a)
			return 1;
		if (!b.s && moving_b)
			return -1;
		int c = number_cmp(a.s ? str_cut(&a, '.') : STR_NONE, b.s ? str_cut(&b, '.') : STR_NONE);
		if (c)
			return c;
	}
	return moving_a - moving_b;
}

bool github_actions_valid(struct str v)
{
	struct semver x;

	return parse(v, &x);
}

enum order github_actions_compare(struct str a, struct str b)
{
	struct semver x, y;

	if (!parse(a, &x) || !parse(b, &y))
		return ORDER_UNKNOWN;
	bool moving_a = str_trim(a).s != x.numbers.s && moves(&x), moving_b = str_trim(b).s != y.numbers.s && moves(&y);
	if (!moving_a && !moving_b)
		return order_of(semver_cmp(&x, &y));
	return order_of(numbers_of_moving_cmp(x.numbers, moving_a, y.numbers, moving_b));
}
