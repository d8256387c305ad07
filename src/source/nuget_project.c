/* packages.config, project files (PackageReference) and MSBuild's Directory.Packages.props (learn.microsoft.com/nuget). Conditions
 * are not evaluated: what stands under one is listed. */
#include "source/nuget.h"
#include "syntax/xml.h"

void nuget_version(struct reading *r, uint32_t c, struct str request)
{
	struct component *m = &r->bom->components[c];

	request = str_trim(request);
	m->version = m->declared = STR_NONE;
	if (request.len > 2 && request.s[0] == '[' && request.s[request.len - 1] == ']' && str_chr(request, ',') == STR_NOT_FOUND) {
		m->version = str_trim(str_sub(request, 1, request.len - 2));
	} else if (!request.len || str_chr(request, '*') != STR_NOT_FOUND || str_chr(request, ',') != STR_NOT_FOUND ||
		   str_chr(request, '$') != STR_NOT_FOUND || !ascii_digit(request.s[0])) {
		m->declared = request.len ? request : STR("*");
	} else {
		m->version = request;
		bom_property(r->bom, c, "bomgate:certainty", STR("declared minimum"));
	}
}

static const struct xml *parse(struct reading *r)
{
	struct str why = STR_NONE;
	size_t offset = 0;
	const struct xml *x = xml_parse(r->arena, r->text, &why, &offset);

	if (!x)
		reading_error(r, offset, "not valid XML: %.*s", STR_ARG(why));
	return x;
}

enum result source_nuget_config(struct reading *r)
{
	const struct xml *root = parse(r);

	if (!root)
		return FAILED;
	if (!xml_is(root, "packages"))
		return reading_error(r, root->offset, "the root element is not <packages>: is this a packages.config of NuGet?");
	for (XML_EACH(p, root)) {
		struct str id = xml_attribute(p, "id"), version = xml_attribute(p, "version");
		if (!xml_is(p, "package"))
			continue;
		if (!id.len || !version.len) {
			reading_problem(r, p->offset, "a package without id and version");
			continue;
		}
		uint32_t c = reading_add(r, STR_NONE, id, version, p->offset);
		r->bom->components[c].scope = str_eq_nocase(xml_attribute(p, "developmentDependency"), STR("true")) ? SCOPE_DEV : SCOPE_RUNTIME;
	}
	return reading_done(r);
}

static void read_properties(struct reading *r, struct nuget_project *p, const struct xml *group)
{
	for (XML_EACH(e, group)) {
		struct str *value = ARENA_NEW(r->arena, struct str);
		*value = e->text.len ? e->text : STR("");
		map_put(&p->properties, arena_lower(r->arena, e->name), NULL)->value.ptr = value;
	}
}

static struct str attribute_or_child(const struct xml *x, const char *name)
{
	struct str v = xml_attribute(x, name);

	return v.len ? v : xml_child_text(x, name);
}

/* Windows paths with backslashes as ours. */
static struct str slashes(struct arena *a, struct str path)
{
	char *s = arena_cstr(a, path);

	for (size_t i = 0; i < path.len; i++)
		if (s[i] == '\\')
			s[i] = '/';
	return str_make(s, path.len);
}

static void add_project_reference(struct reading *r, const struct xml *e)
{
	struct str path = slashes(r->arena, xml_attribute(e, "Include")), base, dir;
	size_t slash = str_rchr(path, '/'), dot;

	if (!path.len || str_has(path, STR("$(")))
		return;
	base = slash == STR_NOT_FOUND ? path : str_from(path, slash + 1);
	dir = slash == STR_NOT_FOUND ? STR(".") : str_sub(path, 0, slash);
	dot = str_rchr(base, '.');
	uint32_t c = reading_add(r, STR_NONE, dot == STR_NOT_FOUND ? base : str_sub(base, 0, dot), STR_NONE, e->offset);
	reading_local(r, c, reading_dir(r), dir);
	r->bom->components[c].direct = r->bom->components[c].direct_known = true;
	bom_depend(r->bom, r->bom->subject, c, DEPENDS_ON, 0);
}

