/* requirements.txt and constraints files (pip.pypa.io/en/stable/reference/requirements-file-format). */
#include "source/python.h"

struct line {
	struct str text; /* one logical line without its comment */
	struct str comment; /* a comment-only line's text, else absent */
	size_t offset;
	unsigned number;
};

struct scanner {
	struct reading *r;
	struct str text;
	size_t at;
	unsigned number;
	size_t wide; /* bytes a character in the file: 2 for UTF-16 */
};

/* UTF-16 with a byte order mark (PowerShell's `>` writes it) as UTF-8; other text as it is. */
static struct str to_utf8(struct reading *r, size_t *wide)
{
	const unsigned char *s = (const unsigned char *)r->text.s;
	bool little = r->text.len > 1 && s[0] == 0xff && s[1] == 0xfe, big = r->text.len > 1 && s[0] == 0xfe && s[1] == 0xff;

	*wide = 1;
	if (!little && !big)
		return r->text;
	*wide = 2;
	char *out = arena_alloc(r->arena, r->text.len * 2);
	size_t n = 0;
	for (size_t i = 2; i + 1 < r->text.len; i += 2) {
		unsigned c = little ? s[i] | (unsigned)s[i + 1] << 8 : s[i + 1] | (unsigned)s[i] << 8;
		if (c < 0x80) {
			out[n++] = (char)c;
		} else { /* only comments hold others: a place holder keeps the offsets */
			out[n++] = '?';
		}
	}
	return str_make(out, n);
}

static size_t place(const struct scanner *s, size_t offset)
{
	return s->wide == 2 ? offset * 2 + 2 : offset;
}

/* Where the comment of a line begins, or its length: '#' at the start or behind a blank. */
static size_t comment_start(struct str line)
{
	for (size_t at = 0; at < line.len; at++) {
		size_t hash = str_chr(str_from(line, at), '#');
		if (hash == STR_NOT_FOUND)
			break;
		at += hash;
		if (at == 0 || line.s[at - 1] == ' ' || line.s[at - 1] == '\t')
			return at;
	}
	return line.len;
}

static bool raw_line(struct scanner *s, struct str *line)
{
	if (s->at >= s->text.len)
		return false;
	struct str rest = str_from(s->text, s->at);
	size_t end = str_chr(rest, '\n');
	*line = end == STR_NOT_FOUND ? rest : str_sub(rest, 0, end);
	s->at += end == STR_NOT_FOUND ? rest.len : end + 1;
	s->number++;
	if (line->len && line->s[line->len - 1] == '\r')
		line->len--;
	return true;
}

static bool next_line(struct scanner *s, struct line *out)
{
	struct str line;

	*out = (struct line){ .offset = s->at, .number = s->number + 1 };
	if (!raw_line(s, &line))
		return false;
	size_t comment = comment_start(line);
	if (!str_trim(str_sub(line, 0, comment)).len && comment < line.len) {
		out->comment = str_trim(str_from(line, comment + 1));
		out->text = STR("");
		return true;
	}
	if (!(line.len && line.s[line.len - 1] == '\\' && comment == line.len)) {
		out->text = str_trim(str_sub(line, 0, comment));
		return true;
	}
	/* joined lines: copied once, whatever their number */
	size_t cap = line.len, n = 0;
	size_t save_at = s->at;
	unsigned save_number = s->number;
	struct str next = line;
	while (next.len && next.s[next.len - 1] == '\\' && raw_line(s, &next)) {
		cap += next.len + 1;
		if (comment_start(next) == 0 && next.len)
			break;
	}
	char *copy = arena_alloc(s->r->arena, cap + 2);
	s->at = save_at;
	s->number = save_number;
	for (next = line;;) {
		size_t end = comment_start(next);
		bool more = next.len && next.s[next.len - 1] == '\\' && end == next.len;
		size_t keep = more ? next.len - 1 : end;
		memcpy(copy + n, next.s, keep);
		n += keep;
		if (!more || !raw_line(s, &next))
			break;
		copy[n++] = ' ';
	}
	out->text = str_trim(str_make(copy, n));
	return true;
}

/* "-r x", "-rx", "--requirement x", "--requirement=x": the argument, or absent where it is not that option. */
static struct str option(struct str line, const char *letter, const char *word)
{
	struct str w = str_of(word);

	if (str_starts(line, w) && (line.len == w.len || line.s[w.len] == ' ' || line.s[w.len] == '=' || line.s[w.len] == '\t'))
		line = str_trim(str_from(line, w.len + (line.len > w.len)));
	else if (letter && str_starts(line, str_of(letter)) && !str_starts(line, STR("--")))
		line = str_trim(str_from(line, 2));
	else
		return STR_NONE;
	if (line.len > 1 && (line.s[0] == '"' || line.s[0] == '\'') && line.s[line.len - 1] == line.s[0])
		line = str_sub(line, 1, line.len - 2);
	return line;
}

