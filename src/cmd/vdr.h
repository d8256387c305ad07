/* A vulnerability disclosure report: the bom with its findings as CycloneDX vulnerabilities, SSVC among their ratings. */
#ifndef CMD_VDR_H
#define CMD_VDR_H

#include "cmd/judge.h"

/* `out` shares everything with b but its components' refs (which the vulnerabilities name) and its claims. */
void vdr_bom(const struct judgement *j, const struct bom *b, struct str timestamp, struct bom *out);

#endif
