/* CRAN: numbers parted by '.' or '-', one by one; more numbers are greater (R's package_version, "Writing R Extensions" 1.1.1).
 * Hackage: the same with dots only (Data.Version of Haskell); a tag behind a dash does not order. */
#include "version/number.h"

static struct str cut_part(struct str *rest, bool dashes)
{
	size_t n = 0;

	while (n < rest->len && rest->s[n] != '.' && !(dashes && rest->s[n] == '-'))
		n++;
	struct str part = str_sub(*rest, 0, n);
	*rest = n < rest->len ? str_from(*rest, n + 1) : STR_NONE;
	return part;
}

static bool valid(struct str v, bool dashes)
{
	bool any = v.len > 0;

	while (any && v.s)
		any = number_is(cut_part(&v, dashes));
	return any;
}

static enum order compare(struct str a, struct str b, bool dashes)
{
	while (a.s && b.s) {
		int c = number_cmp(cut_part(&a, dashes), cut_part(&b, dashes));
		if (c)
			return order_of(c);
	}
	return order_of((a.s != NULL) - (b.s != NULL));
}

bool cran_valid(struct str v)
{
	return valid(v, true);
}

enum order cran_compare(struct str a, struct str b)
{
	return cran_valid(a) && cran_valid(b) ? compare(a, b, true) : ORDER_UNKNOWN;
}

bool hackage_valid(struct str v)
{
	return valid(str_sub(v, 0, str_chr(v, '-')), false);
}

enum order hackage_compare(struct str a, struct str b)
{
	if (!hackage_valid(a) || !hackage_valid(b))
		return ORDER_UNKNOWN;
	return compare(str_sub(a, 0, str_chr(a, '-')), str_sub(b, 0, str_chr(b, '-')), false);
}
