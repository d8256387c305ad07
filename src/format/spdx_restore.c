/* Taking back what spdx_keep.c put into an annotation. Members that are not known are left alone: a newer bomgate wrote them. */
#include "base/diag.h"
#include "base/limits.h"
#include "format/spdx.h"

bool spdx_kept_annotation(struct arena *a, struct str annotator, struct str comment, struct str *json)
{
	struct json_cursor c;
	struct str key, who = annotator;

	if (!str_starts(who, STR("Tool: " SPDX_TOOL)) || !str_starts(str_trim(comment), STR("{\"" SPDX_TOOL "\":")))
		return false;
	json_open(&c, a, comment);
	*json = STR_NONE;
	if (json_enter_object(&c))
		while (json_next_key(&c, &key)) {
			if (str_is(key, SPDX_TOOL) && json_peek(&c) == JSON_OBJECT && !json->s)
				*json = json_read_raw(&c);
			else
				json_skip(&c);
		}
	return json_close(&c) && json->s;
}

unsigned spdx_scope_of(struct str words)
{
	static const struct {
		const char *word;
		unsigned bit;
	} table[] = { { "runtime", SCOPE_RUNTIME }, { "dev", SCOPE_DEV },     { "test", SCOPE_TEST },	      { "build", SCOPE_BUILD },
		      { "optional", SCOPE_OPTIONAL }, { "peer", SCOPE_PEER }, { "provided", SCOPE_PROVIDED }, { "excluded", SCOPE_EXCLUDED } };
	unsigned scope = 0;

	while (words.s) {
		struct str word = str_trim(str_cut(&words, ','));
		for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
			scope |= str_is(word, table[i].word) ? table[i].bit : 0;
	}
	return scope;
}

static bool enter_list(struct json_cursor *c)
{
	if (json_peek(c) == JSON_ARRAY)
		return json_enter_array(c);
	json_skip(c);
	return false;
}

/* The next element where it is an object, entered; others are skipped. */
static bool next_object(struct json_cursor *c)
{
	while (json_next(c)) {
		if (json_peek(c) == JSON_OBJECT)
			return json_enter_object(c);
		json_skip(c);
	}
	return false;
}

static void read_strings(struct json_cursor *c, struct arena *a, struct str **items, size_t *n)
{
	VEC(struct str) list = { 0 };

	if (enter_list(c))
		while (json_next(c)) {
			struct str s = json_read_string_or_skip(c);
			if (s.s)
				*VEC_ADD(a, &list) = s;
		}
	*items = list.items;
	*n = list.n;
}

#define READ_STRINGS(c, a, vec) (read_strings((c), (a), &(vec)->items, &(vec)->n), (vec)->cap = (vec)->n)

static struct hash read_hash(struct json_cursor *c)
{
	struct hash h = { 0 };
	struct str key;

	while (json_next_key(c, &key)) {
		if (str_is(key, "alg"))
			h.algorithm = json_read_string_or_skip(c);
		else if (str_is(key, "content"))
			h.value = json_read_string_or_skip(c);
		else
			json_skip(c);
	}
	return h;
}

static struct party read_party(struct json_cursor *c)
{
	struct party p = { 0 };
	struct str key;

	while (json_next_key(c, &key)) {
		if (str_is(key, "extra")) {
			p.extra = json_read_raw(c);
			continue;
		}
		struct str value = json_read_string_or_skip(c);
		if (str_is(key, "kind"))
			p.kind = str_is(value, "person")       ? PARTY_PERSON :
				 str_is(value, "organization") ? PARTY_ORGANIZATION :
				 str_is(value, "tool")	       ? PARTY_TOOL :
								 PARTY_UNSAID;
		else if (str_is(key, "name"))
			p.name = value;
		else if (str_is(key, "email"))
			p.email = value;
		else if (str_is(key, "url"))
			p.url = value;
		else if (str_is(key, "phone"))
			p.phone = value;
	}
	return p;
}

