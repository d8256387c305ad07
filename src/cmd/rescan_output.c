/* The reports of a rescan. */
#include "base/timestamp.h"
#include "cmd/rescan_clocks.h"
#include "report/escape.h"
#include "syntax/json_writer.h"

static bool timestamp_is(const struct rescan *r, struct str s)
{
	int64_t t;

	return timestamp_parse(s, &t) && t == r->now;
}

static bool shown(const struct rescan *r, const struct rescan_row *row)
{
	return !r->only_exploited || row->exploited || row->field[FIELD_INACTIVE].len;
}

/* Of the past: what is gone, as far as this rescan looked; in a table of everything only what went today. */
static bool gone_is_shown(const struct rescan *r, const struct rescan_row *row, bool all)
{
	bool today = timestamp_is(r, row->field[FIELD_GONE]);

	return !row->carried && row->field[FIELD_GONE].len && shown(r, row) && (all || r->only_exploited || today);
}

static size_t count_newly(const struct rescan *r)
{
	size_t n = 0;

	for (VEC_EACH(const struct rescan_row, row, &r->rows))
		n += row->newly;
	return n;
}

static void field(struct buf *out, const struct rescan_row *row, enum rescan_field f, const char *before)
{
	if (!row->field[f].len)
		return;
	buf_adds(out, before);
	escape_log(out, row->field[f]);
}

/* A day is past at its end. */
static bool is_past(const struct rescan *r, const struct rescan_row *row, enum rescan_field f)
{
	struct str s = row->field[f];
	int64_t t;

	return !row->field[FIELD_GONE].len && timestamp_parse(s, &t) && t + (s.len == 10 ? 86400 : 0) <= r->now;
}

static void mark(const struct rescan *r, struct buf *out, const struct rescan_row *row, enum rescan_field f, const char *before)
{
	field(out, row, f, before);
	if (is_past(r, row, f))
		buf_adds(out, " (past)");
}

static void table_row(const struct rescan *r, const struct rescan_row *row, struct buf *out)
{
	buf_adds(out, row->field[FIELD_GONE].len ? "GONE " : row->newly ? "NEW  " : "     ");
	escape_log(out, row->field[FIELD_OUTCOME]);
	field(out, row, FIELD_PRODUCT, "  ");
	field(out, row, FIELD_VERSION, " ");
	field(out, row, FIELD_SERVICE, "  service ");
	field(out, row, FIELD_OWNER, "  ");
	buf_adds(out, "\n       ");
	field(out, row, FIELD_ID, "");
	field(out, row, FIELD_COMPONENT, " in ");
	field(out, row, FIELD_COMPONENT_VERSION, " ");
	field(out, row, FIELD_FIXED, " -> ");
	if (row->not_patchable)
		buf_adds(out, " (the product cannot be patched)");
	field(out, row, FIELD_RECORDED, "; recorded: ");
	buf_adds(out, "\n       ");
	field(out, row, FIELD_WHY, "why: ");
	buf_adds(out, "\n       ");
	field(out, row, FIELD_FIRST_SEEN, "first seen ");
	field(out, row, FIELD_REOPENED, ", back since ");
	field(out, row, FIELD_BECAME_ACTIVE, ", exploited since ");
	field(out, row, FIELD_INACTIVE, ", no longer said to be exploited since ");
	field(out, row, FIELD_NEWLY_CLOSING, ", closing since ");
	mark(r, out, row, FIELD_KEV_DUE, ", KEV due ");
	mark(r, out, row, FIELD_RESPOND_BY, ", respond by ");
	field(out, row, FIELD_GONE, ", gone since ");
	field(out, row, FIELD_GONE_IN, " in ");
	if (r->only_exploited) {
		field(out, row, FIELD_KNOWN, "\n       known to be exploited here ");
		mark(r, out, row, FIELD_MARK_24, "; 24 h: ");
		mark(r, out, row, FIELD_MARK_72, "; 72 h: ");
	}
	buf_addc(out, '\n');
}

