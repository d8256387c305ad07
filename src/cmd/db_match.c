#include "cmd/db_match.h"

#include <stdio.h>

#include "base/limits.h"
#include "identity/purl.h"
#include "io/file.h"
#include "match/match.h"
#include "syntax/lines.h"

/* "@scope/name", "group:artifact", "host/path/name" into group and name. */
static void set_name(struct bom *b, struct component *c, struct str name)
{
	bool maven = str_is(str_sub(c->ecosystem, 0, str_chr(c->ecosystem, ':')), "Maven");
	size_t at = str_rchr(name, maven ? ':' : '/');

	if (at != STR_NOT_FOUND) {
		c->group = intern_str(&b->names, str_sub(name, 0, at));
		name = str_from(name, at + 1);
	}
	c->name = intern_str(&b->names, name);
}

static void print_undecided(const struct bom *b, const struct findings *f)
{
	for (VEC_EACH(const struct undecided, u, &f->undecided)) {
		const struct component *c = &b->components[u->component];
		fprintf(stderr, "not decided: %.*s %.*s%s%.*s %.*s: %.*s%s%.*s\n", STR_ARG(c->ecosystem), STR_ARG(c->group), c->group.len ? "/" : "",
			STR_ARG(c->name), STR_ARG(c->version), STR_ARG(u->why), u->closes_gate ? "; the gate stays closed by " : "",
			STR_ARG(u->advisory));
	}
}

static void print_findings(const struct bom *b, const struct findings *f)
{
	for (VEC_EACH(const struct finding, x, &f->list)) {
		const struct component *c = &b->components[x->component];
		const struct match *m = &x->matches.items[0];
		printf("%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t%.*s\t", STR_ARG(m->ecosystem), STR_ARG(m->package), STR_ARG(c->version), STR_ARG(x->id),
		       STR_ARG(m->range), STR_ARG(x->fixed));
		for (VEC_EACH(const struct str, id, &x->ids))
			printf("%s%.*s", id == x->ids.items ? "" : " ", STR_ARG(*id));
		printf("%s%s\n", x->kev ? "\tKEV" : "", x->malicious ? "\tmalicious" : "");
	}
}

int db_match(struct invocation *in, struct vuln_db *db, struct diags *d)
{
	struct bom *b = bom_new(in->arena, d);
	struct findings f = { 0 };
	struct str text, why;
	struct lines l;

	if (!file_read_fd(in->arena, 0, LIMIT_SBOM, &text, &why)) {
		complain("standard input: %.*s", STR_ARG(why));
		return 3;
	}
	lines_open(&l, text);
	while (lines_next(&l)) {
		struct str rest = l.line, ecosystem = str_cut(&rest, '\t'), name = str_cut(&rest, '\t');
		if (!name.len)
			continue;
		struct component *c = bom_add(b);
		c->ecosystem = intern_str(&b->names, ecosystem);
		set_name(b, c, name);
		c->version = rest.len ? intern_str(&b->names, rest) : STR_NONE;
	}
	enum result r = match_run(b, db, in->arena, d, &f);
	if (option_is(in, "findings"))
		print_findings(b, &f);
	else
		printf("%.*s", STR_ARG(match_rows(in->arena, b, &f)));
	print_undecided(b, &f);
	return r == FAILED ? 4 : 0;
}
