/* The tables against the published files (tests/golden/ssvc), and tables from files. */
#include "test.h"

#include "decide/table.h"
#include "syntax/lines.h"

static struct arena *a;

static struct str golden(const char *name)
{
	struct str path = arena_printf(a, "tests/golden/ssvc/%s", name);
	struct str text = test_file(path.s);

	struct str copy = text.s ? arena_str(a, text) : STR("");

	CHECK(text.s != NULL);
	free((void *)text.s);
	return copy;
}

/* The columns of the CSV in the order of our points (in one table CSV and JSON differ in it). */
static void columns(const struct ssvc_table *t, struct str heading, unsigned *point_of_column)
{
	(void)str_cut(&heading, ',');
	for (unsigned c = 0; c < t->npoints; c++) {
		struct str name = str_cut(&heading, ',');
		point_of_column[c] = t->npoints;
		for (unsigned p = 0; p < t->npoints; p++)
			if (str_starts(name, t->points[p]->name))
				point_of_column[c] = p;
		CHECK(point_of_column[c] < t->npoints);
	}
}

/* Every row of a published CSV gives the same outcome and the same row number in our table. Returns the rows compared. */
static size_t compare(const char *name, const char *file)
{
	const struct ssvc_table *t = ssvc_table_published(a, str_of(name));
	struct lines l;
	size_t rows = 0;

	CHECK(t != NULL);
	if (!t)
		return 0;
	lines_open(&l, golden(file));
	(void)lines_next(&l);
	unsigned point_of_column[SSVC_MAX_POINTS];
	columns(t, l.line, point_of_column);
	while (lines_next(&l)) {
		struct str rest = l.line, number = str_cut(&rest, ',');
		unsigned values[SSVC_MAX_POINTS], outcome = 99, want = 98, row = 0;
		uint64_t published;
		for (unsigned p = 0; p < t->npoints; p++)
			CHECK(ssvc_value_of(t->points[point_of_column[p]], str_cut(&rest, ','), &values[point_of_column[p]]));
		CHECK(ssvc_value_of(t->outcome, rest, &want));
		outcome = ssvc_table_outcome(t, values, &row);
		CHECK_INT(outcome, want);
		CHECK(str_to_u64(number, &published));
		CHECK_INT(row, published);
		rows++;
	}
	CHECK_INT(rows, t->nrows);
	return rows;
}

static void deployer_has_the_72_published_rows(void)
{
	unsigned count[4] = { 0 };
	const struct ssvc_table *t = ssvc_table_published(a, STR("ssvc:DT_DP:1.0.0"));

	CHECK_INT(compare("deployer", "deployer_patch_application_priority_1_0_0.csv"), 72);
	for (size_t i = 0; i < t->nrows; i++)
		count[t->cells[i]]++;
	CHECK_INT(count[0], 7);
	CHECK_INT(count[1], 42);
	CHECK_INT(count[2], 20);
	CHECK_INT(count[3], 3);
	CHECK(ssvc_table_is_dsoi(t));
}

static void the_other_tables_are_as_published(void)
{
	CHECK_INT(compare("human-impact", "human_impact_1_0_0.csv"), 16);
	CHECK_INT(compare("supplier", "supplier_patch_development_priority_1_0_0.csv"), 36);
	CHECK_INT(compare("cisa-coordinator", "cisa_coordinator_2_0_3.csv"), 36);
	CHECK_INT(compare("bod-26-04", "cisa_bod_26_04_1_0_0.csv"), 16);
	CHECK_INT(compare("utility", "utility_1_0_0.csv"), 4);
	CHECK_INT(compare("public-safety-impact", "public_safety_impact_1_0_0.csv"), 4);
	CHECK(ssvc_table_published(a, STR("nothing")) == NULL);
}

/* v2024.3.8 has five Safety values: read through the old words. */
static void human_impact_of_2024_is_as_published(void)
{
	const struct ssvc_table *t = ssvc_table_published(a, STR("human-impact-2024.3.8"));
	struct lines l;
	size_t rows = 0;

	lines_open(&l, golden("human-impact-v2024.3.8.csv"));
	(void)lines_next(&l);
	while (lines_next(&l)) {
		struct str rest = l.line;
		unsigned v[2], want;
		if (!str_trim(rest).len)
			continue;
		CHECK(ssvc_value_of(t->points[0], str_cut(&rest, ','), &v[0]));
		CHECK(ssvc_value_of(t->points[1], str_cut(&rest, ','), &v[1]));
		CHECK(ssvc_value_of(t->outcome, rest, &want));
		CHECK_INT(ssvc_table_outcome(t, v, NULL), want);
		rows++;
	}
	CHECK_INT(rows, 20);
}

