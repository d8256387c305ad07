/* What the policy says beyond the decision itself: exceptions and VEX, licences, paths that fit nothing, values that let known
 * exploited flaws pass. */
#ifndef CMD_LIFT_H
#define CMD_LIFT_H

#include "cmd/judge.h"

/* Before anything is matched: globs of the policy that fit no file (exit 2; a warning where the base's files are not at hand). */
void lift_check_paths(struct judgement *j, struct diags *d, const struct collected *c);
/* After deciding: exceptions, VEX and ignore files of the policy's commit. Errors (exit 2) leave every finding standing. */
void lift_findings(struct judgement *j, struct diags *d, const struct collected *c, int64_t now);
/* The base's findings, before the head's baseline; and lockfiles that the change removes. */
void lift_base(struct judgement *j, int64_t now);
void lift_removed(struct judgement *j, struct diags *d, const struct collected *c);
/* Licences by the policy's lists. */
void lift_licences(struct judgement *j, const struct collected *c, int64_t now);
/* Sentences for the report: exceptions that end, licences, KEV. */
void lift_notes(struct judgement *j, const struct collected *c, struct str_list *out);

#endif
