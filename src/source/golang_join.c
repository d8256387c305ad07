/* go.sum's hashes beside go.mod, workspaces, and what a go.mod from before Go 1.17 leaves to go.sum. */
#include "source/golang.h"

#include "base/map.h"

static struct str key_of(struct arena *a, struct str path, struct str version)
{
	return arena_concat(a, path, STR("@"), version);
}

static const struct go_sum_line *sum_line(struct part *p, struct str key)
{
	struct go_sum *sum = p && part_is(p, "go-sum") ? p->data : NULL;
	struct map_entry *e;

	if (!sum || p->failed)
		return NULL;
	if (!sum->by_key.arena) {
		map_init(&sum->by_key, sum->arena);
		for (VEC_EACH(struct go_sum_line, l, &sum->lines)) {
			bool fresh;
			e = map_put(&sum->by_key, key_of(sum->arena, l->path, l->version), &fresh);
			if (fresh)
				e->value.ptr = l;
		}
	}
	e = map_get(&sum->by_key, key);
	return e ? e->value.ptr : NULL;
}

static struct str module_path(struct arena *a, const struct component *c)
{
	return c->group.len ? arena_concat(a, c->group, STR("/"), c->name) : c->name;
}

static void add_hashes(struct part *p, struct part *const *sums, size_t n)
{
	for (size_t i = 0; i < p->bom->ncomponents; i++) {
		struct component *c = &p->bom->components[i];
		const struct go_sum_line *line = NULL;
		if (!c->version.len || c->first_party)
			continue;
		struct str key = key_of(p->bom->arena, module_path(p->bom->arena, c), c->version);
		for (size_t k = 0; k < n && !line; k++)
			line = sum_line(sums[k], key);
		if (line)
			bom_hash(p->bom, (uint32_t)i, STR("h1"), line->hash);
	}
}

/* "1.16", "1.9.2": is it below 1.17? Without a go line it counts as 1.16. */
static bool before_1_17(struct str go)
{
	uint64_t major = 1, minor = 16;
	struct str rest = go;

	if (go.len) {
		str_to_u64(str_cut(&rest, '.'), &major);
		struct str second = rest.s ? str_cut(&rest, '.') : STR("0");
		size_t digits = 0;
		while (digits < second.len && ascii_digit(second.s[digits])) /* "1.21rc1" */
			digits++;
		str_to_u64(str_sub(second, 0, digits), &minor);
	}
	return major < 1 || (major == 1 && minor < 17);
}

/* Before 1.17 go.mod names no modules that only dependencies need: go.sum names those whose content was once needed, in more
 * versions than are used. Listed as possible, at their line of go.sum. */
static void add_possible(struct part *mod, struct part *sum)
{
	struct go_sum *lines = sum->data;
	struct reading r = part_reading(sum);
	struct arena *a = r.arena;
	struct map known;

	map_init(&known, a);
	for (size_t i = 0; i < mod->bom->ncomponents; i++) {
		struct component *c = &mod->bom->components[i];
		map_put(&known, key_of(a, module_path(a, c), c->first_party ? STR("") : c->version), NULL);
	}
	for (VEC_EACH(const struct go_sum_line, l, &lines->lines)) {
		struct str group, name;
		bool fresh;
		if (map_has(&known, key_of(a, l->path, STR(""))))
			continue;
		map_put(&known, key_of(a, l->path, l->version), &fresh);
		if (!fresh)
			continue;
		go_split(l->path, &group, &name);
		uint32_t c = reading_add(&r, group, name, l->version, l->offset);
		sum->bom->components[c].direct_known = true;
		sum->bom->components[c].evidence.items[0].line = l->line; /* lines were counted before joins */
		sum->bom->inputs.items[0].components++;
		bom_hash(sum->bom, c, STR("h1"), l->hash);
		bom_property(sum->bom, c, "bomgate:certainty", STR("possible"));
	}
}

/* In a workspace go.work's replace lines win, and a module of the workspace is used as it lies there. */
static void workspace(struct tree *t, struct part *work)
{
	struct go_mod *w = work->data;
	struct map members;

	map_init(&members, t->arena);
	for (int pass = 0; pass < 2; pass++)
		for (VEC_EACH(const struct go_require, u, &w->uses)) {
			struct str dir = tree_resolve(t->arena, work->dir, u->path);
			struct part *p = dir.s ? tree_find(t, dir, "go.mod") : NULL;
			if (!p || !p->data || p->failed)
				continue;
			struct go_mod *m = p->data;
			if (pass == 0) {
				map_put(&members, m->module, NULL)->value.ptr = p;
				continue;
			}
			struct reading r = part_reading(p);
			for (VEC_EACH(const struct go_require, q, &m->requires)) {
				const struct go_replace *by = go_replacement(w, q->path, q->version);
				struct map_entry *own = map_get(&members, q->path);
				struct go_replace here = { .new_path = own ? ((struct part *)own->value.ptr)->dir : STR_NONE };
				if (own)
					by = &here;
				if (by && !p->bom->components[q->component].first_party)
					go_identify(&r, q->component, q->path, q->version, by, own ? STR("") : work->dir);
			}
		}
}

void join_golang(struct tree *t)
{
	for (VEC_EACH(struct part, w, &t->parts))
		if (part_is(w, "go-work") && w->data && !w->failed)
			workspace(t, w);
	for (VEC_EACH(struct part, p, &t->parts)) {
		if (p->failed || !(part_is(p, "go-mod") || part_is(p, "go-vendor")))
			continue;
		struct str dir = part_is(p, "go-vendor") ? tree_resolve(t->arena, p->dir, STR("..")) : p->dir;
		struct part *sums[LIMIT_TREE_DEPTH + 2];
		size_t n = 0;
		if (!dir.s)
			continue;
		struct part *sum = sums[n++] = tree_find(t, dir, "go.sum");
		for (struct str above = dir; n < LIMIT_TREE_DEPTH + 2;) { /* go.work.sum of a workspace above */
			struct part *work = tree_find(t, above, "go.work.sum");
			if (work)
				sums[n++] = work;
			if (!above.len)
				break;
			size_t slash = str_rchr(above, '/');
			above = slash == STR_NOT_FOUND ? STR("") : str_sub(above, 0, slash);
		}
		add_hashes(p, sums, n);
		struct go_mod *m = p->data;
		if (part_is(p, "go-mod") && m && before_1_17(m->go) && sum && part_is(sum, "go-sum") && sum->data && !sum->failed)
			add_possible(p, sum);
	}
}
