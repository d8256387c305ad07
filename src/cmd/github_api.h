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

#endif
