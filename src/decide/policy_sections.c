/* Elements of the configuration's lists, the checks that need the whole of one, and the tables that `ssvc` names. */
#include "decide/policy_parse.h"

#include <stddef.h>

#include "decide/bind.h"
#include "identity/licence_tree.h"

void *policy_open(struct policy_parse *p, const char *section, struct str name, size_t offset)
{
	struct policy *to = p->policy;
	unsigned line = policy_line(p, offset);

	if (strcmp(section, "service") == 0) {
		struct service *s = VEC_ADD(p->arena, &to->services);
		s->line = line;
		return s;
	}
	if (strcmp(section, "environment") == 0) {
		struct environment *e = VEC_ADD(p->arena, &to->environments);
		e->name = name;
		e->line = line;
		return e;
	}
	if (strcmp(section, "ignore") == 0) {
		struct ignore_entry *i = VEC_ADD(p->arena, &to->ignore);
		i->file = p->file;
		i->line = line;
		return i;
	}
	if (strcmp(section, "vex") == 0) {
		struct vex_source *s = VEC_ADD(p->arena, &to->vex);
		s->from = p->file;
		s->line = line;
		return s;
	}
	struct licence_exception *l = VEC_ADD(p->arena, &to->licences_ignore);
	l->file = p->file;
	l->line = line;
	return l;
}

static bool close_points(struct policy_parse *p, const struct setting *points, size_t offset)
{
	if (points[SERVICE_HUMAN_IMPACT].set && (points[SERVICE_SAFETY].set || points[SERVICE_MISSION].set))
		return policy_wrong(p, offset, "give `human_impact`, or `safety_impact` with `mission_impact`, not both");
	return true;
}

static bool close_service(struct policy_parse *p, const struct service *s, size_t offset)
{
	for (VEC_EACH(struct service, other, &p->policy->services)) {
		if (other == s)
			break;
		if (str_eq(other->name, s->name))
			return policy_wrong(p, offset, "the service \"%.*s\" stands twice (line %u)", STR_ARG(s->name), other->line);
		if (!other->paths.n && !other->images.n && !s->paths.n && !s->images.n)
			return policy_wrong(p, offset, "the service \"%.*s\" never counts: \"%.*s\" (line %u) has no paths either and comes first",
					    STR_ARG(s->name), STR_ARG(other->name), other->line);
	}
	return close_points(p, s->points, offset);
}

static bool close_environment(struct policy_parse *p, const struct environment *e, size_t offset)
{
	static const char *const words[] = { "tag", "branch", "push", "pull_request", "merge_group", "release", "schedule", "workflow_dispatch",
					     "workflow_call", "deployment", "repository_dispatch" };

	for (size_t i = 0; i < e->on.n; i++) {
		struct str on = e->on.items[i];
		bool known = str_starts(on, STR("refs/"));
		for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
			known = known || str_is(on, words[w]);
		if (!known)
			return policy_wrong(p, offset, "`on`: \"%.*s\" is neither \"tag\", \"branch\", an event such as push or schedule, nor a full ref such as refs/heads/release/*",
					    STR_ARG(str_sub(on, 0, 80)));
	}
	if (!e->on.n)
		return policy_wrong(p, offset, "`on` is empty: the environment would never hold");
	return close_points(p, e->points, offset);
}

/* The text of a file that the configuration names; of an organisation's file: of its repository at the same commit. */
static bool fetch(struct policy_parse *p, struct str what, size_t offset, struct str *text)
{
	struct str why = STR("no file can be read here");

	if (p->repository.s)
		what = arena_printf(p->arena, "%.*s//%.*s@%.*s", STR_ARG(p->repository), STR_ARG(what), STR_ARG(p->revision));
	if (!p->io || !p->io->fetch(p->io->data, what, text, &why))
		return policy_wrong(p, offset, "%.*s could not be read: %.*s", STR_ARG(what), STR_ARG(why));
	policy_add_file(p->arena, p->policy, what, *text);
	return true;
}

static const struct ssvc_table *table_named(struct policy_parse *p, struct str name, size_t offset)
{
	const struct ssvc_table *t = ssvc_table_published(p->arena, name);
	struct str text, why = STR_NONE;
	size_t at = 0;

	if (t)
		return t;
	if (str_chr(name, '.') == STR_NOT_FOUND) {
		policy_wrong(p, offset, "\"%.*s\" is no published table (%.*s) and no file's name", STR_ARG(str_sub(name, 0, 80)),
			     STR_ARG(ssvc_table_names(p->arena)));
		return NULL;
	}
	if (!fetch(p, name, offset, &text))
		return NULL;
	t = ssvc_table_parse(p->arena, text, name, &why, &at);
	if (!t)
		policy_wrong(p, offset, "the table %.*s is not usable: %.*s (at byte %zu)", STR_ARG(name), STR_ARG(why), at);
	return t;
}

