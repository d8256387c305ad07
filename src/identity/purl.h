/* Package URLs (package-url/purl-spec): parse, canonical form, and the purl of a component. */
#ifndef IDENTITY_PURL_H
#define IDENTITY_PURL_H

#include "model/bom.h"

struct purl {
	struct str type, namespace_, name, version, subpath; /* decoded; namespace_ with '/' between its parts */
	VEC(struct property) qualifiers;		     /* decoded, sorted by key */
};

/* Parses and normalises by the type's rules. False with *why (static or on the arena) where it is no purl. What real
 * generators leave out is accepted: a namespace that the type's definition asks for ("pkg:golang/stdlib"), and qualifier keys in
 * another case. */
bool purl_parse(struct arena *a, struct str text, struct purl *out, struct str *why);
/* The same to the letter of the definitions: a missing namespace and a qualifier key that begins with a capital are refused. */
bool purl_parse_strict(struct arena *a, struct str text, struct purl *out, struct str *why);
/* Normalises parts that were put together by hand and checks them as purl_parse does. */
bool purl_normalise(struct arena *a, struct purl *p, struct str *why);
/* The canonical string of a normalised purl. */
struct str purl_format(struct arena *a, const struct purl *p);
/* Would parsing `text`, the canonical string of the normalised p, give p again? False also where that would have to be tried. */
bool purl_reads_back(const struct purl *p, struct str text);
/* Canonical form of a string, or absent with *why. */
struct str purl_canonical(struct arena *a, struct str text, struct str *why);
struct str purl_qualifier(const struct purl *p, const char *key); /* absent where there is none */

/* Names of types that say the same: "alpine" is apk with namespace alpine, "dart" pub, "dotnet" nuget, "githubactions" github. */
void purl_unalias(struct purl *p);

/* Sets c->purl from its fields where it is absent and an ecosystem or purl type is known; and ecosystem, purl_type, group, name,
 * version, qualifiers, subpath and source package from c->purl where those are absent. A purl that cannot be read stays as it
 * is, with a diagnostic (input.purl, a warning). */
void purl_complete(struct bom *b, struct component *c);
/* purl_complete of every component. */
void purl_complete_all(struct bom *b);
/* The purl that the component's fields make, or absent: no type, no name, or a required qualifier is missing. */
struct str purl_of_fields(struct arena *a, const struct component *c);
/* The component's purl, read: its own, else the one that its fields make. False where there is none or it cannot be read. */
bool purl_of_component(struct arena *a, const struct component *c, struct purl *out);
/* OSV ecosystem (with or without suffix) to purl type and back; absent where unknown. */
struct str purl_type_of_ecosystem(struct str ecosystem);
struct str purl_ecosystem_of_type(struct str type);

/* The folded key for comparing components whoever wrote them: type, namespace, name and version after the normalisations of
 * identity/fold.h. Absent where there is no version or no identity by purl. */
struct str purl_folded_key(struct arena *a, const struct component *c);
/* By what advisories know a component: whoever asks which advisories fit it goes by this and by nothing else. Any of them may be
 * absent. */
struct advisory_identity {
	struct str ecosystem;
	/* As its advisories spell it ("@babel/core", "org.apache:foo", "golang.org/x/net"; the source package for distributions that name
	 * those), normalised per ecosystem. */
	struct str name;
	struct str other_name; /* the installed package, where `name` is the source package and its distribution's advisories name either */
	struct str version;    /* of the package that `name` names, if that is known; of Go's standard library the line's newest release */
	struct str own_version; /* purl_own_version */
};
void purl_advisory_identity(struct arena *a, const struct component *c, struct advisory_identity *out);
/* The component's own version, which of a distribution's package need not be the one that advisories judge, as the ecosystem's ordering and OSV's ranges want it: with the epoch of the qualifier, without Go's and Composer's
 * 'v', without a gem's platform. Absent where there is none. */
struct str purl_own_version(struct arena *a, const struct component *c);
/* How advisories of an ecosystem spell a package, for both sides. */
struct str purl_normal_package(struct arena *a, struct str ecosystem, struct str package);

#endif
