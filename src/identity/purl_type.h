/* The table of purl types (purl_types.def) and of distributions (distributions.def). */
#ifndef IDENTITY_PURL_TYPE_H
#define IDENTITY_PURL_TYPE_H

#include "base/arena.h"

enum namespace_rule { NAMESPACE_OPTIONAL, NAMESPACE_REQUIRED, NAMESPACE_EXPECTED, NAMESPACE_FORBIDDEN };

enum purl_rules {
	LOWER_NAMESPACE = 1,
	LOWER_NAME = 2,
	LOWER_VERSION = 4,
	LOWER_SUBPATH = 8,
	UPPER_NAMESPACE = 16,
	PYPI_NAME = 32,	  /* '_' becomes '-' */
	PUB_NAME = 64,	  /* what is neither letter nor digit becomes '_' */
	KEBAB_NAME = 128, /* '_' and blanks become '-' */
	CPAN_NAME = 256,  /* no "::" */
	CHROME_NAME = 512, /* 32 letters a to p; version of one to four numbers */
	GIT_NAME = 1024,  /* the first segment is the host, the rest with its '/' the name */
	MLFLOW_NAME = 2048, /* lower case where the server is Databricks */
	SPLIT_NAME = 4096,  /* a name with an encoded '/' is namespace and name (an error of some generators) */
	SPLIT_SCOPE = 8192, /* the same for "@scope/name" */
};

struct purl_type {
	const char *type, *ecosystem;
	enum namespace_rule namespace_;
	unsigned rules;
	const char *required; /* qualifier */
};

/* The row of a type (lower case), or NULL. */
const struct purl_type *purl_type_find(struct str type);

/* The first row of an OSV ecosystem (without its suffix), or NULL; distributions have none here. */
const struct purl_type *purl_type_of_name(struct str ecosystem);
/* `ecosystem` without its suffix: "Debian:12" gives "Debian". */
struct str ecosystem_name(struct str ecosystem);

/* A distribution: what purls, os-release and OSV call it. */
enum release_form { RELEASE_NONE, RELEASE_MAJOR, RELEASE_MAJOR_MINOR, RELEASE_DEBIAN, RELEASE_UBUNTU, RELEASE_ALPINE, RELEASE_SUSE,
		    RELEASE_OPENSUSE, RELEASE_OPENEULER };
enum advisory_names { NAMES_BINARY, NAMES_SOURCE, NAMES_BOTH };
struct distribution {
	const char *type, *namespace_; /* of the purl, as bomgate writes it */
	const char *aliases;	       /* other namespaces and os-release ids, '|' between them */
	const char *ecosystem;	       /* OSV's; NULL where it has none */
	enum release_form form;
	enum advisory_names names; /* which packages its advisories name: what is installed, its source package, or either */
};

/* By the purl's type and namespace (or an alias of it), or NULL. The type may be absent. */
const struct distribution *distribution_find(struct str type, struct str namespace_);
const struct distribution *distribution_of_ecosystem(struct str ecosystem);
/* OSV's ecosystem with its suffix from the qualifier `distro` ("debian-12.15", "bookworm", "alpine-3.19.1", "12"); without the
 * suffix where the qualifier is absent or does not tell. */
struct str distribution_ecosystem(struct arena *a, const struct distribution *d, struct str distro);
/* The qualifier `distro` for an OSV ecosystem ("Debian:12" gives "debian-12"), or absent. */
struct str distribution_qualifier(struct arena *a, struct str ecosystem);

#endif
