/* Private to io/sql: what each kind of database does. `handle` is the driver's own, of a database (db) or of a statement (q). */
#ifndef IO_SQL_DRIVER_H
#define IO_SQL_DRIVER_H

#include "io/sql.h"

struct sql_driver {
	bool server;
	void (*end)(void *db);
	struct str (*error)(const void *db);
	bool (*run)(void *db, const char *statements);
	bool (*lock)(void *db);
	bool (*commit)(void *db);
	void *(*prepare)(void *db, const char *statement);
	void (*put)(void *q, int i, struct str text);
	void (*put_number)(void *q, int i, int64_t n);
	bool (*next)(void *q);
	bool (*run_query)(void *q);
	void (*stop)(void *q);
	struct str (*text)(void *q, struct arena *a, int column);
	int64_t (*number)(void *q, int column);
};

/* io/postgres.c, only in a build with WITH_PG=1. */
extern const struct sql_driver postgres_driver;
void *postgres_begin(struct arena *a, struct str address, bool read_only, bool *usage, struct str *why);

#endif
