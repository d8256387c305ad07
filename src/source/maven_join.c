/* The effective dependencies of all poms of a tree: properties, parents, dependencyManagement and imported BOMs as far as the
 * repository holds them. */
#include "source/maven.h"

#define CHAIN 32 /* parents above a pom: more is a loop */

static struct str group_of(const struct pom *p)
{
	return p->group.len ? p->group : p->parent_group;
}

static struct str version_of(const struct pom *p)
{
	return p->version.len ? p->version : p->parent_version;
}

static struct str of_project(const struct pom *p, struct str name)
{
	static const char *const prefixes[] = { "project.", "pom." };

	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (str_starts(name, str_of(prefixes[i])))
			name = str_from(name, strlen(prefixes[i]));
	if (str_is(name, "groupId"))
		return group_of(p);
	if (str_is(name, "artifactId"))
		return p->artifact;
	if (str_is(name, "version"))
		return version_of(p);
	if (str_is(name, "parent.groupId"))
		return p->parent_group;
	if (str_is(name, "parent.artifactId"))
		return p->parent_artifact;
	if (str_is(name, "parent.version"))
		return p->parent_version;
	return STR_NONE;
}

static struct str property(const struct pom *context, struct str name)
{
	unsigned n = 0;

	for (const struct pom *p = context; p && n < CHAIN; p = p->parent, n++) {
		struct map_entry *e = map_get(&p->properties, name);
		if (e)
			return *(struct str *)e->value.ptr;
	}
	return of_project(context, name);
}

struct str pom_expand(const struct pom_tree *t, const struct pom *context, struct str text)
{
	size_t from = 0;

	text = str_trim(text);
	for (int turn = 0; turn < 32 && text.len < LIMIT_NAME; turn++) {
		size_t open = str_find(text, STR("${"), from), close;
		if (open == STR_NOT_FOUND || (close = str_chr(str_from(text, open), '}')) == STR_NOT_FOUND)
			break;
		struct str value = property(context, str_sub(text, open + 2, close - 2));
		if (!value.s || value.len > LIMIT_NAME) {
			from = open + 2;
			continue;
		}
		text = arena_concat(t->arena, str_sub(text, 0, open), str_trim(value), str_from(text, open + close + 1));
	}
	return text;
}

static struct pom *pom_named(const struct pom_tree *t, struct str group, struct str artifact)
{
	struct map_entry *e = map_get(&t->by_name, arena_concat(t->arena, group, STR(":"), artifact));

	return e ? e->value.ptr : NULL;
}

static struct str key_of(const struct pom_tree *t, const struct pom *context, const struct xml *d)
{
	return pom_key(t->arena, pom_expand(t, context, xml_child_text(d, "groupId")), pom_expand(t, context, xml_child_text(d, "artifactId")),
		       pom_expand(t, context, xml_child_text(d, "type")), pom_expand(t, context, xml_child_text(d, "classifier")));
}

const struct xml *pom_managed(struct pom_tree *t, const struct pom *context, struct str key, unsigned depth, const struct pom **seen_from)
{
	unsigned n = 0;

	if (!depth)
		t->lookups++;
	*seen_from = context;
	for (const struct pom *p = context; p && n < CHAIN; p = p->parent, n++) {
		struct map_entry *e = map_get(&p->managed, key);
		if (e)
			return e->value.ptr;
		for (size_t i = 0; i < p->managed_open.n && i < NAME_CHAIN; i++)
			if (str_eq(key_of(t, context, p->managed_open.items[i]), key))
				return p->managed_open.items[i];
	}
	n = 0;
	for (const struct pom *p = context; p && n < CHAIN && depth < 8; p = p->parent, n++)
		for (size_t i = 0; i < p->imports.n; i++) {
			const struct xml *d = p->imports.items[i], *found;
			struct pom *bom = pom_named(t, pom_expand(t, context, xml_child_text(d, "groupId")),
						    pom_expand(t, context, xml_child_text(d, "artifactId")));
			if (!bom || bom == context || bom->seen == t->lookups) /* each BOM once: imports in circles or in heaps stay cheap */
				continue;
			bom->seen = t->lookups;
			if ((found = pom_managed(t, bom, key, depth + 1, seen_from)))
				return found;
		}
	*seen_from = context;
	return NULL;
}

static unsigned scope_of(struct str word, bool optional)
{
	unsigned scope = str_is(word, "test") ? SCOPE_TEST : str_is(word, "provided") || str_is(word, "system") ? SCOPE_PROVIDED : SCOPE_RUNTIME;

	return optional && scope == SCOPE_RUNTIME ? SCOPE_OPTIONAL : scope;
}

/* "[1.0]" is exact; other ranges, LATEST, RELEASE and what could not be filled in are declared. */
static void set_version(struct component *c, struct str version)
{
	c->version = c->declared = STR_NONE;
	if (version.len > 2 && version.s[0] == '[' && version.s[version.len - 1] == ']' && str_chr(version, ',') == STR_NOT_FOUND)
		c->version = str_sub(version, 1, version.len - 2);
	else if (!version.len || version.s[0] == '[' || version.s[0] == '(' || str_has(version, STR("${")) || str_is(version, "LATEST") ||
		 str_is(version, "RELEASE"))
		c->declared = version.len ? version : STR("*");
	else
		c->version = version;
}