static void add_reference(struct reading *r, struct nuget_project *p, const struct xml *e)
{
	struct str name = xml_attribute(e, "Include"), version = attribute_or_child(e, "Version");
	struct str override = attribute_or_child(e, "VersionOverride");
	bool build = str_eq_nocase(attribute_or_child(e, "PrivateAssets"), STR("all")) || xml_is(e, "GlobalPackageReference");

	if (!name.len) /* Update= and Remove= change others */
		return;
	if (override.len)
		version = override;
	for (struct str rest = name; rest.s;) {
		struct str one = str_trim(str_cut(&rest, ';'));
		if (!one.len)
			continue;
		uint32_t c = reading_add(r, STR_NONE, one, STR_NONE, e->offset);
		nuget_version(r, c, version);
		r->bom->components[c].scope = build ? SCOPE_BUILD : SCOPE_RUNTIME;
		r->bom->components[c].direct = r->bom->components[c].direct_known = true;
		*VEC_ADD(r->arena, &p->references) = (struct nuget_reference){ c, arena_lower(r->arena, one), version };
		if (r->bom->subject != NO_COMPONENT)
			bom_depend(r->bom, r->bom->subject, c, DEPENDS_ON, build ? SCOPE_BUILD : SCOPE_RUNTIME);
	}
}

static void add_central(struct reading *r, struct nuget_project *p, const struct xml *e)
{
	struct str name = xml_attribute(e, "Include"), version = attribute_or_child(e, "Version");

	if (!name.len)
		return;
	uint32_t c = reading_add(r, STR_NONE, name, STR_NONE, e->offset);
	nuget_version(r, c, version);
	*VEC_ADD(r->arena, &p->versions) = (struct nuget_reference){ c, arena_lower(r->arena, name), version };
}

static void read_items(struct reading *r, struct nuget_project *p, const struct xml *group)
{
	for (XML_EACH(e, group)) {
		if (xml_is(e, "PackageReference") || xml_is(e, "GlobalPackageReference"))
			add_reference(r, p, e);
		else if (xml_is(e, "PackageVersion"))
			add_central(r, p, e);
		else if (xml_is(e, "ProjectReference") && r->bom->subject != NO_COMPONENT)
			add_project_reference(r, e);
	}
}

static enum result read_project(struct reading *r, bool own)
{
	struct nuget_project *p = r->data = ARENA_NEW(r->arena, struct nuget_project);
	const struct xml *root = parse(r);

	map_init(&p->properties, r->arena);
	map_init(&p->central, r->arena);
	map_init(&p->asked, r->arena);
	if (!root)
		return FAILED;
	if (!xml_is(root, "Project"))
		return reading_error(r, root->offset, "the root element is not <Project>: is this a file of MSBuild?");
	for (XML_EACH(g, root))
		if (xml_is(g, "PropertyGroup"))
			read_properties(r, p, g);
	if (own) {
		size_t slash = str_rchr(r->path, '/'), dot;
		struct str base = slash == STR_NOT_FOUND ? r->path : str_from(r->path, slash + 1);
		struct map_entry *version = map_get(&p->properties, STR("version"));
		dot = str_rchr(base, '.');
		uint32_t subject = reading_subject(r, str_sub(base, 0, dot), STR_NONE);
		struct str v = version ? *(struct str *)version->value.ptr : STR_NONE;
		if (v.len && !str_has(v, STR("$(")))
			r->bom->components[subject].version = v;
		struct map_entry *licence = map_get(&p->properties, STR("packagelicenseexpression"));
		if (licence)
			reading_licence(r, subject, *(struct str *)licence->value.ptr);
	}
	for (XML_EACH(g, root)) {
		if (xml_is(g, "ItemGroup"))
			read_items(r, p, g);
		else if (xml_is(g, "Choose"))
			for (XML_EACH(w, g))
				for (XML_EACH(inner, w))
					if (xml_is(inner, "ItemGroup"))
						read_items(r, p, inner);
	}
	for (size_t i = p->versions.n; i-- > 0;) /* the first of a name counts */
		map_put(&p->central, p->versions.items[i].name, NULL)->value.ptr = &p->versions.items[i];
	for (size_t i = p->references.n; i-- > 0;)
		map_put(&p->asked, p->references.items[i].name, NULL)->value.ptr = &p->references.items[i];
	return reading_done(r);
}

enum result source_nuget_project(struct reading *r)
{
	return read_project(r, true);
}

enum result source_nuget_props(struct reading *r)
{
	return read_project(r, false);
}
