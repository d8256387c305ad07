/* go.mod and go.work: go.dev/ref/mod#go-mod-file, go.dev/ref/mod#workspaces. */
#include "source/golang.h"

#include "syntax/lines.h"
#include "version/version.h"

void go_words(struct str line, struct go_words *w)
{
	size_t i = 0;

	*w = (struct go_words){ 0 };
	while (i < line.len) {
		char c = line.s[i];
		size_t start = i;
		struct str word;
		if (c == ' ' || c == '\t') {
			i++;
			continue;
		}
		if (c == '/' && i + 1 < line.len && line.s[i + 1] == '/') {
			w->comment = str_trim(str_from(line, i + 2));
			return;
		}
		if (c == '"' || c == '`') {
			size_t end = str_chr(str_from(line, i + 1), c);
			w->unclosed = w->unclosed || end == STR_NOT_FOUND;
			word = end == STR_NOT_FOUND ? str_from(line, i + 1) : str_sub(line, i + 1, end);
			i = end == STR_NOT_FOUND ? line.len : i + end + 2;
		} else if (c == '(' || c == ')') {
			word = str_sub(line, i++, 1);
		} else {
			while (i < line.len && line.s[i] != ' ' && line.s[i] != '\t' && line.s[i] != '(' && line.s[i] != ')' &&
			       !(line.s[i] == '/' && i + 1 < line.len && line.s[i + 1] == '/'))
				i++;
			word = str_sub(line, start, i - start);
		}
		if (w->n < GO_WORDS)
			w->word[w->n] = word;
		if (w->n <= GO_WORDS)
			w->n++;
	}
}

void go_split(struct str path, struct str *group, struct str *name)
{
	size_t slash = str_rchr(path, '/');

	*group = slash == STR_NOT_FOUND ? STR_NONE : str_sub(path, 0, slash);
	*name = slash == STR_NOT_FOUND ? path : str_from(path, slash + 1);
}

const struct go_replace *go_replacement(const struct go_mod *m, struct str path, struct str version)
{
	struct map_entry *e = m->replaces.n ? map_get(&m->replaced, path) : NULL;
	const struct go_replace *any = NULL;
	unsigned n = 0;

	for (uint32_t i = e ? (uint32_t)e->value.num : 0; i && n < NAME_CHAIN; i = m->replaces.items[i - 1].next, n++) {
		const struct go_replace *p = &m->replaces.items[i - 1];
		if (!p->old_version.len)
			any = p;
		else if (str_eq(p->old_version, version))
			return p;
	}
	return any;
}

void go_identify(struct reading *r, uint32_t c, struct str path, struct str version, const struct go_replace *by, struct str dir)
{
	bool local = by && !by->new_version.len;
	struct component *m = &r->bom->components[c];

	if (by && !local)
		go_split(by->new_path, &m->group, &m->name);
	else
		go_split(path, &m->group, &m->name);
	m->version = STR_NONE;
	m->declared = STR_NONE;
	if (local) /* a folder: the version that go.mod still names says nothing */
		reading_local(r, c, dir, by->new_path);
	else if (by ? by->new_version.s[0] == 'v' : version.len && version.s[0] == 'v')
		m->version = by ? by->new_version : version;
	else
		m->declared = by ? by->new_version : version; /* a branch or commit that `go mod tidy` would resolve */
	if (by && !local)
		bom_property(r->bom, c, "bomgate:replaces", arena_printf(r->arena, "%.*s@%.*s", STR_ARG(path), STR_ARG(version)));
}

static void replace(struct reading *r, struct go_mod *m, const struct str *w, size_t n, size_t offset)
{
	size_t arrow = n > 1 && str_is(w[1], "=>") ? 1 : n > 2 && str_is(w[2], "=>") ? 2 : 0;

	if (!arrow || n < arrow + 2 || n > arrow + 3) {
		reading_problem(r, offset, "a replace line has the form \"old [version] => new [version]\"");
		return;
	}
	*VEC_ADD(r->arena, &m->replaces) = (struct go_replace){ .old_path = w[0], .old_version = arrow == 2 ? w[1] : STR_NONE,
		.new_path = w[arrow + 1], .new_version = n == arrow + 3 ? w[arrow + 2] : STR_NONE, .offset = offset };
}

