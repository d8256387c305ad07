/* CVSS 4.0, section 8 of the specification: the metrics fall into a macro-vector, which has a score; from that the vector's own
 * distance from the macro-vector's worst member is taken, in the proportion in which it nears the next lower macro-vector. */
#include "model/cvss_metric.h"

#include <math.h>

enum {
	AV, AC, AT, PR, UI, VC, VI, VA, SC, SI, SA, E, CR, IR, AR,
	MAV, MAC, MAT, MPR, MUI, MVC, MVI, MVA, MSC, MSI, MSA, S, AU, R, V, RE, U, N,
};
static const struct cvss_metric v4[N] = {
	{ "AV", "N A L P", true, { 0 } },
	{ "AC", "L H", true, { 0 } },
	{ "AT", "N P", true, { 0 } },
	{ "PR", "N L H", true, { 0 } },
	{ "UI", "N P A", true, { 0 } },
	{ "VC", "H L N", true, { 0 } },
	{ "VI", "H L N", true, { 0 } },
	{ "VA", "H L N", true, { 0 } },
	{ "SC", "H L N", true, { 0 } },
	{ "SI", "H L N", true, { 0 } },
	{ "SA", "H L N", true, { 0 } },
	{ "E", "X A P U", false, { 0 } },
	{ "CR", "X H M L", false, { 0 } },
	{ "IR", "X H M L", false, { 0 } },
	{ "AR", "X H M L", false, { 0 } },
	{ "MAV", "X N A L P", false, { 0 } },
	{ "MAC", "X L H", false, { 0 } },
	{ "MAT", "X N P", false, { 0 } },
	{ "MPR", "X N L H", false, { 0 } },
	{ "MUI", "X N P A", false, { 0 } },
	{ "MVC", "X H L N", false, { 0 } },
	{ "MVI", "X H L N", false, { 0 } },
	{ "MVA", "X H L N", false, { 0 } },
	{ "MSC", "X H L N", false, { 0 } },
	{ "MSI", "X S H L N", false, { 0 } },
	{ "MSA", "X S H L N", false, { 0 } },
	{ "S", "X N P", false, { 0 } },
	{ "AU", "X N Y", false, { 0 } },
	{ "R", "X A U I", false, { 0 } },
	{ "V", "X D C", false, { 0 } },
	{ "RE", "X L M H", false, { 0 } },
	{ "U", "X Clear Green Amber Red", false, { 0 } },
};

/* Levels of the metrics AV to AR as they count: 0 is the worst. What the environment says replaces the base; the subsequent
 * system's have "safety" as their level 0, so that H is 1; "not defined" is the worst. */
static void levels_of(const unsigned char *values, int *levels)
{
	for (int i = AV; i <= SA; i++) {
		levels[i] = values[i] + (i >= SC);
		if (values[i + MAV])
			levels[i] = values[i + MAV] - 1 + (i == SC);
	}
	for (int i = E; i <= AR; i++)
		levels[i] = values[i] ? values[i] - 1 : 0;
}

/* The equivalence sets; EQ3 and EQ6 belong together. */
struct macro_vector {
	int eq1, eq2, eq3, eq4, eq5, eq6;
};

static struct macro_vector macro_vector_of(const int *l)
{
	struct macro_vector m = { 0 };

	m.eq1 = !l[AV] && !l[PR] && !l[UI] ? 0 : (!l[AV] || !l[PR] || !l[UI]) && l[AV] != 3 ? 1 : 2;
	m.eq2 = l[AC] || l[AT];
	m.eq3 = !l[VC] && !l[VI] ? 0 : !l[VC] || !l[VI] || !l[VA] ? 1 : 2;
	m.eq4 = !l[SI] || !l[SA] ? 0 : l[SC] == 1 || l[SI] == 1 || l[SA] == 1 ? 1 : 2;
	m.eq5 = l[E];
	m.eq6 = !((!l[CR] && !l[VC]) || (!l[IR] && !l[VI]) || (!l[AR] && !l[VA]));
	return m;
}

/* In tenths; -1 where there is no such macro-vector. */
static int score_of(struct macro_vector m)
{
	static const unsigned char scores[3][2][3][5][3] = {
#define MACRO_VECTORS(eq1, eq2, eq4, ...) [eq1][eq2][eq4] = { __VA_ARGS__ },
#include "model/cvss4_scores.def"
#undef MACRO_VECTORS
	};
	static const signed char columns[3][2] = { { 0, 1 }, { 2, 3 }, { -1, 4 } };

	if (m.eq1 > 2 || m.eq2 > 1 || m.eq3 > 2 || m.eq4 > 2 || m.eq5 > 2 || m.eq6 > 1 || columns[m.eq3][m.eq6] < 0)
		return -1;
	return scores[m.eq1][m.eq2][m.eq4][columns[m.eq3][m.eq6]][m.eq5];
}

