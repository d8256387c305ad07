/* SPDX licence identifiers and licence expressions (SPDX 2.3 annex D). */
#ifndef IDENTITY_LICENCE_H
#define IDENTITY_LICENCE_H

#include "base/arena.h"

enum licence_flags { LICENCE_EXCEPTION = 1, LICENCE_DEPRECATED = 2, LICENCE_IN_CYCLONEDX = 4 };

/* The list's own spelling of a licence (or exception) identifier, found without regard to case; absent where the list does not
 * have it. *flags (may be NULL) are bits of enum licence_flags. */
struct str licence_known_id(struct str id, unsigned *flags);

enum licence_token_kind {
	LICENCE_TOKEN_ID,	 /* "MIT", "GPL-2.0+" (the plus belongs to it) */
	LICENCE_TOKEN_REF,	 /* "LicenseRef-x", "DocumentRef-d:LicenseRef-x" */
	LICENCE_TOKEN_EXCEPTION, /* behind WITH */
	LICENCE_TOKEN_OPERATOR,	 /* AND, OR, WITH, "(", ")" */
};
struct licence_token {
	enum licence_token_kind kind;
	struct str text; /* as written; operators in upper case */
};

/* Cuts the next token off *rest; false at the end. `with` carries what went before: zero it at the start. */
bool licence_next_token(struct str *rest, bool *with, struct licence_token *out);

/* Is it an expression by the grammar? Identifiers need not be known. *unknown (may be NULL) is set to the first identifier that
 * the list lacks, or absent. */
bool licence_expression_valid(struct str expression, struct str *unknown);

#endif