void rescan_table(const struct rescan *r, struct buf *out)
{
	for (VEC_EACH(const struct rescan_row, row, &r->rows))
		if (shown(r, row))
			table_row(r, row, out);
	for (VEC_EACH(const struct rescan_row, row, &r->past))
		if (gone_is_shown(r, row, false))
			table_row(r, row, out);
	for (VEC_EACH(const struct fleet_failure, f, &r->fleet.failures)) {
		buf_adds(out, "NOT READ  ");
		escape_log(out, f->what);
		buf_adds(out, ": ");
		escape_log(out, f->why);
		buf_addc(out, '\n');
	}
	for (VEC_EACH(const struct rescan_issue, i, &r->issues)) {
		buf_adds(out, "ISSUE     ");
		escape_log(out, i->repository.len ? i->repository : i->product);
		if (i->number)
			buf_printf(out, "#%lld", (long long)i->number);
		buf_printf(out, " %s", i->did);
		if (i->why.len)
			buf_adds(out, ": ");
		escape_log(out, i->why);
		buf_addc(out, '\n');
	}
	size_t n = 0;
	for (VEC_EACH(const struct rescan_unknown, u, &r->unknown)) {
		if (n++ == 20)
			break;
		buf_adds(out, "NO DATA   ");
		escape_log(out, u->product);
		buf_adds(out, ": ");
		escape_log(out, u->component);
		buf_adds(out, ": ");
		escape_log(out, u->why);
		buf_addc(out, '\n');
	}
	if (r->unknown.n > 20)
		buf_printf(out, "NO DATA   and %zu components more\n", r->unknown.n - 20);
	buf_printf(out, "%zu SBOMs, %zu findings, %zu newly to be dealt with, %zu without data, %zu not read; data of %.*s%s\n", r->sboms, r->findings, count_newly(r),
		   r->unknown.n, r->fleet.failures.n, STR_ARG(r->data_date), r->stale ? " (too old)" : "");
	if (r->not_supported)
		buf_printf(out, "%zu SBOMs are of versions that are not supported, and were not looked at\n", r->not_supported);
}

static void products_json(const struct rescan *r, struct json_writer *w)
{
	json_put_key(w, "products");
	json_begin_array(w);
	for (VEC_EACH(const struct rescan_product, p, &r->products)) {
		json_begin_object(w);
		json_member(w, "product", p->name);
		json_member_opt(w, "repository", p->home);
		json_member_opt(w, "owner", p->owner);
		json_member_int(w, "sboms", (long long)p->sboms);
		json_member_bool(w, "named", p->named);
		json_end_object(w);
	}
	json_end_array(w);
}

static void issues_json(const struct rescan *r, struct json_writer *w)
{
	if (!r->issues.n)
		return;
	json_put_key(w, "issues");
	json_begin_array(w);
	for (VEC_EACH(const struct rescan_issue, i, &r->issues)) {
		json_begin_object(w);
		json_member(w, "product", i->product);
		json_member_opt(w, "repository", i->repository);
		if (i->number)
			json_member_int(w, "number", i->number);
		json_member(w, "did", str_of(i->did));
		json_member_opt(w, "why", i->why);
		json_end_object(w);
	}
	json_end_array(w);
}

static void row_json(struct json_writer *w, const struct rescan_row *row)
{
	json_begin_object(w);
	for (unsigned i = 0; i < RESCAN_FIELDS; i++)
		json_member_opt(w, rescan_field_names[i], row->field[i]);
	json_member(w, "level", str_of(outcome_word((enum outcome)row->level)));
	json_member_bool(w, "newly", row->newly);
	json_member_bool(w, "exploited", row->exploited);
	if (row->not_patchable)
		json_member_bool(w, "notPatchable", true);
	json_end_object(w);
}

static void rows_json(const struct rescan *r, struct json_writer *w)
{
	size_t n = 0;

	json_put_key(w, "rows");
	json_begin_array(w);
	for (VEC_EACH(const struct rescan_row, row, &r->rows))
		if (shown(r, row))
			row_json(w, row);
	json_end_array(w);
	for (VEC_EACH(const struct rescan_row, row, &r->past))
		if (r->whole_state || gone_is_shown(r, row, true)) {
			if (!n++) {
				json_put_key(w, "past");
				json_begin_array(w);
			}
			row_json(w, row);
		}
	if (n)
		json_end_array(w);
	if (r->remembers && !r->only_exploited)
		rescan_clocks_write(r, w);
}

