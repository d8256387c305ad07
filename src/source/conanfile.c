/* conanfile.txt: sections of references "name/version@user/channel#revision". */
#include "source/common.h"
#include "syntax/lines.h"

static void add_reference(struct reading *r, struct str text, unsigned scope, size_t offset)
{
	struct str rest = text, name = str_trim(str_cut(&rest, '/')), version = rest.s ? rest : STR_NONE, revision = STR_NONE, who = STR_NONE;
	size_t cut = str_chr(version, '#');

	if (cut != STR_NOT_FOUND) {
		revision = str_trim(str_from(version, cut + 1));
		version = str_sub(version, 0, cut);
	}
	cut = str_chr(version, '@');
	if (cut != STR_NOT_FOUND) {
		who = str_trim(str_from(version, cut + 1));
		version = str_sub(version, 0, cut);
	}
	version = str_trim(version);
	if (!name.len || !version.len) {
		reading_problem(r, offset, "\"%.*s\" is no reference of the form \"name/version\"", STR_ARG(str_sub(text, 0, 100)));
		return;
	}
	bool range = version.s[0] == '[';
	uint32_t c = reading_add(r, STR_NONE, name, range ? STR_NONE : version, offset);
	struct component *k = &r->bom->components[c];
	if (range)
		k->declared = version.s[version.len - 1] == ']' ? str_sub(version, 1, version.len - 2) : version;
	k->scope = scope;
	k->direct = k->direct_known = true;
	if (who.len && !str_is(who, "_/_") && str_chr(who, '/') != STR_NOT_FOUND) {
		struct str user = str_cut(&who, '/');
		*VEC_ADD(r->arena, &k->qualifiers) = (struct property){ STR("channel"), who };
		*VEC_ADD(r->arena, &k->qualifiers) = (struct property){ STR("user"), user };
	}
	if (revision.len)
		*VEC_ADD(r->arena, &k->qualifiers) = (struct property){ STR("rrev"), revision };
}

enum result source_conanfile(struct reading *r)
{
	static const struct {
		const char *section;
		unsigned scope;
	} known[] = { { "[requires]", SCOPE_RUNTIME },	  { "[build_requires]", SCOPE_BUILD }, { "[tool_requires]", SCOPE_BUILD },
		      { "[test_requires]", SCOPE_TEST } };
	unsigned scope = 0;
	struct lines l;

	lines_open(&l, r->text);
	while (lines_next(&l)) {
		struct str line = l.line;
		size_t comment = str_find(line, STR(" #"), 0);
		if (comment != STR_NOT_FOUND)
			line = str_sub(line, 0, comment);
		line = str_trim(line);
		if (!line.len || line.s[0] == '#')
			continue;
		if (line.s[0] == '[' && line.s[line.len - 1] == ']') {
			scope = 0;
			for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
				if (str_is(line, known[i].section))
					scope = known[i].scope;
		} else if (scope) {
			add_reference(r, line, scope, l.offset);
		}
	}
	return reading_done(r);
}

/* What conan.lock beside it locks needs no declared ranges. */
void join_conanfile(struct tree *t)
{
	for (VEC_EACH(struct part, p, &t->parts))
		if (part_is(p, "conanfile") && tree_find(t, p->dir, "conan.lock"))
			p->covered = true;
}
