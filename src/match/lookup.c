#include "match/lookup.h"

#include "identity/purl.h"
#include "match/subject.h"
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
	const struct ordering *order = h->n ? version_ordering(h->ecosystem) : NULL;

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
	struct vuln_hits *h = ARENA_NEW(l->scratch, struct vuln_hits), *more = ARENA_NEW(l->scratch, struct vuln_hits);
	bool any = vuln_lookup(l->db, l->scratch, ecosystem, key, h);

	if (any)
		judge(l, h, any_release);
	if (!vuln_lookup_more(l->db, l->scratch, ecosystem, key, more))
		return any;
	judge(l, more, any_release);
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

/* What is told by the ecosystem alone; the components of a run have few different ones. */
struct kind {
	struct str written;   /* the component's */
	struct str canonical, base;
	const struct ordering *order;
	bool all_releases;    /* a release is needed and not said: each is asked whether it has the name */
	bool ask_base;	      /* records without a release are asked too */
	bool base_undecided;  /* … and cannot be judged */
	bool undecided;	      /* the ecosystem's own records name no release though they should */
};

static const struct kind *kind_of(struct lookup *l, struct str ecosystem)
{
	for (size_t i = 0; i < l->kinds.n; i++)
		if (str_eq(l->kinds.items[i].written, ecosystem))
			return &l->kinds.items[i];
	const struct ecosystem *e = ecosystem_find(ecosystem);
	struct kind *k = VEC_ADD(l->arena, &l->kinds);
	k->written = arena_str(l->arena, ecosystem);
	k->canonical = arena_str(l->arena, ecosystem_canonical(l->scratch, ecosystem));
	k->base = ecosystem_base(k->canonical);
	k->order = version_ordering(k->canonical);
	bool suffix = ecosystem_suffix(k->canonical).len > 0, release = e && (e->flags & RELEASE), any = e && (e->flags & ANY_RELEASE);
	k->undecided = release && !suffix && !any;
	k->ask_base = release && suffix;
	k->base_undecided = !any;
	k->all_releases = release && !suffix;
	return k;
}

/* False where the database has nothing of the ecosystem (release). */
static bool ask_kind(struct lookup *l, const struct kind *k, struct str key)
{
	bool any = ask(l, k->canonical, key, k->undecided);

	if (k->ask_base)
		any |= ask(l, k->base, key, k->base_undecided);
	if (k->all_releases)
		any |= ask_all_releases(l, k->base, key);
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

/* OSV has no ecosystem for vcpkg, CocoaPods, conda, Nix, …: said so, because no spelling of the name would help. */
static void cannot_name(struct lookup *l)
{
	struct str type = l->component->purl_type;

	if (!type.len || str_is(type, "generic"))
		cannot(l, "nothing tells which ecosystem's advisories would name it");
	else if (!l->why.s)
		l->why = arena_printf(l->arena, "OSV has no ecosystem of %.*s packages, so no advisory names it", STR_ARG(type));
}

static void judge_identity(struct lookup *l, const struct kind *k, bool covered)
{
	if (!k) {
		if (!l->component->vcs.len && match_is_package(l->component))
			cannot_name(l);
	} else if (!covered) {
		cannot(l, "the database has no advisories of its ecosystem");
	} else if (!l->version.s) {
		cannot(l, l->component->declared.len ? "only a range is declared, no version" : "its version is not known");
	} else if (!k->order) {
		cannot(l, "its ecosystem has no ordering of versions");
	} else if (!k->order->valid(l->version)) {
		cannot(l, "its version cannot be read");
	}
}

void lookup_component(struct lookup *l)
{
	struct advisory_identity id;
	bool covered = false;

	purl_advisory_identity(l->scratch, l->component, &id);
	const struct kind *k = id.ecosystem.len && id.name.len ? kind_of(l, id.ecosystem) : NULL;
	l->hits.items = NULL;
	l->hits.n = l->hits.cap = 0;
	l->closing = l->why = STR_NONE;
	l->version = id.version;
	if (k)
		covered = ask_kind(l, k, id.name);
	if (k && id.other_name.len)
		covered |= ask_kind(l, k, id.other_name);
	ask_repository(l);
	judge_identity(l, k, covered);
}
