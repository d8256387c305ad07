/* Many commits at little cost: a folder that did not change is listed once, a file that did not change is parsed once, a set of files
 * that did not change is put together once. */
#include <stdlib.h>

#include "base/timestamp.h"
#include "cmd/history.h"
#include "cmd/version_info.h"
#include "format/format.h"
#include "identity/purl.h"
#include "io/file.h"
#include "match/subject.h"

static uint32_t distinct_of(struct history *h, const struct wanted *w)
{
	bool fresh;
	struct map_entry *e = map_put(&h->blobs, arena_printf(h->arena, "%.*s %s %.*s", STR_ARG(w->blob), w->row->name, STR_ARG(w->path)), &fresh);

	if (fresh) {
		e->value.num = h->distincts.n;
		*VEC_ADD(h->arena, &h->distincts) = (struct distinct){ 0 };
	}
	return (uint32_t)e->value.num;
}

static void add_all(struct history *h, struct wanted_list *to, const struct wanted_list *from)
{
	for (size_t i = 0; i < from->n; i++)
		*VEC_ADD(h->arena, to) = from->items[i];
	for (size_t i = 0; i < from->nsubmodules; i++) {
		if (to->nsubmodules == to->submodules_cap) {
			size_t cap = to->submodules_cap ? to->submodules_cap * 2 : 4;
			to->submodules = arena_grow(h->arena, to->submodules, to->submodules_cap, cap, sizeof *to->submodules);
			to->submodules_cap = cap;
		}
		to->submodules[to->nsubmodules++] = from->submodules[i];
	}
}

/* The wanted files below a tree at a folder, from memory where the same tree stood there before. NULL where it cannot be read. */
static struct wanted_list *list_tree(struct history *h, struct scan *rules, struct str tree, struct str dir, unsigned depth, struct str *why)
{
	bool fresh;
	struct git_entries entries;
	struct map_entry *e = map_put(&h->trees, arena_concat(h->arena, tree, STR(" "), dir), &fresh);

	if (!fresh)
		return e->value.ptr;
	struct wanted_list *list = ARENA_NEW(h->arena, struct wanted_list);
	e->value.ptr = list;
	if (depth > LIMIT_TREE_DEPTH || !git_tree_entries(h->git, h->arena, tree, &entries, why))
		return NULL;
	for (size_t i = 0; i < entries.n; i++) {
		struct git_entry *g = &entries.items[i];
		struct str path = dir.len ? arena_concat(h->arena, dir, STR("/"), g->name) : g->name;
		if (g->kind == GIT_ENTRY_FOLDER) {
			struct wanted_list *below = scan_enters(rules, path) ? list_tree(h, rules, g->id, path, depth + 1, why) : NULL;
			if (below)
				add_all(h, list, below);
			continue;
		}
		if (g->kind == GIT_ENTRY_SUBMODULE) {
			struct wanted_list one = { .submodules = &(struct submodule){ path, g->id }, .nsubmodules = 1 };
			add_all(h, list, &one);
			continue;
		}
		const struct reader *row = g->kind == GIT_ENTRY_FILE ? scan_wants(rules, path) : NULL;
		if (!row)
			continue;
		struct wanted *w = VEC_ADD(h->arena, list);
		*w = (struct wanted){ .path = path, .blob = g->id, .row = row };
		w->blob_index = distinct_of(h, w);
	}
	return list;
}

/* The state of a list of files: by all their blobs and the submodules' commits. */
static uint32_t state_of(struct history *h, const struct wanted_list *list)
{
	struct buf key;
	bool fresh;

	buf_init(&key, 0);
	for (size_t i = 0; i < list->n; i++)
		buf_add(&key, str_make((const char *)&list->items[i].blob_index, sizeof list->items[i].blob_index));
	buf_addc(&key, '/');
	for (size_t i = 0; i < list->nsubmodules; i++) {
		buf_add(&key, list->submodules[i].path);
		buf_addc(&key, ' ');
		buf_add(&key, list->submodules[i].commit);
	}
	struct map_entry *e = map_put(&h->states_by_key, arena_str(h->arena, buf_str(&key)), &fresh);
	buf_free(&key);
	if (fresh) {
		e->value.num = h->states.n;
		*VEC_ADD(h->arena, &h->states) = (struct state){ .files = *list };
		for (size_t i = 0; i < list->n; i++)
			h->distincts.items[list->items[i].blob_index].states++;
	}
	return (uint32_t)e->value.num;
}