void rescan_json(const struct rescan *r, struct buf *out)
{
	struct json_writer w;

	json_writer_init(&w, out, false);
	json_begin_object(&w);
	json_member(&w, "kind", STR("bomgate-rescan"));
	json_member_int(&w, "format", 1);
	json_member(&w, "asOf", timestamp_text(r->arena, r->now));
	json_member_opt(&w, "leg", r->leg);
	json_member_opt(&w, "dataCheckedAt", r->data_date);
	json_member_bool(&w, "stale", r->stale);
	json_member_int(&w, "sboms", (long long)r->sboms);
	if (r->not_supported)
		json_member_int(&w, "notSupported", (long long)r->not_supported);
	json_member_int(&w, "findings", (long long)r->findings);
	json_member_int(&w, "newly", (long long)count_newly(r));
	rows_json(r, &w);
	products_json(r, &w);
	json_put_key(&w, "unreadable");
	json_begin_array(&w);
	for (VEC_EACH(const struct fleet_failure, f, &r->fleet.failures)) {
		json_begin_object(&w);
		json_member(&w, "what", f->what);
		json_member(&w, "why", f->why);
		json_member_opt(&w, "product", f->product);
		json_member_bool(&w, "network", f->data);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_put_key(&w, "noData");
	json_begin_array(&w);
	for (VEC_EACH(const struct rescan_unknown, u, &r->unknown)) {
		json_begin_object(&w);
		json_member(&w, "product", u->product);
		json_member_opt(&w, "version", u->version);
		json_member(&w, "component", u->component);
		json_member(&w, "why", u->why);
		json_end_object(&w);
	}
	json_end_array(&w);
	issues_json(r, &w);
	json_end_object(&w);
	buf_addc(out, '\n');
}

static void csv_row(struct buf *out, const struct rescan_row *row)
{
	buf_adds(out, row->field[FIELD_GONE].len ? "gone" : row->newly ? "yes" : "no");
	for (unsigned i = 0; i < RESCAN_FIELDS; i++) {
		buf_addc(out, ',');
		escape_csv(out, row->field[i]);
	}
	buf_adds(out, "\r\n");
}

void rescan_csv(const struct rescan *r, struct buf *out)
{
	buf_adds(out, "newly");
	for (unsigned i = 0; i < RESCAN_FIELDS; i++)
		buf_printf(out, ",%s", rescan_field_names[i]);
	buf_adds(out, "\r\n");
	for (VEC_EACH(const struct rescan_row, row, &r->rows))
		if (shown(r, row))
			csv_row(out, row);
	for (VEC_EACH(const struct rescan_row, row, &r->past))
		if (gone_is_shown(r, row, true))
			csv_row(out, row);
	for (VEC_EACH(const struct fleet_failure, f, &r->fleet.failures)) {
		buf_adds(out, "not read,");
		escape_csv(out, f->what);
		for (unsigned i = 1; i < RESCAN_FIELDS; i++) {
			buf_addc(out, ',');
			escape_csv(out, i == FIELD_WHY ? f->why : STR(""));
		}
		buf_adds(out, "\r\n");
	}
}

static void html_row(const struct rescan *r, struct buf *out, const struct rescan_row *row)
{
	bool gone = row->field[FIELD_GONE].len > 0;

	buf_adds(out, gone ? "<tr class=\"gone\"><td>gone</td>" : row->newly ? "<tr class=\"new\"><td>new</td>" : "<tr><td></td>");
	for (unsigned i = 0; i < RESCAN_FIELDS; i++) {
		bool due = i == FIELD_KEV_DUE || i == FIELD_RESPOND_BY || i == FIELD_MARK_24 || i == FIELD_MARK_72;
		buf_adds(out, due && is_past(r, row, (enum rescan_field)i) ? "<td class=\"past\">" : "<td>");
		escape_html(out, row->field[i]);
		buf_adds(out, "</td>");
	}
	buf_adds(out, "</tr>\n");
}

void rescan_html(const struct rescan *r, struct buf *out)
{
	buf_adds(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>bomgate rescan</title>\n"
		      "<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3em .6em;"
		      "text-align:left;vertical-align:top}tr.new{background:#fdd}tr.gone{color:#666}td.past{font-weight:bold}</style></head><body>\n");
	buf_printf(out, "<h1>%s</h1>\n<p>As of %.*s: %zu SBOMs, %zu newly to be dealt with, %zu not read, %zu components without data.</p>\n<table>\n<tr><th></th>",
		   r->only_exploited ? "Actively exploited flaws" : "Rescan", STR_ARG(timestamp_text(r->arena, r->now)), r->sboms, count_newly(r),
		   r->fleet.failures.n, r->unknown.n);
	for (unsigned i = 0; i < RESCAN_FIELDS; i++)
		buf_printf(out, "<th>%s</th>", rescan_field_names[i]);
	buf_adds(out, "</tr>\n");
	for (VEC_EACH(const struct rescan_row, row, &r->rows))
		if (shown(r, row))
			html_row(r, out, row);
	for (VEC_EACH(const struct rescan_row, row, &r->past))
		if (gone_is_shown(r, row, true))
			html_row(r, out, row);
	buf_adds(out, "</table>\n<ul>\n");
	for (VEC_EACH(const struct fleet_failure, f, &r->fleet.failures)) {
		buf_adds(out, "<li>not read: ");
		escape_html(out, f->what);
		buf_adds(out, ": ");
		escape_html(out, f->why);
		buf_adds(out, "</li>\n");
	}
	buf_adds(out, "</ul>\n</body></html>\n");
}
