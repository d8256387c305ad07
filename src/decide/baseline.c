#include "decide/baseline.h"

#include "base/map.h"
#include "decide/decide.h"

/* What the base has for one component, flaw and service. */
struct before {
	bool any;
	unsigned level, highest_level;
	bool production;
};

struct comparing {
	struct arena *arena;
	const struct effective *effective;
	struct map before; /* component key, id, service to struct before * */
	struct map flaws;  /* component key, id: anything at all */
	struct str *keys;  /* by component of the bom at hand */
	bool *made;
};

static struct str key_of(struct comparing *c, const struct bom *b, uint32_t component)
{
	if (!c->made[component]) {
		c->made[component] = true;
		c->keys[component] = decide_component_key(c->arena, &b->components[component]);
	}
	return c->keys[component];
}

static void start(struct comparing *c, const struct bom *b)
{
	c->keys = arena_array(c->arena, b->ncomponents + 1, sizeof *c->keys);
	c->made = arena_array(c->arena, b->ncomponents + 1, sizeof *c->made);
}

static struct str flaw_key(struct comparing *c, struct str component, struct str id)
{
	return arena_printf(c->arena, "%.*s\n%.*s", STR_ARG(component), STR_ARG(id));
}

static struct str full_key(struct comparing *c, struct str flaw, struct str service)
{
	return arena_printf(c->arena, "%.*s\n%.*s", STR_ARG(flaw), STR_ARG(service));
}

static void note(struct comparing *c, struct str key, unsigned level, unsigned highest, bool production)
{
	struct map_entry *m = map_put(&c->before, key, NULL);
	struct before *b = m->value.ptr;

	if (!b)
		m->value.ptr = b = ARENA_NEW(c->arena, struct before);
	b->any = true;
	b->level = level > b->level ? level : b->level;
	b->highest_level = highest > b->highest_level ? highest : b->highest_level;
	b->production = b->production || production;
}

/* The id-th of a finding's names: its ids, then its CVEs. */
static struct str nth_id(const struct finding *f, size_t i)
{
	return i < f->ids.n ? f->ids.items[i] : i - f->ids.n < f->cves.n ? f->cves.items[i - f->ids.n] : STR_NONE;
}

static void remember(struct comparing *c, const struct finding *f, struct str component)
{
	const struct decision *d = &f->decision;
	struct str id;

	for (size_t i = 0; (id = nth_id(f, i)).s; i++) {
		struct str flaw = flaw_key(c, component, id);
		map_put(&c->flaws, flaw, NULL);
		if (f->silenced)
			continue;
		for (unsigned s = 0; d->by_service && s < d->services; s++)
			note(c, full_key(c, flaw, d->by_service[s].service), d->by_service[s].level, d->by_service[s].highest_level, !d->development);
		if (!d->by_service)
			note(c, full_key(c, flaw, d->service), d->level, d->highest_level, !d->development);
	}
}

static bool was_there(struct comparing *c, const struct finding *f, struct str component, struct str service, unsigned level, unsigned highest)
{
	struct str id;

	for (size_t i = 0; (id = nth_id(f, i)).s; i++) {
		struct map_entry *m = map_get(&c->before, full_key(c, flaw_key(c, component, id), service));
		const struct before *b = m ? m->value.ptr : NULL;
		if (b && b->level >= level && (!c->effective->strict || b->highest_level >= highest) && (b->production || f->decision.development))
			return true;
	}
	return false;
}

static enum finding_state state_of(struct comparing *c, const struct finding *f, struct str component)
{
	const struct decision *d = &f->decision;
	struct service_outcome one = { d->service, d->level, d->highest_level };
	const struct service_outcome *all = d->by_service ? d->by_service : &one;
	bool any_new = false, new_past = false, past = false;

	for (unsigned s = 0; s < (d->by_service ? d->services : 1); s++) {
		unsigned level = c->effective->strict ? all[s].highest_level : all[s].level;
		bool is_past = level >= c->effective->fail_on || d->rule.s;
		bool is_new = !was_there(c, f, component, all[s].service, all[s].level, all[s].highest_level);
		any_new = any_new || is_new;
		past = past || is_past;
		new_past = new_past || (is_new && is_past);
	}
	return (past ? new_past : any_new) ? FINDING_NEW : FINDING_OLD;
}

static bool still_there(struct comparing *c, const struct finding *f, struct str component)
{
	struct str id;

	for (size_t i = 0; (id = nth_id(f, i)).s; i++)
		if (map_has(&c->flaws, flaw_key(c, component, id)))
			return true;
	return false;
}

static void find_fixed(struct arena *a, const struct effective *e, const struct findings *head, const struct bom *head_bom,
		       struct findings *base, const struct bom *base_bom, struct baseline *out)
{
	struct comparing c = { .arena = a, .effective = e };

	map_init(&c.before, a);
	map_init(&c.flaws, a);
	start(&c, head_bom);
	for (VEC_EACH(const struct finding, f, &head->list))
		remember(&c, f, key_of(&c, head_bom, f->component));
	start(&c, base_bom);
	for (VEC_EACH(struct finding, f, &base->list)) {
		if (f->silenced || still_there(&c, f, key_of(&c, base_bom, f->component)))
			continue;
		f->state = FINDING_FIXED;
		*VEC_ADD(a, &out->fixed) = f;
	}
}

