#include "source/common.h"

#include "base/map.h"
#include "identity/purl.h"
#include "syntax/toml.h"

__attribute__((format(printf, 5, 0)))
static void tell(struct reading *r, enum severity severity, const char *code, size_t offset, const char *fmt, va_list ap)
{
	struct str text = arena_vprintf(r->arena, fmt, ap);

	diag_add(r->bom->diags, severity, code, r->path, offset, "%.*s", STR_ARG(text));
}

void reading_warn(struct reading *r, size_t offset, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(r, SEV_WARNING, "input.unknown", offset, fmt, ap);
	va_end(ap);
}

void reading_notice(struct reading *r, size_t offset, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(r, SEV_NOTICE, "input.limits", offset, fmt, ap);
	va_end(ap);
}

struct reading part_reading(struct part *p)
{
	return (struct reading){ .bom = p->bom, .arena = p->bom->arena, .path = p->path, .text = p->text, .data = p->data };
}

const struct value *reading_toml(struct reading *r)
{
	struct str why = STR_NONE;
	size_t offset = 0;
	struct value *root = toml_parse(r->arena, r->text, &why, &offset);

	if (!root)
		reading_error(r, offset, "not valid TOML: %.*s; write the file again with its tool", STR_ARG(why));
	return root;
}

static const char *type_name(const struct value *v)
{
	switch (v->type) {
	case VALUE_BOOL:
		return "a boolean";
	case VALUE_NUMBER:
		return "a number";
	case VALUE_STRING:
		return "a string";
	case VALUE_DATE:
		return "a date";
	case VALUE_LIST:
		return "a list";
	case VALUE_TABLE:
		return "a table";
	default:
		return "nothing";
	}
}

static const struct value *member_of(struct reading *r, const struct value *table, const char *key, enum value_type type,
				     const char *wanted)
{
	const struct value *v = value_get(table, key);

	if (!v || v->type == type)
		return v;
	reading_problem(r, v->offset, "\"%s\" is %s where %s belongs: write the file again with its tool", key, type_name(v), wanted);
	return NULL;
}

struct str member_string(struct reading *r, const struct value *table, const char *key)
{
	return value_text(member_of(r, table, key, VALUE_STRING, "a string"));
}

const struct value *member_list(struct reading *r, const struct value *table, const char *key)
{
	return member_of(r, table, key, VALUE_LIST, "a list");
}

const struct value *member_table(struct reading *r, const struct value *table, const char *key)
{
	return member_of(r, table, key, VALUE_TABLE, "a table");
}

bool value_is_string(struct reading *r, const struct value *v, const char *what)
{
	if (!v || v->type == VALUE_STRING)
		return v != NULL;
	reading_problem(r, v->offset, "%s is %s where a string belongs: write the file again with its tool", what, type_name(v));
	return false;
}

bool reading_digest(struct reading *r, uint32_t c, struct str digest)
{
	static const struct {
		const char *prefix, *name;
		size_t bytes;
	} known[] = { { "sha256", "SHA-256", 32 }, { "sha512", "SHA-512", 64 }, { "sha384", "SHA-384", 48 },
		      { "sha1", "SHA-1", 20 },	   { "md5", "MD5", 16 } };
	size_t colon = str_chr(digest, ':');

	if (colon == STR_NOT_FOUND)
		colon = str_chr(digest, '=');
	if (colon == STR_NOT_FOUND)
		return false;
	struct str word = str_sub(digest, 0, colon), hex = str_trim(str_from(digest, colon + 1));
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (!str_eq_nocase(word, str_of(known[i].prefix)))
			continue;
		if (hex.len != 2 * known[i].bytes)
			return false;
		for (size_t k = 0; k < hex.len; k++)
			if (ascii_hex(hex.s[k]) < 0)
				return false;
		bom_hash(r->bom, c, str_of(known[i].name), arena_lower(r->arena, hex));
		return true;
	}
	return false;
}

struct str reading_dir(const struct reading *r)
{
	size_t slash = str_rchr(r->path, '/');

	return slash == STR_NOT_FOUND ? STR("") : str_sub(r->path, 0, slash);
}

bool reading_brought_along(struct str path)
{
	static const char *const folders[] = { "vendor", "vendored", "_vendor", "third_party", "third-party", "thirdparty", "3rdparty" };

	for (struct str rest = path; rest.s;) {
		struct str name = str_cut(&rest, '/');
		for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
			if (str_is(name, folders[i]))
				return true;
	}
	return false;
}

