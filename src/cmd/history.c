/* `bomgate history [RANGE]`: an SBOM for each commit or tag of a range, and when each component and finding came and went. */
#include "cmd/history.h"

#include "base/timestamp.h"
#include "cmd/output.h"
#include "io/file.h"
#include "io/http.h"

const struct option_spec cmd_history_options[] = {
	{ "output", 'o', "FORMAT[=FILE]", "table", "table, json or html", OPTION_REPEAT },
	{ "repository", 0, "PATH", ".", "the repository", 0 },
	{ "tags", 0, NULL, NULL, "the commits that tags name, instead of a range", OPTION_FLAG },
	{ "sboms", 0, "DIR", NULL, "write the SBOM of each commit there: <commit>.cdx.json", 0 },
	{ "exclude", 0, "GLOB", NULL, "inputs that are not read", OPTION_REPEAT },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

/* All components that there ever were, judged once with today's data and the policy of HEAD. */
static void judge_all(struct history *h)
{
	struct collected c = { .bom = h->all, .git = h->git };
	struct judge_options o = { .database = database_choose(h->in), .config = option_get(h->in, "config"), .now = timestamp_now() };
	struct runner nobody = { 0 };
	struct base none = { 0 };

	if (!o.database.places.len)
		return;
	o.config_given = o.config.len > 0;
	c.commit = h->moments.items[h->moments.n - 1].info;
	judge_policy(&h->judgement, h->arena, &h->diags, &c, &nobody, &none, &o);
	judge_findings(&h->judgement, &h->diags, &c, &none, NULL, &o);
}

static bool list_commits(struct history *h, struct str *why)
{
	struct str range = option_is(h->in, "tags") ? STR("--tags") : h->in->arguments.n ? h->in->arguments.items[0] : STR("HEAD");
	struct str *ids;
	size_t n;

	if (h->in->arguments.n > 1) {
		*why = STR("one range at most");
		return false;
	}
	if (!git_commits_of(h->git, h->arena, range, &ids, &n, why)) {
		*why = arena_printf(h->arena, "%.*s: %.*s; a clone on a runner has one commit: check out with `fetch-depth: 0`", STR_ARG(range), STR_ARG(*why));
		return false;
	}
	if (!n) {
		*why = arena_printf(h->arena, "there is no commit in %.*s", STR_ARG(range));
		return false;
	}
	if (git_is_shallow(h->git))
		diag_add(&h->diags, SEV_WARNING, "input.shallow", STR_NONE, DIAG_NO_OFFSET,
			 "the clone is shallow: what came before its first commit is not seen; check out with `fetch-depth: 0`");
	for (size_t i = 0; i < n; i++)
		history_list(h, ids[i]);
	return h->moments.n > 0;
}

static bool write_output(struct history *h, const struct output *o)
{
	struct buf out;

	buf_init(&out, 0);
	if (str_is(o->name, "json"))
		history_json(h, false, &out);
	else if (str_is(o->name, "html"))
		history_html(h, &out);
	else
		history_table(h, &out);
	bool done = output_deliver(o, buf_str(&out));
	buf_free(&out);
	return done;
}

/* The formats of other commands, which are no timeline. */
static bool outputs_fit(const struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->n; i++) {
		struct str name = outputs->items[i].name;
		if (str_is(name, "table") || str_is(name, "json") || str_is(name, "html"))
			continue;
		complain("-o %.*s: `history` writes table, json or html; --sboms writes the SBOM of each commit", STR_ARG(name));
		return false;
	}
	return true;
}

int cmd_history(struct invocation *in)
{
	struct history h = { .in = in, .arena = in->arena };
	struct str where = option_get(in, "repository"), why = STR_NONE;
	struct outputs outputs;

	if (!outputs_parse(in, "table", "json|html", &outputs) || !outputs_fit(&outputs))
		return 2;
	diag_init(&h.diags, in->arena);
	http_set_offline(true);
	map_init(&h.trees, in->arena);
	map_init(&h.blobs, in->arena);
	map_init(&h.states_by_key, in->arena);
	map_init(&h.all_by_key, in->arena);
	h.sboms = option_get(in, "sboms").s;
	if (h.sboms && !file_make_folders(h.sboms, &why)) {
		complain("the folder %s cannot be made: %.*s", h.sboms, STR_ARG(why));
		return 2;
	}
	h.git = git_begin(in->arena, where.len ? arena_cstr(in->arena, where) : ".", true, &why);
	if (!h.git || !list_commits(&h, &why)) {
		complain("%.*s", STR_ARG(why.len ? why : STR("no commit could be read")));
		git_end(h.git);
		return 2;
	}
	history_read(&h);
	history_date(&h);
	judge_all(&h);
	int code = 0;
	for (size_t i = 0; i < outputs.n; i++)
		if (!write_output(&h, &outputs.items[i]))
			code = 70;
	diag_sort(&h.diags);
	output_diagnostics(&h.diags, option_is(in, "verbose"), option_is(in, "quiet"));
	history_end(&h);
	return code ? code : diag_exit_code(&h.diags);
}
