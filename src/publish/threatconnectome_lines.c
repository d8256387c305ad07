/* What Threatconnectome reads: which documents its SBOM reader takes (api/app/sbom, run against its parser), and the package lines for
 * all others, spelled as that reader would spell them, so that a change of the scanner deletes no tickets. */
#include "identity/purl.h"
#include "publish/receiver.h"
#include "syntax/json_writer.h"

/* Package managers by the file that names the package, as api/app/sbom/parser/syft_common.py has them. */
static const struct {
	const char *file, *manager; /* '*' before: a suffix of the name */
} managers[] = {
	{ "conanfile.txt", "conan" },	  { "conan.lock", "conan" },	 { "pubspec.lock", "pub" },	 { "*.deps.json", "dotnet" },
	{ "mix.lock", "mix" },		  { "rebar.lock", "rebar" },	 { "go.mod", "gomod" },		 { "stack.yaml", "hackage" },
	{ "stack.yaml.lock", "hackage" }, { "cabal.project.freeze", "hackage" }, { "pom.xml", "pom" }, { "package-lock.json", "npm" },
	{ "yarn.lock", "yarn" },	  { "pnpm-lock.yaml", "pnpm" },	 { "installed.json", "composer" }, { "composer.lock", "composer" },
	{ "*requirements.txt", "pip" },	  { "setup.py", "pip" },	 { "poetry.lock", "poetry" },	 { "Pipfile.lock", "pipenv" },
	{ "*.rpm", "rpm" },		  { "Gemfile.lock", "gem" },	 { "*.gemspec", "gemspec" },	 { "Cargo.lock", "cargo" },
	{ "Podfile.lock", "pod" },
};

static const char *manager_of(struct str path)
{
	size_t slash = str_rchr(path, '/');
	struct str name = slash == STR_NOT_FOUND ? path : str_from(path, slash + 1);

	for (size_t i = 0; i < sizeof managers / sizeof managers[0]; i++) {
		const char *file = managers[i].file;
		if (file[0] == '*' ? str_ends(name, str_of(file + 1)) : str_is(name, file))
			return managers[i].manager;
	}
	return str_has(name, STR("requirements")) && str_ends(name, STR(".txt")) ? "pip" : "";
}

/* ---- may it go as it is? */

static const char *refuses_tool(const struct bom *b, bool trivy_only)
{
	const struct document *d = &b->document;

	if (d->tools.n != 1)
		return d->tools.n ? "its document names several tools" : "its document names no tool";
	if (str_is(d->tools.items[0].name, "trivy") || (!trivy_only && str_is(d->tools.items[0].name, "syft")))
		return NULL;
	return "it takes documents of Trivy and Syft only";
}

/* What its reader of Trivy's documents stumbles over without telling anybody. */
static const char *refuses_graph(const struct json *tree)
{
	const struct json *components = json_get(tree, "components");

	if (!json_get_string(json_path(tree, "metadata.component"), "bom-ref").len)
		return "the document has no metadata.component with a bom-ref";
	if (json_count(components) && !json_count(json_get(tree, "dependencies")))
		return "the document has no dependencies";
	return NULL;
}

static const char *refuses_keys(const struct json *tree)
{
	static const char *const known[] = { "$schema",	     "bomFormat",    "specVersion",  "serialNumber",	"version",     "metadata",   "components",
					     "services",     "externalReferences", "dependencies", "compositions", "vulnerabilities", "annotations",
					     "formulation",  "declarations", "definitions",  "properties",	"signature" };

	for (JSON_EACH(member, tree)) {
		bool found = false;
		for (size_t i = 0; i < sizeof known / sizeof known[0] && !found; i++)
			found = str_is(json_key(member), known[i]);
		if (!found)
			return "the document has a key that CycloneDX does not know";
	}
	return NULL;
}

const char *threatconnectome_refuses(struct arena *a, const struct bom *b, struct str bytes)
{
	const struct document *d = &b->document;
	struct str version = d->version;

	if (!str_starts(bytes, STR("{")))
		return "it takes plain JSON only";
	if (str_is(d->standard, "spdx")) {
		const struct json *tree = json_parse(a, bytes, NULL, NULL);
		if (!str_is(json_get_string(tree, "spdxVersion"), "SPDX-2.3"))
			return "of SPDX it takes version 2.3 only, and no wrapper";
		for (JSON_EACH(creator, json_path(tree, "creationInfo.creators")))
			if (str_starts(json_string(creator), STR("Tool:")))
				return str_starts(str_trim(str_from(json_string(creator), 5)), STR("syft-")) ? NULL : "of SPDX it takes documents of Syft only";
		return "its document names no tool";
	}
	if (!str_is(d->standard, "cyclonedx"))
		return "it takes CycloneDX and SPDX 2.3 only";
	bool newer = str_is(version, "1.5") || str_is(version, "1.6");
	if (!newer && !str_is(version, "1.4"))
		return "of CycloneDX it takes the versions 1.4 to 1.6 only";
	const char *why = refuses_tool(b, false);
	if (why)
		return why;
	const struct json *tree = json_parse(a, bytes, NULL, NULL);
	if (!tree || !json_get(tree, "bomFormat"))
		return "the document is wrapped";
	why = refuses_keys(tree);
	if (why || str_is(d->tools.items[0].name, "syft"))
		return why;
	return newer ? refuses_graph(tree) : "of Trivy it takes CycloneDX 1.5 and 1.6 only";
}

/* ---- package lines */

static bool is_os(struct str type)
{
	return str_is(type, "deb") || str_is(type, "apk") || str_is(type, "rpm");
}

