/* The small elements of CycloneDX JSON: hashes, licences, properties, references, people. */
#include <stdarg.h>
#include <stdio.h>

#include "format/cyclonedx.h"

size_t cdx_offset(const struct cdx_reader *r, size_t at)
{
	if (!r->places || !r->places->n)
		return at;
	size_t low = 0, high = r->places->n;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (r->places->items[middle].json <= at)
			low = middle;
		else
			high = middle;
	}
	return r->places->items[low].xml;
}

void cdx_warn(struct cdx_reader *r, size_t at, const char *code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct arena_mark mark = arena_mark(r->b->arena);
	struct str text = arena_vprintf(r->b->arena, fmt, ap);
	va_end(ap);
	diag_add(r->b->diags, SEV_WARNING, code, r->path, cdx_offset(r, at), "%.*s", STR_ARG(text));
	if (r->b->diags->arena != r->b->arena)
		arena_pop(r->b->arena, mark);
}

int cdx_key(struct json_cursor *c, const char *const *keys, struct str key, uint64_t *seen)
{
	for (int i = 0; keys[i]; i++) {
		if (!str_is(key, keys[i]))
			continue;
		if (*seen >> i & 1)
			json_fail(c, json_offset(c), "this key stands twice in one object: two tools would read two documents");
		*seen |= (uint64_t)1 << i;
		return i;
	}
	return -1;
}

static bool enter(struct cdx_reader *r, enum json_type want, const char *what)
{
	enum json_type type = json_peek(&r->c);

	if (type == want)
		return want == JSON_ARRAY ? json_enter_array(&r->c) : json_enter_object(&r->c);
	if (type != JSON_NULL && type != JSON_NONE) {
		cdx_warn(r, json_offset(&r->c), "input.entry", "%s is no %s here, left out", what,
			 want == JSON_ARRAY ? "list" : "object");
		r->result = result_worse(r->result, PARTIAL);
	}
	json_skip(&r->c);
	return false;
}

bool cdx_enter_list(struct cdx_reader *r, const char *what)
{
	return enter(r, JSON_ARRAY, what);
}

bool cdx_enter_object(struct cdx_reader *r, const char *what)
{
	return enter(r, JSON_OBJECT, what);
}

struct str cdx_string(struct cdx_reader *r, const char *what)
{
	switch (json_peek(&r->c)) {
	case JSON_STRING:
		return json_read_string(&r->c);
	case JSON_NUMBER:
		return json_read_number(&r->c);
	case JSON_NULL:
	case JSON_NONE:
		break;
	default:
		cdx_warn(r, json_offset(&r->c), "input.entry", "%s is no string here, left out", what);
		r->result = result_worse(r->result, PARTIAL);
	}
	json_skip(&r->c);
	return STR_NONE;
}

struct extra cdx_read_extra(struct cdx_reader *r, struct str field)
{
	return (struct extra){ STR("cyclonedx"), field, json_read_raw(&r->c) };
}

struct hash cdx_read_hash(struct cdx_reader *r)
{
	static const char *const keys[] = { "alg", "content", NULL };
	struct hash h = { 0 };
	struct str key;
	uint64_t seen = 0;

	if (!cdx_enter_object(r, "a hash"))
		return h;
	while (json_next_key(&r->c, &key)) {
		switch (cdx_key(&r->c, keys, key, &seen)) {
		case 0:
			h.algorithm = cdx_string(r, "alg");
			break;
		case 1:
			h.value = cdx_string(r, "content");
			break;
		default:
			json_skip(&r->c);
		}
	}
	for (size_t i = 0; i < h.value.len; i++) {
		if (h.value.s[i] >= 'A' && h.value.s[i] <= 'F') {
			h.value = arena_lower(r->b->arena, h.value);
			break;
		}
	}
	return h;
}

