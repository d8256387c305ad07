/* PEP 503 names, PEP 508 requirements (packaging.python.org/specifications/dependency-specifiers). */
#include "source/python.h"

struct str python_name(struct arena *a, struct str name)
{
	char *out = arena_alloc(a, name.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < name.len; i++) {
		char c = ascii_lower(name.s[i]);
		if (c != '-' && c != '_' && c != '.')
			out[n++] = c;
		else if (n == 0 || out[n - 1] != '-')
			out[n++] = '-';
	}
	return str_make(out, n);
}

static bool name_character(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '-' || c == '_' || c == '.';
}

bool python_name_valid(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!name_character(name.s[i]))
			return false;
	return name.len && (ascii_alpha(name.s[0]) || ascii_digit(name.s[0]));
}

bool python_requirement(struct str text, struct python_requirement *out)
{
	struct python_requirement q = { 0 };
	size_t n = 0;

	text = str_trim(text);
	while (n < text.len && name_character(text.s[n]))
		n++;
	q.name = str_sub(text, 0, n);
	if (!python_name_valid(q.name))
		return false;
	text = str_trim(str_from(text, n));
	if (text.len && text.s[0] == '[') {
		size_t end = str_chr(text, ']');
		if (end == STR_NOT_FOUND)
			return false;
		q.extras = str_trim(str_sub(text, 1, end - 1));
		text = str_trim(str_from(text, end + 1));
	}
	if (text.len && text.s[0] == '@') {
		text = str_trim(str_from(text, 1));
		size_t blank = str_find(text, STR(" ;"), 0); /* a URL may hold ';': a marker needs a blank before it */
		q.url = blank == STR_NOT_FOUND ? text : str_trim(str_sub(text, 0, blank));
		q.marker = blank == STR_NOT_FOUND ? STR_NONE : str_trim(str_from(text, blank + 2));
		*out = q;
		return q.url.len > 0;
	}
	size_t semicolon = str_chr(text, ';');
	q.spec = semicolon == STR_NOT_FOUND ? text : str_trim(str_sub(text, 0, semicolon));
	q.marker = semicolon == STR_NOT_FOUND ? STR_NONE : str_trim(str_from(text, semicolon + 1));
	if (q.spec.len > 1 && q.spec.s[0] == '(' && q.spec.s[q.spec.len - 1] == ')')
		q.spec = str_trim(str_sub(q.spec, 1, q.spec.len - 2));
	if (q.spec.len && !strchr("<>=!~", q.spec.s[0]))
		return false;
	*out = q;
	return true;
}

struct str python_pin(struct str spec)
{
	for (struct str rest = spec; rest.s;) {
		struct str clause = str_trim(str_cut(&rest, ','));
		if (!str_starts(clause, STR("==")))
			continue;
		clause = str_trim(str_from(clause, str_starts(clause, STR("===")) ? 3 : 2));
		if (clause.len && str_chr(clause, '*') == STR_NOT_FOUND && str_chr(clause, '$') == STR_NOT_FOUND &&
		    str_chr(clause, ' ') == STR_NOT_FOUND)
			return clause;
	}
	return STR_NONE;
}

bool python_archive_name(struct str file, struct str *name, struct str *version)
{
	static const char *const ends[] = { ".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".zip" };
	size_t slash = str_rchr(file, '/');

	if (slash != STR_NOT_FOUND)
		file = str_from(file, slash + 1);
	if (str_ends(file, STR(".whl"))) {
		struct str rest = file;
		*name = str_cut(&rest, '-');
		*version = rest.s ? str_cut(&rest, '-') : STR_NONE;
		return rest.s && python_name_valid(*name) && version->len && ascii_digit(version->s[0]);
	}
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		struct str end = str_of(ends[i]);
		if (!str_ends(file, end))
			continue;
		file = str_sub(file, 0, file.len - end.len);
		size_t dash = str_rchr(file, '-');
		if (dash == STR_NOT_FOUND)
			return false;
		*name = str_sub(file, 0, dash);
		*version = str_from(file, dash + 1);
		return python_name_valid(*name) && version->len && ascii_digit(version->s[0]);
	}
	return false;
}

static bool is_commit(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (ascii_hex(s.s[i]) < 0)
			return false;
	return s.len == 40 || s.len == 64;
}

