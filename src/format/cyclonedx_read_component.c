/* A CycloneDX component with all that is nested in it. */
#include "base/limits.h"
#include "format/cyclonedx.h"
#include "identity/purl.h"

enum {
	C_TYPE, C_REF, C_GROUP, C_NAME, C_VERSION, C_DESCRIPTION, C_SCOPE, C_HASHES, C_LICENSES, C_COPYRIGHT, C_CPE, C_PURL,
	C_REFERENCES, C_COMPONENTS, C_PROPERTIES, C_SUPPLIER, C_MANUFACTURER, C_AUTHOR, C_AUTHORS,
};
static const char *const component_keys[] = {
	"type", "bom-ref", "group", "name", "version", "description", "scope", "hashes", "licenses", "copyright", "cpe", "purl",
	"externalReferences", "components", "properties", "supplier", "manufacturer", "author", "authors", NULL,
};

static void read_type(struct cdx_reader *r, struct component *c)
{
	size_t at = json_offset(&r->c);
	struct str word = cdx_string(r, "a component's type");

	if (word.len && !component_type_of(word, &c->type)) {
		cdx_warn(r, at, "input.value", "unknown component type %.*s, taken as library", STR_ARG(word));
		c->type = COMPONENT_LIBRARY;
		*VEC_ADD(r->b->arena, &c->properties) = (struct property){ STR(CDX_OWN "type"), word };
	}
}

static void read_scope(struct cdx_reader *r, struct component *c)
{
	size_t at = json_offset(&r->c);
	struct str word = cdx_string(r, "a component's scope");

	if (str_is(word, "required"))
		c->scope |= SCOPE_RUNTIME;
	else if (str_is(word, "optional"))
		c->scope |= SCOPE_OPTIONAL;
	else if (str_is(word, "excluded"))
		c->scope |= SCOPE_EXCLUDED;
	else if (word.len)
		cdx_warn(r, at, "input.value", "unknown scope %.*s", STR_ARG(word));
}

static void add_extra(struct cdx_reader *r, struct component *c, struct str key)
{
	for (VEC_EACH(struct extra, e, &c->extra))
		if (str_eq(e->field, key))
			json_fail(&r->c, json_offset(&r->c), "this key stands twice in one object: two tools would read two documents");
	*VEC_ADD(r->b->arena, &c->extra) = cdx_read_extra(r, key);
}

/* `author` and `authors` are kept as they are and serve as originator too. */
static void read_author(struct cdx_reader *r, struct component *c, struct str key)
{
	struct json_cursor before = r->c;

	add_extra(r, c, key);
	if (json_failed(&r->c))
		return;
	struct json_cursor after = r->c;
	r->c = before;
	if (json_peek(&r->c) == JSON_STRING) {
		if (!party_said(component_more(c)->originator)->name.len)
			party_set(r->b->arena, &component_add_more(r->b->arena, c)->originator, (struct party){ .kind = PARTY_UNSAID, .name = json_read_string(&r->c) });
	} else if (json_peek(&r->c) == JSON_ARRAY && json_enter_array(&r->c) && json_next(&r->c) && json_peek(&r->c) == JSON_OBJECT) {
		party_set(r->b->arena, &component_add_more(r->b->arena, c)->originator, cdx_read_contact(r));
	}
	r->c = after;
}

static void read_lists(struct cdx_reader *r, struct component *c, int key)
{
	if (!cdx_enter_list(r, component_keys[key]))
		return;
	while (json_next(&r->c)) {
		if (key == C_HASHES) {
			struct hash h = cdx_read_hash(r);
			if (h.value.len)
				*VEC_ADD(r->b->arena, &c->hashes) = h;
		} else if (key == C_LICENSES) {
			struct licence l = cdx_read_licence(r);
			if (l.value.len || l.text.len || l.extra.len)
				*VEC_ADD(r->b->arena, &c->licences) = l;
		} else if (key == C_REFERENCES) {
			*VEC_ADD(r->b->arena, &component_add_more(r->b->arena, c)->references) = cdx_read_reference(r);
		} else {
			struct property p = cdx_read_property(r);
			if (p.name.s || p.value.s)
				*VEC_ADD(r->b->arena, &c->properties) = p;
		}
	}
}

