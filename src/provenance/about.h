/* What a signed statement is about: which files of a record. */
#ifndef PROVENANCE_ABOUT_H
#define PROVENANCE_ABOUT_H

#include "provenance/record.h"

enum about_kind {
	ABOUT_FILES,   /* one or more files of the record: `files` */
	ABOUT_SHIPPED, /* what the SBOMs are bound to, but none of these files is in it */
	ABOUT_ANOTHER, /* another SBOM or record of what is shipped than those here, and made by bomgate */
	ABOUT_OTHERS,  /* nothing that the record knows */
};

struct about {
	enum about_kind kind;
	VEC(struct str) files;
	bool record_predicate; /* of the record only its predicate: the digests of its SBOMs are not in it */
	struct str shipped; /* its name, where the statement's subject is one */
};

/* By digests and bytes, never by name. `payload` is what is signed, `statement` the same parsed (NULL where it is no JSON). A statement
 * is about a file that it is the bytes of, that one of its subjects has the SHA-256 of, or that is its predicate (an SBOM, or the
 * predicate of record or verdict, attested for what is shipped: GitHub's actions/attest writes such ones). Subjects and predicate count in an
 * in-toto statement alone. */
void about_statement(const struct record *r, struct str payload, const struct json *statement, struct about *out);
/* Does it say that it is an in-toto statement? */
bool about_is_statement(const struct json *payload);
/* The record's file with this SHA-256 (hex), absent where there is none. */
struct str about_digest(const struct record *r, struct str sha256);
/* The name of what is shipped with this SHA-256, by the record or, where the verdict alone is here, by its subjects; absent: nothing. */
struct str about_shipped(const struct record *r, struct str sha256);
/* The bytes of a file of the record by its name; absent where it is none or not there. */
struct str about_bytes(const struct record *r, struct str name);

#endif
