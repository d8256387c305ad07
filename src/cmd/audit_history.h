/* Private to `audit OWNER/REPO`. */
#ifndef CMD_AUDIT_HISTORY_H
#define CMD_AUDIT_HISTORY_H

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "publish/github.h"

enum state { STATE_PRESENT, STATE_INCOMPLETE, STATE_DAMAGED, STATE_EXPIRED, STATE_MISSING, STATE_UNREAD, STATES };
extern const char *const audit_history_states[STATES]; /* "present", … */

/* What became of one of them. */
struct judged {
	struct str name, why, gate;
	enum state state;
};

struct entry {
	const char *kind; /* "release", "commit" */
	struct str name, sha, time, why;
	enum state state;
	struct str gate, overrides, exceptions; /* of the record; absent where there is none */
	struct str expires;
	VEC(struct judged) legs; /* of a commit: its artifacts */
};

struct history {
	struct arena *arena;
	struct publishing api;
	struct str branch, since, until;
	struct map artifacts; /* head SHA to struct legs *, the newest of each name */
	VEC(struct entry) entries;
	bool network;
	uint64_t repository;
};

/* audit_history_output.c */
void audit_history_table(const struct history *h, struct buf *out);
void audit_history_json(const struct history *h, struct buf *out);
void audit_history_html(const struct history *h, struct buf *out);

#endif