bool history_list(struct history *h, struct str commit)
{
	struct moment *m = VEC_ADD(h->arena, &h->moments);
	struct scan rules;
	struct str why = STR_NONE;

	scan_init(&rules, h->arena, &h->diags);
	for (size_t i = 0; option_nth(h->in, "exclude", i).s; i++)
		*VEC_ADD(h->arena, &rules.exclude) = option_nth(h->in, "exclude", i);
	struct wanted_list *list = git_commit_of(h->git, h->arena, commit, &m->info, &why) ? list_tree(h, &rules, m->info.tree, STR(""), 0, &why) : NULL;
	if (!list || why.len) {
		diag_add(&h->diags, SEV_ERROR, "input.tree", commit, DIAG_NO_OFFSET, "%.*s", STR_ARG(why.len ? why : STR("the commit cannot be read")));
		h->moments.n--;
		return false;
	}
	m->state = state_of(h, list);
	return true;
}

/* ---- reading */

/* The part of one file: parsed for this state alone, or as it was when it was parsed before: joins change what they join. */
static struct part part_of(struct history *h, const struct wanted *w, struct arena *state_arena)
{
	struct distinct *d = &h->distincts.items[w->blob_index];
	struct scan s;

	if (d->part) {
		arena_restore(d->arena, d->parsed);
		return *d->part;
	}
	if (d->states > 1)
		d->arena = arena_new(0);
	scan_init(&s, d->arena ? d->arena : state_arena, &h->diags);
	scan_git_file(&s, h->git, w->row, w->path, w->blob);
	if (d->arena) {
		d->part = &s.tree.parts.items[0];
		d->parsed = arena_snapshot(d->arena);
	}
	return s.tree.parts.items[0];
}

