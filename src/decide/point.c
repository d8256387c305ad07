#include "decide/point.h"

#include "base/buf.h"

static const struct {
	const char *id, *name, *values;
} published[] = {
#define POINT(id, name, values) { id, name, values },
#include "decide/ssvc_points.def"
#undef POINT
};

/* Spellings of older versions and of the records that CISA publishes (SSVC reference, points and their history). */
static const struct {
	const char *kind, *word, *key;
} synonyms[] = {
	{ "ssvc:E", "poc", "P" },	     { "ssvc:E", "publicpoc", "P" },
	{ "ssvc:E", "proof of concept", "P" }, { "ssvc:A", "slow", "N" },
	{ "ssvc:A", "rapid", "Y" },	     { "ssvc:A", "true", "Y" },
	{ "ssvc:A", "false", "N" },	     { "ssvc:EXP", "unavoidable", "O" },
	{ "ssvc:EXP", "open", "U" },	     { "ssvc:SI", "none", "N" },	     { "ssvc:SI", "minor", "N" },
	{ "ssvc:SI", "major", "M" },	     { "ssvc:SI", "hazardous", "R" },
	{ "ssvc:MI", "crippled", "MSC" },    { "ssvc:MI", "none", "D" },
	{ "ssvc:MI", "non essential degraded", "D" }, { "ssvc:MI", "failure", "MEF" },
	{ "cisa:KEV", "true", "Y" },	     { "cisa:KEV", "false", "N" },
	{ "cisa:PE", "true", "Y" },	     { "cisa:PE", "false", "N" },
};

static char fold(char c)
{
	return c == '_' || c == '-' || ascii_blank(c) ? ' ' : ascii_lower(c);
}

bool ssvc_word_eq(struct str a, struct str b)
{
	a = str_trim(a);
	b = str_trim(b);
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (fold(a.s[i]) != fold(b.s[i]))
			return false;
	return true;
}

static struct str word_of(struct arena *a, struct str name)
{
	char *w = arena_cstr(a, name);

	for (size_t i = 0; i < name.len; i++)
		w[i] = fold(w[i]) == ' ' ? '-' : fold(w[i]);
	return str_make(w, name.len);
}

bool ssvc_point_make(struct arena *a, struct str id, struct str name, struct str values, struct ssvc_point *out, const char **why)
{
	size_t colon = str_rchr(id, ':');

	*out = (struct ssvc_point){ .id = arena_str(a, id), .name = arena_str(a, name) };
	out->kind = colon == STR_NOT_FOUND ? out->id : str_sub(out->id, 0, colon);
	out->version = colon == STR_NOT_FOUND ? STR("") : str_from(out->id, colon + 1);
	while (values.s) {
		struct str one = str_cut(&values, '|'), key = str_cut(&one, '=');
		if (out->nvalues == SSVC_MAX_VALUES) {
			*why = "a decision point may have at most 16 values";
			return false;
		}
		key = arena_str(a, key);
		one = one.s ? arena_str(a, one) : key;
		out->values[out->nvalues++] = (struct ssvc_value){ key, one, word_of(a, one) };
	}
	if (out->nvalues < 2) {
		*why = "a decision point needs at least two values";
		return false;
	}
	return true;
}

static const struct ssvc_point *build(struct arena *a, size_t i)
{
	struct ssvc_point *p = ARENA_NEW(a, struct ssvc_point);
	const char *why;

	return ssvc_point_make(a, str_of(published[i].id), str_of(published[i].name), str_of(published[i].values), p, &why) ? p : NULL;
}

const struct ssvc_point *ssvc_point_by_id(struct arena *a, struct str id)
{
	for (size_t i = 0; i < sizeof published / sizeof published[0]; i++)
		if (str_is(id, published[i].id))
			return build(a, i);
	return NULL;
}

/* The table is sorted by id, so that the last match is the newest version of its key. */
const struct ssvc_point *ssvc_point_by_name(struct arena *a, struct str name, struct str version)
{
	for (size_t i = sizeof published / sizeof published[0]; i-- > 0;) {
		struct str id = str_of(published[i].id);
		if (!ssvc_word_eq(name, str_of(published[i].name)))
			continue;
		if (!version.len || str_eq(version, str_from(id, str_rchr(id, ':') + 1)))
			return build(a, i);
	}
	return NULL;
}

bool ssvc_value_of(const struct ssvc_point *p, struct str word, unsigned *out)
{
	for (unsigned i = 0; i < p->nvalues; i++) {
		if (ssvc_word_eq(word, p->values[i].name) || ssvc_word_eq(word, p->values[i].key)) {
			*out = i;
			return true;
		}
	}
	for (size_t s = 0; s < sizeof synonyms / sizeof synonyms[0]; s++) {
		if (!str_is(p->kind, synonyms[s].kind) || !ssvc_word_eq(word, str_of(synonyms[s].word)))
			continue;
		for (unsigned i = 0; i < p->nvalues; i++) {
			if (str_is(p->values[i].key, synonyms[s].key)) {
				*out = i;
				return true;
			}
		}
	}
	return false;
}

struct str ssvc_value_words(struct arena *a, const struct ssvc_point *p)
{
	struct buf b;
	struct str words;

	buf_init(&b, 0);
	for (unsigned i = 0; i < p->nvalues; i++) {
		buf_adds(&b, i == 0 ? "" : i + 1 == p->nvalues ? " or " : ", ");
		buf_add(&b, p->values[i].word);
	}
	words = arena_str(a, buf_str(&b));
	buf_free(&b);
	return words;
}

/* ---- the deployer table's own four points */

static const struct {
	const char *id, *name;
	unsigned n;
	const char *words[4], *keys[4];
} deployer[NPOINTS] = {
	[POINT_EXPLOITATION] = { "ssvc:E:1.1.0", "Exploitation", 3, { "none", "public poc", "active" }, { "N", "P", "A" } },
	[POINT_EXPOSURE] = { "ssvc:EXP:1.0.1", "System Exposure", 3, { "small", "controlled", "open" }, { "S", "C", "O" } },
	[POINT_AUTOMATABLE] = { "ssvc:A:2.0.0", "Automatable", 2, { "no", "yes" }, { "N", "Y" } },
	[POINT_HUMAN_IMPACT] = { "ssvc:HI:2.0.2", "Human Impact", 4, { "low", "medium", "high", "very high" }, { "L", "M", "H", "VH" } },
};

const char *point_name(unsigned point)
{
	return deployer[point].name;
}

const char *point_word(unsigned point, unsigned value)
{
	return deployer[point].words[value];
}

const char *point_id(unsigned point)
{
	return deployer[point].id;
}

const char *point_key(unsigned point, unsigned value)
{
	return deployer[point].keys[value];
}

unsigned point_count(unsigned point)
{
	return deployer[point].n;
}

struct str point_words(struct arena *a, unsigned point, unsigned possible)
{
	struct str text = STR("");

	for (unsigned v = 0; v < deployer[point].n; v++)
		if (possible & 1u << v)
			text = arena_concat(a, text, text.len ? STR(", ") : STR(""), str_of(deployer[point].words[v]));
	return text;
}
