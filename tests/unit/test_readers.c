/* The golden files of all readers: tests/golden/source/<row>/<case>/ holds a small tree of input files and expected.txt, what
 * the readers and joins make of it. With UPDATE=1 in the environment expected.txt is written anew (read it before you commit).
 * Every input is then cut at every byte and flipped at every byte (large ones at places of a fixed seed): any result or
 * diagnostic is fine, a crash, a hang or a failure without a diagnostic is not. */
#include "test.h"

#include "base/buf.h"
#include "io/file.h"
#include "source/source.h"

#define ROOT "tests/golden/source"
#define WHOLE_SWEEP 2048 /* bytes: up to here every place is tried */
#define PLACES 512

struct golden {
	struct arena *arena;
	VEC(struct str) paths; /* below the case's folder */
	VEC(struct str) texts;
};

static void collect(struct golden *g, const char *root, struct str below)
{
	struct file_entries list = { 0 };
	struct str why, dir = below.len ? file_join(g->arena, str_of(root), below) : str_of(root);

	if (!file_list(g->arena, arena_cstr(g->arena, dir), &list, &why)) {
		test_check(0, arena_printf(g->arena, "%s: %.*s", root, STR_ARG(why)).s, __FILE__, __LINE__);
		return;
	}
	for (VEC_EACH(struct file_entry, e, &list)) {
		struct str path = below.len ? file_join(g->arena, below, e->name) : e->name, text;
		if (e->kind == FILE_FOLDER) {
			collect(g, root, path);
			continue;
		}
		if (str_is(path, "expected.txt"))
			continue;
		CHECK(file_read(g->arena, file_join(g->arena, str_of(root), path).s, 16 << 20, &text, &why));
		*VEC_ADD(g->arena, &g->paths) = path;
		*VEC_ADD(g->arena, &g->texts) = text;
	}
}

static int by_path(const void *x, const void *y)
{
	return str_cmp(((const struct part *)x)->path, ((const struct part *)y)->path);
}

/* Parses all files of the case (file `changed`, if below n, with other bytes) and runs the joins. */
static void read_all(struct golden *g, struct arena *a, size_t changed, struct str bytes, struct tree *t, struct diags *diags)
{
	diag_init(diags, a);
	*t = (struct tree){ .arena = a, .diags = diags };
	for (size_t i = 0; i < g->paths.n; i++) {
		const struct reader *row = reader_for(g->paths.items[i]);
		struct str text = i == changed ? bytes : g->texts.items[i];
		if (!row)
			continue;
		struct part p = source_parse(a, diags, row, g->paths.items[i], text);
		*VEC_ADD(a, &t->parts) = p;
	}
	for (size_t i = 0; i < t->parts.n; i++) /* what others include, as the scan does it */
		for (size_t k = 0; k < t->parts.items[i].wants.n; k++)
			for (size_t f = 0; f < g->paths.n; f++)
				if (str_eq(g->paths.items[f], t->parts.items[i].wants.items[k]) && !reader_for(g->paths.items[f])) {
					struct part p = source_parse(a, diags, t->parts.items[i].reader, g->paths.items[f],
								     f == changed ? bytes : g->texts.items[f]);
					if (t->parts.n < 2 * g->paths.n)
						*VEC_ADD(a, &t->parts) = p;
				}
	if (t->parts.n)
		qsort(t->parts.items, t->parts.n, sizeof *t->parts.items, by_path);
	for (size_t i = 0; i < joins_n; i++)
		joins[i].run(t);
}

static void show(struct buf *b, const char *name, struct str value)
{
	if (value.s)
		buf_printf(b, " %s=%.*s", name, STR_ARG(value));
}

