#include "match/cvss.h"

#include <math.h>

/* The value of a metric: "AV:N" gives 'N'; 0 where it does not stand there. */
static char metric(struct str vector, const char *name)
{
	struct str rest = vector;

	while (rest.s) {
		struct str part = str_cut(&rest, '/'), value = part;
		struct str key = str_cut(&value, ':');
		if (str_is(key, name))
			return value.len == 1 ? value.s[0] : 0;
	}
	return 0;
}

struct weight {
	const char *metric;
	const char *letters;
	double values[4];
};

static const struct weight v3[] = {
	{ "AV", "NALP", { 0.85, 0.62, 0.55, 0.2 } }, { "AC", "LH", { 0.77, 0.44 } },	  { "UI", "NR", { 0.85, 0.62 } },
	{ "C", "HLN", { 0.56, 0.22, 0 } },	     { "I", "HLN", { 0.56, 0.22, 0 } },	  { "A", "HLN", { 0.56, 0.22, 0 } },
	{ "PR", "NLH", { 0.85, 0.62, 0.27 } },
};
static const struct weight v2[] = {
	{ "AV", "LAN", { 0.395, 0.646, 1.0 } }, { "AC", "HML", { 0.35, 0.61, 0.71 } }, { "Au", "MSN", { 0.45, 0.56, 0.704 } },
	{ "C", "NPC", { 0, 0.275, 0.66 } },	{ "I", "NPC", { 0, 0.275, 0.66 } },	{ "A", "NPC", { 0, 0.275, 0.66 } },
};

static bool weigh(struct str vector, const struct weight *table, size_t n, double *out)
{
	for (size_t i = 0; i < n; i++) {
		char letter = metric(vector, table[i].metric);
		const char *at = letter ? strchr(table[i].letters, letter) : NULL;
		if (!at)
			return false;
		out[i] = table[i].values[at - table[i].letters];
	}
	return true;
}

/* Appendix A of 3.1: the smallest number with one decimal that is not below. */
static double round_up(double x)
{
	long n = lround(x * 100000);

	return n % 10000 == 0 ? (double)n / 100000 : (double)(n / 10000 + 1) / 10;
}

static double score_v3(struct str vector)
{
	double w[7];
	char scope = metric(vector, "S"), privileges = metric(vector, "PR");

	if (!weigh(vector, v3, 7, w) || (scope != 'U' && scope != 'C'))
		return -1;
	if (scope == 'C' && privileges != 'N')
		w[6] = privileges == 'L' ? 0.68 : 0.5;
	double iss = 1 - (1 - w[3]) * (1 - w[4]) * (1 - w[5]);
	double impact = scope == 'U' ? 6.42 * iss : 7.52 * (iss - 0.029) - 3.25 * pow(iss - 0.02, 15);
	double exploitability = 8.22 * w[0] * w[1] * w[6] * w[2];
	if (impact <= 0)
		return 0;
	return round_up(fmin((scope == 'U' ? 1 : 1.08) * (impact + exploitability), 10));
}

static double score_v2(struct str vector)
{
	double w[6];

	if (!weigh(vector, v2, 6, w))
		return -1;
	double impact = 10.41 * (1 - (1 - w[3]) * (1 - w[4]) * (1 - w[5]));
	double exploitability = 20 * w[0] * w[1] * w[2];
	return round((0.6 * impact + 0.4 * exploitability - 1.5) * (impact == 0 ? 0 : 1.176) * 10) / 10;
}

double cvss_base_score(struct str vector)
{
	if (str_starts(vector, STR("CVSS:3.")))
		return score_v3(vector);
	if (str_starts(vector, STR("AV:")))
		return score_v2(vector);
	return -1;
}
