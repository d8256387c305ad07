/* Private to vuln/: an open database. */
#ifndef VULN_DATABASE_H
#define VULN_DATABASE_H

#include "base/map.h"
#include "vuln/store.h"
#include "vuln/vuln.h"

struct vuln_db {
	struct arena *arena;
	struct vuln_info info;
	struct {
		struct vuln_file *file;
		struct str failed; /* why it could not be opened */
		bool told;
	} *files; /* beside info.files */
	VEC(struct str) remotes; /* addresses of files that are not there yet */
	struct vuln_db *more; /* asked too; NULL: none */
	struct map asked;     /* "ecosystem\tname": what OSV's API was asked about */
	struct map by_ecosystem; /* to index of its advisories file */
};

/* The i-th file, opened when first asked for; NULL where it cannot be (vuln_damaged tells). */
struct vuln_file *vuln_db_file(struct vuln_db *db, size_t i, enum vuln_kind kind);

#endif
