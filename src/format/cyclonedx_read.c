/* A CycloneDX JSON document into a bom, element by element. */
#include "base/limits.h"
#include "format/cyclonedx.h"
#include "format/sniff.h"

static void read_dependency_list(struct cdx_reader *r, struct str ref, bool provides, size_t at)
{
	size_t n = 0;

	if (!cdx_enter_list(r, "dependsOn"))
		return;
	while (json_next(&r->c)) {
		struct dependency *d = bom_depend(r->b, NO_COMPONENT, NO_COMPONENT, provides ? PROVIDES : DEPENDS_ON, 0);
		struct dependency_more *more = dependency_add_more(r->b->arena, d);
		more->from_ref = ref;
		more->to_ref = cdx_string(r, "a reference");
		if (!more->to_ref.s)
			r->b->dependencies.n--;
		n++;
	}
	(void)at;
	if (n == 0 && !provides) { /* known to need nothing */
		struct dependency *d = bom_depend(r->b, NO_COMPONENT, NO_COMPONENT, DEPENDS_ON, 0);
		*dependency_add_more(r->b->arena, d) = (struct dependency_more){ .from_ref = ref, .to_ref = STR("NONE") };
	}
}

static void read_dependency(struct cdx_reader *r)
{
	static const char *const keys[] = { "ref", "dependsOn", "provides", NULL };
	struct json_cursor before = r->c;
	struct str key, ref = STR_NONE;
	uint64_t seen = 0;

	if (!cdx_enter_object(r, "a dependency"))
		return;
	while (json_next_key(&r->c, &key)) { /* the reference may stand behind the lists */
		if (cdx_key(&r->c, keys, key, &seen) == 0)
			ref = cdx_string(r, "ref");
		else
			json_skip(&r->c);
	}
	if (json_failed(&r->c))
		return;
	if (!ref.len) {
		cdx_warn(r, before.at, "input.entry", "a dependency without a ref, left out");
		r->result = result_worse(r->result, PARTIAL);
		return;
	}
	struct json_cursor after = r->c;
	size_t n = r->b->dependencies.n;
	r->c = before;
	json_enter_object(&r->c);
	while (json_next_key(&r->c, &key)) {
		bool provides = str_is(key, "provides");
		if (provides || str_is(key, "dependsOn"))
			read_dependency_list(r, ref, provides, before.at);
		else
			json_skip(&r->c);
	}
	r->c = after;
	if (!(seen & 2) && n == r->b->dependencies.n) {
		struct dependency *d = bom_depend(r->b, NO_COMPONENT, NO_COMPONENT, DEPENDS_ON, 0);
		*dependency_add_more(r->b->arena, d) = (struct dependency_more){ .from_ref = ref, .to_ref = STR("NONE") };
	}
}

static struct str edge_key(struct arena *a, const struct dependency *d)
{
	return arena_printf(a, "%d %u %u", d->kind, d->from, d->to);
}

/* Edges that our own properties tell: new ones, or scope and comment of those that `dependencies` has too. */
static void amend_dependencies(struct cdx_reader *r)
{
	struct arena *a = r->b->arena;
	struct map edges;
	bool fresh;

	map_init(&edges, a);
	if (!r->amendments.n)
		return;
	for (size_t i = 0; i < r->b->dependencies.n; i++) {
		struct map_entry *e = map_put(&edges, edge_key(a, &r->b->dependencies.items[i]), &fresh);
		if (fresh)
			e->value.num = i;
	}
	for (VEC_EACH(struct dependency, d, &r->amendments)) {
		struct dependency_more *more = dependency_add_more(a, d);
		struct map_entry *from = more->from_ref.s ? map_get(&r->refs, more->from_ref) : NULL, *to = map_get(&r->refs, more->to_ref);
		if (from) {
			d->from = (uint32_t)from->value.num;
			more->from_ref = STR_NONE;
		}
		if (to) {
			d->to = (uint32_t)to->value.num;
			more->to_ref = STR_NONE;
		}
		struct map_entry *e = d->to != NO_COMPONENT ? map_get(&edges, edge_key(a, d)) : NULL;
		if (e) {
			struct dependency *edge = &r->b->dependencies.items[e->value.num];
			edge->scope |= d->scope;
			dependency_add_more(a, edge)->comment = more->comment;
			edge->more->word = more->word;
		} else {
			*VEC_ADD(a, &r->b->dependencies) = *d;
		}
	}
}

