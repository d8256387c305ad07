#include "cmd/lift.h"

#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "report/escape.h"
#include "source/source.h"

#define MOST_LICENCE_NOTES 20

struct path_list {
	struct arena *arena;
	struct str_list *out;
	struct str glob; /* only those that it fits; absent: all */
};

static bool take_path(void *context, struct str path, enum git_entry_kind kind, struct str id)
{
	struct path_list *l = context;

	(void)id;
	if (kind != GIT_ENTRY_SUBMODULE && (!l->glob.s || path_glob(l->glob, path)))
		*VEC_ADD(l->arena, l->out) = arena_str(l->arena, path);
	return true;
}

/* Adds the paths of a commit; false where it is not in the clone. */
static bool commit_paths(struct arena *a, struct git *g, struct str commit, struct str glob, struct str_list *out)
{
	struct path_list list = { a, out, glob };
	struct git_commit_info info;
	struct str why;

	return g && commit.len && git_commit_of(g, a, commit, &info, &why) && git_walk(g, info.tree, NULL, take_path, &list, &why);
}

bool lift_commit_paths(struct arena *a, struct git *g, struct str commit, struct str_list *out)
{
	return commit_paths(a, g, commit, STR_NONE, out);
}

void lift_check_database(struct judgement *j, struct diags *d, const struct collected *c, struct str database)
{
	struct str tree = c->git ? git_work_tree(c->git) : STR_NONE;
	char *real = realpath(arena_cstr(j->arena, database), NULL), *root = tree.len ? realpath(arena_cstr(j->arena, tree), NULL) : NULL;
	struct str_list paths = { 0 };

	if (real && root && str_starts(str_of(real), str_of(root)) && real[strlen(root)] == '/' && commit_paths(j->arena, c->git, c->commit.id, STR_NONE, &paths)) {
		struct str below = str_of(real + strlen(root) + 1);
		for (size_t i = 0; i < paths.n; i++) {
			struct str p = paths.items[i];
			if (!str_eq(p, below) && !(str_starts(p, below) && p.s[below.len] == '/'))
				continue;
			diag_add(d, SEV_ERROR, "usage.database", database, DIAG_NO_OFFSET,
				 "the database (or its key) is a file of the tree that is judged (%.*s): a change would bring its own; take it from elsewhere", STR_ARG(p));
			break;
		}
	}
	free(real);
	free(root);
}

void lift_check_paths(struct judgement *j, struct diags *d, const struct collected *c)
{
	struct str_list paths = { 0 };
	enum severity severity = SEV_ERROR;

	if (!j->policy.present || j->policy_failed || !c->looked_in_tree)
		return;
	if (!commit_paths(j->arena, c->git, c->commit.id, STR_NONE, &paths))
		return; /* a folder: what was looked at is not known file by file */
	if (j->change && !commit_paths(j->arena, c->git, j->reader.commit, STR_NONE, &paths))
		severity = SEV_WARNING;
	policy_check_paths(&j->policy, d, severity, paths.items, paths.n);
}

static void list_paths(void *data, struct str glob, struct arena *a, struct str_list *out)
{
	struct base_reader *reader = data;

	if (!commit_paths(a, reader->git, reader->commit, glob, out))
		base_list(reader, glob, a, out);
}

static int64_t newest_data(const struct judgement *j)
{
	int64_t newest = 0, t;

	for (size_t i = 0; i < j->ages.n; i++)
		if (timestamp_parse(j->ages.items[i].source->checked, &t) && t > newest)
			newest = t;
	return newest;
}

/* What VEX may call the thing that is scanned. */
static void name_scanned(struct arena *a, const struct collected *c, struct scanned *out)
{
	const struct component *subject = c->bom.subject < c->bom.ncomponents ? &c->bom.components[c->bom.subject] : NULL;

	if (c->repository.len) {
		scanned_add(a, out, c->repository);
		scanned_add(a, out, arena_printf(a, "pkg:github/%.*s%s%.*s", STR_ARG(c->repository), c->commit.id.len ? "@" : "", STR_ARG(c->commit.id)));
	}
	if (subject) {
		scanned_add(a, out, subject->purl);
		scanned_add(a, out, subject->name);
	}
	scanned_add(a, out, c->bom.document.serial);
}

