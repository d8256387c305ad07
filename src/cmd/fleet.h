/* Stored SBOMs of many products: what `rescan` and `where` go over. They come from folders (an artifact store, a release's assets),
 * from lists made by hand, from repositories' releases and artifacts, or from a fleet file that names products. */
#ifndef CMD_FLEET_H
#define CMD_FLEET_H

#include "cmd/command.h"
#include "model/bom.h"
#include "syntax/json.h"

/* One of the supported versions that the fleet file names: "2.1.0", "v2.*", ">=1.4,<2"; a leading v of a tag does not count. */
struct fleet_version {
	struct str text;
	bool found; /* an SBOM of it was there */
};

struct fleet_versions {
	struct str product;
	VEC(struct fleet_version) list;
};

struct fleet_unit {
	struct str product, version; /* absent: told by the document itself */
	struct str path;	     /* of the file on this machine */
	struct str shown;	     /* for people: path, or "acme/storefront v1.2 sbom.cdx.json" */
	struct str folder;	     /* of its record (result.json), absent where there is none */
	struct str repository;
	struct str home;	     /* the product's repository as the user named it (not as a document claims): where its issue goes */
	struct fleet_versions *versions; /* only these count; NULL: all */
	bool is_list;		     /* stated by hand */
	/* of the fleet file */
	struct str owner, exposure, human_impact, config, policy; /* policy: its text, where it was fetched */
	const struct runner *runner; /* where the files beside that policy are read: its repository, default branch and token; NULL: nowhere */
	struct str branch;
	bool not_patchable, accept_no_data;
};

struct fleet_failure {
	struct str what, why;
	struct str product; /* absent: of nobody that is known */
	bool data; /* network: exit 4; else 3 */
};

struct fleet {
	struct arena *arena;
	VEC(struct fleet_unit) units;
	VEC(struct fleet_failure) failures; /* what could not be read: never "clean" */
	VEC(struct str) asked; /* products and repositories that were asked for, whether or not anything came of it */
	VEC(struct fleet_versions *) versions;
	struct str product;    /* whose part is being read: failures are its */
	struct str spool;      /* folder of fetched files; removed by fleet_end */
	size_t spooled;	       /* folders made in it */
};

/* One argument: a folder, an SBOM, list:FILE, github:OWNER/REPO, or (by `fleet_file`) a YAML file with products. False on wrong usage,
 * with a message. `leg`/`legs`: only products whose name falls on that leg (legs 0: all). */
bool fleet_add(struct fleet *f, struct str what, unsigned leg, unsigned legs);
bool fleet_add_file(struct fleet *f, struct str path, unsigned leg, unsigned legs);
/* fleet_github.c: the default branch's latest SBOM, and those of the supported releases: the `latest` (0: none) or one of
 * like->versions; of every release where neither is said. */
void fleet_add_repository(struct fleet *f, const struct fleet_unit *like, unsigned latest);
/* fleet_versions.c: is it one of the supported versions? One that cannot be compared is. Marks what was found. */
bool fleet_supports(struct fleet_versions *v, struct str version);
bool fleet_version_valid(struct str text);
/* Supported versions that no SBOM was found of become failures. */
void fleet_versions_missing(struct fleet *f);
void fleet_end(struct fleet *f);
void fleet_fail(struct fleet *f, bool data, struct str what, struct str why);

/* A unit read: its bom, its record, its name. */
struct fleet_read {
	struct bom *bom;
	const struct json *result; /* NULL: no recorded decision */
	bool doubtful;		   /* its record does not bear it out: what it decided does not count */
	struct str sha256, commit, timestamp;
	struct str product, version; /* never absent */
};
/* On `a`; false with a failure noted in f. An SBOM or result that is not the one its record (provenance.json) names is a failure, too, but is
 * read. */
bool fleet_open(struct fleet *f, struct arena *a, const struct fleet_unit *u, struct fleet_read *out);

#endif