static void mark_undecided(struct arena *a, struct comparing *c, struct findings *head, const struct bom *head_bom,
			   const struct findings *base, const struct bom *base_bom)
{
	struct map before;

	map_init(&before, a);
	for (VEC_EACH(const struct undecided, u, &base->undecided))
		map_put(&before, flaw_key(c, decide_component_key(a, &base_bom->components[u->component]), u->why), NULL);
	for (VEC_EACH(struct undecided, u, &head->undecided))
		u->old = map_has(&before, flaw_key(c, decide_component_key(a, &head_bom->components[u->component]), u->why));
}

void baseline_apply(struct arena *a, struct findings *head, const struct bom *head_bom, struct findings *base,
		    const struct bom *base_bom, const struct effective *e, struct baseline *out)
{
	struct comparing c = { .arena = a, .effective = e };

	*out = (struct baseline){ 0 };
	map_init(&c.before, a);
	map_init(&c.flaws, a);
	start(&c, base_bom);
	for (VEC_EACH(const struct finding, f, &base->list))
		remember(&c, f, key_of(&c, base_bom, f->component));
	start(&c, head_bom);
	for (VEC_EACH(struct finding, f, &head->list)) {
		f->state = state_of(&c, f, key_of(&c, head_bom, f->component));
		out->new_ones += f->state == FINDING_NEW && !f->silenced;
		out->old += f->state == FINDING_OLD && !f->silenced;
	}
	mark_undecided(a, &c, head, head_bom, base, base_bom);
	find_fixed(a, e, head, head_bom, base, base_bom, out);
}

/* ---- lockfiles that went */

static bool has_path(const struct bom *b, struct str path)
{
	for (VEC_EACH(const struct input, i, &b->inputs))
		if (str_eq(i->path, path) && i->state != INPUT_SKIPPED)
			return true;
	return false;
}

/* In the head: a manifest, or another lockfile, of the same folder and ecosystem. */
static const struct input *beside(const struct bom *head, const struct input *gone, bool manifest)
{
	for (VEC_EACH(const struct input, i, &head->inputs))
		if (i->manifest == manifest && i->state != INPUT_SKIPPED && str_eq(i->ecosystem, gone->ecosystem) &&
		    str_eq(str_folder(i->path), str_folder(gone->path)))
			return i;
	return NULL;
}

static bool in_tree(const struct str_list *paths, struct str path)
{
	for (size_t i = 0; i < paths->n; i++)
		if (str_eq(paths->items[i], path))
			return true;
	return false;
}

static struct str base_name(struct str path)
{
	size_t slash = str_rchr(path, '/');

	return slash == STR_NOT_FOUND ? path : str_from(path, slash + 1);
}

/* A file of the same name that the change put where nothing is read. */
static struct str hidden(const struct bom *head, struct str gone, const struct str_list *head_paths, const struct str_list *base_paths)
{
	for (size_t i = 0; i < head_paths->n; i++) {
		struct str path = head_paths->items[i];
		if (str_eq(base_name(path), base_name(gone)) && !str_eq(path, gone) && !has_path(head, path) && !in_tree(base_paths, path))
			return path;
	}
	return STR_NONE;
}

static enum result one_removed(struct diags *d, const struct bom *head, const struct input *gone, const struct str_list *head_paths,
			       const struct str_list *base_paths)
{
	const struct input *manifest = beside(head, gone, true);
	struct str moved = hidden(head, gone->path, head_paths, base_paths);

	if (in_tree(head_paths, gone->path))
		diag_add(d, SEV_ERROR, "input.removed", gone->path, DIAG_NO_OFFSET,
			 "the base had this lockfile read; it is still here and is not read any more");
	else if (moved.s)
		diag_add(d, SEV_ERROR, "input.removed", gone->path, DIAG_NO_OFFSET,
			 "this change removes the lockfile and puts one of its name where nothing is read (%.*s)", STR_ARG(moved));
	else if (manifest)
		diag_add(d, SEV_ERROR, "input.removed", gone->path, DIAG_NO_OFFSET,
			 "this change removes the lockfile while %.*s still stands: what it asks for cannot be judged; put the lockfile back",
			 STR_ARG(manifest->path));
	else
		diag_add(d, SEV_NOTICE, "input.removed", gone->path, DIAG_NO_OFFSET, "this change removes the lockfile and what it was for");
	return in_tree(head_paths, gone->path) || moved.s || manifest ? FAILED : OK;
}

enum result baseline_removed(struct diags *d, const struct bom *head, const struct bom *base, const struct str_list *head_paths,
			     const struct str_list *base_paths)
{
	enum result r = OK;

	for (VEC_EACH(const struct input, gone, &base->inputs))
		if (!gone->manifest && gone->state != INPUT_SKIPPED && gone->components && !has_path(head, gone->path) && !beside(head, gone, false))
			r = result_worse(r, one_removed(d, head, gone, head_paths, base_paths));
	return r;
}
