/* Deciding again from the record alone: what agrees, each thing that does not, and records that hold too little. */
#include "test.h"

#include "provenance/redecide.h"

#define CELLS "0 0 1 1 0 1 1 1 0 1 1 1 1 1 1 1 0 1 1 1 1 1 1 2 0 1 1 1 1 1 1 1 0 1 1 1 1 1 1 2 1 1 1 2 1 1 2 2 1 1 2 2 1 2 2 2 1 1 2 2 2 2 2 2 1 2 2 3 2 2 3 3"
#define POINT(id, value, possible) "\"" id "\":{\"value\":\"" value "\",\"possible\":\"" possible "\"}"
#define FINDING(exploitation, level, outcome, row, closes, more)                                                          \
	"{\"id\":\"CVE-2049-1\",\"name\":\"x\",\"version\":\"1\",\"state\":\"new\",\"closesGate\":" closes more ",\"decision\":{\"level\":" level        \
	",\"outcome\":\"" outcome "\",\"highestPossible\":\"" outcome "\",\"row\":" row ",\"points\":{" POINT("ssvc:E:1.1.0", exploitation, exploitation) ","  \
	POINT("ssvc:EXP:1.0.1", "open", "open") "," POINT("ssvc:A:2.0.0", "yes", "yes") "," POINT("ssvc:HI:2.0.2", "high", "high") "}}}"
#define RECORD(cells, state, code, closing, lifted, checked, finding)                                                     \
	"{\"table\":{\"id\":\"ssvc:DT_DP:1.0.0\",\"cells\":\"" cells "\"},\"gate\":{\"state\":\"" state "\",\"exitCode\":" code ",\"closing\":" closing      \
	",\"lifted\":" lifted ",\"notDecided\":0,\"counts\":COUNTS}," \
	"\"basis\":{\"failOn\":\"out-of-cycle\",\"strict\":false,\"undecided\":\"warn\",\"pullRequest\":\"new\",\"allowIncomplete\":false,\"change\":false,"   \
	"\"matched\":true,\"incomplete\":false,\"licenceViolations\":0,\"faultsBefore\":0,\"data\":{\"kev\":{\"loaded\":true,\"checked\":\"" checked           \
	"\",\"maxAgeSeconds\":1000},\"osv\":{\"loaded\":true,\"checked\":\"" checked "\",\"maxAgeSeconds\":1000}}},\"findings\":[" finding "]}"

static struct redecided out;

static enum result again(struct arena *a, const char *text, const char *counts)
{
	struct str t = str_of(text);
	size_t at = str_find(t, STR("COUNTS"), 0);

	if (at != STR_NOT_FOUND)
		t = arena_printf(a, "%.*s%s%.*s", (int)at, t.s, counts, STR_ARG(str_from(t, at + 6)));
	const struct json *j = json_parse(a, t, NULL, NULL);
	CHECK(j != NULL);
	return redecide(a, j, NULL, 1000000500, &out);
}

#define DAY "2001-09-09T01:46:40Z" /* 1000000000 */
#define ONE_IMMEDIATE "{\"defer\":0,\"scheduled\":0,\"out-of-cycle\":0,\"immediate\":1}"
#define ONE_SCHEDULED "{\"defer\":0,\"scheduled\":1,\"out-of-cycle\":0,\"immediate\":0}"
#define NONE "{\"defer\":0,\"scheduled\":0,\"out-of-cycle\":0,\"immediate\":0}"
#define IMMEDIATE FINDING("active", "3", "Immediate", "70", "true", "")
#define SCHEDULED FINDING("none", "1", "Scheduled", "22", "false", "")

static void decides_again(void)
{
	struct arena *a = arena_new(0);

	CHECK_INT(again(a, RECORD(CELLS, "closed", "1", "1", "0", DAY, IMMEDIATE), ONE_IMMEDIATE), OK);
	CHECK_INT(out.gate.exit_code, 1);
	CHECK_INT(again(a, RECORD(CELLS, "open", "0", "0", "0", DAY, SCHEDULED), ONE_SCHEDULED), OK);
	CHECK_STR(out.state, STR("open"));
	/* an outcome that the values do not give; a gate that the findings do not give; counts; a value that is none */
	CHECK_INT(again(a, RECORD(CELLS, "open", "0", "0", "0", DAY, FINDING("active", "1", "Scheduled", "70", "false", "")), ONE_SCHEDULED), PARTIAL);
	CHECK_STR(out.state, STR("closed"));
	CHECK_INT(again(a, RECORD(CELLS, "open", "0", "1", "0", DAY, IMMEDIATE), ONE_IMMEDIATE), PARTIAL);
	CHECK_INT(again(a, RECORD(CELLS, "closed", "1", "1", "0", DAY, IMMEDIATE), NONE), PARTIAL);
	CHECK_INT(again(a, RECORD(CELLS, "open", "0", "0", "0", DAY, FINDING("unheard", "1", "Scheduled", "22", "false", "")), ONE_SCHEDULED), PARTIAL);
	CHECK_STR(out.state, STR("closed")); /* not readable is the worst, never the best */
	/* a row of another combination; another table */
	CHECK_INT(again(a, RECORD(CELLS, "open", "0", "0", "0", DAY, FINDING("none", "1", "Scheduled", "21", "false", "")), ONE_SCHEDULED), PARTIAL);
	CHECK_INT(again(a, RECORD("0 0", "open", "0", "0", "0", DAY, SCHEDULED), ONE_SCHEDULED), PARTIAL);
	/* a lift without what lifted it */
	CHECK_INT(again(a, RECORD(CELLS, "open", "0", "0", "1", DAY, FINDING("active", "3", "Immediate", "70", "false", ",\"liftedBy\":\"x\"")), NONE), PARTIAL);
	CHECK_INT(again(a, RECORD(CELLS, "open", "0", "0", "1", DAY,
				  FINDING("active", "3", "Immediate", "70", "false", ",\"liftedBy\":\"x\",\"lifted\":{\"kind\":\"ignore\",\"until\":\"2002-01-01\"}")), NONE), OK);
	CHECK_INT(again(a, RECORD(CELLS, "open", "0", "0", "1", DAY,
				  FINDING("active", "3", "Immediate", "70", "false", ",\"liftedBy\":\"x\",\"lifted\":{\"kind\":\"ignore\",\"until\":\"2000-01-01\"}")), NONE), PARTIAL);
	/* data that was too old on that day */
	CHECK_INT(again(a, RECORD(CELLS, "open", "0", "0", "0", "2001-09-08T01:46:40Z", SCHEDULED), ONE_SCHEDULED), PARTIAL);
	CHECK_STR(out.state, STR("stale"));
	/* records that hold too little */
	CHECK_INT(again(a, "{}", ""), FAILED);
	CHECK_INT(again(a, "{\"table\":{\"id\":\"ssvc:DT_DP:1.0.0\",\"cells\":\"" CELLS "\"}}", ""), FAILED);
	CHECK_INT(again(a, "{\"table\":{\"id\":\"x:Y:1\",\"cells\":\"0 1\",\"points\":[{\"id\":\"x:P:1\",\"name\":\"P\",\"values\":[\"n\",\"y\"]}]}}", ""), FAILED);
	CHECK(out.failed.len > 0);
	arena_free(a);
}

TEST_MAIN(TEST_CASE(decides_again))
