/* Holding SPDX 3.0.1 documents against the rule table: the graph object by object, each value by its property's row; what refers
 * to other objects is looked up at the end. Beyond the table, from the text of the standard: one SpdxDocument at most, a
 * rootElement in each collection that has elements, what is referred to is here or imported, licence expressions are well-formed. */
#include "base/buf.h"
#include "base/diag.h"
#include "base/map.h"
#include "base/timestamp.h"
#include "format/spdx3_rules.h"
#include "format/validate.h"
#include "identity/licence.h"
#include "syntax/json.h"

/* Where an object stands: the way up, and its key or (key NULL) its index there. */
struct place {
	const struct place *up;
	const char *key;
	size_t index;
};

struct reference {
	struct str id;
	const struct place *place;
	enum spdx3_class due;
	size_t offset;
};

struct checking {
	struct violations *v;
	struct arena *scratch; /* of one element of the graph */
	struct map ids;	       /* id to its class */
	struct map imports;    /* ids that other documents define */
	struct map prefixes;   /* of NamespaceMap, to struct str namespace */
	VEC(struct reference) references;
	unsigned documents;
};

static void write_place(struct buf *out, const struct place *p)
{
	if (!p)
		return;
	write_place(out, p->up);
	buf_addc(out, '/');
	if (!p->key) {
		buf_printf(out, "%zu", p->index);
		return;
	}
	for (const char *s = p->key; *s; s++)
		if (*s == '~' || *s == '/')
			buf_adds(out, *s == '~' ? "~0" : "~1");
		else
			buf_addc(out, *s);
}

static struct str pointer_of(struct checking *k, const struct place *p)
{
	struct buf out;

	buf_init(&out, 0);
	write_place(&out, p);
	struct str s = arena_str(k->v->arena, buf_str(&out));
	buf_free(&out);
	return s.s ? s : STR("");
}

#define SHOWN(text) STR_ARG(str_sub((text), 0, 200))
#define FAULT(k, at, offset, ...) violation_add((k)->v, pointer_of((k), (at)), (offset), __VA_ARGS__)

/* ---- single values */

static bool is_time(struct arena *a, struct str text)
{
	int64_t t;

	return text.len == 20 && timestamp_parse(text, &t) && str_eq(timestamp_text(a, t), text);
}

static bool is_number(struct str s, bool zeros)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_digit(s.s[i]))
			return false;
	return s.len && (zeros || s.len == 1 || s.s[0] != '0');
}

/* Identifiers of letters, digits and '-', divided by dots. */
static bool is_tail(struct str s, bool zeros)
{
	for (struct str rest = s; rest.s;) {
		struct str part = str_cut(&rest, '.');
		bool digits = true;
		for (size_t i = 0; i < part.len; i++) {
			if (!ascii_alpha(part.s[i]) && !ascii_digit(part.s[i]) && part.s[i] != '-')
				return false;
			digits = digits && ascii_digit(part.s[i]);
		}
		if (!part.len || (digits && !is_number(part, zeros)))
			return false;
	}
	return true;
}

/* Semantic Versioning 2.0.0. */
static bool is_version(struct str s)
{
	size_t plus = str_chr(s, '+');
	struct str build = plus == STR_NOT_FOUND ? STR_NONE : str_from(s, plus + 1);
	struct str rest = str_sub(s, 0, plus == STR_NOT_FOUND ? s.len : plus);
	size_t dash = str_chr(rest, '-');
	struct str before = dash == STR_NOT_FOUND ? STR_NONE : str_from(rest, dash + 1);
	unsigned parts = 0;

	rest = str_sub(rest, 0, dash == STR_NOT_FOUND ? rest.len : dash);
	while (rest.s) {
		parts++;
		if (!is_number(str_cut(&rest, '.'), false))
			return false;
	}
	return parts == 3 && (plus == STR_NOT_FOUND || (build.len && is_tail(build, true))) &&
	       (dash == STR_NOT_FOUND || (before.len && is_tail(before, false)));
}

static bool is_media_type(struct str s)
{
	size_t slash = str_chr(s, '/');

	return slash != STR_NOT_FOUND && slash > 0 && slash + 1 < s.len && str_chr(str_from(s, slash + 1), '/') == STR_NOT_FOUND;
}

