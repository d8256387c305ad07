/* Legal values for what is written, type by type of the rule table. */
#include "base/diag.h"
#include "base/timestamp.h"
#include "format/spdx_writing.h"
#include "identity/licence.h"

struct str spdx_time(struct arena *a, struct str text)
{
	int64_t t;

	return text.len && timestamp_parse(text, &t) ? timestamp_text(a, t) : STR_NONE;
}

/* One component of a formatted CPE: '*', '-', or name characters with the rest escaped, '?' and '*' at the ends. */
static bool cpe_part(struct str p)
{
	bool any = false;

	if (str_is(p, "*") || str_is(p, "-"))
		return true;
	while (p.len && (p.s[0] == '?' || p.s[0] == '*'))
		p = str_from(p, 1);
	for (size_t i = 0; i < p.len; i++) {
		char c = p.s[i];
		if (c == '\\' && i + 1 < p.len && (unsigned char)p.s[i + 1] > ' ' && !ascii_alpha(p.s[i + 1]) && !ascii_digit(p.s[i + 1]))
			i++;
		else if ((c == '?' || c == '*') && any)
			return i + 1 == p.len;
		else if (!ascii_alpha(c) && !ascii_digit(c) && !strchr("-._", c))
			return false;
		any = true;
	}
	return any;
}

bool spdx_cpe_legal(struct str cpe)
{
	size_t start = 8, n = 0;

	if (str_starts_nocase(cpe, STR("cpe:/"))) {
		struct str rest = str_from(cpe, 5);
		for (size_t i = 0; i < rest.len; i++)
			if (!ascii_alpha(rest.s[i]) && !ascii_digit(rest.s[i]) && !strchr("._-~%:", rest.s[i]))
				return false;
		return rest.len && strchr("aohAOH", rest.s[0]);
	}
	if (!str_starts(cpe, STR("cpe:2.3:")))
		return false;
	for (size_t i = start; i <= cpe.len; i++) {
		if (i < cpe.len && cpe.s[i] == '\\')
			i++;
		else if (i >= cpe.len || cpe.s[i] == ':') {
			struct str part = str_sub(cpe, start, i - start);
			bool good = n == 0 ? part.len == 1 && strchr("aho*-", part.s[0]) : cpe_part(part);
			if (n == 6) /* language */
				good = good && (str_is(part, "*") || str_is(part, "-") || (part.len <= 6 && part.len >= 2 && ascii_alpha(part.s[0])));
			if (!good)
				return false;
			n++;
			start = i + 1;
		}
	}
	return n == 11;
}

static bool has_blank(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.s[i] <= ' ')
			return true;
	return false;
}

bool spdx_purl_legal(struct str purl)
{
	struct str rest = str_from(purl, 4);
	size_t slash = str_chr(rest, '/');

	return str_starts(purl, STR("pkg:")) && slash != STR_NOT_FOUND && slash > 0 && slash + 1 < rest.len && !has_blank(purl);
}

/* "https://host.tld/…", also with "git+" before it; what spdx-tools takes for a URL. */
bool spdx_url_legal(struct str url)
{
	size_t at = str_find(url, STR("://"), 0);

	if (has_blank(url) || at == STR_NOT_FOUND || at == 0)
		return false;
	struct str rest = str_from(url, at + 3);
	if (str_starts_nocase(url, STR("file://")))
		return rest.len > 0;
	struct str host = str_sub(rest, 0, str_chr(rest, '/') == STR_NOT_FOUND ? rest.len : str_chr(rest, '/'));
	return host.len > 0 && str_chr(host, '.') != STR_NOT_FOUND && host.s[0] != '.';
}

static bool uri_legal(struct str s)
{
	size_t colon = str_chr(s, ':');

	return colon != STR_NOT_FOUND && colon > 0 && colon + 1 < s.len && ascii_alpha(s.s[0]) && !has_blank(s) && str_chr(s, '#') == STR_NOT_FOUND;
}

static bool word_after(struct str s, const char *prefix, const char *others)
{
	size_t n = strlen(prefix);

	if (!str_starts(s, str_of(prefix)) || s.len == n)
		return false;
	for (size_t i = n; i < s.len; i++)
		if (!ascii_alpha(s.s[i]) && !ascii_digit(s.s[i]) && !strchr(others, s.s[i]))
			return false;
	return true;
}

