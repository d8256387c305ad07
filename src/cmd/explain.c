/* `bomgate explain FINDING [SOURCE]`: why a finding is decided as it is. */
#include <stdio.h>

#include "base/timestamp.h"
#include "cmd/judge.h"
#include "cmd/output.h"
#include "io/http.h"
#include "report/explain.h"

#define MOST_OTHERS 5

const struct option_spec cmd_explain_options[] = {
	{ "base", 0, "COMMIT", NULL, "the commit whose policy holds and that a change is measured against", 0 },
	{ "exclude", 0, "GLOB", NULL, "inputs that are not read", OPTION_REPEAT },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

struct explaining {
	struct invocation *in;
	struct diags diags;
	struct runner runner; /* not read: an explanation by hand knows no runner */
	struct collect_options sources;
	struct collected collected;
	struct base base;
	struct judge_options options;
	struct judgement judgement;
};

static bool judge(struct explaining *x)
{
	struct invocation *in = x->in;
	struct arena *a = in->arena;

	for (size_t i = 1; i < in->arguments.n; i++)
		*VEC_ADD(a, &x->sources.sources) = in->arguments.items[i];
	for (size_t i = 0; option_nth(in, "exclude", i).s; i++)
		*VEC_ADD(a, &x->sources.exclude) = option_nth(in, "exclude", i);
	x->sources.timestamp = option_get(in, "timestamp");
	x->options = (struct judge_options){ .database = database_choose(in), .config = option_get(in, "config"), .now = timestamp_now() };
	x->options.config_given = x->options.config.len > 0;
	if (collect_prepare(a, &x->diags, &x->sources, &x->collected) == FAILED)
		return false;
	base_find(a, &x->runner, &x->collected, option_get(in, "base"), &x->base);
	judge_policy(&x->judgement, a, &x->diags, &x->collected, &x->runner, &x->base, &x->options);
	for (size_t i = 0; i < x->judgement.policy.exclude.n; i++)
		*VEC_ADD(a, &x->sources.exclude) = x->judgement.policy.exclude.items[i];
	if (collect(a, &x->diags, &x->sources, &x->collected) == FAILED && !x->collected.bom.inputs.n)
		return false;
	judge_findings(&x->judgement, &x->diags, &x->collected, &x->base, &x->sources, &x->options);
	diag_sort(&x->diags);
	judge_gate(&x->judgement, &x->diags, &x->collected, &x->base);
	return x->judgement.matched;
}

static bool is_meant(const struct finding *f, const struct bom *b, struct str wanted)
{
	for (size_t i = 0; i < f->ids.n; i++)
		if (str_eq_nocase(f->ids.items[i], wanted))
			return true;
	for (size_t i = 0; i < f->cves.n; i++)
		if (str_eq_nocase(f->cves.items[i], wanted))
			return true;
	return str_eq_nocase(f->id, wanted) || str_eq(b->components[f->component].purl, wanted) || str_eq(b->components[f->component].name, wanted);
}

/* How many findings were explained. */
static size_t explain(struct explaining *x, struct str wanted)
{
	struct report report;
	struct buf out;
	size_t n = 0;

	judge_report(&x->judgement, &x->collected, &x->diags, &report);
	buf_init(&out, 0);
	for (VEC_EACH(const struct finding, f, &x->judgement.findings.list)) {
		if (!is_meant(f, &x->collected.bom, wanted))
			continue;
		if (n++)
			buf_addc(&out, '\n');
		report_explain(&report, f, &out);
	}
	if (out.len)
		fwrite(out.s, 1, out.len, stdout);
	buf_free(&out);
	return n;
}

/* Which there are instead: a few, by their ids. */
static void complain_of_others(const struct findings *all, struct str wanted)
{
	struct buf ids;
	size_t n = 0;

	buf_init(&ids, 0);
	for (VEC_EACH(const struct finding, f, &all->list))
		if (n++ < MOST_OTHERS) {
			buf_adds(&ids, n > 1 ? ", " : "");
			buf_add(&ids, f->id);
		}
	complain("no finding here has the id or the package %.*s; `bomgate scan` lists the %zu there are%s%.*s%s", STR_ARG(wanted), n, n ? ": " : "",
		 STR_ARG(buf_str(&ids)), n > MOST_OTHERS ? ", …" : "");
	buf_free(&ids);
}

int cmd_explain(struct invocation *in)
{
	struct explaining x = { .in = in };
	int code;

	if (!in->arguments.n) {
		complain("explain what? An id (CVE, GHSA, …), a package's name or its purl, then the source");
		return 2;
	}
	if (!database_choose(in).places.len) { /* asked before anything is read: a whole tree would be read in vain */
		complain("explain needs the vulnerability data that the finding comes from: name it with --db PLACE; `bomgate db build … -o PATH` makes one");
		return 4;
	}
	http_set_offline(option_is(in, "offline"));
	diag_init(&x.diags, in->arena);
	if (!judge(&x)) {
		output_diagnostics(&x.diags, option_is(in, "verbose"), option_is(in, "quiet"));
		code = diag_exit_code(&x.diags);
		code = code ? code : 4;
	} else if (explain(&x, in->arguments.items[0])) {
		const struct gate *g = &x.judgement.gate;
		for (size_t i = 0; g->state != GATE_OPEN && g->state != GATE_CLOSED && i < g->reasons.n; i++)
			complain("%.*s", STR_ARG(g->reasons.items[i]));
		code = x.judgement.policy_failed ? 2 : 0;
	} else {
		complain_of_others(&x.judgement.findings, in->arguments.items[0]);
		code = 2;
	}
	judge_end(&x.judgement);
	collect_end(&x.collected);
	return code;
}
