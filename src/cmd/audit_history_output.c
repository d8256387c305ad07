/* The history of a repository for an auditor: table, JSON, HTML. */
#include "cmd/audit_history.h"
#include "report/escape.h"
#include "syntax/json_writer.h"

const char *const audit_history_states[STATES] = { "present", "incomplete", "damaged", "expired", "missing", "not read" };

void audit_history_table(const struct history *h, struct buf *out)
{
	size_t n[STATES] = { 0 };

	for (VEC_EACH(const struct entry, e, &h->entries)) {
		n[e->state]++;
		buf_printf(out, "%-8s %-10s ", e->kind, audit_history_states[e->state]);
		escape_log(out, str_sub(e->sha, 0, 12));
		buf_adds(out, e->sha.len ? "  " : "");
		escape_log(out, e->time);
		buf_adds(out, "  ");
		escape_log(out, e->name);
		struct { const char *word; struct str s; } parts[] = { { "  gate ", e->gate }, { "  overrides: ", e->overrides }, { "  exceptions: ", e->exceptions },
								       { "  (", e->why }, { "  kept until ", e->expires } };
		for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
			if (parts[i].s.len) {
				buf_adds(out, parts[i].word);
				escape_log(out, parts[i].s);
				if (i == 3)
					buf_addc(out, ')');
			}
		buf_addc(out, '\n');
	}
	for (int i = 0; i < STATES; i++)
		buf_printf(out, "%s%zu %s", i ? ", " : "", n[i], audit_history_states[i]);
	buf_addc(out, '\n');
}

void audit_history_json(const struct history *h, struct buf *out)
{
	struct json_writer w;

	json_writer_init(&w, out, false);
	json_begin_object(&w);
	json_member(&w, "kind", STR("bomgate-history-audit"));
	json_member(&w, "repository", h->api.repository);
	json_member(&w, "branch", h->branch);
	json_member_opt(&w, "since", h->since);
	json_member_opt(&w, "until", h->until);
	json_member_bool(&w, "complete", !h->network);
	json_put_key(&w, "entries");
	json_begin_array(&w);
	for (VEC_EACH(const struct entry, e, &h->entries)) {
		json_begin_object(&w);
		json_member(&w, "kind", str_of(e->kind));
		json_member_opt(&w, "name", e->name);
		json_member_opt(&w, "commit", e->sha);
		json_member_opt(&w, "time", e->time);
		json_member(&w, "sbom", str_of(audit_history_states[e->state]));
		json_member_opt(&w, "why", e->why);
		json_member_opt(&w, "gate", e->gate);
		json_member_opt(&w, "overrides", e->overrides);
		json_member_opt(&w, "exceptions", e->exceptions);
		json_member_opt(&w, "expires", e->expires);
		if (e->legs.n) {
			json_put_key(&w, "artifacts");
			json_begin_array(&w);
			for (VEC_EACH(const struct judged, l, &e->legs)) {
				json_begin_object(&w);
				json_member(&w, "name", l->name);
				json_member(&w, "sbom", str_of(audit_history_states[l->state]));
				json_member_opt(&w, "why", l->why);
				json_member_opt(&w, "gate", l->gate);
				json_end_object(&w);
			}
			json_end_array(&w);
		}
		json_end_object(&w);
	}
	json_end_array(&w);
	json_end_object(&w);
	buf_addc(out, '\n');
}

void audit_history_html(const struct history *h, struct buf *out)
{
	buf_adds(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>bomgate audit</title>\n"
		      "<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3em .6em;"
		      "text-align:left}</style></head><body>\n<h1>");
	escape_html(out, h->api.repository);
	buf_adds(out, "</h1>\n<table>\n<tr><th>kind</th><th>SBOM</th><th>commit</th><th>time</th><th>name</th><th>gate</th><th>overrides</th><th>exceptions</th>"
		      "<th>remark</th><th>kept until</th></tr>\n");
	for (VEC_EACH(const struct entry, e, &h->entries)) {
		const struct str cells[] = { e->sha, e->time, e->name, e->gate, e->overrides, e->exceptions, e->why, e->expires };
		buf_printf(out, "<tr><td>%s</td><td>%s</td>", e->kind, audit_history_states[e->state]);
		for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
			buf_adds(out, "<td>");
			escape_html(out, cells[i]);
			buf_adds(out, "</td>");
		}
		buf_adds(out, "</tr>\n");
	}
	buf_adds(out, "</table>\n</body></html>\n");
}
