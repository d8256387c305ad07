#include "format/spdx3_rules.h"

#include <stddef.h>

#define WORDS(...)
#define INDIVIDUAL(...)
#define PROPERTY(...)
enum { NODE_ANY, NODE_IRI };
#define CLASS(name, parent, node, abstract) { #name, SPDX3_CLASS_##parent, NODE_##node, abstract },
static const struct {
	const char *name;
	enum spdx3_class parent;
	int node;
	bool abstract;
} classes[SPDX3_CLASSES] = {
	{ "", SPDX3_CLASS_NONE, NODE_ANY, true },
#include "format/spdx3_rules.def"
};
#undef CLASS
#undef PROPERTY

/* `of` names a class or a vocabulary, and which one the type says. */
#define OF_STRING(of) SPDX3_CLASS_NONE, SPDX3_WORDS_NONE
#define OF_URI(of) OF_STRING(of)
#define OF_TIME(of) OF_STRING(of)
#define OF_VERSION(of) OF_STRING(of)
#define OF_MEDIA(of) OF_STRING(of)
#define OF_INTEGER(of) OF_STRING(of)
#define OF_POSITIVE(of) OF_STRING(of)
#define OF_NATURAL(of) OF_STRING(of)
#define OF_DECIMAL(of) OF_STRING(of)
#define OF_TRUTH(of) OF_STRING(of)
#define OF_WORD(of) SPDX3_CLASS_NONE, SPDX3_WORDS_##of
#define OF_OBJECT(of) SPDX3_CLASS_##of, SPDX3_WORDS_NONE
#define CLASS(...)
#define PROPERTY(owner, name, type, of, min, many) { SPDX3_CLASS_##owner, #name, SPDX3_##type, OF_##type(of), min, many },
const struct spdx3_property spdx3_properties[] = {
#include "format/spdx3_rules.def"
};
#undef PROPERTY
#undef WORDS
#define PROPERTIES (sizeof spdx3_properties / sizeof spdx3_properties[0])
_Static_assert(PROPERTIES <= (size_t)SPDX3_PROPERTIES_MAX, "SPDX3_PROPERTIES_MAX is too small");

#define PROPERTY(...)
#define WORDS(name, words) words,
static const char *const words_of[] = {
	"",
#include "format/spdx3_rules.def"
};
#undef WORDS
#undef INDIVIDUAL

#define WORDS(...)
#define INDIVIDUAL(word, iri) { #word, iri },
static const struct {
	const char *word, *iri;
} individuals[] = {
#include "format/spdx3_rules.def"
};

enum spdx3_class spdx3_class_of(struct str name)
{
	for (int c = 1; c < SPDX3_CLASSES; c++)
		if (str_is(name, classes[c].name))
			return (enum spdx3_class)c;
	return SPDX3_CLASS_NONE;
}

const char *spdx3_class_name(enum spdx3_class c)
{
	return classes[c].name;
}

enum spdx3_class spdx3_class_parent(enum spdx3_class c)
{
	return classes[c].parent;
}

bool spdx3_class_is(enum spdx3_class c, enum spdx3_class above)
{
	while (c && c != above)
		c = classes[c].parent;
	return c == above;
}

bool spdx3_class_abstract(enum spdx3_class c)
{
	return classes[c].abstract;
}

bool spdx3_class_named(enum spdx3_class c)
{
	return classes[c].node == NODE_IRI;
}

void spdx3_class_properties(enum spdx3_class c, const struct spdx3_property **first, const struct spdx3_property **end)
{
	/* They stand together, in the order of the classes. */
	size_t low = 0, high = PROPERTIES;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (spdx3_properties[middle].owner < c)
			low = middle + 1;
		else
			high = middle;
	}
	*first = *end = spdx3_properties + low;
	while (*end < spdx3_properties + PROPERTIES && (*end)->owner == c)
		++*end;
}

const struct spdx3_property *spdx3_property_of(enum spdx3_class c, struct str name)
{
	for (; c; c = classes[c].parent) {
		const struct spdx3_property *p, *end;
		for (spdx3_class_properties(c, &p, &end); p < end; p++)
			if (str_is(name, p->name))
				return p;
	}
	return NULL;
}

bool spdx3_word_known(enum spdx3_words w, struct str word)
{
	struct str rest = str_of(words_of[w]);

	while (rest.s)
		if (word.len && str_eq(str_cut(&rest, ' '), word))
			return true;
		else if (!word.len)
			return false;
	return false;
}

bool spdx3_individual(struct str id)
{
	static const char base[] = "https://spdx.org/rdf/3.0.1/terms/";

	for (size_t i = 0; i < sizeof individuals / sizeof individuals[0]; i++)
		if (str_is(id, individuals[i].word) || (str_starts(id, STR("https://spdx.org/rdf/3.0.1/terms/")) &&
							str_is(str_from(id, sizeof base - 1), individuals[i].iri)))
			return true;
	return false;
}
