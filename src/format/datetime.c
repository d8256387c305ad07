/* RFC 3339 date and time. */
#include "format/cyclonedx.h"

static bool number(struct str s, size_t at, size_t n, unsigned *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (at + i >= s.len || !ascii_digit(s.s[at + i]))
			return false;
		*out = *out * 10 + (unsigned)(s.s[at + i] - '0');
	}
	return true;
}

bool cdx_is_date(struct str s)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	unsigned y, m, d;

	if (s.len < 10 || !number(s, 0, 4, &y) || s.s[4] != '-' || !number(s, 5, 2, &m) || s.s[7] != '-' || !number(s, 8, 2, &d))
		return false;
	if (m < 1 || m > 12 || d < 1)
		return false;
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
	return d <= days[m - 1] + (m == 2 && leap ? 1u : 0u);
}

bool cdx_is_datetime(struct str s)
{
	unsigned h, m, sec;

	if (s.len < 20 || !cdx_is_date(s) || (s.s[10] != 'T' && s.s[10] != 't') || !number(s, 11, 2, &h) || s.s[13] != ':' ||
	    !number(s, 14, 2, &m) || s.s[16] != ':' || !number(s, 17, 2, &sec) || h > 23 || m > 59 || sec > 60)
		return false;
	size_t at = 19;
	if (s.s[at] == '.') {
		size_t start = ++at;
		while (at < s.len && ascii_digit(s.s[at]))
			at++;
		if (at == start)
			return false;
	}
	if (at + 1 == s.len && (s.s[at] == 'Z' || s.s[at] == 'z'))
		return true;
	return at + 6 == s.len && (s.s[at] == '+' || s.s[at] == '-') && number(s, at + 1, 2, &h) && s.s[at + 3] == ':' &&
	       number(s, at + 4, 2, &m) && h <= 23 && m <= 59;
}