static bool is_human_impact(const struct ssvc_table *t)
{
	return t->npoints == 2 && str_is(t->points[0]->kind, "ssvc:SI") && str_is(t->points[1]->kind, "ssvc:MI") && t->nrows == 16 &&
	       str_is(t->outcome->kind, "ssvc:HI") && t->outcome->nvalues == 4;
}

/* A table that is wrong leaves the one before in its place: the rest of the file is still checked. */
bool policy_tables(struct policy_parse *p, size_t offset)
{
	struct policy *to = p->policy;
	const struct ssvc_table *t;
	struct binding b;
	struct str why = STR_NONE;

	if (to->human_impact_name.s && to->human_impact_set.set) {
		struct str name = to->human_impact_name;
		name = str_is(name, "1.0.0") ? STR("human-impact") : str_is(name, "2024.3.8") ? STR("human-impact-2024.3.8") : name;
		t = table_named(p, name, offset);
		if (!t)
			return false;
		if (!is_human_impact(t))
			return policy_wrong(p, offset, "`human_impact_table`: %.*s does not go from Safety and Mission Impact to Human Impact",
					    STR_ARG(name));
		to->human_impact = t;
	}
	if (!to->table_name.s || !to->table_set.set)
		return true;
	t = table_named(p, to->table_name, offset);
	if (!t)
		return false;
	if (str_is(t->outcome->kind, "ssvc:HI") || str_is(t->outcome->kind, "ssvc:U") || str_is(t->outcome->kind, "ssvc:PSI"))
		return policy_wrong(p, offset, "`table`: %.*s gives an input of other tables, no outcome", STR_ARG(t->id));
	if (!bind_table(p->arena, t, &b, &why))
		return policy_wrong(p, offset, "`table`: %.*s cannot be filled: %.*s", STR_ARG(t->id), STR_ARG(why));
	to->table = t;
	return true;
}

static bool close_licences(struct policy_parse *p, size_t offset)
{
	const struct str_list *lists[] = { &p->policy->licences_allow, &p->policy->licences_deny };
	struct str why = STR_NONE;

	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->n; i++)
			if (!licence_entry_valid(p->arena, lists[l]->items[i], &why))
				return policy_wrong(p, offset, "`licences`: \"%.*s\": %.*s", STR_ARG(str_sub(lists[l]->items[i], 0, 80)), STR_ARG(why));
	return true;
}

bool policy_close(struct policy_parse *p, const char *section, void *target, size_t offset)
{
	if (strcmp(section, "service") == 0)
		return close_service(p, target, offset);
	if (strcmp(section, "environment") == 0)
		return close_environment(p, target, offset);
	if (strcmp(section, "ssvc") == 0)
		return policy_tables(p, offset);
	if (strcmp(section, "licences") == 0)
		return close_licences(p, offset);
	return true;
}

/* Which lists and names were said at all, and whether the repository may add to them. */
void policy_mark(struct policy_parse *p, const struct key *k, const struct value *v)
{
	static const struct {
		const char *section, *name;
		size_t at;
	} marks[] = {
		{ "", "services", offsetof(struct policy, services_set) },
		{ "", "ignore", offsetof(struct policy, ignore_set) },
		{ "", "vex", offsetof(struct policy, vex_set) },
		{ "", "exclude", offsetof(struct policy, exclude_set) },
		{ "", "ignore_files", offsetof(struct policy, ignore_files_set) },
		{ "licences", "allow", offsetof(struct policy, licences_allow_set) },
		{ "licences", "deny", offsetof(struct policy, licences_deny_set) },
		{ "ssvc", "table", offsetof(struct policy, table_set) },
		{ "ssvc", "human_impact_table", offsetof(struct policy, human_impact_set) },
	};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (strcmp(k->section, marks[i].section) == 0 && strcmp(k->name, marks[i].name) == 0)
			*(struct setting *)((char *)p->policy + marks[i].at) = (struct setting){ true, p->may, policy_line(p, v->offset), 0 };
}
