/* Stored SBOMs of many products: what `rescan` and `where` go over. They come from folders (an artifact store, a release's assets),
 * from lists made by hand, from repositories' releases and artifacts, or from a fleet file that names products. */
#ifndef CMD_FLEET_H
#define CMD_FLEET_H

#include "cmd/command.h"
#include "model/bom.h"
#include "syntax/json.h"

struct fleet_unit {
	struct str product, version; /* absent: told by the document itself */
	struct str path;	     /* of the file on this machine */
	struct str shown;	     /* for people: path, or "acme/storefront v1.2 sbom.cdx.json" */
	struct str folder;	     /* of its record (result.json), absent where there is none */
	struct str repository;
	bool is_list;		     /* stated by hand */
	/* of the fleet file */
	struct str owner, exposure, human_impact, config, policy; /* policy: its text, where it was fetched */
	bool not_patchable;
};

struct fleet_failure {
	struct str what, why;
	bool data; /* network: exit 4; else 3 */
};

struct fleet {
	struct arena *arena;
	VEC(struct fleet_unit) units;
	VEC(struct fleet_failure) failures; /* what could not be read: never "clean" */
	VEC(struct str) asked; /* products and repositories that were asked for, whether or not anything came of it */
	struct str spool;      /* folder of fetched files; removed by fleet_end */
};

/* One argument: a folder, an SBOM, list:FILE, github:OWNER/REPO, or (by `fleet_file`) a YAML file with products. False on wrong usage,
 * with a message. `leg`/`legs`: only products whose name falls on that leg (legs 0: all). */
bool fleet_add(struct fleet *f, struct str what, unsigned leg, unsigned legs);
bool fleet_add_file(struct fleet *f, struct str path, unsigned leg, unsigned legs);
/* fleet_github.c: the default branch's latest SBOM and those of the latest releases. */
void fleet_add_repository(struct fleet *f, const struct fleet_unit *like, unsigned latest);
void fleet_end(struct fleet *f);
void fleet_fail(struct fleet *f, bool data, struct str what, struct str why);

/* A unit read: its bom, its record, its name. */
struct fleet_read {
	struct bom *bom;
	const struct json *result; /* NULL: no recorded decision */
	struct str sha256, commit, timestamp;
	struct str product, version; /* never absent */
};
/* On `a`; false with a failure noted in f. */
bool fleet_open(struct fleet *f, struct arena *a, const struct fleet_unit *u, struct fleet_read *out);

#endif