static struct str key_of(struct arena *a, const struct component *c)
{
	if (c->purl.len && !c->declared.len)
		return c->purl;
	return arena_printf(a, "%.*s\n%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(c->ecosystem), STR_ARG(c->group), STR_ARG(c->name), STR_ARG(c->version), STR_ARG(c->declared));
}

static int compare_numbers(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

/* The component in the bom of all; new ones are copied, without what belongs to one commit. */
static uint32_t remember(struct history *h, struct arena *scratch, const struct component *c)
{
	bool fresh;
	struct str key = key_of(scratch, c);
	struct map_entry *e = map_get(&h->all_by_key, key);

	if (e)
		return (uint32_t)e->value.num;
	struct component one = match_subject(scratch, c);
	one.scope = c->scope;
	struct bom part = { .arena = scratch, .components = &one, .ncomponents = 1, .subject = NO_COMPONENT };
	uint32_t index = bom_append(&h->all, &part);
	map_put(&h->all_by_key, arena_str(h->arena, key), &fresh)->value.num = index;
	*VEC_ADD(h->arena, &h->dated) = (struct dated){ .component = index };
	return index;
}

static void write_sbom(struct history *h, struct bom *b, const struct moment *m)
{
	const struct format *f = format_by_name(STR("cyclonedx-json"));
	struct buf bytes;
	struct str why;
	struct str path = file_join(h->arena, str_of(h->sboms), arena_concat(h->arena, m->info.id, STR(".cdx.json"), STR_NONE));
	struct format_writing w = { .bom = b, .arena = b->arena, .version = str_of(f->default_version), .out = &bytes };

	b->components[b->subject].version = b->components[b->subject].commit = m->info.id;
	b->document.timestamp = timestamp_text(b->arena, m->info.time);
	b->document.serial = STR_NONE;
	b->document.properties.n = 0;
	*VEC_ADD(b->arena, &b->document.properties) = (struct property){ STR("bomgate:commit"), m->info.id };
	buf_init(&bytes, 0);
	if (f->write(&w) == FAILED || !file_write_atomic(path.s, buf_str(&bytes), &why))
		diag_add(&h->diags, SEV_ERROR, "bug.output", path, DIAG_NO_OFFSET, "the SBOM could not be written");
	buf_free(&bytes);
}

static void write_sboms(struct history *h, struct bom *b, uint32_t state)
{
	*VEC_ADD(b->arena, &b->document.tools) = (struct tool){ .vendor = STR("bomgate"), .name = STR("bomgate"), .version = STR(BOMGATE_VERSION) };
	b->document.generator = 0;
	for (size_t i = 0; i < h->moments.n; i++)
		if (h->moments.items[i].state == state)
			write_sbom(h, b, &h->moments.items[i]);
}

static void read_state(struct history *h, uint32_t index)
{
	struct state *s = &h->states.items[index];
	struct arena *a = arena_new(0);
	struct tree t = { .arena = a, .diags = &h->diags };
	struct bom b;

	bom_init(&b, a, &h->diags);
	struct component *subject = bom_add(&b);
	subject->type = COMPONENT_APPLICATION;
	subject->first_party = true;
	subject->name = git_owner_name(a, git_origin(h->git));
	if (!subject->name.len)
		subject->name = STR("unnamed");
	b.subject = 0;
	for (size_t i = 0; i < s->files.n; i++)
		*VEC_ADD(a, &t.parts) = part_of(h, &s->files.items[i], a);
	for (size_t i = 0; i < s->files.nsubmodules; i++)
		*VEC_ADD(a, &t.submodules) = s->files.submodules[i];
	source_assemble(&t, &b);
	s->components = arena_array(h->arena, b.ncomponents + 1, sizeof *s->components);
	for (size_t i = 0; i < b.ncomponents; i++)
		if (!b.components[i].first_party)
			s->components[s->n++] = remember(h, a, &b.components[i]);
	if (s->n)
		qsort(s->components, s->n, sizeof *s->components, compare_numbers);
	if (h->sboms)
		write_sboms(h, &b, index);
	arena_free(a);
}

void history_read(struct history *h)
{
	bom_init(&h->all, h->arena, &h->diags);
	for (uint32_t i = 0; i < h->states.n; i++)
		read_state(h, i);
}

void history_date(struct history *h)
{
	bool *here = arena_array(h->arena, h->all.ncomponents + 1, sizeof *here), *now = arena_array(h->arena, h->all.ncomponents + 1, sizeof *now);
	uint32_t before = UINT32_MAX;

	for (uint32_t m = 0; m < h->moments.n; m++) {
		const struct state *s = &h->states.items[h->moments.items[m].state];
		const struct state *old = before == UINT32_MAX ? NULL : &h->states.items[before];
		if (before == h->moments.items[m].state)
			continue;
		for (size_t i = 0; i < s->n; i++) {
			uint32_t c = s->components[i];
			now[c] = true;
			if (here[c])
				continue;
			here[c] = true;
			*VEC_ADD(h->arena, &h->dated.items[c].came) = m;
			*VEC_ADD(h->arena, &h->dated.items[c].went) = UINT32_MAX;
		}
		for (size_t i = 0; old && i < old->n; i++) {
			struct dated *d = &h->dated.items[old->components[i]];
			if (now[old->components[i]] || !here[old->components[i]])
				continue;
			here[old->components[i]] = false;
			d->went.items[d->went.n - 1] = m;
		}
		for (size_t i = 0; i < s->n; i++)
			now[s->components[i]] = false;
		before = h->moments.items[m].state;
	}
}

void history_end(struct history *h)
{
	for (size_t i = 0; i < h->distincts.n; i++) {
		arena_snapshot_free(h->distincts.items[i].parsed);
		arena_free(h->distincts.items[i].arena);
	}
	judge_end(&h->judgement);
	git_end(h->git);
}