static bool is_iri(struct str s)
{
	size_t colon = str_chr(s, ':');

	return colon != STR_NOT_FOUND && colon > 0 && colon + 1 < s.len && !str_starts(s, STR("_:"));
}

static bool is_blank_node(struct str s)
{
	return str_starts(s, STR("_:")) && s.len > 2;
}

static bool no_blank(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.s[i] <= ' ')
			return false;
	return true;
}

/* What is wrong with a text; NULL: nothing. */
static const char *text_fault(struct checking *k, const struct spdx3_property *p, struct str text)
{
	switch (p->type) {
	case SPDX3_TIME:
		return is_time(k->scratch, text) ? NULL : "is no date of the form YYYY-MM-DDThh:mm:ssZ";
	case SPDX3_VERSION:
		return is_version(text) ? NULL : "is no version of the form 3.0.1";
	case SPDX3_MEDIA:
		return is_media_type(text) ? NULL : "is no media type";
	case SPDX3_URI:
		return no_blank(text) ? NULL : "is no URI: it may not hold blanks";
	case SPDX3_WORD:
		return spdx3_word_known(p->words, text) ? NULL : "is not one of the values of this property";
	default:
		if (strcmp(p->name, "simplelicensing_licenseExpression") == 0 && !licence_expression_valid(text, NULL))
			return "is no licence expression";
		return NULL;
	}
}

static const char *type_text(enum spdx3_type t)
{
	return t == SPDX3_TRUTH ? "true or false" :
	       t == SPDX3_INTEGER || t == SPDX3_POSITIVE || t == SPDX3_NATURAL ? "a whole number" :
	       t == SPDX3_DECIMAL ? "a number" :
	       t == SPDX3_OBJECT ? "an object or the id of one" :
				   "a string";
}

static void check_number(struct checking *k, struct json_cursor *c, const struct spdx3_property *p, const struct place *at, size_t offset)
{
	struct str n = json_read_number(c);
	bool whole = str_chr(n, '.') == STR_NOT_FOUND && str_chr(n, 'e') == STR_NOT_FOUND && str_chr(n, 'E') == STR_NOT_FOUND;

	if (json_failed(c) || p->type == SPDX3_DECIMAL)
		return;
	if (!whole || (p->type != SPDX3_INTEGER && str_starts(n, STR("-"))) || (p->type == SPDX3_POSITIVE && str_is(n, "0")))
		FAULT(k, at, offset, "%.*s is no %s", SHOWN(n),
		      p->type == SPDX3_INTEGER ? "whole number" : p->type == SPDX3_POSITIVE ? "whole number from 1" : "whole number from 0");
}

static bool is_decimal(struct str s)
{
	struct str rest = str_starts(s, STR("-")) ? str_from(s, 1) : s;
	struct str whole = str_cut(&rest, '.');

	return is_number(whole, true) && (!rest.s || !rest.len || is_number(rest, true));
}

/* ---- objects */

static void check_object(struct checking *k, struct json_cursor *c, const struct place *at, enum spdx3_class due, bool root);

static void check_value(struct checking *k, struct json_cursor *c, const struct spdx3_property *p, const struct place *at)
{
	enum json_type type = json_peek(c);
	size_t offset = json_offset(c);
	bool number = p->type >= SPDX3_INTEGER && p->type <= SPDX3_DECIMAL, text = p->type <= SPDX3_MEDIA || p->type == SPDX3_WORD;

	if (p->type == SPDX3_OBJECT && type == JSON_OBJECT) {
		struct place *own = ARENA_NEW(k->v->arena, struct place); /* references below refer to it */
		*own = *at;
		check_object(k, c, own, p->object, false);
	} else if (p->type == SPDX3_OBJECT && type == JSON_STRING) {
		struct place *own = ARENA_NEW(k->v->arena, struct place);
		*own = *at;
		*VEC_ADD(k->v->arena, &k->references) =
			(struct reference){ arena_str(k->v->arena, json_read_string(c)), own, p->object, offset };
	} else if (type == JSON_STRING && (text || p->type == SPDX3_DECIMAL)) {
		struct str s = json_read_string(c);
		const char *fault = json_failed(c) ? NULL : text ? text_fault(k, p, s) : is_decimal(s) ? NULL : "is no number";
		if (fault)
			FAULT(k, at, offset, "\"%.*s\" %s", SHOWN(s), fault);
	} else if (number && type == JSON_NUMBER) {
		check_number(k, c, p, at, offset);
	} else if (p->type == SPDX3_TRUTH && (type == JSON_TRUE || type == JSON_FALSE)) {
		json_skip(c);
	} else {
		json_skip(c);
		if (!json_failed(c))
			FAULT(k, at, offset, "%s is due here", type_text(p->type));
	}
}

