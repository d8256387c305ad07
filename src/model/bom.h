/* The component model: what a run knows of what it looked at, whoever wrote it down. One struct bom per run; readers of
 * lockfiles and SBOMs fill one each. Components are known by their index inside one bom; text lives on the bom's arena.
 * Everything after identity sees `const struct bom *`. */
#ifndef MODEL_BOM_H
#define MODEL_BOM_H

#include "base/diag.h"
#include "base/intern.h"
#include "base/result.h"
#include "base/vec.h"

#define NO_COMPONENT UINT32_MAX
#define NO_INPUT UINT32_MAX

/* Names in SPDX and CycloneDX: src/model/component_type.def. */
enum component_type {
	COMPONENT_LIBRARY = 0,
	COMPONENT_APPLICATION,
	COMPONENT_FRAMEWORK,
	COMPONENT_CONTAINER,
	COMPONENT_OPERATING_SYSTEM,
	COMPONENT_DEVICE,
	COMPONENT_FIRMWARE,
	COMPONENT_FILE,
	COMPONENT_PLATFORM,
	COMPONENT_DEVICE_DRIVER,
	COMPONENT_MACHINE_LEARNING_MODEL,
	COMPONENT_DATA,
	COMPONENT_CRYPTOGRAPHIC_ASSET,
	COMPONENT_SOURCE,  /* SPDX only */
	COMPONENT_ARCHIVE, /* SPDX only */
	COMPONENT_INSTALL, /* SPDX only */
	COMPONENT_OTHER,   /* SPDX only */
};

/* Why it is there, as the input tells; bits, because one component may be needed for several reasons. 0: not told (judged
 * as runtime). A component with SCOPE_RUNTIME is needed at run time whatever else is set. */
enum scope {
	SCOPE_RUNTIME = 1,
	SCOPE_DEV = 2,	    /* development of the product: dev, lint, docs groups */
	SCOPE_TEST = 4,
	SCOPE_BUILD = 8,
	SCOPE_OPTIONAL = 16, /* installed where possible or asked for: npm optional, extras, features */
	SCOPE_PEER = 32,
	SCOPE_PROVIDED = 64, /* the platform brings it (Maven provided, framework references) */
	SCOPE_EXCLUDED = 128, /* CycloneDX: in the SBOM, not in the product */
};

struct hash {
	struct str algorithm; /* CycloneDX's spelling: "SHA-256", "SHA-1", "SHA-512", "MD5"; else as written */
	struct str value;     /* lower-case hex; for other forms (go.sum's "h1:…") as written */
};

enum licence_kind { LICENCE_ID, LICENCE_NAME, LICENCE_EXPRESSION };
enum licence_role { LICENCE_UNSAID, LICENCE_DECLARED, LICENCE_CONCLUDED };

struct licence {
	enum licence_kind kind;
	enum licence_role role;
	struct str value; /* id, name or expression; "NOASSERTION" and "NONE" are kept as names */
	struct str text;  /* the licence text where the input carries it */
	struct str url;
	struct str extra; /* raw JSON of fields that have no place here (bom-ref, licensing, properties), or absent */
};

/* A person, an organisation or a tool. */
enum party_kind { PARTY_UNSAID, PARTY_PERSON, PARTY_ORGANIZATION, PARTY_TOOL };
struct party {
	enum party_kind kind;
	struct str name, email, url, phone;
	struct str extra; /* raw JSON of what else was there */
};

struct property {
	struct str name, value;
};

struct external_reference {
	struct str type; /* CycloneDX's word: "website", "vcs", "distribution", … */
	struct str url, comment;
	VEC(struct hash) hashes;
	struct str extra;
};

/* Where a component is named: an input and a place in it. The line is worked out by the core from the offset. */
struct evidence {
	uint32_t input; /* index into bom->inputs */
	uint32_t line;	/* from 1; 0 where the input has no lines */
	uint64_t offset;
};

/* A field that the model has no place for, kept so that reading and writing again loses nothing. */
struct extra {
	struct str standard; /* "cyclonedx", "spdx", "spdx3" */
	struct str field;
	struct str json; /* raw JSON value */
};

struct annotation {
	struct str annotator, date, type, comment;
	struct str extra;
};

/* What few components have; most do without. Read by component_more, which never gives NULL, written by component_add_more. */
struct component_more {
	struct str subpath;   /* of the purl */
	struct str source_name, source_version; /* distribution packages: the source package */
	struct str registry; /* host of another registry than the ecosystem's own, where the input says so; in no SBOM */
	struct str copyright;
	struct str cpe;
	VEC(struct str) more_cpes;
	VEC(struct str) more_purls; /* SPDX may carry several */
	VEC(struct external_reference) references;
	VEC(struct annotation) annotations;
	VEC(struct str) reporters; /* after a merge: which inputs' tools reported it */
	struct party *supplier, *originator, *manufacturer; /* NULL where none; read by party_said, set by party_set */
};

