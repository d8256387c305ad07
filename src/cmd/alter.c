#include "cmd/alter.h"

#include "cmd/lift.h"
#include "source/source.h"

#define DEFAULT_CONFIG ".github/bomgate.yml"

struct altering {
	struct judgement *j;
	struct arena *arena;
	const struct collected *c;
	struct base_reader head, base;
	struct str_list *out;
};

/* The file on both sides; absent where a side has none. False where a side cannot be read. */
static bool both(struct altering *al, struct str path, struct str *before, struct str *now)
{
	struct str why;
	enum base_answer a = base_read(&al->base, path, before, &why), b = base_read(&al->head, path, now, &why);

	if (a == BASE_NONE)
		*before = STR_NONE;
	if (b == BASE_NONE)
		*now = STR_NONE;
	return a != BASE_FAILED && b != BASE_FAILED;
}

static const char *what_happened(struct str before, struct str now)
{
	if (!before.s && !now.s) /* neither side has the file */
		return NULL;
	return !before.s ? "adds" : !now.s ? "removes" : str_eq(before, now) ? NULL : "changes";
}

/* The gate as it would be under the head's own policy: the same findings, decided again on copies. */
static bool gate_under(struct altering *al, struct str path, struct str text, struct gate *out, struct str *wrong)
{
	struct judgement copy = *al->j;
	struct policy_io io = { &al->head, base_fetch };
	struct policy_run nothing = { 0 };
	struct diags d, all;
	enum result r = OK;

	diag_init(&d, al->arena);
	diag_init(&all, al->arena);
	if (text.s)
		r = policy_parse(al->arena, &d, path, text, &io, &copy.policy);
	else
		policy_default(al->arena, &copy.policy);
	if (r == FAILED) {
		*wrong = d.n ? d.items[0].text : STR("it is no configuration");
		return false;
	}
	policy_effective(&copy.policy, &nothing, &d, &copy.effective);
	copy.findings.list.items = arena_array(al->arena, copy.findings.list.n + 1, sizeof *copy.findings.list.items);
	if (copy.findings.list.n)
		memcpy(copy.findings.list.items, al->j->findings.list.items, copy.findings.list.n * sizeof *copy.findings.list.items);
	copy.reader = al->head;
	judge_again(&copy, &all, al->c);
	*out = copy.gate;
	return true;
}

static struct str outcome_line(struct altering *al, const struct gate *g)
{
	return arena_printf(al->arena, "%s (%zu close%s it, %zu lifted)", gate_word(g->state), g->closing, g->closing == 1 ? "s" : "", g->lifted);
}

static void configuration(struct altering *al, struct str path)
{
	struct str before = STR_NONE, now = STR_NONE, wrong = STR_NONE;
	struct gate g;
	const char *does;

	if (!both(al, path, &before, &now) || !(does = what_happened(before, now)))
		return;
	if (!gate_under(al, path, now, &g, &wrong)) {
		*VEC_ADD(al->arena, al->out) = arena_printf(al->arena, "this change %s %.*s, which does not count here; as it stands it would be refused: %.*s",
							    does, STR_ARG(path), STR_ARG(wrong));
		return;
	}
	*VEC_ADD(al->arena, al->out) = arena_printf(al->arena, "this change %s %.*s, which does not count here; under it the gate would be %.*s, now it is %.*s",
						    does, STR_ARG(path), STR_ARG(outcome_line(al, &g)), STR_ARG(outcome_line(al, &al->j->gate)));
}

static void other_file(struct altering *al, struct str path, const char *what)
{
	struct str before = STR_NONE, now = STR_NONE;
	const char *does;

	if (both(al, path, &before, &now) && (does = what_happened(before, now)))
		*VEC_ADD(al->arena, al->out) = arena_printf(al->arena, "this change %s %.*s, %s", does, STR_ARG(path), what);
}

static bool mentions(struct altering *al, struct str path)
{
	struct str before = STR_NONE, now = STR_NONE;

	return both(al, path, &before, &now) && (str_has(before, STR("bomgate")) || str_has(now, STR("bomgate")));
}

/* Files that the policy names and workflows: where both commits are in the clone. */
static void other_files(struct altering *al)
{
	struct str_list paths = { 0 };
	const struct policy *p = &al->j->policy;
	struct map seen;

	if (!lift_commit_paths(al->arena, al->c->git, al->base.commit, &paths) || !lift_commit_paths(al->arena, al->c->git, al->head.commit, &paths))
		return;
	map_init(&seen, al->arena);
	for (size_t i = 0; i < paths.n; i++) {
		struct str path = paths.items[i];
		bool fresh, named = false;
		map_put(&seen, path, &fresh);
		if (!fresh)
			continue;
		for (VEC_EACH(const struct vex_source, v, &p->vex))
			named = named || path_glob(v->file, path);
		for (size_t k = 0; k < p->ignore_files.n; k++)
			named = named || str_eq(p->ignore_files.items[k], path);
		named = named || str_eq(path, p->table_name) || str_eq(path, p->human_impact_name);
		if (named)
			other_file(al, path, "which the policy rests on; the base's counts here");
		else if ((path_glob(STR(".github/workflows/*.yml"), path) || path_glob(STR(".github/workflows/*.yaml"), path)) && mentions(al, path))
			other_file(al, path, "a workflow that uses bomgate");
	}
}

/* A push to the branch whose own policy counts: what the gate would be under the one before the push. */
static void former_policy(struct altering *al, struct str path)
{
	struct str before = STR_NONE, now = STR_NONE, wrong = STR_NONE;
	struct altering back = *al;
	struct gate g;
	const char *does;

	if (!both(al, path, &before, &now) || !(does = what_happened(before, now)))
		return;
	back.head = al->base;
	if (!gate_under(&back, path, before, &g, &wrong))
		*VEC_ADD(al->arena, al->out) = arena_printf(al->arena, "this push %s %.*s; the former one was refused: %.*s", does, STR_ARG(path),
							    STR_ARG(wrong));
	else
		*VEC_ADD(al->arena, al->out) = arena_printf(al->arena, "this push %s %.*s; under the former one the gate would be %.*s, now it is %.*s", does,
							    STR_ARG(path), STR_ARG(outcome_line(al, &g)), STR_ARG(outcome_line(al, &al->j->gate)));
}

static bool is_commit(struct str s)
{
	bool any = false;

	for (size_t i = 0; i < s.len; i++) {
		if (ascii_hex(s.s[i]) < 0)
			return false;
		any = any || s.s[i] != '0'; /* a branch that the push makes has no commit before it */
	}
	return s.len == 40 && any;
}

void alter_notes(struct judgement *j, const struct collected *c, const struct base *base, const struct judge_options *o, struct str_list *out)
{
	struct altering al = { .j = j, .arena = j->arena, .c = c, .base = j->reader, .head = j->reader, .out = out };
	struct str path = o->config.len ? o->config : STR(DEFAULT_CONFIG);
	const struct runner *on = j->reader.runner;

	if (!c->git || !c->commit.id.len || !j->reader.commit.len)
		return;
	al.head.commit = c->commit.id;
	if (!base->named && on && on->active && str_is(on->event, "push")) {
		al.base.commit = json_get_string(on->payload, "before");
		if (is_commit(al.base.commit))
			former_policy(&al, path);
	} else if (base->change && !str_eq(c->commit.id, j->reader.commit)) {
		configuration(&al, path);
		other_files(&al);
	}
}
