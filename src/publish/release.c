/* Files as assets of a release. A draft is found in the list (its tag may not exist yet); a published release that is immutable takes
 * nothing any more, so assets have to be there before. */
#include "base/sha256.h"
#include "publish/github.h"

#define MOST_PAGES 10
#define IMMUTABLE "the release is immutable since it was published: attach the files while it is a draft"
#define ALL_WITHIN 30 /* so many assets in a release's own JSON, and there may be more: GitHub does not promise how many it puts there */

struct release {
	struct publishing *p;
	const struct json *tree;
	struct str id, upload;
	VEC(const struct json *) assets;
	struct str suffix; /* of the names: that of the leg and step, or where another use has our names one of this use */
};

static struct str number(struct arena *a, const struct json *j)
{
	uint64_t n;

	return json_to_u64(j, &n) ? arena_printf(a, "%llu", (unsigned long long)n) : STR_NONE;
}

static enum publish_answer find(struct release *r)
{
	struct publishing *p = r->p;
	struct http_response answer = { 0 };
	struct github_request q = { .method = "GET" };

	q.path = arena_concat(p->arena, github_path(p, "/releases/tags/"), http_encode(p->arena, p->tag), STR_NONE);
	enum publish_answer got = github_call(p, &q, &answer);
	if (got == PUBLISH_DONE) {
		r->tree = github_json(p, &answer);
		return PUBLISH_DONE;
	}
	if (answer.status != 404)
		return got;
	q = (struct github_request){ .method = "GET", .lists = true, .path = github_path(p, "/releases?per_page=100") };
	for (int page = 0; page < MOST_PAGES && q.path.len; page++) {
		got = github_call(p, &q, &answer);
		if (got != PUBLISH_DONE)
			return got;
		for (JSON_EACH(one, github_json(p, &answer))) {
			if (str_eq(json_get_string(one, "tag_name"), p->tag)) {
				r->tree = one;
				return PUBLISH_DONE;
			}
		}
		q.path = github_next(p, &answer);
	}
	p->why = arena_printf(p->arena, "there is no release for the tag %.*s, or it is a draft, which only a token that may write can see; make a draft first, "
					"then run this step",
			      STR_ARG(p->tag));
	return PUBLISH_REFUSED;
}

/* "https://uploads.github.com/repos/…/assets{?name,label}": the token goes to the API's own host or its uploads host only. */
static bool upload_url(struct release *r)
{
	struct str url = json_get_string(r->tree, "upload_url"), ours = http_origin(r->p->api_url);

	url = str_sub(url, 0, str_chr(url, '{'));
	struct str theirs = http_origin(url);
	struct str expected = str_starts(ours, STR("https://api.")) ?
				      arena_concat(r->p->arena, STR("https://uploads."), str_from(ours, 12), STR_NONE) :
				      ours;
	r->id = number(r->p->arena, json_get(r->tree, "id"));
	r->upload = url;
	if (theirs.len && r->id.len && (str_eq(theirs, ours) || str_eq(theirs, expected)))
		return true;
	r->p->why = STR("the release names no address to upload to, or one of another host");
	return false;
}

/* GitHub keeps letters, digits, '-' and '_', makes one '.' of any run of others and takes dots at the ends away (its documentation says that
 * it renames; what exactly, people found out). A name that it would change could not be found again, so it is given one that stays. */
static struct str kept_name(struct arena *a, struct str name)
{
	char *out = arena_alloc(a, name.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.s[i];
		if (ascii_alpha(c) || ascii_digit(c) || c == '-' || c == '_')
			out[n++] = c;
		else if (n && out[n - 1] != '.')
			out[n++] = '.';
	}
	n -= n && out[n - 1] == '.';
	return n ? str_make(out, n) : STR("file");
}

static struct str asset_name(struct release *r, struct str name)
{
	size_t dot;

