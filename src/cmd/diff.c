/* bomgate diff: what changed between two SBOMs, or two of anything that can be listed. */
#include "match/diff.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "cmd/collect.h"
#include "cmd/database.h"
#include "cmd/output.h"
#include "cmd/read_sbom.h"
#include "io/file.h"
#include "io/http.h"
#include "match/match.h"
#include "report/escape.h"
#include "syntax/json_writer.h"

const struct option_spec cmd_diff_options[] = {
	{ "output", 'o', "FORMAT[=FILE]", "table", "table or json", OPTION_REPEAT },
	{ "exit-code", 0, NULL, NULL, "exit 1 where components came, went or changed their version or licence, or findings came", OPTION_FLAG },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

struct finding_change {
	bool is_new;
	struct str id, package;
};

struct result_of_diff {
	struct invocation *in;
	struct bom *old, *new;
	struct diff diff;
	VEC(struct finding_change) findings;
};

/* An SBOM, or any other source. */
static struct bom *read_side(struct invocation *in, struct str what, int *code)
{
	struct arena *a = in->arena;
	struct str rest, scheme = collect_scheme(a, what, &rest);

	if (str_is(scheme, "sbom"))
		return read_sbom(in, a, rest, code);
	enum file_kind kind;
	if (str_eq(rest, what) && !file_kind(arena_cstr(a, what), &kind)) { /* as users of git write it */
		complain("%.*s: there is no such file or folder; a commit of the repository here is git:.@%.*s", STR_ARG(what), STR_ARG(what));
		*code = 2;
		return NULL;
	}
	struct collect_options o = { .timestamp = STR("0") };
	struct collected *c = ARENA_NEW(a, struct collected);
	struct diags *d = ARENA_NEW(a, struct diags);
	diag_init(d, a);
	*VEC_ADD(a, &o.sources) = what;
	enum result result = collect(a, d, &o, c);
	diag_sort(d);
	output_diagnostics(d, option_is(in, "verbose"), option_is(in, "quiet"));
	int worst = diag_exit_code(d);
	if (worst)
		*code = worst == 2 || *code == 0 ? worst : *code;
	if (result == FAILED)
		return NULL;
	collect_end(c);
	purl_complete_all(&c->bom);
	return &c->bom;
}

/* ---- findings */

static struct str finding_package(struct arena *a, const struct bom *b, uint32_t i)
{
	const struct component *c = i < b->ncomponents ? &b->components[i] : NULL;
	struct purl p;
	struct str why;

	if (!c)
		return STR_NONE;
	return c->purl.len && purl_parse(a, c->purl, &p, &why) ? fold_package(a, &p) : c->name;
}

static void add_finding(struct arena *a, struct map *m, struct str id, struct str package)
{
	if (!id.len)
		return;
	struct finding_change *f = ARENA_NEW(a, struct finding_change);
	*f = (struct finding_change){ .id = id, .package = package };
	map_put(m, arena_printf(a, "%.*s %.*s", STR_ARG(id), STR_ARG(package)), NULL)->value.ptr = f;
}

/* What the document itself says, unless a statement says that it is not affected. */
static void claims_of(struct arena *a, const struct bom *b, struct map *out)
{
	struct map refs;

	map_init(&refs, a);
	for (uint32_t i = 0; i < b->ncomponents; i++)
		if (b->components[i].ref.len)
			map_put(&refs, b->components[i].ref, NULL)->value.num = i;
	for (VEC_EACH(const struct claim, k, &b->claims)) {
		if (str_is(k->state, "not_affected") || str_is(k->state, "false_positive") || str_is(k->state, "resolved"))
			continue;
		if (!k->affects.n)
			add_finding(a, out, k->id, STR_NONE);
		for (VEC_EACH(const struct str, ref, &k->affects)) {
			struct map_entry *e = map_get(&refs, *ref);
			add_finding(a, out, k->id, e ? finding_package(a, b, (uint32_t)e->value.num) : *ref);
		}
	}
}

static bool findings_of(struct invocation *in, const struct bom *b, struct vuln_db *db, struct map *out, int *code)
{
	struct findings f = { 0 };
	struct diags d;

	map_init(out, in->arena);
	if (!db) {
		claims_of(in->arena, b, out);
		return true;
	}
	diag_init(&d, in->arena);
	enum result result = match_run(b, db, in->arena, &d, &f);
	output_diagnostics(&d, option_is(in, "verbose"), option_is(in, "quiet"));
	if (result == FAILED) {
		*code = 4;
		return false;
	}
	for (VEC_EACH(const struct finding, x, &f.list))
		add_finding(in->arena, out, x->id, finding_package(in->arena, b, x->component));
	return true;
}

static int compare_findings(const void *x, const void *y)
{
	const struct finding_change *a = x, *b = y;
	int n = (int)b->is_new - (int)a->is_new;

	if (!n)
		n = str_cmp(a->id, b->id);
	return n ? n : str_cmp(a->package, b->package);
}

static bool compare_all_findings(struct result_of_diff *r, int *code)
{
	struct invocation *in = r->in;
	struct database_choice choice = database_choose(in);
	struct vuln_db *db = NULL;
	struct map old, new;

	if (choice.places.len) {
		struct diags d;
		diag_init(&d, in->arena);
		db = database_open(in->arena, &choice, &d, NULL);
		output_diagnostics(&d, option_is(in, "verbose"), option_is(in, "quiet"));
		if (!db) {
			*code = 4;
			return false;
		}
	}
	bool good = findings_of(in, r->old, db, &old, code) && findings_of(in, r->new, db, &new, code);
	for (size_t i = 0; good && i < old.n; i++)
		if (!map_has(&new, old.entries[i].key))
			*VEC_ADD(in->arena, &r->findings) = *(struct finding_change *)old.entries[i].value.ptr;
	for (size_t i = 0; good && i < new.n; i++)
		if (!map_has(&old, new.entries[i].key)) {
			struct finding_change *f = VEC_ADD(in->arena, &r->findings);
			*f = *(struct finding_change *)new.entries[i].value.ptr;
			f->is_new = true;
		}
	if (r->findings.n)
		qsort(r->findings.items, r->findings.n, sizeof *r->findings.items, compare_findings);
	return good;
}

/* ---- output */

static void cell(struct buf *out, struct str s, size_t width)
{
	size_t before = out->len;

	escape_log(out, s);
	for (size_t n = out->len - before; n < width; n++)
		buf_addc(out, ' ');
	buf_adds(out, "  ");
}

static void write_table(struct result_of_diff *r, struct buf *out)
{
	const struct diff *d = &r->diff;
	size_t width = 12;

	for (VEC_EACH(const struct difference, x, &d->list))
		width = x->package.len > width && x->package.len <= 70 ? x->package.len : width;
	for (VEC_EACH(const struct difference, x, &d->list)) {
		cell(out, str_of(change_word(x->change)), 15);
		cell(out, x->package, width);
		escape_log(out, x->detail);
		buf_addc(out, '\n');
	}
	for (VEC_EACH(const struct finding_change, f, &r->findings)) {
		cell(out, f->is_new ? STR("finding-new") : STR("finding-gone"), 15);
		cell(out, f->package, width);
		escape_log(out, f->id);
		buf_addc(out, '\n');
	}
	buf_printf(out, "%zu in both (%zu of them written differently)", d->same, d->respelled);
	for (int c = 0; c < CHANGES; c++)
		if (d->count[c])
			buf_printf(out, ", %zu %s", d->count[c], change_word((enum change)c));
	buf_addc(out, '\n');
}

static void write_component(struct json_writer *w, const char *key, const struct bom *b, uint32_t i)
{
	if (i == NO_COMPONENT)
		return;
	const struct component *c = &b->components[i];
	json_put_key(w, key);
	json_begin_object(w);
	json_member_opt(w, "group", c->group);
	json_member_opt(w, "name", c->name);
	json_member_opt(w, "version", c->version);
	json_member_opt(w, "purl", c->purl);
	json_member_opt(w, "ref", c->ref);
	json_end_object(w);
}

static void write_side(struct json_writer *w, const char *key, const struct bom *b, struct str what)
{
	const struct document *d = &b->document;

	json_put_key(w, key);
	json_begin_object(w);
	json_member(w, "source", what);
	if (b->inputs.n == 1)
		json_member_opt(w, "sha256", b->inputs.items[0].sha256);
	if (d->generator < d->tools.n) {
		json_member_opt(w, "generator", d->tools.items[d->generator].name);
		json_member_opt(w, "generatorVersion", d->tools.items[d->generator].version);
	}
	json_member_int(w, "components", (long long)b->ncomponents);
	json_end_object(w);
}

static void write_json(struct result_of_diff *r, struct buf *out)
{
	struct json_writer w;
	const struct diff *d = &r->diff;

	json_writer_init(&w, out, false);
	json_begin_object(&w);
	write_side(&w, "old", r->old, r->in->arguments.items[0]);
	write_side(&w, "new", r->new, r->in->arguments.items[1]);
	json_member_bool(&w, "differentGenerators", d->two_tools);
	json_member_int(&w, "same", (long long)d->same);
	json_member_int(&w, "writtenDifferently", (long long)d->respelled);
	json_put_key(&w, "counts");
	json_begin_object(&w);
	for (int c = 0; c < CHANGES; c++)
		json_member_int(&w, change_word((enum change)c), (long long)d->count[c]);
	json_end_object(&w);
	json_put_key(&w, "changes");
	json_begin_array(&w);
	for (VEC_EACH(const struct difference, x, &d->list)) {
		json_begin_object(&w);
		json_member(&w, "change", str_of(change_word(x->change)));
		json_member(&w, "package", x->package);
		json_member_opt(&w, "detail", x->detail);
		write_component(&w, "old", r->old, x->old);
		write_component(&w, "new", r->new, x->new);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_put_key(&w, "findings");
	json_begin_array(&w);
	for (VEC_EACH(const struct finding_change, f, &r->findings)) {
		json_begin_object(&w);
		json_member(&w, "change", f->is_new ? STR("new") : STR("gone"));
		json_member(&w, "id", f->id);
		json_member_opt(&w, "package", f->package);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_end_object(&w);
	buf_addc(out, '\n');
}

static bool differs(const struct result_of_diff *r)
{
	for (int c = CHANGE_ADDED; c <= CHANGE_LICENCE; c++)
		if (r->diff.count[c])
			return true;
	return r->findings.n && r->findings.items[0].is_new;
}

int cmd_diff(struct invocation *in)
{
	struct result_of_diff r = { .in = in };
	struct outputs outputs;
	int code = 0;

	if (in->arguments.n != 2) {
		complain("diff takes two: OLD and NEW, each an SBOM or another source");
		return 2;
	}
	if (!outputs_own(in, "table|json", &outputs))
		return 2;
	http_set_offline(option_is(in, "offline"));
	r.old = read_side(in, in->arguments.items[0], &code);
	r.new = r.old ? read_side(in, in->arguments.items[1], &code) : NULL;
	if (!r.old || !r.new)
		return code ? code : 3;
	diff_boms(in->arena, r.old, r.new, &r.diff);
	if (!compare_all_findings(&r, &code))
		return code;
	for (VEC_EACH(const struct output, o, &outputs)) {
		struct buf text;
		buf_init(&text, 0);
		if (str_is(o->name, "json"))
			write_json(&r, &text);
		else
			write_table(&r, &text);
		if (!output_deliver(o, buf_str(&text)))
			code = 70;
		buf_free(&text);
	}
	return option_is(in, "exit-code") && differs(&r) && code != 2 && code != 70 ? 1 : code;
}
