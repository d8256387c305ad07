/* The values of decision points that hang on the flaw: KEV before CISA's record before exploit references before assumptions. */
#include "decide/judge.h"

#define ALL_EXPLOITATION 7u
#define ALL_AUTOMATABLE 3u
#define ALL_TECHNICAL_IMPACT 3u

static unsigned highest_bit(unsigned bits)
{
	return 31u - (unsigned)__builtin_clz(bits);
}

static struct point_value known(unsigned value, enum value_origin origin, struct str source, struct str date)
{
	return (struct point_value){ .value = value, .possible = 1u << value, .origin = origin, .source = source, .date = date };
}

static struct point_value assumed(const struct judge *j, enum assumed_point point, unsigned possible, struct str why, struct str date)
{
	unsigned value = (unsigned)j->ctx->policy->assume[point].value;

	return (struct point_value){ .value = value, .possible = possible | 1u << value, .origin = ORIGIN_ASSUMED, .source = why, .date = date };
}

/* An unknown word stands in a list of values whose other words are known: then any value is possible. */
static bool unsure_list(const struct cve_facts *f)
{
	return f->ssvc_unreadable && f->exploitation && f->automatable && f->technical_impact;
}

static bool exploitation(const struct judge *j, const struct cve_facts *f, bool has_cve, struct point_value *out)
{
	const struct decide_context *ctx = j->ctx;
	bool undecided = false;

	if (f && f->kev) {
		*out = known(2, ORIGIN_KEV, f->kev_catalogue ? STR("CISA KEV") : STR("CISA Vulnrichment (KEV)"), f->kev_added);
		return false;
	}
	if (f && f->ssvc && f->exploitation) {
		*out = known(highest_bit(f->exploitation), ORIGIN_CISA_SSVC, STR("CISA Vulnrichment"), f->ssvc_date);
		out->possible = unsure_list(f) ? ALL_EXPLOITATION : f->exploitation;
		if (!ctx->kev_loaded)
			out->possible |= SSVC_EXPLOITATION_ACTIVE;
	} else if (!has_cve) {
		*out = assumed(j, ASSUME_EXPLOITATION, ALL_EXPLOITATION, STR("assumed: no CVE id"), STR_NONE);
		undecided = true;
	} else if (f && f->ssvc) {
		*out = assumed(j, ASSUME_EXPLOITATION, ALL_EXPLOITATION, STR("assumed: CISA's record has a word that is not known"), f->ssvc_date);
		undecided = true;
	} else if (!ctx->kev_loaded || !ctx->ssvc_loaded) {
		*out = assumed(j, ASSUME_EXPLOITATION, ALL_EXPLOITATION,
			       ctx->kev_loaded ? STR("assumed: SSVC data not loaded") : STR("assumed: KEV not loaded"), STR_NONE);
		undecided = true;
	} else {
		*out = assumed(j, ASSUME_EXPLOITATION, SSVC_EXPLOITATION_NONE | SSVC_EXPLOITATION_POC,
			       f && f->rejected ? STR("assumed: the CVE is rejected") : STR("assumed: no data"), ctx->ssvc_date);
	}
	if (f && f->exploits.n && out->value < 1) {
		/* The reference raises the value; what was possible above it stays possible. */
		const struct exploit_reference *r = &f->exploits.items[0];
		unsigned above = out->possible & ~SSVC_EXPLOITATION_NONE;
		*out = known(1, ORIGIN_REFERENCE, r->source.s ? arena_concat(j->arena, STR("public exploit, tagged by "), r->source, STR("")) :
								  STR("public exploit"), STR_NONE);
		out->url = r->url;
		out->possible |= above;
	}
	return undecided;
}

bool judge_facts(const struct judge *j, const struct cve_facts *f, bool has_cve, struct point_value *in)
{
	const struct decide_context *ctx = j->ctx;
	struct str why = !has_cve		    ? STR("assumed: no CVE id") :
			 f && f->ssvc		    ? STR("assumed: CISA's record does not say") :
			 !ctx->ssvc_loaded	    ? STR("assumed: SSVC data not loaded") :
						      STR("assumed: no data");
	struct str record = STR("CISA Vulnrichment");

	if (f && f->ssvc && f->automatable) {
		in[KNOWN_AUTOMATABLE] = known(highest_bit(f->automatable), ORIGIN_CISA_SSVC, record, f->ssvc_date);
		in[KNOWN_AUTOMATABLE].possible = unsure_list(f) ? ALL_AUTOMATABLE : f->automatable;
	} else {
		in[KNOWN_AUTOMATABLE] = assumed(j, ASSUME_AUTOMATABLE, ALL_AUTOMATABLE, why, STR_NONE);
	}
	if (f && f->ssvc && f->technical_impact) {
		in[KNOWN_TECHNICAL_IMPACT] = known(highest_bit(f->technical_impact), ORIGIN_CISA_SSVC, record, f->ssvc_date);
		in[KNOWN_TECHNICAL_IMPACT].possible = unsure_list(f) ? ALL_TECHNICAL_IMPACT : f->technical_impact;
	} else {
		in[KNOWN_TECHNICAL_IMPACT] = assumed(j, ASSUME_TECHNICAL_IMPACT, ALL_TECHNICAL_IMPACT, why, STR_NONE);
	}
	in[KNOWN_KEV] = known(f && f->kev, ORIGIN_KEV, STR("CISA KEV"), f && f->kev ? f->kev_added : ctx->kev_date);
	if (!(f && f->kev) && (!ctx->kev_loaded || !has_cve)) {
		in[KNOWN_KEV].possible = 3;
		in[KNOWN_KEV].origin = ORIGIN_ASSUMED;
		in[KNOWN_KEV].source = has_cve ? STR("assumed: KEV not loaded") : STR("assumed: no CVE id");
	}
	return exploitation(j, f, has_cve, &in[KNOWN_EXPLOITATION]);
}

void judge_malicious(struct point_value *in)
{
	in[KNOWN_EXPLOITATION] = known(2, ORIGIN_RULE, STR("malicious package"), STR_NONE);
	in[KNOWN_AUTOMATABLE] = known(1, ORIGIN_RULE, STR("malicious package"), STR_NONE);
	in[KNOWN_TECHNICAL_IMPACT] = known(1, ORIGIN_RULE, STR("malicious package"), STR_NONE);
	in[KNOWN_KEV] = known(1, ORIGIN_RULE, STR("malicious package"), STR_NONE);
}
