/* Helpers that every reader and join uses: diagnostics at a place of the file, components, paths of a tree. */
#include "source/source.h"

__attribute__((format(printf, 4, 0)))
static void report(struct reading *r, const char *code, size_t offset, const char *fmt, va_list ap)
{
	struct str path = r->path;
	struct str text = arena_vprintf(r->arena, fmt, ap);

	diag_add(r->bom->diags, SEV_ERROR, code, path, offset, "%.*s", STR_ARG(text));
	r->bom->incomplete = true;
}

enum result reading_error(struct reading *r, size_t offset, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(r, "input.syntax", offset, fmt, ap);
	va_end(ap);
	return FAILED;
}

enum result reading_problem(struct reading *r, size_t offset, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(r, "input.entry", offset, fmt, ap);
	va_end(ap);
	return PARTIAL;
}

enum result reading_unknown_version(struct reading *r, size_t offset, struct str version)
{
	struct str shown = version.len > 60 ? str_sub(version, 0, 60) : version;

	diag_add(r->bom->diags, SEV_ERROR, "input.version", r->path, offset,
		 "version \"%.*s\" of this format is not known to this bomgate: update bomgate, or write the file with an older tool",
		 STR_ARG(shown));
	r->bom->incomplete = true;
	return FAILED;
}

/* Control characters and endless names never stand in an honest lockfile: they aim at whoever prints them. */
static bool hostile(struct str s)
{
	if (s.len > LIMIT_NAME)
		return true;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.s[i] < 0x20 || s.s[i] == 0x7f)
			return true;
	return false;
}

static struct str bounded(struct str s)
{
	return s.len > LIMIT_NAME ? str_sub(s, 0, LIMIT_NAME) : s;
}

uint32_t reading_add(struct reading *r, struct str group, struct str name, struct str version, size_t offset)
{
	struct component *c = bom_add(r->bom);
	uint32_t index = bom_index(r->bom, c);

	if (hostile(name) || hostile(version) || hostile(group))
		reading_problem(r, offset, "the name or version of a component holds control characters or is longer than %d bytes: "
					   "no registry takes such a name, check where this line comes from", LIMIT_NAME);
	else if (name.len == 0)
		reading_problem(r, offset, "a component without a name");
	c->group = group.len ? bounded(group) : STR_NONE;
	c->name = bounded(name);
	c->version = version.len ? bounded(version) : STR_NONE;
	if (r->bom->inputs.n)
		c->ecosystem = r->bom->inputs.items[0].ecosystem;
	bom_evidence(r->bom, index, 0, offset);
	return index;
}

uint32_t reading_subject(struct reading *r, struct str name, struct str version)
{
	struct component *c = bom_add(r->bom);
	uint32_t index = bom_index(r->bom, c);

	if (hostile(name) || hostile(version))
		reading_problem(r, 0, "the project's own name or version holds control characters or is longer than %d bytes",
				LIMIT_NAME);
	c->type = COMPONENT_APPLICATION;
	c->name = bounded(name);
	c->version = version.len ? bounded(version) : STR_NONE;
	c->first_party = true;
	if (r->bom->inputs.n)
		c->ecosystem = r->bom->inputs.items[0].ecosystem;
	bom_evidence(r->bom, index, 0, 0);
	r->bom->subject = index;
	return index;
}

static bool is_commit(struct str s)
{
	if (s.len < 7 || s.len > 64)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (ascii_hex(s.s[i]) < 0)
			return false;
	return true;
}

/* "scheme://user:secret@host/…" without the user (but "ssh://git@host" keeps its user, which is no secret);
 * "git@host:owner/repo" becomes ssh://git@host/owner/repo. */
static struct str plain_url(struct arena *a, struct str url)
{
	size_t scheme = str_find(url, STR("://"), 0);

