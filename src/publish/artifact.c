#include "publish/artifact.h"

#include "base/base64.h"
#include "base/sha256.h"
#include "io/http.h"
#include "syntax/json_writer.h"

#define SERVICE "/twirp/github.actions.results.api.v1.ArtifactService/"
#define BLOCK ((size_t)8 << 20)
#define TRIES 5
#define LONGEST 60 /* seconds that a server may ask us to wait */
#define MOST_NAMES 9 /* suffixes tried where a name is taken */

bool artifact_ids(struct arena *a, struct str token, struct str *run_id, struct str *job_id)
{
	struct str rest = token;

	str_cut(&rest, '.');
	struct str claims = base64_decode(a, str_cut(&rest, '.'), false);
	struct str scopes = json_get_string(json_parse(a, claims, NULL, NULL), "scp");
	while (scopes.s) {
		struct str scope = str_cut(&scopes, ' ');
		struct str kind = str_cut(&scope, ':');
		if (!str_is(kind, "Actions.Results") || !scope.s)
			continue;
		*run_id = str_cut(&scope, ':');
		*job_id = scope;
		return run_id->len && job_id->len && str_chr(*job_id, ':') == STR_NOT_FOUND;
	}
	return false;
}

struct str artifact_clean_name(struct arena *a, struct str name)
{
	char *out = arena_cstr(a, name);

	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)out[i] < 0x20 || strchr("\":<>|*?\\/", out[i]))
			out[i] = '-';
	return str_make(out, name.len);
}

struct session {
	struct arena *arena;
	const struct artifact_upload *upload;
	struct str run_id, job_id, origin;
};

/* 3 s before the second try, then growing by half: the toolkit's waits, without their chance; longer where the server asks for it. False
 * where it asks for more than a job should stand still. */
static bool wait_before(int attempt, const struct http_response *answer, struct arena *a, struct str *why)
{
	double seconds = 3, asked = answer ? http_retry_after(answer) : -1;

	for (int i = 1; i < attempt; i++)
		seconds *= 1.5;
	if (asked > LONGEST) {
		*why = arena_printf(a, "%.*s, and it asks to wait for %.0f s", STR_ARG(*why), asked);
		return false;
	}
	http_wait(asked > seconds ? asked : seconds);
	return true;
}

/* A Twirp call, tried again on what may pass. *status is that of the last answer. */
static bool call(struct session *s, const char *method, struct str body, struct http_response *answer, struct str *why)
{
	struct http_header headers[] = { { STR("Content-Type"), STR("application/json") } };
	struct http_request q = { .method = "POST", .headers = headers, .nheaders = 1, .body = body, .limit = 1 << 20, .total_seconds = 60 };

	q.url = arena_printf(s->arena, "%.*s%s%s", STR_ARG(s->origin), SERVICE, method);
	q.authorization = arena_concat(s->arena, STR("Bearer "), s->upload->token, STR_NONE);
	for (int attempt = 1;; attempt++) {
		struct str cause = STR_NONE;
		bool answered = http_do(s->arena, &q, answer, &cause);
		const struct json *said = answered ? json_parse(s->arena, answer->body, NULL, NULL) : NULL;
		/* A page in between (a proxy's log-in) says 200, too, and nothing was done. */
		bool page = answered && answer->status == 200 && json_type(said) != JSON_OBJECT;
		if (answered && answer->status == 200 && !page)
			return true;
		struct str message = json_get_string(said, "msg");
		*why = page ? arena_printf(s->arena, "%s was answered with 200, but no JSON came, perhaps the page of a proxy", method) :
		       answered ? arena_printf(s->arena, "%s was answered with %ld%s%.*s", method, answer->status, message.len ? ": " : "",
					       STR_ARG(str_sub(message, 0, 200))) :
				  arena_printf(s->arena, "%s was not answered: %.*s", method, STR_ARG(cause));
		if (str_has(message, STR("insufficient usage")))
			*why = STR("the account's artifact storage quota is used up");
		if (attempt == TRIES || (answered && !page && !http_is_transient(answer->status)))
			return false;
		if (!wait_before(attempt, answered ? answer : NULL, s->arena, why))
			return false;
	}
}

static void begin_request(struct session *s, struct json_writer *w, struct buf *body, struct str name)
{
	buf_init(body, 0);
	json_writer_init(w, body, true);
	json_begin_object(w);
	json_member(w, "workflow_run_backend_id", s->run_id);
	json_member(w, "workflow_job_run_backend_id", s->job_id);
	json_member(w, "name", name);
}

static struct str end_request(struct session *s, struct json_writer *w, struct buf *body)
{
	json_end_object(w);
	struct str text = arena_str(s->arena, buf_str(body));
	buf_free(body);
	return text;
}

/* Creates the artifact and gives the URL to upload to; *taken where the name is there already. */
static bool create(struct session *s, struct str name, struct str *url, bool *taken, struct str *why)
{
	struct json_writer w;
	struct buf body;
	struct http_response answer = { 0 };

	begin_request(s, &w, &body, name);
	if (s->upload->expires.len)
		json_member(&w, "expires_at", s->upload->expires);
	json_member_int(&w, "version", 4);
	*taken = false;
	if (!call(s, "CreateArtifact", end_request(s, &w, &body), &answer, why)) {
		*taken = answer.status == 409;
		return false;
	}
	const struct json *tree = json_parse(s->arena, answer.body, NULL, NULL);
	*url = json_get_string(tree, "signed_upload_url");
	if (!url->len)
		*url = json_get_string(tree, "signedUploadUrl");
	if (url->len)
		return true;
	*why = STR("CreateArtifact gave no address to upload to");
	return false;
}

