/* Edges: those that CycloneDX has (dependsOn, provides) as such, all others as properties of our own. */
#include "format/cyclonedx.h"

/* Is the edge one that `dependencies` can say? */
static bool is_native(const struct cdx_writer *w, const struct dependency *d)
{
	/* The word: SPDX carried it for us (spdx_keep.c). */
	const struct dependency_more *more = dependency_more(d);
	bool ours = str_is(w->b->document.standard, "cyclonedx") || str_is(more->to_ref, "NONE") || str_is(more->word, "dependsOn") ||
		    str_is(more->word, "provides");

	if (d->kind != DEPENDS_ON && d->kind != PROVIDES)
		return false;
	return (d->from != NO_COMPONENT || (ours && more->from_ref.len)) && (d->to != NO_COMPONENT || (ours && more->to_ref.len));
}

static struct str from_text(const struct cdx_writer *w, const struct dependency *d)
{
	return d->from != NO_COMPONENT ? w->refs[d->from] : dependency_more(d)->from_ref;
}

static struct str to_text(const struct cdx_writer *w, const struct dependency *d)
{
	return d->to != NO_COMPONENT ? w->refs[d->to] : dependency_more(d)->to_ref;
}

static void put_refs(struct cdx_writer *w, const char *key, enum dependency_kind kind, const struct map_entry *group,
		     const uint32_t *next)
{
	const struct dependency *items = w->b->dependencies.items;
	bool open = false, none = false;
	struct map seen;
	struct arena_mark mark = arena_mark(w->w->arena);

	map_init(&seen, w->w->arena);
	for (uint32_t i = (uint32_t)group->value.num; i != UINT32_MAX; i = next[i]) {
		bool fresh;
		if (items[i].kind != kind)
			continue;
		struct str to = to_text(w, &items[i]);
		none |= str_is(to, "NONE");
		if (str_is(to, "NONE") && items[i].to == NO_COMPONENT)
			continue;
		map_put(&seen, to, &fresh);
		if (!fresh)
			continue;
		if (!open) {
			json_put_key(&w->j, key);
			json_begin_array(&w->j);
		}
		open = true;
		json_put_string(&w->j, to);
	}
	if (!open && none) {
		json_put_key(&w->j, key);
		json_begin_array(&w->j);
		open = true;
	}
	if (open)
		json_end_array(&w->j);
	arena_pop(w->w->arena, mark);
}

void cdx_write_dependencies(struct cdx_writer *w)
{
	size_t n = w->b->dependencies.n;
	uint32_t *next = arena_array(w->w->arena, n + 1, sizeof *next), *last = arena_array(w->w->arena, n + 1, sizeof *last);
	struct map groups;

	map_init(&groups, w->w->arena);
	for (size_t i = 0; i < n; i++) {
		bool fresh;
		next[i] = UINT32_MAX;
		if (!is_native(w, &w->b->dependencies.items[i]))
			continue;
		struct map_entry *e = map_put(&groups, from_text(w, &w->b->dependencies.items[i]), &fresh);
		size_t g = (size_t)(e - groups.entries);
		if (fresh)
			e->value.num = i;
		else
			next[last[g]] = (uint32_t)i;
		last[g] = (uint32_t)i;
	}
	for (size_t g = 0; g < groups.n; g++) {
		json_begin_object(&w->j);
		json_member(&w->j, "ref", groups.entries[g].key);
		put_refs(w, "dependsOn", DEPENDS_ON, &groups.entries[g], next);
		put_refs(w, "provides", PROVIDES, &groups.entries[g], next);
		json_end_object(&w->j);
		cdx_flush_item(w, "dependencies");
	}
}

static const char *kind_word(const struct dependency *d)
{
	return d->kind == DEPENDS_ON ? "DEPENDS_ON" : d->kind == CONTAINS ? "CONTAINS" : d->kind == DESCRIBES ? "DESCRIBES" :
	       d->kind == PROVIDES   ? "PROVIDES" :
				       "RELATED";
}

/* {"type", "from", "to", "scope", "comment"} as text. */
static struct str relation_text(struct cdx_writer *w, const struct dependency *d)
{
	struct json_writer j;
	struct buf b;

	buf_init(&b, 0);
	json_writer_init(&j, &b, true);
	json_begin_object(&j);
	json_member(&j, "type", str_of(kind_word(d)));
	json_member_opt(&j, "word", dependency_more(d)->word);
	if (d->from == NO_COMPONENT)
		json_member_opt(&j, "from", dependency_more(d)->from_ref);
	json_member_opt(&j, "to", to_text(w, d));
	if (d->scope)
		json_member(&j, "scope", scope_text(w->w->arena, d->scope));
	json_member_opt(&j, "comment", dependency_more(d)->comment);
	json_end_object(&j);
	struct str text = arena_str(w->w->arena, buf_str(&b));
	buf_free(&b);
	return text;
}

static bool needs_property(const struct cdx_writer *w, const struct dependency *d)
{
	if (d->kind == DESCRIBES && d->to != NO_COMPONENT && d->to == w->b->subject && !dependency_more(d)->comment.len)
		return false;
	if (d->kind == CONTAINS && d->from != NO_COMPONENT && d->to != NO_COMPONENT && w->b->components[d->to].parent == d->from &&
	    !dependency_more(d)->comment.len)
		return false;
	return !is_native(w, d) || d->scope || dependency_more(d)->comment.len;
}

void cdx_index_relationships(struct cdx_writer *w)
{
	size_t n = w->b->dependencies.n;

	w->relation_of = arena_array(w->w->arena, w->b->ncomponents + 1, sizeof *w->relation_of);
	w->next_relation = arena_array(w->w->arena, n + 1, sizeof *w->next_relation);
	for (size_t i = n; i > 0; i--) {
		const struct dependency *d = &w->b->dependencies.items[i - 1];
		if (!needs_property(w, d))
			continue;
		uint32_t at = d->from != NO_COMPONENT ? d->from : (uint32_t)w->b->ncomponents;
		w->next_relation[i - 1] = w->relation_of[at];
		w->relation_of[at] = (uint32_t)i;
	}
}

static void write_from(struct cdx_writer *w, size_t at, bool *open)
{
	for (uint32_t i = w->relation_of[at]; i; i = w->next_relation[i - 1]) {
		const struct dependency *d = &w->b->dependencies.items[i - 1];
		struct arena_mark mark = arena_mark(w->w->arena);
		if (!*open) {
			json_put_key(&w->j, "properties");
			json_begin_array(&w->j);
		}
		*open = true;
		cdx_write_property(w, CDX_OWN "relationship", relation_text(w, d));
		arena_pop(w->w->arena, mark); /* before the note, which may stand on the same arena */
		if (!is_native(w, d) && d->kind == RELATED)
			loss_note(w->w->losses, "relationships of other types than contains and depends", true);
	}
}

void cdx_write_relationships(struct cdx_writer *w, uint32_t component, bool *open)
{
	write_from(w, component, open);
}

void cdx_write_outer_relationships(struct cdx_writer *w, bool *open)
{
	write_from(w, w->b->ncomponents, open);
}
