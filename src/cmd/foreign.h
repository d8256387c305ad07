/* --findings: reports of other scanners, read and joined with what we found. */
#ifndef CMD_FOREIGN_H
#define CMD_FOREIGN_H

#include "cmd/judge.h"

/* Reads the files named by o->findings into j->foreign; each that cannot be read is an "input.*" error. */
void foreign_read(struct judgement *j, struct diags *d, const struct judge_options *o);
/* Joins them with j->findings, adding to the bom what only they know, and says in one notice a file what came of it. */
void foreign_join(struct judgement *j, struct diags *d, struct bom *b);
/* The same with the base's findings, so that what was there before is not new: only components that the base has. */
void foreign_join_base(struct judgement *j);

#endif
