/* GitHub's own SBOM of a repository (REST API, "dependency-graph/sbom"): at once, or, where the server cannot make it in the time
 * of one request, by its report that is made in the background ("sbom/generate-report", "fetch-report"). */
#ifndef PUBLISH_SBOM_EXPORT_H
#define PUBLISH_SBOM_EXPORT_H

#include "base/arena.h"

struct sbom_export {
	struct str api_url;    /* "https://api.github.com", or that of an enterprise server */
	struct str repository; /* "owner/name" */
	struct str token;      /* absent: public repositories only */
	double patience;       /* seconds to wait for a report; 0: 300 */
};

/* The document as the server sent it (wrapped in {"sbom": …}). False with *why, a sentence without secrets that says what to do. */
bool sbom_export_fetch(struct arena *a, const struct sbom_export *x, struct str *document, struct str *why);
/* "owner/name" of the characters that GitHub allows? */
bool sbom_export_valid(struct str repository);

#endif
