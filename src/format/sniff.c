#include "format/sniff.h"

bool sniff_json(struct arena *a, struct str text, const char *const *until, struct sniff *out)
{
	struct json_cursor c = { .arena = a, .text = text };
	struct str key;
	bool decided = false;

	*out = (struct sniff){ 0 };
	if (str_starts(text, STR("\xef\xbb\xbf")))
		c.at = 3;
	while (c.at < text.len && ascii_blank(text.s[c.at]))
		c.at++;
	if (json_peek(&c) != JSON_OBJECT || !json_enter_object(&c))
		return false;
	while (!decided && json_next_key(&c, &key)) {
		struct sniff_key k = { .key = key, .type = json_peek(&c), .offset = json_offset(&c) };
		for (size_t i = 0; until && until[i]; i++)
			decided |= str_is(key, until[i]);
		if (k.type == JSON_STRING)
			k.text = json_read_string(&c);
		else if (!decided)
			json_skip(&c);
		if (out->n < SNIFF_KEYS)
			out->keys[out->n++] = k;
	}
	out->error = c.error;
	out->error_offset = c.error_offset;
	if (!decided && !c.error)
		out->end = c.at;
	return true;
}

const struct sniff_key *sniff_get(const struct sniff *s, const char *key)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_is(s->keys[i].key, key))
			return &s->keys[i];
	return NULL;
}

struct str sniff_string(const struct sniff *s, const char *key)
{
	const struct sniff_key *k = sniff_get(s, key);

	return k ? k->text : STR_NONE;
}
