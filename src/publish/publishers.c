#include "publish/publish.h"

#include "base/sha256.h"
#include "io/http.h"

const struct publisher publishers[] = {
#define PUBLISHER(fn, input, what, title, permission, address) { input, what, title, permission, address, publish_##fn },
#include "publish/publishers.def"
#undef PUBLISHER
};
const size_t publishers_n = sizeof publishers / sizeof publishers[0];

const struct publisher *publisher_by_what(struct str what)
{
	for (size_t i = 0; i < publishers_n; i++)
		if (str_is(what, publishers[i].what))
			return &publishers[i];
	return NULL;
}

bool publish_is_ghes(struct str server_url)
{
	struct str host = http_origin(server_url);
	size_t scheme = str_find(host, STR("://"), 0);

	if (scheme == STR_NOT_FOUND)
		return false;
	host = str_from(host, scheme + 3);
	host = str_sub(host, 0, str_chr(host, ':'));
	return !str_eq_nocase(host, STR("github.com")) && !str_ends(host, STR(".ghe.com")) && !str_ends(host, STR("localhost")) &&
	       !str_starts(host, STR("127."));
}

struct str publish_key(struct arena *a, struct str category)
{
	return str_sub(sha256_hex(a, category), 0, 16);
}
