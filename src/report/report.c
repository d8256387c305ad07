#include "report/report.h"

#include "base/timestamp.h"

const struct report_row reports[] = {
#define REPORT(fn, name, file) { name, file, report_##fn },
#include "report/reports.def"
#undef REPORT
};
const size_t reports_n = sizeof reports / sizeof reports[0];

const struct report_row *report_by_name(struct str name)
{
	for (size_t i = 0; i < reports_n; i++)
		if (str_is(name, reports[i].name))
			return &reports[i];
	return NULL;
}

void report_number(struct buf *out, size_t n)
{
	char text[32];
	int len = 0;

	do {
		if (len % 4 == 3)
			text[len++] = ',';
		text[len++] = (char)('0' + n % 10);
	} while ((n /= 10) != 0 && len < 30);
	while (len)
		buf_addc(out, text[--len]);
}

struct str report_level(const struct report *r, unsigned level)
{
	const struct ssvc_table *t = r->policy->table;

	if (ssvc_table_is_dsoi(t))
		return str_of(outcome_title((enum outcome)level));
	return level < t->outcome->nvalues ? t->outcome->values[level].name : STR("?");
}

static const char *gate_title(enum gate_state s)
{
	static const char *const titles[] = {
		[GATE_OPEN] = "GATE OPEN",
		[GATE_CLOSED] = "GATE CLOSED",
		[GATE_INCOMPLETE] = "GATE CLOSED (input incomplete)",
		[GATE_STALE] = "GATE CLOSED (data missing or too old)",
		[GATE_ERROR] = "GATE CLOSED (error)",
	};
	return titles[s];
}

/* Findings that are not decided are among those that the verdict counts (by what was assumed); components are not. */
static void not_decided(const struct report *r, struct buf *out)
{
	size_t components = r->findings->undecided.n < r->gate->not_decided ? r->findings->undecided.n : r->gate->not_decided;
	size_t findings = r->gate->not_decided - components;

	if (!r->gate->not_decided)
		return;
	buf_adds(out, "; ");
	if (findings) {
		report_number(out, findings);
		buf_adds(out, components ? " of them and " : " of them");
	}
	if (components) {
		report_number(out, components);
		buf_adds(out, components == 1 ? " component" : " components");
	}
	buf_adds(out, " not decided");
}

void report_verdict(const struct report *r, struct buf *out)
{
	const struct ssvc_point *levels = r->policy->table->outcome;
	bool first = true;

	buf_printf(out, "%s ", gate_title(r->gate->state));
	for (unsigned i = levels->nvalues; i > 0; i--) {
		if (!r->gate->counts[i - 1])
			continue;
		buf_adds(out, first ? " " : ", ");
		report_number(out, r->gate->counts[i - 1]);
		buf_addc(out, ' ');
		buf_add(out, report_level(r, i - 1));
		if (first && r->pull_request && r->gate->closing_new) {
			buf_adds(out, " (");
			report_number(out, r->gate->closing_new);
			buf_adds(out, " new in this pull request)");
		}
		first = false;
	}
	if (first)
		buf_adds(out, r->findings->advisories_checked || r->gate->state == GATE_OPEN ? " no findings" : " nothing was decided");
	not_decided(r, out);
}

static size_t third_party(const struct bom *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->ncomponents; i++)
		n += !b->components[i].first_party && b->components[i].type != COMPONENT_FILE;
	return n;
}

void report_scanned(const struct report *r, struct buf *out)
{
	size_t files = 0;

	for (size_t i = 0; i < r->bom->inputs.n; i++)
		files += r->bom->inputs.items[i].state == INPUT_OK || r->bom->inputs.items[i].state == INPUT_PARTIAL;
	report_number(out, files);
	buf_adds(out, files == 1 ? " file, " : " files, ");
	report_number(out, third_party(r->bom));
	buf_adds(out, third_party(r->bom) == 1 ? " component, " : " components, ");
	if (r->data_date.len)
		buf_printf(out, "data of %.*s (%.*s old)", STR_ARG(r->data_date), STR_ARG(r->data_age));
	else
		buf_adds(out, "no vulnerability data");
	if (r->seconds >= 0)
		buf_printf(out, ", %.1f s", r->seconds);
}

bool report_in_commit(struct str file)
{
	return file.len && file.s[0] != '/' && !str_has(file, STR("://"));
}

struct str report_due(const struct report *r, const struct finding *f)
{
	const struct setting *within = r->policy && f->decision.level < SSVC_MAX_VALUES ? &r->policy->respond_within[f->decision.level] : NULL;
	int64_t from;

	if (!within || !within->set || f->silenced || !timestamp_parse(f->first_seen.len ? f->first_seen : r->timestamp, &from))
		return STR_NONE;
	return timestamp_text(r->arena, from + within->value);
}