static void add_qualifier(struct arena *a, struct component *c, const char *name, struct str value)
{
	if (value.len)
		*VEC_ADD(a, &c->qualifiers) = (struct property){ str_of(name), value };
}

static void resolve_need(struct pom_tree *t, struct pom *p, const struct pom_need *n)
{
	struct bom *b = p->part->bom;
	struct component *c = &b->components[n->component];
	const struct pom *from;
	const struct xml *managed = pom_managed(t, p, key_of(t, p, n->xml), 0, &from);
	struct str version = xml_child_text(n->xml, "version"), scope = xml_child_text(n->xml, "scope"), type, classifier;
	bool optional = str_is(pom_expand(t, p, xml_child_text(n->xml, "optional")), "true");

	c->group = pom_expand(t, p, c->group);
	c->name = pom_expand(t, p, c->name);
	version = version.len ? pom_expand(t, p, version) : managed ? pom_expand(t, from, xml_child_text(managed, "version")) : STR_NONE;
	scope = scope.len ? pom_expand(t, p, scope) : managed ? pom_expand(t, from, xml_child_text(managed, "scope")) : STR_NONE;
	type = pom_expand(t, p, xml_child_text(n->xml, "type"));
	classifier = pom_expand(t, p, xml_child_text(n->xml, "classifier"));
	set_version(c, version);
	c->scope = n->profile ? SCOPE_OPTIONAL : scope_of(scope, optional);
	add_qualifier(t->arena, c, "classifier", classifier);
	if (type.len && !str_is(type, "jar"))
		add_qualifier(t->arena, c, "type", type);
	struct pom *own = pom_named(t, c->group, c->name);
	if (own) { /* another module of the repository */
		struct reading r = part_reading(p->part);
		reading_local(&r, n->component, STR(""), own->part->dir);
		c = &b->components[n->component];
		c->declared = STR_NONE;
		c->qualifiers.n = 0;
		if (!c->version.len)
			c->version = pom_expand(t, own, version_of(own));
	}
	bom_depend(b, b->subject, n->component, DEPENDS_ON, b->components[n->component].scope);
}

static void find_parent(struct tree *t, const struct pom_tree *poms, struct pom *p)
{
	struct part *q = p->parent_path.s ? tree_find_path(t, p->parent_path) : NULL;
	struct pom *parent = q && part_is(q, "maven-pom") && !q->failed ? q->data : NULL;

	if (!p->has_parent)
		return;
	if (parent && !str_eq(parent->artifact, p->parent_artifact))
		parent = NULL;
	if (!parent && p->seek_parent)
		parent = pom_named(poms, p->parent_group, p->parent_artifact);
	if (parent != p)
		p->parent = parent;
}

void join_maven(struct tree *t)
{
	struct pom_tree poms = { .arena = t->arena };
	const struct part *first = NULL;
	size_t n = 0;

	map_init(&poms.by_name, t->arena);
	for (VEC_EACH(struct part, q, &t->parts)) {
		struct pom *p = part_is(q, "maven-pom") && !q->failed ? q->data : NULL;
		bool fresh;
		if (!p)
			continue;
		p->part = q;
		p->seen = 0;
		struct map_entry *e = map_put(&poms.by_name, arena_concat(t->arena, group_of(p), STR(":"), p->artifact), &fresh);
		if (fresh)
			e->value.ptr = p;
	}
	for (VEC_EACH(struct part, q, &t->parts))
		if (part_is(q, "maven-pom") && !q->failed)
			find_parent(t, &poms, q->data);
	for (VEC_EACH(struct part, q, &t->parts)) {
		struct pom *p = part_is(q, "maven-pom") && !q->failed ? q->data : NULL;
		if (!p)
			continue;
		struct component *own = &q->bom->components[q->bom->subject];
		own->group = pom_expand(&poms, p, group_of(p));
		own->version = pom_expand(&poms, p, version_of(p));
		if (p->has_parent && !p->parent)
			bom_property(q->bom, q->bom->subject, "bomgate:parent",
				     arena_printf(t->arena, "%.*s:%.*s:%.*s", STR_ARG(p->parent_group), STR_ARG(p->parent_artifact), STR_ARG(p->parent_version)));
		for (VEC_EACH(const struct pom_need, need, &p->needs)) {
			resolve_need(&poms, p, need);
			if (!q->bom->components[need->component].first_party) {
				first = first ? first : q;
				n++;
			}
		}
	}
	if (n)
		diag_add(t->diags, SEV_NOTICE, "input.limits", first->path, DIAG_NO_OFFSET,
			 "pom.xml names direct dependencies only: what they need in turn is not listed; give an SBOM that the build makes "
			 "(sbom:) to have it whole");
}
