#include "cmd/output.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/sort.h"
#include "cmd/version_info.h"
#include "io/file.h"
#include "report/escape.h"
#include "report/report.h"

static void list_purls(struct arena *a, const struct bom *b, struct buf *out);
static void list_table(struct arena *a, const struct bom *b, struct buf *out);

static void list_github(struct arena *a, const struct bom *b, struct buf *out);

static const struct {
	const char *name;
	void (*write)(struct arena *a, const struct bom *b, struct buf *out);
} lists[] = {
	{ "github", list_github },
	{ "purls", list_purls },
	{ "table", list_table },
};

static bool is_list(struct str name)
{
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if (str_is(name, lists[i].name))
			return true;
	return false;
}

/* "a|b|c" as people write it: "a, b" and `last` before the c. */
static struct str words_of(struct arena *a, const char *names, const char *last)
{
	struct str rest = str_of(names), all = str_cut(&rest, '|');

	while (rest.s) {
		struct str word = str_cut(&rest, '|');
		all = arena_printf(a, "%.*s%s%.*s", STR_ARG(all), rest.s ? ", " : last, STR_ARG(word));
	}
	return all;
}

static void complain_of_format(struct arena *a, struct str name, const char *others)
{
	struct str known = STR("");

	for (size_t i = 0; i < formats_n; i++)
		known = arena_printf(a, "%.*s%s, ", STR_ARG(known), formats[i].name);
	complain("-o %.*s: no such format; there are %.*spurls, table, github%s%.*s", STR_ARG(name), STR_ARG(known), others ? ", " : "",
		 STR_ARG(others ? words_of(a, others, ", ") : STR("")));
}

static bool parse_one(struct invocation *in, struct str text, const char *others, struct output *o)
{
	struct str rest = text;

	*o = (struct output){ 0 };
	struct str what = str_cut(&rest, '=');
	o->file = rest;
	rest = what;
	o->name = str_cut(&rest, '@');
	o->version = rest;
	o->format = format_by_name(o->name);
	if (!o->format && !is_list(o->name) && !str_one_of(str_of(others), o->name)) {
		complain_of_format(in->arena, o->name, others);
		return false;
	}
	if (o->file.s && !o->file.len) {
		complain("-o %.*s: there is no file name after the `=`", STR_ARG(text));
		return false;
	}
	if (o->version.s && (!o->format || !format_has_version(o->format, o->version))) {
		complain("-o %.*s: %.*s is not written in version %.*s%s%s", STR_ARG(text), STR_ARG(o->name), STR_ARG(o->version),
			 o->format ? "; there are " : "", o->format ? o->format->versions : "");
		return false;
	}
	if (o->format && !o->version.s)
		o->version = str_of(o->format->default_version);
	return true;
}

bool outputs_parse(struct invocation *in, const char *otherwise, const char *others, struct outputs *out)
{
	*out = (struct outputs){ 0 };
	size_t to_stdout = 0;
	for (size_t i = 0; option_nth(in, "output", i).s; i++) {
		struct output *o = VEC_ADD(in->arena, out);
		if (!parse_one(in, option_nth(in, "output", i), others, o))
			return false;
		to_stdout += !o->file.s;
	}
	if (to_stdout > 1) {
		complain("only one -o can go to standard output; write -o FORMAT=FILE");
		return false;
	}
	return out->n || parse_one(in, str_of(otherwise), others, VEC_ADD(in->arena, out));
}

bool outputs_own(struct invocation *in, const char *names, struct outputs *out)
{
	struct str rest = str_of(names), otherwise = str_cut(&rest, '|'), text;

	for (size_t i = 0; (text = option_nth(in, "output", i)).s; i++) {
		struct str name = str_cut(&text, '=');
		if (!str_one_of(str_of(names), name)) {
			complain("-o %.*s: %s writes %.*s", STR_ARG(name), in->command->name, STR_ARG(words_of(in->arena, names, " or ")));
			return false;
		}
	}
	return outputs_parse(in, arena_cstr(in->arena, otherwise), names, out);
}

