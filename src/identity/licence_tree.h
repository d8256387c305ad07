/* SPDX licence expressions as trees, their canonical form, and judging them by lists of allowed and denied licences. The tokens and
 * the list are licence.h's. NONE and NOASSERTION are no expressions: the formats that know them handle them. */
#ifndef IDENTITY_LICENCE_TREE_H
#define IDENTITY_LICENCE_TREE_H

#include "identity/licence.h"

/* Leaves hold a licence, perhaps "or later", perhaps with an exception. Chains hang to the left: "a OR b OR c" is
 * "(a OR b) OR c", however long; only parentheses make the right side deep, and those are bounded. */
enum licence_op { LICENCE_LEAF, LICENCE_AND, LICENCE_OR };
struct licence_node {
	enum licence_op op;
	struct str id;	      /* leaf: in SPDX's spelling where the list has it, else as written; without the '+' of or_later */
	bool or_later;	      /* leaf: a '+' behind an id that the list does not have with it */
	bool known;	      /* leaf: the id is a licence of the list, and so is the exception where there is one */
	struct str exception; /* leaf: in SPDX's spelling; absent where none */
	struct licence_node *left, *right;
};

/* NULL with *why (may be NULL) where it does not follow the grammar. Identifiers need not be known. */
struct licence_node *licence_parse(struct arena *a, struct str text, struct str *why);
/* SPDX's spelling, upper-case operators, single blanks, only the parentheses that are needed. */
struct str licence_format(struct arena *a, const struct licence_node *n);
/* Both at once; absent with *why (may be NULL). */
struct str licence_normal(struct arena *a, struct str text, struct str *why);

/* A policy's entries are single licences, with or without an exception ("GPL-2.0-only WITH Classpath-exception-2.0"). */
struct licence_lists {
	const struct str *allow; /* none: everything that is known and not denied is allowed */
	size_t allow_n;
	const struct str *deny;
	size_t deny_n;
};

/* From good to bad. */
enum licence_verdict {
	LICENCE_ALLOWED,
	LICENCE_UNKNOWN,  /* no SPDX expression, or an id that neither SPDX nor the policy names */
	LICENCE_UNLISTED, /* there is an allow list, and it is not on it */
	LICENCE_DENIED,
};

/* False with *why where an entry of a policy is no single licence that SPDX lists, nor a LicenseRef. */
bool licence_entry_valid(struct arena *a, struct str entry, struct str *why);
/* Judges an expression: of OR the best side counts, of AND the worst. An entry without an exception covers the licence with any
 * exception, unless the other list names that very pair; where both name it alike, deny counts. "GPL-2.0", "GPL-2.0+" and their
 * like count as -only and -or-later; a '+' elsewhere is left aside. *culprit (may be NULL) is the licence that decided, on the
 * arena; absent where it is allowed. */
enum licence_verdict licence_judge(struct arena *a, const struct licence_lists *lists, struct str expression, struct str *culprit);

#endif
