/* Loading: from the policy and the files that it names to statements, indexed by the ids of flaws. */
#include "decide/exceptions.h"

#include <stdarg.h>

#include "base/sha256.h"
#include "decide/exceptions_private.h"
#include "decide/policy_parse.h"
#include "source/source.h"
#include "syntax/json.h"

static const struct {
	const char *kind;
	bool (*read)(struct statement_file *f, const struct json *root);
} vex_readers[] = {
#define VEX_READER(fn, kind) { kind, vex_##fn },
#include "decide/vex.def"
#undef VEX_READER
};

static const struct {
	const char *kind, *name;
	bool (*read)(struct statement_file *f);
} ignore_readers[] = {
#define IGNORE_READER(fn, kind, name) { kind, name, ignore_##fn },
#include "decide/ignore_files.def"
#undef IGNORE_READER
};

const char *statement_word(enum statement_status s)
{
	static const char *const words[] = { "not affected", "fixed", "under investigation", "affected" };

	return words[s];
}

struct statement *statement_new(struct statement_file *f, size_t offset)
{
	struct statement *s = VEC_ADD(f->x->arena, &f->x->list);

	if (!f->line || offset < f->line_at) {
		f->line = 1;
		f->line_at = 0;
	}
	for (; f->line_at < offset && f->line_at < f->text.len; f->line_at++)
		f->line += f->text.s[f->line_at] == '\n';
	*s = (struct statement){ 0 }; /* the place may have held one of a file that was refused */
	s->shown = (struct lifted){ .kind = f->kind, .file = f->path, .line = offset == DIAG_NO_OFFSET ? 0 : f->line, .who = f->author,
				    .until = f->until_text };
	s->until = f->until;
	s->inherited = f->inherited;
	return s;
}

bool statement_wrong(struct statement_file *f, size_t offset, const char *fmt, ...)
{
	va_list ap;
	struct str text;

	va_start(ap, fmt);
	text = arena_vprintf(f->x->arena, fmt, ap);
	va_end(ap);
	diag_add(f->x->diags, SEV_ERROR, "usage.config", f->path, offset, "%.*s", STR_ARG(text));
	f->failed = true;
	return false;
}

struct named named_of(struct arena *a, struct str text)
{
	struct named n = { .text = text };
	struct str why;

	n.is_purl = str_starts_nocase(text, STR("pkg:")) && purl_parse(a, text, &n.purl, &why);
	return n;
}

void statement_about(struct arena *a, struct statement *s, struct named name)
{
	struct product *p = VEC_ADD(a, &s->products);

	*VEC_ADD(a, &p->names) = name;
}

void scanned_add(struct arena *a, struct scanned *s, struct str name)
{
	if (name.len)
		*VEC_ADD(a, &s->names) = named_of(a, name);
}

/* ---- ignore entries of the configuration */

static void take_ignore(struct exceptions *x, const struct policy *p)
{
	for (VEC_EACH(const struct ignore_entry, e, &p->ignore)) {
		struct statement *s = VEC_ADD(x->arena, &x->list);
		s->shown = (struct lifted){ "ignore", e->id, e->owner, e->reason, e->until, e->file, e->line };
		*VEC_ADD(x->arena, &s->ids) = e->id;
		s->until = e->until_time;
		s->paths = e->paths;
		s->service = e->service;
		if (e->component.s)
			statement_about(x->arena, s, named_of(x->arena, e->component));
	}
}

/* ---- files */

/* "acme/security//vex/a.json@SHA" for a path that an organisation's file names. */
static struct str beside(struct arena *a, struct str from, struct str path)
{
	size_t end = str_find(from, STR("//"), 0), at = str_rchr(from, '@');

	if (end == STR_NOT_FOUND || at == STR_NOT_FOUND || at < end)
		return path;
	return arena_printf(a, "%.*s//%.*s%.*s", STR_ARG(str_sub(from, 0, end)), STR_ARG(path), STR_ARG(str_from(from, at)));
}

static bool fetch(struct exceptions *x, const struct exceptions_io *io, struct str what, struct str from, unsigned line, struct str *text)
{
	struct str why = STR("no file can be read here");

	if (io && io->fetch && io->fetch(io->data, what, text, &why)) {
		*VEC_ADD(x->arena, &x->files) = (struct policy_file){ what, sha256_hex(x->arena, *text) };
		return true;
	}
	policy_diag(x->diags, SEV_ERROR, from, line, "%.*s could not be read: %.*s", STR_ARG(what), STR_ARG(why));
	return false;
}

static bool read_vex(struct statement_file *f)
{
	const char *error = NULL;
	size_t offset = 0;
	const struct json *root = json_parse(f->x->arena, f->text, &error, &offset);

	if (!root)
		return statement_wrong(f, offset, "no valid JSON: %s", error);
	for (size_t i = 0; i < sizeof vex_readers / sizeof vex_readers[0]; i++) {
		f->kind = vex_readers[i].kind;
		if (vex_readers[i].read(f, root))
			return true;
		if (f->failed)
			return false;
	}
	return statement_wrong(f, 0, "neither OpenVEX nor CycloneDX nor CSAF");
}

