/* CPE names (NIST IR 7695): 2.2 URI binding "cpe:/a:vendor:product:version" and 2.3 formatted string "cpe:2.3:a:vendor:…". */
#ifndef IDENTITY_CPE_H
#define IDENTITY_CPE_H

#include "base/arena.h"

enum { CPE_PART, CPE_VENDOR, CPE_PRODUCT, CPE_VERSION, CPE_UPDATE, CPE_EDITION, CPE_LANGUAGE, CPE_SW_EDITION, CPE_TARGET_SW,
       CPE_TARGET_HW, CPE_OTHER, CPE_FIELDS };

/* Values decoded (no backslashes, no percent signs) and in lower case; "*" (any) and "-" (not applicable) as they are. A field
 * that the text leaves out is "*". */
struct cpe {
	struct str field[CPE_FIELDS];
	bool literal_mark[CPE_FIELDS]; /* the value is an escaped "*" or "-", no wildcard */
};

/* Either binding; false where it is none. */
bool cpe_parse(struct arena *a, struct str text, struct cpe *out);
/* As a 2.3 formatted string. */
struct str cpe_format(struct arena *a, const struct cpe *c);
/* "cpe:part:vendor:product:version", with ":update" where there is one: what two components are compared by. Absent where vendor,
 * product or version is open. */
struct str cpe_key(struct arena *a, const struct cpe *c);

#endif