/* All 288 combinations of exploitation, exposure, automatable, safety and mission, with both Human Impact tables against an
 * outcome worked out from the published rows; 24 differ, 10 of them across the gate (SSVC reference, section 4). */
static void all_288_combinations(void)
{
	const struct ssvc_table *dp = ssvc_table_published(a, STR("deployer"));
	const struct ssvc_table *now = ssvc_table_published(a, STR("human-impact")), *then = ssvc_table_published(a, STR("human-impact-2024.3.8"));
	struct str why;
	const struct ssvc_table *file_dp =
		ssvc_table_parse(a, golden("deployer-options-v2024.3.8.csv"), STR("deployer-options"), &why, NULL);
	const struct ssvc_table *file_hi = ssvc_table_parse(a, golden("human_impact_1_0_0.csv"), STR("hi"), &why, NULL);
	size_t n = 0, differ = 0, gate = 0;

	CHECK(file_dp && file_hi);
	for (unsigned i = 0; file_dp && file_hi && i < 288; i++) {
		unsigned e = i / 96, x = i / 32 % 3, au = i / 16 % 2, sm[2] = { i / 4 % 4, i % 4 };
		unsigned hi = ssvc_table_outcome(now, sm, NULL), old = ssvc_table_outcome(then, sm, NULL);
		unsigned in[4] = { e, x, au, hi }, in_old[4] = { e, x, au, old };
		unsigned got = ssvc_table_outcome(dp, in, NULL), got_old = ssvc_table_outcome(dp, in_old, NULL);
		unsigned file_in[4] = { e, x, au, ssvc_table_outcome(file_hi, sm, NULL) };
		CHECK_INT(got, ssvc_table_outcome(file_dp, file_in, NULL));
		CHECK_INT(got_old, ssvc_table_outcome(file_dp, in_old, NULL));
		differ += got != got_old;
		gate += (got >= OUTCOME_OUT_OF_CYCLE) != (got_old >= OUTCOME_OUT_OF_CYCLE);
		n++;
	}
	CHECK_INT(n, 288);
	CHECK_INT(differ, 24);
	CHECK_INT(gate, 10);
}

static void possible_outcomes(void)
{
	const struct ssvc_table *t = ssvc_table_published(a, STR("deployer"));
	unsigned all[4] = { 7, 7, 3, 15 }, some[4] = { 3, 4, 3, 2 };

	CHECK_INT(ssvc_table_possible(t, all), 15);
	CHECK_INT(ssvc_table_highest(t, all), OUTCOME_IMMEDIATE);
	CHECK_INT(ssvc_table_possible(t, some), 1u << OUTCOME_SCHEDULED);
	CHECK_INT(ssvc_table_highest(t, some), OUTCOME_SCHEDULED);
}

static void words(void)
{
	const struct ssvc_point *e = ssvc_point_by_name(a, STR("exploitation"), STR("")), *au = ssvc_point_by_id(a, STR("ssvc:A:2.0.0"));
	const struct ssvc_point *hi = ssvc_point_by_name(a, STR("human_impact"), STR(""));
	unsigned v;

	CHECK_STR(e->id, STR("ssvc:E:1.1.0"));
	CHECK_STR(hi->id, STR("ssvc:HI:2.0.2"));
	CHECK(ssvc_value_of(e, STR("PoC"), &v) && v == 1);
	CHECK(ssvc_value_of(e, STR(" Public-PoC "), &v) && v == 1);
	CHECK(ssvc_value_of(e, STR("ACTIVE"), &v) && v == 2);
	CHECK(!ssvc_value_of(e, STR("weaponised"), &v));
	CHECK(!ssvc_value_of(e, STR(""), &v));
	CHECK(ssvc_value_of(au, STR("Rapid"), &v) && v == 1);
	CHECK(ssvc_value_of(au, STR("slow"), &v) && v == 0);
	CHECK(!ssvc_value_of(e, STR("slow"), &v));
	CHECK(ssvc_value_of(hi, STR("very_high"), &v) && v == 3);
	CHECK_STR(ssvc_value_words(a, e), STR("none, public-poc or active"));
	/* the short forms of the deployer's points agree with the published points */
	for (unsigned p = 0; p < NPOINTS; p++) {
		const struct ssvc_point *full = ssvc_point_by_id(a, str_of(point_id(p)));
		CHECK_INT(full->nvalues, point_count(p));
		CHECK_STR(full->name, str_of(point_name(p)));
		for (unsigned i = 0; i < full->nvalues; i++) {
			CHECK_STR(full->values[i].key, str_of(point_key(p, i)));
			CHECK(ssvc_word_eq(full->values[i].name, str_of(point_word(p, i))));
		}
	}
}