/* A set's worst members, as levels of its metrics (section 8.2, table of the highest severity vectors), and its depth. */
struct worst {
	int metrics[6], n_metrics;
	int n_members, members[5][6];
	int depth;
};

static const struct worst eq1_worst[] = {
	{ { AV, PR, UI }, 3, 1, { { 0, 0, 0 } }, 1 },
	{ { AV, PR, UI }, 3, 3, { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, 4 },
	{ { AV, PR, UI }, 3, 2, { { 3, 0, 0 }, { 1, 1, 1 } }, 5 },
};
static const struct worst eq2_worst[] = {
	{ { AC, AT }, 2, 1, { { 0, 0 } }, 1 },
	{ { AC, AT }, 2, 2, { { 1, 0 }, { 0, 1 } }, 2 },
};
static const struct worst eq36_worst[3][2] = {
	{ { { VC, VI, VA, CR, IR, AR }, 6, 1, { { 0, 0, 0, 0, 0, 0 } }, 7 },
	  { { VC, VI, VA, CR, IR, AR }, 6, 2, { { 0, 0, 1, 1, 1, 0 }, { 0, 0, 0, 1, 1, 1 } }, 6 } },
	{ { { VC, VI, VA, CR, IR, AR }, 6, 2, { { 1, 0, 0, 0, 0, 0 }, { 0, 1, 0, 0, 0, 0 } }, 8 },
	  { { VC, VI, VA, CR, IR, AR }, 6, 5,
	    { { 1, 0, 1, 0, 1, 0 }, { 1, 0, 0, 0, 1, 1 }, { 0, 1, 0, 1, 0, 1 }, { 0, 1, 1, 1, 0, 0 }, { 1, 1, 0, 0, 0, 1 } }, 8 } },
	{ { { 0 }, 0, 0, { { 0 } }, 1 }, { { VC, VI, VA, CR, IR, AR }, 6, 1, { { 1, 1, 1, 0, 0, 0 } }, 10 } },
};
static const struct worst eq4_worst[] = {
	{ { SC, SI, SA }, 3, 1, { { 1, 0, 0 } }, 6 },
	{ { SC, SI, SA }, 3, 1, { { 1, 1, 1 } }, 5 },
	{ { SC, SI, SA }, 3, 1, { { 2, 2, 2 } }, 4 },
};

/* Steps from the first of the worst members that is nowhere better than the vector. */
static int distance(const struct worst *w, const int *levels)
{
	int sum = 0;

	for (int k = 0; k < w->n_members; k++) {
		bool reached = true;
		sum = 0;
		for (int i = 0; i < w->n_metrics; i++) {
			int steps = levels[w->metrics[i]] - w->members[k][i];
			reached &= steps >= 0;
			sum += steps;
		}
		if (reached)
			break;
	}
	return sum;
}

struct mean {
	double sum;
	int n;
};

/* One set's part: what lies between here and the next lower macro-vector, in proportion to the distance. */
static void add(struct mean *mean, int here, int lower, int steps, int depth)
{
	if (lower < 0)
		return;
	mean->sum += (double)(here - lower) * steps / depth;
	mean->n++;
}

static int lower_eq36(struct macro_vector m)
{
	struct macro_vector eq3 = m, eq6 = m;

	eq3.eq3++;
	eq6.eq6++;
	if (m.eq6 == 1)
		return score_of(eq3);
	int a = score_of(eq6), b = score_of(eq3);
	return m.eq3 == 0 ? (a > b ? a : b) : a;
}

bool cvss4_score(struct str metrics, double *out)
{
	unsigned char values[N];
	int l[AR + 1];
	struct mean mean = { 0, 0 };

	if (!cvss_read(metrics, v4, N, values))
		return false;
	levels_of(values, l);
	*out = 0;
	if (l[VC] == 2 && l[VI] == 2 && l[VA] == 2 && l[SC] == 3 && l[SI] == 3 && l[SA] == 3)
		return true; /* no impact at all */
	struct macro_vector m = macro_vector_of(l), eq1 = m, eq2 = m, eq4 = m, eq5 = m;
	const struct worst *eq36 = &eq36_worst[m.eq3][m.eq6];
	int here = score_of(m);
	eq1.eq1++;
	eq2.eq2++;
	eq4.eq4++;
	eq5.eq5++;
	add(&mean, here, score_of(eq1), distance(&eq1_worst[m.eq1], l), eq1_worst[m.eq1].depth);
	add(&mean, here, score_of(eq2), distance(&eq2_worst[m.eq2], l), eq2_worst[m.eq2].depth);
	add(&mean, here, lower_eq36(m), distance(eq36, l), eq36->depth);
	add(&mean, here, score_of(eq4), distance(&eq4_worst[m.eq4], l), eq4_worst[m.eq4].depth);
	add(&mean, here, score_of(eq5), 0, 1);
	double tenths = here - (mean.n ? mean.sum / mean.n : 0);
	*out = floor(fmax(0, fmin(tenths, 100)) + 0.5 + 1e-5) / 10;
	return true;
}
