/* The small elements of CycloneDX, written in their fullest form; cyclonedx_emit.c brings them into the version asked for. */
#include "format/cyclonedx.h"
#include "format/cyclonedx_rules.h"

void cdx_write_property(struct cdx_writer *w, const char *name, struct str value)
{
	json_begin_object(&w->j);
	json_member(&w->j, "name", str_of(name));
	json_member(&w->j, "value", value);
	json_end_object(&w->j);
}

const struct extra *cdx_extra(const struct extra *items, size_t n, const char *field)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(items[i].standard, "cyclonedx") && str_is(items[i].field, field))
			return &items[i];
	return NULL;
}

/* Algorithms that the version has; go.sum's "h1:…" and others have no place among its hashes. */
bool cdx_hash_fits(const struct cdx_writer *w, const struct hash *h)
{
	const struct cdx_record *r = cdx_record(CDX_R_hash);

	return !cdx_scalar_fault(cdx_field_json(r, STR("alg")), h->algorithm, w->version, false) &&
	       !cdx_scalar_fault(cdx_field_json(r, STR("content")), h->value, w->version, false);
}

void cdx_write_hashes(struct cdx_writer *w, const struct hash *items, size_t n)
{
	bool open = false;

	for (size_t i = 0; i < n; i++) {
		if (!cdx_hash_fits(w, &items[i]))
			continue;
		if (!open) {
			json_put_key(&w->j, "hashes");
			json_begin_array(&w->j);
		}
		open = true;
		json_begin_object(&w->j);
		json_member(&w->j, "alg", items[i].algorithm);
		json_member(&w->j, "content", items[i].value);
		json_end_object(&w->j);
	}
	if (open)
		json_end_array(&w->j);
}

/* Members of an object kept raw ("{…}") as members of the object being written; those in `but` (NULL-terminated) are left out. */
void cdx_put_members(struct cdx_writer *w, struct str raw, const char *const *but)
{
	struct json_cursor c;
	struct str key;

	if (!raw.len)
		return;
	struct arena_mark mark = arena_mark(w->w->arena);
	json_open(&c, w->w->arena, raw);
	if (json_enter_object(&c)) {
		while (json_next_key(&c, &key)) {
			bool skip = false;
			for (size_t i = 0; but && but[i]; i++)
				skip |= str_is(key, but[i]);
			struct str value = json_read_raw(&c);
			if (skip || !value.s)
				continue;
			json_put_key_str(&w->j, key);
			json_put_raw(&w->j, value);
		}
	}
	arena_pop(w->w->arena, mark);
}

static bool raw_has(struct cdx_writer *w, struct str raw, const char *key)
{
	struct arena_mark mark = arena_mark(w->w->arena);
	bool has = raw.len && json_get(json_parse(w->w->arena, raw, NULL, NULL), key) != NULL;

	arena_pop(w->w->arena, mark);
	return has;
}

static const char *role_word(enum licence_role role)
{
	return role == LICENCE_CONCLUDED ? "concluded" : role == LICENCE_DECLARED ? "declared" : "";
}

static void write_licence(struct cdx_writer *w, const struct licence *l)
{
	static const char *const outer[] = { "expressionDetails", NULL };
	bool expression = l->kind == LICENCE_EXPRESSION;

	json_begin_object(&w->j);
	if (!expression) {
		json_put_key(&w->j, "license");
		json_begin_object(&w->j);
	}
	/* In the order of the rules, so that what passes them and what need not come out alike. */
	struct str id = l->kind == LICENCE_ID ? cdx_licence_id(l->value) : STR_NONE;
	if (expression)
		json_member(&w->j, "expression", l->value);
	json_member_opt(&w->j, "acknowledgement", str_of(role_word(l->role)));
	if (!expression)
		json_member(&w->j, id.s ? "id" : "name", id.s ? id : l->value);
	if (!expression && l->text.len && !raw_has(w, l->extra, "text")) {
		json_put_key(&w->j, "text");
		json_begin_object(&w->j);
		json_member(&w->j, "content", l->text);
		json_end_object(&w->j);
	}
	if (!expression)
		json_member_opt(&w->j, "url", l->url);
	if (l->extra.len && str_starts(l->extra, STR("{")))
		cdx_put_members(w, l->extra, expression ? NULL : outer);
	if (!expression)
		json_end_object(&w->j);
	json_end_object(&w->j);
}

bool cdx_licence_is_unsaid(const struct licence *l)
{
	return !l->value.len || str_is(l->value, "NOASSERTION") || str_is(l->value, "NONE");
}

/* Up to 1.6 there is either one expression and nothing else, or a list of ids and names: which one the expression is, or n where
 * there is none to write alone. */
static size_t alone_of(const struct cdx_writer *w, const struct licence *items, size_t n)
{
	size_t said = 0, expressions = 0, declared = n, any = n;

	for (size_t i = 0; i < n; i++) {
		if (cdx_licence_is_unsaid(&items[i]))
			continue;
		said++;
		if (items[i].kind != LICENCE_EXPRESSION)
			continue;
		expressions++;
		any = any == n ? i : any;
		if (items[i].role != LICENCE_CONCLUDED && declared == n)
			declared = i;
	}
	if (w->version >= 7 || !expressions)
		return n;
	if (said == 1)
		return any;
	return declared != n ? declared : any;
}

