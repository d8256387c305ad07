#include "model/cvss_metric.h"

#include <math.h>

/* The index of `word` among the words of `values`; -1 where it is none. */
static int value_index(const char *values, struct str word)
{
	struct str rest = str_of(values);

	for (int i = 0; rest.s; i++)
		if (str_eq(str_cut(&rest, ' '), word))
			return i;
	return -1;
}

static size_t find_metric(const struct cvss_metric *table, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(name, table[i].name))
			return i;
	return n;
}

bool cvss_read(struct str metrics, const struct cvss_metric *table, size_t n, unsigned char *values)
{
	bool seen[CVSS_METRICS_MAX] = { false };

	memset(values, 0, n);
	while (metrics.s) {
		struct str value = str_cut(&metrics, '/');
		struct str name = str_cut(&value, ':');
		size_t at = find_metric(table, n, name);
		int index = at < n && value.s ? value_index(table[at].values, value) : -1;
		if (index < 0 || seen[at])
			return false;
		seen[at] = true;
		values[at] = (unsigned char)index;
	}
	for (size_t i = 0; i < n; i++)
		if (table[i].mandatory && !seen[i])
			return false;
	return true;
}

/* Optional metrics have "not defined" as their first value, with the weight that changes nothing. */
enum { V2_AV, V2_AC, V2_AU, V2_C, V2_I, V2_A, V2_E, V2_RL, V2_RC, V2_CDP, V2_TD, V2_CR, V2_IR, V2_AR, V2_N };
static const struct cvss_metric v2[V2_N] = {
	{ "AV", "L A N", true, { 0.395, 0.646, 1.0 } },
	{ "AC", "H M L", true, { 0.35, 0.61, 0.71 } },
	{ "Au", "M S N", true, { 0.45, 0.56, 0.704 } },
	{ "C", "N P C", true, { 0, 0.275, 0.66 } },
	{ "I", "N P C", true, { 0, 0.275, 0.66 } },
	{ "A", "N P C", true, { 0, 0.275, 0.66 } },
	{ "E", "ND U POC F H", false, { 1, 0.85, 0.9, 0.95, 1 } },
	{ "RL", "ND OF TF W U", false, { 1, 0.87, 0.9, 0.95, 1 } },
	{ "RC", "ND UC UR C", false, { 1, 0.9, 0.95, 1 } },
	{ "CDP", "ND N L LM MH H", false, { 0, 0, 0.1, 0.3, 0.4, 0.5 } },
	{ "TD", "ND N L M H", false, { 1, 0, 0.25, 0.75, 1 } },
	{ "CR", "ND L M H", false, { 1, 0.5, 1, 1.51 } },
	{ "IR", "ND L M H", false, { 1, 0.5, 1, 1.51 } },
	{ "AR", "ND L M H", false, { 1, 0.5, 1, 1.51 } },
};

static bool any_defined(const unsigned char *values, int from, int to)
{
	for (int i = from; i < to; i++)
		if (values[i])
			return true;
	return false;
}

static double round_half_up(double x)
{
	return floor(x * 10 + 0.5 + 1e-9) / 10;
}

static double v2_base(double impact, double exploitability)
{
	return round_half_up((0.6 * impact + 0.4 * exploitability - 1.5) * (impact == 0 ? 0 : 1.176));
}

static bool score_v2(struct str vector, struct cvss *out)
{
	unsigned char values[V2_N];
	double w[V2_N];

	if (vector.len > 1 && vector.s[0] == '(' && vector.s[vector.len - 1] == ')')
		vector = str_sub(vector, 1, vector.len - 2);
	if (!cvss_read(vector, v2, V2_N, values))
		return false;
	for (int i = 0; i < V2_N; i++)
		w[i] = v2[i].weights[values[i]];
	double impact = 10.41 * (1 - (1 - w[V2_C]) * (1 - w[V2_I]) * (1 - w[V2_A]));
	double exploitability = 20 * w[V2_AV] * w[V2_AC] * w[V2_AU];
	double threat = w[V2_E] * w[V2_RL] * w[V2_RC];
	*out = (struct cvss){ "2.0", v2_base(impact, exploitability), -1, -1 };
	if (any_defined(values, V2_E, V2_CDP))
		out->temporal = round_half_up(out->base * threat);
	if (any_defined(values, V2_CDP, V2_N)) {
		double adjusted = fmin(10, 10.41 * (1 - (1 - w[V2_C] * w[V2_CR]) * (1 - w[V2_I] * w[V2_IR]) * (1 - w[V2_A] * w[V2_AR])));
		double temporal = round_half_up(v2_base(adjusted, exploitability) * threat);
		out->environmental = round_half_up((temporal + (10 - temporal) * w[V2_CDP]) * w[V2_TD]);
	}
	return true;
}

