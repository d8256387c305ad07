/* Podfile.lock (CocoaPods Core, lockfile.rb): PODS with their dependencies, where pods from elsewhere come from. A subspec
 * "A/B" is the pod A with the subpath B. */
#include "source/reading_yaml.h"

struct pods {
	struct reading *r;
	struct map by_name; /* full name with subspec to component index */
	const struct value *external, *checkout;
};

/* "Name/Sub (1.2)": the name before the blank, what stands in the brackets. */
static struct str cut_pod(struct str text, struct str *inside)
{
	size_t open = str_find(text, STR(" ("), 0);

	*inside = STR_NONE;
	if (open == STR_NOT_FOUND)
		return str_trim(text);
	struct str rest = str_from(text, open + 2);
	*inside = str_sub(rest, 0, str_rchr(rest, ')'));
	return str_sub(text, 0, open);
}

static struct str pod_of(struct str full)
{
	return str_sub(full, 0, str_chr(full, '/'));
}

static void set_source(struct pods *p, uint32_t c, struct str pod)
{
	const struct value *from = value_get_str(p->external, pod), *out = value_get_str(p->checkout, pod);
	struct str path = value_get_text(from, ":path"), git = value_get_text(out, ":git");

	if (!git.s)
		git = value_get_text(from, ":git");
	if (git.s) {
		struct str commit = value_get_text(out, ":commit");
		reading_vcs(p->r, c, git, commit.s ? commit : value_get_text(from, ":commit"));
	} else if (path.s) {
		/* React Native and Flutter link pods out of packages that their own lockfiles name. */
		bool others = str_has(path, STR("node_modules/")) || str_has(path, STR(".symlinks/"));
		reading_local(p->r, c, reading_dir(p->r), path);
		if (others)
			p->r->bom->components[c].first_party = false;
	} else if (value_get_text(from, ":http").s)
		p->r->bom->components[c].download = value_get_text(from, ":http");
}

static void add_pod(struct pods *p, struct str text, size_t offset)
{
	struct reading *r = p->r;
	struct str version, full = cut_pod(text, &version), pod = pod_of(full);
	bool fresh;
	struct map_entry *e = map_put(&p->by_name, full, &fresh);

	if (!fresh) {
		reading_problem(r, offset, "the pod \"%.*s\" stands twice: run pod install again", STR_ARG(str_sub(full, 0, 200)));
		return;
	}
	if (!version.len)
		reading_problem(r, offset, "a pod without its version: run pod install again");
	uint32_t c = reading_add(r, STR_NONE, pod, version, offset);
	e->value.num = c;
	r->bom->components[c].purl_type = STR("cocoapods");
	if (full.len > pod.len)
		component_add_more(r->arena, &r->bom->components[c])->subpath = str_from(full, pod.len + 1);
	r->bom->components[c].direct_known = true;
	set_source(p, c, pod);
}

enum result source_cocoapods(struct reading *r)
{
	const struct value *root = reading_yaml(r, false);
	struct pods p = { .r = r };
	struct str inside;

	if (!root)
		return FAILED;
	const struct value *list = value_get(root, "PODS");
	if (list && list->type != VALUE_LIST && list->type != VALUE_NULL)
		return reading_error(r, list->offset, "PODS must be a list: run pod install again");
	if (!list && !value_get(root, "COCOAPODS"))
		return reading_error(r, 0, "neither PODS nor COCOAPODS: this is no whole lockfile; run pod install again");
	map_init(&p.by_name, r->arena);
	p.external = value_get(root, "EXTERNAL SOURCES");
	p.checkout = value_get(root, "CHECKOUT OPTIONS");
	for (VALUE_EACH(e, list)) {
		const struct value *key = value_first(e);
		if (e->type == VALUE_TABLE && key)
			add_pod(&p, key->key, key->offset);
		else if (e->type == VALUE_STRING)
			add_pod(&p, e->text, e->offset);
		else
			reading_problem(r, e->offset, "a pod is a name with its version here");
	}
	for (VALUE_EACH(e, list)) {
		const struct value *key = value_first(e);
		struct map_entry *from = key ? map_get(&p.by_name, cut_pod(key->key, &inside)) : NULL;
		for (VALUE_EACH(d, from ? key : NULL)) {
			struct map_entry *to = map_get(&p.by_name, cut_pod(value_text(d), &inside));
			if (to && to != from)
				bom_depend(r->bom, (uint32_t)from->value.num, (uint32_t)to->value.num, DEPENDS_ON, 0);
		}
	}
	for (VALUE_EACH(d, value_get(root, "DEPENDENCIES"))) {
		struct map_entry *e = map_get(&p.by_name, cut_pod(value_text(d), &inside));
		if (e)
			r->bom->components[e->value.num].direct = true;
	}
	return reading_done(r);
}
