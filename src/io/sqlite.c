#include "io/sqlite.h"

#include <sqlite3.h>

#define MOST_QUERIES 64
#define BUSY_MS 120000 /* others write: wait for all of them, also on a slow machine */

struct sqlite_query {
	struct sqlite *owner;
	sqlite3_stmt *stmt;
};

struct sqlite {
	struct arena *arena;
	sqlite3 *db;
	struct sqlite_query queries[MOST_QUERIES];
	size_t n;
	struct str error;
};

static void note(struct sqlite *s)
{
	if (!s->error.s)
		s->error = arena_str(s->arena, str_of(sqlite3_errmsg(s->db)));
}

struct sqlite *sqlite_begin(struct arena *a, const char *path, bool read_only, struct str *why)
{
	struct sqlite *s = ARENA_NEW(a, struct sqlite);
	int flags = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

	s->arena = a;
	if (sqlite3_open_v2(path, &s->db, flags, NULL) != SQLITE_OK) {
		*why = s->db ? arena_str(a, str_of(sqlite3_errmsg(s->db))) : STR("out of memory");
		sqlite3_close(s->db);
		return NULL;
	}
	sqlite3_busy_timeout(s->db, BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
	return s;
}

struct sqlite *sqlite_begin_bytes(struct arena *a, struct str bytes, struct str *why)
{
	struct sqlite *s = sqlite_begin(a, ":memory:", false, why);
	unsigned char *copy = s ? sqlite3_malloc64(bytes.len + 1) : NULL;

	if (!s)
		return NULL;
	if (!copy || bytes.len < 100) {
		*why = copy ? STR("it is too short for a database of SQLite") : STR("out of memory");
		sqlite3_free(copy);
		sqlite_end(s);
		return NULL;
	}
	memcpy(copy, bytes.s, bytes.len);
	if (copy[18] == 2 && copy[19] == 2) /* kept with a write-ahead log: there is none in memory */
		copy[18] = copy[19] = 1;
	if (sqlite3_deserialize(s->db, "main", copy, (sqlite3_int64)bytes.len, (sqlite3_int64)bytes.len,
				SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY) != SQLITE_OK) {
		*why = arena_str(a, str_of(sqlite3_errmsg(s->db)));
		sqlite_end(s);
		return NULL;
	}
	return s;
}

void sqlite_end(struct sqlite *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		sqlite3_finalize(s->queries[i].stmt);
	sqlite3_close(s->db);
}

struct str sqlite_error(const struct sqlite *s)
{
	return s->error;
}

bool sqlite_run(struct sqlite *s, const char *sql)
{
	if (s->error.s || sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		note(s);
		return false;
	}
	return true;
}

int64_t sqlite_last_id(struct sqlite *s)
{
	return sqlite3_last_insert_rowid(s->db);
}

struct sqlite_query *sqlite_prepare(struct sqlite *s, const char *sql)
{
	if (s->n == MOST_QUERIES) {
		s->error = STR("too many statements");
		return &s->queries[0];
	}
	struct sqlite_query *q = &s->queries[s->n++];
	q->owner = s;
	if (s->error.s || sqlite3_prepare_v2(s->db, sql, -1, &q->stmt, NULL) != SQLITE_OK)
		note(s);
	return q;
}

void sqlite_put(struct sqlite_query *q, int i, struct str text)
{
	int bad = text.s ? sqlite3_bind_text64(q->stmt, i, text.s, text.len, SQLITE_STATIC, SQLITE_UTF8) : sqlite3_bind_null(q->stmt, i);

	if (!q->owner->error.s && bad)
		note(q->owner);
}

void sqlite_put_number(struct sqlite_query *q, int i, int64_t n)
{
	if (!q->owner->error.s && sqlite3_bind_int64(q->stmt, i, n))
		note(q->owner);
}

void sqlite_stop(struct sqlite_query *q)
{
	if (!q->stmt)
		return;
	sqlite3_reset(q->stmt);
	sqlite3_clear_bindings(q->stmt);
}

bool sqlite_next(struct sqlite_query *q)
{
	int answer = q->owner->error.s ? SQLITE_ERROR : sqlite3_step(q->stmt);

	if (answer == SQLITE_ROW)
		return true;
	if (answer != SQLITE_DONE)
		note(q->owner);
	sqlite_stop(q);
	return false;
}

bool sqlite_do(struct sqlite_query *q)
{
	while (sqlite_next(q))
		;
	return !q->owner->error.s;
}

struct str sqlite_text(struct sqlite_query *q, struct arena *a, int column)
{
	const unsigned char *s = sqlite3_column_text(q->stmt, column);

	return s ? arena_str(a, str_make((const char *)s, (size_t)sqlite3_column_bytes(q->stmt, column))) : STR_NONE;
}

struct str sqlite_blob(struct sqlite_query *q, struct arena *a, int column)
{
	const void *s = sqlite3_column_blob(q->stmt, column);

	return s ? arena_str(a, str_make(s, (size_t)sqlite3_column_bytes(q->stmt, column))) : STR_NONE;
}

int64_t sqlite_number(struct sqlite_query *q, int column)
{
	return sqlite3_column_int64(q->stmt, column);
}
