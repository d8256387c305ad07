/* Which row reads a path, and how one file is read: limits, conflict markers, roll-back of what failed. */
#include "base/sha256.h"
#include "source/source.h"
#include "syntax/lines.h"

/* One bracket expression at g[*i] ('['); moves *i behind it. A missing ']' makes the '[' an ordinary character. */
static bool in_brackets(struct str g, size_t *i, char c, bool *is_set)
{
	size_t at = *i + 1;
	bool negated = at < g.len && (g.s[at] == '!' || g.s[at] == '^'), found = false, first = true;

	at += negated;
	for (; at < g.len && (first || g.s[at] != ']'); first = false) {
		if (at + 2 < g.len && g.s[at + 1] == '-' && g.s[at + 2] != ']') {
			found = found || (c >= g.s[at] && c <= g.s[at + 2]);
			at += 3;
		} else {
			found = found || c == g.s[at];
			at++;
		}
	}
	*is_set = at < g.len;
	if (*is_set)
		*i = at + 1;
	return found != negated;
}

/* The classic two-pointer match with one place to come back to per kind of star, so that no glob is exponential. */
static bool glob_whole(struct str g, struct str p)
{
	size_t gi = 0, pi = 0, star_g = SIZE_MAX, star_p = 0, deep_g = SIZE_MAX, deep_p = 0;

	for (;;) {
		if (gi < g.len && g.s[gi] == '*') {
			if (gi + 1 < g.len && g.s[gi + 1] == '*') {
				while (gi < g.len && g.s[gi] == '*')
					gi++;
				if (gi < g.len && g.s[gi] == '/') /* "**" with its slash also stands for no folder at all */
					gi++;
				deep_g = gi;
				deep_p = pi;
				star_g = SIZE_MAX;
			} else {
				star_g = ++gi;
				star_p = pi;
			}
			continue;
		}
		if (pi == p.len && gi == g.len)
			return true;
		if (pi < p.len && gi < g.len) {
			char c = p.s[pi];
			size_t next = gi + 1;
			bool is_set = false, fits = g.s[gi] == c || (g.s[gi] == '?' && c != '/');
			if (g.s[gi] == '[') {
				size_t after = gi;
				bool in = in_brackets(g, &after, c, &is_set);
				if (is_set) {
					fits = in && c != '/';
					next = after;
				}
			} else if (g.s[gi] == '\\' && gi + 1 < g.len) {
				fits = g.s[gi + 1] == c;
				next = gi + 2;
			}
			if (fits) {
				gi = next;
				pi++;
				continue;
			}
		}
		if (star_g != SIZE_MAX && star_p < p.len && p.s[star_p] != '/') {
			gi = star_g;
			pi = ++star_p;
			continue;
		}
		if (deep_g != SIZE_MAX && deep_p < p.len) {
			/* "**" + "/" begins at the start of a part; a "**" at the glob's end takes everything */
			deep_p++;
			if (deep_g > 0 && g.s[deep_g - 1] == '/')
				while (deep_p < p.len && p.s[deep_p - 1] != '/')
					deep_p++;
			gi = deep_g;
			pi = deep_p;
			star_g = SIZE_MAX;
			continue;
		}
		return false;
	}
}

bool path_glob(struct str glob, struct str path)
{
	if (str_chr(glob, '/') == STR_NOT_FOUND) {
		size_t slash = str_rchr(path, '/');
		return glob_whole(glob, slash == STR_NOT_FOUND ? path : str_from(path, slash + 1));
	}
	return glob_whole(str_starts(glob, STR("/")) ? str_from(glob, 1) : glob, path);
}

/* A row's glob with '/' fits any tail of the path that begins at a folder. */
static bool row_fits(struct str glob, struct str path)
{
	if (path_glob(glob, path))
		return true;
	if (str_chr(glob, '/') == STR_NOT_FOUND)
		return false;
	for (size_t at; (at = str_chr(path, '/')) != STR_NOT_FOUND;) {
		path = str_from(path, at + 1);
		if (glob_whole(glob, path))
			return true;
	}
	return false;
}

bool reader_fits(const char *files, struct str path)
{
	for (struct str rest = str_of(files); rest.s;) {
		struct str glob = str_cut(&rest, '|');
		if (glob.len && row_fits(glob, path))
			return true;
	}
	return false;
}