	name = kept_name(r->p->arena, name);
	if (!r->suffix.len)
		return name;
	dot = str_chr(name, '.');
	dot = dot == STR_NOT_FOUND ? name.len : dot;
	return arena_printf(r->p->arena, "%.*s-%.*s%.*s", STR_ARG(str_sub(name, 0, dot)), STR_ARG(r->suffix), STR_ARG(str_from(name, dot)));
}

/* The use that a record is of, beside leg and step, which are in the asset's name: a line each. Absent where it is no record. */
static struct str use_of(struct arena *a, struct str bytes)
{
	const struct json *tree = json_parse(a, bytes, NULL, NULL), *built = json_path(tree, "predicate.buildDefinition");
	const struct json *run = json_get(built, "internalParameters"), *options = json_path(built, "externalParameters.options");

	if (!run)
		return STR_NONE;
	return arena_printf(a, "%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(json_get_string(run, "workflow")), STR_ARG(json_get_string(run, "job")),
			    STR_ARG(json_get_string(options, "name")), STR_ARG(json_get_string(options, "matrix")));
}

static bool is_record(const struct publish_file *f)
{
	return str_is(f->name, "provenance.json");
}

/* Another job, workflow or tool may have attached files of our names: whose they are its record says, which each use attaches first. Where
 * it is another's, ours get names of their own, the same in each run. */
static enum publish_answer settle_names(struct release *r, const struct publish_file *f)
{
	struct publishing *p = r->p;
	struct str name = asset_name(r, f->name), use = use_of(p->arena, f->bytes);

	for (size_t i = 0; use.len && i < r->assets.n; i++) {
		const struct json *asset = r->assets.items[i];
		struct str digest = json_get_string(asset, "digest");
		if (!str_eq(json_get_string(asset, "name"), name) || !str_is(json_get_string(asset, "state"), "uploaded"))
			continue;
		if (str_starts(digest, STR("sha256:")) && str_eq(str_from(digest, 7), sha256_hex(p->arena, f->bytes)))
			return PUBLISH_DONE; /* the very same file */
		struct github_request q = { .method = "GET", .raw = true };
		struct http_response answer = { 0 };
		q.path = arena_concat(p->arena, github_path(p, "/releases/assets/"), number(p->arena, json_get(asset, "id")), STR_NONE);
		enum publish_answer got = github_call(p, &q, &answer);
		if (got == PUBLISH_DONE && str_starts(digest, STR("sha256:")) && !str_eq(str_from(digest, 7), sha256_hex(p->arena, answer.body))) {
			p->why = STR("what came is not that file, perhaps the page of a proxy");
			got = PUBLISH_FAILED;
		}
		if (got != PUBLISH_DONE) {
			p->why = arena_printf(p->arena, "it could not be read whose %.*s at the release is: %.*s", STR_ARG(name), STR_ARG(p->why));
			return got;
		}
		if (!str_eq(use_of(p->arena, answer.body), use))
			r->suffix = str_sub(sha256_hex(p->arena, arena_concat(p->arena, p->suffix, STR("\n"), use)), 0, 8);
		return PUBLISH_DONE;
	}
	return PUBLISH_DONE;
}

/* It was published meanwhile. */
static bool is_immutable(const struct http_response *answer)
{
	return answer->status == 422 && str_has(answer->body, STR("immutable"));
}

/* Takes away an asset of that name (an older one, or what a broken upload left). *same: it is already what we would upload. */
static enum publish_answer make_room(struct release *r, struct str name, struct str sha256, bool *same)
{
	struct publishing *p = r->p;
	struct http_response answer = { 0 };

	*same = false;
	for (size_t i = 0; i < r->assets.n; i++) {
		const struct json *asset = r->assets.items[i];
		if (!str_eq(json_get_string(asset, "name"), name))
			continue;
		struct str digest = json_get_string(asset, "digest");
		if (str_starts(digest, STR("sha256:")) && str_eq(str_from(digest, 7), sha256) && str_is(json_get_string(asset, "state"), "uploaded")) {
			*same = true;
			return PUBLISH_DONE;
		}
		struct github_request q = { .method = "DELETE" };
		q.path = arena_concat(p->arena, github_path(p, "/releases/assets/"), number(p->arena, json_get(asset, "id")), STR_NONE);
		enum publish_answer got = github_call(p, &q, &answer);
		if (is_immutable(&answer))
			p->why = STR(IMMUTABLE);
		return answer.status == 404 ? PUBLISH_DONE : got;
	}
	return PUBLISH_DONE;
}

