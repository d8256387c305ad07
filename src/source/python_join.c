/* Python's lockfiles with the manifests beside them, and requirements files with what they include. */
#include "source/python.h"

static struct part *manifest_of(struct tree *t, struct part *lock)
{
	struct part *p = tree_find(t, lock->dir, part_is(lock, "pipfile-lock") ? "Pipfile" : "pyproject.toml");

	return p && (part_is(p, "pipfile") || part_is(p, "pyproject")) ? p : NULL;
}

static bool is_lock(const struct part *p)
{
	return part_is(p, "poetry-lock") || part_is(p, "uv-lock") || part_is(p, "pdm-lock") || part_is(p, "pylock") || part_is(p, "pipfile-lock");
}

/* The project of the manifest becomes the lockfile's own, with an edge to all that it asks for. */
static void add_project(struct tree *t, struct part *lock, const struct python_manifest *m)
{
	struct reading r = part_reading(lock);
	const struct python_lock *l = lock->data;
	struct bom *b = lock->bom;

	if (b->subject == NO_COMPONENT && m->name.len) {
		uint32_t own = reading_subject(&r, m->name, m->version);
		/* its evidence is the manifest, which tells it itself */
		b->components[own].evidence.n = 0;
	}
	for (VEC_EACH(const struct python_need, n, &m->needs)) {
		const struct name_entry *e = n->scope == SCOPE_BUILD ? NULL : name_index_get(&l->by_name, n->name);
		for (; e; e = e->next) {
			if (b->subject != NO_COMPONENT)
				bom_depend(b, b->subject, e->component, DEPENDS_ON, n->scope);
			b->components[e->component].direct = true;
		}
	}
	for (size_t i = 0; i < b->ncomponents; i++)
		b->components[i].direct_known = b->components[i].direct_known || m->needs.n > 0;
	if (!l->scoped && b->subject != NO_COMPONENT)
		reach_from_own(t->arena, b);
}

/* What packages need and the lockfile does not hold, but for the project itself, which plugins of it need. */
static void tell_gaps(struct tree *t, struct part *lock, const struct python_manifest *m)
{
	const struct python_lock *l = lock->data;
	struct str own = python_name(t->arena, m->name);
	struct gaps left = { 0 };

	for (VEC_EACH(const struct gap, g, &l->gaps))
		if (!str_eq(g->name, own))
			gaps_add(&left, t->arena, *g);
	gaps_tell(t, lock, &left, "poetry lock");
}

static void join_locks(struct tree *t)
{
	for (VEC_EACH(struct part, lock, &t->parts)) {
		if (!is_lock(lock))
			continue;
		struct part *manifest = manifest_of(t, lock);
		if (manifest && !manifest->failed) {
			manifest->covered = true;
			if (!lock->failed && !part_is(lock, "uv-lock")) {
				add_project(t, lock, manifest->data);
				tell_gaps(t, lock, manifest->data);
			}
		}
		if (lock->failed || !part_is(lock, "uv-lock"))
			continue;
		for (size_t i = 0; i < lock->bom->ncomponents; i++) { /* the members of the workspace */
			const struct component *c = &lock->bom->components[i];
			for (VEC_EACH(const struct property, p, &c->properties)) {
				if (!c->first_party || !str_is(p->name, "bomgate:path"))
					continue;
				struct part *member = tree_find(t, str_is(p->value, ".") ? STR("") : p->value, "pyproject.toml");
				if (member && part_is(member, "pyproject") && !member->failed)
					member->covered = true;
			}
		}
	}
}

/* ---- requirements files */

static struct pip_file *pip_of(struct part *p)
{
	return p && part_is(p, "pip-requirements") && !p->failed ? p->data : NULL;
}

