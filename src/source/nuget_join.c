/* .NET: project files with the shared files above them and the lockfiles beside them. */
#include "source/nuget.h"

/* The nearest file of that name at or above the folder (MSBuild imports only that one). */
static struct part *nearest(struct tree *t, struct str dir, const char *base)
{
	for (;;) {
		struct part *p = tree_find(t, dir, base);
		if (p && part_is(p, "nuget-props") && !p->failed)
			return p;
		if (!dir.len)
			return NULL;
		dir = str_folder(dir);
	}
}

static struct str property(const struct part *p, struct str name)
{
	struct nuget_project *m = p ? p->data : NULL;
	struct map_entry *e = m ? map_get(&m->properties, name) : NULL;

	return e ? *(struct str *)e->value.ptr : STR_NONE;
}

/* $(Name) replaced, at most 16 deep; what is not known stays. */
static struct str expand(struct arena *a, struct part *const *files, size_t n, struct str text)
{
	for (int turn = 0; turn < 16; turn++) {
		size_t open = str_find(text, STR("$("), 0), close;
		struct str value = STR_NONE;
		if (open == STR_NOT_FOUND || (close = str_chr(str_from(text, open), ')')) == STR_NOT_FOUND || text.len > LIMIT_NAME)
			break;
		struct str name = arena_lower(a, str_sub(text, open + 2, close - 2));
		for (size_t i = 0; i < n && !value.s; i++)
			value = property(files[i], name);
		if (!value.s || value.len > LIMIT_NAME)
			break;
		text = arena_concat(a, str_sub(text, 0, open), value, str_from(text, open + close + 1));
	}
	return text;
}

static struct str central_version(const struct part *props, struct str name)
{
	struct nuget_project *m = props ? props->data : NULL;
	struct map_entry *e = m ? map_get(&m->central, name) : NULL;

	return e ? ((struct nuget_reference *)e->value.ptr)->version : STR_NONE;
}

static void drop_certainty(struct component *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->properties.n; i++)
		if (!str_is(c->properties.items[i].name, "bomgate:certainty"))
			c->properties.items[kept++] = c->properties.items[i];
	c->properties.n = kept;
}

static void fill_versions(struct tree *t, struct part *p)
{
	struct nuget_project *m = p->data;
	struct part *packages = nearest(t, p->dir, "Directory.Packages.props");
	struct part *const files[] = { p, packages, nearest(t, p->dir, "Directory.Build.props") };
	struct reading r = part_reading(p);

	for (int which = 0; which < 2; which++) {
		size_t n = which ? m->versions.n : m->references.n;
		for (size_t i = 0; i < n; i++) {
			const struct nuget_reference *q = which ? &m->versions.items[i] : &m->references.items[i];
			struct str version = q->version.len ? q->version : central_version(packages, q->name);
			struct str full = expand(t->arena, files, 3, version);
			if (str_eq(full, q->version))
				continue;
			drop_certainty(&p->bom->components[q->component]);
			nuget_version(&r, q->component, full);
		}
	}
}

static bool is_lock(const struct part *p)
{
	return part_is(p, "nuget-lock") || part_is(p, "nuget-assets");
}

/* The scope by which the project, or a shared file above it, asks for a package; 0 where none of them does. */
static unsigned scope_asked(struct tree *t, const struct part *project, struct str name)
{
	const struct part *const files[] = { project, nearest(t, project->dir, "Directory.Build.props"), nearest(t, project->dir, "Directory.Packages.props") };

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		const struct nuget_project *m = files[i] ? files[i]->data : NULL;
		struct map_entry *e = m ? map_get(&m->asked, name) : NULL;
		if (e)
			return files[i]->bom->components[((struct nuget_reference *)e->value.ptr)->component].scope;
	}
	return 0;
}

