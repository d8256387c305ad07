#include "cmd/database.h"

#include <stdlib.h>

#include "base/sha256.h"
#include "base/timestamp.h"
#include "cmd/certificates.h"
#include "io/http.h"
#include "io/file.h"

#define PUBLISHED_TAG "vulnerability-data" /* the release whose assets .github/workflows/data.yml replaces */

bool database_is_address(struct str place)
{
	return str_starts_nocase(place, STR("https://")) || str_starts_nocase(place, STR("http://"));
}

static struct str variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? str_of(value) : STR_NONE;
}

static struct str lines_of(struct invocation *in, const char *option)
{
	struct str all = STR_NONE, value;

	for (size_t i = 0; (value = option_nth(in, option, i)).s; i++)
		all = arena_concat(in->arena, all, all.len ? STR("\n") : STR(""), value);
	return all;
}

/* Where the action's own repository publishes: only a runner that took the action from a repository tells which. */
static struct str published(struct arena *a)
{
	struct str repository = variable("GITHUB_ACTION_REPOSITORY"), server = variable("GITHUB_SERVER_URL");

	if (!repository.len || !server.len)
		return STR_NONE;
	return arena_printf(a, "%.*s/%.*s/releases/download/" PUBLISHED_TAG, STR_ARG(server), STR_ARG(repository));
}

struct database_choice database_choose(struct invocation *in)
{
	struct database_choice c = { .places = lines_of(in, "database"), .key = option_get(in, "db-key"), .now = timestamp_now() };

	if (variable("BOMGATE_TEST_WAIT").s) /* suites do not want to wait */
		http_set_wait_scale(strtod(variable("BOMGATE_TEST_WAIT").s, NULL));
	if (!c.places.len)
		c.places = lines_of(in, "db");
	if (!c.places.len)
		c.places = published(in->arena);
	return c;
}

/* The runner's tool cache, else the user's cache folder; below it one folder for each set of keys. */
static struct str cache_folder(struct arena *a, const struct vuln_keys *keys)
{
	struct str root = variable("RUNNER_TOOL_CACHE"), ids = STR_NONE;

	if (!root.len)
		root = variable("XDG_CACHE_HOME");
	if (!root.len && variable("HOME").len)
		root = file_join(a, variable("HOME"), STR(".cache"));
	if (!root.len)
		root = STR("/tmp");
	for (VEC_EACH(const struct vuln_key, k, keys))
		ids = arena_concat(a, ids, k->key.id, STR_NONE);
	return file_join(a, file_join(a, root, STR("bomgate/database")), str_sub(sha256_hex(a, ids), 0, 16));
}

static struct vuln_db *open_folder(struct arena *a, struct str dir, const struct vuln_keys *keys, bool own_key, struct diags *d)
{
	/* A folder is trusted because it was named, unless a key was named too. */
	struct vuln_place p = { .dir = dir, .keys = *keys, .must_be_signed = own_key };

	return vuln_open_place(a, &p, d);
}

static struct vuln_db *open_addresses(struct arena *a, const struct database_choice *c, struct str *urls, size_t n, const struct vuln_keys *keys,
				      struct diags *d, enum vuln_update_state *state)
{
	struct vuln_update u = { .dir = cache_folder(a, keys), .keys = *keys, .remotes = urls, .nremotes = n, .now = c->now, .always = c->always,
				 .allow_shrunk = c->allow_shrunk };

	if (vuln_update(&u, a, d, state) == FAILED)
		return NULL;
	struct vuln_place p = { .dir = u.dir, .keys = *keys, .must_be_signed = true, .remotes = urls, .nremotes = n };
	return vuln_open_place(a, &p, d);
}

/* What a place that failed said becomes a warning where the next one stands in. */
static void soften(struct diags *to, const struct diags *from, bool soft)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct diag *x = &from->items[i];
		diag_add(to, soft ? SEV_WARNING : x->severity, soft ? "data.update" : x->code, x->input, x->offset, "%.*s", STR_ARG(x->text));
	}
}

struct vuln_db *database_open(struct arena *a, const struct database_choice *c, struct diags *d, enum vuln_update_state *state)
{
	struct vuln_keys keys;
	struct str rest = c->places, folders = STR_NONE;
	VEC(struct str) urls = { 0 };
	enum vuln_update_state ignored;
	struct vuln_db *db = NULL;
	struct diags told;

	if (!c->key.len)
		vuln_keys_published(a, &keys);
	else if (!vuln_keys_own(a, c->key, &keys, d))
		return NULL;
	while (rest.len) {
		struct str place = str_trim(str_cut(&rest, '\n'));
		if (database_is_address(place))
			*VEC_ADD(a, &urls) = arena_str(a, place);
		else if (place.len)
			folders = arena_concat(a, folders, folders.len ? STR("\n") : STR(""), place);
	}
	diag_init(&told, a);
	if (urls.n) {
		certificates_find(a);
		db = open_addresses(a, c, urls.items, urls.n, &keys, &told, state ? state : &ignored);
	}
	soften(d, &told, !db && folders.len);
	while (!db && folders.len) {
		struct str place = str_cut(&folders, '\n');
		diag_init(&told, a);
		db = open_folder(a, place, &keys, c->key.len > 0, &told);
		soften(d, &told, !db && folders.len);
	}
	return db;
}
