/* report.html: one file without network for the security team and the auditor. The verdict, what to do and the provenance are written
 * here; findings, components and licences are drawn by the script in it from the same data as result.json, a page of rows at a time. */
#include "report/changes.h"
#include "report/escape.h"
#include "report/page.h"
#include "report/result_json.h"

#define STATIC_ROWS 50

static const char style[] =
#include "report/html_style.inc"
	;
static const char script[] =
#include "report/html_kit.inc"
#include "report/html_script.inc"
	;

static void put_data(const struct report *r, struct buf *out)
{
	struct buf json;

	buf_init(&json, 0);
	result_json_write(r, true, &json);
	page_data(out, buf_str(&json));
	buf_free(&json);
}

static void list(struct buf *out, const struct str *items, size_t n)
{
	if (!n)
		return;
	buf_adds(out, "<ul>\n");
	for (size_t i = 0; i < n; i++) {
		buf_adds(out, "<li>");
		escape_html(out, items[i]);
		buf_adds(out, "</li>\n");
	}
	buf_adds(out, "</ul>\n");
}

static void put_verdict(const struct report *r, struct buf *out)
{
	const struct ssvc_point *levels = r->policy->table->outcome;
	struct buf text;

	buf_init(&text, 0);
	report_verdict(r, &text);
	buf_adds(out, "<body>\n<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n<header>\n");
	if (r->repository.len) {
		buf_adds(out, "<p class=\"soft\">");
		escape_html(out, r->repository);
		if (r->commit.len) {
			buf_adds(out, " at <span title=\""); /* whole under Provenance */
			escape_html(out, r->commit);
			buf_adds(out, "\">");
			escape_html(out, str_sub(r->commit, 0, 12));
			buf_adds(out, "</span>");
		}
		buf_adds(out, "</p>\n");
	}
	struct str verdict = buf_str(&text), counts = STR_NONE;
	size_t gap = str_find(verdict, STR("  "), 0);
	if (gap != STR_NOT_FOUND) { /* the console's two columns */
		counts = str_from(verdict, gap + 2);
		verdict = str_sub(verdict, 0, gap);
	}
	buf_printf(out, "<h1 class=\"%s\"><span>", r->gate->state == GATE_OPEN ? "open" : "closed");
	escape_html(out, verdict);
	buf_adds(out, "</span> <small>");
	escape_html(out, counts);
	buf_adds(out, "</small>");
	buf_reset(&text);
	report_scanned(r, &text);
	buf_adds(out, "</h1>\n<p class=\"soft\">");
	escape_html(out, buf_str(&text));
	buf_adds(out, "</p>\n<nav aria-label=\"Parts\"><ul><li><a href=\"#todo\">To do now</a></li><li><a href=\"#findings\">Findings</a></li>"
		      "<li><a href=\"#components\">Components</a></li><li><a href=\"#licences\">Licences</a></li><li><a href=\"#rest\">Not decided</a></li>"
		      "<li><a href=\"#provenance\">Provenance</a></li></ul></nav>\n</header>\n<main>\n<ul class=\"tiles\">\n");
	for (unsigned i = levels->nvalues; i > 0; i--)
		page_tile(out, r->gate->counts[i - 1], page_rank(i - 1, levels->nvalues), report_level(r, i - 1));
	page_tile(out, r->gate->not_decided, PAGE_PLAIN, STR("not decided"));
	page_tile(out, r->gate->lifted, PAGE_PLAIN, STR("lifted"));
	buf_adds(out, "</ul>\n");
	if (r->first)
		list(out, r->first->items, r->first->n);
	list(out, r->gate->reasons.items, r->gate->reasons.n);
	list(out, r->gate->warnings.items, r->gate->warnings.n);
	buf_free(&text);
}

/* Ends a cell and begins the next; its column's name is shown where the screen is too narrow for columns. */
static void cell(struct buf *out, const char *label)
{
	buf_printf(out, "</td><td role=\"cell\" data-label=\"%s\">", label);
}

static void put_change(const struct report *r, const struct change_item *c, struct buf *out)
{
	const struct component *component = &r->bom->components[c->component];
	const struct finding *f = c->findings.items[0];

	buf_printf(out, "<tr role=\"row\"><td class=\"o o%u\" role=\"cell\" data-label=\"Outcome\">", (unsigned)c->outcome);
	escape_html(out, report_level(r, c->level));
	cell(out, "Change");
	buf_adds(out, "<code>");
	escape_html(out, component_title(r->arena, component));
	buf_adds(out, "</code> ");
	escape_html(out, component->version);
	buf_adds(out, " → ");
	escape_html(out, c->to.len ? c->to : STR("no fix yet"));
	buf_adds(out, c->major ? " (major)" : "");
	cell(out, "Finding");
	escape_html(out, f->id);
	escape_html(out, change_more(r, c));
	if (f->summary.len) {
		buf_adds(out, ": ");
		escape_shortened(out, escape_html, f->summary, 120);
	}
	cell(out, "Why");
	escape_html(out, f->decision.rule.len ? f->decision.rule : decide_why(r->arena, &f->decision));
	cell(out, "Where");
	buf_adds(out, "<code>");
	escape_html(out, c->file);
	if (c->line)
		buf_printf(out, ":%u", c->line);
	buf_adds(out, "</code>");
	cell(out, "Comes in through");
	escape_html(out, c->via.len ? c->via : STR("–"));
	buf_adds(out, "</td></tr>\n");
}