static struct party read_party_value(struct json_cursor *c)
{
	if (json_peek(c) == JSON_OBJECT && json_enter_object(c))
		return read_party(c);
	json_skip(c);
	return (struct party){ 0 };
}

static struct licence read_licence(struct json_cursor *c)
{
	struct licence l = { .kind = LICENCE_NAME };
	struct str key;

	while (json_next_key(c, &key)) {
		if (str_is(key, "extra")) {
			l.extra = json_read_raw(c);
			continue;
		}
		struct str value = json_read_string_or_skip(c);
		if (str_is(key, "kind"))
			l.kind = str_is(value, "id") ? LICENCE_ID : str_is(value, "expression") ? LICENCE_EXPRESSION : LICENCE_NAME;
		else if (str_is(key, "role"))
			l.role = str_is(value, "declared") ? LICENCE_DECLARED : LICENCE_CONCLUDED;
		else if (str_is(key, "value"))
			l.value = value;
		else if (str_is(key, "text"))
			l.text = value;
		else if (str_is(key, "url"))
			l.url = value;
	}
	return l;
}

static struct property read_property(struct json_cursor *c)
{
	struct property p = { 0 };
	struct str key;

	while (json_next_key(c, &key)) {
		if (str_is(key, "name"))
			p.name = json_read_string_or_skip(c);
		else if (str_is(key, "value"))
			p.value = json_read_string_or_skip(c);
		else
			json_skip(c);
	}
	return p;
}

static struct external_reference read_reference(struct json_cursor *c, struct arena *a)
{
	struct external_reference e = { 0 };
	struct str key;

	while (json_next_key(c, &key)) {
		if (str_is(key, "extra")) {
			e.extra = json_read_raw(c);
		} else if (str_is(key, "hashes")) {
			if (enter_list(c))
				while (next_object(c))
					*VEC_ADD(a, &e.hashes) = read_hash(c);
		} else {
			struct str value = json_read_string_or_skip(c);
			if (str_is(key, "type"))
				e.type = value;
			else if (str_is(key, "url"))
				e.url = value;
			else if (str_is(key, "comment"))
				e.comment = value;
		}
	}
	return e;
}

static struct annotation read_annotation(struct json_cursor *c)
{
	struct annotation n = { 0 };
	struct str key;

	while (json_next_key(c, &key)) {
		if (str_is(key, "extra")) {
			n.extra = json_read_raw(c);
			continue;
		}
		struct str value = json_read_string_or_skip(c);
		if (str_is(key, "annotator"))
			n.annotator = value;
		else if (str_is(key, "date"))
			n.date = value;
		else if (str_is(key, "type"))
			n.type = value;
		else if (str_is(key, "comment"))
			n.comment = value;
	}
	return n;
}

static struct extra read_extra(struct json_cursor *c)
{
	struct extra e = { 0 };
	struct str key;

	while (json_next_key(c, &key)) {
		if (str_is(key, "value"))
			e.json = json_read_raw(c);
		else if (str_is(key, "standard"))
			e.standard = json_read_string_or_skip(c);
		else if (str_is(key, "field"))
			e.field = json_read_string_or_skip(c);
		else
			json_skip(c);
	}
	return e;
}

static struct composition read_composition(struct json_cursor *c, struct arena *a)
{
	struct composition k = { 0 };
	struct str key;

	while (json_next_key(c, &key)) {
		if (str_is(key, "aggregate"))
			k.aggregate = json_read_string_or_skip(c);
		else if (str_is(key, "assemblies"))
			READ_STRINGS(c, a, &k.assemblies);
		else if (str_is(key, "dependencies"))
			READ_STRINGS(c, a, &k.dependencies);
		else if (str_is(key, "vulnerabilities"))
			READ_STRINGS(c, a, &k.vulnerabilities);
		else if (str_is(key, "extra"))
			k.extra = json_read_raw(c);
		else
			json_skip(c);
	}
	return k;
}

