/* Keeping a copy of a published database: a folder with the manifest, the files by their digest (fetched when they are needed, or all
 * at once), and record.json, which says what was accepted last. */
#ifndef VULN_UPDATE_H
#define VULN_UPDATE_H

#include "vuln/trust.h"

#define VULN_UPDATE_YOUNG 3600 /* seconds in which a copy is not asked for again */

struct vuln_update {
	struct str dir; /* of the copy */
	struct vuln_keys keys;
	struct str *remotes;
	size_t nremotes;
	int64_t now;
	bool always;	   /* ask even where the copy is young */
	bool allow_shrunk; /* a source may have lost more than a fifth of its records */
};

enum vuln_update_state { VULN_UPDATE_NEW, VULN_UPDATE_CURRENT, VULN_UPDATE_YOUNG_ENOUGH, VULN_UPDATE_KEPT };

/* Brings the manifest up to date, from the first address that answers. A manifest whose signature is wrong, whose serial is lower
 * than the last one accepted (or equal with other content), or in which a source shrank by more than a fifth is refused: FAILED with
 * "data.signature", "data.rollback" or "data.shrunk". Where no address answers: PARTIAL with a warning while there is a copy
 * (VULN_UPDATE_KEPT: whether it is young enough is the gate's to say), else FAILED ("data.network"). */
enum result vuln_update(const struct vuln_update *u, struct arena *a, struct diags *d, enum vuln_update_state *state);

/* Fetches the files that are not there yet (`texts`: those too) and that `wanted` wants; false where one could not be had:
 * vuln_damaged tells. */
typedef bool vuln_wanted(void *data, const struct vuln_file_info *f);
struct vuln_fetched {
	size_t files, there;
	uint64_t bytes; /* unpacked */
};
bool vuln_fetch(struct vuln_db *db, bool texts, vuln_wanted *wanted, void *data, struct vuln_fetched *out);
/* Removes what the manifest does not name and is a week old. */
void vuln_update_clean(struct arena *a, const struct vuln_db *db, int64_t now);

#endif
