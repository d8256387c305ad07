#include "cmd/api_private.h"

#include "identity/purl.h"
#include "source/source.h"
#include "vuln/ecosystem.h"

struct doubt {
	const struct registry_statement *said;
	struct str names, dir; /* names in lower case */
};

struct keeping {
	struct arena *arena;
	const struct bom *bom;
	const struct policy *policy;
	struct str server;
	const struct reader **readers; /* of the inputs; NULL: a document made elsewhere */
	VEC(struct doubt) doubts;
	VEC(struct str) globs; /* `private`, in lower case */
	struct map own;	       /* "ecosystem\tnamespace" of the product's own parts, in lower case */
	struct kept_names *out;
};

const char *kept_words(enum kept_kind kind)
{
	static const char *const words[] = { [KEPT_NAMED] = "named by `private`",
					     [KEPT_ORIGIN] = "from a registry, archive or commit of their own",
					     [KEPT_SETTINGS] = "that may be from another registry that files of the repository name",
					     [KEPT_FORGE] = "on no well-known public forge",
					     [KEPT_OWN] = "in the product's own namespace",
					     [KEPT_INSTALLED] = "installed from a registry that is not told" };

	return words[kind];
}

static struct str key_of(struct arena *a, struct str ecosystem, struct str name)
{
	return arena_lower(a, arena_concat(a, ecosystem_base(ecosystem), STR("\t"), name));
}

/* ---- namespaces */

/* Up to the n-th separator; the whole text where it has fewer, absent where it has fewer than `least` of them. */
static struct str parts(struct str text, char separator, int n, int least)
{
	size_t at = 0;

	for (int i = 0; i < n; i++) {
		size_t next = str_chr(str_from(text, at), separator);
		if (next == STR_NOT_FOUND)
			return i < least ? STR_NONE : text;
		at += next + 1;
	}
	return str_sub(text, 0, at - 1);
}

/* The part of a name that belongs to one owner; absent where the ecosystem has none. */
static struct str namespace_of(struct str ecosystem, struct str name)
{
	struct str base = ecosystem_base(ecosystem), group;

	if (str_is(base, "npm"))
		return str_starts(name, STR("@")) ? parts(name, '/', 1, 1) : STR_NONE;
	if (str_is(base, "Packagist") || str_is(base, "GitHub Actions"))
		return parts(name, '/', 1, 1);
	if (str_is(base, "Go") || str_is(base, "SwiftURL"))
		return registry_is_forge(parts(name, '/', 1, 1)) ? parts(name, '/', 2, 1) : STR_NONE;
	if (str_is(base, "NuGet"))
		return parts(name, '.', 1, 1);
	if (!str_is(base, "Maven"))
		return STR_NONE;
	group = parts(name, ':', 1, 1);
	return parts(group, '.', str_starts(group, STR("io.github.")) || str_starts(group, STR("com.github.")) ? 3 : 2, 0);
}

static void add_own(struct keeping *k, const char *ecosystem, struct str namespace)
{
	if (namespace.len)
		map_put(&k->own, key_of(k->arena, str_of(ecosystem), namespace), NULL);
}

/* The owner of the repository names packages by itself on forges and in registries that have owners. */
static void add_owner(struct keeping *k, struct str owner)
{
	static const char *const forges[] = { "github.com/", "gitlab.com/", "bitbucket.org/", "codeberg.org/" };

	owner = str_sub(owner, 0, str_chr(owner, '/'));
	if (!owner.len)
		return;
	add_own(k, "npm", arena_concat(k->arena, STR("@"), owner, STR_NONE));
	add_own(k, "Packagist", owner);
	add_own(k, "GitHub Actions", owner);
	for (size_t i = 0; i < sizeof forges / sizeof forges[0]; i++) {
		add_own(k, "Go", arena_concat(k->arena, str_of(forges[i]), owner, STR_NONE));
		add_own(k, "SwiftURL", arena_concat(k->arena, str_of(forges[i]), owner, STR_NONE));
	}
}

/* ---- reasons */

static bool is_url_public(struct arena *a, struct str ecosystem, struct str url)
{
	if (!str_has(url, STR("://")))
		url = arena_concat(a, STR("https://"), url, STR_NONE);
	return registry_url_is_public(ecosystem_base(ecosystem), url);
}

static struct str host_of(struct str url)
{
	struct str path, host = registry_host(url, &path);

	return host.len ? host : STR("an address of its own");
}

