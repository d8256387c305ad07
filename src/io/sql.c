#include "io/sql_driver.h"

#include <string.h>

#include "io/sqlite.h"

#define MOST_QUERIES 64

struct sql_query {
	const char *statement;
	const struct sql_driver *driver;
	void *handle;
};

struct sql {
	const struct sql_driver *driver;
	void *handle;
	struct sql_query queries[MOST_QUERIES];
	size_t n;
};

/* ---- SQLite */

static void lite_end(void *db)
{
	sqlite_end(db);
}

static struct str lite_error(const void *db)
{
	return sqlite_error(db);
}

static bool lite_run(void *db, const char *statements)
{
	return sqlite_run(db, statements);
}

static bool lite_lock(void *db)
{
	return sqlite_run(db, "begin immediate");
}

static bool lite_commit(void *db)
{
	return sqlite_run(db, "commit");
}

static void *lite_prepare(void *db, const char *statement)
{
	return sqlite_prepare(db, statement);
}

static void lite_put(void *q, int i, struct str text)
{
	sqlite_put(q, i, text);
}

static void lite_put_number(void *q, int i, int64_t n)
{
	sqlite_put_number(q, i, n);
}

static bool lite_next(void *q)
{
	return sqlite_next(q);
}

static bool lite_do(void *q)
{
	return sqlite_do(q);
}

static void lite_stop(void *q)
{
	sqlite_stop(q);
}

static struct str lite_text(void *q, struct arena *a, int column)
{
	return sqlite_text(q, a, column);
}

static int64_t lite_number(void *q, int column)
{
	return sqlite_number(q, column);
}

static const struct sql_driver sqlite_driver = { false,	     lite_end,	lite_error, lite_run, lite_lock, lite_commit, lite_prepare,
						 lite_put,   lite_put_number, lite_next, lite_do, lite_stop, lite_text, lite_number };

/* ---- either */

bool sql_is_server(struct str where)
{
	return str_starts(where, STR("postgresql://")) || str_starts(where, STR("postgres://"));
}

struct sql *sql_begin(struct arena *a, struct str where, bool read_only, bool *usage, struct str *why)
{
	struct sql *s = ARENA_NEW(a, struct sql);

	*usage = false;
	if (!sql_is_server(where)) {
		s->driver = &sqlite_driver;
		s->handle = sqlite_begin(a, arena_cstr(a, where), read_only, why);
		return s->handle ? s : NULL;
	}
#ifdef WITH_PG
	s->driver = &postgres_driver;
	s->handle = postgres_begin(a, where, read_only, usage, why);
	return s->handle ? s : NULL;
#else
	*usage = true;
	*why = STR("this bomgate was built without PostgreSQL (make WITH_PG=1); `where --export sql` writes the index as SQL for it");
	return NULL;
#endif
}

void sql_end(struct sql *s)
{
	if (s)
		s->driver->end(s->handle);
}

bool sql_on_server(const struct sql *s)
{
	return s->driver->server;
}

struct str sql_error(const struct sql *s)
{
	return s->n == MOST_QUERIES ? STR("too many statements") : s->driver->error(s->handle);
}

bool sql_run(struct sql *s, const char *statements)
{
	return s->driver->run(s->handle, statements);
}

bool sql_lock(struct sql *s)
{
	return s->driver->lock(s->handle);
}

bool sql_commit(struct sql *s)
{
	return s->driver->commit(s->handle);
}

struct sql_query *sql_prepare(struct sql *s, const char *statement)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->queries[i].statement, statement) == 0)
			return &s->queries[i];
	struct sql_query *q = &s->queries[s->n < MOST_QUERIES ? s->n++ : MOST_QUERIES - 1];

	q->statement = statement;
	q->driver = s->driver;
	q->handle = s->driver->prepare(s->handle, statement);
	return q;
}

void sql_put(struct sql_query *q, int i, struct str text)
{
	q->driver->put(q->handle, i, text);
}

void sql_put_number(struct sql_query *q, int i, int64_t n)
{
	q->driver->put_number(q->handle, i, n);
}

bool sql_next(struct sql_query *q)
{
	return q->driver->next(q->handle);
}

bool sql_do(struct sql_query *q)
{
	return q->driver->run_query(q->handle);
}

void sql_stop(struct sql_query *q)
{
	q->driver->stop(q->handle);
}

struct str sql_text(struct sql_query *q, struct arena *a, int column)
{
	return q->driver->text(q->handle, a, column);
}

int64_t sql_number(struct sql_query *q, int column)
{
	return q->driver->number(q->handle, column);
}
