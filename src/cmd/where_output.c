/* Answers of `where`, and the index as SQL text. */
#include <stdio.h>

#include "cmd/where.h"
#include "report/escape.h"
#include "syntax/json_writer.h"

static void cell(struct buf *out, const char *before, struct str s)
{
	if (!s.len)
		return;
	buf_adds(out, before);
	escape_log(out, s);
}

static int64_t number(struct where *w, const char *sql)
{
	struct sql_query *q = sql_prepare(w->db, sql);
	int64_t n = sql_next(q) ? sql_number(q, 0) : 0;

	sql_stop(q);
	return n;
}

static const char *nowhere_words(const struct where_nowhere *n)
{
	return !n->is_id ? "in none of the SBOMs of the index" :
	       !n->asked ? "touches nothing in the index, as far as its data tells; with --db it is told whether that knows the id at all" :
	       n->record ? "an advisory of the data; nothing in the index that the data can judge is affected" :
	       n->facts	 ? "NO DATA: the data has facts of this CVE, but no advisory under this id; none under its other ids affects anything in the index" :
			   "NO DATA: no advisory of the data has this id, so nothing is proved";
}

void where_table(const struct where *w, struct buf *out)
{
	for (VEC_EACH(const struct where_row, r, &w->rows)) {
		escape_log(out, r->product);
		cell(out, " ", r->version);
		cell(out, "  service ", r->service);
		cell(out, "  ", r->package);
		cell(out, " ", r->package_version);
		cell(out, "  via ", r->via);
		cell(out, "  since ", r->since);
		cell(out, "  ", r->id);
		cell(out, " -> ", r->fixed);
		if (r->weak)
			buf_adds(out, "  (stated by hand)");
		cell(out, "  NO DATA: ", r->no_data);
		if (r->state.len && !str_is(r->state, "touched"))
			cell(out, "  ? ", r->state);
		buf_addc(out, '\n');
	}
	for (VEC_EACH(const struct where_nowhere, q, &w->nowhere)) {
		escape_log(out, q->query);
		buf_adds(out, ": ");
		buf_adds(out, nowhere_words(q));
		buf_addc(out, '\n');
	}
	for (size_t i = 0; i < w->gaps.n && i < 20; i++) {
		const struct where_gap *g = &w->gaps.items[i];
		cell(out, "NO DATA   ", g->product);
		cell(out, " ", g->version);
		buf_printf(out, ": %lld of its %lld packages cannot be judged\n", (long long)g->packages, (long long)g->all);
	}
	if (w->gaps.n > 20)
		buf_printf(out, "NO DATA   and %zu SBOMs more\n", w->gaps.n - 20);
	for (VEC_EACH(const struct fleet_failure, f, &w->fleet.failures)) {
		cell(out, "NOT READ  ", f->what);
		cell(out, ": ", f->why);
		buf_addc(out, '\n');
	}
	struct where *own = (struct where *)(uintptr_t)w;
	char forgotten[48] = "";
	if (w->forgets)
		snprintf(forgotten, sizeof forgotten, ", %zu forgotten", w->forgotten);
	buf_printf(out, "%lld SBOMs in the index (%zu new, %zu as before%s); the data cannot judge %lld packages of them: no data, not clean\n",
		   (long long)number(own, "select count(*) from sbom"), w->added, w->known, forgotten,
		   (long long)number(own, "select count(*) from unjudged u where exists(select 1 from holds h where h.package=u.package)"));
}

