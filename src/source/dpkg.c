/* dpkg's database (deb-control(5), dpkg(1)): var/lib/dpkg/status, one stanza a package, and distroless images' status.d/, one file a
 * package without a Status field. Advisories of Debian and Ubuntu name the source package. */
#include "source/common.h"
#include "syntax/lines.h"

struct stanza {
	struct str package, status, version, architecture, source, depends, pre_depends, provides, homepage;
	size_t offset;
};

struct wanted_edges {
	uint32_t from;
	struct str list;
};

struct dpkg {
	struct reading *r;
	struct name_index by_name;
	VEC(struct wanted_edges) edges;
};

static struct str *field_of(struct stanza *s, struct str name)
{
	static const struct {
		const char *name;
		size_t at;
	} fields[] = {
		{ "Package", offsetof(struct stanza, package) },    { "Status", offsetof(struct stanza, status) },
		{ "Version", offsetof(struct stanza, version) },    { "Architecture", offsetof(struct stanza, architecture) },
		{ "Source", offsetof(struct stanza, source) },	    { "Depends", offsetof(struct stanza, depends) },
		{ "Pre-Depends", offsetof(struct stanza, pre_depends) }, { "Provides", offsetof(struct stanza, provides) },
		{ "Homepage", offsetof(struct stanza, homepage) },
	};

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		if (str_eq_nocase(name, str_of(fields[i].name)))
			return (struct str *)((char *)s + fields[i].at);
	return NULL;
}

/* "install ok installed", "hold ok unpacked": the last word tells what lies on the disk. */
static bool is_installed(struct str status)
{
	static const char *const absent[] = { "not-installed", "config-files" };
	size_t blank = str_rchr(status, ' ');
	struct str state = blank == STR_NOT_FOUND ? status : str_from(status, blank + 1);

	for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
		if (str_is(state, absent[i]))
			return false;
	return true; /* half-installed, unpacked, triggers-pending: files are there; no Status at all: status.d */
}

static void qualifier(struct reading *r, uint32_t c, const char *name, struct str value)
{
	if (value.len)
		*VEC_ADD(r->arena, &r->bom->components[c].qualifiers) = (struct property){ str_of(name), value };
}

static void finish(struct dpkg *d, struct stanza *s)
{
	struct reading *r = d->r;

	if (!s->package.s && !s->version.s)
		return;
	if (!is_installed(s->status))
		return;
	if (!s->package.len || !s->version.len) {
		reading_problem(r, s->offset, "a package without %s: the database is damaged", s->package.len ? "Version" : "Package");
		return;
	}
	uint32_t i = reading_add(r, STR_NONE, s->package, s->version, s->offset);
	struct component *c = &r->bom->components[i];
	size_t open = str_find(s->source, STR(" ("), 0);
	c->purl_type = STR("deb");
	struct component_more *more = component_add_more(r->arena, c);
	more->source_name = s->source.len ? str_sub(s->source, 0, open) : s->package;
	more->source_version = s->version;
	if (open != STR_NOT_FOUND && str_ends(s->source, STR(")")))
		more->source_version = str_sub(s->source, open + 2, s->source.len - open - 3);
	qualifier(r, i, "arch", s->architecture);
	if (s->homepage.len)
		*VEC_ADD(r->arena, &component_add_more(r->arena, c)->references) =
			(struct external_reference){ .type = STR("website"), .url = s->homepage };
	name_index_add(&d->by_name, s->package, i, NULL);
	for (struct str rest = s->provides; rest.s;) {
		struct str one = str_trim(str_cut(&rest, ','));
		one = str_trim(str_sub(one, 0, str_chr(one, '(')));
		if (one.len && !str_eq(one, s->package))
			name_index_add(&d->by_name, one, i, NULL);
	}
	if (s->depends.len)
		*VEC_ADD(r->arena, &d->edges) = (struct wanted_edges){ i, s->depends };
	if (s->pre_depends.len)
		*VEC_ADD(r->arena, &d->edges) = (struct wanted_edges){ i, s->pre_depends };
}

/* "libc6 (>= 2.34), default-mta | mail-transport-agent, python3:any": of alternatives the first that is there. */
static void add_edges(struct dpkg *d)
{
	for (VEC_EACH(const struct wanted_edges, e, &d->edges))
		for (struct str rest = e->list; rest.s;) {
			struct str choice = str_cut(&rest, ',');
			const struct name_entry *found = NULL;
			while (choice.s && !found) {
				struct str name = str_trim(str_cut(&choice, '|'));
				name = str_trim(str_sub(name, 0, str_chr(name, '(')));
				name = str_sub(name, 0, str_chr(name, ':'));
				found = name_index_get(&d->by_name, name);
			}
			if (found)
				reading_edges(d->r, e->from, found, 0);
		}
}

enum result source_dpkg(struct reading *r)
{
	struct dpkg d = { .r = r };
	struct stanza s = { 0 };
	struct str *last = NULL;
	struct lines l;

	if (str_ends(r->path, STR(".md5sums")))
		return OK;
	name_index_init(&d.by_name, r->arena);
	lines_open(&l, r->text);
	while (lines_next(&l)) {
		if (!str_trim(l.line).len) {
			finish(&d, &s);
			s = (struct stanza){ 0 };
			last = NULL;
			continue;
		}
		if (l.line.s[0] == ' ' || l.line.s[0] == '\t') { /* goes on with the field before; those that are read may be folded */
			if (last)
				*last = arena_concat(r->arena, *last, STR(" "), str_trim(l.line));
			continue;
		}
		size_t colon = str_chr(l.line, ':');
		if (colon == STR_NOT_FOUND) {
			reading_problem(r, l.offset, "a line has the form \"Field: value\"");
			last = NULL;
			continue;
		}
		last = field_of(&s, str_sub(l.line, 0, colon));
		if (last && last->s) {
			reading_problem(r, l.offset, "the field stands twice in one stanza");
			last = NULL;
		}
		if (last) {
			if (!s.package.s && !s.version.s)
				s.offset = l.offset;
			*last = str_trim(str_from(l.line, colon + 1));
			if (last == &s.package)
				s.offset = l.offset;
		}
	}
	finish(&d, &s);
	add_edges(&d);
	return reading_done(r);
}
