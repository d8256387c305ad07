/* What a product's issue says. Nothing in it changes from day to day but what changed in the product: so it is only written anew then. */
#include "cmd/rescan.h"
#include "report/escape.h"

#define NAME_MOST 100
#define MOST_TITLE 200

static bool is_of(const struct rescan_row *row, const struct rescan_product *p)
{
	return row->level >= OUTCOME_OUT_OF_CYCLE && str_eq(row->field[FIELD_PRODUCT], p->name);
}

static size_t count(const struct rescan *r, const struct rescan_product *p, unsigned level)
{
	size_t n = 0;

	for (VEC_EACH(const struct rescan_row, row, &r->rows))
		n += is_of(row, p) && row->level == level;
	return n;
}

/* A title is plain text to GitHub; one line, and no mention of anybody. */
static void plain(struct buf *out, struct str s, size_t most)
{
	size_t start = out->len;

	escape_shortened(out, escape_log, s, most);
	for (size_t i = start; i < out->len; i++)
		if (out->s[i] == '@')
			out->s[i] = ' ';
}

struct str rescan_issue_title(struct arena *a, const struct rescan *r, const struct rescan_product *p)
{
	size_t immediate = count(r, p, OUTCOME_IMMEDIATE), soon = count(r, p, OUTCOME_OUT_OF_CYCLE);
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, "To be dealt with in ");
	plain(&b, p->name, NAME_MOST);
	if (immediate)
		buf_printf(&b, ": %zu Immediate", immediate);
	if (soon)
		buf_printf(&b, "%s %zu Out-of-cycle", immediate ? "," : ":", soon);
	if (!immediate && !soon)
		buf_adds(&b, ": nothing any more");
	struct str text = arena_str(a, str_sub(buf_str(&b), 0, MOST_TITLE + NAME_MOST));
	buf_free(&b);
	return text;
}

static void cell(struct buf *out, struct str s)
{
	escape_shortened(out, escape_markdown, s, NAME_MOST);
}

static void row_text(const struct rescan_row *row, struct buf *out)
{
	const struct str *v = row->field;

	buf_adds(out, row->newly ? "| **new** | " : "| | ");
	cell(out, v[FIELD_OUTCOME]);
	buf_adds(out, " | ");
	cell(out, v[FIELD_VERSION]);
	if (v[FIELD_SERVICE].len)
		buf_adds(out, ", service ");
	cell(out, v[FIELD_SERVICE]);
	buf_adds(out, " | ");
	cell(out, v[FIELD_ID]);
	buf_adds(out, " | ");
	cell(out, v[FIELD_COMPONENT]);
	buf_addc(out, ' ');
	cell(out, v[FIELD_COMPONENT_VERSION]);
	buf_adds(out, v[FIELD_FIXED].len ? " → " : "; no fixed version is known");
	cell(out, v[FIELD_FIXED]);
	buf_adds(out, row->not_patchable ? "; the product cannot be patched | " : " | ");
	escape_shortened(out, escape_markdown, v[FIELD_WHY], 2 * NAME_MOST);
	buf_adds(out, " | ");
	cell(out, v[FIELD_RECORDED]);
	buf_adds(out, " | ");
	cell(out, v[FIELD_RESPOND_BY]);
	if (v[FIELD_KEV_DUE].len)
		buf_adds(out, v[FIELD_RESPOND_BY].len ? "; KEV " : "KEV ");
	cell(out, v[FIELD_KEV_DUE]);
	buf_adds(out, row->exploited ? " | yes |\n" : " | |\n");
}

static void table(const struct rescan *r, const struct rescan_product *p, size_t most, struct buf *out)
{
	size_t left = 0;

	buf_adds(out, "| | outcome | version | id | component | why | decided then | due | exploited |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
	for (VEC_EACH(const struct rescan_row, row, &r->rows)) {
		size_t before = out->len;
		if (!is_of(row, p))
			continue;
		if (!left)
			row_text(row, out);
		if (left || out->len > most) { /* never half a row */
			out->len = before;
			left++;
		}
	}
	if (left)
		buf_printf(out, "\nand %zu more: the report of the rescan has them all.\n", left);
}

struct str rescan_issue_body(struct arena *a, const struct rescan *r, const struct rescan_product *p, size_t most)
{
	bool any = count(r, p, OUTCOME_IMMEDIATE) + count(r, p, OUTCOME_OUT_OF_CYCLE) > 0;
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, "Known vulnerabilities in ");
	cell(&b, p->name);
	buf_adds(&b, " by today's data and policy, as `bomgate rescan` found them in the stored SBOMs of its supported versions.");
	if (p->owner.len) {
		buf_adds(&b, " Owner: ");
		cell(&b, p->owner);
		buf_addc(&b, '.');
	}
	buf_adds(&b, "\n\n");
	if (any)
		table(r, p, most - 1000, &b);
	else
		buf_adds(&b, "Nothing is Out-of-cycle or Immediate any more.\n");
	buf_adds(&b, "\nThis text is written anew by each rescan that finds a change; the issue is closed when nothing of it is left, and stays closed where people close "
		     "it as *not planned*.\n");
	struct str text = arena_str(a, buf_str(&b));
	buf_free(&b);
	return text;
}