void where_json(const struct where *w, struct buf *out)
{
	struct json_writer j;
	struct where *own = (struct where *)(uintptr_t)w;

	json_writer_init(&j, out, false);
	json_begin_object(&j);
	json_member(&j, "kind", STR("bomgate-where"));
	json_member_int(&j, "sboms", number(own, "select count(*) from sbom"));
	json_member_int(&j, "notJudged", number(own, "select count(*) from unjudged u where exists(select 1 from holds h where h.package=u.package)"));
	json_put_key(&j, "rows");
	json_begin_array(&j);
	for (VEC_EACH(const struct where_row, r, &w->rows)) {
		json_begin_object(&j);
		json_member(&j, "product", r->product);
		json_member_opt(&j, "version", r->version);
		json_member_opt(&j, "service", r->service);
		json_member(&j, "component", r->package);
		json_member_opt(&j, "componentVersion", r->package_version);
		json_member_opt(&j, "purl", r->purl);
		json_member_opt(&j, "via", r->via);
		json_member_opt(&j, "since", r->since);
		json_member_opt(&j, "id", r->id);
		json_member_opt(&j, "fixed", r->fixed);
		json_member(&j, "source", r->source);
		if (r->weak)
			json_member_bool(&j, "statedByHand", true);
		json_member_opt(&j, "noData", r->no_data);
		if (!str_is(r->state, "touched"))
			json_member_opt(&j, "notTold", r->state);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_put_key(&j, "inNone");
	json_begin_array(&j);
	for (VEC_EACH(const struct where_nowhere, q, &w->nowhere))
		json_put_string(&j, q->query);
	json_end_array(&j);
	json_put_key(&j, "notKnown"); /* ids of inNone under which the data has no advisory: no data, not clean */
	json_begin_array(&j);
	for (VEC_EACH(const struct where_nowhere, q, &w->nowhere))
		if (q->asked && !q->record)
			json_put_string(&j, q->query);
	json_end_array(&j);
	json_put_key(&j, "noData");
	json_begin_array(&j);
	for (VEC_EACH(const struct where_gap, g, &w->gaps)) {
		json_begin_object(&j);
		json_member(&j, "product", g->product);
		json_member_opt(&j, "version", g->version);
		json_member_int(&j, "packages", g->packages);
		json_member_int(&j, "of", g->all);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_put_key(&j, "unreadable");
	json_begin_array(&j);
	for (VEC_EACH(const struct fleet_failure, f, &w->fleet.failures)) {
		json_begin_object(&j);
		json_member(&j, "what", f->what);
		json_member(&j, "why", f->why);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_addc(out, '\n');
}

void where_csv(const struct where *w, struct buf *out)
{
	buf_adds(out, "product,version,service,component,componentVersion,purl,via,since,id,fixed,source\r\n");
	for (VEC_EACH(const struct where_row, r, &w->rows)) {
		const struct str cells[] = { r->product, r->version, r->service, r->package, r->package_version, r->purl, r->via, r->since, r->id, r->fixed, r->source };
		for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
			escape_csv(out, cells[i]);
			buf_adds(out, i + 1 < sizeof cells / sizeof cells[0] ? "," : "\r\n");
		}
	}
}

/* ---- SQL text */

static void sql_value(struct str s)
{
	if (!s.s) {
		fputs("null", stdout);
		return;
	}
	/* In a log the runner would obey a line that begins with "::", and "##[" anywhere: the value is put together of two there. */
	putchar('\'');
	for (size_t i = 0, bad = str_utf8_valid(s); i < s.len; i++) {
		if (i == bad) { /* the bytes of a path may be any; a server takes UTF-8 only */
			putchar('?');
			bad = i + 1 + str_utf8_valid(str_from(s, i + 1));
			continue;
		}
		if (s.s[i] == '\'')
			putchar('\'');
		putchar(s.s[i]);
		if (i + 1 < s.len && (s.s[i] == '\n' || s.s[i] == '\r' || (s.s[i] == '#' && s.s[i + 1] == '#')))
			fputs("'||'", stdout);
	}
	putchar('\'');
}

static void export_table(struct where *w, const char *name, const char *select, int columns, const char *numbers)
{
	struct sql_query *q = sql_prepare(w->db, select);

	while (sql_next(q)) {
		struct arena *a = arena_new(0);
		printf("insert into bomgate_%s values(", name);
		for (int i = 0; i < columns; i++) {
			if (i)
				putchar(',');
			if (numbers[i] == 'n')
				printf("%lld", (long long)sql_number(q, i));
			else
				sql_value(sql_text(q, a, i));
		}
		puts(");");
		arena_free(a);
	}
}

bool where_export(struct where *w)
{
	puts("begin;\n"
	     "create table bomgate_sbom(id bigint primary key, path text, sha256 text, product text, version text, made text, source text, owner text, stated bigint);\n"
	     "create table bomgate_package(id bigint primary key, ecosystem text, name text, version text, purl text, weak bigint, title text, judged text, subject text);\n"
	     "create table bomgate_holds(package bigint, sbom bigint, service text, via text, primary key(package, sbom));\n"
	     "create table bomgate_touched(id text, package bigint, shown text, fixed text, primary key(id, package));\n"
	     "create table bomgate_unjudged(package bigint primary key, why text);");
	export_table(w, "sbom", "select id,path,sha256,product,version,made,source,owner,stated from sbom order by id", 9, "nttttttTn");
	export_table(w, "package", "select id,ecosystem,name,version,purl,weak,title,judged,subject from package order by id", 9, "nttttnttt");
	export_table(w, "holds", "select h.package,h.sbom,s.text,v.text from holds h left join word s on s.id=h.service left join word v on v.id=h.via order by 1,2", 4, "nntt");
	export_table(w, "touched", "select id,package,shown,fixed from touched order by 1,2", 4, "tntt");
	export_table(w, "unjudged", "select package,why from unjudged order by 1", 2, "nt");
	puts("create index bomgate_package_name on bomgate_package(name);\ncreate index bomgate_holds_sbom on bomgate_holds(sbom);\ncommit;");
	return !sql_error(w->db).s;
}
