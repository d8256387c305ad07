#include "version/number.h"

static struct str strip_zeros(struct str a)
{
	size_t i = 0;

	while (i < a.len && a.s[i] == '0')
		i++;
	return str_from(a, i);
}

int number_cmp(struct str a, struct str b)
{
	a = strip_zeros(a);
	b = strip_zeros(b);
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return a.len ? memcmp(a.s, b.s, a.len) : 0;
}

bool number_is(struct str a)
{
	for (size_t i = 0; i < a.len; i++)
		if (!ascii_digit(a.s[i]))
			return false;
	return a.len > 0;
}

bool number_is_zero(struct str a)
{
	return strip_zeros(a).len == 0;
}

struct str number_cut(struct str *rest)
{
	size_t n = 0;

	while (n < rest->len && ascii_digit(rest->s[n]))
		n++;
	struct str run = str_sub(*rest, 0, n);
	*rest = str_from(*rest, n);
	return run;
}

struct str letters_cut(struct str *rest)
{
	size_t n = 0;

	while (n < rest->len && ascii_alpha(rest->s[n]))
		n++;
	struct str run = str_sub(*rest, 0, n);
	*rest = str_from(*rest, n);
	return run;
}

int numbers_cmp(struct str a, struct str b)
{
	while (a.s || b.s) {
		int c = number_cmp(a.s ? str_cut(&a, '.') : STR_NONE, b.s ? str_cut(&b, '.') : STR_NONE);
		if (c)
			return c;
	}
	return 0;
}