/* What the component itself says of where it is from; absent where that is the ecosystem's registry, or nothing. */
static struct str own_origin(struct keeping *k, const struct component *c, struct str ecosystem)
{
	const struct component_more *more = component_more(c);

	if (more->registry.len)
		return more->registry;
	for (VEC_EACH(const struct property, p, &c->qualifiers)) {
		if (str_is(p->name, "vcs_url"))
			return host_of(p->value);
		if ((str_is(p->name, "repository_url") || str_is(p->name, "download_url") || str_is(p->name, "registry_url")) &&
		    !is_url_public(k->arena, ecosystem, p->value))
			return host_of(p->value);
	}
	for (VEC_EACH(const struct property, p, &c->properties))
		if (str_is(p->name, "bomgate:registry"))
			return host_of(p->value);
	if (c->download.len && !str_is(c->download, "NOASSERTION") && !str_is(c->download, "NONE") && !registry_url_is_public(ecosystem_base(ecosystem), c->download))
		return host_of(c->download);
	for (VEC_EACH(const struct external_reference, e, &more->references))
		if (str_is(e->type, "distribution") && !registry_url_is_public(ecosystem_base(ecosystem), e->url))
			return host_of(e->url);
	if (c->commit.len)
		return STR("a commit");
	if (c->vcs.len && !registry_is_forge(host_of(c->vcs)))
		return host_of(c->vcs);
	return STR_NONE;
}

static bool on_one_line(struct str a, struct str b)
{
	return tree_below(a, b) || tree_below(b, a);
}

static bool counts_for(const struct keeping *k, const struct doubt *s, const struct component *c)
{
	for (VEC_EACH(const struct evidence, e, &c->evidence)) {
		const struct reader *row = e->input < k->bom->inputs.n ? k->readers[e->input] : NULL;
		if (!row)
			return true;
		if ((row->flags & READER_ORIGINS) && !s->said->replaces)
			continue;
		if (s->said->everywhere || on_one_line(str_folder(k->bom->inputs.items[e->input].path), s->dir))
			return true;
	}
	return !c->evidence.n;
}

static struct str settings_say(struct keeping *k, const struct component *c, struct str ecosystem, struct str name)
{
	struct str base = ecosystem_base(ecosystem);

	for (VEC_EACH(const struct doubt, s, &k->doubts)) {
		if (!str_one_of(s->said->ecosystem, base) || (s->names.s && !path_glob(s->names, name)) || !counts_for(k, s, c))
			continue;
		return arena_printf(k->arena, "%.*s (%.*s)", STR_ARG(s->said->registry.len ? s->said->registry : STR("a registry that is not written out")),
				    STR_ARG(s->said->path));
	}
	return STR_NONE;
}

/* Was the component read from a file of a tree whose settings were not looked at? That would be a fault of ours: it keeps back. */
static bool settings_unread(const struct keeping *k, const struct component *c)
{
	for (VEC_EACH(const struct evidence, e, &c->evidence))
		if (!k->bom->registries_read && e->input < k->bom->inputs.n && k->readers[e->input])
			return true;
	return false;
}

static struct str forge_doubt(const struct keeping *k, struct str ecosystem, struct str name)
{
	struct str base = ecosystem_base(ecosystem), host = parts(name, '/', 1, 0);

	if (str_is(base, "GitHub Actions") && k->server.len && !str_is(k->server, "https://github.com"))
		return STR("actions of a server of one's own");
	if (!str_is(base, "Go") && !str_is(base, "SwiftURL"))
		return STR_NONE;
	if (registry_is_forge(host) || (str_is(base, "Go") && (str_is(name, "stdlib") || str_is(name, "toolchain"))))
		return STR_NONE;
	return host;
}

static bool is_installed(const struct keeping *k, const struct component *c, struct str ecosystem)
{
	const struct ecosystem *known = ecosystem_find(ecosystem);

	if (known && (known->flags & DISTRIBUTION))
		return false;
	for (VEC_EACH(const struct evidence, e, &c->evidence))
		if (e->input < k->bom->inputs.n && k->readers[e->input] && (k->readers[e->input]->flags & READER_INSTALLED))
			return true;
	return false;
}

static bool named_private(const struct keeping *k, struct str low)
{
	for (size_t i = 0; i < k->globs.n; i++)
		if (path_glob(k->globs.items[i], low))
			return true;
	return false;
}