static void show_component(struct buf *b, struct arena *a, const struct bom *bom, size_t i)
{
	const struct component *c = &bom->components[i];

	buf_printf(b, "  [%zu] %.*s%s%.*s", i, STR_ARG(c->group), c->group.len ? "/" : "", STR_ARG(c->name));
	if (c->version.s)
		buf_printf(b, " %.*s", STR_ARG(c->version));
	if (bom->subject == i)
		buf_adds(b, " subject");
	if (c->type != COMPONENT_LIBRARY)
		show(b, "type", str_of(component_type_cyclonedx(c->type)));
	show(b, "declared", c->declared);
	if (!str_eq(c->ecosystem, bom->inputs.items[0].ecosystem))
		show(b, "ecosystem", c->ecosystem);
	show(b, "purl-type", c->purl_type);
	for (VEC_EACH(const struct property, q, &c->qualifiers))
		buf_printf(b, " ?%.*s=%.*s", STR_ARG(q->name), STR_ARG(q->value));
	show(b, "subpath", component_more(c)->subpath);
	if (c->scope)
		show(b, "scope", scope_text(a, c->scope));
	if (c->direct_known)
		buf_adds(b, c->direct ? " direct" : " transitive");
	buf_adds(b, c->first_party ? " first-party" : "");
	buf_adds(b, c->weak ? " weak" : "");
	show(b, "alias", c->alias);
	show(b, "download", c->download);
	show(b, "vcs", c->vcs);
	show(b, "commit", c->commit);
	show(b, "description", c->description);
	for (VEC_EACH(const struct hash, h, &c->hashes))
		buf_printf(b, " %.*s=%.*s", STR_ARG(h->algorithm), STR_ARG(h->value));
	for (VEC_EACH(const struct licence, l, &c->licences))
		show(b, l->kind == LICENCE_EXPRESSION ? "licence-expression" : "licence", l->value);
	for (VEC_EACH(const struct property, p, &c->properties))
		buf_printf(b, " {%.*s=%.*s}", STR_ARG(p->name), STR_ARG(p->value));
	for (VEC_EACH(const struct evidence, e, &c->evidence))
		buf_printf(b, " :%u", e->line);
	buf_addc(b, '\n');
}

static void show_part(struct buf *b, struct arena *a, const struct part *p)
{
	static const char *const states[] = { "ok", "partial", "failed", "skipped" };

	buf_printf(b, "%.*s %s %s%s\n", STR_ARG(p->path), p->reader->name, states[p->bom->inputs.items[0].state],
		   p->covered ? " covered" : "");
	for (size_t i = 0; i < p->bom->ncomponents; i++)
		show_component(b, a, p->bom, i);
	for (VEC_EACH(const struct dependency, d, &p->bom->dependencies)) {
		buf_printf(b, "  %u %s %u", d->from, d->kind == CONTAINS ? "contains" : "->", d->to);
		if (d->scope)
			show(b, "scope", scope_text(a, d->scope));
		buf_addc(b, '\n');
	}
}

static void show_all(struct buf *b, struct tree *t)
{
	static const char *const severities[] = { "notice", "warning", "error" };

	for (VEC_EACH(const struct part, p, &t->parts))
		show_part(b, t->arena, p);
	for (size_t i = 0; i < t->diags->n; i++) {
		const struct diag *d = &t->diags->items[i];
		buf_printf(b, "%s %s %.*s:%u:%u %.*s\n", severities[d->severity], d->code, STR_ARG(d->input), d->line, d->column,
			   STR_ARG(d->text));
	}
}

static bool has_error(const struct diags *d, struct str path)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->items[i].severity == SEV_ERROR && str_eq(d->items[i].input, path))
			return true;
	return false;
}

/* One changed input: it must be read, or be told about. */
static void try_bytes(struct golden *g, size_t file, const char *bytes, size_t n)
{
	struct arena *a = arena_new(0);
	char *tight = malloc(n ? n : 1); /* so that a byte too far is seen */
	struct diags diags;
	struct tree t;

	memcpy(tight, bytes, n);
	read_all(g, a, file, str_make(tight, n), &t, &diags);
	for (VEC_EACH(const struct part, p, &t.parts)) {
		bool told = has_error(&diags, p->path);
		if (p->bom->inputs.items[0].state != INPUT_OK && !told)
			test_check(0, arena_printf(a, "%.*s of %zu bytes: failed without an error", STR_ARG(p->path), n).s, __FILE__,
				   __LINE__);
		for (VEC_EACH(const struct dependency, d, &p->bom->dependencies))
			if ((d->from >= p->bom->ncomponents && d->from != NO_COMPONENT) ||
			    (d->to >= p->bom->ncomponents && d->to != NO_COMPONENT))
				test_check(0, "an edge leads nowhere", __FILE__, __LINE__);
	}
	free(tight);
	arena_free(a);
}

static void sweep(struct golden *g)
{
	static const char flips[] = { '"', '\0', (char)0xff, '{', '\n', ' ', '9' };
	unsigned seed = 1;

	for (size_t f = 0; f < g->paths.n; f++) {
		struct str text = g->texts.items[f];
		size_t tries = text.len <= WHOLE_SWEEP ? text.len : PLACES;
		char *copy = malloc(text.len + 1);
		if (!reader_for(g->paths.items[f])) {
			free(copy);
			continue;
		}
		for (size_t i = 0; i < tries; i++) {
			seed = seed * 1103515245u + 12345u;
			size_t at = text.len <= WHOLE_SWEEP ? i : (seed >> 8) % text.len;
			try_bytes(g, f, text.s, at);
			memcpy(copy, text.s, text.len);
			copy[at] = flips[(seed >> 16) % sizeof flips];
			try_bytes(g, f, copy, text.len);
		}
		free(copy);
	}
}

