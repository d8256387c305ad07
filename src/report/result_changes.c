/* result.json's part on the components that a change added, removed or altered. */
#include "match/diff.h"
#include "report/changes.h"
#include "report/result_json.h"

static bool is_change(enum change c)
{
	return c == CHANGE_ADDED || c == CHANGE_REMOVED || c == CHANGE_UPGRADED || c == CHANGE_DOWNGRADED || c == CHANGE_VERSION || c == CHANGE_LICENCE;
}

static struct str version_of(const struct bom *b, uint32_t c)
{
	if (c == NO_COMPONENT)
		return STR_NONE;
	return b->components[c].version.len ? b->components[c].version : b->components[c].declared;
}

void result_component_changes(const struct report *r, struct json_writer *w)
{
	struct diff diff;

	if (!r->base_bom)
		return;
	diff_boms(r->arena, r->base_bom, r->bom, &diff);
	json_put_key(w, "componentChanges");
	json_begin_array(w);
	for (VEC_EACH(const struct difference, d, &diff.list)) {
		if (!is_change(d->change))
			continue;
		json_begin_object(w);
		json_member(w, "change", str_of(change_word(d->change)));
		json_member(w, "package", d->package);
		json_member(w, "name", component_title(r->arena, d->new != NO_COMPONENT ? &r->bom->components[d->new] : &r->base_bom->components[d->old]));
		json_member_opt(w, "from", version_of(r->base_bom, d->old));
		json_member_opt(w, "to", version_of(r->bom, d->new));
		json_member_opt(w, "detail", d->detail);
		if (d->new != NO_COMPONENT)
			json_member_int(w, "component", d->new);
		json_end_object(w);
	}
	json_end_array(w);
}
