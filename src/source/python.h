/* Python: names (PEP 503), requirements (PEP 508) and what the lockfiles and manifests share for their join. */
#ifndef SOURCE_PYTHON_H
#define SOURCE_PYTHON_H

#include "base/map.h"
#include "source/common.h"
#include "source/gaps.h"

/* The name as PEP 503 compares it: lower case, each run of '-', '_', '.' as one '-'. */
struct str python_name(struct arena *a, struct str name);
/* Is it a name by PEP 508? */
bool python_name_valid(struct str name);

/* One requirement by PEP 508 ("name[extra] >=1,<2 ; marker", "name @ url ; marker"); all parts slices of the text. */
struct python_requirement {
	struct str name, extras, spec, url, marker;
};
/* False where it is none (out is then not set). */
bool python_requirement(struct str text, struct python_requirement *out);
/* The version that a specifier pins ("==1.2", "===1.2"; no wildcard), else absent. */
struct str python_pin(struct str spec);
/* Sets version or declared, extras and marker, and the source that a URL names, of component c. */
void python_describe(struct reading *r, uint32_t c, const struct python_requirement *q);
/* "git+https://host/x.git@ref#egg=x", "https://host/x-1.0.tar.gz", "file:../x" onto component c; `dir` is what paths are relative to. */
void python_url(struct reading *r, uint32_t c, struct str url);
/* Name and version of a wheel or source archive by its file name; false where it is none. */
bool python_archive_name(struct str file, struct str *name, struct str *version);
/* "main", "default": runtime; what has "test" in it: test; other groups: dev. */
unsigned python_group_scope(struct str group);

/* What a manifest asks for. */
struct python_need {
	struct str name; /* by PEP 503 */
	unsigned scope;
	uint32_t component; /* of the manifest's own bom */
};
struct python_manifest {
	struct str name, version;
	VEC(struct python_need) needs;
};
/* Adds a declared component and its need; returns the index, or NO_COMPONENT where the text is no requirement (then a problem). */
uint32_t python_need(struct reading *r, struct python_manifest *m, struct str text, unsigned scope, size_t offset);

/* What a lockfile keeps for the join. */
struct python_lock {
	bool scoped; /* the file itself tells dev from runtime */
	struct name_index by_name; /* by PEP 503; data unused */
	struct gaps gaps; /* names by PEP 503 */
};
void python_lock_init(struct reading *r, struct python_lock *l);
/* An edge to every package of that name (markers may choose between several); false where there is none. */
bool python_edge(struct reading *r, const struct python_lock *l, uint32_t from, struct str name, unsigned scope);
/* The hashes of `files = [{file = …, hash = "sha256:…"}]`, each once. */
void python_files(struct reading *r, uint32_t c, const struct value *files);

/* requirements.txt */
struct pip_include {
	struct str path; /* from the root; absent where it leaves it */
	bool constraint;
	size_t offset;
};
struct pip_file {
	VEC(struct pip_include) includes;
	struct name_index by_name;
	bool told_direct; /* "# via" comments say what is direct */
};

#endif