const struct reader *reader_for(struct str path)
{
	for (size_t i = 0; i < readers_n; i++)
		if (!(readers[i].flags & READER_BINARY) && reader_fits(readers[i].files, path))
			return &readers[i];
	return NULL;
}

const struct reader *reader_named(struct str name)
{
	for (size_t i = 0; i < readers_n; i++)
		if (str_is(name, readers[i].name))
			return &readers[i];
	return NULL;
}

static void split_path(struct part *p)
{
	size_t slash = str_rchr(p->path, '/');

	p->dir = slash == STR_NOT_FOUND ? STR("") : str_sub(p->path, 0, slash);
	p->base = slash == STR_NOT_FOUND ? p->path : str_from(p->path, slash + 1);
}

static enum result parse_checked(struct reading *r, const struct reader *row)
{
	size_t conflict;

	if (row->max_bytes && r->text.len > row->max_bytes)
		return reading_error(r, DIAG_NO_OFFSET,
				     "the file has %zu bytes, more than the %zu that are read; exclude it in the configuration if it is no real input",
				     r->text.len, row->max_bytes);
	if (!(row->flags & (READER_BINARY | READER_BYTES)) && (conflict = lines_conflict(r->text)) != STR_NOT_FOUND)
		return reading_error(r, conflict, "there is a merge conflict in the file; resolve it and commit again");
	return row->parse(r);
}

/* Lines from offsets, for all evidence of the part: the line at every 1,024th byte in one pass, the rest counted from there, so that no
 * order of components is slow. */
#define LINE_STEP 1024

static void number_lines(struct bom *b, struct str text)
{
	size_t marks_n = text.len / LINE_STEP + 1;
	struct arena_mark scratch = arena_mark(b->arena);
	uint32_t *marks = b->ncomponents ? arena_array(b->arena, marks_n, sizeof *marks) : NULL;

	for (size_t i = 0; marks && i < marks_n; i++)
		marks[i] = i ? marks[i - 1] + (uint32_t)str_count(str_sub(text, (i - 1) * LINE_STEP, LINE_STEP), '\n') : 1;
	for (size_t i = 0; i < b->ncomponents; i++) {
		struct component *c = &b->components[i];
		for (size_t k = 0; k < c->evidence.n; k++) {
			struct evidence *e = &c->evidence.items[k];
			size_t want = e->offset < text.len ? e->offset : text.len, mark = want / LINE_STEP;
			if (!e->line)
				e->line = marks[mark] + (uint32_t)str_count(str_sub(text, mark * LINE_STEP, want - mark * LINE_STEP), '\n');
		}
	}
	arena_pop(b->arena, scratch);
}

#define LARGE_TEXT ((size_t)128 << 10) /* its tree takes three times as much */

struct part source_parse(struct arena *a, struct diags *diags, const struct reader *row, struct str path, struct str text)
{
	struct part p = { .reader = row, .path = path, .text = text };
	size_t first_diag = diags->n;

	split_path(&p);
	p.bom = bom_new(a, diags);
	struct input *in = VEC_ADD(a, &p.bom->inputs);
	*in = (struct input){ .path = path, .reader = str_of(row->name), .size = text.len, .ecosystem = str_of(row->ecosystem),
			      .manifest = (row->flags & READER_DECLARED) != 0 };
	in->sha256 = sha256_hex(a, text);
	struct reading r = { .bom = p.bom, .arena = a, .scratch = arena_new(0), .path = path, .text = text };
	if (text.len >= LARGE_TEXT)
		arena_expect_much(r.scratch);
	enum result result = parse_checked(&r, row);
	arena_free(r.scratch);
	if (result == FAILED) { /* roll back: half of a file is worse than a clear error */
		struct input kept = *in;
		bom_init(p.bom, a, diags);
		in = VEC_ADD(a, &p.bom->inputs);
		*in = kept;
		p.failed = true;
	}
	p.data = result == FAILED ? NULL : r.data;
	p.wants.items = r.wants.items;
	p.wants.n = p.wants.cap = result == FAILED ? 0 : r.wants.n;
	in->state = result == OK ? INPUT_OK : result == PARTIAL ? INPUT_PARTIAL : INPUT_FAILED;
	in->components = (uint32_t)p.bom->ncomponents;
	p.bom->incomplete = p.bom->incomplete || result != OK;
	diag_locate(diags, first_diag, path, text);
	if (!(row->flags & (READER_BINARY | READER_BYTES)))
		number_lines(p.bom, text);
	return p;
}
