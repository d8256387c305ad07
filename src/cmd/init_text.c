/* The text of a first configuration. */
#include "cmd/init.h"
#include "identity/purl.h"

void init_quote(struct buf *out, struct str text)
{
	buf_addc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.s[i];
		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			buf_printf(out, "\\x%02x", c);
		else
			buf_addc(out, (char)c);
	}
	buf_addc(out, '"');
}

static void add_folder(struct arena *a, struct str_list *list, struct str folder)
{
	size_t at = 0;

	while (at < list->n && str_cmp(list->items[at], folder) < 0)
		at++;
	if (at < list->n && str_eq(list->items[at], folder))
		return;
	(void)VEC_ADD(a, list);
	memmove(&list->items[at + 1], &list->items[at], (list->n - 1 - at) * sizeof *list->items);
	list->items[at] = folder;
}

/* Tools that put development dependencies into what ships. */
static bool is_bundler(struct str name)
{
	static const char *const names[] = { "webpack", "vite",	  "rollup", "esbuild",	 "parcel", "next",    "nuxt",	"turbopack", "bun",	   "browserify",
					     "snowpack", "rspack", "astro",  "@rspack/core", "rolldown", "react-scripts", "@angular/cli", "@sveltejs/kit" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_is(name, names[i]))
			return true;
	return false;
}

void init_look(struct arena *a, const struct bom *b, struct init_facts *out)
{
	for (VEC_EACH(const struct input, in, &b->inputs))
		if (!in->manifest && in->components)
			add_folder(a, &out->folders, str_folder(in->path));
	for (size_t i = 0; i < b->ncomponents; i++) {
		const struct component *c = &b->components[i];
		struct str name = c->group.len ? arena_concat(a, c->group, STR("/"), c->name) : c->name;
		out->development = out->development || (c->scope & (SCOPE_DEV | SCOPE_TEST) && !(c->scope & SCOPE_RUNTIME));
		if (!out->bundler.s && str_is(c->ecosystem, "npm") && is_bundler(name))
			out->bundler = name;
	}
}

static void service_text(struct arena *a, const struct init_answers *w, const struct init_facts *facts, struct buf *out)
{
	buf_adds(out, "services:\n  - name: ");
	init_quote(out, w->name);
	buf_adds(out, "\n");
	if (w->owner.len) {
		buf_adds(out, "    owner: ");
		init_quote(out, w->owner);
		buf_adds(out, "\n");
	} else {
		buf_adds(out, "    # owner: \"@acme/web\"\n");
	}
	if (facts->folders.n > 1) {
		buf_adds(out, "    # Lockfiles lie in several folders; a service each, by paths, lets their exposure differ:\n    # paths: [");
		for (size_t i = 0; i < facts->folders.n && i < 8; i++) {
			struct str f = facts->folders.items[i];
			buf_adds(out, i ? ", " : "");
			init_quote(out, f.len ? arena_concat(a, f, STR("/**"), STR("")) : STR("*"));
		}
		buf_adds(out, facts->folders.n > 8 ? ", …]\n" : "]\n");
	}
	buf_adds(out, "    # SSVC System Exposure: small (a local program), controlled (reachable with limits that hold), open (the internet).\n");
	buf_printf(out, "    %sexposure: %.*s\n", w->exposure.len ? "" : "# ", STR_ARG(w->exposure.len ? w->exposure : STR("open")));
	buf_adds(out, "    # SSVC Human Impact: low, medium, high or very high; or safety_impact with mission_impact.\n");
	buf_printf(out, "    %shuman_impact: %.*s\n", w->human_impact.len ? "" : "# ",
		   STR_ARG(w->human_impact.len ? w->human_impact : STR("medium")));
	if (facts->bundler.len) {
		buf_adds(out, "    # ");
		buf_add(out, facts->bundler);
		buf_adds(out, " puts development dependencies into what ships: they are judged as the service.\n    development: as-service\n");
	} else if (facts->development) {
		buf_adds(out, "    # What never ships may be judged at exposure small, where the lockfile itself separates it:\n    # development: small\n");
	}
}

void init_text(struct arena *a, const struct init_answers *answers, const struct init_facts *facts, struct buf *out)
{
	buf_adds(out, "# bomgate: what closes the gate, and for which service. Every key: docs/configuration.md of bomgate.\n"
		      "# On a pull request the base commit's version of this file counts.\n");
	service_text(a, answers, facts, out);
	buf_adds(out, "gate:\n"
		      "  fail_on: out-of-cycle     # that outcome and worse: defer, scheduled, out-of-cycle, immediate; never only reports\n"
		      "  pull_request: new         # only what a change brings in closes its gate; all: everything\n"
		      "  undecided: warn           # or fail: what could not be decided closes the gate\n"
		      "  # minimum: {fail_on: out-of-cycle, allow_incomplete: false}   # inputs of the workflow may tighten, never loosen\n"
		      "# exclude: [\"**/testdata/**\"]   # files that are not looked at\n"
		      "# licences: {deny: [\"AGPL-3.0-only\"]}\n"
		      "# environments:\n"
		      "#   release: {on: [\"tag\", \"refs/heads/release/*\"], fail_on: scheduled}\n");
}

/* The purl without its version and qualifiers: an exception holds for the package until its end. */
static struct str package_of(struct arena *a, struct str text)
{
	struct purl p;
	struct str why;

	if (!text.s || !purl_parse(a, text, &p, &why))
		return STR_NONE;
	p.version = STR_NONE;
	p.qualifiers.n = 0;
	p.subpath = STR_NONE;
	return purl_format(a, &p);
}

size_t init_exceptions(struct arena *a, const struct judgement *j, const struct bom *b, struct str until, struct str today, struct buf *out)
{
	struct map seen;
	size_t n = 0;

	map_init(&seen, a);
	for (VEC_EACH(const struct finding, f, &j->findings.list)) {
		struct str package = package_of(a, b->components[f->component].purl);
		bool fresh;
		if (!gate_closes(f, &j->effective, false))
			continue;
		map_put(&seen, arena_printf(a, "%.*s\n%.*s", STR_ARG(f->id), STR_ARG(package)), &fresh);
		if (!fresh)
			continue;
		buf_adds(out, n++ ? "  - id: " : "ignore:\n  - id: ");
		init_quote(out, f->id);
		if (package.s) {
			buf_adds(out, "\n    component: ");
			init_quote(out, package);
		}
		buf_printf(out, "\n    until: %.*s\n    reason: \"there when bomgate was introduced on %.*s\"   # %.*s\n", STR_ARG(until), STR_ARG(today),
			   STR_ARG(f->decision.outcome_name));
	}
	return n;
}