/* The lockfile gets the project beside it as its own. */
static void join_lock(struct tree *t, struct part *lock, struct str dir, const struct name_index *by_dir)
{
	struct part *own = NULL;
	size_t n = 0;

	for (const struct name_entry *e = name_index_get(by_dir, dir); e; e = e->next) {
		own = &t->parts.items[e->component];
		own->covered = true;
		n++;
	}
	if (lock->failed || n != 1 || own->failed || lock->bom->subject != NO_COMPONENT)
		return;
	struct bom *b = lock->bom;
	const struct component *c = &own->bom->components[own->bom->subject];
	struct reading r = part_reading(lock);
	size_t before = b->ncomponents;
	uint32_t subject = reading_subject(&r, c->name, c->version);
	b->components[subject].evidence.n = 0;
	reading_local(&r, subject, STR(""), dir);
	for (size_t i = 0; i < before; i++) {
		if (b->components[i].direct)
			bom_depend(b, subject, (uint32_t)i, DEPENDS_ON, scope_asked(t, own, arena_lower(t->arena, b->components[i].name)));
	}
	reach_from_own(t->arena, b);
}

/* "Project" entries of lockfiles carry the name in lower case only: the project file of that name tells name and folder. */
static void find_projects(struct tree *t, struct part *lock, const struct map *by_name)
{
	struct reading r = part_reading(lock);

	for (size_t i = 0; i < lock->bom->ncomponents; i++) {
		struct component *c = &lock->bom->components[i];
		if (!c->first_party || c->properties.n)
			continue;
		struct map_entry *e = map_get(by_name, arena_lower(t->arena, c->name));
		if (e) {
			const struct part *p = e->value.ptr;
			c->name = p->bom->components[p->bom->subject].name;
			reading_local(&r, (uint32_t)i, STR(""), p->dir);
		}
	}
}

static void mark_above(struct map *folders, struct str dir)
{
	for (;; dir = str_folder(dir)) {
		map_put(folders, dir, NULL);
		if (!dir.len)
			return;
	}
}

/* Of a shared file that projects below read: its versions count where a project asks for them, but what it asks for itself
 * (PackageReference in Directory.Build.props, GlobalPackageReference) every project gets, as the lockfiles say of those that have one. */
static void share(struct tree *t, struct part *props, const struct map *unlocked)
{
	struct nuget_project *m = props->failed ? NULL : props->data;

	if (!m || !m->references.n || !map_has(unlocked, props->dir)) {
		props->covered = true;
		return;
	}
	bool *gone = arena_array(t->arena, props->bom->ncomponents + 1, sizeof *gone);
	for (VEC_EACH(const struct nuget_reference, v, &m->versions))
		gone[v->component] = true;
	part_take_out(props, gone);
}

void join_nuget(struct tree *t)
{
	struct name_index by_dir; /* project files */
	struct map by_name, used, unlocked; /* used: every folder at or above a project or lockfile; unlocked: a project without one */

	name_index_init(&by_dir, t->arena);
	map_init(&by_name, t->arena);
	map_init(&used, t->arena);
	map_init(&unlocked, t->arena);
	for (VEC_EACH(struct part, p, &t->parts)) {
		if ((part_is(p, "nuget-project") || part_is(p, "nuget-props")) && !p->failed)
			fill_versions(t, p);
		if (part_is(p, "nuget-project")) {
			name_index_add(&by_dir, p->dir, (uint32_t)(p - t->parts.items), NULL);
			if (!p->failed)
				map_put(&by_name, arena_lower(t->arena, p->bom->components[p->bom->subject].name), NULL)->value.ptr = p;
		}
		if (part_is(p, "nuget-project") || is_lock(p))
			mark_above(&used, p->dir);
	}
	for (VEC_EACH(struct part, p, &t->parts)) {
		if (!is_lock(p))
			continue;
		bool obj = part_is(p, "nuget-assets") && (str_is(p->dir, "obj") || str_ends(p->dir, STR("/obj")));
		if (!p->failed)
			find_projects(t, p, &by_name);
		join_lock(t, p, obj ? str_folder(p->dir) : p->dir, &by_dir);
	}
	for (VEC_EACH(struct part, p, &t->parts))
		if (part_is(p, "nuget-project") && !p->covered)
			mark_above(&unlocked, p->dir);
	for (VEC_EACH(struct part, props, &t->parts))
		if (part_is(props, "nuget-props") && map_has(&used, props->dir))
			share(t, props, &unlocked);
}
