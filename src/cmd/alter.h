/* What a change does to the gate itself: the first lines of the report. */
#ifndef CMD_ALTER_H
#define CMD_ALTER_H

#include "cmd/judge.h"

/* One sentence for each changed file that the gate rests on (the configuration, with what it would alter; tables, VEX and ignore
 * files; workflows that use bomgate). Nothing where no change is judged. Call after judge_gate. */
void alter_notes(struct judgement *j, const struct collected *c, const struct base *base, const struct judge_options *o, struct str_list *out);

#endif