/* Returns how many values there were. */
static size_t check_property(struct checking *k, struct json_cursor *c, const struct spdx3_property *p, const struct place *object)
{
	struct place here = { object, p->name, 0 };
	size_t n = 0;

	if (json_peek(c) != JSON_ARRAY || !p->many) {
		check_value(k, c, p, &here);
		return 1;
	}
	struct place *list = ARENA_NEW(k->v->arena, struct place);
	*list = here;
	json_enter_array(c);
	while (json_next(c)) {
		struct place item = { list, NULL, n++ };
		check_value(k, c, p, &item);
	}
	return n;
}

struct head {
	struct str type, id;
	size_t type_offset, id_offset;
	bool twice;
};

/* Its type and id, wherever they stand in it; the cursor itself does not move. */
static struct head head_of(struct json_cursor from)
{
	struct head h = { .type_offset = DIAG_NO_OFFSET };
	struct str key;

	json_enter_object(&from);
	while (json_next_key(&from, &key)) {
		bool type = str_is(key, "type") || str_is(key, "@type"), id = str_is(key, "spdxId") || str_is(key, "@id");
		if (!type && !id) {
			json_skip(&from);
			continue;
		}
		size_t offset = json_offset(&from);
		struct str text = json_read_string_or_skip(&from);
		h.twice = h.twice || (type ? h.type_offset != DIAG_NO_OFFSET : h.id.s != NULL);
		if (type)
			h.type = text, h.type_offset = offset;
		else
			h.id = text, h.id_offset = offset;
	}
	return h;
}

static void check_id(struct checking *k, const struct head *h, enum spdx3_class type, const struct place *at, size_t offset)
{
	bool fresh, named = spdx3_class_named(type);

	if (!h->id.len) {
		if (named)
			FAULT(k, at, offset, "spdxId is missing");
		return;
	}
	if (!is_iri(h->id) && (named || !is_blank_node(h->id)))
		FAULT(k, at, h->id_offset, "\"%.*s\" is no IRI", SHOWN(h->id));
	struct map_entry *e = map_put(&k->ids, arena_str(k->v->arena, h->id), &fresh);
	if (!fresh)
		FAULT(k, at, h->id_offset, "the id %.*s stands twice", SHOWN(h->id));
	else
		e->value.num = type;
}

/* The class of an object, with what is wrong about it said; NONE: its members cannot be checked. */
static enum spdx3_class check_type(struct checking *k, const struct head *h, const struct place *at, size_t offset, enum spdx3_class due)
{
	enum spdx3_class type = spdx3_class_of(h->type);

	if (h->type_offset == DIAG_NO_OFFSET)
		FAULT(k, at, offset, "type is missing");
	else if (h->twice)
		FAULT(k, at, offset, "type or id stand twice");
	else if (!type && due == SPDX3_CLASS_extension_Extension && is_iri(h->type))
		return due;
	else if (!type)
		FAULT(k, at, h->type_offset, "\"%.*s\" is no class of SPDX 3.0.1", SHOWN(h->type));
	else if (spdx3_class_abstract(type))
		FAULT(k, at, h->type_offset, "%s is abstract: one of the classes below it is due", spdx3_class_name(type));
	else if (!spdx3_class_is(type, due))
		FAULT(k, at, h->type_offset, "%s is due here, not %s", spdx3_class_name(due), spdx3_class_name(type));
	return type;
}