/* The modified metrics stand in the base metrics' order, from V3_MAV on; their first value is "as the base has it". */
enum {
	V3_AV, V3_AC, V3_PR, V3_UI, V3_S, V3_C, V3_I, V3_A, V3_E, V3_RL, V3_RC, V3_CR, V3_IR, V3_AR,
	V3_MAV, V3_MAC, V3_MPR, V3_MUI, V3_MS, V3_MC, V3_MI, V3_MA, V3_N,
};
static const struct cvss_metric v3[V3_N] = {
	{ "AV", "N A L P", true, { 0.85, 0.62, 0.55, 0.2 } },
	{ "AC", "L H", true, { 0.77, 0.44 } },
	{ "PR", "N L H", true, { 0.85, 0.62, 0.27 } },
	{ "UI", "N R", true, { 0.85, 0.62 } },
	{ "S", "U C", true, { 0 } },
	{ "C", "H L N", true, { 0.56, 0.22, 0 } },
	{ "I", "H L N", true, { 0.56, 0.22, 0 } },
	{ "A", "H L N", true, { 0.56, 0.22, 0 } },
	{ "E", "X H F P U", false, { 1, 1, 0.97, 0.94, 0.91 } },
	{ "RL", "X U W T O", false, { 1, 1, 0.97, 0.96, 0.95 } },
	{ "RC", "X C R U", false, { 1, 1, 0.96, 0.92 } },
	{ "CR", "X H M L", false, { 1, 1.5, 1, 0.5 } },
	{ "IR", "X H M L", false, { 1, 1.5, 1, 0.5 } },
	{ "AR", "X H M L", false, { 1, 1.5, 1, 0.5 } },
	{ "MAV", "X N A L P", false, { 0 } },
	{ "MAC", "X L H", false, { 0 } },
	{ "MPR", "X N L H", false, { 0 } },
	{ "MUI", "X N R", false, { 0 } },
	{ "MS", "X U C", false, { 0 } },
	{ "MC", "X H L N", false, { 0 } },
	{ "MI", "X H L N", false, { 0 } },
	{ "MA", "X H L N", false, { 0 } },
};

/* Appendix A of 3.1: the smallest number with one decimal that is not below. 3.0 asks for the same with exact numbers. */
static double round_up(double x, bool v31)
{
	if (!v31)
		return ceil(x * 10 - 1e-9) / 10;
	long n = lround(x * 100000);
	return n % 10000 == 0 ? (double)n / 100000 : (double)(n / 10000 + 1) / 10;
}

static double v3_exploitability(const unsigned char *values, bool changed)
{
	double privileges = v3[V3_PR].weights[values[V3_PR]];

	if (changed && values[V3_PR])
		privileges = values[V3_PR] == 1 ? 0.68 : 0.5;
	return 8.22 * v3[V3_AV].weights[values[V3_AV]] * v3[V3_AC].weights[values[V3_AC]] * privileges *
	       v3[V3_UI].weights[values[V3_UI]];
}

static double v3_base(const unsigned char *values, bool v31)
{
	bool changed = values[V3_S] == 1;
	double iss = 1;

	for (int i = V3_C; i <= V3_A; i++)
		iss *= 1 - v3[i].weights[values[i]];
	iss = 1 - iss;
	double impact = changed ? 7.52 * (iss - 0.029) - 3.25 * pow(iss - 0.02, 15) : 6.42 * iss;
	if (impact <= 0)
		return 0;
	return round_up(fmin((changed ? 1.08 : 1) * (impact + v3_exploitability(values, changed)), 10), v31);
}

static double v3_environmental(const unsigned char *values, double threat, bool v31)
{
	unsigned char modified[V3_N];
	double miss = 1;

	memcpy(modified, values, V3_N);
	for (int i = V3_AV; i <= V3_A; i++)
		if (values[i + V3_MAV])
			modified[i] = (unsigned char)(values[i + V3_MAV] - 1);
	bool changed = modified[V3_S] == 1;
	for (int i = 0; i < 3; i++)
		miss *= 1 - v3[V3_CR + i].weights[values[V3_CR + i]] * v3[V3_C + i].weights[modified[V3_C + i]];
	miss = fmin(1 - miss, 0.915);
	double curve = v31 ? pow(miss * 0.9731 - 0.02, 13) : pow(miss - 0.02, 15);
	double impact = changed ? 7.52 * (miss - 0.029) - 3.25 * curve : 6.42 * miss;
	if (impact <= 0)
		return 0;
	double both = fmin((changed ? 1.08 : 1) * (impact + v3_exploitability(modified, changed)), 10);
	return round_up(round_up(both, v31) * threat, v31);
}

static bool score_v3(struct str vector, bool v31, struct cvss *out)
{
	unsigned char values[V3_N];

	if (!cvss_read(vector, v3, V3_N, values))
		return false;
	double threat = v3[V3_E].weights[values[V3_E]] * v3[V3_RL].weights[values[V3_RL]] * v3[V3_RC].weights[values[V3_RC]];
	*out = (struct cvss){ v31 ? "3.1" : "3.0", v3_base(values, v31), -1, -1 };
	if (any_defined(values, V3_E, V3_CR))
		out->temporal = round_up(out->base * threat, v31);
	if (any_defined(values, V3_CR, V3_N))
		out->environmental = v3_environmental(values, threat, v31);
	return true;
}

bool cvss_parse(struct str vector, struct cvss *out)
{
	vector = str_trim(vector);
	struct str rest = str_from(vector, 9);
	if (str_starts(vector, STR("CVSS:3.0/")))
		return score_v3(rest, false, out);
	if (str_starts(vector, STR("CVSS:3.1/")))
		return score_v3(rest, true, out);
	if (str_starts(vector, STR("CVSS:4.0/"))) {
		double score;
		if (!cvss4_score(rest, &score))
			return false;
		*out = (struct cvss){ "4.0", score, score, score };
		return true;
	}
	return score_v2(vector, out);
}

bool cvss_score(struct str vector, double *score, struct str *version)
{
	struct cvss c;

	if (!cvss_parse(vector, &c))
		return false;
	*score = c.base;
	if (version)
		*version = str_of(c.version);
	return true;
}

const char *cvss_severity(double score)
{
	return score < 0.05 ? "none" : score < 3.95 ? "low" : score < 6.95 ? "medium" : score < 8.95 ? "high" : "critical";
}