/* False: nothing speaks against sending the name. */
static bool reason(struct keeping *k, const struct component *c, struct str ecosystem, struct str name, enum kept_kind *kind, struct str *why)
{
	struct str low = arena_lower(k->arena, name), space = namespace_of(ecosystem, name);

	*why = STR_NONE;
	if (named_private(k, low) || named_private(k, arena_lower(k->arena, c->name)))
		return *kind = KEPT_NAMED, *why = STR("`private` of the configuration"), true;
	if ((*why = own_origin(k, c, ecosystem)).s)
		return *kind = KEPT_ORIGIN, true;
	if ((*why = settings_say(k, c, ecosystem, low)).s)
		return *kind = KEPT_SETTINGS, true;
	if (settings_unread(k, c))
		return *kind = KEPT_SETTINGS, *why = STR("the files that name registries were not read"), true;
	if ((*why = forge_doubt(k, ecosystem, name)).s)
		return *kind = KEPT_FORGE, true;
	if (space.len && map_has(&k->own, key_of(k->arena, ecosystem, space)))
		return *kind = KEPT_OWN, *why = space, true;
	if (is_installed(k, c, ecosystem))
		return *kind = KEPT_INSTALLED, *why = STR("an installed package names no registry"), true;
	return false;
}

/* ---- all */

static void keep(struct keeping *k, struct str ecosystem, struct str name, enum kept_kind kind, struct str why)
{
	bool fresh;
	struct map_entry *e = map_put(&k->out->by_name, key_of(k->arena, ecosystem, name), &fresh);

	if (!fresh)
		return;
	struct kept *one = ARENA_NEW(k->arena, struct kept);
	*one = (struct kept){ .kind = kind, .ecosystem = ecosystem, .name = name, .why = why };
	e->value.ptr = one;
}

static void add_doubts(struct keeping *k, const struct bom *b)
{
	for (VEC_EACH(const struct registry_statement, s, &b->registries)) {
		struct str dir = str_folder(s->path);
		if (str_is(dir, ".cargo") || str_ends(dir, STR("/.cargo")) || str_is(dir, ".bundle") || str_ends(dir, STR("/.bundle")))
			dir = str_folder(dir); /* a folder of settings stands for the one that it lies in */
		*VEC_ADD(k->arena, &k->doubts) = (struct doubt){ s, s->names.s ? arena_lower(k->arena, s->names) : STR_NONE, dir };
	}
}

static void prepare(struct keeping *k)
{
	const struct bom *b = k->bom;

	map_init(&k->own, k->arena);
	k->readers = arena_array(k->arena, b->inputs.n + 1, sizeof *k->readers);
	for (size_t i = 0; i < b->inputs.n; i++)
		k->readers[i] = reader_named(b->inputs.items[i].reader);
	add_doubts(k, b);
	for (size_t i = 0; i < k->policy->private_packages.n; i++)
		*VEC_ADD(k->arena, &k->globs) = arena_lower(k->arena, k->policy->private_packages.items[i]);
	if (b->subject != NO_COMPONENT)
		add_owner(k, b->components[b->subject].group);
}

void kept_names(struct arena *a, const struct bom *b, const struct bom *user, const struct policy *p, struct str server, struct kept_names *out)
{
	struct keeping k = { .arena = a, .bom = b, .policy = p, .server = server, .out = out };
	struct advisory_identity id;
	enum kept_kind kind;
	struct str why;

	map_init(&out->by_name, a);
	prepare(&k);
	if (user)
		add_doubts(&k, user);
	for (size_t i = 0; i < b->ncomponents; i++) {
		if (!b->components[i].first_party)
			continue;
		purl_advisory_identity(a, &b->components[i], &id);
		if (!id.name.len || !ecosystem_find(id.ecosystem))
			continue;
		keep(&k, id.ecosystem, id.name, KEPT_OWN, STR("a part of the product"));
		struct str space = namespace_of(id.ecosystem, id.name);
		if (space.len)
			map_put(&k.own, key_of(a, id.ecosystem, space), NULL);
	}
	for (size_t i = 0; i < b->ncomponents; i++) {
		if (b->components[i].first_party)
			continue;
		purl_advisory_identity(a, &b->components[i], &id);
		if (id.name.len && ecosystem_find(id.ecosystem) && reason(&k, &b->components[i], id.ecosystem, id.name, &kind, &why))
			keep(&k, id.ecosystem, id.name, kind, why);
	}
}

struct kept *kept_of(struct arena *a, const struct kept_names *k, struct str ecosystem, struct str name)
{
	const struct map_entry *e = map_get(&k->by_name, key_of(a, ecosystem, name));

	return e ? e->value.ptr : NULL;
}
