/* What an auditor files: table, JSON, HTML. */
#include "base/buf.h"
#include "cmd/audit.h"
#include "report/escape.h"
#include "syntax/json_writer.h"

static size_t count(const struct audit *a, enum evidence_level level, enum check_state state)
{
	size_t n = 0;

	for (VEC_EACH(const struct check, c, &a->checks))
		n += c->level == level && c->state == state;
	return n;
}

/* One word for a level: the worst of its checks. */
static const char *level_state(const struct audit *a, enum evidence_level level)
{
	static const enum check_state order[] = { CHECK_FAILS, CHECK_NO_DATA, CHECK_MISSING, CHECK_HOLDS };

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
		if (count(a, level, order[i]))
			return check_state_word(order[i]);
	return check_state_word(CHECK_NOT_DONE);
}

static struct str summary(const struct audit *a, struct arena *arena)
{
	for (int l = 0; l < EVIDENCE_LEVELS; l++)
		if (count(a, (enum evidence_level)l, CHECK_FAILS))
			return arena_printf(arena, "FAILED: caught at the level %s", evidence_level_word((enum evidence_level)l));
	for (int l = 0; l < EVIDENCE_LEVELS; l++)
		if (count(a, (enum evidence_level)l, CHECK_MISSING) || count(a, (enum evidence_level)l, CHECK_NO_DATA))
			return STR("INCOMPLETE: not everything could be checked");
	return STR("nothing speaks against it at the levels that were checked");
}

static void table_one(const struct audited *x, struct buf *out)
{
	escape_log(out, x->what);
	buf_addc(out, '\n');
	for (int l = 0; l < EVIDENCE_LEVELS; l++) {
		enum evidence_level level = (enum evidence_level)l;
		buf_printf(out, "  %-16s %s (%zu checks hold)\n", evidence_level_word(level), level_state(&x->audit, level), count(&x->audit, level, CHECK_HOLDS));
		for (VEC_EACH(const struct check, c, &x->audit.checks)) {
			if (c->level != level || c->state == CHECK_HOLDS)
				continue;
			buf_printf(out, "    %-12s %-12s ", check_state_word(c->state), c->what);
			if (c->about.len) {
				escape_log(out, c->about);
				buf_addc(out, ' ');
			}
			escape_log(out, c->text);
			buf_addc(out, '\n');
		}
	}
	for (VEC_EACH(const struct record_fact, f, &x->audit.facts)) {
		buf_adds(out, f->observed ? "  observed: " : "  claimed:  ");
		escape_log(out, f->text);
		buf_addc(out, '\n');
	}
	buf_adds(out, "  ");
	buf_add(out, summary(&x->audit, x->audit.arena));
	buf_addc(out, '\n');
}

void audit_table(const struct audits *all, struct buf *out)
{
	for (size_t i = 0; i < all->n; i++)
		table_one(&all->items[i], out);
}

void audit_json(const struct audits *all, struct buf *out)
{
	struct json_writer w;

	json_writer_init(&w, out, false);
	json_begin_object(&w);
	json_put_key(&w, "audits");
	json_begin_array(&w);
	for (size_t i = 0; i < all->n; i++) {
		const struct audited *x = &all->items[i];
		json_begin_object(&w);
		json_member(&w, "what", x->what);
		json_member_opt(&w, "repository", x->record.repository);
		json_member_opt(&w, "commit", x->record.commit);
		json_member_opt(&w, "runId", x->record.run_id);
		json_member(&w, "summary", summary(&x->audit, x->audit.arena));
		json_member_int(&w, "exitCode", audit_code(&x->audit));
		json_put_key(&w, "levels");
		json_begin_object(&w);
		for (int l = 0; l < EVIDENCE_LEVELS; l++)
			json_member(&w, evidence_level_word((enum evidence_level)l), str_of(level_state(&x->audit, (enum evidence_level)l)));
		json_end_object(&w);
		json_put_key(&w, "checks");
		json_begin_array(&w);
		for (VEC_EACH(const struct check, c, &x->audit.checks)) {
			json_begin_object(&w);
			json_member(&w, "level", str_of(evidence_level_word(c->level)));
			json_member(&w, "state", str_of(check_state_word(c->state)));
			json_member(&w, "check", str_of(c->what));
			json_member_opt(&w, "about", c->about);
			json_member(&w, "text", c->text);
			json_end_object(&w);
		}
		json_end_array(&w);
		json_put_key(&w, "facts");
		json_begin_array(&w);
		for (VEC_EACH(const struct record_fact, f, &x->audit.facts)) {
			json_begin_object(&w);
			json_member(&w, "kind", f->observed ? STR("observed") : STR("claimed"));
			json_member(&w, "text", f->text);
			json_end_object(&w);
		}
		json_end_array(&w);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_end_object(&w);
	buf_addc(out, '\n');
}

static void html_text(struct buf *out, struct str s)
{
	escape_html(out, s);
}

void audit_html(const struct audits *all, struct buf *out)
{
	buf_adds(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>bomgate audit</title>\n"
		      "<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3em .6em;"
		      "text-align:left;vertical-align:top}.FAILS{background:#fdd}.missing,.no{background:#ffd}</style></head><body>\n<h1>Audit</h1>\n");
	for (size_t i = 0; i < all->n; i++) {
		const struct audited *x = &all->items[i];
		buf_adds(out, "<h2>");
		html_text(out, x->what);
		buf_adds(out, "</h2>\n<p>");
		html_text(out, summary(&x->audit, x->audit.arena));
		buf_adds(out, "</p>\n<table>\n<tr><th>level of evidence</th><th>state</th><th>about</th><th>what was checked</th></tr>\n");
		for (VEC_EACH(const struct check, c, &x->audit.checks)) {
			buf_printf(out, "<tr class=\"%s\"><td>%s</td><td>%s</td><td>", check_state_word(c->state), evidence_level_word(c->level),
				   check_state_word(c->state));
			html_text(out, c->about);
			buf_adds(out, "</td><td>");
			html_text(out, c->text);
			buf_adds(out, "</td></tr>\n");
		}
		buf_adds(out, "</table>\n<ul>\n");
		for (VEC_EACH(const struct record_fact, f, &x->audit.facts)) {
			buf_adds(out, f->observed ? "<li>observed: " : "<li>claimed: ");
			html_text(out, f->text);
			buf_adds(out, "</li>\n");
		}
		buf_adds(out, "</ul>\n");
	}
	buf_adds(out, "</body></html>\n");
}
