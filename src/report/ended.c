#include "report/ended.h"

bool ended_component(const struct component *c, struct ended *out)
{
	static const struct {
		const char *property, *word;
	} words[] = { { "bomgate:deprecated", "deprecated" }, { "bomgate:abandoned", "abandoned" } };

	out->word = NULL;
	out->says = STR_NONE;
	for (VEC_EACH(const struct property, p, &c->properties))
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
			if (!str_is(p->name, words[i].property) || out->says.len) /* of several files, one that says why */
				continue;
			out->word = words[i].word;
			out->says = str_is(p->value, "true") ? STR_NONE : p->value;
		}
	return out->word != NULL;
}

const char *ended_joint(const struct ended *e)
{
	return !e->says.len ? "" : strcmp(e->word, "abandoned") == 0 ? " for " : ": ";
}

static void add(const struct report *r, struct ended_list *out, struct ended e)
{
	for (size_t i = 0; i < out->n; i++)
		if (out->items[i].component == e.component)
			return;
	*VEC_ADD(r->arena, out) = e;
}

/* Advisories say it of a component whose own lockfile does not. */
static void add_advised(const struct report *r, const struct finding *f, struct ended_list *out)
{
	if (f->component >= r->bom->ncomponents || f->state == FINDING_FIXED)
		return;
	for (VEC_EACH(const struct match, m, &f->matches))
		if (str_is(m->informational, "unmaintained"))
			add(r, out, (struct ended){ f->component, "unmaintained", m->id });
}

void ended_list(const struct report *r, struct ended_list *out)
{
	*out = (struct ended_list){ 0 };
	for (int direct = 1; direct >= 0; direct--)
		for (size_t i = 0; i < r->bom->ncomponents; i++) {
			const struct component *c = &r->bom->components[i];
			struct ended e = { .component = (uint32_t)i };
			if (!c->first_party && (c->direct_known && c->direct) == direct && ended_component(c, &e))
				*VEC_ADD(r->arena, out) = e;
		}
	for (VEC_EACH(const struct finding, f, &r->findings->list))
		add_advised(r, f, out);
}