static void add_hashes(struct reading *r, uint32_t c, struct str options, size_t offset)
{
	for (size_t at = 0; (at = str_find(options, STR("--hash"), at)) != STR_NOT_FOUND;) {
		struct str hash = str_trim(str_from(options, at + 6));
		if (hash.len && hash.s[0] == '=')
			hash = str_trim(str_from(hash, 1));
		size_t end = 0;
		while (end < hash.len && !ascii_blank(hash.s[end]))
			end++;
		hash = str_sub(hash, 0, end);
		if (!reading_digest(r, c, hash))
			reading_problem(r, offset, "\"%.*s\" is no hash", STR_ARG(str_sub(hash, 0, 80)));
		at += 6;
	}
}

/* A URL or path that is the whole requirement. */
static uint32_t add_location(struct reading *r, struct str where, size_t offset)
{
	size_t hash = str_chr(where, '#');
	struct str name = STR_NONE, version = STR_NONE, fragment = hash == STR_NOT_FOUND ? STR_NONE : str_from(where, hash + 1);
	struct str plain = hash == STR_NOT_FOUND ? where : str_sub(where, 0, hash);
	bool weak = false;

	for (struct str rest = fragment; rest.s;) {
		struct str part = str_cut(&rest, '&');
		if (str_starts(part, STR("egg="))) {
			struct python_requirement q;
			if (python_requirement(str_from(part, 4), &q))
				name = q.name;
		}
	}
	bool url = str_has(plain, STR("://"));
	if (!name.len && !python_archive_name(plain, &name, &version)) {
		if (!url)
			return NO_COMPONENT; /* a folder of the repository: its own manifest is read */
		size_t at = str_rchr(plain, '@'), host = str_find(plain, STR("://"), 0) + 3, slash = str_chr(str_from(plain, host), '/');
		bool ref = str_starts(plain, STR("git+")) && at != STR_NOT_FOUND && slash != STR_NOT_FOUND && at > host + slash;
		struct str tail = ref ? str_sub(plain, 0, at) : plain; /* an '@' of the host stands behind a user */
		if (str_ends(tail, STR(".git")))
			tail = str_sub(tail, 0, tail.len - 4);
		name = str_from(tail, str_rchr(tail, '/') + 1);
		weak = true;
	}
	if (!name.len)
		return NO_COMPONENT;
	uint32_t c = reading_add(r, STR_NONE, name, version, offset);
	python_url(r, c, where);
	r->bom->components[c].weak = weak;
	return c;
}

static bool looks_like_location(struct str text)
{
	struct python_requirement q;

	if (python_requirement(text, &q))
		return false;
	return str_has(text, STR("://")) || str_chr(text, '/') != STR_NOT_FOUND || str_chr(text, '\\') != STR_NOT_FOUND ||
	       str_starts(text, STR(".")) || str_ends(text, STR(".whl")) || str_starts(text, STR("file:"));
}

/* One requirement with its options; the component, or NO_COMPONENT. */
static uint32_t add_requirement(struct reading *r, struct pip_file *f, struct str text, size_t offset)
{
	struct python_requirement q;
	size_t options = str_find(text, STR(" --"), 0);
	struct str rest = options == STR_NOT_FOUND ? STR_NONE : str_from(text, options + 1);
	uint32_t c;

	if (options != STR_NOT_FOUND)
		text = str_trim(str_sub(text, 0, options));
	if (python_requirement(text, &q)) {
		c = reading_add(r, STR_NONE, q.name, STR_NONE, offset);
		python_describe(r, c, &q);
	} else if (looks_like_location(text)) {
		c = add_location(r, text, offset);
	} else {
		reading_problem(r, offset, "\"%.*s\" is no requirement that pip would take", STR_ARG(str_sub(text, 0, 100)));
		return NO_COMPONENT;
	}
	if (c == NO_COMPONENT)
		return c;
	add_hashes(r, c, rest, offset);
	name_index_add(&f->by_name, python_name(r->arena, r->bom->components[c].name), c, NULL);
	return c;
}

static bool quiet_option(struct str line)
{
	static const char *const known[] = { "-i", "--index-url", "--pypi-url", "--extra-index-url", "--no-index", "-f", "--find-links",
		"--no-binary", "--only-binary", "--prefer-binary", "--require-hashes", "--pre", "--trusted-host", "--use-feature",
		"--process-dependency-links", "--always-unzip", "-Z", "--allow-external", "--allow-unverified", "--no-deps" };

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (str_starts(line, str_of(known[i])))
			return true;
	return false;
}

static void add_include(struct reading *r, struct pip_file *f, struct str path, bool constraint, size_t offset)
{
	if (str_has(path, STR("://"))) {
		reading_warn(r, offset, "a file that lies elsewhere is included and was not read: \"%.*s\"", STR_ARG(str_sub(path, 0, 100)));
		return;
	}
	struct str whole = tree_resolve(r->arena, reading_dir(r), path);
	if (whole.len)
		*VEC_ADD(r->arena, &r->wants) = whole;
	*VEC_ADD(r->arena, &f->includes) = (struct pip_include){ tree_resolve(r->arena, reading_dir(r), path), constraint, offset };
}

