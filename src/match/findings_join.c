/* Reports of others beside our own findings: one component by its folded purl, else by the name that advisories give it and its version;
 * one flaw by any id that both know. */
#include <stdlib.h>

#include "base/map.h"
#include "identity/purl.h"
#include "match/findings.h"
#include "match/lookup.h"
#include "model/cvss.h"
#include "syntax/json.h"
#include "version/version.h"

struct place {
	uint32_t component;
	struct place *next;
};

struct joining {
	struct findings_joining *j;
	const struct findings_file *file;
	struct arena *a;
	struct findings *out;
	struct map components; /* key to struct place * */
	struct map inputs;     /* path to index + 1 */
	struct map by_component; /* as text of 4 bytes: first finding + 1, chained by `next` */
	VEC(size_t) next;
	uint32_t own_input; /* the report as an input of the bom; NO_INPUT: not yet */
};

/* ---- components */

static void index_key(struct joining *x, struct str key, uint32_t component)
{
	if (!key.len)
		return;
	struct map_entry *e = map_put(&x->components, key, NULL);
	for (struct place *p = e->value.ptr; p; p = p->next)
		if (p->component == component)
			return;
	struct place *p = ARENA_NEW(x->a, struct place);
	*p = (struct place){ component, e->value.ptr };
	e->value.ptr = p;
}

static struct str name_key(struct joining *x, struct str ecosystem, struct str name, struct str version)
{
	struct str base = str_sub(ecosystem, 0, str_chr(ecosystem, ':'));

	if (!base.len || !name.len || !version.len)
		return STR_NONE;
	if (str_is(base, "Go") && version.s[0] == 'v')
		version = str_from(version, 1);
	return arena_printf(x->a, "name %.*s %.*s %.*s", STR_ARG(base), STR_ARG(purl_normal_package(x->a, base, name)), STR_ARG(version));
}

static void index_component(struct joining *x, uint32_t i)
{
	const struct component *c = &x->j->bom->components[i];
	struct advisory_identity id = { 0 };

	if (c->type == COMPONENT_FILE)
		return;
	index_key(x, purl_folded_key(x->a, c), i);
	purl_advisory_identity(x->a, c, &id);
	index_key(x, name_key(x, id.ecosystem, id.name, id.version), i);
	index_key(x, name_key(x, id.ecosystem, id.other_name, id.version), i);
	index_key(x, name_key(x, id.ecosystem, id.name, c->version), i);
	index_key(x, name_key(x, id.ecosystem, id.other_name, c->version), i);
	/* Reports of distributions' packages without a purl: name and version as installed. */
	if (str_is(c->purl_type, "deb") || str_is(c->purl_type, "apk") || str_is(c->purl_type, "rpm"))
		index_key(x, arena_printf(x->a, "os %.*s %.*s", STR_ARG(c->name), STR_ARG(c->version)), i);
}

/* "@scope/name", "group:artifact", "github.com/owner/name" into group and name. */
static void split_name(struct component *c, struct str ecosystem, struct str name)
{
	struct str base = str_sub(ecosystem, 0, str_chr(ecosystem, ':'));
	size_t at = STR_NOT_FOUND;

	if (str_is(base, "Maven"))
		at = str_chr(name, ':');
	else if (str_is(base, "npm") ? str_starts(name, STR("@")) :
				       str_is(base, "Go") || str_is(base, "Packagist") || str_is(base, "SwiftURL") || str_is(base, "GitHub Actions"))
		at = str_rchr(name, '/');
	c->name = name;
	if (at != STR_NOT_FOUND && at > 0 && at + 1 < name.len) {
		c->group = str_sub(name, 0, at);
		c->name = str_from(name, at + 1);
	}
}

/* The reported component by itself, completed, outside any bom's list of components. */
static struct component *as_component(struct joining *x, const struct reported *e, struct bom *scratch)
{
	struct component *c = bom_add(scratch);
	struct str why;

	*c = (struct component){ .type = COMPONENT_LIBRARY, .parent = NO_COMPONENT }; /* the slot was used before */
	if (e->purl.len)
		c->purl = purl_canonical(x->a, e->purl, &why);
	if (!c->purl.len) {
		c->ecosystem = e->ecosystem;
		split_name(c, e->ecosystem, e->name);
		c->version = e->version;
		c->weak = !e->ecosystem.len;
	}
	purl_complete(scratch, c);
	if (!c->version.len)
		c->version = e->version;
	return c;
}

static uint32_t input_of(struct joining *x, struct str path)
{
	struct bom *b = x->j->bom;
	const struct map_entry *e = path.len ? map_get(&x->inputs, path) : NULL;

	if (e)
		return (uint32_t)(e->value.num - 1);
	if (x->own_input == NO_INPUT) {
		x->own_input = (uint32_t)b->inputs.n;
		*VEC_ADD(b->arena, &b->inputs) = (struct input){ .path = x->file->path, .reader = x->file->format, .sha256 = x->file->sha256,
								 .size = x->file->size, .state = x->file->damaged ? INPUT_PARTIAL : INPUT_OK };
	}
	return x->own_input;
}

