/* Go modules: what go.mod, go.work, go.sum and vendor/modules.txt say (go.dev/ref/mod), kept for their join. */
#ifndef SOURCE_GOLANG_H
#define SOURCE_GOLANG_H

#include "base/map.h"
#include "source/common.h"

struct go_require {
	struct str path, version;
	uint32_t component;
	size_t offset;
	bool indirect;
};

struct go_replace {
	struct str old_path, old_version; /* version absent: every version */
	struct str new_path, new_version; /* version absent: a folder */
	uint32_t next; /* index + 1 of the next line for the old path */
	size_t offset;
};

/* go.mod and go.work */
struct go_mod {
	struct str module, go, toolchain;
	size_t module_offset, go_offset, toolchain_offset;
	VEC(struct go_require) requires;
	VEC(struct go_replace) replaces;
	struct map replaced; /* old path to the index + 1 of its first line */
	VEC(struct go_require) tools; /* path only */
	VEC(struct go_require) uses;  /* path only */
};

struct go_sum_line {
	struct str path, version, hash; /* not the lines for go.mod files */
	size_t offset;
	unsigned line;
};
struct go_sum {
	VEC(struct go_sum_line) lines;
	struct arena *arena; /* of the file: it may be used in many trees */
	struct map by_key;   /* "path@version" to struct go_sum_line *; made when first needed */
};

/* The words of one line of go.mod: quotes removed, a comment ends it. */
#define GO_WORDS 8
struct go_words {
	struct str word[GO_WORDS];
	size_t n; /* GO_WORDS + 1: more than that */
	struct str comment; /* behind the two slashes, trimmed */
	bool unclosed;	    /* a quote that does not end on the line */
};
void go_words(struct str line, struct go_words *w);
/* Module path to purl namespace and name. */
void go_split(struct str path, struct str *group, struct str *name);
/* The replace line that applies to path at version (the one with a version first), or NULL. */
const struct go_replace *go_replacement(const struct go_mod *m, struct str path, struct str version);
/* Gives component c the identity that path and version have after the replacement (NULL: none; its folders are relative to dir). */
void go_identify(struct reading *r, uint32_t c, struct str path, struct str version, const struct go_replace *by, struct str dir);

#endif
