/* Which files are read for their registries, and what rows put together: statements of the bom. */
#include "base/sort.h"
#include "source/registry.h"

const struct registry_row registry_rows[] = {
#define REGISTRY(fn, name, ecosystem, files, readers, flags) { name, ecosystem, files, readers, flags, registry_##fn },
#include "source/registries.def"
#undef REGISTRY
};
const size_t registry_rows_n = sizeof registry_rows / sizeof registry_rows[0];

const struct reader registry_reader = { "registry-settings", "", "", READER_AUXILIARY | READER_BYTES, LIMIT_MANIFEST, NULL };

#define MOST_STATEMENTS 10000 /* of one bom, and of one file: past it one more says that all is in doubt */
#define MOST_OF_FILE 1000
#define EVERY_ECOSYSTEM "npm|PyPI|Go|Maven|NuGet|crates.io|Packagist|RubyGems|Hex|Pub|CRAN|Hackage|ConanCenter|Julia|SwiftURL|GitHub Actions"

bool registry_wants(struct str path, bool installed)
{
	for (size_t i = 0; i < registry_rows_n; i++)
		if ((installed || !(registry_rows[i].flags & REGISTRY_INSTALLED)) && reader_fits(registry_rows[i].files, path))
			return true;
	return false;
}

bool registry_knows(struct str path)
{
	const struct reader *reader = reader_for(path);

	for (size_t i = 0; reader && i < registry_rows_n; i++)
		if (str_one_of(str_of(registry_rows[i].readers), str_of(reader->name)))
			return true;
	return registry_wants(path, false);
}

/* ---- statements */

static bool same(struct str a, struct str b)
{
	return (a.s == NULL) == (b.s == NULL) && str_eq(a, b);
}

static void add(struct registry_reading *r, struct str ecosystem, struct str names, struct str host, unsigned more)
{
	unsigned flags = r->row->flags | more;
	struct registry_statement s = { ecosystem.s ? ecosystem : str_of(r->row->ecosystem), names, host, r->path, (flags & REGISTRY_EVERYWHERE) != 0,
					(flags & REGISTRY_REPLACES) != 0 };

	size_t of_file = 0;

	if (r->bom->registries.n > MOST_STATEMENTS || r->full)
		return;
	for (size_t i = r->bom->registries.n; i-- > 0; of_file++) { /* one file's stand together */
		const struct registry_statement *k = &r->bom->registries.items[i];
		if (!str_eq(k->path, s.path))
			break;
		if (str_eq(k->ecosystem, s.ecosystem) && same(k->names, s.names) && same(k->registry, s.registry) && k->replaces == s.replaces)
			return;
	}
	if (r->bom->registries.n == MOST_STATEMENTS || of_file >= MOST_OF_FILE) { /* hostile: nothing that a row is about leaves */
		s = (struct registry_statement){ .ecosystem = STR(EVERY_ECOSYSTEM), .path = r->path, .everywhere = true, .replaces = true };
		r->full = true;
	}
	*VEC_ADD(r->arena, &r->bom->registries) = s;
}

void registry_unclear(struct registry_reading *r, struct str ecosystem, struct str names, unsigned more)
{
	add(r, ecosystem, names, STR_NONE, more);
}

static bool host_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '.' || c == '-' || c == ':';
}

void registry_says(struct registry_reading *r, struct str ecosystem, struct str names, struct str url, unsigned more)
{
	struct str path, host = registry_host(str_trim(url), &path);
	size_t n = 0;

	if (!ecosystem.s)
		ecosystem = str_of(r->row->ecosystem);
	for (struct str rest = ecosystem; rest.s;)
		if (registry_url_is_public(str_cut(&rest, '|'), str_trim(url)))
			return;
	while (n < host.len && host_char(host.s[n]))
		n++;
	/* What is no host is not repeated: it may be a secret that stands in the wrong place. */
	add(r, ecosystem, names, host.len && n == host.len && host.len < 256 ? arena_lower(r->arena, host) : STR_NONE, more);
}

static bool ends_url(char c)
{
	return ascii_blank(c) || c == '\n' || c == '\r' || c == '"' || c == '\'' || c == '`' || c == ',' || c == ';' || c == '<' || c == '>' || c == ')' ||
	       c == ']' || c == '\\';
}

void registry_urls(struct registry_reading *r, struct str ecosystem, struct str names, struct str text, bool must, unsigned more)
{
	bool found = false;

	for (size_t at = 0; (at = str_find(text, STR("://"), at)) != STR_NOT_FOUND;) {
		size_t begin = at, end = at + 3;
		while (begin > 0 && (ascii_alpha(text.s[begin - 1]) || ascii_digit(text.s[begin - 1]) || text.s[begin - 1] == '+'))
			begin--;
		while (end < text.len && !ends_url(text.s[end]))
			end++;
		registry_says(r, ecosystem, names, str_sub(text, begin, end - begin), more);
		found = true;
		at = end;
	}
	if (!found && must)
		registry_unclear(r, ecosystem, names, more);
}

/* ---- trees */

/* UTF-16, which PowerShell writes, as bytes that can be searched. */
static struct str plain(struct arena *a, struct str text)
{
	const unsigned char *s = (const unsigned char *)text.s;

	if (text.len < 2 || !((s[0] == 0xff && s[1] == 0xfe) || (s[0] == 0xfe && s[1] == 0xff)))
		return text;
	char *out = arena_alloc(a, text.len);
	size_t n = 0;
	for (size_t i = 2; i < text.len; i++)
		if (text.s[i])
			out[n++] = text.s[i];
	return str_make(out, n);
}

static void read_one(struct arena *a, struct bom *out, const struct registry_row *row, struct str path, struct str text, bool failed)
{
	struct registry_reading r = { .arena = a, .path = path, .text = plain(a, text), .row = row, .bom = out };

	if (failed)
		registry_unclear(&r, row->ecosystem[0] ? STR_NONE : STR(EVERY_ECOSYSTEM), STR_NONE, REGISTRY_REPLACES);
	else
		row->read(&r);
}

static bool row_fits(const struct registry_row *row, const struct reader *reader, struct str path)
{
	return reader_fits(row->files, path) || (reader && str_one_of(str_of(row->readers), str_of(reader->name)));
}

void registry_read_file(struct arena *a, struct bom *out, struct str path, struct str text, bool failed, bool installed)
{
	const struct reader *reader = reader_for(path);

	for (size_t i = 0; i < registry_rows_n; i++) {
		const struct registry_row *row = &registry_rows[i];
		if (row_fits(row, reader, path) && (installed || !(row->flags & REGISTRY_INSTALLED)))
			read_one(a, out, row, path, text, failed);
	}
}

static int compare_settings(const void *x, const void *y)
{
	return str_cmp(((const struct registry_file *)x)->path, ((const struct registry_file *)y)->path);
}

void registry_read_tree(struct tree *t, struct bom *out)
{
	if (t->settings.n)
		sort_items(t->arena, t->settings.items, t->settings.n, sizeof *t->settings.items, compare_settings);
	for (VEC_EACH(const struct registry_file, s, &t->settings))
		registry_read_file(t->arena, out, s->path, s->text, s->failed, t->installed);
	for (VEC_EACH(const struct part, p, &t->parts))
		for (size_t i = 0; p->reader && i < registry_rows_n; i++)
			if (row_fits(&registry_rows[i], p->reader, p->path))
				read_one(t->arena, out, &registry_rows[i], p->path, p->text, p->failed && !p->text.s);
	out->registries_read = true;
}