static bool party_legal(struct str s, bool tool)
{
	return (str_starts(s, STR("Person: ")) && s.len > 8) || (str_starts(s, STR("Organization: ")) && s.len > 14) ||
	       (tool && str_starts(s, STR("Tool: ")) && s.len > 6);
}

static struct str one_line(struct arena *a, struct str s)
{
	size_t at = 0;

	while (at < s.len && s.s[at] != '\n' && s.s[at] != '\r')
		at++;
	if (at == s.len)
		return s;
	char *p = arena_cstr(a, s);
	for (; at < s.len; at++)
		if (p[at] == '\n' || p[at] == '\r')
			p[at] = ' ';
	return str_trim(str_make(p, s.len));
}

static bool is_unsaid(struct str s)
{
	return str_is(s, "NOASSERTION") || str_is(s, "NONE");
}

/* ---- licences */

static struct str licence_ref_of(struct spdx_writing *s, struct str name)
{
	struct arena *a = s->w->arena;
	bool fresh;
	struct map_entry *made = map_put(&s->made_licences, arena_str(a, name), &fresh);
	char *p;

	if (!fresh)
		return *(struct str *)made->value.ptr;
	struct str id = arena_concat(a, STR("LicenseRef-"), str_sub(name, 0, 64), STR(""));
	p = (char *)(uintptr_t)id.s;
	for (size_t i = 11; i < id.len; i++)
		if (!ascii_alpha(p[i]) && !ascii_digit(p[i]) && p[i] != '.')
			p[i] = '-';
	while (id.len > 11 && id.s[id.len - 1] == '-')
		id.len--;
	if (id.len == 11)
		id = STR("LicenseRef-licence");
	struct str base = id, *kept = ARENA_NEW(a, struct str);
	made->value.ptr = kept;
	for (VEC_EACH(const struct extracted_licence, e, &s->w->bom->extracted_licences)) /* made here before, and read again */
		if (str_eq(e->name, name) && str_starts(e->id, base) && spdx_licence_ref_legal(e->id))
			return *kept = e->id;
	for (unsigned n = 2; map_has(&s->licence_refs, id); n++)
		id = arena_printf(a, "%.*s-%u", STR_ARG(base), n);
	map_put(&s->licence_refs, id, NULL)->value.num = 2;
	*kept = id;
	*VEC_ADD(a, &s->made) = (struct extracted_licence){ .id = id, .name = made->key };
	return id;
}

bool spdx_licence_ref_legal(struct str id)
{
	return word_after(id, "LicenseRef-", "-.");
}

void spdx_adopt_licence(struct spdx_writing *s, const struct extracted_licence *e)
{
	struct str id = licence_ref_of(s, e->id);

	for (VEC_EACH(struct extracted_licence, made, &s->made)) {
		if (!str_eq(made->id, id))
			continue;
		*made = *e;
		made->id = id;
		made->name = e->name.len ? e->name : e->id;
	}
}

static void use_licence_ref(struct spdx_writing *s, struct str id)
{
	bool fresh;
	struct map_entry *e = map_put(&s->licence_refs, id, &fresh);

	if (!fresh)
		return;
	e->key = arena_str(s->w->arena, id);
	e->value.num = 3;
	*VEC_ADD(s->w->arena, &s->made) = (struct extracted_licence){ .id = e->key };
}

struct str spdx_licence_legal(struct spdx_writing *s, struct str expression, bool *changed)
{
	struct licence_token t;
	struct str unknown, rest = expression;
	bool with = false;