void lift_findings(struct judgement *j, struct diags *d, const struct collected *c, int64_t now)
{
	struct exceptions_io io = { &j->reader, base_fetch, list_paths };
	struct scanned scanned = { 0 };

	if (exceptions_load(&j->exceptions, j->arena, d, &j->policy, &io) == FAILED) {
		j->exceptions.list.n = 0; /* none of them lifts anything while one is wrong */
		return;
	}
	name_scanned(j->arena, c, &scanned);
	exceptions_apply(&j->exceptions, &j->findings, &c->bom, &scanned, now, newest_data(j), j->change ? SEV_WARNING : SEV_ERROR);
}

/* Exceptions lift in the base as in the head: what only an exception silenced there is not "there before". The statements keep
 * what they did in the head. */
void lift_base(struct judgement *j, int64_t now)
{
	struct exceptions copy = j->exceptions;
	struct scanned scanned = { 0 };

	if (!copy.list.n)
		return;
	copy.diags = &j->measured.diags;
	copy.list.items = arena_array(j->arena, copy.list.n, sizeof *copy.list.items);
	memcpy(copy.list.items, j->exceptions.list.items, copy.list.n * sizeof *copy.list.items);
	name_scanned(j->arena, &j->measured.base, &scanned);
	exceptions_apply(&copy, &j->measured.findings, &j->measured.base.bom, &scanned, now, newest_data(j), SEV_NOTICE);
}

void lift_removed(struct judgement *j, struct diags *d, const struct collected *c)
{
	struct measured *m = &j->measured;
	struct str_list paths = { 0 };

	(void)commit_paths(j->arena, c->git, c->commit.id, STR_NONE, &paths);
	if (!m->paths.n)
		(void)commit_paths(j->arena, c->git, m->base.commit.id, STR_NONE, &m->paths);
	baseline_removed(d, &c->bom, &m->base.bom, &paths, &m->paths);
}

void lift_licences(struct judgement *j, const struct collected *c, int64_t now)
{
	int64_t newest = newest_data(j);

	licences_check(j->arena, &c->bom, &j->policy, now > newest ? now : newest, &j->licences);
}

static void licence_notes(struct judgement *j, const struct collected *c, struct str_list *out)
{
	static const char *const words[] = { "allowed", "not known", "not on the list of allowed licences", "denied" };
	size_t shown = 0, more = 0;

	for (VEC_EACH(const struct licence_finding, f, &j->licences.list)) {
		const struct component *x = &c->bom.components[f->component];
		if (!f->closes || shown == MOST_LICENCE_NOTES) {
			more += f->closes;
			continue;
		}
		shown++;
		*VEC_ADD(j->arena, out) = arena_printf(j->arena, "licence of %.*s: %.*s is %s", STR_ARG(x->purl.s ? x->purl : x->name),
						       STR_ARG(f->culprit.len ? f->culprit : f->expression.len ? f->expression : STR("none named")),
						       words[f->verdict]);
	}
	if (more)
		*VEC_ADD(j->arena, out) = arena_printf(j->arena, "and %zu more components against the licence policy", more);
	if (j->licences.unknown)
		*VEC_ADD(j->arena, out) = arena_printf(j->arena, "%zu components without a licence that is known", j->licences.unknown);
	for (size_t i = 0; i < j->licences.notes.n; i++)
		*VEC_ADD(j->arena, out) = j->licences.notes.items[i];
}

/* A path that stands in YAML's quotes, in a glob and in a log for itself alone: a line that is pasted must say what it shows. */
static bool is_plain_path(struct str path)
{
	struct buf shown;

	for (size_t i = 0; i < path.len; i++)
		if (strchr("\"\\*?[]{}!`", path.s[i])) /* the NUL, too */
			return false;
	buf_init(&shown, 0);
	escape_log(&shown, path);
	bool plain = str_eq(buf_str(&shown), path);
	buf_free(&shown);
	return plain;
}

