/* SQLite files: the one place that includes sqlite3.h. Errors stick: after one every call does nothing, and sqlite_error tells. */
#ifndef IO_SQLITE_H
#define IO_SQLITE_H

#include "base/arena.h"

struct sqlite;
struct sqlite_query;

/* Opens the file (made where it is missing, unless `read_only`). NULL with *why. */
struct sqlite *sqlite_begin(struct arena *a, const char *path, bool read_only, struct str *why);
/* A database in memory, read only; the bytes are copied. NULL with *why. */
struct sqlite *sqlite_begin_bytes(struct arena *a, struct str bytes, struct str *why);
void sqlite_end(struct sqlite *s); /* NULL is fine */
struct str sqlite_error(const struct sqlite *s); /* absent where all went well */
/* Statements without answers, ';' between them. */
bool sqlite_run(struct sqlite *s, const char *sql);
int64_t sqlite_last_id(struct sqlite *s);

/* A prepared statement; it lives until sqlite_end. Parameters from 1. */
struct sqlite_query *sqlite_prepare(struct sqlite *s, const char *sql);
void sqlite_put(struct sqlite_query *q, int i, struct str text); /* absent: NULL. The bytes must live until the step. */
void sqlite_put_number(struct sqlite_query *q, int i, int64_t n);
/* The next row; false at the end (the statement is then ready again, its parameters cleared). */
bool sqlite_next(struct sqlite_query *q);
/* Runs a statement without rows. */
bool sqlite_do(struct sqlite_query *q);
/* Ends a walk before its end. */
void sqlite_stop(struct sqlite_query *q);
/* Columns from 0; text is copied onto the arena. */
struct str sqlite_text(struct sqlite_query *q, struct arena *a, int column);
struct str sqlite_blob(struct sqlite_query *q, struct arena *a, int column);
int64_t sqlite_number(struct sqlite_query *q, int column);

#endif
