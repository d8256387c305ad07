/* Gemfile and gems.rb (bundler.io/man/gemfile.5): a Ruby program, of which only plain `gem "name", "range", …` lines and `group` blocks
 * are understood. Beside a lockfile it tells dev from runtime; without one its ranges are declared. */
#include "base/map.h"
#include "source/common.h"
#include "syntax/lines.h"

struct gemfile_need {
	struct str name;
	unsigned scope;
};
struct gemfile_manifest {
	VEC(struct gemfile_need) needs;
};

static unsigned group_scope(struct str text)
{
	unsigned scope = 0;

	for (size_t at = 0; (at = str_find(text, STR(":"), at)) != STR_NOT_FOUND;) {
		size_t n = ++at;
		while (n < text.len && (ascii_alpha(text.s[n]) || text.s[n] == '_'))
			n++;
		struct str word = str_sub(text, at, n - at);
		if (str_is(word, "default") || str_is(word, "production"))
			scope |= SCOPE_RUNTIME;
		else if (str_has(word, STR("test")))
			scope |= SCOPE_TEST;
		else if (str_has(word, STR("dev")) || str_has(word, STR("lint")) || str_has(word, STR("doc")) || str_is(word, "ci"))
			scope |= SCOPE_DEV;
		else if (word.len && !str_is(word, "optional"))
			scope |= SCOPE_RUNTIME; /* another group: it may well ship */
		at = n;
	}
	return scope;
}

/* The next text in quotes of the line, which is moved behind it; absent at its end or at a keyword (`path:`, `:git =>`). */
static struct str next_quoted(struct str *line)
{
	struct str rest = *line;
	size_t i = 0;

	while (i < rest.len && rest.s[i] != '"' && rest.s[i] != '\'') {
		if (rest.s[i] == ':' || ascii_alpha(rest.s[i]))
			return STR_NONE;
		i++;
	}
	size_t end = i < rest.len ? str_chr(str_from(rest, i + 1), rest.s[i]) : STR_NOT_FOUND;
	if (end == STR_NOT_FOUND)
		return STR_NONE;
	*line = str_from(rest, i + end + 2);
	return str_sub(rest, i + 1, end);
}

/* `key: "value"` or `:key => "value"` */
static struct str option(struct str line, const char *key)
{
	size_t at = str_find(line, str_of(key), 0);
	struct str rest = at == STR_NOT_FOUND ? STR_NONE : str_from(line, at + strlen(key));

	while (rest.len && (rest.s[0] == ':' || rest.s[0] == ' ' || rest.s[0] == '=' || rest.s[0] == '>'))
		rest = str_from(rest, 1);
	return rest.len && (rest.s[0] == '"' || rest.s[0] == '\'') ? next_quoted(&rest) : STR_NONE;
}

static void add_gem(struct reading *r, struct gemfile_manifest *m, struct str line, unsigned scope, size_t offset)
{
	struct str name = next_quoted(&line), range = STR(""), one;
	size_t group;

	if (!name.len || str_has(name, STR("#{")))
		return;
	while ((one = next_quoted(&line)).s)
		range = arena_concat(r->arena, range, range.len ? STR(", ") : STR(""), one);
	group = str_find(line, STR("group"), 0);
	if (group != STR_NOT_FOUND)
		scope = group_scope(str_from(line, group + (str_starts(str_from(line, group), STR("groups")) ? 7 : 6)));
	uint32_t c = reading_add(r, STR_NONE, name, STR_NONE, offset);
	struct component *k = &r->bom->components[c];
	k->declared = range.len ? range : STR("*");
	k->scope = scope ? scope : SCOPE_RUNTIME;
	k->direct = k->direct_known = true;
	struct str git = option(line, "git"), path = option(line, "path"), github = option(line, "github");
	if (github.len)
		git = arena_concat(r->arena, STR("https://github.com/"), github, STR(".git"));
	if (git.len)
		reading_vcs(r, c, git, option(line, "ref"));
	if (path.len) {
		r->bom->components[c].declared = STR_NONE;
		reading_local(r, c, reading_dir(r), path);
	}
	*VEC_ADD(r->arena, &m->needs) = (struct gemfile_need){ name, r->bom->components[c].scope };
}

enum result source_gemfile(struct reading *r)
{
	struct gemfile_manifest *m = r->data = ARENA_NEW(r->arena, struct gemfile_manifest);
	unsigned scopes[32] = { 0 };
	size_t depth = 0;
	struct lines l;

	lines_open(&l, r->text);
	while (lines_next(&l)) {
		struct str line = str_trim(l.line);
		bool opens = str_ends(line, STR(" do")) || str_has(line, STR(" do |")) || str_starts(line, STR("if ")) ||
			     str_starts(line, STR("unless ")) || str_starts(line, STR("case ")) || str_starts(line, STR("def "));
		unsigned here = scopes[depth < 31 ? depth : 31];
		if (!line.len || line.s[0] == '#')
			continue;
		if (str_starts(line, STR("gem ")) || str_starts(line, STR("gem(")))
			add_gem(r, m, str_from(line, 4), here, l.offset);
		if (opens) {
			depth++;
			if (depth < 32)
				scopes[depth] = str_starts(line, STR("group ")) || str_starts(line, STR("group(")) ? group_scope(line) : here;
		} else if (str_is(line, "end") && depth) {
			depth--;
		}
	}
	return reading_done(r);
}

/* What only groups for development and test ask for, and all below it, is marked so in the lockfile. */
void join_gemfile(struct tree *t)
{
	for (VEC_EACH(struct part, lock, &t->parts)) {
		struct part *p = NULL;
		if (!part_is(lock, "gemfile-lock"))
			continue;
		p = tree_find(t, lock->dir, str_is(lock->base, "gems.locked") ? "gems.rb" : "Gemfile");
		if (!p || !part_is(p, "gemfile") || p->failed)
			continue;
		p->covered = true;
		struct gemfile_manifest *m = p->data;
		if (lock->failed || !m->needs.n)
			continue;
		struct bom *b = lock->bom;
		struct map asked;
		struct reach x;
		map_init(&asked, t->arena);
		for (VEC_EACH(const struct gemfile_need, n, &m->needs))
			map_put(&asked, n->name, NULL)->value.num |= n->scope;
		reach_init(&x, t->arena, b);
		static const unsigned kinds[] = { SCOPE_RUNTIME, SCOPE_DEV, SCOPE_TEST };
		for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
			for (size_t i = 0; i < b->ncomponents; i++) {
				const struct component *c = &b->components[i];
				struct map_entry *e = map_get(&asked, c->name);
				/* what the Ruby code asks for in another way, and the project's own gems, count as runtime */
				unsigned scope = e ? (unsigned)e->value.num : SCOPE_RUNTIME;
				if ((c->direct || c->first_party) && scope & kinds[k])
					*VEC_ADD(t->arena, &x.starts) = (uint32_t)i;
			}
			if (x.starts.n)
				reach_mark(&x, kinds[k]);
		}
	}
}
