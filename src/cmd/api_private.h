/* Which packages may be private, so that their names are not sent anywhere. Doubt keeps back, and what keeps one component back keeps back every
 * component of its name, whatever file names it and in whatever order files are read. */
#ifndef CMD_API_PRIVATE_H
#define CMD_API_PRIVATE_H

#include "base/map.h"
#include "cmd/judge.h"

enum kept_kind { KEPT_NAMED, KEPT_ORIGIN, KEPT_SETTINGS, KEPT_FORGE, KEPT_OWN, KEPT_INSTALLED, KEPT_KINDS };

struct kept {
	enum kept_kind kind;
	struct str ecosystem, name;
	struct str why;	   /* for people: "npm.acme.example (.npmrc)" */
	size_t components; /* counted by the caller */
};

struct kept_names {
	struct map by_name; /* "ecosystem\tname" in lower case, to struct kept *; in the order of the components */
};

/* `server`: GITHUB_SERVER_URL, absent where there is none. `user`: a bom with what the user's own settings say; NULL: nothing. */
void kept_names(struct arena *a, const struct bom *b, const struct bom *user, const struct policy *p, struct str server, struct kept_names *out);
/* Why the package is kept back; NULL: its name may be sent. */
struct kept *kept_of(struct arena *a, const struct kept_names *k, struct str ecosystem, struct str name);
/* "12 named by `private`" for each kind, by the kind's own words. */
const char *kept_words(enum kept_kind kind);

#endif