static uint32_t add_component(struct joining *x, const struct reported *e, const struct component *from)
{
	struct bom *b = x->j->bom;
	struct component *c = bom_add(b);
	uint32_t i = bom_index(b, c);

	*c = *from;
	c->parent = NO_COMPONENT;
	c->more = NULL;
	*component_add_more(b->arena, c) = *component_more(from);
	*VEC_ADD(b->arena, &component_add_more(b->arena, c)->reporters) = x->file->tool;
	uint32_t input = input_of(x, e->path);
	bom_evidence(b, i, input, 0);
	b->inputs.items[input].components++;
	index_component(x, i);
	x->j->components++;
	return i;
}

/* ---- flaws */

static bool knows(const struct finding *f, struct str id)
{
	for (VEC_EACH(const struct str, one, &f->ids))
		if (str_eq(*one, id))
			return true;
	for (VEC_EACH(const struct match, m, &f->matches))
		for (VEC_EACH(const struct str, one, &m->names_cves))
			if (str_eq(*one, id))
				return true;
	return false;
}

static void add_text(struct arena *a, struct finding *f, struct str text)
{
	for (VEC_EACH(const struct str, one, &f->reporters))
		if (str_eq(*one, text))
			return;
	*VEC_ADD(a, &f->reporters) = text;
}

/* Aliases that the database knows of an id without a CVE. */
static void add_aliases(struct joining *x, struct finding *f)
{
	size_t n = f->ids.n;

	for (size_t i = 0; i < n; i++)
		if (str_starts(f->ids.items[i], STR("CVE-")))
			return;
	for (size_t i = 0; i < n && x->j->db; i++) {
		struct str record = vuln_record(x->j->db, x->a, f->ids.items[i], NULL);
		const struct json *tree = record.len ? json_parse(x->a, record, NULL, NULL) : NULL;
		for (JSON_EACH(alias, json_get(tree, "aliases")))
			if (json_string(alias).len)
				*VEC_ADD(x->a, &f->ids) = json_string(alias);
	}
}

static void set_ids(struct joining *x, struct finding *f)
{
	f->ids.n = group_sort_ids(f->ids.items, f->ids.n);
	f->cves.n = 0;
	for (VEC_EACH(const struct str, id, &f->ids))
		if (str_starts(*id, STR("CVE-"))) {
			*VEC_ADD(x->a, &f->cves) = *id;
			group_facts(x->j->db, x->a, f, *id);
		}
	f->id = group_shown_id(f);
	if (!cvss_score(f->cvss, &f->cvss_score, NULL))
		f->cvss_score = -1;
}

/* The smallest of the versions that end it and are past the one in use; without an ordering the first. */
static struct str fixed_of(const struct reported *e, const struct component *c)
{
	const struct ordering *o = version_ordering(c->ecosystem);
	struct str best = STR_NONE;

	for (VEC_EACH(const struct str, v, &e->fixed)) {
		if (o && version_compare(o, *v, c->version) == ORDER_LESS)
			continue;
		if (!best.len || version_compare(o, *v, best) == ORDER_LESS)
			best = *v;
	}
	return best;
}

static struct str stated_by(struct joining *x, const struct reported *e)
{
	return arena_printf(x->a, "%.*s, says the analysis of %.*s (%.*s)", STR_ARG(e->stated), STR_ARG(x->file->tool), STR_ARG(x->file->path));
}

static void chain(struct joining *x, size_t finding)
{
	uint32_t component = x->out->list.items[finding].component;
	char *bytes = arena_alloc(x->a, sizeof component);

	memcpy(bytes, &component, sizeof component);
	struct map_entry *e = map_put(&x->by_component, str_make(bytes, sizeof component), NULL);
	while (x->next.n <= finding)
		*VEC_ADD(x->a, &x->next) = 0;
	x->next.items[finding] = (size_t)e->value.num;
	e->value.num = finding + 1;
}

static void add_finding(struct joining *x, const struct reported *e, uint32_t component)
{
	const struct component *c = &x->j->bom->components[component];
	struct finding *f = VEC_ADD(x->a, &x->out->list);

	*f = (struct finding){ .component = component, .epss = -1, .epss_percentile = -1, .cvss_score = -1, .cvss = e->cvss, .summary = e->summary };
	for (VEC_EACH(const struct str, id, &e->ids)) {
		*VEC_ADD(x->a, &f->ids) = *id;
		f->malicious = f->malicious || str_starts(*id, STR("MAL-"));
	}
	add_aliases(x, f);
	set_ids(x, f);
	f->fixed = fixed_of(e, c);
	if (e->stated.len)
		f->stated = stated_by(x, e);
	add_text(x->a, f, x->file->tool);
	*VEC_ADD(x->a, &f->matches) = (struct match){ .component = component, .id = e->ids.items[0], .ecosystem = c->ecosystem, .package = e->name,
						      .fixed = f->fixed, .summary = e->summary, .severity = e->cvss, .malicious = f->malicious };
	chain(x, x->out->list.n - 1);
	x->j->added++;
}