struct str component_name_key(struct arena *a, const struct component *c, struct str ecosystem)
{
	struct str name = c->group.len ? arena_concat(a, c->group, STR("/"), c->name) : c->name;

	return arena_concat(a, ecosystem, STR("\n"), purl_normal_package(a, ecosystem, name));
}

void part_take_out(struct part *p, const bool *gone)
{
	struct bom *b = p->bom;
	uint32_t *index = arena_array(b->arena, b->ncomponents + 1, sizeof *index);
	size_t kept = 0;

	for (size_t i = 0; i < b->ncomponents; i++) {
		index[i] = gone[i] ? NO_COMPONENT : (uint32_t)kept;
		if (!gone[i])
			b->components[kept++] = b->components[i];
	}
	b->ncomponents = kept;
	b->inputs.items[0].components = (uint32_t)kept;
	for (VEC_EACH(struct dependency, d, &b->dependencies)) {
		d->from = d->from == NO_COMPONENT ? NO_COMPONENT : index[d->from];
		d->to = d->to == NO_COMPONENT ? NO_COMPONENT : index[d->to];
	}
	b->subject = b->subject == NO_COMPONENT ? NO_COMPONENT : index[b->subject];
}

bool repository_place(struct str url, struct str *host, struct str *path)
{
	size_t scheme = str_find(url, STR("://"), 0), end, at;

	if (scheme != STR_NOT_FOUND)
		url = str_from(url, scheme + 3);
	end = str_chr(url, '/');
	if (scheme == STR_NOT_FOUND) {
		size_t colon = str_chr(url, ':');
		if (colon == STR_NOT_FOUND || (end != STR_NOT_FOUND && end < colon))
			return false;
		end = colon;
	}
	if (end == STR_NOT_FOUND)
		return false;
	*host = str_sub(url, 0, end);
	*path = str_from(url, end + 1);
	at = str_rchr(*host, '@');
	if (at != STR_NOT_FOUND)
		*host = str_from(*host, at + 1);
	while (path->len && path->s[0] == '/')
		*path = str_from(*path, 1);
	while (path->len && path->s[path->len - 1] == '/')
		*path = str_sub(*path, 0, path->len - 1);
	if (str_ends(*path, STR(".git")))
		*path = str_sub(*path, 0, path->len - 4);
	return host->len && path->len;
}

void reading_local(struct reading *r, uint32_t c, struct str dir, struct str relative)
{
	struct str path = tree_resolve(r->arena, dir, relative);

	r->bom->components[c].first_party = path.s && !reading_brought_along(path);
	bom_property(r->bom, c, "bomgate:path", path.s ? path.len ? path : STR(".") : relative);
}

void reading_licence(struct reading *r, uint32_t c, struct str text)
{
	bool expression = str_has(text, STR(" OR ")) || str_has(text, STR(" AND ")) || str_has(text, STR(" WITH "));

	text = str_trim(text);
	if (text.len)
		bom_licence(r->bom, c, expression ? LICENCE_EXPRESSION : LICENCE_NAME, LICENCE_DECLARED, text);
}

#define MOST_WORDS 300 /* bytes: npm's longest deprecation in use is some 400 */

void reading_ended(struct reading *r, uint32_t c, const char *property, struct str words)
{
	char text[MOST_WORDS + 4];
	size_t n = 0;

	for (size_t i = 0; i < words.len && n <= MOST_WORDS; i++) {
		char x = words.s[i];
		bool blank = (unsigned char)x <= ' ' || x == 0x7f;
		if (!blank)
			text[n++] = x;
		else if (n && text[n - 1] != ' ')
			text[n++] = ' ';
	}
	if (n > MOST_WORDS) {
		for (n = MOST_WORDS; n && ((unsigned char)text[n] & 0xc0) == 0x80; n--) /* not within a character */
			;
		memcpy(text + n, "…", sizeof "…" - 1);
		n += sizeof "…" - 1;
	}
	struct str said = str_trim(str_make(text, n));
	if (said.len)
		bom_property(r->bom, c, property, arena_str(r->arena, said));
}

void name_index_init(struct name_index *x, struct arena *a)
{
	x->arena = a;
	map_init(&x->map, a);
}

void name_index_add(struct name_index *x, struct str key, uint32_t component, const void *data)
{
	struct map_entry *m = map_put(&x->map, key, NULL);
	struct name_entry *first = m->value.ptr, *e;

	if (first && first->n == NAME_CHAIN)
		return;
	e = ARENA_NEW(x->arena, struct name_entry);
	*e = (struct name_entry){ .component = component, .data = data };
	if (!first)
		m->value.ptr = first = e;
	else
		first->last->next = e;
	first->last = e;
	first->n++;
}

