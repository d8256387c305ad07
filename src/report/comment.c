/* The pull request comment: verdict, what to do, what this change fixed, and a link to the rest; GitHub takes 65,536 characters. One
 * line where there is nothing to say. */
#include "report/escape.h"
#include "report/summary.h"

#define COMMENT_MAX 60000
#define COMMENT_ROWS 25

/* A change has something to say where the gate is not open, or where it brings in or ends something that matters. */
static bool is_clean(const struct report *r)
{
	if (r->gate->state != GATE_OPEN || report_fixed_count(r))
		return false;
	for (size_t i = 0; i < r->findings->list.n; i++) {
		const struct finding *f = &r->findings->list.items[i];
		if (f->state == FINDING_NEW && !f->silenced && f->decision.outcome >= OUTCOME_SCHEDULED)
			return false;
	}
	return true;
}

static void link_to_run(const struct report *r, struct buf *out)
{
	if (!r->run_url.len)
		return;
	buf_adds(out, "[The whole summary and the artifact](");
	escape_url(out, r->run_url);
	buf_adds(out, ")");
}

static bool is_for_comment(const struct change_item *c)
{
	return c->closes || (c->is_new && c->outcome >= OUTCOME_SCHEDULED);
}

static void table(const struct report *r, struct buf *out)
{
	struct changes list;
	size_t n = 0, shown = 0;
	bool star = false;

	changes_of(r, &list);
	for (size_t i = 0; i < list.n; i++)
		n += is_for_comment(&list.items[i]);
	if (!n)
		return;
	summary_table_head(out);
	for (size_t i = 0; i < list.n && shown < COMMENT_ROWS && out->len < COMMENT_MAX - 8000; i++) {
		size_t before = out->len;
		if (!is_for_comment(&list.items[i]))
			continue;
		summary_change_row(r, &list.items[i], out);
		if (out->len > COMMENT_MAX - 4000) { /* never half a row */
			out->len = before;
			break;
		}
		star = star || summary_is_assumed(&list.items[i]);
		shown++;
	}
	if (star)
		summary_star(out);
	if (n > shown)
		buf_printf(out, "\n… and %zu more in the summary.\n", n - shown);
	buf_addc(out, '\n');
}

void report_comment(const struct report *r, struct buf *out)
{
	if (is_clean(r)) {
		buf_adds(out, COMMENT_CLEAN "\n✅ bomgate: ");
		report_verdict(r, out);
		buf_adds(out, ". ");
		link_to_run(r, out);
		buf_addc(out, '\n');
		return;
	}
	buf_adds(out, COMMENT_FINDINGS "\n");
	size_t start = out->len;
	summary_verdict(r, out);
	if (out->len - start > COMMENT_MAX / 4) { /* reasons without end: the summary has them */
		out->len = start;
		buf_adds(out, "## bomgate: ");
		report_verdict(r, out);
		buf_adds(out, "\n\n");
	}
	table(r, out);
	size_t before = out->len;
	summary_fixed(r, 20, out);
	if (out->len > COMMENT_MAX) {
		out->len = before;
		buf_printf(out, "%zu findings are fixed by this change.\n\n", report_fixed_count(r));
	}
	link_to_run(r, out);
	buf_addc(out, '\n');
}
