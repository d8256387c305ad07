/* Workflow commands that GitHub shows at the lockfile's line: at most ten of a type, the worst first, new before old; what was
 * there before the change gets none. */
#include "report/changes.h"
#include "report/escape.h"

#define MOST_OF_A_TYPE 10

static void begin(struct buf *out, const char *type, struct str file, uint32_t line, struct str title)
{
	bool first = true;

	buf_printf(out, "::%s", type);
	if (file.len) {
		buf_adds(out, " file=");
		escape_command_property(out, file);
		first = false;
		if (line)
			buf_printf(out, ",line=%u", line);
	}
	buf_adds(out, first ? " title=" : ",title=");
	escape_shortened(out, escape_command_property, title, 100);
	buf_adds(out, "::");
}

static void change_text(const struct report *r, const struct change_item *c, struct buf *out)
{
	const struct finding *f = c->findings.items[0];
	struct str alias = STR_NONE;

	escape_command_data(out, f->id);
	for (size_t i = 0; i < f->ids.n && !alias.len; i++)
		if (!str_eq(f->ids.items[i], f->id))
			alias = f->ids.items[i];
	if (alias.len) {
		buf_adds(out, " (");
		escape_command_data(out, alias);
		buf_addc(out, ')');
	}
	if (f->summary.len) {
		buf_addc(out, ' ');
		escape_shortened(out, escape_command_data, f->summary, 120);
	}
	escape_command_data(out, change_more(r, c));
	buf_adds(out, ".%0AWhy: ");
	escape_command_data(out, f->decision.rule.len ? f->decision.rule : decide_why(r->arena, &f->decision));
	buf_adds(out, ".");
	if (c->via.len && !str_is(c->via, "direct")) {
		buf_adds(out, "%0AComes in through ");
		escape_command_data(out, c->via);
		buf_addc(out, '.');
	} else if (c->via.len) {
		buf_adds(out, "%0AA direct dependency.");
	}
	if (c->service.len) {
		buf_adds(out, " Service ");
		escape_command_data(out, c->service);
		if (c->owner.len) {
			buf_adds(out, ", owner ");
			escape_command_data(out, c->owner);
		}
		buf_addc(out, '.');
	}
}

static void change_annotation(const struct report *r, const struct change_item *c, const char *type, struct buf *out)
{
	const struct component *component = &r->bom->components[c->component];
	struct str title = arena_printf(r->arena, "%.*s: %.*s %.*s -> %.*s%s", STR_ARG(report_level(r, c->level)),
					STR_ARG(component_title(r->arena, component)), STR_ARG(component->version),
					STR_ARG(c->to.len ? c->to : STR("no fix yet")), c->major ? " (major)" : "");

	begin(out, type, c->file, c->line, title);
	change_text(r, c, out);
	buf_addc(out, '\n');
}

/* Errors of the run: at most as many as are left, the rest counted. */
static size_t diagnostics(const struct report *r, enum severity severity, const char *type, size_t room, struct buf *out)
{
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < r->diags->n; i++) {
		const struct diag *d = &r->diags->items[i];
		if (d->severity != severity)
			continue;
		if (shown + 1 >= room) {
			more++;
			continue;
		}
		bool place = report_in_commit(d->input);
		begin(out, type, place ? d->input : STR_NONE, d->line, STR("bomgate"));
		escape_command_data(out, place || !d->input.len ? d->text : arena_concat(r->arena, d->input, STR(": "), d->text));
		buf_addc(out, '\n');
		shown++;
	}
	if (more && room) {
		begin(out, type, STR_NONE, 0, STR("bomgate"));
		buf_printf(out, "and %zu more: see the summary\n", more);
		shown++;
	}
	return shown;
}

static void note(const struct report_note *n, const char *type, struct buf *out)
{
	begin(out, type, STR_NONE, 0, STR("bomgate"));
	escape_command_data(out, n->text);
	if (n->yaml.len) {
		buf_adds(out, "%0AAdd to the workflow: ");
		escape_command_data(out, n->yaml);
	}
	buf_addc(out, '\n');
}

void report_annotations(const struct report *r, struct buf *out)
{
	struct changes list;
	size_t errors, warnings, closing = 0, shown = 0;

	changes_of(r, &list);
	errors = diagnostics(r, SEV_ERROR, "error", 5, out);
	for (size_t i = 0; i < list.n; i++)
		closing += list.items[i].closes && (!r->pull_request || list.items[i].is_new);
	for (size_t i = 0; i < list.n && shown < closing; i++) {
		const struct change_item *c = &list.items[i];
		if (!c->closes || (r->pull_request && !c->is_new))
			continue;
		if (errors + 1 >= MOST_OF_A_TYPE && closing - shown > 1) {
			begin(out, "error", STR_NONE, 0, STR("bomgate"));
			buf_printf(out, "and %zu more packages close the gate: see the summary\n", closing - shown);
			break;
		}
		change_annotation(r, c, "error", out);
		errors++;
		shown++;
	}
	warnings = diagnostics(r, SEV_WARNING, "warning", 5, out);
	for (size_t i = 0; i < list.n && warnings < MOST_OF_A_TYPE; i++) {
		const struct change_item *c = &list.items[i];
		if (c->closes || c->outcome < OUTCOME_SCHEDULED || !r->pull_request || !c->is_new)
			continue;
		change_annotation(r, c, "warning", out);
		warnings++;
	}
	for (size_t i = 0; i < r->notes.n && errors < MOST_OF_A_TYPE; i++) {
		if (!r->notes.items[i].failed)
			continue;
		note(&r->notes.items[i], "error", out);
		errors++;
	}
	size_t notices = diagnostics(r, SEV_NOTICE, "notice", 5, out);
	for (size_t i = 0; i < r->notes.n && notices < MOST_OF_A_TYPE; i++) {
		if (r->notes.items[i].failed)
			continue;
		note(&r->notes.items[i], "notice", out);
		notices++;
	}
	/* A step that fails says so itself: the runner prints nothing for an action. */
	if (r->gate->state != GATE_OPEN && errors == 0) {
		begin(out, "error", STR_NONE, 0, STR("bomgate"));
		struct buf verdict;
		buf_init(&verdict, 0);
		report_verdict(r, &verdict);
		escape_command_data(out, buf_str(&verdict));
		buf_free(&verdict);
		for (size_t i = 0; i < r->gate->reasons.n && i < 3; i++) {
			buf_adds(out, "%0A");
			escape_command_data(out, r->gate->reasons.items[i]);
		}
		buf_addc(out, '\n');
	}
}