/* The refs become component indexes; what names no component keeps its text. */
static void resolve_dependencies(struct cdx_reader *r)
{
	struct map others;
	size_t dangling = 0;

	map_init(&others, r->b->arena);
	for (VEC_EACH(struct str, s, &r->other_refs))
		map_put(&others, *s, NULL);
	for (VEC_EACH(struct dependency, d, &r->b->dependencies)) {
		struct dependency_more *more = dependency_add_more(r->b->arena, d);
		struct map_entry *from = map_get(&r->refs, more->from_ref), *to = map_get(&r->refs, more->to_ref);
		if (from) {
			d->from = (uint32_t)from->value.num;
			more->from_ref = STR_NONE;
		}
		if (to) {
			d->to = (uint32_t)to->value.num;
			more->to_ref = STR_NONE;
		}
		more->listed = (from || map_has(&others, more->from_ref)) && (to || map_has(&others, more->to_ref));
		struct str missing = !from ? more->from_ref : !to ? more->to_ref : STR_NONE;
		if (!missing.s || str_is(missing, "NONE") || map_has(&others, missing) || str_starts(missing, STR("urn:cdx:")))
			continue;
		if (dangling++ < 20)
			cdx_warn(r, DIAG_NO_OFFSET, "input.reference", "a dependency names %.*s, which is not in the document",
				 STR_ARG(missing));
	}
	if (dangling > 20)
		cdx_warn(r, DIAG_NO_OFFSET, "input.reference", "%zu dependencies name what is not in the document", dangling);
}

/* Who the subject or a part of the project asks for is direct; told only where the subject has edges. */
static void find_direct(struct bom *b)
{
	bool told = false;

	for (VEC_EACH(struct dependency, d, &b->dependencies))
		told |= d->kind == DEPENDS_ON && d->from != NO_COMPONENT && d->from == b->subject && d->to != NO_COMPONENT;
	if (!told)
		return;
	for (size_t i = 0; i < b->ncomponents; i++)
		b->components[i].direct_known = i != b->subject;
	for (VEC_EACH(struct dependency, d, &b->dependencies))
		if (d->kind == DEPENDS_ON && d->to != NO_COMPONENT && d->from != NO_COMPONENT &&
		    (d->from == b->subject || b->components[d->from].first_party))
			b->components[d->to].direct = true;
}

static void read_refs(struct cdx_reader *r, const struct json *list, struct composition *c, int which)
{
	for (JSON_EACH(e, list)) {
		struct str s = json_string(e);
		if (!s.s)
			continue;
		if (which == 0)
			*VEC_ADD(r->b->arena, &c->assemblies) = s;
		else if (which == 1)
			*VEC_ADD(r->b->arena, &c->dependencies) = s;
		else
			*VEC_ADD(r->b->arena, &c->vulnerabilities) = s;
	}
}

static void read_composition(struct cdx_reader *r)
{
	struct json_cursor before = r->c;
	const struct json *j = json_read_tree(&r->c);
	struct composition c = { .aggregate = json_get_string(j, "aggregate") };

	if (json_failed(&r->c) || json_type(j) != JSON_OBJECT)
		return;
	read_refs(r, json_get(j, "assemblies"), &c, 0);
	read_refs(r, json_get(j, "dependencies"), &c, 1);
	read_refs(r, json_get(j, "vulnerabilities"), &c, 2);
	for (JSON_EACH(e, j))
		if (str_is(json_key(e), "bom-ref") || str_is(json_key(e), "signature"))
			c.extra = str_sub(before.text, before.at, r->c.at - before.at);
	*VEC_ADD(r->b->arena, &r->b->compositions) = c;
}

