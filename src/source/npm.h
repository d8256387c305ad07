/* What the readers of npm, yarn, pnpm, bun and deno files share: names, places where packages come from, manifests, and what a
 * lockfile tells the join (npm_join.c) about workspaces. */
#ifndef SOURCE_NPM_H
#define SOURCE_NPM_H

#include "base/map.h"
#include "source/gaps.h"
#include "source/source.h"
#include "syntax/json.h"

enum npm_kind { NPM_RUNTIME, NPM_DEV, NPM_OPTIONAL, NPM_PEER };

/* One line of a dependency list, as people or tools wrote it. */
struct npm_need {
	struct str name, range;
	enum npm_kind kind;
	size_t offset;
};
struct npm_needs {
	struct npm_need *items;
	size_t n, cap;
};

/* reading.data of package.json. */
struct npm_manifest {
	struct str name, version;
	struct npm_needs needs;
	bool overrides;		    /* it puts other versions in place of those that packages ask for */
	VEC(struct str) workspaces; /* globs, relative to the manifest's folder; "!glob" takes away */
	uint32_t component;	    /* the subject */
};

/* reading.data of every lockfile of this family. */
struct npm_lock {
	struct map folders;	 /* folder relative to the lockfile's ("" for its own) to component index + 1: the project's parts */
	bool roots_known;	 /* the lockfile itself says what its parts ask for */
	bool scopes_known;	 /* and which package is for development only */
	/* The component that a part's dependency is locked to, or NO_COMPONENT; for lockfiles without roots. */
	uint32_t (*find)(struct npm_lock *lock, struct str name, struct str range);
	struct gaps gaps;
	const char *command; /* that writes the file anew */
	void *own;  /* the reader's */
	void *join; /* npm_join.c's */
};

/* The row names, for part_is. */
#define NPM_MANIFEST "npm-package-json"

unsigned npm_scope(enum npm_kind kind);
/* A component of a full name ("@scope/name"). */
uint32_t npm_add(struct reading *r, struct str name, struct str version, size_t offset);
/* Group and name of a component from "@scope/name". */
void npm_set_name(struct component *c, struct str full);
/* "@scope/name" of a component. */
struct str npm_full_name(struct arena *a, const struct component *c);
/* A part of the project: first party, with its folder relative to the lockfile's folder. */
uint32_t npm_add_part(struct reading *r, struct npm_lock *lock, struct str folder, struct str name, struct str version, size_t offset);
/* Remembers in a first-party component which folder of the repository it is (property "bomgate:path"). */
void npm_set_folder(struct bom *b, uint32_t c, struct str dir, struct str folder);
/* A folder outside of the repository: nothing is known of it but its name, which is no name of a registry. */
void npm_set_outside(struct bom *b, uint32_t c, struct str folder);
/* The folder that the paths in a lockfile start from: its own, but for Rush. */
struct str npm_base(struct arena *a, struct str path);

enum npm_place { NPM_REGISTRY, NPM_GIT, NPM_TARBALL, NPM_LOCAL_FOLDER, NPM_LOCAL_FILE };
/* What an address or a specification stands for, and sets vcs, commit, download or first_party of the component by it. */
enum npm_place npm_set_place(struct reading *r, uint32_t c, struct str spec);
enum npm_place npm_place_of(struct str spec);
/* "npm:real@range": the real name and range; false where it is no alias. */
bool npm_alias(struct str spec, struct str *name, struct str *range);
/* "name@rest", "@scope/name@rest" cut in two; false where there is no '@' behind the name. */
bool npm_cut_at(struct str text, struct str *name, struct str *rest);
/* An exact version ("1.2.3-rc.1"), not a range. */
bool npm_is_exact(struct str range);
/* Licence by its text: an SPDX id, an expression or a name. */
void npm_set_licence(struct bom *b, uint32_t c, struct str text);
/* Integrity in SRI form; a malformed one is reported at the offset. */
void npm_set_integrity(struct reading *r, uint32_t c, struct str sri, size_t offset);

/* A string or null under the cursor; another type is an error. */
struct str npm_json_text(struct json_cursor *c);
/* The object {name: range} under the cursor, appended to needs; `true` and null are empty. */
void npm_json_needs(struct json_cursor *c, struct arena *a, enum npm_kind kind, struct npm_needs *needs);
/* "license" in its three forms: string, {type}, array of either (joined with OR); absent where there is none. */
struct str npm_json_licence(struct json_cursor *c);
/* Notes that component `from` needs what the file does not hold; `other`: the name is there, with other versions. */
void npm_gap(struct reading *r, struct npm_lock *lock, uint32_t from, struct str name, size_t offset, bool other);
/* Closes the cursor; reports its error. */
enum result npm_json_end(struct reading *r, struct json_cursor *c);

/* yarn.lock of yarn 2 and later (npm_berry.c). */
enum result npm_read_berry(struct reading *r);

/* Scope bits from the edges: whatever a first-party component asks for (with the scope of that edge), and all below it. Over
 * an optional edge RUNTIME becomes OPTIONAL. Components that nothing reaches stay without. */
void source_spread_scopes(struct bom *b);

#endif
