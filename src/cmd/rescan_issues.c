/* One issue for each product of a rescan. */
#include "base/sha256.h"
#include "cmd/github_api.h"
#include "cmd/rescan_clocks.h"
#include "publish/issue.h"
#include "publish/sbom_export.h"

#define BODY_MOST 60000 /* bytes; GitHub takes 65,536 characters */

struct writing {
	struct rescan *r;
	struct publishing api;
	struct map publicity; /* repository to 1: public, 2: not, 3: cannot be told */
	bool in_public;
};

enum publicity { IS_UNKNOWN, IS_PUBLIC, IS_PRIVATE, IS_UNTOLD };

static void note(struct writing *w, const struct rescan_product *p, struct str repository, const char *did, int64_t number, struct str why, bool failed)
{
	*VEC_ADD(w->r->arena, &w->r->issues) = (struct rescan_issue){ p->name, repository, why, number, did, failed };
}

/* What does not say that it is private is public. */
static enum publicity publicity_of(struct writing *w, struct str repository)
{
	struct map_entry *e = map_put(&w->publicity, repository, NULL);
	struct http_response answer;

	if (e->value.num)
		return (enum publicity)e->value.num;
	const struct json *j = github_api_get(&w->api, github_path(&w->api, ""), &answer);
	struct str visibility = json_get_string(j, "visibility");
	bool is_private = json_get_bool(j, "private") && !str_is(visibility, "public");
	e->value.num = !j ? IS_UNTOLD : is_private ? IS_PRIVATE : IS_PUBLIC;
	return (enum publicity)e->value.num;
}

static enum issue_want want_of(const struct rescan *r, const struct rescan_product *p)
{
	bool closing = false, newly = false;

	for (VEC_EACH(const struct rescan_row, row, &r->rows))
		if (str_eq(row->field[FIELD_PRODUCT], p->name)) {
			closing = closing || row->level >= OUTCOME_OUT_OF_CYCLE;
			newly = newly || row->newly;
		}
	if (newly)
		return ISSUE_OPEN;
	return closing ? ISSUE_KEEP : rescan_is_whole(r, p) ? ISSUE_CLOSED : ISSUE_LEAVE;
}

static void write_one(struct writing *w, const struct rescan_product *p, struct str repository)
{
	static const char *const words[] = { [ISSUE_NONE] = "none", [ISSUE_CREATED] = "created", [ISSUE_UPDATED] = "updated", [ISSUE_SAME] = "as it was",
					     [ISSUE_REOPENED] = "reopened", [ISSUE_DID_CLOSE] = "closed", [ISSUE_LEFT_CLOSED] = "left closed" };
	struct arena *a = w->r->arena;
	enum issue_want want = want_of(w->r, p);
	struct str key = str_sub(sha256_hex(a, p->name), 0, 16);
	struct issue_text text = { arena_printf(a, "<!-- bomgate:rescan v1 key=%.*s -->", STR_ARG(key)), rescan_issue_title(a, w->r, p),
				   rescan_issue_body(a, w->r, p, BODY_MOST) };
	enum issue_did did;
	int64_t number;

	if (!issue_keep(&w->api, &text, want, &did, &number)) {
		note(w, p, repository, "failed", number, arena_printf(a, "%.*s%s", STR_ARG(w->api.why), w->api.unavailable || w->api.limited ? "" : " (the token needs issues: write)"), true);
		return;
	}
	struct str why = did == ISSUE_LEFT_CLOSED		 ? STR("people closed it as not planned, and it is still there") :
			 want == ISSUE_LEAVE && number ? STR("not all of the product could be read, so nothing is called fixed") :
								   STR("");
	if (did != ISSUE_NONE)
		note(w, p, repository, words[did], number, why, false);
}

static void product(struct writing *w, const struct rescan_product *p, struct str repository)
{
	bool speaks = want_of(w->r, p) == ISSUE_OPEN;

	w->api.repository = repository;
	if (w->api.limited) {
		note(w, p, repository, "failed", 0, STR("not tried after GitHub's limit; run it again later"), true);
		return;
	}
	switch (publicity_of(w, repository)) {
	case IS_PRIVATE:
		write_one(w, p, repository);
		break;
	case IS_PUBLIC:
		if (w->in_public)
			write_one(w, p, repository);
		else if (speaks)
			note(w, p, repository, "failed", 0, STR("the repository is public: everybody would read what is open; --public-issues allows it"), true);
		break;
	default:
		note(w, p, repository, "failed", 0, w->api.why.len ? w->api.why : STR("the token cannot read the repository"), true);
	}
}

bool rescan_write_issues(struct rescan *r, struct str where, bool in_public)
{
	struct writing w = { .r = r, .in_public = in_public };
	bool own = str_is(where, "own");

	if (!own && !sbom_export_valid(where)) {
		complain("--issues is `own`, or OWNER/REPOSITORY for the issues of all products");
		return false;
	}
	map_init(&w.publicity, r->arena);
	if (!github_api_begin(r->arena, own ? STR("own/own") : where, &w.api)) {
		complain("--issues: %.*s", STR_ARG(w.api.why));
		return false;
	}
	for (VEC_EACH(const struct rescan_product, p, &r->products)) {
		struct str to = own ? p->home : where;
		if (to.len && sbom_export_valid(to))
			product(&w, p, to);
		else if (want_of(r, p) == ISSUE_OPEN)
			note(&w, p, to, "failed", 0, STR("the product has no repository: name one in the fleet file, or --issues OWNER/REPO"), true);
	}
	return true;
}