/* There are as many as a lockfile has entries, twice while it is read: every byte here is cleared and copied. */
struct component {
	struct str group;   /* purl namespace: npm scope "@babel", Maven group, Go path before the last slash; absent where none */
	struct str name;    /* as the ecosystem spells it, without the group */
	struct str version; /* as the ecosystem spells it; absent where not known */
	struct str declared; /* a range that was asked for, where no version is known ("^1.2", ">=3"): such a component is not decided */
	struct str ecosystem; /* OSV's spelling with its suffix ("npm", "Go", "Debian:12"); absent where not known */
	struct str purl;    /* canonical; absent where there is none. Readers of sources leave it absent: it is made from the fields */
	struct str purl_type; /* "npm", "golang", …; absent: by the ecosystem */
	struct str ref;	    /* bom-ref or SPDXID in the document it came from; absent for our own */
	struct str alias;   /* the name under which the project uses it, where another */
	struct str download; /* where it comes from: URL of an archive; absent for the ecosystem's registry */
	struct str vcs;	     /* git URL; with commit below: a dependency from version control */
	struct str commit;
	struct str description;
	VEC32(struct property) qualifiers; /* of the purl: arch, distro, classifier, vcs_url, platform … */
	VEC32(struct hash) hashes;
	VEC32(struct licence) licences;
	VEC32(struct evidence) evidence; /* first the best one to show */
	VEC32(struct property) properties;
	VEC32(struct extra) extra;
	struct component_more *more; /* NULL where there is none of it */
	enum component_type type;
	uint32_t parent;    /* nested inside this component (CycloneDX), or NO_COMPONENT */
	unsigned scope;	    /* bits of enum scope */
	bool direct;	    /* the project itself asks for it */
	bool direct_known;  /* false: the input does not say */
	bool first_party;   /* the project's own: root, workspace member, path dependency inside the repository */
	bool weak;	    /* identity by name or CPE only, or stated by hand */
};

/* An edge. DEPENDS_ON from the one that needs to the one that is needed; CONTAINS from the whole to the part. All other
 * SPDX relationships are RELATED with their type in `word` (forward, SPDX 2.3 spelling). */
enum dependency_kind { DEPENDS_ON, CONTAINS, DESCRIBES, PROVIDES, RELATED };
/* What only edges of SBOMs have. Read by dependency_more, which never gives NULL, written by dependency_add_more. */
struct dependency_more {
	struct str word, comment;
	struct str from_ref, to_ref; /* where an end is no component of this bom */
	bool listed;		     /* such an end is listed all the same: a service */
};
struct dependency {
	uint32_t from, to; /* component indexes; `to` is NO_COMPONENT where to_ref names something outside (or NONE, NOASSERTION) */
	enum dependency_kind kind;
	unsigned scope; /* bits of enum scope on this edge, 0 where not told */
	struct dependency_more *more; /* NULL where there is none of it */
};

enum input_state { INPUT_OK, INPUT_PARTIAL, INPUT_FAILED, INPUT_SKIPPED };

/* A file that was looked at. */
struct input {
	struct str path;   /* relative to the source's root, '/' between parts */
	struct str reader; /* the row that read it */
	struct str sha256; /* hex */
	struct str blob;   /* git blob id, absent outside git */
	uint64_t size;
	enum input_state state;
	uint32_t components; /* how many it named */
	bool manifest;	     /* declared ranges only, no exact versions */
	bool document;	     /* an SBOM made elsewhere, beside or instead of the source */
	struct str ecosystem;
};

/* The document that a bom was read from, or will be written as: metadata of the whole. */
struct tool {
	struct str vendor, name, version;
	VEC(struct hash) hashes;
	bool is_service;
	struct str extra; /* raw JSON (CycloneDX component form) */
};
struct document {
	struct str standard; /* "cyclonedx", "spdx"; absent for a bom made from sources */
	struct str version;  /* of the standard: "1.6", "2.3" */
	struct str syntax;   /* "json", "xml", "tag-value" */
	struct str serial;   /* serialNumber or documentNamespace */
	struct str revision; /* CycloneDX `version` */
	struct str name;
	struct str data_licence;
	struct str timestamp; /* as written */
	VEC(struct tool) tools;
	uint32_t generator; /* index into tools of the one that made the component list (not a converter, not a library); NO_INPUT: none */
	VEC(struct party) authors;
	struct party supplier, manufacturer;
	VEC(struct str) lifecycles;
	VEC(struct licence) licences;
	VEC(struct property) properties;
	VEC(struct annotation) annotations;
	VEC(struct external_reference) references;
	VEC(struct extra) extra;
	struct str comment;
};

/* What an ingested document says about a vulnerability: shown as a claim, decided by us. */
struct claim {
	struct str id, source;
	VEC(struct str) aliases;
	VEC(struct str) affects; /* refs as written */
	struct str state, justification, response, detail; /* analysis */
	struct str raw;	   /* raw JSON of the whole element, in CycloneDX form */
};

