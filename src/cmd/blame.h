/* Which commit brought a text into a file. */
#ifndef CMD_BLAME_H
#define CMD_BLAME_H

#include "io/git.h"

struct blame {
	struct str commit, author;
	bool cut; /* history is cut off there (a shallow clone, or more commits than are looked at): it may be older */
};

/* Walks back along first parents from `commit` while the file at `path` holds `text`. False where the commit has no such file or text. */
bool blame_text(struct arena *a, struct git *g, struct str commit, struct str path, struct str text, struct blame *out);

#endif
