#include "io/http.h"

#include <curl/curl.h>
#include <time.h>

#include "base/buf.h"
#include "base/limits.h"

#define MOST_REDIRECTS 5
#define MOST_HEADERS 200

static bool offline;
static double wait_scale = 1;
static const char *certificates;

void http_set_certificates(const char *file)
{
	certificates = file;
}

bool http_needs_certificates(void)
{
	const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);

	return v->ssl_version && strstr(v->ssl_version, "mbedTLS");
}

void http_set_offline(bool is_offline)
{
	offline = is_offline;
}

bool http_is_offline(void)
{
	return offline;
}

void http_set_wait_scale(double scale)
{
	wait_scale = scale < 0 ? 0 : scale;
}

void http_wait(double seconds)
{
	double s = seconds * wait_scale;
	struct timespec t = { (time_t)s, (long)((s - (double)(time_t)s) * 1e9) };

	if (s > 0)
		nanosleep(&t, NULL);
}

double http_retry_after(const struct http_response *r)
{
	struct str value = http_header(r, "retry-after");
	char text[64];
	uint64_t seconds;

	if (!value.len || value.len >= sizeof text)
		return -1;
	if (str_to_u64(value, &seconds))
		return (double)seconds;
	memcpy(text, value.s, value.len);
	text[value.len] = 0;
	time_t then = curl_getdate(text, NULL), now = time(NULL);
	return then < 0 ? -1 : then > now ? (double)(then - now) : 0;
}

bool http_is_transient(long status)
{
	return status == 0 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

struct str http_origin(struct str url)
{
	size_t scheme = str_find(url, STR("://"), 0);

	if (scheme == STR_NOT_FOUND || scheme == 0)
		return STR_NONE;
	struct str rest = str_from(url, scheme + 3);
	size_t end = 0;
	while (end < rest.len && !strchr("/?#", rest.s[end]))
		end++;
	return end ? str_sub(url, 0, scheme + 3 + end) : STR_NONE;
}

struct str http_encode(struct arena *a, struct str s)
{
	struct buf out;

	buf_init(&out, 0);
	for (size_t i = 0; i < s.len; i++) {
		char c = s.s[i];
		if (ascii_alpha(c) || ascii_digit(c) || (c && strchr("-._~", c)))
			buf_addc(&out, c);
		else
			buf_printf(&out, "%%%02X", (unsigned char)c);
	}
	struct str text = arena_str(a, buf_str(&out));
	buf_free(&out);
	return text;
}

struct str http_header(const struct http_response *r, const char *name)
{
	for (size_t i = 0; i < r->headers.n; i++)
		if (str_is(r->headers.items[i].name, name))
			return r->headers.items[i].value;
	return STR_NONE;
}

/* "http://127.0.0.1:1234", "http://localhost", "http://[::1]" */
static bool is_loopback(struct str origin)
{
	struct str host = str_from(origin, 7);
	size_t user = str_rchr(host, '@');

	if (user != STR_NOT_FOUND)
		host = str_from(host, user + 1);
	if (str_starts(host, STR("[::1]")))
		return true;
	host = str_sub(host, 0, str_chr(host, ':'));
	for (size_t i = 0; i < host.len; i++) /* 127.0.0.1.data.example is somebody else's */
		if (!ascii_digit(host.s[i]) && host.s[i] != '.')
			return str_is(host, "localhost");
	return str_starts(host, STR("127."));
}

static bool is_allowed(const struct http_request *r, struct str url, struct str *why)
{
	struct str origin = http_origin(url);

	if (str_starts_nocase(origin, STR("https://")))
		return true;
	if (str_starts_nocase(origin, STR("http://")) && (r->plain_allowed || is_loopback(origin)))
		return true;
	*why = STR("only https:// addresses are used");
	return false;
}

/* May a redirect lead from one to the other? What began over https stays there, and nobody from outside reaches this machine's own
 * servers. */
static bool may_lead(struct str from, struct str to, struct str *why)
{
	struct str origin = http_origin(from), target = http_origin(to);
	bool safe = str_starts_nocase(origin, STR("https://"));

	if (safe && !str_starts_nocase(target, STR("https://"))) {
		*why = STR("a redirect from https to http is not followed");
		return false;
	}
	if (!safe && is_loopback(target) && !is_loopback(origin)) {
		*why = STR("a redirect to this machine itself is not followed");
		return false;
	}
	return true;
}

struct transfer {
	struct arena *arena;
	struct buf body;
	struct http_response *out;
	struct str sent;
	size_t sent_at;
};

static size_t take_body(char *data, size_t size, size_t n, void *context)
{
	struct transfer *t = context;

	buf_add(&t->body, str_make(data, size * n));
	return t->body.full ? 0 : size * n;
}

static size_t take_header(char *data, size_t size, size_t n, void *context)
{
	struct transfer *t = context;
	struct str value = str_make(data, size * n);

	if (str_starts(value, STR("HTTP/"))) /* a new answer: after "100 Continue" or a proxy's */
		t->out->headers.n = 0;
	struct str name = str_cut(&value, ':');
	if (value.s && t->out->headers.n < MOST_HEADERS)
		*VEC_ADD(t->arena, &t->out->headers) =
			(struct http_header){ arena_lower(t->arena, str_trim(name)), arena_str(t->arena, str_trim(value)) };
	return size * n;
}

static struct curl_slist *add_line(struct curl_slist *list, struct arena *a, struct str name, struct str value)
{
	struct str line = arena_concat(a, name, STR(": "), value);

	for (size_t i = 0; i < line.len; i++) /* nothing may begin a header of its own */
		if (line.s[i] == '\r' || line.s[i] == '\n')
			return list;
	struct curl_slist *longer = curl_slist_append(list, line.s);
	return longer ? longer : list;
}

static void set_options(CURL *c, struct arena *a, const struct http_request *r, struct str url, struct transfer *t, char *error)
{
	curl_easy_setopt(c, CURLOPT_URL, arena_cstr(a, url));
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, r->connect_seconds ? r->connect_seconds : 15L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, r->total_seconds ? r->total_seconds : 120L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 100L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, 60L);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, error);
	curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, r->method);
	if (certificates)
		curl_easy_setopt(c, CURLOPT_CAINFO, certificates);
	if (r->accept_compressed)
		curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "gzip");
	if (r->body.s) {
		curl_easy_setopt(c, CURLOPT_POST, 1L);
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->body.s);
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len);
		curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, r->method);
	}
}

