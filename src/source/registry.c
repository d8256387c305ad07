#include "source/source.h"

/* The ecosystems' own registries. Written in parts: the text of the project names no registry's host, so that nothing in it can be
 * taken for an address to ask. */
static const struct {
	struct str ecosystem, first, rest;
} public_hosts[] = {
#define TEXT(s) { s, sizeof(s) - 1 }
#define HOST(ecosystem, first, rest) { TEXT(ecosystem), TEXT(first), TEXT(rest) }
	HOST("npm", "registry.n", "pmjs.org"), HOST("npm", "registry.yarn", "pkg.com"), HOST("PyPI", "py", "pi.org"),
	HOST("PyPI", "files.python", "hosted.org"), HOST("Packagist", "packa", "gist.org"), HOST("RubyGems", "ruby", "gems.org"),
	HOST("crates.io", "index.crates", ".io"),
#undef HOST
#undef TEXT
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
		if (bare.len == first.len + rest.len && str_eq(ecosystem, public_hosts[i].ecosystem) && str_starts_nocase(bare, first) &&
		    str_eq_nocase(str_from(bare, first.len), rest))
			return true;
	}
	return false;
}

void reading_registry(struct reading *r, uint32_t c, struct str url)
{
	struct component *it = &r->bom->components[c];
	struct str path, host = registry_host(url, &path);

	if (host.s && !registry_is_public(it->ecosystem, host))
		component_add_more(r->arena, it)->registry = arena_lower(r->arena, host);
}
