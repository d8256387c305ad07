#include "test.h"

#include "base/timestamp.h"

static void parsing(void)
{
	static const struct {
		const char *text;
		long long want; /* -1: refused */
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2026-11-27T10:20:25Z", 1795774825 },
		{ "2026-11-27T12:20:25.123456+02:00", 1795774825 },
		{ "2026-11-27", 1795737600 },
		{ "1795774825", 1795774825 },
		{ "2024-02-29", 1709164800 },
		{ "2023-02-29", -1 },
		{ "2026-13-01", -1 },
		{ "2026-11-27T10:20:25", -1 },
		{ "2026-11-27T10:20:25.Z", -1 },
		{ "2026-11-27T24:00:00Z", -1 },
		{ "yesterday", -1 },
		{ "", -1 },
		{ "1960-01-01", -1 },
	};
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t t = -1;
		CHECK_INT(timestamp_parse(str_of(rows[i].text), &t) ? t : -1, rows[i].want);
	}
	CHECK_STR(timestamp_text(a, 1795774825), STR("2026-11-27T10:20:25Z"));
	CHECK_STR(timestamp_day(a, 1709164800), STR("2024-02-29"));
	for (int64_t t = 0; t < 253402300799; t += 86400 * 37 + 12345) { /* there and back */
		int64_t back = -1;
		CHECK(timestamp_parse(timestamp_text(a, t), &back) && back == t);
	}
	arena_free(a);
}

static void durations(void)
{
	struct arena *a = arena_new(0);
	int64_t s;

	CHECK(duration_parse(STR("72h"), &s) && s == 259200);
	CHECK(duration_parse(STR("7d"), &s) && s == 604800);
	CHECK(!duration_parse(STR("7"), &s) && !duration_parse(STR("d"), &s) && !duration_parse(STR("-1d"), &s));
	CHECK_STR(duration_text(a, 18000), STR("5 h"));
	CHECK_STR(duration_text(a, 300000), STR("3 d"));
	arena_free(a);
}

TEST_MAIN(TEST_CASE(parsing), TEST_CASE(durations))
