/* PostgreSQL by libpq, for the index of `where`; only in a build with WITH_PG=1. Statements are prepared at the server and their
 * parameters sent beside them. What has no answer is queued (libpq's pipeline) and checked at the next question or commit. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/sql_driver.h"

#define MOST_PARAMETERS 12
#define MOST_QUEUED 256
#define LOCK_KEY "7236489121" /* of pg_advisory_xact_lock: one writer at a time */

struct postgres {
	struct arena *arena;
	PGconn *conn;
	struct str error;
	unsigned prepared, queued;
	struct postgres_query *queries; /* all of them */
};

struct postgres_query {
	struct postgres *owner;
	struct postgres_query *next;
	char name[24];
	int parameters;
	char *values[MOST_PARAMETERS];
	PGresult *result; /* of the walk under way */
	int row;
};

static void note(struct postgres *p, const char *text)
{
	size_t n = strlen(text);

	while (n && (text[n - 1] == '\n' || text[n - 1] == ' '))
		n--;
	if (!p->error.s)
		p->error = arena_str(p->arena, n ? str_make(text, n) : STR("the server ended the connection"));
}

/* ---- the address */

static const char *option(const PQconninfoOption *list, const char *keyword)
{
	for (; list->keyword; list++)
		if (strcmp(list->keyword, keyword) == 0)
			return list->val && *list->val ? list->val : NULL;
	return NULL;
}

/* Every host of a list must be the folder of a socket. */
static bool is_local(const char *host, const char *address)
{
	if (address)
		return false;
	for (struct str rest = str_of(host ? host : "/"); rest.s;) {
		struct str one = str_cut(&rest, ',');
		if (one.len && one.s[0] != '/' && one.s[0] != '@')
			return false;
	}
	return true;
}

#define MOST_OPTIONS 80
struct options {
	const char *keys[MOST_OPTIONS + 1], *values[MOST_OPTIONS + 1];
	int n;
};

static void set(struct options *o, const char *key, const char *value)
{
	if (o->n < MOST_OPTIONS) {
		o->keys[o->n] = key;
		o->values[o->n++] = value;
	}
}

/* The options as libpq gets them; false where they are weaker than verify-full over a network. `local` may come from PGHOST. */
static bool choose(const PQconninfoOption *said, const PQconninfoOption *defaults, struct options *o, struct str *why)
{
	const char *host = option(said, "host"), *address = option(said, "hostaddr"), *mode = option(said, "sslmode");
	bool local = is_local(host ? host : option(defaults, "host"), address ? address : option(defaults, "hostaddr"));

	if (option(said, "service") || option(defaults, "service")) {
		*why = STR("a service file is not taken: it may say other than what stands here; write host, port and database out");
		return false;
	}
	if (!local && mode && strcmp(mode, "verify-full") != 0) {
		*why = STR("over a network only sslmode=verify-full is taken: a weaker one lets others answer for the server");
		return false;
	}
	for (; said->keyword; said++)
		if (said->val && strcmp(said->keyword, "sslmode") != 0 && strcmp(said->keyword, "gssencmode") != 0)
			set(o, said->keyword, said->val);
	if (!local) { /* explicitly, so that no variable of the environment says other; with GSS there would be no certificate */
		set(o, "sslmode", "verify-full");
		set(o, "gssencmode", "disable");
	}
	set(o, "connect_timeout", "15");
	set(o, "client_encoding", "UTF8");
	set(o, "fallback_application_name", "bomgate");
	return true;
}

static bool is_safe_now(PGconn *c)
{
	const char *host = PQhost(c);

	return PQsslInUse(c) || !host || !*host || host[0] == '/' || host[0] == '@';
}

static void quiet(void *data, const char *message)
{
	(void)data, (void)message;
}

void *postgres_begin(struct arena *a, struct str address, bool read_only, bool *usage, struct str *why)
{
	struct postgres *p = ARENA_NEW(a, struct postgres);
	struct options o = { 0 };
	char *fault = NULL;
	PQconninfoOption *said = PQconninfoParse(arena_cstr(a, address), &fault), *defaults = PQconndefaults();

	p->arena = a;
	*usage = true;
	if (!said || !defaults) {
		*why = STR("is no address of PostgreSQL: postgresql://user@host/database?sslrootcert=FILE"); /* libpq's words may quote a password */
	} else if (choose(said, defaults, &o, why)) {
		*usage = false;
		p->conn = PQconnectdbParams(o.keys, o.values, 0);
		if (PQstatus(p->conn) != CONNECTION_OK)
			note(p, PQerrorMessage(p->conn));
		else if (!is_safe_now(p->conn))
			note(p, "the connection is not encrypted");
	}
	PQfreemem(fault);
	PQconninfoFree(said);
	PQconninfoFree(defaults);
	if (!p->conn)
		return NULL;
	if (!p->error.s) {
		PQsetNoticeProcessor(p->conn, quiet, NULL);
		PGresult *r = PQexec(p->conn, read_only ? "set default_transaction_read_only=on; set search_path=bomgate" : "set search_path=bomgate");
		if (PQresultStatus(r) != PGRES_COMMAND_OK || !PQenterPipelineMode(p->conn))
			note(p, PQerrorMessage(p->conn));
		PQclear(r);
	}
	if (!p->error.s)
		return p;
	*why = p->error;
	PQfinish(p->conn);
	return NULL;
}

static void end(void *db)
{
	struct postgres *p = db;

	for (struct postgres_query *q = p->queries; q; q = q->next) {
		PQclear(q->result);
		for (int i = 0; i < MOST_PARAMETERS; i++)
			free(q->values[i]);
	}
	PQfinish(p->conn);
}

static struct str error(const void *db)
{
	return ((const struct postgres *)db)->error;
}