/* What ours lacks is filled in; ids only where ours knows no CVE, because a foreign alias must not widen what an exception covers. */
static void add_to(struct joining *x, const struct reported *e, struct finding *f)
{
	const struct component *c = &x->j->bom->components[f->component];
	bool cves = f->cves.n > 0;

	for (VEC_EACH(const struct match, m, &f->matches))
		cves = cves || m->names_cves.n;
	if (!cves) {
		for (VEC_EACH(const struct str, id, &e->ids))
			*VEC_ADD(x->a, &f->ids) = *id;
		set_ids(x, f);
	}
	if (!f->fixed.len)
		f->fixed = fixed_of(e, c);
	if (!f->cvss.len && cvss_score(e->cvss, &f->cvss_score, NULL))
		f->cvss = e->cvss;
	if (!f->summary.len)
		f->summary = e->summary;
	if (!f->stated.len && e->stated.len)
		f->stated = stated_by(x, e);
	add_text(x->a, f, x->file->tool);
}

static void join_flaw(struct joining *x, const struct reported *e, uint32_t component)
{
	struct map_entry *first = map_get(&x->by_component, str_make((const char *)&component, sizeof component));
	struct finding probe = { 0 };
	bool found = false;

	for (VEC_EACH(const struct str, id, &e->ids))
		*VEC_ADD(x->a, &probe.ids) = *id;
	if (first)
		add_aliases(x, &probe);
	for (size_t i = first ? (size_t)first->value.num : 0; i; i = x->next.items[i - 1]) {
		struct finding *f = &x->out->list.items[i - 1];
		bool same = false;
		for (size_t k = 0; k < probe.ids.n && !same; k++)
			same = knows(f, probe.ids.items[k]);
		if (same)
			add_to(x, e, f);
		found = found || same;
	}
	if (found)
		x->j->joined++;
	else
		add_finding(x, e, component);
}

static void join_entry(struct joining *x, const struct reported *e, struct bom *scratch)
{
	struct str keys[3];
	const struct component *c;

	scratch->ncomponents = 0;
	c = as_component(x, e, scratch);
	keys[0] = purl_folded_key(x->a, c);
	keys[1] = name_key(x, e->ecosystem.len ? e->ecosystem : c->ecosystem, e->name, e->version.len ? e->version : c->version);
	keys[2] = e->ecosystem.len || e->purl.len ? STR_NONE : arena_printf(x->a, "os %.*s %.*s", STR_ARG(e->name), STR_ARG(e->version));
	for (size_t i = 0; i < 3; i++) {
		const struct map_entry *found = keys[i].len ? map_get(&x->components, keys[i]) : NULL;
		if (!found)
			continue;
		for (const struct place *p = found->value.ptr; p; p = p->next)
			join_flaw(x, e, p->component);
		return;
	}
	if (!x->j->add)
		return;
	uint32_t added = add_component(x, e, c);
	if (!c->version.len || (!keys[0].len && !keys[1].len)) /* found again by nothing else: by what the report calls it */
		index_key(x, arena_printf(x->a, "os %.*s %.*s", STR_ARG(e->name), STR_ARG(e->version)), added);
	join_flaw(x, e, added);
}

static int by_component_and_id(const void *x, const void *y)
{
	const struct finding *a = x, *b = y;

	if (a->component != b->component)
		return a->component < b->component ? -1 : 1;
	return str_cmp(a->id, b->id);
}

void findings_join(struct findings_joining *j, const struct findings_file *file, struct findings *out)
{
	struct joining x = { .j = j, .file = file, .a = j->arena, .out = out, .own_input = NO_INPUT };
	struct diags quiet;
	struct bom *scratch;

	diag_init(&quiet, j->arena);
	scratch = bom_new(j->arena, &quiet);
	map_init(&x.components, j->arena);
	map_init(&x.inputs, j->arena);
	map_init(&x.by_component, j->arena);
	for (uint32_t i = 0; i < j->bom->ncomponents; i++)
		index_component(&x, i);
	for (uint32_t i = 0; i < j->bom->inputs.n; i++)
		map_put(&x.inputs, j->bom->inputs.items[i].path, NULL)->value.num = i + 1;
	for (size_t i = 0; i < out->list.n; i++) {
		if (!out->list.items[i].reporters.n)
			add_text(j->arena, &out->list.items[i], STR("bomgate"));
		chain(&x, i);
	}
	for (VEC_EACH(const struct reported, e, &file->list))
		join_entry(&x, e, scratch);
	if (j->add)
		(void)input_of(&x, STR_NONE); /* it was looked at, whatever was in it */
	if (out->list.n)
		qsort(out->list.items, out->list.n, sizeof *out->list.items, by_component_and_id);
}
