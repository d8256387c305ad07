#include "match/lookup.h"

#include "identity/purl.h"
#include "vuln/ecosystem.h"

static void cannot(struct lookup *l, const char *why)
{
	if (!l->why.s)
		l->why = str_of(why);
}

/* Does an advisory of this name close the gate for a component that cannot be judged? A malicious package does, and a flaw that
 * is known to be exploited. */
static void look_for_closing(struct lookup *l, const struct vuln_advisory *v)
{
	struct cve_facts facts;
	bool closes = v->malicious;

	if (l->closing.s)
		return;
	for (size_t i = 0; i < v->ngroup && !closes; i++)
		closes = str_starts(v->group[i], STR("CVE-")) && vuln_cve(l->db, l->scratch, v->group[i], &facts) && facts.kev;
	for (size_t i = 0; i < v->ncves && !closes; i++)
		closes = vuln_cve(l->db, l->scratch, v->cves[i], &facts) && facts.kev;
	if (!closes && !v->ngroup)
		closes = vuln_cve(l->db, l->scratch, v->id, &facts) && facts.kev;
	if (closes)
		l->closing = arena_str(l->arena, v->id);
}

static struct hit *hit_of(struct lookup *l, struct vuln_hits *h, const struct vuln_affected *x, const struct ordering *order)
{
	struct vuln_advisory v;

	if (!vuln_advisory(h, l->scratch, x->advisory, &v))
		return NULL;
	for (VEC_EACH(struct hit, old, &l->hits))
		if (str_eq(old->advisory.id, v.id))
			return old;
	struct hit *hit = VEC_ADD(l->scratch, &l->hits);
	*hit = (struct hit){ .advisory = v, .ecosystem = h->ecosystem, .first = x, .order = order };
	return hit;
}

/* All blocks of the hit's advisory, which decide what a fixed version is. */
static void add_blocks(struct lookup *l, struct hit *hit, struct vuln_hits *h, uint32_t advisory)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->items[i].advisory == advisory)
			*VEC_ADD(l->scratch, &hit->blocks) = &h->items[i];
}

static void not_known(struct lookup *l, struct vuln_hits *h, const struct vuln_affected *x, const char *why)
{
	struct vuln_advisory v;

	cannot(l, why);
	if (vuln_advisory(h, l->scratch, x->advisory, &v))
		look_for_closing(l, &v);
}

static const char *why_not_known(const struct lookup *l, const struct vuln_affected *x, const struct ordering *order)
{
	if (x->malformed)
		return "an advisory for it is malformed";
	if (!l->version.s)
		return l->component->declared.len ? "only a range is declared, no version" : "its version is not known";
	if (!order)
		return "its ecosystem has no ordering of versions";
	return order->valid(l->version) ? "a version in an advisory for it cannot be read" : "its version cannot be read";
}

/* The advisories of one name in one file. `any_release`: the file's records name no release though they should. */
static void judge(struct lookup *l, struct vuln_hits *h, bool any_release)
{
	const struct ordering *order = version_ordering(h->ecosystem);

	for (size_t i = 0; i < h->n; i++) {
		struct vuln_affected *x = &h->items[i];
		const struct vuln_range *range = NULL;
		l->checked++;
		if (any_release) {
			not_known(l, h, x, "an advisory for it names no release");
			continue;
		}
		for (size_t k = 0; k < x->nranges; k++)
			vuln_range_sort(&x->ranges[k], order);
		enum verdict v = vuln_affects(x, order, l->version.s ? l->version : STR(""), &range);
		if (v == NOT_KNOWN) {
			not_known(l, h, x, why_not_known(l, x, order));
		} else if (v == AFFECTED) {
			struct hit *hit = hit_of(l, h, x, order);
			if (hit && !hit->blocks.n) {
				hit->range = range;
				add_blocks(l, hit, h, x->advisory);
			}
		}
	}
}

/* False where the database has no such file. */
static bool ask(struct lookup *l, struct str ecosystem, struct str key, bool any_release)
{
	struct vuln_hits h;

	if (!vuln_lookup(l->db, l->scratch, ecosystem, key, &h))
		return false;
	judge(l, &h, any_release);
	return true;
}

/* A release is not known: only whether one of them has the name can be told. */
static bool ask_all_releases(struct lookup *l, struct str base, struct str key)
{
	struct vuln_hits h;
	bool any = false;

	for (VEC_EACH(const struct vuln_file_info, f, &vuln_about(l->db)->files))
		if (str_is(f->kind, "advisories") && ecosystem_suffix(f->ecosystem).s && str_eq(ecosystem_base(f->ecosystem), base) &&
		    vuln_lookup(l->db, l->scratch, f->ecosystem, key, &h)) {
			any = true;
			for (size_t i = 0; i < h.n; i++)
				not_known(l, &h, &h.items[i], "its release is not known");
		}
	return any;
}

