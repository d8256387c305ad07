/* Threatconnectome (API of 2026-06): an SBOM that Trivy or Syft made goes as its original bytes to upload_sbom_file, which answers at once
 * and parses afterwards, so that only a moved `sbom_uploaded_at` is success; everything else goes as package lines to
 * upload_packages_file, which answers when it is done. The service's package list is replaced. */
#include "format/format.h"
#include "identity/purl.h"
#include "publish/receiver.h"
#include "syntax/json_writer.h"

#define POLL_SECONDS 10 /* the server writes its progress once a minute */
#define MOST_BROKEN 3	/* times that one upload is sent */
#define MOST_LOOKS 5	/* 34 seconds */

struct upload {
	struct receiver r;
	struct str team, service;
	struct str refresh;  /* the newest refresh token */
	bool rotated;
	bool had_before;
	struct str before;   /* sbom_uploaded_at; absent: never */
};

static void hide(struct publishing *p, struct str secret)
{
	if (p->mask && secret.len)
		p->mask(secret);
}

static bool is_bearer(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.s[i] <= ' ' || (unsigned char)s.s[i] > '~')
			return false;
	return s.len > 0 && s.len <= 16384;
}

/* A short-lived access token: by the refresh token, else by name and password. */
static bool log_in(struct upload *u)
{
	struct publishing *p = u->r.p;
	struct receiver_call c = { .method = "POST", .path = "/auth/refresh", .content_type = STR("application/json") };
	struct http_response answer;
	const struct json *tree;

	u->r.header = (struct http_header){ STR_NONE, STR_NONE };
	if (u->refresh.len) {
		struct buf body;
		buf_init(&body, 0);
		buf_adds(&body, "{\"refresh_token\":");
		json_quote(&body, u->refresh);
		buf_adds(&body, "}");
		c.body = arena_str(p->arena, buf_str(&body));
		buf_free(&body);
	} else {
		c.path = "/auth/token";
		c.content_type = STR("application/x-www-form-urlencoded");
		c.body = arena_printf(p->arena, "username=%.*s&password=%.*s", STR_ARG(http_encode(p->arena, p->secrets.threatconnectome_user)),
				      STR_ARG(http_encode(p->arena, p->secrets.threatconnectome_password)));
	}
	if (!receiver_call(&u->r, &c, &answer, &tree))
		return false;
	struct str access = json_get_string(tree, "access_token"), refresh = json_get_string(tree, "refresh_token");
	if (!is_bearer(access)) {
		p->why = STR("Threatconnectome answered the log-in without an access token");
		return false;
	}
	hide(p, access);
	if (is_bearer(refresh) && !str_eq(refresh, u->refresh)) {
		hide(p, refresh);
		u->rotated = u->refresh.len > 0;
		u->refresh = refresh;
	}
	u->r.header = (struct http_header){ STR("Authorization"), arena_concat(p->arena, STR("Bearer "), access, STR_NONE) };
	return true;
}

/* A call in the team's name; an access token that ran out meanwhile is renewed once. */
static bool team_call(struct upload *u, struct receiver_call *c, const char *path, struct http_response *answer, const struct json **tree)
{
	struct arena *a = u->r.p->arena;

	c->path = arena_cstr(a, arena_printf(a, "/pteams/%.*s%s", STR_ARG(http_encode(a, u->team)), path));
	if (receiver_call(&u->r, c, answer, tree))
		return true;
	return answer->status == 401 && u->refresh.len && log_in(u) && receiver_call(&u->r, c, answer, tree);
}

/* sbom_uploaded_at of the service; absent where there is none yet. */
static bool uploaded_at(struct upload *u, struct str *out)
{
	struct receiver_call c = { .method = "GET" };
	struct http_response answer;
	const struct json *tree;

	*out = STR_NONE;
	if (!team_call(u, &c, "/services", &answer, &tree))
		return false;
	if (json_type(tree) != JSON_ARRAY) {
		u->r.p->why = STR("Threatconnectome's list of services is not understood");
		return false;
	}
	for (JSON_EACH(service, tree))
		if (str_eq(json_get_string(service, "service_name"), u->service))
			*out = json_get_string(service, "sbom_uploaded_at");
	return true;
}

/* Is an upload of the service under way? */
static bool in_progress(struct upload *u, bool *busy)
{
	struct receiver_call c = { .method = "GET" };
	struct http_response answer;
	const struct json *tree;

	*busy = false;
	if (!team_call(u, &c, "/sbom_upload_progress", &answer, &tree))
		return false;
	for (JSON_EACH(one, tree))
		*busy = *busy || str_eq(json_get_string(one, "service_name"), u->service);
	return true;
}

