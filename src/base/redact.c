#include "base/redact.h"

/* The end of the user information that begins at `at` (its '@'), or STR_NOT_FOUND. RFC 3986: it ends before '/', '?' and '#'. */
static size_t user_information(struct str text, size_t at)
{
	size_t end = STR_NOT_FOUND;

	for (; at < text.len && !strchr("/?#\"'`<> \t\r\n", text.s[at]); at++)
		if (text.s[at] == '@')
			end = at;
	return end;
}

/* "ssh://git@host": the account that all share, no secret. */
static bool is_account(struct str text, size_t scheme, size_t end)
{
	return scheme >= 3 && str_is(str_sub(text, scheme - 3, 3), "ssh") &&
	       str_chr(str_sub(text, scheme + 3, end - scheme - 3), ':') == STR_NOT_FOUND;
}

struct str redact(struct arena *a, struct str text)
{
	char *copy = NULL;
	size_t n = 0, from = 0, scheme;

	for (size_t at = 0; (scheme = str_find(text, STR("://"), at)) != STR_NOT_FOUND; at = scheme + 3) {
		size_t end = user_information(text, scheme + 3);
		if (end == STR_NOT_FOUND || is_account(text, scheme, end))
			continue;
		if (!copy)
			copy = arena_alloc(a, text.len + 1);
		memcpy(copy + n, text.s + from, scheme + 3 - from);
		n += scheme + 3 - from;
		from = end + 1;
	}
	if (!copy)
		return text;
	memcpy(copy + n, text.s + from, text.len - from);
	return str_make(copy, n + text.len - from);
}
