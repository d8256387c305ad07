/* Alpine's database of installed packages (apk-tools, "apk v2 installed"): X:value lines, a blank line behind each package. Advisories name
 * the origin. */
#include "source/common.h"
#include "syntax/lines.h"

struct wanted_edges {
	uint32_t from;
	struct str list;
};

struct apk {
	struct reading *r;
	struct name_index by_name;
	VEC(struct wanted_edges) edges;
};

struct package {
	struct str fields[26]; /* by capital letter; 'o' stands at 'O' */
	size_t offset;
};
#define FIELD(p, letter) ((p)->fields[(letter) - 'A'])

/* "so:libc.musl-x86_64.so.1=1", "openssl>=3": the name. */
static struct str name_of(struct str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (strchr("=<>~", word.s[i]))
			return str_sub(word, 0, i);
	return word;
}

static void finish(struct apk *k, const struct package *p, struct str provides)
{
	struct reading *r = k->r;
	struct str name = FIELD(p, 'P'), version = FIELD(p, 'V');

	if (!name.s && !version.s)
		return;
	if (!name.len || !version.len) {
		reading_problem(r, p->offset, "a package without a %s: the database is damaged", name.len ? "version" : "name");
		return;
	}
	uint32_t i = reading_add(r, STR_NONE, name, version, p->offset);
	struct component *c = &r->bom->components[i];
	c->purl_type = STR("apk");
	component_add_more(r->arena, c)->source_name = FIELD(p, 'O').len ? FIELD(p, 'O') : name;
	component_add_more(r->arena, c)->source_version = version;
	c->description = FIELD(p, 'T');
	if (FIELD(p, 'A').len)
		*VEC_ADD(r->arena, &c->qualifiers) = (struct property){ STR("arch"), FIELD(p, 'A') };
	if (FIELD(p, 'U').len)
		*VEC_ADD(r->arena, &component_add_more(r->arena, c)->references) =
			(struct external_reference){ .type = STR("website"), .url = FIELD(p, 'U') };
	if (FIELD(p, 'L').len)
		reading_licence(r, i, FIELD(p, 'L'));
	name_index_add(&k->by_name, name, i, NULL);
	while (provides.s) {
		struct str one = name_of(str_trim(str_cut(&provides, ' ')));
		if (one.len && !str_eq(one, name))
			name_index_add(&k->by_name, one, i, NULL);
	}
	if (FIELD(p, 'D').len)
		*VEC_ADD(r->arena, &k->edges) = (struct wanted_edges){ i, FIELD(p, 'D') };
}

enum result source_apk(struct reading *r)
{
	struct apk k = { .r = r };
	struct package p = { 0 };
	struct str provides = STR_NONE;
	struct lines l;

	name_index_init(&k.by_name, r->arena);
	lines_open(&l, r->text);
	while (lines_next(&l)) {
		if (!l.line.len) {
			finish(&k, &p, provides);
			p = (struct package){ 0 };
			provides = STR_NONE;
			continue;
		}
		if (l.line.len < 2 || l.line.s[1] != ':') {
			reading_problem(r, l.offset, "a line has the form \"X:value\"");
			continue;
		}
		char letter = l.line.s[0];
		struct str value = str_from(l.line, 2);
		if (letter == 'p')
			provides = value;
		else if (letter == 'o')
			FIELD(&p, 'O') = value;
		else if (letter >= 'A' && letter <= 'Z' && letter != 'O' && !FIELD(&p, letter).s)
			FIELD(&p, letter) = value;
		if (letter == 'P' || (letter == 'V' && !FIELD(&p, 'P').s))
			p.offset = l.offset;
	}
	finish(&k, &p, provides);
	for (VEC_EACH(const struct wanted_edges, e, &k.edges))
		for (struct str rest = e->list; rest.s;) {
			struct str word = str_trim(str_cut(&rest, ' '));
			const struct name_entry *found = word.len && word.s[0] != '!' ? name_index_get(&k.by_name, name_of(word)) : NULL;
			if (found)
				reading_edges(r, e->from, found, 0);
		}
	return reading_done(r);
}
