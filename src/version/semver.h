/* The parts of a SemVer version, for the orderings that build on it. */
#ifndef VERSION_SEMVER_H
#define VERSION_SEMVER_H

#include "version/number.h"

struct semver {
	struct str numbers; /* "1.2.3": at least one, dots between, any count */
	struct str pre;	    /* without its dash; absent where it is a release */
	struct str build;   /* without its plus; absent where there is none */
};

/* Leniently; false where it is no version. The parts point into v. */
bool semver_parse(struct str v, struct semver *out);
/* Numbers, then pre-release; build is left out. */
int semver_cmp(const struct semver *a, const struct semver *b);
/* One identifier: numeric by value and below text, text by bytes. */
int semver_identifier_cmp(struct str a, struct str b);
/* Dot-separated identifiers one by one; of equal ones the longer list is greater. */
int semver_identifiers_cmp(struct str a, struct str b);

#endif