/* The signature in the URL is a secret: whoever has it can write. */
static void mask_signature(struct session *s, struct str url)
{
	size_t at = str_find(url, STR("sig="), 0);

	if (at == STR_NOT_FOUND || !s->upload->mask)
		return;
	struct str sig = str_from(url, at + 4);
	sig = str_sub(sig, 0, str_chr(sig, '&'));
	s->upload->mask(sig);
	/* decoded as well: logs may show either form */
	char *plain = arena_alloc(s->arena, sig.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < sig.len; i++) {
		if (sig.s[i] == '%' && i + 2 < sig.len && ascii_hex(sig.s[i + 1]) >= 0 && ascii_hex(sig.s[i + 2]) >= 0) {
			plain[n++] = (char)(ascii_hex(sig.s[i + 1]) << 4 | ascii_hex(sig.s[i + 2]));
			i += 2;
		} else {
			plain[n++] = sig.s[i];
		}
	}
	if (!str_eq(str_make(plain, n), sig))
		s->upload->mask(str_make(plain, n));
}

static bool put(struct session *s, struct str url, struct str body, bool is_list, struct str *why)
{
	struct http_header headers[] = {
		{ STR("Content-Type"), is_list ? STR("application/xml") : STR("application/octet-stream") },
		{ STR("x-ms-version"), STR("2020-04-08") },
		{ STR("x-ms-blob-content-type"), STR("application/zip") },
	};
	struct http_request q = { .method = "PUT", .url = url, .headers = headers, .nheaders = is_list ? 3 : 2, .body = body,
				  .limit = 1 << 20, .total_seconds = 300 };
	struct http_response answer;

	for (int attempt = 1;; attempt++) {
		struct str cause = STR_NONE;
		bool answered = http_do(s->arena, &q, &answer, &cause);
		if (answered && answer.status == 201)
			return true;
		*why = answered ? arena_printf(s->arena, "the upload of a part was answered with %ld", answer.status) :
				  arena_printf(s->arena, "the upload of a part was not answered: %.*s", STR_ARG(cause));
		if (attempt == TRIES || (answered && !http_is_transient(answer.status)))
			return false;
		if (!wait_before(attempt, answered ? &answer : NULL, s->arena, why))
			return false;
	}
}

/* Block ids of equal length: base64 of a 48-byte text. */
static struct str block_id(struct arena *a, struct str digest, size_t i)
{
	struct buf out;

	buf_init(&out, 0);
	base64_encode(&out, arena_printf(a, "%.36s%012zu", digest.s, i));
	struct str id = arena_str(a, buf_str(&out));
	buf_free(&out);
	return id;
}

static bool upload_blocks(struct session *s, struct str url, struct str digest, struct str *why)
{
	struct str zip = s->upload->zip;
	struct buf list;
	bool good = true;

	buf_init(&list, 0);
	buf_adds(&list, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><BlockList>");
	for (size_t i = 0; i * BLOCK < zip.len && good; i++) {
		struct str id = block_id(s->arena, digest, i);
		good = put(s, arena_printf(s->arena, "%.*s&comp=block&blockid=%.*s", STR_ARG(url), STR_ARG(http_encode(s->arena, id))),
			   str_sub(zip, i * BLOCK, BLOCK), false, why);
		buf_printf(&list, "<Latest>%.*s</Latest>", STR_ARG(id));
	}
	buf_adds(&list, "</BlockList>");
	good = good && put(s, arena_concat(s->arena, url, STR("&comp=blocklist"), STR_NONE), arena_str(s->arena, buf_str(&list)), true, why);
	buf_free(&list);
	return good;
}

static bool finalize(struct session *s, struct str digest, struct artifact_result *out, struct str *why)
{
	struct json_writer w;
	struct buf body;
	struct http_response answer = { 0 };

	begin_request(s, &w, &body, out->name);
	json_member(&w, "size", arena_printf(s->arena, "%zu", s->upload->zip.len));
	out->digest = arena_concat(s->arena, STR("sha256:"), digest, STR_NONE);
	json_member(&w, "hash", out->digest);
	if (!call(s, "FinalizeArtifact", end_request(s, &w, &body), &answer, why))
		return false;
	const struct json *tree = json_parse(s->arena, answer.body, NULL, NULL);
	const struct json *id = json_get(tree, "artifact_id");
	uint64_t number;
	if (!id)
		id = json_get(tree, "artifactId");
	out->id = json_type(id) == JSON_STRING	  ? json_string(id) :
		  json_to_u64(id, &number) ? arena_printf(s->arena, "%llu", (unsigned long long)number) :
					     STR_NONE;
	if (json_get_bool(tree, "ok") && out->id.len)
		return true;
	*why = STR("FinalizeArtifact did not confirm the artifact");
	return false;
}

bool artifact_upload(struct arena *a, const struct artifact_upload *u, struct artifact_result *out, struct str *why)
{
	struct session s = { .arena = a, .upload = u, .origin = http_origin(u->results_url) };
	struct str url = STR_NONE;
	bool taken = true, made = false;

	*out = (struct artifact_result){ 0 };
	if (!s.origin.len || !artifact_ids(a, u->token, &s.run_id, &s.job_id)) {
		*why = STR("the runner's artifact token or address cannot be read");
		return false;
	}
	for (int i = 1; i <= MOST_NAMES && taken && !made; i++) {
		out->name = i == 1 ? u->name : arena_printf(a, "%.*s-%d", STR_ARG(u->name), i);
		made = create(&s, out->name, &url, &taken, why);
	}
	if (!made)
		return false;
	mask_signature(&s, url);
	struct str digest = sha256_hex(a, u->zip);
	return upload_blocks(&s, url, digest, why) && finalize(&s, digest, out, why);
}