bool output_render(struct arena *a, const struct output *o, const struct bom *b, struct losses *losses, struct buf *out)
{
	if (o->format) {
		/* An arena of the writer's own: it marks and pops, and losses live longer. */
		struct arena *own = arena_new(0);
		struct format_writing w = { .bom = b, .arena = own, .version = o->version, .losses = losses, .out = out };
		bool done = o->format->write(&w) != FAILED && !out->full;
		arena_free(own);
		return done;
	}
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if (str_is(o->name, lists[i].name))
			lists[i].write(a, b, out);
	return !out->full;
}

bool output_deliver(const struct output *o, struct str bytes)
{
	struct str why;

	if (!o->file.s) {
		if (fwrite(bytes.s, 1, bytes.len, stdout) == bytes.len)
			return true;
		complain("standard output could not be written");
		return false;
	}
	char path[4096];
	snprintf(path, sizeof path, "%.*s", STR_ARG(o->file));
	if (o->file.len < sizeof path && file_write_atomic(path, bytes, &why))
		return true;
	complain("%s could not be written: %.*s", path, STR_ARG(why));
	return false;
}

static bool drain_to_file(void *context, struct str bytes)
{
	return file_writer_put(context, bytes);
}

static bool drain_to_stdout(void *context, struct str bytes)
{
	(void)context;
	return fwrite(bytes.s, 1, bytes.len, stdout) == bytes.len;
}

bool output_write(struct arena *a, const struct output *o, const struct bom *b, struct losses *losses)
{
	struct file_writer file;
	struct str why = STR_NONE;
	struct buf text;
	bool done = true;

	buf_init(&text, 0);
	text.drain = o->file.s ? drain_to_file : drain_to_stdout;
	text.context = &file;
	if (o->file.s && !file_writer_begin(&file, arena_cstr(a, o->file), &why)) {
		complain("%.*s could not be written: %.*s", STR_ARG(o->file), STR_ARG(why));
		return false;
	}
	done = output_render(a, o, b, losses, &text) && text.drain(&file, buf_str(&text));
	if (o->file.s) {
		done = file_writer_end(&file, done, &why) && done;
		if (why.len)
			complain("%.*s could not be written: %.*s", STR_ARG(o->file), STR_ARG(why));
	}
	buf_free(&text);
	return done;
}

#define MOST_NOTICES 5

void output_diagnostics(const struct diags *d, bool verbose, bool quiet)
{
	size_t notices = 0;
	static const char *const words[] = { "notice", "warning", "error" };
	struct buf line;

	buf_init(&line, 0);
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *it = &d->items[i];
		if (it->severity != SEV_ERROR && quiet)
			continue;
		if (it->severity == SEV_NOTICE && !verbose && notices++ >= MOST_NOTICES)
			continue;
		buf_reset(&line);
		if (it->input.len) {
			escape_log(&line, it->input);
			if (it->line)
				buf_printf(&line, ":%u:%u", it->line, it->column);
			buf_adds(&line, ": ");
		}
		escape_log(&line, it->text);
		fprintf(stderr, "bomgate: %s: %.*s\n", words[it->severity], STR_ARG(buf_str(&line)));
	}
	if (notices > MOST_NOTICES)
		fprintf(stderr, "bomgate: %zu more notices; -v shows them\n", notices - MOST_NOTICES);
	buf_free(&line);
}

void output_report_losses(const struct output *o, const struct losses *l)
{
	if (!l->list.n)
		return;
	fprintf(stderr, "bomgate: %.*s %.*s has no field for:\n", STR_ARG(o->name), STR_ARG(o->version));
	for (VEC_EACH(const struct loss, it, &l->list))
		fprintf(stderr, "  %.*s (%zu): %s\n", STR_ARG(it->what), it->count,
			it->kept ? "kept in properties or annotations" : "left out");
}