static void read_vulnerability(struct cdx_reader *r)
{
	struct arena_mark mark = arena_mark(r->b->arena);
	struct json_cursor before = r->c;
	const struct json *j = json_read_tree(&r->c);
	struct arena *a = r->b->arena;
	struct claim c = { 0 };

	if (json_failed(&r->c))
		return;
	const struct json *analysis = json_get(j, "analysis");
	size_t aliases = json_count(json_get(j, "references")), affects = json_count(json_get(j, "affects"));
	(void)mark;
	c.raw = str_sub(before.text, before.at, r->c.at - before.at);
	c.id = arena_str(a, json_get_string(j, "id"));
	c.source = arena_str(a, json_get_string(json_get(j, "source"), "name"));
	c.state = json_get_string(analysis, "state");
	c.justification = json_get_string(analysis, "justification");
	c.response = json_string(json_child(json_get(analysis, "response")));
	c.detail = json_get_string(analysis, "detail");
	if (aliases)
		for (JSON_EACH(e, json_get(j, "references")))
			if (json_get_string(e, "id").len)
				*VEC_ADD(a, &c.aliases) = json_get_string(e, "id");
	if (affects)
		for (JSON_EACH(e, json_get(j, "affects")))
			if (json_get_string(e, "ref").len)
				*VEC_ADD(a, &c.affects) = json_get_string(e, "ref");
	*VEC_ADD(a, &r->b->claims) = c;
}

void cdx_read_annotation(struct cdx_reader *r)
{
	struct json_cursor before = r->c;
	const struct json *j = json_read_tree(&r->c);
	struct annotation a = { .date = json_get_string(j, "timestamp"), .comment = json_get_string(j, "text"), .type = STR("OTHER") };

	if (json_failed(&r->c) || json_type(j) != JSON_OBJECT)
		return;
	const struct json *who = json_child(json_get(j, "annotator"));
	a.annotator = json_get_string(who, "name");
	if (!a.annotator.s)
		a.annotator = json_get_string(json_child(json_get(who, "contact")), "name");
	a.extra = str_sub(before.text, before.at, r->c.at - before.at);
	*VEC_ADD(r->b->arena, &r->b->document.annotations) = a;
}

/* Services stay as they are; their refs may be named by dependencies. */
static void collect_refs(struct cdx_reader *r, const struct json *j)
{
	for (JSON_EACH(e, j)) {
		struct str ref = json_get_string(e, "bom-ref");
		if (ref.s)
			*VEC_ADD(r->b->arena, &r->other_refs) = ref;
		collect_refs(r, json_get(e, "services"));
	}
}

static void read_services(struct cdx_reader *r)
{
	struct json_cursor before = r->c;

	collect_refs(r, json_read_tree(&r->c));
	if (json_failed(&r->c))
		return;
	r->c = before;
	*VEC_ADD(r->b->arena, &r->b->document.extra) = cdx_read_extra(r, STR("services"));
}

enum { D_FORMAT, D_SPEC, D_SERIAL, D_VERSION, D_METADATA, D_COMPONENTS, D_DEPENDENCIES, D_COMPOSITIONS, D_VULNERABILITIES,
       D_ANNOTATIONS, D_REFERENCES, D_SERVICES, D_SCHEMA, D_PROPERTIES };
static const char *const document_keys[] = { "bomFormat",    "specVersion",  "serialNumber",	"version",	      "metadata",
					     "components",   "dependencies", "compositions",	"vulnerabilities",    "annotations",
					     "externalReferences", "services", "$schema", "properties", NULL };

static void read_each(struct cdx_reader *r, int k)
{
	if (!cdx_enter_list(r, document_keys[k]))
		return;
	while (json_next(&r->c)) {
		switch (k) {
		case D_COMPONENTS:
			cdx_read_component(r, NO_COMPONENT);
			break;
		case D_DEPENDENCIES:
			read_dependency(r);
			break;
		case D_COMPOSITIONS:
			read_composition(r);
			break;
		case D_VULNERABILITIES:
			read_vulnerability(r);
			break;
		case D_ANNOTATIONS:
			cdx_read_annotation(r);
			break;
		default:
			*VEC_ADD(r->b->arena, &r->b->document.references) = cdx_read_reference(r);
		}
	}
}

