#include "test.h"
#include "model/cvss.h"

static int tenths(double x)
{
	return (int)(x < 0 ? -1 : x * 10 + 0.5);
}

static void scores(const char *vector, const char *version, int base, int temporal, int environmental)
{
	struct cvss c;

	if (!CHECK(cvss_parse(str_of(vector), &c)))
		return;
	CHECK_STR(str_of(c.version), str_of(version));
	if (!(tenths(c.base) == base && tenths(c.temporal) == temporal && tenths(c.environmental) == environmental)) {
		printf("not ok %s: got %.1f %.1f %.1f\n", vector, c.base, c.temporal, c.environmental);
		test_failed_here++;
	}
}

/* "A Complete Guide to the CVSS 2.0", section 3.3. */
static void first_examples_2(void)
{
	scores("AV:N/AC:L/Au:N/C:N/I:N/A:C", "2.0", 78, -1, -1);
	scores("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C", "2.0", 78, 64, -1);
	scores("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:N/TD:N/CR:M/IR:M/AR:H", "2.0", 78, 64, 0);
	scores("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H", "2.0", 78, 64, 92);
	scores("AV:N/AC:L/Au:N/C:C/I:C/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:L", "2.0", 100, 83, 90);
	scores("(AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:M)", "2.0", 62, 49, 75);
	scores("AV:N/AC:L/Au:N/C:N/I:N/A:N", "2.0", 0, -1, -1);
}