static void put_to_do(const struct report *r, struct buf *out)
{
	struct changes changes;
	size_t n = 0, shown = 0;

	changes_of(r, &changes);
	for (size_t i = 0; i < changes.n; i++)
		n += changes.items[i].closes;
	buf_adds(out, "<h2 id=\"todo\">To do now</h2>\n");
	if (!n) {
		buf_adds(out, r->gate->state == GATE_OPEN ? "<p>Nothing closes the gate.</p>\n" : "<p>No finding closes the gate; the reasons stand above.</p>\n");
		return;
	}
	buf_adds(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"To do now\"><table class=\"still\" role=\"table\">\n<thead><tr><th scope=\"col\">Outcome</th>"
		      "<th scope=\"col\">Change</th><th scope=\"col\">Finding</th><th scope=\"col\">Why</th><th scope=\"col\">Where</th>"
		      "<th scope=\"col\">Comes in through</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < changes.n && shown < STATIC_ROWS; i++) {
		if (!changes.items[i].closes)
			continue;
		put_change(r, &changes.items[i], out);
		shown++;
	}
	buf_adds(out, "</tbody></table></div>\n");
	if (n > shown)
		buf_printf(out, "<p>… and %zu more below.</p>\n", n - shown);
}

static void put_fixed(const struct report *r, struct buf *out)
{
	size_t shown = 0;

	for (size_t i = 0; r->base && r->base_bom && i < r->base->list.n && shown < 500; i++) {
		const struct finding *f = &r->base->list.items[i];
		const struct component *c = &r->base_bom->components[f->component];
		if (f->state != FINDING_FIXED)
			continue;
		buf_adds(out, shown++ ? "<li>" : "<h2>Fixed by this change</h2>\n<ul>\n<li>");
		escape_html(out, f->id);
		buf_adds(out, " in <code>");
		escape_html(out, component_title(r->arena, c));
		buf_addc(out, ' ');
		escape_html(out, c->version);
		buf_adds(out, "</code> (was ");
		escape_html(out, report_level(r, f->decision.level));
		buf_adds(out, ") ");
		escape_shortened(out, escape_html, f->summary, 120);
		buf_adds(out, "</li>\n");
	}
	if (shown)
		buf_adds(out, "</ul>\n");
}

static void put_tables(const struct report *r, struct buf *out)
{
	buf_adds(out,
		 "<noscript><p>The tables below need the script in this file. result.json beside it has the same data.</p></noscript>\n"
		 "<h2 id=\"findings\">Findings</h2>\n<div class=\"bar\"><div><label for=\"search\">Search</label><input type=\"search\" id=\"search\" "
		 "placeholder=\"CVE, package, file, owner\"></div><div><label for=\"outcome\">Outcome</label><select id=\"outcome\"><option value=\"\">all"
		 "</option></select></div><div id=\"service-box\"><label for=\"service\">Service</label><select id=\"service\"><option value=\"\">all</option>"
		 "</select></div><div class=\"check\"><input type=\"checkbox\" id=\"closing\"> <label for=\"closing\">only what closes the gate</label></div></div>\n"
		 "<div id=\"findings-table\"></div>\n");
	if (r->base_bom)
		buf_adds(out, "<h2 id=\"component-changes\">Changes of components</h2>\n<div class=\"bar\"><div><label for=\"change-search\">Search</label>"
			      "<input type=\"search\" id=\"change-search\" placeholder=\"name, version, added, removed\"></div></div>\n"
			      "<div id=\"changes-table\"></div>\n");
	buf_adds(out,
		 "<h2 id=\"components\">Components</h2>\n<div class=\"bar\"><div><label for=\"component-search\">Search</label><input type=\"search\" "
		 "id=\"component-search\" placeholder=\"name, version, licence, file\"></div><div><label for=\"licence\">Licence</label><select id=\"licence\">"
		 "<option value=\"\">all</option></select></div></div>\n<div id=\"components-table\"></div>\n"
		 "<h2 id=\"licences\">Licences</h2>\n<div id=\"licences-table\"></div>\n"
		 "<h2 id=\"rest\">Not decided, not read, excluded</h2>\n<div id=\"rest-table\"></div>\n"
		 "<h2 id=\"inputs\">Files read</h2>\n<div id=\"inputs-table\"></div>\n");
}

static void fact(struct buf *out, const char *name, struct str value)
{
	if (!value.len)
		return;
	buf_printf(out, "<dt>%s</dt><dd>", name);
	escape_html(out, value);
	buf_adds(out, "</dd>\n");
}

static void put_provenance(const struct report *r, struct buf *out)
{
	buf_adds(out, "<h2 id=\"provenance\">Provenance</h2>\n<dl>\n");
	fact(out, "Repository", r->repository);
	fact(out, "Commit", r->commit);
	fact(out, "Ref", r->ref);
	fact(out, "Base", r->base_commit);
	fact(out, "Event", r->event);
	fact(out, "Run", r->run_url);
	fact(out, "Time", r->timestamp);
	fact(out, "bomgate", str_of(r->version));
	fact(out, "Binary (SHA-256)", r->binary_sha256);
	fact(out, "Vulnerability data", r->database_digest);
	fact(out, "Data confirmed current", r->data_date);
	fact(out, "SBOM (SHA-256)", r->sbom_sha256);
	fact(out, "Artifact", r->artifact);
	fact(out, "Decision table", r->policy->table->id);
	fact(out, "Configuration", r->policy->present ? r->policy->file : STR("none: exposure open, human impact medium (assumed)"));
	buf_adds(out, "</dl>\n</main>\n<footer>Made by bomgate. The whole record stands in provenance.json, the verdict for what is shipped in verdict.json."
		      "</footer>\n");
}

void report_html(const struct report *r, struct buf *out)
{
	page_head(out, style, script, r->repository.len ? r->repository : STR("report"));
	put_verdict(r, out);
	put_to_do(r, out);
	put_fixed(r, out);
	put_tables(r, out);
	put_provenance(r, out);
	put_data(r, out);
	page_end(out, script);
}
