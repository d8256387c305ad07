/* OSV's API (google/osv.dev docs/api): querybatch in batches of 1,000 with paging, then each record once. What comes is a database like
 * any other, built in a folder of its own and asked beside the main one. It has advisories only: never KEV, SSVC or EPSS. */
#ifndef VULN_OSV_API_H
#define VULN_OSV_API_H

#include "vuln/vuln.h"

struct osv_query {
	struct str ecosystem, name, version; /* as OSV spells them */
};
struct osv_api {
	struct str url;	   /* "https://api.osv.dev" */
	struct str folder; /* an empty one for records and database; the caller removes it */
	struct osv_query *queries;
	size_t n;
	int64_t now;
};

/* Asks, and opens what came; NULL with a "data.osv-api" diagnostic where a page or a record was not to be had: a part would look like
 * the whole. */
struct vuln_db *osv_api_ask(const struct osv_api *q, struct arena *a, struct diags *d, size_t *records);
/* Opens all files, so that the folder may go: what is open stays readable. */
bool vuln_read_all(struct vuln_db *db);
/* From now on look-ups in db also ask `more`, which knows all about the queries. */
void vuln_add(struct vuln_db *db, struct vuln_db *more, const struct osv_query *queries, size_t n);

#endif