/* *given_up: the server had it under way and dropped it; or (unless `last`) there is no sign of it for a while: its row of progress stands
 * there from the beginning, so it ended before we looked, or waits for its turn. */
static enum publish_answer follow(struct upload *u, const char *what, bool last, bool *given_up)
{
	struct publishing *p = u->r.p;
	bool busy, seen = false;
	struct str now;
	int gone = 0, looks = 0;
	double pause = 2; /* short at first, to see one that ends soon at all */

	*given_up = false;
	for (; receiver_wait(&u->r, pause); pause = pause * 2 < POLL_SECONDS ? pause * 2 : POLL_SECONDS) {
		if (!in_progress(u, &busy) || !uploaded_at(u, &now)) {
			p->why = arena_printf(p->arena, "%s was accepted, but whether it took effect cannot be told: %.*s", what, STR_ARG(p->why));
			return PUBLISH_FAILED;
		}
		if (now.len && !str_eq(now, u->before)) {
			p->why = arena_printf(p->arena, "%s is processed: service %.*s at %.*s", what, STR_ARG(u->service), STR_ARG(str_sub(now, 0, 40)));
			return PUBLISH_DONE;
		}
		seen = seen || busy;
		gone = seen && !busy ? gone + 1 : 0;
		if (gone == 2 || (!seen && !last && ++looks == MOST_LOOKS)) {
			*given_up = true;
			p->why = arena_printf(p->arena,
					      "Threatconnectome accepted %s but gave it up without taking it over into the service %.*s; the team's mail or the "
					      "server's log says why",
					      what, STR_ARG(u->service));
			return PUBLISH_FAILED;
		}
	}
	p->why = arena_printf(p->arena,
			      "Threatconnectome accepted %s but had not taken it over into the service %.*s after %.0f seconds (THREATCONNECTOME_WAIT says "
			      "how long is waited)",
			      what, STR_ARG(u->service), u->r.waited);
	return PUBLISH_FAILED;
}

/* Sends a file; a 409 (another upload of the service is running, which clears within two minutes) is waited for. A 500 is tried again: two
 * uploads at once, even of different teams, that bring the same new package make the server fail one of them (seen on a real one), and as
 * an upload replaces the list, a second one does no harm. */
static bool send(struct upload *u, const char *route, const struct receiver_part *file)
{
	struct arena *a = u->r.p->arena;
	struct receiver_call c = { .method = "POST", .parts = file, .nparts = 1,
				   .query = arena_concat(a, STR("?service="), http_encode(a, u->service), STR_NONE) };
	struct http_response answer;
	const struct json *tree;
	int broken = 0;

	do { /* what an upload before ours did meanwhile is not ours: so the state is read anew before each try */
		if (!uploaded_at(u, &u->before))
			return false;
		if (team_call(u, &c, route, &answer, &tree))
			return true;
	} while ((answer.status == 409 || (answer.status == 500 && ++broken < MOST_BROKEN)) && receiver_wait(&u->r, 2 * POLL_SECONDS));
	return false;
}

static enum publish_answer send_original(struct upload *u, const struct publish_file *f)
{
	struct receiver_part part = { .name = "file", .file_name = STR("sbom.json"), .media_type = STR("application/json"), .bytes = f->bytes };

	/* One that is given up is sent again: it may have met another upload (see send). */
	for (int attempt = 1;; attempt++) {
		bool given_up, last = attempt == MOST_BROKEN;
		if (!send(u, "/upload_sbom_file", &part))
			return PUBLISH_FAILED;
		enum publish_answer answer = follow(u, "the SBOM", last, &given_up);
		if (!given_up || last)
			return answer;
	}
}

static enum publish_answer send_lines(struct upload *u, const struct bom *b, const char *instead)
{
	struct publishing *p = u->r.p;
	size_t sent, left_out;
	struct receiver_part part = { .name = "file", .file_name = STR("packages.jsonl"), .media_type = STR("application/jsonl"),
				      .bytes = threatconnectome_lines(p->arena, b, &sent, &left_out) };
	struct str now;