static struct tool read_tool(struct json_cursor *c, struct arena *a)
{
	struct tool t = { 0 };
	struct str key;

	while (json_next_key(c, &key)) {
		if (str_is(key, "extra")) {
			t.extra = json_read_raw(c);
		} else if (str_is(key, "service")) {
			t.is_service = json_read_bool(c);
		} else if (str_is(key, "hashes")) {
			if (enter_list(c))
				while (next_object(c))
					*VEC_ADD(a, &t.hashes) = read_hash(c);
		} else {
			struct str value = json_read_string_or_skip(c);
			if (str_is(key, "vendor"))
				t.vendor = value;
			else if (str_is(key, "name"))
				t.name = value;
			else if (str_is(key, "version"))
				t.version = value;
		}
	}
	return t;
}

/* Appends the objects of the list under the cursor to a vector. */
#define READ_LIST(c, arena, vec, read)                                                                                   \
	do {                                                                                                             \
		if (enter_list(c))                                                                                       \
			while (next_object(c))                                                                           \
				*VEC_ADD((arena), (vec)) = (read);                                                       \
	} while (0)

/* A claim in the model from its CycloneDX form. */
static void restore_claim(struct bom *b, struct str raw)
{
	const struct json *tree = json_parse(b->arena, raw, NULL, NULL);
	struct claim *k = VEC_ADD(b->arena, &b->claims);
	const struct json *analysis = json_get(tree, "analysis");

	*k = (struct claim){ .raw = raw,
			     .id = json_get_string(tree, "id"),
			     .source = json_string(json_path(tree, "source.name")),
			     .state = json_get_string(analysis, "state"),
			     .justification = json_get_string(analysis, "justification"),
			     .response = json_string(json_child(json_get(analysis, "response"))),
			     .detail = json_get_string(analysis, "detail") };
	for (JSON_EACH(e, json_get(tree, "references")))
		if (json_get_string(e, "id").s)
			*VEC_ADD(b->arena, &k->aliases) = json_get_string(e, "id");
	for (JSON_EACH(e, json_get(tree, "affects")))
		if (json_get_string(e, "ref").s)
			*VEC_ADD(b->arena, &k->affects) = json_get_string(e, "ref");
}

/* Nested in the component of that SPDXID; spdx_reading_close() takes out the edge that says so too. */
static void restore_parent(struct spdx_reading *r, uint32_t component, struct str ref)
{
	struct bom *b = r->bom;
	const struct map_entry *e = map_get(&r->ids, ref);
	uint32_t parent = e && e->value.num ? (uint32_t)(e->value.num - 1) : NO_COMPONENT;
	size_t steps = 0;

	for (uint32_t up = parent; up != NO_COMPONENT; up = b->components[up].parent)
		if (up == component || ++steps > LIMIT_JSON_DEPTH)
			return;
	if (parent == NO_COMPONENT)
		return;
	b->components[component].parent = parent;
}

static void restore_edge(struct spdx_reading *r, struct json_cursor *c)
{
	struct str key, from = STR_NONE, type = STR_NONE, to = STR_NONE, comment = STR_NONE;

	while (json_next_key(c, &key)) {
		struct str value = json_read_string_or_skip(c);
		if (str_is(key, "from"))
			from = value;
		else if (str_is(key, "type"))
			type = value;
		else if (str_is(key, "to"))
			to = value;
		else if (str_is(key, "comment"))
			comment = value;
	}
	bool depends = str_is(type, "dependsOn");
	if (!depends && !str_is(type, "provides")) {
		spdx_edge(r, from, type, to, comment, DIAG_NO_OFFSET);
		return;
	}
	struct dependency *d = bom_depend(r->bom, NO_COMPONENT, NO_COMPONENT, depends ? DEPENDS_ON : PROVIDES, 0);
	*dependency_add_more(r->bom->arena, d) =
		(struct dependency_more){ .from_ref = from, .to_ref = to, .word = depends ? STR("dependsOn") : STR("provides") };
}