/* Dev or test by the words of the file's name and folder below "requirements": a convention only. */
static unsigned scope_by_name(struct str path)
{
	static const struct {
		const char *word;
		unsigned scope;
	} words[] = { { "dev", SCOPE_DEV },   { "develop", SCOPE_DEV }, { "development", SCOPE_DEV }, { "test", SCOPE_TEST },
		      { "tests", SCOPE_TEST }, { "testing", SCOPE_TEST }, { "docs", SCOPE_DEV },       { "doc", SCOPE_DEV },
		      { "lint", SCOPE_DEV },  { "typing", SCOPE_DEV },	{ "build", SCOPE_BUILD } };
	size_t slash = str_rchr(path, '/');
	struct str base = slash == STR_NOT_FOUND ? path : str_from(path, slash + 1);
	unsigned scope = 0;

	for (size_t i = 0; i < base.len;) {
		size_t n = 0;
		while (i + n < base.len && ascii_alpha(base.s[i + n]))
			n++;
		for (size_t k = 0; n && k < sizeof words / sizeof words[0]; k++)
			if (str_eq_nocase(str_sub(base, i, n), str_of(words[k].word)))
				scope = words[k].scope;
		i += n ? n : 1;
	}
	return scope;
}

/* "# via" comments of pip-compile and uv: who needs the requirement above. Kept as (component, name) until all are known. */
struct via {
	uint32_t component;
	struct str by;
};
struct vias {
	VEC(struct via) list;
};

static void add_via(struct reading *r, struct vias *v, uint32_t c, struct str names)
{
	for (struct str rest = names; rest.s;) {
		struct str by = str_trim(str_cut(&rest, ','));
		if (by.len)
			*VEC_ADD(r->arena, &v->list) = (struct via){ c, by };
	}
}

static void resolve_vias(struct reading *r, struct pip_file *f, const struct vias *v)
{
	if (!v->list.n)
		return;
	f->told_direct = true;
	for (size_t i = 0; i < r->bom->ncomponents; i++)
		r->bom->components[i].direct_known = true;
	for (size_t i = 0; i < v->list.n; i++) {
		const struct via *one = &v->list.items[i];
		struct str by = one->by;
		size_t bracket = str_chr(by, '[');
		const struct name_entry *e;
		if (bracket != STR_NOT_FOUND)
			by = str_sub(by, 0, bracket);
		/* "-r requirements.in", "pyproject.toml (project)", "project (pyproject.toml)": a file, so the project asks for it */
		if (by.s[0] == '-' || str_chr(by, '(') != STR_NOT_FOUND || str_chr(by, '/') != STR_NOT_FOUND || str_ends(by, STR(".in")))
			r->bom->components[one->component].direct = true;
		else if ((e = name_index_get(&f->by_name, python_name(r->arena, by))))
			bom_depend(r->bom, e->component, one->component, DEPENDS_ON, 0);
	}
}

enum result source_pip_requirements(struct reading *r)
{
	struct pip_file *f = r->data = ARENA_NEW(r->arena, struct pip_file);
	struct scanner s = { .r = r };
	struct vias vias = { 0 };
	unsigned scope = scope_by_name(r->path);
	uint32_t last = NO_COMPONENT;
	bool in_via = false;
	struct line l;

	name_index_init(&f->by_name, r->arena);
	s.text = to_utf8(r, &s.wide);
	if (str_starts(s.text, STR("\xef\xbb\xbf")))
		s.at = 3;
	while (next_line(&s, &l)) {
		struct str include;
		size_t offset = place(&s, l.offset);
		if (l.comment.s) {
			if (str_starts(l.comment, STR("via")) && last != NO_COMPONENT && (l.comment.len == 3 || l.comment.s[3] == ' ')) {
				in_via = true;
				add_via(r, &vias, last, str_trim(str_from(l.comment, 3)));
			} else if (in_via && last != NO_COMPONENT) {
				add_via(r, &vias, last, l.comment);
			}
			continue;
		}
		if (!l.text.len)
			continue;
		in_via = false;
		last = NO_COMPONENT;
		if ((include = option(l.text, "-r", "--requirement")).s)
			add_include(r, f, include, false, offset);
		else if ((include = option(l.text, "-c", "--constraint")).s)
			add_include(r, f, include, true, offset);
		else if ((include = option(l.text, "-e", "--editable")).s)
			last = add_requirement(r, f, include, offset);
		else if (l.text.s[0] != '-')
			last = add_requirement(r, f, l.text, offset);
		else if (!quiet_option(l.text))
			reading_warn(r, offset, "the option \"%.*s\" is not known and was left out", STR_ARG(str_sub(l.text, 0, 60)));
	}
	for (size_t i = 0; i < r->bom->ncomponents; i++)
		r->bom->components[i].scope = scope;
	resolve_vias(r, f, &vias);
	return reading_done(r);
}
