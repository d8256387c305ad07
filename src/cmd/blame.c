#include "cmd/blame.h"

#include "base/limits.h"

#define MOST_COMMITS 2000 /* of first parents: each is two look-ups */

/* The file's blob where it holds the text; absent where not. `same` saves reading a blob that is known to hold it. */
static struct str holds(struct arena *a, struct git *g, struct str commit, struct str path, struct str text, struct str same)
{
	struct str blob, bytes, why;
	bool missing = false;

	if (!git_find_path(g, a, commit, path, &blob, &missing, &why))
		return STR_NONE;
	if (same.s && str_eq(blob, same))
		return blob;
	return git_read_blob(g, a, blob, LIMIT_CONFIG, &bytes, &why) && str_has(bytes, text) ? blob : STR_NONE;
}

bool blame_text(struct arena *a, struct git *g, struct str commit, struct str path, struct str text, struct blame *out)
{
	struct str blob = holds(a, g, commit, path, text, STR_NONE), why;
	struct git_commit_info info, before;

	if (!blob.s || !git_commit_of(g, a, commit, &info, &why))
		return false;
	*out = (struct blame){ 0 };
	for (size_t n = 0; info.parents.n; n++) {
		if (n == MOST_COMMITS || !git_commit_of(g, a, info.parents.items[0], &before, &why)) {
			out->cut = true;
			break;
		}
		struct str older = holds(a, g, before.id, path, text, blob);
		if (!older.s)
			break;
		blob = older;
		info = before;
	}
	out->commit = info.id;
	out->author = info.author;
	return true;
}