/* ---- the pipeline */

/* Answers of everything sent so far; the rows of the last question, if there were any. */
static PGresult *drain(struct postgres *p)
{
	PGresult *rows = NULL, *r;
	unsigned nothing = 0;

	p->queued = 0;
	if (!PQpipelineSync(p->conn)) {
		note(p, PQerrorMessage(p->conn));
		return NULL;
	}
	for (;;) {
		r = PQgetResult(p->conn);
		if (!r) { /* the end of one statement's answers; two in a row: there is no connection any more */
			if (++nothing > 1) {
				note(p, PQerrorMessage(p->conn));
				break;
			}
			continue;
		}
		nothing = 0;
		ExecStatusType status = PQresultStatus(r);
		if (status == PGRES_PIPELINE_SYNC) {
			PQclear(r);
			break;
		}
		if (status == PGRES_TUPLES_OK) {
			PQclear(rows);
			rows = r;
			continue;
		}
		if (status != PGRES_COMMAND_OK && status != PGRES_PIPELINE_ABORTED)
			note(p, PQresultErrorMessage(r));
		PQclear(r);
	}
	if (p->error.s) {
		PQclear(rows);
		rows = NULL;
	}
	return rows;
}

static bool run(void *db, const char *statements)
{
	struct postgres *p = db;

	if (p->error.s)
		return false;
	PQclear(drain(p));
	if (p->error.s || !PQexitPipelineMode(p->conn)) {
		note(p, PQerrorMessage(p->conn));
		return false;
	}
	PGresult *r = PQexec(p->conn, statements);
	ExecStatusType status = PQresultStatus(r);
	if ((status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) || !PQenterPipelineMode(p->conn))
		note(p, PQerrorMessage(p->conn));
	PQclear(r);
	return !p->error.s;
}

static bool lock(void *db)
{
	return run(db, "begin; select pg_advisory_xact_lock(" LOCK_KEY ")");
}

static bool commit(void *db)
{
	return run(db, "commit");
}

/* ---- statements */

static void *prepare(void *db, const char *statement)
{
	struct postgres *p = db;
	struct postgres_query *q = ARENA_NEW(p->arena, struct postgres_query);

	q->owner = p;
	q->next = p->queries;
	p->queries = q;
	snprintf(q->name, sizeof q->name, "q%u", ++p->prepared);
	for (const char *s = statement; (s = strchr(s, '$')); s++)
		if (atoi(s + 1) > q->parameters)
			q->parameters = atoi(s + 1);
	if (q->parameters > MOST_PARAMETERS)
		note(p, "too many parameters");
	if (!p->error.s && !PQsendPrepare(p->conn, q->name, statement, 0, NULL))
		note(p, PQerrorMessage(p->conn));
	return q;
}

/* The server takes UTF-8 without NUL only; paths may hold any bytes. What is none becomes '?'. */
static void put(void *query, int i, struct str text)
{
	struct postgres_query *q = query;
	char *copy = text.s ? malloc(text.len + 1) : NULL;

	if (i < 1 || i > MOST_PARAMETERS) {
		free(copy);
		return;
	}
	free(q->values[i - 1]);
	q->values[i - 1] = copy;
	if (!copy) {
		if (text.s)
			note(q->owner, "out of memory");
		return;
	}
	memcpy(copy, text.s, text.len);
	copy[text.len] = '\0';
	for (size_t at = 0; at < text.len;) {
		size_t good = str_utf8_valid(str_make(copy + at, text.len - at));
		at = good >= text.len - at ? text.len : at + good;
		if (at < text.len)
			copy[at++] = '?';
	}
	for (size_t at = 0; at < text.len; at++)
		if (!copy[at])
			copy[at] = '?';
}

static void put_number(void *query, int i, int64_t n)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)n);
	put(query, i, str_of(text));
}

static bool send(struct postgres_query *q)
{
	struct postgres *p = q->owner;

	if (!p->error.s && !PQsendQueryPrepared(p->conn, q->name, q->parameters, (const char *const *)q->values, NULL, NULL, 0))
		note(p, PQerrorMessage(p->conn));
	return !p->error.s;
}

static void stop(void *query)
{
	struct postgres_query *q = query;

	PQclear(q->result);
	q->result = NULL;
	for (int i = 0; i < MOST_PARAMETERS; i++) {
		free(q->values[i]);
		q->values[i] = NULL;
	}
}

static bool next(void *query)
{
	struct postgres_query *q = query;

	if (!q->owner->error.s && !q->result) {
		q->row = -1;
		q->result = send(q) ? drain(q->owner) : NULL;
	}
	if (!q->owner->error.s && q->result && ++q->row < PQntuples(q->result))
		return true;
	stop(q);
	return false;
}

static bool run_query(void *query)
{
	struct postgres_query *q = query;

	send(q);
	stop(q);
	if (!q->owner->error.s && ++q->owner->queued >= MOST_QUEUED)
		PQclear(drain(q->owner));
	return !q->owner->error.s;
}

static struct str text_of(void *query, struct arena *a, int column)
{
	const struct postgres_query *q = query;

	if (!q->result || PQgetisnull(q->result, q->row, column))
		return STR_NONE;
	return arena_str(a, str_make(PQgetvalue(q->result, q->row, column), (size_t)PQgetlength(q->result, q->row, column)));
}

static int64_t number(void *query, int column)
{
	const struct postgres_query *q = query;

	return q->result && !PQgetisnull(q->result, q->row, column) ? strtoll(PQgetvalue(q->result, q->row, column), NULL, 10) : 0;
}

const struct sql_driver postgres_driver = { true, end, error, run, lock, commit, prepare, put, put_number, next, run_query, stop, text_of, number };