/* Parts are used again for another commit, as `history` does it: brought back to the moment behind the parsing, they must come out of
 * the joins alike. */
static void twice(struct golden *g, const char *dir)
{
	struct arena *a = arena_new(0), *tree_arena = arena_new(0);
	struct buf out[2];
	struct diags diags;
	VEC(struct part) parsed = { 0 };

	diag_init(&diags, tree_arena);
	for (size_t i = 0; i < g->paths.n; i++) {
		const struct reader *row = reader_for(g->paths.items[i]);
		if (!row)
			continue;
		struct part p = source_parse(a, &diags, row, g->paths.items[i], g->texts.items[i]);
		*VEC_ADD(tree_arena, &parsed) = p;
	}
	struct arena_snapshot *behind_parsing = arena_snapshot(a);
	for (int run = 0; run < 2; run++) {
		struct tree t = { .arena = tree_arena, .diags = &diags };
		arena_restore(a, behind_parsing);
		for (size_t i = 0; i < parsed.n; i++)
			*VEC_ADD(tree_arena, &t.parts) = parsed.items[i];
		if (t.parts.n)
			qsort(t.parts.items, t.parts.n, sizeof *t.parts.items, by_path);
		for (size_t i = 0; i < joins_n; i++)
			joins[i].run(&t);
		buf_init(&out[run], 0);
		for (VEC_EACH(const struct part, p, &t.parts))
			show_part(&out[run], tree_arena, p);
	}
	if (!str_eq(buf_str(&out[0]), buf_str(&out[1]))) {
		printf("first:\n%.*s\nsecond:\n%.*s\n", STR_ARG(buf_str(&out[0])), STR_ARG(buf_str(&out[1])));
		test_check(0, arena_printf(tree_arena, "%s: the joins give the same a second time", dir).s, __FILE__, __LINE__);
	}
	buf_free(&out[0]);
	buf_free(&out[1]);
	arena_snapshot_free(behind_parsing);
	arena_free(a);
	arena_free(tree_arena);
}

static void one_case(const char *dir)
{
	struct golden g = { .arena = arena_new(0) };
	struct str expected, why, name = arena_printf(g.arena, "%s/expected.txt", dir);
	struct diags diags;
	struct tree t;
	struct buf out;
	int before = test_failed_here;

	collect(&g, dir, STR(""));
	buf_init(&out, 0);
	read_all(&g, g.arena, SIZE_MAX, STR_NONE, &t, &diags);
	show_all(&out, &t);
	if (t.parts.n == 0)
		test_check(0, arena_printf(g.arena, "%s: no reader wants any of its files", dir).s, __FILE__, __LINE__);
	if (getenv("UPDATE")) {
		CHECK(file_write_atomic(name.s, buf_str(&out), &why));
	} else if (!file_read(g.arena, name.s, 16 << 20, &expected, &why)) {
		test_check(0, arena_printf(g.arena, "%s is there (UPDATE=1 writes it)", name.s).s, __FILE__, __LINE__);
	} else if (!str_eq(expected, buf_str(&out))) {
		struct str got = buf_str(&out);
		while (got.s && expected.s) { /* the first line that differs */
			struct str x = str_cut(&got, '\n'), y = str_cut(&expected, '\n');
			if (!str_eq(x, y)) {
				printf("got  %.*s\nwant %.*s\n", STR_ARG(x), STR_ARG(y));
				break;
			}
		}
		test_check(0, arena_printf(g.arena, "%s is what the readers say", name.s).s, __FILE__, __LINE__);
	}
	twice(&g, dir);
	if (!getenv("NO_SWEEP"))
		sweep(&g);
	printf("%s %s\n", test_failed_here == before ? "ok" : "not ok", dir);
	buf_free(&out);
	arena_free(g.arena);
}

static void golden(void)
{
	struct arena *a = arena_new(0);
	struct file_entries rows = { 0 };
	struct str why, only = str_of(getenv("ROW"));
	size_t n = 0;

	CHECK(file_list(a, ROOT, &rows, &why));
	for (VEC_EACH(struct file_entry, row, &rows)) {
		struct str dir = file_join(a, STR(ROOT), row->name);
		struct file_entries cases = { 0 };
		if (only.len && !str_has(row->name, only))
			continue;
		CHECK(file_list(a, dir.s, &cases, &why));
		for (VEC_EACH(struct file_entry, c, &cases)) {
			one_case(file_join(a, dir, c->name).s);
			n++;
		}
	}
	CHECK(n > 0);
	arena_free(a);
}

TEST_MAIN(TEST_CASE(golden))
