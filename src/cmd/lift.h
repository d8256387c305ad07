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
/* All paths of a commit; false where it is not in the clone. */
bool lift_commit_paths(struct arena *a, struct git *g, struct str commit, struct str_list *out);
/* A database that the judged tree itself brings is refused (exit 2) where a change is judged. */
void lift_check_database(struct judgement *j, struct diags *d, const struct collected *c, struct str database);
/* Sentences for the report: exceptions that end, licences, KEV. */
void lift_notes(struct judgement *j, const struct diags *d, const struct collected *c, struct str_list *out);

#endif