static void check_required(struct checking *k, enum spdx3_class type, const size_t *counts, const struct place *at, size_t offset)
{
	for (enum spdx3_class c = type; c; c = spdx3_class_parent(c)) {
		const struct spdx3_property *p, *end;
		for (spdx3_class_properties(c, &p, &end); p < end; p++) {
			size_t n = counts[p - spdx3_properties];
			if (n < p->min && p->min == 1)
				FAULT(k, at, offset, "%s is missing", p->name);
			else if (n < p->min)
				FAULT(k, at, offset, "%s has to have %u values at least, here are %zu", p->name, p->min, n);
		}
	}
	if (!spdx3_class_is(type, SPDX3_CLASS_ElementCollection))
		return;
	size_t elements = counts[spdx3_property_of(type, STR("element")) - spdx3_properties];
	if (!counts[spdx3_property_of(type, STR("rootElement")) - spdx3_properties] && (elements || type == SPDX3_CLASS_SpdxDocument))
		FAULT(k, at, offset, "rootElement is missing");
}

/* What the look-ups at the end need of an ExternalMap or NamespaceMap; the cursor itself does not move. */
static void note_map(struct checking *k, struct json_cursor from, enum spdx3_class type)
{
	struct str key, prefix = STR_NONE, namespace = STR_NONE;
	struct arena *a = k->v->arena;

	json_enter_object(&from);
	while (json_next_key(&from, &key)) {
		struct str text = json_read_string_or_skip(&from);
		if (str_is(key, "externalSpdxId") && text.len && type == SPDX3_CLASS_ExternalMap)
			map_put(&k->imports, arena_str(a, text), NULL);
		else if (str_is(key, "prefix"))
			prefix = text;
		else if (str_is(key, "namespace"))
			namespace = text;
	}
	if (type == SPDX3_CLASS_NamespaceMap && prefix.len && namespace.len) {
		struct str *value = ARENA_NEW(a, struct str);
		*value = arena_str(a, namespace);
		map_put(&k->prefixes, arena_str(a, prefix), NULL)->value.ptr = value;
	}
}

static bool is_framing(struct str key, bool root)
{
	return str_is(key, "type") || str_is(key, "@type") || str_is(key, "spdxId") || str_is(key, "@id") || (root && str_is(key, "@context"));
}

static void check_object(struct checking *k, struct json_cursor *c, const struct place *at, enum spdx3_class due, bool root)
{
	size_t offset = json_offset(c), *counts = arena_array(k->scratch, SPDX3_PROPERTIES_MAX, sizeof *counts);
	struct head h = head_of(*c);
	enum spdx3_class type = check_type(k, &h, at, offset, due);
	struct str key;

	if (type == SPDX3_CLASS_ExternalMap || type == SPDX3_CLASS_NamespaceMap)
		note_map(k, *c, type);
	if (type)
		check_id(k, &h, type, at, offset);
	json_enter_object(c);
	while (json_next_key(c, &key)) {
		const struct spdx3_property *p = type ? spdx3_property_of(type, key) : NULL;
		bool open = !type || type == SPDX3_CLASS_extension_Extension; /* anything may stand in it */
		if (p && counts[p - spdx3_properties]++)
			FAULT(k, at, json_offset(c), "%s stands twice", p->name);
		if (p) {
			counts[p - spdx3_properties] = check_property(k, c, p, at);
			continue;
		}
		struct place here = { at, arena_cstr(k->scratch, key), 0 };
		if (!open && !is_framing(key, root))
			FAULT(k, &here, json_offset(c), "%s has no such property", spdx3_class_name(type));
		json_skip(c);
	}
	if (json_failed(c) || !type)
		return;
	check_required(k, type, counts, at, offset);
	if (type == SPDX3_CLASS_SpdxDocument && ++k->documents == 2)
		FAULT(k, at, offset, "a second SpdxDocument: there may be one at most");
}

/* ---- references */

/* Its id, or what a prefix of the document makes of it. */
static struct map_entry *defined(struct checking *k, const struct map *m, struct str id)
{
	struct map_entry *e = map_get(m, id);
	size_t colon = str_chr(id, ':');
	const struct map_entry *prefix = e || colon == STR_NOT_FOUND ? NULL : map_get(&k->prefixes, str_sub(id, 0, colon));

	return prefix ? map_get(m, arena_concat(k->scratch, *(const struct str *)prefix->value.ptr, str_from(id, colon + 1), STR(""))) : e;
}

