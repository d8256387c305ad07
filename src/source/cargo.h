/* Rust: Cargo.lock (versions 1 to 4) and Cargo.toml (doc.rust-lang.org/cargo), kept for their join. */
#ifndef SOURCE_CARGO_H
#define SOURCE_CARGO_H

#include "base/map.h"
#include "source/common.h"

struct cargo_need {
	struct str package; /* the real name */
	struct str alias;   /* the name that the project uses, where another */
	unsigned scope;
	bool workspace;	    /* the version stands in the workspace's root manifest */
	uint32_t component; /* of the manifest's own bom */
};

struct cargo_manifest {
	struct str name; /* absent: a virtual workspace */
	bool workspace;	 /* it has a [workspace] */
	const struct value *workspace_needs;
	VEC(struct cargo_need) needs;
};

struct cargo_package {
	struct str name, version, source;
	const struct value *table;
	uint32_t component; /* NO_COMPONENT: replaced, see `replacement` */
	struct str replacement; /* a dependency text */
};

struct cargo_lock {
	VEC(struct cargo_package) packages;
	struct map by_name; /* to the index + 1 of the first package of that name; the others follow in `next` */
	uint32_t *next;
	bool told; /* a manifest told the scopes of at least one member */
};

/* "registry+https://…", "git+https://…?rev=x#sha" onto component c. */
void cargo_source(struct reading *r, uint32_t c, struct str source);

#endif
