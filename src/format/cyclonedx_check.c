/* A CycloneDX JSON document held against the rule table: every violation with its JSON pointer and offset. */
#include "base/limits.h"
#include "format/cyclonedx.h"
#include "format/validate.h"
#include "format/cyclonedx_rules.h"

struct check {
	struct violations *v;
	struct json_cursor c;
	unsigned version;
	char *path; /* JSON pointer of where the cursor stands */
	size_t path_len, path_cap;
	struct map refs;
};

static size_t push(struct check *k, struct str part)
{
	size_t before = k->path_len;

	if (k->path_len + 2 * part.len + 2 > k->path_cap) {
		size_t cap = (k->path_len + 2 * part.len + 2) * 2;
		k->path = arena_grow(k->v->arena, k->path, k->path_cap, cap, 1);
		k->path_cap = cap;
	}
	k->path[k->path_len++] = '/';
	for (size_t i = 0; i < part.len; i++) {
		char c = part.s[i];
		if (c == '~' || c == '/') {
			k->path[k->path_len++] = '~';
			c = c == '~' ? '0' : '1';
		}
		k->path[k->path_len++] = c;
	}
	return before;
}

static size_t push_index(struct check *k, size_t n)
{
	char text[24];

	return push(k, str_make(text, (size_t)snprintf(text, sizeof text, "%zu", n)));
}

#define REPORT(k, at, ...) violation_add((k)->v, pointer_of(k), at, __VA_ARGS__)

static struct str pointer_of(struct check *k)
{
	return k->v->count >= VIOLATIONS_MAX ? STR_NONE : arena_str(k->v->arena, str_make(k->path, k->path_len));
}

static void check_record(struct check *k, const struct cdx_record *r);
static void check_value(struct check *k, const struct cdx_field *f);

static const char *type_word(enum json_type t)
{
	static const char *const words[] = { "nothing", "null", "false", "true", "a number", "a string", "a list", "an object" };

	return words[t];
}

static bool expect(struct check *k, enum json_type want)
{
	enum json_type is = json_peek(&k->c);

	if (is == want)
		return true;
	if (is != JSON_NONE)
		REPORT(k, json_offset(&k->c), "%s was expected here, not %s", type_word(want), type_word(is));
	json_skip(&k->c);
	return false;
}

static void check_scalar(struct check *k, const struct cdx_field *f)
{
	size_t at = json_offset(&k->c);
	bool number = f->kind >= CDX_INT && f->kind <= CDX_PERCENT;
	enum json_type type = json_peek(&k->c);
	struct str text;

	if (f->kind == CDX_ANY) {
		if (expect(k, JSON_OBJECT))
			json_skip(&k->c);
		return;
	}
	if (f->kind == CDX_BOOL) {
		if (type != JSON_TRUE && type != JSON_FALSE && type != JSON_NONE)
			REPORT(k, at, "true or false was expected here, not %s", type_word(type));
		json_skip(&k->c);
		return;
	}
	if (!expect(k, number ? JSON_NUMBER : JSON_STRING))
		return;
	text = number ? json_read_number(&k->c) : json_read_string(&k->c);
	if (json_failed(&k->c))
		return;
	const char *why = cdx_scalar_fault(f, text, k->version, false);
	if (why)
		REPORT(k, at, "\"%.*s\": %s", (int)(text.len < 100 ? text.len : 100), text.s, why);
}

