/* Numbers, booleans and dates of TOML, by the grammar; the characters are kept as they stand. */
#include "syntax/toml_parser.h"

static bool digit_of(char c, unsigned base)
{
	int h = ascii_hex(c);

	return h >= 0 && (unsigned)h < base;
}

/* Digits with single underscores between them; returns how many characters, 0 where there are none. */
static size_t digits(struct str t, size_t from, unsigned base)
{
	size_t i = from;

	while (i < t.len && (digit_of(t.s[i], base) ||
			     (t.s[i] == '_' && i > from && i + 1 < t.len && digit_of(t.s[i + 1], base) && t.s[i - 1] != '_')))
		i++;
	return i - from;
}

/* Does the integer fit 64 bits with a sign? */
static bool fits(struct str t, size_t from, unsigned base, bool negative)
{
	uint64_t n = 0, max = (uint64_t)INT64_MAX + (negative ? 1 : 0);

	for (size_t i = from; i < t.len; i++) {
		if (t.s[i] == '_')
			continue;
		unsigned d = (unsigned)ascii_hex(t.s[i]);
		if (n > (max - d) / base)
			return false;
		n = n * base + d;
	}
	return true;
}

static const char *number(struct str t)
{
	static const char wrong[] = "this is no number, boolean or date; should it be a string in quotes?";
	bool sign = t.s[0] == '+' || t.s[0] == '-';
	size_t at = sign ? 1 : 0, n;

	if (str_is(str_from(t, at), "inf") || str_is(str_from(t, at), "nan"))
		return NULL;
	if (!sign && t.len > 2 && t.s[0] == '0' && (t.s[1] == 'x' || t.s[1] == 'o' || t.s[1] == 'b')) {
		unsigned base = t.s[1] == 'x' ? 16 : t.s[1] == 'o' ? 8 : 2;
		if (digits(t, 2, base) != t.len - 2)
			return wrong;
		return fits(t, 2, base, false) ? NULL : "the integer does not fit 64 bits";
	}
	n = digits(t, at, 10);
	if (!n || (n > 1 && t.s[at] == '0'))
		return n ? "a number may not begin with a zero" : wrong;
	if (at + n == t.len)
		return fits(t, at, 10, t.s[0] == '-') ? NULL : "the integer does not fit 64 bits";
	at += n;
	if (t.s[at] == '.') {
		n = digits(t, at + 1, 10);
		if (!n)
			return wrong;
		at += n + 1;
	}
	if (at < t.len && (t.s[at] == 'e' || t.s[at] == 'E')) {
		at++;
		if (at < t.len && (t.s[at] == '+' || t.s[at] == '-'))
			at++;
		n = digits(t, at, 10);
		if (!n)
			return wrong;
		at += n;
	}
	return at == t.len ? NULL : wrong;
}

/* n digits at *at, at most max; moves on. */
static bool fixed(struct str t, size_t *at, size_t n, unsigned min, unsigned max, unsigned *out)
{
	*out = 0;
	if (t.len - *at < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!ascii_digit(t.s[*at + i]))
			return false;
		*out = *out * 10 + (unsigned)(t.s[*at + i] - '0');
	}
	*at += n;
	return *out >= min && *out <= max;
}

static bool byte(struct str t, size_t *at, char c)
{
	if (*at >= t.len || t.s[*at] != c)
		return false;
	++*at;
	return true;
}

static bool date(struct str t, size_t *at)
{
	static const unsigned char days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	unsigned y, m, d;

	if (!fixed(t, at, 4, 0, 9999, &y) || !byte(t, at, '-') || !fixed(t, at, 2, 1, 12, &m) || !byte(t, at, '-') ||
	    !fixed(t, at, 2, 1, days[m - 1], &d))
		return false;
	return m != 2 || d < 29 || (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
}

static bool time_of_day(struct str t, size_t *at)
{
	unsigned n;

	if (!fixed(t, at, 2, 0, 23, &n) || !byte(t, at, ':') || !fixed(t, at, 2, 0, 59, &n) || !byte(t, at, ':') ||
	    !fixed(t, at, 2, 0, 60, &n))
		return false;
	if (byte(t, at, '.')) {
		size_t from = *at;
		while (*at < t.len && ascii_digit(t.s[*at]))
			++*at;
		return *at > from;
	}
	return true;
}

static bool zone(struct str t, size_t *at)
{
	unsigned n;

	if (byte(t, at, 'Z') || byte(t, at, 'z'))
		return true;
	return (byte(t, at, '+') || byte(t, at, '-')) && fixed(t, at, 2, 0, 23, &n) && byte(t, at, ':') && fixed(t, at, 2, 0, 59, &n);
}

static const char *date_time(struct str t)
{
	static const char wrong[] = "this is no date or time";
	size_t at = 0;

	if (t.len > 2 && t.s[2] == ':')
		return time_of_day(t, &at) && at == t.len ? NULL : wrong;
	if (!date(t, &at))
		return wrong;
	if (at == t.len)
		return NULL;
	if (!byte(t, &at, 'T') && !byte(t, &at, 't') && !byte(t, &at, ' '))
		return wrong;
	if (!time_of_day(t, &at))
		return wrong;
	return at == t.len || (zone(t, &at) && at == t.len) ? NULL : wrong;
}

const char *toml_scalar(struct str t, enum value_type *type)
{
	if (str_is(t, "true") || str_is(t, "false")) {
		*type = VALUE_BOOL;
		return NULL;
	}
	if (t.len > 4 && ascii_digit(t.s[0]) && ((t.s[4] == '-' && ascii_digit(t.s[1]) && ascii_digit(t.s[2]) && ascii_digit(t.s[3])) || t.s[2] == ':')) {
		*type = VALUE_DATE;
		return date_time(t);
	}
	*type = VALUE_NUMBER;
	return number(t);
}