	expression = str_trim(expression);
	if (is_unsaid(expression) || !expression.len)
		return expression;
	if (!licence_expression_valid(expression, &unknown)) {
		*changed = true;
		return licence_ref_of(s, one_line(s->scratch, expression));
	}
	struct buf out;
	buf_init(&out, 0);
	while (licence_next_token(&rest, &with, &t)) {
		unsigned flags;
		struct str word = t.text, known = licence_known_id(t.text, &flags);
		if (out.len && out.s[out.len - 1] != '(' && !str_is(t.text, ")"))
			buf_addc(&out, ' ');
		if (t.kind == LICENCE_TOKEN_REF) {
			size_t colon = str_chr(word, ':');
			if (colon == STR_NOT_FOUND && word_after(word, "LicenseRef-", "-."))
				use_licence_ref(s, word);
			else if (colon == STR_NOT_FOUND || !map_has(&s->externals, str_sub(word, 0, colon)))
				word = licence_ref_of(s, word);
		} else if (t.kind == LICENCE_TOKEN_EXCEPTION && !(flags & LICENCE_EXCEPTION)) { /* the whole gets a name */
			buf_free(&out);
			*changed = true;
			return licence_ref_of(s, expression);
		} else if (t.kind == LICENCE_TOKEN_ID && (!licence_expression_valid(word, &unknown) || unknown.s)) {
			word = licence_ref_of(s, word);
		} else if (known.s) {
			word = known;
		}
		buf_add(&out, word);
	}
	struct str legal = arena_str(s->scratch, buf_str(&out));
	buf_free(&out);
	if (!str_eq(legal, expression))
		*changed = *changed || !str_eq_nocase(legal, expression);
	return legal;
}

struct str spdx_licence_text(struct spdx_writing *s, const struct licence *items, size_t n, unsigned roles, bool *lossy)
{
	struct str all = STR_NONE;
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct licence *l = &items[i];
		bool changed = false;
		if (!(roles & 1u << l->role) || !l->value.len)
			continue;
		bool named = l->kind == LICENCE_NAME && !is_unsaid(l->value) && !spdx_licence_ref_legal(l->value);
		struct str one = named ? licence_ref_of(s, one_line(s->scratch, l->value)) : spdx_licence_legal(s, l->value, &changed);
		struct licence again = spdx_licence_of(one, l->role);
		*lossy = *lossy || changed || named || l->text.len || l->url.len || l->extra.len || l->role == LICENCE_UNSAID ||
			 again.kind != l->kind || !str_eq(again.value, l->value);
		if (l->text.len)
			for (VEC_EACH(struct extracted_licence, e, &s->made))
				if (str_eq(e->id, one) && !e->text.len)
					e->text = l->text;
		if (count++ == 0) {
			all = one;
			continue;
		}
		*lossy = true;
		if (is_unsaid(one) || is_unsaid(all)) {
			all = is_unsaid(all) ? one : all;
			continue;
		}
		bool left = count == 2 && str_has(all, STR(" OR ")), right = str_has(one, STR(" OR "));
		all = arena_printf(s->scratch, "%s%.*s%s AND %s%.*s%s", left ? "(" : "", STR_ARG(all), left ? ")" : "", right ? "(" : "",
				   STR_ARG(one), right ? ")" : "");
	}
	return all;
}

/* ---- all types */

/* The legal form of a value; absent where there is none. */
static struct str legal_text(struct spdx_writing *s, const struct spdx_field *f, struct str text)
{
	bool changed;

