/* Package URLs (package-url/purl-spec): parse, canonical form, and the purl of a component. */
#ifndef IDENTITY_PURL_H
#define IDENTITY_PURL_H

#include "model/bom.h"

struct purl {
	struct str type, namespace_, name, version, subpath; /* decoded; namespace_ with '/' between its parts */
	VEC(struct property) qualifiers;		     /* decoded, sorted by key */
};

/* Parses and normalises by the type's rules. False with *why (static or on the arena) where it is no purl. */
bool purl_parse(struct arena *a, struct str text, struct purl *out, struct str *why);
/* The canonical string. */
struct str purl_format(struct arena *a, const struct purl *p);
/* Canonical form of a string, or absent with *why. */
struct str purl_canonical(struct arena *a, struct str text, struct str *why);
/* Sets c->purl from its fields where it is absent and an ecosystem or purl type is known; and ecosystem, group, name, version
 * from c->purl where those are absent. */
void purl_complete(struct bom *b, struct component *c);
/* OSV ecosystem (without suffix) to purl type and back; absent where unknown. */
struct str purl_type_of_ecosystem(struct str ecosystem);
struct str purl_ecosystem_of_type(struct str type);
/* The folded key for comparing components whoever wrote them (type, namespace, name, version after normalisation). Absent where
 * there is no version or no identity. */
struct str purl_folded_key(struct arena *a, const struct component *c);
/* How advisories of the component's ecosystem spell its package ("@babel/core", "org.apache:foo", "golang.org/x/net"),
 * normalised per ecosystem; use on both sides. */
struct str purl_advisory_name(struct arena *a, const struct component *c);
struct str purl_normal_package(struct arena *a, struct str ecosystem, struct str package);

#endif