static bool has_declared(const struct licence *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!cdx_licence_is_unsaid(&items[i]) && items[i].role != LICENCE_CONCLUDED)
			return true;
	return false;
}

/* Goes the licence into a property? What nobody asserts, what may not stand beside an expression, and before 1.6, which cannot
 * tell them apart, what was concluded beside what was declared. */
static bool goes_aside(const struct cdx_writer *w, const struct licence *items, size_t n, size_t i, size_t alone)
{
	if (cdx_licence_is_unsaid(&items[i]) || (alone != n && i != alone))
		return true;
	return w->version < 6 && items[i].role == LICENCE_CONCLUDED && has_declared(items, n);
}

void cdx_write_licences(struct cdx_writer *w, const struct licence *items, size_t n)
{
	size_t alone = alone_of(w, items, n);
	bool open = false;

	for (size_t i = 0; i < n; i++) {
		if (goes_aside(w, items, n, i, alone))
			continue;
		if (!open) {
			json_put_key(&w->j, "licenses");
			json_begin_array(&w->j);
		}
		open = true;
		write_licence(w, &items[i]);
	}
	if (open)
		json_end_array(&w->j);
}

/* "aside:declared" and the like: left out of `licenses`; "concluded": stands there, in a version that cannot say so. Returns how
 * many; writes nothing where `count_only`. */
size_t cdx_write_licence_properties(struct cdx_writer *w, const struct licence *items, size_t n, bool count_only)
{
	size_t alone = alone_of(w, items, n), count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct licence *l = &items[i];
		bool aside = goes_aside(w, items, n, i, alone), mark = w->version < 6 && l->role == LICENCE_CONCLUDED;
		if (!l->value.len || (!aside && !mark))
			continue;
		count++;
		if (count_only)
			continue;
		cdx_write_property(w, !aside			      ? CDX_OWN "license-is:concluded" :
				      l->role == LICENCE_CONCLUDED ? CDX_OWN "license:concluded" :
				      l->role == LICENCE_DECLARED  ? CDX_OWN "license:declared" :
								     CDX_OWN "license:unsaid",
				   l->value);
		if (aside && !cdx_licence_is_unsaid(l))
			loss_note(w->w->losses, "component.licenses beside others", true);
	}
	return count;
}

/* Does what was kept of the reference fit into the version? */
bool cdx_reference_fits(const struct cdx_writer *w, const struct external_reference *e)
{
	const struct cdx_record *r = cdx_record(CDX_R_reference);
	struct arena_mark mark = arena_mark(w->w->arena);
	struct json_cursor c = { .arena = w->w->arena, .text = e->extra };
	bool fits = true;
	struct str key;

	if (!e->extra.len)
		return true;
	if (json_peek(&c) == JSON_OBJECT && json_enter_object(&c))
		while (json_next_key(&c, &key)) {
			const struct cdx_field *f = cdx_field_json(r, key);
			fits &= f && cdx_field_in(f, w->version, false);
			json_skip(&c);
		}
	arena_pop(w->w->arena, mark);
	return fits && !c.error;
}

void cdx_write_references(struct cdx_writer *w, const struct external_reference *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		json_begin_object(&w->j);
		json_member(&w->j, "type", items[i].type.len ? items[i].type : STR("other"));
		json_member(&w->j, "url", items[i].url);
		json_member_opt(&w->j, "comment", items[i].comment);
		cdx_write_hashes(w, items[i].hashes.items, items[i].hashes.n);
		if (cdx_reference_fits(w, &items[i]))
			cdx_put_members(w, items[i].extra, NULL);
		json_end_object(&w->j);
	}
}

void cdx_write_contact(struct cdx_writer *w, const struct party *p)
{
	if (p->extra.len && str_starts(p->extra, STR("{"))) {
		json_put_raw(&w->j, p->extra);
		return;
	}
	json_begin_object(&w->j);
	json_member_opt(&w->j, "name", p->name);
	json_member_opt(&w->j, "email", p->email);
	json_member_opt(&w->j, "phone", p->phone);
	json_end_object(&w->j);
}

void cdx_write_entity(struct cdx_writer *w, const char *key, const struct party *p)
{
	bool person = p->kind == PARTY_PERSON;

	if (!p->name.len && !p->email.len && !p->url.len && !p->extra.len)
		return;
	json_put_key(&w->j, key);
	if (p->extra.len && str_starts(p->extra, STR("{"))) {
		json_put_raw(&w->j, p->extra);
		return;
	}
	json_begin_object(&w->j);
	if (!person)
		json_member_opt(&w->j, "name", p->name);
	if (p->url.len) {
		json_put_key(&w->j, "url");
		json_begin_array(&w->j);
		json_put_string(&w->j, p->url);
		json_end_array(&w->j);
	}
	if (person || p->email.len || p->phone.len) {
		json_put_key(&w->j, "contact");
		json_begin_array(&w->j);
		json_begin_object(&w->j);
		if (person)
			json_member_opt(&w->j, "name", p->name);
		json_member_opt(&w->j, "email", p->email);
		json_member_opt(&w->j, "phone", p->phone);
		json_end_object(&w->j);
		json_end_array(&w->j);
	}
	json_end_object(&w->j);
}
