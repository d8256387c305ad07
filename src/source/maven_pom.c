#include "source/maven.h"

struct str pom_key(struct arena *a, struct str group, struct str artifact, struct str type, struct str classifier)
{
	return arena_printf(a, "%.*s:%.*s:%.*s:%.*s", STR_ARG(group), STR_ARG(artifact), STR_ARG(type.len ? type : STR("jar")), STR_ARG(classifier));
}

static void read_properties(struct reading *r, struct pom *p, const struct xml *properties)
{
	for (XML_EACH(e, properties)) {
		struct str *value = ARENA_NEW(r->arena, struct str);
		*value = e->text.s ? e->text : STR("");
		map_put(&p->properties, e->name, NULL)->value.ptr = value;
	}
}

static void read_management(struct reading *r, struct pom *p, const struct xml *dependencies)
{
	for (XML_EACH(d, dependencies)) {
		struct str type = xml_child_text(d, "type");
		if (!xml_is(d, "dependency"))
			continue;
		if (str_is(type, "pom") && str_is(xml_child_text(d, "scope"), "import")) {
			*VEC_ADD(r->arena, &p->imports) = d;
			continue;
		}
		struct str key = pom_key(r->arena, xml_child_text(d, "groupId"), xml_child_text(d, "artifactId"), type, xml_child_text(d, "classifier"));
		bool fresh;
		if (str_has(key, STR("${"))) {
			*VEC_ADD(r->arena, &p->managed_open) = d;
			continue;
		}
		struct map_entry *e = map_put(&p->managed, key, &fresh);
		if (fresh)
			e->value.ptr = (void *)d;
	}
}

static void read_needs(struct reading *r, struct pom *p, const struct xml *dependencies, bool profile)
{
	for (XML_EACH(d, dependencies)) {
		struct str group = xml_child_text(d, "groupId"), artifact = xml_child_text(d, "artifactId");
		if (!xml_is(d, "dependency"))
			continue;
		if (!group.len || !artifact.len) {
			reading_problem(r, d->offset, "a dependency needs a groupId and an artifactId");
			continue;
		}
		uint32_t c = reading_add(r, group, artifact, STR_NONE, d->offset);
		r->bom->components[c].direct = r->bom->components[c].direct_known = true;
		*VEC_ADD(r->arena, &p->needs) = (struct pom_need){ d, c, profile };
	}
}

static void read_profiles(struct reading *r, struct pom *p, const struct xml *profiles)
{
	for (XML_EACH(profile, profiles)) {
		bool active = str_is(xml_child_text(xml_child(profile, "activation"), "activeByDefault"), "true");
		if (active) {
			read_properties(r, p, xml_child(profile, "properties"));
			read_management(r, p, xml_path(profile, "dependencyManagement/dependencies"));
		}
		read_needs(r, p, xml_child(profile, "dependencies"), !active);
	}
}

static void read_parent(struct reading *r, struct pom *p, const struct xml *parent)
{
	const struct xml *path = xml_child(parent, "relativePath");
	struct str relative = path ? path->text : STR("../pom.xml");

	if (!parent)
		return;
	p->has_parent = true;
	p->parent_group = xml_child_text(parent, "groupId");
	p->parent_artifact = xml_child_text(parent, "artifactId");
	p->parent_version = xml_child_text(parent, "version");
	if (!relative.len) /* <relativePath/>: not in this repository */
		return;
	p->seek_parent = true;
	if (!str_ends(relative, STR(".xml")))
		relative = arena_concat(r->arena, relative, STR("/pom.xml"), STR(""));
	p->parent_path = tree_resolve(r->arena, reading_dir(r), relative);
}

enum result source_maven_pom(struct reading *r)
{
	struct pom *p = r->data = ARENA_NEW(r->arena, struct pom);
	struct str why = STR_NONE;
	size_t offset = 0;
	const struct xml *root = xml_parse(r->arena, r->text, &why, &offset);

	if (!root)
		return reading_error(r, offset, "not valid XML: %.*s", STR_ARG(why));
	if (!xml_is(root, "project"))
		return reading_error(r, root->offset, "the root element is not <project>: is this a pom.xml of Maven?");
	map_init(&p->properties, r->arena);
	map_init(&p->managed, r->arena);
	read_parent(r, p, xml_child(root, "parent"));
	p->group = xml_child_text(root, "groupId");
	p->artifact = xml_child_text(root, "artifactId");
	p->version = xml_child_text(root, "version");
	if (!p->artifact.len)
		return reading_error(r, root->offset, "the project has no artifactId");
	uint32_t subject = reading_subject(r, p->artifact, p->version.len ? p->version : p->parent_version);
	r->bom->components[subject].group = p->group.len ? p->group : p->parent_group;
	r->bom->components[subject].evidence.items[0].offset = root->offset;
	const struct xml *licences = xml_child(root, "licenses");
	for (XML_EACH(l, licences))
		reading_licence(r, subject, xml_child_text(l, "name"));
	read_properties(r, p, xml_child(root, "properties"));
	read_management(r, p, xml_path(root, "dependencyManagement/dependencies"));
	read_needs(r, p, xml_child(root, "dependencies"), false);
	read_profiles(r, p, xml_child(root, "profiles"));
	return reading_done(r);
}

/* gradle/verification-metadata.xml (docs.gradle.org, "Verifying dependencies"): everything that was ever downloaded, so more than
 * what is used: each component is marked possible. */
static void add_artifact_hashes(struct reading *r, uint32_t c, const struct xml *component)
{
	static const char *const kinds[] = { "sha512", "sha256", "sha1", "md5" };

	for (XML_EACH(artifact, component)) {
		if (!xml_is(artifact, "artifact") || str_ends(xml_attribute(artifact, "name"), STR(".pom")) ||
		    str_ends(xml_attribute(artifact, "name"), STR(".module")))
			continue;
		for (XML_EACH(h, artifact))
			for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
				if (xml_is(h, kinds[i]) && !reading_digest(r, c, arena_printf(r->arena, "%s:%.*s", kinds[i], STR_ARG(xml_attribute(h, "value")))))
					reading_problem(r, h->offset, "the value is no %s", kinds[i]);
	}
}

enum result source_gradle_verification(struct reading *r)
{
	struct str why = STR_NONE;
	size_t offset = 0;
	const struct xml *root = xml_parse(r->arena, r->text, &why, &offset);

	if (!root)
		return reading_error(r, offset, "not valid XML: %.*s; run Gradle with --write-verification-metadata", STR_ARG(why));
	if (!xml_is(root, "verification-metadata"))
		return reading_error(r, root->offset, "the root element is not <verification-metadata>");
	const struct xml *components = xml_child(root, "components");
	for (XML_EACH(e, components)) {
		struct str group = xml_attribute(e, "group"), name = xml_attribute(e, "name"), version = xml_attribute(e, "version");
		if (!xml_is(e, "component"))
			continue;
		if (!group.len || !name.len || !version.len) {
			reading_problem(r, e->offset, "a component needs group, name and version");
			continue;
		}
		uint32_t c = reading_add(r, group, name, version, e->offset);
		bom_property(r->bom, c, "bomgate:certainty", STR("possible"));
		add_artifact_hashes(r, c, e);
	}
	return reading_done(r);
}