/* "debian-12", "alpine-3.19.1", "rocky-9.3", "wolfi": the distribution as its reader names it; else the purl's type. */
static struct str ecosystem_of(struct arena *a, const struct component *c, const struct purl *p)
{
	struct str distro = arena_lower(a, purl_qualifier(p, "distro"));

	if (!is_os(p->type))
		return arena_lower(a, p->type);
	if (!distro.len && str_chr(c->ecosystem, ':') != STR_NOT_FOUND) { /* "Alpine:v3.19" */
		struct str release = str_from(c->ecosystem, str_chr(c->ecosystem, ':') + 1);
		release = str_starts(release, STR("v")) ? str_from(release, 1) : release;
		release = str_sub(release, 0, str_chr(release, ':'));
		struct str name = arena_lower(a, str_sub(c->ecosystem, 0, str_chr(c->ecosystem, ':')));
		name = str_sub(name, 0, str_chr(name, ' '));
		distro = arena_concat(a, name, STR("-"), release);
	}
	if (!distro.len)
		return arena_lower(a, p->type);
	if (ascii_digit(distro.s[0])) /* Trivy's Alpine: the number alone */
		distro = arena_concat(a, p->namespace_.len ? p->namespace_ : p->type, STR("-"), distro);
	if (str_starts(distro, STR("wolfi")))
		return STR("wolfi");
	size_t dot = str_chr(distro, '.');
	if ((str_starts(distro, STR("debian-")) || str_starts(distro, STR("centos-"))) && dot != STR_NOT_FOUND)
		distro = str_sub(distro, 0, dot);
	return distro;
}

static struct str package_name(struct arena *a, const struct purl *p)
{
	return arena_lower(a, p->namespace_.len && !is_os(p->type) ? arena_concat(a, p->namespace_, STR("/"), p->name) : p->name);
}

static struct str without_slash(struct str path)
{
	while (path.len && path.s[0] == '/')
		path = str_from(path, 1);
	return path;
}

struct targets {
	struct str *items;
	size_t n, cap;
};

static void add_target(struct arena *a, struct targets *t, struct str path)
{
	path = without_slash(path);
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->items[i], path))
			return;
	*VEC_ADD(a, t) = path;
}

/* The files that name the component: as CycloneDX's evidence, Syft's and Trivy's properties have them. */
static void targets_of(struct arena *a, const struct component *c, struct targets *out)
{
	for (VEC_EACH(const struct extra, x, &c->extra)) {
		if (!str_is(x->field, "evidence"))
			continue;
		const struct json *evidence = json_parse(a, x->json, NULL, NULL);
		for (JSON_EACH(one, json_get(evidence, "occurrences")))
			if (json_get_string(one, "location").len)
				add_target(a, out, json_get_string(one, "location"));
	}
	for (VEC_EACH(const struct property, x, &c->properties))
		if ((str_starts(x->name, STR("syft:location:")) && str_ends(x->name, STR(":path"))) || str_is(x->name, "aquasecurity:trivy:FilePath"))
			add_target(a, out, x->value);
	if (!out->n)
		add_target(a, out, STR(""));
}

/* One line for each package manager of the component's files. */
static void write_lines(struct arena *a, struct json_writer *w, struct buf *out, const struct component *c, const struct purl *p)
{
	struct targets targets = { 0 };
	struct str ecosystem = ecosystem_of(a, c, p), version = is_os(p->type) ? purl_own_version(a, c) : c->version;

	targets_of(a, c, &targets);
	for (size_t i = 0; i < targets.n; i++) {
		const char *manager = manager_of(targets.items[i]);
		bool done = false;
		for (size_t k = 0; k < i && !done; k++)
			done = strcmp(manager_of(targets.items[k]), manager) == 0;
		if (done)
			continue;
		json_writer_init(w, out, true);
		json_begin_object(w);
		json_member(w, "package_name", package_name(a, p));
		json_put_key(w, "source_name");
		if (is_os(p->type) && component_more(c)->source_name.len)
			json_put_string(w, component_more(c)->source_name);
		else
			json_put_null(w);
		json_member(w, "ecosystem", ecosystem);
		json_member(w, "package_manager", str_of(manager));
		json_put_key(w, "references");
		json_begin_array(w);
		for (size_t k = i; k < targets.n; k++) {
			if (strcmp(manager_of(targets.items[k]), manager) != 0)
				continue;
			json_begin_object(w);
			json_member(w, "version", version.len ? version : c->version);
			json_member(w, "target", targets.items[k]);
			json_end_object(w);
		}
		json_end_array(w);
		json_end_object(w);
		if (!out->len || out->s[out->len - 1] != '\n')
			buf_addc(out, '\n');
	}
}

struct str threatconnectome_lines(struct arena *a, const struct bom *b, size_t *sent, size_t *left_out)
{
	struct json_writer w;
	struct buf out;

	*sent = *left_out = 0;
	buf_init(&out, 0);
	for (uint32_t i = 0; i < b->ncomponents; i++) {
		const struct component *c = &b->components[i];
		struct purl p;
		struct str why;
		if (c->first_party || c->type == COMPONENT_FILE || i == b->subject || (c->type == COMPONENT_OPERATING_SYSTEM && !c->purl.len))
			continue;
		if (!c->version.len || !c->purl.len || !purl_parse(a, c->purl, &p, &why)) {
			(*left_out)++;
			continue;
		}
		write_lines(a, &w, &out, c, &p);
		(*sent)++;
	}
	struct str text = arena_str(a, buf_str(&out));
	buf_free(&out);
	return text;
}
