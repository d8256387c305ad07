/* One finding for one flaw: hits whose advisories are joined by aliases (worked out over the whole database when it was
 * built). CVEs that a distribution's record names one-way stay with that record. */
#include <stdlib.h>

#include "match/lookup.h"
#include "model/cvss.h"

/* CVE first, then GHSA, then the rest by bytes. */
static int rank(struct str id)
{
	return str_starts(id, STR("MAL-")) ? 0 : str_starts(id, STR("CVE-")) ? 1 : str_starts(id, STR("GHSA-")) ? 2 : 3;
}

struct str group_shown_id(const struct finding *f)
{
	struct str best = STR_NONE;

	for (VEC_EACH(const struct str, id, &f->ids))
		if (!best.s || rank(*id) < rank(best))
			best = *id;
	return best;
}

static int by_text(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

size_t group_sort_ids(struct str *items, size_t n)
{
	size_t kept = 0;

	if (n)
		qsort(items, n, sizeof *items, by_text);
	for (size_t i = 0; i < n; i++)
		if (!kept || !str_eq(items[kept - 1], items[i]))
			items[kept++] = items[i];
	return kept;
}

static struct match match_of(struct lookup *l, const struct hit *h)
{
	const struct vuln_advisory *v = &h->advisory;
	struct arena *a = l->arena;
	struct match m = { .component = l->index, .id = v->id, .ecosystem = h->ecosystem, .package = h->first->package,
			   .modified = arena_str(a, v->modified), .published = arena_str(a, v->published), .severity = v->severity,
			   .informational = v->informational, .malicious = v->malicious };

	for (size_t i = 0; i < v->ngroup; i++)
		if (!str_eq(v->group[i], v->id))
			*VEC_ADD(a, &m.aliases) = v->group[i];
	for (size_t i = 0; i < v->ncves; i++)
		*VEC_ADD(a, &m.names_cves) = v->cves[i];
	m.fixed = lookup_fixed(a, l, &h, 1);
	m.range = arena_str(a, lookup_range_text(a, h, l->version));
	return m;
}

static bool same_group(const struct vuln_advisory *x, const struct vuln_advisory *y)
{
	return str_eq(x->ngroup ? x->group[0] : x->id, y->ngroup ? y->group[0] : y->id);
}

void group_facts(struct vuln_db *db, struct arena *a, struct finding *f, struct str cve)
{
	struct cve_facts facts;

	if (!db || !vuln_cve(db, a, cve, &facts))
		return;
	if (facts.kev) {
		if (!f->kev || str_cmp(facts.kev_added, f->kev_added) < 0) {
			f->kev_added = facts.kev_added;
			f->kev_due = facts.kev_due;
		}
		f->kev = true;
		f->kev_ransomware |= facts.kev_ransomware;
	}
	if (facts.epss > f->epss) {
		f->epss = facts.epss;
		f->epss_percentile = facts.epss_percentile;
	}
	if (!f->cvss.len)
		f->cvss = facts.cvss;
}

static void finish(struct lookup *l, struct finding *f, const struct hit *const *hits, size_t n)
{
	struct arena *a = l->arena;
	VEC(struct str) all = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct vuln_advisory *v = &hits[i]->advisory;
		struct match m = match_of(l, hits[i]);
		*VEC_ADD(a, &f->matches) = m;
		f->malicious |= v->malicious;
		if (!f->cvss.len && cvss_score(v->severity, &f->cvss_score, NULL))
			f->cvss = v->severity;
		*VEC_ADD(a, &f->ids) = v->id;
		for (size_t k = 0; k < v->ngroup; k++)
			*VEC_ADD(a, &f->ids) = v->group[k];
		for (size_t k = 0; k < v->ncves; k++)
			*VEC_ADD(a, &all) = v->cves[k];
	}
	f->ids.n = group_sort_ids(f->ids.items, f->ids.n);
	for (VEC_EACH(struct str, id, &f->ids))
		if (str_starts(*id, STR("CVE-"))) {
			*VEC_ADD(a, &f->cves) = *id;
			*VEC_ADD(a, &all) = *id;
		}
	all.n = group_sort_ids(all.items, all.n);
	for (VEC_EACH(struct str, cve, &all))
		group_facts(l->db, a, f, *cve);
	if (!cvss_score(f->cvss, &f->cvss_score, NULL))
		f->cvss_score = -1;
	f->id = group_shown_id(f);
	f->fixed = n == 1 ? f->matches.items[0].fixed : lookup_fixed(a, l, hits, n);
}

static int by_advisory(const void *x, const void *y)
{
	return str_cmp(((const struct hit *)x)->advisory.id, ((const struct hit *)y)->advisory.id);
}

void group_hits(struct lookup *l)
{
	const struct hit **members = arena_array(l->scratch, l->hits.n, sizeof *members);
	bool *taken = arena_alloc(l->scratch, l->hits.n);

	if (l->hits.n)
		qsort(l->hits.items, l->hits.n, sizeof *l->hits.items, by_advisory);
	for (size_t i = 0; i < l->hits.n; i++) {
		size_t n = 0;
		for (size_t k = i; k < l->hits.n; k++)
			if (!taken[k] && same_group(&l->hits.items[i].advisory, &l->hits.items[k].advisory)) {
				taken[k] = true;
				members[n++] = &l->hits.items[k];
			}
		if (!n)
			continue;
		struct finding *f = VEC_ADD(l->arena, &l->out->list);
		*f = (struct finding){ .component = l->index, .epss = -1, .epss_percentile = -1, .cvss_score = -1 };
		finish(l, f, members, n);
	}
}
