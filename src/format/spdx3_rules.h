/* The rule table of SPDX 3.0.1 (spdx3_rules.def) and look-ups in it. */
#ifndef FORMAT_SPDX3_RULES_H
#define FORMAT_SPDX3_RULES_H

#include "base/str.h"

enum spdx3_class {
	SPDX3_CLASS_NONE,
#define CLASS(name, parent, node, abstract) SPDX3_CLASS_##name,
#define PROPERTY(...)
#define WORDS(...)
#define INDIVIDUAL(...)
#include "format/spdx3_rules.def"
#undef CLASS
#undef WORDS
	SPDX3_CLASSES,
};

enum spdx3_words {
	SPDX3_WORDS_NONE,
#define CLASS(...)
#define WORDS(name, words) SPDX3_WORDS_##name,
#include "format/spdx3_rules.def"
#undef CLASS
#undef WORDS
#undef PROPERTY
#undef INDIVIDUAL
};

enum spdx3_type {
	SPDX3_STRING,
	SPDX3_URI,
	SPDX3_TIME,    /* YYYY-MM-DDThh:mm:ssZ */
	SPDX3_VERSION, /* semantic, "3.0.1" */
	SPDX3_MEDIA,   /* "text/plain" */
	SPDX3_INTEGER,
	SPDX3_POSITIVE,
	SPDX3_NATURAL,
	SPDX3_DECIMAL,
	SPDX3_TRUTH,
	SPDX3_WORD,   /* of a vocabulary */
	SPDX3_OBJECT, /* an object here, or the id of one */
};

struct spdx3_property {
	enum spdx3_class owner;
	const char *name;
	enum spdx3_type type;
	enum spdx3_class object; /* of SPDX3_OBJECT */
	enum spdx3_words words;	 /* of SPDX3_WORD */
	unsigned min;
	bool many;
};
extern const struct spdx3_property spdx3_properties[];
enum {
	SPDX3_PROPERTIES_MAX = 192, /* more than there are; checked when built */
};

/* SPDX3_CLASS_NONE where there is none of that name. */
enum spdx3_class spdx3_class_of(struct str name);
const char *spdx3_class_name(enum spdx3_class c);
enum spdx3_class spdx3_class_parent(enum spdx3_class c);
/* c or one of the classes above it is `above`. */
bool spdx3_class_is(enum spdx3_class c, enum spdx3_class above);
bool spdx3_class_abstract(enum spdx3_class c);
/* Its objects must have an IRI as their spdxId. */
bool spdx3_class_named(enum spdx3_class c);
/* A property of the class or of those above it; NULL where it has none of that name. */
const struct spdx3_property *spdx3_property_of(enum spdx3_class c, struct str name);
/* The properties that the class itself adds: [*first, *end). */
void spdx3_class_properties(enum spdx3_class c, const struct spdx3_property **first, const struct spdx3_property **end);
bool spdx3_word_known(enum spdx3_words w, struct str word);
/* An element that the standard itself defines (NoAssertionElement, …), by its word or its IRI. */
bool spdx3_individual(struct str id);

/* May the JSON text stand as that property of an object of that class? Ids of other elements are not looked up. */
bool spdx3_property_legal(enum spdx3_class c, struct str property, struct str json);

#endif
