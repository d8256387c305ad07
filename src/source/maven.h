/* Maven: what a pom.xml says, kept for its join (its "POM reference" and "Introduction to the dependency mechanism"). */
#ifndef SOURCE_MAVEN_H
#define SOURCE_MAVEN_H

#include "base/map.h"
#include "source/common.h"
#include "syntax/xml.h"

struct pom_need {
	const struct xml *xml;
	uint32_t component;
	bool profile; /* only in a profile that is not active by default */
};

struct pom {
	struct part *part; /* set by the join */
	struct str group, artifact, version; /* as written; group and version may be the parent's */
	bool has_parent, seek_parent; /* seek: relativePath is not empty */
	struct str parent_group, parent_artifact, parent_version, parent_path;
	struct pom *parent; /* where the repository holds it; set by the join */
	struct map properties; /* to struct str * */
	struct map managed;    /* "group:artifact:type:classifier" without ${…} to const struct xml * */
	VEC(const struct xml *) managed_open; /* those with ${…} in the key */
	VEC(const struct xml *) imports;
	VEC(struct pom_need) needs;
	uint64_t seen; /* number of the last look-up that came by as an imported BOM */
};

/* All poms of a tree by "group:artifact". */
struct pom_tree {
	struct arena *arena;
	struct map by_name; /* to struct pom * */
	uint64_t lookups;
};

struct str pom_key(struct arena *a, struct str group, struct str artifact, struct str type, struct str classifier);
/* ${…} replaced as seen from `context`; what is not known stays. */
struct str pom_expand(const struct pom_tree *t, const struct pom *context, struct str text);
/* The entry of dependencyManagement that counts for the key, and the pom in whose eyes it is read; NULL where there is none. */
const struct xml *pom_managed(struct pom_tree *t, const struct pom *context, struct str key, unsigned depth, const struct pom **seen_from);

#endif
