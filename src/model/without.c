#include "model/without.h"

const struct without_word without_words[] = {
	{ "files", "components of type file, with their edges" },
	{ "license-texts", "the texts of licences" },
	{ "properties", "properties of components" },
	{ "evidence", "how and where each component was found" },
	{ "cpes", "the second and further CPE guesses of a component" },
	{ "hashes", "hashes of components" },
	{ "references", "external references of components" },
	{ "annotations", "annotations" },
	{ "vulnerabilities", "vulnerabilities that the document tells" },
	{ NULL, NULL },
};

/* Components of type file that nothing else is nested in go; indexes are renumbered. */
static size_t without_files(struct bom *b)
{
	uint32_t *now = arena_array(b->arena, b->ncomponents + 1, sizeof *now);
	uint32_t n = 0;
	size_t edges = 0;

	for (size_t i = 0; i < b->ncomponents; i++) {
		bool goes = b->components[i].type == COMPONENT_FILE && i != b->subject;
		now[i] = goes ? NO_COMPONENT : n++;
	}
	size_t gone = b->ncomponents - n;
	if (!gone)
		return 0;
	for (size_t i = 0; i < b->ncomponents; i++) {
		uint32_t up = b->components[i].parent;
		while (up != NO_COMPONENT && now[up] == NO_COMPONENT) /* what lay in a file hangs one higher */
			up = b->components[up].parent;
		b->components[i].parent = up == NO_COMPONENT ? NO_COMPONENT : now[up];
	}
	for (size_t i = 0; i < b->ncomponents; i++)
		if (now[i] != NO_COMPONENT)
			b->components[now[i]] = b->components[i];
	b->ncomponents = n;
	if (b->subject != NO_COMPONENT)
		b->subject = now[b->subject];
	for (size_t i = 0; i < b->dependencies.n; i++) {
		struct dependency d = b->dependencies.items[i];
		if ((d.from != NO_COMPONENT && now[d.from] == NO_COMPONENT) || (d.to != NO_COMPONENT && now[d.to] == NO_COMPONENT))
			continue;
		d.from = d.from == NO_COMPONENT ? d.from : now[d.from];
		d.to = d.to == NO_COMPONENT ? d.to : now[d.to];
		b->dependencies.items[edges++] = d;
	}
	b->dependencies.n = edges;
	return gone;
}

static size_t drop_extra(struct component *c, const char *field)
{
	size_t kept = 0, before = c->extra.n;

	for (size_t i = 0; i < before; i++)
		if (!str_is(c->extra.items[i].field, field))
			c->extra.items[kept++] = c->extra.items[i];
	c->extra.n = kept;
	return before - kept;
}

static size_t drop_texts(struct component *c)
{
	size_t n = 0;

	for (VEC_EACH(struct licence, l, &c->licences)) {
		n += l->text.len != 0;
		l->text = STR_NONE;
		if (str_has(l->extra, STR("\"text\""))) {
			l->extra = STR_NONE;
			n++;
		}
	}
	return n;
}

#define DROP(field) (n = c->field.n, c->field.n = 0, n)
#define DROP_MORE(field) (c->more ? (n = c->more->field.n, c->more->field.n = 0, n) : 0)

static size_t drop(struct component *c, struct str word)
{
	size_t n = 0;

	if (str_is(word, "license-texts"))
		return drop_texts(c);
	if (str_is(word, "properties"))
		return DROP(properties);
	if (str_is(word, "evidence"))
		return drop_extra(c, "evidence") + DROP(evidence);
	if (str_is(word, "cpes"))
		return DROP_MORE(more_cpes);
	if (str_is(word, "hashes"))
		return DROP(hashes);
	if (str_is(word, "references"))
		return DROP_MORE(references);
	return DROP_MORE(annotations);
}

bool bom_without(struct bom *b, struct str word, size_t *count)
{
	bool known = false;

	*count = 0;
	for (size_t i = 0; without_words[i].word; i++)
		known |= str_is(word, without_words[i].word);
	if (!known)
		return false;
	if (str_is(word, "files")) {
		*count = without_files(b);
		return true;
	}
	if (str_is(word, "vulnerabilities")) {
		*count = b->claims.n;
		b->claims.n = 0;
		return true;
	}
	for (size_t i = 0; i < b->ncomponents; i++)
		*count += drop(&b->components[i], word);
	if (str_is(word, "annotations")) {
		*count += b->document.annotations.n;
		b->document.annotations.n = 0;
	}
	return true;
}
