/* The folded key: one string for one component, whoever wrote it down. What is folded, in this order (each with its reason in
 * fold.c; measured on pairs of SBOMs by two tools of one target):
 *   1 percent-decoding, then the purl type's own rules        (purl_parse)
 *   2 names of types: alpine is apk/alpine, dart is pub, dotnet is nuget, githubactions is github
 *   3 qualifiers that do not tell packages apart are dropped: arch, distro, upstream and all others but those in step 6
 *   4 epoch=N before the version of deb and rpm
 *   5 names of distributions: rhel is redhat, amzn is amazon, …
 *   6 qualifiers that do: Maven's type (jar is the default) and classifier, a vcs_url or download_url where there is no version,
 *     repository_url for oci and docker images, uuid of Julia
 *   7 golang: one leading 'v' of the version before a digit, "go1.22" of the standard library; a subpath is part of the module's path
 *   8 case: golang, github, bitbucket, pypi, composer, nuget, deb, apk, hex; not npm, maven, cargo, rpm
 *   9 pypi by PEP 503; a gem's platform out of the version
 * Lossy steps give a second, weak key: Maven without its group; no purl at all, then CPE, then name and version. */
#ifndef IDENTITY_FOLD_H
#define IDENTITY_FOLD_H

#include "identity/purl.h"

enum fold_step {
	FOLD_TYPE = 1,		/* 2 */
	FOLD_QUALIFIERS = 2,	/* 3 */
	FOLD_EPOCH = 4,
	FOLD_DISTRIBUTION = 8,	/* 5 */
	FOLD_MAVEN_TYPE = 16,	/* 6 */
	FOLD_GO = 32,		/* 7: version and subpath */
	FOLD_CASE = 64,
	FOLD_SPELLING = 128,	/* 9 */
	FOLD_ALL = 255,
};

/* The key of a parsed purl with the given steps only (for measuring them); FOLD_ALL is purl_folded_key. Absent where there is no
 * version and nothing in its place. */
struct str fold_purl(struct arena *a, const struct purl *p, unsigned steps);
/* The package alone: the key without the version, for telling an upgrade from a new component. */
struct str fold_package(struct arena *a, const struct purl *p);

/* How sure it is that two components of one key are one. */
enum confidence {
	CONFIDENCE_NONE = 0,
	CONFIDENCE_NAME,   /* name, version and type are equal, and nothing else is known */
	CONFIDENCE_CPE,	   /* the CPE's vendor, product and version are equal */
	CONFIDENCE_ARTIFACT, /* Maven's artifact and version are equal, a group is missing or made up from a manifest */
	CONFIDENCE_PURL,   /* the folded purls are equal */
	CONFIDENCE_EXACT,  /* the canonical purls are equal */
};
const char *confidence_word(enum confidence c); /* "none", "name", "cpe", "artifact", "purl", "exact" */

/* The identities of one component; what it does not have is absent. `open_…`: the component has nothing stronger, so that it may be
 * matched by this key (weakly: two components match by a weak key where at least one of them is open for it). */
struct identity {
	struct str canonical; /* purl */
	struct str key;	      /* folded purl; for a file "file:<name>:<hash>" */
	struct str arch;      /* of the purl, never part of the key */
	struct str artifact;  /* Maven without its group: "artifact:<name>@<version>" */
	struct str cpe;	      /* cpe_key of the first CPE */
	struct str name;      /* "name:<class>:<name>@<version>" */
	bool open_artifact;   /* the group is missing, or is none (a vendor's name out of a manifest, the artifact's name again) */
	bool open_cpe;	      /* there is no purl */
	bool open_name;	      /* there is neither purl nor CPE */
};
void identity_of(struct arena *a, const struct component *c, struct identity *out);
/* Are the two one component? *why says by what, in a sentence, or what tells them apart. Architecture, distribution and other
 * qualifiers that tools leave out do not tell components apart here; a merge keeps architectures of one document apart. */
enum confidence identity_same(struct arena *a, const struct component *x, const struct component *y, struct str *why);
/* Warnings (input.identity) for components whose own identities contradict each other: purls of different packages, or a purl and
 * a version field that differ. */
void identity_check(struct bom *b);

#endif
