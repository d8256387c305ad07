/* A database of tables behind one interface: a file of SQLite, or (in a build with WITH_PG=1) PostgreSQL. Statements keep to what both
 * understand: parameters are $1, $2, … in the order of their first appearance, `on conflict do nothing`, `returning`. Nothing from
 * outside ever becomes part of a statement. Errors stick: after one every call does nothing, and sql_error tells. */
#ifndef IO_SQL_H
#define IO_SQL_H

#include "base/arena.h"

struct sql;
struct sql_query;

/* Opens what `where` names: "postgresql://…" or "postgres://…" a server, else a file of SQLite (made where it is missing, unless
 * `read_only`). A server over the network is only spoken to with sslmode=verify-full; a weaker one is refused. NULL with *why, in
 * which no password stands; *usage: the address itself is at fault. */
struct sql *sql_begin(struct arena *a, struct str where, bool read_only, bool *usage, struct str *why);
void sql_end(struct sql *s); /* NULL is fine; what was not committed is lost */
/* Is this the address of a server? */
bool sql_is_server(struct str where);
/* A server; else a file. */
bool sql_on_server(const struct sql *s);
struct str sql_error(const struct sql *s); /* absent where all went well */
/* Statements without parameters and answers, ';' between them. */
bool sql_run(struct sql *s, const char *statements);
/* A transaction that writes; others that want to write wait. */
bool sql_lock(struct sql *s);
bool sql_commit(struct sql *s);

/* A prepared statement; it lives until sql_end (so must its text), and the same text is the same statement: it is walked to its end, or
 * stopped, before it is asked again. Parameters from 1. */
struct sql_query *sql_prepare(struct sql *s, const char *statement);
void sql_put(struct sql_query *q, int i, struct str text); /* absent: NULL. The bytes must live until the step. */
void sql_put_number(struct sql_query *q, int i, int64_t n);
/* The next row; false at the end (the statement is then ready again, its parameters cleared). */
bool sql_next(struct sql_query *q);
/* Runs a statement without rows; a server may be told later, together with others. */
bool sql_do(struct sql_query *q);
/* Ends a walk before its end. */
void sql_stop(struct sql_query *q);
/* Columns from 0; text is copied onto the arena. */
struct str sql_text(struct sql_query *q, struct arena *a, int column);
int64_t sql_number(struct sql_query *q, int column);

#endif
