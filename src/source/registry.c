#include "source/registry.h"

static const struct {
	struct str ecosystem, first, rest;
} public_hosts[] = {
#define TEXT(s) { s, sizeof(s) - 1 }
#define HOST(ecosystem, first, rest) { TEXT(ecosystem), TEXT(first), TEXT(rest) },
#include "source/public_registries.def"
#undef HOST
#undef TEXT
};

static const char *const forges[] = {
#define FORGE(host) host,
#include "source/forges.def"
#undef FORGE
};

struct str registry_host(struct str url, struct str *path)
{
	size_t scheme = str_find(url, STR("://"), 0);

	*path = STR_NONE;
	if (scheme == STR_NOT_FOUND)
		return STR_NONE;
	*path = str_from(url, scheme + 3);
	struct str host = str_cut(path, '/');
	size_t at = str_rchr(host, '@');
	return at == STR_NOT_FOUND ? host : str_from(host, at + 1);
}

bool registry_is_public(struct str ecosystem, struct str host)
{
	struct str bare = str_sub(host, 0, str_chr(host, ':'));

	for (size_t i = 0; i < sizeof public_hosts / sizeof public_hosts[0]; i++) {
		struct str first = public_hosts[i].first, rest = public_hosts[i].rest;
		size_t n = first.len + rest.len;
		bool all_below = !first.len && rest.s[0] == '.';
		if (!str_eq(ecosystem, public_hosts[i].ecosystem) || (all_below ? bare.len <= n : bare.len != n))
			continue;
		struct str end = str_from(bare, bare.len - n);
		if (str_starts_nocase(end, first) && str_eq_nocase(str_from(end, first.len), rest))
			return true;
	}
	return false;
}

bool registry_is_forge(struct str host)
{
	for (size_t i = 0; i < sizeof forges / sizeof forges[0]; i++)
		if (str_eq_nocase(host, str_of(forges[i])))
			return true;
	return false;
}

/* crates.io's index is also a repository on a forge. */
bool registry_url_is_public(struct str ecosystem, struct str url)
{
	struct str path, host = registry_host(url, &path);

	return registry_is_public(ecosystem, host) ||
	       (str_is(ecosystem, "crates.io") && str_is(host, "github.com") &&
		(str_is(path, "rust-lang/crates.io-index") || str_is(path, "rust-lang/crates.io-index.git") || str_is(path, "rust-lang/crates.io-index/")));
}

void reading_registry(struct reading *r, uint32_t c, struct str url)
{
	struct component *it = &r->bom->components[c];
	struct str path, host = registry_host(url, &path);

	if (host.s && !registry_url_is_public(it->ecosystem, url))
		component_add_more(r->arena, it)->registry = arena_lower(r->arena, host);
}

void reading_no_registry(struct reading *r, uint32_t c, const char *why)
{
	component_add_more(r->arena, &r->bom->components[c])->registry = str_of(why);
}