/* To those that SPDX could say: the first, where there was none, is the component's own. */
static void add_identities(struct json_cursor *c, struct arena *a, struct str *own, struct str **items, size_t *n, size_t *cap)
{
	VEC(struct str) kept = { 0 }, all = { 0 };

	READ_STRINGS(c, a, &kept);
	for (size_t i = 0; i < *n; i++)
		*VEC_ADD(a, &all) = (*items)[i];
	for (size_t i = 0; i < kept.n; i++) {
		if (!own->len)
			*own = kept.items[i];
		else
			*VEC_ADD(a, &all) = kept.items[i];
	}
	*items = all.items;
	*n = all.n;
	*cap = all.cap;
}

static bool restore_text(struct arena *a, struct component *c, struct str key, struct json_cursor *j)
{
	bool source = str_starts(key, STR("source"));
	struct component_more none, *more = source ? component_add_more(a, c) : &none;
	struct {
		const char *key;
		struct str *to;
	} texts[] = { { "ref", &c->ref },		 { "group", &c->group },
		      { "name", &c->name },		 { "declared", &c->declared },
		      { "alias", &c->alias },		 { "ecosystem", &c->ecosystem },
		      { "sourceName", &more->source_name }, { "sourceVersion", &more->source_version },
		      { "vcs", &c->vcs },		 { "commit", &c->commit } };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		if (!str_is(key, texts[i].key))
			continue;
		struct str value = json_read_string_or_skip(j);
		*texts[i].to = value.len ? value : STR_NONE;
		return true;
	}
	return false;
}

static void drop_written_name(struct component *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->extra.n; i++)
		if (!str_is(c->extra.items[i].field, "name") && !str_is(c->extra.items[i].field, "primaryPackagePurpose"))
			c->extra.items[kept++] = c->extra.items[i];
	c->extra.n = kept;
}

void spdx_restore_component(struct spdx_reading *r, uint32_t index, struct str json)
{
	struct arena *a = r->bom->arena;
	struct component *c = &r->bom->components[index];
	struct json_cursor j;
	struct str key;

	json_open(&j, a, json);
	json_enter_object(&j);
	while (json_next_key(&j, &key)) {
		if (restore_text(a, c, key, &j)) {
			if (str_is(key, "name"))
				drop_written_name(c);
		} else if (str_is(key, "type")) {
			component_type_of(json_read_string_or_skip(&j), &c->type);
			drop_written_name(c);
		} else if (str_is(key, "scope")) {
			c->scope = spdx_scope_of(json_read_string_or_skip(&j));
		} else if (str_is(key, "parent")) {
			restore_parent(r, index, json_read_string_or_skip(&j));
		} else if (str_is(key, "firstParty")) {
			c->first_party = json_read_bool(&j);
		} else if (str_is(key, "weak")) {
			c->weak = json_read_bool(&j);
		} else if (str_is(key, "hashes")) {
			c->hashes.n = 0;
			READ_LIST(&j, a, &c->hashes, read_hash(&j));
		} else if (str_is(key, "licences")) {
			c->licences.n = 0;
			READ_LIST(&j, a, &c->licences, read_licence(&j));
		} else if (str_is(key, "supplier")) {
			party_set(a, &component_add_more(a, c)->supplier, read_party_value(&j));
		} else if (str_is(key, "originator")) {
			party_set(a, &component_add_more(a, c)->originator, read_party_value(&j));
		} else if (str_is(key, "manufacturer")) {
			party_set(a, &component_add_more(a, c)->manufacturer, read_party_value(&j));
		} else if (str_is(key, "references")) {
			READ_LIST(&j, a, &component_add_more(a, c)->references, read_reference(&j, a));
		} else if (str_is(key, "properties")) {
			READ_LIST(&j, a, &c->properties, read_property(&j));
		} else if (str_is(key, "purls")) {
			struct component_more *more = component_add_more(a, c);
			add_identities(&j, a, &c->purl, &more->more_purls.items, &more->more_purls.n, &more->more_purls.cap);
		} else if (str_is(key, "cpes")) {
			struct component_more *more = component_add_more(a, c);
			add_identities(&j, a, &more->cpe, &more->more_cpes.items, &more->more_cpes.n, &more->more_cpes.cap);
		} else if (str_is(key, "reporters")) {
			READ_STRINGS(&j, a, &component_add_more(a, c)->reporters);
		} else if (str_is(key, "annotations")) {
			READ_LIST(&j, a, &component_add_more(a, c)->annotations, read_annotation(&j));
		} else if (str_is(key, "extra")) {
			READ_LIST(&j, a, &c->extra, read_extra(&j));
		} else {
			json_skip(&j);
		}
	}
}

