/* Pub (Dart): SemVer, but build metadata orders, and a version with it is greater than the one without;
 * the rule stands in Dart's package pub_semver. */
#include "version/semver.h"

bool pub_valid(struct str v)
{
	return semver_valid(v);
}

enum order pub_compare(struct str a, struct str b)
{
	struct semver x, y;

	if (!semver_parse(a, &x) || !semver_parse(b, &y))
		return ORDER_UNKNOWN;
	int c = semver_cmp(&x, &y);
	if (!c && (!x.build.s || !y.build.s))
		c = (x.build.s != NULL) - (y.build.s != NULL);
	return order_of(c ? c : semver_identifiers_cmp(x.build, y.build));
}