static void files_are_checked(void)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "", "empty" },
		{ "row,Automatable,Technical Impact,Priority\n0,no,partial,defer\n1,no,total,scheduled\n2,yes,partial,scheduled\n",
		  "not complete: no row for yes, total" },
		{ "Automatable,Priority\nno,scheduled\nyes,defer\n", "not monotone: raising Automatable in row 0 (no)" },
		{ "Automatable,Priority\nno,scheduled\nno,defer\n", "repeats the combination of row 0" },
		{ "Automatable,Priority\nno,scheduled\nyes,panic\n", "\"panic\" is no value" },
		{ "Automatable,Priority\nno\n", "too few columns" },
		{ "Automatable,Priority\nno,defer,x\n", "too many columns" },
		{ "Automatable,Mood\nno,good\n", "\"Mood\" is no published decision point" },
		{ "Automatable,Automatable,Priority\n", "stands twice" },
		{ "Priority\n", "no decision points" },
		{ "{\"namespace\":\"ssvc\"}", "no decision table" },
		{ "{\"namespace\":", "" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct str why = STR_NONE;
		size_t offset;
		CHECK(ssvc_table_parse(a, str_of(bad[i].text), STR("own"), &why, &offset) == NULL);
		if (!CHECK(why.s && str_has(why, str_of(bad[i].why))))
			printf("# %zu: %.*s\n", i, STR_ARG(why));
	}
}

static void an_own_table_in_json(void)
{
	struct str text = STR("{\"namespace\":\"x_example.acme\",\"key\":\"T\",\"version\":\"1.0.0\",\"name\":\"Ours\",\"decision_points\":{"
			      "\"ssvc:A:2.0.0\":{\"name\":\"Automatable\",\"values\":[{\"key\":\"N\",\"name\":\"No\"},{\"key\":\"Y\",\"name\":\"Yes\"}]},"
			      "\"x_example.acme:OUT:1.0.0\":{\"name\":\"Haste\",\"values\":[{\"key\":\"L\",\"name\":\"Later\"},{\"key\":\"N\",\"name\":\"Now\"}]}},"
			      "\"outcome\":\"x_example.acme:OUT:1.0.0\",\"mapping\":[{\"ssvc:A:2.0.0\":\"N\",\"x_example.acme:OUT:1.0.0\":\"L\"},"
			      "{\"ssvc:A:2.0.0\":\"Y\",\"x_example.acme:OUT:1.0.0\":\"N\"}]}");
	struct str why = STR_NONE;
	const struct ssvc_table *t = ssvc_table_parse(a, text, STR("own.json"), &why, NULL);
	unsigned yes = 1;

	CHECK(t != NULL);
	if (!t)
		return;
	CHECK_STR(t->id, STR("x_example.acme:T:1.0.0"));
	CHECK_STR(t->outcome->values[ssvc_table_outcome(t, &yes, NULL)].word, STR("now"));
	CHECK(!ssvc_table_is_dsoi(t));
	/* cut at every byte: a reason or the same table, never a crash */
	for (size_t n = 0; n < text.len; n++)
		CHECK(ssvc_table_parse(a, str_sub(text, 0, n), STR("own.json"), &why, NULL) == NULL);
}

static void set_up(void)
{
	a = arena_new(0);
}

static void tear_down(void)
{
	arena_free(a);
}

TEST_MAIN(TEST_CASE(set_up), TEST_CASE(deployer_has_the_72_published_rows), TEST_CASE(the_other_tables_are_as_published),
	  TEST_CASE(human_impact_of_2024_is_as_published), TEST_CASE(all_288_combinations), TEST_CASE(possible_outcomes), TEST_CASE(words),
	  TEST_CASE(files_are_checked), TEST_CASE(an_own_table_in_json), TEST_CASE(tear_down))