void python_url(struct reading *r, uint32_t c, struct str url)
{
	size_t hash = str_chr(url, '#'), scheme, at;
	struct str fragment = hash == STR_NOT_FOUND ? STR_NONE : str_from(url, hash + 1), name, version;

	if (hash != STR_NOT_FOUND)
		url = str_sub(url, 0, hash);
	for (struct str rest = fragment; rest.s;) {
		struct str part = str_cut(&rest, '&');
		if (str_starts(part, STR("subdirectory=")))
			component_add_more(r->arena, &r->bom->components[c])->subpath = str_from(part, 13);
		else if (!str_starts(part, STR("egg=")))
			reading_digest(r, c, part);
	}
	if (str_starts(url, STR("file:")) || str_find(url, STR("://"), 0) == STR_NOT_FOUND) {
		if (str_starts(url, STR("file://")))
			url = str_from(url, 7);
		else if (str_starts(url, STR("file:")))
			url = str_from(url, 5);
		if (python_archive_name(url, &name, &version))
			bom_property(r->bom, c, "bomgate:path", url);
		else
			reading_local(r, c, reading_dir(r), url);
		return;
	}
	scheme = str_chr(url, '+');
	if (scheme != STR_NOT_FOUND && scheme < str_find(url, STR("://"), 0)) { /* "git+https://…@ref", hg, svn, bzr */
		struct str ref = STR_NONE;
		size_t path = str_find(url, STR("://"), 0) + 3, slash = str_chr(str_from(url, path), '/');
		at = str_rchr(url, '@');
		if (at != STR_NOT_FOUND && slash != STR_NOT_FOUND && at > path + slash) {
			ref = str_from(url, at + 1);
			url = str_sub(url, 0, at);
		}
		reading_vcs(r, c, str_starts(url, STR("git+")) ? url : str_from(url, scheme + 1), is_commit(ref) ? ref : STR_NONE);
		if (ref.len && !is_commit(ref))
			bom_property(r->bom, c, "bomgate:ref", ref);
		return;
	}
	r->bom->components[c].download = url;
	if (!r->bom->components[c].version.len && python_archive_name(url, &name, &version))
		r->bom->components[c].version = version;
}

void python_describe(struct reading *r, uint32_t c, const struct python_requirement *q)
{
	struct component *m = &r->bom->components[c];
	struct str pin = python_pin(q->spec);

	if (pin.len)
		m->version = pin;
	else if (!q->url.len)
		m->declared = q->spec.len ? q->spec : STR("*");
	if (q->url.len)
		python_url(r, c, q->url);
	if (q->extras.len)
		bom_property(r->bom, c, "bomgate:extras", q->extras);
	if (q->marker.len)
		bom_property(r->bom, c, "bomgate:marker", q->marker);
}

unsigned python_group_scope(struct str group)
{
	if (str_is(group, "main") || str_is(group, "default"))
		return SCOPE_RUNTIME;
	return str_has(group, STR("test")) ? SCOPE_TEST : SCOPE_DEV;
}

uint32_t python_need(struct reading *r, struct python_manifest *m, struct str text, unsigned scope, size_t offset)
{
	struct python_requirement q;

	if (!python_requirement(text, &q)) {
		reading_problem(r, offset, "\"%.*s\" is no requirement by PEP 508", STR_ARG(str_sub(text, 0, 100)));
		return NO_COMPONENT;
	}
	uint32_t c = reading_add(r, STR_NONE, q.name, STR_NONE, offset);
	python_describe(r, c, &q);
	r->bom->components[c].scope = scope;
	r->bom->components[c].direct = r->bom->components[c].direct_known = true;
	*VEC_ADD(r->arena, &m->needs) = (struct python_need){ python_name(r->arena, q.name), scope, c };
	return c;
}

void python_lock_init(struct reading *r, struct python_lock *l)
{
	*l = (struct python_lock){ 0 };
	name_index_init(&l->by_name, r->arena);
}

bool python_edge(struct reading *r, const struct python_lock *l, uint32_t from, struct str name, unsigned scope)
{
	const struct name_entry *e = name_index_get(&l->by_name, python_name(r->arena, name));

	reading_edges(r, from, e, scope);
	return e != NULL;
}

void python_files(struct reading *r, uint32_t c, const struct value *files)
{
	for (VALUE_EACH(f, files)) {
		struct str hash = f->type == VALUE_TABLE ? member_string(r, f, "hash") : value_text(f);
		if (hash.len && !reading_digest(r, c, hash))
			reading_problem(r, f->offset, "\"%.*s\" is no hash", STR_ARG(str_sub(hash, 0, 80)));
	}
}