	if (scheme == STR_NOT_FOUND) {
		size_t at = str_chr(url, '@'), colon = str_chr(url, ':');
		if (at == STR_NOT_FOUND || colon == STR_NOT_FOUND || at > colon)
			return url;
		return arena_concat(a, STR("ssh://"), arena_concat(a, str_sub(url, 0, colon), STR("/"), str_from(url, colon + 1)),
				    STR(""));
	}
	struct str rest = str_from(url, scheme + 3);
	size_t slash = str_chr(rest, '/');
	struct str host = slash == STR_NOT_FOUND ? rest : str_sub(rest, 0, slash);
	size_t at = str_rchr(host, '@');
	if (at == STR_NOT_FOUND)
		return url;
	struct str user = str_sub(host, 0, at);
	size_t colon = str_chr(user, ':');
	bool ssh = str_starts(url, STR("ssh"));
	if (ssh && colon == STR_NOT_FOUND)
		return url;
	struct str kept = ssh ? arena_concat(a, str_sub(user, 0, colon), STR("@"), STR("")) : STR("");
	return arena_concat(a, str_sub(url, 0, scheme + 3), kept, str_from(rest, at + 1));
}

void reading_vcs(struct reading *r, uint32_t c, struct str url, struct str commit)
{
	size_t hash = str_chr(url, '#');

	if (hash != STR_NOT_FOUND) {
		struct str fragment = str_from(url, hash + 1);
		if (str_starts(fragment, STR("commit=")))
			fragment = str_from(fragment, 7);
		if (!commit.len && is_commit(fragment))
			commit = fragment;
		url = str_sub(url, 0, hash);
	}
	if (str_starts(url, STR("git+")))
		url = str_from(url, 4);
	r->bom->components[c].vcs = plain_url(r->arena, url);
	r->bom->components[c].commit = commit.len ? commit : STR_NONE;
}

/* ---- trees */

/* Path of a part against dir/base, without building it. */
static int compare_path(struct str path, struct str dir, struct str base)
{
	if (!dir.len)
		return str_cmp(path, base);
	int d = str_cmp(str_sub(path, 0, dir.len), dir);
	if (d)
		return d;
	struct str rest = str_from(path, dir.len);
	if (!rest.len)
		return -1;
	if (rest.s[0] != '/')
		return (unsigned char)rest.s[0] < '/' ? -1 : 1;
	return str_cmp(str_from(rest, 1), base);
}

static struct part *find(const struct tree *t, struct str dir, struct str base)
{
	size_t low = 0, high = t->parts.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int d = compare_path(t->parts.items[mid].path, dir, base);
		if (d == 0)
			return &t->parts.items[mid];
		if (d < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

struct part *tree_find(const struct tree *t, struct str dir, const char *base)
{
	return find(t, dir, str_of(base));
}

struct str tree_resolve(struct arena *a, struct str dir, struct str relative)
{
	bool rooted = relative.len && relative.s[0] == '/';
	char *out = arena_alloc(a, dir.len + relative.len + 2);
	size_t n = 0;

	if (rooted)
		return STR_NONE;
	for (int which = 0; which < 2; which++)
		for (struct str rest = which ? relative : dir; rest.s;) {
			struct str name = str_cut(&rest, '/');
			if (name.len == 0 || str_is(name, "."))
				continue;
			if (str_is(name, "..")) {
				if (n == 0)
					return STR_NONE;
				size_t slash = str_rchr(str_make(out, n), '/');
				n = slash == STR_NOT_FOUND ? 0 : slash;
				continue;
			}
			if (n)
				out[n++] = '/';
			memcpy(out + n, name.s, name.len);
			n += name.len;
		}
	out[n] = 0;
	return str_make(out, n);
}

struct part *tree_find_path(const struct tree *t, struct str path)
{
	struct str whole = tree_resolve(t->arena, STR(""), path);

	return whole.s ? find(t, STR(""), whole) : NULL;
}

bool tree_below(struct str dir, struct str above)
{
	return above.len == 0 || (str_starts(dir, above) && (dir.len == above.len || dir.s[above.len] == '/'));
}

bool part_is(const struct part *p, const char *reader_name)
{
	return p && p->reader && strcmp(p->reader->name, reader_name) == 0;
}