/* A hash of the value's meaning: the order of members, blanks and escapes do not count. */
static uint64_t meaning(struct json_cursor *c)
{
	uint64_t h = 0;
	struct str key;

	switch (json_peek(c)) {
	case JSON_OBJECT:
		json_enter_object(c);
		while (json_next_key(c, &key)) {
			uint64_t k = str_hash(key) * 0x9e3779b97f4a7c15u, v = meaning(c);
			h += (k ^ (v + 0x7f4a7c15u + (k << 6) + (k >> 2))) * 0xff51afd7ed558ccdu;
		}
		return h ^ 1;
	case JSON_ARRAY:
		json_enter_array(c);
		while (json_next(c))
			h = (h ^ meaning(c)) * 0x100000001b3u + 3;
		return h ^ 2;
	case JSON_STRING:
		return str_hash(json_read_string(c)) ^ 4;
	case JSON_NUMBER:
		return str_hash(json_read_number(c)) ^ 8;
	case JSON_NONE:
		return 0;
	default:
		return str_hash(json_read_raw(c)) ^ 16;
	}
}

/* Has an equal item stood before? */
static void check_unique(struct check *k, struct map *seen, size_t at)
{
	struct arena *a = k->v->arena;
	struct json_cursor again = k->c;
	bool fresh;

	again.at = at;
	again.first = false;
	struct arena_mark mark = arena_mark(a);
	uint64_t h = meaning(&again);
	arena_pop(a, mark);
	map_put(seen, arena_str(a, str_make((const char *)&h, sizeof h)), &fresh);
	if (!fresh)
		REPORT(k, at, "an equal item stands in this list before");
}

static bool has_key(struct check *k, const char *name)
{
	struct json_cursor c = k->c;
	struct str key;
	bool has = false;

	if (json_peek(&c) != JSON_OBJECT)
		return false;
	json_enter_object(&c);
	while (!has && json_next_key(&c, &key)) {
		has = str_is(key, name);
		json_skip(&c);
	}
	return has;
}

/* A reference in place of an object: {"ref": "…"}. */
static void check_ref_object(struct check *k)
{
	struct str key;

	json_enter_object(&k->c);
	while (json_next_key(&k->c, &key)) {
		size_t before = push(k, key);
		if (!str_is(key, "ref"))
			REPORT(k, json_offset(&k->c), "beside `ref` nothing else may stand");
		json_skip(&k->c);
		k->path_len = before;
	}
}

/* An organization or a person: exactly one of the two must fit, so that a name alone says too little. */
static void check_who(struct check *k)
{
	bool entity = has_key(k, "contact") || has_key(k, "url") || has_key(k, "address");

	if (json_peek(&k->c) == JSON_OBJECT && !entity && !has_key(k, "email") && !has_key(k, "phone"))
		REPORT(k, json_offset(&k->c), "an organization (with url, contact or address) or a person (with email or phone)? A name alone does not tell");
	check_record(k, cdx_record(entity ? CDX_R_entity : CDX_R_contact));
}

/* One item of a list whose items are not all of one record. */
static void check_item(struct check *k, const struct cdx_field *f)
{
	if (f->form == CDX_UNION && f->of == CDX_R_property && json_peek(&k->c) == JSON_STRING)
		json_skip(&k->c);
	else if (f->form == CDX_UNION && f->of == CDX_R_data && has_key(k, "ref"))
		check_ref_object(k);
	else if (f->form == CDX_UNION && f->of == CDX_R_patent && has_key(k, "familyId"))
		check_record(k, cdx_record(CDX_R_patent_family));
	else if (f->form == CDX_ASSIGNEE)
		check_who(k);
	else if (f->kind == CDX_OF && (f->of >= CDX_R_ike_encryption && f->of <= CDX_R_ike_authentication) &&
		 (k->version < 7 || json_peek(&k->c) == JSON_STRING)) {
		if (expect(k, JSON_STRING))
			json_skip(&k->c);
	} else if (f->kind == CDX_OF)
		check_record(k, cdx_record(f->of));
	else
		check_scalar(k, f);
}

/* In 1.5 and 1.6 an expression stands alone (the schemas before let a list mix, although their text does not). */
static void check_licences_mix(struct check *k, size_t at, size_t expressions, size_t n)
{
	if ((k->version == 5 || k->version == 6) && expressions && n > 1)
		REPORT(k, at, "an expression must stand alone: no second licence beside it");
}

