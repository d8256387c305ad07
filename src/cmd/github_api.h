/* GitHub's REST API for the commands that read: audit, rescan. Address and token come from the environment. */
#ifndef CMD_GITHUB_API_H
#define CMD_GITHUB_API_H

#include "publish/github.h"

/* GITHUB_API_URL, GITHUB_TOKEN or GH_TOKEN; false with p->why where something is missing. */
bool github_api_begin(struct arena *a, struct str repository, struct publishing *p);
/* GET below the API's address ("/repos/…"), or a page of it. NULL with p->why; *status is GitHub's (0: no answer). */
const struct json *github_api_get(struct publishing *p, struct str path, struct http_response *out);
/* The bytes of an artifact's zip or a release's asset; redirects are followed, without the token. */
bool github_api_download(struct publishing *p, struct str path, const char *accept, struct str *bytes);

/* What runs of the action left there: artifacts begin with this, and files among an artifact's or a release's are SBOMs by their names. */
#define GITHUB_ARTIFACT_PREFIX "bomgate-sbom"
bool github_api_is_sbom(struct str name);
/* "sbom.cdx.json" of "sbom-1a2b3c4d.cdx.json" and the suffix "1a2b3c4d" of a leg (publish/release.c makes such names); other names as they are. */
struct str github_api_plain_name(struct arena *a, struct str name, struct str *suffix);
/* "bomgate-sbom-gate-a2" is what the second attempt made: the same leg as "bomgate-sbom-gate". Only where the record says that it is of that
 * attempt: a job may have such a name. */
struct str github_api_leg(struct arena *a, struct str name, struct str attempt);

#endif