static void take_assets(struct release *r, const struct json *list)
{
	for (JSON_EACH(asset, list))
		*VEC_ADD(r->p->arena, &r->assets) = asset;
}

static enum publish_answer list_assets(struct release *r)
{
	struct publishing *p = r->p;
	struct github_request q = { .method = "GET", .lists = true, .path = arena_printf(p->arena, "%.*s/%.*s/assets?per_page=100", STR_ARG(github_path(p, "/releases")),
									  STR_ARG(r->id)) };

	r->assets.n = 0;
	for (int page = 0; page < MOST_PAGES && q.path.len; page++) {
		struct http_response answer = { 0 };
		enum publish_answer got = github_call(p, &q, &answer);
		if (got != PUBLISH_DONE)
			return got;
		take_assets(r, github_json(p, &answer));
		q.path = github_next(p, &answer);
	}
	return PUBLISH_DONE;
}

static enum publish_answer upload(struct release *r, const struct publish_file *f)
{
	struct publishing *p = r->p;
	struct str name, sha256 = sha256_hex(p->arena, f->bytes);
	enum publish_answer got = PUBLISH_FAILED;
	bool same;

	for (int attempt = 0; attempt < 3; attempt++) {
		struct http_response answer = { 0 };
		got = is_record(f) ? settle_names(r, f) : PUBLISH_DONE;
		if (got != PUBLISH_DONE)
			return got;
		name = asset_name(r, f->name);
		got = make_room(r, name, sha256, &same);
		if (got != PUBLISH_DONE || same)
			return got;
		struct github_request q = { .method = "POST", .body = f->bytes, .makes = true, .once = true,
					    .content_type = f->media_type.len ? f->media_type : STR("application/octet-stream") };
		q.path = arena_printf(p->arena, "%.*s?name=%.*s", STR_ARG(r->upload), STR_ARG(http_encode(p->arena, name)));
		got = github_call(p, &q, &answer);
		if (got == PUBLISH_DONE)
			return got;
		if (is_immutable(&answer)) {
			p->why = STR(IMMUTABLE);
			return PUBLISH_FAILED;
		}
		/* 422: the name is taken meanwhile; 5xx may leave a part that has the name. */
		if (answer.status != 422 && answer.status != 0 && !http_is_transient(answer.status))
			return got;
		http_wait(2);
		struct str why = p->why;
		if (list_assets(r) != PUBLISH_DONE) {
			p->why = why;
			return got;
		}
	}
	return got;
}

enum publish_answer publish_release(struct publishing *p, const struct publish_file *files, size_t n)
{
	struct release r = { .p = p, .suffix = p->suffix };

	if (!p->tag.len) {
		p->why = STR("this run is about no tag or release");
		return PUBLISH_NOTHING;
	}
	if (!github_ready(p))
		return PUBLISH_FAILED;
	enum publish_answer got = find(&r);
	if (got != PUBLISH_DONE)
		return got;
	if (!upload_url(&r))
		return PUBLISH_FAILED;
	if (json_get_bool(r.tree, "immutable") && !json_get_bool(r.tree, "draft")) {
		p->why = STR(IMMUTABLE);
		return PUBLISH_FAILED;
	}
	take_assets(&r, json_get(r.tree, "assets"));
	if (r.assets.n >= ALL_WITHIN)
		got = list_assets(&r);
	for (int records = 1; records >= 0; records--)
		for (size_t i = 0; i < n && got == PUBLISH_DONE; i++)
			if (is_record(&files[i]) == (records == 1))
				got = upload(&r, &files[i]);
	if (got == PUBLISH_DONE)
		p->why = arena_printf(p->arena, "%zu files are attached to the release %.*s", n, STR_ARG(p->tag));
	return got;
}
