/* Version orderings: a row of orderings.def and one file each; a table from OSV's ecosystems to orderings. */
#ifndef VERSION_VERSION_H
#define VERSION_VERSION_H

#include "base/str.h"

enum order { ORDER_LESS = -1, ORDER_EQUAL = 0, ORDER_GREATER = 1, ORDER_UNKNOWN = 2 };

struct ordering {
	const char *name; /* "semver", "pep440", "maven", "dpkg", "rpm", "apk", … */
	/* Is this a version of the ordering? What is none cannot be compared. */
	bool (*valid)(struct str v);
	/* No allocation, any length, in time linear in it. Orders every two valid versions. Of those that are not valid it says
	 * ORDER_UNKNOWN; but pep440, maven, packagist, conan and apk also order what their tools order though it names no version
	 * ("latest", "dev-main", "1.2-ruff"): for a match such an answer counts for nothing, so ask `valid` or version_compare. */
	enum order (*compare)(struct str a, struct str b);
};

extern const struct ordering orderings[];
extern const size_t orderings_n;

/* By OSV's ecosystem, with or without its suffix ("Debian:12", "Alpine:v3.19"), or by an ordering's own name; NULL where
 * there is none. */
const struct ordering *version_ordering(struct str ecosystem);
/* Is it a name of OSV's (its suffix aside), with or without an ordering? */
bool version_ecosystem_known(struct str ecosystem);
/* For matching: ORDER_UNKNOWN where there is no ordering (o == NULL), or where one of them is no version. */
enum order version_compare(const struct ordering *o, struct str a, struct str b);

/* The rows' functions. */
#define ORDERING(fn, name)                                                                                               \
	bool fn##_valid(struct str v);                                                                                   \
	enum order fn##_compare(struct str a, struct str b);
#include "version/orderings.def"
#undef ORDERING

#endif