static void check_references(struct checking *k)
{
	for (VEC_EACH(const struct reference, r, &k->references)) {
		struct arena_mark mark = arena_mark(k->scratch);
		const struct map_entry *e = defined(k, &k->ids, r->id);
		/* The licences of the SPDX list are elements at their addresses. */
		bool listed = str_starts(r->id, STR("https://spdx.org/licenses/")) || str_starts(r->id, STR("http://spdx.org/licenses/"));
		if (e && !spdx3_class_is((enum spdx3_class)e->value.num, r->due))
			FAULT(k, r->place, r->offset, "%.*s is a %s, and %s is due here", SHOWN(r->id),
			      spdx3_class_name((enum spdx3_class)e->value.num), spdx3_class_name(r->due));
		else if (!e && !listed && !spdx3_individual(r->id) && !defined(k, &k->imports, r->id))
			FAULT(k, r->place, r->offset, "%.*s is neither in the document nor imported", SHOWN(r->id));
		arena_pop(k->scratch, mark);
	}
}

/* ---- the document */

static void check_context(struct checking *k, struct json_cursor *c)
{
	size_t offset = json_offset(c);
	bool list = json_peek(c) == JSON_ARRAY, good = false;
	struct place here = { NULL, "@context", 0 };

	if (list)
		json_enter_array(c);
	while (list ? json_next(c) : true) {
		good = str_is(json_read_string_or_skip(c), "https://spdx.org/rdf/3.0.1/spdx-context.jsonld") || good;
		if (!list)
			break;
	}
	if (!good && !json_failed(c))
		FAULT(k, &here, offset, "the context of SPDX 3.0.1 is due here");
}

static void check_graph(struct checking *k, struct json_cursor *c)
{
	struct place graph = { NULL, "@graph", 0 };
	struct place *up = ARENA_NEW(k->v->arena, struct place);
	size_t n = 0;
	bool list = json_peek(c) == JSON_ARRAY;

	*up = graph;
	if (list)
		json_enter_array(c);
	while (list ? json_next(c) : n == 0) {
		struct arena_mark mark = arena_mark(k->scratch);
		struct place *at = ARENA_NEW(k->v->arena, struct place);
		*at = (struct place){ up, NULL, n++ };
		if (json_peek(c) == JSON_OBJECT) {
			check_object(k, c, list ? at : up, SPDX3_CLASS_NONE, false);
		} else {
			FAULT(k, list ? at : up, json_offset(c), "an object is due here");
			json_skip(c);
		}
		arena_pop(k->scratch, mark);
	}
}

static void start(struct checking *k, struct violations *out)
{
	*k = (struct checking){ .v = out, .scratch = arena_new(0) };
	map_init(&k->ids, out->arena);
	map_init(&k->imports, out->arena);
	map_init(&k->prefixes, out->arena);
}

void spdx3_json_validate(struct str text, struct violations *out)
{
	struct checking k;
	struct json_cursor c, whole;
	struct str key;
	bool context = false, graph = false;

	start(&k, out);
	json_open(&c, k.scratch, text);
	json_peek(&c);
	whole = c;
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		bool is_context = str_is(key, "@context"), is_graph = str_is(key, "@graph");
		if ((is_context && context) || (is_graph && graph))
			json_fail(&c, json_offset(&c), "this key stands twice in the document");
		context = context || is_context;
		graph = graph || is_graph;
		if (is_context)
			check_context(&k, &c);
		else if (is_graph)
			check_graph(&k, &c);
		else
			json_skip(&c);
	}
	if (!json_close(&c))
		violation_add(out, STR(""), c.error_offset, "%s", c.error);
	else if (!graph) /* a single object may stand without a graph */
		check_object(&k, &whole, NULL, SPDX3_CLASS_NONE, true);
	if (!context)
		violation_add(out, STR(""), 0, "@context is missing");
	if (!json_failed(&c))
		check_references(&k);
	arena_free(k.scratch);
}

bool spdx3_property_legal(enum spdx3_class type, struct str property, struct str json)
{
	const struct spdx3_property *p = spdx3_property_of(type, property);
	struct arena *a = arena_new(0);
	struct violations found = { .arena = a };
	struct checking k;
	struct json_cursor c;

	if (p) {
		start(&k, &found);
		json_open(&c, k.scratch, json);
		size_t n = check_property(&k, &c, p, NULL);
		if (!json_close(&c) || !n)
			found.count++;
		arena_free(k.scratch);
	}
	arena_free(a);
	return p && !found.count;
}
