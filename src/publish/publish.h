/* Publishers: rows of publishers.def, one file each. Each takes the bytes of a file that the run wrote and puts it where GitHub
 * shows it. Every one is opt-in, says in one sentence what it did or why it could not, and never decides anything. */
#ifndef PUBLISH_PUBLISH_H
#define PUBLISH_PUBLISH_H

#include "base/vec.h"

struct publish_file {
	struct str name; /* base name */
	struct str bytes;
	struct str media_type;
};

/* Credentials of receivers, taken out of the environment at start; never printed. */
struct publish_secrets {
	struct str threatconnectome_refresh, threatconnectome_user, threatconnectome_password, dependency_track_key;
};

/* Where and as whom; the same for all publishers of a run. */
struct publishing {
	struct arena *arena;
	struct str api_url, server_url, token; /* the token is never printed */
	struct str repository;		       /* "owner/name" */
	struct str sha, ref;		       /* of what was judged, as GitHub knows it: GITHUB_SHA and GITHUB_REF where they are that */
	struct str nowhere;		       /* why there is no ref under which it could be shown; absent where there is one */
	struct str head_sha;		       /* what people see: on a pull request its head */
	struct str run_url;
	struct str category;		       /* keeps the legs of a matrix and the jobs of a workflow apart */
	struct str suffix;		       /* of asset names: 8 hex digits of the matrix; absent where there is none */
	int64_t pull_request;		       /* number; 0: none */
	struct str tag;			       /* of the release; absent: none */
	bool fork;			       /* the token can only read, whatever the workflow says */
	struct str started;		       /* RFC 3339 */
	struct str runtime_token, results_url, artifact_name; /* of the artifact service */
	struct str address;		       /* of the receiver: what its input says; absent for GitHub's publishers */
	struct publish_secrets secrets;
	void (*mask)(struct str secret);
	double waited;			       /* seconds spent on limits, over all publishers */
	struct str why;			       /* out: what was done, or why not: one sentence without secrets */
	bool limited;			       /* out, failed: too many requests; more of them would not help */
	bool unavailable;		       /* out, refused: no permission would help (not enabled, not supported) */
};

enum publish_answer {
	PUBLISH_DONE,
	PUBLISH_NOTHING, /* there is nothing to do here: no pull request, no release, nothing to say */
	PUBLISH_REFUSED, /* the token may not, or the service is not enabled */
	PUBLISH_FAILED,
};

struct publisher {
	const char *input;	/* of the action and option of `run`; NULL: only a word of `bomgate publish` */
	const char *what;	/* of `bomgate publish` */
	const char *title;	/* for people */
	const char *permission; /* the line that the workflow needs; NULL: none */
	bool address;		/* a receiver: the input is a server's URL ("required URL" where a failure shall fail the step) */
	enum publish_answer (*publish)(struct publishing *p, const struct publish_file *files, size_t n);
};
extern const struct publisher publishers[];
extern const size_t publishers_n;
const struct publisher *publisher_by_what(struct str what);

/* GitHub Enterprise Server: neither github.com nor *.ghe.com (nor a loopback name): it has no artifact service of version 4. */
bool publish_is_ghes(struct str server_url);
/* The same text with a key of its own in front: 16 hex digits, so that two legs do not overwrite each other. */
struct str publish_key(struct arena *a, struct str category);

/* The rows' functions. */
#define PUBLISHER(fn, input, what, title, permission, address)                                                                    \
	enum publish_answer publish_##fn(struct publishing *p, const struct publish_file *files, size_t n);
#include "publish/publishers.def"
#undef PUBLISHER

#endif