/* A constraint pins what is asked for without a version. */
static void constrain(struct part *p, const struct part *by)
{
	struct pip_file *f = p->data, *c = by->data;

	for (size_t i = 0; i < c->by_name.map.n; i++) {
		const struct map_entry *m = &c->by_name.map.entries[i];
		struct component *pin = &by->bom->components[((struct name_entry *)m->value.ptr)->component];
		for (const struct name_entry *e = name_index_get(&f->by_name, m->key); e; e = e->next) {
			struct component *k = &p->bom->components[e->component];
			if (k->version.len || !pin->version.len || k->vcs.len || k->download.len)
				continue;
			k->version = pin->version;
			k->declared = STR_NONE;
			bom_property(p->bom, e->component, "bomgate:constrained-by", by->path);
		}
	}
}

static void join_includes(struct tree *t)
{
	struct map included, constraints;

	map_init(&included, t->arena);
	map_init(&constraints, t->arena);
	for (VEC_EACH(struct part, p, &t->parts)) {
		struct pip_file *f = pip_of(p);
		for (size_t i = 0; f && i < f->includes.n; i++) {
			const struct pip_include *q = &f->includes.items[i];
			struct part *other = q->path.s ? tree_find_path(t, q->path) : NULL;
			if (!other) {
				struct reading r = part_reading(p);
				size_t before = t->diags->n;
				reading_warn(&r, q->offset, "the included file is not there: what it asks for is not listed");
				diag_locate(t->diags, before, p->path, p->text);
				continue;
			}
			map_put(q->constraint ? &constraints : &included, other->path, NULL);
			if (q->constraint && pip_of(other))
				constrain(p, other);
		}
	}
	for (size_t i = 0; i < constraints.n; i++)
		if (!map_has(&included, constraints.entries[i].key)) /* only constrains: installs nothing by itself */
			tree_find_path(t, constraints.entries[i].key)->covered = true;
}

/* requirements.in beside the requirements.txt that was compiled from it. */
static void join_compiled(struct tree *t)
{
	for (VEC_EACH(struct part, in, &t->parts)) {
		struct pip_file *asked = pip_of(in), *locked;
		if (!asked || !str_ends(in->base, STR(".in")))
			continue;
		struct str txt = arena_concat(t->arena, str_sub(in->path, 0, in->path.len - 3), STR(".txt"), STR(""));
		struct part *p = tree_find_path(t, txt);
		if (!(locked = pip_of(p)))
			continue;
		in->covered = true;
		for (size_t i = 0; i < p->bom->ncomponents; i++)
			p->bom->components[i].direct_known = true;
		for (size_t i = 0; i < asked->by_name.map.n; i++)
			for (const struct name_entry *e = name_index_get(&locked->by_name, asked->by_name.map.entries[i].key); e; e = e->next)
				p->bom->components[e->component].direct = true;
	}
}

/* A pyproject.toml or setup.cfg whose run-time requirements all stand with a version in a requirements file beside it. */
static void join_pinned(struct tree *t)
{
	struct name_index by_dir;

	name_index_init(&by_dir, t->arena);
	for (VEC_EACH(struct part, q, &t->parts))
		if (pip_of(q))
			name_index_add(&by_dir, q->dir, (uint32_t)(q - t->parts.items), NULL);
	for (VEC_EACH(struct part, p, &t->parts)) {
		struct python_manifest *m = (part_is(p, "pyproject") || part_is(p, "setup-cfg")) && !p->failed ? p->data : NULL;
		if (!m || p->covered || !m->needs.n)
			continue;
		for (const struct name_entry *d = name_index_get(&by_dir, p->dir); d; d = d->next) {
			struct part *q = &t->parts.items[d->component];
			struct pip_file *f = q->covered ? NULL : pip_of(q);
			bool all = f != NULL;
			size_t needed = 0;
			for (size_t i = 0; all && i < m->needs.n; i++) {
				if (m->needs.items[i].scope != SCOPE_RUNTIME)
					continue;
				const struct name_entry *e = name_index_get(&f->by_name, m->needs.items[i].name);
				all = e && q->bom->components[e->component].version.len;
				needed++;
			}
			if (all && needed)
				p->covered = true;
		}
	}
}

void join_python(struct tree *t)
{
	join_locks(t);
	join_includes(t);
	join_compiled(t);
	join_pinned(t);
}
