#include <stdlib.h>

#include "base/timestamp.h"
#include "cmd/history.h"
#include "report/changes.h"
#include "report/escape.h"
#include "syntax/json_writer.h"

static struct str moment_text(struct history *h, uint32_t m)
{
	if (m == UINT32_MAX)
		return STR("–");
	const struct git_commit_info *c = &h->moments.items[m].info;
	return arena_printf(h->arena, "%.10s %.*s", c->id.s, STR_ARG(timestamp_day(h->arena, c->time)));
}

struct line {
	const struct dated *dated;
	size_t span;
	struct str name;
};

static int compare_lines(const void *x, const void *y)
{
	const struct line *a = x, *b = y;
	uint32_t m = a->dated->came.items[a->span], n = b->dated->came.items[b->span];

	if (m != n)
		return m < n ? -1 : 1;
	return str_cmp(a->name, b->name);
}

static struct line *lines_of(struct history *h, size_t *n)
{
	VEC(struct line) list = { 0 };

	for (size_t i = 0; i < h->dated.n; i++) {
		const struct dated *d = &h->dated.items[i];
		const struct component *c = &h->all.components[d->component];
		struct str name = c->purl.len && !c->declared.len ? c->purl :
								    arena_printf(h->arena, "%.*s %.*s", STR_ARG(component_title(h->arena, c)),
										 STR_ARG(c->version.len ? c->version : c->declared));
		for (size_t k = 0; k < d->came.n; k++)
			*VEC_ADD(h->arena, &list) = (struct line){ d, k, name };
	}
	if (list.n)
		qsort(list.items, list.n, sizeof *list.items, compare_lines);
	*n = list.n;
	return list.items;
}

static void pad(struct buf *out, struct str s, size_t width)
{
	size_t before = out->len;

	escape_log(out, s);
	for (size_t n = out->len - before; n < width; n++)
		buf_addc(out, ' ');
	buf_adds(out, "  ");
}

static const struct dated *dated_of(struct history *h, uint32_t component)
{
	return &h->dated.items[component];
}

void history_table(struct history *h, struct buf *out)
{
	size_t n;
	struct line *lines = lines_of(h, &n);

	buf_printf(out, "%zu commits, %zu distinct states, %zu distinct files parsed, %zu components\n", h->moments.n, h->states.n, h->distincts.n,
		   h->dated.n);
	pad(out, STR("CAME"), 22);
	pad(out, STR("WENT"), 22);
	buf_adds(out, "COMPONENT\n");
	for (size_t i = 0; i < n; i++) {
		pad(out, moment_text(h, lines[i].dated->came.items[lines[i].span]), 22);
		pad(out, moment_text(h, lines[i].dated->went.items[lines[i].span]), 22);
		escape_log(out, lines[i].name);
		buf_addc(out, '\n');
	}
	if (!h->judgement.matched)
		return;
	buf_printf(out, "\n%zu findings\n", h->judgement.findings.list.n);
	for (size_t i = 0; i < h->judgement.findings.list.n; i++) {
		const struct finding *f = &h->judgement.findings.list.items[i];
		const struct dated *d = dated_of(h, f->component);
		for (size_t k = 0; k < d->came.n; k++) {
			pad(out, moment_text(h, d->came.items[k]), 22);
			pad(out, moment_text(h, d->went.items[k]), 22);
			pad(out, str_of(outcome_title(f->decision.outcome)), 12);
			pad(out, f->id, 20);
			escape_log(out, h->all.components[f->component].purl);
			buf_addc(out, '\n');
		}
	}
}

static void spans(struct history *h, struct json_writer *w, const struct dated *d)
{
	json_put_key(w, "spans");
	json_begin_array(w);
	for (size_t k = 0; k < d->came.n; k++) {
		json_begin_object(w);
		json_member(w, "came", h->moments.items[d->came.items[k]].info.id);
		if (d->went.items[k] != UINT32_MAX)
			json_member(w, "went", h->moments.items[d->went.items[k]].info.id);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_table(struct json_writer *w, const struct ssvc_table *t)
{
	json_put_key(w, "table");
	json_begin_object(w);
	json_member(w, "id", t->id);
	json_put_key(w, "outcomes");
	json_begin_array(w);
	for (unsigned i = 0; i < t->outcome->nvalues; i++)
		json_put_string(w, ssvc_table_title(t, i));
	json_end_array(w);
	json_end_object(w);
}

static void put_finding(struct history *h, struct json_writer *w, const struct finding *f)
{
	json_begin_object(w);
	json_member(w, "id", f->id);
	json_member_int(w, "component", f->component);
	json_member_opt(w, "purl", h->all.components[f->component].purl);
	json_member(w, "outcome", ssvc_table_title(h->judgement.policy.table, f->decision.level));
	json_member_int(w, "level", f->decision.level);
	json_member_opt(w, "fixed", f->fixed);
	json_member_opt(w, "summary", f->summary);
	if (f->silenced)
		json_member_bool(w, "lifted", true);
	spans(h, w, dated_of(h, f->component));
	json_end_object(w);
}

void history_json(struct history *h, bool compact, struct buf *out)
{
	struct json_writer w;

	json_writer_init(&w, out, compact);
	json_begin_object(&w);
	json_member_int(&w, "format", 1);
	json_member_opt(&w, "repository", git_owner_name(h->arena, git_origin(h->git)));
	if (h->judgement.matched)
		put_table(&w, h->judgement.policy.table);
	json_put_key(&w, "commits");
	json_begin_array(&w);
	for (size_t i = 0; i < h->moments.n; i++) {
		const struct moment *m = &h->moments.items[i];
		json_begin_object(&w);
		json_member(&w, "id", m->info.id);
		json_member(&w, "time", timestamp_text(h->arena, m->info.time));
		json_member_opt(&w, "subject", m->info.subject);
		json_member_int(&w, "state", m->state);
		json_member_int(&w, "files", (long long)h->states.items[m->state].files.n);
		json_member_int(&w, "components", (long long)h->states.items[m->state].n);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_put_key(&w, "components");
	json_begin_array(&w);
	for (size_t i = 0; i < h->dated.n; i++) {
		const struct component *c = &h->all.components[h->dated.items[i].component];
		json_begin_object(&w);
		json_member_opt(&w, "purl", c->purl);
		json_member(&w, "name", component_title(h->arena, c));
		json_member_opt(&w, "version", c->version);
		json_member_opt(&w, "declared", c->declared);
		spans(h, &w, &h->dated.items[i]);
		json_end_object(&w);
	}
	json_end_array(&w);
	if (h->judgement.matched) {
		json_put_key(&w, "findings");
		json_begin_array(&w);
		for (size_t i = 0; i < h->judgement.findings.list.n; i++)
			put_finding(h, &w, &h->judgement.findings.list.items[i]);
		json_end_array(&w);
	}
	json_end_object(&w);
	buf_addc(out, '\n');
}