void output_name_converter(struct bom *b)
{
	struct document *d = &b->document;
	const struct tool *last = d->tools.n ? &d->tools.items[d->tools.n - 1] : NULL;

	if (!d->standard.s || (last && str_is(last->name, "bomgate") && str_is(last->version, BOMGATE_VERSION)))
		return;
	*VEC_ADD(b->arena, &d->tools) = (struct tool){ .name = STR("bomgate"), .version = STR(BOMGATE_VERSION) };
}

static int compare(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* The dependency snapshot of what was never judged: the commit as the document has it. */
static void list_github(struct arena *a, const struct bom *b, struct buf *out)
{
	struct report r = { .arena = a, .bom = b, .version = BOMGATE_VERSION, .timestamp = b->document.timestamp };

	for (size_t i = 0; i < b->document.properties.n; i++)
		if (str_is(b->document.properties.items[i].name, "bomgate:commit"))
			r.commit = b->document.properties.items[i].value;
	report_github(&r, out);
}

static void list_purls(struct arena *a, const struct bom *b, struct buf *out)
{
	VEC(struct str) purls = { 0 };

	for (size_t i = 0; i < b->ncomponents; i++)
		if (b->components[i].purl.len && !b->components[i].first_party)
			*VEC_ADD(a, &purls) = b->components[i].purl;
	sort_items(a, purls.items, purls.n, sizeof *purls.items, compare);
	for (size_t i = 0; i < purls.n; i++) {
		if (i && str_eq(purls.items[i], purls.items[i - 1]))
			continue;
		escape_log(out, purls.items[i]);
		buf_addc(out, '\n');
	}
}

struct row {
	struct str name, version, ecosystem, scope, place;
};

static int compare_rows(const void *x, const void *y)
{
	const struct row *a = x, *b = y;
	int d = str_cmp(a->ecosystem, b->ecosystem);

	if (!d)
		d = str_cmp(a->name, b->name);
	if (!d)
		d = str_cmp(a->version, b->version);
	return d ? d : str_cmp(a->place, b->place);
}

static void cell(struct buf *out, struct str s, size_t width, bool last)
{
	size_t before = out->len;

	escape_log(out, s);
	for (size_t n = out->len - before; n < width && !last; n++)
		buf_addc(out, ' ');
	buf_adds(out, last ? "\n" : "  ");
}

static void list_table(struct arena *a, const struct bom *b, struct buf *out)
{
	VEC(struct row) rows = { 0 };
	size_t widths[4] = { 4, 7, 9, 5 };

	for (size_t i = 0; i < b->ncomponents; i++) {
		const struct component *c = &b->components[i];
		if (c->first_party || c->type == COMPONENT_FILE)
			continue;
		struct row *r = VEC_ADD(a, &rows);
		r->name = c->group.len ? arena_concat(a, c->group, STR("/"), c->name) : c->name;
		r->version = c->version.len ? c->version : c->declared;
		r->ecosystem = c->ecosystem.len ? c->ecosystem : c->purl_type;
		r->scope = scope_text(a, c->scope);
		if (c->evidence.n && c->evidence.items[0].input < b->inputs.n)
			r->place = arena_printf(a, "%.*s:%u", STR_ARG(b->inputs.items[c->evidence.items[0].input].path), c->evidence.items[0].line);
		const size_t lens[4] = { r->name.len, r->version.len, r->ecosystem.len, r->scope.len };
		for (size_t k = 0; k < 4; k++)
			widths[k] = lens[k] > widths[k] && lens[k] <= 60 ? lens[k] : widths[k];
	}
	sort_items(a, rows.items, rows.n, sizeof *rows.items, compare_rows);
	const struct row head = { STR("NAME"), STR("VERSION"), STR("ECOSYSTEM"), STR("SCOPE"), STR("WHERE") };
	for (size_t i = 0; i <= rows.n; i++) {
		const struct row *r = i ? &rows.items[i - 1] : &head;
		cell(out, r->name, widths[0], false);
		cell(out, r->version, widths[1], false);
		cell(out, r->ecosystem, widths[2], false);
		cell(out, r->scope, widths[3], false);
		cell(out, r->place, 0, true);
	}
}
