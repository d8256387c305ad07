/* stack.yaml (docs of Stack, "extra-deps"), stack.yaml.lock ("Lock files") and cabal.project.freeze (Cabal's user guide). */
#include "source/reading_yaml.h"

/* "name-1.2.3": cut at the last '-'; false where no version stands behind it. */
static bool cut_package(struct str text, struct str *name, struct str *version)
{
	size_t dash = str_rchr(text, '-');

	if (dash == STR_NOT_FOUND || dash == 0 || dash + 1 == text.len)
		return false;
	*name = str_sub(text, 0, dash);
	*version = str_from(text, dash + 1);
	for (size_t i = 0; i < version->len; i++)
		if (!ascii_digit(version->s[i]) && version->s[i] != '.')
			return false;
	return true;
}

static void add_completed(struct reading *r, const struct value *e)
{
	const struct value *done = value_get(e, "completed");
	struct str hackage = value_get_text(done, "hackage"), name = value_get_text(done, "name"), version = value_get_text(done, "version");
	struct str git = value_get_text(done, "git"), url = value_get_text(done, "url");
	const struct value *at = value_first(done);
	size_t offset = at ? at->offset : e->offset;

	if (hackage.s) {
		struct str package = str_sub(hackage, 0, str_chr(hackage, '@'));
		if (!cut_package(package, &name, &version)) {
			reading_problem(r, offset, "a package that is no name-version: run stack build again");
			return;
		}
		reading_add(r, STR_NONE, name, version, offset);
		return;
	}
	if (!name.s || (!git.s && !url.s)) {
		reading_problem(r, offset, "a package that is neither from Hackage nor from an address: run stack build again");
		return;
	}
	uint32_t c = reading_add(r, STR_NONE, name, version, offset);
	if (git.s)
		reading_vcs(r, c, git, value_get_text(done, "commit"));
	else {
		r->bom->components[c].download = url;
		if (value_get_text(done, "sha256").len == 64)
			bom_hash(r->bom, c, STR("SHA-256"), arena_lower(r->arena, value_get_text(done, "sha256")));
	}
	struct str subdir = value_get_text(done, "subdir");
	if (subdir.len)
		component_add_more(r->arena, &r->bom->components[c])->subpath = subdir;
}

enum result source_stack(struct reading *r)
{
	const struct value *root = reading_yaml(r, false);

	if (!root)
		return FAILED;
	const struct value *packages = value_get(root, "packages"), *snapshots = value_get(root, "snapshots");
	if ((!packages && !snapshots) || (packages && packages->type != VALUE_LIST && packages->type != VALUE_NULL))
		return reading_error(r, packages ? packages->offset : 0, "no list of packages: run stack build again");
	for (VALUE_EACH(e, packages))
		add_completed(r, e);
	for (VALUE_EACH(s, snapshots))
		reading_notice(r, s->offset, "the packages of the snapshot \"%.*s\" are not in the file and are not listed",
			       STR_ARG(str_sub(value_get_text(s, "original").s ? value_get_text(s, "original") : STR("?"), 0, 200)));
	return reading_done(r);
}

/* "name-1.2.3@sha256:…,1234", "name-1.2.3@rev:2"; an address of an archive; a folder, which is the product's own. */
static void add_extra(struct reading *r, const struct value *e)
{
	struct str text = str_trim(e->text), name, version, host, path;

	if (cut_package(str_sub(text, 0, str_chr(text, '@')), &name, &version) && str_chr(name, '/') == STR_NOT_FOUND) {
		reading_add(r, STR_NONE, name, version, e->offset);
	} else if (str_has(text, STR("://")) && repository_place(text, &host, &path)) {
		uint32_t c = reading_add(r, arena_lower(r->arena, host), path, STR_NONE, e->offset);
		r->bom->components[c].purl_type = STR("generic");
		r->bom->components[c].ecosystem = STR_NONE;
		r->bom->components[c].download = text;
		r->bom->components[c].weak = true;
	}
}