static void read_field(struct cdx_reader *r, int k, struct str key)
{
	struct document *d = &r->b->document;

	switch (k) {
	case D_FORMAT:
		if (!str_is(cdx_string(r, "bomFormat"), "CycloneDX"))
			json_fail(&r->c, json_offset(&r->c), "bomFormat is not CycloneDX");
		break;
	case D_SPEC:
		d->version = cdx_string(r, "specVersion");
		break;
	case D_SERIAL:
		d->serial = cdx_string(r, "serialNumber");
		break;
	case D_VERSION:
		d->revision = cdx_string(r, "version");
		break;
	case D_METADATA:
		cdx_read_metadata(r);
		break;
	case D_SERVICES:
		read_services(r);
		break;
	case D_SCHEMA:
		json_skip(&r->c);
		break;
	case -1:
	case D_PROPERTIES:
		*VEC_ADD(r->b->arena, &d->extra) = cdx_read_extra(r, key);
		break;
	default:
		read_each(r, k);
	}
}

static enum result refuse(struct cdx_reader *r)
{
	diag_add(r->b->diags, SEV_ERROR, "input.syntax", r->path, cdx_offset(r, r->c.error_offset), "%s", r->c.error);
	return FAILED;
}

/* About as many components as there are bom-refs; an attacker gets no more room than the text is large. */
static size_t count_refs(struct str text)
{
	struct str mark = STR("\"bom-ref\"");
	size_t n = 0;

	for (const char *p = text.s, *end = text.s + text.len; p && (p = memmem(p, (size_t)(end - p), mark.s, mark.len)); p += mark.len)
		n++;
	return n < text.len / 256 ? n : text.len / 256;
}

enum result cdx_read_text(struct bom *b, struct str path, struct str text, const struct cdx_places *places)
{
	struct cdx_reader r = { .b = b, .path = path, .places = places, .scratch = arena_new(0) };
	struct str key;
	uint64_t seen = 0;

	map_init(&r.refs, b->arena);
	b->document.standard = STR("cyclonedx");
	b->document.syntax = places ? STR("xml") : STR("json");
	bom_reserve(b, count_refs(text) + 8);
	json_open(&r.c, b->arena, text);
	if (json_enter_object(&r.c))
		while (json_next_key(&r.c, &key))
			read_field(&r, cdx_key(&r.c, document_keys, key, &seen), key);
	arena_free(r.scratch);
	if (!json_close(&r.c))
		return refuse(&r);
	struct str v = b->document.version;
	if (v.len != 3 || !str_starts(v, STR("1.")) || v.s[2] < '0' || v.s[2] > '7') {
		diag_add(b->diags, SEV_ERROR, "input.version", path, 0,
			 "specVersion \"%.*s\" is not one of CycloneDX 1.0 to 1.7; ask the tool that made the SBOM for 1.6", STR_ARG(v));
		return FAILED;
	}
	resolve_dependencies(&r);
	amend_dependencies(&r);
	if (b->subject != NO_COMPONENT)
		b->components[b->subject].first_party = true;
	find_direct(b);
	return r.result;
}

bool cyclonedx_json_detect(struct str text)
{
	static const char *const until[] = { "bomFormat", "spdxVersion", NULL };
	struct arena *a = arena_new(0);
	struct sniff s;
	bool is = sniff_json(a, text, until, &s) &&
		  (sniff_get(&s, "bomFormat") || str_has(sniff_string(&s, "$schema"), STR("cyclonedx")));

	arena_free(a);
	return is;
}

enum result cyclonedx_json_read(struct bom *b, struct str path, struct str text)
{
	return cdx_read_text(b, path, text, NULL);
}
