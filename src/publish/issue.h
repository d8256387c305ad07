/* One issue that is kept: found again by a hidden marker in its first line, made where it is missing, written anew only where something
 * changed, closed when there is nothing left to say. */
#ifndef PUBLISH_ISSUE_H
#define PUBLISH_ISSUE_H

#include "publish/publish.h"

struct issue_text {
	struct str marker;	/* "<!-- … -->"; the whole first line of the body */
	struct str title, body; /* GitHub takes 256 characters and 65,536 */
};

/* What the repository should show. */
enum issue_want {
	ISSUE_OPEN,   /* made, reopened or kept open */
	ISSUE_KEEP,   /* brought up to date where it is open, not made */
	ISSUE_CLOSED, /* closed where it is open, as completed */
	ISSUE_LEAVE,  /* only looked up: what is there stays as it is */
};

enum issue_did { ISSUE_NONE, ISSUE_CREATED, ISSUE_UPDATED, ISSUE_SAME, ISSUE_REOPENED, ISSUE_DID_CLOSE, ISSUE_LEFT_CLOSED };

/* In p->repository. An issue that people closed as "not planned" stays closed (ISSUE_LEFT_CLOSED). False with p->why. */
bool issue_keep(struct publishing *p, const struct issue_text *t, enum issue_want want, enum issue_did *did, int64_t *number);

#endif
