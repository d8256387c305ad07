/* An organisation's policy under a repository's: what the organisation says is a floor. The repository may tighten it, add
 * nothing to lists that the organisation keeps to itself, and loosen only what is marked `repository: may`. */
#include "decide/policy_parse.h"

static bool looser(const struct key *k, int64_t mine, int64_t theirs)
{
	return (k->flags & KEY_LOOSE_UP && mine > theirs) || (k->flags & KEY_LOOSE_DOWN && mine < theirs);
}

static bool refuse(struct policy_parse *p, unsigned line, const char *what)
{
	policy_diag(p->diags, SEV_ERROR, p->file, line, "`%s` is looser than %.*s, which does not mark it `repository: may`", what,
		    STR_ARG(p->organisation->file));
	p->failed = true;
	return false;
}

/* One value: the repository's where it said one and may, else the organisation's. */
static void merge_setting(struct policy_parse *p, const struct key *k, struct setting *mine, const struct setting *theirs)
{
	if (!theirs->set)
		return;
	if (!mine->set)
		*mine = *theirs;
	else if (!theirs->may && looser(k, mine->value, theirs->value))
		refuse(p, mine->line, k->name);
}

static void merge_settings(struct policy_parse *p)
{
	for (size_t i = 0; i < policy_keys_n; i++) {
		const struct key *k = &policy_keys[i];
		struct setting *mine = (struct setting *)((char *)p->policy + k->field);
		const struct setting *theirs = (const struct setting *)((const char *)p->organisation + k->field);
		if (strcmp(k->target, "policy") != 0 || !(k->flags & (KEY_LOOSE_UP | KEY_LOOSE_DOWN)))
			continue;
		for (unsigned n = k->type == KEY_OUTCOMES ? SSVC_MAX_VALUES : 1; n > 0; n--)
			merge_setting(p, k, mine++, theirs++);
	}
}

/* A list of exceptions: adding to it loosens. */
static bool may_add(struct policy_parse *p, const struct setting *mine, const struct setting *theirs, size_t n, const char *what)
{
	return !theirs->set || theirs->may || n == 0 || refuse(p, mine->line, what);
}

static void append(struct arena *a, struct str_list *to, const struct str_list *from)
{
	for (size_t i = 0; i < from->n; i++)
		*VEC_ADD(a, to) = from->items[i];
}

static void merge_lists(struct policy_parse *p)
{
	struct policy *mine = p->policy;
	const struct policy *theirs = p->organisation;
	struct arena *a = p->arena;

	append(a, &mine->private_packages, &theirs->private_packages); /* each may only keep more to itself */
	mine->own_exclude = mine->exclude.n;
	if (may_add(p, &mine->exclude_set, &theirs->exclude_set, mine->exclude.n, "exclude"))
		append(a, &mine->exclude, &theirs->exclude);
	if (may_add(p, &mine->ignore_files_set, &theirs->ignore_files_set, mine->ignore_files.n, "ignore_files"))
		append(a, &mine->ignore_files, &theirs->ignore_files);
	if (may_add(p, &mine->ignore_set, &theirs->ignore_set, mine->ignore.n, "ignore"))
		for (VEC_EACH(const struct ignore_entry, e, &theirs->ignore))
			*VEC_ADD(a, &mine->ignore) = *e;
	if (may_add(p, &mine->vex_set, &theirs->vex_set, mine->vex.n, "vex"))
		for (VEC_EACH(const struct vex_source, v, &theirs->vex))
			*VEC_ADD(a, &mine->vex) = *v;
	for (VEC_EACH(const struct policy_file, f, &theirs->files))
		*VEC_ADD(a, &mine->files) = *f;
}

static bool in_list(const struct str_list *list, struct str text)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq_nocase(list->items[i], text))
			return true;
	return false;
}

/* Denying more and allowing less tightens. */
static void merge_licences(struct policy_parse *p)
{
	struct policy *mine = p->policy;
	const struct policy *theirs = p->organisation;

	append(p->arena, &mine->licences_deny, &theirs->licences_deny);
	if (!theirs->licences_allow_set.set)
		return;
	if (!mine->licences_allow_set.set) {
		mine->licences_allow = theirs->licences_allow;
		mine->licences_allow_set = theirs->licences_allow_set;
		return;
	}
	for (size_t i = 0; i < mine->licences_allow.n && !theirs->licences_allow_set.may; i++)
		if (!in_list(&theirs->licences_allow, mine->licences_allow.items[i]))
			refuse(p, mine->licences_allow_set.line, "licences.allow");
	if (may_add(p, &mine->licences_allow_set, &theirs->licences_allow_set, mine->licences_ignore.n, "licences.ignore"))
		for (VEC_EACH(const struct licence_exception, e, &theirs->licences_ignore))
			*VEC_ADD(p->arena, &mine->licences_ignore) = *e;
}

