/* npm, Yarn, pnpm and Bun. A lockfile's address on npm's own registry is no word against these: npm writes it there for whatever registry is
 * configured (its documentation of package-lock.json). */
#include "source/registry.h"
#include "syntax/json.h"
#include "syntax/toml.h"
#include "syntax/yaml.h"

static struct str unquoted(struct str s)
{
	s = str_trim(s);
	while (s.len && (s.s[0] == '"' || s.s[0] == '\''))
		s = str_from(s, 1);
	while (s.len && (s.s[s.len - 1] == '"' || s.s[s.len - 1] == '\''))
		s.len--;
	return s;
}

/* "@scope" or "scope" as a glob of names. */
static struct str scope_glob(struct registry_reading *r, struct str scope)
{
	if (!scope.len || scope.s[0] != '@')
		scope = arena_concat(r->arena, STR("@"), scope, STR_NONE);
	return arena_concat(r->arena, scope, STR("/*"), STR_NONE);
}

/* The host of a login counts where no registry of this file has it: one that is named for a scope is for that scope. */
static void take_login(struct registry_reading *r, struct str key)
{
	struct str url = arena_concat(r->arena, STR("https:"), str_sub(key, 0, str_chr(key, ':')), STR_NONE), path, host = registry_host(url, &path);

	if (!str_has(r->text, arena_concat(r->arena, STR("://"), host, STR_NONE)))
		registry_says(r, STR_NONE, STR_NONE, url, 0);
}

/* "registry=…", "@scope:registry=…"; yarn 1 writes a blank for '=', and quotes. */
void registry_npmrc(struct registry_reading *r)
{
	for (struct str rest = r->text; rest.s;) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		if (!line.len || line.s[0] == '#' || line.s[0] == ';')
			continue;
		size_t end = 0;
		while (end < line.len && line.s[end] != '=' && !ascii_blank(line.s[end]))
			end++;
		struct str key = unquoted(str_sub(line, 0, end)), value = str_trim(str_from(line, end));
		if (value.len && value.s[0] == '=')
			value = str_from(value, 1);
		value = unquoted(value);
		if (str_is(key, "registry"))
			registry_says(r, STR_NONE, STR_NONE, value, 0);
		else if (key.len && key.s[0] == '@' && str_ends(key, STR(":registry")))
			registry_says(r, STR_NONE, scope_glob(r, str_sub(key, 0, key.len - 9)), value, 0);
		else if (str_starts(key, STR("//"))) /* "//npm.acme.example/:_authToken=…": a registry that is used, and named elsewhere */
			take_login(r, key);
	}
}

/* package.json: where its own packages go, others are fetched from. */
void registry_publish_config(struct registry_reading *r)
{
	if (!str_has(r->text, STR("\"publishConfig\"")))
		return;
	const struct json *root = json_parse(r->arena, r->text, NULL, NULL);
	if (!root)
		registry_unclear(r, STR_NONE, STR_NONE, 0);
	for (JSON_EACH(e, json_get(root, "publishConfig"))) {
		struct str key = json_key(e);
		if (str_is(key, "registry"))
			registry_says(r, STR_NONE, STR_NONE, json_string(e), 0);
		else if (str_ends(key, STR(":registry")))
			registry_says(r, STR_NONE, scope_glob(r, str_sub(key, 0, key.len - 9)), json_string(e), 0);
	}
}

static const struct value *yaml_root(struct registry_reading *r)
{
	struct yaml_documents docs = { 0 };
	struct str why;
	size_t offset;

	if (!yaml_parse(r->arena, r->text, true, &docs, &why, &offset)) {
		registry_unclear(r, STR_NONE, STR_NONE, 0);
		return NULL;
	}
	return docs.n ? docs.items[0] : NULL;
}

void registry_yarnrc(struct registry_reading *r)
{
	const struct value *root = yaml_root(r), *server = value_get(root, "npmRegistryServer");

	if (server)
		registry_says(r, STR_NONE, STR_NONE, value_text(server), 0);
	for (VALUE_EACH(scope, value_get(root, "npmScopes")))
		if ((server = value_get(scope, "npmRegistryServer")))
			registry_says(r, STR_NONE, scope_glob(r, scope->key), value_text(server), 0);
}

void registry_pnpm(struct registry_reading *r)
{
	const struct value *root = yaml_root(r), *own = value_get(root, "registry");

	if (own)
		registry_says(r, STR_NONE, STR_NONE, value_text(own), 0);
	for (VALUE_EACH(e, value_get(root, "registries")))
		registry_says(r, STR_NONE, e->key.len && e->key.s[0] == '@' ? scope_glob(r, e->key) : STR_NONE, value_text(e), 0);
}

static struct str bun_url(const struct value *v)
{
	return v->type == VALUE_TABLE ? value_get_text(v, "url") : value_text(v);
}

void registry_bunfig(struct registry_reading *r)
{
	struct str why;
	size_t offset;
	const struct value *root = toml_parse(r->arena, r->text, &why, &offset), *install = value_get(root, "install");
	const struct value *own = value_get(install, "registry");

	if (!root)
		registry_unclear(r, STR_NONE, STR_NONE, 0);
	if (own)
		registry_says(r, STR_NONE, STR_NONE, bun_url(own), 0);
	for (VALUE_EACH(scope, value_get(install, "scopes")))
		registry_says(r, STR_NONE, scope_glob(r, scope->key), bun_url(scope), 0);
}
