/* CVSS base scores from vectors (FIRST, CVSS 3.0/3.1 specification section 7, CVSS 2 guide section 3.2). */
#ifndef MATCH_CVSS_H
#define MATCH_CVSS_H

#include "base/str.h"

/* -1 where it is no vector of version 2, 3.0 or 3.1 (version 4 scores come from a table of 270 vectors, which is not carried). */
double cvss_base_score(struct str vector);

#endif