static bool quiet(struct str verb)
{
	return str_is(verb, "exclude") || str_is(verb, "retract") || str_is(verb, "godebug") || str_is(verb, "ignore");
}

/* One directive; w without the verb. */
static void directive(struct reading *r, struct go_mod *m, struct str verb, const struct str *w, size_t n, struct str comment,
		      size_t offset)
{
	if (quiet(verb))
		return;
	if (str_is(verb, "replace")) {
		replace(r, m, w, n, offset);
	} else if (str_is(verb, "require")) {
		if (n != 2) {
			reading_problem(r, offset, "a require line has the form \"path version\"");
			return;
		}
		*VEC_ADD(r->arena, &m->requires) = (struct go_require){ .path = w[0], .version = w[1], .offset = offset,
			.indirect = str_is(comment, "indirect") || str_starts(comment, STR("indirect;")) };
	} else if (str_is(verb, "tool") || str_is(verb, "use") || str_is(verb, "module") || str_is(verb, "go") ||
		   str_is(verb, "toolchain")) {
		if (n != 1) {
			reading_problem(r, offset, "\"%.*s\" takes exactly one word", STR_ARG(verb));
			return;
		}
		struct go_require one = { .path = w[0], .offset = offset };
		if (str_is(verb, "tool"))
			*VEC_ADD(r->arena, &m->tools) = one;
		else if (str_is(verb, "use"))
			*VEC_ADD(r->arena, &m->uses) = one;
		else if (str_is(verb, "module"))
			m->module = w[0], m->module_offset = offset;
		else if (str_is(verb, "go"))
			m->go = w[0], m->go_offset = offset;
		else
			m->toolchain = w[0], m->toolchain_offset = offset;
	} else {
		reading_warn(r, offset, "the directive \"%.*s\" is not known and was left out", STR_ARG(str_sub(verb, 0, 40)));
	}
}

static enum result read_directives(struct reading *r, struct go_mod *m)
{
	struct str block = STR_NONE;
	size_t block_offset = 0;
	struct go_words w;
	struct lines l;

	lines_open(&l, r->text);
	while (lines_next(&l)) {
		go_words(l.line, &w);
		size_t offset = l.offset;
		while (offset < l.offset + l.line.len && ascii_blank(r->text.s[offset]))
			offset++;
		if (w.unclosed) {
			reading_problem(r, offset, "a quote is not closed on its line");
			continue;
		}
		if (w.n == 0)
			continue;
		size_t n = w.n > GO_WORDS ? GO_WORDS : w.n;
		if (block.s && str_is(w.word[0], ")"))
			block = STR_NONE;
		else if (block.s)
			directive(r, m, block, w.word, n, w.comment, offset);
		else if (n == 2 && str_is(w.word[1], "("))
			block = w.word[0], block_offset = offset;
		else if (n == 3 && str_is(w.word[1], "(") && str_is(w.word[2], ")"))
			continue;
		else
			directive(r, m, w.word[0], w.word + 1, n - 1, w.comment, offset);
	}
	if (block.s)
		return reading_error(r, block_offset, "the block \"%.*s (\" is not closed: the file seems to be cut off",
				     STR_ARG(str_sub(block, 0, 40)));
	return OK;
}

/* The Go version of "go1.22.3", "1.21rc2", "1.21" or "go1.22.3-custom" (built from 1.22.3), by the grammar of go.dev/doc/toolchain:
 * absent where it is none ("default", "1"). `line`: it has no patch number, so it names a language version or, below 1.21, the
 * first release of one. */
static struct str go_version(struct str v, bool *line)
{
	size_t i = 0, numbers = 0;

	if (str_starts(v, STR("go")))
		v = str_from(v, 2);
	while (numbers < 3 && i < v.len && ascii_digit(v.s[i])) {
		while (i < v.len && ascii_digit(v.s[i]))
			i++;
		if (++numbers < 3 && i + 1 < v.len && v.s[i] == '.')
			i++;
	}
	size_t end = i;
	while (i < v.len && ascii_lower(v.s[i]) >= 'a' && ascii_lower(v.s[i]) <= 'z')
		i++;
	bool word = i > end;
	while (word && i < v.len && ascii_digit(v.s[i]))
		i++;
	*line = numbers == 2 && !word;
	return numbers >= 2 && (i == v.len || v.s[i] == '-') ? str_sub(v, 0, i) : STR_NONE;
}