const struct name_entry *name_index_get(const struct name_index *x, struct str key)
{
	struct map_entry *m = map_get(&x->map, key);

	return m ? m->value.ptr : NULL;
}

/* Honest lockfiles spend at least ten bytes on an edge; an edge for each version of a name may double that. */
bool reading_may_depend(struct reading *r)
{
	size_t most = r->text.len / 4 + 1000;

	if (r->bom->dependencies.n < most)
		return true;
	if (r->bom->dependencies.n == most) {
		reading_problem(r, 0, "the file asks for more than %zu dependency edges: the rest is left out", most);
		bom_depend(r->bom, 0, 0, RELATED, 0); /* told once */
	}
	return false;
}

void reading_edges(struct reading *r, uint32_t from, const struct name_entry *to, unsigned scope)
{
	for (; to; to = to->next)
		if (to->component != from && reading_may_depend(r))
			bom_depend(r->bom, from, to->component, DEPENDS_ON, scope);
}

void reach_init(struct reach *x, struct arena *a, struct bom *b)
{
	size_t n = b->ncomponents, edges = 0;

	*x = (struct reach){ .arena = a, .bom = b };
	x->first = arena_array(a, n + 2, sizeof *x->first);
	for (VEC_EACH(const struct dependency, d, &b->dependencies))
		if (d->kind == DEPENDS_ON && d->to != NO_COMPONENT && d->from != NO_COMPONENT) {
			x->first[d->from + 2 <= n ? d->from + 2 : n + 1]++;
			edges++;
		}
	for (size_t i = 2; i < n + 2; i++)
		x->first[i] += x->first[i - 1];
	x->targets = arena_array(a, edges + 1, sizeof *x->targets);
	x->scopes = arena_array(a, edges + 1, sizeof *x->scopes);
	for (VEC_EACH(const struct dependency, e, &b->dependencies))
		if (e->kind == DEPENDS_ON && e->to != NO_COMPONENT && e->from != NO_COMPONENT) {
			uint32_t at = x->first[e->from + 1]++;
			x->targets[at] = e->to;
			x->scopes[at] = e->scope;
		}
	x->stack = arena_array(a, n + 1, sizeof *x->stack);
	x->seen = arena_array(a, n + 1, 1);
}

static void reach_push(struct reach *x, uint32_t c, size_t *top, unsigned scope)
{
	if (x->seen[c])
		return;
	x->seen[c] = 1;
	x->bom->components[c].scope |= scope;
	x->stack[(*top)++] = c;
}

void reach_mark(struct reach *x, unsigned scope)
{
	size_t top = 0;

	memset(x->seen, 0, x->bom->ncomponents + 1);
	for (size_t i = 0; i < x->starts.n; i++) {
		reach_push(x, x->starts.items[i], &top, scope);
		while (top) {
			uint32_t c = x->stack[--top];
			for (uint32_t k = x->first[c]; k < x->first[c + 1]; k++)
				if (!x->scopes[k] || x->scopes[k] & SCOPE_RUNTIME)
					reach_push(x, x->targets[k], &top, scope);
		}
	}
	x->starts.n = 0;
}

void reach_from_own(struct arena *a, struct bom *b)
{
	static const unsigned scopes[] = { SCOPE_RUNTIME, SCOPE_DEV, SCOPE_TEST, SCOPE_BUILD, SCOPE_OPTIONAL, SCOPE_PROVIDED };
	struct reach x;

	reach_init(&x, a, b);
	for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
		for (VEC_EACH(const struct dependency, d, &b->dependencies))
			if (d->kind == DEPENDS_ON && d->to != NO_COMPONENT && d->from != NO_COMPONENT &&
			    b->components[d->from].first_party && (d->scope ? d->scope : SCOPE_RUNTIME) & scopes[i])
				*VEC_ADD(a, &x.starts) = d->to;
		if (x.starts.n)
			reach_mark(&x, scopes[i]);
	}
}

void direct_from_own(struct bom *b)
{
	for (size_t i = 0; i < b->ncomponents; i++)
		b->components[i].direct_known = true;
	for (VEC_EACH(const struct dependency, d, &b->dependencies))
		if (d->kind == DEPENDS_ON && d->to != NO_COMPONENT && d->from != NO_COMPONENT && b->components[d->from].first_party)
			b->components[d->to].direct = true;
}
