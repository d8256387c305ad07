/* NuGet: SemVer 2 with one to four numbers, pre-releases compared without case, metadata ignored;
 * https://learn.microsoft.com/nuget/concepts/package-versioning */
#include "version/semver.h"

static int pre_cmp(struct str a, struct str b)
{
	while (a.s && b.s) {
		struct str x = str_cut(&a, '.'), y = str_cut(&b, '.');
		int c = number_is(x) || number_is(y) ? semver_identifier_cmp(x, y) : str_cmp_nocase(x, y);
		if (c)
			return c;
	}
	return (a.s != NULL) - (b.s != NULL);
}

bool nuget_valid(struct str v)
{
	return semver_valid(v);
}

enum order nuget_compare(struct str a, struct str b)
{
	struct semver x, y;

	if (!semver_parse(a, &x) || !semver_parse(b, &y))
		return ORDER_UNKNOWN;
	int c = numbers_cmp(x.numbers, y.numbers);
	if (!c && (!x.pre.s || !y.pre.s))
		c = (y.pre.s != NULL) - (x.pre.s != NULL);
	return order_of(c ? c : pre_cmp(x.pre, y.pre));
}
