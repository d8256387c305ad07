#include "base/timestamp.h"

#include <time.h>

/* Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013). */
static int64_t days_of(int64_t y, unsigned m, unsigned d)
{
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	unsigned yoe = (unsigned)(y - era * 400);
	unsigned doy = (153 * (m + (m > 2 ? -3u : 9u)) + 2) / 5 + d - 1;
	unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + (int64_t)doe - 719468;
}

static void date_of(int64_t days, int64_t *y, unsigned *m, unsigned *d)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	unsigned doe = (unsigned)(days - era * 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153;
	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = (int64_t)yoe + era * 400 + (*m <= 2);
}

static bool number(struct str s, size_t at, size_t n, unsigned *out)
{
	uint64_t v;

	if (s.len < at + n || !str_to_u64(str_sub(s, at, n), &v))
		return false;
	*out = (unsigned)v;
	return true;
}

static unsigned days_in(unsigned y, unsigned m)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	return m == 2 && leap ? 29 : days[m - 1];
}

/* Behind the minutes or seconds: "Z", "+hh:mm", "-hh:mm"; in seconds to take off. */
static bool zone(struct str s, int64_t *offset)
{
	unsigned h, m;

	*offset = 0;
	if (s.len == 1 && (s.s[0] == 'Z' || s.s[0] == 'z'))
		return true;
	if (s.len != 6 || (s.s[0] != '+' && s.s[0] != '-') || s.s[3] != ':' || !number(s, 1, 2, &h) || !number(s, 4, 2, &m) || h > 23 ||
	    m > 59)
		return false;
	*offset = (int64_t)(h * 3600 + m * 60) * (s.s[0] == '+' ? 1 : -1);
	return true;
}

bool timestamp_parse(struct str s, int64_t *out)
{
	unsigned y, mo, d, h, mi, sec;
	int64_t offset;
	uint64_t plain;

	if (str_to_u64(s, &plain) && s.len <= 12 && plain <= 253402300799ull) {
		*out = (int64_t)plain;
		return true;
	}
	if (!number(s, 0, 4, &y) || !number(s, 5, 2, &mo) || !number(s, 8, 2, &d) || s.s[4] != '-' || s.s[7] != '-' || y < 1970 || mo < 1 ||
	    mo > 12 || d < 1 || d > days_in(y, mo))
		return false;
	*out = days_of(y, mo, d) * 86400;
	if (s.len == 10)
		return true;
	if ((s.s[10] != 'T' && s.s[10] != 't' && s.s[10] != ' ') || !number(s, 11, 2, &h) || !number(s, 14, 2, &mi) ||
	    !number(s, 17, 2, &sec) || s.s[13] != ':' || s.s[16] != ':' || h > 23 || mi > 59 || sec > 60)
		return false;
	struct str rest = str_from(s, 19);
	if (rest.len && rest.s[0] == '.') {
		size_t n = 1;
		while (n < rest.len && ascii_digit(rest.s[n]))
			n++;
		if (n == 1)
			return false;
		rest = str_from(rest, n);
	}
	if (!zone(rest, &offset))
		return false;
	*out += (int64_t)(h * 3600 + mi * 60 + sec) - offset;
	return *out >= 0;
}

static char *digits(char *p, unsigned n, int count, char behind)
{
	for (int i = count; i-- > 0; n /= 10)
		p[i] = (char)('0' + n % 10);
	p[count] = behind;
	return p + count + 1;
}

struct str timestamp_text(struct arena *a, int64_t t)
{
	int64_t y;
	unsigned m, d, s = (unsigned)(t % 86400);

	date_of(t / 86400, &y, &m, &d);
	if (t >= 0 && y <= 9999) { /* each advisory found has two: a printf costs more than the look-up */
		char *text = arena_alloc(a, 21), *p = digits(text, (unsigned)y, 4, '-');
		p = digits(digits(p, m, 2, '-'), d, 2, 'T');
		digits(digits(digits(p, s / 3600, 2, ':'), s / 60 % 60, 2, ':'), s % 60, 2, 'Z');
		return str_make(text, 20);
	}
	return arena_printf(a, "%04lld-%02u-%02uT%02u:%02u:%02uZ", (long long)y, m, d, s / 3600, s / 60 % 60, s % 60);
}

struct str timestamp_day(struct arena *a, int64_t t)
{
	return str_sub(timestamp_text(a, t), 0, 10);
}

int64_t timestamp_now(void)
{
	return (int64_t)time(NULL);
}

bool duration_parse(struct str text, int64_t *seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
	uint64_t n;

	if (text.len < 2 || !str_to_u64(str_sub(text, 0, text.len - 1), &n) || n > 1000000)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (text.s[text.len - 1] == units[i].unit) {
			*seconds = (int64_t)n * units[i].seconds;
			return true;
		}
	}
	return false;
}

struct str duration_text(struct arena *a, int64_t seconds)
{
	if (seconds < 0)
		seconds = 0;
	if (seconds < 120)
		return arena_printf(a, "%lld s", (long long)seconds);
	if (seconds < 7200)
		return arena_printf(a, "%lld min", (long long)(seconds / 60));
	if (seconds < 172800)
		return arena_printf(a, "%lld h", (long long)(seconds / 3600));
	return arena_printf(a, "%lld d", (long long)(seconds / 86400));
}