void spdx_restore_document(struct spdx_reading *r, struct str json)
{
	struct bom *b = r->bom;
	struct arena *a = b->arena;
	struct document *d = &b->document;
	struct json_cursor j;
	struct str key;

	json_open(&j, a, json);
	json_enter_object(&j);
	while (json_next_key(&j, &key)) {
		if (str_is(key, "serial")) {
			struct str serial = json_read_string_or_skip(&j);
			bool uuid = serial.len == 45 && str_starts_nocase(serial, STR("urn:uuid:"));
			if (!uuid && d->serial.len && !str_is(d->standard, "spdx3")) /* the namespace that was made for it shall stay */
				*VEC_ADD(a, &d->extra) = (struct extra){ STR("spdx"), STR("documentNamespace"), spdx_quoted(a, d->serial) };
			d->serial = serial.len ? serial : STR_NONE;
		} else if (str_is(key, "revision")) {
			d->revision = json_read_string_or_skip(&j);
		} else if (str_is(key, "timestamp")) {
			struct str timestamp = json_read_string_or_skip(&j);
			d->timestamp = timestamp.len ? timestamp : STR_NONE;
		} else if (str_is(key, "tools")) {
			d->tools.n = 0;
			READ_LIST(&j, a, &d->tools, read_tool(&j, a));
		} else if (str_is(key, "authors")) {
			d->authors.n = 0;
			READ_LIST(&j, a, &d->authors, read_party(&j));
		} else if (str_is(key, "supplier")) {
			d->supplier = read_party_value(&j);
		} else if (str_is(key, "manufacturer")) {
			d->manufacturer = read_party_value(&j);
		} else if (str_is(key, "lifecycles")) {
			READ_STRINGS(&j, a, &d->lifecycles);
		} else if (str_is(key, "licences")) {
			READ_LIST(&j, a, &d->licences, read_licence(&j));
		} else if (str_is(key, "properties")) {
			READ_LIST(&j, a, &d->properties, read_property(&j));
		} else if (str_is(key, "references")) {
			READ_LIST(&j, a, &d->references, read_reference(&j, a));
		} else if (str_is(key, "annotations")) {
			READ_LIST(&j, a, &d->annotations, read_annotation(&j));
		} else if (str_is(key, "vulnerabilities")) { /* whole; what SPDX 3 says of them itself is less */
			b->claims.n = 0;
			if (enter_list(&j))
				while (json_next(&j))
					restore_claim(b, json_read_raw(&j));
		} else if (str_is(key, "compositions")) {
			b->compositions.n = 0;
			READ_LIST(&j, a, &b->compositions, read_composition(&j, a));
		} else if (str_is(key, "relationships")) {
			if (enter_list(&j))
				while (next_object(&j))
					restore_edge(r, &j);
		} else if (str_is(key, "incomplete")) {
			b->incomplete = json_read_bool(&j);
		} else if (str_is(key, "extra")) {
			READ_LIST(&j, a, &d->extra, read_extra(&j));
		} else {
			json_skip(&j);
		}
	}
}
