#include "vuln/osv_api.h"

#include "base/limits.h"
#include "io/file.h"
#include "io/http.h"
#include "syntax/json.h"
#include "syntax/json_writer.h"
#include "vuln/database.h"
#include "vuln/remote.h"

#define BATCH 1000	      /* queries of one request */
#define PAGE 1000	      /* ids of one answer to a query; what is more comes with a token (google.github.io/osv.dev, "Pagination") */
#define MOST_ROUNDS 200	      /* of pages: 1,000 ids each */
#define MOST_RECORDS 200000
#define LIMIT_ANSWER ((size_t)64 << 20)

struct page {
	size_t query;
	struct str token;
};

struct asking {
	const struct osv_api *q;
	struct arena *arena;
	struct map ids; /* in the order in which they came */
	struct http_patience patience;
	VEC(struct page) next;
	struct str why;
};

static bool call(struct asking *s, const char *method, struct str path, struct str body, struct arena *a, struct http_response *out)
{
	struct http_header headers[] = { { STR("Content-Type"), STR("application/json") } };
	struct http_request r = { .method = method, .url = remote_url(a, s->q->url, path), .body = body, .headers = headers, .nheaders = body.s ? 1 : 0,
				  .limit = LIMIT_ANSWER, .connect_seconds = 10, .total_seconds = 60 };
	struct str why;

	if (http_do_patiently(a, &r, &s->patience, NULL, out, &why) && out->status == 200)
		return true;
	s->why = out->status && !http_is_transient(out->status) ? arena_printf(s->arena, "%.*s was answered with %ld", STR_ARG(path), out->status) :
								  arena_printf(s->arena, "%.*s: %.*s", STR_ARG(path), STR_ARG(why));
	return false;
}

static struct str batch_text(struct arena *a, const struct asking *s, const struct page *pages, size_t n)
{
	struct json_writer w;
	struct buf out;

	buf_init(&out, 0);
	json_writer_init(&w, &out, true);
	json_begin_object(&w);
	json_put_key(&w, "queries");
	json_begin_array(&w);
	for (size_t i = 0; i < n; i++) {
		const struct osv_query *q = &s->q->queries[pages[i].query];
		json_begin_object(&w);
		json_put_key(&w, "package");
		json_begin_object(&w);
		json_member(&w, "ecosystem", q->ecosystem);
		json_member(&w, "name", q->name);
		json_end_object(&w);
		json_member(&w, "version", q->version);
		json_member_opt(&w, "page_token", pages[i].token);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_end_object(&w);
	struct str text = arena_str(a, buf_str(&out));
	buf_free(&out);
	return text;
}

/* One element of `vulns`: without its id nobody knows what it would have said. */
static void take_id(struct asking *s, struct json_cursor *c)
{
	struct str key, id = STR_NONE;
	size_t at = json_offset(c);

	json_enter_object(c);
	while (json_next_key(c, &key)) {
		if (str_is(key, "id"))
			id = json_read_string(c);
		else
			json_skip(c);
	}
	if (!id.len)
		json_fail(c, at, "an advisory has no id");
	else
		map_put(&s->ids, arena_str(s->arena, id), NULL);
}

/* {"vulns": [{"id": …, "modified": …}], "next_page_token": …}, or {}. Nothing of another form is passed over: it would read as
 * "no advisories". */
static void take_result(struct asking *s, struct json_cursor *c, size_t query)
{
	struct str key, token = STR_NONE;
	size_t n = 0, at = json_offset(c);

	json_enter_object(c);
	while (json_next_key(c, &key)) {
		if (str_is(key, "vulns")) {
			json_enter_array(c);
			for (; json_next(c); n++)
				take_id(s, c);
		} else if (str_is(key, "next_page_token") || str_is(key, "nextPageToken")) { /* as JSON made of protobuf spells it */
			token = json_read_string(c);
		} else if (str_is(key, "code") || str_is(key, "error")) {
			json_fail(c, at, "an error stands in place of a result");
		} else {
			json_skip(c);
		}
	}
	if (n == PAGE && !token.len) /* OSV pages past so many: a token was lost on the way, or by the rarest chance there is no more */
		json_fail(c, at, "a full page has no token for the next");
	if (token.len)
		*VEC_ADD(s->arena, &s->next) = (struct page){ query, arena_str(s->arena, token) };
}

static bool ask_batch(struct asking *s, const struct page *pages, size_t n)
{
	struct arena *own = arena_new(0);
	struct http_response r = { 0 };
	struct json_cursor c;
	struct str key;
	size_t results = 0;
	bool good = call(s, "POST", STR("v1/querybatch"), batch_text(own, s, pages, n), own, &r);

	if (good) {
		json_open(&c, own, r.body);
		json_enter_object(&c);
		while (json_next_key(&c, &key)) {
			if (!str_is(key, "results")) {
				json_skip(&c);
				continue;
			}
			json_enter_array(&c);
			while (json_next(&c)) {
				if (results < n)
					take_result(s, &c, pages[results].query);
				else
					json_skip(&c);
				results++;
			}
		}
		good = json_close(&c) && results == n;
		if (!good)
			s->why = arena_printf(s->arena, "v1/querybatch: the answer is not what OSV says it is: %s",
					      json_failed(&c) ? c.error : "it has another number of results than there were queries");
	}
	arena_free(own);
	return good;
}

static bool ask_all(struct asking *s)
{
	VEC(struct page) now = { 0 };

	for (size_t i = 0; i < s->q->n; i++)
		*VEC_ADD(s->arena, &now) = (struct page){ i, STR_NONE };
	for (int round = 0; now.n; round++) {
		if (round == MOST_ROUNDS) {
			s->why = STR("v1/querybatch: the pages never end");
			return false;
		}
		s->next.items = NULL;
		s->next.n = s->next.cap = 0;
		for (size_t i = 0; i < now.n; i += BATCH)
			if (!ask_batch(s, now.items + i, now.n - i < BATCH ? now.n - i : BATCH))
				return false;
		now.items = s->next.items;
		now.n = s->next.n;
		now.cap = s->next.cap;
	}
	return true;
}

/* Is it the record that was asked for? */
static bool is_record(struct arena *a, struct str text, struct str id)
{
	struct json_cursor c;
	struct str key, said = STR_NONE;

	json_open(&c, a, text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_is(key, "id"))
			said = json_read_string(&c);
		else
			json_skip(&c);
	}
	return json_close(&c) && str_eq(said, id);
}