static bool once(struct arena *a, const struct http_request *r, struct str url, bool same_host, struct http_response *out, struct str *why)
{
	struct transfer t = { .arena = a, .out = out };
	struct curl_slist *lines = NULL;
	char error[CURL_ERROR_SIZE] = "";
	CURL *c = curl_easy_init();

	if (!c) {
		*why = STR("libcurl cannot be started");
		return false;
	}
	out->headers.n = 0;
	buf_init(&t.body, r->limit ? r->limit : LIMIT_HTTP_BODY);
	set_options(c, a, r, url, &t, error);
	bool has_agent = false;
	for (size_t i = 0; i < r->nheaders; i++) {
		lines = add_line(lines, a, r->headers[i].name, r->headers[i].value);
		has_agent = has_agent || str_eq_nocase(r->headers[i].name, STR("User-Agent"));
	}
	if (!has_agent)
		lines = add_line(lines, a, STR("User-Agent"), STR("bomgate"));
	if (r->authorization.len && same_host)
		lines = add_line(lines, a, STR("Authorization"), r->authorization);
	struct curl_slist *no_expect = curl_slist_append(lines, "Expect:"); /* saves a round trip */
	lines = no_expect ? no_expect : lines;
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, lines);
	CURLcode code = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &out->status);
	bool good = code == CURLE_OK;
	if (!good) {
		*why = t.body.full ? arena_printf(a, "the answer is larger than %zu bytes", t.body.max) :
				     arena_printf(a, "%s", error[0] ? error : curl_easy_strerror(code));
		out->status = 0;
	}
	out->body = arena_str(a, buf_str(&t.body));
	buf_free(&t.body);
	curl_slist_free_all(lines);
	curl_easy_cleanup(c);
	return good;
}

static struct str resolve_location(struct arena *a, struct str base, struct str location)
{
	if (str_has(str_sub(location, 0, 12), STR("://")))
		return location;
	if (str_starts(location, STR("//")))
		return arena_concat(a, str_sub(base, 0, str_chr(base, ':') + 1), location, STR_NONE);
	if (str_starts(location, STR("/")))
		return arena_concat(a, http_origin(base), location, STR_NONE);
	return STR_NONE;
}

bool http_do(struct arena *a, const struct http_request *r, struct http_response *out, struct str *why)
{
	static bool started;
	struct str url = r->url;

	*out = (struct http_response){ 0 };
	if (offline) {
		*why = STR("the run is offline");
		return false;
	}
	if (!started)
		started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
	for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
		if (!is_allowed(r, url, why))
			return false;
		out->url = url;
		if (!once(a, r, url, str_eq(http_origin(url), http_origin(r->url)), out, why))
			return false;
		bool redirected = out->status == 301 || out->status == 302 || out->status == 303 || out->status == 307 || out->status == 308;
		struct str location = http_header(out, "location");
		if (!r->follow || !redirected || !location.len || strcmp(r->method, "GET") != 0)
			return true;
		struct str next = resolve_location(a, url, location);
		if (!next.s)
			*why = STR("a redirect leads to no address");
		if (!next.s || !may_lead(url, next, why))
			return false;
		url = next;
	}
	*why = STR("too many redirects");
	return false;
}

struct str http_library_version(struct arena *a)
{
	const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);

	return arena_printf(a, "libcurl %s (%s)", v->version, v->ssl_version ? v->ssl_version : "no TLS");
}
