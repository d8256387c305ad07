/* The facts about CVEs: keys sorted in HASHES, offsets in PACKAGES, EPSS and percentile as two u32 in RECORDS, the rest in BLOBS (a
 * CVE with EPSS only has no bytes there).
 *
 * facts: flags; then by flag: KEV: added, due; SSVC: exploitation | automatable << 3 | impact << 5, date; CVSS: vector, source;
 * EXPLOITS: number, each: URL, source; DATES: published, modified */
#include <stdlib.h>

#include "vuln/facts.h"
#include "vuln/output.h"

static int by_key(const void *x, const void *y)
{
	const struct build_cve *v = x, *w = y;

	return v->key < w->key ? -1 : v->key > w->key;
}

static unsigned flags_of(const struct cve_facts *f)
{
	return (f->rejected ? FACT_REJECTED : 0) | (f->kev ? FACT_KEV : 0) | (f->kev_catalogue ? FACT_CATALOGUE : 0) |
	       (f->kev_ransomware ? FACT_RANSOMWARE : 0) | (f->ssvc ? FACT_SSVC : 0) |
	       (f->ssvc_unreadable ? FACT_UNREADABLE : 0) | (f->cvss.len ? FACT_CVSS : 0) | (f->exploits.n ? FACT_EXPLOITS : 0) |
	       (f->published.len || f->modified.len ? FACT_DATES : 0);
}

static void put(struct output *o, struct str s)
{
	output_text(o, SECTION_BLOBS, build_text(o->b, s));
}

static void put_facts(struct output *o, const struct cve_facts *f)
{
	unsigned flags = flags_of(f);

	if (!flags)
		return;
	output_varint(o, SECTION_BLOBS, flags);
	if (flags & FACT_KEV) {
		put(o, f->kev_added);
		put(o, f->kev_due);
	}
	if (flags & FACT_SSVC) {
		output_varint(o, SECTION_BLOBS, f->exploitation | f->automatable << 3 | f->technical_impact << 5);
		put(o, f->ssvc_date);
	}
	if (flags & FACT_CVSS) {
		put(o, f->cvss);
		put(o, f->cvss_source);
	}
	if (flags & FACT_EXPLOITS) {
		output_varint(o, SECTION_BLOBS, f->exploits.n);
		for (VEC_EACH(const struct exploit_reference, e, &f->exploits)) {
			put(o, e->url);
			put(o, e->source);
		}
	}
	if (flags & FACT_DATES) {
		put(o, f->published);
		put(o, f->modified);
	}
}

void build_intern_cves(struct build *b)
{
	for (VEC_EACH(struct build_cve, v, &b->cve_list)) {
		struct str all[] = { v->facts.kev_added, v->facts.kev_due,   v->facts.ssvc_date, v->facts.cvss,
				     v->facts.cvss_source, v->facts.published, v->facts.modified };
		for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
			build_text(b, all[i]);
		for (VEC_EACH(struct exploit_reference, e, &v->facts.exploits)) {
			build_text(b, e->url);
			build_text(b, e->source);
		}
	}
}

bool build_write_cves(struct output *o)
{
	struct build *b = o->b;

	output_begin(o);
	if (b->cve_list.n)
		qsort(b->cve_list.items, b->cve_list.n, sizeof *b->cve_list.items, by_key);
	output_text(o, SECTION_BODIES, build_text(b, b->epss_date));
	for (VEC_EACH(struct build_cve, v, &b->cve_list)) {
		output_u32(o, SECTION_HASHES, v->key);
		output_mark(o, SECTION_PACKAGES, SECTION_BLOBS);
		output_u32(o, SECTION_RECORDS, v->epss);
		output_u32(o, SECTION_RECORDS, v->percentile);
		put_facts(o, &v->facts);
	}
	output_mark(o, SECTION_PACKAGES, SECTION_BLOBS);
	o->counts[0] = o->counts[1] = (uint32_t)b->cve_list.n;
	return output_end(o, VULN_KIND_CVES, STR("cves.facts"), STR_NONE);
}
