/* OSV's ecosystems: their spelling, their suffixes, and how their packages are named for looking up. */
#ifndef VULN_ECOSYSTEM_H
#define VULN_ECOSYSTEM_H

#include "model/bom.h"

enum ecosystem_flags { DISTRIBUTION = 1, RELEASE = 2, ANY_RELEASE = 4, REPOSITORY = 8 };

struct ecosystem {
	const char *name;
	unsigned flags;
};

/* By the part before the first colon, in any case; NULL where OSV does not know it. */
const struct ecosystem *ecosystem_find(struct str ecosystem);
/* The part before the first colon; after it (absent where there is no colon). */
struct str ecosystem_base(struct str ecosystem);
struct str ecosystem_suffix(struct str ecosystem);
/* OSV's spelling: a known base in OSV's case, releases as OSV writes them ("Debian:12.5" is "Debian:12", "Alpine:3.19.1" is
 * "Alpine:v3.19", "Ubuntu:22.04" is "Ubuntu:22.04:LTS", "AlmaLinux:9.3" is "AlmaLinux:9"). On the arena, or the text itself. */
struct str ecosystem_canonical(struct arena *a, struct str ecosystem);

/* The key of an advisory's package in its ecosystem's file: purl_normal_package, as purl_advisory_identity does on the other side; the
 * repository key for GIT. */
struct str ecosystem_package_key(struct arena *a, struct str ecosystem, struct str package);
/* "host/path" of a repository URL in any form (https, ssh, git@host:path, with ".git"), lower case: the key of the file GIT. */
struct str ecosystem_repository_key(struct arena *a, struct str url);

#endif
