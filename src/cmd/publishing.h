/* What publishers are told by the runner and the run; shared by `run` and `publish`. */
#ifndef CMD_PUBLISHING_H
#define CMD_PUBLISHING_H

#include "cmd/runner.h"
#include "publish/publish.h"

/* Where what was judged is shown: the event's commit and ref, or those of the checkout where it is another commit. */
struct publishing_place {
	struct str sha, ref;
	struct str nowhere; /* why no ref is known under which it could be shown; absent where there is one */
};

/* `commit`, `ref` and `repository` (of its origin) of the checkout that was judged; absent where no commit was. What was judged is never shown as
 * another branch's: not a branch that a nightly run checked out as the default branch's, not foreign code by the name of its own branch. */
struct publishing_place publishing_place(struct arena *a, const struct runner *r, struct str commit, struct str ref, struct str repository);
/* Fills all but the files. `matrix` (may be absent; of `run` what publishing_use made of it) and `name` keep legs and uses apart. */
void publishing_fill(struct arena *a, const struct runner *r, struct str matrix, struct str name, struct publishing *out);
/* "ci/gate", "ci/gate/1a2b3c4d", "ci/gate/1a2b3c4d/storefront"; absent outside a runner. */
struct str publishing_category(struct arena *a, const struct runner *r, struct str matrix, struct str name);
/* The matrix, and behind it which use of the action in this job it is, where it is not the plain one (the first without an id, or the one
 * whose id is `bomgate`): the runner's number of the step or its id, as GITHUB_ACTION says, so that a use stays itself where others are
 * skipped; and where that does not tell two steps apart, their order. Called once a run. */
struct str publishing_use(struct arena *a, const struct runner *r, struct str matrix);
/* The matrix (or what publishing_use made of it) as 8 hex digits; absent where the job has none. */
struct str publishing_leg(struct arena *a, struct str matrix);
/* "::add-mask::<secret>" */
void publishing_mask(struct str secret);

#endif