#define MOST_EXCLUDED 10

/* The line to paste for inputs that cannot be read and are none of the product's, such as test fixtures. Nothing is left out by
 * itself: what a repository calls a fixture may well be what it ships. */
static void exclude_line(struct judgement *j, const struct diags *d, const struct collected *c, struct str_list *out)
{
	const struct policy *p = &j->policy;
	struct str line = STR(""), file = p->present ? p->file : STR(".github/bomgate.yml");
	size_t n = 0, odd = 0, more = 0;

	for (VEC_EACH(const struct input, in, &c->bom.inputs)) {
		bool wrong = false;
		for (size_t i = 0; i < d->n && !wrong; i++)
			wrong = diag_class(&d->items[i]) == 3 && str_eq(d->items[i].input, in->path);
		if (!wrong)
			continue;
		if (!is_plain_path(in->path)) {
			odd++;
		} else if (n == MOST_EXCLUDED) {
			more++;
		} else {
			line = arena_printf(j->arena, "%.*s%s\"%.*s\"", STR_ARG(line), n ? ", " : "", STR_ARG(in->path));
			n++;
		}
	}
	if (!n)
		return;
	struct str rest = more + odd ? arena_printf(j->arena, " (and %zu more)", more + odd) : STR("");
	if (p->own_exclude || (p->exclude_set.set && !p->inherited)) /* a second key of that name would be an error */
		*VEC_ADD(j->arena, out) = arena_printf(j->arena, "if the files that could not be read are no part of the product (as test fixtures), add them to the list `exclude` in %.*s: %.*s%.*s",
						       STR_ARG(file), STR_ARG(line), STR_ARG(rest));
	else
		*VEC_ADD(j->arena, out) = arena_printf(j->arena, "if the files that could not be read are no part of the product (as test fixtures), add this line to %.*s: exclude: [%.*s]%.*s",
						       STR_ARG(file), STR_ARG(line), STR_ARG(rest));
}

/* A document that no service names is judged by the defaults, and so is all that it lists, whatever service the tree's own place has. */
static void unclaimed_documents(struct judgement *j, const struct collected *c, struct str_list *out)
{
	bool paths = false;

	for (VEC_EACH(const struct service, s, &j->policy.services)) {
		if (!s->paths.n && !s->images.n)
			return; /* takes what no other names */
		for (size_t i = 0; i < s->images.n; i++)
			if (c->image.s && path_glob(s->images.items[i], c->image))
				return;
		paths = paths || s->paths.n > 0;
	}
	for (VEC_EACH(const struct input, in, &c->bom.inputs)) {
		bool claimed = !paths || !in->document || c->bom.inputs.n == 1;
		for (VEC_EACH(const struct service, s, &j->policy.services))
			for (size_t i = 0; i < s->paths.n && !claimed; i++)
				claimed = path_glob(s->paths.items[i], in->path);
		if (!claimed)
			*VEC_ADD(j->arena, out) = arena_printf(j->arena, "no service names %.*s in its `paths`: what it lists is judged by the defaults too",
							       STR_ARG(in->path));
	}
}

void lift_notes(struct judgement *j, const struct diags *d, const struct collected *c, struct str_list *out)
{
	exclude_line(j, d, c, out);
	unclaimed_documents(j, c, out);
	if (j->change && !j->measured.known && j->matched)
		*VEC_ADD(j->arena, out) = arena_printf(j->arena, "the base could not be read, so everything counts as new: %.*s", STR_ARG(j->measured.why));
	licence_notes(j, c, out);
	if (j->exceptions.list.n)
		exceptions_notes(j->arena, &j->exceptions, out);
	if (j->policy.present || j->effective.fail_on != OUTCOME_OUT_OF_CYCLE)
		decide_kev_notes(j->arena, &j->policy, &j->effective, out);
}
