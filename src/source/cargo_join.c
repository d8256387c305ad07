/* A Cargo.lock with the manifests of its workspace: which dependency is for development or the build, which manifest it covers. */
#include "source/cargo.h"

/* The dependency table entry of the workspace's root for a `workspace = true` need. */
static void inherit(struct tree *t, struct part *p, struct cargo_manifest *m)
{
	for (struct str dir = p->dir;;) {
		struct part *above = tree_find(t, dir, "Cargo.toml");
		struct cargo_manifest *root = above && part_is(above, "cargo-toml") && !above->failed ? above->data : NULL;
		if (root && root->workspace) {
			for (VEC_EACH(struct cargo_need, n, &m->needs)) {
				const struct value *v;
				if (!n->workspace || !(v = value_get_str(root->workspace_needs, n->alias.len ? n->alias : n->package)))
					continue;
				struct str package = value_get_text(v, "package"), range = v->type == VALUE_TABLE ?
					value_get_text(v, "version") : value_text(v);
				struct component *c = &p->bom->components[n->component];
				if (package.len) {
					n->alias = c->alias = n->alias.len ? n->alias : n->package;
					n->package = c->name = package;
				}
				if (value_get_text(v, "path").len) {
					struct reading r = part_reading(p);
					reading_local(&r, n->component, above->dir, value_get_text(v, "path"));
					c->declared = STR_NONE;
				} else if (range.len) {
					c->declared = range;
				}
			}
			return;
		}
		if (!dir.len)
			return;
		dir = str_folder(dir);
	}
}

/* Cargo takes '-' and '_' for the same in names of dependencies. */
static bool same_crate(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if ((a.s[i] == '-' ? '_' : a.s[i]) != (b.s[i] == '-' ? '_' : b.s[i]))
			return false;
	return true;
}

/* The member's edges get the scopes that its manifest tells. */
static void tell_scopes(struct part *lock, uint32_t member, const struct cargo_manifest *m)
{
	struct bom *b = lock->bom;
	size_t low = 0, high = b->dependencies.n;

	while (low < high) { /* edges stand in the order of the packages */
		size_t mid = low + (high - low) / 2;
		if (b->dependencies.items[mid].from < member)
			low = mid + 1;
		else
			high = mid;
	}
	for (struct dependency *d = b->dependencies.items + low; low < b->dependencies.n && d->from == member; d++, low++) {
		unsigned scope = 0;
		for (VEC_EACH(const struct cargo_need, n, &m->needs))
			if (same_crate(n->package, b->components[d->to].name)) {
				scope |= n->scope;
				if (n->alias.len)
					b->components[d->to].alias = n->alias;
			}
		d->scope = scope;
	}
}

/* The nearest Cargo.lock at or above a folder. */
static struct part *lock_above(struct tree *t, struct str dir)
{
	for (;;) {
		struct part *p = tree_find(t, dir, "Cargo.lock");
		if (p && part_is(p, "cargo-lock"))
			return p;
		if (!dir.len)
			return NULL;
		dir = str_folder(dir);
	}
}

static void join_manifest(struct part *p, struct part *lock)
{
	struct cargo_manifest *m = p->data;
	struct cargo_lock *l = lock->data;
	bool beside = str_eq(p->dir, lock->dir);

	if (lock->failed) { /* its error is told; the manifest's ranges would only repeat it */
		p->covered = true;
		return;
	}
	if (!m->name.len) {
		p->covered = m->workspace && beside;
		return;
	}
	struct map_entry *e = map_get(&l->by_name, m->name);
	for (uint32_t i = e ? (uint32_t)e->value.num : 0; i; i = l->next[i - 1]) {
		const struct cargo_package *k = &l->packages.items[i - 1];
		if (k->source.len || k->component == NO_COMPONENT)
			continue;
		struct reading r = part_reading(lock);
		p->covered = true;
		reading_local(&r, k->component, STR(""), p->dir);
		if (beside)
			lock->bom->subject = k->component;
		tell_scopes(lock, k->component, m);
		l->told = true;
		return;
	}
}

void join_cargo(struct tree *t)
{
	for (VEC_EACH(struct part, p, &t->parts))
		if (part_is(p, "cargo-toml") && !p->failed)
			inherit(t, p, p->data);
	for (VEC_EACH(struct part, p, &t->parts)) {
		struct part *lock = part_is(p, "cargo-toml") && !p->failed ? lock_above(t, p->dir) : NULL;
		if (lock)
			join_manifest(p, lock);
	}
	for (VEC_EACH(struct part, lock, &t->parts)) {
		if (!part_is(lock, "cargo-lock"))
			continue;
		if (!lock->failed && ((struct cargo_lock *)lock->data)->told)
			reach_from_own(t->arena, lock->bom);
		struct bom *b = lock->bom;
		if (!lock->failed && b->subject != NO_COMPONENT) /* the other members are parts of it */
			for (size_t i = 0; i < b->ncomponents; i++)
				if (b->components[i].first_party && i != b->subject)
					bom_depend(b, b->subject, (uint32_t)i, CONTAINS, 0);
	}
}
