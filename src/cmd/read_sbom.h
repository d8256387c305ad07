/* One SBOM file for the commands that take several: merge, diff. */
#ifndef CMD_READ_SBOM_H
#define CMD_READ_SBOM_H

#include "cmd/command.h"
#include "model/bom.h"

/* Reads `path` ("sbom:" before it is allowed, "-" is standard input) into a new bom on `a`, completed and checked for contradicting
 * identities; its first input has path, digest and reader. What went wrong is said on standard error. *code is raised to 3 where
 * the document could not be read whole. NULL where it could not be read at all. */
struct bom *read_sbom(struct invocation *in, struct arena *a, struct str path, int *code);

#endif