struct composition {
	struct str aggregate;
	VEC(struct str) assemblies, dependencies, vulnerabilities; /* refs */
	struct str extra;
};

/* A licence text that the document brings for its own LicenseRef ids (SPDX hasExtractedLicensingInfos). */
struct extracted_licence {
	struct str id, name, text, comment;
	VEC(struct str) urls;
	struct str extra;
};

/* What a configuration file says: packages of an ecosystem may come from another registry than its own. */
struct registry_statement {
	struct str ecosystem; /* OSV's, without suffix; several with '|' between them */
	struct str names;     /* glob of the names that it is about; absent: all */
	struct str registry;  /* its host; absent where that cannot be told */
	struct str path;      /* the file */
	bool everywhere; /* counts in the whole tree, not only in the folders above and below the file's */
	bool replaces;	 /* counts too where a lockfile names each package's registry itself */
};

struct bom {
	struct arena *arena;
	struct intern names;
	struct diags *diags; /* of the run; shared */
	struct component *components;
	size_t ncomponents, components_cap;
	VEC(struct dependency) dependencies;
	VEC(struct input) inputs;
	VEC(struct claim) claims;
	VEC(struct composition) compositions;
	VEC(struct extracted_licence) extracted_licences;
	VEC(struct registry_statement) registries;
	bool registries_read; /* the sources' files were asked for such statements */
	uint32_t subject; /* the component that the whole is about, or NO_COMPONENT */
	bool incomplete;  /* something could not be read: written into the SBOM */
	struct document document;
};

/* An empty bom on an arena; diags are the run's. */
void bom_init(struct bom *b, struct arena *a, struct diags *diags);
struct bom *bom_new(struct arena *a, struct diags *diags);
/* The rarer fields of a component: to read (all empty where it has none), and to write. */
static inline const struct component_more *component_more(const struct component *c)
{
	extern const struct component_more component_no_more;

	return c->more ? c->more : &component_no_more;
}
struct component_more *component_add_more(struct arena *a, struct component *c);
/* A new zeroed component (parent NO_COMPONENT); the pointer is valid until the next call, the index for good. */
struct component *bom_add(struct bom *b);
/* Room for n components more, where a reader knows about how many come. */
void bom_reserve(struct bom *b, size_t n);
static inline uint32_t bom_index(const struct bom *b, const struct component *c)
{
	return (uint32_t)(c - b->components);
}
static inline const struct dependency_more *dependency_more(const struct dependency *d)
{
	extern const struct dependency_more dependency_no_more;

	return d->more ? d->more : &dependency_no_more;
}
struct dependency_more *dependency_add_more(struct arena *a, struct dependency *d);
/* An edge between two components; exact repeats are not kept apart here (bom_finish drops them). */
struct dependency *bom_depend(struct bom *b, uint32_t from, uint32_t to, enum dependency_kind kind, unsigned scope);
/* Evidence of component index c at an offset of input 0 (readers) or of the given input. */
void bom_evidence(struct bom *b, uint32_t c, uint32_t input, uint64_t offset);
void bom_hash(struct bom *b, uint32_t c, struct str algorithm, struct str hex);
void bom_licence(struct bom *b, uint32_t c, enum licence_kind kind, enum licence_role role, struct str value);
void bom_property(struct bom *b, uint32_t c, const char *name, struct str value);
/* Subresource Integrity ("sha512-<base64> sha1-…") into hashes; false where it is malformed. */
bool bom_integrity(struct bom *b, uint32_t c, struct str sri);
/* Copies everything of `part` into b (text is copied onto b's arena) and returns the index shift of its components. The
 * part's inputs are appended too; its subject is not taken over. */
uint32_t bom_append(struct bom *b, const struct bom *part);

/* The pieces of bom_append, for those who decide component by component: inputs (returns their shift), one component (indexes in
 * it are shifted), and claims, compositions and extracted licences. */
uint32_t bom_append_inputs(struct bom *b, const struct bom *part);
void bom_copy_component(struct bom *b, struct component *to, const struct component *from, uint32_t shift, uint32_t input_shift);
void bom_append_statements(struct bom *b, const struct bom *part);

const char *component_type_cyclonedx(enum component_type t);
const char *component_type_spdx(enum component_type t);
/* The party, or an empty one where there is none. */
const struct party *party_said(const struct party *p);
/* Sets it; a party that says nothing is none. */
void party_set(struct arena *a, struct party **to, struct party value);
/* False where the word is unknown. Takes either standard's word in any case, '-' and '_' alike. */
bool component_type_of(struct str word, enum component_type *out);
/* "runtime", "dev", "dev, optional", … on the arena. */
struct str scope_text(struct arena *a, unsigned scope);

#endif