static void read_field(struct cdx_reader *r, struct component *c, uint32_t index, int k, struct str key)
{
	switch (k) {
	case C_TYPE:
		read_type(r, c);
		break;
	case C_REF:
		c->ref = cdx_string(r, "a bom-ref");
		break;
	case C_GROUP:
		c->group = cdx_string(r, "a component's group");
		break;
	case C_NAME:
		c->name = cdx_string(r, "a component's name");
		break;
	case C_VERSION:
		c->version = cdx_string(r, "a component's version");
		break;
	case C_DESCRIPTION:
		c->description = cdx_string(r, "a component's description");
		break;
	case C_SCOPE:
		read_scope(r, c);
		break;
	case C_COPYRIGHT:
		component_add_more(r->b->arena, c)->copyright = cdx_string(r, "a component's copyright");
		break;
	case C_CPE:
		component_add_more(r->b->arena, c)->cpe = cdx_string(r, "a component's cpe");
		break;
	case C_PURL:
		c->purl = cdx_string(r, "a component's purl");
		break;
	case C_HASHES:
	case C_LICENSES:
	case C_REFERENCES:
	case C_PROPERTIES:
		read_lists(r, c, k);
		break;
	case C_SUPPLIER:
		party_set(r->b->arena, &component_add_more(r->b->arena, c)->supplier, cdx_read_entity(r));
		break;
	case C_MANUFACTURER:
		party_set(r->b->arena, &component_add_more(r->b->arena, c)->manufacturer, cdx_read_entity(r));
		break;
	case C_AUTHOR:
	case C_AUTHORS:
		read_author(r, c, key);
		break;
	case C_COMPONENTS:
		if (cdx_enter_list(r, "components"))
			while (json_next(&r->c))
				cdx_read_component(r, index);
		break;
	default:
		add_extra(r, c, key);
	}
}

static void check_name(struct cdx_reader *r, const struct component *c, size_t at)
{
	if (!c->name.len && !c->purl.len && !c->first_party) { /* the repository's own package may have none: its path tells */
		cdx_warn(r, at, "input.entry", "a component without a name: it cannot be identified");
		r->result = result_worse(r->result, PARTIAL);
	}
}

static void check(struct cdx_reader *r, struct component *c, size_t at)
{
	if (c->name.len > LIMIT_NAME || c->version.len > LIMIT_NAME || c->group.len > LIMIT_NAME || c->purl.len > 2 * LIMIT_NAME)
		cdx_warn(r, at, "input.value", "a component's name or version is longer than %d bytes", LIMIT_NAME);
	if (str_is(c->version, "UNKNOWN") || c->version.len == 0) /* Syft's word for what it does not know */
		c->version = STR_NONE;
}

static void index_ref(struct cdx_reader *r, uint32_t index, struct str ref, size_t at)
{
	bool fresh;

	if (!ref.len)
		return;
	struct map_entry *e = map_put(&r->refs, ref, &fresh);
	if (fresh)
		e->value.num = index;
	else
		cdx_warn(r, at, "input.duplicate", "bom-ref %.*s stands twice: what refers to it means the first", STR_ARG(ref));
}

/* The canonical purl and what follows from it. A purl that is none stays as it is: it is no identity, but it was said. */
static void complete(struct cdx_reader *r, uint32_t index, size_t at)
{
	struct component *c = &r->b->components[index];
	struct arena *scratch = r->scratch;
	struct arena_mark mark = arena_mark(scratch);
	struct str why, canonical = c->purl.len ? purl_canonical(scratch, c->purl, &why) : STR_NONE;

	if (c->purl.len && !canonical.s)
		cdx_warn(r, at, "input.value", "%.*s is no package URL: %.*s", STR_ARG(c->purl), STR_ARG(why));
	if (c->purl.len && !canonical.s) {
		*VEC_ADD(r->b->arena, &c->properties) = (struct property){ STR(CDX_OWN "purl-as-written"), c->purl };
		c->purl = STR_NONE;
		c->weak = true;
		arena_pop(scratch, mark);
		return;
	}
	if (canonical.s && !str_eq(canonical, c->purl))
		c->purl = arena_str(r->b->arena, canonical);
	arena_pop(scratch, mark);
	c->weak |= !c->purl.len && c->type != COMPONENT_FILE; /* known by its name or CPE only */
	purl_complete(r->b, c);
}

uint32_t cdx_read_component(struct cdx_reader *r, uint32_t parent)
{
	size_t at = json_offset(&r->c);
	struct str key;
	uint64_t seen = 0;

	if (!cdx_enter_object(r, "a component"))
		return NO_COMPONENT;
	bom_add(r->b);
	uint32_t index = (uint32_t)(r->b->ncomponents - 1);
	struct component c = { .parent = parent };
	while (json_next_key(&r->c, &key))
		read_field(r, &c, index, cdx_key(&r->c, component_keys, key, &seen), key);
	if (!json_failed(&r->c)) {
		check(r, &c, at);
		cdx_restore_component(r, &c, index);
		check_name(r, &c, at);
		index_ref(r, index, c.ref, at);
	}
	if (r->b->inputs.n)
		*VEC_ADD(r->b->arena, &c.evidence) = (struct evidence){ .input = 0, .offset = cdx_offset(r, at) };
	r->b->components[index] = c;
	complete(r, index, at);
	return index;
}
