/* Servers that take SBOMs over, beside GitHub: what they have in common. An upload counts only once the server says that it took
 * effect; what it says otherwise is told. Settings come from the environment, secrets are taken out of it. */
#ifndef PUBLISH_RECEIVER_H
#define PUBLISH_RECEIVER_H

#include "base/buf.h"
#include "io/http.h"
#include "publish/publish.h"
#include "syntax/json.h"

struct receiver {
	struct publishing *p;
	const char *name;	/* for people: "Threatconnectome" */
	struct str base;	/* the server's API without the last '/' */
	struct http_header header; /* of the credential; name absent: none */
	double waited, most;	/* seconds; `most` bounds all waiting of one upload */
};

/* Begins: checks the address. False with p->why. `seconds`: the variable that says how long may be waited, 600 without it. */
bool receiver_begin(struct receiver *r, struct publishing *p, const char *name, const char *seconds);
/* A setting of the environment, trimmed; absent where it is empty. */
struct str receiver_setting(struct arena *a, const char *variable);

struct receiver_part {
	const char *name;
	struct str file_name, media_type; /* absent: a plain field */
	struct str bytes;
};
struct receiver_call {
	const char *method, *path; /* below the base */
	struct str query;	   /* with '?', encoded; absent: none */
	struct str body, content_type;
	const struct receiver_part *parts; /* multipart/form-data instead of a body */
	size_t nparts;
};
/* One request, tried again where the server did nothing (no answer to a GET, 429, 502 to 504). True on 2xx with *tree its JSON (NULL
 * where it has none); else p->why tells the status and what the server said. */
bool receiver_call(struct receiver *r, const struct receiver_call *c, struct http_response *out, const struct json **tree);
/* Waits, unless the time is up: then false. */
bool receiver_wait(struct receiver *r, double seconds);

/* Threatconnectome: package lines (JSON Lines of upload_packages_file) of a bom, and how many components have no version or no purl. */
struct bom;
struct str threatconnectome_lines(struct arena *a, const struct bom *b, size_t *sent, size_t *left_out);
/* May the document go as it is (its SBOM reader takes Trivy's and Syft's only)? NULL, or why not. */
const char *threatconnectome_refuses(struct arena *a, const struct bom *b, struct str bytes);

#endif