static void check_list(struct check *k, const struct cdx_field *f)
{
	size_t at = json_offset(&k->c), n = 0, expressions = 0;
	struct map seen;

	if (!expect(k, JSON_ARRAY))
		return;
	map_init(&seen, k->v->arena);
	json_enter_array(&k->c);
	while (json_next(&k->c)) {
		size_t before = push_index(k, n++), start = json_offset(&k->c);
		if (f->form == CDX_LICENCES)
			expressions += has_key(k, "expression");
		check_item(k, f);
		if ((f->flags & CDX_UNIQUE) && !json_failed(&k->c))
			check_unique(k, &seen, start);
		k->path_len = before;
	}
	if (f->form == CDX_LICENCES)
		check_licences_mix(k, at, expressions, n);
	if ((f->flags & CDX_NOT_EMPTY) && n == 0)
		REPORT(k, at, "the list must not be empty");
}

static void check_value(struct check *k, const struct cdx_field *f)
{
	enum json_type type = json_peek(&k->c);

	if (f->form == CDX_TOOLS && type == JSON_OBJECT && k->version >= 5)
		check_record(k, cdx_record(CDX_R_tools));
	else if (f->form == CDX_TOOLS || (f->form == CDX_MANY && type == JSON_ARRAY && k->version >= 6))
		check_list(k, f);
	else if (f->form == CDX_ASSERTER && type == JSON_STRING)
		json_skip(&k->c);
	else if (f->form == CDX_ASSERTER)
		check_who(k);
	else if (cdx_field_is_list(f))
		check_list(k, f);
	else if (f->kind == CDX_OF)
		check_record(k, cdx_record(f->of));
	else
		check_scalar(k, f);
}

/* A bom-ref names one component or service of the document. */
static void check_ref(struct check *k)
{
	struct json_cursor c = k->c;
	bool fresh;

	if (json_peek(&c) != JSON_STRING)
		return;
	struct str ref = json_read_string(&c);
	if (json_failed(&c))
		return;
	map_put(&k->refs, ref, &fresh);
	if (!fresh)
		REPORT(k, json_offset(&k->c), "bom-ref \"%.*s\" stands for another element already", (int)(ref.len < 100 ? ref.len : 100), ref.s);
}

/* Is this a component or service of the inventory itself, not one that an annotation, pedigree or workflow names again? */
static bool in_inventory(struct check *k)
{
	struct str at = str_make(k->path, k->path_len), rest = str_from(at, 1), part = str_cut(&rest, '/');

	if (str_is(part, "metadata"))
		part = str_cut(&rest, '/');
	while (str_is(part, "components") || str_is(part, "services") || str_is(part, "component")) {
		bool list = !str_is(part, "component");
		if (list)
			str_cut(&rest, '/');
		part = str_cut(&rest, '/');
	}
	return str_is(part, "bom-ref");
}

static void check_choices(struct check *k, const struct cdx_record *r, uint64_t seen, size_t at)
{
	const struct cdx_choice *c;

	for (size_t n = 0; (c = cdx_choice(cdx_record_id(r), k->version, n)); n++) {
		struct str rest = str_of(c->members);
		unsigned have = 0;
		while (rest.s) {
			const struct cdx_field *f = cdx_field_json(r, str_cut(&rest, '|'));
			have += f && seen >> (f - r->fields) & 1;
		}
		if ((c->kind != CDX_AT_MOST_ONE && have == 0) || (c->kind != CDX_AT_LEAST_ONE && have > 1))
			REPORT(k, at, "%s of %s must stand here, not %u", c->kind == CDX_EXACTLY_ONE ? "exactly one" :
					c->kind == CDX_AT_MOST_ONE ? "at most one" : "at least one", c->members, have);
	}
}

