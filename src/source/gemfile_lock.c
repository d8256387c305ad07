/* Gemfile.lock and gems.locked of Bundler 1 to 4 (bundler.io; the grammar is that of Bundler's LockfileParser). */
#include "base/map.h"
#include "source/common.h"
#include "syntax/lines.h"

enum section { NONE, GEM, GIT, PATH, PLATFORMS, DEPENDENCIES, CHECKSUMS, OTHER };

struct need {
	uint32_t from;
	struct str name;
	size_t offset;
};

struct gemfile {
	struct reading *r;
	enum section section;
	struct str remote, revision, ref;
	size_t specs;	   /* in GIT and PATH: gems so far in this block */
	uint32_t last;	   /* the gem that 6-space lines belong to */
	struct name_index by_name;
	VEC(struct need) needs;
	struct map by_spec; /* "name (version-platform)" as written, to the index + 1 */
};

/* "name (version[-platform])": the parts; false where the line has another form. */
static bool split_spec(struct str line, struct str *name, struct str *version, struct str *platform)
{
	size_t open = str_find(line, STR(" ("), 0), close = str_rchr(line, ')');

	if (open == STR_NOT_FOUND || close == STR_NOT_FOUND || close < open + 2)
		return false;
	*name = str_sub(line, 0, open);
	*version = str_sub(line, open + 2, close - open - 2);
	size_t dash = str_chr(*version, '-'); /* versions of gems hold no '-': the platform begins there */
	*platform = dash == STR_NOT_FOUND ? STR_NONE : str_from(*version, dash + 1);
	if (dash != STR_NOT_FOUND)
		*version = str_sub(*version, 0, dash);
	return name->len && version->len;
}

static void add_gem(struct gemfile *g, struct str line, size_t offset)
{
	struct reading *r = g->r;
	struct str name, version, platform;

	g->last = NO_COMPONENT;
	if (!split_spec(line, &name, &version, &platform)) {
		reading_problem(r, offset, "a gem has the form \"name (version)\": run `bundle lock`");
		return;
	}
	uint32_t c = g->last = reading_add(r, STR_NONE, name, version, offset);
	if (platform.len)
		*VEC_ADD(r->arena, &r->bom->components[c].qualifiers) = (struct property){ STR("platform"), platform };
	g->specs++;
	if (g->section == GIT) {
		reading_vcs(r, c, g->remote, g->revision);
		if (g->ref.len)
			bom_property(r->bom, c, "bomgate:ref", g->ref);
	} else if (g->section == PATH) {
		reading_local(r, c, reading_dir(r), g->remote);
		if (str_is(g->remote, "."))
			r->bom->subject = g->specs == 1 ? c : NO_COMPONENT;
	} else if (g->remote.len && !registry_url_is_public(STR("RubyGems"), g->remote)) {
		bom_property(r->bom, c, "bomgate:registry", g->remote);
	}
	name_index_add(&g->by_name, name, c, NULL);
	map_put(&g->by_spec, line, NULL)->value.num = c + 1;
}

/* "name (sha256=…)" behind a spec: "name (version-platform) sha256=hex,sha256=hex". */
static void add_checksum(struct gemfile *g, struct str line, size_t offset)
{
	size_t close = str_rchr(line, ')');
	struct map_entry *e = close == STR_NOT_FOUND ? NULL : map_get(&g->by_spec, str_sub(line, 0, close + 1));

	if (!e)
		return;
	for (struct str rest = str_trim(str_from(line, close + 1)); rest.s && rest.len;) {
		struct str one = str_trim(str_cut(&rest, ','));
		if (one.len && !reading_digest(g->r, (uint32_t)e->value.num - 1, one))
			reading_problem(g->r, offset, "\"%.*s\" is no checksum: run `bundle lock --add-checksums`", STR_ARG(str_sub(one, 0, 80)));
	}
}

static void direct(struct gemfile *g, struct str line, size_t offset)
{
	size_t open = str_find(line, STR(" ("), 0);
	struct str name = open == STR_NOT_FOUND ? line : str_sub(line, 0, open);

	if (name.len && name.s[name.len - 1] == '!')
		name = str_sub(name, 0, name.len - 1);
	*VEC_ADD(g->r->arena, &g->needs) = (struct need){ NO_COMPONENT, name, offset };
}