static bool get_record(struct asking *s, struct str folder, struct str id)
{
	struct arena *own = arena_new(0);
	struct http_response r = { 0 };
	struct str safe = http_encode(own, id), why;
	bool good = id.len && id.len < 200 && id.s[0] != '.' &&
		    call(s, "GET", arena_concat(own, STR("v1/vulns/"), safe, STR_NONE), STR_NONE, own, &r);

	if (good && !is_record(own, r.body, id)) {
		s->why = arena_printf(s->arena, "v1/vulns/%.*s: the answer is not that record", STR_ARG(safe));
		good = false;
	}
	if (good && !file_write_atomic(file_join(own, folder, arena_concat(own, safe, STR(".json"), STR_NONE)).s, r.body, &why)) {
		s->why = arena_concat(s->arena, STR("a record cannot be kept: "), why, STR_NONE);
		good = false;
	}
	arena_free(own);
	return good;
}

static bool get_records(struct asking *s, struct str folder)
{
	struct str why;

	if (s->ids.n > MOST_RECORDS) {
		s->why = STR("there are too many records");
		return false;
	}
	if (!file_make_folders(folder.s, &why)) {
		s->why = arena_concat(s->arena, STR("a folder for records cannot be made: "), why, STR_NONE);
		return false;
	}
	for (size_t i = 0; i < s->ids.n; i++)
		if (!get_record(s, folder, s->ids.entries[i].key))
			return false;
	return true;
}

struct vuln_db *osv_api_ask(const struct osv_api *q, struct arena *a, struct diags *d, size_t *records)
{
	struct asking s = { .q = q, .arena = a, .patience = http_patience, .why = STR_NONE };
	struct vuln_build_options o = { .out = file_join(a, q->folder, STR("db")), .built = timestamp_text(a, q->now) };
	struct str folder = file_join(a, q->folder, STR("records"));
	struct vuln_info info;

	map_init(&s.ids, a);
	*records = 0;
	if (!ask_all(&s) || !get_records(&s, folder)) {
		diag_add(d, SEV_ERROR, "data.osv-api", q->url, DIAG_NO_OFFSET, "OSV's API could not be asked for all packages: %.*s", STR_ARG(s.why));
		return NULL;
	}
	*records = s.ids.n;
	if (!s.ids.n) /* a database of nothing is none: the caller has the queries */
		return NULL;
	*VEC_ADD(a, &o.osv) = folder;
	o.checked = o.built;
	if (vuln_build(&o, d, &info, a) == OK)
		return vuln_open(a, o.out.s, d);
	diag_add(d, SEV_ERROR, "data.osv-api", q->url, DIAG_NO_OFFSET, "records of OSV's API cannot be read, so that what they say is missing");
	return NULL;
}

bool vuln_read_all(struct vuln_db *db)
{
	bool good = true;

	for (size_t i = 0; i < db->info.files.n; i++) {
		struct str kind = db->info.files.items[i].kind;
		good &= vuln_db_file(db, i, str_is(kind, "texts") ? VULN_KIND_TEXTS : str_is(kind, "cves") ? VULN_KIND_CVES : VULN_KIND_ADVISORIES) != NULL;
	}
	return good;
}

void vuln_add(struct vuln_db *db, struct vuln_db *more, const struct osv_query *queries, size_t n)
{
	db->more = more;
	map_init(&db->asked, db->arena);
	for (size_t i = 0; i < n; i++)
		map_put(&db->asked, arena_printf(db->arena, "%.*s\t%.*s", STR_ARG(queries[i].ecosystem), STR_ARG(queries[i].name)), NULL);
}
