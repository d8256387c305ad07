/* Private to the tables: takes points and rows one by one and checks that the table is whole. After a false, `why` says what
 * is wrong. */
#ifndef DECIDE_TABLE_BUILD_H
#define DECIDE_TABLE_BUILD_H

#include "decide/table.h"

struct table_build {
	struct arena *arena;
	struct ssvc_table *table;
	struct str why;
	size_t rows; /* taken so far */
};

bool table_build_point(struct table_build *b, const struct ssvc_point *p);
/* All points and the outcome are set: makes room for the rows. */
bool table_build_start(struct table_build *b);
/* One row: a word for each point, the outcome's last. Keys and names are taken. */
bool table_build_row(struct table_build *b, const struct str *words);
/* Checks that every combination has a row and that the table is monotone. */
bool table_build_end(struct table_build *b);

#endif