/* Adds "key": raw to the object text that is being put together in *extra. */
static void keep(struct cdx_reader *r, struct str *extra, struct str key)
{
	struct str raw = json_read_raw(&r->c);
	struct buf b;

	if (!raw.s)
		return;
	buf_init(&b, 0);
	if (extra->len)
		buf_add(&b, str_sub(*extra, 0, extra->len - 1));
	buf_adds(&b, extra->len ? "," : "{");
	json_quote(&b, key);
	buf_addc(&b, ':');
	buf_add(&b, raw);
	buf_addc(&b, '}');
	*extra = arena_str(r->b->arena, buf_str(&b));
	buf_free(&b);
}

/* {content, contentType, encoding}: plain text only goes into *text. */
static void read_attachment(struct cdx_reader *r, struct licence *l)
{
	struct json_cursor before = r->c;
	struct str key, content = STR_NONE;
	bool plain = true;

	if (json_peek(&r->c) != JSON_OBJECT) {
		keep(r, &l->extra, STR("text"));
		return;
	}
	json_enter_object(&r->c);
	while (json_next_key(&r->c, &key)) {
		if (str_is(key, "content") && json_peek(&r->c) == JSON_STRING && !content.s) {
			content = json_read_string(&r->c);
		} else {
			plain = false;
			json_skip(&r->c);
		}
	}
	if (json_failed(&r->c))
		return;
	l->text = content;
	if (!plain) {
		r->c = before;
		keep(r, &l->extra, STR("text"));
	}
}

static const char *const licence_keys[] = { "license", "expression", "acknowledgement", "id", "name", "text", "url", NULL };
enum { L_LICENCE, L_EXPRESSION, L_ACKNOWLEDGEMENT, L_ID, L_NAME, L_TEXT, L_URL };

static void read_licence_fields(struct cdx_reader *r, struct licence *l, bool inner)
{
	struct str key, role;
	uint64_t seen = 0;

	while (json_next_key(&r->c, &key)) {
		int k = cdx_key(&r->c, licence_keys, key, &seen);
		if (k == L_LICENCE && !inner) {
			if (cdx_enter_object(r, "a license"))
				read_licence_fields(r, l, true);
		} else if (k == L_EXPRESSION && !inner) {
			l->kind = LICENCE_EXPRESSION;
			l->value = cdx_string(r, "an expression");
		} else if (k == L_ID && inner) {
			l->kind = LICENCE_ID;
			l->value = cdx_string(r, "a license id");
		} else if (k == L_NAME && inner) {
			struct str name = cdx_string(r, "a license name");
			if (!(seen & 1u << L_ID)) {
				l->kind = LICENCE_NAME;
				l->value = name;
			}
		} else if (k == L_TEXT && inner) {
			read_attachment(r, l);
		} else if (k == L_URL && inner) {
			l->url = cdx_string(r, "a license url");
		} else if (k == L_ACKNOWLEDGEMENT) {
			role = cdx_string(r, "an acknowledgement");
			l->role = str_is(role, "concluded") ? LICENCE_CONCLUDED :
				  str_is(role, "declared")  ? LICENCE_DECLARED :
							      LICENCE_UNSAID;
		} else {
			keep(r, &l->extra, key);
		}
	}
}

struct licence cdx_read_licence(struct cdx_reader *r)
{
	struct licence l = { .kind = LICENCE_NAME };

	if (cdx_enter_object(r, "a license"))
		read_licence_fields(r, &l, false);
	return l;
}

struct property cdx_read_property(struct cdx_reader *r)
{
	static const char *const keys[] = { "name", "value", NULL };
	struct property p = { 0 };
	struct str key;
	uint64_t seen = 0;

	if (!cdx_enter_object(r, "a property"))
		return p;
	while (json_next_key(&r->c, &key)) {
		int k = cdx_key(&r->c, keys, key, &seen);
		if (k == 0)
			p.name = cdx_string(r, "a property's name");
		else if (k == 1)
			p.value = cdx_string(r, "a property's value");
		else
			json_skip(&r->c);
	}
	return p;
}

