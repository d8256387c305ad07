/* HTTP by libcurl: the one place that includes curl.h. One request at a time; TLS verified always; http:// only to loopback unless
 * `plain_allowed`; bodies bounded; redirects followed by hand, so that no credential goes to another host. */
#ifndef IO_HTTP_H
#define IO_HTTP_H

#include "base/arena.h"
#include "base/vec.h"

struct http_header {
	struct str name, value;
};

struct http_request {
	const char *method; /* "GET", "POST", "PUT", "DELETE", "PATCH" */
	struct str url;
	struct http_header *headers; /* names as sent */
	size_t nheaders;
	struct str authorization; /* value of that header; only sent to the first host. Absent: none */
	struct str body;	  /* absent: none (GET, DELETE) */
	size_t limit;		  /* of the answer's body; 0: LIMIT_HTTP_BODY */
	long connect_seconds, total_seconds; /* 0: 15 and 120 */
	bool follow;		  /* redirects, up to 5, GET only */
	bool accept_compressed;
	bool plain_allowed;	  /* http:// to any host: the user named it so */
};

struct http_response {
	long status; /* 0: no answer */
	struct str body;
	VEC(struct http_header) headers; /* names in lower case */
	struct str url; /* the last one, after redirects */
};

/* Does the request. False with *why (a clause, no secret in it) where there was no whole answer; any status is an answer. */
bool http_do(struct arena *a, const struct http_request *r, struct http_response *out, struct str *why);
/* A header of the answer (lower-case name); absent where there is none. */
struct str http_header(const struct http_response *r, const char *name);
/* Scheme, host and port of a URL ("https://api.example:8443"); absent where it is none. */
struct str http_origin(struct str url);
/* s percent-encoded for a query or one part of a path, on the arena. */
struct str http_encode(struct arena *a, struct str s);
/* How long one is ready to wait for an answer, over several requests. */
struct http_patience {
	int tries;	  /* of one request, the first too */
	double longest;	  /* one wait, in seconds */
	double left;	  /* all waits; counted down */
};
extern const struct http_patience http_patience; /* 5 tries, 60 s at once, 180 s in all */
/* http_do, tried again on what may pass (http_is_transient). Retry-After (seconds or a date) is honoured: nothing is asked before
 * it is over, and where it is longer than the patience nothing is asked again. A GET that broke off is continued by Range. *kept
 * (may be NULL) is what an earlier transfer brought, and in the end what this one did where it broke off. False with *why where
 * there was no answer or the last one was transient. */
bool http_do_patiently(struct arena *a, const struct http_request *r, struct http_patience *p, struct str *kept, struct http_response *out,
		       struct str *why);
/* Retry-After in seconds; -1: none. */
double http_retry_after(const struct http_response *r);
/* May it be tried again: no answer, 429, 500, 502, 503, 504? */
bool http_is_transient(long status);
/* Waits; tests set the scale to 0 to go fast. */
void http_wait(double seconds);
void http_set_wait_scale(double scale);
/* The file of trusted certificates (PEM), where the TLS library brings no list of its own (the static build). It must live for the
 * process; NULL: the library's own. */
void http_set_certificates(const char *file);
/* Does the TLS library need that? */
bool http_needs_certificates(void);
/* Once switched off, every request fails at once: --offline. */
void http_set_offline(bool offline);
bool http_is_offline(void);
/* The library and its TLS back end, for `version`. */
struct str http_library_version(struct arena *a);

#endif
