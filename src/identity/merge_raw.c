/* References inside raw JSON that a document brought: what the model has no place for. */
#include "base/buf.h"
#include "identity/merge_internal.h"
#include "syntax/json.h"
#include "syntax/json_writer.h"

struct str merge_new_ref(struct merge *m, struct str ref)
{
	struct map_entry *e = ref.len ? map_get(&m->renamed_refs, ref) : NULL;
	struct component *c = e ? &m->out->components[e->value.num] : NULL;

	if (!c) {
		e = ref.len ? map_get(&m->renamed_others, ref) : NULL;
		return e ? *(struct str *)e->value.ptr : ref;
	}
	if (!c->ref.len) { /* the first reporter had none: take this one */
		c->ref = arena_str(m->arena, ref);
		merge_unique_ref(m, c);
	}
	return c->ref;
}

/* The name of something that is no component. */
static struct str other_ref(struct merge *m, struct str ref)
{
	struct map_entry *e = map_get(&m->renamed_others, ref);
	struct str name = ref;

	if (e)
		return *(struct str *)e->value.ptr;
	for (unsigned n = m->document; map_has(&m->refs, name); n++)
		name = arena_printf(m->arena, "%.*s-%u", STR_ARG(ref), n);
	struct str *kept = ARENA_NEW(m->arena, struct str);
	*kept = arena_str(m->arena, name);
	map_put(&m->refs, *kept, NULL);
	map_put(&m->renamed_others, arena_str(m->arena, ref), NULL)->value.ptr = kept;
	return *kept;
}

/* The end of the string token that begins at i, behind its closing mark. */
static size_t string_end(struct str s, size_t i)
{
	for (i++; i < s.len && s.s[i] != '"'; i++)
		if (s.s[i] == '\\')
			i++;
	return i < s.len ? i + 1 : s.len;
}

static bool is_key(struct str s, size_t i)
{
	while (i < s.len && ascii_blank(s.s[i]))
		i++;
	return i < s.len && s.s[i] == ':';
}

struct str merge_raw(struct merge *m, struct str json)
{
	struct str key = STR_NONE;
	struct buf out;

	if (!str_has(json, STR("ref\"")) && !str_has(json, STR("\"subjects\"")))
		return json;
	buf_init(&out, 0);
	for (size_t i = 0; i < json.len;) {
		size_t end = i + 1;
		if (json.s[i] == '"') {
			end = string_end(json, i);
			struct str token = str_sub(json, i, end - i);
			bool names = str_is(key, "\"bom-ref\""), follows = str_is(key, "\"ref\"") || str_is(key, "\"subjects\"");
			if (is_key(json, end)) {
				key = token;
			} else if (names || follows) {
				struct str ref = json_string(json_parse(m->scratch, token, NULL, NULL));
				json_quote(&out, !ref.len ? STR("") : names ? other_ref(m, ref) : merge_new_ref(m, ref));
				i = end;
				continue;
			}
		} else {
			while (end < json.len && json.s[end] != '"')
				end++;
		}
		buf_add(&out, str_sub(json, i, end - i));
		i = end;
	}
	struct str text = arena_str(m->arena, buf_str(&out));
	buf_free(&out);
	return text;
}

struct annotation merge_annotation(struct merge *m, const struct annotation *x)
{
	struct arena *a = m->arena;

	return (struct annotation){ arena_str(a, x->annotator), arena_str(a, x->date), arena_str(a, x->type), arena_str(a, x->comment),
				    arena_str(a, merge_raw(m, x->extra)) };
}