static enum section section_of(struct str line)
{
	static const struct {
		const char *word;
		enum section section;
	} known[] = { { "GEM", GEM },	      { "GIT", GIT },		      { "PATH", PATH },		  { "PLATFORMS", PLATFORMS },
		      { "DEPENDENCIES", DEPENDENCIES }, { "CHECKSUMS", CHECKSUMS }, { "PLUGIN SOURCE", GEM }, { "RUBY VERSION", OTHER },
		      { "BUNDLED WITH", OTHER } };

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (str_is(line, known[i].word))
			return known[i].section;
	return NONE;
}

static void property(struct gemfile *g, struct str line)
{
	size_t colon = str_find(line, STR(": "), 0);
	struct str key = colon == STR_NOT_FOUND ? line : str_sub(line, 0, colon);
	struct str value = colon == STR_NOT_FOUND ? STR_NONE : str_trim(str_from(line, colon + 2));

	/* Bundler 1 writes several for one list of gems: one that is not the public one puts all in doubt */
	bool doubted = g->section == GEM && g->remote.len && !registry_url_is_public(STR("RubyGems"), g->remote);

	if (str_is(key, "remote") && !doubted)
		g->remote = value;
	else if (str_is(key, "remote"))
		return;
	else if (str_is(key, "revision"))
		g->revision = value;
	else if (str_is(key, "ref") || str_is(key, "branch") || str_is(key, "tag"))
		g->ref = value;
}

static size_t indent(struct str line)
{
	size_t n = 0;

	while (n < line.len && line.s[n] == ' ')
		n++;
	return n;
}

static void one_line(struct gemfile *g, struct str line, size_t offset)
{
	size_t n = indent(line);
	struct str text = str_from(line, n);

	if (n == 0) {
		g->section = section_of(text);
		g->remote = g->revision = g->ref = STR_NONE;
		g->specs = 0;
		g->last = NO_COMPONENT;
		if (g->section == NONE)
			reading_warn(g->r, offset, "the section \"%.*s\" is not known and was left out", STR_ARG(str_sub(text, 0, 60)));
		return;
	}
	offset += n;
	if (g->section == DEPENDENCIES && n == 2) {
		direct(g, text, offset);
	} else if (g->section == CHECKSUMS && n == 2) {
		add_checksum(g, text, offset);
	} else if (g->section == GEM || g->section == GIT || g->section == PATH) {
		if (n == 2)
			property(g, text);
		else if (n == 4)
			add_gem(g, text, offset);
		else if (n == 6 && g->last != NO_COMPONENT) {
			size_t open = str_find(text, STR(" ("), 0);
			*VEC_ADD(g->r->arena, &g->needs) =
				(struct need){ g->last, open == STR_NOT_FOUND ? text : str_sub(text, 0, open), offset };
		}
	}
}

static void resolve(struct gemfile *g)
{
	struct bom *b = g->r->bom;

	for (VEC_EACH(const struct need, n, &g->needs)) {
		const struct name_entry *e = name_index_get(&g->by_name, n->name);
		if (n->from != NO_COMPONENT && !e && !str_is(n->name, "bundler")) /* which never locks itself */
			reading_problem(g->r, n->offset, "%.*s needs \"%.*s\", which the file does not hold: the lockfile is incomplete; run `bundle lock`",
					STR_ARG(str_sub(b->components[n->from].name, 0, 100)), STR_ARG(str_sub(n->name, 0, 100)));
		if (n->from != NO_COMPONENT)
			reading_edges(g->r, n->from, e, 0);
		else
			for (; e; e = e->next)
				b->components[e->component].direct = true;
	}
}

enum result source_gemfile_lock(struct reading *r)
{
	struct gemfile g = { .r = r, .last = NO_COMPONENT };
	bool any = false;
	struct lines l;

	if (str_starts(r->text, STR("---")))
		return reading_error(r, 0, "this is the YAML lockfile of a Bundler before 1.0: run `bundle lock` with a current one");
	name_index_init(&g.by_name, r->arena);
	map_init(&g.by_spec, r->arena);
	lines_open(&l, r->text);
	while (lines_next(&l))
		if (str_trim(l.line).len) {
			one_line(&g, l.line, l.offset);
			any = any || g.section != NONE;
		}
	if (!any && str_trim(r->text).len)
		return reading_error(r, 0, "no section of a lockfile of Bundler is there: run `bundle lock`");
	resolve(&g);
	direct_from_own(r->bom);
	if (r->bom->subject != NO_COMPONENT)
		for (size_t i = 0; i < r->bom->ncomponents; i++)
			if (r->bom->components[i].direct && i != r->bom->subject)
				bom_depend(r->bom, r->bom->subject, (uint32_t)i, DEPENDS_ON, 0);
	return reading_done(r);
}