struct external_reference cdx_read_reference(struct cdx_reader *r)
{
	static const char *const keys[] = { "type", "url", "comment", "hashes", NULL };
	struct external_reference e = { 0 };
	struct str key;
	uint64_t seen = 0;

	if (!cdx_enter_object(r, "an external reference"))
		return e;
	while (json_next_key(&r->c, &key)) {
		switch (cdx_key(&r->c, keys, key, &seen)) {
		case 0:
			e.type = cdx_string(r, "a reference's type");
			break;
		case 1:
			e.url = cdx_string(r, "a reference's url");
			break;
		case 2:
			e.comment = cdx_string(r, "a reference's comment");
			break;
		case 3:
			if (cdx_enter_list(r, "hashes"))
				while (json_next(&r->c)) {
					struct hash h = cdx_read_hash(r);
					if (h.value.len)
						*VEC_ADD(r->b->arena, &e.hashes) = h;
				}
			break;
		default:
			keep(r, &e.extra, key);
		}
	}
	return e;
}

/* The first string of a list. *more: there was something else. */
static struct str first_string(struct cdx_reader *r, const char *what, bool *more)
{
	struct str first = STR_NONE;

	if (json_peek(&r->c) == JSON_STRING)
		return json_read_string(&r->c);
	if (!cdx_enter_list(r, what))
		return first;
	for (size_t n = 0; json_next(&r->c); n++) {
		struct str s = cdx_string(r, what);
		if (n == 0)
			first = s;
		else
			*more = true;
	}
	return first;
}

/* name, email, phone; *more where something else stands there. */
static struct party read_contact(struct cdx_reader *r, bool *more)
{
	static const char *const keys[] = { "name", "email", "phone", NULL };
	struct party p = { .kind = PARTY_PERSON };
	struct str key;
	uint64_t seen = 0;

	if (!cdx_enter_object(r, "a contact"))
		return p;
	while (json_next_key(&r->c, &key)) {
		switch (cdx_key(&r->c, keys, key, &seen)) {
		case 0:
			p.name = cdx_string(r, "a contact's name");
			break;
		case 1:
			p.email = cdx_string(r, "a contact's email");
			break;
		case 2:
			p.phone = cdx_string(r, "a contact's phone");
			break;
		default:
			*more = true;
			json_skip(&r->c);
		}
	}
	return p;
}

struct party cdx_read_contact(struct cdx_reader *r)
{
	struct json_cursor before = r->c;
	bool more = false;
	struct party p = read_contact(r, &more);

	if (more && !json_failed(&r->c))
		p.extra = str_sub(before.text, before.at, r->c.at - before.at);
	return p;
}

struct party cdx_read_entity(struct cdx_reader *r)
{
	static const char *const keys[] = { "name", "url", "contact", NULL };
	struct json_cursor before = r->c;
	struct party p = { .kind = PARTY_ORGANIZATION }, contact = { 0 };
	struct str key;
	uint64_t seen = 0;
	bool more = false;
	size_t contacts = 0;

	if (!cdx_enter_object(r, "an organization"))
		return (struct party){ 0 };
	while (json_next_key(&r->c, &key)) {
		switch (cdx_key(&r->c, keys, key, &seen)) {
		case 0:
			p.name = cdx_string(r, "an organization's name");
			break;
		case 1:
			p.url = first_string(r, "an organization's url", &more);
			break;
		case 2:
			if (cdx_enter_list(r, "contact"))
				while (json_next(&r->c)) {
					struct party one = read_contact(r, &more);
					if (contacts++ == 0)
						contact = one;
				}
			break;
		default:
			more = true;
			json_skip(&r->c);
		}
	}
	if (!p.name.len && contact.name.len) { /* no organization: a person */
		p.kind = PARTY_PERSON;
		p.name = contact.name;
	} else if (contact.name.len) {
		more = true;
	}
	p.email = contact.email;
	p.phone = contact.phone;
	if ((more || contacts > 1) && !json_failed(&r->c))
		p.extra = str_sub(before.text, before.at, r->c.at - before.at);
	return p;
}