static bool author_allowed(const struct policy *p, const struct vex_source *v, struct str path, struct str author)
{
	for (VEC_EACH(const struct vex_source, o, &p->vex))
		if ((o == v || (str_eq(o->from, v->from) && path_glob(o->file, path))) && str_eq(o->author, author))
			return true;
	return false;
}

static bool load_vex_file(struct exceptions *x, const struct policy *p, const struct vex_source *v, struct str path, const struct exceptions_io *io)
{
	struct str what = beside(x->arena, v->from, path);
	struct statement_file f = { .x = x, .path = what, .until = v->until_time, .until_text = v->until, .inherited = !str_eq(v->from, p->file) };
	size_t first = x->list.n, diags = x->diags->n;
	bool good = fetch(x, io, what, v->from, v->line, &f.text) && read_vex(&f);

	if (good && !str_eq(f.author, v->author)) {
		/* Another entry may allow this author for the same glob: then that entry loads the file. */
		x->list.n = first;
		if (!author_allowed(p, v, path, f.author))
			good = statement_wrong(&f, 0, "its author is \"%.*s\"; the policy allows only \"%.*s\" (%.*s, line %u)",
					       STR_ARG(str_sub(f.author, 0, 80)), STR_ARG(v->author), STR_ARG(v->from), v->line);
	}
	if (!good)
		x->list.n = first;
	diag_locate(x->diags, diags, what, f.text);
	return good;
}

static bool load_vex(struct exceptions *x, const struct policy *p, const struct vex_source *v, const struct exceptions_io *io)
{
	struct str_list paths = { 0 };
	bool good = true;

	if (str_chr(v->file, '*') == STR_NOT_FOUND && str_chr(v->file, '?') == STR_NOT_FOUND && str_chr(v->file, '[') == STR_NOT_FOUND)
		return load_vex_file(x, p, v, v->file, io);
	if (!io || !io->list || !str_eq(v->from, p->file)) {
		policy_diag(x->diags, SEV_ERROR, v->from, v->line, "`vex`: no globs here; name the file: \"%.*s\"", STR_ARG(v->file));
		return false;
	}
	io->list(io->data, v->file, x->arena, &paths);
	if (!paths.n) {
		policy_diag(x->diags, SEV_ERROR, v->from, v->line, "`vex`: \"%.*s\" fits no file; correct or remove it", STR_ARG(v->file));
		return false;
	}
	for (size_t i = 0; i < paths.n; i++)
		good = load_vex_file(x, p, v, paths.items[i], io) && good;
	return good;
}

static bool load_ignore_file(struct exceptions *x, const struct policy *p, struct str path, const struct exceptions_io *io)
{
	size_t slash = str_rchr(path, '/'), diags = x->diags->n;
	struct str base = slash == STR_NOT_FOUND ? path : str_from(path, slash + 1);
	struct statement_file f = { .x = x, .path = path, .until = INT64_MAX };

	for (size_t i = 0; i < sizeof ignore_readers / sizeof ignore_readers[0]; i++) {
		if (!str_is(base, ignore_readers[i].name))
			continue;
		f.kind = ignore_readers[i].kind;
		if (!fetch(x, io, path, p->file, p->ignore_files_set.line, &f.text))
			return false;
		bool good = ignore_readers[i].read(&f) && !f.failed;
		diag_locate(x->diags, diags, path, f.text);
		return good;
	}
	policy_diag(x->diags, SEV_ERROR, p->file, p->ignore_files_set.line,
		    "`ignore_files`: \"%.*s\" is no ignore file that is known (.trivyignore, .trivyignore.yaml, osv-scanner.toml, .grype.yaml)",
		    STR_ARG(path));
	return false;
}

static void link_statement(struct exceptions *x, struct chain **to, uint32_t index)
{
	struct chain *c = ARENA_NEW(x->arena, struct chain);

	*c = (struct chain){ index, *to };
	*to = c;
}

/* Backwards, so that chains run in the order of the list. */
static void index_statements(struct exceptions *x)
{
	map_init(&x->by_id, x->arena);
	for (size_t i = x->list.n; i-- > 0;) {
		struct statement *s = &x->list.items[i];
		for (size_t k = 0; k < s->ids.n; k++) {
			struct map_entry *m = map_put(&x->by_id, arena_lower(x->arena, s->ids.items[k]), NULL);
			link_statement(x, (struct chain **)&m->value.ptr, (uint32_t)i);
		}
		if (!s->ids.n)
			link_statement(x, &x->any, (uint32_t)i);
	}
}

enum result exceptions_load(struct exceptions *x, struct arena *a, struct diags *d, const struct policy *p, const struct exceptions_io *io)
{
	bool good = true;

	*x = (struct exceptions){ .arena = a, .diags = d };
	take_ignore(x, p);
	for (VEC_EACH(const struct vex_source, v, &p->vex))
		good = load_vex(x, p, v, io) && good;
	for (size_t i = 0; i < p->ignore_files.n; i++)
		good = load_ignore_file(x, p, p->ignore_files.items[i], io) && good;
	index_statements(x);
	return good ? OK : FAILED;
}