/* {git: address, commit: …}, {github: owner/name, commit: …}: Stack learns the name of the package only when it builds. */
static void add_extra_place(struct reading *r, const struct value *e)
{
	struct str git = value_get_text(e, "git"), github = value_get_text(e, "github"), commit = value_get_text(e, "commit"), host, path;
	const struct value *at = value_first(e);

	if (github.len)
		git = arena_concat(r->arena, STR("https://github.com/"), github, STR(".git"));
	if (!git.len || !repository_place(git, &host, &path))
		return;
	uint32_t c = reading_add(r, arena_lower(r->arena, host), path, commit, at ? at->offset : e->offset);
	r->bom->components[c].purl_type = STR("git");
	r->bom->components[c].ecosystem = STR_NONE;
	reading_vcs(r, c, git, commit);
}

enum result source_stack_yaml(struct reading *r)
{
	const struct value *root = reading_yaml(r, true);

	if (!root)
		return FAILED;
	const struct value *extra = value_get(root, "extra-deps");
	struct str snapshot = value_get_text(root, value_get(root, "snapshot") ? "snapshot" : "resolver");
	if (extra && extra->type != VALUE_LIST && extra->type != VALUE_NULL)
		return reading_error(r, extra->offset, "extra-deps is no list of packages");
	for (VALUE_EACH(e, extra))
		if (e->type == VALUE_TABLE)
			add_extra_place(r, e);
		else if (e->type == VALUE_STRING)
			add_extra(r, e);
		else
			reading_problem(r, e->offset, "a package of extra-deps has the form name-version, or git and commit");
	if (snapshot.len)
		reading_notice(r, value_get(root, value_get(root, "snapshot") ? "snapshot" : "resolver")->offset,
			       "the packages of the snapshot \"%.*s\" are not in the file and are not listed", STR_ARG(str_sub(snapshot, 0, 200)));
	for (size_t i = 0; i < r->bom->ncomponents; i++)
		r->bom->components[i].scope = SCOPE_RUNTIME;
	return reading_done(r);
}

void join_stack(struct tree *t)
{
	for (VEC_EACH(struct part, p, &t->parts))
		if (part_is(p, "stack-yaml"))
			p->covered = tree_find(t, p->dir, "stack.yaml.lock") != NULL;
}

/* One constraint: "any.name ==1.2", "name +flag -flag"; only the former names a version. */
static void add_constraint(struct reading *r, struct str text, size_t offset)
{
	struct str one = str_trim(text);
	size_t equals = str_find(one, STR("=="), 0);

	if (!one.len || equals == STR_NOT_FOUND)
		return;
	struct str name = str_trim(str_sub(one, 0, equals)), version = str_trim(str_from(one, equals + 2));
	if (str_starts(name, STR("any.")))
		name = str_from(name, 4);
	size_t colon = str_rchr(name, ':'); /* "pkg:setup.name" */
	if (colon != STR_NOT_FOUND)
		name = str_from(name, colon + 1);
	if (colon != STR_NOT_FOUND && str_starts(name, STR("setup.")))
		name = str_from(name, 6);
	for (size_t i = 0; i < version.len; i++)
		if (!ascii_digit(version.s[i]) && version.s[i] != '.') {
			uint32_t c = reading_add(r, STR_NONE, name, STR_NONE, offset);
			r->bom->components[c].declared = str_trim(str_from(one, equals));
			return;
		}
	if (!version.len)
		reading_problem(r, offset, "a constraint without its version: run cabal freeze again");
	else
		reading_add(r, STR_NONE, name, version, offset);
}

enum result source_cabal_freeze(struct reading *r)
{
	struct str rest = r->text;
	size_t bad = str_utf8_valid(rest);
	bool inside = false;

	if (bad != rest.len)
		return reading_error(r, bad, "not valid UTF-8: run cabal freeze again");
	while (rest.s) {
		struct str line = str_cut(&rest, '\n');
		struct str text = line;
		if (!str_trim(line).len || str_starts(str_trim(line), STR("--")))
			continue;
		if (line.s[0] != ' ' && line.s[0] != '\t') { /* a field */
			size_t colon = str_chr(line, ':');
			inside = str_starts(line, STR("constraints:"));
			text = colon == STR_NOT_FOUND ? STR("") : str_from(line, colon + 1);
		}
		while (inside && text.s) {
			size_t at = (size_t)(text.s - r->text.s);
			struct str one = str_cut(&text, ',');
			size_t blanks = 0;
			while (blanks < one.len && ascii_blank(one.s[blanks]))
				blanks++;
			add_constraint(r, one, at + blanks);
		}
	}
	return reading_done(r);
}