static void check_needed(struct check *k, const struct cdx_record *r, uint64_t seen, size_t at)
{
	for (size_t i = 0; i < r->n; i++)
		if (cdx_field_needed(&r->fields[i], k->version, false) && !(seen >> i & 1))
			REPORT(k, at, "`%.*s` is missing", STR_ARG(r->fields[i].json));
	check_choices(k, r, seen, at);
}

/* Rules that no row can say. */
static void check_special(struct check *k, const struct cdx_record *r, struct json_cursor start)
{
	struct check look = *k;

	look.c = start;
	if (cdx_record_id(r) == CDX_R_component && k->version >= 7 && has_key(&look, "versionRange")) {
		const struct json *j = json_read_tree(&look.c);
		if (!json_get_bool(j, "isExternal"))
			REPORT(k, start.at, "`versionRange` may only stand where `isExternal` is true");
	}
	if (cdx_record_id(r) == CDX_R_signatory && !has_key(&look, "signature") &&
	    !(has_key(&look, "externalReference") && has_key(&look, "organization")))
		REPORT(k, start.at, "`signature`, or `externalReference` and `organization`, is missing");
}

static void check_record(struct check *k, const struct cdx_record *r)
{
	struct json_cursor start = k->c;
	struct str key;
	uint64_t seen = 0;

	if (!expect(k, JSON_OBJECT))
		return;
	json_enter_object(&k->c);
	while (json_next_key(&k->c, &key)) {
		const struct cdx_field *f = cdx_field_json(r, key);
		size_t before = push(k, key), at = json_offset(&k->c);
		if (!f || f->since[0] == 9) {
			REPORT(k, at, "`%.*s` is no field of %s", (int)(key.len < 60 ? key.len : 60), key.s, r->name);
			json_skip(&k->c);
		} else if (!cdx_field_in(f, k->version, false)) {
			REPORT(k, at, "`%.*s` is no field of %s in 1.%u: it stands there from 1.%u to 1.%u", STR_ARG(key), r->name, k->version,
			       f->since[0], f->until[0]);
			json_skip(&k->c);
		} else {
			uint64_t bit = (uint64_t)1 << (f - r->fields);
			if (seen & bit)
				REPORT(k, at, "`%.*s` stands twice in one object", STR_ARG(key));
			seen |= bit;
			if (str_is(f->json, "bom-ref") && in_inventory(k))
				check_ref(k);
			check_value(k, f);
		}
		k->path_len = before;
	}
	if (json_failed(&k->c))
		return;
	check_needed(k, r, seen, start.at);
	check_special(k, r, start);
}

static unsigned version_of(struct str text, struct arena *a)
{
	struct json_cursor c;
	struct str key, version = STR_NONE;

	json_open(&c, a, text);
	if (json_peek(&c) == JSON_OBJECT && json_enter_object(&c))
		while (!version.s && json_next_key(&c, &key)) {
			if (str_is(key, "specVersion"))
				version = json_read_string_or_skip(&c);
			else
				json_skip(&c);
		}
	return version.len == 3 && str_starts(version, STR("1.")) && version.s[2] >= '2' && version.s[2] <= '7' ?
		       (unsigned)(version.s[2] - '0') :
		       0;
}

void cyclonedx_json_validate(struct str text, struct violations *out)
{
	struct check k = { .v = out, .version = version_of(text, out->arena) };

	map_init(&k.refs, out->arena);
	json_open(&k.c, out->arena, text);
	if (!k.version && !json_failed(&k.c)) {
		violation_add(out, STR("/specVersion"), DIAG_NO_OFFSET, "`specVersion` is none of 1.2 to 1.7, the versions that JSON has");
		json_skip(&k.c);
	} else if (!json_failed(&k.c)) {
		check_record(&k, cdx_record(CDX_R_bom));
	}
	if (!json_close(&k.c))
		violation_add(out, arena_str(out->arena, str_make(k.path, k.path_len)), k.c.error_offset, "no JSON: %s", k.c.error);
}
