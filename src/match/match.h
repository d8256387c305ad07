/* A bom and a database to findings: each component's package is looked up among its ecosystem's advisories, evaluated as OSV
 * specifies it, and what matched is grouped by aliases. What cannot be judged is listed as undecided, never dropped. */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include "base/diag.h"
#include "model/finding.h"
#include "base/buf.h"
#include "vuln/vuln.h"

/* FAILED where the database is damaged (a "data.damaged" diagnostic); the findings are then not to be trusted. First-party
 * components are not matched. Findings are sorted by component and id; their texts live on the arena or in the database. A decision
 * is not made here; KEV, EPSS and CVSS fields of a finding are filled from its CVEs. */
enum result match_run(const struct bom *b, struct vuln_db *db, struct arena *a, struct diags *d, struct findings *out);

/* A component of a list made by hand (`list:`) that no advisory names may be clean, or spelt in a way that no data knows: each is added
 * as undecided. How many there are where nothing else was judged, so that nothing at all is known; else 0. Sorted by nothing: at the end. */
size_t match_stated(const struct bom *b, struct arena *a, struct findings *f);

/* "ecosystem\tname\tversion\tid", one matched advisory a line, sorted, unique: `-o matches`. Ecosystem and version as OSV writes
 * them (no 'v' for Go). */
struct str match_rows(struct arena *a, const struct bom *b, const struct findings *f);

#endif