	switch (f->type) {
	case T_LINE:
		return one_line(s->scratch, text);
	case T_TEXT:
		return text.len || !(f->flags & REQ22) || s->version > 22 ? text : STR("NOASSERTION");
	case T_DATE:
		return spdx_time(s->scratch, text);
	case T_URI:
		return uri_legal(text) ? text : STR_NONE;
	case T_ID:
		return spdx_id_legal(text) ? text : STR_NONE;
	case T_DOCUMENT_ID:
		return word_after(text, "DocumentRef-", "-.+") ? text : STR_NONE;
	case T_LICENCE_ID:
		return word_after(text, "LicenseRef-", "-.") ? text : STR_NONE;
	case T_ELEMENT:
		return is_unsaid(text) ? text : spdx_ref_text(s, text);
	case T_LICENCE:
		changed = false;
		return text.len ? spdx_licence_legal(s, text, &changed) : STR_NONE;
	case T_PARTY:
		return str_is(text, "NOASSERTION") || party_legal(text, false) ? one_line(s->scratch, text) : STR_NONE;
	case T_CREATOR:
		return party_legal(text, true) ? one_line(s->scratch, text) : STR_NONE;
	case T_DOWNLOAD:
	case T_HOMEPAGE:
		return is_unsaid(text) || spdx_url_legal(text) ? text : STR_NONE;
	case T_LOCATOR:
		return text.len && !has_blank(text) ? text : STR_NONE;
	case T_LIST_VERSION: {
		size_t dot = str_chr(text, '.');
		uint64_t n;
		return dot != STR_NOT_FOUND && str_to_u64(str_sub(text, 0, dot), &n) && str_to_u64(str_from(text, dot + 1), &n) ? text : STR_NONE;
	}
	case T_HEX:
		for (size_t i = 0; i < text.len; i++)
			if (ascii_hex(text.s[i]) < 0)
				return STR_NONE;
		return text.len ? arena_lower(s->scratch, text) : STR_NONE;
	case T_ENUM: {
		struct str word = spdx_value_of((enum spdx_values)f->of, text, s->version);
		if (word.s && s->emit->underscores && f->of == V_CATEGORY && s->version == 22 && str_chr(word, '-') != STR_NOT_FOUND) {
			char *p = arena_cstr(s->scratch, word);
			p[str_chr(word, '-')] = '_';
			word.s = p;
		}
		return word;
	}
	default:
		return text;
	}
}

static bool checksum_legal(const struct spdx_node *n)
{
	const struct spdx_algorithm *a = spdx_algorithm_of(spdx_node_text(n, F_CHECKSUM_ALGORITHM));

	return a && (!a->digits || spdx_node_text(n, F_CHECKSUM_VALUE).len == a->digits);
}

static bool conform_value(struct spdx_writing *s, struct spdx_node *n);

/* Takes out what is not legal; false where a required field is missing afterwards. */
static bool conform_object(struct spdx_writing *s, struct spdx_node *o, struct spdx_dropped *dropped)
{
	struct spdx_node **link = &o->child;
	size_t i, end;

	o->last = NULL;
	for (struct spdx_node *n = o->child; n; n = n->next) {
		struct str before = dropped && n->field && n->type != JSON_OBJECT && n->type != JSON_ARRAY ? n->text : STR_NONE;
		if (n->field && !n->wrong && spdx_field_in(n->field, s->version) && conform_value(s, n)) {
			*link = n;
			link = &n->next;
			o->last = n;
			continue;
		}
		if (!dropped || !n->field)
			continue;
		n->text = before.s ? before : n->text;
		*VEC_ADD(s->scratch, &dropped->fields) = (struct extra){ STR("spdx"), str_of(n->field->json), spdx_node_json(s->scratch, n) };
	}
	*link = NULL;
	spdx_object_fields(o->object, &i, &end);
	for (; i < end; i++) {
		const struct spdx_field *f = &spdx_fields[i];
		if (f->object != o->object || !*f->json || !(f->flags & REQ || (f->flags & REQ22 && s->version <= 22)) ||
		    !spdx_field_in(f, s->version) || spdx_node_get(o, f->id))
			continue;
		if (f->type == T_LICENCE || f->type == T_DOWNLOAD || (f->type == T_TEXT && f->flags & REQ22))
			spdx_node_add(s->scratch, o, f->id, STR("NOASSERTION"));
		else
			return false;
	}
	return o->object != O_CHECKSUM || checksum_legal(o);
}

static bool conform_value(struct spdx_writing *s, struct spdx_node *n)
{
	if (n->type == JSON_ARRAY) {
		struct spdx_node **link = &n->child;
		n->last = NULL;
		for (struct spdx_node *v = n->child; v; v = v->next) {
			if (v->wrong || !conform_value(s, v))
				continue;
			*link = v;
			link = &v->next;
			n->last = v;
		}
		*link = NULL;
		return n->child != NULL;
	}
	if (n->type == JSON_OBJECT)
		return conform_object(s, n, NULL);
	if (n->type != JSON_STRING)
		return true;
	n->text = legal_text(s, n->field, n->text);
	return n->text.s != NULL;
}

void spdx_conform(struct spdx_writing *s, struct spdx_node *element, struct spdx_dropped *dropped)
{
	conform_object(s, element, dropped);
}