	if (!sent) {
		p->why = STR("the SBOM has no component with a purl and a version, and Threatconnectome takes no empty list: its service keeps what it had");
		return PUBLISH_FAILED;
	}
	if (!send(u, "/upload_packages_file", &part))
		return PUBLISH_FAILED;
	if (!uploaded_at(u, &now))
		return PUBLISH_FAILED;
	if (!now.len || str_eq(now, u->before)) {
		p->why = STR("Threatconnectome answered that the package lines were taken, but its service was not renewed");
		return PUBLISH_FAILED;
	}
	p->why = arena_printf(p->arena, "%zu packages are in the service %.*s at %.*s, as package lines because %s", sent, STR_ARG(u->service),
			      STR_ARG(str_sub(now, 0, 40)), instead);
	if (left_out)
		p->why = arena_printf(p->arena, "%.*s; %zu components without a version or a purl were left out", STR_ARG(p->why), left_out);
	return PUBLISH_DONE;
}

/* Without the blanks at both ends that the server takes away (Python's strip, so also those beyond ASCII, as the ideographic one). */
static struct str stripped(struct str s)
{
	static const char *const blanks[] = { "\xc2\x85",	  "\xc2\xa0",	"\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83",
					      "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a",
					      "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80" };
	size_t before;

	do {
		s = str_trim(s);
		before = s.len;
		for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
			struct str blank = str_of(blanks[i]);
			if (str_starts(s, blank))
				s = str_from(s, blank.len);
			if (str_ends(s, blank))
				s.len -= blank.len;
		}
	} while (s.len < before);
	return s;
}

/* The service: as set, else the repository's name. Characters are counted, not bytes. */
static bool settings(struct upload *u)
{
	struct publishing *p = u->r.p;
	size_t characters = 0;

	u->team = receiver_setting(p->arena, "THREATCONNECTOME_TEAM_ID");
	u->service = stripped(receiver_setting(p->arena, "THREATCONNECTOME_SERVICE"));
	if (!u->service.len)
		u->service = str_from(p->repository, str_chr(p->repository, '/') == STR_NOT_FOUND ? 0 : str_chr(p->repository, '/') + 1);
	for (size_t i = 0; i < u->service.len; i++)
		characters += ((unsigned char)u->service.s[i] & 0xc0) != 0x80;
	if (!u->team.len)
		p->why = STR("the team is not known: set THREATCONNECTOME_TEAM_ID");
	else if (!u->service.len)
		p->why = STR("the service is not known: set THREATCONNECTOME_SERVICE");
	else if (characters > 255)
		p->why = STR("the service's name is longer than 255 characters");
	else
		return true;
	return false;
}

static enum publish_answer publish_one(struct upload *u, const struct publish_file *f)
{
	struct publishing *p = u->r.p;
	struct diags quiet;
	struct bom b;

	diag_init(&quiet, p->arena);
	bom_init(&b, p->arena, &quiet);
	if (format_read(&b, f->name, f->bytes, NULL) == FAILED) {
		p->why = arena_printf(p->arena, "%.*s is no SBOM that can be read", STR_ARG(f->name));
		return PUBLISH_FAILED;
	}
	purl_complete_all(&b);
	const char *refused = threatconnectome_refuses(p->arena, &b, f->bytes);
	if (!log_in(u))
		return PUBLISH_REFUSED;
	return refused ? send_lines(u, &b, refused) : send_original(u, f);
}

enum publish_answer publish_threatconnectome(struct publishing *p, const struct publish_file *files, size_t n)
{
	struct upload u = { .refresh = p->secrets.threatconnectome_refresh };

	if (!receiver_begin(&u.r, p, "Threatconnectome", "THREATCONNECTOME_WAIT") || !settings(&u))
		return PUBLISH_FAILED;
	if (!u.refresh.len && (!p->secrets.threatconnectome_user.len || !p->secrets.threatconnectome_password.len)) {
		p->why = STR("there are no credentials: THREATCONNECTOME_REFRESH_TOKEN, or THREATCONNECTOME_USER and THREATCONNECTOME_PASSWORD, from secrets");
		return PUBLISH_REFUSED;
	}
	if (u.refresh.len && !is_bearer(u.refresh)) {
		p->why = STR("THREATCONNECTOME_REFRESH_TOKEN has characters that no token has");
		return PUBLISH_REFUSED;
	}
	if (n != 1) {
		p->why = STR("Threatconnectome's service holds one SBOM; `bomgate merge` makes one of several");
		return PUBLISH_FAILED;
	}
	enum publish_answer answer = publish_one(&u, &files[0]);
	if (u.rotated)
		p->why = arena_printf(p->arena, "%.*s; the server gave a new refresh token, so the stored one may not work again: use a robot account's name and "
						"password instead",
				      STR_ARG(p->why));
	return answer;
}
