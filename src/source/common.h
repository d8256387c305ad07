/* What several readers share beyond source.h: TOML files, members of the type that is expected, tokens of a line. */
#ifndef SOURCE_COMMON_H
#define SOURCE_COMMON_H

#include "source/source.h"
#include "syntax/value.h"

/* PARTIAL where a problem was reported for this file, else OK: for a reader's last line. */
static inline enum result reading_done(const struct reading *r)
{
	return r->bom->incomplete ? PARTIAL : OK;
}
/* A warning ("input.unknown") that does not make the file incomplete. */
void reading_warn(struct reading *r, size_t offset, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Something that shortens what is known without being a fault of the file ("input.limits"), as a notice. */
void reading_notice(struct reading *r, size_t offset, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* A part's bom as a reading, for joins that add to it. */
struct reading part_reading(struct part *p);

/* Takes components out of a part's bom, for joins: what led to them leads nowhere, and indexes in part.data are out of date. */
void part_take_out(struct part *p, const bool *gone);

/* The file as a TOML table, or NULL after an error was reported. */
const struct value *reading_toml(struct reading *r);
/* A string member. Absent where there is none; where it has another type, also a problem at its place. */
struct str member_string(struct reading *r, const struct value *table, const char *key);
/* A list (table) member, NULL where there is none; where it has another type, also a problem at its place. */
const struct value *member_list(struct reading *r, const struct value *table, const char *key);
const struct value *member_table(struct reading *r, const struct value *table, const char *key);
/* Is v a string? Else a problem. NULL is no problem. */
bool value_is_string(struct reading *r, const struct value *v, const char *what);

/* "sha256:<hex>" and the like as a hash of c; false where it is none. */
bool reading_digest(struct reading *r, uint32_t c, struct str digest);
/* Component c lies in the folder (or file) `relative` to dir: the product's own part where that is inside the root and not below
 * a folder such as vendor/ or third_party/, with the path from the root as property "bomgate:path"; outside the root only the
 * property, as written. */
void reading_local(struct reading *r, uint32_t c, struct str dir, struct str relative);
/* Is the folder one of somebody else's code that lies in the repository (vendor/, third_party/), or below one? */
bool reading_brought_along(struct str path);
/* What components of one package have in common, whatever their versions: ecosystem and name, folded as the ecosystem does. */
struct str component_name_key(struct arena *a, const struct component *c, struct str ecosystem);
/* "https://host/owner/repo.git", "git@host:owner/repo": the host, and the rest without ".git" (views into url); false where it is
 * no address of a repository, such as a relative one. */
bool repository_place(struct str url, struct str *host, struct str *path);
/* The folder of the file that is read. */
struct str reading_dir(const struct reading *r);
/* SPDX-looking text is an expression or id for others to judge: kept as a declared name or expression. */
void reading_licence(struct reading *r, uint32_t c, struct str text);
/* What the makers of component c say through the input: property "bomgate:deprecated" or "bomgate:abandoned" with their words on one
 * line, shortened; nothing where there are none (npm takes a deprecation back by an empty text). */
void reading_ended(struct reading *r, uint32_t c, const char *property, struct str words);

/* Components by a key within one reading (several with one key are chained by `next`). */
#define NAME_CHAIN 64 /* of one name: no honest file has more versions of one package; more are not found by name */
struct name_entry {
	uint32_t component;
	unsigned n;		 /* of the first: how many there are */
	struct name_entry *next, *last; /* last: of the first only */
	const void *data;
};
struct name_index {
	struct arena *arena;
	struct map map;
};
void name_index_init(struct name_index *x, struct arena *a);
void name_index_add(struct name_index *x, struct str key, uint32_t component, const void *data);
const struct name_entry *name_index_get(const struct name_index *x, struct str key);
/* An edge from a component to every entry of one name (NULL: none). A file that asks for more edges than its size can explain is
 * told about once, and the rest is left out. */
void reading_edges(struct reading *r, uint32_t from, const struct name_entry *to, unsigned scope);
bool reading_may_depend(struct reading *r);

/* Spreads a scope over DEPENDS_ON edges of one bom. An edge whose own scope is told and has no SCOPE_RUNTIME is not followed:
 * what it leads to is marked by a call of its own. */
struct reach {
	struct arena *arena;
	struct bom *bom;
	uint32_t *first, *targets; /* edges by their origin */
	unsigned *scopes;	   /* of these edges */
	uint32_t *stack;
	uint8_t *seen;
	VEC(uint32_t) starts;
};
void reach_init(struct reach *x, struct arena *a, struct bom *b);
/* Marks what is reachable from the `starts` collected so far (themselves too) and empties them. */
void reach_mark(struct reach *x, unsigned scope);
/* The usual case: first-party components are roots, the scopes of their edges (0: runtime) are spread; for each of them in
 * turn what is needed at run time, for development, for tests, to build, and what is optional. */
void reach_from_own(struct arena *a, struct bom *b);
/* Sets direct_known for all, and direct for what first-party components depend on. */
void direct_from_own(struct bom *b);

#endif
