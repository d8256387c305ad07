/* SSVC decision points (CERT/CC, ssvc_points.def): their identity "namespace:key:version" and their values, lowest concern
 * first. Points that a table file defines itself have the same form. */
#ifndef DECIDE_POINT_H
#define DECIDE_POINT_H

#include "base/arena.h"
#include "model/finding.h"

#define SSVC_MAX_VALUES 16

struct ssvc_value {
	struct str key, name; /* "P", "Public PoC" */
	struct str word;      /* the name in lower case with '-' for blanks: "public-poc" */
};

struct ssvc_point {
	struct str id;	    /* "ssvc:E:1.1.0" */
	struct str kind;    /* "ssvc:E": the id without its version */
	struct str version; /* "1.1.0" */
	struct str name;    /* "Exploitation" */
	struct ssvc_value values[SSVC_MAX_VALUES];
	unsigned nvalues;
};

/* The published point of that id, built on the arena once a call; NULL where there is none. */
const struct ssvc_point *ssvc_point_by_id(struct arena *a, struct str id);
/* The newest published point of that name ("Exploitation", "Human Impact"), of `version` where it is not empty. */
const struct ssvc_point *ssvc_point_by_name(struct arena *a, struct str name, struct str version);
/* A new point from "key=name|key=name…"; false with *why where it has no value or too many. */
bool ssvc_point_make(struct arena *a, struct str id, struct str name, struct str values, struct ssvc_point *out, const char **why);
/* The index of the value that a word means: name or key; case, '-', '_' and blanks are alike. Older spellings are taken too:
 * "PoC" (Exploitation), "Slow" and "Rapid" (Automatable), "Unavoidable" (Exposure), the five old Safety values, "Crippled"
 * (Mission). False where it is none. */
bool ssvc_value_of(const struct ssvc_point *p, struct str word, unsigned *out);
/* "small, controlled or open": the allowed words, for messages. */
struct str ssvc_value_words(struct arena *a, const struct ssvc_point *p);
/* Compares two words as ssvc_value_of does. */
bool ssvc_word_eq(struct str a, struct str b);

/* The four points of the deployer table, for people: "Exploitation", and the word of a value: "public poc". Static text. */
const char *point_name(unsigned point);
const char *point_word(unsigned point, unsigned value);
/* The words of a set of possible values: "none, public poc". */
struct str point_words(struct arena *a, unsigned point, unsigned possible);
/* The id of the point: "ssvc:E:1.1.0"; and the key of a value: "P". Static text. */
const char *point_id(unsigned point);
const char *point_key(unsigned point, unsigned value);
unsigned point_count(unsigned point); /* how many values it has */

#endif