/* False where the database has nothing of the ecosystem (release). */
static bool ask_ecosystem(struct lookup *l, struct str ecosystem, struct str key)
{
	const struct ecosystem *e = ecosystem_find(ecosystem);
	struct str canonical = ecosystem_canonical(l->scratch, ecosystem), base = ecosystem_base(canonical);
	bool suffix = ecosystem_suffix(canonical).len > 0, release = e && (e->flags & RELEASE);

	bool any = ask(l, canonical, key, release && !suffix && !(e->flags & ANY_RELEASE));
	if (release && suffix)
		any |= ask(l, base, key, !(e->flags & ANY_RELEASE));
	if (release && !suffix)
		any |= ask_all_releases(l, base, key);
	return any;
}

enum git_verdict { GIT_NO, GIT_YES, GIT_UNKNOWN };

/* Without the commit graph only equality tells: the commit that introduced it, or the last one affected, is in; the one that
 * fixed it is out; a listed tag is in. */
static enum git_verdict judge_commit(const struct vuln_affected *x, struct str commit, struct str version)
{
	for (size_t i = 0; version.len && i < x->nversions; i++)
		if (str_eq(x->versions[i], version) ||
		    (x->versions[i].len == version.len + 1 && x->versions[i].s[0] == 'v' && str_eq(str_from(x->versions[i], 1), version)))
			return GIT_YES;
	bool fixed = false, affected = false;
	for (size_t i = 0; i < x->nranges; i++)
		for (size_t k = 0; k < x->ranges[i].nevents; k++) {
			const struct vuln_event *e = &x->ranges[i].events[k];
			if (!commit.len || !str_eq_nocase(e->version, commit))
				continue;
			affected |= e->kind == EVENT_INTRODUCED || e->kind == EVENT_LAST_AFFECTED;
			fixed |= e->kind == EVENT_FIXED || e->kind == EVENT_LIMIT;
		}
	return fixed ? GIT_NO : affected ? GIT_YES : GIT_UNKNOWN;
}

static void ask_repository(struct lookup *l)
{
	const struct component *c = l->component;
	struct vuln_hits h;

	if (!c->vcs.len || !vuln_lookup(l->db, l->scratch, STR("GIT"), ecosystem_repository_key(l->scratch, c->vcs), &h))
		return;
	for (size_t i = 0; i < h.n; i++) {
		struct vuln_affected *x = &h.items[i];
		enum git_verdict v = judge_commit(x, c->commit, c->version);
		l->checked++;
		if (v == GIT_UNKNOWN) {
			not_known(l, &h, x, "an advisory for its repository can only be judged with the commit history");
		} else if (v == GIT_YES) {
			struct hit *hit = hit_of(l, &h, x, NULL);
			if (hit && !hit->blocks.n)
				add_blocks(l, hit, &h, x->advisory);
		}
	}
}

/* What has nothing to do with a package: files, the operating system itself, containers and the like. */
static bool is_package(const struct component *c)
{
	return c->type == COMPONENT_LIBRARY || c->type == COMPONENT_FRAMEWORK || c->type == COMPONENT_APPLICATION;
}

static void judge_identity(struct lookup *l, struct str ecosystem, bool covered)
{
	const struct ordering *order = version_ordering(ecosystem_canonical(l->scratch, ecosystem));

	if (!ecosystem.len) {
		if (!l->component->vcs.len && is_package(l->component))
			cannot(l, "nothing tells which ecosystem's advisories would name it");
	} else if (!covered) {
		cannot(l, "the database has no advisories of its ecosystem");
	} else if (!l->version.s) {
		cannot(l, l->component->declared.len ? "only a range is declared, no version" : "its version is not known");
	} else if (!order) {
		cannot(l, "its ecosystem has no ordering of versions");
	} else if (!order->valid(l->version)) {
		cannot(l, "its version cannot be read");
	}
}

void lookup_component(struct lookup *l)
{
	const struct component *c = l->component;
	struct str key = purl_advisory_name(l->scratch, c), other = purl_advisory_other_name(l->scratch, c), ecosystem = c->ecosystem;
	bool covered = false;

	l->hits.items = NULL;
	l->hits.n = l->hits.cap = 0;
	l->closing = l->why = STR_NONE;
	l->version = purl_match_version(l->scratch, c);
	if (!ecosystem.len && c->purl_type.len)
		ecosystem = purl_ecosystem_of_type(c->purl_type);
	if (ecosystem.len && key.len)
		covered = ask_ecosystem(l, ecosystem, key);
	if (ecosystem.len && other.len)
		covered |= ask_ecosystem(l, ecosystem, other);
	ask_repository(l);
	judge_identity(l, ecosystem, covered);
}