/* The toolchain line names what builds the module, unless the go line asks for a newer one; both are minimums, the go line also of
 * those who only use the module. Without a patch number, which Go before 1.21 could not say, it is recorded as it stands. */
static uint32_t standard_library(struct reading *r, const struct go_mod *m)
{
	bool line = false, least_line = false;
	struct str version = go_version(m->toolchain, &line), least = go_version(m->go, &least_line);
	bool minimum = !version.len || (least.len && version_ordering(STR("Go"))->compare(version, least) == ORDER_LESS);
	size_t offset = minimum ? m->go_offset : m->toolchain_offset;

	if (minimum)
		version = least;
	if (!version.len)
		return NO_COMPONENT;
	uint32_t c = reading_add(r, STR_NONE, STR("stdlib"), version, offset);
	r->bom->components[c].direct = r->bom->components[c].direct_known = true;
	r->bom->components[c].scope = SCOPE_RUNTIME;
	if (minimum || line)
		bom_property(r->bom, c, "bomgate:certainty", STR("declared minimum"));
	return c;
}

/* The module that holds the tool's package: the longest path that it begins with. */
static struct go_require *tool_module(const struct map *by_path, struct str package)
{
	while (package.len) {
		struct map_entry *e = map_get(by_path, package);
		size_t slash = str_rchr(package, '/');
		if (e)
			return e->value.ptr;
		package = slash == STR_NOT_FOUND ? STR("") : str_sub(package, 0, slash);
	}
	return NULL;
}

static void index_replaces(struct reading *r, struct go_mod *m)
{
	map_init(&m->replaced, r->arena);
	for (size_t i = m->replaces.n; i-- > 0;) {
		struct map_entry *e = map_put(&m->replaced, m->replaces.items[i].old_path, NULL);
		m->replaces.items[i].next = (uint32_t)e->value.num;
		e->value.num = i + 1;
	}
}

enum result source_go_mod(struct reading *r)
{
	struct go_mod *m = r->data = ARENA_NEW(r->arena, struct go_mod);
	enum result result = read_directives(r, m);
	struct str group, name;

	if (result == FAILED)
		return result;
	index_replaces(r, m);
	go_split(m->module, &group, &name);
	uint32_t subject = reading_subject(r, name, STR_NONE);
	r->bom->components[subject].group = group;
	r->bom->components[subject].evidence.items[0].offset = m->module_offset;
	for (VEC_EACH(struct go_require, q, &m->requires)) {
		go_split(q->path, &group, &name);
		q->component = reading_add(r, group, name, q->version, q->offset);
		go_identify(r, q->component, q->path, q->version, go_replacement(m, q->path, q->version),
			    reading_dir(r));
		r->bom->components[q->component].direct_known = true;
		r->bom->components[q->component].direct = !q->indirect;
	}
	struct map by_path;
	map_init(&by_path, r->arena);
	for (VEC_EACH(struct go_require, all, &m->requires))
		map_put(&by_path, all->path, NULL)->value.ptr = all;
	for (VEC_EACH(const struct go_require, t, &m->tools)) {
		struct go_require *q = tool_module(&by_path, t->path);
		if (!q)
			continue; /* a tool of this module itself */
		r->bom->components[q->component].direct = true;
		bom_property(r->bom, q->component, "bomgate:tool", t->path);
	}
	for (VEC_EACH(const struct go_require, d, &m->requires))
		if (r->bom->components[d->component].direct)
			bom_depend(r->bom, subject, d->component, DEPENDS_ON, 0);
	uint32_t library = standard_library(r, m);
	if (library != NO_COMPONENT)
		bom_depend(r->bom, subject, library, DEPENDS_ON, SCOPE_RUNTIME);
	return reading_done(r);
}

enum result source_go_work(struct reading *r)
{
	struct go_mod *m = r->data = ARENA_NEW(r->arena, struct go_mod);
	enum result result = read_directives(r, m);

	if (result == FAILED)
		return result;
	index_replaces(r, m);
	standard_library(r, m);
	return reading_done(r);
}
