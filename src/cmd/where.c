/* `bomgate where QUERY…`: which products hold a component, or are touched by a CVE. */
#include "cmd/where.h"

#include <stdio.h>

#include "base/timestamp.h"
#include "cmd/certificates.h"
#include "cmd/database.h"
#include "cmd/output.h"
#include "io/file.h"
#include "io/http.h"

const struct option_spec cmd_where_options[] = {
	{ "output", 'o', "FORMAT[=FILE]", "table", "table, json or csv", OPTION_REPEAT },
	{ "index", 0, "FILE", "bomgate-index.sqlite", "the index, it grows by what is new; postgresql://… in a build with WITH_PG=1", 0 },
	{ "in", 0, "WHERE", NULL, "stored SBOMs to bring into the index first: a folder, an SBOM, list:FILE, github:OWNER/REPO", OPTION_REPEAT },
	{ "fleet", 0, "FILE", NULL, "the same: products of a fleet file", 0 },
	{ "forget", 0, NULL, NULL, "drop from the index what none of the places of this call has any more", OPTION_FLAG },
	{ "export", 0, "WHAT", NULL, "sql: the whole index as SQL text, for PostgreSQL and others", 0 },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

static bool gather(struct invocation *in, struct where *w)
{
	struct str file = option_get(in, "fleet"), what;

	if (file.len && !fleet_add_file(&w->fleet, file, 0, 0))
		return false;
	for (size_t i = 0; (what = option_nth(in, "in", i)).s; i++)
		fleet_add(&w->fleet, what, 0, 0);
	return true;
}

/* With --db the packages that are new (or all, where the data is newer) are matched once; queries by id only read. */
static int bring_data(struct invocation *in, struct where *w, struct vuln_db **db)
{
	struct database_choice choice = database_choose(in);
	struct diags d;

	choice.now = timestamp_now();
	if (!choice.places.len)
		return 0;
	diag_init(&d, in->arena);
	*db = database_open(in->arena, &choice, &d, NULL);
	output_diagnostics(&d, option_is(in, "verbose"), false);
	return *db && where_match(w, *db) ? 0 : 4;
}

static bool asks_for_id(const struct invocation *in)
{
	for (size_t i = 0; i < in->arguments.n; i++)
		if (str_starts_nocase(in->arguments.items[i], STR("CVE-")) || str_starts_nocase(in->arguments.items[i], STR("GHSA-")))
			return true;
	return false;
}

static bool was_matched(struct where *w)
{
	struct sql_query *q = sql_prepare(w->db, "select 1 from meta where key='database'");
	bool yes = sql_next(q);

	sql_stop(q);
	return yes;
}

static bool all_matched(struct where *w)
{
	struct sql_query *q =
		sql_prepare(w->db, "select case when (select coalesce(max(id),0) from package) <= coalesce((select cast(value as bigint) from meta"
				   " where key='matched'),0) then 1 else 0 end");
	bool yes = sql_next(q) && sql_number(q, 0);

	sql_stop(q);
	return yes;
}

static int answer(struct invocation *in, struct where *w, struct vuln_db *db, const struct outputs *outputs)
{
	if (asks_for_id(in) && (!was_matched(w) || !all_matched(w))) {
		for (VEC_EACH(const struct fleet_failure, f, &w->fleet.failures))
			complain("%.*s: %.*s", STR_ARG(f->what), STR_ARG(f->why));
		complain("no vulnerability data was matched with what the index holds, so no id can be looked up in it: name a database with --db once");
		return 4;
	}
	for (size_t i = 0; i < in->arguments.n; i++)
		if (!where_ask(w, in->arguments.items[i]))
			return sql_error(w->db).s ? 70 : 2;
	if (asks_for_id(in))
		where_find_gaps(w);
	if (db)
		where_tell_ids(w, db);
	for (VEC_EACH(const struct output, o, outputs)) {
		struct buf text;
		buf_init(&text, 0);
		if (str_is(o->name, "json"))
			where_json(w, &text);
		else if (str_is(o->name, "csv"))
			where_csv(w, &text);
		else
			where_table(w, &text);
		bool good = output_deliver(o, buf_str(&text));
		buf_free(&text);
		if (!good)
			return 70;
	}
	bool network = false;
	for (VEC_EACH(const struct fleet_failure, f, &w->fleet.failures))
		network = network || f->data;
	return network ? 4 : w->fleet.failures.n ? 3 : 0;
}

static int run(struct invocation *in, struct where *w, const struct outputs *outputs)
{
	struct str what = option_get(in, "export");

	if (!gather(in, w))
		return 2;
	if (w->fleet.units.n || w->forgets)
		where_add(w);
	if (sql_error(w->db).s) {
		complain("the index cannot be written: %.*s", STR_ARG(sql_error(w->db)));
		return 70;
	}
	struct vuln_db *db = NULL;
	int code = bring_data(in, w, &db);
	if (!code && what.len)
		code = where_export(w) ? 0 : 70;
	else if (!code)
		code = answer(in, w, db, outputs);
	vuln_close(db);
	return code;
}

int cmd_where(struct invocation *in)
{
	struct where w = { .arena = in->arena, .fleet = { .arena = in->arena } };
	struct str index = option_get(in, "index"), what = option_get(in, "export");
	struct outputs outputs;
	enum file_kind kind;

	if (!outputs_own(in, "table|json|csv", &outputs))
		return 2;
	w.forgets = option_is(in, "forget");
	map_init(&w.seen, in->arena);
	bool adds = option_get(in, "in").len || option_get(in, "fleet").len;
	if ((what.len && !str_is(what, "sql")) || (!in->arguments.n && !adds && !what.len)) {
		complain("where is what? A CVE or another id, a purl, or a name with or without @VERSION; --in WHERE brings SBOMs in; --export sql");
		return 2;
	}
	if (w.forgets && !adds) {
		complain("--forget goes with --in or --fleet, which say what there still is");
		return 2;
	}
	bool named = index.len > 0;
	if (!named)
		index = STR("bomgate-index.sqlite");
	if (!adds && !sql_is_server(index) && !file_kind(arena_cstr(in->arena, index), &kind)) {
		complain(named ? "%.*s: there is no such index; --in WHERE (a folder of SBOMs, an SBOM, github:OWNER/REPO) makes it" :
				 "where looks through stored SBOMs, and none were ever brought in here: --in WHERE (a folder of SBOMs, an SBOM,"
				 " github:OWNER/REPO) makes the index %.*s in this folder, --index FILE names one made before",
			 STR_ARG(index));
		return 2;
	}
	http_set_offline(option_is(in, "offline"));
	certificates_find(in->arena);
	if (sql_is_server(index) && option_is(in, "offline")) {
		complain("--offline: a server is not asked");
		return 4;
	}
	int code = where_open(&w, index, !adds && !database_choose(in).places.len);
	if (!code)
		code = run(in, &w, &outputs);
	sql_end(w.db);
	fleet_end(&w.fleet);
	return code;
}
