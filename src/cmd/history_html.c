/* The timeline of `history` as a page: the same skeleton, style and tables as report.html. Numbers stand in the page itself; the script
 * draws a bar a component and the numbers over time, a page of rows at a time, each row with the same in words. */
#include "base/timestamp.h"
#include "cmd/history.h"
#include "report/escape.h"
#include "report/page.h"

static const char style[] =
#include "report/html_style.inc"
#include "cmd/history_style.inc"
	;
static const char script[] =
#include "report/html_kit.inc"
#include "cmd/history_script.inc"
	;

static bool still_there(const struct dated *d)
{
	return d->went.n && d->went.items[d->went.n - 1] == UINT32_MAX;
}

static void put_tiles(struct history *h, struct buf *out)
{
	const struct ssvc_table *t = h->judgement.policy.table;
	size_t counts[SSVC_MAX_VALUES] = { 0 }, here = 0;

	for (size_t i = 0; i < h->dated.n; i++)
		here += still_there(&h->dated.items[i]);
	buf_adds(out, "<ul class=\"tiles\" aria-label=\"At the last commit\">\n");
	page_tile(out, here, PAGE_PLAIN, STR("components at the end"));
	page_tile(out, h->dated.n, PAGE_PLAIN, STR("components ever"));
	if (h->judgement.matched) {
		for (size_t i = 0; i < h->judgement.findings.list.n; i++) {
			const struct finding *f = &h->judgement.findings.list.items[i];
			counts[f->decision.level] += !f->silenced && still_there(&h->dated.items[f->component]);
		}
		for (unsigned i = t->outcome->nvalues; i > 0; i--)
			page_tile(out, counts[i - 1], page_rank(i - 1, t->outcome->nvalues), arena_concat(h->arena, ssvc_table_title(t, i - 1), STR(" at the end"), STR_NONE));
	}
	buf_adds(out, "</ul>\n");
}

static void put_moment(struct history *h, const struct moment *m, struct buf *out)
{
	escape_html(out, timestamp_day(h->arena, m->info.time));
	buf_printf(out, " (<code>%.10s</code>)", m->info.id.s);
}

static void put_header(struct history *h, struct str repository, struct buf *out)
{
	buf_adds(out, "<body>\n<a class=\"skip\" href=\"#timeline\">Skip to the timeline</a>\n<header>\n");
	if (repository.len) {
		buf_adds(out, "<p class=\"soft\">");
		escape_html(out, repository);
		buf_adds(out, "</p>\n");
	}
	buf_printf(out, "<h1>Components and findings over %zu commit%s</h1>\n<p class=\"soft\">From ", h->moments.n, h->moments.n == 1 ? "" : "s");
	put_moment(h, &h->moments.items[0], out);
	buf_adds(out, " to ");
	put_moment(h, &h->moments.items[h->moments.n - 1], out);
	buf_adds(out, h->judgement.matched ? ". All commits are judged with today's vulnerability data and today's policy: a mark tells which version has the "
					     "finding, not who could know of it then.</p>\n" :
					     ". No vulnerability data was given (<code>--db</code>): nothing is judged.</p>\n");
	buf_adds(out, "<nav aria-label=\"Parts\"><ul><li><a href=\"#numbers\">Numbers over time</a></li><li><a href=\"#timeline\">Timeline</a></li>"
		      "<li><a href=\"#commits\">Commits</a></li></ul></nav>\n</header>\n");
}

static void put_legend(struct history *h, struct buf *out)
{
	const struct ssvc_table *t = h->judgement.policy.table;

	if (!h->judgement.matched)
		return;
	buf_adds(out, "<ul class=\"legend\" aria-label=\"Marks on the bars: findings by outcome\">");
	for (unsigned i = t->outcome->nvalues; i > 0; i--) {
		buf_printf(out, "<li class=\"o o%u\">● ", page_rank(i - 1, t->outcome->nvalues));
		escape_html(out, ssvc_table_title(t, i - 1));
		buf_adds(out, "</li>");
	}
	buf_adds(out, "<li class=\"soft\">▸ still there at the end</li></ul>\n");
}

static void put_parts(struct history *h, struct buf *out)
{
	buf_adds(out, "<noscript><p>The tables below need the script in this file. <code>bomgate history -o table</code> and <code>-o json</code> have the "
		      "same data.</p></noscript>\n<h2 id=\"numbers\">Numbers over time</h2>\n<div class=\"charts\" id=\"charts\"></div>\n"
		      "<h2 id=\"timeline\">Timeline</h2>\n<div class=\"bar\"><div><label for=\"search\">Search</label><input type=\"search\" id=\"search\" "
		      "placeholder=\"package, version, CVE, commit\"></div><div id=\"outcome-box\"><label for=\"outcome\">Findings</label><select id=\"outcome\">"
		      "<option value=\"\">all components</option></select></div><div><label for=\"state\">State</label><select id=\"state\"><option value=\"\">all"
		      "</option></select></div><div><label for=\"axis\">Axis</label><select id=\"axis\"><option value=\"commits\">by commit</option>"
		      "<option value=\"dates\">by date</option></select></div></div>\n");
	put_legend(h, out);
	buf_adds(out, "<div id=\"timeline-table\"></div>\n<h2 id=\"commits\">Commits</h2>\n<div id=\"commits-table\"></div>\n</main>\n"
		      "<footer>Made by <code>bomgate history</code>.</footer>\n");
}

void history_html(struct history *h, struct buf *out)
{
	struct str repository = git_owner_name(h->arena, git_origin(h->git));
	struct buf json;

	page_head(out, style, script, repository.len ? arena_concat(h->arena, repository, STR(" over time"), STR_NONE) : STR("history"));
	put_header(h, repository, out);
	buf_adds(out, "<main>\n");
	put_tiles(h, out);
	put_parts(h, out);
	buf_init(&json, 0);
	history_json(h, true, &json);
	page_data(out, buf_str(&json));
	buf_free(&json);
	page_end(out, script);
}