/* "CVSS 3.1 Examples" (the same scores under 3.0). */
static void first_examples_3(void)
{
	static const struct { const char *metrics; int base; } cases[] = {
		{ "AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 61 }, /* CVE-2013-1937 */
		{ "AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 64 }, /* CVE-2013-0375 */
		{ "AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 31 }, /* CVE-2014-3566 */
		{ "AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 99 }, /* CVE-2012-1516 */
		{ "AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", 42 }, /* CVE-2009-0783 */
		{ "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 88 }, /* CVE-2012-0384 */
		{ "AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 78 }, /* CVE-2015-1098 */
		{ "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 75 }, /* CVE-2014-0160 */
		{ "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 98 }, /* CVE-2014-6271 */
		{ "AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N", 68 }, /* CVE-2008-1447 */
		{ "AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 68 }, /* CVE-2014-2005 */
		{ "AV:N/AC:L/PR:N/UI:N/S:C/C:L/I:N/A:N", 58 }, /* CVE-2010-0467 */
		{ "AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:L/A:N", 58 }, /* CVE-2012-1342 */
		{ "AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", 54 }, /* CVE-2014-9253 */
		{ "AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:H", 93 }, /* CVE-2013-6014 */
		{ "AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 100 },
		{ "AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char vector[128];
		snprintf(vector, sizeof vector, "CVSS:3.1/%s", cases[i].metrics);
		scores(vector, "3.1", cases[i].base, -1, -1);
		snprintf(vector, sizeof vector, "CVSS:3.0/%s", cases[i].metrics);
		scores(vector, "3.0", cases[i].base, -1, -1);
	}
	scores("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U", "3.1", 98, 78, -1);
	scores("CVSS:3.1/A:H/I:H/C:H/S:U/UI:N/PR:N/AC:L/AV:N/MAV:P/CR:L", "3.1", 98, -1, 65);
	/* where 3.0 and 3.1 differ: the curve of a modified, changed scope */
	scores("CVSS:3.0/AV:N/AC:H/PR:L/UI:N/S:C/C:H/I:H/A:H/CR:H/IR:H/AR:H", "3.0", 85, -1, 85);
	scores("CVSS:3.1/AV:N/AC:H/PR:L/UI:N/S:C/C:H/I:H/A:H/CR:H/IR:H/AR:H", "3.1", 85, -1, 86);
}

/* "CVSS 4.0 Examples". */
static void first_examples_4(void)
{
	static const struct { const char *metrics; int score; } cases[] = {
		{ "AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 73 },	 /* CVE-2022-41741 */
		{ "AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 77 },	 /* CVE-2020-3549 */
		{ "AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", 52 },
		{ "AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 83 },	 /* CVE-2023-3089 */
		{ "AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N/CR:H/IR:L/AR:L/MAV:N/MAC:H/MVC:H/MVI:L/MVA:L", 81 },
		{ "AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 46 },	 /* CVE-2021-44714 */
		{ "AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 51 },	 /* CVE-2022-21830 */
		{ "AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N", 69 },	 /* CVE-2022-22186 */
		{ "AV:L/AC:L/AT:N/PR:H/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:N", 59 },	 /* CVE-2023-21989 */
		{ "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/E:A", 87 },	 /* CVE-2014-0160 */
		{ "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:A", 100 }, /* CVE-2021-44228 */
		{ "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 93 },	 /* CVE-2014-6271 */
		{ "AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0 },
		{ "AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N/E:U/CR:L/IR:L/AR:L", 1 },
		/* safety in the subsequent system, and supplemental metrics that do not count */
		{ "AV:P/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:H/SA:N/MSI:S/S:P/AU:Y/R:I/V:C/RE:H/U:Amber", 92 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char vector[256];
		snprintf(vector, sizeof vector, "CVSS:4.0/%s", cases[i].metrics);
		scores(vector, "4.0", cases[i].score, cases[i].score, cases[i].score);
	}
}

static void bad_vectors(void)
{
	static const char *const bad[] = {
		"", "CVSS:", "CVSS:3.1", "CVSS:3.1/", "CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "HIGH", "9.8",
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/A:H",
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:X", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/ZZ:N",
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/", "CVSS:3.1/AV/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
		"AV:N/AC:L/Au:N/C:N/I:N", "(AV:N/AC:L/Au:N/C:N/I:N/A:C", "AV:N/AC:L/AU:N/C:N/I:N/A:C",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:S/SA:H", "CVSS:4.0/AV:N/AC:L/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:H",
	};
	static const char whole[] = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H";
	struct cvss c;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (!CHECK(!cvss_parse(str_of(bad[i]), &c)))
			printf("not ok %s\n", bad[i]);
	for (size_t n = 0; n < sizeof whole - 1; n++)
		CHECK(!cvss_parse(str_make(whole, n), &c));
}

/* Of all base vectors of 4.0: a worse value of one metric never lowers the score. */
static void monotone_4(void)
{
	static const char *const names[] = { "AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA" };
	static const char *const values[] = { "NALP", "LH", "NP", "NLH", "NPA", "HLN", "HLN", "HLN", "HLN", "HLN", "HLN" };
	enum { METRICS = 11 };
	size_t checked = 0;

	for (unsigned seed = 0; seed < 4000; seed++) {
		size_t at[METRICS];
		unsigned state = seed * 2654435761u + 12345;
		char vector[160];
		double last = -1;
		for (int i = 0; i < METRICS; i++) {
			state = state * 1103515245u + 12345;
			at[i] = (state >> 16) % strlen(values[i]);
		}
		size_t vary = seed % METRICS;
		for (size_t k = 0; k < strlen(values[vary]); k++) {
			struct cvss c;
			int n = snprintf(vector, sizeof vector, "CVSS:4.0");
			at[vary] = k;
			for (int i = 0; i < METRICS; i++)
				n += snprintf(vector + n, sizeof vector - (size_t)n, "/%s:%c", names[i], values[i][at[i]]);
			if (!CHECK(cvss_parse(str_of(vector), &c)))
				return;
			if (!CHECK(last < 0 || c.base <= last + 1e-9))
				printf("not ok %s: %.1f after %.1f\n", vector, c.base, last);
			last = c.base;
			checked++;
		}
	}
	CHECK(checked > 10000);
}

static void words(void)
{
	double score;
	struct str version;

	CHECK_STR(str_of(cvss_severity(0)), STR("none"));
	CHECK_STR(str_of(cvss_severity(0.1)), STR("low"));
	CHECK_STR(str_of(cvss_severity(3.9)), STR("low"));
	CHECK_STR(str_of(cvss_severity(4.0)), STR("medium"));
	CHECK_STR(str_of(cvss_severity(6.9)), STR("medium"));
	CHECK_STR(str_of(cvss_severity(7.0)), STR("high"));
	CHECK_STR(str_of(cvss_severity(9.0)), STR("critical"));
	CHECK(cvss_score(STR("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U"), &score, &version));
	CHECK_INT(tenths(score), 98);
	CHECK_STR(version, STR("3.1"));
	CHECK(!cvss_score(STR("moderate"), &score, NULL));
}

TEST_MAIN(TEST_CASE(first_examples_2), TEST_CASE(first_examples_3), TEST_CASE(first_examples_4), TEST_CASE(bad_vectors),
	  TEST_CASE(monotone_4), TEST_CASE(words))