/* The organisation's services without paths are floors for the values of all; those with paths stand beside the repository's,
 * and the strictest counts. */
static void merge_services(struct policy_parse *p)
{
	struct policy *mine = p->policy;
	const struct policy *theirs = p->organisation;
	const struct service *floor = NULL;
	bool may = theirs->services_set.may;

	mine->own_services = mine->services.n;
	for (VEC_EACH(const struct service, s, &theirs->services)) {
		if (!s->paths.n && !s->images.n)
			floor = s;
		if (s->paths.n || s->images.n || !mine->own_services)
			*VEC_ADD(p->arena, &mine->services) = *s;
	}
	for (size_t i = 0; floor && i < mine->own_services; i++) {
		struct service *s = &mine->services.items[i];
		for (unsigned v = 0; v < NSERVICE_POINTS; v++) {
			if (!s->points[v].set && !(v == SERVICE_HUMAN_IMPACT && s->points[SERVICE_SAFETY].set) &&
			    !(v == SERVICE_HUMAN_IMPACT && s->points[SERVICE_MISSION].set) &&
			    !((v == SERVICE_SAFETY || v == SERVICE_MISSION) && s->points[SERVICE_HUMAN_IMPACT].set))
				s->points[v] = floor->points[v];
			else if (floor->points[v].set && s->points[v].set && !may && !floor->points[v].may && s->points[v].value < floor->points[v].value)
				refuse(p, s->line, "services");
		}
		if (floor->points[SERVICE_HUMAN_IMPACT].set && !floor->points[SERVICE_HUMAN_IMPACT].may && !may)
			s->human_impact_floor = floor->points[SERVICE_HUMAN_IMPACT];
		if (floor->development.set && !floor->development.value && s->development.value && !may && !floor->development.may)
			refuse(p, s->line, "development");
	}
}

static void merge_environments(struct policy_parse *p)
{
	struct policy *mine = p->policy;
	const struct policy *theirs = p->organisation;
	const struct setting *gate = &theirs->fail_on;

	for (VEC_EACH(const struct environment, e, &mine->environments)) {
		if (e->fail_on.set && gate->set && !gate->may && e->fail_on.value > gate->value)
			refuse(p, e->fail_on.line, "environments.fail_on");
		if (e->strict.set && !e->strict.value && theirs->strict.set && theirs->strict.value && !theirs->strict.may)
			refuse(p, e->strict.line, "environments.strict");
		if (e->undecided.set && !e->undecided.value && theirs->undecided.set && theirs->undecided.value && !theirs->undecided.may)
			refuse(p, e->undecided.line, "environments.undecided");
		if (e->pull_request.set && !e->pull_request.value && theirs->pull_request.set && theirs->pull_request.value &&
		    !theirs->pull_request.may)
			refuse(p, e->pull_request.line, "environments.pull_request");
		for (unsigned v = 0; v < NSERVICE_POINTS; v++)
			if (e->points[v].set && theirs->services_set.set && !theirs->services_set.may)
				refuse(p, e->line, "environments: the values of services");
	}
	for (VEC_EACH(const struct environment, e, &theirs->environments))
		*VEC_ADD(p->arena, &mine->environments) = *e;
}

static void merge_tables(struct policy_parse *p)
{
	struct policy *mine = p->policy;
	const struct policy *theirs = p->organisation;

	if (theirs->table_set.set && !theirs->table_set.may && !str_eq(mine->table->id, theirs->table->id))
		refuse(p, mine->table_set.line, "ssvc.table");
	if (theirs->human_impact_set.set && !theirs->human_impact_set.may && !str_eq(mine->human_impact->id, theirs->human_impact->id))
		refuse(p, mine->human_impact_set.line, "ssvc.human_impact_table");
}

bool policy_merge(struct policy_parse *p)
{
	p->policy->own_services = p->policy->services.n;
	p->policy->own_exclude = p->policy->exclude.n;
	if (!p->organisation)
		return true;
	p->policy->inherited = true;
	merge_tables(p);
	merge_settings(p);
	merge_lists(p);
	merge_licences(p);
	merge_services(p);
	merge_environments(p);
	return !p->failed;
}
